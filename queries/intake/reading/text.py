"""Read CSV: UTF-8, UTF-16 or GB18030, any of three separators, any line ends, titles above the headings."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from queries.intake.forms import recognise
from queries.intake.legible import legible
from queries.intake.reading.limits import refuse_dense, refuse_long, refuse_long_line, refuse_wide
from queries.intake.reading.sheet import HEADING_WITHIN, Remark, Sheet, UnreadableError, most_telling, refuse_doubles

SEPARATORS = ",;\t"
BEGINNING = 2**16  # characters in which the headings lie
THREE_BYTES = 0xE0  # what a character of three bytes begins with in UTF-8
BLOCK = 20_000  # rows that are read one by one at a time


def read_text(content: bytes, form: str | None) -> Sheet:
    """Read the one table of a CSV file."""
    plain = _as_utf8(content)
    cut_off = not plain.endswith(b"\n")
    separator, headings, above = _headings(plain, form)
    refuse_wide(len(headings))
    refuse_doubles(headings)
    named = [heading or f"\0{place}" for place, heading in enumerate(headings)]
    try:
        cells = _cells(plain, separator, named, above)
    except UnreadableError as problem:
        if recognise(headings, form) is None:  # what was taken for headings were none
            raise UnreadableError("unknown_form", headings=legible(", ".join(headings), 400)) from problem
        raise
    refuse_long(len(cells))
    refuse_dense(len(cells), len(headings))
    cells = cells[[name for name in named if not name.startswith("\0")]].dropna(how="all")
    last = int(cells.index[-1]) if len(cells) else None
    remarks = (Remark("no_line_end", "warn", row=last),) if cut_off and last else ()
    return Sheet(None, cells, {}, above, remarks)


def _as_utf8(content: bytes) -> bytes:
    """Return the text in UTF-8 without a byte order mark, its lines ended alike and not too many."""
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            plain = content.decode("utf-16").encode()
        else:
            if b"\0" in content:
                raise UnreadableError("binary_file")
            plain = _in_utf8(content)
    except UnicodeDecodeError as error:
        raise UnreadableError("unknown_encoding") from error
    plain = plain.removeprefix(codecs.BOM_UTF8)
    plain = plain.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in plain else plain
    refuse_long(plain.count(b"\n") - HEADING_WITHIN)
    if b"\0" in plain:
        raise UnreadableError("nul_character", row=plain[: plain.index(b"\0")].count(b"\n") + 1)
    return plain


def _in_utf8(content: bytes) -> bytes:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_mixed(content)
        return content.decode("gb18030").encode()
    return content


def _refuse_mixed(content: bytes) -> None:
    """Refuse a text that is UTF-8 in some lines only, and name the first line that differs from those above it.

    Two Chinese characters of GB18030 may happen to be UTF-8; characters of three bytes hardly ever are.
    """
    first: bool | None = None
    for number, line in enumerate(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), 1):
        if line.isascii():
            continue
        is_utf8 = _is_utf8(line)
        if is_utf8 and max(line) < THREE_BYTES:
            continue
        if first is None:
            first = is_utf8
        elif is_utf8 != first:
            raise UnreadableError("mixed_encodings", row=number)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _headings(plain: bytes, form: str | None) -> tuple[str, list[str], int]:
    """Return the separator, the headings, and the number of lines down to them."""
    beginning = plain[:BEGINNING].decode(errors="ignore")
    tables = {separator: list(islice(_records(beginning, separator), HEADING_WITHIN)) for separator in SEPARATORS}
    found: list[tuple[int, str, int]] = []
    for separator, records in tables.items():
        place = most_telling([cells for _line, cells in records], form)
        if place is not None:
            found.append((len(records[place][1]), separator, place))
    if found:
        _width, separator, place = max(found, key=lambda one: one[0])
    else:
        if not tables[SEPARATORS[0]]:
            raise UnreadableError("empty_file")
        first_line = beginning.lstrip("\n").split("\n", 1)[0]
        separator = max(SEPARATORS, key=first_line.count)
        place = 0
    line, headings = tables[separator][place]
    return separator, headings, line


def _records(text: str, separator: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that hold anything, each with the number of its last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _cells(plain: bytes, separator: str, headings: list[str], above: int) -> pd.DataFrame:
    if plain.count(b'"') % 2:  # one is not closed: find out where
        return _cells_one_by_one(plain, separator, headings, above)
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(plain),
            pyarrow.csv.ReadOptions(column_names=headings, skip_rows=above),
            pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=b'"' in plain, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(headings, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        return _cells_one_by_one(plain, separator, headings, above)
    cells = table.to_pandas()
    cells.index = pd.RangeIndex(above + 1, len(cells) + above + 1)
    return cells


def _cells_one_by_one(plain: bytes, separator: str, headings: list[str], above: int) -> pd.DataFrame:
    """Read record by record: where lines are blank or run short, and to find the row that is at fault."""
    blocks, rows, numbers, line = [], [], [], above
    below = plain.decode().split("\n", above)[-1]
    for number, text in enumerate(below.split("\n"), above + 1):
        refuse_long_line(number, len(text))
    try:
        for last_line, cells in _records(below, separator, strict=True):
            line = above + last_line
            while len(cells) > len(headings) and not cells[-1]:
                cells.pop()
            if len(cells) != len(headings):
                raise UnreadableError("ragged_row", row=line, found=len(cells), expected=len(headings))
            rows.append([cell or None for cell in cells])
            numbers.append(line)
            if len(rows) == BLOCK:  # so many texts of Python's own would take the memory of ten files
                blocks.append(pd.DataFrame(rows, columns=headings, dtype="str"))
                rows = []
    except csv.Error as error:
        raise UnreadableError("broken_csv", row=line + 1) from error
    blocks.append(pd.DataFrame(rows, columns=headings, dtype="str"))
    return pd.concat(blocks).set_axis(pd.Index(numbers, dtype="int64"))
