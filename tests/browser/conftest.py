"""A served dashboard with the demonstration district, and a Chromium that looks at it."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1366, 768)
PHONE = (390, 844)
AS_PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)
PAGES = sorted(path.stem for path in (ROOT / "dashboard" / "pages").glob("*.py"))
KEPT = ROOT / "docs" / "screenshots"

Open = Callable[..., Page]
Screens = Callable[[tuple[int, int], str, str], BrowserContext]


@pytest.fixture(scope="session")
def served(demonstration_file: Path) -> Iterator[str]:
    """Serve the demonstration on a free port; yield its address."""
    with serving(f"sqlite:///{demonstration_file}", free_port()) as address:
        yield address


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(
    database_url: str, port: int | None = None, *, waits_for: str = "readyz", **environment: str
) -> Iterator[str]:
    """Serve the dashboard on a database, on a free port unless one is given; yield its address once it answers."""
    port = port or free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/{waits_for}", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        if server.poll() is not None:
            raise RuntimeError(f"the dashboard ended with {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("the dashboard did not come up in a minute")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Chromium: the machine's own, else Playwright's."""
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=installed, args=QUIET)
        yield found
        found.close()


@pytest.fixture(scope="session")
def screens(browser: Browser) -> Iterator[Screens]:
    """Return a function that gives the browser of a screen, the same one each time: it has the program read already."""
    known: dict[tuple[tuple[int, int], str, str], BrowserContext] = {}

    def screen(size: tuple[int, int], locale: str, scheme: str) -> BrowserContext:
        if (size, locale, scheme) not in known:
            phone = {"is_mobile": True, "has_touch": True, "user_agent": AS_PHONE} if size == PHONE else {}
            known[size, locale, scheme] = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale=locale,
                color_scheme="dark" if scheme == "dark" else "light",
                accept_downloads=True,
                **phone,
            )
        return known[size, locale, scheme]

    yield screen
    for context in known.values():
        context.close()


@pytest.fixture
def visit(screens: Screens, served: str) -> Iterator[Open]:
    """Return a function that opens a page of the dashboard and waits until it stands.

    At the end nothing may have been asked of anybody but the dashboard.
    """
    pages: list[Page] = []
    asked: list[str] = []

    def opened(
        path: str = "", *, size: tuple[int, int] = DESKTOP, locale: str = "en-GB", scheme: str = "light"
    ) -> Page:
        page = screens(size, locale, scheme).new_page()
        pages.append(page)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{served}/{path}")
        settle(page)
        return page

    yield opened
    for page in (page for page in pages if not page.is_closed()):
        page.evaluate("() => localStorage.clear()")  # nothing of one test is left to the next
        page.context.clear_cookies()
        page.close()
    assert [url for url in asked if not url.startswith((served, "data:", "blob:"))] == []


def settle(page: Page) -> None:
    """Wait until a run of the page has ended and what it drew is there."""
    page.wait_for_selector("h1", timeout=60_000)
    still = """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid="stStatusWidget"]')
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')"""
    for _ in range(2):
        page.wait_for_function(still, timeout=60_000)
        page.wait_for_timeout(350)


def settle_charts(page: Page) -> None:
    """Wait until every chart on the page is drawn and nothing moves any more: two frames in a row are the same."""
    page.wait_for_function(
        """() => [...document.querySelectorAll('.js-plotly-plot')]
             .every(e => e.querySelector('.plot path, .hm image, .points path, .lines path'))""",
        timeout=60_000,
    )
    before = b""
    for _ in range(40):
        now = page.screenshot(animations="disabled")
        if now == before:
            return
        before = now
        page.wait_for_timeout(250)
    raise AssertionError("the page does not come to rest")


def colours_of_charts(page: Page) -> set[str]:
    """Return the colours of the marks, lines and texts of the charts of a page, as #RRGGBB."""
    found: list[str] = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('.js-plotly-plot .main-svg *')]
             .filter(e => !e.closest('.modebar, defs, .hoverlayer'))
             .filter(e => { const box = e.getBoundingClientRect(); return box.width || box.height; })
             .flatMap(e => { const s = getComputedStyle(e);
                 return [[s.fill, s.fillOpacity], [s.stroke, parseFloat(s.strokeWidth) ? s.strokeOpacity : '0']]
                     .filter(([ink, seen]) => ink.startsWith('rgb(') && seen !== '0').map(([ink]) => ink); }))]"""
    )
    return {"#" + "".join(f"{int(part):02X}" for part in colour[4:-1].split(",")) for colour in found}


def address_of(name: str) -> str:
    """Return the path at which a page is served."""
    return "" if name == "command_centre" else name


def to_page(page: Page, name: str) -> None:
    """Go to a page by the navigation: through the menu on a phone, else through the section that holds it."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    if menu.is_visible():
        menu.click()
        page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()
        settle(page)
        return
    sections = page.get_by_test_id("stTopNavSection")
    link = page.get_by_test_id("stTopNavDropdownLink").filter(has_text=name)
    for n in range(sections.count()):
        sections.nth(n).click()
        page.get_by_test_id("stTopNavPopoverBody").wait_for()
        if link.count():
            link.click()
            settle(page)
            return
        page.keyboard.press("Escape")
        page.get_by_test_id("stTopNavPopoverBody").wait_for(state="detached")
    raise AssertionError(f"no section of the navigation holds {name}")


def keep(page: Page, name: str) -> Image.Image:
    """Take a screenshot; keep it under docs/screenshots when KEEP_SCREENSHOTS is set."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    if os.environ.get("KEEP_SCREENSHOTS"):
        KEPT.mkdir(parents=True, exist_ok=True)
        few = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        furthest = ImageChops.difference(picture, few.convert("RGB")).getextrema()
        assert max(most for _, most in furthest) < 32, "a colour of the page is lost"
        few.save(KEPT / f"{name}.png", optimize=True)
    return picture


def whole(page: Page) -> int:
    """Return the height of everything on the page, in pixels."""
    return int(
        page.evaluate(
            """() => Math.ceil((document.querySelector('[data-testid="stMain"]') || document.body).scrollHeight)"""
        )
    )
