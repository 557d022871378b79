"""Where nothing was found because there was nothing to look at, no page says that all is well."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.headline import (
    acceptance,
    check_in,
    cleanup,
    completion,
    discrepancies,
    internal_ledger,
    leads,
    returns,
    wall,
)
from dashboard.i18n import speaking
from queries import cleanup_deadlines
from queries import completion as progress
from queries import leads as found
from queries.check_in.lookback import not_judged
from queries.check_in.measures import of_progress
from queries.freshness import Freshness
from tests.intake.world import benchmark
from tests.pages.conftest import PAGES, opened
from tests.questions.district import END, PLACES, START, at, report, report_all, settle, take

ONE_RETURN = {  # what is known of the one village that is in, and of nobody else
    ("area_file", "1101"): {"Every unit that is due is in."},
    ("completion", "1101"): {"Every unit has begun."},
    ("returns", "1101"): {"Every unit that is due is in."},
}


@pytest.fixture
def folder(sqlite_database: str, tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.mark.parametrize("page", PAGES)
def test_with_areas_and_a_calendar_alone_no_page_has_good_news(folder: Path, page: str) -> None:
    columns = ("code", "name", "parent_code", "level")
    take(folder, "areas", [dict(zip(columns, row, strict=True)) for row in PLACES])
    take(folder, "calendar", [{"phase": "sweep", "start": START, "end": END, "curve": "linear"}])
    for code in ("1", "11", "1101"):
        assert [said.value for said in opened(page, area=code, lang="en", date="2010-09-10").success] == []


@pytest.mark.parametrize("page", PAGES)
def test_one_return_is_good_news_of_one_village_only(folder: Path, page: str) -> None:
    settle(folder)
    report(folder, 10, {"1101": 50})
    for code in ("1", "11", "1101", "1102"):
        app = opened(page, area=code, lang="en", date="2010-09-10")
        said = {shown.value for shown in app.success}
        assert said == ONE_RETURN.get((page, code), set()), code


def test_where_nothing_is_known_of_a_day_the_returns_page_does_not_say_that_none_is_due(folder: Path) -> None:
    settle(folder)
    phase = pd.Series({"start": pd.Timestamp(START), "end": pd.Timestamp(END), "name": "Sweep"})
    nobody = pd.DataFrame()
    with speaking("en"):
        said = [
            returns.sentence(pd.Series({"name": "Jia", "leaves_due": due}), nobody, phase, at(5), {})
            for due in (np.nan, 0.0)
        ]
    assert said == ["No return has been received for Jia by 5 Sep 2010.", "No return of Jia is due on 5 Sep 2010."]


def test_what_one_unit_has_beyond_its_frame_completes_nothing_elsewhere(folder: Path) -> None:
    """105 of 100 and 95 of 100 are 200 of 200, yet five households are open."""
    settle(folder)
    report_all(folder, 10, 100, v1101=105, v1102=95)
    (area,) = (row for _n, row in progress.of_area(at(10, "11")).iterrows())
    assert area["hh_frame"] - area["hh_resolved"] == 0
    with speaking("en"):
        assert "complete" not in completion.position(area, progress.by_child(at(10, "11")))
        unframed = area.copy()
        unframed["hh_open"], unframed["leaves_unframed"], unframed["position"] = 0, 1, "finished"
        said = completion.position(unframed, area.to_frame().T.iloc[:0])
    assert said == "In 乙街道 every household on a frame is resolved; 1 unit has no frame."


def test_a_village_that_has_not_begun_says_so_of_itself_on_a_day_off_too(folder: Path) -> None:
    settle(folder)
    report(folder, 10, {"1101": 0, "1102": 3})
    assert progress.not_started(at(10, "1101"))["code"].tolist() == ["1101"]
    assert progress.not_started(at(10, "11"))["code"].tolist() == ["1101"]
    assert progress.begun(at(10, "11")).iloc[0].tolist() == [3, 2]
    assert progress.begun(at(10, "1103")).iloc[0].tolist() == [1, 0]


def test_a_day_on_which_no_return_is_due_keeps_no_promise() -> None:
    rows = pd.DataFrame({"leaves_due": [0.0, 3.0, 3.0], "leaves_reported": [0.0, 3.0, 1.0]})
    value, low, high = of_progress(rows, "units_not_in")
    for bound in (value, low, high):
        assert bound.isna().tolist() == [True, False, False]
        assert bound[1:].tolist() == [0, 2]


def test_leads_say_how_many_units_could_be_judged(folder: Path) -> None:
    settle(folder)
    report(folder, 1, {"1101": 5})
    looked = found.look(at(1, "11"))
    assert (looked.units, looked.judged, len(looked.leads)) == (3, 0, 0)
    for day, done in enumerate((11, 16, 23, 27, 34, 41), start=2):
        report(folder, day, {"1101": done})
    looked = found.look(at(7, "11"))
    assert (looked.units, looked.judged) == (3, 1), "six increments: one to judge and five before it"
    with speaking("en"):
        assert leads.none(3, 1, 0, "Yi")[0] is False
        assert "1 of 3 units" in leads.none(3, 1, 0, "Yi")[1]
        assert leads.none(3, 3, 0, "Yi") == (True, "None of the returns of Yi looks out of the ordinary.")
        assert leads.none(3, 3, 2, "Yi") == (False, "No lead stands in Yi: 2 were set aside.")
        assert leads.none(0, 0, 0, "Yi")[0] is False


def test_no_overdue_case_is_good_news_only_where_every_open_case_has_a_day(folder: Path) -> None:
    from queries import discrepancy

    settle(folder)
    assert discrepancy.unsettled(at(10)) == (0, 0)
    take(folder, "one", [benchmark(area_code="11", cutoff_at="2010-09-01", source=s) for s in ("police", "ledger")], 2)
    assert discrepancy.unsettled(at(10)) == (1, 1)
    assert discrepancy.unsettled(at(10, "12")) == (0, 0)
    with speaking("en"):
        assert discrepancies.none_overdue(0, 0) == (False, "No figure is on file whose case is open.")
        assert discrepancies.none_overdue(3, 2)[0] is False
        assert discrepancies.none_overdue(3, 0) == (True, "No case is overdue.")


def totals(*statuses: str) -> pd.DataFrame:
    gaps = {"green": 0.0, "amber": 4.0, "unknown": np.nan}
    return pd.DataFrame(
        {
            "name": "Yi",
            "indicator": "registered_households",
            "status": list(statuses),
            "own_less_detail": [gaps[status] for status in statuses],
            "own_less_below": [gaps[status] for status in statuses],
            "age": 0,
        }
    )


def test_own_totals_that_cannot_be_compared_are_not_told_as_agreeing() -> None:
    none = pd.DataFrame({"check": []})
    with speaking("en"):
        assert internal_ledger.sentence(totals("green", "green"), none, "Jia").startswith("All 2 own totals")
        said = internal_ledger.sentence(totals("green", "unknown"), none, "Jia")
        assert said == "1 of 2 own totals in Jia cannot be compared: returns or totals below are missing."
        said = internal_ledger.sentence(totals("amber", "unknown"), none, "Jia")
    assert said.startswith("1 of 2 own totals in Jia is not the sum of what was returned and is to be verified. 1 of 2")


def test_comparisons_that_cannot_be_judged_are_not_told_as_within_tolerance() -> None:
    rows = pd.DataFrame({"comparable": [True, True], "status": ["green", "unknown"], "unexplained_rate": [0.0, np.nan]})
    with speaking("en"):
        said = discrepancies.finding(rows, "Jia")
        assert said == "1 of 2 comparisons made for Jia lie within tolerance; the rest cannot be judged."
        assert discrepancies.finding(rows.head(1), "Jia") == "The one comparison made for Jia lies within tolerance."


def test_nothing_sent_back_or_missing_is_good_news_only_where_somebody_was_judged() -> None:
    with speaking("en"):
        assert acceptance.none_sent_back(pd.Series({"undecided": 0, "units": 4}))[0]
        assert acceptance.none_sent_back(pd.Series({"undecided": 1, "units": 4})) == (
            False,
            "Nothing has been sent back so far; 1 of 4 checked units is not decided.",
        )
        assert not cleanup.none_missing(pd.Series({"streets_due": 0}))[0]
        assert cleanup.none_missing(pd.Series({"streets_due": 2}))[0]
        assert [returns.none_missing(pd.Series({"leaves_due": due}))[0] for due in (np.nan, 0, 5)] == [
            False,
            False,
            True,
        ]


def test_the_areas_to_speak_about_are_none_only_where_all_can_be_judged() -> None:
    children = pd.DataFrame({"area_id": [1, 2, 3], "status": ["green", "unknown", "green"], "leaves_due": [1, 1, 1]})
    staff = pd.DataFrame(
        {"area_id": [1, 2, 3], "role": "enumerator", "shortfall": [0, 0, 0], "units_missing": [0, 0, 2]}
    )
    assert not_judged(children, staff) == 2
    assert not_judged(children, staff.assign(shortfall=np.nan)) == 3
    assert not_judged(children.iloc[:1], staff) == 0
    with speaking("en"):
        assert check_in.none_to_speak_about(0, 3)[0]
        assert "2 of 3 cannot be judged" in check_in.none_to_speak_about(2, 3)[1]


def test_a_deadline_is_not_done_while_a_return_leaves_its_part_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """One street has checked 100 of 50 left of 100, the other 50 without saying of how many: 150 of 100 is not done."""
    stated = pd.DataFrame({"hh_checked": [100.0, 50.0], "hh_to_check": [100.0, np.nan]})
    cases = pd.DataFrame({"found_known": [3.0, 2.0], "resolved_known": [3.0, 2.0]})
    monkeypatch.setattr(cleanup_deadlines.cleanup, "latest", lambda _view: stated)
    monkeypatch.setattr(cleanup_deadlines.cleanup, "cases", lambda _rows, _group: cases)
    assert cleanup_deadlines._stated_by_all(None, "categories") == {"cleanup": False, "rectification": True}


def test_the_wall_is_not_up_to_date_with_nothing() -> None:
    with speaking("en"):
        shown = wall.standing(Freshness("current"), None, pd.Series({"cutoff": None, "end": None}), None)
    assert (shown.tone, shown.text) == ("quiet", "No return has been received yet.")
