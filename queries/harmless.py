"""Cells of CSV files as a spreadsheet may open them: text stays text, numbers stay numbers."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

WORKED_OUT: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what begins a formula
NUMBER: Final = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?([eE][+-]?[0-9]+)?%?")


def harmless(cell: str) -> str:
    """Return a text that no spreadsheet works out on opening a CSV file: with ' before what would begin a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("-5"), harmless("-无")
    ("'=1+1", '-5', "'-无")
    """
    return f"'{cell}" if cell.startswith(WORKED_OUT) and len(cell) > 1 and not NUMBER.fullmatch(cell) else cell


def as_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, its texts and headings harmless."""
    texts = {name: table[name].map(_harmless) for name in table if not pd.api.types.is_numeric_dtype(table[name])}
    return table.assign(**texts).rename(columns=harmless).to_csv(index=False).encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return harmless(cell) if isinstance(cell, str) else cell
