"""Rows that are no returns: totals at the end, and rows in which only what a template gives is filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from queries.intake.alongside import is_alongside
from queries.intake.forms import fold
from queries.intake.reading import Remark, Sheet

TOTALS: Final = frozenset(fold(word) for word in ("合计", "总计", "小计", "共计", "总 数", "Total", "Subtotal", "Sum"))
# what a template fills in beforehand: a row with nothing else is not a return, and not a nil return either
GIVEN: Final[dict[str, tuple[str, ...]]] = {
    "progress": ("report_date", "area_code", "phase"),
    "staffing": ("report_date", "area_code", "role"),
    "benchmark": ("area_code", "indicator", "source", "unit", "concept_note", "covers_special_area"),
    "target": ("area_code", "phase"),
}
SHOWN: Final = 20  # rows left out of one kind that are named one by one


def without_blank_rows(form: str, sheet: Sheet, mapping: dict[str, str]) -> Sheet:
    """Return a sheet without totals and, of forms that have a template, rows not filled in; with a remark for each."""
    cells = sheet.cells
    if "area_code" not in mapping.values() or form == "calendar" or cells.empty:
        return sheet
    total = _totals(cells, mapping)
    unfilled = ~total & (form in GIVEN)
    for heading, name in mapping.items():
        if not unfilled.any():
            break
        if name not in GIVEN[form]:
            unfilled &= cells[heading].isna().to_numpy()
    if not (total.any() or unfilled.any()):
        return sheet
    remarks = [*_remarks("totals", cells[total]), *_remarks("blank_rows", cells[unfilled])]
    return replace(sheet, cells=cells[~total & ~unfilled], remarks=(*sheet.remarks, *remarks))


def _totals(cells: pd.DataFrame, mapping: dict[str, str]) -> np.ndarray:
    """Return which rows say that they are totals: in the area's code or name, or in the first column."""
    named = [h for n, h in enumerate(cells.columns) if n == 0 or mapping.get(h) == "area_code" or is_alongside(h)]
    total = np.zeros(len(cells), dtype=bool)
    for heading in named:
        said = cells[heading].astype("str")
        plain = said.notna() & ~said.str.contains(r"\d", na=True)  # codes are many, and no total
        words = said[plain]
        found = words.map({word: fold(word) in TOTALS for word in words.unique()})
        total[plain.to_numpy()] |= found.to_numpy(dtype=bool)
    return total


def _remarks(rule: str, rows: pd.DataFrame) -> list[Remark]:
    shown = [Remark(rule, row=int(number), value=_first(rows.loc[number])) for number in rows.index[:SHOWN]]
    more = len(rows) - SHOWN
    return [*shown, Remark(f"more_{rule}", value=str(more))] if more > 0 else shown


def _first(row: pd.Series) -> str | None:
    filled = row.dropna()
    return str(filled.iloc[0]) if len(filled) else None
