"""What was reported: the version of each row that is in force, and every other one in the history."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from queries.counts import DAILY, PROGRESS_COUNTS, STAFF_COUNTS
from queries.schema.base import Key, counts, key, metadata


def stamp_columns() -> list[Column]:
    """Return the columns that say when a return came, as which version, by which load."""
    return [
        Column("submitted_at", DateTime),
        Column("received_at", DateTime, nullable=False),
        Column("on_time", Boolean),  # of this version; NULL where the time of submission is unknown
        Column("as_of", DateTime),
        Column("submitter_role", String(40)),
        Column("is_nil", Boolean, nullable=False),
        Column("correction_reason", Text),
        Column("note", Text),
        Column("version", Integer, nullable=False),  # in the order in which they came
        Column("load_id", Key, nullable=False),
    ]


def _return_columns() -> list[Column]:
    return [Column("report_date", Date, nullable=False), *stamp_columns()]


daily_return = Table(
    "daily_return",
    metadata,
    Column("phase_id", Key, primary_key=True),  # checked on the way in: a foreign key would
    Column("area_id", Key, primary_key=True),  # cost a third of the time of a load
    *[Column("report_date", Date, primary_key=True) if c.name == "report_date" else c for c in _return_columns()],
    Column("hh_frame", BigInteger),
    *counts(PROGRESS_COUNTS + DAILY),
    Column("first_on_time", Boolean),  # of the version submitted first: only that one is held to the cut-off
    # an earlier version that stands says something else
    Column("is_corrected", Boolean, nullable=False, server_default=false()),
    Index(None, "phase_id", "report_date"),
)

daily_return_history = Table(
    "daily_return_history",
    metadata,
    Column("id", Key, primary_key=True),
    Column("phase_id", Key, nullable=False),
    Column("area_id", Key, nullable=False),
    *_return_columns(),
    Column("hh_frame", BigInteger),
    *counts(PROGRESS_COUNTS + DAILY),
    Column("superseded_by", Key, nullable=False),  # the load or undo by which it left, its own if it came too late
    Index(None, "phase_id", "area_id", "report_date"),
)

staffing_return = Table(
    "staffing_return",
    metadata,
    key("area_id", "area", primary_key=True),
    Column("role", String(12), primary_key=True),
    *[Column("report_date", Date, primary_key=True) if c.name == "report_date" else c for c in _return_columns()],
    *counts(STAFF_COUNTS),
    Index(None, "role", "report_date"),
)

staffing_return_history = Table(
    "staffing_return_history",
    metadata,
    Column("id", Key, primary_key=True),
    Column("area_id", Key, nullable=False),
    Column("role", String(12), nullable=False),
    *_return_columns(),
    *counts(STAFF_COUNTS),
    Column("superseded_by", Key, nullable=False),
    Index(None, "area_id", "role", "report_date"),
)


def _benchmark_columns() -> list[Column]:
    return [
        Column("area_id", Key, nullable=False),
        Column("indicator", String(30), nullable=False),
        Column("source", String(30), nullable=False),
        Column("window_start", Date),
        Column("window_end", Date),
        Column("cutoff_at", DateTime),
        Column("value", BigInteger),
        Column("unit", String(20)),
        Column("concept_note", Text, nullable=False),
        Column("covers_special_area", Boolean),
        Column("explained_amount", BigInteger),  # signed like the discrepancy
        Column("explained_reason", String(30)),
        Column("owner", Text),  # an office, never a person
        Column("due_date", Date),
        Column("status", String(30), nullable=False),
        Column("parts", Text),  # breakdowns filed with the value: parts joined by +, breakdowns by ;
        Column("received_at", DateTime, nullable=False),
        Column("version", Integer, nullable=False),
        Column("load_id", Key, nullable=False),
    ]


benchmark = Table(
    "benchmark",
    metadata,
    Column("id", Key, primary_key=True),
    *_benchmark_columns(),
    Index(None, "area_id", "indicator", "source"),
)

benchmark_history = Table(
    "benchmark_history",
    metadata,
    Column("id", Key, primary_key=True),
    *_benchmark_columns(),
    Column("superseded_by", Key, nullable=False),
    Index(None, "area_id", "indicator", "source"),
)
