"""Each page in each language, as it stands; kept under docs/screenshots when KEEP_SCREENSHOTS is set."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageStat

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
CHARTED = ["command_centre", "completion", "staffing", "returns", "discrepancies", "acceptance", "cleanup"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_draws_itself_whole(visit: Open, tmp_path: Path, name: str, language: str) -> None:
    page = visit(f"{address_of(name)}?lang={language}")
    page.set_viewport_size({"width": DESKTOP[0], "height": min(whole(page) + 20, TALLEST)})
    settle_charts(page)
    picture = keep(page, f"{name}_{language}", tmp_path)
    colours = picture.resize((136, 120)).getcolors(100_000)
    assert colours is not None
    assert len(colours) > 200
    empty = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')]
             .filter(e => !e.querySelector('.plot path, .hm image, .points path, .lines path')).length"""
    )
    assert empty == 0


@pytest.mark.parametrize(("scheme", "inks"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("name", CHARTED)
def test_the_charts_of_a_page_are_drawn_in_the_colours_of_the_palette(
    visit: Open, name: str, scheme: str, inks: Palette
) -> None:
    page = visit(f"{address_of(name)}?lang=en", scheme=scheme)
    page.set_viewport_size({"width": DESKTOP[0], "height": min(whole(page) + 20, TALLEST)})
    settle_charts(page)
    known = {ink.upper() for ink in (*vars(inks).values(), *inks.scale) if isinstance(ink, str) and ink[0] == "#"}
    drawn = colours_of_charts(page)
    assert drawn - known - {"#000000", "#FFFFFF"} == set()
    assert len(drawn & known) >= 4


def test_the_dark_theme_is_dark(visit: Open) -> None:
    page = visit("?lang=zh-Hans", scheme="dark")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    assert ImageStat.Stat(picture).mean[0] < 70
