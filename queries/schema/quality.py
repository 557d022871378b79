"""Quality: acceptance checks, register clean-up, leads set aside, and codes of another year."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Index, String, Table, Text, UniqueConstraint

from queries.counts import CHECK_COUNTS, CLEANUP_COUNTS
from queries.schema.base import Key, counts, key, metadata
from queries.schema.returns import stamp_columns


def _check_columns() -> list[Column]:
    return [
        Column("check_id", String(40), nullable=False),
        Column("area_id", Key, nullable=False),  # the unit that was checked
        Column("stage", String(20), nullable=False),
        Column("level", String(12), nullable=False),
        Column("cross_unit_id", Key),  # the unit that checked, where units check one another
        Column("report_date", Date, nullable=False),
        Column("map_ok", Boolean),
        *counts(CHECK_COUNTS),
        Column("decision", String(20)),
        Column("rework_due", Date),
        Column("re_check_id", String(40)),  # the check that this one repeats
        *stamp_columns(),
    ]


quality_check = Table(
    "quality_check",
    metadata,
    Column("id", Key, primary_key=True),
    *_check_columns(),
    UniqueConstraint("check_id"),
    Index(None, "area_id", "stage"),
)

quality_check_history = Table(
    "quality_check_history",
    metadata,
    Column("id", Key, primary_key=True),
    *_check_columns(),
    Column("superseded_by", Key, nullable=False),
    Index(None, "check_id"),
)


def _cleanup_columns() -> list[Column]:
    return [*counts(CLEANUP_COUNTS), Column("db_updated", Boolean), Column("materials_handed_over", Boolean)]


cleanup_return = Table(
    "cleanup_return",
    metadata,
    Column("area_id", Key, primary_key=True),
    Column("police_station", String(80), primary_key=True),  # many-to-many with streets
    Column("report_date", Date, primary_key=True),
    *stamp_columns(),
    *_cleanup_columns(),
    Index(None, "report_date"),
)

cleanup_return_history = Table(
    "cleanup_return_history",
    metadata,
    Column("id", Key, primary_key=True),
    Column("area_id", Key, nullable=False),
    Column("police_station", String(80), nullable=False),
    Column("report_date", Date, nullable=False),
    *stamp_columns(),
    *_cleanup_columns(),
    Column("superseded_by", Key, nullable=False),
    Index(None, "area_id", "police_station", "report_date"),
)

lead_dismissal = Table(
    "lead_dismissal",
    metadata,
    Column("id", Key, primary_key=True),
    key("phase_id", "phase", nullable=False),
    key("area_id", "area", nullable=False),
    Column("lead", String(30), nullable=False),
    Column("evidence_date", Date, nullable=False),  # later evidence raises the lead again
    Column("reason", Text, nullable=False),
    Column("office", Text),
    Column("dismissed_at", DateTime, nullable=False),
    Index(None, "phase_id", "area_id", "lead"),
)

area_alias = Table(  # a code of another year's list that the desk has matched to an area
    "area_alias",
    metadata,
    Column("code", String(80), primary_key=True),
    key("area_id", "area", nullable=False),
    Column("name", Text),  # as the other list writes it
    Column("confirmed_at", DateTime, nullable=False),
    Column("confirmed_by", String(80)),
)
