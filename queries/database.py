"""The engine, from DATABASE_URL or the embedded default, and the one way to read a frame."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Boolean, Date, DateTime, Engine, Float, Integer, Select, create_engine, event, func, select
from sqlalchemy.engine import make_url

from queries.schema import load

EMBEDDED = Path(__file__).resolve().parent.parent / "data" / "census.db"


def database_url() -> str:
    """Return DATABASE_URL, or the address of the embedded SQLite file."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{EMBEDDED}"


def engine() -> Engine:
    """Return the engine of the configured database; one per address and process."""
    return _engine(database_url())


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    embedded = create_engine(url)
    event.listen(embedded, "connect", _prepare_sqlite)
    return embedded


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "busy_timeout = 10000"):
        connection.execute(f"PRAGMA {pragma}")


def fetch(statement: Select[Any]) -> pd.DataFrame:
    """Run a select and return its rows as a frame.

    Counts and rates come as float64 with NaN for NULL, ids as Int64, days and times as
    datetime64, truth values as the nullable boolean type, all else as Python objects.
    """
    with engine().connect() as connection:
        rows = connection.execute(statement).all()
    frame = pd.DataFrame.from_records(rows, columns=[c.key for c in statement.selected_columns])
    for column in statement.selected_columns:
        if isinstance(column.type, Boolean):
            frame[column.key] = frame[column.key].astype("boolean")
        elif column.key == "id" or column.key.endswith("_id"):
            frame[column.key] = frame[column.key].astype("Int64")
        elif isinstance(column.type, Integer | Float):
            frame[column.key] = pd.to_numeric(frame[column.key]).astype("float64")
        elif isinstance(column.type, Date | DateTime):
            frame[column.key] = pd.to_datetime(frame[column.key])
    return frame


def data_version() -> int:
    """Return the highest load id, 0 before the first load: the key of every cache."""
    with engine().connect() as connection:
        return connection.execute(select(func.coalesce(func.max(load.c.id), 0))).scalar_one()
