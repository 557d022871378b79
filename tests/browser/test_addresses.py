"""Addresses that lead to no page, the language that a page tells the browser, and that nobody outside is asked."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from queries.view import LANGUAGES
from tests.browser.conftest import Open, serving, settle

TAGS = [name.replace("_", "-") for name in LANGUAGES]
NO_PAGE = {"en": "There is no such page", "zh-Hans": "没有此页面", "zh-Hant": "沒有此頁面"}
FIRST = {"en": "Command centre", "zh-Hans": "指挥中心", "zh-Hant": "指揮中心"}
WATCH = """
import sys

def watch(event, about):
    if event in ("socket.connect", "socket.sendto"):
        note(str(about[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        note(str(about[0]))

def note(where):
    with open({file!r}, "a") as asked:
        asked.write(where + "\\n")

sys.addaudithook(watch)
"""


@pytest.mark.parametrize("tag", TAGS)
def test_an_unknown_address_says_so_and_leads_to_the_command_centre(visit: Open, tag: str) -> None:
    page = visit(f"nosuchpage?lang={tag}")
    expect(page.locator("h1")).to_have_text(NO_PAGE[tag])
    expect(page.get_by_text("nosuchpage")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.documentElement.lang") == tag
    page.get_by_test_id("stPageLink").get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(FIRST[tag])
    assert urlsplit(page.url).path == "/"


def test_the_language_of_an_unknown_address_can_be_chosen(visit: Open) -> None:
    page = visit("nosuchpage?lang=en")
    page.get_by_role("radio", name="繁體").click()
    settle(page)
    expect(page.locator("h1")).to_have_text(NO_PAGE["zh-Hant"])
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"


def test_a_page_tells_the_browser_the_language_that_is_chosen(visit: Open) -> None:
    page = visit("completion?lang=zh-Hans")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.get_by_role("radio", name="English").click()
    settle(page)
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_wall_tells_the_browser_its_language(browser, served: str) -> None:
    page = browser.new_page(locale="en-GB")
    page.goto(f"{served}/?wall=1&lang=zh-Hant")
    page.locator(".st-key-wall").wait_for(timeout=60_000)
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    page.close()


def test_the_server_asks_nobody_outside(sqlite_database: str, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    (tmp_path / "sitecustomize.py").write_text(WATCH.format(file=str(asked)), encoding="utf-8")
    with serving(sqlite_database, PYTHONPATH=str(tmp_path)) as address:
        port = urlsplit(address).port
        assert port is not None
        with socket.create_connection(("127.0.0.1", port), timeout=10) as browser:  # behind a proxy, under its name
            browser.sendall(
                b"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://census.example\r\n"
                b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            assert browser.recv(12).startswith(b"HTTP/1.1 403")
    places = asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []
    allowed = ("127.0.0.1", "localhost", "::1", "None", "0.0.0.0", "('127.0.0.1'", "('::1'")
    assert [place for place in places if not place.startswith(allowed)] == []
