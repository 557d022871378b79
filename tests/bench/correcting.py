"""What a load costs that does not simply follow: corrections, late days and weeks, an undo, a new frame."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import psutil
from sqlalchemy import text

from queries import migrations
from queries.database import engine
from queries.intake.receipt import Receipt
from queries.intake.take_in import take_in
from queries.intake.undo import undo

START = date(2020, 3, 1)
REPEATS = 3
STREET = 20  # units
STAFF_EVERY = 7  # days


@dataclass(frozen=True)
class Correcting:
    """What one kind of load costs.

    Attributes
    ----------
    what : str
        The kind of load.
    rows : int
        Rows read of one file.
    stored : int
        Daily returns stored beforehand.
    seconds, processor : float
        Medians of the time and of the processor time of program and database together.
    """

    what: str
    rows: int
    stored: int
    seconds: float
    processor: float


def correct(units: int, days: int) -> list[Correcting]:
    """Migrate the database that DATABASE_URL names, load returns of units over days, and then what does not follow."""
    migrations.migrate(engine())
    parts = [days * n // 4 for n in (1, 2, 3)]
    late = [part + 2 for part in parts]
    weeks = [list(range(part + 7, part + 14)) for part in parts]
    kept = sorted(set(range(days)).difference(late, *weeks))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settle(folder, units, days, kept)
        with engine().connect() as connection:
            stored = connection.execute(text("SELECT count(*) FROM daily_return")).scalar_one()
        staff_days = [part // STAFF_EVERY * STAFF_EVERY + 3 for part in parts]
        cases: dict[str, list[Callable[[], Receipt]]] = {
            "a day corrected": _files(folder, [returns(units, [part], corrected=True) for part in parts]),
            "a day late": _files(folder, [returns(units, [n]) for n in late]),
            "a week out of order": _files(folder, [returns(units, week) for week in weeks]),
            "a street's day corrected": _files(folder, [returns(STREET, [part + 1], corrected=True) for part in parts]),
            "a correction undone": [lambda n=n: undo(n) for n in (7, 6, 5)],
            "staffing of a day late": _files(folder, [staffing(units, [n]) for n in staff_days]),
            "a frame revised": _files(folder, [frame(units, part) for part in parts]),
        }
        return [_measured(what, stored, loads) for what, loads in cases.items()]


def settle(folder: Path, units: int, days: int, kept: list[int]) -> None:
    """Load a district of so many units, its calendar, its frame, the returns of some days and weekly staffing."""
    for form, rows in _world(units, days, kept):
        store(written(folder, form, rows))


def returns(units: int, days: list[int], *, corrected: bool = False) -> pd.DataFrame:
    """Return the daily returns of units on days, counted from the first."""
    day, unit = (axis.ravel() for axis in np.meshgrid(days, np.arange(units), indexing="ij"))
    done = (day + 1) * (2 + unit % 5)
    return pd.DataFrame(
        {
            "report_date": [_day(n) for n in day],
            "area_code": [_code(n) for n in unit],
            "phase": "short",
            "submitted_at": [f"{_day(n)} {'19' if corrected else '17'}:00" for n in day],
            "ed_total": 2,
            "hh_done": done - corrected,
            "pers_total": 3 * done - corrected,
            "hh_noncontact": unit % 7,
            "correction_reason": "recount" if corrected else "",
        }
    )


def staffing(units: int, days: list[int]) -> pd.DataFrame:
    """Return the staffing returns of units on days."""
    day, unit = (axis.ravel() for axis in np.meshgrid(days, np.arange(units), indexing="ij"))
    return pd.DataFrame(
        {
            "report_date": [_day(n) for n in day],
            "area_code": [_code(n) for n in unit],
            "role": "enumerator",
            "recruited": 4,
            "in_post": 4,
            "certified": 3,
        }
    )


def frame(units: int, from_day: int | None = None) -> pd.DataFrame:
    """Return the frame of units, the first one or one revised from a day on."""
    unit = np.arange(units)
    return pd.DataFrame(
        {
            "area_code": [_code(n) for n in unit],
            "phase": "short",
            "valid_from": "" if from_day is None else _day(from_day),
            "frame_households": 2_000 + (from_day or 0),
            "frame_persons": 6_000,
            "eds": 2,
            "reason": "" if from_day is None else "demolition",
        }
    )


def written(folder: Path, name: str, rows: pd.DataFrame) -> Path:
    """Write rows as a CSV file."""
    path = folder / f"{name}.csv"
    rows.to_csv(path, index=False)
    return path


def store(path: Path) -> Receipt:
    """Take a file in that nothing is wrong with."""
    receipt = take_in(path)
    assert receipt.result == "stored", (receipt, [checked.findings for checked in receipt.checked])
    return receipt


def _world(units: int, days: int, kept: list[int]) -> Iterator[tuple[str, pd.DataFrame]]:
    streets = range(-(-units // STREET))
    areas = [("1", "District", "", "district"), *((f"S{n}", f"Street {n}", "1", "street") for n in streets)]
    areas += [(_code(n), f"Village {n}", f"S{n // STREET}", "village") for n in range(units)]
    yield "areas", pd.DataFrame(areas, columns=["code", "name", "parent_code", "level"])
    yield "calendar", pd.DataFrame([{"phase": "short", "start": _day(0), "end": _day(days - 1)}])
    yield "frame", frame(units)
    yield "returns", returns(units, kept)
    yield "staffing", staffing(units, list(range(0, days, STAFF_EVERY)))


def _code(unit: int) -> str:
    return f"V{unit:05}"


def _day(number: int) -> str:
    return (START + timedelta(days=int(number))).isoformat()


def _files(folder: Path, files: list[pd.DataFrame]) -> list[Callable[[], Receipt]]:
    paths = [written(folder, f"late-{len(list(folder.iterdir()))}", rows) for rows in files]
    return [lambda path=path: store(path) for path in paths]


def _measured(what: str, stored: int, loads: list[Callable[[], Receipt]]) -> Correcting:
    spent = []
    for load in loads:
        with _clock() as clock:
            receipt = load()
        assert receipt.result in ("stored", "undone"), receipt
        spent.append((receipt.rows_read, *clock))
    rows, seconds, processor = (median(column) for column in zip(*spent, strict=True))
    return Correcting(what, round(rows), stored, seconds, processor)


@contextmanager
def _clock() -> Iterator[list[float]]:
    """Yield a list that is given the seconds and processor seconds of what runs inside, the database's with them."""
    processes = [psutil.Process(), *_backends()]
    spent: list[float] = []
    began, before = time.perf_counter(), _processor(processes)
    yield spent
    spent += [time.perf_counter() - began, _processor(processes) - before]


def _processor(processes: list[psutil.Process]) -> float:
    return sum(times.user + times.system for times in (process.cpu_times() for process in processes))


def _backends() -> list[psutil.Process]:
    """Return the processes of the server that serve this program: none of SQLite, which runs inside it."""
    if engine().dialect.name == "sqlite":
        return []
    with engine().connect() as connection:
        return [psutil.Process(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())]
