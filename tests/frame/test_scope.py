"""Who may see one street sees nothing of another: with no filter, with search, by link and in every table."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from queries import (
    acceptance,
    areas,
    attention,
    calendar,
    completion,
    discrepancy,
    leads,
    restatements,
    returns,
    staffing,
)
from queries.check_in import verification
from queries.check_in.lookback import lookback
from queries.view import View
from tests.pages.conftest import MAIN, PAGES

MINE = "320114000000/320114005000"
OTHER = "320114000000/320114004000"
LAST = date(2010, 10, 8)
CHECKS = (acceptance.checks, acceptance.board, acceptance.gates, acceptance.rework)


def since_the_check_in(looked: View) -> pd.DataFrame:
    return lookback(looked).moved


QUESTIONS = [
    completion.of_area,
    completion.by_child,
    completion.two_levels_down,
    completion.daily,
    completion.daily_by_unit,
    completion.spread,
    completion.not_started,
    staffing.of_area,
    staffing.by_child,
    staffing.two_levels_down,
    staffing.daily,
    discrepancy.comparisons,
    discrepancy.own_totals,
    discrepancy.internal,
    returns.not_in,
    returns.of_area,
    returns.rates,
    returns.matrix,
    returns.by_unit,
    returns.by_child_and_day,
    restatements.returns,
    restatements.frames,
    restatements.frame_effect,
    areas.children,
    attention.attention,
    leads.leads,
    leads.history,
    leads.dismissed,
    *(partial(question, stage="sweep") for question in CHECKS),
    areas.reach,
    verification.verified,
    since_the_check_in,
]


def view(area: str, scope: str) -> View:
    area_id, scope_id = areas.by_address(area), areas.by_address(scope)
    assert area_id is not None
    assert scope_id is not None
    return View(1, LAST, area_id, scope_id, "zh_Hans")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: getattr(q, "func", q).__qualname__)
@pytest.mark.parametrize("area", [OTHER, "320114000000"])
def test_a_question_about_an_area_outside_the_scope_gives_no_row_of_it(
    demonstration: str, question: object, area: str
) -> None:
    rows = question(view(area, MINE))  # type: ignore[operator]
    inside = set(completion.two_levels_down(view(MINE, MINE))["area_id"]) | {areas.by_address(MINE)}
    inside |= set(areas.children(view(MINE, MINE))["area_id"])
    if "area_id" in rows:
        assert set(rows["area_id"].dropna()) <= inside
    elif area == OTHER:
        assert rows.empty or rows.drop(columns="role", errors="ignore").isna().all(axis=None)


def test_the_same_question_inside_the_scope_gives_rows(demonstration: str) -> None:
    for question in (completion.by_child, staffing.by_child, discrepancy.comparisons, areas.children):
        assert len(question(view(MINE, MINE))) > 0


def test_search_finds_nothing_outside_the_scope(demonstration: str) -> None:
    assert len(areas.search(view("320114000000", "320114000000"), "西善桥")) > 0
    assert areas.search(view(MINE, MINE), "西善桥").empty
    assert areas.search(view(MINE, MINE), "320114004").empty


def test_an_address_outside_the_scope_is_not_followed(demonstration: str) -> None:
    scope = areas.by_address(MINE)
    assert areas.by_address(OTHER, scope) is None
    assert areas.by_address(MINE, scope) == scope


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_installation_for_one_street_shows_no_other(
    demonstration: str, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("DASHBOARD_SCOPE", MINE)
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["lang"] = "zh-Hans"
    app.query_params["area"] = OTHER
    if page != "command_centre":
        app.switch_page(f"../pages/{page}.py")
    app.run()
    assert [error.value for error in app.exception] == []
    assert any("链接中有部分内容无法识别" in info.value for info in app.info)
    shown = " ".join(
        [text.value for text in app.markdown]
        + [button.label for button in app.button]
        + [str(box.options) for box in app.selectbox]
        + [str(v) for table in app.dataframe for v in table.value.to_numpy().ravel()]
    )
    assert "板桥" in shown
    for name in ("西善桥街道", "雨花街道", "铁心桥街道", "雨花台区"):
        assert name not in shown


def test_a_scope_that_names_no_area_shows_nothing(demonstration: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_SCOPE", "999")
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert "999" in app.warning[0].value
    assert len(app.dataframe) == 0
    assert len(app.title) == 0


def test_the_plan_of_an_area_needs_no_other(demonstration: str) -> None:
    plan = calendar.plan(view(MINE, MINE))
    assert isinstance(plan, pd.DataFrame)
    assert plan["planned_share"].iloc[-1] == pytest.approx(1.0)
