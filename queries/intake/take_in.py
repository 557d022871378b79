"""Take a file in: read, check, store, roll up, all in one transaction, and give a receipt."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Subquery, insert, select, text, update

from queries import calendar
from queries.audit import note
from queries.database import engine
from queries.faults import FAULTS, reason
from queries.intake import places, store
from queries.intake.across_sheets import with_breaches, without_contradictions
from queries.intake.boundaries import read_boundaries, store_boundaries
from queries.intake.checking import check
from queries.intake.findings import Breach, Checked
from queries.intake.known import Scope
from queries.intake.legible import legible_name
from queries.intake.movement import standing
from queries.intake.reading import Sheet, UnreadableError, is_boundaries, read, read_file
from queries.intake.receipt import Receipt
from queries.intake.seen import is_all_in_force, loaded_before, stands_whole
from queries.intake.versions import settle_all
from queries.rollup import rebuild, roll_up
from queries.schema import area, load, phase, staffing_return
from queries.settings import settings_on, staffing_rule
from queries.staffing_rollup import roll_up_staffing
from queries.view import View

Step = Callable[[str], None]
ORDER = ("area", "calendar", "target", "progress", "staffing", "benchmark", "quality", "cleanup")


@dataclass(frozen=True)
class Wish:
    """How a file is to be taken in.

    Attributes
    ----------
    form : str or None
        Key of the form, when the headings are not to decide.
    partial : bool
        Store the good rows even if others are rejected.
    loaded_by : str or None
        A role or an account, never a person's name.
    simulated : bool
        Mark the load, and every screen, as simulated.
    scope_id : int or None
        Top of the part of the tree that the sender may write; None: all of it.
    now : datetime or None
        The server's clock.
    step : callable
        Told the name of each step as it begins: reading, checking, storing.
    """

    form: str | None = None
    partial: bool = False
    loaded_by: str | None = None
    simulated: bool = False
    scope_id: int | None = None
    now: datetime | None = None
    step: Step = lambda name: None


@dataclass(frozen=True)
class Tally:
    """Rows new, corrected, unchanged and older than what is in force, and versions that were written of them."""

    new: int = 0
    corrected: int = 0
    unchanged: int = 0
    stale: int = 0
    written: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


def take_in(path: Path, **wish: Any) -> Receipt:
    """Take the file at a path in: whole or, unless `partial` is said, not at all; options are those of `Wish`."""
    try:
        content = read_file(path)
    except UnreadableError as problem:
        return Receipt(legible_name(path.name), "unreadable", problem=problem)
    return take_in_content(content, path.name, **wish)


def take_in_content(content: bytes, file_name: str, **wish: Any) -> Receipt:
    """Take the bytes of a file in; options are those of `Wish`."""
    return _receive(content, file_name, Wish(**wish))


def examine(content: bytes, file_name: str, *, watch: View | None = None, **wish: Any) -> Receipt:
    """Say what would become of a file: all of it is stored, counted and taken back.

    Parameters
    ----------
    watch : View, optional
        Say too where this area would stand in its phase.
    wish
        Options of `Wish`. Rows to be rejected are left aside, so that the others are counted exactly.

    Returns
    -------
    Receipt
        Its result is rejected as soon as one row is; load_id is None, for nothing is stored.
    """
    receipt = _receive(content, file_name, replace(Wish(**wish), partial=True), dry=True, watch=watch)
    return replace(receipt, load_id=None, result="rejected" if receipt.rows_rejected else receipt.result)


def examine_file(path: Path, **wish: Any) -> Receipt:
    """Say what would become of the file at a path."""
    try:
        content = read_file(path)
    except UnreadableError as problem:
        return Receipt(legible_name(path.name), "unreadable", problem=problem)
    return examine(content, path.name, **wish)


def _receive(content: bytes, file_name: str, wish: Wish, *, dry: bool = False, watch: View | None = None) -> Receipt:
    began = time.perf_counter()
    file_name = legible_name(file_name)
    try:
        wish.step("reading")
        boundaries = is_boundaries(content, file_name)
        sheets = [] if boundaries else read(content, file_name, wish.form)
        with engine().connect() as connection:
            queue(connection)
            scope = scope_of(connection, wish.scope_id)
            seen = loaded_before(connection, content, scope)
            if seen is not None and stands_whole(connection, seen):
                rows = sum(len(sheet.cells) for sheet in sheets)
                return _seen_before(file_name, rows, seen, began)
            load_id = _announce(connection, file_name, content, wish)
            before = standing(connection, watch) if watch else None
            if boundaries:
                receipt = _take_in_boundaries(connection, content, file_name, load_id, scope)
            else:
                receipt = _take_in_sheets(connection, sheets, file_name, wish, load_id, scope)
            receipt = replace(receipt, seconds=time.perf_counter() - began)
            if seen is not None and is_all_in_force(receipt):
                return _seen_before(file_name, receipt.rows_read, seen, began)
            if dry:
                after = standing(connection, watch) if watch else None
                connection.rollback()
                return replace(receipt, moved=(before, after) if watch else None)
            if receipt.result == "rejected":
                return replace(receipt, load_id=None)
            _conclude(connection, receipt)
            note(connection, "loaded", f"load {load_id}", role=wish.loaded_by, file=file_name, result=receipt.result)
            connection.commit()
            return receipt
    except UnreadableError as problem:
        return Receipt(file_name, "unreadable", problem=problem, seconds=time.perf_counter() - began)
    except FAULTS as fault:
        return Receipt(file_name, "unreadable", problem=reason(fault), seconds=time.perf_counter() - began)


def scope_of(connection: Connection, scope_id: int | None) -> Scope:
    """Return the interval of the areas that a sender may write; None where that is the whole tree."""
    if scope_id is None:
        return None
    first, last, parent_id = connection.execute(
        select(area.c.first, area.c.last, area.c.parent_id).where(area.c.id == scope_id)
    ).one()
    return None if parent_id is None else (first, last)


def _seen_before(file_name: str, rows: int, load_id: int, began: float) -> Receipt:
    seconds = time.perf_counter() - began
    return Receipt(file_name, "unchanged", rows, rows_unchanged=rows, seen_as=load_id, seconds=seconds)


def queue(connection: Connection) -> None:
    """Let loads run one after the other, from before the first question: of two at once, one sees what one stored."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE load IN EXCLUSIVE MODE"))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _announce(connection: Connection, file_name: str, content: bytes, wish: Wish) -> int:
    return connection.execute(
        insert(load)
        .values(
            loaded_at=wish.now or datetime.now(),
            loaded_by=wish.loaded_by,
            kind="file",
            file_name=file_name,
            sha256=hashlib.sha256(content).hexdigest(),
            result="stored",
            simulated=wish.simulated,
        )
        .returning(load.c.id)
    ).scalar_one()


def _conclude(connection: Connection, receipt: Receipt) -> None:
    connection.execute(
        update(load)
        .where(load.c.id == receipt.load_id)
        .values(
            kind="+".join(dict.fromkeys(c.form for c in receipt.checked))[:20] or "boundary",
            rows_read=receipt.rows_read,
            rows_stored=receipt.rows_stored,
            rows_corrected=receipt.rows_corrected,
            rows_unchanged=receipt.rows_unchanged,
            rows_stale=receipt.rows_stale,
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
    wish: Wish,
    load_id: int,
    scope: Scope,
) -> Receipt:
    wish.step("checking")
    now = wish.now or datetime.now()
    checked = [check(connection, sheet, file_name, now, wish.form, scope) for sheet in sheets]
    checked = without_contradictions(checked, file_name)
    checked.sort(key=lambda c: ORDER.index(c.form))
    read_rows = sum(len(c.sheet.cells) for c in checked)
    if not read_rows:
        raise UnreadableError("no_rows")
    rejected = sum(len(c.rejected) for c in checked)
    if rejected and not wish.partial:
        return Receipt(file_name, "rejected", read_rows, rows_rejected=rejected, checked=checked, load_id=load_id)
    wish.step("storing")
    tally = Tally()
    done: list[Checked] = []
    for each in checked:
        if each.rows.empty:
            done.append(each)
            continue
        outcome, breaches = _store(connection, each, load_id, now)
        if any(breach.rows.any() for breach in breaches):
            each = with_breaches(each, file_name, breaches)
        tally += outcome
        done.append(each)
    rejected = sum(len(c.rejected) for c in done)
    result = "stored" if tally.new or tally.corrected or tally.stale else "unchanged"
    if rejected:
        result = "partial" if wish.partial else "rejected"
    if result == "rejected":
        tally = Tally()
    return Receipt(
        file_name,
        result,
        read_rows,
        rows_stored=tally.new,
        rows_corrected=tally.corrected,
        rows_unchanged=tally.unchanged,
        rows_stale=tally.stale,
        rows_rejected=rejected,
        load_id=load_id,
        written=tally.written,
        checked=done,
    )


def _store(connection: Connection, checked: Checked, load_id: int, now: datetime) -> tuple[Tally, list[Breach]]:
    """Store the good rows of a sheet and roll up; return what became of them, and breaches that only storing tells."""
    rows = checked.rows
    match checked.form:
        case "area":
            added, changed, breaches = places.lay_out(connection, rows, load_id)
            if added or changed:
                lay_out_everything(connection)
            refused = any(b.severity == "reject" and b.rows.any() for b in breaches)  # a tree is taken whole
            same = 0 if refused else max(0, len(rows) - added - changed)
            return Tally(added, changed, same, written=added + changed), breaches
        case "calendar":
            new, changed = calendar.store_phases(connection, rows, load_id)
            if new or changed:
                _rebuild_all(connection)
            return Tally(new, changed, len(rows) - new - changed, written=new + changed), []
        case "target":
            stored = store.store_targets(connection, rows, load_id)
            if stored.new or stored.corrected:
                _roll_up(connection, rows, stored.changed)
                roll_up_staff(connection)
        case "progress":
            stored = store.store_progress(connection, rows, load_id, now)
            _roll_up(connection, rows, stored.changed)
        case "staffing":
            known = _filing(connection)
            stored = store.store_staffing(connection, rows, load_id, now)
            fresh = not set(zip(rows["role"], rows["area_id"].astype(int), strict=True)) <= known
            if stored.new or stored.corrected:
                roll_up_staff(connection, None if fresh or rows.empty else rows["report_date"].min().date())
        case "cleanup":
            stored = store.store_cleanup(connection, rows, load_id, now)
        case "quality":
            stored = store.store_checks(connection, rows, load_id, now)
        case _:
            stored = store.store_benchmarks(connection, rows, load_id, now)
    tally = Tally(stored.new, stored.corrected, stored.unchanged, stored.stale, stored.written)
    return tally, stored.breaches


def _roll_up(connection: Connection, rows: pd.DataFrame, changed: Subquery) -> None:
    for phase_id in rows["phase_id"].unique():
        roll_up(connection, int(phase_id), changed)


def _filing(connection: Connection) -> set[tuple[str, int]]:
    pairs = select(staffing_return.c.role, staffing_return.c.area_id).distinct()
    return {(role, area_id) for role, area_id in connection.execute(pairs)}


def roll_up_staff(connection: Connection, from_date: date | None = None) -> None:
    """Bring the staffing of both roles up to date, from a day on."""
    roll_up_staffing(connection, staffing_rule(settings_on(connection)), from_date)


def lay_out_everything(connection: Connection) -> None:
    """Build the days of the calendar and all rolled-up rows anew inside an open transaction."""
    calendar.lay_out_days(connection)
    _rebuild_all(connection)


def _rebuild_all(connection: Connection) -> None:
    for phase_id in connection.execute(select(phase.c.id)).scalars().all():
        rebuild(connection, phase_id)
    roll_up_staff(connection)


def rebuild_everything() -> None:
    """Bring the versions in force anew, and build all rolled-up rows of the database from them."""
    with engine().connect() as connection:
        queue(connection)
        rebuild_on(connection)
        connection.commit()


def rebuild_on(connection: Connection) -> None:
    """Bring the versions in force anew and build all rolled-up rows, inside an open transaction."""
    settle_all(connection)
    lay_out_everything(connection)


def _take_in_boundaries(connection: Connection, content: bytes, file_name: str, load_id: int, scope: Scope) -> Receipt:
    if scope is not None:
        raise UnreadableError("not_for_a_part")
    new, changed, number = store_boundaries(connection, read_boundaries(content), load_id)
    return Receipt(
        file_name,
        "stored" if new or changed else "unchanged",
        number,
        rows_stored=new,
        rows_corrected=changed,
        rows_unchanged=number - new - changed,
        load_id=load_id,
        written=new + changed,
    )
