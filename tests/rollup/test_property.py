"""Any order of loads, corrections and late returns ends in the rows that a rebuild from scratch gives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from queries.database import engine
from queries.intake.store import ADDED_HERE, store_progress, store_targets
from queries.rollup import rebuild, roll_up
from queries.schema import (
    area,
    daily_return,
    daily_return_history,
    phase,
    phase_area,
    phase_day,
    progress,
    target,
)
from tests.rollup.oracle import differences, expected_progress, stored_progress
from tests.rollup.tree import PHASE, START, UNITS, lay_out

count = st.one_of(st.none(), st.integers(0, 60))
one_return = st.fixed_dictionaries(
    {
        "area_id": st.sampled_from(UNITS),
        "report_date": st.integers(-1, 9).map(lambda n: START + timedelta(days=n)),
        "on_time": st.sampled_from([True, False, None]),
        "is_nil": st.sampled_from([False, False, False, True]),
        "hh_frame": st.sampled_from([None, None, 40]),
        "hh_done": count,
        "hh_vacant": count,
        "hh_away": count,
        "pers_total": count,
        "deaths": count,
        "visits_day": count,
    }
)
one_file = st.lists(one_return, min_size=1, max_size=12, unique_by=lambda row: (row["area_id"], row["report_date"]))
one_frame = st.fixed_dictionaries(
    {
        "area_id": st.sampled_from(UNITS),
        "valid_from": st.one_of(st.none(), st.integers(0, 6).map(lambda n: START + timedelta(days=n))),
        "frame_households": st.one_of(st.none(), st.integers(0, 90)),
        "frame_persons": count,
    }
)
one_revision = st.lists(one_frame, min_size=1, max_size=4, unique_by=lambda row: row["area_id"])
arrival = st.one_of(st.tuples(st.just("returns"), one_file), st.tuples(st.just("frames"), one_revision))
few = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


@few
@given(arrivals=st.lists(arrival, min_size=1, max_size=6), off=st.sets(st.integers(0, 9), max_size=5))
def test_any_sequence_of_loads_equals_a_rebuild_and_the_oracle(
    database: str, arrivals: list[tuple[str, list[dict[str, Any]]]], off: set[int]
) -> None:
    with engine().begin() as connection:
        _empty(connection)
        lay_out(connection, off)
        for kind, rows in arrivals:
            _arrive(connection, kind, rows)
            expected = expected_progress(connection, PHASE)
            assert differences(expected, stored_progress(connection, PHASE)) == []
        rebuild(connection, PHASE)
        assert differences(expected, stored_progress(connection, PHASE)) == []


@few
@given(rows=one_file, order=st.randoms(use_true_random=False))
def test_the_order_in_which_returns_arrive_does_not_matter(
    database: str, rows: list[dict[str, Any]], order: Any
) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)
    seen = []
    for sequence in (rows, shuffled):
        with engine().begin() as connection:
            _empty(connection)
            lay_out(connection)
            for row in sequence:
                _arrive(connection, "returns", [row])
            seen.append(stored_progress(connection, PHASE))
    assert differences(*seen) == []


@few
@given(first=one_file, second=one_file)
def test_nothing_reported_is_ever_lost(
    database: str, first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    with engine().begin() as connection:
        _empty(connection)
        lay_out(connection)
        _arrive(connection, "returns", first)
        before = {(r.area_id, r.report_date): r.hh_done for r in connection.execute(daily_return.select())}
        _arrive(connection, "returns", second)
        kept = {(r.area_id, r.report_date, r.hh_done) for r in connection.execute(daily_return.select())}
        kept |= {(r.area_id, r.report_date, r.hh_done) for r in connection.execute(daily_return_history.select())}
    assert {(*key, done) for key, done in before.items()} <= kept


def _arrive(connection: Connection, kind: str, rows: list[dict[str, Any]]) -> None:
    if kind == "returns":
        stored = store_progress(connection, _returns(rows), 1, datetime(2010, 10, 8, 20, 0))
    else:
        stored = store_targets(connection, _frames(rows), 1)
    roll_up(connection, PHASE, stored.changed)


def _frames(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows).assign(phase_id=PHASE, eds=None, hard_to_count=None, reason=None)


def _returns(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows).assign(phase_id=PHASE)
    frame["report_date"] = pd.to_datetime(frame["report_date"])
    frame["on_time"] = frame["on_time"].astype("boolean")
    absent = {c.name: None for c in daily_return.c if c.name not in (*frame.columns, *ADDED_HERE)}
    return frame.assign(**absent)


def _empty(connection: Connection) -> None:
    for table in (progress, daily_return, daily_return_history, target, phase_day, phase_area, phase, area):
        connection.execute(delete(table))
