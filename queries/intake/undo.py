"""Undo a load: all is as if it had not come, but what it brought stays in the history.

The version of a row that is in force follows from the loads that are not undone. Undoing a load
therefore leaves figures alone that a later version holds, brings the newest version back of the others
where there is any, and withdraws the rest. No version that it brought counts any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    MetaData,
    Table,
    exists,
    false,
    func,
    insert,
    select,
    true,
    update,
)

from queries.audit import note
from queries.database import engine
from queries.faults import FAULTS, reason
from queries.intake import undo_basis
from queries.intake.known import Scope
from queries.intake.reading import UnreadableError
from queries.intake.receipt import Receipt
from queries.intake.store import close_versions
from queries.intake.take_in import lay_out_everything, queue, roll_up_staff, scope_of
from queries.intake.versions import RETURNS, Kept, same_key, settle
from queries.loads import lies_in, undone
from queries.rollup import roll_up, trim
from queries.schema import area, daily_return, load, staffing_return, target
from queries.summing import analyse, with_tables


@dataclass(frozen=True)
class Done:
    """Rows restored to another version, withdrawn, and left alone because another version was in force."""

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
    if scope is not None and {"area", "calendar", "boundary", "setting"} & set(found.kind.split("+")):
        raise UnreadableError("undo_outside_scope", load=load_id)
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
        done += _reverse_returns(connection, kept, load_id, new_id, scope)
    done += _reverse_basis(connection, load_id)
    if done == Done():
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


def _reverse_returns(connection: Connection, kept: Kept, load_id: int, new_id: int, scope: Scope) -> Done:
    table, history = kept.table, kept.history
    names = list(dict.fromkeys((*kept.key, "area_id")))
    reversed_ = Table(
        f"reversed_{table.name}",
        MetaData(),
        *(Column(name, table.c[name].type, nullable=table.c[name].nullable) for name in names),
        Column("in_force", Boolean, nullable=False),
        Index(f"reversed_{table.name}_key", *kept.key),
        prefixes=["TEMPORARY"],
    )
    with_tables(connection, reversed_)
    for versions, in_force in ((table, true()), (history, false())):
        brought = select(*(versions.c[name] for name in names), in_force).where(versions.c.load_id == load_id)
        connection.execute(insert(reversed_).from_select([*names, "in_force"], brought))
    analyse(connection, reversed_)
    _refuse_outside(connection, reversed_, load_id, scope)
    rows = connection.execute(select(func.count()).select_from(reversed_)).scalar_one()
    if not rows:
        return Done()
    settle(connection, kept, select(*(reversed_.c[name] for name in kept.key)), new_id)
    _roll_up(connection, table, reversed_)
    there = exists().where(same_key(reversed_, table, kept.key)).select_from(table)
    of_force = select(func.count()).select_from(reversed_).where(reversed_.c.in_force)
    number = connection.execute(of_force).scalar_one()
    restored = connection.execute(of_force.where(there)).scalar_one()
    return Done(restored, number - restored, rows - number)


def _reverse_basis(connection: Connection, load_id: int) -> Done:
    parts = undo_basis.reverse(connection, load_id)
    if {"area", "phase", "phase_area"} & set(parts):
        lay_out_everything(connection)
    elif "setting" in parts:
        roll_up_staff(connection)
    return sum((Done(*part) for part in parts.values()), start=Done())


def _refuse_outside(connection: Connection, rows: Table, load_id: int, scope: Scope) -> None:
    if scope is None:
        return
    outside = select(rows.c.area_id).join(area, area.c.id == rows.c.area_id).where(~area.c.first.between(*scope))
    if connection.execute(outside.limit(1)).first() is not None:
        raise UnreadableError("undo_outside_scope", load=load_id)


def _roll_up(connection: Connection, table: Table, reversed_: Table) -> None:
    if table is daily_return:
        day = reversed_.c.report_date
        changed = select(
            reversed_.c.phase_id, reversed_.c.area_id, day.label("from_date"), day.label("to_date")
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
        Index("reversed_target_key", "phase_id", "area_id"),
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
