"""Workbooks as offices lay them out: titles, two rows of headings, merged cells, formulas, totals, other sheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from queries.database import fetch
from queries.intake.receipt import Receipt
from queries.intake.take_in import examine, take_in
from queries.schema import daily_return
from tests.intake.books import book, changed, fill, part_of, repacked
from tests.intake.world import NOW, progress, settle_world, write
from tests.settling import settled

SHEET_RULES = {
    "error_cell", "formula_without_result", "merged_cell", "rounded_code", "totals", "more_totals", "blank_rows",
    "more_blank_rows", "sheet_skipped", "sheet_unclear", "sheet_hidden", "no_line_end",
}  # fmt: skip
OTHER = {"area_code": "10201", "hh_done": 24, "hh_uploaded": 24}


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def found(receipt: Receipt) -> set[tuple[str, str | None, str | None]]:
    """Return rule, sheet and cell or row of what was found in a workbook."""
    return {(f.rule, f.sheet, f.cell or f.row) for f in receipt.findings.itertuples()}


def stored() -> dict[tuple[float, str], float]:
    rows = fetch(select(daily_return.c.area_id, daily_return.c.report_date, daily_return.c.hh_done))
    return {(r.area_id, f"{r.report_date:%m-%d}"): r.hh_done for r in rows.itertuples()}


@pytest.mark.parametrize("written", ["#DIV/0!", "#REF!", "#N/A", "#VALUE!"])
@pytest.mark.parametrize("field", ["hh_done", "area_code", "report_date", "hh_pending", "is_nil"])
def test_an_error_cell_is_named_by_its_address(world: Path, written: str, field: str) -> None:
    def change(sheet: Any) -> None:
        cell = sheet[f"{part_of(field)}2"]
        cell.value, cell.data_type = written, "e"

    path = changed(world / "a.xlsx", change, progress(6), progress(7))
    before = stored()
    receipt = take_in(path, now=NOW)
    assert ("error_cell", "日报", f"{part_of(field)}2") in found(receipt)
    assert written in set(receipt.findings["value"])
    assert "blank_after_value" not in set(receipt.findings["rule"])
    assert receipt.result == "rejected"
    assert stored() == before


def test_a_formula_counts_by_its_result_and_is_named_without_one(world: Path) -> None:
    def change(sheet: Any) -> None:
        sheet[f"{part_of('hh_done')}2"] = "=20+4"

    path = changed(world / "a.xlsx", change, progress(6), progress(7))
    cell = f"{part_of('hh_done')}2"
    assert ("formula_without_result", "日报", cell) in found(take_in(path, now=NOW))
    plain = repacked(path.read_bytes(), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<v />", b"<v>24</v>")
                                         .replace(b"<v></v>", b"<v>24</v>")})  # fmt: skip
    assert b"<f>20+4</f>" in openpyxl_sheet(plain)
    receipt = examine(plain, "calculated.xlsx", now=NOW)
    assert (receipt.rows_stored, found(receipt)) == (2, set())


def openpyxl_sheet(content: bytes) -> bytes:
    import io
    import zipfile

    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_titles_above_the_headings_are_passed_over(world: Path) -> None:
    titles = [["东街道人口普查摸底进度日报表"], [None, "填报单位：一村", None, "单位：户、人"], []]
    path = book(world / "titled.xlsx", progress(6), progress(7, pers_total=1), above=titles)
    receipt = take_in(path, now=NOW)
    assert ("not_the_sum", "日报", f"{part_of('pers_total')}6") in found(receipt)
    assert receipt.rows_rejected == 1
    text = "东街道人口普查摸底进度日报表\n\n" + write(world, [progress(6), progress(7)]).read_text()
    assert examine(text.encode(), "titled.csv", now=NOW).rows_stored == 2
    broken = write(world, [progress(6, hh_away="x")]).read_text()
    assert examine(f"标题\n{broken}".encode(), "titled.csv", now=NOW).findings["row"].tolist()[0] == 3


def test_headings_in_two_rows_with_groups_merged_above(world: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    upper = ["报告日期", "地区代码", "阶段", "普查小区", None, None, "登记户", None, "登记人数", "其中", None,
             "户籍人数", "外来半年以上", "外出半年以上"]  # fmt: skip
    lower = [None, None, None, "总数", "已开展", "已完成", "累计已登记户", "集体户", None, "住本户人数",
             "户口在本户未住本户", None, None, None]  # fmt: skip
    names = ["report_date", "area_code", "phase", "ed_total", "ed_started", "ed_done", "hh_done", "hh_collective",
             "pers_total", "pers_living", "pers_absent", "pers_hukou", "pers_in6m", "pers_out6m"]  # fmt: skip
    sheet.append(["人口普查进度表"])
    sheet.append(upper)
    sheet.append(lower)
    row = progress(6, area_code="10201", hh_done=20, pers_total=60, pers_living=50, pers_absent=10, pers_hukou=35,
                   pers_in6m=10, pers_out6m=5, correction_reason="x")  # fmt: skip
    sheet.append([row[name] for name in names])
    for merged in ("A1:N1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:H2", "I2:I3", "J2:K2", "L2:L3", "M2:M3", "N2:N3"):
        sheet.merge_cells(merged)
    made.save(world / "two.xlsx")
    receipt = examine((world / "two.xlsx").read_bytes(), "two.xlsx", now=NOW)
    assert {name for each in receipt.checked for name in each.mapping.values()} == set(names)
    assert {f.cell for f in receipt.findings.itertuples() if f.rule == "blank_after_value"} <= {None}


def test_keys_merged_over_several_rows_hold_for_each_of_them(world: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.merge_cells(f"{part_of('report_date')}2:{part_of('report_date')}3")
        sheet.merge_cells(f"{part_of('phase')}2:{part_of('phase')}3")

    same_day = {"report_date": "2010-09-20", "submitted_at": "", "as_of": ""}
    path = changed(world / "a.xlsx", change, progress(6, **same_day), progress(6, **same_day, **OTHER))
    receipt = take_in(path, now=NOW)
    assert (receipt.result, receipt.rows_stored) == ("stored", 2)
    assert sum(day == "09-20" for _area, day in stored()) == 2


def test_counts_merged_over_several_cells_are_named(world: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.merge_cells(f"{part_of('hh_done')}2:{part_of('hh_done')}3")
        sheet.merge_cells(f"{part_of('births')}2:{part_of('deaths')}2")

    receipt = take_in(changed(world / "a.xlsx", change, progress(6), progress(7)), now=NOW)
    at = {("merged_cell", "日报", f"{part_of(name)}{row}") for name, row in
          (("hh_done", 2), ("hh_done", 3), ("births", 2), ("deaths", 2))}  # fmt: skip
    assert at <= found(receipt)
    assert receipt.result == "rejected"
    assert f"[{part_of('hh_done')}2:{part_of('hh_done')}3]" in set(receipt.findings["value"])


def test_a_total_at_the_end_and_signatures_below_are_left_out_with_a_note(world: Path) -> None:
    total = {name: (48 if name == "hh_done" else "") for name in progress()} | {"report_date": "合  计"}
    words = {name: "" for name in progress()} | {"report_date": "填表人：     审核人：     报出日期："}
    path = book(world / "a.xlsx", progress(6), progress(6, **OTHER), total, words)
    receipt = take_in(path, now=NOW)
    assert (receipt.rows_read, receipt.rows_stored) == (2, 2)
    assert {("totals", "日报", 4), ("blank_rows", "日报", 5)} <= found(receipt)
    assert set(receipt.findings.loc[receipt.findings["rule"].isin(["totals", "blank_rows"]), "severity"]) == {"note"}


def test_many_rows_left_out_are_summed_up(world: Path) -> None:
    blank = [{name: "" for name in progress()} | {"area_code": "10101"} for _ in range(25)]
    totals = [{name: "" for name in progress()} | {"area_code": "小计", "hh_done": 1} for _ in range(23)]
    receipt = take_in(book(world / "a.xlsx", progress(6), *blank, *totals), now=NOW)
    more = {f.rule: f.value for f in receipt.findings.itertuples() if f.rule.startswith("more")}
    assert more == {"more_blank_rows": "5", "more_totals": "3"}
    assert receipt.rows_stored == 1


def test_a_row_of_keys_alone_is_no_return_and_no_nil_return(world: Path) -> None:
    blank = {name: "" for name in progress()} | {"report_date": "2010-09-20", "area_code": "10102", "phase": "sweep"}
    before = stored()
    receipt = take_in(book(world / "a.xlsx", progress(6), blank), now=NOW)
    assert receipt.rows_stored == 1
    assert len(stored()) == len(before) + 1


def test_sheets_of_notes_are_left_out_as_long_as_one_sheet_is_a_return(world: Path) -> None:
    made = openpyxl.Workbook()
    notes, returns = made.active, made.create_sheet("日报")
    notes.title = "填表说明"
    notes.append(["一、各村每日17时30分前上报"])
    fill(returns, progress(6))
    unclear = made.create_sheet("漏写阶段")
    fill(unclear, {name: value for name, value in progress(7).items() if name not in ("phase", "report_date")})
    made.save(world / "a.xlsx")
    receipt = take_in(world / "a.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_stored) == ("stored", 1)
    assert {(f.rule, f.severity, f.sheet) for f in receipt.findings.itertuples()} == {
        ("sheet_skipped", "note", "填表说明"),
        ("sheet_unclear", "warn", "漏写阶段"),
    }


def test_a_workbook_of_nothing_but_notes_is_refused(world: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["一、说明"])
    made.save(world / "a.xlsx")
    receipt = take_in(world / "a.xlsx", now=NOW)
    assert receipt.problem is not None
    assert receipt.problem.rule == "unknown_form"


def test_a_hidden_sheet_is_not_stored_unseen(world: Path) -> None:
    made = openpyxl.Workbook()
    fill(made.active, progress(6))
    fill(made.create_sheet("旧表"), progress(7))
    made["旧表"].sheet_state = "hidden"
    made.save(world / "a.xlsx")
    receipt = take_in(world / "a.xlsx", now=NOW)
    assert receipt.rows_stored == 1
    assert [(f.rule, f.sheet) for f in receipt.findings.itertuples()] == [("sheet_hidden", "旧表")]


def test_returns_on_several_sheets_are_all_taken(world: Path) -> None:
    made = openpyxl.Workbook()
    fill(made.active, progress(6))
    fill(made.create_sheet("西街道"), progress(6, **OTHER))
    made.save(world / "a.xlsx")
    assert take_in(world / "a.xlsx", now=NOW).rows_stored == 2


DAYS: dict[str, Callable[[], Any]] = {
    "a date": lambda: date(2010, 9, 20),
    "a moment": lambda: datetime(2010, 9, 20),
    "text": lambda: "2010年9月20日",
    "full-width text": lambda: "２０１０／９／２０",
    "an Excel number": lambda: 40441,
    "an Excel number as text": lambda: "40441",
    "eight digits": lambda: 20100920,
}


@pytest.mark.parametrize("written", DAYS)
def test_days_however_they_stand_in_the_cell(world: Path, written: str) -> None:
    receipt = take_in(book(world / "a.xlsx", progress(6, report_date=DAYS[written]())), now=NOW)
    assert (receipt.result, found(receipt)) == ("stored", set())


@pytest.mark.parametrize("written", ["２４", "24.0", " 24 ", "2４", 24, 24.0])
def test_counts_however_they_stand_in_the_cell(world: Path, written: Any) -> None:
    receipt = take_in(book(world / "a.xlsx", progress(6, hh_done=written)), now=NOW)
    assert (receipt.result, found(receipt)) == ("stored", set())
    assert 24.0 in stored().values()


@pytest.mark.parametrize("written", ["1,006", "１，００６", "1 006", 1006])
def test_thousands_separators_in_a_cell(world: Path, written: Any) -> None:
    receipt = take_in(book(world / "a.xlsx", progress(6, visits_day=written)), now=NOW)
    assert (receipt.result, found(receipt)) == ("stored", set())


@pytest.mark.parametrize("written", ["１０１０１", " 10101 ", 10101])
def test_codes_however_they_stand_in_the_cell(world: Path, written: Any) -> None:
    receipt = take_in(book(world / "a.xlsx", progress(6, area_code=written)), now=NOW)
    assert (receipt.result, found(receipt)) == ("stored", set())


def test_a_code_that_a_spreadsheet_has_rounded(world: Path) -> None:
    receipt = take_in(write(world, [progress(6, area_code="3.20114E+11")]), now=NOW)
    assert "rounded_code" in set(receipt.findings["rule"])


def test_a_heading_that_occurs_twice(world: Path) -> None:
    def change(sheet: Any) -> None:
        sheet[f"{part_of('hh_away')}1"] = "hh_done"

    receipt = take_in(changed(world / "a.xlsx", change, progress(6)), now=NOW)
    assert receipt.problem is not None
    assert receipt.problem.rule == "double_heading"
