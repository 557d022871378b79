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

from queries.demo import meetings
from queries.demo.benchmarks import EARLIER, benchmark_rows
from queries.demo.checks import check_rows
from queries.demo.cleanup import cleanup_returns
from queries.demo.progress import AS_OF, DAYS, START, STORY_DAYS, daily_returns
from queries.demo.staff import in_post, staffing_returns
from queries.demo.tree import places
from queries.intake.receipt import Receipt
from queries.intake.take_in import take_in

REVISED_AFTER = STORY_DAYS - 1  # days into the sweep
DEMOLISHED = "片区拆迁，底册核减"
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
            ("cleanup", _after(START, -45), _after(START, 30), "17:30", 30, "linear"),
            ("rectification", _after(START, 5), _after(START, 107), "17:30", 30, "linear"),
        ],
        columns=["phase", "start", "end", "cutoff", "grace_minutes", "curve"],
    )
    yield _write(calendar, folder / "1-calendar.csv")
    stories = not eds and days >= STORY_DAYS
    frame, revision = _frames(stage.units, stories=stories)
    yield _write(frame, folder / "2-targets.csv")
    enumerators = np.ones(len(stage.units)) if eds else in_post(stage.units)
    staff = dict(staffing_returns(stage.units, days))
    cleaned = dict(cleanup_returns(stage, days, seed))
    last = pd.DataFrame()
    counted: list[pd.DataFrame] = []
    for n, (day, rows, corrections) in enumerate(daily_returns(stage.units, days, enumerators, rng, stories=stories)):
        if day in staff:
            yield _write(staff[day], folder / f"3-{n:03}-a-staffing-{day}.csv")
        if n == REVISED_AFTER and len(revision):
            yield _write(revision.assign(valid_from=day.isoformat()), folder / f"3-{n:03}-d-frame-{day}.csv")
        yield _write(rows, folder / f"3-{n:03}-b-progress-{day}.csv")
        if len(corrections):
            yield _write(corrections, folder / f"3-{n:03}-c-corrections-{day}.csv")
        if day in cleaned:
            yield _write(cleaned[day], folder / f"3-{n:03}-k-cleanup-{day}.csv")
        last = pd.concat([last, rows]).drop_duplicates("area_code", keep="last") if len(last) else rows
        counted = [*counted, last[["area_code", "hh_done", "pers_total"]]][-1 - EARLIER :]
    yield _write(benchmark_rows(stage.units, stage.tree, counted[-1], counted[0]), folder / "4-benchmarks.csv")
    checks = check_rows(stage.units, START + timedelta(days=days - 1), rng)
    if len(checks):
        yield _write(checks, folder / "4-checks.csv")


def _frames(units: pd.DataFrame, *, stories: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the first frame, and the revision of the one village whose blocks were pulled down during the sweep."""
    frame = units[["code", "households", "persons", "eds"]].set_axis(
        ["area_code", "frame_households", "frame_persons", "eds"], axis=1
    )
    frame = frame.assign(phase="sweep")
    sound = units[units["role"] == "sound"]
    place = sound.index[(sound["nth"] == 0) & (sound["street"] == sound["street"].iloc[-1])] if len(sound) else []
    if not stories:
        return frame, frame.head(0)
    first = frame.copy()
    first.loc[place, "frame_households"] = np.ceil(first.loc[place, "frame_households"] * 1.06).astype(int)
    return first, frame.loc[place].assign(reason=DEMOLISHED)


def demonstrate(
    tree_file: Path | None = None,
    days: int | None = None,
    size: int | None = None,
    seed: int = 2010,
    *,
    eds: bool = False,
) -> Iterator[Receipt]:
    """Take a demonstration in file by file, each on its own day, with check-ins on the last evenings; all simulated."""
    last = START + timedelta(days=(days or DAYS) - 1)
    evenings = {last - timedelta(days=meetings.CLOSED - n): n for n in range(meetings.CLOSED)}
    has_stories = (days or DAYS) >= STORY_DAYS
    with tempfile.TemporaryDirectory() as folder:
        for path in write_files(Path(folder), tree_file, days, size, seed, eds=eds):
            yield take_in(path, loaded_by="demonstration", simulated=True, now=_moment(path, last))
            if has_stories and "-b-progress-" in path.stem and _day(path, last) in evenings:
                meetings.hold(_units(tree_file, size, seed, eds=eds), _day(path, last), evenings[_day(path, last)])
    if has_stories:
        meetings.hold(_units(tree_file, size, seed, eds=eds), last, meetings.CLOSED)


def _units(tree_file: Path | None, size: int | None, seed: int, *, eds: bool) -> pd.DataFrame:
    return places(tree_file, size, np.random.default_rng(seed), eds=eds).units


def _moment(path: Path, last: date) -> datetime:
    """Return when a file arrives: in the evening of its day, a correction in the morning after."""
    if "-c-corrections-" in path.stem:
        return datetime.combine(_day(path, last) + timedelta(days=1), time(8, 30))
    return datetime.combine(_day(path, last), time(20, 30))


def _day(path: Path, last: date) -> date:
    """Return the day that a file's name ends in; that before the demonstration begins, or ends, where it has none."""
    if path.stem.startswith("4"):
        return max(last, AS_OF)
    stem = path.stem[-10:]
    return date.fromisoformat(stem) if stem[:2] == "20" else START - timedelta(days=1)


def _after(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def _write(rows: pd.DataFrame, path: Path) -> Path:
    pyarrow.csv.write_csv(pa.Table.from_pandas(rows, preserve_index=False), path)
    return path
