"""Read a file of returns as text cells: what it is, is told by its content and never by its name."""

from __future__ import annotations

import errno
import stat
from dataclasses import replace
from pathlib import Path
from typing import Final

from queries.intake.forms import recognise
from queries.intake.reading.limits import MAX_BYTES, refuse_large
from queries.intake.reading.sheet import Remark, Sheet, UnreadableError
from queries.intake.reading.text import read_text
from queries.intake.reading.workbook import read_workbook

__all__ = ["Remark", "Sheet", "UnreadableError", "is_boundaries", "read", "read_file"]

ZIP: Final = b"PK\x03\x04"
OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
BINARY: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head")
LOCKS: Final = ("~$", ".~lock.")
SOME: Final = 2  # known headings from which on a sheet may be a return after all


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; raise `UnreadableError` when it is none, cannot be opened or is too large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for, a device has no end
            raise UnreadableError("not_a_file")
        refuse_large(found.st_size)
        with path.open("rb") as source:  # it may grow, or tell no size
            content = source.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableError("no_file") from error
    except OSError as error:
        raise UnreadableError("name_too_long" if error.errno == errno.ENAMETOOLONG else "file_locked") from error
    refuse_large(len(content))
    return content


def is_boundaries(content: bytes, file_name: str) -> bool:
    """Return whether a file is GeoJSON."""
    named_so = Path(file_name).suffix.lower() in (".geojson", ".json")
    return content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or (named_so and not content.startswith(ZIP))


def read(content: bytes, file_name: str, form: str | None = None) -> list[Sheet]:
    """Read the sheets of a file; raise `UnreadableError` with the reason when that cannot be done.

    Parameters
    ----------
    form : str, optional
        Key of the form, when the headings are not to decide.
    """
    refuse_large(len(content))
    if Path(file_name).name.startswith(LOCKS):
        raise UnreadableError("lock_file")
    if not content.strip():
        raise UnreadableError("empty_file")
    if content.startswith(OLE):
        raise UnreadableError("protected_workbook" if ENCRYPTED in content else "old_workbook")
    if content.startswith(ZIP):
        return _of_forms(read_workbook(content, form), form)
    if content.startswith(BINARY):
        raise UnreadableError("binary_file")
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
        raise UnreadableError("web_page")
    return [read_text(content, form)]


def _of_forms(sheets: list[Sheet], form: str | None) -> list[Sheet]:
    """Leave out sheets whose headings belong to no form, as long as one sheet's do, and say so."""
    kept = [sheet for sheet in sheets if recognise(sheet.cells.columns, form) is not None]
    if not kept:
        return sheets
    left_out = [_left_out(sheet) for sheet in sheets if not any(sheet is other for other in kept)]
    return [replace(kept[0], remarks=(*kept[0].remarks, *left_out)), *kept[1:]]


def _left_out(sheet: Sheet) -> Remark:
    nearest = recognise(sheet.cells.columns, told=False)
    unclear = nearest is not None and len(nearest[1]) > SOME
    return Remark("sheet_unclear" if unclear else "sheet_skipped", "warn" if unclear else "note", sheet=sheet.name)
