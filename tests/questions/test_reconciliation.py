"""Comparisons and what makes them impossible, ranges, own totals, flows, periods: on figures made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from queries import discrepancy
from queries.database import fetch
from queries.schema import area
from queries.view import View
from tests.intake.world import benchmark, load, progress, settle_world
from tests.settling import settled

DAY = date(2010, 9, 22)
File = Callable[..., None]


@pytest.fixture
def file(database: str, tmp_path: Path) -> File:
    """Return a function that files figures of district 10 before the day, by field."""
    settled(settle_world, tmp_path / "world")

    def filed(*rows: dict[str, Any]) -> None:
        usual = {"cutoff_at": "2010-09-20"}
        receipt = load(tmp_path, *(benchmark(**{**usual, **row}) for row in rows), name=f"figures{filed.number}")
        filed.number += 1
        assert receipt.result == "stored", [c.findings.to_dict("records") for c in receipt.checked]

    filed.number = 0
    return filed


def view(code: str = "10", day: date = DAY) -> View:
    ids = fetch(select(area.c.id.label("area_id"), area.c.code)).set_index("code")["area_id"]
    return View(1, day, int(ids[code]), int(ids["10"]), "zh_Hans")


def only(rows: pd.DataFrame) -> pd.Series:
    assert len(rows) == 1, rows
    return rows.iloc[0]


BIRTHS = {"indicator": "birth", "window_start": "2009-11-01", "window_end": "2010-08-31"}
LEDGER_OF_BIRTHS = {**BIRTHS, "source": "ledger", "value": 50}
LEDGER = {"source": "ledger", "value": 990, "unit": "persons", "covers_special_area": "false"}
CASES: list[tuple[str, list[dict[str, Any]], dict[str, Any]]] = [
    ("", [LEDGER], {"value": 1_000}),
    ("no_census_figure", [], {"indicator": "school_pupils", "source": "education", "value": 40}),
    ("partial_count", [], {"indicator": "total_persons", "value": 900}),
    ("units", [LEDGER], {"value": 1_000, "unit": "户"}),
    ("", [LEDGER], {"value": 1_000, "unit": "人"}),
    ("windows", [LEDGER_OF_BIRTHS], {**BIRTHS, "window_end": "2010-09-15", "value": 60}),
    ("period_unknown", [{"indicator": "birth", "source": "ledger", "value": 50}], {"indicator": "birth", "value": 60}),
    ("", [LEDGER_OF_BIRTHS], {**BIRTHS, "value": 60}),
    ("special_areas", [LEDGER], {"value": 1_000, "covers_special_area": "true"}),
    (
        "",
        [LEDGER],
        {"value": 1_000, "covers_special_area": "true", "explained_amount": -6, "explained_reason": "enclave"},
    ),
    ("prior_census", [LEDGER], {"value": 1_000, "source": "prior_census", "cutoff_at": "2000-11-01"}),
    (
        "",
        [LEDGER],
        {"value": 1_000, "source": "prior_census", "explained_amount": -6, "explained_reason": "timing"},
    ),
    ("definition", [LEDGER], {"value": 1_000, "explained_reason": "definition"}),
    ("timing", [LEDGER], {"value": 1_000, "explained_reason": "timing"}),
    ("", [LEDGER], {"value": 1_000, "explained_reason": "definition", "explained_amount": -4}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "ledger", "figure"), CASES)
def test_a_figure_that_cannot_be_compared_is_not_subtracted_and_says_why(
    file: File, why: str, ledger: list[dict[str, Any]], figure: dict[str, Any]
) -> None:
    file(*ledger, figure)
    row = only(discrepancy.comparisons(view()))
    assert row["why_not"] == why
    assert row["comparable"] == (why == "")
    derived = ["discrepancy", "rate", "unexplained", "unexplained_rate"]
    assert row[derived].isna().all() == bool(why)
    assert (row["status"] == "unknown") == bool(why)
    if not why:
        gap = ledger[0]["value"] - figure["value"]
        left = abs(gap) - abs(figure.get("explained_amount", 0))
        assert (row["discrepancy"], row["unexplained"]) == (gap, left)
        assert row["unexplained_rate"] == pytest.approx(left / figure["value"])


def test_the_ledger_of_the_same_period_is_taken_and_of_each_period_the_newest_cutoff(file: File) -> None:
    summer = {**BIRTHS, "window_start": "2010-06-01", "window_end": "2010-08-31"}
    file(
        {**LEDGER_OF_BIRTHS, "cutoff_at": "2010-09-10"},
        {**LEDGER_OF_BIRTHS, "value": 52},
        {**summer, "source": "ledger", "value": 15},
        {**BIRTHS, "value": 60},
        {**summer, "value": 20},
    )
    rows = discrepancy.comparisons(view()).set_index("benchmark_value")
    assert rows["census_value"].to_dict() == {60.0: 52.0, 20.0: 15.0}
    assert rows["comparable"].all()
    earlier = discrepancy.comparisons(view(day=date(2010, 9, 12)))
    assert earlier.empty, "nothing of a department was filed by then"


def test_sources_that_disagree_give_a_range_only_over_what_can_be_compared(file: File) -> None:
    file(
        LEDGER_OF_BIRTHS,
        {**BIRTHS, "value": 60},
        {**BIRTHS, "source": "health", "value": 57},
        {**BIRTHS, "source": "civil_affairs", "value": 90, "window_end": "2010-09-15"},
    )
    row = only(discrepancy.source_ranges(view()))
    assert (row["sources"], row["lowest"], row["highest"], row["difference"]) == (2, 57, 60, 3)
    assert (row["gap_low"], row["gap_high"]) == (-7, -10)
    assert (row["rate_low"], row["rate_high"]) == (pytest.approx(-7 / 57), pytest.approx(-10 / 60))


def test_opposite_signs_of_parts_cannot_cancel(file: File) -> None:
    ours = dict(zip(("street", "district", "city", "province"), (40, 30, 20, 10), strict=True))
    theirs = dict(zip(ours, (30, 40, 20, 15), strict=True))
    file(
        *({"indicator": f"in6m_{d}", "source": "ledger", "value": v} for d, v in ours.items()),
        *({"indicator": f"in6m_{d}", "source": "migrant_office", "value": v} for d, v in theirs.items()),
    )
    rows = discrepancy.components(view())
    whole = only(rows[rows["indicator"] == "in6m"])
    assert whole["discrepancy"] == sum(ours.values()) - sum(theirs.values()) == -5
    assert whole["component_rate"] == pytest.approx((10 + 10 + 0 + 5) / 105)
    assert len(rows) == 5


def test_differences_of_streets_are_added_up_by_size_as_well(file: File) -> None:
    file(
        {"area_code": "101", "source": "ledger", "value": 110},
        {"area_code": "102", "source": "ledger", "value": 90},
        {"area_code": "101", "value": 100},
        {"area_code": "102", "value": 104},
    )
    sums = discrepancy.netted(discrepancy.by_child(view(), "hukou", "police"))
    assert (sums["areas"], sums["net"], sums["gross"]) == (2, -4, 24)
    assert sums["gross_rate"] == pytest.approx(24 / 204)


def test_what_the_returns_have_found_is_set_against_full_figures(file: File) -> None:
    file(
        {"indicator": "total_persons", "value": 600},
        {"indicator": "resident", "source": "statistics", "value": 500},
        {**BIRTHS, "value": 20},
    )
    returns = [
        progress(5),
        progress(8),
        progress(5, pers_total=60, pers_living=50, pers_hukou=35, pers_in6m=10, pers_out6m=5),
    ]
    registered = sum(row["pers_total"] for row in returns)
    resident = sum(row["pers_hukou"] - row["pers_out6m"] + row["pers_in6m"] for row in returns)
    living = sum(row["pers_living"] for row in returns)
    rows = discrepancy.found(view()).set_index(["indicator", "source"])
    assert rows.loc[("total_persons", "police"), "share"] == pytest.approx(registered / 600)
    assert rows.loc[("resident", "statistics"), "found"] == resident
    assert rows.loc[("living", "statistics"), "share"] == pytest.approx(living / 500)
    births = rows.loc[("birth", "police")]
    assert (births["found"], births["ratio"], births["status"]) == (0, 0, "red")
    assert births["coverage"] == pytest.approx(registered / 600)
    assert np.isnan(rows.loc[("resident", "statistics"), "ratio"])
    bases = discrepancy.coverage(view()).set_index("source")
    assert bases.loc["police", "remaining"] == 600 - registered
    assert bases.loc["police", "required_pace"] == ceil((600 - registered) / 39)  # 23 September to 31 October


def test_the_capture_ratio_is_followed_day_by_day(file: File, tmp_path: Path) -> None:
    again = {"correction_reason": "events added"}
    load(tmp_path, progress(4, births=2, **again), progress(5, births=3, **again), name="events")
    file({"indicator": "total_persons", "value": 600}, {**BIRTHS, "value": 20})
    days = discrepancy.capture_by_day(view()).set_index("date")
    for day, births, persons in (("2010-09-19", 3, 60 + 60), ("2010-09-22", 3, 60 + 96 + 60)):
        row = days.loc[day]
        assert row["found"] == births
        assert row["ratio"] == pytest.approx((births / 20) / (persons / 600))
    assert discrepancy.capture_by_day(view("10101")).empty


def own(code: str, value: int, cutoff: str, **more: Any) -> dict[str, Any]:
    return {"area_code": code, "indicator": "registered_households", "source": "own_total", "value": value,
            "cutoff_at": cutoff, "owner": "街道人普办", **more}  # fmt: skip


def test_an_own_total_is_held_against_the_sum_below_and_the_detail_of_its_own_day(file: File) -> None:
    """On the 19th villages 10101 and 10201 stood at 20 each; on the 22nd 10102 adds 32."""
    file(own("101", 60, "2010-09-22"), own("102", 18, "2010-09-19"), own("10", 75, "2010-09-22"))
    rows = discrepancy.three_way(view()).set_index("code")
    street, other, district = rows.loc["101"], rows.loc["102"], rows.loc["10"]
    assert (street["own"], street["below"], street["detail"]) == (60, 52, 52)
    assert (street["own_less_detail"], street["age"], street["status"], street["owner"]) == (
        8,
        0,
        "amber",
        "街道人普办",
    )
    assert (other["own"], other["detail"], other["age"], other["status"]) == (18, 20, 3, "amber")
    assert (district["below"], district["detail"]) == (60 + 20, 72)
    assert (district["own_less_below"], district["own_less_detail"], district["below_less_detail"]) == (-5, 3, 8)
    assert (district["below_filed"], district["below_units"]) == (1, 2), "an older total is none of that day"
    assert set(discrepancy.own_totals(view())["code"]) == {"10", "101", "102"}


def test_a_settled_own_total_no_longer_asks_for_attention(file: File) -> None:
    file(own("101", 60, "2010-09-22", status="accepted"))
    assert discrepancy.own_totals(view()).empty
    assert only(discrepancy.three_way(view()))["status"] == "amber"


def test_the_census_is_held_against_itself(file: File) -> None:
    ledger = {
        "in6m_street": 245, "in6m_district": 40, "in6m_city": 30, "in6m_province": 20, "out6m": 100,
        "out6m_street": 137, "out6m_district": 8, "out6m_city": 5, "out6m_province": 2, "separation_rows": 460,
    }  # fmt: skip
    ledger["out6m"] = 160
    file(
        *({"indicator": name, "source": "ledger", "value": value} for name, value in ledger.items()),
        {"indicator": "total_persons", "value": 900},
        {"indicator": "hukou", "value": 600},
        {"indicator": "dwelling_units", "source": "housing", "value": 100, "parts": "60+30; 50+50"},
    )
    rows = discrepancy.internal(view()).set_index("check")
    assert rows.loc["parts_out6m", "difference"] == 160 - (137 + 8 + 5 + 2)
    assert rows.loc["flow_balance", "difference"] == 245 - 137
    assert rows.loc["flow_balance", "share"] == pytest.approx(108 / 245)
    assert rows.loc["flow_balance", "status"] == "red"
    assert rows.loc["separation", "right"] == 245 + 40 + 30 + 20 + 160
    assert rows.loc["rest_total_persons", "difference"] == 300
    assert rows.loc["parts_filed", "difference"].tolist() == [10, 0]
    parts = discrepancy.flows(view()).set_index(["flow", "distance"])
    assert parts.loc[("out6m", "unallocated"), "persons"] == 8
    assert parts.loc[("in6m", "street"), "share"] == pytest.approx(245 / 335)
    assert ("in6m", "unallocated") not in parts.index


def test_flows_and_parts_are_looked_at_street_by_street(file: File) -> None:
    names = ("out6m", "out6m_street", "out6m_district", "out6m_city", "out6m_province")
    file(
        *({"area_code": "101", "indicator": n, "source": "ledger", "value": v}
          for n, v in zip(names, (50, 20, 10, 5, 5), strict=True)),
        *({"area_code": "102", "indicator": n, "source": "ledger", "value": v}
          for n, v in zip(names, (40, 20, 10, 5, 5), strict=True)),
        {"area_code": "101", "indicator": "in6m_street", "source": "ledger", "value": 30},
        {"area_code": "102", "indicator": "in6m_street", "source": "ledger", "value": 25},
    )  # fmt: skip
    row = only(discrepancy.internal_by_child(view()))
    assert (row["code"], row["check"], row["difference"]) == ("101", "parts_out6m", 10)
    flows = discrepancy.flows_by_child(view()).set_index("code")
    assert flows["net"].to_dict() == {"101": 10.0, "102": 5.0}
    assert "flow_balance" not in set(discrepancy.internal(view("101"))["check"]), "a street's flows need not balance"


def test_registered_persons_fall_into_parts_that_add_up(file: File) -> None:
    rows = discrepancy.composition(view("10101"))
    whole = progress(5)
    assert rows["persons"].sum() == whole["pers_total"]
    assert rows.set_index("part").loc["hukou_living", "persons"] == whole["pers_hukou"] - whole["pers_absent"]


def test_households_of_an_odd_size_stand_out(file: File, tmp_path: Path) -> None:
    odd = progress(8, area_code="10102", pers_total=200, pers_living=190, pers_absent=10, pers_hukou=120, pers_in6m=60,
                   correction_reason="counted again")  # fmt: skip
    assert load(tmp_path, odd, name="odd").rows_rejected == 0
    rows = discrepancy.household_sizes(view("101"))
    assert rows["code"].tolist()[:2] == ["101", "10102"]
    village = rows.iloc[1]
    assert village["persons_per_household"] == pytest.approx(200 / 32)
    assert village["status"] == "amber"


def test_periods_that_overlap_are_told_and_those_of_births_and_deaths_that_differ(file: File) -> None:
    file(
        LEDGER_OF_BIRTHS,
        {**BIRTHS, "indicator": "death", "source": "ledger", "value": 30, "window_end": "2010-09-20"},
        {**BIRTHS, "value": 60},
        {**BIRTHS, "value": 9, "window_start": "2010-08-01", "window_end": "2010-09-15"},
        {**BIRTHS, "value": 4, "window_start": "2010-09-16", "window_end": "2010-09-19"},
    )
    rows = discrepancy.overlaps(view())
    twice = only(rows[rows["what"] == "counted_twice"])
    assert (twice["source"], twice["days_shared"], twice["days_apart"]) == ("police", 31, 304 + 46 - 62)
    apart = only(rows[rows["what"] == "births_deaths"])
    assert (apart["source"], apart["days_apart"]) == ("ledger", 20)
