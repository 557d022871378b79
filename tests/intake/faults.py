"""What tests of faults share: every command, how one must fail, and ways to put the database out of order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from queries import database
from queries.__main__ import main
from queries.database import engine
from queries.intake.findings import LOCALES
from queries.intake.messages import MESSAGES
from queries.wording import translations
from tests.intake.world import progress, settle_world, write

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


def settled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settle_world(folder / "world")
    write(folder, [progress(6)], "file")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(folder)
    return folder


def forget_engines() -> None:
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


def administer(server: str, *statements: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()
