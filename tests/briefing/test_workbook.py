"""The workbook holds the same figures as native numbers, draws its own charts and is set up to print."""

from __future__ import annotations

import copy
import io
import re
from datetime import datetime, timedelta
from typing import Any

import docx
import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from dashboard.briefing.document import brief_docx
from dashboard.briefing.workbook import brief_xlsx
from dashboard.official import Layout, as_form
from queries.view import LANGUAGES
from tests.briefing.conftest import DISTRICT, WHAT, Figures, Print, with_decisions
from tests.briefing.test_page import CHINESE, words
from tests.pages.forms import END, LAST, START, Forms, planned
from tests.pages.test_discrepancy_figures import PUBLISHED, REFUSED, WORDS, filed
from tests.pages.test_staffing_figures import ROLES, expected

SHEETS = ("Overview", "Completion", "Households", "Day by day", "Staffing", "Returns", "Discrepancies",
          "Attention now", "Since the last check-in", "Decisions taken", "Notes")  # fmt: skip
CHARTS = {"Overview": 1, "Completion": 1, "Households": 1, "Day by day": 1, "Staffing": 2, "Returns": 1,
          "Discrepancies": 1, "Attention now": 1, "Since the last check-in": 0, "Decisions taken": 0,
          "Notes": 0}  # fmt: skip
PERCENT = {"Resolution", "Lower bound", "Upper bound", "Plan", "Household completion", "Fill rate",
           "Qualified fill rate", "Staff to requirement", "Attrition", "Replacement"}  # fmt: skip


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def table(book: Workbook, sheet: str, language: str, first: int = 1) -> list[dict[str, Any]]:
    """Return the rows of a sheet's table below its headings, until an empty row."""
    rows = list(book[words(language, sheet)].iter_rows(min_row=first, values_only=True))
    found = []
    for row in rows[1:]:
        if not any(value is not None for value in row):
            break
        found.append(dict(zip(rows[0], row, strict=True)))
    return found


def test_one_sheet_a_topic_in_every_language(books: dict[str, bytes]) -> None:
    for language, content in books.items():
        assert opened(content).sheetnames == [words(language, name) for name in SHEETS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_are_narrow_frozen_and_set_up_to_print(books: dict[str, bytes], language: str) -> None:
    for sheet in opened(books[language]).worksheets:
        assert sheet.max_column <= 25
        assert sheet.print_area
        assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
        assert sheet.page_setup.fitToWidth in (1, None)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title != words(language, "Notes"):
            assert sheet.freeze_panes


@pytest.mark.parametrize("language", LANGUAGES)
def test_excel_draws_the_charts_from_cells(books: dict[str, bytes], language: str) -> None:
    book = opened(books[language])
    for name, number in CHARTS.items():
        charts = book[words(language, name)]._charts
        assert len(charts) == number, name
        for chart in charts:
            for line in chart.series:
                source, area = line.val.numRef.f.rsplit("!", 1)
                cells = book[source.strip("'")][area.replace("$", "")]
                assert all(isinstance(cell.value, int | float | None) for (cell,) in cells), (name, area)
                assert any(cell.value is not None for (cell,) in cells), (name, area)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_street_is_as_its_returns_say(books: dict[str, bytes], forms: Forms, language: str) -> None:
    book = opened(books[language])
    progress = {row[words(language, "Code")]: row for row in table(book, "Completion", language)}
    households = {row[words(language, "Code")]: row for row in table(book, "Households", language)}
    assert list(progress) == sorted(forms.children(DISTRICT), key=lambda c: -forms.completion(c, LAST)["Backlog"])
    for code, row in progress.items():
        shown = {**households[code], **row}
        for heading, value in forms.completion(code, LAST).items():
            share = 100 if heading in PERCENT else 1
            assert shown[words(language, heading)] == pytest.approx(value / share), (code, heading)
        assert shown[words(language, "Self-report")] is None


def test_numbers_have_native_formats(books: dict[str, bytes]) -> None:
    sheet = opened(books["en"])["Completion"]
    by_heading = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    assert by_heading["Resolution"] == "0.0%"
    assert by_heading["Resolved"] == "#,##0"
    assert by_heading["Today"].startswith("+#,##0")
    fills = {sheet.cell(row, 1).fill.fgColor.rgb for row in range(2, 11)}
    assert fills == {"FFDDF1E9", "FFFBEBCB", "FFF7D9D2"}
    assert [rule.type for rules in sheet.conditional_formatting for rule in rules.rules] == ["dataBar"]


def test_the_overview_holds_the_figures_of_the_whole(books: dict[str, bytes], forms: Forms) -> None:
    sheet = opened(books["en"])["Overview"]
    shown = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0] and row[1] is not None}
    whole = forms.completion(DISTRICT, LAST)
    for heading in ("Resolved", "Resolution", "Lower bound", "Upper bound", "Plan", "Gap, points", "Backlog",
                    "Today", "Required pace", "Registered", "Vacant", "Pending", "Units in", "Units due"):  # fmt: skip
        assert shown[heading] == pytest.approx(whole[heading] / (100 if heading in PERCENT else 1)), heading
    for role, word in ROLES.items():
        for heading in ("Required", "In post", "Short", "Surplus"):
            assert shown[f"{word}: {heading}"] == expected(forms, DISTRICT, role, LAST)[heading]
    assert shown["Working days left"] == (END - LAST).days


def test_days_run_to_the_deadline_and_the_future_is_blank(books: dict[str, bytes], forms: Forms) -> None:
    rows = table(opened(books["zh_Hant"]), "Day by day", "zh_Hant")
    assert len(rows) == (END - START).days + 1
    for n, row in enumerate(rows):
        day = START + timedelta(days=n)
        assert row["日期"] == datetime(day.year, day.month, day.day)
        assert row[words("zh_Hant", "Plan")] == pytest.approx(planned(day))
        resolved = forms.resolved(DISTRICT, day) if day <= LAST else None
        assert row[words("zh_Hant", "Resolved")] == resolved
        rate = row[words("zh_Hant", "Resolution")]
        assert rate is None if resolved is None else rate == pytest.approx(resolved / forms.frame_of(DISTRICT, day))


def test_staff_are_as_the_staffing_returns_say(books: dict[str, bytes], forms: Forms) -> None:
    rows = table(opened(books["zh_Hans"]), "Staffing", "zh_Hans")
    assert len(rows) == 18
    roles = {words("zh_Hans", word): role for role, word in ROLES.items()}
    for row in rows:
        wanted = expected(forms, row["代码"], roles[row[words("zh_Hans", "Role")]], LAST)
        for heading, value in wanted.items():
            shown = row[words("zh_Hans", heading)]
            share = 100 if heading in PERCENT else 1
            known = value == value  # a rate without a denominator is blank
            assert shown == pytest.approx(value / share) if known else shown is None, (row["代码"], heading)


def test_returns_name_the_units_that_are_not_in(books: dict[str, bytes], forms: Forms) -> None:
    book = opened(books["zh_Hans"])
    for row in table(book, "Returns", "zh_Hans"):
        units = forms.villages(row["代码"])
        came = sum(forms.reported(unit, LAST) for unit in units)
        assert (row[words("zh_Hans", "Units due")], row[words("zh_Hans", "Units in")]) == (len(units), came)
        assert row[words("zh_Hans", "Reporting rate")] == pytest.approx(came / len(units))
    silent = {unit for unit in forms.villages(DISTRICT) if not forms.reported(unit, LAST)}
    named = {row["代码"]: row for row in table(book, "Returns", "zh_Hans", first=13)}
    assert set(named) == silent
    for unit, row in named.items():
        missed = (LAST - forms.figures(unit, LAST)["report_date"]).days
        assert row[words("zh_Hans", "Days missing")] == missed
        assert row[words("zh_Hans", "Pending")] == forms.households(unit) - forms.resolved(unit, LAST)


def test_comparisons_are_the_published_ones(books: dict[str, bytes], forms: Forms) -> None:
    book = opened(books["en"])
    rows = {row["Comparison"]: row for row in table(book, "Discrepancies", "en")}
    assert len(rows) == len(PUBLISHED)
    for (indicator, source), (difference, rate) in PUBLISHED.items():
        row = rows[f"{WORDS[indicator]} · {WORDS[source]}"]
        assert row["Difference"] == difference
        assert f"{100 * row['Difference rate']:+.2f}" == rate
    first = {cell.value: cell.row for (cell,) in book["Discrepancies"].iter_rows(max_col=1)}
    below = table(book, "Discrepancies", "en", first=first["Area"])
    assert len(below) == 9
    differences = {row["Census"]: row["Difference"] for row in below}
    for street in forms.children(DISTRICT):
        figures = filed(forms, street)["value"]
        census, department = figures["death", "ledger"], figures["death", "police"]
        assert differences[census] == census - department
    refused = table(book, "Discrepancies", "en", first=first["Not comparable"] + 1)
    assert [row["Comparison"] for row in refused].count("Births · police") == 1
    assert all(row["Why not"] and "Difference" not in row for row in refused)
    assert len(refused) == len(REFUSED)


def test_decisions_are_kept_with_native_dates_and_numbers(figures: Figures) -> None:
    changes = [{"area_id": 1, "count": "hh_resolved", "then": 52_858, "now": 53_120}]
    book = opened(brief_xlsx(with_decisions(figures, 6), "en", changes))
    rows = table(book, "Decisions taken", "en")
    assert [row["Decision"] for row in rows] == [f"{WHAT}{n}" for n in range(6)]
    assert rows[0]["Due"] == datetime(2010, 10, 8)
    assert (rows[0]["Number"], rows[0]["Value reached"], rows[1]["Number"]) == (0.355, 0.272, 20)
    formats = [book["Decisions taken"].cell(row, 7).number_format for row in (2, 3)]
    assert formats == ["0.0%", "#,##0"]
    assert [row["Households pending"] for row in table(book, "Since the last check-in", "en")] == [
        87_000, 0, -35, -120, -1_876, 0, 0, 84_969,
    ]  # fmt: skip
    (changed,) = table(book, "Changed since the close", "en")
    assert (changed["When closed"], changed["Now"]) == (52_858, 53_120)


@pytest.mark.parametrize("language", CHINESE)
def test_no_english_word_stands_in_a_chinese_workbook(figures: Figures, language: str) -> None:
    book = opened(brief_xlsx(with_decisions(figures, 4), language))
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts += [sheet.title for sheet in book] + [sheet.oddFooter.left.text for sheet in book]
    texts += [run.t for s in book for c in s._charts for p in c.title.tx.rich.p for run in p.r]
    assert {word for text in texts for word in re.findall(r"[A-Za-z]{2,}", text)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_say_as_of_when_and_what_the_figures_mean(books: dict[str, bytes], language: str) -> None:
    notes = "\n".join(str(row[0]) for row in opened(books[language])[words(language, "Notes")].values)
    assert "17:30" in notes
    for told in ("Demonstration: simulated returns", "As things stand: not frozen by a check-in.", "Resolved ÷ frame.",
                 "Internal work progress; census data may not be used for performance appraisal."):  # fmt: skip
        assert words(language, told) in notes


def test_libreoffice_opens_it_with_its_charts(books: dict[str, bytes], printed: Print) -> None:
    found = printed({f"{language}.xlsx": content for language, content in books.items()})
    for language in LANGUAGES:
        text = found[f"{language}.xlsx"].text
        assert words(language, "Enumerators required and in post") in text
        assert words(language, "Households of the frame by outcome") in text


@pytest.mark.parametrize("sign", ['=HYPERLINK("http://outside.example")', "http://outside.example", "{=1+1}"])
def test_a_name_is_a_text_in_every_file_whatever_it_begins_with(figures: Figures, sign: str) -> None:
    changed = copy.deepcopy(figures)
    for place in changed["areas"].values():
        for language in LANGUAGES:
            place[language] = f"{sign}{place[language]}"
    book = opened(brief_xlsx(changed, "en"))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert sum(str(cell.value).startswith(sign) for cell in cells) >= 9  # the streets, and sentences on the district
    page = docx.Document(io.BytesIO(brief_docx(changed, "en")))
    assert [part.reltype for part in page.part.rels.values() if part.is_external] == []
    assert any(row.cells[0].text.startswith(sign) for row in page.tables[0].rows)


def test_a_name_is_a_text_in_an_official_form() -> None:
    rows = pd.DataFrame({"name": ["=1+1", "=2+2"], "n": [3, 4]})
    layout = Layout("=3+3", "Form", "=4+4", "8 Oct 2010", "persons", "Area", [("", "=5+5")], ["=6+6"])
    sheet = opened(as_form(rows, ["n"], ["count"], layout)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert {f"={n}+{n}" for n in range(1, 7)} <= {cell.value for cell in cells}
