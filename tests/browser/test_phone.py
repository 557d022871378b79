"""Every page on a phone: nothing sideways, nothing cut, targets that a thumb hits."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PAGES, PHONE, Open, address_of, keep, settle

LANGUAGES = ["en", "zh-Hans", "zh-Hant"]
STREET = "320114004000"


def cut_texts(page: Page) -> list[str]:
    """Return texts of labels and headings that do not fit their box."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(
             '[data-testid=stMetricValue] *, [data-testid=stMetricLabel] *, h1, h2, h3, button p, label p')]
             .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map(e => e.innerText)"""
    )
    return found


def cut_names_of_charts(page: Page) -> list[str]:
    """Return names and numbers of charts that reach over the edge of their chart."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
             const frame = plot.getBoundingClientRect();
             const texts = '.ytick text, .xtick text, .legendtext, .annotation text, .xtitle, .ytitle';
             return [...plot.querySelectorAll(texts)]
                 .filter(text => { const box = text.getBoundingClientRect();
                     return box.left < frame.left - 2 || box.right > frame.right + 2; })
                 .map(text => text.textContent); })"""
    )
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(visit: Open, name: str, language: str) -> None:
    page = visit(f"{address_of(name)}?lang={language}", size=PHONE)
    sideways = page.evaluate(
        """() => ['[data-testid=stMain]', 'html', 'body'].map(s => document.querySelector(s))
             .filter(e => e.scrollWidth > e.clientWidth).length"""
    )
    assert sideways == 0
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert cut_texts(page) == []
    assert cut_names_of_charts(page) == []
    small = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] button, [data-testid=stMain] a')]
             .filter(e => e.offsetParent && !e.closest('[data-testid=stTooltipIcon], .stDataFrame'))
             .filter(e => !e.closest('[data-testid=stSelectbox], [data-testid=stTooltipHoverTarget]'))
             .filter(e => e.getBoundingClientRect().height < 40).map(e => e.innerText)"""
    )
    assert small == []
    page.set_viewport_size({"width": PHONE[0], "height": 2 * PHONE[1]})
    page.wait_for_timeout(600)
    if language == "zh-Hans":
        keep(page, f"phone_{name}_{language}")


def test_the_view_takes_one_line_of_the_first_screen(visit: Open) -> None:
    page = visit("?lang=zh-Hans", size=PHONE)
    title = page.locator("h1").bounding_box()
    assert title is not None
    assert title["y"] < PHONE[1] / 3
    expect(page.get_by_test_id("stMetricValue").first).to_be_in_viewport(ratio=1)


def test_day_place_and_language_are_chosen_behind_one_button(visit: Open) -> None:
    page = visit("?lang=zh-Hans", size=PHONE)
    view = page.get_by_test_id("stPopoverButton").first
    expect(view).to_contain_text("10月8日")
    view.click()
    page.get_by_label("名称或代码").fill("西善桥街道")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=STREET).click()
    settle(page)
    assert f"area={STREET}" in page.url
    page.keyboard.press("Escape")
    view.click()
    page.get_by_role("radio", name="English").click()
    settle(page)
    expect(page.locator("h1")).to_have_text("Command centre")
    assert f"area={STREET}" in page.url
    expect(page.get_by_test_id("stPopoverButton").first).to_contain_text("8 Oct")
