"""Any sequence of loads and undos ends in the rows of the loads that were not undone, and rolled up as from scratch."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select

from queries.database import engine
from queries.intake.store import store_progress, store_targets
from queries.intake.undo import undo
from queries.rollup import rebuild, roll_up
from queries.schema import daily_return, daily_return_history, load, target
from tests.rollup.oracle import differences, expected_progress, stored_progress
from tests.rollup.test_property import _empty, _frames, _returns, few, one_file, one_revision
from tests.rollup.tree import PHASE, START, UNITS, lay_out

# few keys and few values, so that loads correct one another again and again
dense_return = st.fixed_dictionaries(
    {
        "area_id": st.sampled_from(UNITS[:2]),
        "report_date": st.sampled_from([START, START + timedelta(days=1), START + timedelta(days=4)]),
        "on_time": st.none(),
        "is_nil": st.sampled_from([False, False, False, True]),
        "hh_done": st.integers(1, 4),
    }
)
dense_file = st.lists(dense_return, min_size=1, max_size=6, unique_by=lambda row: (row["area_id"], row["report_date"]))
undoing = st.tuples(st.just("undo"), st.integers(0, 5))
step = st.one_of(
    st.tuples(st.just("returns"), dense_file),
    st.tuples(st.just("returns"), dense_file),
    st.tuples(st.just("returns"), one_file),
    st.tuples(st.just("frames"), one_revision),
    undoing,
    undoing,
)
SAID = ("is_nil", "note", "hh_frame", "hh_done", "hh_vacant", "hh_away", "pers_total", "deaths", "visits_day")
Loads = list[tuple[int, str, dict[Any, tuple[Any, ...]]]]


def said(unit: int, done: int) -> dict[str, Any]:
    return {"area_id": unit, "report_date": START, "on_time": None, "is_nil": False, "hh_done": done}


@few
@example(
    steps=[
        ("returns", [said(UNITS[0], 1), said(UNITS[1], 1)]),
        ("returns", [said(UNITS[1], 2)]),
        ("undo", 0),
        ("undo", 0),
    ]
)
@given(steps=st.lists(step, min_size=3, max_size=10))
def test_loads_and_undos_in_any_order(database: str, steps: list[tuple[str, Any]]) -> None:
    with engine().begin() as connection:
        _empty(connection)
        lay_out(connection)
        connection.execute(delete(load))
    loads: Loads = []
    undone: set[int] = set()
    for kind, what in steps:
        if kind == "undo":
            _undo(what, loads, undone)
        else:
            _arrive(kind, what, loads, undone)
        with engine().connect() as connection:
            assert _current(connection) == _standing(loads, undone)
            expected = expected_progress(connection, PHASE)
            assert differences(expected, stored_progress(connection, PHASE)) == []
    with engine().begin() as connection:
        rebuild(connection, PHASE)
        assert differences(expected_progress(connection, PHASE), stored_progress(connection, PHASE)) == []
        _nothing_is_lost(connection, loads)


def _undo(which: int, loads: Loads, undone: set[int]) -> None:
    left = [load_id for load_id, _kind, _rows in loads if load_id not in undone]
    if not left:
        return
    chosen = left[which % len(left)]
    receipt = undo(chosen, now=datetime(2010, 10, 9))
    kind, rows = next((kind, rows) for load_id, kind, rows in loads if load_id == chosen)
    if receipt.result == "undone":
        undone.add(chosen)
    else:  # all of its rows were corrected since: nothing of it stands
        assert receipt.problem is not None
        assert receipt.problem.rule == "nothing_to_undo"
        if kind == "returns":
            standing = _standing(loads, undone)
            assert all(_newest(key, loads, undone) != chosen for key in rows), standing


def _arrive(kind: str, rows: list[dict[str, Any]], loads: Loads, undone: set[int]) -> None:
    with engine().begin() as connection:
        load_id = connection.execute(
            insert(load)
            .values(loaded_at=datetime(2010, 10, 8), kind=kind, result="stored", simulated=False)
            .returning(load.c.id)
        ).scalar_one()
        if kind == "returns":
            before = _current(connection)
            said = {(row["area_id"], row["report_date"]): _said(row) for row in rows}
            stored = store_progress(connection, _returns(rows), load_id, datetime(2010, 10, 8, 20))
            loads.append((load_id, kind, {key: row for key, row in said.items() if before.get(key) != row}))
        else:
            stored = store_targets(connection, _frames(rows), load_id)
            loads.append((load_id, kind, {}))
        roll_up(connection, PHASE, stored.changed)


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in SAID)


def _current(connection: Connection) -> dict[Any, tuple[Any, ...]]:
    rows = connection.execute(select(daily_return)).mappings()
    return {(row["area_id"], row["report_date"]): _said(dict(row)) for row in rows}


def _newest(key: Any, loads: Loads, undone: set[int]) -> int | None:
    return next((n for n, _kind, rows in reversed(loads) if n not in undone and key in rows), None)


def _standing(loads: Loads, undone: set[int]) -> dict[Any, tuple[Any, ...]]:
    """Return what must be current: of each key, the row of the newest load that was not undone."""
    standing: dict[Any, tuple[Any, ...]] = {}
    for load_id, _kind, rows in loads:
        if load_id not in undone:
            standing |= rows
    return standing


def _nothing_is_lost(connection: Connection, loads: Loads) -> None:
    kept = set()
    for table in (daily_return, daily_return_history):
        for row in connection.execute(select(table)).mappings():
            kept.add((row["load_id"], row["area_id"], row["report_date"], _said(dict(row))))
    brought = {(n, *key, row) for n, _kind, rows in loads for key, row in rows.items()}
    assert brought <= kept
    numbered = [
        (row["area_id"], row["report_date"], row["version"])
        for table in (daily_return, daily_return_history)
        for row in connection.execute(select(table)).mappings()
    ]
    assert len(numbered) == len(set(numbered))
    versions = connection.execute(select(target.c.load_id)).scalars().all()
    assert set(versions) <= {n for n, kind, _rows in loads if kind == "frames"}
