"""Worked examples show the figures of the area; exports hold the columns of the screen as native numbers."""

from __future__ import annotations

import io
import re

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.download import as_csv, as_workbook
from dashboard.tables import Column
from tests.pages.conftest import PAGES, Open, chinese, link, opened, table
from tests.pages.forms import LAST, Forms

DISTRICT = "320114000000"


def test_worked_examples_use_the_figures_of_the_area(visit: Open, forms: Forms) -> None:
    app = visit("methods", **link(forms, DISTRICT, LAST))
    rates = table(app, "Numerator", "Worked example").set_index("No.")
    row = forms.completion(DISTRICT, LAST)
    assert rates.loc[42, "Worked example"] == (
        f"{row['Resolved']:,} ÷ {row['Frame households']:,} = {row['Resolution']:.2f} %"
    )
    insured = sum(forms.staffing(DISTRICT, role, LAST)["insured"].sum() for role in ("enumerator", "supervisor"))
    in_post = sum(forms.staffing(DISTRICT, role, LAST)["in_post"].sum() for role in ("enumerator", "supervisor"))
    assert rates.loc[21, "Worked example"] == f"{insured:,} ÷ {in_post:,} = 87.42 %"
    others = table(app, "Formula", "Worked example").set_index("No.")
    before = row["Resolved"] - row["Today"]
    assert others.loc[45, "Worked example"] == f"{row['Resolved']:,} − {before:,} = {row['Today']:,}"
    assert others.loc[48, "Worked example"] == f"{row['Pending']:,} ÷ 23 = {round(row['Required pace']):,}"
    assert others.loc[43, "Worked example"].endswith("= 35.68 %")
    bounds = [text.value for text in app.markdown if text.value.startswith("算例：")]
    assert f"{row['Upper bound']:.2f} %" in bounds[0]


def test_the_glossary_holds_ninety_terms_and_is_searched_in_any_language(visit: Open) -> None:
    app = visit("methods", lang="en")
    assert len(app.dataframe[-1].value) == 90
    for wanted in ("办结率", "辦結率", "Resolution rate"):
        app.text_input(key="glossary-search").set_value(wanted).run()
        assert 42 in app.dataframe[-1].value["No."].tolist()
        assert len(app.dataframe[-1].value) < 10


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_in_every_language_and_says_that_figures_are_simulated(
    visit: Open, page: str, language: str
) -> None:
    app = opened(page, lang=language)
    words = {"en": "Demonstration: simulated returns", "zh-Hans": "演示：模拟上报数据", "zh-Hant": "演示：模擬上報數據"}
    assert any(words[language] in text.value for text in app.markdown)
    assert app.title[0].value
    assert len(app.dataframe) > 0


@pytest.mark.parametrize("page", PAGES)
def test_no_english_stands_on_a_chinese_page(visit: Open, page: str) -> None:
    allowed = {"English", "Excel", "CSV"}
    for text in texts(opened(page, lang="zh-Hans")):
        text = re.sub(r":material/\w+:|:\w+-badge\[", "", text)
        words = "".join(c if c.isascii() and c.isalpha() else " " for c in text).split()
        assert {word for word in words if len(word) > 2} <= allowed, text


def texts(app: AppTest) -> list[str]:
    """Return what a page says, without the English column of the glossary and the names of files as they came."""
    said = [
        t.value for kind in (app.title, app.markdown, app.caption, app.info, app.success, app.subheader) for t in kind
    ]
    said += [m.label + m.value + (m.delta or "") + (m.help or "") for m in app.metric]
    said += [button.label for button in app.button]
    for shown in app.dataframe:
        frame = shown.value.drop(columns=[chinese("English"), chinese("File")], errors="ignore")
        said += [str(name) for name in frame.columns]
        said += [str(v) for name in frame for v in frame[name] if isinstance(v, str)]
    return said


SHOWN = pd.DataFrame({"名称": ["雨花街道", "西善桥街道"], "办结率": [41.16, float("nan")], "落后户数": [114.2, 1876.0]})
KINDS = ["text", "percent", "count"]


def test_a_workbook_holds_native_numbers_a_frozen_header_colours_and_notes() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(as_workbook(SHOWN, KINDS, ["green", "red"], ("表", "说明"), ["完成进度", "截至10月8日"]))
    )
    sheet, notes = book.worksheets
    assert book.sheetnames == ["表", "说明"]
    assert [cell.value for cell in sheet[1]] == list(SHOWN.columns)
    assert sheet["B2"].value == pytest.approx(0.4116)
    assert sheet["B2"].number_format == "0.0%"
    assert sheet["B3"].value == "—"
    assert sheet["C3"].value == 1876
    assert sheet["C3"].number_format == "#,##0"
    assert sheet.freeze_panes == "B2"
    assert sheet["A2"].fill.fgColor.rgb != sheet["A3"].fill.fgColor.rgb
    assert [row[0].value for row in notes.iter_rows()] == ["完成进度", "截至10月8日"]


def test_a_csv_opens_in_excel_and_leaves_unknown_cells_empty() -> None:
    written = as_csv(SHOWN)
    assert written.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(written), encoding="utf-8-sig")
    assert list(back.columns) == list(SHOWN.columns)
    assert pd.isna(back.loc[1, "办结率"])


def test_masked_cells_are_masked_in_files_too() -> None:
    from dashboard.tables import presented

    rows = pd.DataFrame({"births": [3.0, 12.0, None], "births_masked": [True, False, False]})
    shown = presented(rows, [Column("births", "Births", "masked")])
    assert shown.iloc[:, 0].tolist() == ["＊", "12", "—"]


def test_a_csv_writes_whole_numbers_whole_and_leaves_unknown_cells_empty() -> None:
    shown = pd.DataFrame({"地区": ["甲", "乙"], "户": [3.0, None], "率": [6.358500001, 1_234_567.25]})
    assert as_csv(shown).decode("utf-8-sig").splitlines() == ["地区,户,率", "甲,3,6.3585", "乙,,1234567.25"]
