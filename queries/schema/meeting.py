"""The daily check-in: what was known at its close, what was decided, and who did what when."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from queries.schema.base import Key, counts, key, metadata

check_in = Table(
    "check_in",
    metadata,
    Column("id", Key, primary_key=True),
    key("phase_id", "phase", nullable=False),
    key("area_id", "area", nullable=False),  # the scope of the meeting
    Column("date", Date, nullable=False),  # the as-of date that was looked at
    Column("opened_at", DateTime, nullable=False),
    Column("closed_at", DateTime),  # from then on read-only
    Column("data_version", Key),  # highest load id when it closed
    key("since_id", "check_in"),  # the closed check-in before it, where its bridge begins
    Column("since_date", Date),  # and of which day that was; the day before where there was none
    Column("figures", JSON),  # what the pages showed at the close: the frozen brief
    Column("notes", Text),
    Column("version", Integer, nullable=False),  # rises with every edit: two editors cannot overwrite one another
    Column("simulated", Boolean, nullable=False, default=False),
    UniqueConstraint("phase_id", "area_id", "date"),
)

check_in_unit = Table(  # what was known of each reporting unit at the close: end of one bridge, start of the next
    "check_in_unit",
    metadata,
    key("check_in_id", "check_in", primary_key=True),
    Column("area_id", Key, primary_key=True),
    Column("is_due", Boolean, nullable=False),
    Column("is_in", Boolean, nullable=False),
    Column("value_date", Date),
    *counts(("hh_frame", "hh_resolved")),
    Column("then_due", Boolean, nullable=False),  # then: as the check-in before had frozen it
    Column("then_in", Boolean, nullable=False),
    *counts(("then_frame", "then_resolved")),
    Column("past_in", Boolean, nullable=False),  # past: the day of that check-in, as known by now
    *counts(("past_resolved",)),
)

check_in_outcome = Table(  # what had become of each decision that was looked at, at the close
    "check_in_outcome",
    metadata,
    key("check_in_id", "check_in", primary_key=True),
    key("commitment_id", "commitment", primary_key=True),
    Column("result", String(12), nullable=False),
    Column("value", Float),  # in the indicator's unit
    Column("observed_on", Date),
    Column("kept_on", Date),
    Column("misses", Integer, nullable=False),
    Column("escalated", Boolean, nullable=False),
)


def _commitment_columns() -> list[Column]:
    return [
        Column("what", Text, nullable=False),
        Column("office", Text, nullable=False),  # an office, never a person
        Column("indicator", String(40), nullable=False),
        Column("number", Float, nullable=False),  # in the indicator's unit: counts, or 0-1 for rates
        Column("due", Date, nullable=False),
        Column("withdrawn_reason", Text),
        Column("edited_at", DateTime, nullable=False),
        Column("version", Integer, nullable=False),
    ]


commitment = Table(
    "commitment",
    metadata,
    Column("id", Key, primary_key=True),
    key("check_in_id", "check_in", nullable=False, index=True),
    key("area_id", "area", nullable=False, index=True),
    *_commitment_columns(),
)

commitment_history = Table(
    "commitment_history",
    metadata,
    Column("id", Key, primary_key=True),
    key("commitment_id", "commitment", nullable=False),
    *_commitment_columns(),
    Column("superseded_at", DateTime, nullable=False),
    Index(None, "commitment_id", "version"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("role", String(80)),  # an office or an account, never a person
    Column("action", String(40), nullable=False),  # loaded, undone, opened, closed, decided, edited, exported, ...
    Column("subject", Text, nullable=False),
    Column("detail", JSON),
)
