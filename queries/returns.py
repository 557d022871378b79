"""Which returns are in, which came late, and which units must be chased (indicators 84-87)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from sqlalchemy import Integer, and_, cast, func, literal, or_, select

from queries.areas import ends, named, within
from queries.completion import MANY_UNITS
from queries.database import engine, fetch
from queries.indicators import INDICATORS, RETURN_INDICATORS, status, with_indicators
from queries.schema import SILENT, area, load, progress
from queries.settings import settings
from queries.view import View

STATUSES: Final = ("not_due", "off", "on_time", "late", "untimed", "nil", "corrected", "unasked", "carried", "never")
LEAVES: Final = (
    "leaves_due",
    "leaves_reported",
    "leaves_timed",
    "leaves_on_time",
    "leaves_nil",
    "leaves_corrected",
    "leaves_carried",
    "leaves_never",
)
FLAGS: Final = (*LEAVES, "leaves_off", "leaves_unasked")
BIT: Final = {name: 1 << n for n, name in enumerate(FLAGS)}
TO_DATE: Final = ("reporting_rate", "on_time_rate", "restatement_rate")


@dataclass(frozen=True)
class Grid:
    """What each reporting unit did on each day.

    Attributes
    ----------
    units : DataFrame
        area_id, code, name, parent_name; one row a unit.
    days : DatetimeIndex
        From the first day with figures to the as-of date.
    flags : ndarray of int
        Units × days: the counts of returns in `progress`, one bit each (`BIT`); 0 where nothing is known or due.
    """

    units: pd.DataFrame
    days: pd.DatetimeIndex
    flags: np.ndarray

    def has(self, name: str) -> np.ndarray:
        """Return where a count of `progress` is 1."""
        return (self.flags & BIT[name]) > 0


def matrix(view: View) -> pd.DataFrame:
    """Return what each reporting unit at or below the viewed area did on each day up to the as-of date.

    Columns: area_id, name, parent_name, date, status (one of `STATUSES`: in and on_time, late or
    untimed, where the time of submission is not known; nil or corrected, whenever they came; not in and
    carried or never; not_due; off where the phase runs and no return is due; unasked for one that came all the
    same). One row a unit and day, in the order of the list; empty where more
    than `MANY_UNITS` units report: see `by_child_and_day`.
    """
    grid = _grid(view)
    lookup = np.array([STATUSES.index(_status(flags)) for flags in range(1 << len(FLAGS))], dtype=np.int8)
    days = len(grid.days)

    def spread(name: str) -> pd.Categorical:
        codes, values = pd.factorize(grid.units[name])
        return pd.Categorical.from_codes(np.repeat(codes, days), values)

    return pd.DataFrame(
        {
            "area_id": np.repeat(grid.units["area_id"].to_numpy(dtype=np.int64), days),
            "name": spread("name"),
            "parent_name": spread("parent_name"),
            "date": np.tile(grid.days.to_numpy(), len(grid.units)),
            "status": pd.Categorical.from_codes(lookup[grid.flags].ravel(), list(STATUSES)),
        }
    )


def _status(flags: int) -> str:
    def has(name: str) -> bool:
        return bool(flags & BIT[name])

    if not has("leaves_due"):
        return "unasked" if has("leaves_unasked") else "off" if has("leaves_off") else "not_due"
    if not has("leaves_reported"):
        return "carried" if has("leaves_carried") else "never"
    for name in ("leaves_nil", "leaves_corrected", "leaves_on_time"):
        if has(name):
            return name.removeprefix("leaves_")
    return "late" if has("leaves_timed") else "untimed"


def by_unit(view: View) -> pd.DataFrame:
    """Return the record of each reporting unit at or below the viewed area up to the as-of date.

    Columns: area_id, code, name, parent_name; the leaf counts of `progress` summed over days (days
    due, reported, ...), leaves_late and leaves_missing; reporting_rate, on_time_rate and
    restatement_rate over those days (0-1); days_missing (days due in a row without a return; missing
    where none is due on the as-of date), on_time_streak (days due in a row, up to the last one, with a
    return on time; missing where the time of the last return is not known); status (of
    days_missing). Longest silent, then shortest streak first; empty where more than `MANY_UNITS` units report.
    """
    grid = _grid(view)
    rows = grid.units.assign(**{name: grid.has(name).sum(axis=1).astype("float64") for name in LEAVES})
    rows = with_indicators(_with_rest(rows), [INDICATORS[key] for key in TO_DATE])
    silent = _silent(view).set_index("area_id")["days_missing"]
    due_now = grid.has("leaves_due")[:, -1] if len(grid.days) else np.zeros(len(rows), dtype=bool)
    misses = rows["area_id"].map(silent).astype("float64").fillna(0).where(due_now)
    rows = rows.assign(days_missing=misses, on_time_streak=_on_time_streak(grid), status=_silence(misses))
    return rows.sort_values(
        ["days_missing", "on_time_streak"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _on_time_streak(grid: Grid) -> np.ndarray:
    """Return the days due in a row, back from the last, with a return on time; NaN where its time is unknown."""
    due, punctual = grid.has("leaves_due")[:, ::-1], grid.has("leaves_on_time")[:, ::-1]
    unbroken = np.logical_and.accumulate(punctual | ~due, axis=1)
    streak = (unbroken & punctual).sum(axis=1).astype("float64")
    if not len(grid.days):
        return streak
    last_due = np.argmax(due, axis=1)
    last = np.arange(len(due)), last_due
    untimed = (grid.has("leaves_reported") & ~grid.has("leaves_timed"))[:, ::-1]
    streak[untimed[last] | ~due[last]] = np.nan
    return streak


def of_area(view: View) -> pd.DataFrame:
    """Return the returns of the viewed area: one row, columns as `rates`."""
    return _rates(view, "area_id")


def rates(view: View) -> pd.DataFrame:
    """Return how each area right below the viewed one reports: one row a child, also without any return.

    Columns: area_id, code, name, kind, is_leaf; on the as-of date the leaf counts of `progress`, leaves_late,
    leaves_missing, reporting_rate (85) and on_time_rate (86), 0-1; reporting_rate_to_date,
    on_time_rate_to_date, restatement_rate_to_date over all days so far; longest_silence (the most days due in
    a row that one of its units has missed) and silent_long (units past the amber limit of that);
    status (of longest_silence), punctuality (status of on_time_rate). Units outside their phase
    are in no denominator.
    """
    return _rates(view, "parent_id")


def _rates(view: View, by: Literal["area_id", "parent_id"]) -> pd.DataFrame:
    which = (area.c.id if by == "area_id" else area.c.parent_id) == view.area_id
    on_day = and_(progress.c.area_id == area.c.id, progress.c.phase_id == view.phase_id, progress.c.date == view.as_of)
    rows = fetch(
        select(
            area.c.id.label("area_id"),
            area.c.parent_id,
            area.c.code,
            named(view),
            area.c.kind,
            (area.c.first == area.c.last).label("is_leaf"),
            *(progress.c[name] for name in FLAGS),
        )
        .select_from(area.outerjoin(progress, on_day))
        .where(which, within(view))
        .order_by(area.c.first)
    )
    rows = with_indicators(_with_rest(rows), RETURN_INDICATORS)
    sums = fetch(
        select(progress.c.area_id, *(func.sum(progress.c[name]).label(name) for name in LEAVES))
        .where(progress.c.phase_id == view.phase_id, progress.c[by] == view.area_id, progress.c.date <= view.as_of)
        .group_by(progress.c.area_id)
    )
    to_date = with_indicators(sums, [INDICATORS[key] for key in TO_DATE]).set_index("area_id")
    silent = _silent(view)
    limits = settings()
    silent = silent.assign(of=silent["child_id"] if by == "parent_id" else view.area_id)
    longest = silent.groupby("of")["days_missing"].max()
    long = silent[silent["days_missing"] > limits["consecutive_misses"][1]].groupby("of")["days_missing"].count()
    due = rows["leaves_due"] > 0
    rows = rows.assign(
        **{f"{key}_to_date": rows["area_id"].map(to_date[key]).astype("float64") for key in TO_DATE},
        longest_silence=rows["area_id"].map(longest).astype("float64").fillna(0).where(due),
        silent_long=rows["area_id"].map(long).astype("float64").fillna(0).where(due),
    )
    return rows.assign(
        status=_silence(rows["longest_silence"]),
        punctuality=status(rows["on_time_rate"], limits["on_time_rate"]),
    )


def by_child_and_day(view: View) -> pd.DataFrame:
    """Return how each area right below the viewed one reported on each day up to the as-of date.

    Columns: area_id, name, date, leaves_due, leaves_reported, leaves_timed, leaves_on_time, reporting_rate,
    on_time_rate (0-1, missing where none was due). One row a child and day, in the order of the list.
    """
    counts = LEAVES[:4]
    rows = fetch(
        select(progress.c.area_id, named(view), progress.c.date, *(progress.c[name] for name in counts))
        .join(area, area.c.id == progress.c.area_id)
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.parent_id == view.area_id,
            progress.c.date <= view.as_of,
            within(view),
        )
        .order_by(area.c.first, progress.c.date)
    )
    return with_indicators(rows, RETURN_INDICATORS)


def not_in(view: View, limit: int = 200) -> pd.DataFrame:
    """Return reporting units at or below the viewed area that are due on the as-of date and have not reported.

    Columns: area_id, code, name, parent_name; group_id, group_name (the area right below the viewed one that
    holds the unit; the viewed one where all of them lie right below it); last_return (day of the last
    return, also a nil one; missing if there never was one), value_date (day of the figure that stands
    in), days_missing (days due in a row without a return), hh_open (households, NULL without a
    frame), status (of days_missing). Longest silent first, at most `limit`.
    """
    rows = _silent(view)
    rows = rows.sort_values("days_missing", ascending=False, kind="stable", ignore_index=True).head(limit)
    direct = (rows["child_id"] == rows["area_id"]).fillna(False).all()
    return rows.assign(
        group_id=rows["parent_id"] if direct else rows["child_id"].fillna(rows["area_id"]),
        group_name=rows["parent_name"] if direct else rows["child_name"].fillna(rows["name"]),
        status=_silence(rows["days_missing"]),
    )


def is_simulated() -> bool:
    """Return whether any of the stored figures are simulated."""
    with engine().connect() as connection:
        return connection.execute(select(load.c.id).where(load.c.simulated).limit(1)).first() is not None


def _silence(days_missing: pd.Series) -> pd.Series:
    return status(days_missing, settings()["consecutive_misses"], high_is_good=False)


def _with_rest(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what came late and what did not come."""
    return rows.assign(
        leaves_late=rows["leaves_timed"] - rows["leaves_on_time"],
        leaves_missing=rows["leaves_due"] - rows["leaves_reported"],
    )


def _grid(view: View) -> Grid:
    parent = area.alias("parent")
    units = fetch(
        select(
            area.c.id.label("area_id"),
            area.c.code,
            named(view),
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
        )
        .outerjoin(parent, parent.c.id == area.c.parent_id)
        .where(area.c.first == area.c.last, area.c.first.between(*ends(view.area_id)), within(view))
        .order_by(area.c.first)
        .limit(MANY_UNITS + 1)
    )
    if len(units) > MANY_UNITS:
        units = units.head(0)
    bits = sum((progress.c[name] * bit for name, bit in BIT.items()), start=literal(0))
    rows = fetch(
        select(progress.c.area_id, progress.c.date, cast(bits, Integer).label("flags")).where(
            progress.c.phase_id == view.phase_id,
            progress.c.area_id.in_(units["area_id"].tolist()),
            progress.c.date <= view.as_of,
        )
    )
    days = pd.DatetimeIndex(np.sort(rows["date"].unique()))
    flags = np.zeros((len(units), len(days)), dtype=np.int64)
    places = pd.Index(units["area_id"].astype("int64")).get_indexer(rows["area_id"].astype("int64"))
    flags[places, days.get_indexer(rows["date"])] = rows["flags"].to_numpy(dtype=np.int64)
    return Grid(units, days, flags)


def _silent(view: View) -> pd.DataFrame:
    """Return the units due and not in on the as-of date, each with its last return and the days missed since.

    Columns as `not_in`, with child_id and child_name: the area right below the viewed one that is or
    holds the unit. It asks of each such unit only its rows since its last return.
    """
    parent, child = area.alias("parent"), area.alias("child")
    place = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    earlier, missed = progress.alias("earlier"), progress.alias("missed")
    language = f"name_{view.language.lower()}"
    last_return = (
        select(earlier.c.date)
        .where(
            earlier.c.phase_id == view.phase_id,
            earlier.c.area_id == progress.c.area_id,
            earlier.c.date < view.as_of,
            or_(earlier.c.leaves_reported == 1, earlier.c.leaves_unasked == 1),
        )
        .order_by(earlier.c.date.desc())
        .limit(1)
        .scalar_subquery()
    )
    silent = (
        select(
            area.c.id.label("area_id"),
            area.c.parent_id,
            area.c.code,
            named(view),
            area.c.first,
            progress.c.value_date,
            progress.c.hh_open,
            last_return.label("last_return"),
        )
        .join(area, area.c.id == progress.c.area_id)
        .join(place, (area.c.first + 0).between(place.c.first, place.c.last))
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.date == view.as_of,
            SILENT,
            area.c.first == area.c.last,
            within(view),
        )
        .cte("silent")
    )
    days_missing = (
        select(func.count())
        .where(
            missed.c.phase_id == view.phase_id,
            missed.c.area_id == silent.c.area_id,
            missed.c.date <= view.as_of,
            missed.c.leaves_due == 1,
            or_(silent.c.last_return.is_(None), missed.c.date > silent.c.last_return),
        )
        .scalar_subquery()
    )
    holds = and_(child.c.parent_id == view.area_id, silent.c.first.between(child.c.first, child.c.last))
    return fetch(
        select(
            *(c for c in silent.c if c.key != "first"),
            parent.c[language].label("parent_name"),
            child.c.id.label("child_id"),
            child.c[language].label("child_name"),
            days_missing.label("days_missing"),
        )
        .select_from(silent)
        .outerjoin(parent, parent.c.id == silent.c.parent_id)
        .outerjoin(child, holds)
        .order_by(silent.c.first)
    )
