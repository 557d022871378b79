"""Faults of the database on screen: one box that says the true reason, in the viewer's language."""

from __future__ import annotations

from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from dashboard.desk import days
from queries.database import engine
from tests.intake.faults import FILES, begins, held, pointed
from tests.intake.world import everything
from tests.pages.conftest import opened
from tests.pages.test_intake import bring


@pytest.mark.parametrize("kind", ["garbage", "folder", "no folder", "damaged", "no address"])
@pytest.mark.parametrize("tag", ["en", "zh-Hans", "zh-Hant"])
def test_the_page_says_what_is_wrong_with_the_file(
    embedded: Path, monkeypatch: pytest.MonkeyPatch, kind: str, tag: str
) -> None:
    make, rule = FILES[kind]
    with pointed(monkeypatch, make(embedded)):
        app = opened("intake", lang=tag)
        assert len(app.warning) == 1
        assert begins(rule, tag.replace("-", "_")) in app.warning[0].value.replace("\\", "")
        assert [button.key for button in app.button] == ["try-again"]


def test_the_page_of_a_file_that_can_only_be_read_shows_figures_and_stores_nothing(
    embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    with pointed(monkeypatch, f"sqlite:///file:{embedded / 'census.db'}?mode=ro&uri=true"):
        assert len(opened("completion").title) == 1, "the page is drawn"
        app = bring(opened("intake", lang="en"), ("日报.csv", (embedded / "file.csv").read_bytes()))
        assert any(begins("database_read_only", "en") in error.value for error in app.error)
        assert not [button for button in app.button if (button.key or "").startswith("store-")]
    assert everything() == before


def test_storing_from_the_page_behind_another_load_says_so_and_keeps_the_file(embedded: Path, impatient: None) -> None:
    app = bring(opened("intake", lang="en"), ("日报.csv", (embedded / "file.csv").read_bytes()))
    with held():
        next(button for button in app.button if (button.key or "").startswith("store-")).click().run()
        assert [error.value for error in app.exception] == []
        assert any("gave up" in error.value and "日报.csv" in error.value for error in app.error)
    app.run()
    assert any((button.key or "").startswith("aside-") for button in app.button), "the file still waits"


def test_what_a_button_could_not_do_is_said_by_the_page_that_follows(
    embedded: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError("SELECT 1", {}, psycopg2.OperationalError("server closed the connection unexpectedly"))

    app = bring(opened("intake", lang="en"), ("日报.csv", (embedded / "file.csv").read_bytes()))
    monkeypatch.setattr(days, "follow", gone)
    next(button for button in app.button if (button.key or "").startswith("store-")).click().run()
    assert [error.value for error in app.exception] == []
    assert any("cannot be reached" in error.value for error in app.error)


def test_a_newer_schema_is_not_called_an_older_one_on_screen(embedded: Path) -> None:
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for tag, name in (("zh-Hans", "zh_Hans"), ("en", "en")):
        app = opened("intake", lang=tag)
        assert len(app.warning) == 1
        assert "9999" in app.warning[0].value, name
