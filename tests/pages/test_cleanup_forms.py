"""The official tables of the register clean-up as Excel files: read back, in their layout, traced to the forms."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import official_tables
from dashboard.headline.names_of_cleanup import KINDS
from queries.counts import (
    ISSUE_TYPES,
    PERSON_CATEGORIES,
)
from tests.intake.world import load, settle_world
from tests.pages.cleaned import DISTRICT, NOT_IN, TYPES, cases, read_cleanup, standing
from tests.pages.conftest import MAIN, chinese
from tests.pages.forms import LAST, Forms
from tests.settling import settled


@pytest.fixture(scope="module")
def filed(demonstration_forms: Path) -> pd.DataFrame:
    """Return the clean-up returns as filed, in the order of their days."""
    return read_cleanup(demonstration_forms)


FORMS_OF = {
    "issues": "户口整顿工作统计表（一）：问题分类情况",
    "rectification": "户口整顿工作统计表（二）：整改情况",
    "categories": "六种人清理情况统计表",
    "results": "户口整顿清理结果统计表",
}


def form(monkeypatch: pytest.MonkeyPatch, key: str, **parameters: str) -> openpyxl.worksheet.worksheet.Worksheet:
    """Return the sheet of an official form, as a click on its button would give it."""
    made: dict[str, Any] = {}
    original = st.download_button

    def kept(label: str, data: Any, **more: Any) -> Any:
        made[more["file_name"]] = data
        return original(label, data, **more)

    monkeypatch.setattr(official_tables.st, "download_button", kept)
    title = next(table.title for table in official_tables.OFFICIAL if table.key == key)
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in {"lang": "zh-Hans", **parameters}.items():
        app.query_params[name] = value
    app.session_state["official-zh_Hans"] = chinese(title)
    app.switch_page("../pages/cleanup.py").run()
    assert [error.value for error in app.exception] == []
    (name,) = [name for name in made if f"official-{key}_" in name and name.endswith("_form.xlsx")]
    return openpyxl.load_workbook(io.BytesIO(made[name]())).active


@pytest.mark.parametrize("key", FORMS_OF)
def test_an_official_form_has_its_title_office_day_unit_headings_and_total(
    demonstration: str, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    sheet = form(monkeypatch, key)
    width = sheet.max_column
    merged = {str(area) for area in sheet.merged_cells.ranges}
    last = openpyxl.utils.get_column_letter(width)
    assert sheet["A1"].value == FORMS_OF[key]
    assert f"A1:{last}1" in merged
    line = [cell.value for cell in sheet[2] if cell.value]
    assert line[0] == "填报单位（盖章）：雨花台区"
    assert line[1] == "截至2010年10月8日"
    assert line[2].startswith("计量单位：")
    assert (sheet["A3"].value, "A3:A4" in merged) == ("地区", True)
    assert sheet["A5"].value == "合计"
    assert sheet["A5"].font.bold
    assert [sheet.cell(row, 1).value for row in range(6, 15)] == [
        "雨花街道", "赛虹桥街道", "西善桥街道", "板桥街道", "铁心桥街道", "梅山街道", "古雄街道",
        "雨花经济开发区", "中国（南京）软件谷",
    ]  # fmt: skip
    below = [str(row[0].value) for row in sheet.iter_rows(min_row=15) if row[0].value]
    assert "9 个街道中有 1 个未报，合计为下限。" in below
    assert "演示：模拟上报数据" in below
    assert any("不得用于政绩考核" in text for text in below)
    assert sheet.page_setup.orientation == "landscape"


def column(sheet: openpyxl.worksheet.worksheet.Worksheet, block: str, own: str | None = None) -> list[Any]:
    """Return the cells under a heading, from the total to the last street."""
    heads: list[str | None] = []
    for cell in sheet[3]:
        heads.append(cell.value or heads[-1])  # a merged heading stands in its first cell
    place = next(
        n for n, head in enumerate(heads, start=1)
        if head == block and (own is None or sheet.cell(4, n).value == own)
    )  # fmt: skip
    return [sheet.cell(row, place).value for row in range(5, 15)]


def test_the_form_of_issue_types_holds_native_numbers_that_add_up(
    demonstration: str, monkeypatch: pytest.MonkeyPatch, forms: Forms, filed: pd.DataFrame
) -> None:
    sheet = form(monkeypatch, "issues")
    streets = [code for code in forms.children(DISTRICT) if code != NOT_IN]
    blocks = {chinese(KINDS[kind]): [kind] for kind in ISSUE_TYPES} | {"合计（不含人次）": TYPES}
    for block, kinds in blocks.items():
        for state, own in (("found", "发现"), ("resolved", "已整改"), ("pending", "待整改")):
            total, *rows, silent = column(sheet, block, own)
            assert rows == [cases(standing(filed, LAST, street), kinds, state) for street in streets]
            assert all(isinstance(number, int) for number in rows)
            assert total == sum(rows)
            assert silent == "—"
    assert {day.date() for day in column(sheet, "整改期限")} == {date(2010, 12, 31)}


def test_the_form_of_rectification_states_deadline_and_rate(
    demonstration: str, monkeypatch: pytest.MonkeyPatch, filed: pd.DataFrame
) -> None:
    sheet = form(monkeypatch, "rectification")
    due = column(sheet, "整改期限")
    assert {day.date() for day in due} == {date(2010, 12, 31)}
    total = column(sheet, "各类问题合计（不含人次）", "整改率")[0]
    returns = standing(filed, LAST)
    assert total == pytest.approx(cases(returns, TYPES, "resolved") / cases(returns, TYPES, "found"))
    assert column(sheet, "户数", "已核对")[0] == returns["hh_checked"].sum()
    assert column(sheet, "报表确认份数", "资料已移交")[0] == (returns["materials_handed_over"] == "yes").sum()
    assert column(sheet, "报表确认份数", "上报份数")[0] == len(returns)


def test_the_forms_of_categories_and_results_hold_parts_and_unknown_cells(
    demonstration: str, monkeypatch: pytest.MonkeyPatch, forms: Forms, filed: pd.DataFrame
) -> None:
    returns = standing(filed, LAST)
    sheet = form(monkeypatch, "categories")
    for kind in PERSON_CATEGORIES:
        for state, own in (("found", "发现"), ("overdue", "超期未整改")):
            assert column(sheet, chinese(KINDS[kind]), own)[0] == cases(returns, [kind], state)
    assert column(sheet, "应销未销人员", "应征入伍")[0] == returns["should_cancel_army"].sum()
    assert column(sheet, "地址和门楼牌", "已制门楼牌")[0] == returns["plates_made"].sum()
    sheet = form(monkeypatch, "results")
    unstated = forms.children(DISTRICT).index("320114002000") + 1
    for block, own, field in (
        ("新登记居住人员", None, "new_residents"), ("出生登记", None, "births_registered"),
        ("补登补录", None, "late_entries"), ("注销户口", "死亡", "death_cancelled"),
        ("注销户口", "应征入伍", "enlisted_cancelled"), ("注销户口", "出国（境）", "emigrated_cancelled"),
        ("注销户口", "重复或虚假", "duplicate_cancelled"), ("变更更正项目（人次）", None, "items_corrected"),
        ("无户口人员落户", "弃婴", "no_hukou_foundling"),
    ):  # fmt: skip
        cells = column(sheet, block, own)
        assert cells[0] == returns[field].sum()
        assert cells[unstated] == "—"


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def test_a_form_of_two_known_results_leaves_every_other_cell_unknown(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"report_date": "2010-09-22", "area_code": "102", "police_station": "西派出所",
           "late_entries": 28, "no_hukou_foundling": 9}  # fmt: skip
    assert load(world, row).result == "stored"
    sheet = form(monkeypatch, "results", area="10/102")
    cells = [cell.value for cell in sheet[5]]
    assert cells[0] == "西街道"
    assert sorted(map(str, cells[1:])) == ["28", "9", *["—"] * (len(cells) - 3)]
