"""Files as large as can be sent that hold next to nothing, or the same over and over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Final

from tests.intake.books import repacked
from tests.intake.corpus import Case, table
from tests.intake.corpus.shapes import GOOD, one
from tests.intake.corpus.workbooks import SHEET, book
from tests.intake.world import progress

MEGABYTE: Final = 2**20
HEAD, ROW = table(progress(6)).splitlines()
SHORT_HEAD: Final = b"report_date,area_code,phase,hh_done,visits_day\n"
NAMESPACE: Final = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END: Final = b"</sheetData></worksheet>"


def rows(number: int, line: Callable[[int], bytes], head: bytes = SHORT_HEAD) -> Callable[[], bytes]:
    """Return what makes a table of so many lines."""
    return lambda: head + b"".join(line(n) for n in range(number))


def sheet(content: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a workbook whose sheet holds so much, stored as it is so that it is no bomb by its ratio."""

    def make() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                whole = part.filename == SHEET
                text = NAMESPACE + content() + END if whole else old.read(part.filename)
                kind = zipfile.ZIP_STORED if whole else zipfile.ZIP_DEFLATED
                new.writestr(part.filename, text, compress_type=kind)
        return out.getvalue()

    return make


def cells(n: int) -> bytes:
    """Return a row of a worksheet with four cells."""
    filled = (f'<c r="{column}{n + 1}"><v>{n % 9}</v></c>' for column in "ABCD")
    return f'<row r="{n + 1}">{"".join(filled)}</row>'.encode()


CASES: Final = [
    Case("60 MB of empty lines", lambda: HEAD + b"\n" * (60 * MEGABYTE), "refused", ("too_many_rows",)),
    Case("60 MB of empty lines of old computers", lambda: HEAD + b"\r" * (60 * MEGABYTE), "refused",
         ("too_many_rows",)),
    Case("60 MB of empty lines and nothing else", lambda: b"\n" * (60 * MEGABYTE), "refused", ("empty_file",)),
    Case("60 MB of blanks in one line", lambda: HEAD + b"\n" + b" " * (60 * MEGABYTE), "refused", ("long_line",)),
    Case("60 MB of commas", lambda: HEAD + b"\n" + b"," * (60 * MEGABYTE), "refused", ("long_line",)),
    Case("60 MB of quotation marks", lambda: HEAD + b"\n" + b'"' * (60 * MEGABYTE), "refused", ("long_line",)),
    Case("60 MB in one cell", lambda: HEAD + b"\n" + b"a" * (60 * MEGABYTE), "refused", ("long_line",)),
    Case("60 MB of headings", lambda: b"a" * (60 * MEGABYTE), "refused", ("unknown_form",)),
    Case("60 MB in two encodings", lambda: (HEAD + "一\n".encode() * (100_000) + "二\n".encode("gb18030") *
                                            (100_000)), "refused", ("mixed_encodings",)),
    Case("180,000 empty lines", lambda: HEAD + b"\n" * 180_000 + ROW + b"\n", "taken"),
    Case("180,000 lines of commas", lambda: HEAD + b"\n" + (b"," * HEAD.count(b",") + b"\n") * 180_000 + ROW + b"\n",
         "taken"),
    Case("300,000 rows word for word", rows(300_000, lambda n: b"2010-09-20,10101,sweep,24,6\n"), "rejected",
         ("blank_after_value",)),
    Case("a million rows word for word", lambda: SHORT_HEAD + b"2010-09-20,10101,sweep,24,6\n" * 1_000_000, "refused",
         ("too_many_rows",)),
    Case("all of a file word for word", lambda: HEAD + b"\n" + (ROW + b"\n") * 180_000, "taken",
         ("repeated_row", "more_repeated_rows")),
    Case("250,000 full rows", lambda: HEAD + b"\n" + (ROW + b"\n") * 250_000, "refused", ("table_too_large",)),
    Case("300,000 rows that contradict each other", rows(300_000, lambda n: b"2010-09-20,10101,sweep,%d,6\n" % n),
         "rejected", ("duplicate_row", "blank_after_value", "falls", "far_over_frame")),
    Case("300,000 rows of unknown units", rows(300_000, lambda n: b"2010-09-20,u%d,sweep,24,6\n" % n), "rejected",
         ("unknown_area",)),
    Case("300,000 rows of no day", rows(300_000, lambda n: b"day %d,10101,sweep,24,6\n" % n), "rejected",
         ("not_a_date",)),
    Case("300,000 rows of no figure", rows(300_000, lambda n: b"2010-09-20,10101,sweep,x%d,6\n" % n), "rejected",
         ("not_a_count", "duplicate_row", "blank_after_value")),
    Case("300,000 roots", rows(300_000, lambda n: b"r%d,root,\n" % n, b"code,name,parent_code\n"), "rejected",
         ("second_root",)),
    Case("300,000 parents in a circle",
         rows(300_000, lambda n: b"c%d,circle,c%d\n" % (n, (n + 1) % 300_000), b"code,name,parent_code\n"),
         "rejected", ("circle",)),
    Case("300,000 levels", rows(300_000, lambda n: b"d%d,deep,d%d\n" % (n, n - 1), b"code,name,parent_code\n"),
         "rejected", ("too_deep", "second_root")),
    Case("300,000 calendars", rows(300_000, lambda n: b"long,2010-11-01,2010-11-15,%d\n" % (n % 10_000),
                                     b"phase,start,end,grace_minutes\n"), "rejected", ("duplicate_row",)),
    Case("60 MB of points", lambda: one(GOOD).replace(b"[118.7, 31.9],", b"[118.7, 31.9]," * (4 * MEGABYTE), 1),
         "refused", ("boundaries_too_large",), "towns.geojson"),
    Case("60 MB of brackets", lambda: b'{"features": [' + b"[]," * (20 * MEGABYTE), "refused",
         ("boundaries_too_large",), "towns.geojson"),
    Case("25 MB of points", lambda: one(GOOD).replace(b"[118.7, 31.9],", b"[118.7, 31.9]," * 1_180_000, 1), "taken",
         (), "towns.geojson"),
    Case("a workbook of empty rows", sheet(lambda: b"<row/>" * (9 * MEGABYTE)), "refused", ("too_many_rows",),
         "book.xlsx"),
    Case("a workbook of 310,000 rows", sheet(lambda: b"".join(map(cells, range(310_000)))), "refused",
         ("too_many_rows",), "book.xlsx"),
    Case("a workbook of empty cells", sheet(lambda: b"<row>" + b"<c/>" * (15 * MEGABYTE) + b"</row>"), "refused",
         ("too_many_cells",), "book.xlsx"),
    Case("a workbook of empty cells in rows", sheet(lambda: (b"<row>" + b"<c/>" * 300 + b"</row>") * 40_000),
         "refused", ("too_many_cells",), "book.xlsx"),
    Case("a workbook that unpacks to 250 MB", lambda: repacked(book(), {SHEET: lambda _xml: NAMESPACE +
         b"<row></row>" * (22 * MEGABYTE) + END}), "refused", ("zip_bomb",), "book.xlsx"),
]  # fmt: skip
