"""Take a file in: read, check, store, roll up, all in one transaction, and give a receipt."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Subquery, insert, select, text, update

from queries import calendar
from queries.counts import ROLES
from queries.database import engine
from queries.intake import places, store
from queries.intake.checking import check
from queries.intake.findings import Breach, Checked, gather
from queries.intake.reading import Sheet, UnreadableError, read
from queries.rollup import rebuild, roll_up
from queries.schema import load, phase, staffing_return
from queries.settings import settings_on, staffing_rule
from queries.staffing_rollup import roll_up_staffing

Step = Callable[[str], None]
ORDER = ("area", "calendar", "target", "progress", "staffing", "benchmark", "quality")


@dataclass(frozen=True)
class Receipt:
    """What became of a file.

    Attributes
    ----------
    result : str
        stored, partial, unchanged, rejected or unreadable.
    rows_read, rows_stored, rows_corrected, rows_unchanged, rows_rejected : int
        `rows_stored` are new ones, `rows_corrected` new versions of rows that were there.
    checked : list of Checked
        Findings and rejected rows, one entry a sheet.
    problem : UnreadableError or None
        Why the file could not be read at all.
    seen_as : int or None
        The load that took in the very same file before.
    """

    file_name: str
    result: str
    rows_read: int = 0
    rows_stored: int = 0
    rows_corrected: int = 0
    rows_unchanged: int = 0
    rows_rejected: int = 0
    seconds: float = 0.0
    load_id: int | None = None
    seen_as: int | None = None
    checked: list[Checked] = field(default_factory=list)
    problem: UnreadableError | None = None

    @property
    def warnings(self) -> Counter[str]:
        """Number of warnings by rule."""
        found: Counter[str] = Counter()
        for each in self.checked:
            found.update({rule: n for (severity, rule), n in each.counts.items() if severity == "warn"})
        return found


def take_in(
    path: Path,
    *,
    form: str | None = None,
    partial: bool = False,
    loaded_by: str | None = None,
    simulated: bool = False,
    now: datetime | None = None,
    step: Step = lambda name: None,
) -> Receipt:
    """Take one file in: whole or, unless `partial` is said, not at all.

    Parameters
    ----------
    form : str, optional
        Key of the form, when the headings are not to decide.
    partial : bool
        Store the good rows even if others are rejected.
    loaded_by : str, optional
        A role or an account, never a person's name.
    simulated : bool
        Mark the load, and every screen, as simulated.
    now : datetime, optional
        The server's clock.
    step : callable
        Told the name of each step as it begins: reading, checking, storing.
    """
    began = time.perf_counter()
    now = now or datetime.now()
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    step("reading")
    try:
        if path.suffix.lower() in (".geojson", ".json"):
            return _take_in_boundaries(path, content, digest, now, simulated, began)
        sheets = read(content, path.name)
        with engine().connect() as connection:
            _queue(connection)
            seen = connection.execute(
                select(load.c.id).where(load.c.sha256 == digest, load.c.result != "partial")
            ).scalar()
            if seen is not None:
                rows = sum(len(sheet.cells) for sheet in sheets)
                return Receipt(
                    path.name, "unchanged", rows, rows_unchanged=rows, seen_as=seen, seconds=time.perf_counter() - began
                )
            load_id = _announce(connection, path.name, digest, now, loaded_by, simulated)
            receipt = _take_in_sheets(connection, sheets, path.name, form, partial, now, load_id, step)
            receipt = Receipt(**{**vars(receipt), "seconds": time.perf_counter() - began})
            if receipt.result == "rejected":
                return Receipt(**{**vars(receipt), "load_id": None})
            _conclude(connection, receipt)
            connection.commit()
            return receipt
    except UnreadableError as problem:
        return Receipt(path.name, "unreadable", problem=problem, seconds=time.perf_counter() - began)


def _queue(connection: Connection) -> None:
    """Let loads run one after the other: SQLite's write lock does it by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE load IN EXCLUSIVE MODE"))


def _announce(
    connection: Connection, file_name: str, digest: str, now: datetime, loaded_by: str | None, simulated: bool
) -> int:
    return connection.execute(
        insert(load)
        .values(
            loaded_at=now,
            loaded_by=loaded_by,
            kind="file",
            file_name=file_name,
            sha256=digest,
            result="stored",
            simulated=simulated,
        )
        .returning(load.c.id)
    ).scalar_one()


def _conclude(connection: Connection, receipt: Receipt) -> None:
    connection.execute(
        update(load)
        .where(load.c.id == receipt.load_id)
        .values(
            kind="+".join(dict.fromkeys(c.form for c in receipt.checked))[:20],
            rows_read=receipt.rows_read,
            rows_stored=receipt.rows_stored,
            rows_corrected=receipt.rows_corrected,
            rows_unchanged=receipt.rows_unchanged,
            rows_rejected=receipt.rows_rejected,
            warnings=dict(receipt.warnings),
            seconds=receipt.seconds,
            result=receipt.result,
        )
    )


def _take_in_sheets(
    connection: Connection,
    sheets: list[Sheet],
    file_name: str,
    form: str | None,
    partial: bool,
    now: datetime,
    load_id: int,
    step: Step,
) -> Receipt:
    step("checking")
    checked = [check(connection, sheet, file_name, now, form) for sheet in sheets]
    checked.sort(key=lambda c: ORDER.index(c.form))
    read_rows = sum(len(c.cells) for c in checked)
    rejected = sum(len(c.rejected) for c in checked)
    if rejected and not partial:
        return Receipt(file_name, "rejected", read_rows, rows_rejected=rejected, checked=checked, load_id=load_id)
    step("storing")
    new = corrected = unchanged = 0
    done: list[Checked] = []
    for each, sheet in zip(checked, sorted(sheets, key=lambda s: _place_of(s, checked)), strict=True):
        outcome, breaches = _store(connection, each, load_id, now)
        if breaches:
            each = _with_breaches(each, sheet, file_name, breaches)
        new, corrected, unchanged = new + outcome[0], corrected + outcome[1], unchanged + outcome[2]
        done.append(each)
    rejected = sum(len(c.rejected) for c in done)
    nothing_new = new == corrected == 0
    result = (
        "rejected" if rejected and not partial else "partial" if rejected else "unchanged" if nothing_new else "stored"
    )
    return Receipt(file_name, result, read_rows, new, corrected, unchanged, rejected, 0.0, load_id, None, done)


def _place_of(sheet: Sheet, checked: list[Checked]) -> int:
    return next(n for n, c in enumerate(checked) if c.cells is sheet.cells)


def _with_breaches(checked: Checked, sheet: Sheet, file_name: str, breaches: list[Breach]) -> Checked:
    """Add what only storing could tell: of an area list, its tree."""
    more = gather(checked.form, sheet, file_name, checked.rows, breaches, {h: h for h in sheet.cells.columns})
    return Checked(
        checked.form,
        more.rows,
        pd.concat([checked.findings, more.findings], ignore_index=True) if len(checked.findings) else more.findings,
        {**checked.counts, **more.counts},
        pd.concat([checked.rejected, more.rejected]) if len(checked.rejected) else more.rejected,
        checked.cells,
    )


def _store(
    connection: Connection, checked: Checked, load_id: int, now: datetime
) -> tuple[tuple[int, int, int], list[Breach]]:
    """Store the good rows of a sheet and roll up; return rows new, corrected, unchanged, and tree breaches."""
    rows = checked.rows
    match checked.form:
        case "area":
            added, changed, breaches = places.lay_out(connection, rows)
            if added or changed:
                _areas_changed(connection)
            return (added, changed, max(0, len(rows) - added - changed)), breaches
        case "calendar":
            new, changed = calendar.store_phases(connection, rows)
            if new or changed:
                _rebuild_all(connection)
            return (new, changed, len(rows) - new - changed), []
        case "target":
            stored = store.store_targets(connection, rows, load_id)
            if stored.new or stored.corrected:
                _roll_up(connection, rows, stored.changed)
                _roll_up_staff(connection)
        case "progress":
            stored = store.store_progress(connection, rows, load_id, now)
            _roll_up(connection, rows, stored.changed)
        case "staffing":
            known = _filing(connection)
            stored = store.store_staffing(connection, rows, load_id, now)
            fresh = not set(zip(rows["role"], rows["area_id"].astype(int), strict=True)) <= known
            if stored.new or stored.corrected:
                _roll_up_staff(connection, None if fresh or rows.empty else rows["report_date"].min().date())
        case "quality":
            stored = store.store_checks(connection, rows, load_id, now)
        case _:
            stored = store.store_benchmarks(connection, rows, load_id, now)
    return (stored.new, stored.corrected, stored.unchanged), []


def _roll_up(connection: Connection, rows: pd.DataFrame, changed: Subquery) -> None:
    for phase_id in rows["phase_id"].unique():
        roll_up(connection, int(phase_id), changed)


def _filing(connection: Connection) -> set[tuple[str, int]]:
    pairs = select(staffing_return.c.role, staffing_return.c.area_id).distinct()
    return {(role, area_id) for role, area_id in connection.execute(pairs)}


def _roll_up_staff(connection: Connection, from_date: date | None = None) -> None:
    rule = staffing_rule(settings_on(connection))
    for role in ROLES:
        roll_up_staffing(connection, role, rule, from_date)


def _areas_changed(connection: Connection) -> None:
    calendar.lay_out_days(connection)
    _rebuild_all(connection)


def _rebuild_all(connection: Connection) -> None:
    for phase_id in connection.execute(select(phase.c.id)).scalars().all():
        rebuild(connection, phase_id)
    _roll_up_staff(connection)


def rebuild_everything() -> None:
    """Build all rolled-up rows of the database anew from what was reported."""
    with engine().begin() as connection:
        calendar.lay_out_days(connection)
        _rebuild_all(connection)


def _take_in_boundaries(
    path: Path, content: bytes, digest: str, now: datetime, simulated: bool, began: float
) -> Receipt:
    try:
        features = json.loads(content)["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError("broken_geojson") from error
    with engine().connect() as connection:
        _queue(connection)
        seen: Any = connection.execute(select(load.c.id).where(load.c.sha256 == digest)).scalar()
        if seen is not None:
            return Receipt(path.name, "unchanged", len(features), rows_unchanged=len(features), seen_as=seen)
        load_id = _announce(connection, path.name, digest, now, None, simulated)
        stored, unknown = places.store_boundaries(connection, features, load_id)
        if unknown:
            raise UnreadableError("boundary_codes", codes=", ".join(unknown[:10]), number=len(unknown))
        receipt = Receipt(
            path.name, "stored", len(features), stored, load_id=load_id, seconds=time.perf_counter() - began
        )
        _conclude(connection, receipt)
        connection.commit()
        return receipt
