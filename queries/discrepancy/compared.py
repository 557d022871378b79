"""The census count against each department's figure: signed, explained and not, or why not (indicators 65-69).

The census side of a comparison is the office's own ledger where it has filed one for the
indicator, else the daily returns as of the day. Of residents from Hong Kong, Macao, Taiwan and abroad a
sum can be filed alone: it is set against the ledger's two parts, or the ledger's sum, and left alone
where the department's own parts are compared.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement

from queries import masking
from queries.discrepancy.filed import CENSUS_SOURCES, EVENTS, filed, looked_up, returned
from queries.discrepancy.sums import both_compared, summed, with_sums
from queries.indicators import discrepancy, status
from queries.schema import area
from queries.settings import settings
from queries.view import View

TOLERANCES: Final = {"hmt": "hmt_foreign", "foreign": "hmt_foreign", "hmt_foreign": "hmt_foreign"} | {
    name: name for name in ("hukou", "birth", "death", "resident")
}
UNITS: Final = {"人": "persons", "口": "persons", "户": "households", "戶": "households", "人次": "person-times"}
UNSIZED: Final = ("definition", "timing")  # reasons that, given without an amount, make figures incomparable
OF_CENSUS: Final = ["value", "window_start", "window_end", "cutoff_at", "unit", "covers_special_area", "concept_note"]


def comparisons(view: View) -> pd.DataFrame:
    """Return the viewed area's count against each department's figure: one row an indicator, source and period.

    Columns: benchmark_id, version; area_id, parent_id, code, name, kind; indicator, source; census_value,
    census_source (ledger or returns), benchmark_value; gap (census less department, also where they cannot
    be compared); discrepancy (the same, only where they can), rate, explained_amount, explained_share,
    explained_reason, unexplained, unexplained_rate (0-1 of the benchmark), tolerance, tolerance_amber,
    status, comparable, why_not (no_census_figure, units, period_unknown, windows, prior_census, special_areas,
    definition, timing, partial_count, parts: those of the sum are compared); window_start, window_end,
    cutoff_at, unit, covers_special_area, concept_note (the definition in words), each with `census_` before
    it for the ledger's; special_areas (both, neither, department, ledger, not_said: who counts them);
    cutoffs_apart (days from the department's cut-off to the ledger's); parts, owner, due_date, case_status.
    Below street level the sensitive indicators are left out.
    """
    return masking.without_sensitive(compare(view, area.c.id == view.area_id))


def by_child(view: View, indicator: str, source: str) -> pd.DataFrame:
    """Return one comparison for each area right below the viewed one that filed it.

    Columns as `comparisons`, and census_value_masked, benchmark_value_masked: small sensitive figures below
    street level, with what derives from them, are missing.
    """
    rows = masking.of_comparisons(compare(view, area.c.parent_id == view.area_id))
    return rows[(rows["indicator"] == indicator) & (rows["source"] == source)].reset_index(drop=True)


def netted(rows: pd.DataFrame) -> dict[str, float]:
    """Return what signs hide in comparisons of sibling areas (indicator 70 over areas).

    areas compared, net (sum of signed differences), gross (sum of their sizes), net_rate and gross_rate
    (0-1 of the summed benchmarks). Missing where a figure is masked: the sum would give it away.
    """
    known = rows[rows["comparable"] & rows["discrepancy"].notna()]
    open_ = len(known) and not rows[["census_value_masked", "benchmark_value_masked"]].to_numpy().any()
    net = float(known["discrepancy"].sum()) if open_ else np.nan
    gross = float(known["discrepancy"].abs().sum()) if open_ else np.nan
    base = float(known["benchmark_value"].sum()) or np.nan
    return {"areas": len(known), "net": net, "gross": gross, "net_rate": net / base, "gross_rate": gross / base}


def worst(view: View) -> pd.Series | None:
    """Return the comparison of the viewed area that is furthest beyond its tolerance."""
    return furthest(comparisons(view))


def furthest(rows: pd.DataFrame) -> pd.Series | None:
    """Return the comparable one of `comparisons` with the largest unexplained part relative to its tolerance."""
    rows = rows[rows["comparable"] & rows["unexplained_rate"].notna()]
    if rows.empty:
        return None
    return rows.loc[(rows["unexplained_rate"] / rows["tolerance"]).idxmax()]


def compare(view: View, which: ColumnElement[bool]) -> pd.DataFrame:
    """Return the comparisons of some areas, nothing masked yet. Columns as `comparisons`."""
    rows = filed(view, which)
    return _set_against(view, which, rows[~rows["source"].isin(CENSUS_SOURCES)], rows)


def sums_of_parts(view: View) -> pd.DataFrame:
    """Return the viewed area's comparisons with the sums of departments' parts. Columns as `comparisons`.

    By the same rules, also where the ledger has filed nothing but a sum, so that the parts have nothing
    to be compared with.
    """
    which = area.c.id == view.area_id
    rows = filed(view, which)
    parts = summed(rows[~rows["source"].isin(CENSUS_SOURCES)])
    return masking.without_sensitive(_set_against(view, which, parts, rows))


def _set_against(view: View, which: ColumnElement[bool], rows: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Set departments' figures against the ledger's among all that was filed, else against the returns."""
    joined = rows.reset_index(drop=True)
    ledger = _of_ledger(joined, with_sums(every[every["source"] == "ledger"]))
    has_ledger = ledger["census_value"].notna()
    counted = looked_up(returned(view, which), joined["area_id"], joined["indicator"])
    census = ledger["census_value"].fillna(counted)
    joined = joined.rename(columns={"value": "benchmark_value", "status": "case_status"}).assign(
        **ledger.drop(columns="census_value"),
        census_value=census,
        census_source=np.where(has_ledger, "ledger", "returns"),
        cutoffs_apart=(ledger["census_cutoff_at"] - joined["cutoff_at"]).dt.days.astype("float64"),
        **discrepancy(census, joined["value"], joined["explained_amount"]),
    )
    joined = joined.assign(
        gap=joined["discrepancy"], why_not=_why_not(joined, has_ledger), special_areas=_special_areas(joined)
    )
    joined = _judged(joined)
    again = both_compared(joined)
    return _judged(joined.assign(why_not=joined["why_not"].mask(again, "parts"))) if again.any() else joined


def _of_ledger(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger's figure for each row: the one of the same period, else the one with the newest cut-off."""
    census = ledger[["area_id", "indicator", *OF_CENSUS]].rename(columns={n: f"census_{n}" for n in OF_CENSUS})
    pairs = rows[["benchmark_id", "area_id", "indicator", "window_start", "window_end"]].merge(
        census, on=["area_id", "indicator"]
    )
    pairs = pairs.assign(same=~_periods_differ(pairs))
    best = pairs.sort_values(["same", "census_cutoff_at"], na_position="first", kind="stable")
    best = best.drop_duplicates("benchmark_id", keep="last").set_index("benchmark_id")
    return best.reindex(rows["benchmark_id"])[[f"census_{n}" for n in OF_CENSUS]].set_axis(rows.index)


def _periods_differ(rows: pd.DataFrame) -> pd.Series:
    return _differ(rows["window_start"], rows["census_window_start"]) | _differ(
        rows["window_end"], rows["census_window_end"]
    )


def _differ(left: pd.Series, right: pd.Series) -> pd.Series:
    return (left != right) & (left.notna() | right.notna())


def _special_areas(rows: pd.DataFrame) -> np.ndarray:
    """Return who counts areas without a community of their own; not_said unless both sides have said."""
    theirs, ours = (rows[name].astype("boolean") for name in ("covers_special_area", "census_covers_special_area"))
    said = theirs.notna() & ours.notna()
    theirs, ours = theirs.fillna(False), ours.fillna(False)
    cases = [~said, theirs & ours, theirs, ours]
    return np.select(
        [case.to_numpy(dtype=bool) for case in cases], ["not_said", "both", "department", "ledger"], "neither"
    )


def _why_not(rows: pd.DataFrame, has_ledger: pd.Series) -> np.ndarray:
    """Return why each figure cannot be compared with the census, “” where it can."""
    units = [rows[name].map(lambda u: UNITS.get(u, u)) for name in ("unit", "census_unit")]
    covers = [rows[name] for name in ("covers_special_area", "census_covers_special_area")]
    unsized = rows["explained_amount"].isna()
    event = rows["indicator"].isin(EVENTS)
    no_period = rows[["window_start", "window_end", "census_window_start", "census_window_end"]].isna().any(axis=1)
    reasons = {
        "no_census_figure": rows["census_value"].isna(),
        "units": units[0].notna() & units[1].notna() & (units[0] != units[1]),
        "period_unknown": has_ledger & event & no_period,
        "windows": has_ledger & _periods_differ(rows),
        "prior_census": unsized & (rows["source"] == "prior_census"),
        "special_areas": unsized & (covers[0] != covers[1]).astype("boolean").fillna(False),
        "definition": unsized & (rows["explained_reason"] == "definition"),
        "timing": unsized & (rows["explained_reason"] == "timing"),
        "partial_count": ~has_ledger,
    }
    return np.select([reason.to_numpy(dtype=bool) for reason in reasons.values()], list(reasons), "")


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    comparable = rows["why_not"] == ""
    blank = ["discrepancy", "rate", "explained_share", "unexplained", "unexplained_rate"]
    rows = rows.assign(**{name: rows[name].where(comparable) for name in blank}, comparable=comparable)
    limits, named = settings(), rows["indicator"].map(TOLERANCES).fillna("other")
    bands = [limits[f"tolerance.{name}"] for name in named]
    judged = pd.Series("unknown", index=rows.index, dtype="str")
    for name, part in rows[comparable].groupby(named):
        found = status(part["unexplained_rate"], limits[f"tolerance.{name}"], high_is_good=False)
        judged.loc[part.index] = found
    return rows.assign(
        tolerance=[float(band[0]) for band in bands],
        tolerance_amber=[float(band[1]) for band in bands],
        status=judged,
    )
