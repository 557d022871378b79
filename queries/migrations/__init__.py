"""Bring a database to the schema of this release, and tell which one it has (Alembic)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from queries.intake.take_in import rebuild_on

FOLDER = Path(__file__).resolve().parent


def migrate(engine: Engine) -> None:
    """Upgrade the database to the newest revision, in one transaction.

    Rolled-up rows are built anew where a revision on the way asks for it (`REBUILD`): only the newest
    schema is one that the program can roll up.
    """
    before = current(engine)
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if before is not None and before != head():
            passed = ScriptDirectory.from_config(config).iterate_revisions("head", before)
            if any(getattr(script.module, "REBUILD", False) for script in passed):
                rebuild_on(connection)


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
