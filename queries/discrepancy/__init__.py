"""Where counts do not agree with what others know, or with one another (indicators 43, 50, 59, 65-72).

One subject a module: `filed` what was filed and returned, `compared` the census against departments, `sources`
departments among themselves and parts, `captured` coverage and capture, `own_checks` the census against itself,
`ledger` own totals three ways, `periods` overlaps, `cases` what is being done about a discrepancy.
"""

from queries.discrepancy.captured import capture, capture_by_day, coverage, found
from queries.discrepancy.cases import Case, Outcome, change, history, overdue, unsettled
from queries.discrepancy.compared import by_child, compare, comparisons, furthest, netted, worst
from queries.discrepancy.filed import filed_below
from queries.discrepancy.ledger import differing, own_totals, three_way
from queries.discrepancy.own_checks import (
    composition,
    flows,
    flows_by_child,
    household_sizes,
    internal,
    internal_by_child,
)
from queries.discrepancy.periods import overlaps, with_period
from queries.discrepancy.sources import components, source_ranges

__all__ = [
    "Case",
    "Outcome",
    "by_child",
    "capture",
    "capture_by_day",
    "change",
    "compare",
    "comparisons",
    "components",
    "composition",
    "coverage",
    "differing",
    "filed_below",
    "flows",
    "flows_by_child",
    "found",
    "furthest",
    "history",
    "household_sizes",
    "internal",
    "internal_by_child",
    "netted",
    "overdue",
    "overlaps",
    "own_totals",
    "source_ranges",
    "three_way",
    "unsettled",
    "with_period",
    "worst",
]
