"""Areas, calendars, boundaries and settings go back too, unless something hangs on what would go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from queries.__main__ import main
from queries.database import engine, fetch
from queries.intake.receipt import lines
from queries.intake.undo import undo
from queries.schema import area, boundary, daily_return, load, phase, phase_area, phase_day, setting
from queries.settings import settings
from tests.intake.test_faults import everything
from tests.intake.test_undo import counts, is_as_rebuilt, rolled_up, taken
from tests.intake.world import NOW, settle_world
from tests.intake.world import load as file_in
from tests.intake.world import progress as row
from tests.settling import settled

SWEEP = {"phase": "sweep", "start": "2010-09-15", "end": "2010-10-31", "cutoff": "17:30"}


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def place(code: str, name: str, parent: str, level: str = "village") -> dict[str, Any]:
    return {"code": code, "name": name, "parent_code": parent, "level": level}


def tree() -> dict[str, tuple[str, int, int]]:
    """Return name and interval of every area by path."""
    with engine().connect() as connection:
        rows = connection.execute(select(area.c.path, area.c.name_zh_hans, area.c.first, area.c.last)).all()
    return {path: (name, first, last) for path, name, first, last in rows}


def basis() -> dict[str, list[str]]:
    """Return all that is derived or current of areas, calendars, boundaries and settings."""
    tables = (area, phase, phase_area, phase_day, boundary, setting)
    with engine().connect() as connection:
        found = {t.name: sorted(map(repr, connection.execute(select(t)).all())) for t in tables}
    return found | rolled_up()


def phases() -> dict[str, str]:
    rows = fetch(select(phase.c.code, phase.c.end))
    return {r.code: f"{r.end:%m-%d}" for r in rows.itertuples()}


def test_areas_of_a_wrong_list_go_and_names_it_changed_come_back(world: Path) -> None:
    before = basis()
    wrong = taken(
        world,
        place("101", "改名街道", "10", "street"),
        place("10901", "鬼村一", "101"),
        place("10902", "鬼村二", "101"),
        name="wrong",
    )
    assert tree()["10/101"][0] == "改名街道"
    assert counts(undo(wrong, now=NOW)) == ("undone", 1, 2, 0)
    assert basis() == before
    assert is_as_rebuilt()


def test_only_the_ghosts_go_where_a_corrected_list_names_the_others_again(world: Path) -> None:
    right, ghost = place("10301", "新村", "101"), place("10399", "鬼村", "101")
    wrong = taken(world, right, ghost, name="wrong")
    corrected = taken(world, right, place("10302", "又一村", "101"), name="corrected")
    taken(world, row(6, area_code="10301"), name="work")
    assert counts(undo(wrong, now=NOW)) == ("undone", 0, 1, 1)
    assert "10/101/10399" not in tree()
    assert {"10/101/10301", "10/101/10302"} <= set(tree())
    assert is_as_rebuilt()
    refused = undo(corrected, now=NOW)
    assert refused.problem is not None
    assert refused.problem.rule == "something_hangs"


def test_what_hangs_on_an_area_is_named_with_its_number_an_example_and_its_load(world: Path) -> None:
    villages = taken(world, place("10301", "新村", "101"), place("10302", "又一村", "101"), name="villages")
    framed = {"phase": "sweep", "frame_households": 100, "frame_persons": 300}
    frames = taken(world, *({"area_code": code, **framed} for code in ("10301", "10302")), name="frames")
    work = taken(world, row(6, area_code="10301"), row(7, area_code="10301"), name="work")
    own = taken(world, {**SWEEP, "area_code": "10302", "start": "2010-09-20"}, name="own calendar")
    below = taken(world, place("103021", "下级小区", "10302", "ed"), name="below")
    before = everything()
    refused = undo(villages, now=NOW)
    assert everything() == before
    assert refused.problem is not None
    assert sorted(refused.problem.expected["hanging"]) == [
        ("area", 1, "103021", None),
        ("calendar", 1, "10302", None),
        ("progress", 2, "10301", work),
        ("target", 2, "10301", frames),
    ]
    said = {tongue: "".join(lines(refused, tongue)) for tongue in ("en", "zh_Hans", "zh_Hant")}
    assert f"daily returns: 2 (10301, load {work})" in said["en"]
    assert f"进度日报表 2 项（10301，第 {work} 次导入）" in said["zh_Hans"]
    assert "下級地區 1 項（103021）" in said["zh_Hant"]
    for load_id in (below, own, work, frames, villages):
        assert undo(load_id, now=NOW).result == "undone"
    assert not {"10/101/10301", "10/101/10302"} & set(tree())
    assert is_as_rebuilt()
    ids = fetch(select(area.c.id))["id"].max()
    taken(world, place("10303", "别村", "101"), name="another")
    assert fetch(select(area.c.id))["id"].max() > ids + 2  # ids of areas that went are not given to others


def test_an_area_that_comes_back_has_its_id_again(world: Path) -> None:
    wanted = select(area.c.id).where(area.c.code == "10301")
    first = taken(world, place("10301", "新村", "101"), name="villages")
    before = fetch(wanted)["id"].tolist()
    undo(first, now=NOW)
    again = file_in(world, place("10301", "新村", "101"), name="villages")
    assert (again.result, again.rows_stored) == ("stored", 1)
    assert fetch(wanted)["id"].tolist() == before


def test_a_calendar_goes_back_to_the_one_before(world: Path) -> None:
    before = basis()
    changed = taken(world, {**SWEEP, "end": "2010-10-20"}, {**SWEEP, "phase": "long"}, name="wrong calendar")
    own = taken(world, {**SWEEP, "area_code": "101", "start": "2010-09-18"}, name="own calendar")
    assert phases()["sweep"] == "10-20"
    assert counts(undo(changed, now=NOW)) == ("undone", 1, 1, 0)
    assert counts(undo(own, now=NOW)) == ("undone", 0, 1, 0)
    assert basis() == before
    assert is_as_rebuilt()


def test_a_phase_with_returns_says_that_they_hang_on_it(world: Path) -> None:
    with engine().connect() as connection:
        calendar = connection.execute(select(load.c.id).where(load.c.file_name == "calendar.csv")).scalar_one()
        returns = connection.execute(select(func.count()).select_from(daily_return)).scalar_one()
    refused = undo(calendar, now=NOW)
    assert refused.problem is not None
    hanging = {what: number for what, number, _example, _load in refused.problem.expected["hanging"]}
    assert hanging == {"progress": returns, "target": 5}


def test_a_calendar_put_back_to_an_earlier_file_is_taken_in(world: Path) -> None:
    first = {**SWEEP, "end": "2010-10-25"}
    taken(world, first, name="a")
    taken(world, {**SWEEP, "end": "2010-10-28"}, name="b")
    again = file_in(world, first, name="a")
    assert (again.result, again.rows_corrected, again.seen_as) == ("stored", 1, None)
    assert phases()["sweep"] == "10-25"
    assert file_in(world, first, name="a").seen_as == again.load_id
    assert is_as_rebuilt()


def test_a_list_put_back_to_an_earlier_file_is_taken_in(world: Path) -> None:
    taken(world, place("10101", "甲名", "101"), name="a")
    taken(world, place("10101", "乙名", "101"), name="b")
    assert file_in(world, place("10101", "甲名", "101"), name="a").result == "stored"
    assert tree()["10/101/10101"][0] == "甲名"


def test_settings_go_back_one_by_one_in_any_order(world: Path) -> None:
    before = rolled_up()
    usual = settings()["staff.persons_per_enumerator"]
    numbers = []
    for value in (100, 50, 100):
        assert main(["settings", "staff.persons_per_enumerator", str(value)]) == 0
        with engine().connect() as connection:
            numbers.append(connection.execute(select(func.max(load.c.id))).scalar_one())
    assert settings()["staff.persons_per_enumerator"] == 100
    assert counts(undo(numbers[1], now=NOW)) == ("undone", 0, 0, 1)
    assert counts(undo(numbers[2], now=NOW)) == ("undone", 0, 0, 1)  # the first said the same
    assert settings()["staff.persons_per_enumerator"] == 100
    assert counts(undo(numbers[0], now=NOW)) == ("undone", 0, 1, 0)
    assert settings()["staff.persons_per_enumerator"] == usual
    assert rolled_up() == before
    assert is_as_rebuilt()


def geojson(folder: Path, **corners: float) -> Path:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [
            [[118.0, 31.0], [118.0 + side, 31.0], [118.0 + side, 31.0 + side], [118.0, 31.0]]]}}
        for code, side in corners.items()
    ]  # fmt: skip
    path = folder / f"{'-'.join(map(str, corners.values()))}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_boundaries_go_back_and_a_file_put_back_is_taken_in(world: Path) -> None:
    from queries.intake.take_in import take_in

    first = take_in(geojson(world, **{"101": 0.1}), now=NOW)
    before = basis()
    second = take_in(geojson(world, **{"101": 0.2, "102": 0.3}), now=NOW)
    assert (first.rows_stored, second.rows_stored, second.rows_corrected) == (1, 1, 1)
    assert second.load_id is not None
    assert counts(undo(second.load_id, now=NOW)) == ("undone", 1, 1, 0)
    assert basis() == before
    again = take_in(geojson(world, **{"101": 0.2, "102": 0.3}), now=NOW)
    assert again.result == "stored"
    assert take_in(geojson(world, **{"101": 0.1}), now=NOW).rows_corrected == 1
    assert take_in(geojson(world, **{"101": 0.1}), now=NOW).seen_as is not None


def test_a_load_of_nothing_new_has_nothing_to_undo(world: Path) -> None:
    with engine().begin() as connection:
        number = connection.execute(
            insert(load).values(loaded_at=NOW, kind="calendar", result="stored", simulated=False).returning(load.c.id)
        ).scalar_one()
    refused = undo(number, now=NOW)
    assert refused.problem is not None
    assert refused.problem.rule == "nothing_to_undo"
