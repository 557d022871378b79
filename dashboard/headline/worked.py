"""Every indicator with its formula in words and worked with the figures of the viewed area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.headline.names import name
from dashboard.headline.terms_of_sums import COUNTS, INDICATORS
from dashboard.i18n import MASKED, UNKNOWN, _, count, number, percent, permille, signed, signed_percent
from queries.indicators import Indicator, Term

SAME = 1e-6  # households a day: nearer than this two paces are one

FORMULAS = ["number", "indicator_name", "formula", "worked"]
COLUMNS = ["number", "indicator_name", "numerator", "denominator", "worked", "source", "threshold"]


def examples(
    indicators: Sequence[Indicator],
    progress: pd.DataFrame,
    staff: pd.DataFrame,
    checks: pd.DataFrame,
    limits: Mapping[str, Any],
    more: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return one row an indicator, in the order of the handbook.

    Parameters
    ----------
    progress, staff : DataFrame
        The completion row, and the staffing rows, of the viewed area.
    checks : DataFrame
        Its quality checks summed in one row; empty while there are none.
    limits : mapping
        The settings.
    more : mapping, optional
        One row of the viewed area for each further table that indicators are of.

    Returns
    -------
    DataFrame
        number, indicator, numerator and denominator in words, worked (the figures of the area),
        source, threshold (limits in force).
    """
    figures = {
        "progress": progress,
        "staffing_progress": _both_roles(staff),
        "quality_check": checks,
        **(more or {}),
    }
    hidden = {name.removesuffix("_masked") for name in staff if name.endswith("_masked") and staff[name].any()}
    rows = [
        {
            "number": indicator.number,
            "indicator_name": name(INDICATORS, indicator.key),
            "numerator": _in_words(indicator.numerator),
            "denominator": _in_words(indicator.denominator),
            "worked": _worked(indicator, figures[indicator.table], hidden),
            "source": _source(indicator.table),
            "threshold": _threshold(indicator, limits),
        }
        for indicator in indicators
    ]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("number", kind="stable", ignore_index=True)


def _source(table: str) -> str:
    words = {
        "progress": _("daily returns"),
        "staffing_progress": _("staffing returns"),
        "quality_check": _("quality checks"),
        "cleanup_return": _("clean-up returns"),
    }
    return words[table]


def _both_roles(staff: pd.DataFrame) -> pd.DataFrame:
    return staff.select_dtypes("number").sum(min_count=1).to_frame().T


def _in_words(terms: Sequence[Term]) -> str:
    words = [(" − " if term.sign < 0 else " + ") + name(COUNTS, term.column) for term in terms]
    return "".join(words).removeprefix(" + ")


def _worked(indicator: Indicator, figures: pd.DataFrame, hidden: set[str]) -> str:
    if figures.empty:
        return UNKNOWN
    if hidden & {term.column for term in (*indicator.numerator, *indicator.denominator)}:
        return MASKED
    above, below = indicator.above(figures).iloc[0], indicator.below(figures).iloc[0]
    result = indicator.of(figures).iloc[0]
    shown = {"ratio": number, "permille": permille}.get(indicator.unit, percent)(result, 2)
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


def formulas(
    area: pd.Series,
    staff: pd.DataFrame,
    worst: pd.Series | None,
    coverage: pd.DataFrame,
    capture: pd.DataFrame,
) -> pd.DataFrame:
    """Return the measures that are not one ratio of sums: number, indicator, formula, worked.

    Parameters
    ----------
    area : Series
        The completion row of the viewed area.
    staff : DataFrame
        Its staffing rows.
    worst : Series or None
        Its widest comparison.
    coverage, capture : DataFrame
        Person coverage and capture ratios of the area.
    """
    rows = [*_of_progress(area), *_of_staff(staff), *_of_comparison(worst)]
    for row in coverage.iloc[:1].itertuples():
        figures = f"{count(row.persons)} ÷ {count(row.denominator)} = {percent(row.coverage, 2)}"
        rows.append((43, _("Person coverage"), _("registered persons ÷ persons of the named denominator"), figures))
    for row in capture.iloc[:1].itertuples():
        figures = (
            f"({count(row.found)} ÷ {count(row.benchmark_value)}) ÷ {percent(row.coverage, 2)} = {number(row.ratio, 2)}"
        )
        rows.append((71, _("Capture ratio"), _("(events found ÷ department's events) ÷ person coverage"), figures))
    return in_order(pd.DataFrame(rows, columns=FORMULAS))


def in_order(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return rows of formulas in the order of their numbers."""
    return pd.concat(parts, ignore_index=True).sort_values("number", kind="stable", ignore_index=True)


def _of_progress(area: pd.Series) -> list[tuple[int, str, str, str]]:
    before = area["hh_resolved"] - area["increment"]
    left = area["working_days_left"]
    division = f"{count(area['hh_open'])} ÷ {count(left)} = {count(area['required_pace'])}"
    if left > 0 and abs(area["hh_open"] / left - area["required_pace"]) > SAME:
        division = _("{required}, added up over areas with calendars of their own").format(
            required=count(area["required_pace"])
        )
    return [
        (
            45,
            _("Daily increment"),
            _("resolved today − resolved the day before"),
            f"{count(area['hh_resolved'])} − {count(before)} = {count(area['increment'])}",
        ),
        (
            46,
            _("Gap to plan"),
            _("resolution rate − planned progress, in percentage points"),
            f"{percent(area['resolution_rate'], 2)} − {percent(area['planned_share'], 2)} = "
            f"{number(area['gap_points'], 2)}",
        ),
        (
            47,
            _("Schedule index"),
            _("resolution rate ÷ planned progress"),
            f"{percent(area['resolution_rate'], 2)} ÷ {percent(area['planned_share'], 2)} = "
            f"{number(area['schedule_index'], 2)}",
        ),
        (
            48,
            _("Required daily pace"),
            _("pending households ÷ working days left"),
            division,
        ),
        (
            49,
            _("Observed pace"),
            _("households resolved over the last 3 reports ÷ the days between them"),
            count(area["pace_3"]),
        ),
    ]


def _of_staff(staff: pd.DataFrame) -> list[tuple[int, str, str, str]]:
    enumerators = staff[staff["role"] == "enumerator"]
    if enumerators.empty or pd.isna(enumerators["required_known"].iloc[0]):
        return []
    row = enumerators.iloc[0]
    return [
        (
            12,
            _("Shortfall"),
            _("required − in post where positive, added up over units"),
            _("{required} required, {in_post} in post: {short} short, {surplus} surplus").format(
                required=count(row["required_known"]),
                in_post=count(row["in_post_known"]),
                short=count(row["shortfall"]),
                surplus=count(row["surplus"]),
            ),
        ),
        (
            15,
            _("Workload per enumerator"),
            _("frame households ÷ enumerators in post"),
            f"{count(row['households_staffed'])} ÷ {count(row['in_post_households'])} = "
            f"{number(row['households_per_enumerator'], 1)}",
        ),
    ]


def _of_comparison(worst: pd.Series | None) -> list[tuple[int, str, str, str]]:
    if worst is None:
        return []
    benchmark = count(worst["benchmark_value"])
    return [
        (
            66,
            _("Discrepancy"),
            _("census − department's figure"),
            f"{count(worst['census_value'])} − {benchmark} = {signed(worst['discrepancy'])}",
        ),
        (
            67,
            _("Discrepancy rate"),
            _("discrepancy ÷ department's figure"),
            f"{signed(worst['discrepancy'])} ÷ {benchmark} = {signed_percent(worst['rate'])}",
        ),
        (
            69,
            _("Unexplained discrepancy"),
            _("(size of the discrepancy − explained part) ÷ department's figure"),
            f"{count(worst['unexplained'])} ÷ {benchmark} = {permille(worst['unexplained_rate'], 2)}",
        ),
    ]


def bounds(area: pd.Series) -> str:
    """Return the range over the units not in, worked for the area."""
    carried = area["framed_resolved"]
    return _("Example: {low} = {carried} ÷ {frame}; {high} = ({carried} + {open}) ÷ {frame}.").format(
        low=percent(area["resolution_low"], 2),
        high=percent(area["resolution_high"], 2),
        carried=count(carried),
        open=count(area["hh_open_missing"]),
        frame=count(area["hh_frame"]),
    )
