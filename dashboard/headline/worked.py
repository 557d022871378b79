"""Every indicator with its formula in words and worked with the figures of the viewed area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.headline.names import name
from dashboard.headline.terms_of_sums import COUNTS, INDICATORS
from dashboard.i18n import _, count, number, percent
from queries.indicators import Indicator, Term

COLUMNS = ["number", "indicator", "numerator", "denominator", "worked", "source", "threshold"]


def examples(
    indicators: Sequence[Indicator], progress: pd.DataFrame, staff: pd.DataFrame, limits: Mapping[str, Any]
) -> pd.DataFrame:
    """Return one row an indicator, in the order of the handbook.

    Parameters
    ----------
    progress, staff : DataFrame
        The completion row, and the staffing rows, of the viewed area.
    limits : mapping
        The settings.

    Returns
    -------
    DataFrame
        number, indicator, numerator and denominator in words, worked (the figures of the area),
        source, threshold (limits in force).
    """
    rows = [
        {
            "number": indicator.number,
            "indicator": name(INDICATORS, indicator.key),
            "numerator": _in_words(indicator.numerator),
            "denominator": _in_words(indicator.denominator),
            "worked": _worked(indicator, progress if indicator.table == "progress" else _both_roles(staff)),
            "source": _("daily returns") if indicator.table == "progress" else _("staffing returns"),
            "threshold": _threshold(indicator, limits),
        }
        for indicator in indicators
    ]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("number", kind="stable", ignore_index=True)


def _both_roles(staff: pd.DataFrame) -> pd.DataFrame:
    return staff.select_dtypes("number").sum(min_count=1).to_frame().T


def _in_words(terms: Sequence[Term]) -> str:
    words = [(" − " if term.sign < 0 else " + ") + name(COUNTS, term.column) for term in terms]
    return "".join(words).removeprefix(" + ")


def _worked(indicator: Indicator, figures: pd.DataFrame) -> str:
    if figures.empty:
        return "—"
    above, below = indicator.above(figures).iloc[0], indicator.below(figures).iloc[0]
    result = indicator.of(figures).iloc[0]
    shown = number(result, 2) if indicator.unit == "ratio" else percent(result, 2)
    return f"{count(above)} ÷ {count(below)} = {shown}"


def _threshold(indicator: Indicator, limits: Mapping[str, Any]) -> str:
    band = limits.get(indicator.threshold) if indicator.threshold else None
    if band is None:
        return "—"
    if len(band) == 4:
        return _("green {low} to {high}, amber {outer_low} to {outer_high}").format(
            low=percent(band[0]), high=percent(band[1]), outer_low=percent(band[2]), outer_high=percent(band[3])
        )
    if band[0] == band[1]:
        return _("green {green}, else red").format(green=percent(band[0]))
    if band[0] < band[1]:
        return _("green up to {green}, amber up to {amber}").format(green=percent(band[0]), amber=percent(band[1]))
    return _("green from {green}, amber from {amber}").format(green=percent(band[0]), amber=percent(band[1]))
