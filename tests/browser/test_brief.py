"""The brief is taken away from the command centre as things stand."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.pages.forms import LAST, Forms

DISTRICT = "320114000000"


def taken(page: Page, label: str) -> tuple[str, bytes]:
    """Return the name and the content of a file that a button gives."""
    button = page.get_by_role("button", name=label, exact=False).first
    button.scroll_into_view_if_needed()
    with page.expect_download(timeout=60_000) as download:
        button.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_page_and_the_workbook_are_taken_from_the_command_centre(
    visit: Open, forms: Forms, size: tuple[int, int]
) -> None:
    page = visit("?lang=zh-Hans", size=size)
    name, content = taken(page, "简报（一页）")
    assert name == f"brief-now_{DISTRICT}_{LAST:%Y%m%d}.docx"
    document = docx.Document(io.BytesIO(content))
    assert document.paragraphs[0].text == "人口普查工作进度简报"
    assert any("当前数据，未经会商定稿" in p.text for p in document.paragraphs)
    name, content = taken(page, "简报（工作簿）")
    assert name == f"brief-now_{DISTRICT}_{LAST:%Y%m%d}.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(content))["完成进度"]
    heading = [cell.value for cell in sheet[1]].index("已办结")
    resolved = {row[0].value: row[heading].value for row in sheet.iter_rows(min_row=2)}
    assert resolved == {street: forms.resolved(street, LAST) for street in forms.children(DISTRICT)}


def test_a_street_is_briefed_in_the_language_of_its_viewer(visit: Open) -> None:
    page = visit("?lang=zh-Hant&area=320114004000")
    _name, content = taken(page, "簡報（一頁）")
    issuer = docx.Document(io.BytesIO(content)).paragraphs[2].text
    assert issuer.startswith("西善橋街道人口普查領導小組辦公室")


def test_a_closed_check_in_gives_its_frozen_brief_and_an_open_one_none(visit: Open) -> None:
    page = visit("check_in?lang=zh-Hans&date=2010-10-07")
    _name, content = taken(page, "简报（一页）")
    document = docx.Document(io.BytesIO(content))
    assert any("会商结束时定稿：2010年10月7日" in p.text for p in document.paragraphs)
    assert not any("未经会商定稿" in p.text for p in document.paragraphs)
    _name, content = taken(page, "简报（工作簿）")
    assert "自上次会商以来" in openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    expect(visit(f"check_in?lang=zh-Hans&date={LAST}").get_by_role("button", name="简报（一页）")).to_have_count(0)
