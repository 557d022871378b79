"""Who waits for another gives up and says so; of several at once, each ends well."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url, select, text
from sqlalchemy.exc import OperationalError

from queries import migrations
from queries.__main__ import main
from queries.database import engine
from queries.intake.take_in import take_in
from queries.schema import load
from tests.intake.faults import WRITING, administer, fails, held, of_file
from tests.intake.world import NOW, everything, progress, write

ROOT = Path(__file__).resolve().parents[2]


def test_who_waits_for_another_load_gives_up_and_says_so(
    both: Path, impatient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    before = everything()
    with held():
        for name in ("load", "load --check", "undo", "undo --check", "set", "rebuild"):
            fails(of_file(WRITING[name], both), "database_busy", capfd)
    assert everything() == before
    assert main(["load", str(both / "file.csv")]) == 0


def test_the_wait_is_ten_seconds_on_either_database(both: Path) -> None:
    with engine().connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000
        else:
            assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "10s"


def test_of_two_loads_of_one_file_at_once_one_stores_and_one_says_so(both: Path) -> None:
    path = write(both, [progress(6), progress(7)], "same")
    for turn in range(3):
        rows = [progress(6 + turn), progress(7 + turn)]
        path = write(both, rows, f"same-{turn}")
        with ThreadPoolExecutor(4) as pool:
            receipts = list(pool.map(lambda _n, path=path: take_in(path, now=NOW), range(4)))
        results = sorted(receipt.result for receipt in receipts)
        assert results == ["stored", "unchanged", "unchanged", "unchanged"], [r.problem for r in receipts]
        stored = next(receipt.load_id for receipt in receipts if receipt.result == "stored")
        assert {receipt.seen_as for receipt in receipts} == {None, stored}
        with engine().connect() as connection:
            taken = connection.execute(select(load.c.id).where(load.c.file_name == path.name)).scalars().all()
        assert taken == [stored]


def test_three_first_migrations_at_once_all_end_well(
    request: pytest.FixtureRequest, tmp_path: Path, database_kind: str
) -> None:
    with _empty(request, tmp_path, database_kind) as url:
        environment = {**os.environ, "DATABASE_URL": url}
        begun = [
            subprocess.Popen([sys.executable, "-m", "queries", "migrate"], cwd=ROOT, env=environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _n in range(3)
        ]  # fmt: skip
        said = [process.communicate(timeout=120)[0] for process in begun]
        assert [process.returncode for process in begun] == [0, 0, 0], said
        assert said == ["", "", ""]
        made = create_engine(url)
        assert migrations.current(made) == migrations.head()
        made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def _empty(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'first' / 'census.db'}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"census_{uuid.uuid4().hex[:12]}"
    administer(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def test_a_migration_that_fails_half_way_leaves_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _empty(request, tmp_path, database_kind) as url:
        made = create_engine(url)

        def breaks(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if "CREATE TABLE meeting" in statement or "CREATE TABLE check_in" in statement:
                raise OperationalError(statement, {}, sqlite3.OperationalError("no more"))

        event.listen(made, "before_cursor_execute", breaks)
        with pytest.raises(OperationalError):
            migrations.migrate(made)
        assert migrations.current(made) is None
        event.remove(made, "before_cursor_execute", breaks)
        migrations.migrate(made)
        assert migrations.current(made) == migrations.head()
        made.dispose()


def test_a_migration_waits_for_another_and_gives_up_in_the_end(
    both: Path, impatient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    with engine().connect() as holding:
        if engine().dialect.name == "sqlite":
            holding.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            holding.execute(text(f"SELECT pg_advisory_xact_lock({migrations.LOCK})"))
        fails(["migrate"], "database_busy", capfd)
        holding.rollback()
    assert main(["migrate"]) == 0


def test_a_demonstration_that_cannot_go_on_stops_at_the_first_file(
    database: str, impatient: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    with held():
        fails(["demo"], "database_busy", capfd)
    with engine().connect() as connection:
        assert connection.execute(select(load.c.id)).all() == []
