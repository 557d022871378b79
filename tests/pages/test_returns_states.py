"""The returns page before anything is due, while nothing is in, and where everything is."""

from __future__ import annotations

import pytest

from queries.database import engine
from tests.pages.conftest import charts, headline, opened
from tests.rollup.letters import FRAME, LAST, on, settle


@pytest.fixture(autouse=True)
def _district(sqlite_database: str) -> None:
    with engine().begin() as connection:
        settle(connection)


@pytest.mark.parametrize("page", ["returns", "completion", "command_centre", "area_file", "staffing", "methods"])
@pytest.mark.parametrize("area", ["6", "5"])
def test_a_page_stands_at_every_area_on_the_first_and_the_last_day(page: str, area: str) -> None:
    for n in (0, LAST):
        app = opened(page, area=area, date=on(n).isoformat())
        assert app.title[0].value


def test_a_street_that_has_not_begun_is_said_to_owe_nothing() -> None:
    app = opened("returns", lang="en", area="6", date=on(0).isoformat())
    assert headline(app) == "Sweep starts on 16 Sep 2010: no return is due yet."
    assert [code.value for code in app.code] == []
    assert [shown.value for shown in app.success] == []


def test_a_unit_that_never_reported_is_chased_and_shown_as_such() -> None:
    app = opened("returns", lang="en", area="5")
    assert headline(app) == "1 of 1 reporting units is not in. 1 has been silent for 2 days or more."
    assert f"1. Area 5: no return so far, {FRAME} households open" in app.code[0].value
    (matrix,) = [chart for chart in charts(app) if chart["data"][0]["type"] == "heatmap"]
    assert set(matrix["data"][0]["text"][0]) == {"Not in, never reported"}
    shown = next(frame.value for frame in app.dataframe if "On time in a row" in frame.value)
    assert shown[["Days missing", "Never in", "In"]].to_numpy().tolist() == [[6, 6, 0]]


def test_the_area_that_holds_most_is_named_and_each_can_be_chased_alone() -> None:
    app = opened("returns", lang="en", area="1")
    (choice,) = [box for box in app.selectbox if box.label == "Reminder to"]
    assert choice.options == ["Area 1", "Area 2", "Area 6"]
    assert "Area 6 holds 2 of them." in headline(app)


def test_where_everything_is_in_nobody_is_chased() -> None:
    app = opened("returns", lang="en", area="9")
    assert headline(app) == "1 unit of Area 9 is due and in."
    assert [code.value for code in app.code] == []
