"""What rows that come in are to the versions that are there: the first of their kind, the same, older, or newer."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from queries.intake.findings import Breach
from queries.intake.versions import Kept, same_key, says_the_same, stands

# what is worked out of each incoming row: its row in the file, whether a version of it is in force,
# whether that one says the same, and the latest time of submission of any that stands
ADDED: Final = MappingProxyType({"line": Integer(), "again": Boolean(), "same": Boolean(), "latest": DateTime()})


def judge(connection: Connection, kept: Kept, incoming: Table, rows: pd.DataFrame) -> list[Breach]:
    """Fill in what is worked out of incoming rows, find the stale ones, and take out those that need a reason."""
    table = kept.table
    there = same_key(incoming, table, kept.key)
    values: dict[str, Any] = {
        "again": exists().where(there).select_from(table),
        "same": exists().where(there, says_the_same(incoming, table, kept.content)).select_from(table),
    }
    if kept.is_timed:
        values["latest"] = select(table.c.submitted_at).where(there).scalar_subquery()
    connection.execute(update(incoming).values(**values))
    if not kept.is_timed:
        return []
    unreasoned = and_(
        incoming.c.again, ~incoming.c.same, incoming.c.submitted_at == incoming.c.latest,
        incoming.c.correction_reason.is_(None),
    )  # fmt: skip
    same_time = _found(connection, incoming, unreasoned)
    connection.execute(delete(incoming).where(unreasoned))
    _look_behind_untimed(connection, kept, incoming)
    stale = _found(connection, incoming, and_(~incoming.c.same, _is_stale(incoming)))
    return [
        _breach("same_time", "reject", "correction_reason", rows, same_time),
        _breach("older_version", "warn", "submitted_at", rows, stale),
    ]


def drop_unchanged(connection: Connection, kept: Kept, incoming: Table) -> int:
    """Take incoming rows out that say what a version says that is there, submitted at the same time; count them."""
    known: ColumnElement[bool] = incoming.c.same
    if kept.is_timed:
        history, at = kept.history, incoming.c.submitted_at
        before = exists().where(
            same_key(history, incoming, kept.key),
            stands(history),
            history.c.submitted_at == at,
            says_the_same(history, incoming, kept.content),
        )
        known = or_(
            and_(incoming.c.same, or_(at.is_(None), at == incoming.c.latest)), and_(_is_stale(incoming), before)
        )
    return connection.execute(delete(incoming).where(known)).rowcount


def number(connection: Connection, kept: Kept, incoming: Table) -> None:
    """Give incoming rows the numbers after those of the versions that are there, undone ones among them."""
    last = [
        func.coalesce(select(func.max(table.c.version)).where(same_key(incoming, table, kept.key)).scalar_subquery(), 0)
        for table in (kept.table, kept.history)
    ]
    higher = case((last[0] > last[1], last[0]), else_=last[1])
    connection.execute(update(incoming).values(version=higher + 1))


def count(connection: Connection, kept: Kept, incoming: Table) -> tuple[int, int, int, int]:
    """Return how many incoming rows are new, corrected, stale, and said again at another time."""
    table = kept.table
    in_force = (
        exists().where(same_key(incoming, table, kept.key), incoming.c.version == table.c.version).select_from(table)
    )
    rows = select(incoming.c.again, incoming.c.same, in_force.label("in_force")).subquery("counted")

    def number_of(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    differs = and_(rows.c.again, ~rows.c.same)
    found = connection.execute(
        select(
            number_of(~rows.c.again),
            number_of(differs, rows.c.in_force),
            number_of(differs, ~rows.c.in_force),
            number_of(rows.c.again, rows.c.same),
        )
    ).one()
    return found[0], found[1], found[2], found[3]


def _is_stale(incoming: Table) -> ColumnElement[bool]:
    return func.coalesce(incoming.c.submitted_at < incoming.c.latest, false())


def _look_behind_untimed(connection: Connection, kept: Kept, incoming: Table) -> None:
    """Let rows whose version in force has no time of submission be compared with the latest one before it."""
    history = kept.history
    before = (
        select(func.max(history.c.submitted_at))
        .where(same_key(history, incoming, kept.key), stands(history))
        .scalar_subquery()
    )
    untimed = and_(incoming.c.again, incoming.c.latest.is_(None), incoming.c.submitted_at.is_not(None))
    connection.execute(update(incoming).where(untimed).values(latest=before))


def _found(connection: Connection, incoming: Table, which: ColumnElement[bool]) -> pd.DataFrame:
    found = connection.execute(select(incoming.c.line, incoming.c.latest).where(which)).all()
    return pd.DataFrame(found, columns=["line", "latest"]).set_index("line")


def _breach(rule: str, severity: str, field: str, rows: pd.DataFrame, found: pd.DataFrame) -> Breach:
    """Return the breach of some rows of a file, with both times of submission."""
    broken = rows.index.isin(found.index)
    told = {}
    for name, at in (("submitted", rows.loc[broken, "submitted_at"]), ("standing", found["latest"])):
        written = pd.to_datetime(at).dt.strftime("%Y-%m-%d %H:%M:%S").str.removesuffix(":00")
        told[name] = written.astype(object).reindex(rows.index)
    return Breach(rule, severity, np.asarray(broken), field, told)
