"""How far the register clean-up is against the deadlines of the census calendar."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from queries import cleanup
from queries.cleanup_calendar import DUE, PHASES, windows
from queries.view import View

COLUMNS: Final = ["deadline", "due", "days_left", "done", "of", "state"]


def deadlines(view: View) -> pd.DataFrame:
    """Return the deadlines of the viewed area in order of their days.

    Columns: deadline (cleanup, materials_handed_over, rectification, db_updated), due, days_left (from the
    as-of date, negative once passed), done, of (households checked; cases resolved; returns that confirm),
    state (done, open, passed). A deadline of which the calendar says nothing is left out.
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
    found = [
        _judged(name, days, sources, *progress[name], view)
        for name, sources in {**ends, **DUE}.items()
        if any(code in days.index for code, _ in sources)
    ]
    return pd.DataFrame(found, columns=COLUMNS).sort_values("due", kind="stable", ignore_index=True)


def _judged(
    name: str, days: pd.DataFrame, sources: tuple[tuple[str, str], ...], done: float, of: float, view: View
) -> dict[str, Any]:
    code, edge = next(source for source in sources if source[0] in days.index)
    due = days.loc[code, edge]
    left = (due - pd.Timestamp(view.as_of)).days
    complete = of > 0 and done >= of
    state = "done" if complete else "open" if left >= 0 else "passed"
    return {"deadline": name, "due": due, "days_left": float(left), "done": done, "of": of, "state": state}
