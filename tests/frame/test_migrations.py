"""The migrated schema is the declared one, and only that of this release is accepted."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from queries import migrations
from queries.__main__ import main
from queries.database import engine
from queries.schema import metadata


def test_the_migrated_tables_are_those_that_the_program_declares(database: str) -> None:
    with engine().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_changes_nothing(database: str) -> None:
    assert main(["migrate"]) == 0
    assert migrations.current(engine()) == migrations.head()


def test_commands_refuse_an_older_and_a_newer_database(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert main(["load", "nothing.csv"]) == 1
    assert "newer than this release" in capsys.readouterr().err
    with engine().begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert main(["demo"]) == 1
    assert "python -m queries migrate" in capsys.readouterr().err
