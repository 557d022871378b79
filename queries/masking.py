"""Small sensitive counts below street level are not shown, nor can they be worked out.

Every frame that holds such counts passes through this module before it leaves `queries`: counts of
daily returns through `of_returns`, departments' figures through `of_comparisons`, leavers through
`of_staff`. What is hidden is missing, with a truth column `<column>_masked` beside it.

While a phase runs, the counts of daily returns are hidden whatever their size: a village's count of
today less that of yesterday would be one birth. They are shown of one day alone, the last of a phase
that is over. Below a village they are never shown. A street that has a single village gives that
village's figures away: it is treated as the village is, and where it is the only such street of its
district one more street is hidden with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from queries import calendar
from queries.counts import LEAVERS, LEAVING_REASONS
from queries.database import fetch
from queries.schema import area, benchmark, phase, phase_area, progress
from queries.settings import settings
from queries.view import View

BELOW_STREET: Final = ("village", "community", "institution", "ed")
STREETS: Final = ("street", "town", "zone")
SENSITIVE: Final = ("births", "deaths", "hmt", "foreign", "hmt_foreign", "no_hukou", "birth", "death")
COUNTS: Final = ("births", "deaths", "hmt", "foreign")
TOGETHER: Final = (("births",), ("deaths",), ("hmt", "foreign"))  # columns whose sum is known are hidden together
ABROAD: Final = ("hmt", "foreign")
OF_ABROAD: Final = (*ABROAD, "hmt_foreign")  # any two of these figures give the third away
ROUNDS: Final = 6  # of narrowing the bounds of hidden counts from one another
COMPARED: Final = ("census_value", "benchmark_value")
EXPLANATION: Final = ("explained_amount", "explained_share", "unexplained", "unexplained_rate")
DERIVED: Final = ("gap", "discrepancy", "rate", *EXPLANATION)
LEAVING: Final = (*LEAVERS, *LEAVING_REASONS, "leavers_joined", "leavers_replaced")
LEAVING_RATES: Final = ("attrition_rate", "replacement_rate")


def is_below_street(kind: object) -> bool:
    """Return whether an area of this kind lies below the streets."""
    return kind in BELOW_STREET


def hidden(
    values: pd.DataFrame, smallest: float, *, ceilings: pd.Series | None = None, also: pd.Series | None = None
) -> pd.DataFrame:
    """Return which cells of siblings are hidden so that their known sums give none of them away.

    Parameters
    ----------
    values : DataFrame
        One row a sibling, one column a count that is known for their parent as well. A row with a small
        count in one column is hidden in all: the columns belong together.
    smallest : float
        Counts below it are hidden.
    ceilings : Series, optional
        What the counts of a row cannot exceed together, as anybody may know.
    also : Series of bool, optional
        Rows to hide whatever their counts.

    Returns
    -------
    DataFrame of bool
        False for missing cells, and for a column of noughts alone: its sum tells as much.
    """
    limits = pd.Series(np.inf, index=values.index) if ceilings is None else ceilings.fillna(np.inf)
    chosen = (values < smallest).any(axis=1) | (False if also is None else also)
    while not chosen.all() and _given_away(values[chosen], smallest, limits[chosen]):
        rest = values[~chosen].max(axis=1).fillna(0)
        chosen.loc[rest[rest > 0].idxmin() if (rest > 0).any() else rest.idxmin()] = True
    cells = pd.DataFrame(
        {name: chosen & values[name].notna() & (limits > 0) for name in values}, index=values.index, dtype=bool
    )
    for name in values:
        if not values[name].any():
            cells[name] = False
    return cells


def _given_away(secret: pd.DataFrame, smallest: float, limits: pd.Series) -> bool:
    """Return whether the sums of hidden counts, or these and the limits of rows, leave a single value for one."""
    for name in secret:
        counts = secret[name].dropna()
        if len(counts) and (len(counts) == 1 or counts.sum() in (0, len(counts), len(counts) * (smallest - 1))):
            return True  # alone, or all are 0, 1 or 4
    if not np.isfinite(limits).any():
        return False
    there = secret.notna().to_numpy()
    totals = secret.sum().to_numpy(dtype="float64")
    room = np.minimum(limits.to_numpy(dtype="float64"), totals.sum())
    needed = np.maximum(0.0, totals.sum() - (room.sum() - room))  # of a row, once all others are full
    most, least = np.where(there, np.minimum(totals, room[:, None]), 0.0), np.zeros(there.shape)
    for _ in range(ROUNDS):
        of_column = totals - (most.sum(axis=0) - most)
        of_row = needed[:, None] - (most.sum(axis=1, keepdims=True) - most)
        least = np.where(there, np.maximum.reduce([least, of_column, of_row]), 0.0)
        of_column = totals - (least.sum(axis=0) - least)
        of_row = room[:, None] - (least.sum(axis=1, keepdims=True) - least)
        most = np.where(there, np.minimum.reduce([most, of_column, of_row]), 0.0)
    return bool((there & (most > 0) & (most <= least)).any())


def masked(
    frame: pd.DataFrame, columns: Sequence[str], smallest: int, *, group: str = "parent_id", ceilings: str | None = None
) -> pd.DataFrame:
    """Blank small counts among siblings, and more of them where subtraction would give a blank away.

    Parameters
    ----------
    frame : DataFrame
        One row a unit below street level, all units of each parent.
    columns : sequence of str
        Counts that are hidden together.
    group : str
        Column of the parent whose totals are known.
    ceilings : str, optional
        Column of what the counts of a row cannot exceed together.

    Returns
    -------
    DataFrame
        With missing values for hidden cells and a truth column `<column>_masked` for each.
    """
    names = list(columns)
    parts = [
        hidden(part[names].astype("float64"), smallest, ceilings=None if ceilings is None else part[ceilings])
        for _, part in frame.groupby(group, dropna=False)
    ]
    cells = pd.concat(parts).reindex(frame.index) if parts else frame[names].isna()
    return _blanked(frame, cells)


def _blanked(frame: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    blank = {name: frame[name].mask(cells[name]) for name in cells}
    return frame.assign(**blank, **{f"{name}_masked": cells[name].astype(bool) for name in cells})


def of_returns(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the view's day (area_id, parent_id, kind, `COUNTS`) with what is small hidden below street level.

    Adds a truth column `<count>_masked` for each of `COUNTS`.
    """
    names = list(COUNTS)
    levels = rows["kind"].isin(BELOW_STREET) | rows["kind"].isin(STREETS)
    if not levels.any():
        return _blanked(rows, pd.DataFrame(False, index=rows.index, columns=names))
    siblings = _siblings(view, rows.loc[levels, "parent_id"])
    closed = _is_closed(view)
    smallest = settings()["small_count"]
    hidden_streets = _sheltered_streets(siblings["above_id"]) if closed else set()
    cells = pd.DataFrame(False, index=siblings.index, columns=names)
    for street, part in siblings.groupby("parent_id"):
        streets = part[part["kind"].isin(STREETS)]
        cells.loc[sheltered(streets["alone"]), names] = True
        villages = part[part["kind"].isin(BELOW_STREET)]
        settled = closed and not villages["waiting"].any() and street not in hidden_streets
        cells.loc[villages.index, names] = True
        for together in TOGETHER if settled else ():
            ceilings = villages["others"] if together == ABROAD else None
            found = hidden(villages[list(together)], smallest, ceilings=ceilings)
            cells.loc[found.index, found.columns] = found
    cells.loc[(siblings["kind"] == "ed") | siblings["parent_kind"].isin(BELOW_STREET)] = True
    here = cells.reindex(rows["area_id"].astype("int64")).set_axis(rows.index)
    here = here.astype("boolean").fillna(True).astype(bool)  # no row of the day: nothing to show, and nothing shown
    return _blanked(rows, here & rows[names].notna() & levels.to_numpy()[:, None])


def hidden_counts(view: View) -> set[str]:
    """Return which of `COUNTS` are hidden of the viewed area on the view's day."""
    rows = fetch(
        select(area.c.id.label("area_id"), area.c.parent_id, area.c.kind, *(progress.c[name] for name in COUNTS))
        .join(progress, progress.c.area_id == area.c.id)
        .where(progress.c.phase_id == view.phase_id, progress.c.date == view.as_of, area.c.id == view.area_id)
    )
    shown = of_returns(view, rows)
    return {name for name in COUNTS if shown[f"{name}_masked"].any()}


def sheltered(alone: pd.Series) -> list[int]:
    """Return which streets of a district are hidden, from which of them consist of one village alone (by area_id).

    A single one is joined by the first of the others: the district less the others would give it away.
    """
    found = [int(street) for street in alone.index[alone.to_numpy(dtype=bool)]]
    others = [int(street) for street in alone.index if int(street) not in found]
    return found + others[:1] if len(found) == 1 else found


def _siblings(view: View, parents: pd.Series) -> pd.DataFrame:
    """Return the counts of all areas below some parents on the view's day, in or out of the scope, by area_id."""
    above = area.alias("above")
    wanted = sorted({int(parent) for parent in parents.dropna()})
    names = (*COUNTS, "pers_total", "pers_hukou", "pers_in6m", "leaves", "leaves_carried", "leaves_never")
    rows = fetch(
        select(
            progress.c.area_id,
            area.c.parent_id,
            area.c.kind,
            above.c.kind.label("parent_kind"),
            above.c.parent_id.label("above_id"),
            (area.c.first == area.c.last).label("is_leaf"),
            *(progress.c[name] for name in names),
        )
        .join(area, area.c.id == progress.c.area_id)
        .join(above, above.c.id == area.c.parent_id)
        .where(progress.c.phase_id == view.phase_id, progress.c.date == view.as_of, progress.c.parent_id.in_(wanted))
        .order_by(area.c.first)
    )
    speaking = rows["leaves"] - rows["leaves_never"].fillna(0)
    return rows.assign(
        others=rows["pers_total"] - rows["pers_hukou"] - rows["pers_in6m"],  # no more can be from abroad
        waiting=(rows["leaves_carried"] > 0) | (rows["leaves_never"] > 0),
        alone=~rows["is_leaf"].astype(bool) & (speaking <= 1),
    ).set_index("area_id")


def _is_closed(view: View) -> bool:
    """Return whether the view's day is the last of a phase that is over: the one day whose counts are shown."""
    days = calendar.reported_days(view.phase_id)
    ends = fetch(
        select(
            phase.c.end,
            select(func.max(phase_area.c.end))
            .where(phase_area.c.phase_id == view.phase_id)
            .scalar_subquery()
            .label("own_end"),
        ).where(phase.c.id == view.phase_id)
    )
    last = ends[["end", "own_end"]].max(axis=1).iloc[0]
    return days is not None and days[1] == view.as_of and pd.Timestamp(view.as_of) >= last


def of_comparisons(rows: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons with small sensitive figures, and what derives from them, hidden below street level.

    Parameters
    ----------
    rows : DataFrame
        Columns of `queries.discrepancy.comparisons`, with area_id, parent_id, kind and indicator.

    Returns
    -------
    DataFrame
        With census_value_masked and benchmark_value_masked. A figure of a small area that is not from the ledger
        but from returns is hidden throughout: it changes every day.
    """
    flags = {f"{name}_masked": False for name in COMPARED}
    sensitive = rows["indicator"].isin(SENSITIVE) & rows["parent_id"].notna()
    if not sensitive.any():
        return rows.assign(**flags)
    figures = _hidden_figures(rows[sensitive])
    keys = zip(rows["area_id"].astype("int64"), rows["indicator"], strict=True)
    secret = pd.Series([key in figures for key in keys], index=rows.index, dtype=bool) & sensitive
    small = rows["kind"].isin(BELOW_STREET) | secret
    returned = sensitive & small & (rows["census_source"] == "returns")
    either = secret | returned
    hide = {"census_value": either, "benchmark_value": secret}
    return rows.assign(
        **{name: rows[name].mask(where) for name, where in hide.items()},
        **{f"{name}_masked": where for name, where in hide.items()},
        **{name: rows[name].mask(either) for name in DERIVED if name in rows},
        status=rows["status"].mask(either, "unknown"),
    )


def without_sensitive(rows: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons without the sensitive ones of areas below street level, and of streets treated as such."""
    rows = rows[~(rows["kind"].isin(BELOW_STREET) & rows["indicator"].isin(SENSITIVE))]
    sensitive = rows["indicator"].isin(SENSITIVE) & rows["parent_id"].notna()
    if sensitive.any():
        figures = _hidden_figures(rows[sensitive])
        keys = zip(rows["area_id"].astype("int64"), rows["indicator"], strict=True)
        rows = rows[[key not in figures for key in keys]]
    return rows.reset_index(drop=True)


def _hidden_figures(rows: pd.DataFrame) -> set[tuple[Hashable, Hashable]]:
    """Return area and indicator of the figures to hide: of all sources, windows and cut-offs on file at once."""
    parents = sorted({int(parent) for parent in rows["parent_id"].dropna()})
    asked = set(rows["indicator"])
    indicators = sorted(asked | set(OF_ABROAD) if asked & set(OF_ABROAD) else asked)
    above = area.alias("above")
    names = ("indicator", "source", "window_start", "window_end", "cutoff_at", "value")
    filed = fetch(
        select(area.c.id.label("area_id"), area.c.parent_id, area.c.kind, *(benchmark.c[name] for name in names))
        .add_columns(above.c.kind.label("parent_kind"), above.c.parent_id.label("above_id"))
        .join(area, area.c.id == benchmark.c.area_id)
        .join(above, above.c.id == area.c.parent_id)
        .where(
            area.c.parent_id.in_(parents),
            area.c.kind.in_(BELOW_STREET),
            benchmark.c.indicator.in_(indicators),
        )
    )
    smallest = settings()["small_count"]
    of_snapshot = (filed[name].astype("str").fillna("") for name in names[1:-1])
    filed["snapshot"] = ["|".join(parts) for parts in zip(*of_snapshot, strict=True)]
    streets = _sheltered_streets(pd.concat([rows["parent_id"], filed["above_id"]]))
    found: set[tuple[Hashable, Hashable]] = {(street, indicator) for street in streets for indicator in indicators}
    together = filed["indicator"].mask(filed["indicator"].isin(OF_ABROAD), "hmt_foreign")
    for (street, indicator), part in filed.groupby([filed["parent_id"], together]):
        values = part.pivot_table("value", "area_id", ["indicator", "snapshot"], aggfunc="last")
        values = _with_rests(values)
        close = _close_snapshots(values, smallest)
        secret = set(values.index[hidden(values, smallest, also=close).any(axis=1)])
        deep = (part["kind"] == "ed") | part["parent_kind"].isin(BELOW_STREET)
        secret |= set(part.loc[deep | (street in streets), "area_id"])
        alike = OF_ABROAD if indicator == "hmt_foreign" else (indicator,)
        found |= {(int(area_id), name) for area_id in secret for name in alike}
    return found


def _with_rests(values: pd.DataFrame) -> pd.DataFrame:
    """Return figures (columns: indicator, snapshot) with what a sum from abroad leaves beside one of its parts."""
    rests = [
        values["hmt_foreign", snapshot] - values[part, snapshot]
        for name, snapshot in values.columns
        if name == "hmt_foreign"
        for part in ABROAD
        if (part, snapshot) in values
    ]
    columns = [values[name] for name in values]
    return pd.concat([*columns, *rests], axis=1, ignore_index=True)


def _sheltered_streets(parents: pd.Series) -> set[int]:
    """Return the streets below some areas that consist of a single village, and those hidden with them."""
    wanted = sorted({int(parent) for parent in parents.dropna()})
    child = area.alias("child")
    rows = fetch(
        select(area.c.id.label("area_id"), area.c.parent_id, func.count(child.c.id).label("below"))
        .select_from(area.outerjoin(child, child.c.parent_id == area.c.id))
        .where(area.c.parent_id.in_(wanted), area.c.kind.in_(STREETS))
        .group_by(area.c.id, area.c.parent_id, area.c.first)
        .order_by(area.c.first)
    ).set_index("area_id")
    groups = rows.groupby("parent_id")["below"]
    return {street for _, below in groups for street in sheltered(below == 1)}


def _close_snapshots(values: pd.DataFrame, smallest: float) -> pd.Series:
    """Return which rows hold two figures, of one source or of two, whose difference is itself a small count."""
    close = pd.Series(False, index=values.index)
    for n, name in enumerate(values):
        for other in values.columns[n + 1 :]:
            close |= (values[name] - values[other]).abs().between(1, smallest - 1)
    return close


def of_staff(rows: pd.DataFrame) -> pd.DataFrame:
    """Return staffing rows (area_id, parent_id, kind) without leavers and their rates below street level.

    Few leave a village, each for a reason; streets of a single village are treated alike.
    """
    streets = rows[rows["kind"].isin(STREETS) & rows["parent_id"].notna()]
    alike = _sheltered_streets(streets["parent_id"]) if len(streets) else set()
    small = rows["kind"].isin(BELOW_STREET) | rows["area_id"].isin(alike)
    rates = {name: rows[name].mask(small) for name in LEAVING_RATES if name in rows}
    cells = pd.DataFrame({name: small & rows[name].notna() for name in LEAVING}, index=rows.index)
    return _blanked(rows, cells).assign(**rates)
