"""How far the register clean-up is against the deadlines of the census calendar."""

from __future__ import annotations

from typing import Final

import pandas as pd

from queries import cleanup
from queries.cleanup_calendar import DUE, PHASES, windows
from queries.view import View

SIDES: Final = ["found_known", "resolved_known"]
COLUMNS: Final = ["deadline", "due", "days_left", "done", "of", "state"]


def deadlines(view: View) -> pd.DataFrame:
    """Return the deadlines of the viewed area in order of their days.

    Columns: deadline (cleanup, materials_handed_over, rectification, db_updated), due, days_left (from the
    as-of date, negative once passed), done, of (households checked; cases resolved; returns that confirm),
    state (done, open, passed; never done while a street has not reported, or a return does not state its
    part). A deadline of which the calendar says nothing is left out.
    """
    area = cleanup.of_area(view)
    if area.empty:
        return pd.DataFrame(columns=COLUMNS)
    here = area.iloc[0]
    days = windows(view)
    group = "categories" if pd.notna(here["categories_found_known"]) else "issues"
    progress: dict[str, tuple[float, float]] = {
        "cleanup": (here["hh_checked"], here["hh_to_check"]),
        "rectification": (here[f"{group}_resolved_known"], here[f"{group}_found_known"]),
        **{flag: (here[flag], here["returns"]) for flag in DUE},
    }
    ends = {code: ((code, "end"),) for code in PHASES}
    all_in = bool(here["streets_in"] == here["streets_due"])
    stated = _stated_by_all(view, group)
    found = []
    for name, sources in {**ends, **DUE}.items():
        edge = next(((code, edge) for code, edge in sources if code in days.index), None)
        if edge is None:
            continue
        due = days.loc[edge]
        left = (due - pd.Timestamp(view.as_of)).days
        done, of = progress[name]
        whole = all_in and stated.get(name, True)
        state = "done" if whole and of > 0 and done >= of else "open" if left >= 0 else "passed"
        found.append((name, due, float(left), done, of, state))
    rows = pd.DataFrame(found, columns=COLUMNS).sort_values("due", kind="stable", ignore_index=True)
    return rows.assign(due=pd.to_datetime(rows["due"]))


def _stated_by_all(view: View, group: str) -> dict[str, bool]:
    """Return by deadline whether every return states both what there is to do and what is done."""
    rows = cleanup.latest(view)
    sides = {"cleanup": rows[["hh_checked", "hh_to_check"]], "rectification": cleanup.cases(rows, group)[SIDES]}
    return {name: bool(both.notna().all(axis=None)) for name, both in sides.items()}
