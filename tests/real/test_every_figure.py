"""Every column of the sums and every figure of the queries, at every level, against pandas on the files alone.

The series is real (`tests.real.replay`): 736 tracts at four levels over six weeks, filed out of order, twice, stale,
corrected and corrected back, with undoings and revised frames. Each test says how many cells it compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from queries import completion, database, returns
from queries import staffing as staffing_queries
from queries.check_in import bridge
from queries.counts import ROLES
from queries.database import engine
from queries.intake.take_in import rebuild_everything, take_in_content
from queries.intake.undo import undo
from queries.masking import LEAVING, LEAVING_RATES, SENSITIVE
from queries.schema import area, phase, progress, staffing_progress
from queries.view import View
from tests.conftest import fresh_database
from tests.real.replay import derivation, figures, filing, staffing
from tests.real.replay.derivation import DAYS, Figures, Tree

KEYS = ("phase_id", "area_id", "date", "parent_id")
MASKED = {*LEAVING, *LEAVING_RATES}  # few leavers are not told below a street
SOME_DAYS = range(1, len(DAYS), 5)


@dataclass(frozen=True)
class Replayed:
    """The database with the series in it, and what the files say it must hold."""

    series: filing.Series
    places: Tree
    units: Figures
    sums: Figures
    ids: dict[str, int]
    phase_id: int

    def view(self, code: str, day: int) -> View:
        """Return the view of an area on a day, given by its number."""
        return View(self.phase_id, DAYS[day].date(), self.ids[code], self.ids[self.places.codes[0]])

    def parents(self) -> list[str]:
        """Return the codes of the areas that have others below."""
        return [code for code in self.places.codes if self.places.children(code)]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def replayed(
    request: pytest.FixtureRequest, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replayed]:
    """Replay the series on each database, once for all tests."""
    series = filing.build(real_data)
    series = replace(series, events=[*series.events, *staffing.events(series)])
    places = derivation.tree(series)
    units = derivation.of_units(series, places)
    sums = derivation.of_areas(units, places)
    with (
        fresh_database(request, tmp_path_factory.mktemp("replay"), request.param) as url,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DATABASE_URL", url)
        _replay(series)
        with engine().connect() as connection:
            ids = {code: area_id for code, area_id in connection.execute(select(area.c.code, area.c.id))}
            phase_id = connection.execute(select(phase.c.id)).scalar_one()
        yield Replayed(series, places, units, sums, ids, phase_id)
        database.engine().dispose()
        database._engine.cache_clear()


def _replay(series: filing.Series) -> None:
    loads: dict[str, int | None] = {}
    files = [("areas", series.areas), ("calendar", series.calendar)]
    for name, rows in files:
        assert take_in_content(_csv(rows), f"{name}.csv").result == "stored"
    for event in series.events:
        if event.rows is None:
            reversed_ = loads[event.undoes or ""]
            assert reversed_ is not None
            assert undo(reversed_).result == "undone"
            continue
        receipt = take_in_content(_csv(event.rows), f"{event.name}.csv")
        assert receipt.result in ("stored", "unchanged"), event.name
        assert receipt.rows_rejected == 0
        loads[event.name] = receipt.load_id


def _csv(rows: pd.DataFrame) -> bytes:
    return rows.to_csv(index=False, date_format="%Y-%m-%d %H:%M").encode()


def _stored(replayed: Replayed, column: str, rows: pd.DataFrame) -> np.ndarray:
    wide = rows.pivot(index="code", columns="date", values=column).reindex(replayed.places.codes)
    assert [pd.Timestamp(day) for day in wide.columns] == list(DAYS)
    if column == "value_date":
        return np.array(wide.apply(lambda day: (pd.to_datetime(day) - DAYS[0]).dt.days), dtype=float)
    return wide.to_numpy(dtype=float, na_value=np.nan)


def _all_progress() -> pd.DataFrame:
    statement = select(area.c.code, progress).join(area, area.c.id == progress.c.area_id)
    with engine().connect() as connection:
        return pd.DataFrame(connection.execute(statement).mappings().all())


def _unequal(expected: np.ndarray, shown: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        near = np.abs(expected - shown) <= 2e-6 + 1e-9 * np.abs(expected)  # fractions are kept to a millionth
    return ~(near | (expected == shown) | (np.isnan(expected) & np.isnan(shown)))


def test_every_column_of_the_sums_is_what_the_files_say_before_and_after_a_rebuild(replayed: Replayed) -> None:
    cells = 0
    for rebuilt in (False, True):
        if rebuilt:
            rebuild_everything()
        rows = _all_progress()
        columns = [c.name for c in progress.c if c.name not in KEYS]
        assert {"value_day" if c == "value_date" else c for c in columns} == set(replayed.sums)
        wrong = {}
        for column in columns:
            expected = replayed.sums["value_day" if column == "value_date" else column]
            bad = _unequal(expected, _stored(replayed, column, rows))
            cells += bad.size
            if bad.any():
                where = np.argwhere(bad)[0]
                wrong[column] = (int(bad.sum()), replayed.places.codes[where[0]], DAYS[where[1]].date())
        assert wrong == {}
    print(f"{cells} cells of the sums compared")


def _shown(sums: Figures) -> Figures:
    return {name: values for name, values in sums.items() if name not in ("value_day", *SENSITIVE)}


def _walk(
    replayed: Replayed, ask: Callable[[View], pd.DataFrame], expected: Figures, days: range, codes: list[str]
) -> int:
    """Compare a query of children on some days below some areas; return how many cells."""
    code_of = {area_id: code for code, area_id in replayed.ids.items()}
    cells, wrong = 0, {}
    for day in days:
        for code in codes:
            shown = ask(replayed.view(code, day))
            rows = [replayed.places.row(code_of[int(area_id)]) for area_id in shown["area_id"]]
            assert rows == replayed.places.children(code)
            for name, values in expected.items():
                bad = _unequal(values[rows, day], shown[name].to_numpy(dtype=float, na_value=np.nan))
                cells += len(bad)
                if bad.any():
                    wrong.setdefault(name, (code, DAYS[day].date(), int(bad.sum())))
    assert wrong == {}
    return cells


def test_completion_shows_what_the_files_say_at_every_level(replayed: Replayed) -> None:
    expected = figures.completion(replayed.sums)
    lights = figures.status(expected, replayed.sums)
    left = derivation.calendars(replayed.series, replayed.places)[3]
    expected["required_pace"] = figures.needed(replayed.units, left, replayed.places)
    cells = _walk(replayed, completion.by_child, {**_shown(replayed.sums), **expected}, SOME_DAYS, replayed.parents())
    for day in SOME_DAYS:
        shown = completion.by_child(replayed.view(replayed.places.codes[0], day))
        assert shown["status"].tolist() == lights[replayed.places.children(replayed.places.codes[0]), day].tolist()
    print(f"{cells} figures of completion compared")


def test_returns_show_what_the_files_say_at_every_level(replayed: Replayed) -> None:
    expected = figures.returns(replayed.sums, replayed.units, replayed.places)
    print(f"{_walk(replayed, returns.rates, expected, SOME_DAYS, replayed.parents())} figures of returns compared")


def test_every_day_of_every_area_is_what_the_files_say(replayed: Replayed) -> None:
    expected = figures.completion(replayed.sums)
    of_days = ("increment", "resolution_low", "resolution_high", "carried_rate", *figures.RATES)
    cells = 0
    for row, code in enumerate(replayed.places.codes):
        shown = completion.daily(replayed.view(code, len(DAYS) - 1))
        assert [pd.Timestamp(day) for day in shown["date"]] == list(DAYS)
        for name in of_days:
            bad = _unequal(expected[name][row], shown[name].to_numpy(dtype=float, na_value=np.nan))
            cells += len(bad)
            assert not bad.any(), (name, code, DAYS[int(np.argmax(bad))])
    print(f"{cells} figures of days compared")


def _cells(expected: Figures, rows: list[int], day: int, shown: pd.DataFrame, where: str) -> int:
    """Compare one frame of a query with some rows of one day; return how many cells."""
    for name, values in expected.items():
        bad = _unequal(values[rows, day] if values.ndim > 1 else values[rows], _numbers(shown, name))
        assert not bad.any(), (name, where, DAYS[day].date(), int(bad.sum()))
    return len(rows) * len(expected)


def _numbers(shown: pd.DataFrame, name: str) -> np.ndarray:
    return shown[name].to_numpy(dtype=float, na_value=np.nan)


def test_villages_of_a_district_and_their_spread_are_what_the_files_say(replayed: Replayed) -> None:
    expected = figures.completion(replayed.sums)
    lights = figures.status(expected, replayed.sums)
    cells, places = 0, replayed.places
    for code in (c for c in places.codes if len(c) == 5):
        groups = places.children(code)
        below = [row for group in groups for row in places.children(places.codes[group])]
        for day in (4, 23, len(DAYS) - 1):
            shown = completion.two_levels_down(replayed.view(code, day))
            assert _places(replayed, shown["area_id"]) == below
            cells += _cells({**_shown(replayed.sums), **expected}, below, day, shown, code)
            assert shown["status"].tolist() == lights[below, day].tolist()
            told = completion.spread(replayed.view(code, day)).set_index("area_id")
            for group in groups:
                rows = places.children(places.codes[group])
                wanted = figures.spread(expected["resolution_rate"][rows, day], lights[rows, day])
                assert told.loc[replayed.ids[places.codes[group]], list(wanted)].to_dict() == pytest.approx(
                    wanted, nan_ok=True
                )
                cells += len(wanted)
    print(f"{cells} figures of villages compared")


def _places(replayed: Replayed, area_ids: pd.Series) -> list[int]:
    code_of = {area_id: code for code, area_id in replayed.ids.items()}
    return [replayed.places.row(code_of[int(area_id)]) for area_id in area_ids]


def test_the_record_of_every_unit_is_what_the_files_say(replayed: Replayed) -> None:
    states, silent = figures.return_states(replayed.units), figures.silences(replayed.units)
    cells, places = 0, replayed.places
    for code in (c for c in places.codes if len(c) == 8):
        units = [places.units.index(places.codes[row]) for row in places.children(code)]
        for day in (6, len(DAYS) - 1):
            view = replayed.view(code, day)
            shown = returns.matrix(view)
            table = shown.pivot(index="area_id", columns="date", values="status")
            table = table.loc[[replayed.ids[places.units[unit]] for unit in units]]
            assert (table.to_numpy().astype(str) == states[units, : day + 1]).all(), (code, day)
            record = returns.by_unit(view).set_index("area_id").loc[table.index]
            for name in ("leaves_due", "leaves_reported", "leaves_nil", "leaves_corrected", "leaves_on_time"):
                assert record[name].tolist() == replayed.units[name][units, : day + 1].sum(axis=1).tolist()
            assert not _unequal(silent[units, day], _numbers(record, "days_missing")).any(), (code, day)
            out = returns.not_in(view, limit=1000)
            wanted = [unit for unit in units if silent[unit, day] > 0]
            assert set(out["area_id"]) == {replayed.ids[places.units[unit]] for unit in wanted}
            cells += table.size + 7 * len(units)
    print(f"{cells} cells of the record of units compared")


def test_the_bridge_between_two_days_is_what_the_files_say(replayed: Replayed) -> None:
    cells, places = 0, replayed.places
    for then, now in ((3, 9), (20, 27), (22, len(DAYS) - 1)):
        walked = figures.bridge(replayed.units, then, now)
        summed = {name: places.inside.astype(float) @ values for name, values in walked.items()}
        for code in replayed.parents():
            shown = bridge.since(replayed.view(code, now), None, DAYS[then].date())
            rows = _places(replayed, shown["area_id"])
            assert rows == places.children(code)
            cells += _cells(summed, rows, now, shown, code)
            moved = sum(shown[name] for name in bridge.MOVES)
            assert (shown["then"] + moved).tolist() == shown["now"].tolist()
    print(f"{cells} figures of the bridge compared")


def test_every_column_of_staffing_is_what_the_files_say_before_and_after_a_rebuild(replayed: Replayed) -> None:
    cells = 0
    for rebuilt in (False, True):
        if rebuilt:
            rebuild_everything()
        statement = select(area.c.code, staffing_progress).join(area, area.c.id == staffing_progress.c.area_id)
        with engine().connect() as connection:
            rows = pd.DataFrame(connection.execute(statement).mappings().all())
        for role in ROLES:
            expected = staffing.of_role(replayed.series, replayed.places, role)
            mine = rows[rows["role"] == role]
            wrong = {}
            for column in (c.name for c in staffing_progress.c if c.name not in (*KEYS, "role")):
                values = expected.get("value_day" if column == "value_date" else column)
                if values is None:
                    assert mine[column].isna().all(), column
                    continue
                bad = _unequal(values, _standing(replayed, column, mine))
                cells += bad.size
                if bad.any():
                    where = np.argwhere(bad)[0]
                    wrong[column] = (int(bad.sum()), replayed.places.codes[where[0]], DAYS[where[1]].date())
            assert wrong == {}
    print(f"{cells} cells of staffing compared")


def _standing(replayed: Replayed, column: str, rows: pd.DataFrame) -> np.ndarray:
    """Return a column of staffing for every area as of every day: that of the last row on or before it."""
    days = pd.to_datetime(rows["date"])
    values = (pd.to_datetime(rows[column]) - DAYS[0]).dt.days if column == "value_date" else rows[column]
    table = np.full((len(replayed.places.codes), len(DAYS)), np.nan)
    place = {code: n for n, code in enumerate(replayed.places.codes)}
    ordered = rows.assign(day=(days - DAYS[0]).dt.days, shown=values.astype("float64")).sort_values("day")
    for code, day, value in ordered[["code", "day", "shown"]].itertuples(index=False):
        table[place[code], max(day, 0) :] = value
    return table


def test_staffing_shows_what_the_files_say_at_every_level(replayed: Replayed) -> None:
    cells = 0
    for role in ROLES:
        sums = staffing.of_role(replayed.series, replayed.places, role)
        told = {**_shown(sums), **staffing.rates(sums)}
        expected = {name: values for name, values in told.items() if name not in MASKED}

        def of_this_role(view: View, role: str = role) -> pd.DataFrame:
            rows = staffing_queries.by_child(view)
            return rows[rows["role"] == role]

        cells += _walk(replayed, of_this_role, expected, SOME_DAYS, replayed.parents())
    print(f"{cells} figures of staffing compared")
