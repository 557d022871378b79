"""A database that many tests begin with: filled by the first of them, and copied for the others."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from queries import database

ROOM = tempfile.TemporaryDirectory(prefix="census-settled-")  # gone when the process ends
KEPT: dict[tuple[str, str, str], tuple[Path, str]] = {}  # files and database of each filling, on each kind of database


def settled(fill: Callable[[Path], object], folder: Path) -> Path:
    """Let the database of the test hold what a function takes in from files that it writes in a folder.

    The function is run for the first test of a process that asks for it; the others get a copy of what it left.
    """
    url = make_url(os.environ["DATABASE_URL"])
    key = (fill.__module__, fill.__qualname__, url.get_backend_name())
    if key not in KEPT:
        fill(folder)
        database.engine().dispose()
        files = Path(ROOM.name) / f"files-{len(KEPT)}"
        shutil.copytree(folder, files)
        KEPT[key] = (files, _keep(url))
        return folder
    files, kept = KEPT[key]
    database.engine().dispose()
    shutil.copytree(files, folder, dirs_exist_ok=True)
    _restore(kept, url)
    return folder


def _keep(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        kept = f"{ROOM.name}/{len(KEPT)}.db"
        shutil.copy(str(url.database), kept)
        return kept
    name = f"census_settled_{uuid.uuid4().hex[:8]}"
    administer(url.set(database="postgres"), f"CREATE DATABASE {name} TEMPLATE {url.database}")
    return name


def _restore(kept: str, url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        shutil.copy(kept, str(url.database))
        return
    server = url.set(database="postgres")
    administer(server, f"DROP DATABASE {url.database} WITH (FORCE)", f"CREATE DATABASE {url.database} TEMPLATE {kept}")


def forget(server: str) -> None:
    """Drop the databases that were kept on a server."""
    for (_module, _fill, kind), (_files, kept) in KEPT.items():
        if kind == "postgresql":
            administer(server, f"DROP DATABASE {kept} WITH (FORCE)")


def administer(server: URL | str, *statements: str) -> None:
    """Run statements on a server, each by itself, outside any transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
