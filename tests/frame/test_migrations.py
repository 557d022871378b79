"""The migrated schema is the declared one, and only that of this release is accepted."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text, update

from queries import migrations
from queries.__main__ import main
from queries.database import engine
from queries.intake.store import ADDED_HERE, store_progress, store_targets
from queries.rollup import roll_up
from queries.schema import daily_return, metadata, progress
from tests.intake.world import settle_world
from tests.rollup.oracle import differences, expected_progress, stored_progress
from tests.rollup.staffing_oracle import stored_staffing
from tests.rollup.tree import PHASE, START, UNITS, lay_out


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


def test_figures_of_the_release_before_are_completed_when_the_schema_is_raised(database: str) -> None:
    silent, never = UNITS[1], UNITS[3]
    filed = [(unit, n) for unit in UNITS for n in range(5) if unit != never and not (unit == silent and n > 2)]
    rows = pd.DataFrame(
        {
            "phase_id": PHASE,
            "area_id": [unit for unit, _ in filed],
            "report_date": pd.to_datetime([START + timedelta(days=n) for _, n in filed]),
            "on_time": pd.array([True] * len(filed), dtype="boolean"),
            "is_nil": False,
            "hh_done": [3 * (n + 1) for _, n in filed],
        }
    )
    absent = {c.name: None for c in daily_return.c if c.name not in (*rows.columns, *ADDED_HERE)}
    frames = pd.DataFrame({"phase_id": PHASE, "area_id": UNITS, "valid_from": None, "frame_households": 40})
    frames = frames.assign(frame_persons=None, eds=None, hard_to_count=None, reason=None)
    with engine().begin() as connection:
        lay_out(connection)
        store_targets(connection, frames, 1)
        stored = store_progress(connection, rows.assign(**absent), 1, datetime(2010, 9, 30, 20))
        roll_up(connection, PHASE, stored.changed)
        connection.execute(update(progress).where(progress.c.hh_resolved.is_(None)).values(behind_hh=None))
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    migrations.migrate(engine())
    with engine().connect() as connection:
        expected = expected_progress(connection, PHASE)
        assert differences(expected, stored_progress(connection, PHASE)) == []
        carried = connection.execute(select(progress.c.resolved_carried).where(progress.c.area_id == silent)).scalars()
        assert sorted(carried) == [0, 0, 0, 9, 9]


def test_staffing_is_built_anew_by_phase_when_the_schema_is_raised(database: str, tmp_path: Path) -> None:
    settle_world(tmp_path)
    with engine().begin() as connection:
        before = stored_staffing(connection)
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    migrations.migrate(engine())
    with engine().connect() as connection:
        assert stored_staffing(connection) == before
    assert before
