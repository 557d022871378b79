"""Periods of figures that overlap in part: what lies in both would count twice if they were added up."""

from __future__ import annotations

from itertools import combinations
from typing import Any, Final

import pandas as pd

from queries.discrepancy.filed import EVENTS, filed
from queries.schema import area
from queries.view import View

Row = dict[str, Any]
COLUMNS: Final = [
    "what", "indicator", "source", "window_start", "window_end", "other_indicator",
    "other_start", "other_end", "days_shared", "days_apart",
]  # fmt: skip


def overlaps(view: View) -> pd.DataFrame:
    """Return pairs of periods of figures of the viewed area that do not fit together.

    Columns: what (counted_twice: two figures of one indicator and source whose periods
    overlap in part; births_deaths: one source's births and deaths are of different periods, so that their balance
    says nothing); indicator, source, window_start, window_end; other_indicator, other_start, other_end;
    days_shared (days in both), days_apart (days in only one of them).
    """
    rows = _with_period(view)
    found = [
        _pair(what, one, other)
        for _, part in rows.groupby("source", sort=False)
        for one, other in combinations(part.to_dict("records"), 2)
        if (what := _what(one, other))
    ]
    frame = pd.DataFrame(found, columns=COLUMNS)
    return frame.sort_values("what", ascending=False, kind="stable", ignore_index=True)


def with_period(view: View) -> int:
    """Return how many figures of the viewed area state a period."""
    return len(_with_period(view))


def _with_period(view: View) -> pd.DataFrame:
    return filed(view, area.c.id == view.area_id).dropna(subset=["window_start", "window_end"])


def _what(one: Row, other: Row) -> str | None:
    """Return what is wrong with two periods of one area and source; None when nothing is."""
    if all(one[name] == other[name] for name in ("window_start", "window_end")):
        return None
    if one["indicator"] == other["indicator"]:
        return "counted_twice" if _shared(one, other) > 0 else None
    return "births_deaths" if {one["indicator"], other["indicator"]} == set(EVENTS) else None


def _pair(what: str, one: Row, other: Row) -> Row:
    days = sum((row["window_end"] - row["window_start"]).days + 1 for row in (one, other))
    shared = _shared(one, other)
    kept = ("indicator", "source", "window_start", "window_end")
    return {
        **{name: one[name] for name in kept},
        "what": what,
        "other_indicator": other["indicator"],
        "other_start": other["window_start"],
        "other_end": other["window_end"],
        "days_shared": shared,
        "days_apart": days - 2 * shared,
    }


def _shared(one: Row, other: Row) -> int:
    """Return how many days lie in both periods."""
    first = max(one["window_start"], other["window_start"])
    last = min(one["window_end"], other["window_end"])
    return max(0, (last - first).days + 1)
