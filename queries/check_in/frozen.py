"""The figures of a check-in as one plain value: what the documents print, today and for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import select

from queries import attention, calendar, completion, deadlines, discrepancy, returns, staffing
from queries.areas import within
from queries.check_in import meeting, records
from queries.check_in.meeting import Meeting
from queries.database import data_version, fetch
from queries.masking import SENSITIVE, without_sensitive
from queries.schema import area
from queries.view import LANGUAGES, View

FORMAT: Final = 2
DAILY: Final = (
    "date", "hh_frame", "hh_resolved", "framed_resolved", "increment", "resolution_rate", "resolution_low",
    "resolution_high",
    "leaves_due", "leaves_reported", "reporting_rate", "on_time_rate",
)  # fmt: skip
COMPARED: Final = ("hh_resolved", "hh_frame", "leaves_reported")


def gather(view: View) -> dict[str, Any]:
    """Return everything that the brief of a view prints, in no language and in all.

    The value is plain: it goes through JSON unchanged. Missing is null, an endless pace is the text
    "inf", days and times are ISO texts. A table is a mapping of column to list, in the units of the
    query that it comes from, so that an empty one keeps its columns; names of places are left out of
    it and stand in `areas`.

    Keys
    ----
    format : int
        Version of this layout.
    as_of, data_version, simulated
        Day looked at, highest load, whether any figure is simulated.
    phase : mapping
        phase_id, code, names (by language), start and end for the viewed area, cutoff (HH:MM), grace_minutes,
        day (1 on the first day, 0 or less before it), working_days_left.
    area_id : int
        The viewed area.
    areas : mapping
        By area_id as text, every area that any table speaks of: code, kind, parent_id, and its name
        in each language.
    area, children : table
        `completion.of_area` and `completion.by_child`, without the counts that are masked below streets.
    days, plan : table
        `completion.daily` (the columns of DAILY) and `calendar.plan`, to the end of the phase.
    roles, staffing : table
        `staffing.of_area` and `staffing.by_child`.
    not_in : table
        `returns.not_in`.
    comparisons, compared_below : table
        `discrepancy.comparisons`, and by child the one that `discrepancy.furthest` picks from them.
    attention, unjudged : table
        `attention.look`: its lines, and what it could not judge.
    check_in : mapping or None
        `records.of_meeting`; closed_at is filled in by `closed`.
    commitments, bridge : list of mapping
        `records.of_decisions` and `records.of_bridge`.

    Raises
    ------
    LookupError
        When the area lies outside the scope of the view.
    """
    version = data_version()  # first, so that a load that comes in meanwhile shows
    here = completion.of_area(view)
    if here.empty:
        raise LookupError(f"area {view.area_id} is not in the scope")
    comparisons = discrepancy.comparisons(view)
    widest = discrepancy.furthest(comparisons)
    looked = attention.look(view)
    below = None if widest is None else discrepancy.by_child(view, widest["indicator"], widest["source"])
    tables = {
        "area": _without(here, SENSITIVE),
        "children": _without(completion.by_child(view), SENSITIVE),
        "days": completion.daily(view)[list(DAILY)],
        "plan": calendar.plan(view),
        "roles": staffing.of_area(view),
        "staffing": staffing.by_child(view),
        "not_in": returns.not_in(view),
        "comparisons": comparisons,
        "compared_below": comparisons.iloc[:0] if below is None else without_sensitive(below),
        "attention": looked.lines,
        "unjudged": looked.unjudged,
    }
    commitments = records.of_decisions(view)
    spoken_of = {int(i) for rows in tables.values() if "area_id" in rows for i in rows["area_id"].dropna()}
    spoken_of |= {int(commitment["area_id"]) for commitment in commitments}
    return {
        "format": FORMAT,
        "as_of": view.as_of.isoformat(),
        "data_version": version,
        "simulated": returns.is_simulated(),
        "phase": _phase(view),
        "area_id": view.area_id,
        "areas": _areas(view, sorted(spoken_of)),
        **{key: _plain(_without(rows, ("name", "parent_name"))) for key, rows in tables.items()},
        "check_in": records.of_meeting(view),
        "commitments": commitments,
        "bridge": records.of_bridge(view),
    }


def closed(figures: Mapping[str, Any], number: int, closed_at: datetime) -> dict[str, Any]:
    """Return figures as those of a closed meeting: its number in the phase, and when it was closed."""
    return {**figures, "check_in": {"number": number, "closed_at": closed_at.isoformat(timespec="seconds")}}


def of_closed(view: View, held: Meeting) -> dict[str, Any]:
    """Return what a closed check-in froze.

    Raises
    ------
    LookupError
        When it is open, or its area lies outside the scope of the view.
    """
    figures = meeting.frozen_figures(view, held.id)
    if figures is None or held.closed_at is None:
        raise LookupError(f"check-in {held.id} has frozen nothing that may be seen")
    return closed(figures, meeting.number(view, held.id), held.closed_at)


def changed_since(view: View, held: Meeting) -> list[dict[str, Any]]:
    """Return what later returns changed in the figures of a closed check-in, as `changed` gives it."""
    return changed(of_closed(view, held), gather(view.at(held.area_id).on(held.day)))


def changed(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what later returns changed in frozen figures: one a place and count that differ.

    Each has area_id, count (one of COMPARED), then and now (null where unknown); the viewed area
    comes first. Both figures must be gathered for the same phase, area and day.
    """
    found = []
    for key in ("area", "children"):
        before, after = _by_area(frozen[key]), _by_area(now[key])
        found += [
            {"area_id": area_id, "count": name, "then": before[area_id][name], "now": after[area_id][name]}
            for area_id in before
            if area_id in after
            for name in COMPARED
            if before[area_id][name] != after[area_id][name]
        ]
    return found


def _by_area(table: Mapping[str, Sequence[Any]]) -> dict[int, dict[str, Any]]:
    counts = zip(*(table[name] for name in COMPARED), strict=True)
    return {int(i): dict(zip(COMPARED, row, strict=True)) for i, row in zip(table["area_id"], counts, strict=True)}


def _phase(view: View) -> dict[str, Any]:
    named = {language: calendar.phases(language).set_index("phase_id").loc[view.phase_id] for language in LANGUAGES}
    row, span = named[view.language], deadlines.of_area(view)
    return {
        "phase_id": view.phase_id,
        "code": row["code"],
        "names": {language: found["name"] for language, found in named.items()},
        "start": _day(span["start"]),
        "end": _day(span["end"]),
        "cutoff": f"{row['cutoff']:%H:%M}",
        "grace_minutes": int(row["grace_minutes"]),
        "day": (view.as_of - date.fromisoformat(_day(span["start"]))).days + 1,
        "working_days_left": int(span["working_days_left"]),
    }


def _areas(view: View, area_ids: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Return code, kind, parent and names of areas and of their parents, inside the scope."""
    parents = select(area.c.parent_id).where(area.c.id.in_(area_ids), area.c.parent_id.is_not(None))
    rows = fetch(
        select(
            area.c.id.label("area_id"),
            area.c.parent_id,
            area.c.code,
            area.c.kind,
            *(area.c[f"name_{language.lower()}"].label(language) for language in LANGUAGES),
        )
        .where(area.c.id.in_(area_ids) | area.c.id.in_(parents), within(view))
        .order_by(area.c.first)
    )
    table = _plain(rows)
    fields = [name for name in table if name != "area_id"]
    return {str(area_id): {name: table[name][n] for name in fields} for n, area_id in enumerate(table["area_id"])}


def _without(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return rows.drop(columns=[name for name in names if name in rows])


def _plain(rows: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): [_value(value) for value in rows[name]] for name in rows}


def _value(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return _day(value) if value == value.normalize() else value.isoformat()
    if isinstance(value, float | np.floating):
        number = float(value)
        return "inf" if np.isinf(number) else int(number) if number.is_integer() else number
    if isinstance(value, date | time):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _day(value: Any) -> str:
    return pd.Timestamp(value).date().isoformat()
