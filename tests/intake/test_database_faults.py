"""Faults of the database, its server, its locks and the disk: one line that says the true reason, nothing changed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy import create_engine, event, make_url, select, text
from sqlalchemy.exc import OperationalError, TimeoutError

from dashboard.desk import days
from queries import database, migrations
from queries.__main__ import main
from queries.database import engine
from queries.faults import reason
from queries.intake.findings import LOCALES, explain_problem
from queries.intake.messages import MESSAGES
from queries.intake.take_in import take_in
from queries.intake.undo import undo
from queries.schema import load
from queries.wording import translations
from tests.intake.world import NOW, benchmark, everything, progress, settle_world, write
from tests.pages.conftest import opened
from tests.pages.test_intake import bring

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "zh_Hans", "zh_Hant")
DATABASE_RULES = {
    "database_busy", "database_full", "database_read_only", "database_no_folder", "database_not_opened",
    "not_a_database", "database_damaged", "database_disk", "database_unreachable", "database_starting",
    "database_login", "database_missing", "database_connections", "database_privileges", "database_address",
    "database_fault", "schema_missing", "schema_older", "schema_newer", "disk_full", "file_not_written",
}  # fmt: skip
READING = {
    "settings": ["settings"],
    "one setting": ["settings", "small_frame"],
    "template": ["template", "--form", "progress", "--area", "101", "--date", "2010-09-22"],
    "match a file": ["match", "FILE"],
}
WRITING = {
    "load": ["load", "FILE"],
    "load --check": ["load", "--check", "FILE"],
    "undo": ["undo", "4"],
    "undo --check": ["undo", "4", "--check"],
    "match a code": ["match", "4711", "10101"],
    "set": ["settings", "staff.reserve_share", "0.06"],
    "rebuild": ["rebuild"],
}
COMMANDS = {**READING, **WRITING, "demo": ["demo", "--if-empty"]}


@pytest.fixture
def world(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settle the small district on either database; commands speak Chinese and work in a folder of theirs."""
    return _settled(tmp_path, monkeypatch)


@pytest.fixture
def embedded(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settle the small district in a file."""
    return _settled(tmp_path, monkeypatch)


def _settled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settle_world(folder / "world")
    write(folder, [progress(6)], "file")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up waiting for a lock at once: that it is 10 seconds otherwise is tested by itself."""
    monkeypatch.setattr(database, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrations, "WAIT_SECONDS", 1)
    monkeypatch.setattr(migrations, "LOCK", uuid.uuid4().int % 2**31)
    _forget_engines()


def _forget_engines() -> None:
    database.engine().dispose()
    database._engine.cache_clear()


@contextmanager
def pointed(monkeypatch: pytest.MonkeyPatch, url: str) -> Iterator[None]:
    """Point the program at another address for a while."""
    with monkeypatch.context() as other:
        other.setenv("DATABASE_URL", url)
        database._engine.cache_clear()
        yield
    database._engine.cache_clear()


def begins(rule: str, language: str = "zh_Hans") -> str:
    """Return how the sentence for a rule begins, up to its first value."""
    return translations(language, LOCALES, "intake").gettext(MESSAGES[rule]).partition("{")[0].strip("`")


def fails(command: list[str], rule: str, capfd: pytest.CaptureFixture[str]) -> str:
    """Run a command that must fail for a reason, in one line of Chinese."""
    capfd.readouterr()
    assert main(command) == 1, command
    captured = capfd.readouterr()
    said = [line for line in (captured.out + captured.err).splitlines() if line.strip() and "\r" not in line]
    assert len(said) == 1, said
    assert begins(rule) in said[0], said
    assert "Traceback" not in said[0]
    return said[0]


def of_file(command: list[str], folder: Path) -> list[str]:
    return [str(folder / "file.csv") if part == "FILE" else part for part in command]


# the file of an embedded database


def garbage(folder: Path) -> str:
    (folder / "garbage.db").write_bytes(os.urandom(20_000))
    return f"sqlite:///{folder / 'garbage.db'}"


def text_file(folder: Path) -> str:
    (folder / "notes.db").write_text("人口普查 " * 500)
    return f"sqlite:///{folder / 'notes.db'}"


def a_folder(folder: Path) -> str:
    (folder / "database").mkdir()
    return f"sqlite:///{folder / 'database'}"


def no_folder(folder: Path) -> str:
    return f"sqlite:///{folder / 'none' / 'at all' / 'census.db'}"


def damaged(folder: Path) -> str:
    """Return a copy whose pages after the first are overwritten."""
    with engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray((folder / "census.db").read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    (folder / "damaged.db").write_bytes(content)
    return f"sqlite:///{folder / 'damaged.db'}"


FILES: dict[str, tuple[Callable[[Path], str], str]] = {
    "garbage": (garbage, "not_a_database"),
    "text": (text_file, "not_a_database"),
    "folder": (a_folder, "database_not_opened"),
    "no folder": (no_folder, "database_no_folder"),
    "damaged": (damaged, "database_damaged"),
    "no address": (lambda _folder: "census", "database_address"),
    "another kind": (lambda _folder: "mysql://account@server/census", "database_address"),
    "another driver": (lambda _folder: "postgresql+asyncpg://account@server/census", "database_address"),
}


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
    _forget_engines()

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


# the schema


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "schema_newer"),
        ("UPDATE alembic_version SET version_num = '0001'", "schema_older"),
        ("DELETE FROM alembic_version", "schema_missing"),
    ],
)
def test_a_schema_of_another_release_is_refused_by_every_command(
    world: Path, capfd: pytest.CaptureFixture[str], statement: str, rule: str
) -> None:
    with engine().begin() as connection:
        connection.execute(text(statement))
    before = everything()
    for command in COMMANDS.values():
        fails(of_file(command, world), rule, capfd)
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


# locks


@contextmanager
def held() -> Iterator[None]:
    """Hold what a load needs, as another load does that has not ended."""
    with engine().connect() as holding:
        if engine().dialect.name == "sqlite":
            holding.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            holding.execute(text("LOCK TABLE load IN EXCLUSIVE MODE"))
        yield
        holding.rollback()


def test_who_waits_for_another_load_gives_up_and_says_so(
    world: Path, impatient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    before = everything()
    with held():
        for name in ("load", "load --check", "undo", "undo --check", "set", "rebuild"):
            fails(of_file(WRITING[name], world), "database_busy", capfd)
    assert everything() == before
    assert main(["load", str(world / "file.csv")]) == 0


def test_the_wait_is_ten_seconds_on_either_database(world: Path) -> None:
    with engine().connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000
        else:
            assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "10s"


def test_of_two_loads_of_one_file_at_once_one_stores_and_one_says_so(world: Path) -> None:
    path = write(world, [progress(6), progress(7)], "same")
    for turn in range(3):
        rows = [progress(6 + turn), progress(7 + turn)]
        path = write(world, rows, f"same-{turn}")
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
    world: Path, impatient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    with engine().connect() as holding:
        if engine().dialect.name == "sqlite":
            holding.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            holding.execute(text(f"SELECT pg_advisory_xact_lock({migrations.LOCK})"))
        fails(["migrate"], "database_busy", capfd)
        holding.rollback()
    assert main(["migrate"]) == 0


# the server


def administer(server: str, *statements: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()


@pytest.fixture
def server(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, str, str]]:
    """Yield a migrated database of the server, an account that owns nothing, and the name of the database."""
    template, name = request.getfixturevalue("postgresql_template"), f"census_{uuid.uuid4().hex[:12]}"
    role = f"reader_{uuid.uuid4().hex[:8]}"
    administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {template}", f"CREATE ROLE {role} LOGIN")
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False), role, name
    administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {role}")


def elsewhere(url: str, **parts: Any) -> str:
    """Return an address with some of its parts changed; where it names a socket, over the network."""
    changed = make_url(url)
    if "host" in parts:
        changed = changed.difference_update_query(["host", "port"])
    return changed.set(**parts).render_as_string(hide_password=False)


def test_every_command_says_what_is_wrong_with_the_server(
    server: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, role, _name = server
    write(tmp_path, [progress(6)], "file")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    addresses = {
        elsewhere(url, host="127.0.0.1", port=9): "database_unreachable",
        elsewhere(url, host="no-such-server.invalid", port=5432): "database_unreachable",
        elsewhere(url, database="no_such_database"): "database_missing",
        elsewhere(url, username="nobody_of_this_name"): "database_login",
        elsewhere(url, username=role): "database_privileges",
    }
    for address, rule in addresses.items():
        with pointed(monkeypatch, address):
            for command in (*COMMANDS.values(), ["migrate"]):
                said = fails(of_file(command, tmp_path), rule, capfd)
                assert "占用" not in said
    administer(url, f"ALTER ROLE {role} CONNECTION LIMIT 0")
    with pointed(monkeypatch, elsewhere(url, username=role)):
        for command in (*COMMANDS.values(), ["migrate"]):
            fails(of_file(command, tmp_path), "database_connections", capfd)


def test_a_standby_is_read_but_not_written(
    server: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, _role, name = server
    with pointed(monkeypatch, url):
        folder = _settled(tmp_path, monkeypatch)
        before = everything()
        administer(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        _forget_engines()
        for command in READING.values():
            assert main(of_file(command, folder)) == 0, command
        for command in WRITING.values():
            fails(of_file(command, folder), "database_read_only", capfd)
        assert everything() == before
        _forget_engines()


def test_an_account_that_may_read_but_not_write(
    server: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, role, _name = server
    with pointed(monkeypatch, url):
        folder = _settled(tmp_path, monkeypatch)
        before = everything()
        engine().dispose()
    administer(url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    with pointed(monkeypatch, elsewhere(url, username=role)):
        for command in READING.values():
            assert main(of_file(command, folder)) == 0, command
        for command in WRITING.values():
            fails(of_file(command, folder), "database_privileges", capfd)
        engine().dispose()
    with pointed(monkeypatch, url):
        assert everything() == before
        engine().dispose()


def test_a_server_that_stops_in_the_middle_of_a_load(
    server: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _role, name = server
    with pointed(monkeypatch, url):
        folder = _settled(tmp_path, monkeypatch)
        before = everything()

        def stop(step: str) -> None:
            if step == "storing":
                others = f"datname = '{name}' AND pid <> pg_backend_pid()"
                administer(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

        receipt = take_in(folder / "file.csv", now=NOW, step=stop)
        assert receipt.problem is not None
        assert receipt.problem.rule in ("database_starting", "database_unreachable")
        assert everything() == before
        assert take_in(folder / "file.csv", now=NOW).result == "stored"
        engine().dispose()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ('FATAL:  password authentication failed for user "census"', "database_login"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "census", database "census"', "database_login"),
        ("fe_sendauth: no password supplied", "database_login"),
        ("FATAL:  sorry, too many clients already", "database_connections"),
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER", "database_connections"),
        ("FATAL:  the database system is starting up", "database_starting"),
        ("FATAL:  the database system is shutting down", "database_starting"),
        ("timeout expired", "database_unreachable"),
        ("server closed the connection unexpectedly", "database_unreachable"),
        ('connection to server at "10.0.0.1", port 5432 failed: No route to host', "database_unreachable"),
        ('invalid integer value "x" for connection option "port"', "database_address"),
        ("something that nobody has seen before", "database_fault"),
    ],
)
def test_what_a_server_says_before_there_is_a_connection(words: str, rule: str) -> None:
    problem = reason(OperationalError("SELECT 1", {}, psycopg2.OperationalError(words)))
    assert problem.rule == rule
    said = [explain_problem(problem, language) for language in LANGUAGES]
    assert len(set(said)) == 3
    assert all("{" not in text and "\n" not in text for text in said)
    assert rule != "database_fault" or all(words in text for text in said)


def test_all_connections_of_the_program_in_use() -> None:
    assert reason(TimeoutError("QueuePool limit of size 5 overflow 10 reached")).rule == "database_connections"


def test_no_message_shows_a_password(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://census:geheim-4711@127.0.0.1:9/census")
    database._engine.cache_clear()
    assert main(["rebuild"]) == 1
    assert "geheim-4711" not in "".join(capfd.readouterr())
    database._engine.cache_clear()


# the page


@pytest.mark.parametrize("kind", ["garbage", "folder", "no folder", "damaged", "no address"])
@pytest.mark.parametrize("tag", ["en", "zh-Hans", "zh-Hant"])
def test_the_page_says_what_is_wrong_with_the_file(
    embedded: Path, monkeypatch: pytest.MonkeyPatch, kind: str, tag: str
) -> None:
    make, rule = FILES[kind]
    with pointed(monkeypatch, make(embedded)):
        app = opened("intake", lang=tag)
        assert len(app.warning) == 1
        assert begins(rule, tag.replace("-", "_")) in app.warning[0].value
        assert [button.key for button in app.button] == ["try-again"]


def test_the_page_of_a_file_that_can_only_be_read_shows_figures_and_stores_nothing(
    embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    with pointed(monkeypatch, f"sqlite:///file:{embedded / 'census.db'}?mode=ro&uri=true"):
        assert len(opened("completion").title) == 1, "the page is drawn"
        app = bring(opened("intake", lang="en"), ("日报.csv", (embedded / "file.csv").read_bytes()))
        assert any(begins("database_read_only", "en") in error.value for error in app.error)
        assert not [button for button in app.button if (button.key or "").startswith("store-")]
    assert everything() == before


def test_storing_from_the_page_behind_another_load_says_so_and_keeps_the_file(embedded: Path, impatient: None) -> None:
    app = bring(opened("intake", lang="en"), ("日报.csv", (embedded / "file.csv").read_bytes()))
    with held():
        next(button for button in app.button if (button.key or "").startswith("store-")).click().run()
        assert [error.value for error in app.exception] == []
        assert any("gave up" in error.value and "日报.csv" in error.value for error in app.error)
    app.run()
    assert any((button.key or "").startswith("aside-") for button in app.button), "the file still waits"


def test_what_a_button_could_not_do_is_said_by_the_page_that_follows(
    embedded: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError("SELECT 1", {}, psycopg2.OperationalError("server closed the connection unexpectedly"))

    app = bring(opened("intake", lang="en"), ("日报.csv", (embedded / "file.csv").read_bytes()))
    monkeypatch.setattr(days, "follow", gone)
    next(button for button in app.button if (button.key or "").startswith("store-")).click().run()
    assert [error.value for error in app.exception] == []
    assert any("cannot be reached" in error.value for error in app.error)


def test_a_newer_schema_is_not_called_an_older_one_on_screen(embedded: Path) -> None:
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for tag, name in (("zh-Hans", "zh_Hans"), ("en", "en")):
        app = opened("intake", lang=tag)
        assert len(app.warning) == 1
        assert "9999" in app.warning[0].value, name


def test_a_load_of_an_impossible_number_is_no_load(world: Path) -> None:
    for number in (10**30, 2**63, 0, -1):
        problem = undo(number).problem
        assert problem is not None
        assert problem.rule == "no_such_load"
