"""Missing is never zero: it is a bound, a carried figure that says so, or unknown."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert

from queries import areas, completion, discrepancy, staffing
from queries.database import engine
from queries.schema import benchmark
from queries.view import View
from tests.intake.world import load, settle_world
from tests.intake.world import staffing as staffing_return
from tests.rollup.letters import FRAME, arrive, done, filing, on, settle, view
from tests.settling import settled


@pytest.fixture(name="district")
def _district(database: str) -> str:
    """Settle the district in a database of each kind."""
    with engine().begin() as connection:
        settle(connection)
    return database


def test_what_is_missing_is_a_bound_or_unknown_and_never_zero(district: str) -> None:
    streets = completion.by_child(view()).set_index("area_id")
    carried = done(7, 3) + 1 + done(8, 4) + 1
    assert streets.loc[6, "resolved_carried"] == streets.loc[6, "hh_resolved"] == carried
    assert streets.loc[6, "carried_share"] == 1
    assert np.isnan(streets.loc[6, "increment"])
    units = completion.by_child(view(2)).set_index("area_id")
    assert np.isnan(units.loc[5, "resolution_rate"])
    assert (units.loc[5, "resolution_low"], units.loc[5, "resolution_high"]) == (0, 1)
    assert units.loc[5, "behind_hh"] == pytest.approx(FRAME * units.loc[5, "planned_share"])
    backlog = [max(0.0, 0.6 * frame - known) for frame, known in ((50, done(3, 5) + 1), (40, done(4, 5) + 1), (40, 0))]
    assert streets.loc[2, "behind_hh"] == pytest.approx(sum(backlog))
    assert streets.loc[2, "increment_high"] == streets.loc[2, "increment"] + FRAME
    assert completion.not_started(view(2)).empty
    early = completion.by_child(view(6, 0)).set_index("area_id").loc[7]
    assert early[["resolution_rate", "resolution_low", "resolution_high", "increment"]].isna().all()


def test_a_day_of_an_area_without_any_return_has_no_increment(district: str) -> None:
    days = completion.daily(view(6)).set_index("date")["increment"]
    assert days.iloc[2:5].tolist() == [2 * 3, 2 * 3, 3]
    assert np.isnan(days.iloc[5])
    cells = completion.daily_by_unit(view())
    silent = cells[cells["carried"]]
    assert set(zip(silent["area_id"], silent["date"].dt.date, strict=True)) >= {(7, on(4)), (7, on(5)), (8, on(5))}
    assert not cells.loc[cells["area_id"] == 5, "carried"].any()


def test_posts_of_villages_without_a_staffing_return_may_all_be_short(database: str, tmp_path: Path) -> None:
    settled(settle_world, tmp_path / "world")
    absent = staffing_return(report_date="2010-09-21", absent_today="", replaced_today="")
    assert load(tmp_path, absent, name="absent").result == "stored"
    place = areas.by_address("101")
    assert place is not None
    street = View(1, date(2010, 9, 21), place, place, "en")
    row = staffing.of_area(street).set_index("role").loc["enumerator"]
    assert (row["units"], row["units_missing"], row["required"]) == (3, 1, 6)
    assert (row["shortfall"], row["shortfall_high"]) == (0, 2)
    villages = staffing.by_child(street)
    villages = villages[villages["role"] == "enumerator"].set_index("code")
    assert villages.loc["10101", "active_today"] == 3
    assert np.isnan(villages.loc["10102", "active_today"])


def test_a_part_that_nobody_counted_is_not_a_part_of_nobody(district: str) -> None:
    with engine().begin() as connection:
        connection.execute(
            insert(benchmark),
            [
                {"area_id": 1, "indicator": indicator, "source": "police", "value": 10, "concept_note": "x",
                 "status": "to verify", "received_at": datetime(2010, 9, 20), "version": 1, "load_id": 1}
                for indicator in ("hmt", "foreign", "birth")
            ],
        )  # fmt: skip
    assert set(discrepancy.capture(view())["indicator"]) == {"birth"}
    with engine().begin() as connection:
        arrive(connection, 40, 5, [filing(3, 5, hmt=2, foreign=None)])
    assert set(discrepancy.capture(view())["indicator"]) == {"birth"}
    with engine().begin() as connection:
        arrive(connection, 41, 5, [filing(3, 5, hmt=2, foreign=1)])
    found = discrepancy.capture(view()).set_index("indicator")["found"]
    assert found["hmt_foreign"] == 3
