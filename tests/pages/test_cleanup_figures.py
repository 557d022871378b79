"""The page of the register clean-up shows what its forms say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.headline.names_of_cleanup import BATCHES, KINDS, RESULTS
from queries.counts import (
    CLEANUP_KINDS,
    CLEANUP_RESULTS,
    ISSUE_TYPES,
    NO_HUKOU_SETTLED,
    PERSON_CATEGORIES,
)
from tests.intake.world import load, progress, settle_world
from tests.pages.cleaned import DISTRICT, NOT_IN, OVERDUE, STATES, TWO_STATIONS, TYPES, cases, read_cleanup, standing
from tests.pages.conftest import Open, charts, chinese, headline, link, opened, table
from tests.pages.forms import LAST, Forms
from tests.settling import settled


@pytest.fixture(scope="module")
def filed(demonstration_forms: Path) -> pd.DataFrame:
    """Return the clean-up returns as filed, in the order of their days."""
    return read_cleanup(demonstration_forms)


def expected(rows: pd.DataFrame, kinds: list[str] | tuple[str, ...]) -> dict[str, float]:
    """Return what a table shows of some kinds."""
    counts = {heading: cases(rows, kinds, state) for state, heading in STATES.items()}
    return {
        **counts,
        "Rectified": pytest.approx(100 * counts["Cases resolved"] / counts["Cases found"]),
        "Overdue share": pytest.approx(100 * counts["Cases overdue"] / counts["Cases found"]),
    }


def shown_of(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {heading: row[heading] for heading in wanted}


@pytest.mark.parametrize("day", [LAST, date(2010, 9, 30)])
def test_each_category_and_issue_type_is_the_sum_of_the_standing_returns(
    visit: Open, forms: Forms, filed: pd.DataFrame, day: date
) -> None:
    shown = table(visit("cleanup", **link(forms, DISTRICT, day)), "Category or issue type", "Stated by")
    rows = {row["Category or issue type"]: row for row in shown.to_dict("records")}
    returns = standing(filed, day)
    for kind in CLEANUP_KINDS:
        wanted = expected(returns, [kind])
        assert shown_of(rows[chinese(KINDS[kind])], wanted) == wanted
    assert shown_of(rows["六种人合计"], expected(returns, PERSON_CATEGORIES)) == expected(returns, PERSON_CATEGORIES)
    assert shown_of(rows[chinese(KINDS["issues"])], expected(returns, TYPES)) == expected(returns, TYPES)
    assert {row["Returns filed"] for row in rows.values()} == {len(returns)} == {9}


def test_the_bars_hold_the_figures_of_the_table(visit: Open, forms: Forms, filed: pd.DataFrame) -> None:
    returns = standing(filed, LAST)
    drawn = charts(visit("cleanup", **link(forms, DISTRICT, LAST)))
    for figure, kinds in zip(drawn[:2], (PERSON_CATEGORIES, ISSUE_TYPES), strict=True):
        names = [note["text"] for note in figure["layout"]["annotations"]]
        assert names == [f"{chinese(KINDS[kind])} · {cases(returns, [kind], 'found'):,.0f}" for kind in reversed(kinds)]
        resolved, pending, overdue = (trace["x"] for trace in figure["data"])
        for n, kind in enumerate(reversed(kinds)):
            found = cases(returns, [kind], "found")
            late = cases(returns, [kind], "overdue")
            assert resolved[n] == pytest.approx(100 * cases(returns, [kind], "resolved") / found)
            assert pending[n] == pytest.approx(100 * (cases(returns, [kind], "pending") - late) / found)
            assert overdue[n] == pytest.approx(100 * late / found)


@pytest.mark.parametrize("kind", ["categories", "issues", "nominal_hukou", "item_correction"])
def test_each_street_shows_the_chosen_kind_and_the_one_not_in_shows_nothing(
    visit: Open, forms: Forms, filed: pd.DataFrame, kind: str
) -> None:
    app = visit("cleanup", lang="en", **link(forms, DISTRICT, LAST))
    next(box for box in app.selectbox if box.label == "Category or issue type").set_value(kind).run()
    rows = table(app, "Area", "Streets due").to_dict("records")
    shown = dict(zip(forms.children(DISTRICT), rows, strict=True))
    kinds = {"categories": PERSON_CATEGORIES, "issues": TYPES}.get(kind, [kind])
    for street in set(forms.children(DISTRICT)) - {NOT_IN}:
        returns = standing(filed, LAST, street)
        assert shown_of(shown[street], expected(returns, kinds)) == expected(returns, kinds)
        assert (shown[street]["Streets in"], shown[street]["Returns filed"]) == (1, len(returns))
    missing = shown[NOT_IN]
    assert all(np.isnan(missing[heading]) for heading in (*STATES.values(), "Rectified"))
    assert (missing["Streets in"], missing["Streets due"], missing["Due dates"]) == (0, 1, "? Not known")
    assert shown[OVERDUE]["Due dates"] == "✕ Much overdue"


def test_each_police_station_is_the_sum_over_its_streets(visit: Open, forms: Forms, filed: pd.DataFrame) -> None:
    shown = table(visit("cleanup", **link(forms, DISTRICT, LAST)), "Police station", "Streets served")
    names = dict(zip(forms.areas["code"], forms.areas["name"], strict=True))
    returns = standing(filed, LAST)
    assert len(shown) == returns["police_station"].nunique() == 7
    for row in shown.to_dict("records"):
        mine = returns[returns["police_station"] == row["Police station"]]
        assert row["Streets served"] == "、".join(names[code] for code in mine["area_code"])
        for state, heading in STATES.items():
            assert row[heading] == f"{cases(mine, PERSON_CATEGORIES, state):,.0f}"
    assert any("、" in row for row in shown["Streets served"])
    assert any(TWO_STATIONS in set(part) for _, part in returns.groupby("police_station")["area_code"])
    assert (returns["area_code"] == TWO_STATIONS).sum() == 2


def test_small_sensitive_counts_of_a_station_are_hidden_on_the_page_and_shown_for_the_street(
    visit: Open, forms: Forms, filed: pd.DataFrame
) -> None:
    app = visit("cleanup", lang="en", **link(forms, TWO_STATIONS, LAST))
    box = next(box for box in app.selectbox if box.label == "Category or issue type")
    box.set_value("foreign_hmt_stateless").run()
    stations = table(app, "Police station", "Streets served")
    returns = standing(filed, LAST, TWO_STATIONS)
    assert 0 < max(returns["foreign_hmt_stateless_found"]) < 5
    assert (stations[list(STATES.values())] == "＊").all(axis=None)
    assert stations["Rectified"].isna().all()
    kinds = table(app, "Category or issue type", "Stated by").set_index("Category or issue type")
    street = kinds.loc[KINDS["foreign_hmt_stateless"], "Cases found"]
    assert street == returns["foreign_hmt_stateless_found"].sum()


def test_the_headline_and_the_cards_tell_the_same_sums(visit: Open, forms: Forms, filed: pd.DataFrame) -> None:
    app = visit("cleanup", lang="en", **link(forms, DISTRICT, LAST))
    returns = standing(filed, LAST)
    found, resolved, pending, overdue = (cases(returns, PERSON_CATEGORIES, state) for state in STATES)
    rate = f"{100 * resolved / found:.1f} %"
    said = headline(app)
    assert f"{resolved:,.0f} of {found:,.0f} persons found in the six categories are resolved ({rate})" in said
    assert f"{pending:,.0f} are pending, {overdue:,.0f} of them overdue" in said
    assert "100 % of the overdue cases are in Xishanqiao Subdistrict." in said
    assert said.endswith("1 of 9 streets has not reported: the sums are lower bounds.")
    cards = {card.label: card for card in app.metric}
    assert cards["Rectification rate"].value == rate
    assert cards["Cases pending"].value == f"{pending:,.0f}"
    assert cards["Cases overdue"].value == f"{overdue:,.0f}"
    before = standing(filed, date(2010, 10, 1))
    assert cards["Cases pending"].delta == f"{pending - cases(before, PERSON_CATEGORIES, 'pending'):+,.0f}"
    assert (cards["Next deadline"].value, cards["Streets in"].value) == ("7 days", "8 of 9")


def test_the_five_batches_and_the_other_cards_count_what_was_done(
    visit: Open, forms: Forms, filed: pd.DataFrame
) -> None:
    returns = standing(filed, LAST)
    app = visit("cleanup", **link(forms, DISTRICT, LAST))
    cards = {card.label: card.value for card in app.metric}
    done = {
        "violations": ["multiple_hukou"],
        "cancelled": ["not_cancelled"],
        "registered": ["pending_registration", "temporary_unregistered"],
        "moved": ["nominal_hukou"],
        "corrected": ["id_number"],
    }
    for batch, kinds in done.items():
        assert cards[chinese(BATCHES[batch])] == f"{cases(returns, kinds, 'resolved'):,.0f}"
    items = [cases(returns, ["item_correction"], state) for state in ("resolved", "found")]
    assert any(f"{items[0]:,.0f} / {items[1]:,.0f} 人次" in caption.value for caption in app.caption)
    for label, field in (("Door plates made", "plates_made"), ("Centenarians", "centenarian_total")):
        assert cards[chinese(label)] == f"{returns[field].sum():,.0f}"


def test_results_count_who_states_them(visit: Open, forms: Forms, filed: pd.DataFrame) -> None:
    shown = table(visit("cleanup", **link(forms, DISTRICT, LAST)), "Clean-up result", "How many").set_index(
        "Clean-up result"
    )
    returns = standing(filed, LAST)
    for field in (*CLEANUP_RESULTS, *NO_HUKOU_SETTLED):
        stated = returns[field].dropna()
        assert shown.loc[chinese(RESULTS[field]), ["How many", "Stated by", "Returns filed"]].tolist() == [
            stated.sum(), len(stated), len(returns)
        ]  # fmt: skip
    assert shown["Stated by"].max() < len(returns)


def test_the_course_draws_the_standing_sums_of_each_filing_day(visit: Open, forms: Forms, filed: pd.DataFrame) -> None:
    figure = charts(visit("cleanup", **link(forms, DISTRICT, LAST)))[-1]
    days = sorted(filed["report_date"].unique())
    assert len(days) == 4
    for trace, state in zip(figure["data"], ("found", "resolved", "overdue"), strict=True):
        assert trace["y"] == [cases(standing(filed, day), PERSON_CATEGORIES, state) for day in days]


def test_deadlines_count_the_days_and_the_silent_street_is_named(visit: Open, forms: Forms) -> None:
    app = visit("cleanup", **link(forms, DISTRICT, LAST))
    due = table(app, "What is due", "Days left")
    ends = {
        "2010年9月20日": date(2010, 9, 20),
        "2010年10月15日": date(2010, 10, 15),
        "2010年12月31日": date(2010, 12, 31),
    }
    assert due["Days left"].tolist() == [(ends[day] - LAST).days for day in due["To be done by"]]
    assert due["State of work"].tolist() == ["已过期限", "未到期", "未到期", "未到期"]
    late = table(app, "Police station", "Days missing")
    assert late["Area"].tolist() == [dict(zip(forms.areas["code"], forms.areas["name"], strict=True))[NOT_IN]]


def test_a_village_is_told_where_the_clean_up_is_reported(visit: Open, forms: Forms) -> None:
    app = visit("cleanup", lang="en", **link(forms, forms.villages(DISTRICT)[0], LAST))
    assert "the clean-up is reported by street and police station" in headline(app)
    assert len(app.dataframe) == len(app.metric) == 0


def test_the_methods_work_the_rate_with_the_figures_of_the_area(visit: Open, forms: Forms, filed: pd.DataFrame) -> None:
    rates = table(visit("methods", **link(forms, OVERDUE, LAST)), "Numerator", "Worked example").set_index("No.")
    returns = standing(filed, LAST, OVERDUE)
    found = cases(returns, PERSON_CATEGORIES, "found")
    for number, state in ((77, "resolved"), (78, "overdue")):
        part = cases(returns, PERSON_CATEGORIES, state)
        assert rates.loc[number, "Worked example"] == f"{part:,.0f} ÷ {found:,.0f} = {100 * part / found:.2f} %"
    assert rates.loc[78, "Threshold"] == "绿色不超过 0.0 %，黄色不超过 5.0 %"


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def test_two_known_results_are_shown_and_every_other_figure_is_unknown_and_not_zero(
    world: Path,
) -> None:
    row = {"report_date": "2010-09-22", "area_code": "102", "police_station": "西派出所",
           "late_entries": 28, "no_hukou_foundling": 9}  # fmt: skip
    assert load(world, row).result == "stored"
    app = opened("cleanup", area="10/102")
    results = table(app, "Clean-up result", "How many").set_index("Clean-up result")["How many"]
    assert results[chinese(RESULTS["late_entries"])] == 28
    assert results[chinese(RESULTS["no_hukou_foundling"])] == 9
    others = results.drop([chinese(RESULTS["late_entries"]), chinese(RESULTS["no_hukou_foundling"])])
    assert others.isna().all()
    kinds = table(app, "Category or issue type", "Stated by")
    assert kinds[[*STATES.values(), "Rectified"]].isna().all(axis=None)
    values = {card.label: card.value for card in app.metric}
    assert values[chinese("Rectification rate")] == values[chinese("Cases pending")] == "—"
    assert {values[chinese(label)] for label in BATCHES.values()} == {"—"}


def test_the_page_is_there_whatever_phase_is_looked_at(world: Path) -> None:
    row = {"report_date": "2010-10-08", "area_code": "102", "police_station": "西派出所", "separated_found": 12,
           "separated_resolved": 9, "separated_pending": 3, "separated_overdue": 0}  # fmt: skip
    assert load(world, row, name="cleanup").result == "stored"
    short = progress(phase="short", report_date="2010-11-02", submitted_at="", as_of="")
    assert load(world, short, name="short").result == "stored"
    said = {headline(opened("cleanup", lang="en", phase=phase)) for phase in ("short", "sweep")}
    assert len(said) == 2
    assert any("9 of 12 persons found in the six categories are resolved (75.0" in text for text in said)
