"""What the returns have found so far of what departments know: coverage and capture (indicators 43, 48, 71)."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from sqlalchemy import and_, func, select

from queries import deadlines, masking
from queries.areas import within
from queries.database import fetch
from queries.discrepancy.compared import compare
from queries.discrepancy.filed import EVENTS, FROM_RETURNS, NEEDED, by_indicator, filed, returned
from queries.indicators import band_status, capture_ratio, ratio, required_pace
from queries.schema import area, benchmark, progress
from queries.settings import settings
from queries.view import View

ABROAD: Final = ("hmt", "foreign")
COUNTED: Final = {"births": "birth", "deaths": "death", "hmt": "hmt", "foreign": "foreign"}  # count: indicator
OF_LEDGER: Final = ("resident", "hukou", "total_persons")  # indicators whose ledger figure is a base as well
FOUND: Final = ["indicator", "source", "found", "benchmark_value", "share", "coverage", "ratio"]


def coverage(view: View) -> pd.DataFrame:
    """Return registered persons over each denominator on file (indicator 43), the area's own frame first.

    Over the frame stand the persons of the units that have one; over a department's figure, all of them.
    Columns: source, indicator, persons, denominator, coverage (0-1), remaining (denominator less persons,
    not below 0), required_pace (persons a working day until the deadline, rounded up, indicator 48).
    """
    on_day = and_(
        progress.c.phase_id == view.phase_id, progress.c.area_id == view.area_id, progress.c.date == view.as_of
    )
    rows = fetch(
        select(progress.c.pers_total, progress.c.framed_persons, progress.c.pers_frame)
        .join(area, area.c.id == progress.c.area_id)
        .where(on_day, within(view))
    )
    persons = rows["pers_total"].iloc[0] if len(rows) else np.nan
    frame = rows["pers_frame"].iloc[0] if len(rows) else np.nan
    known = filed(view, and_(area.c.id == view.area_id, benchmark.c.indicator.in_(["resident", "total_persons"])))
    known = known[known["source"] != "prior_census"]  # as many as there were then
    bases = pd.concat(
        [
            pd.DataFrame({"source": ["frame"], "indicator": ["frame_persons"], "denominator": [frame]}),
            known.rename(columns={"value": "denominator"})[["source", "indicator", "denominator"]],
        ],
        ignore_index=True,
    ).dropna(subset=["denominator"])
    framed = rows["framed_persons"].iloc[0] if len(rows) else np.nan
    counted = pd.Series(persons, index=bases.index, dtype="float64").mask(bases["source"] == "frame", framed)
    remaining = (bases["denominator"] - counted).clip(lower=0)
    left = pd.Series(deadlines.of_area(view)["working_days_left"], index=bases.index, dtype="float64")
    return bases.assign(
        persons=counted,
        coverage=ratio(counted, bases["denominator"]),
        remaining=remaining,
        required_pace=np.ceil(required_pace(remaining, left)),
    )


def found(view: View) -> pd.DataFrame:
    """Return what the returns have found of each full figure on file for the viewed area.

    Columns: indicator (hmt_foreign for residents from Hong Kong, Macao, Taiwan and abroad together; living
    beside resident), source, found, benchmark_value, share (found over benchmark, 0-1); of births, deaths and
    hmt_foreign also coverage (registered persons over the police's total, else the frame), ratio (indicator
    71) and status. Below street level the sensitive indicators are left out.
    """
    rows = _full(masking.without_sensitive(compare(view, area.c.id == view.area_id)))
    full = rows[["indicator", "source", "benchmark_value"]]
    ledger = filed(view, and_(area.c.id == view.area_id, benchmark.c.source == "ledger"))
    ledger = ledger[ledger["indicator"].isin(OF_LEDGER)].rename(columns={"value": "benchmark_value"})
    full = pd.concat([full, ledger[full.columns]], ignore_index=True)
    living = full[full["indicator"] == "resident"].assign(indicator="living")
    full = pd.concat([full[full["indicator"].isin(FROM_RETURNS)], living], ignore_index=True)
    counted = returned(view, area.c.id == view.area_id)
    if counted.empty:
        return pd.DataFrame(columns=[*FOUND, "status"])
    here = counted.iloc[0].copy()
    here[[COUNTED[count] for count in sorted(masking.hidden_counts(view))]] = np.nan
    here.loc["hmt_foreign"] = here[list(ABROAD)].sum(skipna=False)  # an unknown part is not a part of nobody
    full = _abroad_together(full)
    sums = full.groupby(["indicator", "source"], sort=False)["benchmark_value"].sum(min_count=1).reset_index()
    events = sums["indicator"].isin([*EVENTS, "hmt_foreign"])
    base = _base_of_events(view)
    covered = pd.Series(np.nan if base is None else base["coverage"], index=sums.index, dtype="float64").where(events)
    sums = sums.assign(found=sums["indicator"].map(here).astype("float64"), coverage=covered)
    sums = sums[sums["found"].notna()].reset_index(drop=True)
    sums = sums.assign(
        share=ratio(sums["found"], sums["benchmark_value"]),
        ratio=capture_ratio(sums["found"], sums["benchmark_value"], sums["coverage"]),
    )
    return sums.assign(status=band_status(sums["ratio"], settings()["capture_ratio"]))[[*FOUND, "status"]]


def _abroad_together(full: pd.DataFrame) -> pd.DataFrame:
    """Return full figures with each source's two parts of hmt_foreign under that name, or else its sum.

    A single part is left out: what was found of both cannot be set against it.
    """
    parts = full["indicator"].isin(ABROAD)
    both = full[parts].groupby("source")["indicator"].nunique() == len(ABROAD)
    has_parts = full["source"].isin(both.index[both])
    left_out = (parts & ~has_parts) | ((full["indicator"] == "hmt_foreign") & has_parts)
    return full.assign(indicator=full["indicator"].mask(parts, "hmt_foreign"))[~left_out]


def capture(view: View) -> pd.DataFrame:
    """Return vital events found by the returns against departments, in proportion to coverage (indicator 71).

    The rows of `found` that have a capture ratio, birth and death first.
    """
    rows = found(view)
    rows = rows[rows["indicator"].isin([*EVENTS, "hmt_foreign"])]
    return rows.sort_values("indicator", key=lambda i: ~i.isin(EVENTS), kind="stable").reset_index(drop=True)


def capture_by_day(view: View) -> pd.DataFrame:
    """Return how the capture ratio of births and deaths moved as coverage grew (indicator 71).

    One row an indicator, source and day up to the as-of date. Columns: date, indicator, source, found,
    benchmark_value, coverage, ratio, low, high (the band that is in proportion). Empty below street level; days on
    which some unit of the area above had never reported are left out.
    """
    base = _base_of_events(view)
    columns = ["date", "indicator", "source", "found", "benchmark_value", "coverage", "ratio", "low", "high"]
    if base is None or masking.hidden_counts(view) & {"births", "deaths"}:
        return pd.DataFrame(columns=columns)
    whole = progress.alias("whole")
    days = fetch(
        select(progress.c.date, progress.c.framed_persons, progress.c.pers_frame, *(progress.c[n] for n in NEEDED))
        .join(area, area.c.id == progress.c.area_id)
        .outerjoin(
            whole,
            and_(
                whole.c.phase_id == progress.c.phase_id,
                whole.c.area_id == area.c.parent_id,
                whole.c.date == progress.c.date,
            ),
        )
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.area_id == view.area_id,
            progress.c.date <= view.as_of,
            func.coalesce(whole.c.leaves_never, 0) == 0,  # before, a sum may be a single unit's
            within(view),
        )
        .order_by(progress.c.date)
    )
    counted = by_indicator(days)
    if base["source"] == "frame":  # as it stood each day, over the units that had one
        covered = ratio(days["framed_persons"], days["pers_frame"])
    else:
        covered = counted["total_persons"] / base["denominator"]
    limits = settings()["capture_ratio"]
    full = _full(masking.without_sensitive(compare(view, area.c.id == view.area_id)))
    full = full[full["indicator"].isin(EVENTS)]
    parts = [
        pd.DataFrame(
            {
                "date": days["date"],
                "indicator": row.indicator,
                "source": row.source,
                "found": counted[row.indicator],
                "benchmark_value": row.benchmark_value,
                "coverage": covered,
                "low": limits[0],
                "high": limits[1],
            }
        )
        for row in full.itertuples()
    ]
    if not parts:
        return pd.DataFrame(columns=columns)
    joined = pd.concat(parts, ignore_index=True)
    caught = capture_ratio(joined["found"], joined["benchmark_value"], joined["coverage"])
    return joined.assign(ratio=caught)[columns]


def _full(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that a count can be measured by: one an indicator and source, not of another period."""
    rows = rows[rows["comparable"] | (rows["why_not"] == "partial_count")]
    return rows.drop_duplicates(["indicator", "source"])


def _base_of_events(view: View) -> pd.Series | None:
    """Return the row of `coverage` that events are set against: the police's total, else the area's frame."""
    bases = coverage(view)
    police = bases[(bases["source"] == "police") & (bases["indicator"] == "total_persons")]
    base = police if len(police) else bases[bases["source"] == "frame"]
    return base.iloc[0] if len(base) else None
