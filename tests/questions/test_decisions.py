"""Each decision is held against the next returns: kept, kept late, missed by how much, or no data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries.check_in import commitment, meeting, verification
from queries.check_in.lookback import lookback
from queries.check_in.measures import MEASURES
from queries.database import data_version, engine
from queries.schema import load
from queries.settings import set_value
from queries.view import View
from tests.questions.district import at, frame, place, report, report_all, settle, staff, take
from tests.settling import settled


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """Return where files are written, in a district whose check-in of 5 September is open: 20 of each 100 are done."""
    return settled(_with_open_check_in, tmp_path / "files")


def _with_open_check_in(folder: Path) -> None:
    settle(folder)
    for day, done in ((4, 15), (5, 20)):
        report_all(folder, day, done)
    meeting.open_meeting(at(5), role=None)


def decide(code: str, indicator: str, number: float, due: int, day: int = 5) -> int:
    held = meeting.held(at(day))
    assert held is not None
    content = {"what": "推进登记", "office": "街道办事处", "indicator": indicator, "number": number}
    return commitment.decide(at(day), held.id, place(code), **content, due=date(2010, 9, due), role=None)


def on(day: int, commitment_id: int, view: View | None = None) -> dict[str, Any]:
    rows = verification.verified(view or at(day))
    return rows.set_index("id").loc[commitment_id].to_dict()


def outcome(day: int, commitment_id: int) -> tuple[str, float, int, bool]:
    row = on(day, commitment_id)
    return row["result"], row["difference"], int(row["misses"]), bool(row["escalated"])


def looked(day: int) -> pd.DataFrame:
    return verification.looked_at(verification.verified(at(day)), at(day).as_of, lookback(at(day)).since_day)


def test_before_its_day_a_decision_waits_and_shows_where_the_figure_stands(folder: Path) -> None:
    decided = decide("11", "hh_resolved", 120, 7)
    report_all(folder, 6, 30)
    row = on(6, decided)
    assert (row["result"], row["value"], row["difference"], row["misses"]) == ("waiting", 90, -30, 0)
    assert row["decided"] == pd.Timestamp(2010, 9, 5)


def test_a_decision_is_kept_on_its_day_and_stays_kept(folder: Path) -> None:
    decided = decide("11", "hh_resolved", 90, 6)
    report_all(folder, 6, 30)
    row = on(6, decided)
    assert (row["result"], row["value"], row["difference"]) == ("kept", 90, 0)
    assert row["kept_on"] == pd.Timestamp(2010, 9, 6)
    report(folder, 7, {"1101": 10}, correction_reason="重复录入")
    assert on(7, decided)["result"] == "kept"


def test_a_missed_decision_says_by_how_much_and_escalates_on_the_second_day(folder: Path) -> None:
    decided = decide("11", "hh_resolved", 120, 6)
    report_all(folder, 6, 30)
    assert outcome(6, decided) == ("missed", -30, 1, False)
    report_all(folder, 7, 35)
    assert outcome(7, decided) == ("missed", -15, 2, True)
    assert outcome(6, decided) == ("missed", -30, 1, False)
    report_all(folder, 8, 45)
    row = on(8, decided)
    assert (row["result"], row["difference"], row["escalated"]) == ("kept_late", 15, False)
    assert row["kept_on"] == pd.Timestamp(2010, 9, 8)


def test_a_day_without_any_return_is_no_further_miss(folder: Path) -> None:
    decided = decide("11", "hh_resolved", 120, 6)
    report_all(folder, 6, 30)
    report_all(folder, 7, 35, v1101=-1, v1102=-1, v1103=-1)
    assert outcome(7, decided) == ("missed", -30, 1, False)


def test_an_office_may_set_after_how_many_misses_a_decision_escalates(folder: Path) -> None:
    decided = decide("11", "hh_resolved", 120, 6)
    report_all(folder, 6, 30)
    with engine().begin() as connection:
        newest = connection.execute(load.select().order_by(load.c.id.desc())).first()
        set_value(connection, "escalate_after", "1", newest.id)
    assert outcome(6, decided) == ("missed", -30, 1, True)


def test_a_carried_figure_alone_breaks_no_promise(folder: Path) -> None:
    decided = decide("1101", "hh_resolved", 30, 6)
    report_all(folder, 6, 30, v1101=-1)
    row = on(6, decided)
    assert (row["result"], row["value"], row["misses"]) == ("no_data", 20, 0)
    report(folder, 6, {"1101": 31})
    assert on(6, decided)["result"] == "kept"


def test_what_is_known_without_the_missing_units_is_enough_where_it_decides(folder: Path) -> None:
    reached, out_of_reach, between = (decide("11", "hh_resolved", n, 6) for n in (80, 261, 100))
    report_all(folder, 6, 90, v1101=20, v1102=20, v1103=-1)
    # 20 + 20 in, 20 carried; the silent village may have done up to 80 more: 60 to 140
    assert [on(6, d)["result"] for d in (reached, out_of_reach, between)] == ["no_data", "missed", "no_data"]
    report_all(folder, 7, 90, v1101=40, v1102=40, v1103=-1)
    assert [on(7, d)["result"] for d in (reached, out_of_reach, between)] == ["kept_late", "missed", "kept_late"]
    assert on(7, out_of_reach)["escalated"]


@pytest.mark.parametrize(
    ("indicator", "number", "result", "difference"),
    [
        ("resolution_rate", 0.30, "kept", 0.0),
        ("resolution_rate", 0.35, "missed", -0.05),
        ("household_completion", 0.30, "kept", 0.0),
        ("hh_open", 210, "kept", 0),
        ("hh_open", 200, "missed", 10),
        ("behind_hh", 5, "kept", -5),
        ("behind_hh", 0, "kept", 0),
        ("hh_noncontact", 6, "kept", 0),
        ("hh_noncontact", 5, "missed", 1),
        ("units_not_in", 0, "kept", 0),
        ("on_time_rate", 1, "kept", 0),
    ],
)
def test_every_measure_of_progress_knows_which_direction_is_better(
    folder: Path, indicator: str, number: float, result: str, difference: float
) -> None:
    decided = decide("11", indicator, number, 6)
    report(folder, 6, dict.fromkeys(("1101", "1102", "1103"), 30), hh_noncontact=2)  # as planned for the sixth day
    row = on(6, decided)
    assert row["result"] == result
    assert row["difference"] == pytest.approx(difference)


@pytest.mark.parametrize(
    ("indicator", "number"),
    [("resolution_rate", 0.5), ("household_completion", 0.5), ("hh_open", 150), ("behind_hh", 5), ("hh_noncontact", 0)],
)
def test_every_measure_of_progress_is_undecided_while_units_that_could_turn_it_are_missing(
    folder: Path, indicator: str, number: float
) -> None:
    decided = decide("11", indicator, number, 6)
    report(folder, 6, {"1101": 35, "1102": 35}, hh_noncontact=0)
    assert on(6, decided)["result"] == "no_data"


@pytest.mark.parametrize("indicator", ["hh_open", "behind_hh"])
def test_what_is_open_in_units_without_a_frame_is_not_known_to_be_little(folder: Path, indicator: str) -> None:
    take(folder, "more", [{"code": "1104", "name": "1104社区", "parent_code": "11", "level": 3}])
    within_reach, missed = decide("11", indicator, 300, 6), decide("11", indicator, 10, 6)
    report_all(folder, 6, 20, v1104=20)
    assert [on(6, d)["result"] for d in (within_reach, missed)] == ["no_data", "missed"]
    take(folder, "frame", [frame("1104")])
    assert [on(6, d)["result"] for d in (within_reach, missed)] == [
        "missed" if indicator == "hh_open" else "kept",
        "missed",
    ]


def test_a_unit_not_in_is_itself_what_a_decision_may_be_about(folder: Path) -> None:
    decided = decide("11", "units_not_in", 0, 6)
    report_all(folder, 6, 30, v1101=-1, v1102=-1)
    assert outcome(6, decided) == ("missed", 2, 1, False)


def test_staff_are_judged_by_a_return_filed_after_the_decision(folder: Path) -> None:
    everyone = dict.fromkeys(("1101", "1102", "1103"), 1)
    staff(folder, 5, {**everyone, "1101": 0})
    short, posts, covered = (
        decide("11", indicator, number, 7)
        for indicator, number in (("enumerators_short", 0), ("enumerators_in_post", 3), ("eds_uncovered", 0))
    )
    report_all(folder, 6, 30)
    report_all(folder, 7, 35)
    for decided in (short, posts, covered):
        row = on(7, decided)
        assert (row["result"], row["misses"]) == ("no_data", 0)
        assert row["difference"] in (1, -1)
    staff(folder, 8, {**everyone, "1101": 0})
    report_all(folder, 8, 40)
    assert outcome(8, short) == ("missed", 1, 1, False)
    assert outcome(8, posts) == ("missed", -1, 1, False)
    report_all(folder, 9, 45)
    assert outcome(9, covered) == ("missed", 1, 1, False)  # no new return, no new miss
    staff(folder, 10, everyone)
    report_all(folder, 10, 50)
    assert [on(10, d)["result"] for d in (short, posts, covered)] == ["kept_late"] * 3


def test_part_of_the_staffing_returns_is_not_enough(folder: Path) -> None:
    everyone = dict.fromkeys(("1101", "1102", "1103"), 1)
    staff(folder, 4, everyone)
    decided = decide("11", "enumerators_in_post", 4, 6)
    staff(folder, 6, {"1101": 2})
    report_all(folder, 6, 30)
    row = on(6, decided)
    assert (row["result"], row["value"]) == ("no_data", 4)


def test_an_unexplained_discrepancy_is_held_against_the_department_as_known_now(folder: Path) -> None:
    decided = decide("1", "unexplained_hukou", 4, 6)
    report_all(folder, 6, 30)
    assert on(6, decided)["result"] == "no_data"
    police = {"indicator": "hukou", "source": "police", "area_code": "1", "value": 1000, "concept_note": "户籍人口"}
    ledger = {**police, "source": "ledger", "value": 990}
    take(folder, "ledger", [{**row, "cutoff_at": date(2010, 9, 1)} for row in (police, ledger)], day=6)
    assert outcome(6, decided) == ("missed", 6, 1, False)
    explained = {"explained_amount": -7, "explained_reason": "timing", "cutoff_at": date(2010, 9, 1)}
    take(folder, "explained", [{**police, **explained}], day=6)
    assert outcome(6, decided) == ("kept", -1, 0, False)


def test_history_counts_what_became_of_the_decisions_of_each_area(folder: Path) -> None:
    for code, indicator, number, due in (
        ("11", "hh_resolved", 90, 6),
        ("11", "hh_resolved", 400, 6),
        ("1201", "hh_resolved", 25, 6),
        ("12", "hh_resolved", 200, 9),
    ):
        decide(code, indicator, number, due)
    report_all(folder, 6, 30)
    report_all(folder, 7, 35)
    rows = verification.verified(at(7))
    history = verification.by_area(rows).set_index("name")
    assert history.loc["乙街道", ["decided", "kept", "missed", "waiting", "escalated"]].tolist() == [2, 1, 1, 0, 1]
    assert history.loc["1201社区", ["decided", "kept"]].tolist() == [1, 1]
    assert history.loc["丙街道", "waiting"] == 1
    assert history.index[0] == "乙街道"
    assert verification.unsettled(rows)["result"].tolist() == ["missed", "waiting"]
    assert verification.verified(at(7, "12"))["name"].tolist() == ["1201社区", "丙街道"]


def test_a_check_in_looks_at_its_own_decisions_what_was_kept_since_and_what_is_open(folder: Path) -> None:
    kept = decide("11", "hh_resolved", 90, 6)
    late = decide("12", "hh_resolved", 99, 6)
    held = meeting.held(at(5))
    meeting.close_meeting(at(5), held.id, {}, held.version, data_version=data_version(), role=None)
    report_all(folder, 6, 30)
    meeting.open_meeting(at(6), role=None)
    new = decide("1", "hh_resolved", 300, 9, day=6)
    assert looked(6)["id"].tolist() == [kept, late, new]
    held = meeting.held(at(6))
    meeting.close_meeting(at(6), held.id, {}, held.version, data_version=data_version(), role=None)
    report_all(folder, 7, 35)
    assert looked(7)["id"].tolist() == [late, new]


def test_a_view_of_an_earlier_day_knows_no_later_decision(folder: Path) -> None:
    decide("11", "hh_resolved", 90, 6)
    assert verification.verified(at(4)).empty
    assert list(verification.verified(at(4)).columns) == list(verification.verified(at(5)).columns)


def test_every_measure_can_be_decided_and_looked_at(folder: Path) -> None:
    for key in MEASURES:
        decide("11", key, 0.5, 6)
    report_all(folder, 6, 30)
    rows = verification.verified(at(6))
    assert rows["indicator"].tolist() == list(MEASURES)
    assert set(rows["result"]) <= {"kept", "missed", "no_data"}
