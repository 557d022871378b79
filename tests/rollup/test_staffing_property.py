"""Staffing in any order of returns and frames: the rows of a rebuild and of the oracle, and sums that come out even."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert

from queries.counts import STAFF_COUNTS
from queries.database import engine
from queries.intake.store import ADDED_HERE, store_staffing, store_targets
from queries.schema import (
    area,
    phase,
    phase_area,
    phase_day,
    staffing_progress,
    staffing_return,
    staffing_return_history,
    target,
)
from queries.staffing_rollup import roll_up_staffing
from tests.rollup.oracle import differences
from tests.rollup.staffing_oracle import KEY, expected_staffing, stored_staffing
from tests.rollup.tree import START, UNITS, lay_out

RULE = {"persons_per_enumerator": 300, "eds_per_supervisor": 4}
FEW_COUNTS = ("need", "in_post", "trained", "tested", "passed", "certified", "insured", "recruited", "withdrawn",
              "dismissed", "substituted", "eds_total", "eds_uncovered", "absent_today", "replaced_today")  # fmt: skip
# Roster before the sweep, the short form after it and over its end: id, code, first day, last day.
OTHERS = ((2, "short", 7, 15), (3, "roster", -12, -5))
VILLAGES_OF = {2: (3, 4, 5), 6: (7, 8)}
few = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)
count = st.one_of(st.none(), st.integers(0, 30))
day = st.integers(-15, 18).map(lambda n: START + timedelta(days=n))
one_return = st.fixed_dictionaries(
    {
        "place": st.sampled_from(UNITS),
        "role": st.sampled_from(["enumerator", "enumerator", "supervisor"]),
        "report_date": day,
        "is_nil": st.sampled_from([False, False, False, True]),
        **dict.fromkeys(FEW_COUNTS, count),
    }
)
one_file = st.lists(one_return, min_size=1, max_size=10)
one_frame = st.fixed_dictionaries(
    {
        "phase_id": st.sampled_from([1, 1, 2, 3]),
        "area_id": st.sampled_from(UNITS),
        "valid_from": st.one_of(st.none(), day),
        "eds": st.one_of(st.none(), st.integers(0, 9)),
        "frame_persons": st.one_of(st.none(), st.integers(0, 2000)),
        "frame_households": st.one_of(st.none(), st.integers(0, 700)),
    }
)
one_revision = st.lists(one_frame, min_size=1, max_size=8, unique_by=lambda row: (row["phase_id"], row["area_id"]))
arrivals = st.lists(
    st.one_of(st.tuples(st.just("returns"), one_file), st.tuples(st.just("frames"), one_revision)),
    min_size=1,
    max_size=6,
)


@few
@given(arrivals, st.sets(st.sampled_from(sorted(VILLAGES_OF))))
def test_any_order_of_arrivals_ends_in_rows_that_add_up(
    database: str, arriving: list[tuple[str, list[dict[str, Any]]]], streets_that_file: set[int]
) -> None:
    with engine().begin() as connection:
        _empty(connection)
        for kind, rows in arriving:
            if kind == "frames":
                store_targets(connection, _frames(rows), 1)
                roll_up_staffing(connection, RULE)
            else:
                _file(connection, rows, streets_that_file)
            expected = expected_staffing(connection)
            stored = stored_staffing(connection)
            assert differences(expected, stored) == []
        for row in stored.values():
            assert set(row) == {*KEY, "parent_id", *next(iter(expected.values()))}  # no column goes unlooked at
            _adds_up(row)
        roll_up_staffing(connection, RULE)
        assert stored_staffing(connection) == stored


def _adds_up(row: dict[str, Any]) -> None:
    names = ("required_known", "in_post_known", "posts_filled", "shortfall", "surplus")
    required, in_post, filled, short, surplus = (row[name] for name in names)
    if row["units_judged"] == 0:
        assert {required, in_post, filled, short, surplus} == {None} or row["units"] > 1
        return
    assert required - short + surplus == in_post
    assert filled + short == required
    assert row["units_judged"] <= min(row["units_required"], row["units_in_post"]) <= row["units"]


def _file(connection: Connection, rows: list[dict[str, Any]], streets_that_file: set[int]) -> None:
    """Store returns as `take_in` does: from the day of the first of them, from the beginning if an area is new."""
    above = {v: s for s, villages in VILLAGES_OF.items() for v in villages if s in streets_that_file}
    streets = {v: s for s, villages in VILLAGES_OF.items() for v in villages}
    placed = [
        {**row, "area_id": (above if row["role"] == "enumerator" else streets).get(row["place"], row["place"])}
        for row in rows
    ]
    frame = pd.DataFrame(placed).drop(columns="place")
    frame = frame.drop_duplicates(["role", "area_id", "report_date"], keep="last")
    absent = [c.name for c in staffing_return.c if c.name not in (*frame.columns, *ADDED_HERE)]
    frame = frame.assign(**dict.fromkeys(absent)).assign(report_date=pd.to_datetime(frame["report_date"]))
    frame["on_time"] = pd.array([pd.NA] * len(frame), dtype="boolean")
    known = {(r, a) for r, a in connection.execute(staffing_return.select().with_only_columns(
        staffing_return.c.role, staffing_return.c.area_id))}  # fmt: skip
    store_staffing(connection, frame.astype(dict.fromkeys(STAFF_COUNTS, "Int64")), 1, datetime(2010, 10, 1))
    fresh = not set(zip(frame["role"], frame["area_id"], strict=True)) <= known
    roll_up_staffing(connection, RULE, None if fresh else frame["report_date"].min().date())


def _frames(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows).assign(hard_to_count=None, reason="revised")


def _empty(connection: Connection) -> None:
    tables = (staffing_progress, staffing_return_history, staffing_return, target, phase_day, phase_area, phase, area)
    for table in tables:
        connection.execute(delete(table))
    lay_out(connection)
    connection.execute(delete(phase_day))
    connection.execute(
        insert(phase),
        [
            {"id": id_, "code": code, "name_en": code, "name_zh_hans": code, "name_zh_hant": code,
             "start": START + timedelta(days=first), "end": START + timedelta(days=last), "cutoff": time(17, 30),
             "grace_minutes": 30, "measure": "hh", "working_days": [1], "curve": {"shape": "linear"}}
            for id_, code, first, last in OTHERS
        ],
    )  # fmt: skip
