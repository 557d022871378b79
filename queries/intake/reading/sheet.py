"""A table as it was read: text cells under their headings, and where each one stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from queries.intake.forms import recognise
from queries.intake.legible import legible

HEADING_WITHIN: Final = 10  # rows in which headings are looked for: titles may stand above them


class UnreadableError(ValueError):
    """A file that cannot be read at all; `rule` names the reason in the catalogue of messages."""

    def __init__(self, rule: str, **expected: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.expected = expected


@dataclass(frozen=True)
class Remark:
    """What is to be said of a sheet, a row or a cell that keeps no row out.

    Attributes
    ----------
    rule, severity : str
        Key in the catalogue of messages; warn or note.
    row : int or None
        The row in the file.
    cell : str or None
        The address in a workbook.
    value : str or None
        What stands there.
    sheet : str or None
        The sheet, where it is not the one that the remark is kept with.
    """

    rule: str
    severity: str = "note"
    row: int | None = None
    cell: str | None = None
    value: str | None = None
    sheet: str | None = None


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
    heading_row : int
        The row that holds the headings, the lower one of two.
    remarks : tuple of Remark
        What reading found.
    """

    name: str | None
    cells: pd.DataFrame
    columns: dict[str, str]
    heading_row: int = 1
    remarks: tuple[Remark, ...] = ()

    def cell(self, heading: str | None, row: int) -> str | None:
        """Return the address of a cell of a workbook; None in CSV or without a column."""
        return f"{self.columns[heading]}{row}" if heading in self.columns else None


def most_telling(rows: Iterable[Sequence[str]], form: str | None) -> int | None:
    """Return the place of the row of headings that tells a form best, the first of equals; None if none does."""
    best, most = None, 0
    for place, headings in enumerate(rows):
        found = recognise([h for h in headings if h], form)
        if found is not None and len(found[1]) > most:
            best, most = place, len(found[1])
    return best


def refuse_doubles(headings: Sequence[str]) -> None:
    """Raise `UnreadableError` when a heading occurs twice."""
    for heading, times in Counter(headings).items():
        if heading and times > 1:
            raise UnreadableError("double_heading", heading=legible(heading))
