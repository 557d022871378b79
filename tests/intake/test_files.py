"""Files in every encoding, format and language of headings; what cannot be read is said clearly."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from opencc import OpenCC
from sqlalchemy import select

from queries.database import fetch
from queries.intake.forms import FORMS
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import take_in
from queries.schema import daily_return
from tests.intake.world import NOW, findings, load, progress, settle_world, write
from tests.settling import settled

FILE_RULES = {
    "empty_file", "unknown_encoding", "broken_csv", "ragged_row", "broken_geojson", "boundary_codes",
    "double_heading", "unknown_form", "personal_column", "missing_column", "unknown_column",
}  # fmt: skip


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def problem(receipt: Receipt) -> str:
    assert receipt.result == "unreadable"
    assert receipt.problem is not None
    for language in ("en", "zh_Hans", "zh_Hant"):
        assert any(receipt.file_name in line for line in lines(receipt, language))
    return receipt.problem.rule


def headed(language: str) -> pd.DataFrame:
    """Return a progress return under the headings of a language."""
    labels = {field.name: field.label(language) for field in FORMS["progress"].fields}
    return pd.DataFrame([progress()]).rename(columns=labels)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_headings_in_three_languages_and_three_encodings(world: Path, language: str, encoding: str) -> None:
    path = world / "return.csv"
    headed(language).to_csv(path, index=False, encoding=encoding)
    receipt = take_in(path, now=NOW)
    assert (receipt.result, receipt.rows_stored, findings(receipt)) == ("stored", 1, set())


def test_traditional_headings_are_really_traditional() -> None:
    converter = OpenCC("t2s")
    simplified, traditional = (list(headed(language).columns) for language in ("zh_Hans", "zh_Hant"))
    assert simplified != traditional
    assert [converter.convert(heading) for heading in traditional] == [converter.convert(h) for h in simplified]


def test_a_workbook_with_dates_numbers_and_full_width_digits(world: Path) -> None:
    row = progress(
        report_date=date(2010, 9, 20), submitted_at=datetime(2010, 9, 20, 17), hh_done="２４", pers_total="72"
    )
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(row))
    sheet.append(list(row.values()))
    book.save(world / "return.xlsx")
    receipt = take_in(world / "return.xlsx", now=NOW)
    assert (receipt.result, findings(receipt)) == ("stored", set())
    stored = fetch(select(daily_return.c.hh_done, daily_return.c.pers_total, daily_return.c.report_date))
    assert {(24.0, 72.0)} <= set(zip(stored["hh_done"], stored["pers_total"], strict=True))


@pytest.mark.parametrize("written", ["2010-09-20", "2010/9/20", "2010年9月20日", "20100920", "２０１０－０９－２０"])
def test_days_are_read_however_an_office_writes_them(world: Path, written: str) -> None:
    receipt = load(world, progress(report_date=written))
    assert (receipt.result, findings(receipt)) == ("stored", set())


def test_thousands_separators_are_read_as_numbers(world: Path) -> None:
    receipt = load(world, progress(visits_day="1,006"))
    assert receipt.result == "stored"
    assert 1_006 in fetch(select(daily_return.c.visits_day))["visits_day"].tolist()


def test_a_finding_names_file_row_cell_field_value_and_expectation(world: Path) -> None:
    path = world / "东街道.xlsx"
    pd.DataFrame([progress(7), progress(pers_total=71)]).to_excel(path, index=False, sheet_name="日报")
    receipt = take_in(path, now=NOW)
    said = {language: "\n".join(lines(receipt, language)) for language in ("en", "zh_Hans", "zh_Hant")}
    for text in said.values():
        for part in ("东街道.xlsx", "日报", "3", "71", "72"):
            assert part in text
    assert FORMS["progress"].fields[0].label("zh_Hans") not in said["en"]
    assert "登记人数" in said["zh_Hans"]
    assert "登記人數" in said["zh_Hant"]


def garbage(folder: Path, name: str, content: bytes) -> Receipt:
    (folder / name).write_bytes(content)
    return take_in(folder / name, now=NOW)


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\xff\xfe\x00\xd8\x81\xff", "unknown_encoding"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "cut_off_workbook"),
        ("a.xlsx", b"plain words", "unknown_form"),
        ("a.geojson", b'{"type": "Point"}', "broken_geojson"),
        ("a.csv", "日期,地区代码,日期\n1,2,3\n".encode(), "double_heading"),
        ("a.csv", b"cows,sheep\n1,2\n", "unknown_form"),
        ("a.csv", "报告日期,地区代码,阶段,姓名\n2010-09-20,10101,sweep,x\n".encode(), "personal_column"),
        ("a.csv", "报告日期,阶段,hh_done,身份证号\n2010-09-20,sweep,1,2\n".encode(), "personal_column"),
        ("a.csv", b"report_date,phase,hh_done\n2010-09-20,sweep,1\n", "missing_column"),
        ("a.csv", b'report_date,area_code,phase,hh_done\n2010-09-20,10101,sweep\n"', "ragged_row"),
        ("a.csv", b'report_date,area_code,phase,hh_done\n2010-09-20,10101,sweep,"1\n', "broken_csv"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_changes_nothing(
    world: Path, name: str, content: bytes, rule: str
) -> None:
    before = fetch(select(daily_return))
    assert problem(garbage(world, name, content)) == rule
    assert fetch(select(daily_return)).equals(before)


def test_boundaries_of_unknown_areas_are_refused(world: Path) -> None:
    triangle = {"type": "Polygon", "coordinates": [[[118, 31], [119, 31], [119, 32], [118, 31]]]}
    feature: dict[str, Any] = {"type": "Feature", "properties": {"code": "404"}, "geometry": triangle}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert problem(garbage(world, "towns.geojson", content.encode())) == "boundary_codes"


def test_an_unknown_column_is_left_out_with_a_note(world: Path) -> None:
    receipt = load(world, progress() | {"weather": "rain"})
    assert receipt.result == "stored"
    assert {(rule, severity) for rule, severity, _field in findings(receipt)} == {("unknown_column", "note")}


def test_a_form_can_be_said_when_the_headings_are_not_to_decide(world: Path) -> None:
    path = write(world, [{"area_code": "10101", "phase": "sweep", "eds": 2}], "unclear")
    assert take_in(path, now=NOW, form="target").checked[0].form == "target"
