"""A load is undone by a new load: older versions come back, first ones go, later corrections stay, nothing is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries.__main__ import main
from queries.database import engine, fetch
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import rebuild_everything
from queries.intake.undo import examine_undo, undo
from queries.restatements import frames as restated_frames
from queries.restatements import returns as restated_returns
from queries.schema import (
    area,
    audit,
    benchmark,
    benchmark_history,
    cleanup_return,
    daily_return,
    daily_return_history,
    load,
    progress,
    quality_check,
    staffing_progress,
    staffing_return,
    target,
)
from queries.view import View
from tests.intake.checks import own, quality
from tests.intake.test_cleanup_rules import cleanup
from tests.intake.test_faults import everything
from tests.intake.world import NOW, settle_world, staffing, write
from tests.intake.world import benchmark as figure
from tests.intake.world import load as file_in
from tests.intake.world import progress as row
from tests.settling import settled

UNDO_RULES = {
    "no_such_load", "undone_already", "is_an_undo", "something_hangs", "undo_outside_scope", "nothing_to_undo",
}  # fmt: skip
WHY = {"correction_reason": "one was missed"}


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def taken(world: Path, *rows: dict[str, Any], name: str) -> int:
    receipt = file_in(world, *rows, name=name)
    assert receipt.result == "stored", receipt.findings
    assert receipt.load_id is not None
    return receipt.load_id


def births() -> dict[str, float]:
    """Return the births of village 10101 by day, as the current returns have them."""
    rows = fetch(
        select(daily_return.c.report_date, daily_return.c.births)
        .join(area, area.c.id == daily_return.c.area_id)
        .where(area.c.code == "10101")
    )
    return {f"{r.report_date:%m-%d}": r.births for r in rows.itertuples()}


def rolled_up() -> dict[str, list[str]]:
    with engine().connect() as connection:
        return {t.name: sorted(map(repr, connection.execute(select(t)).all())) for t in (progress, staffing_progress)}


def view() -> View:
    with engine().connect() as connection:
        root = connection.execute(select(area.c.id).where(area.c.parent_id.is_(None))).scalar_one()
    return View(1, date(2010, 9, 24), root, root)


def on_top(name: str) -> dict[str, int]:
    """Return a count of the whole district by day, where it is not zero."""
    top = fetch(select(progress.c.date, progress.c[name]).where(progress.c.area_id == view().area_id))
    return {f"{r.date:%m-%d}": int(n) for r in top.itertuples() if (n := getattr(r, name))}


def is_as_rebuilt() -> bool:
    now = rolled_up()
    rebuild_everything()
    return now == rolled_up()


def counts(receipt: Receipt) -> tuple[str, int, int, int]:
    return receipt.result, receipt.rows_corrected, receipt.rows_withdrawn, receipt.rows_unchanged


def test_a_first_load_is_withdrawn_and_the_day_is_as_if_it_had_never_come(world: Path) -> None:
    before = rolled_up()
    load_id = taken(world, row(6), row(7), name="wrong")
    assert rolled_up() != before
    receipt = undo(load_id, "district office", now=NOW)
    assert counts(receipt) == ("undone", 0, 2, 0)
    assert rolled_up() == before
    assert is_as_rebuilt()
    with engine().connect() as connection:
        kept = select(func.count()).select_from(daily_return_history).where(daily_return_history.c.load_id == load_id)
        assert connection.execute(kept).scalar_one() == 2


def test_a_correction_goes_back_to_the_version_before_and_nothing_says_corrected(world: Path) -> None:
    first = taken(world, row(6), row(7), name="first")
    before, restated = rolled_up(), restated_returns(view())
    load_id = taken(world, row(6, births=1, **WHY), row(7, births=1, **WHY), name="wrong")
    assert set(restated_returns(view())["load_id"]) == {load_id}
    assert on_top("leaves_corrected") == {"09-20": 1, "09-21": 1}
    receipt = undo(load_id, "district office", now=NOW)
    assert counts(receipt) == ("undone", 2, 0, 0)
    assert births()["09-20"] == births()["09-21"] == 0
    assert rolled_up() == before
    assert on_top("leaves_corrected") == {}
    pd.testing.assert_frame_equal(restated_returns(view()), restated)
    assert is_as_rebuilt()
    versions = fetch(select(daily_return.c.version, daily_return.c.load_id).where(daily_return.c.load_id >= first))
    assert versions.drop_duplicates().to_numpy().tolist() == [[1, first]]
    with engine().connect() as connection:
        history = connection.execute(select(daily_return_history.c.births, daily_return_history.c.superseded_by)).all()
    assert sorted(map(tuple, history)) == [(1, receipt.load_id), (1, receipt.load_id)]


def test_rows_corrected_since_are_left_alone_and_counted(world: Path) -> None:
    wrong = taken(world, row(6, births=1), row(7, births=1), name="wrong")
    taken(world, row(6, births=2, **WHY), row(7, births=2, **WHY), row(8, births=2), name="right")
    taken(world, row(9, births=2), name="later")
    assert on_top("leaves_corrected") == {"09-20": 1, "09-21": 1}
    assert counts(undo(wrong, now=NOW)) == ("undone", 0, 0, 2)
    assert on_top("leaves_corrected") == {}  # what was corrected never came
    mixed = taken(world, row(8, births=3, **WHY), row(9, births=3, **WHY), name="mixed")
    taken(world, row(9, births=4, **WHY), name="again")
    assert counts(undo(mixed, now=NOW)) == ("undone", 1, 0, 1)
    assert (births()["09-22"], births()["09-23"]) == (2, 4)
    assert is_as_rebuilt()


def test_undoing_the_later_load_does_not_bring_back_what_was_undone_before(world: Path) -> None:
    taken(world, row(6, births=0), name="first")
    second = taken(world, row(6, births=1, **WHY), row(7, births=1), name="second")
    third = taken(world, row(6, births=2, **WHY), row(7, births=2, **WHY), name="third")
    assert counts(undo(second, now=NOW)) == ("undone", 0, 0, 2)
    assert births()["09-20"] == births()["09-21"] == 2
    assert counts(undo(third, now=NOW)) == ("undone", 1, 1, 0)
    assert births()["09-20"] == 0
    assert "09-21" not in births()
    assert is_as_rebuilt()


def test_undoing_the_later_load_brings_back_the_one_between(world: Path) -> None:
    taken(world, row(6, births=0), name="first")
    second = taken(world, row(6, births=1, **WHY), row(7, births=1), name="second")
    third = taken(world, row(6, births=2, **WHY), row(7, births=2, **WHY), name="third")
    assert counts(undo(third, now=NOW)) == ("undone", 2, 0, 0)
    assert births()["09-20"] == births()["09-21"] == 1
    assert counts(undo(second, now=NOW)) == ("undone", 1, 1, 0)
    assert births()["09-20"] == 0
    assert "09-21" not in births()
    assert is_as_rebuilt()


def test_loads_undone_in_the_order_in_which_they_came_leave_nothing_of_either(world: Path) -> None:
    before = births()
    first = taken(world, row(6), row(7), name="first")
    second = taken(world, row(7, births=1, **WHY), name="second")
    assert counts(undo(first, now=NOW)) == ("undone", 0, 1, 1)
    assert births()["09-21"] == 1
    assert counts(undo(second, now=NOW)) == ("undone", 0, 1, 0)
    assert births() == before
    assert is_as_rebuilt()


def test_a_file_that_was_undone_may_be_loaded_again(world: Path) -> None:
    path = write(world, [row(6)], "again")
    first = file_in(world, row(6), name="again")
    assert first.load_id is not None
    undo(first.load_id, now=NOW)
    assert main(["load", "--lang", "en", str(path)]) == 0
    assert births()["09-20"] == 0
    assert file_in(world, row(6), name="again").seen_as == first.load_id + 2
    again = fetch(select(daily_return).where(daily_return.c.load_id == first.load_id + 2))
    assert (again["version"].tolist(), again["on_time"].tolist()) == ([2], [True])
    assert is_as_rebuilt()


def test_staffing_and_departmental_figures_go_back_too(world: Path) -> None:
    taken(world, staffing(), name="staff")
    taken(world, figure(), name="figures")
    staff = taken(world, staffing(insured=2, **WHY), staffing(area_code="10201", **WHY), name="wrong staff")
    figures = taken(world, figure(value=1_001), figure(source="health", value=900), name="wrong figures")
    assert counts(undo(staff, now=NOW)) == ("undone", 1, 1, 0)
    assert counts(undo(figures, now=NOW)) == ("undone", 1, 1, 0)
    insured = fetch(select(staffing_return.c.insured).where(staffing_return.c.recruited == 4))
    assert insured["insured"].tolist() == [3]
    values = fetch(select(benchmark.c.source, benchmark.c.value).where(benchmark.c.indicator == "hukou"))
    assert dict(zip(values["source"], values["value"], strict=True)) == {"ledger": 990, "police": 1_000}
    assert set(fetch(select(benchmark_history.c.value))["value"]) == {
        1_001,
        900,
    }  # the figure in force is the first one itself
    assert is_as_rebuilt()


def test_quality_checks_and_clean_up_returns_go_back_too(world: Path) -> None:
    taken(world, cleanup(), name="clean-up")
    check = taken(world, own(), quality(), name="checks")
    wrong = taken(world, cleanup(missing_plates=10, **WHY), name="wrong clean-up")
    assert counts(undo(wrong, now=NOW)) == ("undone", 1, 0, 0)
    assert fetch(select(cleanup_return.c.missing_plates))["missing_plates"].tolist() == [9]
    corrected = taken(world, quality(wrong_item=0, omitted=2, **WHY), name="corrected check")
    assert counts(undo(check, now=NOW)) == ("undone", 0, 1, 1)
    assert counts(undo(corrected, now=NOW)) == ("undone", 0, 1, 0)
    assert fetch(select(quality_check)).empty


def test_a_revision_of_the_frame_holds_for_no_day_any_more(world: Path) -> None:
    taken(world, row(6), name="work")
    before = rolled_up()
    revision = {"phase": "sweep", "valid_from": "2010-09-18", "reason": "recount", "frame_persons": 300}
    wrong = taken(world, {"area_code": "10101", "frame_households": 120, **revision}, name="wrong frame")
    assert rolled_up() != before
    assert counts(undo(wrong, now=NOW)) == ("undone", 1, 0, 0)
    assert rolled_up() == before
    assert is_as_rebuilt()
    versions = fetch(
        select(target.c.frame_households, target.c.valid_from, target.c.valid_to)
        .join(area, area.c.id == target.c.area_id)
        .where(area.c.code == "10101")
    )
    with engine().connect() as connection:
        root = connection.execute(select(area.c.id).where(area.c.parent_id.is_(None))).scalar_one()
    assert restated_frames(View(1, date(2010, 9, 20), root, root)).empty
    holding = versions[versions["valid_to"].isna() | (versions["valid_to"] > versions["valid_from"])]
    assert holding["frame_households"].tolist() == [100]
    again = file_in(world, {"area_code": "10101", "frame_households": 120, **revision}, name="wrong frame")
    assert (again.result, again.rows_corrected) == ("stored", 1)
    assert is_as_rebuilt()


def test_a_first_frame_is_withdrawn_and_the_units_have_none(world: Path) -> None:
    frame = {"area_code": "10101", "phase": "short", "frame_households": 90, "frame_persons": 270}
    first = taken(world, frame, name="short frame")
    assert counts(undo(first, now=NOW)) == ("undone", 0, 1, 0)
    again = file_in(world, frame, name="short frame")
    assert (again.result, again.rows_stored, again.rows_corrected) == ("stored", 1, 0)
    assert is_as_rebuilt()


def test_a_workbook_of_two_forms_is_undone_as_a_whole(world: Path) -> None:
    import openpyxl

    from tests.intake.books import fill

    made = openpyxl.Workbook()
    fill(made.active, row(6))
    fill(made.create_sheet("两员"), staffing())
    made.save(world / "both.xlsx")
    before = rolled_up()
    assert main(["load", str(world / "both.xlsx")]) == 0
    with engine().connect() as connection:
        newest = connection.execute(select(func.max(load.c.id))).scalar_one()
    assert counts(undo(newest, now=NOW)) == ("undone", 0, 2, 0)
    assert rolled_up() == before


def test_an_undo_is_a_load_and_an_entry_of_the_audit(world: Path) -> None:
    load_id = taken(world, row(6), name="wrong")
    receipt = undo(load_id, "district office", now=NOW)
    with engine().connect() as connection:
        entry = connection.execute(select(load).where(load.c.id == receipt.load_id)).one()
        noted = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1)).one()
    assert (entry.kind, entry.supersedes, entry.loaded_by, entry.result) == (
        "undo", load_id, "district office", "undone",
    )  # fmt: skip
    assert (noted.action, noted.subject, noted.role) == ("undone", f"load {load_id}", "district office")
    assert noted.detail == {"by_load": receipt.load_id, "restored": 0, "withdrawn": 1, "left": 0}


def test_what_undoing_would_do_is_told_and_nothing_is_done(world: Path) -> None:
    taken(world, row(6), name="first")
    load_id = taken(world, row(6, births=1, **WHY), row(7, births=1), name="second")
    before = everything()
    assert counts(examine_undo(load_id)) == ("undone", 1, 1, 0)
    assert everything() == before


def test_what_cannot_be_undone_says_why_and_changes_nothing(world: Path) -> None:
    areas, calendar = 1, 2
    load_id = taken(world, row(6), name="work")
    undoing = undo(load_id, now=NOW).load_id
    assert undoing is not None
    other = taken(world, row(6, area_code="10201", hh_done=24, hh_uploaded=24), name="west")
    with engine().connect() as connection:
        east = connection.execute(select(area.c.id).where(area.c.code == "101")).scalar_one()
    before = everything()
    for wanted, rule in ((9_999, "no_such_load"), (load_id, "undone_already"), (undoing, "is_an_undo"),
                         (areas, "something_hangs"), (calendar, "something_hangs")):  # fmt: skip
        receipt = undo(wanted, now=NOW)
        assert receipt.problem is not None
        assert receipt.problem.rule == rule
        assert all("{" not in line for language in ("en", "zh_Hans") for line in lines(receipt, language))
    outside = undo(other, now=NOW, scope_id=east)
    assert outside.problem is not None
    assert outside.problem.rule == "undo_outside_scope"
    assert everything() == before


def test_the_command_undoes_a_load_and_says_so(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_id = taken(world, row(6), row(7), name="wrong")
    assert main(["undo", str(load_id), "--lang", "zh_Hans"]) == 0
    assert "2 行撤回" in capsys.readouterr().out
    assert main(["undo", str(load_id), "--lang", "zh_Hans"]) == 1
    assert f"第 {load_id} 次导入已由" in capsys.readouterr().out
