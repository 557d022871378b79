"""A table in the layout of an official form: title, office and day, merged headings, total, native numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard.download import NUMBER_FORMATS, open_book
from dashboard.i18n import UNKNOWN

DAY_FORMAT: Final = "yyyy-mm-dd"
HEAD: Final = 3  # the second line of headings, after title, office line and the first one; counted from 0
MANY: Final = 20  # columns that an A4 sheet still shows legibly
A4, A3 = 9, 8


@dataclass(frozen=True)
class Layout:
    """What a form says around its figures, in the viewer's language.

    Attributes
    ----------
    title, sheet : str
        Above the table, and on the tab.
    office, as_of, unit : str
        The line below the title: left, middle and right.
    place : str
        Heading of the first column.
    headings : sequence of tuple
        For each further column: the heading of its block (empty where it stands alone), and its own.
    notes : sequence of str
        Below the table.
    """

    title: str
    sheet: str
    office: str
    as_of: str
    unit: str
    place: str
    headings: Sequence[tuple[str, str]]
    notes: Sequence[str]


def as_form(rows: pd.DataFrame, names: Sequence[str], kinds: Sequence[str], layout: Layout) -> bytes:
    """Return a workbook with one form.

    Parameters
    ----------
    rows : DataFrame
        Its lines, the total first; `name` is the place.
    names, kinds : sequence of str
        The further columns in order, and how they are written: count, percent or date.
    """
    out = io.BytesIO()
    book = open_book(out)
    sheet = book.add_worksheet(layout.sheet)
    last = len(names)
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    sheet.merge_range(0, 0, 0, last, layout.title, title)
    sheet.set_row(0, 32)
    _office_line(book, sheet, layout, last)
    _headings(book, sheet, layout)
    for line, row in enumerate(rows.to_dict("records")):
        _line(book, sheet, line + HEAD + 1, row, names, kinds, bold=line == 0 and len(rows) > 1)
    below = HEAD + 2 + len(rows)
    plain = book.add_format({"text_wrap": True, "valign": "top", "font_size": 10})
    for n, note in enumerate(layout.notes):
        sheet.merge_range(below + n, 0, below + n, last, note, plain)
        sheet.set_row(below + n, 28)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, last, 9 if last > MANY else 11)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(A3 if last > MANY else A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD - 1, HEAD)
    book.close()
    return out.getvalue()


def _office_line(book: Any, sheet: Any, layout: Layout, last: int) -> None:
    """Write office, day and unit, each over a third of the width."""
    edges = [0, max(1, (last + 1) // 3), max(2, 2 * (last + 1) // 3), last + 1]
    texts = ((layout.office, "left"), (layout.as_of, "center"), (layout.unit, "right"))
    for (text, align), start, end in zip(texts, edges, edges[1:], strict=False):
        written = book.add_format({"align": align})
        if end - start > 1:
            sheet.merge_range(1, start, 1, end - 1, text, written)
        else:
            sheet.write_string(1, start, text, written)


def _headings(book: Any, sheet: Any, layout: Layout) -> None:
    """Write two lines of headings; a block's heading stands over its columns, a lone one over both lines."""
    head = book.add_format(
        {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#EAF0F7"}
    )
    top, bottom = HEAD - 1, HEAD
    sheet.set_row(top, 32)
    sheet.set_row(bottom, 44)
    sheet.merge_range(top, 0, bottom, 0, layout.place, head)
    place = 1
    while place <= len(layout.headings):
        block, own = layout.headings[place - 1]
        if not block:
            sheet.merge_range(top, place, bottom, place, own, head)
            place += 1
            continue
        end = place
        while end < len(layout.headings) and layout.headings[end][0] == block:
            end += 1
        if end > place:
            sheet.merge_range(top, place, top, end, block, head)
        else:
            sheet.write_string(top, place, block, head)
        for n in range(place, end + 1):
            sheet.write_string(bottom, n, layout.headings[n - 1][1], head)
        place = end + 1


def _line(
    book: Any, sheet: Any, line: int, row: dict[str, Any], names: Sequence[str], kinds: Sequence[str], *, bold: bool
) -> None:
    common = {"border": 1, "bold": bold, "valign": "vcenter"}
    sheet.set_row(line, 18)
    sheet.write_string(line, 0, str(row["name"]), book.add_format(common))
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True), start=1):
        value = row[name]
        if pd.isna(value):
            sheet.write_string(line, place, UNKNOWN, book.add_format({**common, "align": "center"}))
        elif kind == "date":
            sheet.write_datetime(line, place, value, book.add_format({**common, "num_format": DAY_FORMAT}))
        else:
            written = book.add_format({**common, "num_format": NUMBER_FORMATS[kind]})
            sheet.write_number(line, place, float(value), written)
