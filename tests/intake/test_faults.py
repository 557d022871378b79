"""Files that break off, are locked, lie about themselves or would fill the memory: each says so, nothing is stored."""

from __future__ import annotations

import io
import os
import resource
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from sqlalchemy import select

from queries.database import engine
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import examine, take_in, take_in_content
from queries.schema import metadata
from tests.intake.books import book, fill, repacked
from tests.intake.world import NOW, everything, progress, settle_world, write
from tests.settling import settled

ROOT = Path(__file__).resolve().parents[2]
SHEET = "xl/worksheets/sheet1.xml"
FAULT_RULES = {
    "no_file", "file_locked", "lock_file", "file_too_large", "too_many_rows", "table_too_large", "too_many_columns",
    "too_many_cells",
    "binary_file", "web_page", "cut_off_workbook", "broken_workbook", "protected_workbook", "old_workbook",
    "binary_workbook", "no_workbook", "zip_bomb", "unsafe_workbook", "no_rows", "not_for_a_part", "outside_scope",
}  # fmt: skip


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def refused(path: Path, rule: str, **options: Any) -> Receipt:
    """Take a file in by its path and by its content; expect the reason in three languages and nothing stored."""
    before = everything()
    receipt = take_in(path, now=NOW, **options)
    assert receipt.result == "unreadable"
    assert receipt.problem is not None
    assert receipt.problem.rule == rule
    said = [next(lines(receipt, language)) for language in ("en", "zh_Hans", "zh_Hant")]
    assert all(line.startswith(f"{receipt.file_name}: ") and "{" not in line for line in said)
    assert len(set(said)) > 1
    chinese = said[1].removeprefix(f"{receipt.file_name}: ")
    words = {word for word in "".join(c if c.isascii() and c.isalpha() else " " for c in chinese).split()}
    assert words <= {"CSV", "Excel", "xlsx", "xls", "xlsb", "UTF", "GB"}
    assert everything() == before
    return receipt


def of(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.fixture
def good(world: Path) -> bytes:
    return book(world / "good.xlsx", progress(6), progress(7)).read_bytes()


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_whose_upload_broke_off(world: Path, good: bytes, kept: float) -> None:
    refused(of(world, "cut.xlsx", good[: int(kept * len(good))]), "cut_off_workbook")


def test_a_table_cut_off_in_the_middle_of_a_row(world: Path) -> None:
    content = write(world, [progress(6), progress(7)]).read_bytes()
    receipt = refused(of(world, "cut.csv", content[:-40]), "ragged_row")
    assert receipt.problem is not None
    assert receipt.problem.expected["row"] == 3


def test_a_table_cut_off_within_its_last_figure_is_pointed_out_before_it_is_stored(world: Path) -> None:
    content = write(world, [progress(6, issues_new=10, issues_open=12)]).read_bytes()
    receipt = examine(content.rstrip()[:-1], "cut.csv", now=NOW)
    assert ("no_line_end", "warn", 2) in {(f.rule, f.severity, f.row) for f in receipt.findings.itertuples()}
    assert examine(content, "whole.csv", now=NOW).findings.empty


def test_a_workbook_damaged_inside(world: Path, good: bytes) -> None:
    refused(of(world, "a.xlsx", repacked(good, {SHEET: lambda xml: xml[: len(xml) // 2]})), "broken_workbook")


def test_a_workbook_with_a_password(world: Path, good: bytes) -> None:
    with (world / "locked.xlsx").open("wb") as out:
        OOXMLFile(io.BytesIO(good)).encrypt("password", out)
    refused(world / "locked.xlsx", "protected_workbook")


def test_an_old_workbook(world: Path) -> None:
    signature = bytes.fromhex("D0CF11E0A1B11AE1")
    header = signature + b"\0" * 16 + struct.pack("<HHH", 0x3E, 3, 0xFFFE)
    refused(of(world, "old.xls", header.ljust(512, b"\0") + "Workbook".encode("utf-16-le").ljust(512)), "old_workbook")


def test_a_file_that_is_not_there_or_cannot_be_opened(world: Path) -> None:
    refused(world / "gone.csv", "no_file")
    (world / "folder.csv").mkdir()
    refused(world / "folder.csv", "not_a_file")


def test_a_file_that_another_program_holds(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(world, [progress(6)])

    def held(_path: Path, _mode: str) -> BinaryIO:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", held)
    refused(path, "file_locked")


def test_the_mark_of_an_open_workbook(world: Path) -> None:
    refused(of(world, "~$东街道.xlsx", b"\x06office".ljust(165, b" ")), "lock_file")


def test_200_megabytes_end_in_a_message_and_not_in_the_memory(world: Path, sqlite_database: str) -> None:
    path = world / "huge.csv"
    with path.open("wb") as out:
        out.truncate(200 * 2**20)
    refused(path, "file_too_large")
    code = (
        "import resource, sys, pathlib\n"
        "from queries.intake.take_in import take_in\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "receipt = take_in(pathlib.Path(sys.argv[1]))\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(receipt.problem.rule, grown)\n"
    )
    environment = {**os.environ, "DATABASE_URL": sqlite_database}
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    rule, grown = done.stdout.split()
    assert rule == "file_too_large"
    assert int(grown) < 20 * 1024


def test_too_many_bytes_are_refused_from_the_page_too(world: Path) -> None:
    before = everything()
    receipt = take_in_content(b"a" * (64 * 2**20 + 1), "huge.csv", now=NOW)
    assert receipt.problem is not None
    assert (receipt.problem.rule, receipt.problem.expected["size"]) == ("file_too_large", 65)
    assert everything() == before


def test_a_zip_bomb(world: Path, good: bytes) -> None:
    def grown(_xml: bytes) -> bytes:
        return b"<worksheet><sheetData>" + b" " * (40 * 2**20)

    bomb = repacked(good, {SHEET: grown})
    assert len(bomb) < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(of(world, "bomb.xlsx", bomb), "zip_bomb")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


def test_a_zip_bomb_of_many_parts(world: Path, good: bytes) -> None:
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as archive:
        for n in range(2_100):
            archive.writestr(f"xl/media/{n}.txt", b"")
    refused(of(world, "parts.xlsx", out.getvalue()), "zip_bomb")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_entities_that_multiply(world: Path, good: bytes, part: str) -> None:
    entities = b"".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">'.encode() for n in range(10))

    def poisoned(xml: bytes) -> bytes:
        body = xml.partition(b"?>")[2] if xml.startswith(b"<?xml") else xml
        return b"<?xml version='1.0'?>" + b" " * 5_000 + b"<!DOCTYPE x [" + entities + b"]>" + body

    refused(of(world, "entities.xlsx", repacked(good, {part: poisoned})), "unsafe_workbook")


def test_more_rows_columns_or_cells_than_are_taken_in(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = "queries.intake.reading.limits"
    wide = progress(6) | {f"extra {n}": n for n in range(400)}
    refused(write(world, [wide], "wide"), "too_many_columns")
    refused(book(world / "wide.xlsx", wide), "too_many_columns")
    monkeypatch.setattr(f"{limits}.MAX_ROWS", 3)
    many = [progress(day) for day in range(1, 6)]
    refused(write(world, many, "long"), "too_many_rows")
    refused(book(world / "long.xlsx", *many), "too_many_rows")
    monkeypatch.setattr(f"{limits}.MAX_ROWS", 1_000)
    monkeypatch.setattr(f"{limits}.MAX_TABLE", 100)
    refused(write(world, many, "dense"), "table_too_large")
    monkeypatch.setattr(f"{limits}.MAX_TABLE", 10**9)
    monkeypatch.setattr(f"{limits}.MAX_CELLS", 100)
    refused(book(world / "large.xlsx", *many), "too_many_cells")


def test_a_far_away_cell_does_not_make_a_million_rows(world: Path) -> None:
    def far(sheet: Any) -> None:
        sheet["A1048576"] = "合计"

    made = openpyxl.Workbook()
    fill(made.active, progress(6))
    far(made.active)
    made.save(world / "far.xlsx")
    receipt = take_in(world / "far.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_stored) == ("stored", 1)


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.csv", b"report_date,area_code\n2010-09-20,\0\0\0\n", "binary_file"),
        ("a.csv", b"%PDF-1.4 report", "binary_file"),
        ("a.xls", b"\xef\xbb\xbf <html><table><tr><td>1</td></tr></table></html>", "web_page"),
        ("a.csv", "报告日期,地区代码,阶段,累计已登记户\n".encode(), "no_rows"),
        ("a.csv", b",,,\n,,,\n", "empty_file"),
    ],
)  # fmt: skip
def test_what_is_no_table(world: Path, name: str, content: bytes, rule: str) -> None:
    refused(of(world, name, content), rule)


@pytest.mark.parametrize(
    ("parts", "rule"),
    [(["word/document.xml"], "no_workbook"), (["xl/workbook.bin"], "binary_workbook"), (["mimetype"], "no_workbook")],
)
def test_archives_that_are_no_workbook(world: Path, parts: list[str], rule: str) -> None:
    with zipfile.ZipFile(world / "a.xlsx", "w") as archive:
        for part in parts:
            archive.writestr(part, b"<x/>")
    refused(world / "a.xlsx", rule)


def test_an_empty_workbook(world: Path) -> None:
    openpyxl.Workbook().save(world / "empty.xlsx")
    refused(world / "empty.xlsx", "empty_file")


def test_the_name_does_not_say_what_a_file_is(world: Path, good: bytes) -> None:
    table = write(world, [progress(6), progress(7)]).read_bytes()
    assert examine(good, "workbook.csv", now=NOW).rows_stored == 2
    assert examine(table, "table.xlsx", now=NOW).rows_stored == 2
    shutil.copy(world / "good.xlsx", world / "macros.xlsm")
    assert take_in(world / "macros.xlsm", now=NOW).rows_stored == 2


@pytest.mark.parametrize("ends", [b"\r\n", b"\r", b"mixed"])
def test_any_line_ends(world: Path, ends: bytes) -> None:
    first, second, third, _ = write(world, [progress(6), progress(7)]).read_bytes().split(b"\n")
    mixed = first + b"\r\n" + second + b"\r" + third + b"\n"
    content = mixed if ends == b"mixed" else ends.join([first, second, third, b""])
    receipt = take_in_content(content, "ends.csv", now=NOW)
    assert (receipt.result, receipt.rows_stored, len(receipt.findings)) == ("stored", 2, 0)


def test_blank_lines_and_text_in_utf_16(world: Path) -> None:
    table = write(world, [progress(6), progress(7)]).read_text()
    lines_ = table.split("\n")
    spaced = "\n".join([lines_[0], "", lines_[1], "", "", lines_[2], "", ""])
    receipt = examine(spaced.encode(), "spaced.csv", now=NOW)
    assert (receipt.rows_stored, receipt.rows_rejected) == (2, 0)
    broken = examine(spaced.replace("2010-09-21", "2010-09-31").encode(), "spaced.csv", now=NOW)
    assert set(broken.findings["row"]) == {6}
    assert examine(table.replace(",", "\t").encode("utf-16"), "unicode.txt", now=NOW).rows_stored == 2


def test_a_street_may_only_bring_its_own_returns(world: Path) -> None:
    with engine().connect() as connection:
        street = connection.execute(
            select(metadata.tables["area"].c.id).where(metadata.tables["area"].c.code == "101")
        ).scalar_one()
    before = everything()
    both = write(world, [progress(6), progress(6, area_code="10201", hh_done=24, hh_uploaded=24)])
    receipt = take_in(both, now=NOW, scope_id=street)
    assert (receipt.result, receipt.rows_rejected) == ("rejected", 1)
    assert receipt.findings["rule"].tolist()[0] == "outside_scope"
    assert everything() == before
    refused(write(world, [{"code": "103", "name": "南街道", "parent_code": "10"}], "tree"), "not_for_a_part",
            scope_id=street)  # fmt: skip
    assert take_in(write(world, [progress(6)], "own"), now=NOW, scope_id=street).result == "stored"
