"""When areas begin, when they must be done, and what that asks of them a day, each by the calendars of its own.

A unit follows the nearest calendar at or above it. An area whose units follow several begins with the first of
them, ends with the last, and must do each day what all of its units together must do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Integer, and_, case, cast, func, or_, select

from queries.areas import within
from queries.database import fetch
from queries.indicators import required_pace
from queries.schema import area, phase_day, progress
from queries.view import View

ROW = ("first", "last", "leaves", "hh_open")


def of_area(view: View) -> pd.Series:
    """Return start, end and working_days_left (after the as-of date) of the viewed area."""
    rows = fetch(
        select(*_row())
        .select_from(area.outerjoin(progress, _on_day(view)))
        .where(area.c.id == view.area_id, within(view))
    )
    return of_rows(view, rows)[["start", "end", "working_days_left"]].iloc[0]


def of_rows(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the calendars that areas follow and the pace that they ask for.

    Parameters
    ----------
    rows : DataFrame
        first, last, leaves and hh_open of each area on the as-of date.

    Returns
    -------
    DataFrame
        With the index of the rows: start, end; working_days_left (after the as-of date, the last day included, by
        the calendar that leaves most); required_pace (48: households a working day, each household by the days
        that its own calendar leaves, infinite where none has a day left); hh_overdue (open where no working day
        is left); follows (the calendars, by place in the list of all).
    """
    calendars = _calendars(view)
    placed = enumerate(rows[list(ROW)].itertuples(index=False))
    parts = [part for n, row in placed for part in _parts(n, row, calendars)]
    followed = pd.DataFrame(parts, columns=["row", "calendar", "hh_open"]).astype({"hh_open": "float64"})
    dates = calendars.iloc[followed["calendar"]].reset_index(drop=True)
    followed = followed.assign(start=dates["start"], end=dates["end"], left=dates["left"])
    followed["pace"] = required_pace(followed["hh_open"], followed["left"])
    endless = np.isinf(followed["pace"])
    followed["overdue"] = followed["hh_open"].where(endless, followed["hh_open"] * 0)
    by_row = followed.assign(pace=followed["pace"].mask(endless)).groupby("row")
    found = pd.DataFrame(
        {
            "start": by_row["start"].min(),
            "end": by_row["end"].max(),
            "working_days_left": by_row["left"].max(),
            "required_pace": by_row["pace"].sum(min_count=1),
            "hh_overdue": by_row["overdue"].sum(min_count=1),
            "follows": by_row["calendar"].agg(tuple),
        }
    ).reindex(range(len(rows)))
    working = found["required_pace"].fillna(0) > 0
    found["required_pace"] = found["required_pace"].mask((found["hh_overdue"] > 0) & ~working, np.inf)
    return found.set_axis(rows.index)


def with_days_gone(view: View, history: pd.DataFrame, follows: pd.Series) -> pd.DataFrame:
    """Add `gone` to days of areas: how many days on which work was planned or a return due lie before and on it.

    Parameters
    ----------
    history : DataFrame
        area_id, date; not after the as-of date.
    follows : Series
        The calendars of each area, as `of_rows` gives them, by area_id.
    """
    if history.empty:
        return history.assign(gone=pd.Series(dtype="float64"))
    days = pd.date_range(history["date"].min(), view.as_of)
    idle = _idle_days(view, days)
    gone: dict[Any, np.ndarray] = {}
    for key in set(follows):
        held = [idle[n] for n in key if n in idle] if isinstance(key, tuple) else []
        off = np.logical_and.reduce(held) if held and len(held) == len(key) else np.zeros(len(days), dtype=bool)
        gone[key] = np.cumsum(~off)
    place = ((history["date"] - days[0]) // timedelta(days=1)).to_numpy()
    keys = history["area_id"].map(follows)
    return history.assign(gone=[float(gone[key][n]) for key, n in zip(keys, place, strict=True)])


def _idle_days(view: View, days: pd.DatetimeIndex) -> dict[int, np.ndarray]:
    """Return by calendar, where it has any, on which of the days it neither plans work nor expects a return."""
    rows = fetch(
        select(phase_day.c.area_id, phase_day.c.date).where(
            phase_day.c.phase_id == view.phase_id,
            phase_day.c.date >= days[0].date(),
            phase_day.c.date <= days[-1].date(),
            ~or_(phase_day.c.is_open, phase_day.c.is_working),
        )
    )
    places = {int(area_id): n for n, area_id in enumerate(_calendars(view)["area_id"])} if len(rows) else {}
    return {places[int(str(area_id))]: np.asarray(days.isin(part["date"])) for area_id, part in rows.groupby("area_id")}


def _row() -> list[Any]:
    return [area.c.first, area.c.last, progress.c.leaves, progress.c.hh_open]


def _on_day(view: View) -> Any:
    return and_(progress.c.phase_id == view.phase_id, progress.c.area_id == area.c.id, progress.c.date == view.as_of)


def _calendars(view: View) -> pd.DataFrame:
    """Return the calendars of the phase, the outermost first.

    Columns: area_id, first, last, start, end, left (working days after the as-of date), leaves and hh_open of the
    units that follow this calendar and no nearer one.
    """
    left = cast(func.sum(case((and_(phase_day.c.is_working, phase_day.c.date > view.as_of), 1), else_=0)), Integer)
    spans = (
        select(
            phase_day.c.area_id,
            func.min(phase_day.c.date).label("start"),
            func.max(phase_day.c.date).label("end"),
            left.label("left"),
        )
        .where(phase_day.c.phase_id == view.phase_id)
        .group_by(phase_day.c.area_id)
        .subquery()
    )
    rows = fetch(
        select(area.c.id.label("area_id"), *_row(), spans.c.start, spans.c.end, spans.c.left)
        .select_from(area.join(spans, spans.c.area_id == area.c.id).outerjoin(progress, _on_day(view)))
        .order_by(area.c.level, area.c.first)
    )
    own = rows[["leaves", "hh_open"]].fillna(0).to_numpy()
    first, last = rows["first"].to_numpy(), rows["last"].to_numpy()
    for n in range(len(rows) - 1, -1, -1):  # the innermost first: what lies inside is net by now
        inside = (first > first[n]) & (last <= last[n])
        own[n] -= own[inside].sum(axis=0)
    return rows.assign(leaves=own[:, 0], hh_open=own[:, 1])


def _parts(n: int, row: Any, calendars: pd.DataFrame) -> list[tuple[int, int, float]]:
    """Return which calendars the units of an area follow, with the households open in them."""
    first, last = calendars["first"].to_numpy(), calendars["last"].to_numpy()
    above = (first <= row.first) & (last >= row.last)
    inside = np.flatnonzero((first >= row.first) & (last <= row.last) & ~above)
    leaves, still_open = calendars["leaves"].to_numpy(), calendars["hh_open"].to_numpy()
    known = not np.isnan(row.hh_open)
    found = [(n, int(i), still_open[i] if known else np.nan) for i in inside if leaves[i] > 0]
    nearest = np.flatnonzero(above)[-1:]
    if len(nearest) and (not found or not row.leaves <= leaves[inside].sum()):
        rest = row.hh_open - still_open[inside].sum()
        found.insert(0, (n, int(nearest[0]), rest if known else np.nan))
    return found
