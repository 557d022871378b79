"""An evening at the check-in, in real browsers, on a copy of the demonstration that may be written to."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from queries import database
from queries.intake.take_in import take_in
from tests.browser.conftest import DESKTOP, PHONE, serving, settle
from tests.pages.forms import LAST, Forms

STREET, CODE = "雨花街道", "320114001000"
NEXT = LAST + timedelta(days=1)
Visit = Callable[..., Page]


@pytest.fixture
def copy(demonstration_file: Path, tmp_path: Path) -> Path:
    """Return a copy of the demonstration."""
    path = tmp_path / "census.db"
    shutil.copy(demonstration_file, path)
    return path


@pytest.fixture
def visit(browser: Browser, copy: Path) -> Iterator[Visit]:
    """Return a function that opens the check-in of the copy on a screen of its own."""
    contexts: list[BrowserContext] = []
    with serving(f"sqlite:///{copy}") as address:

        def opened(day: date = LAST, *, size: tuple[int, int] = DESKTOP) -> Page:
            context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
            contexts.append(context)
            page = context.new_page()
            page.goto(f"{address}/check_in?lang=zh-Hans&date={day}")
            settle(page)
            return page

        yield opened
        for context in contexts:
            context.close()


def record(page: Page, what: str, number: int) -> None:
    """Fill in the form: a number of households to be resolved in a street by the next day."""
    places = page.get_by_role("combobox", name="地区", exact=True)
    places.scroll_into_view_if_needed()
    page.wait_for_timeout(1_500)  # tables above draw themselves once they are near the screen
    places.click()
    page.get_by_role("option", name=STREET, exact=True).click()
    page.get_by_role("textbox", name="议定事项").fill(what)
    page.get_by_role("textbox", name="责任单位").fill("雨花街道办事处")
    page.get_by_role("spinbutton", name="目标数").fill(str(number))
    page.get_by_role("button", name="记录议定事项").click()
    settle(page)


def take_in_next_day(copy: Path, forms: Forms, folder: Path, monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    """Take in the returns of the next day of one street: each village has done so many households more."""
    rows = forms.returns[(forms.returns["report_date"] == LAST) & forms.returns["area_code"].isin(forms.below[CODE])]
    rows = rows.assign(report_date=NEXT, submitted_at=f"{NEXT} 17:00", hh_done=rows["hh_done"] + more)
    path = folder / f"next-{more}.csv"
    rows.drop(columns=["visits_day", "correction_reason"], errors="ignore").to_csv(path, index=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")
    receipt = take_in(path, now=datetime.combine(NEXT, time(20, 0)), simulated=True)
    database.engine().dispose()
    database._engine.cache_clear()
    assert receipt.result == "stored", [checked.findings for checked in receipt.checked]


def cells(page: Page, key: str) -> list[list[str]]:
    """Return the texts of a table, which are there once it is on the screen."""
    table = page.locator(f"[class*='st-key-table-{key}_']").first
    table.scroll_into_view_if_needed()
    expect(table.locator("[role=gridcell]").first).to_be_attached(timeout=20_000)
    return [row.locator("[role=gridcell]").all_inner_texts() for row in table.locator("[role=row]").all()]


def outcome(page: Page, what: str) -> str:
    """Return what the table of earlier decisions says of one."""
    (row,) = [row for row in cells(page, "decided-before") if what in row]
    return row[1]


def test_a_decision_recorded_in_the_evening_is_held_against_the_next_returns(
    visit: Visit, copy: Path, forms: Forms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit()
    resolved, villages = forms.resolved(CODE, LAST), len(forms.below[CODE])
    record(page, "每个社区再完成五户", resolved + 5 * villages)
    expect(page.get_by_text("议定事项已记录。")).to_be_visible()
    record(page, "每个社区再完成五十户", resolved + 50 * villages)
    expect(page.get_by_text("每个社区再完成五十户")).to_be_visible()
    page.get_by_role("button", name="结束例会").click()
    page.get_by_role("button", name="确认结束").click()
    settle(page)
    expect(page.get_by_text("结束，只读")).to_be_visible()
    expect(page.get_by_role("button", name="记录议定事项")).to_have_count(0)
    take_in_next_day(copy, forms, tmp_path, monkeypatch, more=10)

    page = visit(NEXT)
    expect(page.locator("[data-testid=stMarkdown] strong").first).to_contain_text(
        f"未办结户数由{sum(forms.framed.values()) - forms.resolved('320114000000', LAST):,}户变为"
    )
    assert "✓ 已落实" in outcome(page, "每个社区再完成五户")
    assert "✕ 未落实" in outcome(page, "每个社区再完成五十户")
    page.get_by_role("button", name="召开雨花台区例会").click()
    settle(page)
    expect(page.get_by_text("进行中")).to_be_visible()
    expect(page.get_by_role("button", name="记录议定事项")).to_be_visible()


def test_what_may_name_a_person_is_refused_and_stays_in_the_form(visit: Visit) -> None:
    page = visit()
    record(page, "请致电13800000000", 10)
    expect(page.get_by_text("疑似身份证号或电话号码")).to_be_visible()
    expect(page.get_by_role("textbox", name="议定事项")).to_have_value("请致电13800000000")


def test_two_editors_of_one_line_see_both_texts_and_choose(visit: Visit) -> None:
    first, second = visit(), visit()
    for page, text in ((first, "甲方案：晚间入户"), (second, "乙方案：周末入户")):
        page.get_by_role("button", name="修改").click()
        page.get_by_role("dialog").get_by_label("议定事项").fill(text)
        page.keyboard.press("Tab")
    first.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(first.get_by_text("议定事项已修改，修改前的内容已保留。")).to_be_visible(timeout=20_000)
    dialog = second.get_by_role("dialog")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_text("期间他人已保存了对该事项的修改")).to_be_visible(timeout=20_000)
    expect(dialog.get_by_text("甲方案：晚间入户")).to_be_visible()
    expect(dialog.get_by_text("乙方案：周末入户")).to_be_visible()
    dialog.get_by_role("button", name="以我的内容覆盖").click()
    expect(second.get_by_text("议定事项已修改，修改前的内容已保留。")).to_be_visible(timeout=20_000)
    third = visit()
    expect(third.get_by_text("乙方案：周末入户")).to_be_visible()
    third.get_by_text("修改前的内容").click()
    third.wait_for_timeout(500)
    assert any("甲方案：晚间入户" in row for row in cells(third, "wordings"))


def test_the_one_who_keeps_what_was_saved_overwrites_nothing(visit: Visit) -> None:
    first, second = visit(), visit()
    for page in (first, second):
        page.get_by_role("button", name="修改").click()
        expect(page.get_by_role("dialog")).to_be_visible()
    for page, text in ((first, "甲方案"), (second, "乙方案")):
        page.get_by_role("dialog").get_by_label("议定事项").fill(text)
        page.keyboard.press("Tab")
        page.get_by_role("dialog").get_by_role("button", name="保存").click()
        page.wait_for_timeout(1_000)
    second.get_by_role("dialog").get_by_role("button", name="保留已保存的内容").click()
    settle(second)
    expect(second.get_by_text("甲方案")).to_be_visible(timeout=20_000)
    expect(second.get_by_text("乙方案")).to_have_count(0)


def test_a_decision_is_withdrawn_with_a_reason_and_stays_in_the_list(visit: Visit) -> None:
    page = visit(size=PHONE)
    page.get_by_role("button", name="撤回").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="撤回议定事项").click()
    expect(dialog.get_by_text("必须填写")).to_be_visible(timeout=20_000)
    dialog.get_by_label("原因").fill("改由区里统一安排")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="撤回议定事项").click()
    expect(page.get_by_text("已撤回：改由区里统一安排")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="修改")).to_have_count(0)


def test_a_readers_copy_shows_the_check_in_and_no_button(
    visit: Visit, browser: Browser, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_READ_ONLY", "1")
    with serving(f"sqlite:///{copy}") as address:
        page = browser.new_page(locale="zh-CN")
        page.goto(f"{address}/check_in?lang=zh-Hans&date={LAST}")
        settle(page)
        expect(page.locator("h1")).to_have_text("日例会")
        assert "联系物业" in str(cells(page, "decided-now"))
        for name in ("结束例会", "记录议定事项", "修改", "撤回"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)
        page.close()
