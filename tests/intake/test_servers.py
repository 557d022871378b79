"""Faults of a database server: one line that says the true reason, from every command, nothing changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, TimeoutError

from queries import database
from queries.__main__ import main
from queries.database import engine
from queries.faults import reason
from queries.intake.findings import explain_problem
from queries.intake.take_in import take_in
from queries.view import LANGUAGES
from tests.intake.faults import COMMANDS, READING, WRITING, administer, fails, forget_engines, of_file, pointed, settled
from tests.intake.world import NOW, everything, progress, write


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
        folder = settled(tmp_path, monkeypatch)
        before = everything()
        administer(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        forget_engines()
        for command in READING.values():
            assert main(of_file(command, folder)) == 0, command
        for command in WRITING.values():
            fails(of_file(command, folder), "database_read_only", capfd)
        assert everything() == before
        forget_engines()


def test_an_account_that_may_read_but_not_write(
    server: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, role, _name = server
    with pointed(monkeypatch, url):
        folder = settled(tmp_path, monkeypatch)
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
        folder = settled(tmp_path, monkeypatch)
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
