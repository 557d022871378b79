"""A district small enough to read: each letter below is a return of a unit on a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert

from queries.intake.store import ADDED_HERE, store_progress, store_targets
from queries.rollup import roll_up
from queries.schema import daily_return, load
from queries.view import View
from tests.rollup.tree import PHASE, START, UNITS, lay_out

# T on time, L late, U no time of submission, N nil, C corrected later, - silent, ! never in, . outside its phase
FILED = {
    3: "TCTTTT",
    4: "TTLNUT",
    5: "!!!!!!",
    7: ".TTT--",
    8: ".TTTT-",
    9: "TTCTNT",
}
LATE_TOO = {(9, 2), (9, 4)}  # nil and corrected returns that came late
WORDS = {"T": "on_time", "L": "late", "U": "untimed", "N": "nil", "C": "corrected", "-": "carried", "!": "never",
         ".": "not_due"}  # fmt: skip
IN = "TLUNC"
CHILDREN = {2: [3, 4, 5], 6: [7, 8], 9: [9]}
LAST = 5
FRAME = 40


def on(n: int) -> date:
    """Return a day of the phase, counted from 0."""
    return START + timedelta(days=n)


def view(area_id: int = 1, n: int = LAST, scope_id: int = 1) -> View:
    """Return a view of an area as of a day."""
    return View(PHASE, on(n), area_id, scope_id, "en")


def letters(units: list[int], first: int = 0, last: int = LAST) -> list[tuple[int, int, str]]:
    """Return unit, day and letter of some units over some days."""
    return [(unit, n, FILED[unit][n]) for unit in units for n in range(first, last + 1)]


def is_on_time(unit: int, n: int) -> bool:
    """Return whether a return came by the cut-off and its grace."""
    return FILED[unit][n] in "TNC" and (unit, n) not in LATE_TOO


def done(unit: int, n: int) -> int:
    """Return the households that a unit has registered by a day."""
    return 2 * unit + 3 * n


def filing(unit: int, n: int, **changes: Any) -> dict[str, Any]:
    """Return one return as it is stored, with some fields changed."""
    return {
        "area_id": unit,
        "report_date": pd.Timestamp(on(n)),
        "on_time": None if FILED[unit][n] == "U" else is_on_time(unit, n),
        "is_nil": FILED[unit][n] == "N",
        "hh_done": done(unit, n),
        "hh_vacant": 1,
        "pers_total": 3 * done(unit, n),
        "births": n,
    } | changes


def arrive(connection: Connection, load_id: int, day: int, rows: list[dict[str, Any]]) -> None:
    """Store returns as a load of their own and roll them up."""
    at = datetime.combine(on(day), datetime.min.time()).replace(hour=19)
    connection.execute(
        insert(load).values(
            id=load_id, loaded_at=at, kind="progress", file_name=f"file {load_id}", result="stored", simulated=False
        )
    )
    frame = pd.DataFrame(rows).assign(phase_id=PHASE)
    frame["on_time"] = frame["on_time"].astype("boolean")
    frame = frame.assign(**{c.name: None for c in daily_return.c if c.name not in (*frame.columns, *ADDED_HERE)})
    stored = store_progress(connection, frame, load_id, at)
    roll_up(connection, PHASE, stored.changed)


def give_frames(connection: Connection, units: list[int], households: int, **more: Any) -> None:
    """Store frames, or revise them."""
    rows = pd.DataFrame({"phase_id": PHASE, "area_id": units, "frame_households": households})
    rows = rows.assign(valid_from=None, frame_persons=None, eds=None, hard_to_count=None, reason=None)
    stored = store_targets(connection, rows.assign(**more), 1)
    roll_up(connection, PHASE, stored.changed)


def settle(connection: Connection) -> None:
    """Store six days of returns, three corrections and one revised frame."""
    lay_out(connection)
    give_frames(connection, UNITS, FRAME)
    rows = [filing(unit, n) for unit, n, letter in letters(UNITS) if letter in IN]
    arrive(connection, 10, LAST, [*rows, filing(8, 0, on_time=True)])
    arrive(connection, 20, 2, [filing(3, 1, hh_done=20, births=4, on_time=False, correction_reason="twice")])
    arrive(connection, 21, 4, [filing(3, 1, hh_done=8, births=4, on_time=False, correction_reason="again")])
    arrive(connection, 22, 5, [filing(9, 2, hh_done=21, hh_vacant=3, correction_reason="late slip")])
    give_frames(connection, [3], 50, valid_from=pd.Timestamp(on(3)), reason="new block")
