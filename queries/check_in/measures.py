"""What a decision can promise: existing counts and indicators, each with the direction that is better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from queries import completion
from queries.indicators import INDICATORS, with_indicators

Bounds = tuple[pd.Series, pd.Series, pd.Series]


@dataclass(frozen=True)
class Measure:
    """A figure that a decision sets a number for.

    Attributes
    ----------
    key : str
        What the decision stores as its indicator.
    column : str
        The column that shows it in the rows of its source.
    source : str
        progress, staffing or discrepancy: whose returns say whether it happened.
    at_least : bool
        Whether the promise is to reach the number, or to come down to it.
    unit : str
        share (0-1), households, persons, units or districts.
    role : str or None
        Of a staffing measure.
    """

    key: str
    column: str
    source: str
    at_least: bool
    unit: str
    role: str | None = None


MEASURES: Final = {
    measure.key: measure
    for measure in (
        Measure("resolution_rate", "resolution_rate", "progress", True, "share"),
        Measure("household_completion", "household_completion", "progress", True, "share"),
        Measure("hh_resolved", "hh_resolved", "progress", True, "households"),
        Measure("hh_open", "hh_open", "progress", False, "households"),
        Measure("behind_hh", "behind_hh", "progress", False, "households"),
        Measure("hh_noncontact", "hh_noncontact", "progress", False, "households"),
        Measure("units_not_in", "units_not_in", "progress", False, "units"),
        Measure("on_time_rate", "on_time_rate", "progress", True, "share"),
        Measure("enumerators_in_post", "in_post", "staffing", True, "persons", "enumerator"),
        Measure("enumerators_short", "shortfall", "staffing", False, "persons", "enumerator"),
        Measure("supervisors_short", "shortfall", "staffing", False, "persons", "supervisor"),
        Measure("eds_uncovered", "eds_uncovered", "staffing", False, "districts", "enumerator"),
        Measure("unexplained_hukou", "unexplained", "discrepancy", False, "persons"),
    )
}
# The count of units that tell a staffing measure: only where all do, it is known.
TOLD_BY: Final = {"in_post": "units_in_post", "shortfall": "units_judged", "eds_uncovered": "units_covered"}
PROGRESS_COLUMNS: Final = (
    "leaves_due",
    "leaves_reported",
    "leaves_timed",
    "leaves_on_time",
    "leaves_unframed",
    "hh_frame",
    "hh_resolved",
    "hh_open",
    "hh_open_missing",
    "hh_noncontact",
    "behind_hh",
    "framed_done",
    "framed_vacant",
    "framed_resolved",
)


def of_progress(rows: pd.DataFrame, key: str) -> Bounds:
    """Return a progress measure of each row of `progress`: as carried, and the lowest and highest it can be.

    Units that are due and not in may have done nothing more, or everything still open in them; where
    that says nothing about the measure, the bounds are missing while units are missing. What is open or
    behind in units without a frame is not known: it has no highest value.
    """
    return PROGRESS[key](rows)


def _rate(rows: pd.DataFrame) -> Bounds:
    low, high = completion.bounds(rows)
    return INDICATORS["resolution_rate"].of(rows), low, high


def _completion(rows: pd.DataFrame) -> Bounds:
    rate = INDICATORS["household_completion"].of
    value = rate(rows)
    return value, value, rate(rows.assign(framed_done=rows["framed_done"] + rows["hh_open_missing"].fillna(0)))


def _resolved(rows: pd.DataFrame) -> Bounds:
    value = rows["hh_resolved"]
    boundless = _missing(rows) & (rows["leaves_unframed"] > 0)
    return value, value, (value + rows["hh_open_missing"].fillna(0)).mask(boundless, np.inf)


def _down_by_missing(column: str) -> Callable[[pd.DataFrame], Bounds]:
    def bounded(rows: pd.DataFrame) -> Bounds:
        value = rows[column]
        boundless = rows["leaves_unframed"] > 0  # nobody knows what is open where there is no frame
        return value, (value - rows["hh_open_missing"].fillna(0)).clip(lower=0), value.mask(boundless, np.inf)

    return bounded


def _unknown_while_missing(column: str) -> Callable[[pd.DataFrame], Bounds]:
    def bounded(rows: pd.DataFrame) -> Bounds:
        known = rows[column].mask(_missing(rows))
        return rows[column], known, known

    return bounded


def _not_in(rows: pd.DataFrame) -> Bounds:
    """Return the units not in; unknown on a day on which none is due: nobody kept or broke anything."""
    value = (rows["leaves_due"] - rows["leaves_reported"]).where(rows["leaves_due"] > 0)
    return value, value, value


def _on_time(rows: pd.DataFrame) -> Bounds:
    value = with_indicators(rows, [INDICATORS["on_time_rate"]])["on_time_rate"]
    return value, value, value


def _missing(rows: pd.DataFrame) -> pd.Series:
    return (rows["leaves_due"] > rows["leaves_reported"]) | (rows["hh_open_missing"] > 0)


PROGRESS: Final[dict[str, Callable[[pd.DataFrame], Bounds]]] = {
    "resolution_rate": _rate,
    "household_completion": _completion,
    "hh_resolved": _resolved,
    "hh_open": _down_by_missing("hh_open"),
    "behind_hh": _down_by_missing("behind_hh"),
    "hh_noncontact": _unknown_while_missing("hh_noncontact"),
    "units_not_in": _not_in,
    "on_time_rate": _on_time,
}
