"""What stands in the data is shown as it stands: nothing in it is a picture, a link, a formula or a tag."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PAGES, address_of, serving, settle
from tests.browser.hostile import OUTSIDE, SIGNS, spoil

STREET = "320114004000"
JOINER = "\u2060"
TALL = {"width": 1366, "height": 4000}  # charts and tables draw themselves once they are on the screen
MADE_OF_THEM = """outside => {
    const all = (css, wanted) => [...document.querySelectorAll(css)].filter(wanted).map(e => e.outerHTML.slice(0, 200));
    const says = text => e => e.textContent.trim() === text;
    return [
        ...all('.katex, math', () => true),
        ...all('img, image', e => (e.src || e.getAttribute('href') || '').includes(outside)),
        ...all('a', e => (e.href.baseVal ?? e.href).includes(outside) || /^javascript:/.test(e.href.baseVal ?? e.href)),
        ...all('strong, b, em, [style*=bold]', says('bold')),
        ...all('code', says('code')),
        ...all('[data-testid=stIconMaterial]', says('home')),
        ...all('.stMarkdownColoredText', says('x')),
    ];
}"""
DRAWN = """outside => [...document.querySelectorAll('.main-svg text')]
    .map(e => e.textContent).filter(t => t.includes(outside))"""


@pytest.fixture(scope="module")
def spoiled(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a demonstration whose every text is spoilt; yield its address."""
    file = tmp_path_factory.mktemp("spoiled") / "census.db"
    shutil.copy(demonstration_file, file)
    spoil(file)
    with serving(f"sqlite:///{file}") as address:
        yield address


@pytest.fixture
def looked(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Yield an empty page, and the addresses off this machine that it asks for."""
    context = browser.new_context(viewport=TALL, locale="en-GB")
    page, outside = context.new_page(), []
    page.on("request", lambda request: outside.append(request.url) if leaves(request.url) else None)
    yield page, outside
    context.close()


def leaves(address: str) -> bool:
    """Return whether a request leaves the machine."""
    return not address.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def said(page: Page) -> str:
    """Return what stands on a page, its lines joined, without what parts signs."""
    return " ".join(page.inner_text("#root").replace(JOINER, "").split())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_names_as_they_are_and_asks_for_nothing_outside(
    spoiled: str, looked: tuple[Page, list[str]], name: str
) -> None:
    page, outside = looked
    page.goto(f"{spoiled}/{address_of(name)}?lang=en&area={STREET}")
    settle(page)
    page.get_by_text("Find an area").click()
    page.get_by_label("Name or code").fill("Community")
    page.keyboard.press("Enter")
    page.get_by_test_id("stPopoverBody").get_by_role("button").first.wait_for()
    settle(page)
    text = said(page)
    assert f"Xishanqiao Subdistrict {SIGNS}" in text
    assert text.count(SIGNS) >= 3  # the way down to the area, and what the search has found
    assert page.evaluate(MADE_OF_THEM, OUTSIDE) == []
    assert [drawn for drawn in page.evaluate(DRAWN, OUTSIDE) if SIGNS not in " ".join(drawn.split())] == []
    assert outside == []
    assert page.get_by_test_id("stException").count() == 0


def test_charts_write_names_as_they_are(spoiled: str, looked: tuple[Page, list[str]]) -> None:
    page, outside = looked
    page.goto(f"{spoiled}/completion?lang=en&area={STREET}")
    settle(page)
    page.locator(".js-plotly-plot .ytick text").first.wait_for()
    drawn = [" ".join(text.split()) for text in page.evaluate(DRAWN, OUTSIDE)]
    assert len(drawn) >= 13  # the villages of the street
    assert all(text.endswith(SIGNS) for text in drawn)
    page.locator(".js-plotly-plot .points path").first.hover(force=True)
    page.locator(".hoverlayer text").first.wait_for()
    assert page.evaluate(MADE_OF_THEM, OUTSIDE) == []
    assert outside == []


def test_the_wall_shows_names_as_they_are(spoiled: str, looked: tuple[Page, list[str]]) -> None:
    page, outside = looked
    page.goto(f"{spoiled}/?wall=1&lang=en&every=600")
    page.locator(".st-key-wall .foot").wait_for(timeout=60_000)
    page.locator(".st-key-wall .main-svg").first.wait_for(timeout=60_000)
    assert SIGNS in said(page)
    assert page.evaluate(MADE_OF_THEM, OUTSIDE) == []
    assert outside == []
