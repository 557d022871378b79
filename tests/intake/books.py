"""Workbooks as offices send them, made cell by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.intake.world import progress

Rows = Iterable[Iterable[Any]]


def book(path: Path, *rows: dict[str, Any], above: Rows = (), sheet: str = "日报") -> Path:
    """Write returns as a workbook, with rows of titles above the headings."""
    made = openpyxl.Workbook()
    fill(made.active, *rows, above=above)
    made.active.title = sheet
    made.save(path)
    return path


def fill(sheet: Worksheet, *rows: dict[str, Any], above: Rows = ()) -> None:
    """Write returns on a sheet."""
    for line in above:
        sheet.append(list(line))
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([value if value != "" else None for value in row.values()])


def changed(path: Path, change: Callable[[Worksheet], None], *rows: dict[str, Any]) -> Path:
    """Write returns as a workbook and change its sheet."""
    made = openpyxl.Workbook()
    fill(made.active, *rows)
    made.active.title = "日报"
    change(made.active)
    made.save(path)
    return path


def part_of(name: str) -> str:
    """Return the letter of the column in which a field of the progress return stands."""
    return str(openpyxl.utils.get_column_letter(list(progress()).index(name) + 1))


def repacked(content: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """Return a workbook with some of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            change = changes.get(part.filename, lambda text: text)
            new.writestr(part.filename, change(old.read(part.filename)))
    return out.getvalue()
