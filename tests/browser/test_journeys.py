"""What a leader does in an evening, in a real browser."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, settle, to_page
from tests.pages.forms import LAST, Forms

STREET = "西善桥街道"
PAGES = {"": "指挥中心", "check_in": "日例会", "completion": "完成进度", "staffing": "两员配备", "returns": "日报",
         "discrepancies": "数据比对", "acceptance": "质量验收", "leads": "核查线索", "cleanup": "户口整顿",
         "area_file": "雨花台区", "intake": "数据接收", "methods": "方法与术语"}  # fmt: skip


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box by its label."""
    page.get_by_label(label, exact=False).first.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_it_opens_in_the_language_of_the_browser_and_changes_it(visit: Open) -> None:
    page = visit(locale="zh-TW")
    expect(page.locator("h1")).to_have_text("指揮中心")
    page.get_by_role("radio", name="English").click()
    expect(page.locator("h1")).to_have_text("Command centre")
    settle(page)
    assert "lang=en" in page.url
    page.get_by_role("radio", name="简体").click()
    expect(page.locator("h1")).to_have_text("指挥中心")
    settle(page)
    to_page(page, "完成进度")
    expect(page.locator("h1")).to_have_text("完成进度")
    assert "lang=zh-Hans" in page.url


def test_from_the_district_down_to_a_village_and_back(visit: Open) -> None:
    page = visit("completion?lang=zh-Hans")
    choose(page, "下一级地区", STREET)
    expect(page.locator("h1 + * , [data-testid=stMarkdown] strong").first).to_contain_text(STREET)
    choose(page, "下一级地区", "平治社区居委会")
    assert "area=320114004" in page.url
    expect(page.get_by_role("button", name=STREET)).to_be_visible()
    page.get_by_role("button", name="雨花台区").click()
    settle(page)
    expect(page.locator("[data-testid=stMarkdown] strong").first).to_contain_text("雨花台区")


def test_a_click_on_a_bar_goes_down_to_its_street(visit: Open) -> None:
    page = visit("completion?lang=zh-Hans")
    bar = page.locator(".js-plotly-plot").first.locator(".bars .point path").first
    bar.click(force=True)
    page.wait_for_function("() => !location.search.includes('area=320114000000')", timeout=20_000)
    settle(page)
    assert page.get_by_role("button", name="雨花台区").is_enabled()


def test_a_matter_that_needs_attention_leads_to_its_area(visit: Open) -> None:
    page = visit("?lang=zh-Hans")
    page.get_by_role("button", name=STREET).first.click()
    page.wait_for_function("() => location.search.includes('area=320114004000')", timeout=20_000)
    settle(page)
    expect(page.locator("[data-testid=stMarkdown] strong").first).to_contain_text(STREET)


def test_another_day_shows_its_own_figures(visit: Open, forms: Forms) -> None:
    page = visit("?lang=zh-Hans")
    choose(page, "截至日期", "2010年9月30日")
    assert "date=2010-09-30" in page.url
    day = LAST.replace(month=9, day=30)
    resolved = forms.completion("320114000000", day)["Today"]
    expect(page.locator("[data-testid=stMetricValue]").nth(1)).to_have_text(f"{resolved:,}")


def test_a_shared_link_opens_what_it_was_copied_from_on_a_fresh_screen(visit: Open) -> None:
    first = visit("staffing?lang=zh-Hans&date=2010-10-01&area=320114004000")
    settle(first)
    second = visit(first.url.split("/", 3)[3], locale="en-GB")
    expect(second.locator("h1")).to_have_text("两员配备")
    expect(second.locator("[data-testid=stMarkdown] strong").first).to_contain_text(STREET)
    assert second.url.split("?")[1] == first.url.split("?")[1]


def test_a_downloaded_workbook_holds_the_figures_of_the_screen(visit: Open, forms: Forms) -> None:
    page = visit("completion?lang=zh-Hans")
    with page.expect_download() as waiting:
        page.locator(".st-key-xlsx-completion button").click()
    found = waiting.value
    assert found.suggested_filename == "completion_320114000000_20101008.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(found.path().read_bytes()))
    assert book.sheetnames == ["表", "说明"]
    sheet, notes = book.worksheets
    head = [cell.value for cell in sheet[1]]
    rows = {row[0]: dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)}
    for street in forms.children("320114000000"):
        expected = forms.completion(street, LAST)
        assert rows[street]["底册户数"] == expected["Frame households"]
        assert rows[street]["办结率"] == pytest.approx(expected["Resolution"] / 100)
        assert rows[street]["落后户数"] == pytest.approx(expected["Backlog"])
    assert any("演示：模拟上报数据" in str(row[0].value) for row in notes.iter_rows())
    assert any("2010年10月8日" in str(row[0].value) for row in notes.iter_rows())
    with page.expect_download() as waiting:
        page.locator(".st-key-csv-completion button").click()
    assert waiting.value.path().read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_chart_is_saved_as_a_picture(visit: Open) -> None:
    page = visit("?lang=zh-Hans")
    with page.expect_download() as waiting:
        page.locator("[class*='st-key-progress-'] .modebar-btn").click()
    assert waiting.value.suggested_filename == "progress_320114000000_20101008.png"
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")


def test_an_official_form_is_saved_from_its_tab(visit: Open) -> None:
    page = visit("cleanup?lang=zh-Hans")
    page.get_by_role("tab", name="六种人清理情况统计表").click()
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="按表式导出 Excel").click()
    found = waiting.value
    assert found.suggested_filename == "official-categories_320114000000_20101008_form.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(found.path().read_bytes())).active
    assert sheet["A1"].value == "六种人清理情况统计表"
    assert sheet["A5"].value == "合计"
