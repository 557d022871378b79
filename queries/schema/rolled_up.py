"""The rolled-up tables that pages read."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    Float,
    Index,
    String,
    Table,
    text,
)

from queries.counts import DAILY, PAIRED, PROGRESS_COUNTS, STAFF_COUNTS
from queries.schema.base import Key, counts, metadata

# A reporting unit that is due and not in; in plain numbers, so that planners recognise the index.
SILENT_UNIT = "leaves = 1 AND leaves_due = 1 AND leaves_reported = 0"
SILENT = text("progress." + SILENT_UNIT.replace("AND ", "AND progress."))

progress = Table(
    "progress",
    metadata,
    Column("phase_id", Key, primary_key=True),
    Column("area_id", Key, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("parent_id", Key),
    Column("value_date", Date),  # oldest day that the carried counts below stem from
    *counts(
        (
            "leaves",  # reporting units below, or 1
            "leaves_due",  # of which the calendar expects a return for the day
            "leaves_off",  # whose phase runs, but of which no return is due on the day
            "leaves_unasked",  # of those, in all the same: in no rate
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
            *PAIRED,  # counts over the units in which the other side of a rate is known too
            "hh_open",  # sum over units of max(0, frame - resolved): never netted
            "hh_open_missing",  # still open in units not in for their last due day: what the total may lack
            "resolved_carried",  # the part of hh_resolved that is an earlier figure of such units
            "framed_carried",  # the same over units that have a frame
        )
    ),
    Column("planned_hh", Float),  # frame x planned share, summed over units
    Column("behind_hh", Float),  # sum over units of max(0, planned - known to be resolved): never netted
    *counts(PROGRESS_COUNTS),
    *counts(DAILY),
    Index("ix_progress_parent", "phase_id", "parent_id", "date"),
    Index(
        "ix_progress_silent",
        "phase_id",
        "date",
        postgresql_where=text(SILENT_UNIT),
        sqlite_where=text(SILENT_UNIT),
    ),
)

staffing_progress = Table(  # dense between the first and the last staffing return of a role
    "staffing_progress",
    metadata,
    Column("role", String(12), primary_key=True),
    Column("area_id", Key, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("parent_id", Key),
    Column("value_date", Date),
    *counts(
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
    *counts(STAFF_COUNTS),
    Index("ix_staffing_progress_parent", "role", "parent_id", "date"),
)
