"""Every figure of staffing on a page follows from the staffing returns and the rule."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pages.conftest import Open, charts, chinese, headline, link, table
from tests.pages.forms import LAST, Forms

DISTRICT = "320114000000"
SHORT_OF_STAFF = "320114004000"
EARLIER = date(2010, 9, 23)
ROLES = {"enumerator": "Enumerators", "supervisor": "Supervisors"}


def expected(forms: Forms, code: str, role: str, day: date) -> dict[str, float]:
    """Return what the staffing table shows of an area and role, shares in percent."""
    filed = forms.staffing(code, role, day)
    need = pd.Series({unit: forms.required(unit, role) for unit in filed.index})
    gap = need - filed["in_post"]
    filled = pd.concat([need, filed["in_post"]], axis=1).min(axis=1)
    total = filed.drop(columns=["report_date", "role"]).sum()
    leavers = total["withdrawn"] + total["dismissed"] + total["transferred_out"]
    intake = total["recruited"] + total["seconded"] + total["rehired"] + total["substituted"]
    qualified = filed[["in_post", "certified"]].min(axis=1)
    row = {
        "Required": need.sum(),
        "In post": total["in_post"],
        "Posts filled": filled.sum(),
        "Certified": qualified.sum(),
        "Active today": total["in_post"] - total["absent_today"] + total["replaced_today"],
        "Short": gap.clip(lower=0).sum(),
        "Surplus": (-gap).clip(lower=0).sum(),
        "Reserve": total["reserve_available"],
        "Fill rate": 100 * filled.sum() / need.sum(),
        "Qualified fill rate": 100 * pd.concat([need, qualified], axis=1).min(axis=1).sum() / need.sum(),
        "Staff to requirement": 100 * total["in_post"] / need.sum(),
        "Attrition": 100 * leavers / intake,
        "Replacement": 100 * (total["rehired"] + total["substituted"]) / leavers if leavers else float("nan"),
        "Units without a return": 0,
        "Units without a requirement": 0,
    }
    if role == "enumerator":
        households = pd.Series({unit: forms.framed[unit] for unit in filed.index})
        bare = (households * filed["eds_uncovered"] / filed["eds_total"] + 0.5).astype(int)
        row |= {
            "Uncovered districts": total["eds_uncovered"],
            "Households uncovered": bare.sum(),
            "Households per enumerator": households.sum() / total["in_post"],
        }
    return row


@pytest.mark.parametrize("day", [LAST, EARLIER])
@pytest.mark.parametrize("code", [DISTRICT, SHORT_OF_STAFF])
def test_the_staffing_of_an_area_follows_from_the_returns(visit: Open, forms: Forms, code: str, day: date) -> None:
    shown = table(visit("staffing", **link(forms, code, day)), "Role", "Required", "Fill rate")
    assert len(shown) == 2
    for row in shown.to_dict("records"):
        role = next(role for role, word in ROLES.items() if chinese(word) == row["Role"])
        for heading, value in expected(forms, code, role, day).items():
            assert row[heading] == pytest.approx(value, nan_ok=True), (role, heading)


def test_the_staffing_of_each_street_follows_from_the_returns(visit: Open, forms: Forms) -> None:
    shown = table(visit("staffing", **link(forms, DISTRICT, LAST)), "Role", "Required", "Fill rate", last=True)
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    assert len(shown) == 18
    for row in shown.to_dict("records"):
        role = next(role for role, word in ROLES.items() if chinese(word) == row["Role"])
        for heading, value in expected(forms, names[row["Area"]], role, LAST).items():
            assert row[heading] == pytest.approx(value, nan_ok=True), (row["Area"], role, heading)


def test_shortfall_is_summed_over_streets_and_never_netted(visit: Open, forms: Forms) -> None:
    app = visit("staffing", **link(forms, DISTRICT, LAST))
    streets = [expected(forms, street, "enumerator", LAST) for street in forms.children(DISTRICT)]
    short, surplus = sum(s["Short"] for s in streets), sum(s["Surplus"] for s in streets)
    assert short > 0
    assert surplus > short
    whole = table(app, "Role", "Required", "Fill rate").iloc[0]
    assert (whole["Short"], whole["Surplus"]) == (short, surplus)
    missing, spare = charts(app)[0]["data"]
    assert -sum(missing["x"]) == short
    assert sum(spare["x"]) == surplus


def test_each_row_of_the_staffing_tables_adds_up(visit: Open, forms: Forms) -> None:
    shown = table(visit("staffing", **link(forms, DISTRICT, LAST)), "Role", "Required", "Fill rate", last=True)
    assert (shown["Required"] - shown["Short"] + shown["Surplus"] == shown["In post"]).all()
    assert (shown["Posts filled"] + shown["Short"] == shown["Required"]).all()
    assert shown["Fill rate"].tolist() == pytest.approx((100 * shown["Posts filled"] / shown["Required"]).tolist())


def test_the_cards_and_the_headline_say_the_same_shortfall(visit: Open, forms: Forms) -> None:
    short = expected(forms, DISTRICT, "enumerator", LAST)
    shown = {m.label: m.value for m in visit("command_centre", **link(forms, DISTRICT, LAST)).metric}
    supervisors = expected(forms, DISTRICT, "supervisor", LAST)
    assert shown[chinese("Posts short")] == f"{short['Short']} / {supervisors['Short']}"
    said = headline(visit("staffing", lang="en", **link(forms, DISTRICT, LAST)))
    assert f"Enumerators short in Yuhuatai District: {short['Short']};" in said
    uncovered, households = short["Uncovered districts"], short["Households uncovered"]
    assert f"{uncovered:.0f} enumeration districts with about {households:,} households have no enumerator" in said


def test_the_chain_ends_in_the_published_insurance_rate(visit: Open, forms: Forms) -> None:
    app = visit("staffing", **link(forms, DISTRICT, LAST))
    shown = table(app, "Step", "Persons", "Share of those in post")
    both = pd.concat([forms.staffing(DISTRICT, role, LAST) for role in ROLES])
    steps = ["in_post", "trained", "passed", "certified", "confid_signed", "insured"]
    assert shown["Persons"].tolist() == [both[step].sum() for step in steps]
    assert shown["Share of those in post"].tolist() == pytest.approx(
        [100 * both[step].sum() / both["in_post"].sum() for step in steps]
    )
    assert f"{shown['Share of those in post'].iloc[-1]:.2f}" == "87.42"


def test_leavers_and_sources_add_up(visit: Open, forms: Forms) -> None:
    app = visit("staffing", **link(forms, DISTRICT, LAST))
    both = pd.concat([forms.staffing(DISTRICT, role, LAST) for role in ROLES])
    reasons = sorted((both[c].sum() for c in both if c.startswith("reason_")), reverse=True)
    origins = sorted((both[c].sum() for c in both if c.startswith("source_")), reverse=True)
    assert table(app, "Reason for leaving", "Persons")["Persons"].tolist() == reasons
    assert table(app, "Source of staff", "Persons")["Persons"].tolist() == origins
    assert sum(reasons) == both[["withdrawn", "dismissed", "transferred_out"]].sum().sum()


def test_units_with_uncovered_districts_are_listed_with_their_households(visit: Open, forms: Forms) -> None:
    shown = table(visit("staffing", **link(forms, DISTRICT, LAST)), "Uncovered districts", last=True)
    filed = forms.staffing(DISTRICT, "enumerator", LAST)
    bare = filed[filed["eds_uncovered"] > 0]
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    assert {names[name] for name in shown["Area"]} == set(bare.index)
    for row in shown.to_dict("records"):
        unit = bare.loc[names[row["Area"]]]
        assert row["Uncovered districts"] == unit["eds_uncovered"]
        share = unit["eds_uncovered"] / unit["eds_total"]
        assert row["Households uncovered"] == int(forms.framed[names[row["Area"]]] * share + 0.5)


def test_reasons_for_leaving_are_not_shown_below_street_level(visit: Open, forms: Forms) -> None:
    village = forms.children(SHORT_OF_STAFF)[0]
    app = visit("staffing", **link(forms, village, LAST))
    assert all(chinese("Reason for leaving") not in shown.value.columns for shown in app.dataframe)
    assert chinese("Reasons for leaving are shown from street level up.") in [info.value for info in app.info]
