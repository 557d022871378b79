"""Files in the wrong order: whatever comes before the first area list."""

from __future__ import annotations

from typing import Final

from tests.intake.checks import own
from tests.intake.corpus import Case, listed, table, tree
from tests.intake.corpus.plans import frame, phase
from tests.intake.corpus.shapes import GOOD, collection
from tests.intake.test_cleanup_rules import cleanup
from tests.intake.world import benchmark, progress, staffing

BEFORE: Final = ("no_areas",)
CASES: Final = [
    Case("a calendar before any area", table(phase()), "refused", BEFORE),
    Case("an area's own calendar before any area", table(phase(area_code="101")), "refused", BEFORE),
    Case("a frame before any area", table(frame()), "refused", BEFORE),
    Case("returns before any area", table(progress(6)), "refused", BEFORE),
    Case("bad returns before any area", table(progress(6, hh_done="x")), "refused", BEFORE),
    Case("staff before any area", table(staffing()), "refused", BEFORE),
    Case("figures before any area", table(benchmark()), "refused", BEFORE),
    Case("checks before any area", table(own()), "refused", BEFORE),
    Case("clean-up before any area", table(cleanup()), "refused", BEFORE),
    Case("boundaries before any area", collection(("101", GOOD)), "refused", BEFORE, "towns.geojson"),
    Case("headings before any area", table(progress(6)).splitlines()[0] + b"\n", "refused", ("no_rows",)),
    Case("areas", lambda: listed(*tree()), "taken"),
    Case("a top that is its own parent", listed(("10", "甲区", "10", ""), ("101", "东街道", "10", "")), "taken",
         ("own_parent_top",)),
    Case("a circle without a top", listed(("a", "甲", "b", ""), ("b", "乙", "a", "")), "rejected", ("circle",)),
    Case("a tree whose top is not in it", listed(("101", "东街道", "10", ""), ("10101", "一村", "101", "")), "taken"),
]  # fmt: skip
