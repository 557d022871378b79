"""Each page in each language, as it stands; kept under docs/screenshots when KEEP_SCREENSHOTS is set."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from tests.browser.conftest import DESKTOP, PAGES, Open, address_of, keep, whole

TALLEST = 2400
CHARTED = ["command_centre", "completion", "staffing", "returns", "discrepancies", "acceptance", "cleanup"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_draws_itself_whole(visit: Open, tmp_path: Path, name: str, language: str) -> None:
    page = visit(f"{address_of(name)}?lang={language}")
    page.set_viewport_size({"width": DESKTOP[0], "height": min(whole(page) + 20, TALLEST)})
    page.wait_for_timeout(1_200)
    picture = keep(page, f"{name}_{language}", tmp_path)
    colours = picture.resize((136, 120)).getcolors(100_000)
    assert colours is not None
    assert len(colours) > 200
    empty = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')]
             .filter(e => !e.querySelector('.plot path, .hm image, .points path, .lines path')).length"""
    )
    assert empty == 0


def test_the_dark_theme_is_dark(visit: Open) -> None:
    page = visit("?lang=zh-Hans", scheme="dark")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    assert ImageStat.Stat(picture).mean[0] < 70
