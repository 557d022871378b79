"""A template that is filled in and sent back as it is, is stored to the last row, in three languages."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import func, select

from queries.__main__ import main
from queries.database import engine, fetch
from queries.intake import template, template_book
from queries.intake.choosing import choice_words
from queries.intake.forms import FORMS, choices, fold
from queries.intake.reading import UnreadableError
from queries.intake.take_in import take_in, take_in_content
from queries.intake.vocabulary import CHOICES
from queries.schema import area, benchmark, daily_return, staffing_return, target
from queries.view import LANGUAGES, View
from tests.intake.world import NOW, load, progress, settle_world, staffing
from tests.settling import settled

TEMPLATE_RULES = {"template_too_large"}
DAY = date(2010, 9, 25)
KEYS = {"report_date", "area_code", "phase", "role", "indicator", "source"}


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def view(code: str = "101", language: str = "en", day: date = DAY) -> View:
    with engine().connect() as connection:
        root = connection.execute(select(area.c.id).where(area.c.parent_id.is_(None))).scalar_one()
        area_id = connection.execute(select(area.c.id).where(area.c.code == code)).scalars().first()
    assert area_id is not None
    return View(1, day, area_id, root, language)


def opened(form: str, of: View) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(template_book.workbook(form, of)))


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns(sheet: Worksheet, form: str, language: str) -> dict[str, int]:
    """Return the column of each field, told by its heading as a person reads it."""
    headings = {cell.value: cell.column for cell in sheet[3]}
    return {f.name: headings[f.label(language)] for f in FORMS[form].fields if f.label(language) in headings}


def lines(sheet: Worksheet) -> Iterator[int]:
    yield from (n for n in range(4, sheet.max_row + 1) if sheet.cell(n, 1).value is not None)


def fill(sheet: Worksheet, form: str, language: str, row: int, values: dict[str, Any]) -> None:
    """Write the values of one row into the cells that are not locked."""
    for name, column in columns(sheet, form, language).items():
        cell = sheet.cell(row, column)
        if not cell.protection.locked and values.get(name) not in (None, ""):
            cell.value = values[name]


def return_of(day: int) -> dict[str, Any]:
    moment = datetime(2010, 9, 25, 17)
    plain = {name: value for name, value in progress(day).items() if name not in ("is_nil", "as_of")}
    return plain | {"submitted_at": moment}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_progress_template_comes_back_whole(world: Path, language: str) -> None:
    book = opened("progress", view(language=language))
    sheet = book.worksheets[0]
    rows = list(lines(sheet))
    assert len(rows) == 3
    for row in rows:
        fill(sheet, "progress", language, row, return_of(11))
    receipt = take_in_content(saved(book), "filled.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_read, receipt.rows_stored) == ("stored", 3, 3)
    assert receipt.findings.empty
    stored = fetch(select(daily_return).where(daily_return.c.report_date == DAY))
    assert stored["hh_done"].tolist() == [44, 44, 44]
    assert stored["pers_hukou"].tolist() == [77, 77, 77]
    assert stored["on_time"].tolist() == [True, True, True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_staffing_template_comes_back_whole(world: Path, language: str) -> None:
    book = opened("staffing", view(language=language))
    sheet = book.worksheets[0]
    rows = list(lines(sheet))
    at = columns(sheet, "staffing", language)
    roles = [choices("role")[fold(sheet.cell(row, at["role"]).value)] for row in rows]
    assert roles == ["enumerator", "enumerator", "enumerator", "supervisor"]
    for row in rows:
        fill(sheet, "staffing", language, row, staffing())
    receipt = take_in_content(saved(book), "filled.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_stored, receipt.findings.empty) == ("stored", 4, True)
    assert fetch(select(staffing_return.c.in_post).where(staffing_return.c.report_date == DAY))["in_post"].eq(3).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_of_departmental_figures_takes_new_figures_and_new_lines(world: Path, language: str) -> None:
    book = opened("benchmark", view("10", language))
    sheet = book.worksheets[0]
    rows = list(lines(sheet))
    at = columns(sheet, "benchmark", language)
    assert len(rows) == 2
    for row in rows:
        fill(sheet, "benchmark", language, row, {"value": 1_234, "cutoff_at": datetime(2010, 9, 25)})
    new = {"area_code": "101", "indicator": choice_words("indicator", language)["in6m_city"],
           "source": choice_words("source", language)["migrant_office"], "value": 55, "concept_note": "在册流动人口",
           "covers_special_area": template_book.YES_NO[language][0]}  # fmt: skip
    fill(sheet, "benchmark", language, rows[-1] + 1, new)
    receipt = take_in_content(saved(book), "filled.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_read) == ("stored", 3)
    with engine().connect() as connection:
        stored = connection.execute(select(benchmark)).all()
    found = {(r.indicator, r.source, r.value): r.covers_special_area for r in stored}
    assert {("hukou", "ledger", 1_234), ("birth", "ledger", 1_234), ("in6m_city", "migrant_office", 55)} <= set(found)
    assert [key for key, is_special in found.items() if is_special] == [("in6m_city", "migrant_office", 55)]
    assert set(at) >= {"window_start", "concept_note", "explained_reason", "status"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_of_frames_comes_back_whole(world: Path, language: str) -> None:
    book = opened("target", view(language=language))
    sheet = book.worksheets[0]
    rows = list(lines(sheet))
    for row in rows:
        fill(sheet, "target", language, row,
             {"frame_households": 120, "frame_persons": 350, "eds": 2, "valid_from": date(2010, 9, 22),
              "reason": "补登"})  # fmt: skip
    receipt = take_in_content(saved(book), "filled.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_corrected, receipt.findings.empty) == ("stored", 3, True)
    with engine().connect() as connection:
        counted = select(func.count()).select_from(target).where(target.c.frame_households == 120)
        assert connection.execute(counted).scalar_one() == 3


@pytest.mark.parametrize("form", template.TEMPLATES)
def test_a_template_sent_back_blank_stores_nothing(world: Path, form: str) -> None:
    receipt = take_in_content(template_book.workbook(form, view()), "blank.xlsx", now=NOW)
    assert receipt.result == "unreadable"
    assert receipt.problem is not None
    assert receipt.problem.rule == "no_rows"


def test_a_unit_left_blank_is_not_a_return_and_a_nil_return_is_one(world: Path) -> None:
    book = opened("progress", view(language="zh_Hans"))
    sheet = book.worksheets[0]
    at = columns(sheet, "progress", "zh_Hans")
    fill(sheet, "progress", "zh_Hans", 4, return_of(11))
    sheet.cell(5, at["is_nil"]).value = "是"
    receipt = take_in_content(saved(book), "filled.xlsx", now=NOW)
    assert receipt.rows_stored == 2
    assert [(f.rule, f.row) for f in receipt.findings.itertuples()] == [("blank_rows", 6)]
    nil = fetch(select(daily_return.c.is_nil).where(daily_return.c.report_date == DAY))["is_nil"]
    assert sorted(nil) == [False, True]


def test_keys_are_given_and_locked_and_the_rest_is_open(world: Path) -> None:
    for form in template.TEMPLATES:
        sheet = opened(form, view("10")).worksheets[0]
        at = columns(sheet, form, "en")
        assert sheet.protection.sheet
        assert not sheet.protection.password
        for name, column in at.items():
            assert sheet.cell(4, column).protection.locked == (name in KEYS), (form, name)
            if name in KEYS:
                assert sheet.cell(4, column).value is not None
        assert sheet.freeze_panes is not None


def test_the_last_figures_stand_beside_the_form_as_they_were_reported(world: Path) -> None:
    sheet = opened("progress", view(language="zh_Hans")).worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[3]}
    codes = [sheet.cell(row, headings["地区代码"]).value for row in lines(sheet)]
    assert codes == ["10101", "10102", "10/101/77"]
    last = [sheet.cell(row, headings["上次：累计已登记户"]).value for row in lines(sheet)]
    days = [sheet.cell(row, headings["上次：报告日期"]).value for row in lines(sheet)]
    assert last == [20, 32, None]
    assert days == [datetime(2010, 9, 19), datetime(2010, 9, 22), None]
    assert [sheet.cell(row, headings["在册：底册户数"]).value for row in lines(sheet)] == [100, 100, 100]
    before = opened("progress", view(day=date(2010, 9, 18))).worksheets[0]
    headings = {cell.value: cell.column for cell in before[3]}
    assert before.cell(4, headings["Last: Households registered"]).value == 12


def test_choices_are_drop_downs_in_the_language_of_the_template(world: Path) -> None:
    for language in LANGUAGES:
        book = opened("benchmark", view("10", language))
        lists = book.worksheets[1]
        assert lists.sheet_state == "hidden"
        listed = [[cell.value for cell in column if cell.value is not None] for column in lists.iter_cols()]
        for field in ("indicator", "source", "status", "explained_reason"):
            assert list(choice_words(field, language).values()) in listed
        formulas = {dv.formula1 for dv in book.worksheets[0].data_validations.dataValidation if dv.type == "list"}
        assert len(formulas) == len(listed)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", CHOICES)
def test_every_word_of_a_drop_down_is_understood(field: str, language: str) -> None:
    words = choice_words(field, language)
    assert {word: choices(field)[fold(word)] for word in words.values()} == {word: key for key, word in words.items()}


def test_names_of_units_below_other_streets_say_which(world: Path) -> None:
    sheet = opened("progress", view("10", "zh_Hans")).worksheets[0]
    names = [sheet.cell(row, 3).value for row in lines(sheet)]
    assert names == ["东街道 一村", "东街道 二村", "东街道 同码社区", "西街道 三村", "西街道 同码社区"]


def test_a_viewer_outside_the_scope_gets_no_rows(world: Path) -> None:
    west, east = view("102"), view("101")
    outside = View(1, DAY, west.area_id, east.area_id, "en")
    assert template.template_rows("progress", outside).empty


def recalculated(content: bytes, folder: Path) -> bytes:
    """Let LibreOffice open a workbook, calculate it and save it."""
    office = shutil.which("soffice")
    assert office is not None, "LibreOffice is needed to test what it makes of a template"
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "book.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/office"
    kind = "xlsx:Calc MS Excel 2007 XML"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", folder / "out", folder / "in/book.xlsx"]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=180)
    return (folder / "out" / "book.xlsx").read_bytes()


def test_the_rules_inside_excel_judge_as_intake_does_and_libreoffice_may_save_it(world: Path, tmp_path: Path) -> None:
    book = opened("progress", view())
    sheet = book.worksheets[0]
    at = columns(sheet, "progress", "en")
    for row in lines(sheet):
        fill(sheet, "progress", "en", row, return_of(11))
    kept = {next(iter(v.sqref.ranges)).min_col: str(v.formula1) for v in sheet.data_validations.dataValidation}
    wrong = {
        next(iter(rules.sqref.ranges)).min_col: [rule.formula[0] for rule in rules.rules]
        for rules in sheet.conditional_formatting
    }
    probe = openpyxl.load_workbook(io.BytesIO(saved(book)))
    cells = probe.worksheets[0]
    cases: list[tuple[str, str, Any, bool]] = [
        ("hh_done", kept[at["hh_done"]], 44, True),
        ("hh_done", kept[at["hh_done"]], 20, True),
        ("hh_done", kept[at["hh_done"]], 19, False),
        ("hh_done", kept[at["hh_done"]], -1, False),
        ("hh_done", kept[at["hh_done"]], 44.5, False),
        ("hh_done", kept[at["hh_done"]], "many", False),
        ("pers_total", wrong[at["pers_total"]][0], 132, False),
        ("pers_total", wrong[at["pers_total"]][0], 131, True),
        ("ed_started", wrong[at["ed_started"]][0], 2, False),
        ("ed_started", wrong[at["ed_started"]][0], 3, True),
        ("births", wrong[at["births"]][-1], None, True),
        ("births", wrong[at["births"]][-1], 0, False),
    ]
    for n, (field, formula, value, _expected) in enumerate(cases):
        probe.copy_worksheet(cells).title = f"case {n}"
        case = probe[f"case {n}"]
        case.protection.sheet = False
        case.cell(4, at[field]).value = value
        case["EE4"] = f"={formula.lstrip('=')}"
    done = openpyxl.load_workbook(io.BytesIO(recalculated(saved(probe), tmp_path)), data_only=True)
    judged = [done[f"case {n}"]["EE4"].value for n in range(len(cases))]
    assert [(c[0], c[2], bool(j)) for c, j in zip(cases, judged, strict=True)] == [(c[0], c[2], c[3]) for c in cases]
    receipt = take_in_content(recalculated(saved(book), tmp_path), "saved.xlsx", now=NOW)
    assert (receipt.result, receipt.rows_stored, receipt.findings.empty) == ("stored", 3, True)


def test_the_command_writes_a_template(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = world / "east.xlsx"
    asked = ["template", "--form", "progress", "--lang", "zh_Hant", "--area", "101"]
    assert main([*asked, "--date", "2010-09-25", "-o", str(out)]) == 0
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert sheet["A1"].value == "進度日報表  東街道  2010年9月25日"
    assert main([*asked, "--date", "2010-10-31", "-o", str(out)]) == 1
    assert "sweep, short" in capsys.readouterr().err
    assert main([*asked, "--date", "2010-10-31", "--phase", "short", "-o", str(out)]) == 0
    assert main([*asked[:-1], "404", "--date", "2010-09-25"]) == 1
    receipt = take_in(out, now=NOW)
    assert receipt.problem is not None


def test_an_area_too_large_for_a_template_says_so(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "MOST_ROWS", 2)
    with pytest.raises(UnreadableError, match="template_too_large"):
        template_book.workbook("progress", view())
    assert main(["template", "--form", "progress", "--area", "101", "--date", "2010-09-25"]) == 1


def test_of_several_open_phases_those_without_registration_take_no_returns(world: Path) -> None:
    load(world, {"phase": "cleanup", "start": "2010-09-01", "end": "2010-10-31", "cutoff": "17:30"}, name="more")
    assert list(template.phases_for(DAY)) == ["sweep"]
    assert list(template.phases_for(DAY, "cleanup")) == ["cleanup"]
