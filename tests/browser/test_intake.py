"""The data desk in a real browser: files are dragged in, checked, stored, and undone."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, serving, settle
from tests.pages.forms import LAST, RESOLVED, Forms
from tests.pages.test_intake import NEXT, next_day

DISTRICT, STREET = "320114000000", "320114004000"
ZONE = "[data-testid=stFileUploaderDropzone]"


@pytest.fixture(scope="module")
def desk_file(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the demonstration that may be written to."""
    copy = tmp_path_factory.mktemp("desk") / "census.db"
    shutil.copy(demonstration_file, copy)
    return copy


@pytest.fixture(scope="module")
def desk_served(desk_file: Path) -> Iterator[str]:
    with serving(f"sqlite:///{desk_file}") as address:
        yield address


@pytest.fixture
def desk(browser: Browser, desk_served: str) -> Iterator[Page]:
    """Open the desk of one street in Chinese."""
    context = browser.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="zh-CN", accept_downloads=True
    )
    page = context.new_page()
    page.goto(f"{desk_served}/intake?lang=zh-Hans&area={STREET}")
    settle(page)
    yield page
    context.close()


def loads(file: Path) -> list[tuple[int, str, str]]:
    with sqlite3.connect(file) as connection:
        return connection.execute("SELECT id, kind, file_name FROM load ORDER BY id").fetchall()


def drop(page: Page, name: str, content: bytes) -> None:
    """Drag a file onto the desk and let it go."""
    carried = page.evaluate_handle(
        """([name, bytes]) => {
             const carried = new DataTransfer();
             carried.items.add(new File([new Uint8Array(bytes)], name));
             return carried;
           }""",
        [name, list(content)],
    )
    page.dispatch_event(ZONE, "drop", {"dataTransfer": carried})
    page.wait_for_selector(f"h3:has-text('{name}')", timeout=30_000)
    settle(page)


def of_street(forms: Forms) -> pd.DataFrame:
    rows = next_day(forms)
    return rows[rows["area_code"].isin(forms.villages(STREET))]


def filled(template: bytes, rows: pd.DataFrame) -> bytes:
    """Return a template filled in by hand: the figures of each village into the white cells of its row."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[3]}
    words = {"hh_done": "累计已登记户", "hh_vacant": "空户", "hh_away": "全户外出", "hh_deceased": "全户死亡户",
             "hh_refused": "拒访", "hh_noncontact": "未联系上", "ed_total": "普查小区总数",
             "ed_started": "已开展小区数", "ed_done": "已完成小区数", "pers_total": "登记人数",
             "pers_living": "住本户人数",
             "pers_absent": "户口在本户未住本户", "pers_hukou": "户籍人数", "pers_in6m": "外来半年以上",
             "pers_out6m": "外出半年以上", "births": "出生", "deaths": "死亡", "hmt": "港澳台", "foreign": "外籍",
             "visits_day": "当日入户次数", "enum_active": "当日上岗普查员"}  # fmt: skip
    by_code = rows.set_index("area_code").to_dict("index")
    for line in range(4, sheet.max_row + 1):
        row = by_code.get(sheet.cell(line, headings["地区代码"]).value)
        for field, word in words.items() if row else ():
            cell = sheet.cell(line, headings[word])
            assert not cell.protection.locked
            cell.value = int(row[field])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_template_goes_out_comes_back_moves_the_figures_and_is_undone(
    desk: Page, desk_served: str, desk_file: Path, forms: Forms
) -> None:
    rows = of_street(forms)
    before = loads(desk_file)
    with desk.expect_download() as waiting:
        desk.locator(".st-key-template-xlsx button").click()
    found = waiting.value
    assert found.suggested_filename == f"progress_{STREET}_{NEXT:%Y%m%d}_zh_Hans.xlsx"
    drop(desk, "西善桥日报.xlsx", filled(found.path().read_bytes(), rows))
    assert loads(desk_file) == before
    expect(desk.locator("[data-testid=stMetricValue]").first).to_have_text(str(len(rows)))
    expect(desk.get_by_text("未发现问题")).to_be_visible()
    desk.get_by_role("button", name=f"存入 {len(rows)} 行").click()
    settle(desk)
    expect(desk.get_by_text(f"新增 {len(rows)} 行，更正 0 行，未变 0 行")).to_be_visible()
    number, _kind, name = loads(desk_file)[-1]
    assert name == "西善桥日报.xlsx"
    assert f"date={NEXT}" in desk.url
    silent = set(forms.villages(STREET)) - set(rows["area_code"])
    resolved = int(rows[RESOLVED].astype(int).sum().sum()) + sum(forms.resolved(unit, LAST) for unit in silent)
    grown = resolved - forms.resolved(STREET, LAST)
    desk.goto(f"{desk_served}/?lang=zh-Hans&area={STREET}&date={NEXT}")
    settle(desk)
    expect(desk.locator("[data-testid=stMetricValue]").nth(1)).to_have_text(re.compile(rf"^{grown}(–|$)"))

    desk.goto(f"{desk_served}/intake?lang=zh-Hans&area={STREET}")
    settle(desk)
    box = desk.locator("[class*=st-key-undo-zh]")
    box.scroll_into_view_if_needed()
    desk.wait_for_timeout(600)
    box.locator("input").click()
    desk.get_by_role("option").first.click()
    settle(desk)
    expect(desk.get_by_text(f"将有 0 行恢复为原先的版本，{len(rows)} 行撤回")).to_be_visible()
    desk.get_by_role("button", name=f"撤销第 {number} 次导入").click()
    settle(desk)
    expect(desk.get_by_text(f"{len(rows)} 行撤回")).to_be_visible()
    assert f"date={LAST}" in desk.url
    assert loads(desk_file)[-1][1] == "undo"
    with sqlite3.connect(desk_file) as connection:
        last = connection.execute("SELECT max(report_date) FROM daily_return").fetchone()[0]
    assert last == str(LAST)


def test_a_bad_file_is_shown_with_its_cells_and_stores_nothing(desk: Page, desk_file: Path, forms: Forms) -> None:
    rows = of_street(forms).reset_index(drop=True).astype(object)
    rows.loc[1, "hh_done"] = "#REF!"
    rows.loc[3, "pers_total"] = 1
    out = io.BytesIO()
    rows.to_excel(out, index=False, sheet_name="日报")
    before = loads(desk_file)
    drop(desk, "错表.xlsx", out.getvalue())
    expect(desk.get_by_text("2 行退回。请在文件中更正后重新上传")).to_be_visible()
    with desk.expect_download() as waiting:
        desk.locator(".st-key-csv-findings button").click()
    shown = pd.read_csv(waiting.value.path(), dtype=str, encoding="utf-8-sig")
    at = {name: f"{openpyxl.utils.get_column_letter(n + 1)}" for n, name in enumerate(rows.columns)}
    assert {f"{at['hh_done']}3", f"{at['pers_total']}5"} <= set(shown["单元格"])
    assert "累计已登记户为错误值 #REF!：请改正公式，或直接填写数值。" in set(shown["说明"])
    with desk.expect_download() as waiting:
        desk.locator(".st-key-rejected-xlsx-waiting button").click()
    assert waiting.value.suggested_filename == "错表.rejected.xlsx"
    back = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).worksheets[0]
    assert (back.max_row, back.cell(1, back.max_column).value) == (3, "退回原因")
    desk.get_by_role("radio", name="English").click()
    settle(desk)
    expect(desk.get_by_text("2 rows are rejected.")).to_be_visible()
    desk.get_by_role("radio", name="简体").click()
    settle(desk)
    desk.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    settle(desk)
    main = "document.querySelector('[data-testid=stMain]')"
    assert desk.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    desk.get_by_role("button", name="暂不处理").click()
    settle(desk)
    expect(desk.locator("h3", has_text="错表.xlsx")).to_have_count(0)
    assert loads(desk_file) == before


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_200_megabytes_end_in_a_message_of_the_desk_s_own(
    desk: Page, desk_served: str, desk_file: Path, tmp_path: Path, language: str
) -> None:
    desk.goto(f"{desk_served}/intake?lang={language}")
    settle(desk)
    with (tmp_path / "huge.csv").open("wb") as out:
        out.truncate(200 * 2**20)
    before = loads(desk_file)
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.locator(f"{ZONE} input").set_input_files(tmp_path / "huge.csv")
    desk.wait_for_selector(f"{ZONE} [aria-invalid=true]")
    said = desk.evaluate(f"getComputedStyle(document.querySelector('{ZONE}'), '::after').content")
    assert {"zh-Hans": "每个文件最多 64 兆", "en": "at most 64 MB"}[language] in said
    assert not desk.locator(f"{ZONE} [role=alert]").is_visible()
    assert not [url for url in asked if "upload_file" in url]
    assert loads(desk_file) == before


def test_the_uploader_speaks_the_viewer_s_language(desk: Page) -> None:
    shown = desk.evaluate(
        f"""[...document.querySelectorAll('{ZONE} p, {ZONE} [data-testid=stFileUploaderDropzoneInstructions] span')]
              .map(e => [getComputedStyle(e).fontSize, getComputedStyle(e, '::after').content])"""
    )
    assert shown == [["0px", '"选择文件"'], ["0px", '"或拖到此处；每个文件不超过 64 兆"']]
