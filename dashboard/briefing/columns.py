"""Which columns each sheet of the workbook shows: those of the pages, shared out so that a sheet stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.columns import AREA, COMPLETION, NOT_IN, STAFFING
from dashboard.columns_of_comparisons import AGREEMENT, COMPARISONS, FIGURES, NOT_COMPARABLE, OURS
from dashboard.glossary import N_
from dashboard.tables import Column


def _picked(columns: Sequence[Column], *names: str) -> tuple[Column, ...]:
    by_name = {column.name: column for column in columns}
    return tuple(by_name[name] for name in names)


PROGRESS: Final = _picked(
    COMPLETION, "name", "position", "hh_frame", "framed_resolved", "leaves_unframed", "unframed_resolved",
    "resolution_rate", "resolution_low", "resolution_high",
    "planned_share", "gap_points", "behind_hh", "increment", "pace_3", "pace_7", "required_pace", "days_late",
    "hh_open", "leaves_reported", "leaves_due",
)  # fmt: skip
HOUSEHOLDS: Final = _picked(
    COMPLETION, "name", "hh_frame", "hh_done", "hh_vacant", "hh_away", "hh_deceased", "hh_open", "hh_refused",
    "hh_noncontact", "leaves_unframed", "unframed_resolved", "household_completion", "self_report_rate", "long_share",
)  # fmt: skip
RATES: Final = (
    Column("reporting_rate", N_("Reporting rate"), "percent", N_("Units that reported ÷ units due.")),
    Column("on_time_rate", N_("On-time rate"), "percent", N_("Units that reported by the cut-off ÷ units due.")),
)
RETURNS: Final = (
    AREA,
    *_picked(COMPLETION, "leaves_due", "leaves_reported"),
    *RATES,
    *_picked(COMPLETION, "value_date"),
)
OVERVIEW: Final = tuple(
    {
        column.name: column for column in (*PROGRESS, *HOUSEHOLDS, *RATES) if column.kind not in ("text", "position")
    }.values()
)
DAILY: Final = (
    Column("date", N_("Day"), "day"),
    *_picked(COMPLETION, "resolution_rate", "planned_share", "resolution_low", "resolution_high", "framed_resolved",
             "increment", "leaves_reported", "leaves_due"),
    *RATES,
)  # fmt: skip
BELOW: Final = (
    AREA,
    AGREEMENT,
    *FIGURES,
    *_picked(COMPARISONS, "discrepancy", "rate", "unexplained", "unexplained_rate"),
)
ATTENTION: Final = (
    AREA,
    Column("line", N_("Matter"), "text"),
    Column("worth", N_("Worth")),
    Column("unit_name", N_("Unit"), "text"),
    Column("share", N_("Share of the frame"), "percent"),
)
DECISIONS: Final = (
    Column("decided", N_("Decided"), "day"),
    AREA,
    Column("what", N_("Decision"), "text"),
    Column("office", N_("Office"), "text"),
    Column("measure", N_("Measured by"), "text"),
    Column("sign", N_("To reach (≥) or come down to (≤)"), "text"),
    Column("number", N_("Number")),
    Column("due", N_("Due"), "day"),
    Column("outcome", N_("What became of it"), "text"),
    Column("value", N_("Value reached")),
)
BRIDGE: Final = (
    Column("step_name", N_("Step"), "text"),
    Column("households", N_("Households pending"), "signed"),
    Column("units", N_("Units")),
    Column("uncertain", N_("Open in units not in")),
)
CHANGES: Final = (
    AREA,
    Column("measure", N_("Figure"), "text"),
    Column("then", N_("When closed")),
    Column("now", N_("Now")),
)
UNITS_NOT_IN: Final = NOT_IN
STAFF: Final = tuple(column for column in STAFFING if column.name != "persons_per_enumerator")  # a sheet's width
POSTS: Final = _picked(
    STAFFING, "required", "in_post", "posts_filled", "fill_rate", "qualified", "active_today", "shortfall", "surplus"
)
COMPARISON: Final = Column("name", N_("Comparison"), "text")  # indicator and source in one
COMPARED: Final = (COMPARISON, *(column for column in COMPARISONS[2:] if column != OURS))
REFUSED: Final = (COMPARISON, *(column for column in NOT_COMPARABLE[2:] if column != OURS))
EVERY: Final = (*PROGRESS, *HOUSEHOLDS, *RATES, *STAFF, *COMPARED)  # whose meanings the notes explain
