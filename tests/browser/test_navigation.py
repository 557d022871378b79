"""The way from page to page: sections on a desk, a menu on a phone, in the viewer's language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PAGES, PHONE, Open, settle, to_page
from tests.pages.conftest import chinese

SECTIONS = ["Meeting", "Progress", "Quality", "Places", "Desk"]


def names_in_the_menu(page: Page) -> list[str]:
    """Return the pages that the menu of a phone leads to."""
    links = page.get_by_test_id("stSidebarNavLink").locator("p")
    return [text.strip() for text in links.all_inner_texts()]


def test_all_sections_stand_side_by_side_on_an_office_screen(visit: Open) -> None:
    page = visit("?lang=zh-Hans", size=DESKTOP)
    sections = page.get_by_test_id("stTopNavSection")
    expect(sections).to_have_text([chinese(name) for name in SECTIONS])
    for n in range(len(SECTIONS)):
        box = sections.nth(n).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= DESKTOP[0]
        assert box["y"] == sections.nth(0).bounding_box()["y"]  # type: ignore[index]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_the_navigation_leads_to_every_page_each_with_its_icon(visit: Open, language: str) -> None:
    page = visit(f"?lang={language}", size=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links).to_have_count(len(PAGES))
    addresses = {str(links.nth(n).get_attribute("href")).rsplit("/", 1)[-1] for n in range(len(PAGES))}
    assert addresses == {"" if name == "command_centre" else name for name in PAGES}
    for n in range(len(PAGES)):
        icon = links.nth(n).get_by_test_id("stIconMaterial")
        assert icon.bounding_box()["width"] < 30  # type: ignore[index]  # a word that is no icon stands there in letters
    latin = [name for name in names_in_the_menu(page) if any("a" <= c.lower() <= "z" for c in name)]
    assert bool(latin) == (language == "en")


def test_the_menu_of_a_phone_opens_leads_on_and_closes(visit: Open) -> None:
    page = visit("?lang=zh-Hans", size=PHONE)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(sidebar).to_be_in_viewport()
    page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
    expect(sidebar).not_to_be_in_viewport()
    to_page(page, chinese("Staffing"))
    expect(page.locator("h1")).to_have_text(chinese("Staffing"))
    expect(sidebar).not_to_be_in_viewport()


def test_going_to_a_page_keeps_what_is_looked_at(visit: Open) -> None:
    page = visit("?lang=zh-Hans&date=2010-10-01&area=320114004000")
    for name in ("Completion", "Staffing", "Discrepancies", "Methods and glossary"):
        to_page(page, chinese(name))
        expect(page.locator("h1")).to_have_text(chinese(name))
        settle(page)
        assert "area=320114004000" in page.url
        assert "date=2010-10-01" in page.url
        assert "lang=zh-Hans" in page.url
