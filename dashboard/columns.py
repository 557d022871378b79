"""Which columns each table of progress and staffing shows, in order, under which headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.tables import Column

AREA: Final = Column("name", N_("Area"), "text")
STATUS: Final = Column("position", N_("Against plan"), "position", N_("The area against its own plan for the day."))

UNFRAMED: Final = (
    Column("leaves_unframed", N_("Units without a frame"), explain=N_("They are in no rate against the frame.")),
    Column("unframed_resolved", N_("Resolved there"), explain=N_("Households resolved in units without a frame.")),
)
COMPLETION: Final = (
    AREA,
    STATUS,
    Column("hh_frame", N_("Frame households"), explain=N_("Households to be registered, from the roster.")),
    Column(
        "framed_resolved",
        N_("Resolved"),
        explain=N_("Registered, vacant, away and deceased households, in units with a frame."),
    ),
    *UNFRAMED,
    Column("resolution_rate", N_("Resolution"), "percent", N_("Resolved ÷ frame.")),
    Column("resolution_low", N_("Lower bound"), "percent", N_("Units not in at their last figure.")),
    Column("resolution_high", N_("Upper bound"), "percent", N_("Units not in as if all were resolved.")),
    Column("planned_share", N_("Plan"), "percent", N_("Share of the frame planned for the day.")),
    Column("gap_points", N_("Gap, points"), "points", N_("Resolution less plan, in percentage points.")),
    Column("behind_hh", N_("Backlog"), explain=N_("Households behind plan, added up over units and never netted.")),
    Column("increment", N_("Today"), "signed", N_("Households resolved since the day before.")),
    Column("pace_3", N_("Pace, 3 reports"), "pace", N_("Households a day over the last 3 reports.")),
    Column("pace_7", N_("Pace, 7 reports"), "pace", N_("Households a day over the last 7 reports.")),
    Column(
        "required_pace", N_("Required pace"), "pace", N_("Pending ÷ working days left, by each unit's own calendar.")
    ),
    Column(
        "days_late",
        N_("Days late"),
        explain=N_("Days of work since the plan stood where the work stands; negative: ahead."),
    ),
    Column(
        "household_completion", N_("Household completion"), "percent", N_("Registered ÷ (frame − confirmed vacant).")
    ),
    Column("hh_done", N_("Registered")),
    Column("hh_vacant", N_("Vacant")),
    Column("hh_away", N_("Away")),
    Column("hh_deceased", N_("Deceased")),
    Column("hh_refused", N_("Refused")),
    Column("hh_noncontact", N_("Not contacted")),
    Column("hh_open", N_("Pending"), explain=N_("Frame less resolved.")),
    Column("self_report_rate", N_("Self-report"), "percent", N_("Self-reported ÷ registered households.")),
    Column("long_share", N_("Long-form share"), "percent", N_("Long-form households ÷ frame.")),
    Column("leaves_reported", N_("Units in")),
    Column("leaves_due", N_("Units due")),
    Column("value_date", N_("Oldest figure of"), "date"),
)


def shown(columns: Sequence[Column], rows: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns for some completion rows: those on units without a frame only where there are any."""
    without = not rows["leaves_unframed"].fillna(0).any()
    return tuple(column for column in columns if not (without and column in UNFRAMED))


SPREAD: Final = (
    AREA,
    Column("units", N_("Units")),
    Column("lowest", N_("Lowest"), "percent"),
    Column("p10", N_("Lowest tenth"), "percent"),
    Column("median", N_("Median"), "percent"),
    Column("highest", N_("Highest"), "percent"),
    Column("behind", N_("Units behind plan")),
    Column("behind_share", N_("Share behind plan"), "percent"),
    Column("red", N_("Units far behind")),
)

UNIT: Final = (AREA, Column("parent_name", N_("Belongs to"), "text"))
NOT_STARTED: Final = (
    *UNIT,
    Column("hh_frame", N_("Frame households")),
    Column("planned_hh", N_("Planned by today")),
    Column("value_date", N_("Last return"), "date"),
)
NOT_IN: Final = (
    *UNIT,
    Column("last_return", N_("Last return"), "date"),
    Column("days_missing", N_("Days missing"), explain=N_("Days due in a row without a return.")),
    Column("hh_open", N_("Pending")),
)

COVERAGE: Final = (
    Column("base", N_("Denominator"), "text"),
    Column("persons", N_("Registered persons")),
    Column("denominator", N_("Persons in the denominator")),
    Column("coverage", N_("Coverage"), "share"),
    Column("remaining", N_("Remaining persons"), explain=N_("Persons in the denominator less registered persons.")),
    Column("required_pace", N_("Persons a day needed"), "pace", N_("Remaining persons ÷ working days left.")),
)

ROLE: Final = Column("role_name", N_("Role"), "text")
FILLED: Final = Column(
    "status",
    N_("Posts"),
    "staffing",
    N_("By the fill rate; short while any district is uncovered; filled only where all of every unit is known."),
)
STAFFING: Final = (
    AREA,
    ROLE,
    FILLED,
    Column("required", N_("Required")),
    Column("in_post", N_("In post")),
    Column("posts_filled", N_("Posts filled"), explain=N_("Of each unit no more than it needs, then added up.")),
    Column("qualified", N_("Certified")),
    Column("active_today", N_("Active today")),
    Column("shortfall", N_("Short"), explain=N_("Added up over units, never netted.")),
    Column("shortfall_high", N_("Short at most"), explain=N_("With nobody in post in units without a return.")),
    Column("surplus", N_("Surplus")),
    Column("reserve_available", N_("Reserve")),
    Column("fill_rate", N_("Fill rate"), "percent", N_("Posts filled ÷ required, over units of which both are known.")),
    Column("qualified_fill_rate", N_("Qualified fill rate"), "percent", N_("Posts filled with certified ÷ required.")),
    Column("staff_to_requirement", N_("Staff to requirement"), "percent", N_("In post ÷ required, surplus included.")),
    Column("eds_uncovered", N_("Uncovered districts")),
    Column("hh_uncovered", N_("Households uncovered")),
    Column("attrition_rate", N_("Attrition"), "percent", N_("Leavers ÷ everyone ever recruited.")),
    Column("replacement_rate", N_("Replacement"), "percent", N_("Replacements ÷ leavers.")),
    Column("households_per_enumerator", N_("Households per enumerator"), "pace"),
    Column("persons_per_enumerator", N_("Persons per enumerator"), "pace"),
    Column("eds_per_supervisor", N_("Districts per supervisor"), "ratio"),
    Column("units_missing", N_("Units without a return")),
    Column("units_unrequired", N_("Units without a requirement"), explain=N_("Neither a frame nor a need is known.")),
    Column("value_date", N_("Oldest figure of"), "date"),
)
UNCOVERED: Final = (
    AREA,
    Column("required", N_("Required")),
    Column("in_post", N_("In post")),
    Column("shortfall", N_("Short")),
    Column("eds_uncovered", N_("Uncovered districts")),
    Column("hh_uncovered", N_("Households uncovered")),
)
CHAIN: Final = (
    Column("name", N_("Step"), "text"),
    Column("persons", N_("Persons")),
    Column("share", N_("Share of those in post"), "share"),
)
LEAVERS: Final = (Column("name", N_("Reason for leaving"), "text"), Column("persons", N_("Persons")))
ORIGINS: Final = (Column("name", N_("Source of staff"), "text"), Column("persons", N_("Persons")))
