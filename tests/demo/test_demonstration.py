"""The demonstration adds up to what the district published in 2010, and is the same every time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries.__main__ import main
from queries.database import engine
from queries.demo import demonstrate, write_files
from queries.returns import is_simulated
from queries.schema import check_in, commitment, daily_return, daily_return_history, load, staffing_return
from tests.pages.forms import LAST, Forms, read_forms

DISTRICT = "320114000000"
# Published for 8 October 2010: households and persons registered, by where they live and where their hukou is.
PUBLISHED = {"hh_done": 49_171, "pers_total": 151_990}


def rows_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_files_and_another_one_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 2010), ("b", 2010), ("c", 2011)):
        list(write_files(tmp_path / name, seed=seed))
    assert rows_of(tmp_path / "a") == rows_of(tmp_path / "b")
    assert rows_of(tmp_path / "a") != rows_of(tmp_path / "c")


@pytest.mark.parametrize("seed", [2010, 7])
def test_returns_add_up_to_the_published_totals_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    list(write_files(tmp_path, seed=seed))
    forms = read_forms(tmp_path)
    for field, total in PUBLISHED.items():
        assert forms.total(DISTRICT, field, LAST) == total
    parts = [forms.total(DISTRICT, field, LAST) for field in ("pers_living", "pers_absent")]
    assert sum(parts) == PUBLISHED["pers_total"]


def test_streets_villages_and_districts_are_the_real_ones(demonstration_forms: Path) -> None:
    forms: Forms = read_forms(demonstration_forms)
    assert len(forms.children(DISTRICT)) == 9
    assert len(forms.villages(DISTRICT)) == 98
    assert forms.frame["eds"].sum() == pytest.approx(1_420, abs=15)


def test_everything_in_it_is_marked_as_simulated_and_kept_with_its_corrections(demonstration: str) -> None:
    assert is_simulated()
    with engine().connect() as connection:
        assert connection.execute(select(func.count()).select_from(load).where(~load.c.simulated)).scalar_one() == 0
        corrected = connection.execute(select(func.count()).select_from(daily_return_history)).scalar_one()
        current = connection.execute(
            select(func.count()).select_from(daily_return).where(daily_return.c.version > 1)
        ).scalar_one()
        staff = connection.execute(select(func.count()).select_from(staffing_return)).scalar_one()
    assert corrected == current > 0
    assert staff > 0


def test_check_ins_were_held_on_the_last_evenings_and_that_of_the_last_day_is_open(demonstration: str) -> None:
    with engine().connect() as connection:
        meetings = connection.execute(select(check_in).order_by(check_in.c.date)).mappings().all()
        decided = connection.execute(select(func.count()).select_from(commitment)).scalar_one()
    assert [row["date"] for row in meetings] == [LAST - timedelta(days=n) for n in (3, 2, 1, 0)]
    assert [row["closed_at"] is not None for row in meetings] == [True, True, True, False]
    assert all(row["simulated"] for row in meetings)
    assert all(row["closed_at"].date() == row["date"] for row in meetings[:3])
    assert [row["since_id"] for row in meetings[1:3]] == [row["id"] for row in meetings[:2]]
    assert decided == 11


def test_it_can_be_made_for_any_tree(database: str, tmp_path: Path) -> None:
    tree = tmp_path / "tree.csv"
    rows = [("9", "丁县", "", 1)]
    rows += [(f"9{s}", f"{s}号镇", "9", 2) for s in range(1, 4)]
    rows += [(f"9{s}0{v}", f"{s}0{v}村", f"9{s}", 3) for s in range(1, 4) for v in range(1, 5)]
    pd.DataFrame(rows, columns=["code", "name", "parent_code", "level"]).to_csv(tree, index=False)
    receipts = list(demonstrate(tree, days=5, size=12_000))
    assert {receipt.result for receipt in receipts} == {"stored"}
    with engine().connect() as connection:
        filed = connection.execute(select(func.count()).select_from(daily_return)).scalar_one()
    assert filed >= 12 * 5 - 4


def test_enumeration_districts_can_report_instead_of_villages(sqlite_database: str) -> None:
    receipts = list(demonstrate(days=2, eds=True))
    assert {receipt.result for receipt in receipts} == {"stored"}
    with engine().connect() as connection:
        units = connection.execute(select(func.count(daily_return.c.area_id.distinct()))).scalar_one()
    assert units == pytest.approx(1_420, abs=60)


@pytest.mark.parametrize("days", [1, 2, 5, 6, 7])
def test_a_few_days_are_a_demonstration_too(sqlite_database: str, days: int) -> None:
    assert main(["demo", "--days", str(days)]) == 0
    with engine().connect() as connection:
        assert connection.execute(select(func.count(daily_return.c.report_date.distinct()))).scalar_one() == days


def test_checks_tell_their_stories_whatever_the_seed(tmp_path: Path) -> None:
    for seed in (2010, 7):
        list(write_files(tmp_path / str(seed), seed=seed))
        checks = pd.read_csv(tmp_path / str(seed) / "4-checks.csv", dtype={"area_code": str, "cross_unit": str})
        crossed = checks[checks["level"] == "street"]
        assert len(crossed[crossed["re_check_id"].isna()]) == 9
        assert (crossed["cross_unit"] != crossed["area_code"].str[:9] + "000").all()
        assert ((crossed["hukou_checked"] == 250) & (crossed["hukou_err"] == 1) & (crossed["decision"] == "pass")).any()
        assert (crossed["birth_err"] == 1).sum() == 1
        back = crossed[crossed["decision"] == "rework"]
        redone = crossed[crossed["re_check_id"].notna()]
        assert len(back) == 3
        assert redone["re_check_id"].isin(back["check_id"]).all()
        assert redone["decision"].tolist() == ["pass"]


def test_no_check_is_filed_after_the_last_day(tmp_path: Path) -> None:
    assert not any("checks" in path.name for path in write_files(tmp_path / "a", days=14))
    list(write_files(tmp_path / "b", days=16))
    filed = pd.read_csv(tmp_path / "b" / "4-checks.csv")
    assert set(filed["report_date"]) == {"2010-09-29"}
    assert set(filed["level"]) == {"self"}


@pytest.mark.parametrize("size", [8_000, 15_000])
def test_checks_of_small_villages_keep_the_rules_too(sqlite_database: str, size: int) -> None:
    assert {receipt.result for receipt in demonstrate(size=size)} == {"stored"}


def test_a_long_sweep_never_counts_more_households_than_the_frame_holds(tmp_path: Path) -> None:
    paths = list(write_files(tmp_path, days=60))
    last = pd.read_csv(sorted(p for p in paths if "-b-progress-" in p.name)[-1], dtype={"area_code": str})
    frame = pd.read_csv(tmp_path / "2-targets.csv", dtype={"area_code": str}).set_index("area_code")
    outcomes = ["hh_done", "hh_vacant", "hh_away", "hh_deceased", "hh_refused", "hh_noncontact"]
    placed = last.set_index("area_code")[outcomes].sum(axis=1)
    assert (placed <= frame["frame_households"].loc[placed.index]).all()
    assert placed.sum() > 0.85 * frame["frame_households"].sum()
