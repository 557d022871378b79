"""Which columns each table of progress and staffing shows, in order, under which headings."""

from __future__ import annotations

from typing import Final

from dashboard.glossary import N_
from dashboard.i18n import _
from dashboard.tables import Column


def column(name: str, heading: str, kind: str = "count", explain: str = "") -> Column:
    """Return a column whose heading and explanation are translated when shown."""
    return Column(name, lambda: _(heading), kind, (lambda: _(explain)) if explain else None)


AREA: Final = column("name", N_("Area"), "text")
STATUS: Final = column("status", N_("Against plan"), "status", N_("The area against its own plan for the day."))

COMPLETION: Final = (
    AREA,
    STATUS,
    column("hh_frame", N_("Frame households"), explain=N_("Households to be registered, from the roster.")),
    column("hh_resolved", N_("Resolved"), explain=N_("Registered, vacant, away and deceased households.")),
    column("resolution_rate", N_("Resolution"), "percent", N_("Resolved ÷ frame.")),
    column("resolution_low", N_("Lower bound"), "percent", N_("Units not in at their last figure.")),
    column("resolution_high", N_("Upper bound"), "percent", N_("Units not in as if all were resolved.")),
    column("planned_share", N_("Plan"), "percent", N_("Share of the frame planned for the day.")),
    column("gap_points", N_("Gap, points"), "points", N_("Resolution less plan, in percentage points.")),
    column("behind_hh", N_("Backlog"), explain=N_("Households behind plan, added up over units and never netted.")),
    column("increment", N_("Today"), "signed", N_("Households resolved since the day before.")),
    column("pace_3", N_("Pace, 3 reports"), "pace", N_("Households a day over the last 3 reports.")),
    column("pace_7", N_("Pace, 7 reports"), "pace", N_("Households a day over the last 7 reports.")),
    column("required_pace", N_("Required pace"), "pace", N_("Pending ÷ working days left.")),
    column(
        "days_late", N_("Days late"), explain=N_("Days since the plan stood where the work stands; negative: ahead.")
    ),
    column(
        "household_completion", N_("Household completion"), "percent", N_("Registered ÷ (frame − confirmed vacant).")
    ),
    column("hh_done", N_("Registered")),
    column("hh_vacant", N_("Vacant")),
    column("hh_away", N_("Away")),
    column("hh_deceased", N_("Deceased")),
    column("hh_refused", N_("Refused")),
    column("hh_noncontact", N_("Not contacted")),
    column("hh_open", N_("Pending"), explain=N_("Frame less resolved.")),
    column("self_report_rate", N_("Self-report"), "percent", N_("Self-reported ÷ registered households.")),
    column("long_share", N_("Long-form share"), "percent", N_("Long-form households ÷ frame.")),
    column("leaves_reported", N_("Units in")),
    column("leaves_due", N_("Units due")),
    column("value_date", N_("Oldest figure of"), "date"),
)

SPREAD: Final = (
    AREA,
    column("units", N_("Units")),
    column("lowest", N_("Lowest"), "percent"),
    column("p10", N_("Lowest tenth"), "percent"),
    column("median", N_("Median"), "percent"),
    column("highest", N_("Highest"), "percent"),
    column("behind", N_("Units behind plan")),
    column("behind_share", N_("Share behind plan"), "percent"),
    column("red", N_("Units far behind")),
)

UNIT: Final = (AREA, column("parent_name", N_("Belongs to"), "text"))
NOT_STARTED: Final = (
    *UNIT,
    column("hh_frame", N_("Frame households")),
    column("planned_hh", N_("Planned by today")),
    column("value_date", N_("Last return"), "date"),
)
NOT_IN: Final = (
    *UNIT,
    column("value_date", N_("Last return"), "date"),
    column("days_missing", N_("Days missing")),
    column("hh_open", N_("Pending")),
)

COVERAGE: Final = (
    column("base", N_("Denominator"), "text"),
    column("persons", N_("Registered persons")),
    column("denominator", N_("Persons in the denominator")),
    column("coverage", N_("Coverage"), "share"),
)

ROLE: Final = column("role_name", N_("Role"), "text")
FILLED: Final = column("status", N_("Posts"), "staffing", N_("Fill rate; short while any district is uncovered."))
STAFFING: Final = (
    AREA,
    ROLE,
    FILLED,
    column("required", N_("Required")),
    column("in_post", N_("In post")),
    column("qualified", N_("Certified")),
    column("active_today", N_("Active today")),
    column("shortfall", N_("Short"), explain=N_("Added up over units, never netted.")),
    column("surplus", N_("Surplus")),
    column("reserve_available", N_("Reserve")),
    column("fill_rate", N_("Fill rate"), "percent", N_("In post ÷ required.")),
    column("qualified_fill_rate", N_("Qualified fill rate"), "percent", N_("Certified in post ÷ required.")),
    column("eds_uncovered", N_("Uncovered districts")),
    column("hh_uncovered", N_("Households uncovered")),
    column("attrition_rate", N_("Attrition"), "percent", N_("Leavers ÷ everyone ever recruited.")),
    column("replacement_rate", N_("Replacement"), "percent", N_("Replacements ÷ leavers.")),
    column("households_per_enumerator", N_("Households per enumerator"), "pace"),
    column("persons_per_enumerator", N_("Persons per enumerator"), "pace"),
    column("eds_per_supervisor", N_("Districts per supervisor"), "ratio"),
    column("units_missing", N_("Units without a return")),
    column("value_date", N_("Oldest figure of"), "date"),
)
UNCOVERED: Final = (
    AREA,
    column("required", N_("Required")),
    column("in_post", N_("In post")),
    column("shortfall", N_("Short")),
    column("eds_uncovered", N_("Uncovered districts")),
    column("hh_uncovered", N_("Households uncovered")),
)
CHAIN: Final = (
    column("name", N_("Step"), "text"),
    column("persons", N_("Persons")),
    column("share", N_("Share of those in post"), "share"),
)
LEAVERS: Final = (column("name", N_("Reason for leaving"), "text"), column("persons", N_("Persons")))
ORIGINS: Final = (column("name", N_("Source of staff"), "text"), column("persons", N_("Persons")))
