"""Tables as files: an Excel workbook with native numbers, and CSV that Excel opens in Chinese."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import xlsxwriter

from dashboard.i18n import UNKNOWN

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
}
SHARES: Final = ("percent", "share", "percent2")
FILLS: Final = {"green": "#DDF1E9", "amber": "#FBEBCB", "red": "#F7D9D2"}
WIDEST: Final = 46


def as_csv(shown: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, unknown cells empty."""
    return shown.to_csv(index=False).encode("utf-8-sig")


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
    book = xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": False})
    sheet = book.add_worksheet(sheets[0])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EAF0F7"})
    for place, heading in enumerate(shown.columns):
        sheet.write_string(0, place, heading, head)
    formats = {
        (kind, colour): book.add_format(_cell_format(kind, colour)) for kind in set(kinds) for colour in ("", *FILLS)
    }
    for place, kind in enumerate(kinds):
        for line, value in enumerate(shown.iloc[:, place], start=1):
            colour = status[line - 1] if line <= len(status) and status[line - 1] in FILLS else ""
            _write(sheet, line, place, value, kind, formats[kind, colour])
        sheet.set_column(place, place, _width(shown.iloc[:, place], shown.columns[place], kind))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(shown), 1), len(kinds) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    about = book.add_worksheet(sheets[1])
    about.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
    for line, note in enumerate(notes):
        about.write_string(line, 0, note, book.add_format({"bold": line == 0, "text_wrap": True}))
    book.close()
    return out.getvalue()


def _cell_format(kind: str, colour: str) -> dict[str, Any]:
    chosen: dict[str, Any] = {"num_format": NUMBER_FORMATS[kind]} if kind in NUMBER_FORMATS else {}
    return {**chosen, "bg_color": FILLS[colour]} if colour else chosen


def _write(sheet: Any, line: int, place: int, value: Any, kind: str, written: Any) -> None:
    if kind in NUMBER_FORMATS:
        if pd.isna(value):
            sheet.write_string(line, place, UNKNOWN, written)
        else:
            sheet.write_number(line, place, value / 100 if kind in SHARES else value, written)
    else:
        sheet.write_string(line, place, UNKNOWN if pd.isna(value) else str(value), written)


def _width(column: pd.Series, heading: str, kind: str) -> int:
    """Return a width in characters, Chinese ones counting double."""
    if kind in NUMBER_FORMATS:
        return max(10, min(16, _cells(heading)))
    return min(WIDEST, max([8, *(_cells(str(v)) for v in column), min(_cells(heading), 16)]) + 2)


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
