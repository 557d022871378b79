"""How large a file may be: what no table of returns needs is refused before it fills the memory."""

from __future__ import annotations

import zipfile
from typing import Final

from queries.intake.reading.sheet import UnreadableError

MAX_BYTES: Final = 64 * 2**20  # of a file; the upload limit of the page is the same
MAX_UNPACKED: Final = 256 * 2**20  # of a workbook
MAX_PART: Final = 32 * 2**20  # of what is not a worksheet, such as the table of texts
MAX_RATIO: Final = 200  # unpacked against packed; worksheets reach 50
MAX_PARTS: Final = 2_000  # files inside a workbook
MAX_ROWS: Final = 300_000  # a day of a province's enumeration districts
MAX_TABLE: Final = 8_000_000  # rows times columns; checked against each other they take 1 GB of memory
MAX_ROW_TAGS: Final = 500_000  # of a worksheet, empty ones with a format included
MAX_COLUMNS: Final = 400
MAX_LINE: Final = 1_000_000  # characters
MAX_CELLS: Final = 1_500_000  # of a workbook, empty ones with a format included
HARMLESS: Final = 2**24  # unpacked bytes that are let through however well they were packed


def refuse_large(size: int) -> None:
    """Raise `UnreadableError` when a file has more bytes than are taken in."""
    if size > MAX_BYTES:
        raise UnreadableError("file_too_large", size=_megabytes(size), limit=_megabytes(MAX_BYTES))


def refuse_bomb(archive: zipfile.ZipFile, packed: int) -> None:
    """Raise `UnreadableError` when a workbook would unpack to what no table needs."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed_too_well = unpacked > HARMLESS and unpacked > MAX_RATIO * packed
    beside = max((part.file_size for part in parts if not part.filename.startswith("xl/worksheets/")), default=0)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or beside > MAX_PART or packed_too_well:
        raise UnreadableError("zip_bomb", packed=_megabytes(packed), unpacked=_megabytes(unpacked))


def refuse_wide(columns: int) -> None:
    """Raise `UnreadableError` when a table has more columns than any form."""
    if columns > MAX_COLUMNS:
        raise UnreadableError("too_many_columns", limit=MAX_COLUMNS)


def refuse_long(rows: int) -> None:
    """Raise `UnreadableError` when a table has more rows than are taken in at once."""
    if rows > MAX_ROWS:
        raise UnreadableError("too_many_rows", limit=f"{MAX_ROWS:,}")


def refuse_dense(rows: int, columns: int) -> None:
    """Raise `UnreadableError` when a table has more cells than can be checked against each other."""
    if rows * columns > MAX_TABLE:
        raise UnreadableError("table_too_large", rows=f"{rows:,}", columns=columns, limit=f"{MAX_TABLE:,}")


def refuse_endless(row_tags: int) -> None:
    """Raise `UnreadableError` when a worksheet has more rows, filled or not, than are read."""
    if row_tags > MAX_ROW_TAGS:
        raise UnreadableError("too_many_rows", limit=f"{MAX_ROW_TAGS:,}")


def refuse_long_line(line: int, length: int) -> None:
    """Raise `UnreadableError` when a line of a table is longer than any row."""
    if length > MAX_LINE:
        raise UnreadableError("long_line", row=line, limit=f"{MAX_LINE:,}")


def refuse_many(cells: int) -> None:
    """Raise `UnreadableError` when a workbook has more cells than are taken in at once."""
    if cells > MAX_CELLS:
        raise UnreadableError("too_many_cells", limit=f"{MAX_CELLS:,}")


def _megabytes(size: int) -> int:
    return -(-size // 2**20)
