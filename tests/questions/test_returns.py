"""What is in, late, silent or restated, on a district small enough to read: each letter below is a return."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, insert, update

from queries import completion, restatements, returns
from queries.database import engine
from queries.intake.store import ADDED_HERE, store_progress, store_targets
from queries.rollup import roll_up
from queries.schema import area, daily_return, load, setting
from queries.view import View
from tests.rollup.tree import PHASE, START, UNITS, lay_out

# T on time, L late, U no time of submission, N nil, C corrected later, - silent, ! never in, . outside its phase
FILED = {
    3: "TCTTTT",
    4: "TTLNUT",
    5: "!!!!!!",
    7: ".TTT--",
    8: ".TTTT-",
    9: "TTCTNT",
}
LATE_TOO = {(9, 2), (9, 4)}  # nil and corrected returns that came late
WORDS = {"T": "on_time", "L": "late", "U": "untimed", "N": "nil", "C": "corrected", "-": "carried", "!": "never",
         ".": "not_due"}  # fmt: skip
IN = "TLUNC"
CHILDREN = {2: [3, 4, 5], 6: [7, 8], 9: [9]}
LAST = 5
FRAME = 40


def on(n: int) -> date:
    return START + timedelta(days=n)


def view(area_id: int = 1, n: int = LAST, scope_id: int = 1) -> View:
    return View(PHASE, on(n), area_id, scope_id, "en")


def letters(units: list[int], first: int = 0, last: int = LAST) -> list[tuple[int, int, str]]:
    return [(unit, n, FILED[unit][n]) for unit in units for n in range(first, last + 1)]


def is_on_time(unit: int, n: int) -> bool:
    return FILED[unit][n] in "TNC" and (unit, n) not in LATE_TOO


def done(unit: int, n: int) -> int:
    return 2 * unit + 3 * n


def filing(unit: int, n: int, **changes: Any) -> dict[str, Any]:
    return {
        "area_id": unit,
        "report_date": pd.Timestamp(on(n)),
        "on_time": None if FILED[unit][n] == "U" else is_on_time(unit, n),
        "is_nil": FILED[unit][n] == "N",
        "hh_done": done(unit, n),
        "hh_vacant": 1,
        "pers_total": 3 * done(unit, n),
        "births": n,
    } | changes


def arrive(connection: Connection, load_id: int, day: int, rows: list[dict[str, Any]]) -> None:
    """Store returns as a load of their own and roll them up."""
    at = datetime.combine(on(day), datetime.min.time()).replace(hour=19)
    connection.execute(
        insert(load).values(
            id=load_id, loaded_at=at, kind="progress", file_name=f"file {load_id}", result="stored", simulated=False
        )
    )
    frame = pd.DataFrame(rows).assign(phase_id=PHASE)
    frame["on_time"] = frame["on_time"].astype("boolean")
    frame = frame.assign(**{c.name: None for c in daily_return.c if c.name not in (*frame.columns, *ADDED_HERE)})
    stored = store_progress(connection, frame, load_id, at)
    roll_up(connection, PHASE, stored.changed)


def give_frames(connection: Connection, units: list[int], households: int, **more: Any) -> None:
    rows = pd.DataFrame({"phase_id": PHASE, "area_id": units, "frame_households": households})
    rows = rows.assign(valid_from=None, frame_persons=None, eds=None, hard_to_count=None, reason=None)
    stored = store_targets(connection, rows.assign(**more), 1)
    roll_up(connection, PHASE, stored.changed)


@pytest.fixture(name="district")
def _district(database: str) -> str:
    """Two streets and a village of its own, six days of returns, three corrections, one revised frame."""
    with engine().begin() as connection:
        lay_out(connection)
        give_frames(connection, UNITS, FRAME)
        rows = [filing(unit, n) for unit, n, letter in letters(UNITS) if letter in IN]
        arrive(connection, 10, LAST, [*rows, filing(8, 0, on_time=True)])
        arrive(connection, 20, 2, [filing(3, 1, hh_done=20, births=4, on_time=False, correction_reason="twice")])
        arrive(connection, 21, 4, [filing(3, 1, hh_done=8, births=4, on_time=False, correction_reason="again")])
        arrive(connection, 22, 5, [filing(9, 2, hh_done=21, hh_vacant=3, correction_reason="late slip")])
        give_frames(connection, [3], 50, valid_from=pd.Timestamp(on(3)), reason="new block")
    return database


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


def test_every_step_of_a_restatement_is_kept_with_what_it_moves(district: str) -> None:
    rows = restatements.returns(view())
    rows = rows[rows["indicator"].isin(["hh_done", "hh_resolved"])]
    steps = rows[["area_id", "report_date", "version", "indicator", "was", "is_now"]].to_numpy().tolist()
    one, two = pd.Timestamp(on(1)), pd.Timestamp(on(2))
    assert steps == [
        [9, two, 2, "hh_resolved", done(9, 2) + 1, 24],
        [9, two, 2, "hh_done", done(9, 2), 21],
        [3, one, 3, "hh_resolved", 21, 9],
        [3, one, 3, "hh_done", 20, 8],
        [3, one, 2, "hh_resolved", done(3, 1) + 1, 21],
        [3, one, 2, "hh_done", done(3, 1), 20],
    ]
    assert rows["is_fall"].tolist() == [True, True, True, True, False, False]
    assert rows["load_id"].tolist() == [22, 22, 21, 21, 20, 20]
    assert rows["file_name"].tolist()[::2] == ["file 22", "file 21", "file 20"]
    assert rows["correction_reason"].tolist()[::2] == ["late slip", "again", "twice"]
    day_one = {3: 8, 4: done(4, 1), 7: done(7, 1), 8: done(8, 1), 9: done(9, 1)}
    last = rows.iloc[3]
    assert last["total_now"] == sum(day_one.values())
    assert last["moves"] == pytest.approx(-12 / sum(day_one.values()))
    street = restatements.returns(view(2))
    assert set(street["area_id"]) == {3}
    assert street[street["indicator"] == "hh_done"]["total_now"].tolist() == [8 + done(4, 1)] * 2


def test_births_of_a_village_are_restated_without_their_figures(district: str) -> None:
    rows = restatements.returns(view())
    births = rows[rows["indicator"] == "births"]
    assert births["is_hidden"].tolist() == [True]
    assert births[["was", "is_now", "change", "total_now", "moves"]].isna().all(axis=None)
    assert not births["is_fall"].any()
    assert not rows[rows["indicator"] != "births"]["is_hidden"].any()
    with engine().begin() as connection:
        connection.execute(update(area).where(area.c.id == 3).values(kind="street"))
    shown = restatements.returns(view()).set_index("indicator").loc["births"]
    assert (shown["was"], shown["is_now"], shown["is_hidden"]) == (1, 4, False)


def test_a_nil_return_that_is_corrected_is_set_against_the_figure_that_stood(district: str) -> None:
    with engine().begin() as connection:
        arrive(connection, 31, 6, [filing(4, 3, is_nil=False, hh_done=15, report_date=pd.Timestamp(on(3)))])
    rows = restatements.returns(view())
    step = rows[(rows["area_id"] == 4) & (rows["indicator"] == "hh_done")].iloc[0]
    assert (step["was"], step["is_now"]) == (done(4, 2), 15)


def test_only_the_latest_corrections_are_listed(district: str) -> None:
    rows = restatements.returns(view(), limit=1)
    assert set(rows["load_id"]) == {22}


def test_a_revised_frame_keeps_the_rate_at_the_frame_before(district: str) -> None:
    (row,) = restatements.frames(view()).to_dict("records")
    resolved = done(3, 5) + 1
    assert (row["area_id"], row["was"], row["is_now"], row["change"], row["reason"]) == (3, 40, 50, 10, "new block")
    assert row["rate_before"] == resolved / 40
    assert row["rate_now"] == resolved / 50
    effect = restatements.frame_effect(view()).iloc[0]
    known = [(3, 5), (4, 5), (7, 3), (8, 4), (9, 5)]
    whole = sum(done(unit, n) + 1 for unit, n in known)
    assert (effect["frame_first"], effect["frame_now"], effect["change"]) == (6 * FRAME, 6 * FRAME + 10, 10)
    assert effect["rate_first"] == pytest.approx(whole / (6 * FRAME))
    assert effect["rate_now"] == pytest.approx(whole / (6 * FRAME + 10))
    assert restatements.frames(view(n=2)).empty
    assert restatements.frame_effect(view(n=2)).iloc[0]["change"] == 0
    assert restatements.frames(view(6)).empty


def test_what_is_missing_is_a_bound_or_unknown_and_never_zero(district: str) -> None:
    streets = completion.by_child(view()).set_index("area_id")
    carried = done(7, 3) + 1 + done(8, 4) + 1
    assert streets.loc[6, "resolved_carried"] == streets.loc[6, "hh_resolved"] == carried
    assert streets.loc[6, "carried_share"] == 1
    assert np.isnan(streets.loc[6, "increment"])
    units = completion.by_child(view(2)).set_index("area_id")
    assert np.isnan(units.loc[5, "resolution_rate"])
    assert (units.loc[5, "resolution_low"], units.loc[5, "resolution_high"]) == (0, 1)
    assert units.loc[5, "behind_hh"] == pytest.approx(FRAME * units.loc[5, "planned_share"])
    backlog = [max(0.0, 0.6 * frame - known) for frame, known in ((50, done(3, 5) + 1), (40, done(4, 5) + 1), (40, 0))]
    assert streets.loc[2, "behind_hh"] == pytest.approx(sum(backlog))
    assert streets.loc[2, "increment_high"] == streets.loc[2, "increment"] + FRAME
    assert completion.not_started(view(2)).empty
    early = completion.by_child(view(6, 0)).set_index("area_id").loc[7]
    assert early[["resolution_rate", "resolution_low", "resolution_high", "increment"]].isna().all()


def test_a_day_of_an_area_without_any_return_has_no_increment(district: str) -> None:
    days = completion.daily(view(6)).set_index("date")["increment"]
    assert days.iloc[2:5].tolist() == [2 * 3, 2 * 3, 3]
    assert np.isnan(days.iloc[5])
    cells = completion.daily_by_unit(view())
    silent = cells[cells["carried"]]
    assert set(zip(silent["area_id"], silent["date"].dt.date, strict=True)) >= {(7, on(4)), (7, on(5)), (8, on(5))}
    assert not cells.loc[cells["area_id"] == 5, "carried"].any()


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
    from queries.schema import phase, phase_day

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
