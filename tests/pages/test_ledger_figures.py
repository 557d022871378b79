"""Every figure of the internal ledger follows from the forms, and equals what the district published."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pages.conftest import Open, chinese, coded, headline, link, table
from tests.pages.forms import LAST, Forms

DISTRICT = "320114000000"
DIFFERS = "320114007000"
LATE = "320114002000"
PLACES = ("street", "district", "city", "province")
FIELDS = {"registered_households": "hh_done", "registered_persons": "pers_total"}


def ledger(forms: Forms, code: str) -> dict[str, int]:
    rows = forms.benchmarks[(forms.benchmarks["area_code"] == code) & (forms.benchmarks["source"] == "ledger")]
    return dict(zip(rows["indicator"], rows["value"], strict=True))


def own(forms: Forms, code: str, indicator: str) -> pd.Series:
    rows = forms.benchmarks
    rows = rows[(rows["area_code"] == code) & (rows["source"] == "own_total") & (rows["indicator"] == indicator)]
    return rows.iloc[0]


def test_own_totals_are_held_against_the_sum_below_and_the_detail(visit: Open, forms: Forms) -> None:
    shown = table(visit("internal_ledger", **link(forms, DISTRICT, LAST)), "Own total", "Sum below", "Detail")
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    streets = forms.children(DISTRICT)
    assert len(shown) == 2 * (1 + len(streets))
    for row in shown.to_dict("records"):
        code = names[row["Area"]]
        households = row["Indicator"] == chinese("Registered households")
        indicator = "registered_households" if households else "registered_persons"
        filed = own(forms, code, indicator)
        day = date.fromisoformat(filed["cutoff_at"])
        detail = forms.total(code, FIELDS[indicator], day)
        mine = {street: own(forms, street, indicator) for street in streets}
        below = detail
        if code == DISTRICT:
            below = sum(
                row["value"] if row["cutoff_at"] == filed["cutoff_at"] else forms.total(s, FIELDS[indicator], day)
                for s, row in mine.items()
            )
        assert (row["Own total"], row["Sum below"], row["Detail"]) == (filed["value"], below, detail)
        assert row["Own − below"] == filed["value"] - below
        assert row["Own − detail"] == filed["value"] - detail
        assert row["Age, days"] == (LAST - day).days
        assert row["Responsible office"] == filed["owner"]
        same = filed["value"] == below == detail
        assert row["Verification"].endswith("一致") == same or row["Verification"].endswith("待核实")
        assert row["Verification"][0] == ("✓" if same else "△")


def test_the_street_that_differs_and_the_one_that_is_late_are_found(visit: Open, forms: Forms) -> None:
    app = visit("internal_ledger", lang="en", **link(forms, DISTRICT, LAST))
    said = headline(app)
    assert "4 of 20 own totals in Yuhuatai District are not the sums" in said
    assert "Meishan" in said.partition("The widest is")[2].partition(":")[0]
    assert "+402 against the returns" in said
    assert "Flows between streets are apart by 10,803, 43.95 % of the larger side" in said
    shown = next(frame.value for frame in app.dataframe if "Own − detail" in frame.value.columns)
    assert shown["Own − detail"].tolist()[:4] == [402, 402, 137, 137]
    late = shown[shown["Age, days"] > 0]
    assert set(late["Own total of"]) == {"6 Oct 2010"}
    assert set(late["Own − detail"]) == {0}


def test_the_census_is_held_against_itself(visit: Open, forms: Forms) -> None:
    shown = table(visit("internal_ledger", **link(forms, DISTRICT, LAST)), "Check", "First figure")
    rows = {row["Check"]: row for row in shown.to_dict("records")}
    known = ledger(forms, DISTRICT)
    flow = rows[chinese("Flows between streets: in against out")]
    assert flow["Difference"] == known["in6m_street"] - known["out6m_street"] == 10_803
    assert f"{flow['Share']:.2f}" == f"{100 * 10_803 / known['in6m_street']:.2f}" == "43.95"
    parts = rows[chinese("Out-migrants: total against its four parts")]
    distances = sum(known[f"out6m_{place}"] for place in PLACES)
    assert parts["Difference"] == known["out6m"] - distances == 2_979
    assert f"{parts['Share']:.2f}" == "10.71"
    rest = rows[chinese("Ledger rows against in- and out-migrants")]
    persons = known["out6m"] + sum(known[f"in6m_{place}"] for place in PLACES)
    assert rest["Difference"] == known["separation_rows"] - persons == 7_892
    assert f"{rest['Share']:.2f}" == "4.73"
    others = rows[chinese("What hukou persons leave of the persons in all: hukou elsewhere")]
    assert others["Difference"] == 426_023 - 222_381


def test_flows_are_shown_by_distance_and_street(visit: Open, forms: Forms) -> None:
    app = visit("internal_ledger", **link(forms, DISTRICT, LAST))
    known = ledger(forms, DISTRICT)
    flows = table(app, "From or to", "Share of the flow")
    out = flows[flows["Flow"] == chinese("Outflow")]
    assert out["Persons"].tolist() == [*(known[f"out6m_{place}"] for place in PLACES), 2_979]
    assert out["Share of the flow"].sum() == pytest.approx(100)
    streets = coded(forms, table(app, "In from other streets"), DISTRICT)
    for code, row in streets.items():
        mine = ledger(forms, code)
        assert row["In from other streets"] == mine["in6m_street"]
        assert row["Net"] == mine["in6m_street"] - mine["out6m_street"]
    assert sum(row["Net"] for row in streets.values()) == 10_803


def test_checks_of_streets_follow_from_their_ledgers(visit: Open, forms: Forms) -> None:
    shown = table(visit("internal_ledger", **link(forms, DISTRICT, LAST)), "Area", "Check", "First figure")
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    for row in shown.to_dict("records"):
        known = ledger(forms, names[row["Area"]])
        parts = sum(known[f"out6m_{place}"] for place in PLACES)
        if row["Check"] == chinese("Out-migrants: total against its four parts"):
            assert row["Difference"] == known["out6m"] - parts
        else:
            movers = known["out6m"] + sum(known[f"in6m_{place}"] for place in PLACES)
            assert row["Check"] == chinese("Ledger rows against in- and out-migrants")
            assert row["Difference"] == known["separation_rows"] - movers
    assert len(shown) == 2 * len(forms.children(DISTRICT))


def test_households_and_parts_of_persons_follow_from_the_returns(visit: Open, forms: Forms) -> None:
    app = visit("internal_ledger", **link(forms, DIFFERS, LAST))
    sizes = table(app, "Persons per household", "Living per household")
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    assert names[sizes["Area"].iloc[0]] == DIFFERS
    assert len(sizes) == 1 + len(forms.children(DIFFERS))
    for row in sizes.to_dict("records"):
        code = names[row["Area"]]
        done = forms.total(code, "hh_done", LAST)
        assert row["Persons per household"] == pytest.approx(forms.total(code, "pers_total", LAST) / done)
        assert row["Living per household"] == pytest.approx(forms.total(code, "pers_living", LAST) / done)
    parts = table(app, "Part", "Share of registered persons")
    assert parts["Persons"].sum() == forms.total(DIFFERS, "pers_total", LAST)
    assert parts["Share of registered persons"].sum() == pytest.approx(100)


def test_periods_that_do_not_fit_together_are_told(visit: Open, forms: Forms) -> None:
    shown = table(visit("internal_ledger", **link(forms, DISTRICT, LAST)), "Days in both")
    twice = shown.iloc[0]
    assert twice["What is wrong"] == chinese("The periods overlap: what lies in both would count twice.")
    assert twice["Days in both"] == 92  # June to August
    assert set(shown["Days in one only"].iloc[1:3]) == {28}  # 1 to 28 September
