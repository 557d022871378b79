"""Faults of the database's file, the disk and the schema: one line that says the true reason, nothing changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from queries.__main__ import main
from queries.database import engine
from queries.intake.undo import undo
from tests.intake.faults import (
    COMMANDS,
    FILES,
    READING,
    WRITING,
    begins,
    fails,
    forget_engines,
    no_folder,
    of_file,
    pointed,
)
from tests.intake.world import benchmark, everything, write

ROOT = Path(__file__).resolve().parents[2]


LANGUAGES = ("en", "zh_Hans", "zh_Hant")


DATABASE_RULES = {
    "database_busy", "database_full", "database_read_only", "database_no_folder", "database_not_opened",
    "not_a_database", "database_damaged", "database_disk", "database_unreachable", "database_starting",
    "database_login", "database_missing", "database_connections", "database_privileges", "database_address",
    "database_fault", "schema_missing", "schema_older", "schema_newer", "disk_full", "file_not_written",
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_every_command_says_what_is_wrong_with_the_file(
    embedded: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    make, rule = FILES[kind]
    before = sorted(path.name for path in embedded.iterdir())
    url = make(embedded)
    made = set(path.name for path in embedded.iterdir()) - set(before)
    with pointed(monkeypatch, url):
        for command in COMMANDS.values():
            fails(of_file(command, embedded), rule, capfd)
        if kind != "no folder":
            fails(["migrate"], rule, capfd)
        assert main(["calendar", "yuhuatai-2010"]) == 0, "it asks no database"
        left = {path.name.partition(".db-")[0] for path in embedded.iterdir()} - {"census"}
        assert left <= {name.removesuffix(".db") for name in {*before, *made}} | {*before, *made}, "nothing is made"


def test_migrating_makes_the_folder_and_says_where_it_cannot(
    embedded: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with pointed(monkeypatch, no_folder(embedded)):
        assert main(["migrate"]) == 0
        assert main(["settings"]) == 0
    with pointed(monkeypatch, f"sqlite:///{embedded / 'file.csv' / 'census.db'}"):
        fails(["migrate"], "file_not_written", capfd)
        fails(["rebuild"], "database_no_folder", capfd)


def test_a_file_that_can_only_be_read_is_read_but_not_written(
    embedded: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = everything()
    with pointed(monkeypatch, f"sqlite:///file:{embedded / 'census.db'}?mode=ro&uri=true"):
        for command in READING.values():
            assert main(of_file(command, embedded)) == 0, command
        for command in WRITING.values():
            fails(of_file(command, embedded), "database_read_only", capfd)
        assert main(["migrate"]) == 0, "there is nothing to be done"
    assert everything() == before


def test_a_full_database_takes_nothing_in_and_says_so(
    embedded: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    forget_engines()

    def full(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine(), "connect", full)
    before = everything()
    rows = [benchmark(indicator="hukou", area_code="10201", concept_note="说明" * 90, cutoff_at=f"2010-{m:02}-{d:02}")
            for m in range(1, 9) for d in range(1, 28)]  # fmt: skip
    path = write(embedded, rows, "many")
    fails(["load", str(path)], "database_full", capfd)
    assert everything() == before


def test_a_limit_on_the_disk_is_not_taken_for_a_lock(embedded: Path, sqlite_database: str) -> None:
    before = everything()
    rows = [benchmark(area_code="10201", concept_note="说明" * 90, cutoff_at=f"2010-{m:02}-{d:02}")
            for m in range(1, 9) for d in range(1, 28)]  # fmt: skip
    path = write(embedded, rows, "many")
    engine().dispose()
    blocks = max(1, (embedded / "census.db").stat().st_size // 1024 // 8)  # bash counts in 1024 bytes
    limited = f"ulimit -f {blocks}; exec {sys.executable} -m queries load {path}"
    done = subprocess.run(
        ["bash", "-c", limited], cwd=ROOT, env={**os.environ, "DATABASE_URL": sqlite_database},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert begins("database_disk") in done.stdout + done.stderr or begins("database_full") in done.stdout + done.stderr
    assert everything() == before


def test_a_file_that_cannot_be_written_is_named(embedded: Path, capfd: pytest.CaptureFixture[str]) -> None:
    template = READING["template"]
    assert main([*template, "-o", "/none/at/all.xlsx"]) == 1
    assert "/none/at/all.xlsx 无法打开或写入" in capfd.readouterr().err
    fails([*template, "-o", "/dev/full"], "disk_full", capfd)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "schema_newer"),
        ("UPDATE alembic_version SET version_num = '0001'", "schema_older"),
        ("DELETE FROM alembic_version", "schema_missing"),
    ],
)
def test_a_schema_of_another_release_is_refused_by_every_command(
    both: Path, capfd: pytest.CaptureFixture[str], statement: str, rule: str
) -> None:
    with engine().begin() as connection:
        connection.execute(text(statement))
    before = everything()
    for command in COMMANDS.values():
        fails(of_file(command, both), rule, capfd)
    if rule == "schema_newer":
        fails(["migrate"], rule, capfd)
        fails(["migrate", "--demo"], rule, capfd)
    assert everything() == before


def test_a_database_without_tables_says_what_to_run(
    embedded: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with pointed(monkeypatch, f"sqlite:///{embedded / 'new.db'}"):
        for command in COMMANDS.values():
            assert "python -m queries migrate" in fails(of_file(command, embedded), "schema_missing", capfd)


def test_a_load_of_an_impossible_number_is_no_load(both: Path) -> None:
    for number in (10**30, 2**63, 0, -1):
        problem = undo(number).problem
        assert problem is not None
        assert problem.rule == "no_such_load"
