"""A town whose published sums do not add up is refused, each such sum by name, and taken in once they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from queries import database
from queries.database import fetch
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import take_in
from queries.schema import benchmark
from tests.real.handbook import numbers, town_of_sums

EVENING = datetime(2010, 10, 8, 20)


def town(handbook: Path) -> tuple[list[list[int]], float, tuple[float, float]]:
    """Return the two breakdowns of the town's total, the total, and its outflow: sum of the parts, and as stated."""
    text = town_of_sums(handbook)
    total = re.search(r"total ([\d,]+) = ([\d,+ ]+) ✓", text)
    kinds = re.search(r"five kinds ([\d,+ ]+) = [\d,]+ ✗", text)
    outflow = re.search(r"outflow six parts ([\d,]+) ✗ ([\d,]+)", text)
    assert None not in (total, kinds, outflow)
    breakdowns = [[int(n) for n in numbers(found.replace("+", " "))] for found in (total[2], kinds[1])]
    return breakdowns, numbers(total[1])[0], (numbers(outflow[1])[0], numbers(outflow[2])[0])


def file_town(folder: Path, rows: list[dict[str, Any]]) -> Receipt:
    frame = pd.DataFrame(rows).assign(area_code="340111001000", concept_note="as published", cutoff_at="2010-10-08")
    frame.to_csv(folder / "town.csv", index=False)
    return take_in(folder / "town.csv", now=EVENING)


@pytest.fixture
def folder(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    path = tmp_path / "areas.csv"
    pd.DataFrame([{"code": "340111001000", "name": "包河镇", "parent_code": "", "level": "4"}]).to_csv(
        path, index=False
    )
    assert take_in(path, now=EVENING).result == "stored"
    yield tmp_path
    database.engine().dispose()
    database._engine.cache_clear()


def test_the_town_is_refused_and_each_sum_that_does_not_add_up_is_named(handbook: Path, folder: Path) -> None:
    """Of the three sums that are published one adds up; only the sum of the six parts of the outflow is known."""
    breakdowns, total, (parts, stated) = town(handbook)
    assert sum(breakdowns[0]) == total
    six = [int(parts) // 6] * 5
    six.append(int(parts) - sum(six))
    receipt = file_town(
        folder,
        [
            {"indicator": "total_persons", "source": "ledger", "value": total,
             "parts": "; ".join("+".join(map(str, b)) for b in breakdowns)},
            {"indicator": "out6m", "source": "ledger", "value": stated, "parts": "+".join(map(str, six))},
        ],
    )  # fmt: skip
    assert (receipt.result, receipt.rows_rejected) == ("rejected", 2)
    assert fetch(select(benchmark.c.id)).empty
    text = town_of_sums(handbook)
    excess = re.search(r"✗ \(\+([\d,]+)\)", text)
    assert excess is not None
    for language in ("en", "zh_Hans", "zh_Hant"):
        said = "\n".join(lines(receipt, language))
        assert f"= {sum(breakdowns[1]):,} (+{excess[1]})" in said
        assert f"= {parts:,.0f} (+{parts - stated:,.0f})" in said
        assert f"= {total:,.0f}" not in said, "the sum that adds up is not complained of"


def test_the_town_is_taken_in_once_its_sums_add_up(handbook: Path, folder: Path) -> None:
    breakdowns, total, (parts, _stated) = town(handbook)
    receipt = file_town(
        folder,
        [
            {"indicator": "total_persons", "source": "ledger", "value": total,
             "parts": "+".join(map(str, breakdowns[0]))},
            {"indicator": "out6m", "source": "ledger", "value": parts, "parts": ""},
        ],
    )  # fmt: skip
    assert (receipt.result, receipt.rows_stored) == ("stored", 2)
