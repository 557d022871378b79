"""The tables, in the field's own terms.

Counts are non-negative 64-bit integers and nullable: NULL means unknown, never zero.
`progress` and `staffing_progress` are the rolled-up tables that pages read; everything
else is what was reported, what it is measured against, or what was decided about it.
"""

from queries.schema.base import Key, metadata
from queries.schema.meeting import (
    audit,
    check_in,
    check_in_outcome,
    check_in_unit,
    commitment,
    commitment_history,
)
from queries.schema.places import area, basis_version, boundary, load, phase, phase_area, phase_day, setting, target
from queries.schema.quality import (
    area_alias,
    cleanup_return,
    cleanup_return_history,
    lead_dismissal,
    quality_check,
    quality_check_history,
)
from queries.schema.returns import (
    benchmark,
    benchmark_history,
    daily_return,
    daily_return_history,
    staffing_return,
    staffing_return_history,
)
from queries.schema.rolled_up import SILENT, progress, staffing_progress

__all__ = [
    "SILENT",
    "Key",
    "area",
    "area_alias",
    "audit",
    "basis_version",
    "benchmark",
    "benchmark_history",
    "boundary",
    "check_in",
    "check_in_outcome",
    "check_in_unit",
    "cleanup_return",
    "cleanup_return_history",
    "commitment",
    "commitment_history",
    "daily_return",
    "daily_return_history",
    "lead_dismissal",
    "load",
    "metadata",
    "phase",
    "phase_area",
    "phase_day",
    "progress",
    "quality_check",
    "quality_check_history",
    "setting",
    "staffing_progress",
    "staffing_return",
    "staffing_return_history",
    "target",
]
