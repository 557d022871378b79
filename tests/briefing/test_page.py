"""The page says what the returns say, in every language, on one sheet, as an official bulletin looks."""

from __future__ import annotations

import io
import re
import sqlite3
import unicodedata
import warnings
import zipfile
from datetime import timedelta
from pathlib import Path

import docx
import numpy as np
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from PIL import Image

from dashboard.briefing.document import brief_docx
from dashboard.briefing.picture import scurve
from dashboard.briefing.thaw import thaw
from dashboard.i18n import LOCALES
from queries.view import LANGUAGES
from queries.wording import translations
from tests.briefing.conftest import DISTRICT, Figures, Print, Printed, run, with_decisions
from tests.pages.forms import END, LAST, START, Forms, planned
from tests.pages.test_discrepancy_figures import TOLERANCES, filed, mark
from tests.pages.test_staffing_figures import expected

CHINESE = ("zh_Hans", "zh_Hant")
AREA, VERDICT, RATE, PLAN, GAP, BACKLOG, UNITS, POSTS, UNEXPLAINED = range(9)
DAYS = {"en": "8 Oct 2010", "zh_Hans": "2010年10月8日", "zh_Hant": "2010年10月8日"}


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def texts(content: bytes) -> list[str]:
    """Return every text on the page: of the body, its tables, and the foot."""
    document = opened(content)
    parts = [document.element.body, document.sections[0].footer._element]
    return ["".join(t.text or "" for t in p.iter(qn("w:t"))) for part in parts for p in part.iter(qn("w:p"))]


def rows(content: bytes, table: int = 0) -> list[list[str]]:
    """Return the cells of a table, its head left out, kinds of space made one."""
    return [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in opened(content).tables[table].rows[1:]]


def words(language: str, message: str) -> str:
    return translations(language, LOCALES, "messages").gettext(message)


def as_written(forms: Forms, code: str) -> list[str]:
    """Return what a row of the table says of an area, from the forms alone, without its name and words."""
    row = forms.completion(code, LAST)
    low, high = f"{row['Lower bound']:.1f}", f"{row['Upper bound']:.1f}"
    sign = "+" if row["Gap, points"] >= 0 else "−"
    posts = [expected(forms, code, role, LAST)["Short"] for role in ("enumerator", "supervisor")]
    figures = filed(forms, code)["value"]
    census, department = figures["death", "ledger"], figures["death", "police"]
    rate = abs(census - department) / department
    index = row["Resolution"] / row["Plan"]
    return [
        "✓" if index >= 0.95 else "△" if index >= 0.85 else "✕",
        f"{low} %" if low == high else f"{low}–{high} %",
        f"{row['Plan']:.1f} %",
        f"{sign}{abs(row['Gap, points']):.1f}",
        f"{row['Backlog']:,.0f}",
        f"{row['Units in']:.0f}/{row['Units due']:.0f}",
        f"{posts[0]:.0f} / {posts[1]:.0f}",
        f"{mark(rate, TOLERANCES['death'])} {1000 * rate:.1f} ‰",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fills_one_page_and_no_more(on_paper: dict[str, Printed], language: str) -> None:
    assert on_paper[language].pages == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_street_stands_in_the_table_as_its_returns_say(
    pages: dict[str, bytes], forms: Forms, figures: Figures, language: str
) -> None:
    codes = {place[language]: place["code"] for place in figures["areas"].values()}
    shown = rows(pages[language])
    assert [codes[row[AREA]] for row in shown[:-1]] == sorted(
        forms.children(DISTRICT), key=lambda code: -forms.completion(code, LAST)["Backlog"]
    )
    assert codes[shown[-1][AREA]] == DISTRICT
    for row in shown:
        wanted = as_written(forms, codes[row[AREA]])
        assert [row[VERDICT].split()[0], *row[RATE:]] == wanted, row[AREA]


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_shows_every_figure_of_the_table(on_paper: dict[str, Printed], forms: Forms, language: str) -> None:
    text = on_paper[language].text.replace(" / ", "/")
    for code in (*forms.children(DISTRICT), DISTRICT):
        assert " ".join(as_written(forms, code)[1:]).replace(" / ", "/") in text, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_findings_hold_the_figures_of_the_returns(pages: dict[str, bytes], forms: Forms, language: str) -> None:
    whole = forms.completion(DISTRICT, LAST)
    short = expected(forms, DISTRICT, "enumerator", LAST)
    deaths = filed(forms, DISTRICT)["value"]
    gap = abs(deaths["death", "ledger"] - deaths["death", "police"])
    backlog = sorted((forms.completion(c, LAST)["Backlog"] for c in forms.children(DISTRICT)), reverse=True)
    shares = 100 * np.cumsum(backlog) / sum(backlog)
    said = " ".join(p.text for p in opened(pages[language]).paragraphs if p.style.name == "Brief lead")
    for figure in (
        f"{-whole['Gap, points']:.1f}",
        f"{shares[int(np.argmax(shares >= 50))]:.0f}\u00a0%",
        f"{whole['Today']:,}",
        f"{round(whole['Required pace']):,}",
        f"{whole['Lower bound']:.1f}\u00a0%",
        f"{whole['Upper bound']:.1f}\u00a0%",
        f"{short['Short']:.0f}",
        f"{short['Uncovered districts']:.0f}",
        f"{short['Households uncovered']:,}",
        f"{100 * gap / deaths['death', 'police']:.2f}\u00a0%",
        f"{gap:,}",
    ):
        assert figure in said, figure


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_as_of_when_until_when_and_that_it_is_no_frozen_brief(pages: dict[str, bytes], language: str) -> None:
    said = "".join(texts(pages[language]))
    assert DAYS[language] in said
    assert "17:30" in said
    assert words(language, "As things stand: not frozen by a check-in.") in said
    assert words(language, "Demonstration: simulated returns.") in said
    appraisal = {
        "en": "may not be used for performance appraisal",
        "zh_Hans": "不得用于政绩考核",
        "zh_Hant": "不得用於政績考核",
    }
    assert appraisal[language] in said


def test_figures_that_are_not_simulated_are_not_said_to_be(figures: Figures) -> None:
    for language in LANGUAGES:
        said = "".join(texts(brief_docx({**figures, "simulated": False}, language)))
        assert words(language, "Demonstration: simulated returns.") not in said


def test_without_a_check_in_the_day_of_the_phase_numbers_the_issue(figures: Figures) -> None:
    said = texts(brief_docx({**figures, "check_in": None}, "zh_Hans"))
    assert f"第{(LAST - START).days + 1}期" in said


def test_an_open_check_in_has_its_number_but_is_not_frozen(figures: Figures) -> None:
    said = texts(brief_docx({**figures, "check_in": {"number": 12, "closed_at": None}}, "zh_Hans"))
    assert "第12期" in said
    assert any("未经会商定稿" in text for text in said)


def test_a_closed_check_in_says_its_number_and_when_it_closed(figures: Figures) -> None:
    said = texts(brief_docx(with_decisions(figures, 0), "zh_Hans"))
    assert "第12期" in said
    assert any("会商结束时定稿：2010年10月8日19:52" in text for text in said)
    assert not any("未经会商定稿" in text for text in said)


@pytest.mark.parametrize("language", CHINESE)
def test_it_has_the_heading_of_a_chinese_bulletin(
    pages: dict[str, bytes], demonstration_file: Path, language: str
) -> None:
    masthead, issue, issuer, title = opened(pages[language]).paragraphs[:4]
    district = {"zh_Hans": "雨花台区", "zh_Hant": "雨花臺區"}[language]
    office = {"zh_Hans": "人口普查领导小组办公室", "zh_Hant": "人口普查領導小組辦公室"}[language]
    assert masthead.text in ("人口普查工作进度简报", "人口普查工作進度簡報")
    assert str(masthead.style.font.color.rgb) == "C00000"
    with sqlite3.connect(demonstration_file) as database:
        (held,) = database.execute("SELECT count(*) FROM check_in WHERE date <= ?", [LAST.isoformat()]).fetchone()
    assert issue.text == f"第{held}期"
    assert issuer.text == f"{district}{office}\t2010年10月8日"
    rule = issuer.style.element.find(f".//{qn('w:pBdr')}/{qn('w:bottom')}")
    assert rule.get(qn("w:color")) == "C00000"
    assert title.text.startswith(district)
    said = "".join(texts(pages[language]))
    assert not any(end in said for end in ("报送：", "發送", "发送", "報送："))


@pytest.mark.parametrize("language", CHINESE)
def test_no_english_word_stands_in_a_chinese_page(pages: dict[str, bytes], language: str) -> None:
    found = {word for text in texts(pages[language]) for word in re.findall(r"[A-Za-z]+", text)}
    assert found == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_has_a_glyph(pages: dict[str, bytes], on_paper: dict[str, Printed], language: str) -> None:
    used = {c for text in [*texts(pages[language]), on_paper[language].text] for c in text if not c.isspace()}
    assert not {c for c in used if unicodedata.category(c) in ("Co", "Cn", "Cs")} | (used & set("\ufffd□▯"))
    for character in used:
        assert run("fc-list", f":charset={ord(character):x}", "family").strip(), character


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_formatted_by_styles(pages: dict[str, bytes], language: str) -> None:
    document = opened(pages[language])
    for part in (document.element.body, document.sections[0].footer._element):
        for properties in (*part.iter(qn("w:rPr")), *part.iter(qn("w:pPr"))):
            assert {child.tag for child in properties} <= {qn("w:rStyle"), qn("w:pStyle")}


def test_fonts_are_those_of_official_documents_with_others_to_fall_back_on(pages: dict[str, bytes]) -> None:
    fonts = {"zh_Hans": ("方正小标宋简体", "黑体", "仿宋"), "zh_Hant": ("方正小標宋繁體", "微軟正黑體", "標楷體")}
    for language, names in fonts.items():
        styles = opened(pages[language]).styles
        used = [styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Title", "Heading 1", "Brief lead")]
        assert used == list(names)
        with zipfile.ZipFile(io.BytesIO(pages[language])) as package:
            table = package.read("word/fontTable.xml").decode()
        for name in names:
            assert re.search(rf'w:name="{name}"><w:altName w:val="[^"]+,', table)


def test_the_paper_is_a4(pages: dict[str, bytes]) -> None:
    (section,) = opened(pages["en"]).sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_has_alternative_text_that_explains_its_lines(pages: dict[str, bytes], language: str) -> None:
    (shape,) = opened(pages[language]).inline_shapes
    told = shape._inline.docPr.get("descr")
    assert words(language, "Plan") in told or words(language, "plan") in told or "计划" in told or "計劃" in told
    assert told in texts(pages[language])


def test_the_curve_runs_where_the_returns_put_it(figures: Figures, forms: Forms) -> None:
    thawed = thaw(figures, "en")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that is missing would be warned of
        drawn = scurve(thawed.days, thawed.plan, thawed.phase["end"], 400, 300)
    image = np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB")).astype(int)
    red = np.abs(image - np.array([0xC2, 0x45, 0x2D])).sum(axis=2) < 40
    blue = np.abs(image - np.array([0x1F, 0x4E, 0x8C])).sum(axis=2) < 40
    deadline, first = np.median(np.nonzero(red)[1]), np.nonzero(blue)[1].min()
    top, bottom = np.nonzero(red)[0].min(), np.nonzero(red)[0].max()
    for back in (15, 8, 3):
        day = (LAST - START).days - back
        place = round(first + 4 + day * (deadline - first - 4) / (END - START).days)
        middle = np.nonzero(blue[:, place - 2 : place + 3])[0].mean()
        share = 105 * (bottom - middle) / (bottom - top)
        when = START + timedelta(days=day)
        wanted = 100 * forms.resolved(DISTRICT, when) / forms.frame_of(DISTRICT, when)
        assert share == pytest.approx(wanted, abs=1.5), back
    assert planned(END) == 1


def test_decisions_say_what_became_of_them_and_the_bridge_what_moved(figures: Figures, printed: Print) -> None:
    content = brief_docx(with_decisions(figures, 4), "zh_Hans")
    paper = printed({"decided.docx": content})["decided.docx"]
    assert paper.pages == 1
    shown = rows(content, 2)
    assert [row[0] for row in shown] == ["10月8日", "10月8日", "10月7日", "10月7日"]
    by_what = {row[2][-1]: row for row in shown}
    assert by_what["0"][4:] == ["办结率不少于35.5 %", "10月8日", "未落实：27.2 %"]
    assert by_what["1"][4:] == ["无人负责小区不超过20", "10月9日", "未到期"]
    assert by_what["2"][6] == "已落实：41.2 %"
    lead = " ".join(p.text for p in opened(content).paragraphs if p.style.name == "Brief lead")
    assert "上次会商时未办结87,000；更正−35；补报−120；新办结−1,876；目前未办结84,969" in lead
    for text in ("西善桥街道普查办", "87,000", "84,969"):
        assert text in paper.text.replace("\n", "")


def test_later_changes_stand_apart_and_leave_the_figures_as_they_were(figures: Figures) -> None:
    closed = with_decisions(figures, 2)
    before = brief_docx(closed, "en")
    after = brief_docx(closed, "en", [{"area_id": 1, "count": "hh_resolved", "then": 52_858, "now": 53_120}])
    told = [p.text for p in opened(after).paragraphs if p.style.name == "Brief change"]
    assert told == ["Yuhuatai District, Households resolved: 52,858 when closed, 53,120 now."]
    assert not [p for p in opened(before).paragraphs if p.style.name == "Brief change"]
    assert rows(after) == rows(before)
    assert not any("53,120" in text for text in texts(before))
