"""Every figure of the comparisons follows from the forms, and equals what the district published."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pages.conftest import Open, charts, chinese, coded, headline, link, table
from tests.pages.forms import LAST, Forms

DISTRICT = "320114000000"
BIRTHS_MISSED = "320114005000"
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


def filed(forms: Forms, code: str) -> pd.DataFrame:
    return forms.benchmarks[forms.benchmarks["area_code"] == code].set_index(["indicator", "source"])


def test_each_comparison_follows_from_the_forms_and_equals_the_published_one(visit: Open, forms: Forms) -> None:
    shown = table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Verification", "Unexplained rate", "Reason")
    rows = {(row["Indicator"], row["Source"]): row for row in shown.to_dict("records")}
    figures = filed(forms, DISTRICT)
    assert len(rows) == len(PUBLISHED)
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


def mark(rate: float, limits: tuple[float, float]) -> str:
    """Return the sign of a verdict: within the first limit, within the second, beyond both."""
    return "✓" if rate <= limits[0] else "△" if rate <= limits[1] else "✕"


def test_the_hukou_gap_is_explained_by_the_enclaves(visit: Open, forms: Forms) -> None:
    shown = table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Verification", "Unexplained rate", "Reason")
    row = shown[shown["Indicator"] == chinese("Hukou population")].iloc[0]
    assert row["Explained"] == -2_602
    assert row["Reason"] == chinese("enclave")
    assert row["Unexplained"] == 1_414
    assert f"{row['Unexplained rate']:.2f}" == "6.36"


def test_a_sweep_in_progress_is_not_set_against_a_full_figure(visit: Open, forms: Forms) -> None:
    shown = table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Why not")
    (row,) = shown.to_dict("records")
    assert row["Census"] == forms.total(DISTRICT, "pers_total", LAST)
    assert row["Department"] == filed(forms, DISTRICT).loc[("total_persons", "police"), "value"]
    assert row["Why not"].startswith("摸底尚未结束")


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
    assert (row["Lowest"], row["Highest"]) == (min(births), max(births))
    assert row["Apart by"] == max(births) - min(births) == 34


def test_the_census_is_held_against_itself(visit: Open, forms: Forms) -> None:
    shown = table(visit("discrepancies", **link(forms, DISTRICT, LAST)), "Check", "First figure")
    rows = {row["Check"]: row for row in shown.to_dict("records")}
    figures = filed(forms, DISTRICT)["value"]
    ledger = {name: figures[name, "ledger"] for name, source in figures.index if source == "ledger"}
    flow = rows[chinese("Flows between streets: in against out")]
    assert flow["Difference"] == ledger["in6m_street"] - ledger["out6m_street"] == 10_803
    assert f"{flow['Share']:.2f}" == f"{100 * 10_803 / ledger['in6m_street']:.2f}" == "43.95"
    parts = rows[chinese("Out-migrants: total against its four parts")]
    distances = sum(ledger[f"out6m_{place}"] for place in ("street", "district", "city", "province"))
    assert parts["Difference"] == ledger["out6m"] - distances == 2_979
    assert f"{parts['Share']:.2f}" == "10.71"
    rest = rows[chinese("Ledger rows against in- and out-migrants")]
    persons = ledger["out6m"] + sum(ledger[f"in6m_{place}"] for place in ("street", "district", "city", "province"))
    assert rest["Difference"] == ledger["separation_rows"] - persons == 7_892
    assert f"{rest['Share']:.2f}" == "4.73"


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


def test_the_headline_counts_what_is_beyond_tolerance(visit: Open, forms: Forms) -> None:
    said = headline(visit("discrepancies", lang="en", **link(forms, DISTRICT, LAST)))
    assert "6 of 7 comparisons for Yuhuatai District are beyond tolerance" in said
    assert "Furthest beyond tolerance: Deaths, 21.60 % below the figure of police, 210 of it unexplained" in said
    assert "1 figure cannot be compared" in said


def test_the_card_shows_the_discrepancy_furthest_beyond_its_tolerance(visit: Open, forms: Forms) -> None:
    figures = filed(forms, DISTRICT)["value"]
    share = 1000 * abs(figures["death", "ledger"] - figures["death", "police"]) / figures["death", "police"]
    shown = {m.label: m.value for m in visit("command_centre", **link(forms, DISTRICT, LAST)).metric}
    assert shown[chinese("Unexplained")] == f"{share:.1f} ‰"


@pytest.mark.parametrize("page", ["discrepancies", "area_file", "command_centre", "methods"])
def test_no_small_sensitive_count_of_a_village_can_be_read(visit: Open, forms: Forms, page: str) -> None:
    village = min(forms.villages(DISTRICT), key=lambda unit: forms.total(unit, "births", LAST))
    app = visit(page, **link(forms, village, LAST))
    sensitive = {chinese(WORDS[name]) for name in ("birth", "death", "hmt", "foreign")}
    for shown in app.dataframe:
        if chinese("Indicator") in shown.value.columns and chinese("Department") in shown.value.columns:
            assert not sensitive & set(shown.value[chinese("Indicator")])
    assert chinese("Capture ratio") not in {name for shown in app.dataframe for name in shown.value.columns}
