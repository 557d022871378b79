"""The page holds whatever comes: no returns, no phase yet, one street, very many, long names, a deadline gone by."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Pt

from dashboard.briefing.document import brief_docx
from dashboard.briefing.workbook import brief_xlsx
from queries import areas
from queries.check_in import frozen
from queries.view import LANGUAGES, View
from tests import fonts
from tests.briefing.conftest import LONG, Figures, Print, looking_at, view, with_decisions, with_streets
from tests.briefing.test_page import opened, rows, texts, words
from tests.intake.world import load, settle_world

STREET = "320114000000/320114004000"
SPARE = 9.0  # points: a line of the page's small type
CHANGES = [
    {"area_id": area_id, "count": "hh_resolved", "then": 3_000 + area_id, "now": 3_100 + area_id}
    for area_id in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
]


@pytest.fixture(scope="session")
def hard(figures: Figures, demonstration_file: Path) -> dict[str, tuple[Figures, list | None]]:
    """Return figures that are hard to print, by what is hard about them, with changes since the close."""
    with looking_at(demonstration_file):
        street = frozen.gather(view(STREET))
        village = frozen.gather(view().at(street["children"]["area_id"][0]))
        before, unreported = (frozen.gather(view(day=day)) for day in (date(2010, 9, 10), date(2010, 10, 30)))
    return {
        "one_street": (with_streets(figures, 1), None),
        "twenty_streets": (with_streets(figures, 20), None),
        "twenty_streets_and_decisions": (with_decisions(with_streets(figures, 20), 12), None),
        "forty_streets": (with_streets(figures, 40), None),
        "long_names": (with_streets(figures, 25, long_names=True), None),
        "everything": (with_decisions(with_streets(figures, 25), 20), CHANGES),
        "street": (street, None),
        "village": (village, None),
        "before": (before, None),
        "unreported": (unreported, None),
    }


@pytest.fixture(scope="session")
def lengthened(hard: dict[str, tuple[Figures, list | None]], pages: dict[str, bytes]) -> dict[str, bytes]:
    """Return the plain page and every one that is hard to print, a line longer, by the name of its file."""
    every = {("plain", language): page for language, page in pages.items()} | {
        (case, language): brief_docx(figures, language, changes)
        for case, (figures, changes) in hard.items()
        for language in LANGUAGES
    }
    return {f"{case}_{language}.docx": a_line_longer(page) for (case, language), page in every.items()}


def a_line_longer(page: bytes) -> bytes:
    """Return a page with an empty line more at its end: it stays on its sheet only where a line is left free."""
    document = opened(page)
    written = document.add_paragraph().paragraph_format
    written.line_spacing_rule, written.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(SPARE)
    written.space_before, written.space_after = Pt(0), Pt(0)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("seen", fonts.SETS)
def test_whatever_comes_fills_one_page_and_leaves_a_line_free_whichever_fonts_there_are(
    lengthened: dict[str, bytes], printed: Print, seen: str
) -> None:
    assert {name: paper.pages for name, paper in printed(lengthened, seen).items()} == dict.fromkeys(lengthened, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_twenty_streets_stand_on_the_page(hard: dict[str, tuple[Figures, list | None]], language: str) -> None:
    assert len(rows(brief_docx(hard["twenty_streets"][0], language))) == 21


@pytest.mark.parametrize("case", ["forty_streets", "long_names", "everything"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_page_has_no_room_for_is_counted_and_stands_in_the_workbook(
    hard: dict[str, tuple[Figures, list | None]], case: str, language: str
) -> None:
    figures, changes = hard[case]
    page = brief_docx(figures, language, changes)
    shown = len(rows(page)) - 1
    left_out = len(figures["children"]["area_id"]) - shown
    assert shown >= 8
    if left_out:
        told = words(language, "Left to the workbook: {more} more.").format(more=left_out)
        assert any(told in text for text in texts(page))
    book = openpyxl.load_workbook(io.BytesIO(brief_xlsx(figures, language, changes)))[words(language, "Completion")]
    assert book.max_row == 1 + len(figures["children"]["area_id"])


def sheet(content: bytes, name: str):
    import io

    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(content))[name]


def test_long_names_stand_in_full(hard: dict[str, tuple[Figures, list | None]]) -> None:
    for language in LANGUAGES:
        assert all(row[0].startswith(LONG[language]) for row in rows(brief_docx(hard["long_names"][0], language))[:-1])


def test_a_village_is_told_of_without_a_table_of_others(hard: dict[str, tuple[Figures, list | None]]) -> None:
    page = brief_docx(hard["village"][0], "zh_Hans")
    assert len(rows(page)) == 1
    assert opened(page).paragraphs[2].text.split("\t")[0].endswith("人口普查小组")


def test_before_the_phase_nothing_is_numbered_and_nothing_is_zero(
    hard: dict[str, tuple[Figures, list | None]],
) -> None:
    page = brief_docx(hard["before"][0], "zh_Hans")
    assert any("清查摸底于2010年9月15日开始" in text for text in texts(page))
    assert not any("第" in p.text and "期" in p.text for p in opened(page).paragraphs[:3])
    for row in rows(page):
        assert row[2:8] == ["—", "—", "—", "—", "—", "— / —"]


def test_a_day_without_any_return_says_so(hard: dict[str, tuple[Figures, list | None]]) -> None:
    said = texts(brief_docx(hard["unreported"][0], "en"))
    assert any("No return has been received for Yuhuatai District by 30 Oct 2010." in text for text in said)


def test_a_unit_that_never_reported_is_not_zero(sqlite_database: str, tmp_path: Path) -> None:
    settle_world(tmp_path)
    page = brief_docx(frozen.gather(of_world("10/102", date(2010, 9, 19))), "zh_Hans")
    row = next(row for row in rows(page) if row[0].endswith("同码社区"))
    assert row[2] == "0.0–100.0 %"
    assert row[6] == "0/1"


def test_after_the_deadline_what_is_open_is_said_and_no_pace_is_asked_for(
    sqlite_database: str, tmp_path: Path, printed: Print
) -> None:
    settle_world(tmp_path)
    ended = {"phase": "sweep", "start": "2010-09-15", "end": "2010-09-17", "cutoff": "17:30"}
    assert load(tmp_path, ended, name="calendar").result == "stored"
    figures = frozen.gather(of_world("10", date(2010, 9, 19)))
    assert figures["area"]["required_pace"] == ["inf"]
    page = brief_docx(figures, "zh_Hans")
    lead = next(p.text for p in opened(page).paragraphs if p.style.name == "Brief lead")
    # three villages have reported 20 + 20 + 0 of 100 each, two more nothing: 40 of 500
    assert lead.startswith("截止日2010年9月17日已过")
    assert "460户" in lead
    assert "92.0" in lead
    assert "每个工作日" not in lead
    assert printed({"late.docx": page})["late.docx"].pages == 1
    pace = openpyxl.load_workbook(io.BytesIO(brief_xlsx(figures, "zh_Hans")))["完成进度"]
    heading = [cell.value for cell in pace[1]].index(words("zh_Hans", "Required pace"))
    assert [row[heading].value for row in pace.iter_rows(min_row=2)] == [None, None]


def of_world(address: str, day: date) -> View:
    area_id = areas.by_address(address)
    assert area_id is not None
    return View(1, day, area_id, area_id, "zh_Hans")
