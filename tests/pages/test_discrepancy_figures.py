"""Every figure of the comparisons follows from the forms, and equals what the district published."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from queries import areas
from tests.pages.conftest import Open, charts, chinese, coded, headline, link, table
from tests.pages.forms import LAST, START, Forms

DISTRICT = "320114000000"
BIRTHS_MISSED = "320114006000"
PUBLISHED = {  # difference and rate in percent, from the district's essay of 2010
    ("resident", "statistics"): (-17_225, "-4.77"),
    ("hukou", "police"): (-4_016, "-1.81"),
    ("birth", "police"): (-323, "-18.98"),
    ("birth", "health"): (-289, "-17.33"),
    ("death", "police"): (-210, "-21.60"),
    ("hmt", "police"): (-60, "-48.78"),
    ("foreign", "police"): (11, "+4.47"),
}
WORDS = {
    "resident": "Resident population",
    "hukou": "Hukou population",
    "birth": "Births",
    "death": "Deaths",
    "hmt": "Residents from Hong Kong, Macao and Taiwan",
    "foreign": "Foreign residents",
    "statistics": "year-end statistics",
    "police": "police",
    "health": "health and family planning",
}
TOLERANCES = {
    "resident": (0.02, 0.05),
    "hukou": (0.004, 0.01),
    "birth": (0.02, 0.1),
    "death": (0.02, 0.1),
    "hmt": (0.05, 0.15),
    "foreign": (0.05, 0.15),
}


REFUSED = {
    ("total_persons", "police"): "摸底尚未结束",
    ("birth", "police"): "统计期间不同",
    ("death", "civil_affairs"): "统计期间不同",
    ("resident", "prior_census"): "与上次普查的差额含两次普查之间的人口增减",
    ("in6m", "migrant_office"): "摸底尚未结束",
    ("school_pupils", "education"): "尚无普查数",
    ("dwelling_units", "housing"): "尚无普查数",
    ("vacant", "power"): "摸底尚未结束",
}


def filed(forms: Forms, code: str) -> pd.DataFrame:
    """Return the figures of an area; of one indicator and source the first period."""
    rows = forms.benchmarks[forms.benchmarks["area_code"] == code]
    return rows.drop_duplicates(["indicator", "source"]).set_index(["indicator", "source"])


def chosen(code: str, indicator: str, source: str) -> dict[str, object]:
    """Return the choice of a comparison on the page of an area."""
    return {f"comparison-{areas.by_address(code)}-zh_Hans": (indicator, source)}


def comparisons(visit: Open, forms: Forms) -> pd.DataFrame:
    return table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Verification", "Unexplained rate", "Reason")


def test_each_comparison_follows_from_the_forms_and_equals_the_published_one(visit: Open, forms: Forms) -> None:
    shown = comparisons(visit, forms)
    rows = {(row["Indicator"], row["Source"]): row for row in shown.to_dict("records")}
    figures = filed(forms, DISTRICT)
    assert len(shown) == len(rows) == len(PUBLISHED)
    for (indicator, source), (difference, rate) in PUBLISHED.items():
        row = rows[chinese(WORDS[indicator]), chinese(WORDS[source])]
        census, department = figures.loc[(indicator, "ledger"), "value"], figures.loc[(indicator, source), "value"]
        explained = figures.loc[(indicator, source), "explained_amount"]
        rest = abs(census - department) - (0 if pd.isna(explained) else abs(explained))
        assert (row["Census"], row["Department"]) == (census, department)
        assert row["Difference"] == census - department == difference
        assert f"{row['Difference rate']:+.2f}" == rate
        assert row["Unexplained"] == rest
        assert row["Unexplained rate"] == pytest.approx(1000 * rest / department)
        assert row["Tolerance"] == pytest.approx(1000 * TOLERANCES[indicator][0])
        assert row["Verification"][0] == mark(rest / department, TOLERANCES[indicator])


def test_a_comparison_says_its_office_period_cutoff_and_who_counts_special_areas(visit: Open, forms: Forms) -> None:
    shown = comparisons(visit, forms)
    hukou = shown[shown["Indicator"] == chinese("Hukou population")].iloc[0]
    row = filed(forms, DISTRICT).loc[("hukou", "police")]
    assert hukou["Responsible office"] == row["owner"]
    assert hukou["Department's definition"] == row["concept_note"]
    assert hukou["Ledger's definition"] == filed(forms, DISTRICT).loc[("hukou", "ledger"), "concept_note"]
    assert hukou["Special areas"] == chinese("the department counts them, the ledger does not")
    assert hukou["Cut-off"] == "2010年9月30日"
    resident = shown[shown["Source"] == chinese("year-end statistics")].iloc[0]
    assert resident["Days to the ledger"] == 273  # from 31 December 2009 to 30 September 2010
    births = shown[shown["Indicator"] == chinese("Births")].iloc[0]
    assert (births["Period from"], births["Period ends"]) == ("2009年11月1日", "2010年8月31日")


def mark(rate: float, limits: tuple[float, float]) -> str:
    """Return the sign of a verdict: within the first limit, within the second, beyond both."""
    return "✓" if rate <= limits[0] else "△" if rate <= limits[1] else "✕"


def test_the_hukou_gap_is_explained_by_the_enclaves(visit: Open, forms: Forms) -> None:
    shown = comparisons(visit, forms)
    row = shown[shown["Indicator"] == chinese("Hukou population")].iloc[0]
    assert row["Explained"] == -2_602
    assert row["Reason"] == chinese("enclave")
    assert row["Unexplained"] == 1_414
    assert f"{row['Unexplained rate']:.2f}" == "6.36"


def test_what_cannot_be_compared_is_not_subtracted_and_says_why_in_words(visit: Open, forms: Forms) -> None:
    app = visit("discrepancies", **link(forms, DISTRICT, LAST))
    shown = table(app, "Why not")
    words = {**WORDS, "total_persons": "Persons in all", "civil_affairs": "civil affairs",
             "in6m": "In-migrants, six months or more", "migrant_office": "migrant population office",
             "school_pupils": "School pupils", "education": "education", "dwelling_units": "Dwelling units",
             "housing": "housing", "prior_census": "previous census", "vacant": "Vacant units",
             "power": "power company"}  # fmt: skip
    rows = {(row["Indicator"], row["Source"]): row for row in shown.to_dict("records")}
    assert len(shown) == len(REFUSED)
    for (indicator, source), why in REFUSED.items():
        row = rows[chinese(words[indicator]), chinese(words[source])]
        assert row["Why not"].startswith(why)
    registered = rows[chinese("Persons in all"), chinese("police")]
    assert registered["Census"] == forms.total(DISTRICT, "pers_total", LAST)
    assert registered["Department"] == filed(forms, DISTRICT).loc[("total_persons", "police"), "value"]
    listed = next(text.value for text in app.markdown if "统计期间不同" in text.value)
    assert "台账2009年11月1日至2010年8月31日，部门2010年6月1日至2010年9月30日" in listed


def test_the_chart_shows_the_signed_difference_split_into_explained_and_not(visit: Open, forms: Forms) -> None:
    unexplained, explained, *_ = charts(visit("discrepancies", **link(forms, DISTRICT, LAST)))[0]["data"]
    figures = filed(forms, DISTRICT)
    hukou = next(n for n, name in enumerate(unexplained["y"]) if chinese("Hukou population") in name)
    total = figures.loc[("hukou", "police"), "value"]
    assert unexplained["x"][hukou] == pytest.approx(-100 * 1_414 / total)
    assert explained["x"][hukou] == pytest.approx(-100 * 2_602 / total)


def test_comparisons_by_street_follow_from_the_forms(visit: Open, forms: Forms) -> None:
    app = visit("discrepancies", **link(forms, DISTRICT, LAST))
    chosen = app.selectbox(key=next(box.key for box in app.selectbox if box.key.startswith("comparison-")))
    assert chosen.value == ("resident", "statistics")
    rows = coded(forms, table(app, "Area", "Verification"), DISTRICT)
    assert len(rows) == 9
    for street, row in rows.items():
        figures = filed(forms, street)
        census = figures.loc[("resident", "ledger"), "value"]
        department = figures.loc[("resident", "statistics"), "value"]
        assert row["Census"] == f"{census:,}"
        assert row["Difference"] == census - department
        assert row["Difference rate"] == pytest.approx(100 * (census - department) / department)


def test_parts_are_added_by_size_so_that_signs_cannot_cancel(visit: Open, forms: Forms) -> None:
    shown = table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Component discrepancy")
    figures = filed(forms, DISTRICT)
    parts = [figures.loc[(p, "ledger"), "value"] - figures.loc[(p, "police"), "value"] for p in ("hmt", "foreign")]
    base = sum(figures.loc[(p, "police"), "value"] for p in ("hmt", "foreign"))
    both = shown.iloc[-1]
    assert both["Difference"] == sum(parts) == -49
    assert both["Component discrepancy"] == pytest.approx(100 * sum(map(abs, parts)) / base)
    assert f"{both['Component discrepancy']:.2f}" == "19.24"


def test_sources_that_disagree_give_a_range(visit: Open, forms: Forms) -> None:
    (row,) = table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Apart by").to_dict("records")
    figures = filed(forms, DISTRICT)
    births = [figures.loc[("birth", source), "value"] for source in ("police", "health")]
    ledger = figures.loc[("birth", "ledger"), "value"]
    assert (row["Lowest"], row["Highest"]) == (min(births), max(births))
    assert row["Apart by"] == max(births) - min(births) == 34
    assert (row["Smallest difference"], row["Largest difference"]) == (ledger - min(births), ledger - max(births))


def test_captured_events_are_in_proportion_to_coverage(visit: Open, forms: Forms) -> None:
    shown = table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Capture ratio")
    figures = filed(forms, DISTRICT)["value"]
    coverage = forms.total(DISTRICT, "pers_total", LAST) / figures["total_persons", "police"]
    rows = {(row["Indicator"], row["Source"]): row for row in shown.to_dict("records")}
    for indicator, field, ratio in (("birth", "births", "0.71"), ("death", "deaths", "0.65")):
        row = rows[chinese(WORDS[indicator]), chinese("police")]
        found = forms.total(DISTRICT, field, LAST)
        assert row["Found"] == found
        assert row["Capture ratio"] == pytest.approx(found / figures[indicator, "police"] / coverage)
        assert f"{row['Capture ratio']:.2f}" == ratio
    hukou = rows[chinese("Hukou population"), chinese("police")]
    share = forms.total(DISTRICT, "pers_hukou", LAST) / figures["hukou", "police"]
    assert hukou["Share found"] == pytest.approx(100 * share)
    assert pd.isna(hukou["Capture ratio"])


def test_the_capture_ratio_is_drawn_day_by_day_as_coverage_grows(visit: Open, forms: Forms) -> None:
    drawn = charts(visit("discrepancies", **link(forms, DISTRICT, LAST)))
    lines = {trace["name"]: trace for figure in drawn for trace in figure["data"] if trace.get("mode") == "lines"}
    name = f"{chinese('Births')} · {chinese('police')}"
    figures = filed(forms, DISTRICT)["value"]
    trace = lines[name]
    assert len(trace["y"]) == (LAST - START).days + 1
    for n in (10, 20, 23):
        day = START + timedelta(days=n)
        share = forms.total(DISTRICT, "births", day) / figures["birth", "police"]
        coverage = forms.total(DISTRICT, "pers_total", day) / figures["total_persons", "police"]
        assert trace["y"][n] == pytest.approx(share / coverage)
    assert f"{chinese('Deaths')} · {chinese('civil affairs')}" not in lines, "another period is no base"


def test_the_headline_counts_what_is_beyond_tolerance(visit: Open, forms: Forms) -> None:
    said = headline(visit("discrepancies", lang="en", **link(forms, DISTRICT, LAST)))
    assert "6 of 7 comparisons for Yuhuatai District are beyond tolerance" in said
    furthest = "Furthest beyond tolerance: Deaths, 210 (21.60 %) below the figure of police, 210 of it unexplained"
    assert f"{furthest}, {210 / 972 / TOLERANCES['death'][0]:.1f} times what is tolerated" in said
    assert "8 figures cannot be compared" in said


def test_the_card_shows_the_discrepancy_furthest_beyond_its_tolerance(visit: Open, forms: Forms) -> None:
    figures = filed(forms, DISTRICT)["value"]
    share = 1000 * abs(figures["death", "ledger"] - figures["death", "police"]) / figures["death", "police"]
    shown = {m.label: m.value for m in visit("command_centre", **link(forms, DISTRICT, LAST)).metric}
    assert shown[chinese("Unexplained")] == f"{share:.1f} ‰"


@pytest.mark.parametrize("page", ["discrepancies", "internal_ledger", "area_file", "command_centre", "methods"])
def test_no_small_sensitive_count_of_a_village_can_be_read(visit: Open, forms: Forms, page: str) -> None:
    village = min(forms.villages(DISTRICT), key=lambda unit: forms.total(unit, "births", LAST))
    app = visit(page, **link(forms, village, LAST))
    sensitive = {chinese(WORDS[name]) for name in ("birth", "death", "hmt", "foreign")}
    for shown in app.dataframe:
        names = set(shown.value.columns)
        if chinese("Indicator") in names and {chinese("Department"), chinese("Full figure")} & names:
            assert not sensitive & set(shown.value[chinese("Indicator")])
        for count in ("Births", "Deaths", "Hong Kong, Macao, Taiwan", "Foreign"):
            if chinese(count) in names:
                assert set(shown.value[chinese(count)]) == {"＊"}
    assert not any(trace.get("mode") == "lines" and "·" in trace.get("name", "")
                   for figure in charts(app) for trace in figure["data"])  # fmt: skip


def test_births_of_villages_are_compared_with_the_small_ones_masked(visit: Open, forms: Forms) -> None:
    app = visit("discrepancies", chosen(BIRTHS_MISSED, "birth", "police"), **link(forms, BIRTHS_MISSED, LAST))
    rows = coded(forms, table(app, "Area", "Verification", "Difference rate"), BIRTHS_MISSED)
    masked = {code for code, row in rows.items() if row["Census"] == "＊"}
    assert masked
    assert masked != set(rows)
    for code, row in rows.items():
        figures = filed(forms, code)["value"]
        ledger, police = figures["birth", "ledger"], figures["birth", "police"]
        if code in masked:
            assert row["Department"] == "＊"
            assert pd.isna(row["Difference"])
            assert pd.isna(row["Difference rate"])
            assert row["Verification"].startswith("?")
        else:
            assert min(ledger, police) >= 5
            assert (row["Census"], row["Department"]) == (f"{ledger:,}", f"{police:,}")
    small = {code for code in rows if filed(forms, code)["value"]["birth", "ledger"] < 5}
    assert small < masked or (small == masked and len(small) > 1)


def test_the_sizes_of_differences_by_street_are_added_up_beside_their_net(visit: Open, forms: Forms) -> None:
    app = visit("discrepancies", chosen(DISTRICT, "hukou", "police"), **link(forms, DISTRICT, LAST))
    gaps = [
        filed(forms, street)["value"]["hukou", "ledger"] - filed(forms, street)["value"]["hukou", "police"]
        for street in forms.children(DISTRICT)
    ]
    note = next(text.value for text in app.caption if "按绝对值相加" in text.value)
    assert f"−{-sum(gaps):,}" in note
    assert f"{sum(map(abs, gaps)):,}" in note
