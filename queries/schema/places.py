"""Places, the calendar, the frame, loads and settings."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
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
    Time,
    UniqueConstraint,
)

from queries.schema.base import Key, counts, key, metadata

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
    Column("rows_stale", BigInteger),  # submitted before the version in force: kept as earlier versions
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
    key("parent_id", "area", index=True),
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
    key("area_id", "area", primary_key=True),
    Column("geometry", JSON, nullable=False),  # a GeoJSON geometry, WGS 84
    key("load_id", "load"),
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
    Column("return_days", JSON, nullable=False),  # ISO weekdays 1-7 on which a return is due
    Column("days_off", JSON, nullable=False),  # single days, as ISO texts, on which none is
    Column(
        "curve", JSON, nullable=False
    ),  # {"shape": "linear" | "front-loaded" | "custom", "points": [[t, share], ...]}
    Column("source", Text),
)

phase_area = Table(
    "phase_area",
    metadata,
    key("phase_id", "phase", primary_key=True),
    key("area_id", "area", primary_key=True),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("working_days", JSON, nullable=False),
    Column("return_days", JSON, nullable=False),
    Column("days_off", JSON, nullable=False),
    Column("curve", JSON, nullable=False),
)

phase_day = Table(  # what the calendar says of each day: derived from phase and phase_area
    "phase_day",
    metadata,
    key("phase_id", "phase", primary_key=True),
    key("area_id", "area", primary_key=True),  # the root, or an area with a calendar of its own
    Column("date", Date, primary_key=True),
    Column("is_open", Boolean, nullable=False),  # a return is due
    Column("is_working", Boolean, nullable=False),
    Column("planned_share", Float, nullable=False),  # 0-1, cumulative at the end of the day
)

target = Table(
    "target",
    metadata,
    Column("id", Key, primary_key=True),
    key("phase_id", "phase", nullable=False),
    key("area_id", "area", nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),  # exclusive; NULL while current, equal to valid_from when replaced
    Column("version", Integer, nullable=False),
    *counts(("frame_households", "frame_persons", "eds", "hard_to_count")),
    Column("reason", Text),
    key("load_id", "load", nullable=False),
    UniqueConstraint("phase_id", "area_id", "version"),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("load_id", Key, nullable=False),
)

basis_version = Table(  # what each load said of areas, phases, boundaries and settings, so that it can be undone
    "basis_version",
    metadata,
    Column("id", Key, primary_key=True),
    Column("subject", String(12), nullable=False),  # area, phase, phase_area, boundary, setting
    Column("key", Text, nullable=False),
    Column("subject_id", Key),  # the id that it has, or had while it was there
    Column("content", JSON, nullable=False),
    Column("load_id", Key, index=True),  # NULL: said before this was kept
    Index(None, "subject", "key"),
)
