"""Rules that dated returns share: keys, days, times of submission, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import pandas as pd

from queries.intake import known
from queries.intake.findings import Breach

# 18-digit and 15-digit identity numbers, mobile and fixed telephone numbers
PERSONAL_NUMBER = r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"
DAY = pd.Timedelta(days=1)


def duplicates(rows: pd.DataFrame, key: Sequence[str], field: str) -> Breach:
    """Return the breach of rows whose key the file has held before."""
    keys = rows[list(key)]
    again = keys.duplicated() & keys.notna().all(axis=1)
    if not again.any():
        return Breach("duplicate_row", "reject", again.to_numpy(), field)
    first = keys.assign(row=rows.index).groupby(list(key), dropna=False)["row"].transform("first")
    return Breach("duplicate_row", "reject", again.to_numpy(), field, {"first": first})


def dates_and_notes(rows: pd.DataFrame, now: datetime) -> Iterator[Breach]:
    """Yield the breaches of days in the future or outside the phase, and of notes about persons."""
    future = (rows["report_date"] >= known.is_after(now)).to_numpy()
    yield Breach("future_date", "reject", future, "report_date", {"today": now.date().isoformat()})
    if "start" in rows:
        outside = (rows["report_date"] < rows["start"] - DAY) | (rows["report_date"] > rows["end"] + DAY)
        window = {"start": rows["start"], "end": rows["end"]}
        yield Breach("outside_window", "reject", outside.to_numpy() & ~future, "report_date", window)
    for field in ("note", "correction_reason"):
        if rows[field].notna().any():
            text = rows[field].astype("str").fillna("")
            personal = text.str.normalize("NFKC").str.contains(PERSONAL_NUMBER, regex=True)
            yield Breach("personal_note", "reject", personal.to_numpy(dtype=bool), field)


def submission(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Breach]]:
    """Add on_time: submitted by the cut-off and its grace; missing where the time is not given."""
    cutoff = known.deadline(rows)
    late = rows["submitted_at"] > cutoff + pd.to_timedelta(rows["grace_minutes"], unit="min")
    timed = rows["submitted_at"].notna() & cutoff.notna()
    rows = rows.assign(on_time=(~late).astype("boolean").where(timed))
    shown = cutoff.dt.strftime("%H:%M")
    other = rows["as_of"].notna() & cutoff.notna() & (rows["as_of"] != cutoff)
    return rows, [
        Breach("late", "note", (late & timed).to_numpy(), "submitted_at", {"cutoff": shown}),
        Breach("as_of_differs", "warn", other.to_numpy(), "as_of", {"cutoff": shown}),
    ]
