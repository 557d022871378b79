"""Returns that look too good, too even or too still: pure functions from a history to leads.

A lead is a reason to visit, never a verdict. Every function judges each return that it can and
says nothing of the others, so that the same code measures how often honest returns raise a lead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import binom

from queries.indicators import ratio

COLUMNS: Final = ["lead", "area_id", "date", "flagged", "number", "usual"]
BEFORE: Final = 5  # earlier increments that say what is usual
DIGITS: Final = (8, 14)  # figures whose last digit is looked at: at least, at most
SIBLINGS: Final = (3, 5)  # units that must be in: to be identical, to stand out
RECENT: Final = 3  # reports over which units of a street are held against one another
NORMAL: Final = 0.6745  # the median absolute deviation of a standard normal distribution
ENOUGH_HOUSEHOLDS: Final = 30

Detector = Callable[[pd.DataFrame, Mapping[str, Any]], pd.DataFrame]


def judged(history: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge every return of a history by every detector that can judge it.

    Parameters
    ----------
    history : DataFrame
        One row a reporting unit and day: area_id, parent_id, date, reported (in and no nil return),
        hh_resolved, hh_done, hh_frame, pers_total, gone (days so far on which work was planned or a return due).
    limits : mapping
        The settings “lead.…”.

    Returns
    -------
    DataFrame
        lead, area_id (of the unit; of the area above for “identical”), date, flagged, number (the
        evidence) and usual (what it is held against); see each detector.
    """
    rows = history[history["reported"] & history["hh_resolved"].notna()].sort_values(["area_id", "date"])
    by_unit = rows.groupby("area_id")
    gained = by_unit["hh_resolved"].diff()
    rows = rows.assign(gained=gained, pace=ratio(gained, by_unit["gone"].diff())).reset_index(drop=True)
    return pd.concat([detector(rows, limits) for detector in DETECTORS.values()], ignore_index=True)


def _unchanged(rows: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge open units: number of reports in a row with the same figure, and that figure."""
    changed = ~(rows["gained"] == 0)
    run = rows.groupby(["area_id", changed.groupby(rows["area_id"]).cumsum()]).cumcount() + 1
    can = (rows["hh_resolved"] > 0) & (rows["hh_resolved"] < rows["hh_frame"])
    return _found("unchanged", rows[can], run >= limits["lead.unchanged_reports"], run, rows["hh_resolved"])


def _identical(rows: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge areas above the units by day: units that added one and the same figure, and that figure."""
    added = rows[rows["gained"].notna()].groupby(["parent_id", "date"])["gained"]
    seen = added.agg(["size", "min", "max"]).reset_index().rename(columns={"parent_id": "area_id"})
    seen = seen[seen["size"] >= SIBLINGS[0]]
    return _found("identical", seen, (seen["min"] == seen["max"]) & (seen["min"] > 0), seen["size"], seen["min"])


def _round(rows: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge new figures: how many of the last ones end in 0 or 5, of how many; a fifth would by chance."""
    new = rows[~(rows["gained"] == 0) & (rows["hh_done"] >= 10)]
    ends = (new["hh_done"] % 5 == 0).astype(float)
    window = ends.groupby(new["area_id"]).rolling(DIGITS[1], min_periods=DIGITS[0])
    heaped = window.sum().droplevel(0).reindex(new.index)
    looked = window.count().droplevel(0).reindex(new.index)
    chance = pd.Series(binom.sf(heaped - 1, looked, 0.2), index=new.index)
    can = heaped.notna()
    return _found("round", new[can], chance <= limits["lead.round_chance"], heaped, looked)


def _jump(rows: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge daily increments: the increment, and the median of the five before it."""
    before = rows["pace"].groupby(rows["area_id"]).shift()
    usual = before.groupby(rows["area_id"]).rolling(BEFORE).median().droplevel(0).reindex(rows.index)
    can = usual.notna() & rows["hh_frame"].notna()
    leap = (rows["pace"] > limits["lead.jump_times"] * usual) & (
        rows["pace"] > limits["lead.jump_share"] * rows["hh_frame"]
    )
    return _found("jump", rows[can], leap, rows["pace"], usual)


def _beyond_target(rows: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge units with a frame: households resolved, and the frame."""
    over = rows["hh_resolved"] > rows["hh_frame"]
    return _found("beyond_target", rows[rows["hh_frame"].notna()], over, rows["hh_resolved"], rows["hh_frame"])


def _household_size(rows: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge units with enough households: persons a household, and their number of households."""
    size = rows["pers_total"] / rows["hh_done"].where(rows["hh_done"] >= ENOUGH_HOUSEHOLDS)
    low, high = limits["lead.household_size"]
    return _found("household_size", rows[size.notna()], ~size.between(low, high), size, rows["hh_done"])


def _outlier(rows: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Judge units among those of one area above: modified z-score of the share of the frame added in the last reports.

    number is the score (0.6745 × distance from the median ÷ median absolute deviation), usual the median
    share (0-1) of the units of the area above.
    """
    share = rows["gained"].groupby(rows["area_id"]).rolling(RECENT).sum().droplevel(0).reindex(rows.index)
    share = share / rows["hh_frame"].where(rows["hh_frame"] >= ENOUGH_HOUSEHOLDS)
    known = rows.assign(share=share)[share.notna()]
    groups = known.groupby(["parent_id", "date"])["share"]
    median = groups.transform("median")
    away = (known["share"] - median).abs()
    spread = away.groupby([known["parent_id"], known["date"]]).transform("median")
    score = NORMAL * (known["share"] - median) / spread.where(spread > 0)
    can = score.notna() & (groups.transform("size") >= SIBLINGS[1])
    return _found("outlier", known[can], score.abs() > limits["lead.outlier_score"], score, median)


DETECTORS: Final[dict[str, Detector]] = {
    "unchanged": _unchanged,
    "identical": _identical,
    "round": _round,
    "jump": _jump,
    "beyond_target": _beyond_target,
    "household_size": _household_size,
    "outlier": _outlier,
}


def _found(lead: str, rows: pd.DataFrame, flagged: pd.Series, number: pd.Series, usual: pd.Series) -> pd.DataFrame:
    here = rows.index
    return pd.DataFrame(
        {
            "lead": lead,
            "area_id": rows["area_id"],
            "date": rows["date"],
            "flagged": flagged.loc[here].to_numpy(dtype=bool),
            "number": number.loc[here].astype("float64"),
            "usual": usual.loc[here].astype("float64"),
        },
        columns=COLUMNS,
    )


def standing(verdicts: pd.DataFrame, as_of: pd.Timestamp, fresh_days: int) -> pd.DataFrame:
    """Return the leads that stand as of a day, each with the day since when.

    A lead stands when the newest return that could be judged raises it and is at most `fresh_days` old.
    Columns: lead, area_id, date, number, usual, since.
    """
    rows = verdicts.sort_values(["lead", "area_id", "date"])
    broken = (~rows["flagged"]).groupby([rows["lead"], rows["area_id"]]).cumsum()
    since = rows["date"].where(rows["flagged"]).groupby([rows["lead"], rows["area_id"], broken]).transform("min")
    newest = rows.assign(since=since).drop_duplicates(["lead", "area_id"], keep="last")
    newest = newest[newest["flagged"] & (newest["date"] > as_of - pd.Timedelta(days=fresh_days))]
    return newest.drop(columns=["flagged"]).reset_index(drop=True)


def false_alarms(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return, for a series known to be genuine, how often each lead was raised: lead, judged, flagged, rate (0-1)."""
    counts = verdicts.groupby("lead", sort=False)["flagged"].agg(["size", "sum"]).reset_index()
    counts = counts.set_axis(["lead", "judged", "flagged"], axis=1)
    return counts.assign(
        rate=np.where(counts["judged"] > 0, counts["flagged"] / counts["judged"].clip(lower=1), np.nan)
    )
