"""Which columns the tables of the register clean-up show."""

from __future__ import annotations

from typing import Final

from dashboard.columns import AREA
from dashboard.glossary import N_
from dashboard.tables import Column

STATUS: Final = Column("status", N_("Due dates"), "overdue", N_("Overdue ÷ found against its limits."))
CASES: Final = (
    Column("found", N_("Cases found")),
    Column("resolved", N_("Cases resolved")),
    Column("pending", N_("Cases pending")),
    Column("overdue", N_("Cases overdue"), explain=N_("Pending past the due date; part of pending.")),
)
MASKED_CASES: Final = tuple(Column(c.name, c.heading, "masked", c.explain) for c in CASES)
RATES: Final = (
    Column("rectification_rate", N_("Rectified"), "percent", N_("Resolved ÷ found, of returns that state both.")),
    Column("rate_high", N_("Upper bound"), "percent", N_("As if old returns had resolved what is pending.")),
    Column("overdue_share", N_("Overdue share"), "percent", N_("Overdue ÷ found, of returns that state both.")),
)
RETURNS: Final = (
    Column("returns", N_("Returns filed"), explain=N_("Street and station pairs that file.")),
    Column("carried", N_("Older returns"), explain=N_("Last return longer ago than the reporting period.")),
    Column("report_date", N_("Oldest figure of"), "date"),
)
KINDS: Final = (
    Column("name", N_("Category or issue type"), "text"),
    Column("group_name", N_("Classed by"), "text"),
    STATUS,
    *CASES,
    *RATES,
    Column("stated", N_("Stated by"), explain=N_("Returns that state what was found.")),
    Column("returns", N_("Returns filed")),
)
BY_AREA: Final = (
    AREA,
    STATUS,
    *CASES,
    *RATES,
    Column("streets_in", N_("Streets in")),
    Column("streets_due", N_("Streets due")),
    *RETURNS,
)
BY_STATION: Final = (
    Column("police_station", N_("Police station"), "text"),
    Column("streets_named", N_("Streets served"), "text"),
    STATUS,
    *MASKED_CASES,
    *RATES,
    *RETURNS,
)
RESULTS: Final = (
    Column("name", N_("Clean-up result"), "text"),
    Column("number", N_("How many")),
    Column("stated", N_("Stated by"), explain=N_("Returns that state it; the others leave it unknown.")),
    Column("returns", N_("Returns filed")),
)
DEADLINES: Final = (
    Column("name", N_("What is due"), "text"),
    Column("due", N_("To be done by"), "date"),
    Column("days_left", N_("Days left"), "signed", N_("Calendar days; negative once the day is past.")),
    Column("state_name", N_("State of work"), "text"),
    Column("done", N_("Done so far")),
    Column("of", N_("Out of")),
)
NOT_IN: Final = (
    AREA,
    Column("police_station", N_("Police station"), "text"),
    Column("report_date", N_("Last return"), "date"),
    Column("days_missing", N_("Days missing")),
)
