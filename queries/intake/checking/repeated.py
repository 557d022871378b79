"""Rows that a file holds twice, word for word: taken once, and said."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from queries.intake.forms import Form
from queries.intake.reading import Remark, Sheet

SHOWN: Final = 20  # repeated rows that are named one by one


def without_repeated_rows(form: Form, sheet: Sheet, mapping: dict[str, str]) -> Sheet:
    """Return a sheet without rows whose cells of the form are those of a row above, with a remark for each.

    Rows of one key that differ in anything else are left: they contradict each other.
    """
    cells = sheet.cells
    key = [heading for heading, name in mapping.items() if form.field(name).required]
    alike = np.flatnonzero(cells.duplicated(key, keep=False).to_numpy())
    if not len(alike):
        return sheet
    again = np.zeros(len(cells), dtype=bool)
    again[alike] = cells.iloc[alike].duplicated(list(mapping)).to_numpy()
    if not again.any():
        return sheet
    shown = [Remark("repeated_row", row=int(number)) for number in cells.index[again][:SHOWN]]
    more = int(again.sum()) - SHOWN
    remarks = [*shown, Remark("more_repeated_rows", value=f"{more:,}")] if more > 0 else shown
    return replace(sheet, cells=cells[~again], remarks=(*sheet.remarks, *remarks))
