"""Bring a database to the schema of this release, and tell which one it has (Alembic)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from queries.faults import MIGRATE
from queries.intake.reading import UnreadableError
from queries.intake.take_in import rebuild_on

FOLDER = Path(__file__).resolve().parent
LOCK = 20101101  # the number that migrations of this program share among advisory locks
WAIT_SECONDS = 300


def migrate(engine: Engine) -> None:
    """Upgrade the database to the newest revision, in one transaction and alone.

    Of several that are begun at once, each waits for the one before and finds its work done. Rolled-up rows are
    built anew where a revision on the way asks for it (`REBUILD`): only the newest schema is one that the program
    can roll up.

    Raises
    ------
    UnreadableError
        When the database is of a newer release.
    """
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection:
        _alone(connection)
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is not None and not known(revision):
            raise UnreadableError("schema_newer", revision=revision)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if revision is not None and revision != head():
            passed = ScriptDirectory.from_config(config).iterate_revisions("head", revision)
            if any(getattr(script.module, "REBUILD", False) for script in passed):
                rebuild_on(connection)
        connection.commit()


def _alone(connection: Connection) -> None:
    """Begin a transaction that waits for another migration; for what else holds a table, as long as any other."""
    if connection.dialect.name == "sqlite":
        usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {1000 * WAIT_SECONDS}")
        try:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")
        return
    usual = connection.execute(text("SHOW lock_timeout")).scalar_one()
    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    connection.execute(text(f"SET LOCAL lock_timeout = '{usual}'"))


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at; None when it has no tables yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """Return the revision that this release needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def schema_fault(engine: Engine) -> UnreadableError | None:
    """Return why the database cannot be used as it is; None when its schema is this release's."""
    revision = current(engine)
    if revision == head():
        return None
    rule = "schema_missing" if revision is None else "schema_older" if known(revision) else "schema_newer"
    return UnreadableError(rule, revision=revision, command=MIGRATE)


def known(revision: str) -> bool:
    """Return whether a revision belongs to this release; one of a newer release does not."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
