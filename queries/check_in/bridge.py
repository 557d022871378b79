"""Since the last check-in: how the households still to resolve came from what they were to what they are.

Every reporting unit is walked from then to now in four moves that add up exactly; areas are sums of
their units. With F the frame and V what is resolved, open(F, V) = max(0, F - V), and 0 without a frame:

- then: open(F, V) as the check-in had it at its close;
- target: the same V against the frame of now;
- corrections, or newly_in for a unit whose return for that day came after the close: V of that day as
  known now, against V as it was then;
- work, or newly_in for a unit that was missing then and never filed that day: V of now against V of
  that day as known now.

A unit that is newly missing moves nothing, because its last figure is carried: it makes the end uncertain.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import CTE, ColumnElement, Select, and_, case, false, func, not_, or_, select

from queries.areas import within
from queries.database import fetch
from queries.schema import area, check_in_unit, progress
from queries.view import View

MOVES: Final = ("target", "corrections", "newly_in", "work")
MISSING: Final = ("newly_missing", "still_missing")
STEPS: Final = ("then", *MOVES, *MISSING, "now")
COUNTS: Final = ("hh_frame", "hh_resolved", "leaves_due", "leaves_reported", "leaves_unframed", "unframed_resolved")
UNIT_COLUMNS: Final = tuple(c.name for c in check_in_unit.c if c.name != "check_in_id")


def since(view: View, check_in_id: int | None, day: date) -> pd.DataFrame:
    """Return what moved each area right below the viewed one since a check-in.

    Parameters
    ----------
    check_in_id : int or None
        The closed check-in to begin with; None to begin with a day as it is known now.
    day : date
        The day of that check-in.

    Returns
    -------
    DataFrame
        One row an area, a reporting unit standing for itself, in the order of the area list: area_id,
        name; then, the moves of MOVES and now (households still to resolve, signed, never missing: 0
        without a frame); units_<move> (units that a move is about); newly_missing, still_missing
        (units due now and not in, by whether they were in then); uncertain_<of those> (households
        still open in them); then_<count> and now_<count> for COUNTS, summed over what is known.
    """
    return _summed(view, unit_rows(view, check_in_id, day))


def at_close(view: View, check_in_id: int) -> pd.DataFrame:
    """Return the same bridge as it stood when a check-in was closed, whatever came in after. Columns as `since`."""
    columns = (check_in_unit.c[name] for name in UNIT_COLUMNS)
    return _summed(view, select(*columns).where(check_in_unit.c.check_in_id == check_in_id))


def steps(moved: pd.DataFrame) -> pd.DataFrame:
    """Return the bridge of the viewed area from its rows by area, one row a step of STEPS, in order.

    Columns: step; households (signed; then and now are what is still to resolve, the moves between
    add up to their difference, the missing units move nothing); units (that the step is about; those
    with a frame for then and now); uncertain (households still open in the missing ones).
    """
    total = moved.drop(columns=["area_id", "name"]).sum()
    framed = {"then": total["then_units"], "now": total["now_units"]}
    return pd.DataFrame(
        {
            "step": STEPS,
            "households": [0.0 if s in MISSING else total[s] for s in STEPS],
            "units": [framed[s] if s in framed else total[s if s in MISSING else f"units_{s}"] for s in STEPS],
            "uncertain": [total[f"uncertain_{s}"] if s in MISSING else np.nan for s in STEPS],
        }
    )


def totals(moved: pd.DataFrame) -> pd.DataFrame:
    """Return what then and now come to in the viewed area: point (then, now), hh_open and COUNTS."""
    total = moved.drop(columns=["area_id", "name"]).sum()
    return pd.DataFrame(
        [
            {"point": point, "hh_open": total[point], **{name: total[f"{point}_{name}"] for name in COUNTS}}
            for point in ("then", "now")
        ]
    )


def unit_rows(view: View, check_in_id: int | None, day: date) -> Select[Any]:
    """Return the select of `check_in_unit`'s columns for the units of the viewed area, then and now.

    A unit that the check-in knew and that is no unit any more has nothing now; a new one had nothing then.
    """
    here = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    now, past, then = progress.alias("now"), progress.alias("past"), check_in_unit.alias("then")
    is_unit = area.c.first == area.c.last
    statement = (
        select()
        .select_from(area.join(here, area.c.first.between(here.c.first, here.c.last)))
        .outerjoin(now, and_(is_unit, *_on(now, view, view.as_of)))
        .outerjoin(past, and_(is_unit, *_on(past, view, day)))
    )
    past_in = _one(past.c.leaves_reported)
    current = {
        "area_id": area.c.id,
        "is_due": _one(now.c.leaves_due),
        "is_in": _one(now.c.leaves_reported),
        "value_date": now.c.value_date,
        "hh_frame": now.c.hh_frame,
        "hh_resolved": now.c.hh_resolved,
    }
    if check_in_id is None:
        before: dict[str, ColumnElement[Any]] = {
            "then_due": _one(past.c.leaves_due),
            "then_in": past_in,
            "then_frame": past.c.hh_frame,
            "then_resolved": past.c.hh_resolved,
        }
        which: ColumnElement[bool] = is_unit
    else:
        statement = statement.outerjoin(then, and_(then.c.check_in_id == check_in_id, then.c.area_id == area.c.id))
        before = {
            "then_due": func.coalesce(then.c.is_due, false()),
            "then_in": func.coalesce(then.c.is_in, false()),
            "then_frame": then.c.hh_frame,
            "then_resolved": then.c.hh_resolved,
        }
        which = or_(is_unit, then.c.area_id.is_not(None))
    known = {**current, **before, "past_in": past_in, "past_resolved": past.c.hh_resolved}
    return statement.add_columns(*(known[name].label(name) for name in UNIT_COLUMNS)).where(which, within(view))


def _on(table: Any, view: View, day: date) -> list[ColumnElement[bool]]:
    return [table.c.phase_id == view.phase_id, table.c.area_id == area.c.id, table.c.date == day]


def _one(count: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.coalesce(count, 0) == 1


def _summed(view: View, units: Select[Any]) -> pd.DataFrame:
    """Fetch the walked units, summed by the area right below the viewed one that holds them."""
    walked = _walked(units.cte("unit"))
    child = area.alias("child")
    here = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery("here")
    holds = and_(child.c.parent_id == view.area_id, area.c.first.between(child.c.first, child.c.last))
    place = {name: func.coalesce(child.c[name], area.c[name]) for name in ("id", f"name_{view.language.lower()}")}
    key, name = place.values()
    first = func.min(area.c.first)
    rows = fetch(
        select(
            key.label("area_id"),
            name.label("name"),
            *(func.sum(column).label(column.name) for column in walked.c if column.name != "area_id"),
        )
        .select_from(walked.join(area, area.c.id == walked.c.area_id))
        .join(here, area.c.first.between(here.c.first, here.c.last))
        .outerjoin(child, holds)
        .where(within(view))
        .group_by(key, name)
        .order_by(first)
    )
    return rows.fillna(dict.fromkeys(rows.columns.drop(["area_id", "name"]), 0.0))


def _walked(unit: CTE) -> CTE:
    """Walk each unit from then to now; return counts that add up over units."""
    then, past, now = unit.c.then_resolved, unit.c.past_resolved, unit.c.hh_resolved
    opened = select(
        *unit.c,
        _open(unit.c.then_frame, then).label("start"),
        _open(unit.c.hh_frame, then).label("retargeted"),
        _open(unit.c.hh_frame, past).label("restated"),
        _open(unit.c.hh_frame, now).label("end"),
        and_(not_(unit.c.then_in), unit.c.past_in).label("late"),
        and_(unit.c.then_due, not_(unit.c.then_in), not_(unit.c.past_in)).label("silent"),
        and_(unit.c.is_due, not_(unit.c.is_in)).label("missing"),
        or_(unit.c.then_in, unit.c.past_in).label("was_in"),
    ).cte("opened")
    o = opened.c
    restatement, progressed = o.restated - o.retargeted, o.end - o.restated
    restated, gained = (
        o.then_resolved.is_distinct_from(o.past_resolved),
        o.past_resolved.is_distinct_from(o.hh_resolved),
    )
    newly, still = and_(o.missing, o.was_in), and_(o.missing, not_(o.was_in))
    counted: dict[str, ColumnElement[Any]] = {
        "then": o.start,
        "target": o.retargeted - o.start,
        "corrections": case((o.late, 0), else_=restatement),
        "newly_in": case((o.late, restatement), else_=0) + case((o.silent, progressed), else_=0),
        "work": case((o.silent, 0), else_=progressed),
        "now": o.end,
        "units_target": _if(o.then_frame.is_distinct_from(o.hh_frame)),
        "units_corrections": _if(restated, not_(o.late)),
        "units_newly_in": _if(or_(o.late, and_(o.silent, or_(gained, o.is_in)))),
        "units_work": _if(gained, not_(o.silent)),
        "newly_missing": _if(newly),
        "still_missing": _if(still),
        "uncertain_newly_missing": case((newly, o.end), else_=0),
        "uncertain_still_missing": case((still, o.end), else_=0),
        **_counts("then", o.then_frame, o.then_resolved, o.then_due, o.then_in),
        **_counts("now", o.hh_frame, o.hh_resolved, o.is_due, o.is_in),
    }
    return select(o.area_id, *(column.label(name) for name, column in counted.items())).cte("walked")


def _counts(point: str, frame: Any, resolved: Any, due: Any, is_in: Any) -> dict[str, ColumnElement[Any]]:
    known = {
        "units": _if(frame.is_not(None)),
        "hh_frame": frame,
        "hh_resolved": resolved,
        "leaves_due": _if(due),
        "leaves_reported": _if(due, is_in),
        "leaves_unframed": _if(frame.is_(None), resolved.is_not(None)),
        "unframed_resolved": case((frame.is_(None), resolved)),
    }
    return {f"{point}_{name}": column for name, column in known.items()}


def _if(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return case((and_(*conditions), 1), else_=0)


def _open(frame: ColumnElement[Any], resolved: ColumnElement[Any]) -> ColumnElement[Any]:
    left = frame - func.coalesce(resolved, 0)
    return case((frame.is_(None), 0), (left < 0, 0), else_=left)
