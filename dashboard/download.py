"""Tables as files: an Excel workbook with native numbers, and CSV that Excel opens in Chinese."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from math import ceil
from typing import Any, Final

import pandas as pd
import xlsxwriter

from dashboard.i18n import UNKNOWN
from queries import harmless

NUMBER_FORMATS: Final = {
    "count": "#,##0",
    "signed": "+#,##0;−#,##0;0",
    "points": "+0.0;−0.0;0.0",
    "ratio": "0.00",
    "pace": "#,##0",
    "percent": "0.0%",
    "share": "0.00%",
    "percent2": "+0.00%;−0.00%;0.00%",
    "permille": '0.00"‰"',
    "day": "yyyy-mm-dd",
}
SHARES: Final = ("percent", "share", "percent2")
FILLS: Final = {"green": "#DDF1E9", "amber": "#FBEBCB", "red": "#F7D9D2"}
HEAD: Final = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EAF0F7"}
WIDEST: Final = 46  # characters
NOTES: Final = 110
LINE: Final = 15  # points
A4: Final = 9


def as_csv(shown: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark: whole numbers whole, unknown cells empty."""
    return harmless.as_csv(shown.round(6).convert_dtypes())


def as_workbook(
    shown: pd.DataFrame, kinds: Sequence[str], status: Sequence[str], sheets: tuple[str, str], notes: Sequence[str]
) -> bytes:
    """Return a table as a workbook: native numbers, frozen header, coloured rows, and a sheet of notes.

    Parameters
    ----------
    shown : DataFrame
        As on screen; shares in percent.
    kinds : sequence of str
        How each column is written.
    status : sequence of str
        green, amber or red a row, or nothing.
    sheets : tuple of str
        What the sheets of the table and of the notes are called.
    """
    out = io.BytesIO()
    book = open_book(out)
    sheet = book.add_worksheet(sheets[0])
    write_table(book, sheet, shown, kinds, status)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(shown), 1), len(kinds) - 1)
    for_print(sheet)
    sheet.repeat_rows(0)
    write_notes(book, book.add_worksheet(sheets[1]), notes)
    book.close()
    return out.getvalue()


def open_book(out: io.BytesIO) -> xlsxwriter.Workbook:
    """Return a workbook that is written to memory; a text in it is a text, whatever it begins with."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": False, **plain})


def write_table(
    book: xlsxwriter.Workbook,
    sheet: Any,
    shown: pd.DataFrame,
    kinds: Sequence[str | Sequence[str]],
    status: Sequence[str] = (),
    *,
    first: int = 0,
    widths: Sequence[int] = (),
    unknown: str = UNKNOWN,
) -> list[int]:
    """Write a table into a sheet from a row on: headings, native numbers, rows in the colour of their status.

    Parameters as for `as_workbook`, besides:

    kinds : sequence
        How each column is written, or each of its cells where they differ.
    first : int
        Row of the headings.
    widths : sequence of int
        Of columns, as an earlier table on the sheet needed them.
    unknown : str
        What stands for an unknown number; nothing leaves the cell blank, which a chart shows as a gap.

    Returns
    -------
    list of int
        The widths of the columns now.
    """
    heads = {
        True: book.add_format({**HEAD, "align": "right"}),
        False: book.add_format({**HEAD, "align": "left", "indent": 1}),
    }
    by_cell = [[kind] * len(shown) if isinstance(kind, str) else list(kind) for kind in kinds]
    formats = {
        (kind, colour): book.add_format(_cell_format(kind, colour))
        for kind in {kind for column in by_cell for kind in column}
        for colour in ("", *FILLS)
    }
    heights, wide = [1] * (len(shown) + 1), list(widths)
    for place, column in enumerate(by_cell):
        heading, values = shown.columns[place], shown.iloc[:, place]
        usual = column[0] if column else "text"
        sheet.write_string(first, place, heading, heads[usual in NUMBER_FORMATS])
        width = max(_width(values, heading, usual), widths[place] if place < len(widths) else 0)
        wide[place : place + 1] = [width]
        heights[0] = max(heights[0], lines_in(heading, width))
        for line, (kind, value) in enumerate(zip(column, values, strict=True)):
            colour = status[line] if line < len(status) and status[line] in FILLS else ""
            _write(sheet, first + 1 + line, place, value, kind, formats[kind, colour], unknown)
            if kind not in NUMBER_FORMATS:
                heights[line + 1] = max(heights[line + 1], lines_in(str(value), width))
        sheet.set_column(place, place, width)
    for line, height in enumerate(heights):
        if height > 1:
            sheet.set_row(first + line, LINE * height)
    return wide


def write_notes(book: xlsxwriter.Workbook, sheet: Any, notes: Sequence[str]) -> None:
    """Write lines of text into a sheet, the first one bold."""
    wrapped = {"text_wrap": True, "valign": "top"}
    plain, bold = book.add_format(wrapped), book.add_format({**wrapped, "bold": True})
    sheet.set_column(0, 0, NOTES, plain)
    for line, note in enumerate(notes):
        sheet.write_string(line, 0, note, plain if line else bold)
        sheet.set_row(line, LINE * lines_in(note, NOTES))


def for_print(sheet: Any) -> None:
    """Set a sheet up to print on A4, across, as wide as one page."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cell_format(kind: str, colour: str) -> dict[str, Any]:
    wrapped: dict[str, Any] = {"text_wrap": True, "align": "left", "indent": 1}
    chosen = {"num_format": NUMBER_FORMATS[kind]} if kind in NUMBER_FORMATS else wrapped
    chosen = {**chosen, "valign": "vcenter"}
    return {**chosen, "bg_color": FILLS[colour]} if colour else chosen


def _write(sheet: Any, line: int, place: int, value: Any, kind: str, written: Any, unknown: str) -> None:
    if pd.isna(value):
        sheet.write_string(line, place, unknown, written) if unknown else sheet.write_blank(line, place, None, written)
    elif kind not in NUMBER_FORMATS:
        sheet.write_string(line, place, str(value), written)
    elif kind == "day":
        sheet.write_datetime(line, place, value, written)
    else:
        sheet.write_number(line, place, value / 100 if kind in SHARES else value, written)


def _width(column: pd.Series, heading: str, kind: str) -> int:
    """Return a width in characters."""
    if kind in NUMBER_FORMATS:
        return max(10, min(16, cells(heading) + 1))
    return min(WIDEST, max([8, *(cells(str(v)) for v in column), min(cells(heading), 16)]) + 3)


def lines_in(text: str, width: int) -> int:
    """Return how many lines a text takes in a column, whose last character stays free."""
    return max(1, ceil(cells(text) / (width - 1)))


def cells(text: str) -> int:
    """Return the width of a text in characters, Chinese ones counting double."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
