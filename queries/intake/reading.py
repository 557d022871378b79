"""Read a file of returns: CSV in UTF-8 or GB18030, or an Excel workbook, as text cells."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

EXCEL = (".xlsx", ".xlsm")


class UnreadableError(ValueError):
    """A file that cannot be read at all; `rule` names the reason in the catalogue of messages."""

    def __init__(self, rule: str, **expected: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.expected = expected


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    Attributes
    ----------
    name : str or None
        The sheet's name; None for CSV.
    cells : DataFrame
        Text cells under their headings, None where blank; the index is the row number in the file.
    columns : dict
        Excel column letters by heading; empty for CSV.
    """

    name: str | None
    cells: pd.DataFrame
    columns: dict[str, str]


def read(content: bytes, file_name: str) -> list[Sheet]:
    """Read the sheets of a file; raise `UnreadableError` with the reason when that cannot be done."""
    if not content.strip():
        raise UnreadableError("empty_file")
    if Path(file_name).suffix.lower() in EXCEL:
        return _workbook(content)
    return [Sheet(None, _csv(content), {})]


def _csv(content: bytes) -> pd.DataFrame:
    try:
        content.decode("utf-8")
        plain = content.removeprefix(b"\xef\xbb\xbf")
    except UnicodeDecodeError:
        try:
            plain = content.decode("gb18030").encode()
        except UnicodeDecodeError as error:
            raise UnreadableError("unknown_encoding") from error
    first_line = plain.split(b"\n", 1)[0].decode().rstrip("\r")
    delimiter = max(",;\t", key=first_line.count)
    headings = next(csv.reader([first_line], delimiter=delimiter))
    _refuse_doubles(headings)
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(plain),
            pyarrow.csv.ReadOptions(column_names=headings, skip_rows=1),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in plain, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(headings, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableError("broken_csv", detail=str(error)) from error
    cells = table.to_pandas()
    cells.index = pd.RangeIndex(2, len(cells) + 2)
    return cells.dropna(how="all")


def _workbook(content: bytes) -> list[Sheet]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise UnreadableError("broken_workbook") from error
    sheets = []
    for sheet in book.worksheets:
        rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        top = next((n for n, row in enumerate(rows) if any(cell is not None for cell in row)), None)
        if top is None:
            continue
        headings = [cell or "" for cell in rows[top]]
        used = [n for n, heading in enumerate(headings) if heading]
        _refuse_doubles([headings[n] for n in used])
        cells = pd.DataFrame(
            [[row[n] if n < len(row) else None for n in used] for row in rows[top + 1 :]],
            columns=[headings[n] for n in used],
            index=pd.RangeIndex(top + 2, len(rows) + 1),
            dtype=object,
        )
        letters = {headings[n]: get_column_letter(n + 1) for n in used}
        sheets.append(Sheet(sheet.title, cells.dropna(how="all"), letters))
    if not sheets:
        raise UnreadableError("empty_file")
    return sheets


def _refuse_doubles(headings: list[str]) -> None:
    for heading in headings:
        if heading and headings.count(heading) > 1:
            raise UnreadableError("double_heading", heading=heading)


def _text(value: object) -> str | None:
    """Return an Excel cell as the text that a CSV file would hold."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value).strip() or None
