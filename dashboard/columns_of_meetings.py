"""Which columns the tables of the check-in show, in order, under which headings."""

from __future__ import annotations

from typing import Final

from dashboard.columns import AREA
from dashboard.glossary import N_
from dashboard.tables import Column

STEPS: Final = (
    Column("name", N_("Step"), "text"),
    Column("level", N_("Still to resolve")),
    Column("change", N_("Change"), "signed"),
    Column("units", N_("Units"), explain=N_("Reporting units that the step is about.")),
    Column("uncertain", N_("Uncertain"), explain=N_("Households still open in units that are not in.")),
)
MOVED: Final = (
    AREA,
    Column("then", N_("Open then")),
    Column("target", N_("Change of target"), "signed"),
    Column("corrections", N_("Corrections"), "signed"),
    Column("newly_in", N_("Newly in"), "signed"),
    Column("work", N_("Work reported"), "signed"),
    Column("now", N_("Open now")),
    Column("newly_missing", N_("Newly missing, units")),
    Column("still_missing", N_("Still missing, units")),
    Column("uncertain", N_("Uncertain"), explain=N_("Households still open in units that are not in.")),
)
CHANGED: Final = (
    Column("name", N_("Figure"), "text"),
    Column("then", N_("At the close")),
    Column("now", N_("Now")),
    Column("change", N_("Change"), "signed"),
)
TURNED: Final = (
    Column("place", N_("Area"), "text"),
    Column("what", N_("Decision"), "text"),
    Column("promised", N_("Promised"), "text"),
    Column("outcome", N_("Outcome at the close"), "text"),
    Column("stands", N_("Stood at"), "text"),
    Column("outcome_now", N_("Outcome now"), "text"),
    Column("stands_now", N_("Stands at"), "text"),
)
DECISIONS: Final = (
    Column("place", N_("Area"), "text"),
    Column("outcome", N_("Outcome"), "text", N_("Held against the returns of the due day and of each later one.")),
    Column("what", N_("Decision"), "text"),
    Column("promised", N_("Promised"), "text"),
    Column("stands", N_("Stands at"), "text"),
    Column("off", N_("Off by"), "text", N_("Where it stands less what was promised.")),
    Column("due", N_("Due on"), "date"),
    Column("misses", N_("Days missed"), explain=N_("Days on which it was due, judged and not done.")),
    Column("office", N_("Responsible office"), "text"),
    Column("decided", N_("Decided on"), "date"),
)
WITHDRAWN: Final = (*DECISIONS, Column("withdrawn_reason", N_("Reason for withdrawing"), "text"))
HISTORY: Final = (
    AREA,
    Column("decided", N_("Decisions")),
    Column("kept", N_("Done")),
    Column("kept_late", N_("Done late")),
    Column("missed", N_("Not done")),
    Column("no_data", N_("No data")),
    Column("waiting", N_("Not yet due")),
    Column("withdrawn", N_("Withdrawn")),
    Column("escalated", N_("Escalated")),
)
VERSIONS: Final = (
    AREA,
    Column("version", N_("Version")),
    Column("what", N_("Decision"), "text"),
    Column("office", N_("Responsible office"), "text"),
    Column("promised", N_("Promised"), "text"),
    Column("due", N_("Due on"), "date"),
    Column("saved", N_("Replaced at"), "text"),
)
