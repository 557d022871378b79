"""Posts filled, what is required in the phase and on the day in view, and what is not known of units."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import areas, attention, staffing
from queries.check_in import commitment, meeting, verification
from queries.check_in.lookback import needing_attention
from queries.intake.undo import undo
from queries.view import View
from tests.questions.district import PLACES, at, frame, place, report, report_all, take
from tests.settling import settled

SWEEP, SHORT = 1, 2
VILLAGES = ("1101", "1102", "1103", "1201", "1202", "1203")


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """Return where files are written, in a district of two streets whose sweep is followed by the short form."""
    return settled(_with_two_phases, tmp_path / "files")


def _with_two_phases(folder: Path) -> None:
    take(folder, "areas", [dict(zip(("code", "name", "parent_code", "level"), row, strict=True)) for row in PLACES])
    days = {"sweep": ("2010-09-01", "2010-09-20"), "short": ("2010-09-21", "2010-09-30")}
    take(folder, "calendar", [{"phase": p, "start": s, "end": e, "curve": "linear"} for p, (s, e) in days.items()])


def need(folder: Path, eds: dict[str, int | None], name: str = "frame", **more: Any) -> None:
    """Load the EDs of villages, as many as they need enumerators: few persons live in them."""
    rows = [frame(code, frame_persons=1, **{"eds": n, **more}) for code, n in eds.items()]
    take(folder, name, rows)


def post(folder: Path, staff: dict[str, int | None], day: str = "2010-09-05", **more: Any) -> None:
    """Let areas report their staff in post, by default enumerators of villages, all of their EDs covered."""
    usual = {"report_date": day, "role": "enumerator", "eds_total": 2, "eds_uncovered": 0}
    rows = [{**usual, "area_code": code, "recruited": n, "in_post": n, **more} for code, n in staff.items()]
    take(folder, f"staff-{len(list(folder.iterdir()))}", rows, day=28)


def enumerators(view: View) -> pd.Series:
    return staffing.of_area(view).set_index("role").loc["enumerator"]


def in_phase(phase_id: int, day: date, code: str = "1") -> View:
    area_id = areas.by_address(code)
    assert area_id is not None
    return View(phase_id, day, area_id, area_id, "en")


def test_a_surplus_in_one_village_fills_no_post_in_another(folder: Path) -> None:
    need(folder, {"1101": 9, "1102": 11, "1103": 1})
    post(folder, {"1101": 4, "1102": 20, "1103": 1})
    row = enumerators(at(10, "11"))
    assert row[["required_known", "in_post_known", "posts_filled"]].tolist() == [21, 25, 16]
    assert row[["shortfall", "surplus", "status"]].tolist() == [5, 9, "red"]
    assert row["fill_rate"] == pytest.approx(16 / 21)
    assert row["staff_to_requirement"] == pytest.approx(25 / 21)


def test_certified_staff_beyond_the_requirement_fill_no_post_elsewhere_either(folder: Path) -> None:
    need(folder, {"1101": 4, "1102": 4, "1103": 4})
    for code, certified in (("1101", 1), ("1102", 9), ("1103", None)):
        more = {"trained": certified, "tested": certified, "passed": certified, "certified": certified}
        post(folder, {code: 10}, **more)
    row = enumerators(at(10, "11"))
    assert row[["fill_rate", "qualified"]].tolist() == [1, 10]
    assert row["qualified_fill_rate"] == pytest.approx((1 + 4) / (4 + 4))


def test_staff_of_a_village_without_a_frame_are_not_held_against_the_requirement_of_others(folder: Path) -> None:
    need(folder, {"1101": 10, "1102": 10})
    post(folder, {"1101": 6, "1102": 6, "1103": 16})
    row = enumerators(at(10, "11"))
    assert row[["required", "required_known", "in_post", "in_post_known"]].tolist() == [20, 20, 28, 12]
    assert row["fill_rate"] == row["staff_to_requirement"] == pytest.approx(12 / 20)
    assert row[["units", "units_unrequired", "units_missing", "units_unjudged"]].tolist() == [3, 1, 0, 1]


def test_a_village_without_a_frame_needs_what_its_return_says(folder: Path) -> None:
    need(folder, {"1101": 10, "1102": 10})
    post(folder, {"1103": 3}, need=4)
    row = staffing.by_child(at(10, "11")).set_index(["code", "role"]).loc[("1103", "enumerator")]
    assert row[["required", "shortfall", "units_unrequired"]].tolist() == [4, 1, 0]


def test_all_filled_is_said_only_where_all_of_every_unit_is_known(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES, 2))
    post(folder, dict.fromkeys(VILLAGES[:3], 2))
    post(folder, {"1201": 2, "1202": 2})
    rows = staffing.by_child(at(10)).set_index(["code", "role"])["status"]
    assert rows[("11", "enumerator")] == "green"
    assert rows[("12", "enumerator")] == "partly"  # 1203 has filed nothing
    assert rows[("12", "supervisor")] == "unknown"
    post(folder, {"1203": 2}, eds_uncovered=None)
    assert enumerators(at(10, "12"))[["status", "units_covered"]].tolist() == ["partly", 2]
    post(folder, {"1203": 2}, day="2010-09-06", eds_uncovered=1)
    assert enumerators(at(10, "12"))[["status", "eds_uncovered"]].tolist() == ["red", 1]


def test_supervisors_of_streets_whose_districts_are_not_counted_have_no_known_requirement(folder: Path) -> None:
    take(folder, "frame", [frame(code, eds=None) for code in VILLAGES])
    post(folder, {"11": 0, "12": 3}, role="supervisor", eds_total=None, eds_uncovered=None)
    rows = staffing.by_child(at(10)).set_index(["code", "role"]).xs("supervisor", level="role")
    assert rows[["required", "shortfall", "fill_rate"]].isna().all(axis=None)
    assert rows["status"].tolist() == ["unknown", "unknown"]
    assert rows["units_unrequired"].tolist() == [1, 1]
    assert rows["in_post"].tolist() == [0, 3]


def test_a_street_of_which_one_village_has_no_frame_has_no_known_requirement(folder: Path) -> None:
    need(folder, {"1101": 9, "1102": 9, "1201": 5, "1202": 5, "1203": 5})
    post(folder, {"11": 1, "12": 3}, role="supervisor", eds_total=None, eds_uncovered=None)
    rows = staffing.by_child(at(10)).set_index(["code", "role"]).xs("supervisor", level="role")
    assert rows["required"].isna().tolist() == [True, False]
    assert rows.loc["12", ["required", "shortfall", "eds_per_supervisor"]].tolist() == [4, 1, 5]


def test_a_rate_is_over_the_villages_that_tell_both_of_its_figures(folder: Path) -> None:
    take(folder, "frame", [frame("1101"), frame("1102", 900), frame("1103", 900)])
    told = {"trained": 9, "tested": 8, "passed": 7, "certified": 6, "confid_signed": 5, "insured": 4, "age_u50": 3,
            "edu_senior_plus": 2}  # fmt: skip
    post(folder, {"1101": 10}, **told, recruited=12, withdrawn=4, rehired=2)
    post(folder, {"1102": 20}, tested=19, trained=19, recruited=20)
    others = {name: n for name, n in told.items() if name not in ("tested", "age_u50", "edu_senior_plus")}
    post(folder, {"1103": 30}, **others, in_post=None, recruited=None, rehired=30)
    row = enumerators(at(10, "11"))
    expected = {
        "training_rate": (9 + 19) / (10 + 20),
        "pass_rate": 7 / 8,
        "certificate_rate": 6 / 10,
        "confidentiality_rate": 5 / 10,
        "insurance_rate": 4 / 10,
        "under_50_share": 3 / 10,
        "senior_secondary_share": 2 / 10,
        "attrition_rate": 4 / (12 + 2),
        "replacement_rate": 2 / 4,
        "households_per_enumerator": (100 + 900) / (10 + 20),
        "persons_per_enumerator": (300 + 300) / (10 + 20),
    }
    assert row[list(expected)].to_dict() == pytest.approx(expected)


def test_steps_are_shares_of_those_in_post_where_both_are_told(folder: Path) -> None:
    post(folder, {"1101": 10}, trained=8, insured=9)
    post(folder, {"1102": 30}, insured=None)
    post(folder, {"11": 10}, role="supervisor", trained=10)
    steps = staffing.chain(at(10, "11")).set_index("step")
    assert steps["persons"].reindex(["in_post", "trained", "insured"]).tolist() == [50, 18, 9]
    assert steps["share"].reindex(["in_post", "trained", "insured"]).tolist() == [1, 18 / 20, 9 / 10]


def test_those_active_today_are_not_known_unless_every_village_tells_who_is_absent(folder: Path) -> None:
    post(folder, {"1101": 10}, absent_today=2, replaced_today=1)
    post(folder, {"1102": 10}, absent_today=None)
    assert pd.isna(enumerators(at(10, "11"))["active_today"])
    post(folder, {"1102": 10}, day="2010-09-06", absent_today=0)
    assert enumerators(at(10, "11"))["active_today"] == 9 + 10


def test_the_targets_of_a_later_phase_change_nothing_of_the_running_one(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES[:3], 10))
    post(folder, dict.fromkeys(VILLAGES[:3], 9), day="2010-09-05")
    before = staffing.of_area(at(10, "11"))
    assert before.set_index("role").loc["enumerator", ["required", "shortfall"]].tolist() == [30, 3]
    need(folder, dict.fromkeys(VILLAGES[:3], 1), name="in-advance", phase="short")
    pd.testing.assert_frame_equal(staffing.of_area(at(10, "11")), before)
    later = enumerators(in_phase(SHORT, date(2010, 9, 21), "11"))
    assert later[["required", "shortfall", "surplus"]].tolist() == [3, 0, 24]


def test_a_phase_without_a_frame_of_its_own_uses_the_one_before_it(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES[:3], 10))
    post(folder, dict.fromkeys(VILLAGES[:3], 9), day="2010-09-05")
    assert enumerators(in_phase(SHORT, date(2010, 9, 22), "11"))["required"] == 30


def test_a_phase_before_any_frame_needs_what_its_returns_say(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES[:3], 10), phase="short")
    post(folder, {"1101": 3}, need=4)
    post(folder, {"1102": 3}, need=None)
    row = enumerators(at(10, "11"))
    assert row[["required", "shortfall", "units_unrequired"]].tolist() == [4, 1, 2]


def test_households_of_a_phase_may_come_with_the_districts_of_the_one_before(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES[:3], 10))
    own = [frame(code, 40, phase="short", frame_persons=None, eds=None) for code in VILLAGES[:3]]
    take(folder, "own-households", own)
    post(folder, dict.fromkeys(VILLAGES[:3], 10), day="2010-09-05")
    row = enumerators(in_phase(SHORT, date(2010, 9, 22), "11"))
    assert row[["required", "households_per_enumerator"]].tolist() == [30, 4]


def test_staff_trained_before_the_phase_are_held_against_it(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES[:3], 10))
    post(folder, dict.fromkeys(VILLAGES[:3], 9), day="2010-08-10")
    row = enumerators(at(1, "11"))
    assert row[["required", "shortfall"]].tolist() == [30, 3]
    assert row["value_date"] == pd.Timestamp(2010, 8, 10)


def test_a_revised_frame_holds_from_its_day_on_also_after_the_last_return(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES[:3], 10))
    post(folder, dict.fromkeys(VILLAGES[:3], 10), day="2010-09-05")
    need(folder, {"1101": 14}, name="revised", valid_from="2010-09-08", reason="new blocks")
    assert [enumerators(at(day, "11"))["required"] for day in (5, 7, 8, 12)] == [30, 30, 34, 34]
    days = staffing.daily(at(12, "11")).set_index("date")["shortfall"]
    assert days.tolist() == [0, 0, 0, 4, 4, 4, 4, 4]


def test_an_undone_frame_is_as_if_it_had_never_come(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES[:3], 10))
    post(folder, dict.fromkeys(VILLAGES[:3], 9), day="2010-09-05")
    views = (at(10, "11"), in_phase(SHORT, date(2010, 9, 22), "11"))
    before = [staffing.of_area(view) for view in views]
    receipt = take(folder, "wrong", [frame(code, phase="short") for code in VILLAGES[:3]])
    assert receipt.load_id is not None
    assert undo(receipt.load_id).result == "undone"
    for view, rows in zip(views, before, strict=True):
        pd.testing.assert_frame_equal(staffing.of_area(view), rows)


def test_villages_with_uncovered_districts_are_found_from_every_level(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES, 2))
    post(folder, dict.fromkeys(VILLAGES, 2))
    post(folder, {"1102": 2}, day="2010-09-06", eds_uncovered=1)
    for code in ("1", "11", "1102"):
        found = staffing.uncovered(at(10, code))
        assert found[["code", "eds_uncovered", "hh_uncovered"]].to_numpy().tolist() == [["1102", 1, 50]]
    assert staffing.uncovered(at(10, "12")).empty


def test_a_promise_is_not_kept_by_what_nobody_told(folder: Path) -> None:
    need(folder, dict.fromkeys(VILLAGES, 2))
    report_all(folder, 5, 10)
    post(folder, dict.fromkeys(VILLAGES[:3], 2), day="2010-09-05", eds_uncovered=1)
    meeting.open_meeting(at(5), role=None)
    held = meeting.held(at(5))
    assert held is not None
    content = {"what": "补员", "office": "街道办事处", "indicator": "eds_uncovered", "number": 0}
    commitment.decide(at(5), held.id, place("11"), **content, due=date(2010, 9, 7), role=None)
    post(folder, {"1101": 2, "1102": 2}, day="2010-09-07", eds_uncovered=0)
    post(folder, {"1103": 2}, day="2010-09-07", eds_uncovered=None)
    report(folder, 7, {"1101": 20})
    assert verification.verified(at(7))["result"].tolist() == ["no_data"]


def test_none_known_to_be_short_is_not_none_short(folder: Path) -> None:
    need(folder, dict.fromkeys((*VILLAGES[:3], "1201", "1202"), 2))
    report_all(folder, 2, 1)
    report_all(folder, 10, 1)
    post(folder, dict.fromkeys(VILLAGES, 2))
    streets = pd.DataFrame({"area_id": [place("11"), place("12")], "status": "red", "behind_hh": 1.0,
                            "leaves_due": 3, "leaves_reported": 3})  # fmt: skip
    rows = needing_attention(streets, staffing.by_child(at(10)), verification.verified(at(10))).set_index("area_id")
    assert rows.loc[place("11"), "posts_short"] == 0
    assert pd.isna(rows.loc[place("12"), "posts_short"])


def test_a_street_is_behind_for_lack_of_staff_by_the_requirement_of_the_villages_that_tell(folder: Path) -> None:
    need(folder, {"1101": 10, "1102": 100, "1103": 100, "1201": 1, "1202": 1, "1203": 1})
    report_all(folder, 2, 1)
    report_all(folder, 10, 1)
    post(folder, {"1101": 8}, day="2010-09-05", eds_uncovered=0)
    lines = attention.attention(at(10))
    behind = lines[(lines["what"] == "behind_plan") & (lines["area_id"] == place("11"))]
    assert behind["cause"].tolist() == ["short_staff"]  # 2 of 10, not 2 of 210
