"""The register clean-up by police station, with small sensitive counts hidden.

A street may have several stations and a station several streets. Counts of a street are shown as
filed; what a station holds of a street lies below street level.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from queries.cleanup import cases, judged, latest
from queries.counts import CLEANUP_KINDS, CLEANUP_STATES
from queries.masking import masked
from queries.settings import settings
from queries.view import View

# Persons without hukou, births, and residents from abroad: hidden together, as one follows from the others.
SENSITIVE: Final = ("birth_not_registered", "certificate_holder", "foreign_hmt_stateless", "pending_registration")
# One of these is hidden too: the sum of the issue types would tell the only one that is missing.
# Not among them are types that equal a category of persons.
PARTNERS: Final = ("multiple_hukou", "nominal_hukou", "id_number")
RATES: Final = ("rectification_rate", "rate_low", "rate_high", "overdue_share")


def by_station(view: View, kind: str) -> pd.DataFrame:
    """Return one kind, or one of `queries.cleanup.GROUPS`, for each police station inside the viewed area.

    Columns: police_station, streets (names of the streets that it serves, in order), returns, carried,
    report_date (of the oldest figure), counts and rates as `queries.cleanup.by_child`; for each count a
    truth column `<count>_masked`: hidden because the street would tell, by subtraction or at once, a
    sensitive count under the limit. Largest pending first.
    """
    rows = latest(view)
    shield = hidden(rows)
    figures = cases(rows, kind)
    grouped = rows.assign(shielded=shield.get(kind, False)).groupby("police_station", sort=False)
    stations = grouped.agg(
        streets=("name", lambda names: tuple(dict.fromkeys(names))),
        returns=("carried", "size"),
        carried=("carried", "sum"),
        report_date=("filed", "min"),
        shielded=("shielded", "any"),
    )
    sums = judged(figures.groupby(rows["police_station"], sort=False).sum(min_count=1))
    stations = stations.join(sums).reset_index()
    shielded = stations.pop("shielded").astype(bool)
    blanked = stations.assign(
        **{name: stations[name].mask(shielded) for name in (*CLEANUP_STATES, *RATES)},
        **{f"{name}_masked": shielded for name in CLEANUP_STATES},
        status=stations["status"].mask(shielded, "unknown"),
    )
    return blanked.sort_values("pending", ascending=False, kind="stable", ignore_index=True)


def hidden(rows: pd.DataFrame) -> pd.DataFrame:
    """Return which counts of each return of a street and station are hidden: one truth column a kind.

    Where a street has one station only, that station's counts are the street's and are shown.
    """
    several = rows.groupby("area_id")["police_station"].transform("size") > 1
    counts = pd.concat([cases(rows, kind)[list(CLEANUP_STATES)] for kind in SENSITIVE], axis=1)
    smallest_known = counts.where(counts > 0).min(axis=1).fillna(counts.max(axis=1))  # 0 only where all are
    cells = pd.DataFrame({"area_id": rows["area_id"], "risk": smallest_known})[several]
    covered = masked(cells, ["risk"], settings()["small_count"], group="area_id")["risk_masked"]
    covered = covered.reindex(rows.index, fill_value=False).astype(bool)
    shield = pd.DataFrame({kind: covered if kind in SENSITIVE else False for kind in CLEANUP_KINDS}, index=rows.index)
    found = pd.DataFrame({kind: cases(rows, kind)["found"] for kind in PARTNERS}).groupby(rows["area_id"]).sum()
    for area_id, part in rows[covered].groupby("area_id"):
        there = found.loc[area_id]
        shield.loc[part.index, there.where(there > 0, np.inf).idxmin()] = True
    return shield
