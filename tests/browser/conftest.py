"""A served dashboard with the demonstration district, and a Chromium that looks at it."""

from __future__ import annotations

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

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def served(demonstration_file: Path) -> Iterator[str]:
    """Serve the demonstration on a free port; yield its address."""
    with serving(demonstration_file) as address:
        yield address


@contextmanager
def serving(database_file: Path) -> Iterator[str]:
    """Serve a SQLite file on a free port; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database_file}"}
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/readyz", server)
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


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Open]:
    """Return a function that opens a page of the dashboard and waits until it stands."""
    contexts: list[BrowserContext] = []

    def opened(
        path: str = "", *, size: tuple[int, int] = DESKTOP, locale: str = "en-GB", scheme: str = "light"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            color_scheme="dark" if scheme == "dark" else "light",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{served}/{path}")
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def settle(page: Page) -> None:
    """Wait until a run of the page has ended and what it drew is there."""
    page.wait_for_selector("h1", timeout=60_000)
    still = """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid="stStatusWidget"]')
        && !document.querySelector('[data-stale="true"]')"""
    for _ in range(2):
        page.wait_for_function(still, timeout=60_000)
        page.wait_for_timeout(350)


def whole(page: Page) -> int:
    """Return the height of everything on the page, in pixels."""
    return int(
        page.evaluate(
            """() => Math.ceil((document.querySelector('[data-testid="stMain"]') || document.body).scrollHeight)"""
        )
    )
