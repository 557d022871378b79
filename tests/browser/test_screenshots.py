"""Each page in each language, as it stands; kept under docs/screenshots when KEEP_SCREENSHOTS is set."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Page

from dashboard.charts.palette import DARK, LIGHT, Palette
from tests.browser.conftest import (
    DESKTOP,
    PAGES,
    Open,
    address_of,
    colours_of_charts,
    keep,
    settle_charts,
    whole,
)

TALLEST = 2400
MAIN = "document.querySelector('[data-testid=stMain]')"
CHARTED = ["command_centre", "completion", "staffing", "returns", "discrepancies", "acceptance", "cleanup"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_draws_itself_whole(visit: Open, name: str, language: str) -> None:
    page = visit(f"{address_of(name)}?lang={language}")
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate(f"{MAIN}.scrollWidth <= {MAIN}.clientWidth")
    assert cut_labels(page) == []
    page.set_viewport_size({"width": DESKTOP[0], "height": min(whole(page) + 20, TALLEST)})
    settle_charts(page)
    picture = keep(page, f"{name}_{language}")
    colours = picture.resize((136, 120)).getcolors(100_000)
    assert colours is not None
    assert len(colours) > 200
    empty = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')]
             .filter(e => !e.querySelector('.plot path, .hm image, .points path, .lines path')).length"""
    )
    assert empty == 0
    if name in CHARTED:
        are_of(page, LIGHT)


def cut_labels(page: Page) -> list[str]:
    """Return headings and labels of figures that do not fit their box."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(
             '[data-testid=stMetricValue] *, [data-testid=stMetricLabel] p, h1, h2, h3')]
             .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map(e => e.innerText)"""
    )
    return found


def are_of(page: Page, inks: Palette) -> None:
    """Hold the charts of a page to the colours of a palette."""
    known = {ink.upper() for ink in (*vars(inks).values(), *inks.scale) if isinstance(ink, str) and ink[0] == "#"}
    drawn = colours_of_charts(page)
    assert drawn - known - {"#000000", "#FFFFFF"} == set()
    assert len(drawn & known) >= 4


@pytest.mark.parametrize("name", CHARTED)
def test_the_charts_of_a_dark_page_are_drawn_in_the_colours_of_the_dark_palette(visit: Open, name: str) -> None:
    page = visit(f"{address_of(name)}?lang=en", scheme="dark")
    page.set_viewport_size({"width": DESKTOP[0], "height": min(whole(page) + 20, TALLEST)})
    settle_charts(page)
    are_of(page, DARK)


def test_the_dark_theme_is_dark(visit: Open) -> None:
    page = visit("?lang=zh-Hans", scheme="dark")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    assert ImageStat.Stat(picture).mean[0] < 70
