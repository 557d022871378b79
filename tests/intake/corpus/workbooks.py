"""Workbooks that are damaged, protected, enormous, or hold what no return holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, Final

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.worksheet.worksheet import Worksheet

from tests.intake.books import fill, part_of, repacked
from tests.intake.corpus import Case
from tests.intake.world import progress

SHEET: Final = "xl/worksheets/sheet1.xml"
Change = Callable[[Worksheet], None]


def book(*rows: dict[str, Any], change: Change | None = None) -> bytes:
    """Return returns as a workbook, with its sheet changed."""
    made = openpyxl.Workbook()
    fill(made.active, *(rows or (progress(6), progress(7))))
    if change is not None:
        change(made.active)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cell(field: str, value: Any) -> Change:
    """Return a change of one cell of the first return."""

    def change(sheet: Worksheet) -> None:
        sheet[f"{part_of(field)}2"] = value

    return change


def sheets(*tables: tuple[str, list[dict[str, Any]], str]) -> bytes:
    """Return a workbook of several sheets: title, rows, state."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows, state in tables:
        sheet = made.create_sheet(title)
        sheet.sheet_state = state
        if rows:
            fill(sheet, *rows)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def archive(*names: str) -> bytes:
    """Return an archive of parts that hold nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, b"<x/>")
    return out.getvalue()


def part(name: str, content: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """Return what makes a workbook with one part changed."""
    return lambda: repacked(book(), {name: content})


def locked() -> bytes:
    """Return a workbook with a password."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(book())).encrypt("password", out)
    return out.getvalue()


def poisoned(xml: bytes) -> bytes:
    """Return a part whose entities multiply."""
    entities = b"".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">'.encode() for n in range(10))
    return b"<?xml version='1.0'?><!DOCTYPE x [" + entities + b"]>" + xml.partition(b"?>")[2]


def many_parts() -> bytes:
    """Return a workbook of thousands of parts."""
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as made:
        for n in range(2_100):
            made.writestr(f"xl/media/{n}.txt", b"")
    return out.getvalue()


def far(sheet: Worksheet) -> None:
    """Fill the last cell of the last row."""
    sheet["A1048576"] = "合计"


def wide(sheet: Worksheet) -> None:
    """Fill the last column."""
    sheet["XFD2"] = "x"


def over_two(sheet: Worksheet) -> None:
    """Merge the counts of two returns."""
    letter = part_of("visits_day")
    sheet.merge_cells(f"{letter}2:{letter}3")


def refused(name: str, content: bytes | Callable[[], bytes], rule: str) -> Case:
    """Return a case of a workbook that is refused."""
    return Case(f"workbook: {name}", content, "refused", (rule,), "book.xlsx")


def told(name: str, content: bytes | Callable[[], bytes], verdict: str, *rules: str) -> Case:
    """Return a case of a workbook whose rows are looked at."""
    return Case(f"workbook: {name}", content, verdict, rules, "book.xlsx")


def with_cell(value: Any, verdict: str, *rules: str, field: str = "visits_day") -> Case:
    """Return a case of one cell."""
    return told(f"{field} = {str(value)[:24]!r}", lambda: book(progress(6), change=cell(field, value)), verdict, *rules)


CASES: Final = [
    told("good", book, "taken"),
    *(refused(f"cut off at {kept:.0%}", lambda kept=kept: book()[: int(kept * len(book()))], "cut_off_workbook")
      for kept in (0.2, 0.9)),
    refused("damaged inside", part(SHEET, lambda xml: xml[: len(xml) // 2]), "broken_workbook"),
    refused("no worksheet", part(SHEET, lambda xml: b""), "broken_workbook"),
    refused("a worksheet of words", part(SHEET, lambda xml: b"words"), "broken_workbook"),
    refused("no list of sheets", part("xl/workbook.xml", lambda xml: b"<x/>"), "broken_workbook"),
    refused("with a password", locked, "protected_workbook"),
    refused("a document", archive("word/document.xml"), "no_workbook"),
    refused("of LibreOffice", archive("mimetype", "content.xml"), "no_workbook"),
    refused("in binary", archive("xl/workbook.bin"), "binary_workbook"),
    refused("an empty archive", archive(), "binary_file"),
    refused("blank", lambda: sheets(("Sheet1", [], "visible")), "empty_file"),
    refused("that unpacks without end", part(SHEET, lambda xml: b"<worksheet>" + b" " * (40 * 2**20)), "zip_bomb"),
    refused("of many parts", many_parts, "zip_bomb"),
    *(refused(f"entities that multiply in {name}", part(name, poisoned), "unsafe_workbook")
      for name in (SHEET, "xl/workbook.xml", "xl/styles.xml")),
    refused("with a cell in the last column", lambda: book(change=wide), "too_many_columns"),
    told("with a total in the last row", lambda: book(change=far), "taken", "totals"),
    told("with merged figures", lambda: book(change=over_two), "rejected", "merged_cell"),
    refused("of other headings", lambda: book({"cows": 1}), "unknown_form"),
    refused("of two headings for one field", lambda: book(progress(6) | {"当日入户次数": 6}), "two_columns"),
    told("rows word for word", lambda: book(progress(6), progress(6)), "taken", "repeated_row"),
    told("rows that contradict each other", lambda: book(progress(6), progress(6, visits_day=9)), "rejected",
         "duplicate_row"),
    told("a hidden sheet", lambda: sheets(("日报", [progress(6)], "visible"), ("旧", [progress(7)], "hidden")), "taken",
         "sheet_hidden"),
    told("a sheet of another purpose", lambda: sheets(("日报", [progress(6)], "visible"), ("说明", [{"a": 1}],
                                                                                     "visible")),
         "taken", "sheet_skipped"),
    told("two sheets word for word", lambda: sheets(("一", [progress(6)], "visible"), ("二", [progress(6)], "visible")),
         "taken"),
    told("two sheets that contradict each other",
         lambda: sheets(("一", [progress(6)], "visible"), ("二", [progress(6, visits_day=9)], "visible")), "rejected",
         "other_sheet"),
    with_cell(1e308, "rejected", "too_large"),
    with_cell(1e15, "rejected", "too_large"),
    with_cell(6.5, "rejected", "not_a_count"),
    with_cell(-6, "rejected", "not_a_count"),
    with_cell(True, "rejected", "not_a_count"),
    with_cell("0x1F", "rejected", "not_a_count"),
    with_cell("#REF!", "rejected", "error_cell"),
    with_cell("=A1+1", "rejected", "formula_without_result"),
    with_cell(date(2010, 9, 20), "rejected", "not_a_count"),
    with_cell(time(6, 0), "rejected", "not_a_count"),
    with_cell("六", "rejected", "not_a_count"),
    with_cell("6", "taken"),
    with_cell(6.0, "taken"),
    with_cell(datetime(2010, 9, 20), "taken", field="report_date"),
    with_cell(40441, "taken", field="report_date"),
    with_cell(1, "rejected", "not_a_date", field="report_date"),
    with_cell(datetime(9999, 12, 31), "rejected", "day_out_of_range", field="report_date"),
    with_cell("字" * 300, "rejected", "long_text", field="note"),
    with_cell("一\n二", "taken", field="note"),
    with_cell("_x0000_", "taken", field="note"),
    with_cell(10101, "taken", field="area_code"),
    with_cell(10101.5, "rejected", "unknown_area", field="area_code"),
    with_cell("10101E+10", "rejected", "unknown_area", field="area_code"),
]  # fmt: skip
