"""Bring a database to the schema of this release, and tell which one it has (Alembic)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, select

from queries import calendar
from queries.rollup import rebuild
from queries.schema import daily_return, progress

FOLDER = Path(__file__).resolve().parent


def migrate(engine: Engine) -> None:
    """Upgrade the database to the newest revision, in one transaction; build anew what a revision has emptied."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _refill(connection)


def _refill(connection: Connection) -> None:
    """Build the progress of every phase that has returns and no progress."""
    filled = set(connection.execute(select(progress.c.phase_id).distinct()).scalars())
    empty = set(connection.execute(select(daily_return.c.phase_id).distinct()).scalars()) - filled
    if empty:
        calendar.lay_out_days(connection)
    for phase_id in sorted(empty):
        rebuild(connection, phase_id)


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


def known(revision: str) -> bool:
    """Return whether a revision belongs to this release; one of a newer release does not."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
