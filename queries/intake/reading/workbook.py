"""Read the sheets of an Excel workbook, cell by cell as they stream past.

A formula is taken by the result that Excel kept with it; one without a result is handed on as
it is written, and an error cell by its error, so that the checks can name the cell.
"""

from __future__ import annotations

import codecs
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from xml.etree.ElementTree import iterparse
from xml.parsers import expat

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.xml.constants import SHEET_MAIN_NS

from queries.intake.forms import fold, known_headings, recognise
from queries.intake.reading.limits import refuse_bomb, refuse_endless, refuse_long, refuse_many, refuse_wide
from queries.intake.reading.sheet import HEADING_WITHIN, Remark, Sheet, UnreadableError, most_telling, refuse_doubles

NO_RESULT: Final = "="  # what stands for a formula that was never calculated
WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MERGE_CELL: Final = f"{{{SHEET_MAIN_NS}}}mergeCell"
CHUNK: Final = 2**20
CELL_TAGS: Final = (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/")  # an end tag counts only behind a prefix
EXCEL_COLUMNS: Final = 16_384
COUNTED: Final = ("count", "amount", "decimal")
Rows = dict[int, list[str | None]]


def read_workbook(content: bytes, form: str | None) -> list[Sheet]:
    """Read the visible sheets of a workbook that hold anything."""
    _look_inside(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out, nothing is a cell
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            if not book.worksheets:
                raise UnreadableError("broken_workbook")
            sheets, hidden = _sheets(book, form)
    except UnreadableError:
        raise
    except Exception as error:  # whatever a damaged workbook provokes in the reader
        raise UnreadableError("broken_workbook") from error
    if not sheets:
        raise UnreadableError("empty_file")
    if hidden:
        first = sheets[0]
        sheets[0] = Sheet(first.name, first.cells, first.columns, first.heading_row, (*first.remarks, *hidden))
    return sheets


def _look_inside(content: bytes) -> None:
    """Refuse an archive that is cut off, too large when unpacked, no workbook, or that defines XML entities."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise UnreadableError("cut_off_workbook") from error
    with archive:
        refuse_bomb(archive, len(content))
        names = set(archive.namelist())
        if "xl/workbook.bin" in names:
            raise UnreadableError("binary_workbook")
        if "xl/workbook.xml" not in names:
            raise UnreadableError("no_workbook")
        try:
            for name in names:
                with archive.open(name) as part:
                    _refuse_entities(part)
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as part:
                        _refuse_endless(part)
        except UnreadableError:
            raise
        except Exception as error:
            raise UnreadableError("broken_workbook") from error


def _refuse_entities(part: Any) -> None:
    """Refuse XML with a document type: no workbook has one, and entities can grow without bounds."""
    some = part.read(2048)
    if not some.startswith(WIDE) and not some.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<"):
        return
    parser = expat.ParserCreate()
    begun: list[str] = []

    def refuse(*_arguments: object) -> None:
        raise UnreadableError("unsafe_workbook")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _attributes: begun.append(name)
    while some and not begun:
        parser.Parse(some)
        some = part.read(2048)


def _refuse_endless(part: Any) -> None:
    """Refuse a worksheet of too many rows or cells before openpyxl, which may read all of it for its size."""
    rows = cells = 0
    while some := part.read(CHUNK):
        rows += some.count(b"<row") + some.count(b":row")
        cells += sum(some.count(tag) for tag in CELL_TAGS)
        refuse_endless(rows)
        refuse_many(cells)


class _Cells(WorkSheetParser):  # type: ignore[misc]
    """The rows of a worksheet as they stream past, and the ranges that are merged; nothing else is kept."""

    merged: list[str]

    def stream(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Yield the number and the cells of each row."""
        self.merged = []
        above: list[Any] = []
        in_row = False
        for event, element in iterparse(self.source, events=("start", "end")):
            if event == "start":
                in_row = in_row or element.tag == ROW_TAG
                above.append(element)
                continue
            above.pop()
            if element.tag == ROW_TAG:
                in_row = False
                yield self.parse_row(element)
            elif element.tag == MERGE_CELL:
                self.merged.append(element.get("ref", ""))
                refuse_many(len(self.merged) * 100)
            elif in_row:
                refuse_wide(len(above[-1]) if len(above[-1]) > EXCEL_COLUMNS else 0)
            if above and not in_row:
                del above[-1][:]

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            cell["value"] = NO_RESULT
        return cell


def _sheets(book: Workbook, form: str | None) -> tuple[list[Sheet], list[Remark]]:
    sheets, hidden, cells = [], [], 0
    for sheet in book.worksheets:
        rows, merged, cells = _rows(book, sheet, cells)
        if not rows:
            continue
        read = _table(sheet.title, rows, merged, form)
        if sheet.sheet_state == "visible":
            sheets.append(read)
        elif recognise(read.cells.columns, form) is not None:
            hidden.append(Remark("sheet_hidden", "warn", sheet=sheet.title))
    return sheets, hidden


def _rows(book: Workbook, sheet: ReadOnlyWorksheet, cells: int) -> tuple[Rows, list[CellRange], int]:
    """Return the rows that hold anything by number, the merged ranges, and the cells read so far."""
    rows: Rows = {}
    with sheet._get_source() as source:
        parser = _Cells(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for nth, (number, row) in enumerate(parser.stream(), 1):
            refuse_endless(nth)
            cells += len(row)
            refuse_many(cells)
            filled = [(cell["column"], text) for cell in row if (text := _text(cell["value"])) is not None]
            if not filled:
                continue
            width = max(column for column, _text in filled)
            refuse_wide(width)
            texts: list[str | None] = [None] * width
            for column, text in filled:
                texts[column - 1] = text
            rows[number] = texts
            refuse_long(len(rows))
    return rows, [CellRange(ref) for ref in parser.merged], cells


def _table(name: str, rows: Rows, merged: list[CellRange], form: str | None) -> Sheet:
    headings, row = _headings(rows, merged, form)
    used = [place for place, heading in enumerate(headings) if heading]
    refuse_doubles([headings[place] for place in used])
    below = {number: texts for number, texts in rows.items() if number > row}
    _spread(below, headings, [each for each in merged if each.min_row > row], form)
    cells = pd.DataFrame(
        [[texts[place] if place < len(texts) else None for place in used] for texts in below.values()],
        columns=[headings[place] for place in used],
        index=pd.Index(list(below), dtype="int64"),
        dtype=object,
    )
    letters = {headings[place]: get_column_letter(place + 1) for place in used}
    return Sheet(name, cells.dropna(how="all"), letters, row)


def _headings(rows: Rows, merged: list[CellRange], form: str | None) -> tuple[list[str], int]:
    """Return the headings, of one row or of two under each other, and the number of the lower row."""
    near = [number for number in list(rows)[:HEADING_WITHIN]]
    single = [([text or "" for text in rows[number]], number) for number in near]
    double = [(_joined(rows, merged, upper, lower), lower) for upper, lower in pairwise(near)]
    choices = [*single, *double]
    best = most_telling([headings for headings, _row in choices], form)
    return choices[best or 0]


def _joined(rows: Rows, merged: list[CellRange], upper: int, lower: int) -> list[str]:
    """Return two rows of headings as one: a group above its parts, or one heading merged over both."""
    width = max(len(rows[upper]), len(rows[lower]))
    above, below = ([*rows[number], *[None] * (width - len(rows[number]))] for number in (upper, lower))
    for each in merged:
        if each.min_row <= upper <= each.max_row:
            above[each.min_col - 1 : min(each.max_col, width)] = [above[each.min_col - 1]] * (
                min(each.max_col, width) - each.min_col + 1
            )
    return [_one(group, part) for group, part in zip(above, below, strict=True)]


def _one(group: str | None, part: str | None) -> str:
    known = known_headings()
    candidates = (f"{group}{part}" if group and part else None, part, group)
    return next((c for c in candidates if c and fold(c) in known), part or group or "")


def _spread(rows: Rows, headings: list[str], merged: list[CellRange], form: str | None) -> None:
    """Give every row the key that is merged over several; mark counts merged over several cells."""
    found = recognise([heading for heading in headings if heading], form)
    if found is None or not merged:
        return
    kinds = {heading: found[0].field(name).kind for heading, name in found[1].items()}
    budget = 0
    for each in merged:
        place = each.min_col - 1
        if place >= len(headings):
            continue
        budget += (each.max_row - each.min_row + 1) * (each.max_col - each.min_col + 1)
        refuse_many(budget)
        covered = [number for number in range(each.min_row, each.max_row + 1) if number in rows]
        first = rows.get(each.min_row, [])
        value = first[place] if place < len(first) else None
        kind = kinds.get(headings[place])
        if value is None or kind is None:
            continue
        columns = range(place, min(each.max_col, len(headings))) if kind in COUNTED else [place]
        for number in covered:
            for column in columns:
                if kinds.get(headings[column]) in COUNTED:
                    _set(rows[number], column, f"[{each.coord}]")
                elif kind not in COUNTED:
                    _set(rows[number], column, value)


def _set(texts: list[str | None], place: int, value: str) -> None:
    texts.extend([None] * (place + 1 - len(texts)))
    texts[place] = value


def _text(value: object) -> str | None:
    """Return an Excel cell as the text that a CSV file would hold."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)  # days are fractions in Excel
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date() | time():
            return value.isoformat()
    return str(value).strip() or None
