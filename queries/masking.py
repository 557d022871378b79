"""Small sensitive counts below street level are not shown, nor can they be worked out.

Every frame that holds such counts passes through this module before it leaves `queries`: counts of
daily returns through `of_returns`, departments' figures through `of_comparisons`, leavers through
`of_staff`. What is hidden is missing, with a truth column `<column>_masked` beside it.

While a phase runs, the counts of daily returns are hidden whatever their size: a village's count of
today less that of yesterday would be one birth. They are shown of one day alone, the last of a phase
that is over. Below a village they are never shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from queries import calendar
from queries.counts import LEAVING_REASONS
from queries.database import fetch
from queries.schema import area, benchmark, phase, phase_area, progress
from queries.settings import settings
from queries.view import View

BELOW_STREET: Final = ("village", "community", "institution", "ed")
SENSITIVE: Final = ("births", "deaths", "hmt", "foreign", "no_hukou", "birth", "death")
COUNTS: Final = ("births", "deaths", "hmt", "foreign")
TOGETHER: Final = (("births",), ("deaths",), ("hmt", "foreign"))  # columns whose sum is known are hidden together
ABROAD: Final = ("hmt", "foreign")
COMPARED: Final = ("census_value", "benchmark_value")
DERIVED: Final = (
    "gap",
    "discrepancy",
    "rate",
    "explained_amount",
    "explained_share",
    "unexplained",
    "unexplained_rate",
)
LEAVING: Final = ("withdrawn", "dismissed", "transferred_out", *LEAVING_REASONS)
LEAVING_RATES: Final = ("attrition_rate", "replacement_rate")


def is_below_street(kind: object) -> bool:
    """Return whether an area of this kind lies below the streets."""
    return kind in BELOW_STREET


def without_sensitive(rows: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons without those of a sensitive indicator below street level; rows have kind and indicator."""
    return rows[~(rows["kind"].isin(BELOW_STREET) & rows["indicator"].isin(SENSITIVE))].reset_index(drop=True)


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
        Counts below it are hidden; infinity hides all.
    ceilings : Series, optional
        What the counts of a row cannot exceed together, as anybody may know.
    also : Series of bool, optional
        Rows to hide whatever their counts.

    Returns
    -------
    DataFrame of bool
        False for missing cells; for noughts that the sum gives away; and for a figure that is the only one
        of its column that can be other than nought: it is the parent's own, and hiding it would hide nothing.
    """
    limits = pd.Series(np.inf, index=values.index) if ceilings is None else ceilings.fillna(np.inf)
    chosen = (values < smallest).any(axis=1) | (False if also is None else also)
    while not chosen.all() and any(_given_away(values.loc[chosen, name], smallest, limits) for name in values):
        rest = values[~chosen].max(axis=1).fillna(0)
        chosen.loc[rest[rest > 0].idxmin() if (rest > 0).any() else rest.idxmin()] = True
    cells = pd.DataFrame(
        {name: chosen & values[name].notna() & (limits > 0) for name in values}, index=values.index, dtype=bool
    )
    for name in values:
        alone = (values[name].notna() & (limits > 0)).sum() == 1
        if alone or not values.loc[cells[name], name].any():
            cells[name] = False
    return cells


def _given_away(counts: pd.Series, smallest: float, limits: pd.Series) -> bool:
    """Return whether the sum of hidden counts leaves a single value for one of them."""
    counts = counts.dropna()
    total = counts.sum()
    if total == 0:  # noughts are shown
        return False
    if len(counts) == 1 or total in (len(counts), len(counts) * (smallest - 1)):  # alone, or each 1, or each 4
        return True
    most = limits.loc[counts.index]
    least = (total - (most.sum() - most)).clip(lower=0) if np.isfinite(most.sum()) else 0
    return bool(((most > 0) & (most.clip(upper=total) <= least)).any())


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
    below = rows["kind"].isin(BELOW_STREET)
    nothing = pd.DataFrame(False, index=rows.index, columns=list(COUNTS))
    if not below.any():
        return _blanked(rows, nothing)
    siblings = _siblings(view, rows.loc[below, "parent_id"])
    closed = _is_closed(view)
    smallest = settings()["small_count"]
    parts = [
        hidden(
            part[list(names)],
            smallest if closed and not part["waiting"].any() else np.inf,
            ceilings=part["others"] if names == ABROAD else None,
        )
        for _, part in siblings.groupby("parent_id")
        for names in TOGETHER
    ]
    found = pd.DataFrame(False, index=siblings.index, columns=list(COUNTS))
    for part in parts:
        found.loc[part.index, list(part.columns)] = part
    eds = (siblings["kind"] == "ed") | siblings["parent_kind"].isin(BELOW_STREET)
    found.loc[eds] = True
    cells = found.reindex(rows["area_id"].astype("int64")).set_axis(rows.index).astype("boolean").fillna(True)
    known = rows[list(COUNTS)].notna()
    return _blanked(rows, cells.astype(bool) & known & below.to_numpy()[:, None])


def _siblings(view: View, parents: pd.Series) -> pd.DataFrame:
    """Return the counts of all areas below some parents on the view's day, in or out of the scope, by area_id."""
    above = area.alias("above")
    wanted = sorted({int(parent) for parent in parents.dropna()})
    names = (*COUNTS, "pers_total", "pers_hukou", "pers_in6m", "leaves_carried", "leaves_never")
    columns = [progress.c[name] for name in names]
    rows = fetch(
        select(progress.c.area_id, area.c.parent_id, area.c.kind, above.c.kind.label("parent_kind"), *columns)
        .join(area, area.c.id == progress.c.area_id)
        .join(above, above.c.id == area.c.parent_id)
        .where(progress.c.phase_id == view.phase_id, progress.c.date == view.as_of, progress.c.parent_id.in_(wanted))
    )
    others = rows["pers_total"] - rows["pers_hukou"] - rows["pers_in6m"]  # the form lets no more be from abroad
    waiting = (rows["leaves_carried"] > 0) | (rows["leaves_never"] > 0)
    return rows.assign(others=others, waiting=waiting).set_index("area_id")


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
        With census_value_masked and benchmark_value_masked. A figure that is not from the ledger but from
        returns is hidden throughout: it changes every day.
    """
    flags = {f"{name}_masked": False for name in COMPARED}
    below = rows["kind"].isin(BELOW_STREET) & rows["indicator"].isin(SENSITIVE)
    if not below.any():
        return rows.assign(**flags)
    within = _hidden_figures(rows[below])
    keys = zip(rows["area_id"].astype("int64"), rows["indicator"], strict=True)
    row_hidden = pd.Series([key in within for key in keys], index=rows.index) & below
    returned = below & (rows["census_source"] == "returns")
    hide = {"census_value": row_hidden | returned, "benchmark_value": row_hidden}
    either = row_hidden | returned
    return rows.assign(
        **{name: rows[name].mask(where) for name, where in hide.items()},
        **{f"{name}_masked": where for name, where in hide.items()},
        **{name: rows[name].mask(either) for name in DERIVED if name in rows},
        status=rows["status"].mask(either, "unknown"),
    )


def _hidden_figures(rows: pd.DataFrame) -> set[tuple[Hashable, Hashable]]:
    """Return area and indicator of the figures to hide: of all sources, windows and cut-offs on file at once."""
    parents = sorted({int(parent) for parent in rows["parent_id"].dropna()})
    above = area.alias("above")
    names = ("area_id", "indicator", "source", "window_start", "window_end", "cutoff_at", "value")
    filed = fetch(
        select(*(benchmark.c[name] for name in names), area.c.parent_id, area.c.kind, above.c.kind.label("parent_kind"))
        .join(area, area.c.id == benchmark.c.area_id)
        .join(above, above.c.id == area.c.parent_id)
        .where(area.c.parent_id.in_(parents), benchmark.c.indicator.in_(sorted(set(rows["indicator"]))))
    )
    smallest = settings()["small_count"]
    snapshot = filed[["source", "window_start", "window_end", "cutoff_at"]].astype("str").agg("|".join, axis=1)
    filed = filed.assign(snapshot=snapshot)
    found: set[tuple[Hashable, Hashable]] = set()
    for (_, indicator), part in filed.groupby(["parent_id", "indicator"]):
        values = part.pivot_table("value", "area_id", "snapshot", aggfunc="last")
        close = _close_snapshots(values, smallest)
        secret = set(values.index[hidden(values, smallest, also=close).any(axis=1)])
        secret |= set(part.loc[(part["kind"] == "ed") | part["parent_kind"].isin(BELOW_STREET), "area_id"])
        found |= {(int(area_id), indicator) for area_id in secret}
    return found


def _close_snapshots(values: pd.DataFrame, smallest: float) -> pd.Series:
    """Return which rows hold two figures of one source and start whose difference is itself a small count."""
    close = pd.Series(False, index=values.index)
    series = [name.split("|")[:2] for name in values]
    for n, name in enumerate(values):
        for other in values.columns[n + 1 :]:
            if series[n] == other.split("|")[:2]:
                close |= (values[name] - values[other]).abs().between(1, smallest - 1)
    return close


def of_staff(rows: pd.DataFrame) -> pd.DataFrame:
    """Return staffing rows (kind) without leavers and their rates below street level: few leave, each for a reason."""
    below = rows["kind"].isin(BELOW_STREET)
    rates = {name: rows[name].mask(below) for name in LEAVING_RATES if name in rows}
    cells = pd.DataFrame({name: below & rows[name].notna() for name in LEAVING}, index=rows.index)
    return _blanked(rows, cells).assign(**rates)
