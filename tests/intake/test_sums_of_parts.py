"""A figure whose parts add up to more than it is refused, and every sum that does not add up is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.intake.receipt import lines
from queries.intake.take_in import Receipt
from queries.intake.values import breakdowns
from tests.intake.world import benchmark, findings, load, settle_world
from tests.settling import settled

FLOWS = {"out6m_street": 40, "out6m_district": 30, "out6m_city": 20, "out6m_province": 10}


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def flow(indicator: str, value: int, **more: object) -> dict[str, object]:
    return benchmark(indicator=indicator, source="ledger", value=value, cutoff_at="2010-09-20", **more)


def file_flows(folder: Path, total: int, name: str = "flows", **parts: int) -> Receipt:
    return load(folder, flow("out6m", total), *(flow(n, v) for n, v in {**FLOWS, **parts}.items()), name=name)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("120+80; 60+140", [[120, 80], [60, 140]]),
        ("18,988 + 11,646", [[18988, 11646]]),
        ("１２＋３；4", [[12, 3], [4]]),
        ("12+x", None),
        ("", None),
        ("-3+5", None),
    ],
)
def test_breakdowns_are_read_as_they_are_written(text: str, read: list[list[int]] | None) -> None:
    assert breakdowns(text) == read


def test_every_breakdown_that_does_not_add_up_is_named_in_the_refusal(folder: Path) -> None:
    receipt = load(folder, benchmark(value=100, parts="60+40; 60+70; 99+4"))
    assert receipt.result == "rejected"
    said = " ".join(lines(receipt, "en"))
    assert "60 + 70 = 130 (+30)" in said
    assert "99 + 4 = 103 (+3)" in said
    assert "60 + 40" not in said


def test_parts_filed_as_indicators_are_added_up(folder: Path) -> None:
    receipt = file_flows(folder, 95)
    assert ("parts_exceed", "reject", "value") in findings(receipt)
    assert receipt.rows_rejected == 1
    assert "40 + 30 + 20 + 10 = 100 (+5)" in " ".join(lines(receipt, "zh_Hans"))


def test_what_parts_leave_unallocated_is_a_warning_and_is_stored(folder: Path) -> None:
    receipt = file_flows(folder, 110)
    assert receipt.result == "stored"
    assert findings(receipt) == {("parts_fall_short", "warn", "value")}
    assert file_flows(folder, 100, "even").warnings == {}


def test_parts_are_added_up_with_a_total_that_is_already_on_file(folder: Path) -> None:
    assert load(folder, flow("out6m", 95), name="total").result == "stored"
    receipt = load(folder, *(flow(n, v) for n, v in FLOWS.items()), name="parts")
    assert receipt.result == "rejected"
    assert receipt.rows_rejected == len(FLOWS)


def test_some_of_the_parts_may_be_missing(folder: Path) -> None:
    receipt = load(folder, flow("out6m", 95), flow("out6m_street", 40), name="some")
    assert (receipt.result, findings(receipt)) == ("stored", set())


def test_parts_of_another_source_or_cutoff_are_another_sum(folder: Path) -> None:
    total = flow("out6m", 95)
    parts = [{**flow(n, v), "cutoff_at": "2010-09-21"} for n, v in FLOWS.items()]
    assert load(folder, total, *parts, name="other").result == "stored"
