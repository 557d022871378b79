"""How far enumeration is, by area and by day (indicators 35-49, 62, 64, 85, 86)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, func, select

from queries import calendar, deadlines, masking
from queries.areas import named, within
from queries.database import fetch
from queries.indicators import (
    PROGRESS_INDICATORS,
    days_late,
    pace,
    ratio,
    with_indicators,
)
from queries.position import day_work, light, position
from queries.schema import area, progress
from queries.settings import settings
from queries.view import View

KEYS = ("phase_id", "area_id", "date", "parent_id")
COUNTS = tuple(c.name for c in progress.c if c.name not in KEYS)
OPEN_COUNTS = tuple(name for name in COUNTS if name not in masking.COUNTS)
LOOK_BACK = timedelta(days=21)
MANY_UNITS = 200


def of_area(view: View) -> pd.DataFrame:
    """Return completion of the viewed area: one row, columns as `by_child`."""
    return _completion(view, area.c.id == view.area_id)


def by_child(view: View) -> pd.DataFrame:
    """Return completion of each area right below the viewed one.

    One row a child, also without any return (counts missing). Columns: area_id, parent_id,
    parent_name, code, name, kind, is_leaf; the counts of `progress`, small sensitive ones missing below
    street level and marked in `<count>_masked`; resolution_low and
    resolution_high (0-1: with nothing, or everything open, done in the units not in); carried_rate (the part
    of the resolution rate that is carried forward); every progress indicator (0-1); gap_points
    (resolution less plan, in percentage points); schedule_index (47); increment (45) and
    increment_before (missing on a day without any return), increment_high (with everything open
    done in the units not in), framed_increment (of units with a frame), day_work (as `position.day_work`);
    unframed_resolved (resolved in units without a frame: in no rate); pace_3, pace_7, required_pace (48),
    households a day, hh_overdue; start, end and working_days_left of the calendars that the area follows;
    days_late; position (see `position.POSITIONS`) and status, its light (green, amber, red, unknown, small).
    """
    return _completion(view, area.c.parent_id == view.area_id)


def two_levels_down(view: View) -> pd.DataFrame:
    """Return completion two levels below the viewed area: the villages of a district. Columns as `by_child`.

    Children stand in for themselves where they have nothing below.
    """
    child, grandchild = area.alias("child"), area.alias("grandchild")
    below = select(grandchild.c.id).join(child, child.c.id == grandchild.c.parent_id)
    leaves = select(child.c.id).where(child.c.parent_id == view.area_id, child.c.first == child.c.last)
    return _completion(view, area.c.id.in_(below.where(child.c.parent_id == view.area_id).union_all(leaves)))


def daily(view: View) -> pd.DataFrame:
    """Return the viewed area day by day up to the as-of date.

    Columns: date, counts, progress indicators, increment (missing on a day without any return), came (whether
    any return did), resolution_low, resolution_high, carried_rate. Without the sensitive counts: from one day to
    the next they would show single events.
    """
    rows = fetch(
        _scoped(view, select(progress.c.date, *(progress.c[name] for name in OPEN_COUNTS)))
        .where(progress.c.area_id == view.area_id, progress.c.date <= view.as_of)
        .order_by(progress.c.date)
    )
    rows = with_indicators(rows, PROGRESS_INDICATORS)
    low, high = bounds(rows)
    return rows.assign(
        came=came(rows),
        increment=rows["hh_resolved"].diff().where(came(rows)),
        resolution_low=low,
        resolution_high=high,
        carried_rate=carried_rate(rows),
    )


def daily_by_unit(view: View) -> pd.DataFrame:
    """Return increments by unit and day: villages two levels down, or children where those are many.

    Columns: area_id, name, parent_name, date, hh_resolved, increment (missing on the first reported
    day), reported (whether any return came that day), due, carried (no return came, earlier figures
    stand in), off (the phase runs, and no return was due). One row an area and day.
    """
    parent = area.alias("parent")
    grandchildren = select(func.count()).select_from(area.join(parent, area.c.parent_id == parent.c.id))
    number = fetch(grandchildren.where(parent.c.parent_id == view.area_id).with_only_columns(func.count().label("n")))
    deep = 0 < number["n"].iloc[0] <= MANY_UNITS
    shown = parent.c.parent_id == view.area_id if deep else area.c.parent_id == view.area_id
    rows = fetch(
        _scoped(
            view,
            select(
                progress.c.area_id,
                named(view),
                parent.c[f"name_{view.language.lower()}"].label("parent_name"),
                progress.c.date,
                progress.c.hh_resolved,
                progress.c.leaves_reported,
                progress.c.leaves_due,
                progress.c.leaves_off,
                progress.c.leaves_unasked,
                progress.c.leaves_carried,
            ),
        )
        .join(parent, parent.c.id == area.c.parent_id)
        .where(shown, progress.c.date <= view.as_of)
        .order_by(area.c.first, progress.c.date)
    )
    before = rows.groupby("area_id")["hh_resolved"].shift()
    reported, due = came(rows), rows["leaves_due"] > 0
    return rows.assign(
        increment=rows["hh_resolved"] - before,
        reported=reported,
        due=due,
        carried=~reported & (rows["leaves_carried"] > 0),
        off=~reported & ~due & (rows["leaves_off"] > 0),
    )


def spread(view: View) -> pd.DataFrame:
    """Return how units differ inside each child: what a mean hides.

    Columns: area_id, name, units, lowest, p10, median, highest (resolution, 0-1), behind (units red
    or amber), red, behind_share; one row a child that has units below.
    """
    below = two_levels_down(view)
    below = below[below["parent_id"] != view.area_id]
    rows = []
    for (parent_id, name), part in below.groupby(["parent_id", "parent_name"], sort=False):
        rates = part["resolution_rate"].dropna()
        judged = part["status"].isin(["green", "amber", "red"]).sum()
        behind = part["status"].isin(["amber", "red"]).sum()
        rows.append(
            {
                "area_id": parent_id,
                "name": name,
                "units": len(part),
                "lowest": rates.min() if len(rates) else np.nan,
                "p10": rates.quantile(0.1) if len(rates) else np.nan,
                "median": rates.median() if len(rates) else np.nan,
                "highest": rates.max() if len(rates) else np.nan,
                "behind": int(behind),
                "red": int((part["status"] == "red").sum()),
                "behind_share": behind / judged if judged else np.nan,
            }
        )
    columns = ["area_id", "name", "units", "lowest", "p10", "median", "highest", "behind", "red", "behind_share"]
    return pd.DataFrame(rows, columns=columns)


def not_started(view: View) -> pd.DataFrame:
    """Return units of the viewed area that say that nothing is done: columns as `by_child`.

    A unit that never reported is not among them: nothing is known of it. Whether a return is due on the
    day makes no difference: what was said stands.
    """
    units = _units(view)
    return units[units["hh_resolved"] == 0]


def begun(view: View) -> pd.DataFrame:
    """Return in one row how many units the viewed area has (units) and how many ever reported (reported)."""
    units = _units(view)
    return pd.DataFrame({"units": [len(units)], "reported": [int(units["hh_resolved"].notna().sum())]})


def _units(view: View) -> pd.DataFrame:
    """Return completion two levels down; of an area that has nothing below, its own."""
    units = two_levels_down(view)
    return units if len(units) else of_area(view)


def came(rows: pd.DataFrame) -> pd.Series:
    """Return whether any return came, also one that was not asked for: without any there is no change of the day."""
    return rows["leaves_reported"] + rows["leaves_unasked"] > 0


def bounds(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the lowest and highest resolution that the units not in allow (0-1).

    Low: they did nothing since their last return. High: they finished everything still open. Unknown
    where nothing was reported and nothing was due.
    """
    frame_known = frame["hh_frame"].where(frame["hh_frame"] > 0)
    frame_known = frame_known.where(frame["framed_resolved"].notna() | (frame["hh_open_missing"] > 0))
    low = frame["framed_resolved"].fillna(0) / frame_known
    high = (frame["framed_resolved"].fillna(0) + frame["hh_open_missing"].fillna(0)) / frame_known
    return low, high.clip(lower=low)


def carried_rate(frame: pd.DataFrame) -> pd.Series:
    """Return the part of the resolution rate that earlier figures of units not in make up (0-1)."""
    return ratio(frame["framed_carried"], frame["hh_frame"])


def _scoped(view: View, statement: Select[Any]) -> Select[Any]:
    return statement.select_from(progress.join(area, area.c.id == progress.c.area_id)).where(
        progress.c.phase_id == view.phase_id, within(view)
    )


def _completion(view: View, which: ColumnElement[bool]) -> pd.DataFrame:
    parent = area.alias("parent")
    on_day = and_(progress.c.area_id == area.c.id, progress.c.phase_id == view.phase_id, progress.c.date == view.as_of)
    rows = fetch(
        select(
            area.c.id.label("area_id"),
            area.c.parent_id,
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
            area.c.code,
            named(view),
            area.c.kind,
            (area.c.first == area.c.last).label("is_leaf"),
            area.c.first,
            area.c.last,
            *(progress.c[name] for name in COUNTS),
        )
        .select_from(area.outerjoin(progress, on_day).outerjoin(parent, parent.c.id == area.c.parent_id))
        .where(which, within(view))
        .order_by(area.c.first)
    )
    calendars = deadlines.of_rows(view, rows)
    follows = calendars["follows"].set_axis(rows["area_id"])
    rows = pd.concat([rows, calendars.drop(columns="follows")], axis=1).drop(columns=["first", "last"])
    rows = with_indicators(masking.of_returns(view, rows), PROGRESS_INDICATORS).copy()  # in one piece
    low, high = bounds(rows)
    rows = rows.assign(
        resolution_low=low,
        resolution_high=high,
        carried_rate=carried_rate(rows),
        unframed_resolved=(rows["hh_resolved"] - rows["framed_resolved"].fillna(0)).where(rows["leaves_unframed"] > 0),
        gap_points=100 * (rows["resolution_rate"] - rows["planned_share"]),
        schedule_index=rows["resolution_rate"] / rows["planned_share"].where(rows["planned_share"] > 0),
    )
    rows = _with_pace(view, rows, which, follows)
    stands = position(rows, view.as_of, settings())
    return rows.assign(position=stands, status=light(stands), day_work=day_work(rows))


def _with_pace(view: View, rows: pd.DataFrame, which: ColumnElement[bool], follows: pd.Series) -> pd.DataFrame:
    counts = ("hh_resolved", "framed_resolved", "leaves_unframed", "leaves_reported", "leaves_unasked")
    history = fetch(
        _scoped(view, select(progress.c.area_id, progress.c.date, *(progress.c[name] for name in counts))).where(
            which, progress.c.date <= view.as_of, progress.c.date >= view.as_of - LOOK_BACK
        )
    )
    history = deadlines.with_days_gone(view, history.assign(came=came(history)), follows)
    today = pd.Timestamp(view.as_of)

    def on(back: int, name: str) -> pd.Series:
        day = history[history["date"] == today - pd.Timedelta(days=back)].set_index("area_id")
        return rows["area_id"].map(day[name])

    done = {back: on(back, "hh_resolved").astype("float64") for back in (0, 1, 2)}
    reporting = history[history["came"].astype(bool)]

    def came_on(back: int) -> pd.Series:
        return rows["area_id"].isin(reporting.loc[reporting["date"] == today - pd.Timedelta(days=back), "area_id"])

    framed = (on(0, "framed_resolved") - on(1, "framed_resolved")).astype("float64")
    same_units = on(0, "leaves_unframed") == on(1, "leaves_unframed")
    increment = (done[0] - done[1]).where(came_on(0))
    return rows.assign(
        increment=increment,
        increment_before=(done[1] - done[2]).where(came_on(1)),
        increment_high=increment + rows["hh_open_missing"],
        framed_increment=framed.where(came_on(0) & same_units),
        pace_3=rows["area_id"].map(pace(history, 3)).astype("float64"),
        pace_7=rows["area_id"].map(pace(history, 7)).astype("float64"),
        days_late=_days_late(view, rows, follows),
    )


def _days_late(view: View, rows: pd.DataFrame, follows: pd.Series) -> list[float]:
    """Return how late each area is by its plan: those that all follow one and the same calendar share a plan."""
    plans: dict[Any, pd.DataFrame] = {}
    late = []
    for area_id, share in zip(rows["area_id"], rows["resolution_rate"], strict=True):
        followed = follows[area_id]
        key = followed if isinstance(followed, tuple) and len(followed) == 1 else area_id
        if key not in plans:
            plans[key] = calendar.plan(view.at(int(area_id)))
        late.append(days_late(share, plans[key], pd.Timestamp(view.as_of)))
    return late
