"""Put checked rows into the tables: new ones in, changed ones as a new version, nothing lost.

Every function works inside the caller's transaction and says what it did. A row that says and
was submitted as one that is stored already is left alone; `versions` tells which one is in force.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    Select,
    Subquery,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from queries.intake import arrival
from queries.intake.findings import Breach
from queries.intake.versions import (
    BENCHMARKS,
    CLEANUP_RETURNS,
    DAILY_RETURNS,
    QUALITY_CHECKS,
    STAFFING_RETURNS,
    Kept,
    settle,
)
from queries.loads import undone, undos
from queries.schema import target
from queries.summing import analyse, with_tables

ADDED_HERE = ("id", "received_at", "version", "load_id", "superseded_by", "first_on_time", "is_corrected")
ALWAYS = date(1900, 1, 1)  # the first version of a frame holds for every day before the next one


@dataclass(frozen=True)
class Stored:
    """What storing did.

    Attributes
    ----------
    new, corrected, unchanged : int
        Rows that were not there, that differ from what was there, and that say the same.
    changed : Subquery
        What must be rolled up: area_id, from_date and, where the returns have one, phase_id or role;
        of returns also to_date, the same day.
    stale : int
        Rows that say something else than the version in force but were submitted before it.
    written : int
        Versions that were kept, unchanged ones that were submitted at another time among them.
    breaches : list of Breach
        What only the versions kept can tell of the rows; those to be rejected were left aside.
    """

    new: int
    corrected: int
    unchanged: int
    changed: Subquery
    stale: int = 0
    written: int = 0
    breaches: list[Breach] = field(default_factory=list)


def store_progress(connection: Connection, rows: pd.DataFrame, load_id: int, received_at: datetime) -> Stored:
    """Store daily returns (form A): one row a phase, area and report_date; columns of `daily_return`."""
    return _store(connection, DAILY_RETURNS, rows, {"load_id": load_id, "received_at": received_at})


def store_staffing(connection: Connection, rows: pd.DataFrame, load_id: int, received_at: datetime) -> Stored:
    """Store staffing returns (form B): one row an area, role and report_date."""
    return _store(connection, STAFFING_RETURNS, rows, {"load_id": load_id, "received_at": received_at})


def store_benchmarks(connection: Connection, rows: pd.DataFrame, load_id: int, received_at: datetime) -> Stored:
    """Store benchmarks (form C): one row an area, indicator, source, window and cut-off."""
    return _store(connection, BENCHMARKS, rows, {"load_id": load_id, "received_at": received_at})


def store_cleanup(connection: Connection, rows: pd.DataFrame, load_id: int, received_at: datetime) -> Stored:
    """Store returns of the register clean-up (form E): one row a street, police station and report_date."""
    return _store(connection, CLEANUP_RETURNS, rows, {"load_id": load_id, "received_at": received_at})


def store_checks(connection: Connection, rows: pd.DataFrame, load_id: int, received_at: datetime) -> Stored:
    """Store quality checks (form D): one row a check number."""
    return _store(connection, QUALITY_CHECKS, rows, {"load_id": load_id, "received_at": received_at})


def store_targets(connection: Connection, rows: pd.DataFrame, load_id: int) -> Stored:
    """Store frames: a changed one becomes a new version from its valid_from on.

    Parameters
    ----------
    rows : DataFrame
        phase_id, area_id, valid_from (missing for a first frame), frame_households, frame_persons,
        eds, hard_to_count, reason.

    """
    counts = ("frame_households", "frame_persons", "eds", "hard_to_count")
    rows = rows.assign(valid_from=pd.to_datetime(rows["valid_from"]).fillna(pd.Timestamp(ALWAYS)))
    names = ("phase_id", "area_id", "valid_from", *counts, "reason", "version", "load_id")
    incoming = _incoming(target, names, names[:3])
    with_tables(connection, incoming)
    bulk_insert(connection, incoming, rows.assign(version=1, load_id=load_id))
    analyse(connection, incoming)
    current = target.alias("current")
    same_unit = and_(incoming.c.phase_id == current.c.phase_id, incoming.c.area_id == current.c.area_id)
    standing = and_(
        same_unit,
        current.c.valid_from <= incoming.c.valid_from,
        or_(current.c.valid_to.is_(None), incoming.c.valid_from < current.c.valid_to),
    )
    equal = and_(*(incoming.c[name].is_not_distinct_from(current.c[name]) for name in counts))
    unchanged = _deleted(connection, incoming, exists().where(standing, equal).select_from(current))
    versions = select(func.coalesce(func.max(current.c.version), 0) + 1).where(same_unit).scalar_subquery()
    connection.execute(update(incoming).values(version=versions))
    holds = or_(current.c.valid_to.is_(None), current.c.valid_to > current.c.valid_from)
    framed = exists().where(same_unit, holds).select_from(current)
    corrected = connection.execute(select(func.count()).select_from(incoming).where(framed)).scalar_one()
    connection.execute(insert(target).from_select(list(names), select(*incoming.c)))
    close_versions(connection, incoming)
    total = connection.execute(select(func.count()).select_from(incoming)).scalar_one()
    return Stored(total - corrected, corrected, unchanged, _changed(incoming, "phase_id", "valid_from"), written=total)


def close_versions(connection: Connection, incoming: Table) -> None:
    """Let each version of a touched frame end where the next one begins; one that was undone holds for no day."""
    later = target.alias("later")
    next_start = (
        select(func.min(later.c.valid_from))
        .where(
            later.c.phase_id == target.c.phase_id,
            later.c.area_id == target.c.area_id,
            later.c.load_id.not_in(undone()),
            or_(
                later.c.valid_from > target.c.valid_from,
                and_(later.c.valid_from == target.c.valid_from, later.c.version > target.c.version),
            ),
        )
        .scalar_subquery()
    )
    end = case((target.c.load_id.in_(undone()), target.c.valid_from), else_=next_start)
    of_touched = exists().where(incoming.c.phase_id == target.c.phase_id, incoming.c.area_id == target.c.area_id)
    connection.execute(update(target).where(of_touched).values(valid_to=end))


def _store(connection: Connection, kept: Kept, rows: pd.DataFrame, stamp: dict[str, Any]) -> Stored:
    table, history, key = kept.table, kept.history, kept.key
    names = [c.name for c in table.c if c.name not in ADDED_HERE]
    incoming = _incoming(table, (*names, "version"), key, arrival.ADDED)
    with_tables(connection, incoming)
    changed = _changed(incoming, key[0], key[-1])
    was_undone = connection.execute(undos().limit(1)).first() is not None
    if _all_later(connection, (table, history) if was_undone else (table,), rows, key):
        first = {"first_on_time": rows["on_time"], "is_corrected": False} if "is_corrected" in table.c else {}
        bulk_insert(connection, table, rows.assign(version=1, **stamp, **first))
        bulk_insert(connection, incoming, rows[list(key)])
        analyse(connection, incoming)
        return Stored(len(rows), 0, 0, changed, written=len(rows))
    bulk_insert(connection, incoming, rows.assign(version=1, line=rows.index))
    analyse(connection, incoming)
    breaches = arrival.judge(connection, kept, incoming, rows)
    unchanged = arrival.drop_unchanged(connection, kept, incoming)
    arrival.number(connection, kept, incoming)
    _insert_first(connection, table, incoming, names, stamp)
    again = select(*(incoming.c[name] for name in key)).where(incoming.c.again)
    at = dict(stamp, superseded_by=stamp["load_id"])
    connection.execute(
        insert(history).from_select([*names, "version", *at], _brought(incoming, history, names, at, incoming.c.again))
    )
    if connection.execute(again.limit(1)).first() is not None:
        settle(connection, kept, again, stamp["load_id"])
    new, corrected, stale, confirmed = arrival.count(connection, kept, incoming)
    return Stored(new, corrected, unchanged + confirmed, changed, stale, new + corrected + stale + confirmed, breaches)


def _insert_first(
    connection: Connection, table: Table, incoming: Table, names: Sequence[str], stamp: dict[str, Any]
) -> None:
    """Insert the rows of which no version is in force."""
    first = {"first_on_time": incoming.c.on_time, "is_corrected": false()} if "is_corrected" in table.c else {}
    brought = _brought(incoming, table, names, stamp, ~incoming.c.again).add_columns(*first.values())
    connection.execute(insert(table).from_select([*names, "version", *stamp, *first], brought))


def _brought(
    incoming: Table, into: Table, names: Sequence[str], stamp: dict[str, Any], which: ColumnElement[bool]
) -> Select[Any]:
    values = (literal(value, into.c[name].type) for name, value in stamp.items())
    return select(*(incoming.c[name] for name in (*names, "version")), *values).where(which)


def _all_later(connection: Connection, stored: Iterable[Table], rows: pd.DataFrame, key: Sequence[str]) -> bool:
    """Return whether every row is of a later day than any stored, so that none can be a correction."""
    if key[-1] != "report_date" or rows.empty:
        return False
    parts = rows[key[0]].unique().tolist()
    newest = [
        connection.execute(select(func.max(table.c.report_date)).where(table.c[key[0]].in_(parts))).scalar_one()
        for table in stored
    ]
    first = pd.to_datetime(rows["report_date"]).min()
    return all(day is None or pd.Timestamp(day) < first for day in newest)


def _changed(incoming: Table, part: str, day: str) -> Subquery:
    days = [incoming.c[day].label("from_date")]
    if day == "report_date":
        days.append(incoming.c[day].label("to_date"))
    return select(incoming.c[part], incoming.c.area_id, *days).subquery()


def _deleted(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(which)).rowcount


def _incoming(
    table: Table, names: Iterable[str], key: Sequence[str], more: Mapping[str, Any] = MappingProxyType({})
) -> Table:
    """Return the working table of a load; SQLite finds a stored row's new version in it by the key alone."""
    return Table(
        f"incoming_{table.name}",
        MetaData(),
        *(Column(name, table.c[name].type) for name in names),
        *(Column(name, kind) for name, kind in more.items()),
        Index(f"incoming_{table.name}_key", *key),
        prefixes=["TEMPORARY"],
    )


def bulk_insert(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    """Insert a frame whose columns are those of the table: COPY on PostgreSQL, executemany on SQLite."""
    names = [c.name for c in table.c if c.name in rows.columns]
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows, names)
        return
    values = {}
    for name in names:
        column = rows[name]
        if isinstance(table.c[name].type, Date | DateTime):
            column = _python_times(column, isinstance(table.c[name].type, Date))
        values[name] = column.astype(object).where(column.notna(), None)
    records = pd.DataFrame(values).to_dict("records")
    if records:
        connection.execute(insert(table), records)


def _python_times(column: pd.Series, as_date: bool) -> pd.Series:
    if not pd.api.types.is_datetime64_any_dtype(column):
        return column
    stamps = column.astype(object).where(column.notna(), None)
    return pd.Series(
        [None if s is None else s.date() if as_date else s.to_pydatetime() for s in stamps],
        index=column.index,
        dtype=object,
    )


ARROW: dict[type, pa.DataType] = {
    Boolean: pa.bool_(),
    Date: pa.date32(),
    DateTime: pa.timestamp("us"),
    Float: pa.float64(),
    BigInteger: pa.int64(),
    Integer: pa.int64(),
}


def _copy(connection: Connection, table: Table, rows: pd.DataFrame, names: list[str]) -> None:
    arrays = [pa.array(rows[name], type=_arrow_type(table.c[name]), from_pandas=True) for name in names]
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(
        pa.Table.from_arrays(arrays, names=names),
        buffer,
        pyarrow.csv.WriteOptions(include_header=False),
    )
    buffer.seek(0)
    driver = connection.connection.driver_connection
    assert driver is not None
    columns = ", ".join(f'"{name}"' for name in names)
    with driver.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({columns}) FROM STDIN WITH (FORMAT csv)", buffer)


def _arrow_type(column: Column[Any]) -> pa.DataType:
    return next((arrow for sql, arrow in ARROW.items() if isinstance(column.type, sql)), pa.string())
