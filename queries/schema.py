"""The tables, in the field's own terms.

Counts are non-negative 64-bit integers and nullable: NULL means unknown, never zero.
`progress` and `staffing_progress` are the rolled-up tables that pages read; everything
else is what was reported, or what it is measured against.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from queries.counts import DAILY, PROGRESS_COUNTS, STAFF_COUNTS

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

Key = BigInteger().with_variant(Integer, "sqlite")


def _counts(names: tuple[str, ...]) -> list[Column[int]]:
    return [Column(name, BigInteger) for name in names]


def _key(name: str, table: str, **options: Any) -> Column[int]:
    return Column(name, Key, ForeignKey(f"{table}.id"), **options)


load = Table(
    "load",
    metadata,
    Column("id", Key, primary_key=True),
    Column("loaded_at", DateTime, nullable=False),
    Column("loaded_by", String(80)),  # a role or a machine account, never a person
    Column("kind", String(20), nullable=False),  # area, calendar, target, progress, staffing, benchmark, ...
    Column("file_name", Text),
    Column("sha256", String(64), index=True),
    Column("rows_read", BigInteger),
    Column("rows_stored", BigInteger),
    Column("rows_corrected", BigInteger),
    Column("rows_unchanged", BigInteger),
    Column("rows_rejected", BigInteger),
    Column("warnings", JSON),  # {rule: count}
    Column("seconds", Float),
    Column("result", String(20), nullable=False),  # stored, unchanged, partial
    Column("simulated", Boolean, nullable=False, default=False),
    Column("supersedes", Key),
)

area = Table(
    "area",
    metadata,
    Column("id", Key, primary_key=True),
    _key("parent_id", "area", index=True),
    Column("path", Text, nullable=False, unique=True),  # codes from the root, joined by "/"
    Column("code", String(40), nullable=False, index=True),
    Column("level", Integer, nullable=False),  # 0 at the root
    Column("kind", String(20), nullable=False),
    Column("name_en", Text, nullable=False),
    Column("name_zh_hans", Text, nullable=False),
    Column("name_zh_hant", Text, nullable=False),
    Column("urban_rural", String(8)),
    Column("first", BigInteger, nullable=False, index=True),  # pre-order interval: a subtree is
    Column("last", BigInteger, nullable=False),  # first .. last, a leaf has first = last
    Column("sort_order", BigInteger, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
)

boundary = Table(
    "boundary",
    metadata,
    _key("area_id", "area", primary_key=True),
    Column("geometry", JSON, nullable=False),  # a GeoJSON geometry, WGS 84
    _key("load_id", "load"),
)

phase = Table(
    "phase",
    metadata,
    Column("id", Key, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("name_en", Text, nullable=False),
    Column("name_zh_hans", Text, nullable=False),
    Column("name_zh_hant", Text, nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("cutoff", Time, nullable=False),
    Column("grace_minutes", Integer, nullable=False),
    Column("measure", String(10), nullable=False),  # hh, persons, eds, none
    Column("working_days", JSON, nullable=False),  # ISO weekdays 1-7 that plan work
    Column(
        "curve", JSON, nullable=False
    ),  # {"shape": "linear" | "front-loaded" | "custom", "points": [[t, share], ...]}
    Column("source", Text),
)

phase_area = Table(
    "phase_area",
    metadata,
    _key("phase_id", "phase", primary_key=True),
    _key("area_id", "area", primary_key=True),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("working_days", JSON, nullable=False),
    Column("curve", JSON, nullable=False),
)

phase_day = Table(  # what the calendar says of each day: derived from phase and phase_area
    "phase_day",
    metadata,
    _key("phase_id", "phase", primary_key=True),
    _key("area_id", "area", primary_key=True),  # the root, or an area with a calendar of its own
    Column("date", Date, primary_key=True),
    Column("is_open", Boolean, nullable=False),  # a return is due
    Column("is_working", Boolean, nullable=False),
    Column("planned_share", Float, nullable=False),  # 0-1, cumulative at the end of the day
)

target = Table(
    "target",
    metadata,
    Column("id", Key, primary_key=True),
    _key("phase_id", "phase", nullable=False),
    _key("area_id", "area", nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),  # exclusive; NULL while current, equal to valid_from when replaced
    Column("version", Integer, nullable=False),
    *_counts(("frame_households", "frame_persons", "eds", "hard_to_count")),
    Column("reason", Text),
    _key("load_id", "load", nullable=False),
    UniqueConstraint("phase_id", "area_id", "version"),
)


def _return_columns() -> list[Column]:
    return [
        Column("report_date", Date, nullable=False),
        Column("submitted_at", DateTime),
        Column("received_at", DateTime, nullable=False),
        Column("on_time", Boolean),  # NULL where the time of submission is unknown
        Column("as_of", DateTime),
        Column("submitter_role", String(40)),
        Column("is_nil", Boolean, nullable=False),
        Column("correction_reason", Text),
        Column("note", Text),
        Column("version", Integer, nullable=False),
        Column("load_id", Key, nullable=False),
    ]


daily_return = Table(
    "daily_return",
    metadata,
    Column("phase_id", Key, primary_key=True),  # checked on the way in: a foreign key would
    Column("area_id", Key, primary_key=True),  # cost a third of the time of a load
    *[Column("report_date", Date, primary_key=True) if c.name == "report_date" else c for c in _return_columns()],
    Column("hh_frame", BigInteger),
    *_counts(PROGRESS_COUNTS + DAILY),
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
    *_counts(PROGRESS_COUNTS + DAILY),
    Column("superseded_by", Key, nullable=False),  # the load that brought the later version
    Index(None, "phase_id", "area_id", "report_date"),
)

staffing_return = Table(
    "staffing_return",
    metadata,
    _key("area_id", "area", primary_key=True),
    Column("role", String(12), primary_key=True),
    *[Column("report_date", Date, primary_key=True) if c.name == "report_date" else c for c in _return_columns()],
    *_counts(STAFF_COUNTS),
    Index(None, "role", "report_date"),
)

staffing_return_history = Table(
    "staffing_return_history",
    metadata,
    Column("id", Key, primary_key=True),
    Column("area_id", Key, nullable=False),
    Column("role", String(12), nullable=False),
    *_return_columns(),
    *_counts(STAFF_COUNTS),
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

progress = Table(
    "progress",
    metadata,
    Column("phase_id", Key, primary_key=True),
    Column("area_id", Key, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("parent_id", Key),
    Column("value_date", Date),  # oldest day that the carried counts below stem from
    *_counts(
        (
            "leaves",  # reporting units below, or 1
            "leaves_due",  # whose phase is open on the day
            "leaves_reported",  # of those due, with a return for the day
            "leaves_timed",  # of those reported, with a known time of submission
            "leaves_on_time",  # of those timed, submitted by the cut-off and its grace
            "leaves_nil",
            "leaves_corrected",
            "leaves_carried",  # due, not in, an earlier figure stands in
            "leaves_never",  # due, and nothing was ever reported
            "leaves_unframed",  # with no frame of households
            "hh_frame",
            "pers_frame",
            "hh_resolved",  # done + vacant + away + deceased
            "framed_done",  # the same counts over units that have a frame: numerators of rates
            "framed_vacant",
            "framed_resolved",
            "hh_open",  # sum over units of max(0, frame - resolved): never netted
            "hh_open_missing",  # still open in due units that are not in: what the total may lack
        )
    ),
    Column("planned_hh", Float),  # frame x planned share, summed over units
    Column("behind_hh", Float),  # sum over units of max(0, planned - resolved): never netted
    *_counts(PROGRESS_COUNTS),
    *_counts(DAILY),
    Index("ix_progress_parent", "phase_id", "parent_id", "date"),
)

staffing_progress = Table(  # dense between the first and the last staffing return of a role
    "staffing_progress",
    metadata,
    Column("role", String(12), primary_key=True),
    Column("area_id", Key, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("parent_id", Key),
    Column("value_date", Date),
    *_counts(
        (
            "units",  # areas that staff this role: each counted once
            "units_reported",  # with a staffing return on or before the day
            "required",  # by the staffing rule, or as reported where the rule has no input
            "required_known",  # the same over units that reported: denominator of rates
            "shortfall",  # sum over units of max(0, required - in post): never netted
            "surplus",
            "qualified",  # in post and certified
            "hh_uncovered",  # households of EDs without an enumerator, in proportion to the unit's EDs
        )
    ),
    *_counts(STAFF_COUNTS),
    Index("ix_staffing_progress_parent", "role", "parent_id", "date"),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("load_id", Key, nullable=False),
)
