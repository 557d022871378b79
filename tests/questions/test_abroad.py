"""Residents from Hong Kong, Macao, Taiwan and abroad, given as two parts or only as a sum."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from queries import discrepancy
from queries.database import fetch
from queries.schema import area
from queries.view import View
from tests.intake.world import benchmark, findings, load, progress, settle_world
from tests.settling import settled

DAY = date(2010, 9, 22)
ALONE = {"indicator": "hmt_foreign", "cutoff_at": "2010-09-20"}
File = Callable[..., Any]


@pytest.fixture
def file(database: str, tmp_path: Path) -> File:
    """Return a function that files figures of district 10 and returns the receipt."""
    settled(settle_world, tmp_path / "world")
    number = iter(range(99))

    def filed(*rows: dict[str, Any]) -> Any:
        listed = [benchmark(**{"cutoff_at": "2010-09-20", **row}) for row in rows]
        return load(tmp_path, *listed, name=f"figures{next(number)}")

    return filed


def view(code: str = "10") -> View:
    ids = fetch(select(area.c.id.label("area_id"), area.c.code)).set_index("code")["area_id"]
    return View(1, DAY, int(ids[code]), int(ids["10"]), "zh_Hans")


def parts(source: str, hmt: int, foreign: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"indicator": "hmt", "source": source, "value": hmt, **more},
        {"indicator": "foreign", "source": source, "value": foreign, **more},
    ]


@pytest.mark.parametrize(
    "ledger",
    [parts("ledger", 63, 257), [{**ALONE, "source": "ledger", "value": 320}]],
    ids=["parts in the ledger", "a sum in the ledger"],
)
def test_a_sum_filed_alone_is_compared_with_the_ledgers_two_parts_or_its_sum(
    file: File, ledger: list[dict[str, Any]]
) -> None:
    assert file(*ledger, {**ALONE, "value": 369}).result == "stored"
    (row,) = discrepancy.comparisons(view()).to_dict("records")
    assert (row["indicator"], row["comparable"]) == ("hmt_foreign", True)
    assert (row["census_value"], row["benchmark_value"], row["discrepancy"]) == (320, 369, -49)
    assert row["rate"] == pytest.approx(-49 / 369)
    assert (row["tolerance"], row["status"]) == (0.05, "amber")
    (shown,) = discrepancy.components(view()).to_dict("records")
    assert (shown["basis"], shown["discrepancy"], shown["status"]) == ("sum", -49, "unknown")
    assert shown["component_rate"] != shown["component_rate"], "signs may cancel in a sum: not known"


def test_where_a_department_has_filed_its_parts_as_well_these_are_compared_and_the_sum_is_not(file: File) -> None:
    file(*parts("ledger", 63, 257), *parts("police", 123, 246), {**ALONE, "value": 369})
    rows = discrepancy.comparisons(view()).set_index("indicator")
    assert rows["why_not"].to_dict() == {"hmt": "", "foreign": "", "hmt_foreign": "parts"}
    assert rows.loc[["hmt", "foreign"], "discrepancy"].tolist() == [-60, 11]
    assert rows.loc["hmt_foreign", ["discrepancy", "unexplained", "rate"]].isna().all()
    shown = discrepancy.components(view())
    (together,) = shown[shown["indicator"] == "hmt_foreign"].to_dict("records")
    assert (together["basis"], together["discrepancy"]) == ("parts", -49)
    assert together["component_rate"] == pytest.approx((60 + 11) / 369)


def test_parts_of_a_department_are_added_up_where_the_ledger_has_nothing_but_a_sum(file: File) -> None:
    file({**ALONE, "source": "ledger", "value": 320}, *parts("police", 123, 246))
    assert not discrepancy.comparisons(view())["comparable"].any(), "there is nothing to set a single part against"
    (shown,) = discrepancy.components(view()).to_dict("records")
    assert (shown["indicator"], shown["basis"]) == ("hmt_foreign", "sum")
    assert (shown["census_value"], shown["benchmark_value"], shown["discrepancy"]) == (320, 369, -49)


def test_the_rules_that_refuse_a_comparison_hold_for_a_sum_and_for_sums_of_parts(file: File) -> None:
    file(*parts("ledger", 63, 257, covers_special_area="false"), {**ALONE, "value": 369, "covers_special_area": "true"})
    assert discrepancy.comparisons(view())["why_not"].tolist() == ["special_areas"]
    assert discrepancy.components(view()).empty
    file(*parts("police", 123, 246, covers_special_area="true"))
    assert not discrepancy.comparisons(view())["comparable"].any()
    assert discrepancy.components(view()).empty


def test_parts_of_two_cut_offs_make_no_sum(file: File) -> None:
    ours = parts("ledger", 63, 257)
    file(ours[0], {**ours[1], "cutoff_at": "2010-09-10"}, {**ALONE, "value": 369})
    (row,) = discrepancy.comparisons(view()).to_dict("records")
    assert row["why_not"] == "partial_count", "the returns are what is left to compare with"


def test_what_the_returns_found_is_set_against_each_source_once(file: File, tmp_path: Path) -> None:
    """Two of 40: neither of 80, with the parts and their sum, nor both kinds found of one kind on file."""
    file(*parts("police", 25, 15), {**ALONE, "value": 40}, {"indicator": "foreign", "source": "health", "value": 9})
    file({"indicator": "total_persons", "value": 600})
    load(tmp_path, progress(8, hmt=1, foreign=1), name="abroad")
    rows = discrepancy.found(view())
    abroad = rows[rows["indicator"] == "hmt_foreign"].set_index("source")
    assert abroad["benchmark_value"].to_dict() == {"police": 40}


@pytest.mark.parametrize(("value", "rule"), [(30, "parts_exceed"), (50, "parts_fall_short")])
def test_parts_that_do_not_add_up_to_the_sum_are_found(file: File, value: int, rule: str) -> None:
    receipt = file(*parts("police", 25, 15), {**ALONE, "value": value})
    assert rule in {found[0] for found in findings(receipt)}


def test_an_explanation_of_a_sum_is_held_against_the_ledgers_parts(file: File) -> None:
    wrong = {**ALONE, "value": 369, "explained_amount": 20, "explained_reason": "timing"}
    receipt = file(*parts("ledger", 63, 257), wrong)
    assert ("explained_sign", "reject", "explained_amount") in findings(receipt)
    assert file(*parts("ledger", 63, 257), {**wrong, "explained_amount": -20}).result == "stored"
    (row,) = discrepancy.comparisons(view()).to_dict("records")
    assert row["unexplained"] == 29


def test_below_a_street_no_sum_is_told_and_none_gives_a_part_away(file: File) -> None:
    """Village 10101 has 12 in all and 10 of one kind: whoever sees both knows the 2 of the other kind."""
    villages = {"10101": (12, 10), "10102": (40, 20)}
    for code, (whole, hmt) in villages.items():
        for source in ("ledger", "police"):
            figures = [
                {**ALONE, "value": whole, "source": source, "area_code": code},
                {"indicator": "hmt", "value": hmt, "source": source, "area_code": code},
            ]
            assert file(*figures).result == "stored"
    assert discrepancy.comparisons(view("10101")).empty
    for indicator in ("hmt", "hmt_foreign"):
        rows = discrepancy.by_child(view("101"), indicator, "police").set_index("code")
        assert rows.loc["10101", ["census_value", "benchmark_value"]].isna().all()
        assert rows["benchmark_value_masked"].sum() != 1, "one alone is what the street's sum leaves"
