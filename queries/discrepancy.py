"""Where counts do not agree with what others know (indicators 43, 65-72).

The census side of a comparison is the office's own ledger where it has filed one for the
indicator, else the daily returns as of the day.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, and_, or_, select

from queries.areas import named, within
from queries.database import fetch
from queries.indicators import band_status, capture_ratio, discrepancy, flow_balance, ratio, status
from queries.masking import without_sensitive
from queries.schema import area, benchmark, progress
from queries.settings import settings
from queries.view import View

CENSUS_SOURCES: Final = ("ledger", "own_total")
EVENTS: Final = ("birth", "death")
# What the daily returns say of an indicator: columns of `progress` to add and subtract.
FROM_RETURNS: Final[dict[str, tuple[str, ...]]] = {
    "resident": ("pers_hukou", "-pers_out6m", "pers_in6m"),
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
    "vacant": ("hh_vacant",),
}
DISTANCES: Final = ("street", "district", "city", "province")


def filed(view: View, which: ColumnElement[bool]) -> pd.DataFrame:
    """Return the benchmarks of some areas whose cut-off is not after the as-of date: columns of `benchmark`."""
    after = datetime.combine(view.as_of, time.max)
    columns = [c for c in benchmark.c if c.name not in ("id", "load_id", "version", "received_at")]
    return fetch(
        select(*columns, area.c.code, named(view), area.c.kind, area.c.parent_id)
        .join(area, area.c.id == benchmark.c.area_id)
        .where(which, within(view), or_(benchmark.c.cutoff_at.is_(None), benchmark.c.cutoff_at < after))
        .order_by(area.c.first, benchmark.c.id)
    )


def comparisons(view: View) -> pd.DataFrame:
    """Return the viewed area's count against each department's figure: one row an indicator and source.

    Columns: indicator, source, census_value, census_source (ledger or returns), benchmark_value,
    discrepancy (signed), rate, explained_amount, explained_share, explained_reason, unexplained,
    unexplained_rate (0-1 of the benchmark), tolerance, tolerance_amber, status, comparable, why_not
    (windows, no_census_figure, partial_count), window_start, window_end, census_window_start,
    census_window_end, cutoff_at, concept_note, owner, due_date, case_status. Below street level the
    sensitive indicators are left out.
    """
    return without_sensitive(compare(view, area.c.id == view.area_id))


def by_child(view: View, indicator: str, source: str) -> pd.DataFrame:
    """Return one comparison for each area right below the viewed one that filed it. Columns as `comparisons`."""
    rows = compare(view, area.c.parent_id == view.area_id)
    return rows[(rows["indicator"] == indicator) & (rows["source"] == source)].reset_index(drop=True)


def compare(view: View, which: ColumnElement[bool]) -> pd.DataFrame:
    """Return the comparisons of some areas. Columns as `comparisons`, with area_id, code and name."""
    rows = filed(view, which)
    departmental = rows[~rows["source"].isin(CENSUS_SOURCES)]
    ledger = rows[rows["source"] == "ledger"].drop_duplicates(["area_id", "indicator"], keep="last")
    census = ledger[["area_id", "indicator", "value", "window_start", "window_end"]].rename(
        columns={"value": "ledger", "window_start": "census_window_start", "window_end": "census_window_end"}
    )
    joined = departmental.merge(census, on=["area_id", "indicator"], how="left")
    returned = _returned(view, which)
    pairs = zip(joined["area_id"], joined["indicator"], strict=True)
    from_returns = pd.Series([returned.get((int(a), i), np.nan) for a, i in pairs], index=joined.index, dtype="float64")
    has_ledger = joined["ledger"].notna()
    figures = discrepancy(joined["ledger"].fillna(from_returns), joined["value"], joined["explained_amount"])
    joined = joined.rename(columns={"value": "benchmark_value", "status": "case_status"}).assign(
        census_value=joined["ledger"].fillna(from_returns),
        census_source=np.where(has_ledger, "ledger", "returns"),
        **{name: figures[name] for name in figures},
    )
    return _judged(joined, has_ledger)


def _judged(rows: pd.DataFrame, has_ledger: pd.Series) -> pd.DataFrame:
    windows_differ = has_ledger & (
        _differ(rows["window_start"], rows["census_window_start"])
        | _differ(rows["window_end"], rows["census_window_end"])
    )
    why_not = np.select(
        [rows["census_value"].isna(), windows_differ, ~has_ledger],
        ["no_census_figure", "windows", "partial_count"],
        "",
    )
    comparable = pd.Series(why_not == "", index=rows.index)
    limits = settings()
    bands = [limits[f"tolerance.{_tolerance(i)}"] for i in rows["indicator"]]
    judged = [
        status(pd.Series([rate]), band, high_is_good=False).iloc[0] if ok else "unknown"
        for rate, band, ok in zip(rows["unexplained_rate"], bands, comparable, strict=True)
    ]
    blank = ["discrepancy", "rate", "explained_share", "unexplained", "unexplained_rate"]
    rows = rows.assign(
        **{name: rows[name].where(comparable) for name in blank},
        tolerance=[band[0] for band in bands],
        tolerance_amber=[band[1] for band in bands],
        status=judged,
        comparable=comparable,
        why_not=why_not,
    )
    return rows.drop(columns=["ledger"])


def _differ(left: pd.Series, right: pd.Series) -> pd.Series:
    return (left != right) & (left.notna() | right.notna())


def _tolerance(indicator: str) -> str:
    if indicator in ("hmt", "foreign"):
        return "hmt_foreign"
    return indicator if indicator in ("hukou", "birth", "death", "resident") else "other"


def _returned(view: View, which: ColumnElement[bool]) -> dict[tuple[int, str], float]:
    """Return what the daily returns say of each indicator, by area and indicator."""
    needed = sorted({name.removeprefix("-") for names in FROM_RETURNS.values() for name in names})
    rows = fetch(
        select(progress.c.area_id, *(progress.c[name] for name in needed))
        .join(area, area.c.id == progress.c.area_id)
        .where(which, progress.c.phase_id == view.phase_id, progress.c.date == view.as_of, within(view))
    ).set_index("area_id")
    found: dict[tuple[int, str], float] = {}
    for indicator, names in FROM_RETURNS.items():
        total = sum(
            (-rows[n[1:]] if n.startswith("-") else rows[n] for n in names), start=pd.Series(0.0, index=rows.index)
        )
        found |= {(int(a), indicator): float(v) for a, v in total.items()}
    return found


def source_ranges(view: View) -> pd.DataFrame:
    """Return indicators on which departments disagree: indicator, sources, lowest, highest, census_value."""
    rows = comparisons(view)
    grouped = rows.groupby("indicator", sort=False)
    ranges = grouped.agg(
        sources=("source", "nunique"),
        lowest=("benchmark_value", "min"),
        highest=("benchmark_value", "max"),
        census_value=("census_value", "first"),
    ).reset_index()
    ranges = ranges.assign(difference=ranges["highest"] - ranges["lowest"])
    return ranges[(ranges["sources"] > 1) & (ranges["difference"] > 0)].reset_index(drop=True)


def components(view: View) -> pd.DataFrame:
    """Return Hong Kong, Macao, Taiwan and foreign residents part by part, and together (indicators 60, 70).

    Columns: source, indicator (hmt, foreign, both), census_value, benchmark_value, discrepancy, rate,
    component_rate (sum of the parts' sizes over the benchmark: signs cannot cancel), status.
    """
    rows = comparisons(view)
    rows = rows[rows["indicator"].isin(["hmt", "foreign"]) & rows["comparable"]]
    parts = ["source", "indicator", "census_value", "benchmark_value", "discrepancy", "rate"]
    found = []
    for source, part in rows.groupby("source", sort=False):
        found.append(part[parts])
        if len(part) < 2:
            continue
        both = part[["census_value", "benchmark_value", "discrepancy"]].sum()
        sizes = part["discrepancy"].abs().sum()
        rate = both["discrepancy"] / both["benchmark_value"] if both["benchmark_value"] else np.nan
        component = sizes / both["benchmark_value"] if both["benchmark_value"] else np.nan
        together = {"source": source, "indicator": "both", **both, "rate": rate, "component_rate": component}
        found.append(pd.DataFrame([together]))
    if not found:
        return pd.DataFrame(columns=[*parts, "component_rate", "status"])
    joined = pd.concat(found, ignore_index=True)
    if "component_rate" not in joined:
        joined["component_rate"] = np.nan
    judged = status(joined["component_rate"], settings()["tolerance.hmt_foreign"], high_is_good=False)
    return joined.assign(status=judged)


def internal(view: View) -> pd.DataFrame:
    """Return the checks of the census against itself at the viewed area.

    Columns: check (parts_in6m, parts_out6m, flow_balance, separation, own_total), indicator, left,
    right, difference, share (of the base that the check names), status (only flow balance has limits).
    """
    rows = filed(view, area.c.id == view.area_id)
    ledger = rows[rows["source"] == "ledger"].drop_duplicates("indicator", keep="last")
    value = ledger.set_index("indicator")["value"].to_dict()
    found: list[dict[str, Any]] = []
    for flow in ("in6m", "out6m"):
        parts = [value.get(f"{flow}_{d}", np.nan) for d in DISTANCES]
        total = value.get(flow, np.nan)
        if not np.isnan([total, *parts]).any():
            found.append(_check(f"parts_{flow}", flow, total, sum(parts), total))
    inflow, outflow = value.get("in6m_street"), value.get("out6m_street")
    if inflow is not None and outflow is not None:
        gap, share = flow_balance(inflow, outflow)
        limits = settings()["flow_balance"]
        judged = status(pd.Series([share]), limits, high_is_good=False).iloc[0]
        found.append(
            {
                "check": "flow_balance",
                "indicator": "in6m_street",
                "left": inflow,
                "right": outflow,
                "difference": gap,
                "share": share,
                "status": judged,
            }
        )
    flows = [value.get(f"in6m_{d}", np.nan) for d in DISTANCES]
    moved = value.get("in6m", float(np.sum(flows))) + value.get("out6m", np.nan)
    if "separation_rows" in value and not np.isnan(moved):
        found.append(_check("separation", "separation_rows", value["separation_rows"], moved, moved))
    found += _own_totals(view, rows)
    columns = ["check", "indicator", "left", "right", "difference", "share", "status"]
    return pd.DataFrame(found, columns=columns)


def own_totals(view: View) -> pd.DataFrame:
    """Return areas at or below the viewed one whose own reported total is not the sum of what is below.

    Columns: area_id, name, indicator, left (own total), right (sum below), difference, share.
    """
    which = or_(area.c.id == view.area_id, area.c.parent_id == view.area_id)
    rows = filed(view, which)
    rows = rows[rows["source"] == "own_total"]
    returned = _returned(view, which)
    found = [
        {"area_id": int(row.area_id), "name": row.name_, **_own(row, returned)}
        for row in rows.rename(columns={"name": "name_"}).itertuples()
    ]
    columns = ["area_id", "name", "check", "indicator", "left", "right", "difference", "share", "status"]
    return pd.DataFrame([f for f in found if f["difference"]], columns=columns)


def _own_totals(view: View, rows: pd.DataFrame) -> list[dict[str, Any]]:
    returned = _returned(view, area.c.id == view.area_id)
    return [_own(row, returned) for row in rows[rows["source"] == "own_total"].itertuples()]


def _own(row: Any, returned: dict[tuple[int, str], float]) -> dict[str, Any]:
    total = returned.get((int(row.area_id), row.indicator), np.nan)
    return _check("own_total", row.indicator, row.value, total, total)


def _check(check: str, indicator: str, left: float, right: float, base: float) -> dict[str, Any]:
    gap = left - right
    return {
        "check": check,
        "indicator": indicator,
        "left": left,
        "right": right,
        "difference": gap,
        "share": abs(gap) / base if base else np.nan,
        "status": "green" if gap == 0 else "unknown",
    }


def coverage(view: View) -> pd.DataFrame:
    """Return registered persons over each denominator on file (indicator 43), the area's own frame first.

    Columns: source, indicator, persons, denominator, coverage (0-1).
    """
    rows = fetch(
        select(progress.c.pers_total, progress.c.pers_frame)
        .join(area, area.c.id == progress.c.area_id)
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.area_id == view.area_id,
            progress.c.date == view.as_of,
            within(view),
        )
    )
    persons = rows["pers_total"].iloc[0] if len(rows) else np.nan
    frame = rows["pers_frame"].iloc[0] if len(rows) else np.nan
    known = filed(view, and_(area.c.id == view.area_id, benchmark.c.indicator.in_(["resident", "total_persons"])))
    bases = pd.concat(
        [
            pd.DataFrame({"source": ["frame"], "indicator": ["frame_persons"], "denominator": [frame]}),
            known.rename(columns={"value": "denominator"})[["source", "indicator", "denominator"]],
        ],
        ignore_index=True,
    ).dropna(subset=["denominator"])
    return bases.assign(persons=persons, coverage=ratio(pd.Series(persons, index=bases.index), bases["denominator"]))


def capture(view: View) -> pd.DataFrame:
    """Return vital events found by the returns against departments, in proportion to coverage (indicator 71).

    Columns: indicator (birth, death, hmt_foreign), source, found, benchmark_value, share (found over
    benchmark), coverage (registered persons over the police's total, else the frame), ratio, status.
    """
    bases = coverage(view)
    police = bases[(bases["source"] == "police") & (bases["indicator"] == "total_persons")]
    base = police if len(police) else bases[bases["source"] == "frame"]
    covered = float(base["coverage"].iloc[0]) if len(base) else np.nan
    returned = _returned(view, area.c.id == view.area_id)
    rows = comparisons(view)
    rows = rows[rows["indicator"].isin([*EVENTS, "hmt", "foreign"])]
    both = rows["indicator"].replace({"hmt": "hmt_foreign", "foreign": "hmt_foreign"})
    sums = rows.assign(indicator=both).groupby(["indicator", "source"], sort=False)["benchmark_value"].sum()
    found = []
    for (indicator, source), value in sums.items():
        parts = ("hmt", "foreign") if indicator == "hmt_foreign" else (indicator,)
        events = float(np.sum([returned.get((int(view.area_id), p), np.nan) for p in parts]))
        if np.isnan(events):  # a part that is not known is not a part of nobody
            continue
        found.append(
            {
                "indicator": indicator,
                "source": source,
                "found": events,
                "benchmark_value": value,
                "share": events / value if value else np.nan,
                "coverage": covered,
                "ratio": capture_ratio(events, value, covered),
            }
        )
    columns = ["indicator", "source", "found", "benchmark_value", "share", "coverage", "ratio"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.assign(status=band_status(frame["ratio"], settings()["capture_ratio"]))


def worst(view: View) -> pd.Series | None:
    """Return the comparable discrepancy with the largest unexplained part relative to its tolerance."""
    rows = comparisons(view)
    rows = rows[rows["comparable"] & rows["unexplained_rate"].notna()]
    if rows.empty:
        return None
    return rows.loc[(rows["unexplained_rate"] / rows["tolerance"]).idxmax()]
