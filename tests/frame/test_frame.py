"""The frame: what stands in the link, which database it accepts, in which language it speaks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from app import healthz, readyz
from dashboard import i18n
from queries import database
from tests.pages.conftest import MAIN, opened

REQUEST = Request({"type": "http", "method": "GET", "path": "/", "headers": []})


def bare(url: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("DATABASE_URL", url)
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def test_the_view_always_stands_in_the_link(demonstration: str) -> None:
    app = opened("command_centre")
    assert app.query_params["phase"] == "sweep"
    assert app.query_params["date"] == "2010-10-08"
    assert app.query_params["area"] == "320114000000"
    assert app.query_params["lang"] == "zh-Hans"


def test_a_link_leads_to_its_area_day_and_language(demonstration: str) -> None:
    app = opened("area_file", area="320114000000/320114004000", date="2010-09-20", lang="zh-Hant")
    assert app.title[0].value == "西善橋街道"
    assert any("2010年9月20日" in caption.value for caption in app.caption)


@pytest.mark.parametrize(
    ("name", "value"),
    [("date", "2010-12-31"), ("date", "tomorrow"), ("area", "999"), ("phase", "nothing"), ("area", "320114004000/x")],
)
def test_what_a_link_gets_wrong_is_said_and_left_out(demonstration: str, name: str, value: str) -> None:
    app = opened("command_centre", lang="en", **{name: value})
    assert app.info[0].value == f"Part of the link could not be followed and was left out: {name}"
    assert app.query_params["date"] == "2010-10-08"


def test_going_down_and_back_up_changes_the_view(demonstration: str) -> None:
    app = opened("completion", lang="en")
    below = next(box for box in app.selectbox if box.label == "Go down to")
    below.select_index(2).run()
    assert "Xishanqiao Subdistrict" in [button.label for button in app.button]
    assert app.query_params["area"] == "320114004000"
    next(button for button in app.button if button.label == "Yuhuatai District").click().run()
    assert app.query_params["area"] == "320114000000"


def test_choosing_a_day_shows_that_day(demonstration: str) -> None:
    app = opened("command_centre", lang="en")
    next(box for box in app.selectbox if box.label == "As of").set_value(app.selectbox[1].value.replace(day=1)).run()
    assert app.query_params["date"] == "2010-10-01"
    assert any(caption.value.startswith("As of 1 Oct 2010.") for caption in app.caption)


def test_an_area_is_found_by_name_and_by_code(demonstration: str) -> None:
    app = opened("command_centre", lang="en")
    for words in ("xishanqiao", "西善桥", "320114004"):
        app.text_input(key="search").set_value(words).run()
        assert any("320114004000" in button.label for button in app.button), words


def test_a_database_without_tables_is_refused_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = bare(f"sqlite:///{tmp_path / 'none.db'}", monkeypatch)
    assert app.code[0].value == "python -m queries migrate"
    assert len(app.title) == 0


def test_a_newer_database_is_refused(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(sqlite_template, tmp_path / "newer.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'newer.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    app = bare(f"sqlite:///{tmp_path / 'newer.db'}", monkeypatch)
    assert "9999: update the program" in app.warning[0].value


def test_an_empty_database_says_what_to_load(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = bare(sqlite_database, monkeypatch)
    assert "Load an area list" in app.warning[0].value
    assert app.code[0].value == "python -m queries demo"


def test_a_database_that_cannot_be_reached_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = bare("postgresql+psycopg2://nobody@127.0.0.1:9/none?connect_timeout=2", monkeypatch)
    assert "check DATABASE_URL" in app.warning[0].value.replace("\\", "")


@pytest.mark.parametrize(
    ("browser", "language"),
    [("zh-CN", "zh_Hans"), ("zh", "zh_Hans"), ("zh-TW", "zh_Hant"), ("zh-HK", "zh_Hant"), ("zh-Hant-MO", "zh_Hant"),
     ("en-GB", "en"), ("fr", "en"), ("", "en")],
)  # fmt: skip
def test_the_first_language_is_the_browsers(browser: str, language: str) -> None:
    assert i18n._of_browser(browser) == language


def test_health_and_readiness_are_told_apart(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert healthz(REQUEST).status_code == 200
    ready = readyz(REQUEST)
    assert ready.status_code == 200
    assert json.loads(bytes(ready.body))["data_version"] == 0
    with database.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert readyz(REQUEST).status_code == 503
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://nobody@127.0.0.1:9/none?connect_timeout=2")
    assert readyz(REQUEST).status_code == 503
    assert healthz(REQUEST).status_code == 200
