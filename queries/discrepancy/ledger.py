"""An office's own figure against the sum of those below it and against the detail of the returns."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from sqlalchemy import func, or_, select

from queries.areas import within
from queries.database import fetch
from queries.discrepancy.filed import FROM_RETURNS, NEEDED, by_indicator, filed
from queries.masking import SENSITIVE
from queries.schema import area, progress
from queries.view import View

DONE: Final = ("explained", "corrected_in_census", "corrected_in_register", "accepted")
COMPARED: Final = [indicator for indicator in FROM_RETURNS if indicator not in SENSITIVE]
COLUMNS: Final = [
    "area_id", "parent_id", "code", "name", "kind", "benchmark_id", "indicator", "own", "date", "age", "below",
    "below_filed", "below_units", "detail", "own_less_below", "own_less_detail", "below_less_detail", "owner",
    "case_status", "status",
]  # fmt: skip


def three_way(view: View) -> pd.DataFrame:
    """Return the ledger of own totals of the viewed area and of each area right below it.

    One row an area and indicator for which the office filed a total of its own. Columns: area_id, parent_id,
    code, name, kind, benchmark_id; indicator; own (as the office reported it), date (of that figure), age (days
    from it to the as-of date); below (the areas right below, all of that date: their own figures where filed,
    else their returns), below_filed (how many filed one) of below_units; detail (the returns of all units
    below, of that date); own_less_below, own_less_detail, below_less_detail; owner (office responsible);
    case_status; status (green where all three agree, amber where they differ, unknown where one is missing).
    """
    looked = or_(area.c.id == view.area_id, area.c.parent_id == view.area_id)
    inner = area.alias("inner_area")
    children = select(inner.c.id).where(inner.c.parent_id == view.area_id)
    rows = filed(view, or_(looked, area.c.parent_id.in_(children)))
    rows = rows[(rows["source"] == "own_total") & rows["indicator"].isin(COMPARED)].reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    day = rows["cutoff_at"].dt.normalize().fillna(pd.Timestamp(view.as_of))
    rows = rows.rename(columns={"value": "own", "status": "case_status"}).assign(
        date=day, age=(pd.Timestamp(view.as_of) - day).dt.days.astype("float64")
    )
    cells = _detail(view, rows)
    rows = rows.assign(detail=_looked_up(cells, rows), **_below(view, rows, cells))
    rows = rows.assign(
        own_less_below=rows["own"] - rows["below"],
        own_less_detail=rows["own"] - rows["detail"],
        below_less_detail=rows["below"] - rows["detail"],
    )
    gaps = rows[["own_less_below", "own_less_detail"]]
    judged = np.select([gaps.isna().any(axis=1), (gaps != 0).any(axis=1)], ["unknown", "amber"], "green")
    rows = rows.assign(status=judged)
    here = (rows["area_id"] == view.area_id) | (rows["parent_id"] == view.area_id)
    return rows.loc[here, COLUMNS].reset_index(drop=True)


def own_totals(view: View) -> pd.DataFrame:
    """Return areas at or right below the viewed one whose own total is not what their units returned.

    Columns as `three_way`, and difference (own less detail). A difference that is settled is left out.
    """
    return differing(three_way(view))


def differing(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `three_way` whose own total is not what the units returned, with the difference, unsettled."""
    open_ = rows["own_less_detail"].fillna(0).ne(0) & ~rows["case_status"].isin(DONE)
    return rows.assign(difference=rows["own_less_detail"])[open_].reset_index(drop=True)


def _detail(view: View, rows: pd.DataFrame) -> pd.Series:
    """Return what the returns of the units below some areas say, by area_id, date and indicator."""
    returns = fetch(
        select(progress.c.area_id, progress.c.date, *(progress.c[name] for name in NEEDED))
        .join(area, area.c.id == progress.c.area_id)
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.area_id.in_(sorted({int(a) for a in rows["area_id"]})),
            progress.c.date.in_(sorted({d.date() for d in rows["date"]})),
            within(view),
        )
    )
    index = pd.MultiIndex.from_arrays([returns["area_id"].astype("int64"), returns["date"]])
    return by_indicator(returns.set_axis(index)).stack()


def _looked_up(cells: pd.Series, rows: pd.DataFrame) -> pd.Series:
    keys = pd.MultiIndex.from_arrays([rows["area_id"].astype("int64"), rows["date"], rows["indicator"]])
    return pd.Series(cells.reindex(keys).to_numpy(dtype="float64"), index=rows.index)


def _below(view: View, rows: pd.DataFrame, cells: pd.Series) -> dict[str, list[float]]:
    """Return for each row the sum of the areas right below, all of its date: own figures where filed, else returns."""
    number = fetch(
        select(area.c.parent_id, func.count().label("units"))
        .where(area.c.parent_id.in_(sorted({int(a) for a in rows["area_id"]})), within(view))
        .group_by(area.c.parent_id)
    )
    units = dict(zip(number["parent_id"].astype("int64"), number["units"], strict=True))
    found: dict[str, list[float]] = {"below": [], "below_filed": [], "below_units": []}
    for row, detail in zip(rows.itertuples(), _looked_up(cells, rows), strict=True):
        children = rows[
            (rows["parent_id"] == row.area_id) & (rows["indicator"] == row.indicator) & (rows["date"] == row.date)
        ]
        returned = _looked_up(cells, children.assign(date=row.date)).sum()
        number_below = float(units.get(int(row.area_id), 0))
        found["below"].append(children["own"].sum() + detail - returned if number_below else np.nan)
        found["below_filed"].append(float(len(children)))
        found["below_units"].append(number_below)
    return found
