"""What `progress` must hold, worked out unit by unit and day by day in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from queries.counts import DAILY, PROGRESS_COUNTS
from queries.schema import (
    area,
    daily_return,
    daily_return_history,
    load,
    phase,
    phase_area,
    phase_day,
    progress,
    target,
)

# The counts of a rate, each over the units that know both: column of `progress`, count, the other one.
BOTH = [
    ("framed_done", "hh_done", "hh_frame"),
    ("framed_vacant", "hh_vacant", "hh_frame"),
    ("framed_resolved", "hh_resolved", "hh_frame"),
    ("framed_persons", "pers_total", "pers_frame"),
    ("framed_away", "hh_away", "hh_frame"),
    ("framed_refused", "hh_refused", "hh_frame"),
    ("framed_noncontact", "hh_noncontact", "hh_frame"),
    ("framed_long", "long_target", "hh_frame"),
    ("frame_of_vacant", "hh_frame", "hh_vacant"),
    ("frame_of_away", "hh_frame", "hh_away"),
    ("frame_of_refused", "hh_frame", "hh_refused"),
    ("frame_of_noncontact", "hh_frame", "hh_noncontact"),
    ("frame_of_long", "hh_frame", "long_target"),
    ("listed_ed_done", "ed_done", "ed_total"),
    ("listed_ed_total", "ed_total", "ed_done"),
    ("housed_persons", "pers_total", "hh_done"),
    ("housing_persons", "hh_done", "pers_total"),
    ("housed_living", "pers_living", "hh_done"),
    ("housing_living", "hh_done", "pers_living"),
    ("done_self", "hh_self", "hh_done"),
    ("done_of_self", "hh_done", "hh_self"),
]
OUTCOMES = ("hh_vacant", "hh_away", "hh_deceased")
CARRIED = [name for name in PROGRESS_COUNTS if name != "ed_total"]
Row = dict[str, Any]


def expected_progress(connection: Connection, phase_id: int) -> dict[tuple[int, date], Row]:
    """Return the rows of `progress` by (area_id, date), from the raw tables alone."""
    areas = {row["id"]: row for row in _rows(connection, select(area))}
    returns = {key: _in_force(versions) for key, versions in standing_versions(connection, phase_id).items()}
    frames: dict[int, list[Row]] = defaultdict(list)
    for row in _rows(connection, select(target).where(target.c.phase_id == phase_id)):
        frames[row["area_id"]].append(row)
    calendar = {
        (row["area_id"], row["date"]): row
        for row in _rows(connection, select(phase_day).where(phase_day.c.phase_id == phase_id))
    }
    own = set(connection.execute(select(phase_area.c.area_id).where(phase_area.c.phase_id == phase_id)).scalars())
    if not returns:
        return {}
    starts = [row["start"] for row in _rows(connection, select(phase).where(phase.c.id == phase_id))]
    starts += [r["start"] for r in _rows(connection, select(phase_area).where(phase_area.c.phase_id == phase_id))]
    reported = [when for _, when in returns]
    days = _days(min([*reported, min(starts)]), max(reported))
    parents = {row["parent_id"] for row in areas.values()}
    rows: dict[tuple[int, date], Row] = {}
    for unit in (a for a in areas if a not in parents):
        chain = _chain(areas, unit)
        calendar_id = next((a for a in chain if a in own), chain[-1])
        for when in days:
            leaf = _unit_row(unit, when, returns, frames[unit], calendar, calendar_id)
            for above in chain:
                _add(rows.setdefault((above, when), {}), leaf)
    return rows


def standing_versions(connection: Connection, phase_id: int) -> dict[tuple[int, date], list[Row]]:
    """Return the versions of each return whose loads are not undone, in the order in which they came."""
    undone = set(connection.execute(select(load.c.supersedes).where(load.c.kind == "undo")).scalars())
    versions: dict[tuple[int, date], list[Row]] = defaultdict(list)
    for table in (daily_return, daily_return_history):
        for row in _rows(connection, select(table).where(table.c.phase_id == phase_id)):
            if row["load_id"] not in undone:
                versions[row["area_id"], row["report_date"]].append(row)
    return {key: sorted(rows, key=lambda row: row["version"]) for key, rows in versions.items()}


def _in_force(versions: list[Row]) -> Row:
    """Let versions come one by one: the last is in force, but none that was submitted before another one."""
    times = [row["submitted_at"] for row in versions if row["submitted_at"] is not None]
    newest = [row for row in versions if row["submitted_at"] is None or row["submitted_at"] == max(times)][-1]
    said = {_said(row) for row in versions}
    first = versions[0]
    if first["submitted_at"] is not None:
        first = min((row for row in versions if row["submitted_at"] is not None), key=lambda row: row["submitted_at"])
    return {**newest, "corrected": len(said) > 1, "on_time": first["on_time"]}


def _said(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("is_nil", "note", "hh_frame", *PROGRESS_COUNTS, *DAILY))


def stored_progress(connection: Connection, phase_id: int) -> dict[tuple[int, date], Row]:
    """Return the rows of `progress` as stored, by (area_id, date)."""
    rows = _rows(connection, select(progress).where(progress.c.phase_id == phase_id))
    return {(row["area_id"], row["date"]): row for row in rows}


def differences(expected: dict[tuple[int, date], Row], stored: dict[tuple[int, date], Row]) -> list[str]:
    """Return every cell in which two sets of rows differ."""
    found = [f"missing {key}" for key in expected.keys() - stored.keys()]
    found += [f"surplus {key}" for key in stored.keys() - expected.keys()]
    for key in expected.keys() & stored.keys():
        for name, value in expected[key].items():
            other = stored[key][name]
            equal = value == other or (
                isinstance(value, float) and other is not None and abs(value - other) < 1e-6 * max(1, abs(value))
            )
            if not equal:
                found.append(f"{key} {name}: expected {value}, stored {other}")
    return found


def _unit_row(
    unit: int,
    when: date,
    returns: dict[tuple[int, date], Row],
    frames: list[Row],
    calendar: dict[tuple[int, date], Row],
    calendar_id: int,
) -> Row:
    today = returns.get((unit, when))
    earlier = [row for (a, d), row in returns.items() if a == unit and d <= when and not row["is_nil"]]
    value = max(earlier, key=lambda row: row["report_date"], default=None)
    frame_row = next(
        (f for f in frames if f["valid_from"] <= when and (f["valid_to"] is None or when < f["valid_to"])), None
    )
    frame = frame_row["frame_households"] if frame_row else None
    if frame is None and value:
        frame = value["hh_frame"]
    opening = min(d for a, d in calendar if a == calendar_id)
    plan = calendar.get((calendar_id, when))
    share = plan["planned_share"] if plan else (0.0 if when < opening else 1.0)
    due = bool(plan and plan["is_open"])
    done = value["hh_done"] if value else None
    resolved = None if done is None else done + sum(value[name] or 0 for name in OUTCOMES)
    planned = None if frame is None else frame * share
    is_in = due and today is not None
    last_due = max(
        (d for (a, d), p in calendar.items() if a == calendar_id and d <= when and p["is_open"]), default=None
    )
    last_in = max((d for a, d in returns if a == unit and d <= when), default=None)
    waiting = plan is not None and last_due is not None and (last_in is None or last_in < last_due)
    row = {
        "value_date": value["report_date"] if value else None,
        "leaves": 1,
        "leaves_due": int(due),
        "leaves_off": int(plan is not None and not due),
        "leaves_unasked": int(plan is not None and not due and today is not None),
        "leaves_reported": int(is_in),
        "leaves_timed": int(is_in and today["on_time"] is not None),
        "leaves_on_time": int(is_in and bool(today["on_time"])),
        "leaves_nil": int(is_in and today["is_nil"]),
        "leaves_corrected": int(is_in and today["corrected"]),
        "leaves_carried": int(due and today is None and value is not None),
        "leaves_never": int(due and today is None and value is None),
        "leaves_unframed": int(frame is None),
        "hh_frame": frame,
        "pers_frame": frame_row["frame_persons"] if frame_row else None,
        "hh_resolved": resolved,
        "hh_open": _open(frame, resolved),
        "hh_open_missing": _open(frame, resolved) if waiting else 0,
        "resolved_carried": (resolved or 0) if waiting else 0,
        "framed_carried": (resolved or 0) if waiting and frame is not None else 0,
        "planned_hh": planned,
        "behind_hh": None if planned is None else max(0.0, planned - (resolved or 0)),
        "ed_total": _first(value["ed_total"] if value else None, frame_row["eds"] if frame_row else None),
        **{name: value[name] if value else None for name in CARRIED},
        **{name: today[name] if today else None for name in DAILY},
    }
    return row | {name: None if row[other] is None else row[one] for name, one, other in BOTH}


def _open(frame: int | None, resolved: int | None) -> int | None:
    return None if frame is None else max(0, frame - (resolved or 0))


def _first(*values: int | None) -> int | None:
    return next((v for v in values if v is not None), None)


def _add(total: Row, leaf: Row) -> None:
    for name, value in leaf.items():
        if value is None:
            total.setdefault(name, None)
        elif total.get(name) is None:
            total[name] = value
        else:
            total[name] = min(total[name], value) if name == "value_date" else total[name] + value


def _chain(areas: dict[int, Row], unit: int) -> list[int]:
    chain = [unit]
    while (parent := areas[chain[-1]]["parent_id"]) is not None:
        chain.append(parent)
    return chain


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _rows(connection: Connection, statement: Any) -> list[Row]:
    return [dict(row._mapping) for row in connection.execute(statement)]
