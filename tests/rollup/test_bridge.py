"""Whatever arrives in whatever order, the bridge since a check-in adds up exactly, unit by unit and area by area."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from queries.check_in import bridge, meeting
from queries.database import engine
from queries.schema import check_in, check_in_unit
from queries.view import View
from tests.rollup.oracle import expected_progress
from tests.rollup.test_property import _arrive, _empty, arrival, one_file
from tests.rollup.tree import AREAS, PHASE, START, UNITS, lay_out

Unit = dict[str, Any]
STREETS = (2, 6)
some = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)
arrivals = st.lists(arrival, min_size=0, max_size=4)
days = st.integers(0, 9)


def view(day: date, area_id: int = 1) -> View:
    return View(PHASE, day, area_id, 1)


def open_households(frame: int | None, resolved: int | None) -> int:
    return 0 if frame is None else max(0, frame - (resolved or 0))


def known(connection: Connection, day: date) -> dict[int, Unit]:
    """Return what is known of each unit on a day, worked out from the raw tables."""
    rows = expected_progress(connection, PHASE)
    return {unit: rows[unit, day] for unit in UNITS if (unit, day) in rows}


def latest(connection: Connection, wanted: date) -> date:
    """Return the wanted day, or the last one for which anything is known."""
    found = [day for _area, day in expected_progress(connection, PHASE)]
    return min(wanted, max(found))


def walked(then: Unit, past: Unit, now: Unit) -> dict[str, int]:
    """Walk one unit from a check-in to now, by the definitions."""
    frame, before = now.get("hh_frame"), then.get("hh_resolved")
    start = open_households(then.get("hh_frame"), before)
    retargeted = open_households(frame, before)
    restated = open_households(frame, past.get("hh_resolved"))
    end = open_households(frame, now.get("hh_resolved"))
    was_in, is_in_for_then = bool(then.get("leaves_reported")), bool(past.get("leaves_reported"))
    late = not was_in and is_in_for_then
    silent = bool(then.get("leaves_due")) and not was_in and not is_in_for_then
    missing = bool(now.get("leaves_due")) and not now.get("leaves_reported")
    return {
        "then": start,
        "target": retargeted - start,
        "corrections": 0 if late else restated - retargeted,
        "newly_in": (restated - retargeted if late else 0) + (end - restated if silent else 0),
        "work": 0 if silent else end - restated,
        "now": end,
        "newly_missing": int(missing and (was_in or is_in_for_then)),
        "still_missing": int(missing and not (was_in or is_in_for_then)),
        "uncertain": end if missing else 0,
    }


def assert_bridge(moved: pd.DataFrame, expected: dict[int, dict[str, int]], area_id: int) -> None:
    """Compare the bridge of an area with its units walked one by one; it must add up exactly."""
    first, last = next((f, t) for i, _, _, _, f, t in AREAS if i == area_id)
    inside = [row for unit, row in expected.items() if first <= unit <= last]
    steps = bridge.steps(moved).set_index("step")
    for name in ("then", "target", "corrections", "newly_in", "work", "now"):
        assert steps.loc[name, "households"] == sum(row[name] for row in inside), name
    for name in ("newly_missing", "still_missing"):
        assert steps.loc[name, "units"] == sum(row[name] for row in inside), name
    assert steps["uncertain"].sum() == sum(row["uncertain"] for row in inside)
    moves = steps.loc[list(bridge.MOVES), "households"].sum()
    assert steps.loc["then", "households"] + moves == steps.loc["now", "households"]
    assert (moved["then"] + moved[list(bridge.MOVES)].sum(axis=1) == moved["now"]).all()


@some
@given(first=one_file, before=arrivals, after=arrivals, held_on=days, seen_on=days)
def test_it_adds_up_after_any_loads_corrections_late_returns_and_changed_frames(
    database: str,
    first: list[dict[str, Any]],
    before: list[tuple[str, list[dict[str, Any]]]],
    after: list[tuple[str, list[dict[str, Any]]]],
    held_on: int,
    seen_on: int,
) -> None:
    with engine().begin() as connection:
        _start_again(connection)
        for kind, rows in (("returns", first), *before):
            _arrive(connection, kind, rows)
        day = latest(connection, START + timedelta(days=held_on))
        then = known(connection, day)
    check_in_id = _hold(day)
    with engine().begin() as connection:
        for kind, rows in after:
            _arrive(connection, kind, rows)
        today = latest(connection, START + timedelta(days=max(held_on, seen_on)))
        past, now = known(connection, day), known(connection, today)
    expected = {unit: walked(then[unit], past[unit], now[unit]) for unit in UNITS}
    for area_id in (1, *STREETS, 3, 9):
        assert_bridge(bridge.since(view(today, area_id), check_in_id, day), expected, area_id)
    yesterday = day - timedelta(days=1)
    with engine().connect() as connection:
        before_it = known(connection, yesterday)
        at_day = known(connection, day)
    expected = {u: walked(before_it.get(u, {}), before_it.get(u, {}), at_day[u]) for u in UNITS}
    assert_bridge(bridge.since(view(day), None, yesterday), expected, 1)


@some
@given(first=one_file, between=arrivals, after=arrivals, held_on=days)
def test_each_check_in_begins_where_the_one_before_ended_and_stays_as_it_was(
    database: str,
    first: list[dict[str, Any]],
    between: list[tuple[str, list[dict[str, Any]]]],
    after: list[tuple[str, list[dict[str, Any]]]],
    held_on: int,
) -> None:
    last = {"area_id": 3, "report_date": START + timedelta(days=9), "hh_done": 1}
    blank = {"on_time": None, "is_nil": False, "hh_frame": None, "hh_vacant": None, "hh_away": None}
    filler = {**blank, "pers_total": None, "deaths": None, "visits_day": None, **last}
    with engine().begin() as connection:
        _start_again(connection)
        for kind, rows in (("returns", [filler]), ("returns", first)):
            _arrive(connection, kind, rows)
    one, two = START + timedelta(days=min(held_on, 8)), START + timedelta(days=9)
    earlier = _hold(one)
    with engine().begin() as connection:
        for kind, rows in between:
            _arrive(connection, kind, rows)
    live = bridge.since(view(two), earlier, one)
    later = _hold(two)
    start = bridge.at_close(view(one), earlier)
    assert bridge.totals(start).loc[1].drop("point").tolist() == bridge.totals(live).loc[0].drop("point").tolist()
    with engine().begin() as connection:
        for kind, rows in after:
            _arrive(connection, kind, rows)
    pd.testing.assert_frame_equal(bridge.at_close(view(two), later), live)
    assert bridge.steps(bridge.since(view(two), later, two)).iloc[0]["households"] == live["now"].sum()


def _start_again(connection: Connection) -> None:
    for table in (check_in_unit, check_in):
        connection.execute(delete(table))
    _empty(connection)
    lay_out(connection)


def _hold(day: date) -> int:
    """Hold the district's check-in of a day and close it."""
    check_in_id = meeting.open_meeting(view(day), role="test", now=datetime(2010, 10, 8, 19, 30))
    meeting.close_meeting(view(day), check_in_id, {}, 1, data_version=1, role="test")
    return check_in_id
