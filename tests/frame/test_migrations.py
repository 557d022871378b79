"""The migrated schema is the declared one, and only that of this release is accepted."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text, update

from queries import migrations
from queries.__main__ import main
from queries.database import engine
from queries.intake.store import ADDED_HERE, store_progress, store_targets
from queries.rollup import roll_up
from queries.schema import (
    basis_version,
    daily_return,
    daily_return_history,
    load,
    metadata,
    phase,
    phase_area,
    progress,
)
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


def test_in_an_existing_database_a_return_is_due_on_its_working_days(database: str) -> None:
    every_day = [(unit, n) for unit in UNITS for n in range(6)]
    rows = pd.DataFrame(
        {
            "phase_id": PHASE,
            "area_id": [unit for unit, _ in every_day],
            "report_date": pd.to_datetime([START + timedelta(days=n) for _, n in every_day]),
            "on_time": pd.array([True] * len(every_day), dtype="boolean"),
            "is_nil": False,
            "hh_done": [3 * (n + 1) for _, n in every_day],
        }
    )
    absent = {c.name: None for c in daily_return.c if c.name not in (*rows.columns, *ADDED_HERE)}
    with engine().begin() as connection:
        lay_out(connection)
        stored = store_progress(connection, rows.assign(**absent), 1, datetime(2010, 9, 30, 20))
        roll_up(connection, PHASE, stored.changed)
        for table in (phase, phase_area):
            connection.execute(update(table).values(working_days=[1, 2, 3, 4, 5]))
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    migrations.migrate(engine())
    with engine().connect() as connection:
        found = connection.execute(select(phase.c.return_days, phase.c.days_off)).one()
        assert found == ([1, 2, 3, 4, 5], [])
        due = connection.execute(
            select(progress.c.date, progress.c.leaves_due, progress.c.leaves_unasked)
            .where(progress.c.area_id == 1)
            .order_by(progress.c.date)
        ).all()
        assert differences(expected_progress(connection, PHASE), stored_progress(connection, PHASE)) == []
    # The 15th of September 2010 is a Wednesday; two units begin a day later.
    assert [tuple(row)[1:] for row in due] == [(4, 0), (6, 0), (6, 0), (0, 6), (0, 6), (6, 0)]


def test_what_an_undo_of_the_release_before_copied_stands_as_the_version_itself(database: str) -> None:
    """Up to then an undo put a copy of the version before in force, as a version of its own."""
    said = {"phase_id": PHASE, "area_id": 3, "report_date": START, "is_nil": False}
    at = {"received_at": datetime(2010, 9, 15, 20)}
    undo_of = {"loaded_at": datetime(2010, 9, 16), "result": "undone", "simulated": False}
    with engine().begin() as connection:
        lay_out(connection)
        connection.execute(
            insert(load), [{**undo_of, "id": 2, "kind": "progress"}, {**undo_of, "id": 3, "kind": "undo"}]
        )
        connection.execute(update(load).where(load.c.id == 3).values(supersedes=2))
        copy = {**said, **at, "hh_done": 5, "on_time": True, "version": 3, "load_id": 3}
        connection.execute(insert(daily_return), copy)
        first = {**said, **at, "hh_done": 5, "on_time": True, "version": 1, "load_id": 1, "superseded_by": 2}
        wrong = {**first, "hh_done": 9, "version": 2, "load_id": 2, "superseded_by": 3}
        connection.execute(insert(daily_return_history), [first, wrong])
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    migrations.migrate(engine())
    with engine().connect() as connection:
        columns = ("hh_done", "version", "load_id", "first_on_time", "is_corrected")
        (standing,) = connection.execute(select(*(daily_return.c[name] for name in columns)))
        left = connection.execute(select(daily_return_history.c.hh_done, daily_return_history.c.load_id)).all()
        basis = connection.execute(select(basis_version.c.key, basis_version.c.load_id)).all()
    assert tuple(standing) == (5, 1, 1, True, False)
    assert [tuple(row) for row in left] == [(9, 2)]
    assert {("/3", None), ("sweep", None), ("sweep /6", None)} <= {tuple(row) for row in basis}


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
