"""What departments and offices have filed, and what the daily returns say of the same indicators."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

import pandas as pd
from sqlalchemy import ColumnElement, func, or_, select

from queries.areas import at_or_below, named, within
from queries.database import engine, fetch
from queries.schema import area, benchmark, progress
from queries.view import View

CENSUS_SOURCES: Final = ("ledger", "own_total")
EVENTS: Final = ("birth", "death")  # counted over a period, not at a moment
# What the daily returns say of an indicator: columns of `progress` to add and subtract.
FROM_RETURNS: Final[dict[str, tuple[str, ...]]] = {
    "resident": ("pers_hukou", "-pers_out6m", "pers_in6m"),
    "living": ("pers_living",),
    "hukou": ("pers_hukou",),
    "non_hukou": ("pers_total", "-pers_hukou"),
    "total_persons": ("pers_total",),
    "registered_persons": ("pers_total",),
    "registered_households": ("hh_done",),
    "birth": ("births",),
    "death": ("deaths",),
    "in6m": ("pers_in6m",),
    "out6m": ("pers_out6m",),
    "hmt": ("hmt",),
    "foreign": ("foreign",),
    "hmt_foreign": ("hmt", "foreign"),
    "vacant": ("hh_vacant",),
}
NEEDED: Final = sorted({name.removeprefix("-") for names in FROM_RETURNS.values() for name in names})
SNAPSHOT: Final = ["area_id", "indicator", "source", "window_start", "window_end"]


def filed(view: View, which: ColumnElement[bool]) -> pd.DataFrame:
    """Return the figures filed for some areas: of each source and period the one with the newest cut-off.

    One row an area, indicator, source and period, in the order of the areas. Columns of `benchmark` with
    benchmark_id for its key; code, name, kind and parent_id of the area. Figures whose cut-off lies after
    the as-of date are left out.
    """
    left_out = ("id", "load_id", "received_at")
    columns = [benchmark.c.id.label("benchmark_id"), *(c for c in benchmark.c if c.name not in left_out)]
    rows = fetch(
        select(*columns, area.c.code, named(view), area.c.kind, area.c.parent_id)
        .join(area, area.c.id == benchmark.c.area_id)
        .where(which, within(view), _by_then(view))
        .order_by(area.c.first, benchmark.c.id)
    )
    newest = rows.sort_values("cutoff_at", na_position="first", kind="stable").drop_duplicates(SNAPSHOT, keep="last")
    return rows.loc[newest.index.sort_values()].reset_index(drop=True)


def filed_below(view: View) -> int:
    """Return of how many areas below the viewed one a department has filed a figure by the as-of date."""
    number = (
        select(func.count(benchmark.c.area_id.distinct()))
        .join(area, area.c.id == benchmark.c.area_id)
        .where(at_or_below(view), within(view), area.c.id != view.area_id, _by_then(view))
        .where(benchmark.c.source.not_in(CENSUS_SOURCES))
    )
    with engine().connect() as connection:
        return int(connection.execute(number).scalar_one())


def _by_then(view: View) -> ColumnElement[bool]:
    """Return the condition that the cut-off of a figure does not lie after the as-of date."""
    after = datetime.combine(view.as_of, time.max)
    return or_(benchmark.c.cutoff_at.is_(None), benchmark.c.cutoff_at < after)


def returned(view: View, which: ColumnElement[bool]) -> pd.DataFrame:
    """Return what the daily returns say of each indicator on the as-of date.

    One row an area, by area_id; one column an indicator of `FROM_RETURNS`; missing where a part is unknown.
    """
    rows = fetch(
        select(progress.c.area_id, *(progress.c[name] for name in NEEDED))
        .join(area, area.c.id == progress.c.area_id)
        .where(which, progress.c.phase_id == view.phase_id, progress.c.date == view.as_of, within(view))
    )
    return by_indicator(rows.set_index(rows["area_id"].astype("int64")))


def by_indicator(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn columns of `progress` into one column an indicator."""
    nought = pd.Series(0.0, index=rows.index)
    return pd.DataFrame(
        {
            indicator: sum((-rows[n[1:]] if n[0] == "-" else rows[n] for n in names), start=nought)
            for indicator, names in FROM_RETURNS.items()
        },
        index=rows.index,
    )


def looked_up(table: pd.DataFrame, areas: pd.Series, indicators: pd.Series) -> pd.Series:
    """Return the cell of each area and indicator of `returned`; missing where there is none."""
    cells = table.stack()
    keys = pd.MultiIndex.from_arrays([areas.astype("int64"), indicators])
    return pd.Series(cells.reindex(keys).to_numpy(dtype="float64"), index=areas.index)
