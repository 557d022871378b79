"""Departments among themselves, and parts whose opposite signs must not cancel (indicators 66, 70)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from queries.counts import FAMILIES
from queries.discrepancy.compared import TOLERANCES, comparisons, sums_of_parts
from queries.discrepancy.sums import SUM
from queries.indicators import status
from queries.settings import settings
from queries.view import View


def source_ranges(view: View) -> pd.DataFrame:
    """Return indicators on which departments disagree, each with a figure that can be compared with the census.

    One row an indicator and period. Columns: indicator, window_start, window_end, sources (how many), lowest,
    highest, difference between them, spread (that difference over the highest, 0-1), census_value;
    gap_low, gap_high (census less the nearest and less the farthest figure, signed) and their rates.
    """
    rows = comparisons(view)
    rows = rows[rows["comparable"]]
    period = ["indicator", "window_start", "window_end"]
    ranges = (
        rows.groupby(period, sort=False, dropna=False)
        .agg(
            sources=("source", "nunique"),
            lowest=("benchmark_value", "min"),
            highest=("benchmark_value", "max"),
            census_value=("census_value", "first"),
        )
        .reset_index()
    )
    ranges = ranges[(ranges["sources"] > 1) & (ranges["highest"] > ranges["lowest"])].reset_index(drop=True)
    low, high = (ranges["census_value"] - ranges[name] for name in ("lowest", "highest"))
    nearer = low.abs() <= high.abs()
    base = ranges["lowest"].where(nearer, ranges["highest"]), ranges["highest"].where(nearer, ranges["lowest"])
    ranges = ranges.assign(
        difference=ranges["highest"] - ranges["lowest"],
        gap_low=low.where(nearer, high),
        gap_high=high.where(nearer, low),
    )
    return ranges.assign(
        spread=ranges["difference"] / ranges["highest"],
        rate_low=ranges["gap_low"] / base[0],
        rate_high=ranges["gap_high"] / base[1],
    )


def components(view: View) -> pd.DataFrame:
    """Return the comparable parts of each family and source, and the parts together (indicators 60, 70).

    Columns: family, source, indicator (a part, or the family's own name for the parts together),
    census_value, benchmark_value, discrepancy, rate, component_rate (the parts' sizes added up over the
    benchmark: signs cannot cancel; only of the parts together), status (of component_rate), basis of the
    parts together (parts; sum: one side has filed nothing but a sum, so that component_rate is unknown).
    """
    rows = comparisons(view)
    rows = rows[rows["comparable"]]
    shown = ["source", "indicator", "census_value", "benchmark_value", "discrepancy", "rate"]
    found = []
    for family, parts in FAMILIES.items():
        for source, part in rows[rows["indicator"].isin(parts)].groupby("source", sort=False):
            if len(part) < 2:
                continue
            both = part[["census_value", "benchmark_value", "discrepancy"]].sum()
            base = both["benchmark_value"] or np.nan
            together = {"source": source, "indicator": family, **both, "rate": both["discrepancy"] / base}
            together |= {"component_rate": part["discrepancy"].abs().sum() / base, "basis": "parts"}
            found.append(pd.concat([part[shown], pd.DataFrame([together])]).assign(family=family))
    by_parts = {row["source"].iloc[0] for row in found if row["family"].iloc[0] == SUM}
    found += _without_parts(view, rows, by_parts, shown)
    columns = ["family", *shown, "component_rate", "status", "basis"]
    if not found:
        return pd.DataFrame(columns=columns)
    joined = pd.concat(found, ignore_index=True)
    limits = settings()
    judged = [
        status(part["component_rate"], limits[f"tolerance.{_tolerance(family)}"], high_is_good=False)
        for family, part in joined.groupby("family", sort=False)
    ]
    return joined.assign(status=pd.concat(judged))[columns]


def _without_parts(view: View, rows: pd.DataFrame, by_parts: set[str], shown: list[str]) -> Iterator[pd.DataFrame]:
    """Yield the comparable sums of sources whose parts cannot be compared: as filed, else added up."""
    both = pd.concat([rows[rows["indicator"] == SUM], sums_of_parts(view)], ignore_index=True)
    both = both[both["comparable"] & ~both["source"].isin(by_parts)].drop_duplicates("source")
    for _, row in both.groupby("source", sort=False):
        yield row[shown].assign(family=SUM, component_rate=np.nan, basis="sum")


def _tolerance(family: str) -> str:
    return TOLERANCES.get(FAMILIES[family][0], "other") if family == "hmt_foreign" else "other"
