"""Rules that compare a return with those before and after it, in the file and in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from queries.counts import CUMULATIVE
from queries.intake import known
from queries.intake.findings import Breach

DAY = pd.Timedelta(days=1)
ACTIVE_LIMIT = 40  # households that one enumerator can register in a day


def compare_with_history(connection: Connection, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Breach]]:
    """Apply the cross-row rules of form A; the rows come back with `increment`, `days_between` and `stands`.

    `stands` says which rows are of a known unit and day and no older copy of what is stored.
    """
    key = ("phase_id", "area_id", "report_date")
    stored = _stored(connection, rows)
    standing = comparable(rows, key) & ~older(rows, stored, key)
    part, breaches = _compared(rows[standing], stored, key)
    rows = rows.assign(increment=part["increment"], days_between=part["days_between"], stands=standing)
    return rows, [among(rows, breach, np.flatnonzero(standing)) for breach in breaches]


def _compared(rows: pd.DataFrame, stored: pd.DataFrame, key: Sequence[str]) -> tuple[pd.DataFrame, list[Breach]]:
    columns = [*CUMULATIVE, "issues_open"]
    line = timeline(rows, stored, key[:-1], columns)
    breaches = list(falls(rows, line, CUMULATIVE))
    before, where = line.before, line.where
    rows = rows.assign(
        increment=rows["hh_done"] - pd.Series(before["hh_done"].to_numpy()[where], index=rows.index),
        days_between=(rows["report_date"] - pd.Series(line.day_before.to_numpy()[where], index=rows.index)).dt.days,
    )
    given = rows["hh_done_day"].notna() & rows["increment"].notna() & (rows["days_between"] == 1)
    differs = (given & (rows["hh_done_day"] != rows["increment"])).to_numpy()
    breaches.append(Breach("day_disagrees", "warn", differs, "hh_done_day", {"difference": rows["increment"]}))
    breaches.append(changed_without_reason(rows, stored, key, CUMULATIVE))
    opened = pd.Series(before["issues_open"].to_numpy()[where], index=rows.index)
    room = opened + rows["issues_new"].fillna(0)
    wrong = ((rows["issues_open"] > room) & (rows["days_between"] == 1)).to_numpy()
    breaches.append(
        Breach(
            "issues_do_not_follow",
            "reject",
            wrong,
            "issues_open",
            {"before": opened, "new": rows["issues_new"].fillna(0)},
        )
    )
    few = (rows["visits_day"] < rows["increment"]) & (rows["days_between"] == 1)
    breaches.append(Breach("few_visits", "warn", few.to_numpy(), "visits_day", {"increment": rows["increment"]}))
    return rows, breaches


class Timeline:
    """Returns of the file and of the database in one order, with what each row follows.

    Attributes
    ----------
    values, before : DataFrame
        Counts of each return, and the last known counts before it; one row a return.
    day_before : Series
        The day of the return before.
    where : ndarray
        Place of each row of the file in this order.
    of_file : ndarray of bool
        Whether a return is in the file.
    """

    def __init__(self, rows: pd.DataFrame, stored: pd.DataFrame, key: Sequence[str], columns: Sequence[str]) -> None:
        wanted = [*key, "report_date", *columns]
        place = pd.Series(range(len(rows)), index=rows.index)
        mine = rows[wanted].assign(place=place.to_numpy())
        keys = pd.MultiIndex.from_frame(mine[[*key, "report_date"]])
        others = stored[~pd.MultiIndex.from_frame(stored[[*key, "report_date"]]).isin(keys)]
        both = pd.concat([mine, others[wanted]], ignore_index=True) if len(others) else mine
        both = both.sort_values([*key, "report_date"], ignore_index=True, kind="stable")
        unit = both.groupby(list(key), dropna=False, sort=False).ngroup().to_numpy()
        first = np.ones(len(unit), dtype=bool)
        first[1:] = unit[1:] != unit[:-1]
        self.values = both[list(columns)]
        known_so_far = self.values
        if known_so_far.isna().to_numpy().any():
            known_so_far = known_so_far.groupby(unit).ffill()
        self.before = known_so_far.shift()
        self.before.loc[first] = np.nan
        self.day = both["report_date"]
        self.day_before = self.day.shift().mask(first)
        self.of_file = both["place"].notna().to_numpy()
        self.place = both["place"]
        where = np.empty(len(rows), dtype=np.int64)
        where[both.loc[self.of_file, "place"].astype(int)] = np.flatnonzero(self.of_file)
        self.where = where
        self.follows = ~first


def comparable(rows: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """Return which rows can be compared with others: unit and day are known, and no row before has the same ones.

    Rows of codes that stand for no area, or for several, are rows of no one unit: nothing follows from another.
    """
    keys = rows[list(key)]
    return (keys.notna().all(axis=1) & ~keys.duplicated()).to_numpy(dtype=bool)


def timeline(rows: pd.DataFrame, stored: pd.DataFrame, key: Sequence[str], columns: Sequence[str]) -> Timeline:
    """Lay the returns of a file and of the database in one order, unit by unit and day by day."""
    return Timeline(rows, stored, key, columns)


def falls(rows: pd.DataFrame, line: Timeline, columns: Sequence[str]) -> Iterator[Breach]:
    """Yield the breaches of cumulative counts that fall or are left blank after a value."""
    corrected = rows["correction_reason"].notna().to_numpy()
    nil = rows["is_nil"].to_numpy(dtype=bool)
    day_before = pd.Series(line.day_before.to_numpy()[line.where], index=rows.index)
    after = np.flatnonzero(~line.of_file & line.follows)
    after = after[line.of_file[after - 1]]
    preceding = line.place.to_numpy()[after - 1].astype(int) if len(after) else np.array([], dtype=int)
    days = line.day.to_numpy()
    for name in columns:
        before = pd.Series(line.before[name].to_numpy()[line.where], index=rows.index)
        told = {"before": before, "day": day_before}
        less = (rows[name] < before).to_numpy()
        yield Breach("falls", "reject", less & ~corrected, name, told)
        yield Breach("falls_in_correction", "warn", less & corrected, name, told)
        blank = (rows[name].isna() & before.notna()).to_numpy() & ~nil
        yield Breach("blank_after_value", "reject", blank, name, told)
        if not len(after):
            continue
        stored_after = line.values[name].to_numpy()[after]
        mine = rows[name].to_numpy()[preceding]
        higher = np.zeros(len(rows), dtype=bool)
        later, later_day = np.full(len(rows), np.nan), np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[s]")
        over = stored_after < mine
        higher[preceding[over]] = True
        later[preceding[over]] = stored_after[over]
        later_day[preceding[over]] = days[after][over].astype("datetime64[s]")
        told = {"after": later, "day": later_day}
        yield Breach("later_is_less", "reject", higher & ~corrected, name, told)
        yield Breach("later_is_less_in_correction", "warn", higher & corrected, name, told)


def pace_rules(connection: Connection, rows: pd.DataFrame) -> Iterator[Breach]:
    """Yield the breaches of daily increments that are too high to be likely, or nothing for two days."""
    daily = (rows["days_between"] == 1).to_numpy()
    increment = rows["increment"]
    beyond = daily & (increment > ACTIVE_LIMIT * rows["enum_active"]).to_numpy()
    told = {"increment": increment, "active": rows["enum_active"]}
    yield Breach("beyond_capacity", "warn", beyond, "hh_done", told)
    median, previous = _recent_increments(connection, rows)
    jump = daily & (median > 0).to_numpy() & (increment > 3 * median).to_numpy()
    yield Breach("jump", "warn", jump, "hh_done", {"increment": increment, "median": median})
    started = (rows["report_date"] > rows["start"]) & (rows["report_date"] < rows["end"])
    frame = rows["frame"].fillna(rows["hh_frame"])
    open_work = ~(rows["hh_done"] >= frame)
    idle = (
        daily
        & ((increment == 0) & (previous == 0) & started & open_work & ~known.off_days(connection, rows)).to_numpy()
    )
    yield Breach("idle", "warn", idle, "hh_done")


def _recent_increments(connection: Connection, rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the median increment of the five days before each row, and that of the day before."""
    median = pd.Series(np.nan, index=rows.index)
    previous = median.copy()
    for phase_id, part in rows[rows["stands"]].groupby("phase_id"):
        first = part["report_date"].min()
        earlier = known.recent_done(connection, int(phase_id), first.date(), part["area_id"])
        mine = part[["area_id", "report_date", "hh_done"]]
        done = pd.concat([earlier, mine]).drop_duplicates(["area_id", "report_date"], keep="last")
        days = pd.date_range(done["report_date"].min(), done["report_date"].max())
        units, unit_names = pd.factorize(done["area_id"])
        grid = np.full((len(unit_names), len(days)), np.nan)
        grid[units, (done["report_date"] - days[0]).dt.days.to_numpy()] = done["hh_done"].to_numpy()
        steps = np.diff(grid, axis=1)
        row_of = pd.Series(range(len(unit_names)), index=unit_names).reindex(part["area_id"]).to_numpy()
        column_of = (part["report_date"] - days[0]).dt.days.to_numpy() - 1
        window = np.stack([_steps(steps, row_of, column_of - back) for back in range(1, 6)])
        ordered = np.sort(window, axis=0)  # NaN last
        held = (~np.isnan(window)).sum(axis=0)
        each = np.arange(len(part))
        lower, upper = np.maximum(held - 1, 0) // 2, np.minimum(held // 2, 4)
        middle = (ordered[lower, each] + ordered[upper, each]) / 2
        median.loc[part.index] = np.where(held >= 3, middle, np.nan)
        previous.loc[part.index] = window[0]
    return median, previous


def _steps(steps: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    inside = (column >= 0) & (column < steps.shape[1])
    found = np.full(len(row), np.nan)
    found[inside] = steps[row[inside], column[inside]]
    return found


def _stored(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for phase_id, part in rows.dropna(subset=["area_id", "report_date"]).groupby("phase_id"):
        first, last = part["report_date"].min().date(), part["report_date"].max().date()
        stored = known.stored_returns(connection, int(phase_id), part["area_id"], first, last)
        parts.append(stored.assign(phase_id=phase_id))
    names = ["phase_id", "area_id", "report_date", "submitted_at", "is_nil", *CUMULATIVE, "issues_open"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def changed_without_reason(
    rows: pd.DataFrame, stored: pd.DataFrame, key: Sequence[str], columns: Sequence[str]
) -> Breach:
    """Return the breach of rows that change counts of a stored return and do not say why."""
    if stored.empty:
        return Breach("correction_without_reason", "warn", np.zeros(len(rows), dtype=bool), "correction_reason")
    there = rows[list(key)].merge(stored, on=list(key), how="left").set_axis(rows.index)
    names = list(columns)
    mine, other = rows[names], there[names]
    differ = ((mine != other) & ~(mine.isna() & other.isna())).any(axis=1)
    changed = there["is_nil"].notna() & differ & rows["correction_reason"].isna()
    return Breach("correction_without_reason", "warn", changed.to_numpy(dtype=bool), "correction_reason")


def older(rows: pd.DataFrame, stored: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """Return which rows were submitted before the stored ones: they are kept, but nothing is compared with them."""
    if stored.empty or rows["submitted_at"].isna().all():
        return np.zeros(len(rows), dtype=bool)
    there = rows[list(key)].merge(stored[[*key, "submitted_at"]], on=list(key), how="left").set_axis(rows.index)
    return (rows["submitted_at"] < pd.to_datetime(there["submitted_at"])).to_numpy(dtype=bool)


def among(rows: pd.DataFrame, breach: Breach, part: np.ndarray) -> Breach:
    """Return a breach found among some rows, given by their places, as one among all rows."""
    broken = np.zeros(len(rows), dtype=bool)
    if not breach.rows.any():
        return Breach(breach.rule, breach.severity, broken, breach.field)
    broken[part] = breach.rows
    expected = {}
    for key, value in breach.expected.items():
        column = np.full(len(rows), None, dtype=object)
        column[part] = pd.Series(value).to_numpy(dtype=object)
        expected[key] = column
    return Breach(breach.rule, breach.severity, broken, breach.field, expected)
