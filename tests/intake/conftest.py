"""The small district in which faults are tried, and how long a lock is waited for there."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from queries import database, migrations
from tests.intake.faults import forget_engines, settled


@pytest.fixture
def both(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settle the small district on either database; commands speak Chinese and work in a folder of theirs."""
    return settled(tmp_path, monkeypatch)


@pytest.fixture
def embedded(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settle the small district in a file."""
    return settled(tmp_path, monkeypatch)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up waiting for a lock at once: that it is 10 seconds otherwise is tested by itself."""
    monkeypatch.setattr(database, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrations, "WAIT_SECONDS", 1)
    monkeypatch.setattr(migrations, "LOCK", uuid.uuid4().int % 2**31)
    forget_engines()
