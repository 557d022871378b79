"""Every figure of acceptance on a page follows from the quality checks that were filed."""

from __future__ import annotations

from datetime import date
from math import comb, sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.headline import acceptance
from dashboard.i18n import speaking
from tests.pages.conftest import Open, charts, chinese, coded, headline, link, table
from tests.pages.forms import LAST, Forms

DISTRICT = "320114000000"
EXACT, OVERDUE, REDONE, ZERO = "320114002000", "320114004000", "320114005000", "320114006000"
LIMITS = {"buildings": 0.0, "units": 0.002, "hukou": 0.004}
ITEMS = ("buildings", "units", "pers", "hukou")


@pytest.fixture(scope="module")
def checks(demonstration_forms: Path) -> pd.DataFrame:
    """Return the checks as they were filed, with what a reader makes of each."""
    rows = pd.read_csv(demonstration_forms / "4-checks.csv", dtype={"area_code": str, "cross_unit": str})
    rows["report_date"] = pd.to_datetime(rows["report_date"]).dt.date
    rows["rework_due"] = pd.to_datetime(rows["rework_due"]).dt.date
    broken = rows["birth_err"].gt(0) | rows["death_err"].gt(0) | ~rows["map_ok"]
    for item, limit in LIMITS.items():
        broken |= rows[f"{item}_err"] / rows[f"{item}_checked"] > limit
    return rows.assign(broken=broken)


def standing(checks: pd.DataFrame, forms: Forms, code: str, day: date = LAST) -> pd.DataFrame:
    """Return the checks of an area by a day that no later one repeats."""
    known = checks[(checks["report_date"] <= day) & checks["area_code"].isin(forms.villages(code))]
    return known[~known["check_id"].isin(known["re_check_id"])]


def by_others(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["level"] != "self"]


def at_most(errors: int, checked: int, rate: float) -> float:
    return sum(comb(checked, k) * rate**k * (1 - rate) ** (checked - k) for k in range(errors + 1))


def wilson(errors: int, checked: int) -> tuple[float, float]:
    z, p = 1.959963984540054, errors / checked
    middle, reach = p + z**2 / (2 * checked), z * sqrt(p * (1 - p) / checked + z**2 / (4 * checked**2))
    return (middle - reach) / (1 + z**2 / checked), (middle + reach) / (1 + z**2 / checked)


def measures(rows: pd.DataFrame, item: str, limit: float) -> dict[str, float]:
    """Return what the tables of samples show of some checks, by plain arithmetic."""
    checked, errors = int(rows[f"{item}_checked"].sum()), int(rows[f"{item}_err"].sum())
    low, high = wilson(errors, checked)
    allowed = int(limit * checked + 1e-9)
    return {
        "Checked": checked,
        "Errors": errors,
        "Error rate": 1000 * errors / checked,
        "Limit": 1000 * limit,
        "True rate from": 1000 * low,
        "True rate to": 1000 * high,
        "Twice the limit passes": 100 * at_most(allowed, checked, 2 * limit),
        "At the limit is sent back": 100 * (1 - at_most(allowed, checked, limit)),
    }


def test_the_gate_of_each_street_follows_from_its_checks(visit: Open, forms: Forms, checks: pd.DataFrame) -> None:
    app = visit("acceptance", **link(forms, DISTRICT, LAST))
    rows = coded(forms, table(app, "Gate", "Units passed"), DISTRICT)
    assert len(rows) == 9
    for street, row in rows.items():
        filed = standing(checks, forms, street)
        failed = filed[filed["broken"] | (filed["decision"] != "pass")]["area_code"].nunique()
        others = by_others(filed)
        assert row["Units checked"] == filed["area_code"].nunique()
        assert row["Units sent back"] == failed
        assert row["Units passed"] == filed["area_code"].nunique() - failed
        assert row["Checks by others"] == len(others)
        assert row["Persons checked"] == others["pers_checked"].sum()
        assert [row["Omitted"], row["Registered twice"], row["Wrong items"]] == [
            others[name].sum() for name in ("omitted", "duplicated", "wrong_item")
        ]
        assert row["Hukou persons wrong, rate"] == pytest.approx(
            1000 * others["hukou_err"].sum() / others["hukou_checked"].sum()
        )
        assert row["Gate"] == ("✕ 未放行：待返工" if failed else "✓ 放行")
    closed = {street for street, row in rows.items() if row["Gate"].startswith("✕")}
    assert closed == {OVERDUE, ZERO}
    assert rows[OVERDUE]["What is missing"] == "退回：平治社区居委会。"
    assert any("平治社区居委会" in text.value and "- " in text.value for text in app.markdown)


def test_on_an_earlier_day_only_what_was_filed_by_then_counts(visit: Open, forms: Forms, checks: pd.DataFrame) -> None:
    for day, words in ((date(2010, 9, 30), "△ 未放行：未齐"), (date(2010, 10, 4), "✕ 未放行：待返工")):
        rows = coded(forms, table(visit("acceptance", **link(forms, DISTRICT, day)), "Gate"), DISTRICT)
        assert rows[REDONE]["Gate"] == words
        assert rows[REDONE]["Checks by others"] == len(by_others(standing(checks, forms, REDONE, day)))


def test_each_check_is_on_the_board_with_its_sample_errors_and_verdict(
    visit: Open, forms: Forms, checks: pd.DataFrame
) -> None:
    shown = table(visit("acceptance", **link(forms, DISTRICT, LAST)), "By the rule", "Check number", "Persons wrong")
    filed = standing(checks, forms, DISTRICT).set_index("check_id")
    assert set(shown["Check number"]) == set(filed.index)
    for row in shown.to_dict("records"):
        said = filed.loc[row["Check number"]]
        assert row["Persons checked"] == said["pers_checked"]
        assert row["Persons wrong"] == said["pers_err"] == row["Omitted"] + row["Registered twice"] + row["Wrong items"]
        for name, item in (("Hukou persons", "hukou"), ("Dwelling units", "units")):
            assert row[f"{name} checked"] == said[f"{item}_checked"]
            assert row[f"{name} wrong, rate"] == pytest.approx(1000 * said[f"{item}_err"] / said[f"{item}_checked"])
        assert row["Buildings wrong"] == said["buildings_err"]
        assert row["By the rule"][0] == ("✕" if said["broken"] else "✓")
        assert row["State"][0] == ("✕" if said["broken"] or said["decision"] != "pass" else "✓")
    assert shown["State"].str[0].tolist() == sorted(shown["State"].str[0], reverse=True)


@pytest.mark.parametrize("item", ITEMS)
def test_what_samples_say_follows_from_the_checks(visit: Open, forms: Forms, checks: pd.DataFrame, item: str) -> None:
    app = visit("acceptance", lang="en", **link(forms, DISTRICT, LAST))
    control = next(box for box in app.segmented_control if box.key.startswith("item-"))
    assert control.value == "hukou"
    if item != "hukou":
        control.set_value(item).run()
    limit = LIMITS.get(item)
    pooled = table(app, "True rate from", "Limit")
    units = table(app, "True rate from", "Level of the check", last=True)
    places = [DISTRICT, *forms.children(DISTRICT)]
    assert len(pooled) == len(places)
    for code, row in zip(places, pooled.to_dict("records"), strict=True):
        expected = measures(by_others(standing(checks, forms, code)), item, limit or 0.0)
        for heading, value in expected.items():
            of_limit = heading in ("Limit", "Twice the limit passes", "At the limit is sent back")
            if limit or not of_limit or (heading == "Limit" and limit == 0):
                assert row[heading] == pytest.approx(value, abs=1e-9), (code, heading)
            else:
                assert pd.isna(row[heading]), (code, heading)
    assert len(units) == len(by_others(standing(checks, forms, DISTRICT)))
    assert units["Errors"].sum() == pooled["Errors"].iloc[0]


def test_one_error_in_250_is_within_the_limit_but_rules_little_out(visit: Open, forms: Forms) -> None:
    units = table(visit("acceptance", **link(forms, EXACT, LAST)), "True rate from", "Level of the check")
    (row,) = units.to_dict("records")
    assert (row["Checked"], row["Errors"], row["Error rate"]) == (250, 1, 4.0)
    assert row["Against the limit"].startswith("✓")
    assert "0.7 ‰ 至 22.3 ‰" in row["What the sample says"]
    assert "不能排除实际高达 22.3 ‰" in row["What the sample says"]
    assert f"{row['Twice the limit passes']:.1f}" == "40.5"
    assert f"{row['At the limit is sent back']:.1f}" == "26.4"


def test_the_funnel_shows_each_check_once_with_the_limits_and_the_limit(
    visit: Open, forms: Forms, checks: pd.DataFrame
) -> None:
    (figure,) = charts(visit("acceptance", **link(forms, DISTRICT, LAST)))
    marks = [trace for trace in figure["data"] if "markers" in trace["mode"]]
    points = {(x, round(y, 6)) for trace in marks for x, y in zip(trace["x"], trace["y"], strict=True)}
    others = by_others(standing(checks, forms, DISTRICT))
    assert points == {
        (row.hukou_checked, round(1000 * row.hukou_err / row.hukou_checked, 6)) for row in others.itertuples()
    }
    assert sum(len(trace["x"]) for trace in marks) == len(others)
    lines = {trace["name"]: trace for trace in figure["data"] if trace["mode"] == "lines" and trace.get("name")}
    pooled = 1000 * others["hukou_err"].sum() / others["hukou_checked"].sum()
    assert lines[chinese("All together")]["y"] == [pytest.approx(pooled)] * 2
    inner, outer = (lines[chinese(f"{share} % of units by chance")]["y"] for share in ("95", "99.8"))
    assert all(a < b for a, b in zip(inner, outer, strict=True))
    assert figure["layout"]["shapes"][0]["y0"] == 4.0
    for trace in marks:
        for _area, label in trace["customdata"]:
            assert "核查" in label


def test_a_street_with_one_check_draws_no_funnel(visit: Open, forms: Forms) -> None:
    assert charts(visit("acceptance", **link(forms, OVERDUE, LAST))) == []


def test_the_rework_queue_names_due_days_overdue_ones_and_re_checks(
    visit: Open, forms: Forms, checks: pd.DataFrame
) -> None:
    app = visit("acceptance", lang="en", **link(forms, DISTRICT, LAST))
    shown = next(f.value for f in app.dataframe if "Days overdue" in f.value.columns)
    filed = checks[checks["decision"] == "rework"].set_index("check_id")
    assert len(shown) == len(filed) == 3
    states = dict(zip(shown["Belongs to"], shown["Rework"], strict=True))
    assert states == {
        "Xishanqiao Subdistrict": "✕ Overdue",
        "Tiexinqiao Subdistrict": "△ Under way",
        "Banqiao Subdistrict": "✓ Passed on re-check",
    }
    overdue = shown.iloc[0]
    due = filed.loc[overdue["Check number"], "rework_due"]
    assert overdue["Days overdue"] == (LAST - due).days == 3
    assert overdue["Due on"] == f"{due.day} Oct 2010"
    assert shown["Days overdue"].iloc[1:].isna().all()
    assert shown["Re-checks"].tolist() == [0, 0, 1]
    assert any(text.value == "1 of 3 closed (33.3 %), 1 overdue." for text in app.markdown)


def test_the_headline_counts_gates_units_and_what_is_overdue(visit: Open, forms: Forms, checks: pd.DataFrame) -> None:
    said = headline(visit("acceptance", lang="en", **link(forms, DISTRICT, LAST)))
    filed = standing(checks, forms, DISTRICT)
    units = filed["area_code"].nunique()
    failed = filed[filed["broken"]]["area_code"].nunique()
    assert f"{9 - failed} of 9 gates in Yuhuatai District are open" in said
    assert f"{units - failed} of {units} checked units have passed. {failed} are sent back." in said
    assert "Pingzhi Community is 3 days overdue." in said


def test_births_and_deaths_stand_apart_by_units_with_an_error(visit: Open, forms: Forms, checks: pd.DataFrame) -> None:
    shown = table(visit("acceptance", **link(forms, DISTRICT, LAST)), "Units with both checked")
    rows = coded(forms, shown, DISTRICT)
    for street, row in rows.items():
        others = by_others(standing(checks, forms, street))
        said = others[others["birth_err"].notna() & others["death_err"].notna()]
        wrong = said[(said["birth_err"] > 0) | (said["death_err"] > 0)]
        assert row["Units with both checked"] == said["area_code"].nunique()
        assert row["Of these with an error"] == wrong["area_code"].nunique()
        assert row["Births and deaths"][0] == ("✕" if len(wrong) else "✓")
    (row,) = table(visit("acceptance", **link(forms, ZERO, LAST)), "Births and deaths").to_dict("records")
    assert row["Births and deaths"].startswith("✕")


def test_each_gate_says_how_many_of_its_villages_were_checked(visit: Open, forms: Forms, checks: pd.DataFrame) -> None:
    rows = coded(forms, table(visit("acceptance", **link(forms, DISTRICT, LAST)), "Of all villages"), DISTRICT)
    for street, row in rows.items():
        assert row["Of all villages"] == len(forms.villages(street)) >= row["Units checked"]


def test_no_table_of_any_area_counts_births_or_deaths_of_checks(
    visit: Open, forms: Forms, checks: pd.DataFrame
) -> None:
    village = checks[checks["birth_err"] > 0]["area_code"].iloc[0]
    for place in (DISTRICT, ZERO, village):
        for shown in visit("acceptance", **link(forms, place, LAST)).dataframe:
            told = [n for n in shown.value.select_dtypes("number") if chinese("Births") in n or chinese("Deaths") in n]
            assert set(told) <= {chinese("Units with both checked")}


def test_before_any_check_the_page_says_what_is_needed(visit: Open, forms: Forms) -> None:
    app = visit("acceptance", lang="en", **link(forms, DISTRICT, date(2010, 9, 20)))
    assert headline(app) == "No quality check has been filed for Yuhuatai District by 20 Sep 2010."
    assert "quality check form" in app.info[0].value
    allowed = app.dataframe[0].value
    assert allowed.values.tolist() == [
        ["Sweep", "buildings", 0.0],
        ["Sweep", "dwelling units", 2.0],
        ["Sweep", "hukou persons", 4.0],
        ["Short-form registration", "registered persons", 4.0],
        ["Short-form registration", "hukou persons", 4.0],
    ]


def number(app: Any, name: str) -> Any:
    return next(box for box in app.number_input if box.key.startswith(f"{name}-"))


def test_the_sample_size_follows_the_numbers_put_in(visit: Open, forms: Forms) -> None:
    app = visit("acceptance", lang="en", **link(forms, DISTRICT, LAST))
    assert [number(app, name).value for name in ("limit", "poor", "risk")] == [4.0, 8.0, 10.0]
    said = next(text.value for text in app.markdown if text.value.startswith("Check 485"))
    assert f"passes in {100 * at_most(1, 485, 0.008):.1f} %" in said
    assert f"sent back in {100 * (1 - at_most(1, 485, 0.004)):.1f} %" in said
    assert "From 834 on" in said
    number(app, "limit").set_value(0.0).run()
    number(app, "poor").set_value(10.0).run()
    assert any(text.value.startswith("Check 230 hukou persons and allow 0 wrong") for text in app.markdown)
    number(app, "poor").set_value(0.1).run()
    number(app, "limit").set_value(4.0).run()
    assert any(text.value.startswith("No sample will do") for text in app.markdown)


def test_methods_work_the_formulas_with_the_checks_of_the_area(visit: Open, forms: Forms, checks: pd.DataFrame) -> None:
    app = visit("methods", **link(forms, DISTRICT, LAST))
    others = by_others(standing(checks, forms, DISTRICT))
    rates = table(app, "Numerator", "Worked example")
    omitted, twice, persons = (others[name].sum() for name in ("omitted", "duplicated", "pers_checked"))
    worked = rates.set_index("No.").loc[74, "Worked example"]
    assert worked == f"{omitted:,} ÷ {persons + omitted:,} = {1000 * omitted / (persons + omitted):.2f} ‰"
    said = rates.set_index("No.").loc[74]
    assert said["Numerator"] == chinese("persons omitted")
    assert said["Denominator"] == f"{chinese('registered persons checked')} + {chinese('persons omitted')}"
    assert rates.set_index("No.").loc[75, "Worked example"].split(" = ")[0] == f"{twice:,} ÷ {persons:,}"
    formulas = table(app, "Formula", "Worked example").set_index("Indicator")["Worked example"]
    wrong, hukou = others["hukou_err"].sum(), others["hukou_checked"].sum()
    low, high = wilson(int(wrong), int(hukou))
    assert formulas[chinese("Interval of the true rate")] == (
        f"{wrong:,} ÷ {hukou:,}: {1000 * low:.2f} ‰ – {1000 * high:.2f} ‰"
    )
    assert formulas[chinese("Rectification rate")] == "1 ÷ 3 = 33.33 %"
    assert formulas[chinese("Overdue rectification")] == "1"
    assert formulas[chinese("Verdict by the rule")].startswith(f"4.0 ‰ × {hukou:,}")
    early = visit("methods", **link(forms, DISTRICT, date(2010, 9, 20)))
    assert set(table(early, "Numerator", "Worked example").set_index("No.").loc[[73, 74, 75], "Worked example"]) == {
        "—"
    }


def test_a_table_that_leaves_checks_out_says_how_many() -> None:
    with speaking("en"):
        assert acceptance.not_listed(0) == acceptance.not_listed(-3) == []
        assert acceptance.not_listed(1_557) == ["1,557 more checks are not listed; go down to a street to see its own."]
