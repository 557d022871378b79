"""Each page in each language, as it stands; kept under docs/screenshots when KEEP_SCREENSHOTS is set."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from tests.browser.conftest import DESKTOP, ROOT, Open, whole

PAGES = ["command_centre", "completion", "staffing", "discrepancies", "acceptance", "leads", "area_file", "methods"]
KEPT = ROOT / "docs" / "screenshots"
TALLEST = 2400


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_draws_itself_whole(visit: Open, tmp_path: Path, name: str, language: str) -> None:
    path = "" if name == "command_centre" else name
    page = visit(f"{path}?lang={language}")
    page.set_viewport_size({"width": DESKTOP[0], "height": min(whole(page) + 20, TALLEST)})
    page.wait_for_timeout(1_200)
    folder = KEPT if os.environ.get("KEEP_SCREENSHOTS") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(64).save(folder / f"{name}_{language}.png", optimize=True)
    colours = picture.resize((136, 120)).getcolors(100_000)
    assert colours is not None
    assert len(colours) > 200
    empty = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')]
             .filter(e => !e.querySelector('.plot path, .hm image, .points path')).length"""
    )
    assert empty == 0


def test_the_dark_theme_is_dark(visit: Open) -> None:
    page = visit("?lang=zh-Hans", scheme="dark")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    assert ImageStat.Stat(picture).mean[0] < 70
