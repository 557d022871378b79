"""Undo a load: every row that it brought goes back to the version before, as a new load.

A row's figure is always that of the newest load that was not undone. Undoing a load therefore
leaves rows alone that a later load has corrected since, brings older versions back where there
are any, and withdraws the others. Nothing is deleted: what was undone stays in the history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from queries.audit import note
from queries.database import engine
from queries.faults import FAULTS, reason
from queries.intake.known import Scope
from queries.intake.reading import UnreadableError
from queries.intake.receipt import Receipt
from queries.intake.store import close_versions, equal
from queries.intake.take_in import queue, roll_up_staff, scope_of
from queries.loads import lies_in, undone, undos
from queries.rollup import roll_up, trim
from queries.schema import (
    Key,
    area,
    benchmark,
    benchmark_history,
    cleanup_return,
    cleanup_return_history,
    daily_return,
    daily_return_history,
    load,
    quality_check,
    quality_check_history,
    staffing_return,
    staffing_return_history,
    target,
)
from queries.summing import analyse, with_tables

STAMPS: Final = ("id", "received_at", "version", "load_id", "superseded_by")


@dataclass(frozen=True)
class Kept:
    """A table of returns, the table of its superseded versions, and the key of a row."""

    table: Table
    history: Table
    key: tuple[str, ...]


RETURNS: Final = (
    Kept(daily_return, daily_return_history, ("phase_id", "area_id", "report_date")),
    Kept(staffing_return, staffing_return_history, ("role", "area_id", "report_date")),
    Kept(
        benchmark,
        benchmark_history,
        ("indicator", "source", "area_id", "window_start", "window_end", "cutoff_at"),
    ),
    Kept(quality_check, quality_check_history, ("check_id",)),
    Kept(cleanup_return, cleanup_return_history, ("area_id", "police_station", "report_date")),
)


@dataclass(frozen=True)
class Done:
    """Rows restored to an older version, withdrawn, and left alone because they were corrected since."""

    restored: int = 0
    withdrawn: int = 0
    left: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(self.restored + other.restored, self.withdrawn + other.withdrawn, self.left + other.left)


def undo(load_id: int, role: str | None = None, *, scope_id: int | None = None, now: datetime | None = None) -> Receipt:
    """Undo a load and roll up, in one transaction.

    Parameters
    ----------
    load_id : int
        The load whose rows are to go.
    role : str, optional
        The office or account that undoes it, never a person.
    scope_id : int, optional
        Top of the part of the tree that this office may write.
    now : datetime, optional
        The server's clock.

    Returns
    -------
    Receipt
        Its result is undone, with `rows_corrected` restored, `rows_withdrawn` withdrawn and
        `rows_unchanged` left alone; or unreadable, with the reason why it cannot be undone.
    """
    return _undo(load_id, role, scope_id, now or datetime.now(), dry=False)


def examine_undo(load_id: int, scope_id: int | None = None) -> Receipt:
    """Say what undoing a load would do: all of it is done, counted and taken back."""
    return replace(_undo(load_id, None, scope_id, datetime.now(), dry=True), load_id=None)


def _undo(load_id: int, role: str | None, scope_id: int | None, now: datetime, *, dry: bool) -> Receipt:
    try:
        with engine().connect() as connection:
            queue(connection)
            scope = scope_of(connection, scope_id)
            file_name = _refuse(connection, load_id, scope)
            new_id, done = _reverse(connection, load_id, role, scope, now)
            receipt = Receipt(
                file_name,
                "undone",
                done.restored + done.withdrawn + done.left,
                rows_corrected=done.restored,
                rows_unchanged=done.left,
                rows_withdrawn=done.withdrawn,
                load_id=new_id,
            )
            if not dry:
                note(connection, "undone", f"load {load_id}", role=role, by_load=new_id, **vars(done))
                connection.commit()
            return receipt
    except UnreadableError as problem:
        return Receipt(str(load_id), "unreadable", problem=problem)
    except FAULTS as fault:
        return Receipt(str(load_id), "unreadable", problem=reason(fault))


def _refuse(connection: Connection, load_id: int, scope: Scope) -> str:
    """Return what a load brought; raise `UnreadableError` where it cannot be undone."""
    wanted = select(load.c.kind, load.c.file_name).where(load.c.id == load_id)
    found = connection.execute(wanted).first() if 0 < load_id < 2**63 else None
    if found is None:
        raise UnreadableError("no_such_load", load=load_id)
    if scope is not None and not lies_in(connection, load_id, scope):
        raise UnreadableError("undo_outside_scope", load=load_id)
    by = connection.execute(select(load.c.id).where(load.c.kind == "undo", load.c.supersedes == load_id)).scalar()
    if by is not None:
        raise UnreadableError("undone_already", load=load_id, by=by)
    if found.kind == "undo":
        raise UnreadableError("is_an_undo", load=load_id)
    if {"area", "calendar", "boundary", "setting"} & set(found.kind.split("+")):
        raise UnreadableError("not_undone", load=load_id)
    return found.file_name or str(load_id)


def _reverse(connection: Connection, load_id: int, role: str | None, scope: Scope, now: datetime) -> tuple[int, Done]:
    simulated = select(load.c.simulated).where(load.c.id == load_id).scalar_subquery()
    file_name = select(load.c.file_name).where(load.c.id == load_id).scalar_subquery()
    new_id = connection.execute(
        insert(load)
        .values(
            loaded_at=now,
            loaded_by=role,
            kind="undo",
            file_name=file_name,
            result="undone",
            simulated=simulated,
            supersedes=load_id,
        )
        .returning(load.c.id)
    ).scalar_one()
    done = _reverse_targets(connection, load_id, scope)
    for kept in RETURNS:
        done += _reverse_returns(connection, kept, load_id, new_id, scope, now)
    if not done.restored + done.withdrawn:
        raise UnreadableError("nothing_to_undo", load=load_id)
    connection.execute(
        update(load)
        .where(load.c.id == new_id)
        .values(
            rows_read=done.restored + done.withdrawn + done.left,
            rows_stored=0,
            rows_corrected=done.restored,
            rows_unchanged=done.left,
            rows_rejected=0,
            warnings={},
        )
    )
    return new_id, done


def _reverse_returns(
    connection: Connection, kept: Kept, load_id: int, new_id: int, scope: Scope, now: datetime
) -> Done:
    table, history, key = kept.table, kept.history, kept.key
    reversed_ = Table(
        f"reversed_{table.name}",
        MetaData(),
        *(Column(name, table.c[name].type, nullable=table.c[name].nullable) for name in key),
        *([] if "area_id" in key else [Column("area_id", Key)]),
        Column("version", Integer),
        Column("before_id", Key),
        prefixes=["TEMPORARY"],
    )
    with_tables(connection, reversed_)
    names = [c.name for c in reversed_.c if c.name != "before_id"]
    by_undo = table.c.load_id.in_(undos())
    brought = exists().where(_same(history, table, key), history.c.load_id == load_id)
    connection.execute(
        insert(reversed_).from_select(
            [*names, "before_id"],
            select(*(table.c[name] for name in names), _before(kept)).where(
                or_(table.c.load_id == load_id, and_(by_undo, brought))
            ),
        )
    )
    analyse(connection, reversed_)
    _leave_equal(connection, kept, reversed_)
    _refuse_outside(connection, reversed_, load_id, scope)
    rows, restored = connection.execute(select(func.count(), func.count(reversed_.c.before_id))).one()
    of_load = select(*(history.c[name] for name in key)).where(
        history.c.load_id == load_id, ~exists().where(_same(history, reversed_, key))
    )
    left = connection.execute(select(func.count()).select_from(of_load.distinct().subquery())).scalar_one()
    if rows:
        _replace(connection, kept, reversed_, new_id, now)
        _roll_up(connection, table, reversed_)
    return Done(restored, rows - restored, left)


def _before(kept: Kept) -> Any:
    """Return the newest version of a row that came with a load which is neither an undo nor undone."""
    older = kept.history.alias("older")
    standing = and_(older.c.load_id.not_in(undos()), older.c.load_id.not_in(undone()))
    return select(func.max(older.c.id)).where(_same(older, kept.table, kept.key), standing).scalar_subquery()


def _leave_equal(connection: Connection, kept: Kept, reversed_: Table) -> None:
    """Leave rows alone that an earlier undo has brought to the very version that they would go to now."""
    table, history = kept.table, kept.history
    content = [c.name for c in table.c if c.name not in (*kept.key, *STAMPS)]
    same = exists().where(
        _same(table, reversed_, kept.key),
        table.c.load_id.in_(undos()),
        history.c.id == reversed_.c.before_id,
        *(history.c[name].is_not_distinct_from(table.c[name]) for name in content),
    )
    connection.execute(delete(reversed_).where(same))


def _refuse_outside(connection: Connection, rows: Table, load_id: int, scope: Scope) -> None:
    if scope is None:
        return
    outside = select(rows.c.area_id).join(area, area.c.id == rows.c.area_id).where(~area.c.first.between(*scope))
    if connection.execute(outside.limit(1)).first() is not None:
        raise UnreadableError("undo_outside_scope", load=load_id)


def _replace(connection: Connection, kept: Kept, reversed_: Table, new_id: int, now: datetime) -> None:
    """Move the current versions to the history, and put those before them in their place as new ones."""
    table, history = kept.table, kept.history
    moved = [c.name for c in history.c if c.name not in ("id", "superseded_by")]
    is_reversed = exists().where(_same(table, reversed_, kept.key))
    connection.execute(
        insert(history).from_select(
            [*moved, "superseded_by"],
            select(*(table.c[name] for name in moved), literal(new_id)).where(is_reversed),
        )
    )
    connection.execute(delete(table).where(is_reversed))
    copied = [name for name in moved if name not in STAMPS]
    connection.execute(
        insert(table).from_select(
            [*copied, "received_at", "version", "load_id"],
            select(
                *(history.c[name] for name in copied),
                literal(now, table.c.received_at.type),
                reversed_.c.version + 1,
                literal(new_id, Key),
            ).join(reversed_, reversed_.c.before_id == history.c.id),
        )
    )


def _roll_up(connection: Connection, table: Table, reversed_: Table) -> None:
    if table is daily_return:
        changed = select(
            reversed_.c.phase_id, reversed_.c.area_id, reversed_.c.report_date.label("from_date")
        ).subquery()
        for phase_id in connection.execute(select(reversed_.c.phase_id).distinct()).scalars().all():
            trim(connection, phase_id)
            roll_up(connection, phase_id, changed)
    elif table is staffing_return:
        roll_up_staff(connection)


def _reverse_targets(connection: Connection, load_id: int, scope: Scope) -> Done:
    """Let the versions of the frame that a load brought hold for no day, and those before them again."""
    brought = select(target.c.phase_id, target.c.area_id, target.c.valid_from).where(target.c.load_id == load_id)
    holding = brought.where(target.c.valid_to.is_(None) | (target.c.valid_to > target.c.valid_from))
    rows = connection.execute(holding).all()
    left = len(connection.execute(brought).all()) - len(rows)
    if not rows:
        return Done(left=left)
    reversed_ = Table(
        "reversed_target",
        MetaData(),
        *(Column(name, target.c[name].type, nullable=False) for name in ("phase_id", "area_id")),
        Column("from_date", target.c.valid_from.type),
        prefixes=["TEMPORARY"],
    )
    with_tables(connection, reversed_)
    connection.execute(insert(reversed_).from_select(["phase_id", "area_id", "from_date"], holding))
    analyse(connection, reversed_)
    _refuse_outside(connection, reversed_, load_id, scope)
    close_versions(connection, reversed_)
    changed = select(reversed_).subquery()
    for phase_id in {row.phase_id for row in rows}:
        roll_up(connection, phase_id, changed)
    roll_up_staff(connection)
    other = target.alias("other")
    earlier = exists().where(
        other.c.phase_id == reversed_.c.phase_id,
        other.c.area_id == reversed_.c.area_id,
        other.c.valid_from <= reversed_.c.from_date,
        other.c.load_id.not_in(undone()),
    )
    counted = select(func.count()).select_from(reversed_).where(earlier)
    restored = connection.execute(counted).scalar_one()
    return Done(restored, len(rows) - restored, left)


def _same(left: Any, right: Any, key: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(equal(left.c[name], right.c[name]) for name in key))
