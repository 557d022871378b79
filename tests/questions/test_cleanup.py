"""The register clean-up asked of both databases: streets and stations many-to-many, missing is not zero."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert, select

from queries import cleanup, cleanup_deadlines, cleanup_stations
from queries.counts import CLEANUP_KINDS, CLEANUP_STATES, PERSON_CATEGORIES
from queries.database import engine
from queries.intake.take_in import take_in
from queries.presets import PRESETS, calendar_form
from queries.schema import area, setting
from queries.view import View
from tests.intake.test_cleanup_rules import ZERO
from tests.intake.world import AREAS, NOW, load

DAY = date(2010, 10, 8)


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    """Return a folder for files; three streets below a district, and a calendar, are in the database."""
    columns = ("code", "name", "parent_code", "level")
    areas = [*AREAS, ("103", "南街道", "10", "street")]
    load(tmp_path, *(dict(zip(columns, row, strict=True)) for row in areas), name="areas")
    load(
        tmp_path,
        {"phase": "cleanup", "start": "2010-08-01", "end": "2010-10-15"},
        {"phase": "rectification", "start": "2010-09-20", "end": "2010-12-31"},
        {"phase": "cleanup", "area_code": "102", "start": "2010-08-01", "end": "2010-10-05"},
        name="calendar",
    )
    return tmp_path


def look(code: str = "10", day: date = DAY, scope: str | None = None) -> View:
    with engine().connect() as connection:
        ids = dict(connection.execute(select(area.c.code, area.c.id)).all())
    return View(1, day, ids[code], ids[scope or code], "zh_Hans")


def plain(street: str, station: str, day: str = "2010-10-08", **cases: Any) -> dict[str, Any]:
    """Return a return that states only the given counts."""
    base = {"report_date": day, "area_code": street, "police_station": station, "materials_handed_over": "yes"}
    return {**base, **cases}


def separated(found: int, resolved: int, overdue: int = 0) -> dict[str, int]:
    pending = found - resolved
    return {"separated_found": found, "separated_resolved": resolved, "separated_pending": pending,
            "separated_overdue": overdue}  # fmt: skip


def file(folder: Path, *rows: dict[str, Any]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    receipt = load(folder, *({name: row.get(name, "") for name in names} for row in rows))
    assert receipt.result == "stored", [c.findings.to_dict("records") for c in receipt.checked]


def test_a_shared_station_and_a_street_of_two_stations_are_counted_once_in_either_cut(world: Path) -> None:
    file(
        world,
        plain("101", "甲所", **separated(10, 4)),
        plain("101", "乙所", **separated(20, 5, 2)),
        plain("102", "乙所", **separated(40, 10)),
    )
    streets = cleanup.by_child(look(), "separated").set_index("code")
    assert streets.loc[["101", "102"], "found"].tolist() == [30, 40]
    assert streets.loc[["101", "102"], "pending"].tolist() == [21, 30]
    stations = cleanup_stations.by_station(look(), "separated").set_index("police_station")
    assert stations["found"].to_dict() == {"甲所": 10, "乙所": 60}
    assert stations.loc["乙所", "streets"] == ("东街道", "西街道")
    whole = cleanup.by_kind(look()).set_index("kind").loc["separated"]
    assert (whole["found"], whole["resolved"], whole["pending"], whole["overdue"]) == (70, 19, 51, 2)
    assert whole["rectification_rate"] == pytest.approx(19 / 70)
    assert whole["overdue_share"] == pytest.approx(2 / 70)


def test_a_street_that_never_filed_is_unknown_and_counted_as_missing(world: Path) -> None:
    file(world, plain("101", "甲所", **separated(10, 4)))
    streets = cleanup.by_child(look(), "separated").set_index("code")
    assert np.isnan(streets.loc["103", "found"])
    assert streets.loc["103", "streets_in"] == 0
    assert cleanup.of_area(look()).iloc[0][["streets_due", "streets_in", "returns"]].tolist() == [3, 1, 1]
    late = cleanup.not_in(look())
    assert late["name"].tolist() == ["西街道", "南街道"]
    assert late["police_station"].isna().all()


def test_the_latest_return_on_or_before_the_day_stands_and_later_ones_do_not_count(world: Path) -> None:
    for day, found in (("2010-09-24", 10), ("2010-10-01", 15), ("2010-10-08", 25)):
        file(world, plain("101", "甲所", day, **separated(found, 5)))
    for day, found in ((date(2010, 9, 30), 10), (date(2010, 10, 7), 15), (DAY, 25)):
        assert cleanup.by_kind(look(day=day)).set_index("kind").loc["separated", "found"] == found
    assert cleanup.newest(look(day=date(2010, 9, 30))) == pd.Timestamp(DAY)
    course = cleanup.course(look())
    assert course[course["group"] == "categories"]["found"].tolist() == [10, 15, 25]


def test_an_old_return_opens_the_rate_to_a_range(world: Path) -> None:
    file(world, plain("101", "甲所", "2010-09-24", **separated(40, 10)))
    file(world, plain("102", "乙所", "2010-10-08", **separated(60, 30)))
    row = cleanup.by_kind(look()).set_index("kind").loc["separated"]
    assert row["rate_low"] == pytest.approx(40 / 100)
    assert row["rate_high"] == pytest.approx(70 / 100)
    late = cleanup.not_in(look())
    assert late[late["police_station"] == "甲所"]["days_missing"].tolist() == [14]
    with engine().begin() as connection:
        connection.execute(insert(setting).values(key="cleanup.report_days", value=30, load_id=0))
    row = cleanup.by_kind(look()).set_index("kind").loc["separated"]
    assert row["rate_low"] == row["rate_high"] == pytest.approx(40 / 100)


def test_a_nil_return_keeps_the_figures_and_counts_as_in(world: Path) -> None:
    file(world, plain("101", "甲所", "2010-09-24", **separated(40, 10)))
    file(world, {**plain("101", "甲所", "2010-10-08"), "is_nil": "yes"})
    row = cleanup.by_child(look(), "separated").set_index("code").loc["101"]
    assert (row["found"], row["carried"]) == (40, 0)
    assert row["report_date"] == pd.Timestamp(DAY)


def test_a_return_of_the_day_in_a_later_file_replaces_the_earlier_one(world: Path) -> None:
    file(world, plain("101", "甲所", **separated(40, 10)))
    file(world, {**plain("101", "甲所", **separated(30, 10)), "correction_reason": "counted twice"})
    assert cleanup.by_kind(look()).set_index("kind").loc["separated", "found"] == 30


def test_person_times_are_never_added_to_persons(world: Path) -> None:
    states = {f"item_correction_{state}": n for state, n in zip(CLEANUP_STATES, (500, 400, 100, 7), strict=True)}
    types = {f"multiple_hukou_{state}": n for state, n in zip(CLEANUP_STATES, (5, 4, 1, 0), strict=True)}
    file(world, plain("101", "甲所", **states, **types))
    kinds = cleanup.by_kind(look()).set_index("kind")
    assert kinds.loc["item_correction", "found"] == 500
    assert kinds.loc["issues", "found"] == 5
    assert cleanup.of_area(look())["issues_found"].tolist() == [5]
    assert all("item_correction" not in types for types in cleanup.BATCHES.values())


def test_what_two_of_the_three_tell_is_known_and_what_one_tells_stays_out_of_the_rate(world: Path) -> None:
    file(
        world,
        plain("101", "甲所", separated_found=10, separated_resolved=4),
        plain("101", "乙所", separated_found=30),
        plain("102", "丙所", separated_pending=5),
    )
    row = cleanup.by_kind(look()).set_index("kind").loc["separated"]
    assert (row["found"], row["resolved"], row["pending"], row["stated"]) == (40, 4, 11, 2)
    assert np.isnan(row["overdue"])
    assert row["rectification_rate"] == pytest.approx(4 / 10)
    assert np.isnan(row["overdue_share"])
    assert row["status"] == "unknown"


def test_results_that_no_return_states_are_unknown(world: Path) -> None:
    file(world, plain("101", "甲所", late_entries=28, no_hukou_foundling=9), plain("102", "乙所", late_entries=2))
    found = cleanup.results(look()).set_index("result")
    assert found.loc["late_entries", ["number", "stated", "returns"]].tolist() == [30, 2, 2]
    assert found.loc["no_hukou_foundling", ["number", "stated"]].tolist() == [9, 1]
    rest = found.drop(index=["late_entries", "no_hukou_foundling"])
    assert rest["number"].isna().all()


def test_a_district_that_files_for_its_streets_has_them_all_in(world: Path) -> None:
    file(world, plain("10", "县局", **separated(10, 4)))
    assert cleanup.of_area(look())["streets_in"].tolist() == [3]
    assert cleanup.not_in(look()).empty
    assert cleanup.by_child(look(), "separated")["found"].isna().all()


def test_nothing_outside_the_scope_is_seen(world: Path) -> None:
    file(world, plain("101", "甲所", **separated(10, 4)), plain("102", "甲所", **separated(40, 10)))
    own = look("101", scope="101")
    other = View(1, DAY, look("102").area_id, own.scope_id, "zh_Hans")
    above = View(1, DAY, look("10").area_id, own.scope_id, "zh_Hans")
    assert cleanup.of_area(other).empty
    assert cleanup_stations.by_station(own, "separated")["found"].tolist() == [10]
    assert cleanup.by_kind(above).set_index("kind").loc["separated", "found"] == 10
    assert cleanup.not_in(above).empty
    assert cleanup.newest(other) is None


def test_deadlines_follow_the_calendar_of_the_area(world: Path) -> None:
    file(world, plain("101", "甲所", hh_to_check=10, hh_checked=10), plain("102", "乙所", **separated(40, 10)))
    here = cleanup_deadlines.deadlines(look()).set_index("deadline")
    assert here["due"].dt.date.to_dict() == {
        "materials_handed_over": date(2010, 9, 20), "cleanup": date(2010, 10, 15),
        "rectification": date(2010, 12, 31), "db_updated": date(2010, 12, 31),
    }  # fmt: skip
    assert here["days_left"].to_dict() == {
        "materials_handed_over": -18, "cleanup": 7, "rectification": 84, "db_updated": 84
    }  # fmt: skip
    assert here["state"].to_dict() == {  # a street has not reported: nothing is done
        "materials_handed_over": "passed", "cleanup": "open", "rectification": "open", "db_updated": "open"
    }  # fmt: skip
    street = cleanup_deadlines.deadlines(look("101")).set_index("deadline")
    assert street["state"].to_dict() == {
        "materials_handed_over": "done", "cleanup": "done", "rectification": "open", "db_updated": "open"
    }  # fmt: skip
    own = cleanup_deadlines.deadlines(look("102")).set_index("deadline")
    assert own.loc["cleanup", ["due", "state"]].tolist() == [pd.Timestamp(2010, 10, 5), "passed"]
    assert cleanup_deadlines.deadlines(look("103")).set_index("deadline").loc["db_updated", "of"] == 0


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_preset_calendar_sets_the_deadlines_of_its_phases(sqlite_database: str, tmp_path: Path, preset: str) -> None:
    columns = ("code", "name", "parent_code", "level")
    load(tmp_path, *(dict(zip(columns, row, strict=True)) for row in AREAS), name="areas")
    path = tmp_path / "calendar.csv"
    path.write_text(calendar_form(preset), encoding="utf-8")
    assert take_in(path, now=NOW).result == "stored"
    ends = {p.code: p.end for p in PRESETS[preset] if p.code in ("cleanup", "rectification")}
    found = cleanup_deadlines.deadlines(look()).set_index("deadline")["due"].dt.date.to_dict()
    assert {code: day for code, day in found.items() if code in ("cleanup", "rectification")} == ends
    assert ("db_updated" in found) == bool(ends)
    if "rectification" in ends:
        assert found["db_updated"] == ends["rectification"]
        starts = {p.code: p.start for p in PRESETS[preset]}
        assert found["materials_handed_over"] == starts["rectification"]


def small(street: str, station: str, **found: int) -> dict[str, Any]:
    """Return a return with some kinds found and resolved, all others 0."""
    stated = {f"{kind}_{state}": n for kind, n in found.items() for state in ("found", "resolved")}
    return plain(street, station, **{**ZERO, **stated})


def test_a_small_sensitive_count_of_a_station_cannot_be_read_or_worked_out(world: Path) -> None:
    kinds = {"separated": 9, "should_cancel": 20, "not_cancelled": 20, "nominal_hukou": 11, "multiple_hukou": 6}
    file(
        world,
        small("101", "甲所", birth_not_registered=2, foreign_hmt_stateless=30, pending_registration=2, **kinds),
        small("101", "乙所", birth_not_registered=12, foreign_hmt_stateless=40, pending_registration=12, **kinds),
        small("101", "丙所", birth_not_registered=50, foreign_hmt_stateless=60, pending_registration=50, **kinds),
        small("102", "甲所", birth_not_registered=1, foreign_hmt_stateless=70, pending_registration=1, **kinds),
    )
    rows = cleanup.latest(look())
    shield = cleanup_stations.hidden(rows)
    covered = set(rows.loc[shield["birth_not_registered"], "police_station"])
    assert "甲所" in covered
    assert len(covered) > 1  # alone it would follow from the street's sum
    assert not shield.loc[rows["code"] == "102"].any(axis=None)  # its only station: the street's own figure
    for group in ("categories", "issues"):
        assert undetermined(rows, shield, cleanup.GROUPS[group])
    shown = cleanup_stations.by_station(look(), "birth_not_registered").set_index("police_station")
    assert set(shown.index[shown["found_masked"]]) == covered
    hidden = shown[shown["found_masked"]]
    assert hidden[[*CLEANUP_STATES, *cleanup_stations.RATES]].isna().all(axis=None)
    total = cleanup_stations.by_station(look(), "categories").set_index("police_station")
    assert not total["found_masked"].any()
    street = cleanup.by_child(look(), "birth_not_registered").set_index("code")
    assert street.loc["102", "found"] == 1  # at street level as filed


def undetermined(rows: pd.DataFrame, shield: pd.DataFrame, kinds: tuple[str, ...]) -> bool:
    """Return whether no hidden count follows from what is shown: sums of streets by kind, of returns over kinds."""
    cells = [(n, kind) for n in rows.index for kind in kinds if shield.loc[n, kind]]
    sums = [[float(n == row) for n, _ in cells] for row in rows.index]
    sums += [
        [float(rows.loc[n, "code"] == street and kind == wanted) for n, kind in cells]
        for street in rows["code"].unique()
        for wanted in kinds
    ]
    known = np.array(sums)
    rank = np.linalg.matrix_rank(known)
    units = np.eye(len(cells))
    return all(np.linalg.matrix_rank(np.vstack([known, unit])) > rank for unit in units)


@pytest.mark.parametrize("seed", range(6))
def test_no_mask_of_any_table_can_be_undone_by_subtraction(sqlite_database: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        [
            {"area_id": street, "code": str(street), "police_station": f"{station}", "carried": False}
            for street in range(4)
            for station in range(street + 1)
        ]
    )
    rows = rows.assign(**{name: rng.poisson(rng.choice([0.5, 3, 30]), len(rows)).astype(float) for name in ZERO})
    for kind in CLEANUP_KINDS:
        rows[f"{kind}_found"] = rows[f"{kind}_resolved"] + rows[f"{kind}_pending"]
    shield = cleanup_stations.hidden(rows)
    several = rows.groupby("area_id")["police_station"].transform("size") > 1
    for kind in ("birth_not_registered", "foreign_hmt_stateless"):
        states = rows[[f"{kind}_{state}" for state in CLEANUP_STATES]]
        exposed = (states.isin([1, 2, 3, 4]).any(axis=1) & several) & ~shield[kind]
        assert not exposed.any()
    assert undetermined(rows, shield, PERSON_CATEGORIES)
    assert undetermined(rows, shield, cleanup.GROUPS["issues"])
