"""Which columns the tables of leads show."""

from __future__ import annotations

from typing import Final

from dashboard.columns import UNIT
from dashboard.glossary import N_
from dashboard.tables import Column

LEADS: Final = (
    *UNIT,
    Column("lead_name", N_("Lead"), "text"),
    Column("since", N_("Since"), "date"),
    Column(
        "alarm_text",
        N_("Raised by genuine returns"),
        "text",
        N_("Share of the returns of a genuine series that raise the same lead."),
    ),
    Column("hh_frame", N_("Frame households")),
    Column("evidence", N_("Evidence"), "text"),
)
DISMISSED: Final = (
    UNIT[0],
    Column("lead_name", N_("Lead"), "text"),
    Column("evidence_date", N_("Evidence until"), "date"),
    Column("reason", N_("What was found"), "text"),
    Column("office", N_("Office"), "text"),
    Column("dismissed_at", N_("Set aside on"), "date"),
)
