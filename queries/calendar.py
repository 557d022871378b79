"""The calendar: phases, their plan curves, and what is planned for each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, delete, func, insert, select, update

from queries import basis
from queries.basis import Said
from queries.database import engine, fetch
from queries.presets import PHASE_NAMES
from queries.schema import area, phase, phase_area, phase_day, progress
from queries.view import View

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
LINEAR: Mapping[str, Any] = {"shape": "linear"}


def planned_shares(
    start: date, end: date, working_days: Sequence[int] = EVERY_DAY, curve: Mapping[str, Any] = LINEAR
) -> dict[date, float]:
    """Return the planned share of the work, 0-1, at the end of each day of a phase (indicator 46).

    Parameters
    ----------
    working_days : sequence of int
        ISO weekdays (1 Monday … 7 Sunday) on which work is planned; on others the share stands still.
    curve : mapping
        shape “linear”; “front-loaded”, 1 - (1 - t)²: twice the mean pace at first, none at the end;
        or “custom” with points [t, share] from [0, 0] to [1, 1], straight between them. t is the
        share of working days gone by.
    """
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    working = np.array([d.isoweekday() in working_days for d in days])
    if not working.any():
        working[:] = True
    gone = np.cumsum(working) / working.sum()
    match curve["shape"]:
        case "front-loaded":
            shares = 1 - (1 - gone) ** 2
        case "custom":
            times, values = zip(*curve["points"], strict=True)
            shares = np.interp(gone, times, values)
        case _:
            shares = gone
    return dict(zip(days, (float(s) for s in shares), strict=True))


def store_phases(connection: Connection, rows: pd.DataFrame, load_id: int) -> tuple[int, int]:
    """Store phases, and calendars of areas' own, then lay out their days.

    Parameters
    ----------
    rows : DataFrame
        Fields of the form “calendar” with area_id: missing for the phase itself.
    load_id : int
        The load of the calendar: what it says is kept under it.

    Returns
    -------
    tuple of int
        Phases and own calendars that are new, and that changed.
    """
    new = changed = 0
    own = rows["area_id"].notna()
    former = basis.former_ids(connection, "phase")
    for row in [*rows[~own].to_dict("records"), *rows[own].to_dict("records")]:
        known = connection.execute(select(phase).where(phase.c.code == row["phase"])).mappings().first()
        values = _dates_and_curve(row)
        if pd.isna(row["area_id"]):
            values |= _phase_values(row)
            statement, there = phase, known
            where = phase.c.code == row["phase"]
            values["code"] = row["phase"]
        else:
            assert known is not None
            values |= {"phase_id": known["id"], "area_id": int(row["area_id"])}
            statement = phase_area
            where = and_(phase_area.c.phase_id == known["id"], phase_area.c.area_id == values["area_id"])
            there = connection.execute(select(phase_area).where(where)).mappings().first()
        if there is None:
            again = {"id": former[row["phase"]]} if statement is phase and row["phase"] in former else {}
            connection.execute(insert(statement).values(**values, **again))
            new += 1
        elif any(there[name] != value for name, value in values.items()):
            connection.execute(update(statement).where(where).values(**values))
            changed += 1
        _record(connection, row["phase"], values, load_id)
    lay_out_days(connection)
    return new, changed


def _record(connection: Connection, code: str, values: dict[str, Any], load_id: int) -> None:
    phase_id = connection.execute(select(phase.c.id).where(phase.c.code == code)).scalar_one()
    if "area_id" not in values:
        basis.record(connection, "phase", [Said(code, phase_id, basis.plain(values))], load_id)
        return
    path = connection.execute(select(area.c.path).where(area.c.id == values["area_id"])).scalar_one()
    said = Said(f"{code} {path}", values["area_id"], basis.plain(values))
    basis.record(connection, "phase_area", [said], load_id)


def lay_out_days(connection: Connection) -> None:
    """Derive `phase_day` anew from the phases: whether a return is due, and the planned share."""
    root = connection.execute(select(area.c.id).where(area.c.parent_id.is_(None))).scalar()
    connection.execute(delete(phase_day))
    if root is None:
        return
    calendars = [(p["id"], root, p) for p in connection.execute(select(phase)).mappings()]
    calendars += [(p["phase_id"], p["area_id"], p) for p in connection.execute(select(phase_area)).mappings()]
    rows = [
        {
            "phase_id": phase_id,
            "area_id": area_id,
            "date": day,
            "is_open": day.isoweekday() in calendar["return_days"] and day.isoformat() not in calendar["days_off"],
            "is_working": day.isoweekday() in calendar["working_days"],
            "planned_share": share,
        }
        for phase_id, area_id, calendar in calendars
        for day, share in planned_shares(
            calendar["start"], calendar["end"], calendar["working_days"], calendar["curve"]
        ).items()
    ]
    if rows:
        connection.execute(insert(phase_day), rows)


def _dates_and_curve(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the days and the plan of a calendar: a return is due on the working days unless it says otherwise."""
    working, returning, off, curve = (row[name] for name in ("working_days", "return_days", "days_off", "curve"))
    working = working if isinstance(working, tuple) else EVERY_DAY
    return {
        "start": pd.Timestamp(row["start"]).date(),
        "end": pd.Timestamp(row["end"]).date(),
        "working_days": list(working),
        "return_days": list(returning if isinstance(returning, tuple) else working),
        "days_off": list(off) if isinstance(off, tuple) else [],
        "curve": curve if isinstance(curve, dict) else dict(LINEAR),
    }


def _phase_values(row: Mapping[str, Any]) -> dict[str, Any]:
    usual = PHASE_NAMES[row["phase"]]
    grace = row["grace_minutes"]
    return {
        **{
            f"name_{language}": row[f"name_{language}"] if isinstance(row[f"name_{language}"], str) else usual[n]
            for n, language in enumerate(("en", "zh_hans", "zh_hant"))
        },
        "cutoff": row["cutoff"] if isinstance(row["cutoff"], time) else time(17, 30),
        "grace_minutes": 30 if pd.isna(grace) else int(grace),
        "measure": row["measure"] if isinstance(row["measure"], str) else "hh",
        "source": row["source"] if isinstance(row["source"], str) else None,
    }


def phases(language: str) -> pd.DataFrame:
    """Return the phases in order: phase_id, code, name, start, end, cutoff, grace_minutes, measure."""
    name = phase.c[f"name_{language.lower()}"].label("name")
    columns = (phase.c.code, name, phase.c.start, phase.c.end, phase.c.cutoff, phase.c.grace_minutes, phase.c.measure)
    return fetch(select(phase.c.id.label("phase_id"), *columns).order_by(phase.c.start, phase.c.id))


def reported_days(phase_id: int) -> tuple[date, date] | None:
    """Return the first and the last day for which `progress` holds rows; None before any return."""
    root = select(area.c.id).where(area.c.parent_id.is_(None)).scalar_subquery()
    with engine().connect() as connection:
        first, last = connection.execute(
            select(func.min(progress.c.date), func.max(progress.c.date)).where(
                progress.c.phase_id == phase_id, progress.c.area_id == root
            )
        ).one()
    return None if first is None else (first, last)


def plan(view: View) -> pd.DataFrame:
    """Return the plan of the viewed area over the whole phase, past and future: date, planned_share (0-1).

    Where areas below have calendars of their own, their shares are weighted by frame households.
    """
    with engine().connect() as connection:
        place = connection.execute(select(area.c.first, area.c.last).where(area.c.id == view.area_id)).one()
        calendars = connection.execute(
            select(area.c.id, area.c.level, area.c.first, area.c.last)
            .where(
                area.c.id.in_(select(phase_day.c.area_id).where(phase_day.c.phase_id == view.phase_id).distinct()),
                area.c.first <= place.last,
                area.c.last >= place.first,
            )
            .order_by(area.c.level)
        ).all()
        days = connection.execute(
            select(phase_day.c.area_id, phase_day.c.date, phase_day.c.planned_share).where(
                phase_day.c.phase_id == view.phase_id, phase_day.c.area_id.in_([c.id for c in calendars])
            )
        ).all()
        inside = [c for c in calendars if place.first < c.first]
        frames = dict(
            connection.execute(
                select(progress.c.area_id, progress.c.hh_frame).where(
                    progress.c.phase_id == view.phase_id,
                    progress.c.date == view.as_of,
                    progress.c.area_id.in_([view.area_id, *(c.id for c in inside)]),
                )
            ).all()
        )
    covering = [c for c in calendars if c.first <= place.first]
    if not covering:
        return pd.DataFrame({"date": pd.to_datetime([]), "planned_share": []})
    table = pd.DataFrame(days, columns=["area_id", "date", "planned_share"]).pivot(
        index="date", columns="area_id", values="planned_share"
    )
    table = table.sort_index().ffill().fillna(0.0)
    weights = {c.id: float(frames.get(c.id) or 0) for c in inside}
    for c in inside:  # a calendar inside another one takes its households out of that one's
        outer = [o for o in inside if o.first < c.first and c.last <= o.last]
        if outer:
            weights[outer[-1].id] -= float(frames.get(c.id) or 0)
    rest = float(frames.get(view.area_id) or 0) - sum(weights.values())
    weights[covering[-1].id] = weights.get(covering[-1].id, 0.0) + max(rest, 0.0)
    total = sum(weights.values())
    if not total:
        share = table[covering[-1].id]
    else:
        share = sum((table[a] * w for a, w in weights.items() if w), start=pd.Series(0.0, index=table.index)) / total
    return pd.DataFrame({"date": pd.to_datetime(table.index), "planned_share": share.to_numpy(dtype=float)})


def default_view(scope_id: int, language: str) -> View | None:
    """Return the view to open with: the phase last reported on, its latest day, the top of the scope."""
    latest: tuple[date, int] | None = None
    for phase_id in phases(language)["phase_id"]:
        span = reported_days(int(phase_id))
        if span and (latest is None or span[1] >= latest[0]):
            latest = (span[1], int(phase_id))
    return None if latest is None else View(latest[1], latest[0], scope_id, scope_id, language)
