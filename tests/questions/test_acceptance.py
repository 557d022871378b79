"""Re-checks take the place of checks, units pass or are sent back, gates open or stay closed, by street and day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import acceptance, areas
from queries.check_chains import chains
from queries.view import View
from tests.intake.checks import BACK, own, quality, short
from tests.intake.world import load, settle_world
from tests.settling import settled

EVENING = date(2010, 10, 20)


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def view(address: str = "10", day: date = EVENING, scope: str = "10") -> View:
    area, top = areas.by_address(address), areas.by_address(scope)
    assert area is not None
    assert top is not None
    return View(1, day, area, top, "zh_Hans")


def file(world: Path, *rows: dict[str, Any]) -> None:
    receipt = load(world, *rows, name=f"checks-{rows[0]['check_id']}")
    assert receipt.result == "stored", [c.findings.to_dict("records") for c in receipt.checked]


def gate(street: str, day: date = EVENING) -> pd.Series:
    return acceptance.gates(view(day=day), "sweep").set_index("code").loc[street]


def sent_back(number: str, day: str, **changes: Any) -> dict[str, Any]:
    return quality(check_id=number, report_date=day, hukou_err=5, **{**BACK, **changes})


def test_a_gate_without_checks_is_closed_and_says_so(world: Path) -> None:
    assert gate("101")[["status", "missing", "units"]].tolist() == ["unknown", ("no_check",), 0]
    assert acceptance.stages(view()).empty
    assert pd.isna(gate("101")["hukou_error_rate"])


def test_self_checks_alone_do_not_open_a_gate(world: Path) -> None:
    file(world, own())
    assert gate("101")[["status", "missing"]].tolist() == ["amber", ("only_self",)]
    file(world, quality())
    assert gate("101")[["status", "missing"]].tolist() == ["green", ()]
    assert gate("102")["status"] == "unknown"


def test_a_gate_stays_closed_until_the_last_unit_has_passed_its_re_check(world: Path) -> None:
    other = {"area_code": "10102", "check_id": "Z-2"}
    file(world, own(), own(**other), quality())
    file(world, sent_back("S-2", "2010-10-05", area_code="10102"))
    closed = gate("101")
    assert closed[["status", "missing", "sent_back_names"]].tolist() == ["red", ("sent_back",), ("二村",)]
    assert closed[["units", "passed", "sent_back"]].tolist() == [2, 1, 1]
    file(world, quality(check_id="S-3", area_code="10102", report_date="2010-10-08", re_check_id="S-2"))
    assert gate("101")[["status", "passed"]].tolist() == ["green", 2]
    assert gate("101", date(2010, 10, 7))["status"] == "red"
    assert gate("101", date(2010, 10, 4))["status"] == "amber"


def test_another_sample_of_the_same_unit_does_not_replace_one_that_was_sent_back(world: Path) -> None:
    file(world, own(), sent_back("S-1", "2010-10-05"), quality(check_id="S-2", report_date="2010-10-08"))
    assert gate("101")["status"] == "red"
    assert acceptance.board(view(), "sweep")["check_id"].tolist() == ["S-1", "Z-1", "S-2"]


def test_a_unit_that_fails_its_re_check_waits_for_the_next(world: Path) -> None:
    file(world, own(), sent_back("S-1", "2010-10-05"))
    file(world, sent_back("S-2", "2010-10-08", re_check_id="S-1", rework_due="2010-10-12"))
    (row,) = acceptance.rework(view(), "sweep").to_dict("records")
    assert (row["check_id"], row["last_check_id"], row["rechecks"]) == ("S-1", "S-2", 1)
    assert (row["rework_due"], row["overdue_days"], row["status"]) == (pd.Timestamp("2010-10-12"), 8, "red")
    (row,) = acceptance.rework(view(day=date(2010, 10, 12)), "sweep").to_dict("records")
    assert (row["status"], pd.isna(row["overdue_days"])) == ("amber", True)
    file(world, quality(check_id="S-3", report_date="2010-10-13", re_check_id="S-1"))
    found = acceptance.rework(view(), "sweep")
    assert found["status"].tolist() == ["green"]
    assert acceptance.rectified(found) == {"found": 1, "closed": 1, "overdue": 0, "rate": 1.0}
    assert gate("101")["status"] == "green"


def test_a_unit_without_a_decision_or_with_a_make_up_keeps_the_gate_closed(world: Path) -> None:
    file(world, own(), quality(decision=""))
    assert gate("101")[["status", "missing", "open_names"]].tolist() == ["amber", ("undecided",), ("一村",)]
    file(world, quality(decision="partial", rework_due="2010-10-30", correction_reason="补课"))
    assert gate("101")[["status", "missing"]].tolist() == ["red", ("sent_back",)]
    (row,) = acceptance.rework(view(), "sweep").to_dict("records")
    assert (row["decision"], row["status"], row["why"]) == ("partial", "amber", ())


def test_the_district_and_the_street_pool_errors_over_what_was_checked(world: Path) -> None:
    file(world, own(), own(check_id="Z-3", area_code="10201"))
    west = {"check_id": "S-2", "area_code": "10201", "cross_unit": "101"}
    file(world, quality(hukou_checked=250, hukou_err=1), quality(**west, hukou_checked=750, hukou_err=3))
    file(world, quality(check_id="D-1", level="district", cross_unit="", report_date="2010-10-09", hukou_checked=1_000))
    rows = acceptance.pooled(view(), "sweep", "hukou").set_index("code")
    assert rows.loc["101", ["checked", "errors"]].tolist() == [1_250, 2]
    assert rows.loc["102", ["checked", "errors"]].tolist() == [750, 3]
    assert rows.loc["10", ["checked", "errors"]].tolist() == [2_000, 5]
    assert rows.loc["10", "rate"] == 5 / 2_000
    assert rows.loc["10", "rate"] != rows.loc[["101", "102"], "rate"].mean()
    assert rows.index.tolist() == ["10", "101", "102"]


def test_what_a_check_does_not_say_is_not_taken_as_no_error(world: Path) -> None:
    file(world, own())
    file(world, quality(decision="", pers_err="", omitted="", duplicated="", wrong_item=""))
    file(world, quality(check_id="S-2", pers_checked=100, pers_err=3, omitted=3, wrong_item=0))
    row = gate("101")
    assert row[["pers_checked", "pers_err", "pers_error_rate"]].tolist() == [100, 3, 0.03]
    assert row[["omitted", "duplicated", "wrong_item", "omission_rate"]].isna().all()
    (unsaid,) = acceptance.units(view(), "sweep", "pers").query("check_id == 'S-9'").to_dict("records")
    assert pd.isna(unsaid["rate"])
    assert unsaid["within"] == "unknown"


def test_the_omission_rate_is_of_the_persons_found_at_the_recheck_counted_and_missed(world: Path) -> None:
    """245 + 495 registered persons were checked and 5 + 5 were found beside them: 10 of 750, not 10 of 740."""
    file(world, own(), own(check_id="Z-3", area_code="10201"))
    west = {"check_id": "S-2", "area_code": "10201", "cross_unit": "101"}
    errors = {"omitted": 5, "duplicated": 2, "wrong_item": 0, "pers_err": 7, "decision": "rework", **BACK}
    file(world, quality(pers_checked=245, **errors), quality(**west, pers_checked=495, **errors))
    row = acceptance.of_area(view(), "sweep").iloc[0]
    assert row["omission_rate"] == pytest.approx(10 / 750)
    assert row["duplication_rate"] == pytest.approx(4 / 740)
    assert row["omission_rate"] * (row["pers_looked_at"] + row["omitted"]) == pytest.approx(row["omitted"])
    (first,) = acceptance.units(view(), "sweep", "pers").query("check_id == 'S-9'").to_dict("records")
    assert first["omission_rate"] == pytest.approx(5 / 250)


def test_omissions_are_set_against_the_persons_of_the_very_checks_that_state_them(world: Path) -> None:
    """A check that states omissions but not all errors still had its persons looked at: 2 of 402, not of 302."""
    file(world, own(), own(check_id="Z-3", area_code="10201"))
    west = {"check_id": "S-2", "area_code": "10201", "cross_unit": "101"}
    types = {"omitted": 1, "duplicated": 0}
    file(world, quality(pers_checked=100, pers_err="", wrong_item="", decision="", **types))
    file(world, quality(**west, pers_checked=300, pers_err=1, wrong_item=0, **types))
    row = acceptance.of_area(view(), "sweep").iloc[0]
    assert row["pers_checked"] == 300
    assert row["pers_looked_at"] == 400
    assert row["omission_rate"] == pytest.approx(2 / 402)


def test_each_stage_has_its_own_gate(world: Path) -> None:
    file(world, own(), quality(), short())
    assert acceptance.stages(view(day=date(2010, 11, 20))).to_dict("list") == {
        "stage": ["sweep", "short"],
        "checks": [2, 1],
    }
    rows = acceptance.gates(view(day=date(2010, 11, 20)), "short").set_index("code")
    assert rows.loc["101", "missing"] == ("only_self",)
    assert acceptance.items(view(day=date(2010, 11, 20)), "short")[:2] == ["pers", "hukou"]
    assert acceptance.items(view(), "sweep") == ["hukou", "units", "buildings", "pers"]


def test_a_street_and_a_village_are_gated_themselves(world: Path) -> None:
    file(world, own(), quality())
    assert acceptance.gates(view("101"), "sweep")["code"].tolist() == ["101"]
    assert acceptance.gates(view("10101"), "sweep")["code"].tolist() == ["10101"]
    assert acceptance.gates(view("10"), "sweep")["code"].tolist() == ["101", "102"]


def test_a_street_sees_nothing_of_another(world: Path) -> None:
    west = {"area_code": "10201", "cross_unit": "101"}
    file(world, own(), quality(), own(check_id="Z-3", area_code="10201"), sent_back("S-2", "2010-10-05", **west))
    within = view("101", scope="101")
    assert set(acceptance.checks(within, "sweep")["code"]) == {"10101"}
    assert acceptance.rework(within, "sweep").empty
    outside = view("10", scope="101")
    assert set(acceptance.checks(outside, "sweep")["code"]) == {"10101"}
    assert acceptance.gates(outside, "sweep")["code"].tolist() == ["101"]
    assert acceptance.rework(view("102", scope="101"), "sweep").empty
    assert acceptance.stages(view("102", scope="101")).empty


def test_fewer_than_three_checks_make_no_funnel(world: Path) -> None:
    file(world, own(), quality(), quality(check_id="S-2"))
    assert acceptance.limits_by_chance(view(), "sweep", "hukou").empty
    file(world, quality(check_id="S-4"))
    found = acceptance.limits_by_chance(view(), "sweep", "hukou")
    assert found["checked"].iloc[0] < 250 < found["checked"].iloc[-1]


def test_a_change_of_the_limit_closes_a_gate_that_was_open(world: Path) -> None:
    from queries.database import engine
    from queries.settings import set_value

    file(world, own(), quality())
    assert gate("101")["status"] == "green"
    with engine().begin() as connection:
        set_value(connection, "acceptance.sweep.hukou", "0.001", 1)
    assert gate("101")["status"] == "red"
    assert acceptance.board(view(), "sweep")["broken"].iloc[0] == ("hukou",)


def test_chains_follow_re_checks_back_to_the_first_in_any_order_of_rows() -> None:
    rows = pd.DataFrame(
        [("c", "b", 3), ("a", None, 1), ("d", None, 2), ("b", "a", 3), ("lost", "gone", 1)],
        columns=["check_id", "re_check_id", "day"],
    )
    rows["report_date"] = [datetime(2010, 10, int(day)) for day in rows["day"]]
    found = rows.join(chains(rows)).set_index("check_id")
    assert found["root"].to_dict() == {"a": "a", "b": "a", "c": "a", "d": "d", "lost": "lost"}
    assert found["nth"].to_dict() == {"a": 0, "b": 1, "c": 2, "d": 0, "lost": 0}
    assert found["stands"].to_dict() == {"a": False, "b": False, "c": True, "d": True, "lost": True}
