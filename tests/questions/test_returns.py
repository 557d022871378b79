"""What is in, late, silent or restated, on a district small enough to read: each letter below is a return."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, insert, update

from queries import completion, restatements, returns
from queries.database import engine
from queries.schema import area, phase, phase_day, setting
from tests.rollup.letters import (
    CHILDREN,
    FRAME,
    IN,
    LAST,
    WORDS,
    arrive,
    done,
    filing,
    is_on_time,
    letters,
    on,
    settle,
    view,
)
from tests.rollup.tree import PHASE, START, UNITS, lay_out
from tests.settling import settled


@pytest.fixture(name="district")
def _district(database: str, tmp_path: Path) -> str:
    """Settle the district in a database of each kind."""
    settled(_laid_out, tmp_path / "files")
    return database


def _laid_out(folder: Path) -> None:
    folder.mkdir()
    with engine().begin() as connection:
        settle(connection)


def test_each_cell_of_the_matrix_is_what_the_unit_did_on_the_day(district: str) -> None:
    for area_id, units in {1: UNITS, **CHILDREN, 5: [5]}.items():
        rows = returns.matrix(view(area_id))
        expected = [(unit, pd.Timestamp(on(n)), WORDS[letter]) for unit, n, letter in letters(units)]
        assert list(rows[["area_id", "date", "status"]].itertuples(index=False, name=None)) == expected, area_id


def test_the_matrix_ends_on_the_day_that_is_looked_at(district: str) -> None:
    assert returns.matrix(view(n=2))["date"].max() == pd.Timestamp(on(2))


def test_rates_count_only_units_inside_their_phase(district: str) -> None:
    for n in range(LAST + 1):
        rows = returns.rates(view(n=n)).set_index("area_id")
        assert list(rows.index) == list(CHILDREN)
        for child, units in CHILDREN.items():
            today = letters(units, n, n)
            for found, suffix in ((today, ""), (letters(units, 0, n), "_to_date")):
                reporting, on_time = expected_rates(found)
                assert rows.loc[child, f"reporting_rate{suffix}"] == pytest.approx(reporting, nan_ok=True), (n, child)
                assert rows.loc[child, f"on_time_rate{suffix}"] == pytest.approx(on_time, nan_ok=True), (n, child)
            counts = {"due": "TLUNC-!", "missing": "-!", "nil": "N", "corrected": "C", "carried": "-", "never": "!"}
            for name, wanted in counts.items():
                assert rows.loc[child, f"leaves_{name}"] == sum(letter in wanted for _, _, letter in today), name
            late = [cell for cell in today if cell[2] in "TLNC" and not is_on_time(cell[0], cell[1])]
            assert rows.loc[child, "leaves_late"] == len(late)


def expected_rates(cells: list[tuple[int, int, str]]) -> tuple[float, float]:
    """Return reporting and on-time rate of some cells: without units not due, and without unknown times."""
    due = [cell for cell in cells if cell[2] != "."]
    came = [cell for cell in due if cell[2] in IN]
    timed = [cell for cell in due if cell[2] != "U"]
    if not due:
        return np.nan, np.nan
    nobody_said_when = came and all(letter == "U" for _, _, letter in came)
    punctual = sum(is_on_time(unit, n) for unit, n, _ in came)
    return len(came) / len(due), np.nan if nobody_said_when or not timed else punctual / len(timed)


def test_a_street_that_has_not_begun_owes_nothing(district: str) -> None:
    street = returns.rates(view(n=0)).set_index("area_id").loc[6]
    assert (street["leaves_due"], street["status"], street["punctuality"]) == (0, "unknown", "unknown")
    assert np.isnan(street["reporting_rate"])
    assert np.isnan(street["longest_silence"])
    assert returns.of_area(view(n=0)).iloc[0]["leaves_due"] == 4
    assert set(returns.not_in(view(n=0))["area_id"]) == {5}


def test_silence_is_counted_in_days_due_and_judged_by_its_limits(district: str) -> None:
    rows = returns.not_in(view()).set_index("area_id")
    assert rows["days_missing"].to_dict() == {5: 6, 7: 2, 8: 1}
    assert rows["status"].to_dict() == {5: "red", 7: "red", 8: "amber"}
    assert rows["last_return"].dt.date.where(rows["last_return"].notna(), None).to_dict() == {
        5: None, 7: on(3), 8: on(4),
    }  # fmt: skip
    assert rows["group_name"].to_dict() == {5: "Area 2", 7: "Area 6", 8: "Area 6"}
    assert rows["hh_open"].to_dict() == {5: FRAME, 7: FRAME - done(7, 3) - 1, 8: FRAME - done(8, 4) - 1}
    streets = returns.rates(view()).set_index("area_id")
    assert streets["longest_silence"].to_dict() == {2: 6, 6: 2, 9: 0}
    assert streets["silent_long"].to_dict() == {2: 1, 6: 1, 9: 0}
    assert streets["status"].to_dict() == {2: "red", 6: "red", 9: "green"}
    whole = returns.of_area(view()).iloc[0]
    assert (whole["longest_silence"], whole["silent_long"], whole["leaves_missing"]) == (6, 2, 3)


def test_the_limits_of_silence_are_a_setting(district: str) -> None:
    with engine().begin() as connection:
        connection.execute(insert(setting).values(key="consecutive_misses", value=[1, 2], load_id=1))
    assert returns.not_in(view()).set_index("area_id")["status"].to_dict() == {5: "red", 7: "amber", 8: "green"}
    assert returns.rates(view()).set_index("area_id")["silent_long"].to_dict() == {2: 1, 6: 0, 9: 0}


def test_units_are_grouped_by_the_area_right_below_the_viewed_one(district: str) -> None:
    street = returns.not_in(view(2))
    assert street[["group_id", "group_name"]].to_numpy().tolist() == [[2, "Area 2"]]
    alone = returns.not_in(view(5))
    assert alone[["group_id", "group_name", "days_missing"]].to_numpy().tolist() == [[5, "Area 5", 6]]


def test_a_nil_return_ends_a_silence_although_it_brings_no_figure(district: str) -> None:
    with engine().begin() as connection:
        arrive(connection, 30, 6, [filing(9, 5, report_date=pd.Timestamp(on(6)))])
    silent = returns.not_in(view(n=6)).set_index("area_id")
    assert silent.loc[4, "last_return"] == pd.Timestamp(on(5))
    early = returns.by_unit(view(n=3)).set_index("area_id")
    assert early.loc[4, "days_missing"] == 0
    assert completion.by_child(view(2, 3)).set_index("area_id").loc[4, "value_date"] == pd.Timestamp(on(2))


def test_streaks_run_back_to_the_last_return_that_was_not_on_time(district: str) -> None:
    rows = returns.by_unit(view()).set_index("area_id")
    assert rows["on_time_streak"].to_dict() == {3: 6, 4: 1, 5: 0, 7: 0, 8: 0, 9: 1}
    assert rows["days_missing"].to_dict() == {3: 0, 4: 0, 5: 6, 7: 2, 8: 1, 9: 0}
    assert list(rows.index)[:3] == [5, 7, 8]
    before = returns.by_unit(view(n=4)).set_index("area_id")
    assert np.isnan(before.loc[4, "on_time_streak"])
    first = returns.by_unit(view(n=0)).set_index("area_id")
    assert first.loc[[7, 8], ["days_missing", "on_time_streak"]].isna().all(axis=None)
    assert set(first.loc[[7, 8], "status"]) == {"unknown"}


def test_a_correction_sent_late_leaves_its_day_as_punctual_as_it_was(district: str) -> None:
    street = returns.by_unit(view(2)).set_index("area_id").loc[3]
    assert (street["leaves_corrected"], street["leaves_on_time"], street["leaves_late"]) == (1, 6, 0)
    assert returns.by_unit(view()).set_index("area_id").loc[9, "leaves_late"] == 2


def test_a_scope_hides_what_others_did(district: str) -> None:
    mine = view(1, scope_id=2)
    assert set(returns.matrix(mine)["area_id"]) == {3, 4, 5}
    assert set(returns.not_in(mine)["area_id"]) == {5}
    assert set(returns.rates(mine)["area_id"]) == {2}
    assert set(restatements.returns(mine)["area_id"]) == {3}
    assert returns.of_area(mine).empty


VILLAGES, DAYS = 170, 60


@pytest.fixture(name="large_street")
def _large_street(database: str) -> dict[tuple[int, int], str]:
    """Fill a street of many villages over many days; yield what each did."""
    with engine().begin() as connection:
        lay_out(connection)
        _widen(connection)
        dice = np.random.default_rng(7)
        faces = dice.choice(list("TTTTTTLUN-"), size=(VILLAGES, DAYS))
        faces[5] = "-"
        rows = [
            {
                "area_id": 100 + unit,
                "report_date": pd.Timestamp(on(n)),
                "on_time": {"T": True, "L": False, "N": True}.get(faces[unit, n]),
                "is_nil": faces[unit, n] == "N",
                "hh_done": n + 1,
            }
            for unit, n in np.argwhere(faces != "-").tolist()
        ]
        arrive(connection, 10, DAYS, rows)
        again = [row | {"hh_done": row["hh_done"] + 1, "is_nil": False} for row in rows[::50]]
        arrive(connection, 11, DAYS, again)
    for row in again:
        faces[row["area_id"] - 100, (row["report_date"].date() - START).days] = "C"
    seen = {}
    for unit in range(VILLAGES):
        known = False
        for n in range(DAYS):
            face = str(faces[unit, n])
            known = known or face in "TLUC"
            seen[100 + unit, n] = "!" if face == "-" and not known else face
    return seen


def _widen(connection: Connection) -> None:
    """Add a street of many villages to the tree, and let the phase last as long."""
    end = on(DAYS - 1)
    connection.execute(update(phase).values(end=end))
    days = [
        {"phase_id": PHASE, "area_id": 1, "date": on(n), "is_open": True, "is_working": True, "planned_share": 1.0}
        for n in range(10, DAYS)
    ]
    connection.execute(insert(phase_day), days)
    connection.execute(update(area).where(area.c.id == 1).values(last=1000))
    places = [(99, 1, 1, "street", 99, 99 + VILLAGES)]
    places += [(100 + n, 99, 2, "village", 100 + n, 100 + n) for n in range(VILLAGES)]
    connection.execute(
        insert(area),
        [
            {"id": i, "parent_id": parent, "level": level, "kind": kind, "first": first, "last": last,
             "path": f"/{i}", "code": str(i), "name_en": f"Area {i}", "name_zh_hans": f"{i}号",
             "name_zh_hant": f"{i}號", "sort_order": i}
            for i, parent, level, kind, first, last in places
        ],
    )  # fmt: skip


def test_a_street_of_many_villages_is_shown_cell_by_cell(large_street: dict[tuple[int, int], str]) -> None:
    street = view(99, DAYS - 1)
    rows = returns.matrix(street)
    assert len(rows) == VILLAGES * DAYS
    expected = [WORDS[letter] for letter in large_street.values()]
    assert rows["status"].astype(str).tolist() == expected
    assert rows["area_id"].tolist() == [unit for unit, _ in large_street]
    silent = returns.by_unit(street).set_index("area_id")["days_missing"]
    for unit in (100, 105, 117, 269):
        days = [large_street[unit, n] in "-!" for n in reversed(range(DAYS))]
        assert silent[unit] == (days.index(False) if False in days else DAYS)


def test_more_units_than_a_screen_holds_are_shown_by_area(large_street: dict[tuple[int, int], str]) -> None:
    with engine().begin() as connection:
        more = [
            {"id": i, "parent_id": 1, "level": 1, "kind": "village", "first": i, "last": i, "path": f"/{i}",
             "code": str(i), "name_en": f"Area {i}", "name_zh_hans": f"{i}号", "name_zh_hant": f"{i}號",
             "sort_order": i}
            for i in range(400, 440)
        ]  # fmt: skip
        connection.execute(insert(area), more)
    whole = view(1, DAYS - 1)
    assert returns.matrix(whole).empty
    assert returns.by_unit(whole).empty
    rows = returns.by_child_and_day(whole)
    of_street = rows[rows["area_id"] == 99]
    assert len(of_street) == DAYS
    came = [sum(large_street[100 + u, n] not in "-!" for u in range(VILLAGES)) for n in range(DAYS)]
    assert of_street["reporting_rate"].tolist() == pytest.approx([number / VILLAGES for number in came])
