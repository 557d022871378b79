"""Every formula and every threshold, once.

An indicator is a ratio of sums: pages, exports and the Methods page read the same object.
A rate is missing where its denominator is 0 or unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from queries.counts import CHECKED_ITEMS


@dataclass(frozen=True)
class Term:
    """A column in a sum: added or subtracted; an optional one counts nothing where it is unknown."""

    column: str
    sign: int = 1
    optional: bool = False


@dataclass(frozen=True)
class Indicator:
    """A ratio of sums.

    Attributes
    ----------
    key : str
        Its column in frames.
    number : int
        Its number in the handbook.
    unit : str
        percent, permille or ratio.
    numerator, denominator : tuple of Term
        What is added up above and below the line.
    table : str
        progress, staffing_progress, quality_check or cleanup_return.
    threshold : str or None
        The setting that colours it.
    """

    key: str
    number: int
    unit: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    table: str = "progress"
    threshold: str | None = None

    def above(self, frame: pd.DataFrame) -> pd.Series:
        """Return the numerator of each row."""
        return _sum(frame, self.numerator)

    def below(self, frame: pd.DataFrame) -> pd.Series:
        """Return the denominator of each row."""
        return _sum(frame, self.denominator)

    def of(self, frame: pd.DataFrame) -> pd.Series:
        """Return the indicator of each row, 0-1 but for ratios; missing where the denominator is 0 or unknown."""
        return ratio(self.above(frame), self.below(frame))


def _sum(frame: pd.DataFrame, terms: Sequence[Term]) -> pd.Series:
    total = pd.Series(0.0, index=frame.index)
    for term in terms:
        column = frame[term.column].fillna(0) if term.optional else frame[term.column]
        total = total + term.sign * column
    return total


def ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Return above / below, missing where below is 0 or anything is unknown."""
    return above / below.where(below != 0)


def _terms(words: str) -> tuple[Term, ...]:
    """Read “a + b - ?c”: columns to add and subtract, optional ones with a question mark."""
    found = []
    sign = 1
    for word in words.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
        else:
            found.append(Term(word.removeprefix("?"), sign, word.startswith("?")))
            sign = 1
    return tuple(found)


def _progress(
    key: str, number: int, above: str, below: str, unit: str = "percent", threshold: str | None = None
) -> Indicator:
    return Indicator(key, number, unit, _terms(above), _terms(below), "progress", threshold)


def _staff(key: str, number: int, above: str, below: str, threshold: str | None = None) -> Indicator:
    return Indicator(key, number, "percent", _terms(above), _terms(below), "staffing_progress", threshold)


def _check(key: str, number: int, above: str, below: str) -> Indicator:
    return Indicator(key, number, "permille", _terms(above), _terms(below), "quality_check")


PROGRESS_INDICATORS: Final = (
    _progress("household_completion", 41, "framed_done", "hh_frame - ?framed_vacant"),
    _progress("resolution_rate", 42, "framed_resolved", "hh_frame"),
    _progress("eds_completed_rate", 44, "listed_ed_done", "listed_ed_total"),
    _progress("planned_share", 46, "planned_hh", "hh_frame"),
    _progress("persons_per_household", 50, "housed_persons", "housing_persons", "ratio"),
    _progress("living_per_household", 50, "housed_living", "housing_living", "ratio"),
    _progress("self_report_rate", 64, "done_self", "done_of_self"),
    _progress("long_share", 62, "framed_long", "frame_of_long", threshold="long_share"),
    _progress("vacant_share", 37, "framed_vacant", "frame_of_vacant"),
    _progress("away_share", 38, "framed_away", "frame_of_away"),
    _progress("refusal_share", 39, "framed_refused", "frame_of_refused"),
    _progress("noncontact_share", 40, "framed_noncontact", "frame_of_noncontact"),
    _progress("reporting_rate", 85, "leaves_reported", "leaves_due"),
    _progress(
        "on_time_rate",
        86,
        "leaves_on_time",
        "leaves_due - leaves_reported + leaves_timed",
        threshold="on_time_rate",
    ),
    _progress("carried_share", 85, "resolved_carried", "hh_resolved"),
    _progress("restatement_rate", 87, "leaves_corrected", "leaves_reported"),
)
RETURN_INDICATORS: Final = tuple(i for i in PROGRESS_INDICATORS if i.key in ("reporting_rate", "on_time_rate"))

STAFFING_INDICATORS: Final = (  # above and below the line the same units: those that tell both
    _staff("fill_rate", 11, "posts_filled", "required_known", "fill_rate"),
    _staff("staff_to_requirement", 11, "in_post_known", "required_known"),
    _staff("qualified_fill_rate", 13, "qualified_filled", "qualified_required", "fill_rate"),
    _staff("attrition_rate", 16, "leavers_joined", "intake_left", "attrition_rate"),
    _staff("replacement_rate", 17, "replaced_left", "leavers_replaced"),
    _staff("training_rate", 18, "trained_judged", "in_post_trained", "coverage_rate"),
    _staff("pass_rate", 19, "passed_tested", "tested_passed"),
    _staff("certificate_rate", 20, "certified_judged", "in_post_certified", "coverage_rate"),
    _staff("insurance_rate", 21, "insured_judged", "in_post_insured", "insurance_rate"),
    _staff("confidentiality_rate", 22, "confid_signed_judged", "in_post_confid_signed", "coverage_rate"),
    _staff("under_50_share", 23, "age_u50_judged", "in_post_age_u50"),
    _staff("senior_secondary_share", 24, "edu_senior_plus_judged", "in_post_edu_senior_plus"),
)

CHECK_INDICATORS: Final = (
    _check("buildings_error_rate", 73, "buildings_err", "buildings_checked"),
    _check("units_error_rate", 73, "units_err", "units_checked"),
    _check("pers_error_rate", 73, "pers_err", "pers_checked"),
    _check("hukou_error_rate", 73, "hukou_err", "hukou_checked"),
    # A person who was missed is not among the registered ones that were checked: found are both together.
    _check("omission_rate", 74, "omitted", "pers_looked_at + omitted"),
    _check("duplication_rate", 75, "duplicated", "pers_looked_at"),
)

# Only returns that state both sides of a ratio enter it.
CLEANUP_INDICATORS: Final = (
    Indicator("rectification_rate", 77, "percent", _terms("resolved_known"), _terms("found_known"), "cleanup_return"),
    Indicator(
        "overdue_share",
        78,
        "percent",
        _terms("overdue_judged"),
        _terms("found_judged"),
        "cleanup_return",
        "rectification_overdue",
    ),
)

INDICATORS: Final = {
    i.key: i for i in (*PROGRESS_INDICATORS, *STAFFING_INDICATORS, *CHECK_INDICATORS, *CLEANUP_INDICATORS)
}

ZERO_TOLERANCE: Final = ("birth", "death")  # one error fails a check in any stage
MAPPED_STAGES: Final = ("sweep",)  # where the map of the enumeration district must be qualified


def with_indicators(frame: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Add a column for each indicator."""
    found = {i.key: i.of(frame) for i in indicators}
    if "on_time_rate" in found:  # nobody said when: unknown, unless nothing came at all
        untimed = (frame["leaves_timed"] == 0) & (frame["leaves_reported"] > 0)
        found["on_time_rate"] = found["on_time_rate"].mask(untimed)
    return frame.assign(**found)


def status(values: pd.Series, limits: Sequence[float], *, high_is_good: bool = True) -> pd.Series:
    """Return green, amber, red or unknown for each value by [green, amber] limits."""
    green, amber = limits
    if high_is_good:
        levels = [values >= green - 1e-9, values >= amber - 1e-9]
    else:
        levels = [values <= green + 1e-9, values <= amber + 1e-9]
    named = np.select([values.isna(), *levels], ["unknown", "green", "amber"], "red")
    return pd.Series(named, index=values.index, dtype="str")


def band_status(values: pd.Series, limits: Sequence[float]) -> pd.Series:
    """Return green inside the inner, amber inside the outer band of [low, high, outer low, outer high]."""
    low, high, outer_low, outer_high = limits
    named = np.select(
        [values.isna(), values.between(low, high), values.between(outer_low, outer_high)],
        ["unknown", "green", "amber"],
        "red",
    )
    return pd.Series(named, index=values.index, dtype="str")


def pace(history: pd.DataFrame, reports: int) -> pd.Series:
    """Return the observed daily pace of each area (basis of indicator 49), households a day.

    Parameters
    ----------
    history : DataFrame
        area_id, date, hh_resolved, came (whether any return came), gone (days so far on which work was planned or
        a return due); days up to the as-of date.
    reports : int
        How many reported days back: from the newest reported day to the one that many reports before,
        divided by the days between. A day without a return is neither a zero nor left out of the time,
        unless nothing was planned or due on it.

    Returns
    -------
    Series
        By area_id; missing with too few reports.
    """
    reported = history[history["came"].astype(bool) & history["hh_resolved"].notna()]
    reported = reported.sort_values(["area_id", "date"])
    grouped = reported.groupby("area_id")
    gained = reported["hh_resolved"] - grouped["hh_resolved"].shift(reports)
    days = reported["gone"] - grouped["gone"].shift(reports)
    return ratio(gained, days).groupby(reported["area_id"]).last().astype("float64")


def required_pace(remaining: pd.Series, days_left: pd.Series) -> pd.Series:
    """Return households a working day needed until the deadline (indicator 48).

    0 when nothing remains, infinity when work remains and no day is left.
    """
    needed = remaining.clip(lower=0)
    without = needed.mask(needed > 0, np.inf)
    return (needed / days_left.where(days_left > 0)).where(days_left > 0, without).astype("float64")


def days_late(share: float, plan: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """Return how many days of work ago the plan stood where the work stands today; negative when ahead.

    Days on which the plan stands still are not counted. Missing when the share or the plan is unknown, or
    before the phase begins.
    """
    if np.isnan(share) or plan.empty or as_of < plan["date"].iloc[0]:
        return np.nan
    shares = plan["planned_share"].to_numpy(dtype=float)
    moves = np.cumsum(np.diff(shares, prepend=0.0) > 1e-12)
    today = int(np.flatnonzero(plan["date"] <= as_of)[-1])
    reached = np.flatnonzero(shares >= share - 1e-9)
    when = int(reached[0]) if len(reached) else len(shares) - 1
    return float(moves[today] - moves[when])


def discrepancy(census: pd.Series, benchmark: pd.Series, explained: pd.Series) -> pd.DataFrame:
    """Return discrepancy, rate, explained_share, unexplained and unexplained_rate (indicators 66-69).

    discrepancy = census - benchmark, signed; unexplained = its size less the explained part's.
    """
    gap = census - benchmark
    left = (gap.abs() - explained.fillna(0).abs()).clip(lower=0)
    return pd.DataFrame(
        {
            "discrepancy": gap,
            "rate": ratio(gap, benchmark),
            "explained_share": ratio(explained.abs(), gap.abs()),
            "unexplained": left,
            "unexplained_rate": ratio(left, benchmark),
        }
    )


def capture_ratio(found: pd.Series, benchmark: pd.Series, coverage: pd.Series) -> pd.Series:
    """Return (events found / benchmark events) / person coverage (indicator 71); 1 is proportional."""
    return ratio(ratio(found, benchmark), coverage)


def flow_balance(inflow: float, outflow: float) -> tuple[float, float]:
    """Return the gap between flows that should be equal, and its share of the larger (indicator 72)."""
    gap, larger = inflow - outflow, max(inflow, outflow)
    return gap, abs(gap) / larger if larger else np.nan


def limits_of(stage: str, settings: Mapping[str, Any]) -> dict[str, float]:
    """Return what a stage allows: errors over what was checked (0-1), by item; empty where no rule is set."""
    keys = {item: f"acceptance.{stage}.{item}" for item in CHECKED_ITEMS}
    return {item: float(settings[key]) for item, key in keys.items() if key in settings}


def allowed_errors(checked: pd.Series, limit: float) -> pd.Series:
    """Return how many errors a limit allows among what was checked: a rate exactly at the limit passes."""
    return np.floor(limit * checked + 1e-9)


def rule_by_rule(checks: pd.DataFrame, stage: str, limits: Mapping[str, float]) -> pd.DataFrame:
    """Return how each check stands by each rule of its stage (indicator 32): green, red or unknown.

    Columns: map where the stage looks at it, every limited item, birth and death. Unknown where a
    figure is missing or nothing was checked; births and deaths may have none to check.
    """
    found: dict[str, Any] = {}
    if stage in MAPPED_STAGES:
        fit = checks["map_ok"].astype("boolean")
        found["map"] = np.select([fit.isna(), fit.fillna(False)], ["unknown", "green"], "red")
    for item, limit in limits.items():
        checked, errors = checks[f"{item}_checked"], checks[f"{item}_err"]
        judged = errors.notna() & (checked > 0)
        found[item] = np.select([~judged, errors <= allowed_errors(checked, limit)], ["unknown", "green"], "red")
    for item in ZERO_TOLERANCE:
        errors = checks[f"{item}_err"]
        found[item] = np.select([errors.isna(), errors == 0], ["unknown", "green"], "red")
    return pd.DataFrame(found, index=checks.index, dtype="str")


def verdict(rules: pd.DataFrame, limits: Mapping[str, float]) -> pd.Series:
    """Return the verdict by the rule: red if any rule is broken, green if all hold, else unknown.

    A stage without limits has none to hold: it is “none” unless births or deaths are wrong.
    """
    broken, unknown = (rules == "red").any(axis=1), (rules == "unknown").any(axis=1)
    named = np.select([broken, not limits, unknown], ["red", "none", "unknown"], "green")
    return pd.Series(named, index=rules.index, dtype="str")
