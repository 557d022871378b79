"""What a page costs the server: each of its statements, its first run and its runs after that."""

from __future__ import annotations

import logging
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import streamlit as st
from sqlalchemy import event
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from queries.database import engine

MAIN = Path(__file__).resolve().parents[2] / "dashboard" / "frame" / "main.py"
PAGES = sorted(path.stem for path in (MAIN.parents[1] / "pages").glob("*.py"))
REPEATS = 7

Asked = tuple[str, Any]


@dataclass(frozen=True)
class Opening:
    """What one page costs.

    Attributes
    ----------
    statements : int
        Asked of the database when no cache holds an answer.
    slowest : float
        Median time of the slowest statement with its rows fetched, in ms.
    slowest_text : str
        Its first words.
    cold, warm : float
        Time of a run with empty caches, and median with filled ones, in ms.
    memory : float
        Peak of the process so far, in MB.
    """

    page: str
    statements: int
    slowest: float
    slowest_text: str
    cold: float
    warm: float
    memory: float


def open_pages(parameters: dict[str, str], pages: Sequence[str] = PAGES) -> list[Opening]:
    """Measure pages of the database that DATABASE_URL names, at the place and day of a link."""
    logging.disable(logging.WARNING)
    return [_measure(page, parameters) for page in pages]


def _measure(page: str, parameters: dict[str, str]) -> Opening:
    app = AppTest.from_file(str(MAIN), default_timeout=300)
    app.query_params.update({"lang": "en", **parameters})
    if page != "command_centre":
        app.switch_page(f"../pages/{page}.py")
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    st.cache_data.clear()
    with _statements() as asked:
        cold = _time(app.run)
    warm = [_time(app.run) for _ in range(REPEATS)]
    times = {statement: _fetch_time(statement, values) for statement, values in asked}
    slowest = max(times, key=lambda s: times[s])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Opening(page, len(asked), times[slowest], _words(slowest), cold, median(warm), peak)


def _time(run: Callable[[], object]) -> float:
    """Return the milliseconds that the script itself ran, without what the test harness adds."""
    spent: list[float] = []
    original = ScriptRunner._run_script

    def timed(self: ScriptRunner, *arguments: Any) -> None:
        began = time.perf_counter()
        original(self, *arguments)
        spent.append(1_000 * (time.perf_counter() - began))

    ScriptRunner._run_script = timed  # type: ignore[method-assign]
    try:
        run()
    finally:
        ScriptRunner._run_script = original  # type: ignore[method-assign]
    return sum(spent)


@contextmanager
def _statements() -> Iterator[list[Asked]]:
    asked: list[Asked] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, values))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def _fetch_time(statement: str, values: Any) -> float:
    spent = []
    with engine().connect() as connection:
        for _ in range(REPEATS):
            began = time.perf_counter()
            connection.exec_driver_sql(statement, values).all()
            spent.append(1_000 * (time.perf_counter() - began))
    return median(spent)


def _words(statement: str) -> str:
    source = " ".join(statement.split())
    return source[source.find(" FROM ") :][:60].strip()
