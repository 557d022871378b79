"""Which columns the tables of the data desk show, in order, under which headings."""

from __future__ import annotations

from typing import Final

from dashboard.glossary import N_
from dashboard.tables import Column

FINDINGS: Final = (
    Column("severity", N_("Severity"), "text"),
    Column("number", N_("Of this kind"), explain=N_("How often the rule is broken in this field, in the whole file.")),
    Column("sheet", N_("Sheet"), "text"),
    Column("cell", N_("Cell"), "text"),
    Column("row", N_("Row"), "text"),
    Column("field", N_("Field"), "text"),
    Column("value", N_("Value"), "text"),
    Column("said", N_("What is expected"), "text"),
)

LOADS: Final = (
    Column("number", N_("Load"), "text"),
    Column("moment", N_("Taken in"), "text"),
    Column("form", N_("Form"), "text"),
    Column("file_name", N_("File"), "text"),
    Column("outcome", N_("Result"), "text"),
    Column("rows_stored", N_("New rows")),
    Column("rows_corrected", N_("Corrected rows"), explain=N_("New versions; of an undo, versions brought back.")),
    Column(
        "rows_unchanged",
        N_("Unchanged rows"),
        explain=N_("Stored already; of an undo, those with another version in force."),
    ),
    Column("rows_stale", N_("Older rows"), explain=N_("Older than what was in force: kept as earlier versions.")),
    Column("rows_rejected", N_("Rejected rows")),
    Column("rows_withdrawn", N_("Withdrawn rows"), explain=N_("Rows that an undone load had brought first.")),
    Column("office", N_("Office"), "text"),
    Column("is_simulated", N_("Simulated or real"), "text"),
    Column("said", N_("Warnings"), "text"),
)
