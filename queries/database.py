"""The engine, from DATABASE_URL or the embedded default, and the one way to read a frame."""

from __future__ import annotations

import io
import os
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    Select,
    String,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.types import TypeEngine

from queries.schema import audit, load

EMBEDDED = Path(__file__).resolve().parent.parent / "data" / "census.db"

# Wide statements over many rows: compiling them costs more than it saves, sorting in memory pays.
POSTGRES_OPTIONS = "-c jit=off -c work_mem=128MB -c temp_buffers=128MB"

# Who waits for a lock gives up: as many seconds on either database.
LOCK_SECONDS = 10

DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg2"}

# A server that has gone without a word must not leave a page, or the wall, waiting for minutes.
PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 20_000}  # seconds, milliseconds; an address may say otherwise


def database_url() -> str:
    """Return DATABASE_URL, or the address of the embedded SQLite file."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{EMBEDDED}"


def engine() -> Engine:
    """Return the engine of the configured database; one per address and process."""
    return _engine(database_url())


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    parsed = make_url(url)
    kind, _, driver = parsed.drivername.partition("+")
    if kind not in DRIVERS or driver not in ("", DRIVERS[kind]):
        raise ArgumentError(f"no driver for {parsed.drivername}")
    parsed = parsed.set(drivername=f"{kind}+{DRIVERS[kind]}")
    if kind != "sqlite":
        patience = {name: value for name, value in PATIENCE.items() if name not in parsed.query}
        own = parsed.query.get("options", "")
        options = f"{POSTGRES_OPTIONS} -c lock_timeout={LOCK_SECONDS}s {own if isinstance(own, str) else ' '.join(own)}"
        return create_engine(parsed, pool_pre_ping=True, connect_args={"options": options, **patience})
    embedded = create_engine(parsed)
    event.listen(embedded, "connect", _prepare_sqlite)
    return embedded


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in (f"busy_timeout = {1000 * LOCK_SECONDS}", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:  # what can only be read is read
            raise


def fetch(statement: Select[Any]) -> pd.DataFrame:
    """Run a select and return its rows as a frame.

    Counts and rates come as float64 with NaN for NULL, surrogate ids as Int64, days and times as
    datetime64, truth values as the nullable boolean type, all else as Python objects.
    """
    with engine().connect() as connection:
        return fetch_on(connection, statement)


def fetch_on(connection: Connection, statement: Select[Any]) -> pd.DataFrame:
    """Run a select inside an open transaction; columns as `fetch` gives them."""
    rows = connection.execute(statement).all()
    frame = pd.DataFrame.from_records(rows, columns=[c.key for c in statement.selected_columns])
    for column in statement.selected_columns:
        if isinstance(column.type, Boolean):
            frame[column.key] = frame[column.key].astype("boolean")
        elif f"_{column.key}".endswith("_id") and not isinstance(column.type, String):
            frame[column.key] = frame[column.key].astype("Int64")
        elif isinstance(column.type, Integer | Float):
            frame[column.key] = pd.to_numeric(frame[column.key]).astype("float64")
        elif isinstance(column.type, Date | DateTime):
            frame[column.key] = pd.to_datetime(frame[column.key])
    return frame


def fetch_many(connection: Connection, statement: Select[Any]) -> pd.DataFrame:
    """Fetch hundreds of thousands of rows of counts and texts: by COPY on PostgreSQL, columns as `fetch`."""
    if connection.dialect.name != "postgresql":
        return fetch_on(connection, statement)
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    buffer = io.BytesIO()
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.copy_expert(f"COPY ({compiled}) TO STDOUT WITH (FORMAT csv)", buffer)
    buffer.seek(0)
    columns = statement.selected_columns
    kinds = {c.key: _arrow_kind(c.type) for c in columns}
    table = (
        pyarrow.csv.read_csv(
            buffer,
            pyarrow.csv.ReadOptions(column_names=list(kinds)),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=kinds, strings_can_be_null=True, true_values=["t"], false_values=["f"]
            ),
        )
        if buffer.getbuffer().nbytes
        else pa.schema(kinds.items()).empty_table()
    )
    frame = table.to_pandas()
    for column in columns:
        if f"_{column.key}".endswith("_id") and not isinstance(column.type, String):
            frame[column.key] = frame[column.key].astype("Int64")
        elif isinstance(column.type, Integer | Float):
            frame[column.key] = frame[column.key].astype("float64")
        elif isinstance(column.type, Date):
            frame[column.key] = pd.to_datetime(frame[column.key])
    return frame


def _arrow_kind(sql: TypeEngine[Any]) -> pa.DataType:
    if isinstance(sql, Integer):
        return pa.int64()
    return {Float: pa.float64(), Date: pa.date32(), Boolean: pa.bool_()}.get(type(sql), pa.string())


def state() -> str:
    """Return what keys every cache: the highest load and the highest entry of the audit."""
    loads = select(func.coalesce(func.max(load.c.id), 0)).scalar_subquery()
    entries = select(func.coalesce(func.max(audit.c.id), 0)).scalar_subquery()
    with engine().connect() as connection:
        newest_load, newest_entry = connection.execute(select(loads, entries)).one()
    return f"{newest_load}-{newest_entry}"


def data_version() -> int:
    """Return the highest load id, 0 before the first load."""
    with engine().connect() as connection:
        return int(connection.execute(select(func.coalesce(func.max(load.c.id), 0))).scalar_one())
