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
from queries.intake.versions import settle_all
from queries.rollup import rebuild, roll_up
from queries.schema import daily_return, daily_return_history, load, target
from tests.rollup.oracle import differences, expected_progress, standing_versions, stored_progress
from tests.rollup.test_property import _empty, _frames, _returns, few, one_file, one_revision
from tests.rollup.tree import PHASE, START, UNITS, lay_out

# few keys and few values, so that loads correct one another again and again
dense_return = st.fixed_dictionaries(
    {
        "area_id": st.sampled_from(UNITS[:2]),
        "report_date": st.sampled_from([START, START + timedelta(days=1), START + timedelta(days=4)]),
        "on_time": st.none(),
        "is_nil": st.sampled_from([False, False, False, True]),
        "hh_done": st.integers(1, 3),
    }
)
# submitted at an hour of the day, or at none that is known; what came by noon was in time
timed_return = st.builds(
    lambda row, hour: (
        row
        if hour is None
        else {**row, "submitted_at": datetime(2010, 9, 30, hour), "on_time": hour < 12, "correction_reason": "counted"}
    ),
    dense_return,
    st.sampled_from([None, 9, 10, 11, 12, 13, 14]),
)
dense_file = st.lists(dense_return, min_size=1, max_size=6, unique_by=lambda row: (row["area_id"], row["report_date"]))
timed_file = st.lists(timed_return, min_size=1, max_size=6, unique_by=lambda row: (row["area_id"], row["report_date"]))
undoing = st.tuples(st.just("undo"), st.integers(0, 5))
step = st.one_of(
    st.tuples(st.just("returns"), dense_file),
    st.tuples(st.just("returns"), timed_file),
    st.tuples(st.just("returns"), timed_file),
    st.tuples(st.just("again"), st.integers(0, 5)),
    st.tuples(st.just("returns"), one_file),
    st.tuples(st.just("frames"), one_revision),
    undoing,
    undoing,
)
SAID = ("is_nil", "note", "hh_frame", "hh_done", "hh_vacant", "hh_away", "pers_total", "deaths", "visits_day")
Loads = list[tuple[int, str, dict[Any, dict[str, Any]]]]


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
        elif kind == "again":
            files = [rows for _load_id, _kind, rows in loads if rows]
            if files:
                _arrive("returns", list(files[what % len(files)].values()), loads, undone)
        else:
            _arrive(kind, what, loads, undone)
        with engine().connect() as connection:
            assert _current(connection) == _standing(loads, undone)
            expected = expected_progress(connection, PHASE)
            assert differences(expected, stored_progress(connection, PHASE)) == []
    with engine().begin() as connection:
        kept = stored_progress(connection, PHASE)
        rebuild(connection, PHASE)
        assert stored_progress(connection, PHASE) == kept  # to the last bit
        _nothing_is_lost(connection, loads)
        settle_all(connection)
        assert _current(connection) == _standing(loads, undone)


@few
@given(rows=st.lists(timed_return, min_size=2, max_size=7), order=st.randoms(use_true_random=False))
def test_versions_of_a_known_time_may_come_in_any_order(database: str, rows: list[dict[str, Any]], order: Any) -> None:
    timed = {(r["area_id"], r["report_date"], r["submitted_at"]): r for r in rows if "submitted_at" in r}
    files = list(timed.values())
    shuffled = list(files)
    order.shuffle(shuffled)
    seen = []
    for sequence in (files, shuffled):
        with engine().begin() as connection:
            _empty(connection)
            lay_out(connection)
            connection.execute(delete(load))
        for row in sequence:
            _arrive("returns", [row], [], set())
        with engine().connect() as connection:
            seen.append((_current(connection), stored_progress(connection, PHASE)))
    assert seen[0] == seen[1]


def _undo(which: int, loads: Loads, undone: set[int]) -> None:
    left = [load_id for load_id, _kind, _rows in loads if load_id not in undone]
    if not left:
        return
    chosen = left[which % len(left)]
    receipt = undo(chosen, now=datetime(2010, 10, 9))
    if receipt.result == "undone":
        undone.add(chosen)
        again = undo(chosen, now=datetime(2010, 10, 9))
        assert again.problem is not None
        assert again.problem.rule == "undone_already"
        back = undo(receipt.load_id or 0, now=datetime(2010, 10, 9))
        assert back.problem is not None
        assert back.problem.rule == "is_an_undo"
    else:  # it said only what was there
        assert receipt.problem is not None
        assert receipt.problem.rule == "nothing_to_undo"
        with engine().connect() as connection:
            versions = standing_versions(connection, PHASE).values()
        assert all(row["load_id"] != chosen for rows in versions for row in rows)


def _arrive(kind: str, rows: list[dict[str, Any]], loads: Loads, undone: set[int]) -> None:
    with engine().begin() as connection:
        load_id = connection.execute(
            insert(load)
            .values(loaded_at=datetime(2010, 10, 8), kind=kind, result="stored", simulated=False)
            .returning(load.c.id)
        ).scalar_one()
        if kind == "returns":
            stored = store_progress(connection, _returns(rows), load_id, datetime(2010, 10, 8, 20))
            loads.append((load_id, kind, _new_versions(rows, loads, undone)))
            assert stored.written == len(loads[-1][2])
        else:
            stored = store_targets(connection, _frames(rows), load_id)
            loads.append((load_id, kind, {}))
        roll_up(connection, PHASE, stored.changed)


def _new_versions(rows: list[dict[str, Any]], loads: Loads, undone: set[int]) -> dict[Any, dict[str, Any]]:
    """Return the rows of a file that are no copy of a version that stands."""
    new = {}
    for row in rows:
        key = (row["area_id"], row["report_date"])
        versions = _versions(key, loads, undone)
        times = [v["submitted_at"] for v in versions if v.get("submitted_at")]
        at, latest = row.get("submitted_at"), max(times, default=None)
        if at and latest and at < latest:
            copies = [v for v in versions if v.get("submitted_at") == at]
        else:
            copies = [_newest(versions)] if versions and (at is None or at == latest) else []
        if not any(_said(copy) == _said(row) for copy in copies):
            new[key] = row
    return new


def _versions(key: Any, loads: Loads, undone: set[int]) -> list[dict[str, Any]]:
    return [rows[key] for load_id, _kind, rows in loads if load_id not in undone and key in rows]


def _newest(versions: list[dict[str, Any]]) -> dict[str, Any]:
    """Let versions come one by one: none replaces one that was submitted later than it."""
    standing, latest = versions[0], versions[0].get("submitted_at")
    for version in versions[1:]:
        at = version.get("submitted_at")
        if at is None or latest is None or at >= latest:
            standing, latest = version, at or latest
    return standing


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in SAID)


def _current(connection: Connection) -> dict[Any, tuple[Any, ...]]:
    rows = connection.execute(select(daily_return)).mappings()
    return {(row["area_id"], row["report_date"]): _said(dict(row)) for row in rows}


def _standing(loads: Loads, undone: set[int]) -> dict[Any, tuple[Any, ...]]:
    """Return what must be current of each key."""
    keys = {key for load_id, _kind, rows in loads if load_id not in undone for key in rows}
    return {key: _said(_newest(_versions(key, loads, undone))) for key in keys}


def _nothing_is_lost(connection: Connection, loads: Loads) -> None:
    kept = set()
    for table in (daily_return, daily_return_history):
        for row in connection.execute(select(table)).mappings():
            kept.add((row["load_id"], row["area_id"], row["report_date"], _said(dict(row))))
    brought = {(n, *key, _said(row)) for n, _kind, rows in loads for key, row in rows.items()}
    assert brought <= kept
    numbered = [
        (row["area_id"], row["report_date"], row["version"])
        for table in (daily_return, daily_return_history)
        for row in connection.execute(select(table)).mappings()
    ]
    assert len(numbered) == len(set(numbered))
    versions = connection.execute(select(target.c.load_id)).scalars().all()
    assert set(versions) <= {n for n, kind, _rows in loads if kind == "frames"}
