"""The form of a case saves, refuses in words, shows what others saved meanwhile, and is not there for readers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from queries import areas, database, discrepancy
from queries.discrepancy import Case
from queries.view import View
from tests.pages.conftest import opened

DAY = date(2010, 10, 8)


@pytest.fixture
def own_copy(demonstration_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    """Point the program at a copy of the demonstration that the test may change; yield the view of the district."""
    shutil.copy(demonstration_file, tmp_path / "census.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'census.db'}")
    root = areas.root()
    assert root is not None
    yield View(1, DAY, root, root, "en")
    database.engine().dispose()
    database._engine.cache_clear()


def figure(view: View) -> pd.Series:
    rows = discrepancy.comparisons(view)
    return rows[(rows["indicator"] == "resident") & (rows["source"] == "statistics")].iloc[0]


def field(app: AppTest, kind: str, name: str) -> object:
    return next(w for w in getattr(app, kind) if w.key.startswith(f"case-{name}-"))


def save(app: AppTest) -> AppTest:
    next(button for button in app.button if button.label == "Save").click()
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def history(app: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if "Version" in frame.value.columns)


def test_a_case_is_saved_as_a_new_version_and_shown_with_its_history(own_copy: View) -> None:
    app = opened("discrepancies", lang="en")
    assert field(app, "selectbox", "status").value == "verifying"
    field(app, "selectbox", "status").set_value("explained")
    field(app, "text_input", "owner").set_value("District statistics office")
    field(app, "number_input", "explained_amount").set_value(-15_000)
    field(app, "selectbox", "explained_reason").set_value("definition")
    save(app)
    assert any("Saved as a new version" in text.value for text in app.success)
    row = figure(own_copy)
    assert (row["case_status"], row["explained_amount"], row["unexplained"]) == ("explained", -15_000, 2_225)
    shown = history(app)
    assert shown["Version"].tolist() == [2, 1]
    assert shown["Case"].tolist() == ["explained", "being verified"]
    assert shown["By"].tolist() == ["an edit · census office", "a file · demonstration"]
    compared = next(f.value for f in app.dataframe if "Unexplained rate" in f.value.columns and "Reason" in f.value)
    assert compared["Case"].iloc[0] == "explained"


def test_what_breaks_a_rule_is_refused_in_words_and_stays_in_the_form(own_copy: View) -> None:
    app = opened("discrepancies", lang="en")
    field(app, "number_input", "explained_amount").set_value(15_000)
    field(app, "selectbox", "explained_reason").set_value("definition")
    save(app)
    assert any("must have the sign of the difference, −17,225" in text.value for text in app.error)
    assert field(app, "number_input", "explained_amount").value == 15_000
    assert figure(own_copy)["version"] == 1


def test_only_the_states_that_may_follow_are_offered(own_copy: View) -> None:
    app = opened("discrepancies", lang="en")
    offered = field(app, "selectbox", "status").options
    assert "to verify" not in offered
    assert offered[0] == "being verified"
    assert len(offered) == 5


def test_two_editors_are_shown_the_conflict_and_nothing_is_lost(own_copy: View) -> None:
    app = opened("discrepancies", lang="en")
    field(app, "text_input", "owner").set_value("Mine")
    row = figure(own_copy)
    theirs = Case("verifying", "Theirs", date(2010, 10, 20))
    assert discrepancy.change(own_copy, int(row["benchmark_id"]), 1, theirs, role="street office").result == "saved"
    save(app)
    told = next(text.value for text in app.error)
    assert "Theirs: being verified · Theirs" in told
    assert "Yours, still in the form: being verified · Mine" in told
    assert figure(own_copy)["owner"] == "Theirs"
    assert field(app, "text_input", "owner").value == "Mine"
    save(app)  # now knowingly
    assert figure(own_copy)["owner"] == "Mine"
    past = discrepancy.history(own_copy, int(row["benchmark_id"]))
    assert past["owner"].tolist() == ["Mine", "Theirs", "区统计局"]


def test_a_page_left_open_says_that_others_have_saved(own_copy: View) -> None:
    app = opened("discrepancies", lang="en")
    row = figure(own_copy)
    discrepancy.change(own_copy, int(row["benchmark_id"]), 1, Case("accepted", "Theirs"), role="street office")
    app.run()
    assert any("Saved by others meanwhile: accepted · Theirs" in text.value for text in app.warning)
    next(button for button in app.button if button.label == "Start from what they saved").click()
    app.run()
    assert not app.warning
    assert field(app, "text_input", "owner").value == "Theirs"
    assert field(app, "selectbox", "status").value == "accepted"


def test_a_readers_copy_has_no_form_and_no_codes_to_match(own_copy: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_READ_ONLY", "1")
    app = opened("discrepancies", lang="en")
    assert not any(button.label in ("Save", "Confirm the match") for button in app.button)
    assert not any(widget.key.startswith("case-") for widget in app.selectbox)
    assert not app.text_area
    assert history(app)["Version"].tolist() == [1]


def test_to_verify_is_never_called_an_error(own_copy: View) -> None:
    for page in ("discrepancies", "internal_ledger"):
        app = opened(page, lang="en")
        words = [text.value for kind in (app.markdown, app.caption, app.info, app.warning) for text in kind]
        words += [str(v) for frame in app.dataframe for v in frame.value.to_numpy().ravel()]
        assert not any("error" in word.lower() for word in words)
        assert not app.error


def test_overdue_cases_are_listed_with_their_office(own_copy: View) -> None:
    app = opened("discrepancies", lang="en")
    shown = next(frame.value for frame in app.dataframe if "Days overdue" in frame.value.columns)
    assert shown["Days overdue"].tolist() == [3, 2, 1]
    assert shown["Responsible office"].tolist() == ["区民政局", "区卫生局", "街道卫生服务中心"]


def test_pasted_codes_are_matched_after_the_desk_confirms(own_copy: View) -> None:
    app = opened("discrepancies", lang="en")
    app.text_area[0].set_value("320114003001 板桥社区居委会\n320114005001 板桥社区居委会").run()
    shown = next(frame.value for frame in app.dataframe if "Likeness" in frame.value.columns)
    assert set(shown["Unknown code"]) == {"320114003001"}
    assert shown["Its code"].iloc[0] == "320114005001"
    box = next(box for box in app.selectbox if box.label == "Stands for")
    assert box.value is None, "nothing is chosen for the desk"
    box.set_value(areas.by_address("320114005001")).run()
    next(button for button in app.button if button.label == "Confirm the match").click()
    app.run()
    assert any("Every area code of the file is known" in text.value for text in app.success)
    matched = next(frame.value for frame in app.dataframe if "Stands for" in frame.value.columns)
    assert matched["Unknown code"].tolist() == ["320114003001"]
    assert matched["By"].tolist() == ["census office"]
    next(box for box in app.selectbox if box.label == "Matched code").set_value("320114003001").run()
    next(button for button in app.button if button.label == "Take the match back").click()
    app.run()
    assert not any("Stands for" in frame.value.columns for frame in app.dataframe)
