"""What is wrong with the database, its server or the disk: one reason for each fault, and what to do about it."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import Final

import psycopg2
from alembic.util import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, TimeoutError

from queries.database import database_url
from queries.intake.reading import UnreadableError

DATABASE_FAULTS: Final = (SQLAlchemyError, psycopg2.Error, sqlite3.Error)
FAULTS: Final = (*DATABASE_FAULTS, CommandError, OSError)
MIGRATE: Final = "python -m queries migrate"
FORMS_OF_ADDRESS: Final = "sqlite:////folder/census.db, postgresql+psycopg2://account:password@server/database"
LITTLE: Final = 2**16  # bytes left on a disk that is as good as full

OF_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "database_busy",
    sqlite3.SQLITE_LOCKED: "database_busy",
    sqlite3.SQLITE_READONLY: "database_read_only",
    sqlite3.SQLITE_FULL: "database_full",
    sqlite3.SQLITE_IOERR: "database_disk",
    sqlite3.SQLITE_CANTOPEN: "database_not_opened",
    sqlite3.SQLITE_NOTADB: "not_a_database",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_PERM: "database_privileges",
}
OF_POSTGRESQL: Final = {  # by SQLSTATE, or by its class
    "55P03": "database_busy",
    "40P01": "database_busy",
    "40001": "database_busy",
    "25006": "database_read_only",
    "53100": "database_full",
    "53300": "database_connections",
    "58030": "database_disk",
    "42501": "database_privileges",
    "57P01": "database_starting",
    "57P02": "database_starting",
    "57P03": "database_starting",
    "28": "database_login",
    "3D000": "database_missing",
    "08": "database_unreachable",
}
ON_CONNECTING: Final = (  # libpq gives no code before there is a connection: its words, the most particular first
    ("password authentication failed", "database_login"),
    ("no password supplied", "database_login"),
    ("pg_hba.conf", "database_login"),
    ("too many connections", "database_connections"),
    ("too many clients", "database_connections"),
    ("remaining connection slots", "database_connections"),
    ("permission denied for database", "database_privileges"),
    ("the database system is", "database_starting"),
    ("starting up", "database_starting"),
    ("shutting down", "database_starting"),
    ("administrator command", "database_starting"),
    ("does not accept connections", "database_missing"),
    ('role "', "database_login"),
    ('database "', "database_missing"),
    ("could not translate host name", "database_unreachable"),
    ("connection refused", "database_unreachable"),
    ("timeout expired", "database_unreachable"),
    ("no route to host", "database_unreachable"),
    ("network is unreachable", "database_unreachable"),
    ("no such file or directory", "database_unreachable"),
    ("server closed the connection", "database_unreachable"),
    ("connection already closed", "database_unreachable"),
    ("could not receive data", "database_unreachable"),
    ("could not send data", "database_unreachable"),
    ("connection timed out", "database_unreachable"),
    ("invalid connection option", "database_address"),
    ("invalid port", "database_address"),
    ("invalid integer value", "database_address"),
)


def reason(error: BaseException) -> UnreadableError:
    """Return the reason of a fault as intake words it; of one without a name, what the database itself reports."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = " ".join(str(cause).split()) or type(cause).__name__
    match cause:
        case sqlite3.Error():
            rule = _of_sqlite(cause)
        case psycopg2.Error():
            rule = _of_postgresql(cause, said.lower())
        case TimeoutError():
            rule = "database_connections"
        case ArgumentError():
            rule = "database_address"
        case ConnectionError():
            rule = "database_unreachable"
        case OSError():
            return _of_file(cause)
        case _:
            rule = "database_fault"
    return UnreadableError(rule, said=said, **_place())


def _of_sqlite(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    rule = OF_SQLITE.get(code, "database_fault")
    if rule not in ("database_not_opened", "database_disk"):
        return rule
    folder = Path(str(_place()["file"])).resolve().parent
    if not folder.is_dir():
        return "database_no_folder"
    return "database_full" if shutil.disk_usage(folder).free < LITTLE else rule


def _of_postgresql(error: psycopg2.Error, said: str) -> str:
    code = error.pgcode
    if code is not None:
        return OF_POSTGRESQL.get(code) or OF_POSTGRESQL.get(code[:2]) or "database_fault"
    return next((rule for words, rule in ON_CONNECTING if words in said), "database_fault")


def _of_file(error: OSError) -> UnreadableError:
    file, said = error.filename or "—", error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return UnreadableError("disk_full", file=file)
    return UnreadableError("file_not_written", file=file, said=said)


def _place() -> dict[str, object]:
    """Return where the configured database is, as messages say it; never its password."""
    known: dict[str, object] = {"command": MIGRATE, "forms": FORMS_OF_ADDRESS}
    try:
        address = make_url(database_url())
    except ArgumentError:
        return {**known, "file": "—", "folder": "—", "server": "—", "name": "—"}
    server = f"{address.host or 'localhost'}:{address.port or 5432}"
    file = address.database or "—"
    return {**known, "file": file, "folder": Path(file).parent, "server": server, "name": file}
