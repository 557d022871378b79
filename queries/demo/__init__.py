"""A demonstration: simulated returns on a real area tree, through the same door as real ones.

By default Yuhuatai district, Nanjing, from 15 September to 8 October 2010: what its streets
and villages report is simulated, what they add up to is what the district published.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from queries.demo.benchmarks import benchmark_rows
from queries.demo.checks import check_rows
from queries.demo.progress import DAYS, START, STORY_DAYS, daily_returns
from queries.demo.staff import in_post, staffing_returns
from queries.demo.tree import places
from queries.intake.take_in import Receipt, take_in

# The plan that the street offices agreed to for the sweep: maps and training first, then the visits.
PLAN = "0:0 0.2:0.06 0.5:0.39 0.8:0.80 1:1"


def write_files(
    folder: Path,
    tree_file: Path | None = None,
    days: int | None = None,
    size: int | None = None,
    seed: int = 2010,
    *,
    eds: bool = False,
) -> Iterator[Path]:
    """Write the files of a demonstration in the order in which they arrive.

    Parameters
    ----------
    folder : Path
        Where to write; made if need be.
    tree_file : Path, optional
        An area list; the default is Yuhuatai district.
    days : int, optional
        Days of returns from 15 September 2010; the default ends on 8 October.
    size : int, optional
        Persons in all.
    seed : int
        The same seed writes the same files.
    eds : bool
        Let enumeration districts of about 300 persons report instead of villages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    days = days or DAYS
    stage = places(tree_file, size, rng, eds=eds)
    yield _write(stage.tree, folder / "0-areas.csv")
    end = START + timedelta(days=max(47, days) - 1)
    calendar = pd.DataFrame(
        [
            ("sweep", START.isoformat(), end.isoformat(), "17:30", 30, PLAN),
            ("short", _after(end, 1), _after(end, 10), "17:30", 30, "linear"),
        ],
        columns=["phase", "start", "end", "cutoff", "grace_minutes", "curve"],
    )
    yield _write(calendar, folder / "1-calendar.csv")
    frame = stage.units[["code", "households", "persons", "eds"]].set_axis(
        ["area_code", "frame_households", "frame_persons", "eds"], axis=1
    )
    yield _write(frame.assign(phase="sweep"), folder / "2-targets.csv")
    enumerators = np.ones(len(stage.units)) if eds else in_post(stage.units)
    staff = dict(staffing_returns(stage.units, days))
    last = pd.DataFrame()
    stories = not eds and days >= STORY_DAYS
    for n, (day, rows, corrections) in enumerate(daily_returns(stage.units, days, enumerators, rng, stories=stories)):
        if day in staff:
            yield _write(staff[day], folder / f"3-{n:03}-a-staffing-{day}.csv")
        yield _write(rows, folder / f"3-{n:03}-b-progress-{day}.csv")
        if len(corrections):
            yield _write(corrections, folder / f"3-{n:03}-c-corrections-{day}.csv")
        last = pd.concat([last, rows]).drop_duplicates("area_code", keep="last") if len(last) else rows
    counted = last[["area_code", "hh_done", "pers_total"]]
    yield _write(benchmark_rows(stage.units, stage.tree, counted), folder / "4-benchmarks.csv")
    checks = check_rows(stage.units, START + timedelta(days=days - 1), rng)
    if len(checks):
        yield _write(checks, folder / "4-checks.csv")


def demonstrate(
    tree_file: Path | None = None,
    days: int | None = None,
    size: int | None = None,
    seed: int = 2010,
    *,
    eds: bool = False,
) -> Iterator[Receipt]:
    """Take a demonstration in file by file, each on its own day, marked as simulated."""
    with tempfile.TemporaryDirectory() as folder:
        for path in write_files(Path(folder), tree_file, days, size, seed, eds=eds):
            yield take_in(path, loaded_by="demonstration", simulated=True, now=_evening(path))


def _evening(path: Path) -> datetime:
    """Return the evening of the day that a file's name ends in, or that before the demonstration begins."""
    stem = path.stem[-10:]
    day = date.fromisoformat(stem) if stem[:2] == "20" else START - timedelta(days=1)
    if path.stem.startswith("4"):
        day = START + timedelta(days=3650)
    return datetime.combine(day, time(20, 30))


def _after(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def _write(rows: pd.DataFrame, path: Path) -> Path:
    pyarrow.csv.write_csv(pa.Table.from_pandas(rows, preserve_index=False), path)
    return path
