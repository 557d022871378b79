"""What each load said of areas, the calendar, boundaries and settings: the newest of a load not undone holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Date, Select, Table, Time, func, insert, select

from queries.loads import undone
from queries.schema import basis_version


@dataclass(frozen=True)
class Said:
    """What a load said of one subject.

    Attributes
    ----------
    key : str
        Its natural key: an area's path, a phase's code, both joined by a blank, a setting's key.
    subject_id : int or None
        The id that the subject has or, where it is gone, had.
    content : Any
        What holds: the columns that a list or a form gives, a geometry, a value.
    load_id : int or None
        The load; None for what stood before this was kept.
    number : int
        Rises with every saying.
    """

    key: str
    subject_id: int | None
    content: Any
    load_id: int | None = None
    number: int = 0


def record(connection: Connection, subject: str, said: Iterable[Said], load_id: int) -> None:
    """Keep what a load says, also where that is nothing new: undoing an earlier load must not take it away."""
    rows = [
        {"subject": subject, "key": s.key, "subject_id": s.subject_id, "content": s.content, "load_id": load_id}
        for s in said
    ]
    if rows:
        connection.execute(insert(basis_version), rows)


def standing(connection: Connection, subject: str, keys: Select[Any] | None = None) -> dict[str, Said]:
    """Return what holds of each subject, all of them or some, by key."""
    table = basis_version
    newest = select(func.max(table.c.id)).where(table.c.subject == subject, _stands()).group_by(table.c.key)
    if keys is not None:
        newest = newest.where(table.c.key.in_(keys))
    columns = (table.c.key, table.c.subject_id, table.c.content, table.c.load_id, table.c.id)
    found = connection.execute(select(*columns).where(table.c.id.in_(newest)))
    return {row.key: Said(*row) for row in found}


def first_said(connection: Connection, subject: str) -> dict[str, int]:
    """Return the number of the first saying of each subject that stands: an area keeps its place in the order."""
    table = basis_version
    first = select(table.c.key, func.min(table.c.id)).where(table.c.subject == subject, _stands()).group_by(table.c.key)
    return {key: number for key, number in connection.execute(first)}


def said_by(connection: Connection, subject: str, load_id: int) -> dict[str, Said]:
    """Return what a load said of each subject, by key."""
    table = basis_version
    columns = (table.c.key, table.c.subject_id, table.c.content, table.c.load_id, table.c.id)
    found = connection.execute(select(*columns).where(table.c.subject == subject, table.c.load_id == load_id))
    return {row.key: Said(*row) for row in found}


def former_ids(connection: Connection, subject: str) -> dict[str, int]:
    """Return the id that each subject has or had, by key: one that comes back gets its own again."""
    table = basis_version
    newest = select(func.max(table.c.id)).where(table.c.subject == subject).group_by(table.c.key)
    found = connection.execute(select(table.c.key, table.c.subject_id).where(table.c.id.in_(newest)))
    return {key: subject_id for key, subject_id in found if subject_id is not None}


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of columns as JSON can hold them."""
    return {name: _plain(value) for name, value in values.items()}


def typed(table: Table, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `plain` made as the values of a table's columns."""
    read: dict[type, Any] = {Date: date.fromisoformat, Time: time.fromisoformat}
    return {
        name: value if value is None else read.get(type(table.c[name].type), lambda same: same)(value)
        for name, value in content.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return value
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _stands() -> Any:
    return basis_version.c.load_id.is_(None) | basis_version.c.load_id.not_in(undone())
