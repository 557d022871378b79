"""Bytes that are no text, text that is no table, and tables of other encodings, separators and line ends."""

from __future__ import annotations

import gzip
from typing import Any, Final

from tests.intake.corpus import Case, table
from tests.intake.world import benchmark, progress

GOOD: Final = table(progress(6), progress(7))
TEXT: Final = table(progress(6, note="备注一"), progress(7, note="备注二")).decode()
LINES: Final = TEXT.splitlines()
BOM: Final = "\ufeff".encode()


def file(name: str, content: bytes, rule: str, file_name: str = "file.csv") -> Case:
    """Return a case of a file that is refused."""
    return Case(name, content, "refused", (rule,), file_name)


def mixed(*encodings: str) -> bytes:
    """Return a table whose lines are each in an encoding of their own."""
    return b"".join(f"{line}\n".encode(e) for line, e in zip(LINES, encodings, strict=True))


def with_heading(heading: str, value: Any) -> bytes:
    """Return a return with one more column."""
    return table(progress(6) | {heading: value})


CASES: Final = [
    file("nothing", b"", "empty_file"),
    file("blanks", b" \t\r\n \n", "empty_file"),
    file("a byte order mark alone", BOM, "empty_file"),
    file("commas alone", b",,,\n,,,\n", "empty_file"),
    file("a line of quotes", b'"""\n', "unknown_form"),
    file("headings alone", LINES[0].encode() + b"\n", "no_rows"),
    Case("headings twice", f"{LINES[0]}\n{LINES[0]}\n".encode(), "rejected",
         ("not_a_date", "not_a_choice", "not_a_count", "not_a_number", "not_a_time", "not_yes_or_no", "unknown_area")),
    file("words", "这是一封信。\n此致敬礼\n".encode(), "unknown_form"),
    file("other headings", b"cows,sheep\n1,2\n", "unknown_form"),
    file("ten thousand letters for a heading", b"a" * 10_000 + b",b\n1,2\n", "unknown_form"),
    file("500 columns", (",".join(f"c{n}" for n in range(500)) + "\n").encode(), "too_many_columns"),
    file("a missing column", b"report_date,phase,hh_done\n2010-09-20,sweep,1\n", "missing_column"),
    file("a heading twice", GOOD.replace(b"issues_new", b"issues_open"), "double_heading"),
    file("a heading twice, spelt otherwise", GOOD.replace(b"issues_new", b"Issues_Open"), "two_columns"),
    file("English and Chinese for one field", with_heading("当日入户次数", 7), "two_columns"),
    file("English and Chinese for one field, one figure", with_heading("当日入户次数", 6), "two_columns"),
    file("simplified and traditional for one field", with_heading("報告日期", "2010-09-20"), "two_columns"),
    file("two columns in figures of departments", table(benchmark() | {"数值": 5}), "two_columns"),
    file("names of persons", with_heading("姓名", "某"), "personal_column"),
    file("identity numbers", with_heading("身份证号", "1"), "personal_column"),
    Case("a column of another purpose", with_heading("weather", "rain"), "taken", ("unknown_column",)),
    file("a row too short", GOOD + b"2010-09-22,10101,sweep\n", "ragged_row"),
    file("a row too long", GOOD.rstrip() + b",1,2,3\n", "ragged_row"),
    file("cut off within a row", GOOD[:-60], "ragged_row"),
    Case("cut off at the end of a row", GOOD.rstrip(), "taken", ("no_line_end",)),
    file("a quotation mark not closed", GOOD + b'"2010-09-22,10101\n', "broken_csv"),
    file("a quotation mark within", GOOD + b'2010-09-22,"10"101,sweep\n', "broken_csv"),
    Case("a cell of a million letters", GOOD.replace(b",sweep,", b"," + b"s" * 1_000_000 + b",", 1), "rejected",
         ("not_a_choice",)),
    Case("quotation marks around all", b'"' + GOOD.rstrip().replace(b",", b'","').replace(b"\n", b'"\n"') + b'"\n',
         "taken"),
    Case("a line end within a cell", table(progress(6, note="一\n二"), progress(7)), "taken"),
    Case("line ends of old computers", GOOD.replace(b"\n", b"\r"), "taken"),
    Case("line ends of Windows", GOOD.replace(b"\n", b"\r\n"), "taken"),
    Case("line ends of all kinds", GOOD.replace(b"\n", b"\r\n", 1).replace(b"\n", b"\r", 2) + b"\r\r\n", "taken"),
    Case("blank lines between", GOOD.replace(b"\n", b"\n\n\n"), "taken"),
    Case("lines of commas between", GOOD + b"," * GOOD.splitlines()[0].count(b",") + b"\n", "taken"),
    Case("semicolons", GOOD.replace(b",", b";"), "taken"),
    Case("tabs", GOOD.replace(b",", b"\t"), "taken"),
    file("pipes", GOOD.replace(b",", b"|"), "unknown_form"),
    file("full-width commas", TEXT.replace(",", "，").encode(), "unknown_form"),
    Case("semicolons and decimal commas", table(progress(6, visits_day="6,5")).replace(b",", b";")
         .replace(b'"6;5"', b"6,5"), "rejected", ("not_a_count",)),
    Case("a title above", "日报\n\n".encode() + GOOD, "taken"),
    file("twelve lines above", b"".join(f"第{n}行\n".encode() for n in range(12)) + GOOD, "unknown_form"),
    Case("UTF-8 with a byte order mark", BOM + GOOD, "taken"),
    Case("UTF-16, little end first", b"\xff\xfe" + TEXT.encode("utf-16-le"), "taken"),
    Case("UTF-16, big end first", b"\xfe\xff" + TEXT.encode("utf-16-be"), "taken"),
    Case("GB18030", TEXT.encode("gb18030"), "taken"),
    Case("GB18030 of four bytes", TEXT.replace("备注一", "𠮷𠀀").encode("gb18030"), "taken"),
    file("UTF-16 without a mark", TEXT.encode("utf-16-le"), "binary_file"),
    file("UTF-16 cut off", (b"\xff\xfe" + TEXT.encode("utf-16-le"))[:-1], "unknown_encoding"),
    file("UTF-16 with half a character", b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8\x2c\x00",
         "unknown_encoding"),
    file("NUL in UTF-16", b"\xff\xfe" + TEXT.replace("备注二", "备\0注").encode("utf-16-le"), "nul_character"),
    file("NUL in a heading in UTF-16", b"\xff\xfe" + TEXT.replace("note", "no\0te").encode("utf-16-le"),
         "nul_character"),
    file("UTF-32", TEXT.encode("utf-32"), "nul_character"),
    file("NUL in UTF-8", TEXT.replace("备注二", "备\0注").encode(), "binary_file"),
    file("UTF-7 of bytes above", b"+/v8-" + bytes(range(128, 256)), "unknown_encoding"),
    file("headings in UTF-8, a row in GB18030", mixed("utf-8", "utf-8", "gb18030"), "mixed_encodings"),
    file("a row in GB18030, one in UTF-8", mixed("utf-8", "gb18030", "utf-8"), "mixed_encodings"),
    file("two files joined, Windows line ends", mixed("utf-8", "gb18030", "utf-8").replace(b"\n", b"\r\n"),
         "mixed_encodings"),
    file("a row in Big5 after one in UTF-8", mixed("utf-8", "utf-8", "utf-8") + "備註\n".encode("big5"),
         "mixed_encodings"),
    file("a letter in Latin-1 after a row in UTF-8", f"{LINES[0]}\n{LINES[1]}\n".encode() + b"caf\xe9\n",
         "mixed_encodings"),
    file("cut off within a character", TEXT.encode()[: TEXT.encode().rindex("注".encode()) + 2], "mixed_encodings"),
    Case("a second byte order mark at a row", TEXT.encode().replace(b"2010-09-21,", BOM + b"2010-09-21,"), "rejected",
         ("not_a_date",)),
    file("a table packed", gzip.compress(GOOD), "binary_file"),
    file("a portable document", b"%PDF-1.7\n", "binary_file", "report.csv"),
    file("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), "binary_file", "report.png"),
    file("a photograph", b"\xff\xd8\xff\xe0" + bytes(100), "binary_file", "report.jpg"),
    file("a database", b"SQLite format 3\0" + bytes(100), "binary_file", "report.db"),
    file("a program", b"\x7fELF" + bytes(100), "binary_file", "report.csv"),
    file("a web page", b"<html><table><tr><td>1</td></tr></table></html>", "web_page", "report.xls"),
    file("another workbook in XML", b"<?xml version='1.0'?><Workbook/>", "web_page", "report.xml"),
    file("an archive of another kind", b"Rar!\x1a\x07" + bytes(50), "binary_file", "report.csv"),
    file("an archive cut off", b"PK\x03\x04" + bytes(40), "cut_off_workbook", "report.xlsx"),
    file("an old workbook", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "old_workbook", "report.xls"),
    file("the mark of an open workbook", GOOD, "lock_file", "~$report.xlsx"),
    Case("a name of 1,000 letters", GOOD, "taken", (), "日" * 1_000 + ".csv"),
    Case("a name of another encoding", GOOD, "taken", (), b"\xc8\xd5\xb1\xa8.csv".decode("utf-8", "surrogateescape")),
    Case("a name with NUL and a line end", GOOD, "taken", (), "a\0b\nc.csv"),
    Case("a name that clears the screen", GOOD, "taken", (), "\x1b[2Ja.csv"),
    Case("no name", GOOD, "taken", (), ""),
]  # fmt: skip
