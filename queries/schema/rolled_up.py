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

from queries.counts import DAILY, FRAME_PARTS, OF_THOSE_IN_POST, PAIRED, PROGRESS_COUNTS, STAFF_COUNTS
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

staffing_progress = Table(  # on days on which a return was filed or a frame changed; it holds until the next one
    "staffing_progress",
    metadata,
    Column("phase_id", Key, primary_key=True),  # whose frame tells the requirement: see `queries.staffing_phases`
    Column("role", String(12), primary_key=True),
    Column("area_id", Key, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("parent_id", Key),
    Column("value_date", Date),
    *counts(
        (
            "units",  # areas that staff this role: each counted once
            "units_reported",  # with a staffing return on or before the day
            "units_required",  # whose requirement is known
            "units_in_post",  # whose number in post is known
            "units_judged",  # of which both are known: the units of the four counts below
            "required",  # by the staffing rule, or as reported where the frame does not tell
            "required_known",  # = posts_filled + shortfall = in_post_known + shortfall - surplus
            "in_post_known",
            "posts_filled",  # sum over units of min(in post, required): never netted
            "shortfall",  # sum over units of max(0, required - in post): never netted
            "surplus",
            "qualified",  # in post and certified
            "qualified_filled",  # sum over units of min(in post and certified, required)
            "qualified_required",  # required in these units
            "units_active",  # that tell who is in post and who of them is absent
            "active",  # in post less absent and with substitutes, in these units
            "units_covered",  # that tell how many of their EDs have no enumerator
            "hh_uncovered",  # households of EDs without an enumerator, in proportion to the unit's EDs
            "eds_weighed",  # the EDs without an enumerator that these households are of
            *(f"{name}_judged" for name in OF_THOSE_IN_POST),  # in units that tell who is in post as well
            *(f"in_post_{name}" for name in OF_THOSE_IN_POST),  # in post in units that tell the count as well
            "passed_tested",  # in units that tell both
            "tested_passed",
            "leavers_joined",  # of all kinds told, in units that tell their intake as well
            "intake_left",  # everyone ever recruited in these units
            "replaced_left",  # recruited again and substituted, in units that tell their leavers as well
            "leavers_replaced",  # leavers in these units
            *(f"{name}_staffed" for name in FRAME_PARTS),  # of the frame, in units that tell who is in post
            *(f"in_post_{name}" for name in FRAME_PARTS),  # in post in units whose frame tells these
        )
    ),
    *counts(STAFF_COUNTS),
    Index("ix_staffing_progress_parent", "role", "parent_id", "phase_id", "date"),
)
