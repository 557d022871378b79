"""Sum the rows of reporting units up the tree, for the areas and days that a load touched."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Float,
    FromClause,
    Integer,
    MetaData,
    Numeric,
    Table,
    and_,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
)

from queries.schema import Key, area
from queries.working import FewFirst

END = date(9999, 12, 31)  # later than any day: to the last one

working = MetaData()

touched = Table(  # areas whose rows are rebuilt, each from a day on until another
    "touched",
    working,
    Column("area_id", Key, primary_key=True),
    Column("parent_id", Key),
    Column("level", Integer, nullable=False),
    Column("from_date", Date, nullable=False),
    Column("until", Date, nullable=False, server_default=END.isoformat()),  # exclusive
    Column("is_unit", Boolean, nullable=False),  # reports itself; else a sum of what is below
    Column("calendar_id", Key),
    prefixes=["TEMPORARY"],
)

TOUCHED = ["area_id", "parent_id", "level", "from_date", "is_unit"]


def with_tables(connection: Connection, *tables: Table) -> None:
    """Create the working tables of this transaction anew and empty."""
    for table in tables:
        table.drop(connection, checkfirst=True)
        table.create(connection)


def analyse(connection: Connection, table: Table) -> None:
    """Tell PostgreSQL's planner the size of a working table; SQLite needs no telling."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {table.name}"))


def sum_up(connection: Connection, table: Table, key: Column[Any], value: int | str, *, replaces: bool) -> None:
    """Rebuild the rows of all areas above the touched ones, level by level, as sums of their children.

    Parameters
    ----------
    table : Table
        `progress` or `staffing_progress`.
    key : Column
        The key column of which one value is rebuilt: phase_id of `progress`, role of `staffing_progress`,
        whose phases are summed each for itself.
    value : int or str
        The phase or the role that is rebuilt.
    replaces : bool
        Whether the table may hold rows of the days that are rebuilt.
    """
    deepest = connection.execute(select(func.max(touched.c.level))).scalar_one()
    fixed = (key.key, "area_id", "date", "parent_id", "value_date")
    apart = [c for c in table.primary_key if c.name not in fixed]  # keys whose rows are summed each for itself
    summed = [c for c in table.c if c.name not in fixed and not c.primary_key]
    names = [key.key, *(c.name for c in apart), "area_id", "date", "parent_id", "value_date", *(c.name for c in summed)]
    for level in range((deepest or 0) - 1, -1, -1):
        connection.execute(
            insert(touched).from_select(
                [*TOUCHED, "until"],
                select(
                    area.c.id,
                    area.c.parent_id,
                    area.c.level,
                    func.min(touched.c.from_date),
                    false(),
                    func.max(touched.c.until),
                )
                .join(touched, touched.c.parent_id == area.c.id)
                .where(touched.c.level == level + 1)
                .group_by(area.c.id, area.c.parent_id, area.c.level),
            )
        )
        analyse(connection, touched)
        if replaces:
            clear(connection, table, key, value, and_(~touched.c.is_unit, touched.c.level == level))
        connection.execute(
            insert(table).from_select(
                names,
                select(
                    literal(value, key.type),
                    *apart,
                    table.c.parent_id,
                    table.c.date,
                    touched.c.parent_id,
                    func.min(table.c.value_date),
                    *(settled(func.sum(c)) if isinstance(c.type, Float) else func.sum(c) for c in summed),
                )
                .select_from(FewFirst(touched, table, touched.c.area_id == table.c.parent_id))
                .where(touched.c.level == level, key == value, _rebuilt(table))
                .group_by(*apart, table.c.parent_id, table.c.date, touched.c.parent_id),
            )
        )


def clear(
    connection: Connection,
    table: Table,
    key: Column[Any],
    value: int | str,
    which: ColumnElement[bool],
) -> None:
    """Delete the rows that are to be rebuilt of the touched areas of one sort."""
    outdated = table.alias("outdated")
    keys = (
        select(outdated.c[key.key], outdated.c.area_id, outdated.c.date)
        .select_from(FewFirst(touched, outdated, touched.c.area_id == outdated.c.area_id))
        .where(which, outdated.c[key.key] == value, _rebuilt(outdated))
    )
    connection.execute(delete(table).where(tuple_(key, table.c.area_id, table.c.date).in_(keys)))


def _rebuilt(table: FromClause) -> ColumnElement[bool]:
    """Return whether a row joined to its touched area is of the days that are rebuilt."""
    return and_(table.c.date >= touched.c.from_date, table.c.date < touched.c.until)


def settled(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a fraction to a millionth: sums of such are the same to the last bit in whatever order they are added."""
    return cast(func.round(cast(amount, Numeric), 6), Float)


def at_least_zero(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return max(0, amount) in SQL that both databases know; NULL stays NULL."""
    return case((amount < 0, 0), else_=amount)
