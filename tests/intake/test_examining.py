"""Before anything is stored: what would become of a file, row by row; and the rejected rows back to the sender."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import select

from queries.__main__ import main
from queries.database import engine
from queries.intake.handed_back import as_csv, as_workbook
from queries.intake.take_in import examine, take_in_content
from queries.schema import area
from queries.view import LANGUAGES, View
from tests.intake.books import book, part_of
from tests.intake.test_faults import everything
from tests.intake.world import NOW, benchmark, progress, settle_world, staffing, write
from tests.settling import settled

WEST = {"area_code": "10201", "hh_done": 24, "hh_uploaded": 24}


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def whole(view_of: str = "10") -> View:
    with engine().connect() as connection:
        ids = dict(connection.execute(select(area.c.code, area.c.id)).all())
    return View(1, date(2010, 9, 22), ids[view_of], ids["10"])


MIXED = [progress(5, births=1, correction_reason="missed"), progress(4), progress(6, births=1), progress(7, births=1)]


def test_counts_are_those_of_storing_and_nothing_is_stored(world: Path) -> None:
    content = write(world, MIXED).read_bytes()
    before = everything()
    told = examine(content, "file.csv", now=NOW)
    assert everything() == before
    assert (told.rows_stored, told.rows_corrected, told.rows_unchanged, told.rows_rejected) == (2, 1, 1, 0)
    assert (told.result, told.load_id) == ("stored", None)
    done = take_in_content(content, "file.csv", now=NOW)
    for name in ("rows_read", "rows_stored", "rows_corrected", "rows_unchanged", "rows_rejected", "result"):
        assert getattr(told, name) == getattr(done, name)


@pytest.mark.parametrize("rows", [[staffing()], [benchmark()], [{"code": "103", "name": "南街道", "parent_code": "10"}],
                                  [{"phase": "long", "start": "2010-11-11", "end": "2010-11-20"}]])  # fmt: skip
def test_no_form_leaves_a_trace_when_examined(world: Path, rows: list[dict[str, Any]]) -> None:
    before = everything()
    assert examine(write(world, rows).read_bytes(), "file.csv", now=NOW).rows_stored == 1
    assert everything() == before


def test_good_rows_are_counted_beside_rejected_ones(world: Path) -> None:
    content = write(world, [progress(6), progress(7, pers_total=1), progress(6, **WEST)]).read_bytes()
    told = examine(content, "file.csv", now=NOW)
    assert (told.result, told.rows_stored, told.rows_rejected) == ("rejected", 2, 1)
    done = take_in_content(content, "file.csv", now=NOW, partial=True)
    assert (done.result, done.rows_stored, done.rows_rejected) == ("partial", 2, 1)


def test_it_tells_where_the_viewed_area_would_stand(world: Path) -> None:
    content = write(world, [progress(9), progress(9, **WEST)]).read_bytes()
    told = examine(content, "file.csv", now=NOW, watch=whole())
    assert told.moved is not None
    before, after = told.moved
    assert before is not None
    assert after is not None
    assert (before.day, before.hh_resolved) == (date(2010, 9, 22), 20 + 34 + 20)
    assert (after.day, after.hh_resolved, after.leaves_reported, after.leaves_due) == (
        date(2010, 9, 23), (36 + 2) + 34 + (24 + 2), 2, 5,
    )  # fmt: skip
    east = examine(content, "file.csv", now=NOW, watch=whole("101"))
    assert east.moved is not None
    assert east.moved[1] is not None
    assert east.moved[1].hh_resolved == 38 + 34


def test_a_file_seen_before_says_so_when_examined(world: Path) -> None:
    content = write(world, [progress(6)]).read_bytes()
    stored = take_in_content(content, "file.csv", now=NOW)
    told = examine(content, "renamed.csv", now=NOW)
    assert (told.result, told.seen_as) == ("unchanged", stored.load_id)


def test_the_command_checks_without_storing(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(world, [progress(6)])
    before = everything()
    assert main(["load", "--check", "--lang", "zh_Hans", str(path)]) == 0
    said = capsys.readouterr().out
    assert "存入 1 行" in said
    assert "仅作检查" in said
    assert everything() == before
    assert main(["load", "--check", str(world / "gone.csv")]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_rejected_rows_come_back_with_the_sender_s_columns_and_a_reason(world: Path, language: str) -> None:
    sent = [progress(6), progress(7, pers_total=1), progress(8, hh_done="many", note="十三号楼")]
    path = book(world / "sent.xlsx", *sent, above=[["东街道日报"]])
    told = examine(path.read_bytes(), "sent.xlsx", now=NOW)
    back = openpyxl.load_workbook(io.BytesIO(as_workbook(told, language))).worksheets[0]
    assert back.title == "日报"
    head, *rows = back.iter_rows(values_only=True)
    reason = {"en": "Reason for rejection", "zh_Hans": "退回原因", "zh_Hant": "退回原因"}[language]
    assert list(head) == [*sent[0], reason]
    assert len(rows) == 2
    assert [row[list(head).index("hh_done")] for row in rows] == ["28", "many"]
    coloured = {cell.coordinate for row in back.iter_rows(min_row=2) for cell in row if cell.fill.fill_type == "solid"}
    assert {f"{part_of('pers_total')}2", f"{part_of('hh_done')}3"} <= coloured
    assert f"{part_of('ed_total')}2" not in coloured
    table = pd.read_csv(io.BytesIO(as_csv(told, language)), dtype=str, encoding="utf-8-sig")
    assert table[reason].tolist() == [row[-1] for row in rows]
    if language != "en":
        assert all("pers_total" not in text and "many " not in text for text in table[reason])


def test_the_file_that_came_back_is_taken_in_once_it_is_mended(world: Path) -> None:
    sent = write(world, [progress(6), progress(7, pers_total=1)]).read_bytes()
    told = take_in_content(sent, "sent.csv", now=NOW, partial=True)
    back = openpyxl.load_workbook(io.BytesIO(as_workbook(told, "zh_Hans")))
    back.worksheets[0][f"{part_of('pers_total')}2"] = 84
    out = io.BytesIO()
    back.save(out)
    receipt = take_in_content(out.getvalue(), "mended.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_stored, receipt.findings.empty) == ("stored", 1, True)
    still = back.worksheets[0]
    still[f"{part_of('pers_total')}2"] = 2
    still[f"{part_of('report_date')}2"] = "2010-09-22"
    out = io.BytesIO()
    back.save(out)
    again = examine(out.getvalue(), "again.xlsx", now=NOW)
    columns = pd.read_csv(io.BytesIO(as_csv(again, "en")), dtype=str, encoding="utf-8-sig").columns
    assert "退回原因" not in columns
    assert list(columns).count("Reason for rejection") == 1


def test_a_formula_in_a_note_is_not_run_by_the_file_that_comes_back(world: Path) -> None:
    content = write(world, [progress(6, pers_total=1, note='=HYPERLINK("x")')]).read_bytes()
    told = examine(content, "file.csv", now=NOW)
    table = pd.read_csv(io.BytesIO(as_csv(told, "en")), dtype=str, encoding="utf-8-sig")
    assert table["note"].tolist() == ['\'=HYPERLINK("x")']
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(told, "en"))).worksheets[0]
    assert sheet[f"{part_of('note')}2"].data_type == "s"


def test_a_rule_broken_by_very_many_rows_gives_each_its_reason(world: Path) -> None:
    rows = [progress(6, area_code=f"404{n}") for n in range(300)]
    told = examine(write(world, rows).read_bytes(), "file.csv", now=NOW)
    table = pd.read_csv(io.BytesIO(as_csv(told, "zh_Hans")), dtype=str, encoding="utf-8-sig")
    assert table["退回原因"].str.contains("404").all()
    assert len(table) == 300
