"""Every figure of progress on a page follows from the returns."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.pages.conftest import Open, charts, chinese, coded, headline, link, table
from tests.pages.forms import END, LAST, START, Forms, planned

DISTRICT = "320114000000"
SHORT_OF_STAFF = "320114004000"
GREEN_WITH_RED = "320114008000"
EARLIER = date(2010, 9, 30)
VIEWS = [(DISTRICT, LAST), (DISTRICT, EARLIER), (SHORT_OF_STAFF, LAST), (GREEN_WITH_RED, EARLIER)]


@pytest.mark.parametrize(("code", "day"), VIEWS)
@pytest.mark.parametrize("page", ["completion", "command_centre", "area_file"])
def test_the_completion_table_follows_from_the_returns(
    visit: Open, forms: Forms, page: str, code: str, day: date
) -> None:
    app = visit(page, **link(forms, code, day))
    shown = table(app, "Area", "Backlog", "Required pace", last=True)
    rows = coded(forms, shown, code)
    assert sorted(rows) == sorted(forms.children(code))
    for child, row in rows.items():
        for heading, value in forms.completion(child, day).items():
            assert row[heading] == pytest.approx(value), (child, heading)
        assert pd.isna(row["Self-report"])
        assert pd.isna(row["Long-form share"])
        assert row["Against plan"] == status(forms, child, day), child
    backlog = shown["Backlog"].tolist()
    assert backlog == sorted(backlog, reverse=True)


def status(forms: Forms, code: str, day: date) -> str:
    """Return sign and word of an area by its schedule index: green from 0.95, amber from 0.85, and its gap to plan."""
    row = forms.completion(code, day)
    index = row["Resolution"] / row["Plan"]
    if row["Frame households"] < 30:
        return "n " + chinese("Too few to judge")
    gap = row["Gap, points"]
    if index >= 0.95:
        word = "Ahead of plan" if gap > 0.05 else "Behind, within tolerance" if gap < -0.05 else "On plan"
        return "✓ " + chinese(word)
    return "△ " + chinese("Behind") if index >= 0.85 else "✕ " + chinese("Far behind")


@pytest.mark.parametrize(("code", "day"), VIEWS)
def test_the_cards_follow_from_the_returns(visit: Open, forms: Forms, code: str, day: date) -> None:
    app = visit("command_centre", **link(forms, code, day))
    row = forms.completion(code, day)
    before = forms.completion(code, day - timedelta(days=1))
    shown = {metric.label: metric for metric in app.metric}
    low, high = round(row["Lower bound"], 1), round(row["Upper bound"], 1)
    rate = shown[chinese("Resolution rate")]
    assert rate.value == (f"{low:.1f}–{high:.1f} %" if high > low else f"{low:.1f} %")
    assert rate.delta == chinese("{points} points").format(points=f"{row['Resolution'] - before['Resolution']:+.1f}")
    today = shown[chinese("Resolved today")]
    room = sum(
        forms.households(unit, day) - forms.resolved(unit, day)
        for unit in forms.villages(code)
        if not forms.reported(unit, day)
    )
    assert today.value == (f"{row['Today']:,}–{row['Today'] + room:,}" if room else f"{row['Today']:,}")
    assert today.delta == f"{row['Today'] - before['Today']:+,}"
    assert shown[chinese("Left to the deadline")].value == f"{(END - day).days} 天"
    assert shown[chinese("Reporting rate")].value == f"{100 * row['Units in'] / row['Units due']:.1f} %"
    notes = [caption.value for caption in app.caption]
    needed = round(row["Required pace"])
    if row["Today"] >= needed:
        note = chinese("since yesterday; {required} a day needed: reached").format(required=f"{needed:,}")
    elif row["Today"] + room < needed:
        under = 1 - (row["Today"] + room) / row["Required pace"]
        note = chinese("since yesterday; {required} a day needed: {share} under")
        note = note.format(required=f"{needed:,}", share=f"{100 * under:.0f} %")
    else:
        note = chinese("since yesterday; {required} a day needed").format(required=f"{needed:,}")
    assert note in notes
    missing = int(row["Units due"] - row["Units in"])
    assert f"应报 {int(row['Units due'])} 个单位，{missing} 个未报" in notes


def test_the_headline_names_the_streets_that_hold_the_backlog(visit: Open, forms: Forms) -> None:
    app = visit("command_centre", lang="en", **link(forms, DISTRICT, LAST))
    whole = forms.completion(DISTRICT, LAST)
    held = {c: forms.completion(c, LAST)["Backlog"] for c in forms.children(DISTRICT)}
    backlog = sorted(held.values(), reverse=True)
    shares = np.cumsum(backlog) / sum(backlog)
    few = int(np.argmax(shares >= 0.5)) + 1
    said = headline(app)
    assert f"{-whole['Gap, points']:.1f} percentage points behind plan" in said
    assert f"hold {100 * shares[few - 1]:.0f} % of the backlog" in said
    assert (few, sorted(held, key=held.__getitem__)[-few:]) == (2, ["320114005000", "320114004000"])
    assert "; Xishanqiao Subdistrict and Banqiao Subdistrict hold" in said
    assert f"At least {whole['Today']:,} households were resolved today" in said
    assert f"{round(whole['Required pace']):,} each working day are needed to finish by 31 Oct 2010" in said
    assert "2 of 98 reporting units are not in" in said
    assert f"between {whole['Lower bound']:.1f} % and {whole['Upper bound']:.1f} %" in said
    share = 100 * forms.carried_forward(DISTRICT, LAST) / whole["Resolved"]
    assert f"{share:.1f} % of the resolved households are carried forward" in said


def test_the_s_curve_shows_each_day_and_the_plan_to_the_end(visit: Open, forms: Forms) -> None:
    figure = charts(visit("command_centre", **link(forms, DISTRICT, LAST)))[0]
    traces = {trace["name"]: trace for trace in figure["data"]}
    plan = traces[chinese("Plan")]["y"]
    assert plan == pytest.approx([100 * planned(START + timedelta(days=n)) for n in range(47)])
    days = [START + timedelta(days=n) for n in range(24)]
    assert traces[chinese("Resolved")]["y"] == pytest.approx(
        [100 * forms.resolved(DISTRICT, day) / forms.frame_of(DISTRICT, day) for day in days]
    )
    uncertain = [day for day in days if any(not forms.reported(u, day) for u in forms.villages(DISTRICT))]
    ranges = traces[chinese("Range over units not in")]
    assert [x[:10] for x in ranges["x"]] == [day.isoformat() for day in uncertain]
    carried = traces[chinese("Carried forward")]
    assert [x[:10] for x in carried["x"]] == [day.isoformat() for day in uncertain]
    for day, height, base in zip(uncertain, carried["y"], carried["base"], strict=True):
        frame = forms.frame_of(DISTRICT, day)
        assert height == pytest.approx(100 * forms.carried_forward(DISTRICT, day) / frame)
        assert base + height == pytest.approx(100 * forms.resolved(DISTRICT, day) / frame)


def test_bars_and_tiles_agree_with_the_returns(visit: Open, forms: Forms) -> None:
    bars, tiles = charts(visit("command_centre", **link(forms, DISTRICT, LAST)))[1:3]
    names = dict(zip(forms.areas["code"], forms.areas["name"], strict=True))
    expected = {names[c]: forms.completion(c, LAST) for c in forms.children(DISTRICT)}
    done, room, plan, carried = bars["data"]
    assert carried["marker"]["pattern"]["shape"] == "/"
    for label, part, base in zip(carried["y"], carried["x"], carried["base"], strict=True):
        (street,) = (c for c in forms.children(DISTRICT) if names[c] == label.split(" ", 1)[1])
        assert part == pytest.approx(100 * forms.carried_forward(street, LAST) / forms.frame_of(street, LAST))
        assert base + part == pytest.approx(expected[names[street]]["Resolution"])
    for label, share, more, mark in zip(done["y"], done["x"], room["x"], plan["x"], strict=True):
        row = expected[label.split(" ", 1)[1]]
        assert share == pytest.approx(row["Resolution"])
        assert more == pytest.approx(row["Upper bound"] - row["Resolution"], abs=1e-9)
        assert mark == pytest.approx(row["Plan"])
    marks, strokes = tiles["data"]
    units = [unit for street in forms.children(DISTRICT) for unit in forms.children(street)]
    where = list(zip(marks["x"], marks["y"], strict=True))
    struck = [units[where.index(place)] for place in zip(strokes["x"], strokes["y"], strict=True)]
    assert struck == [unit for unit in units if not forms.reported(unit, LAST)]
    assert len(marks["x"]) == len(units) == 98
    assert marks["text"] == [status(forms, unit, LAST)[0] for unit in units]


def test_the_heat_map_marks_missing_days_and_never_shows_them_as_zero(visit: Open, forms: Forms) -> None:
    figure = charts(visit("completion", **link(forms, DISTRICT, LAST)))[2]
    grid, missing = figure["data"]
    assert (missing["name"], missing["marker"]["symbol"]) == (chinese("Carried forward"), "line-ne")
    units = [unit for street in forms.children(DISTRICT) for unit in forms.children(street)]
    days = [START + timedelta(days=n) for n in range(24)]
    cells = np.array(grid["z"], dtype=float)
    assert cells.shape == (98, 24)
    silent = [(u, d) for u in units for d in days[1:] if d >= START and not forms.reported(u, d)]
    assert len(missing["x"]) == len(silent) == 4
    for line, unit in enumerate(units):
        for place, day in enumerate(days[1:], start=1):
            if forms.reported(unit, day):
                gained = forms.resolved(unit, day) - forms.resolved(unit, day - timedelta(days=1))
                assert cells[line, place] == gained, (unit, day)
            else:
                assert np.isnan(cells[line, place])


def test_spread_shows_what_a_mean_hides(visit: Open, forms: Forms) -> None:
    shown = coded(forms, table(visit("completion", **link(forms, DISTRICT, LAST)), "Lowest", "Median"), DISTRICT)
    for street, row in shown.items():
        rates = [forms.completion(unit, LAST)["Resolution"] for unit in forms.children(street)]
        assert row["Units"] == len(rates)
        assert row["Lowest"] == pytest.approx(min(rates))
        assert row["Lowest tenth"] == pytest.approx(np.quantile(rates, 0.1))
        assert row["Median"] == pytest.approx(np.median(rates))
        assert row["Highest"] == pytest.approx(max(rates))
        words = [status(forms, unit, LAST)[0] for unit in forms.children(street)]
        assert row["Units far behind"] == words.count("✕")
        assert row["Units behind plan"] == words.count("✕") + words.count("△")
    assert shown[GREEN_WITH_RED]["Units far behind"] == 2


@pytest.mark.parametrize("page", ["completion", "area_file"])
def test_units_not_in_stay_visible_with_their_last_figure(visit: Open, forms: Forms, page: str) -> None:
    shown = table(visit(page, **link(forms, DISTRICT, LAST)), "Last return", "Days missing")
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    silent = [unit for unit in forms.villages(DISTRICT) if not forms.reported(unit, LAST)]
    assert {names[name] for name in shown["Area"]} == set(silent)
    for row in shown.to_dict("records"):
        unit = names[row["Area"]]
        last = forms.figures(unit, LAST)["report_date"]
        assert row["Days missing"] == (LAST - last).days
        assert row["Last return"] == f"{last.year}年{last.month}月{last.day}日"
        assert row["Pending"] == forms.households(unit) - forms.resolved(unit, LAST)


def test_a_unit_that_is_not_in_has_no_increment_rather_than_none(visit: Open, forms: Forms) -> None:
    (unit, *_others) = (u for u in forms.villages(DISTRICT) if not forms.reported(u, LAST))
    street = forms.areas.set_index("code").loc[unit, "parent_code"]
    shown = coded(forms, table(visit("completion", **link(forms, street, LAST)), "Area", "Required pace"), street)
    assert pd.isna(shown[unit]["Today"])
    assert shown[unit]["Resolved"] == forms.resolved(unit, LAST)
    others = [row["Today"] for code, row in shown.items() if code != unit]
    assert pd.Series(others).notna().all()


@pytest.mark.parametrize("page", ["completion", "area_file", "discrepancies"])
def test_sums_without_a_frame_are_said_to_be_at_least(visit: Open, forms: Forms, page: str) -> None:
    said = " ".join(c.value for c in visit(page, lang="en", **link(forms, DISTRICT, LAST)).caption)
    assert "2 of 98 reporting units are not in: sums of the returns are at least what is shown." in said
    said = " ".join(c.value for c in visit(page, lang="en", **link(forms, DISTRICT, EARLIER)).caption)
    assert "at least" not in said


def test_person_coverage_prints_each_denominator(visit: Open, forms: Forms) -> None:
    shown = table(visit("completion", **link(forms, DISTRICT, LAST)), "Denominator", "Coverage")
    persons = forms.total(DISTRICT, "pers_total", LAST)
    assert set(shown["Registered persons"]) == {persons}
    bases = [int(forms.frame["frame_persons"].sum())]
    filed = forms.benchmarks[forms.benchmarks["area_code"] == DISTRICT].set_index(["indicator", "source"])["value"]
    bases += [filed["resident", "ledger"], filed["resident", "statistics"], filed["total_persons", "police"]]
    assert sorted(shown["Persons in the denominator"]) == sorted(bases)
    for row in shown.to_dict("records"):
        assert row["Coverage"] == pytest.approx(100 * persons / row["Persons in the denominator"])
    assert {f"{value:.2f}" for value in shown["Coverage"]} >= {"42.06", "35.68"}


def test_the_area_file_adds_up_persons_and_events(visit: Open, forms: Forms) -> None:
    shown = table(visit("area_file", **link(forms, DISTRICT, LAST)), "Living in the household", "Absent")
    (row,) = shown.to_dict("records")
    fields = {
        "Registered persons": "pers_total",
        "Living in the household": "pers_living",
        "Absent": "pers_absent",
        "Hukou here": "pers_hukou",
        "In-migrants": "pers_in6m",
        "Out-migrants": "pers_out6m",
    }
    for heading, field in fields.items():
        assert row[heading] == forms.total(DISTRICT, field, LAST), heading
    for heading, field in {"Births": "births", "Deaths": "deaths", "Foreign": "foreign"}.items():
        assert row[heading] == f"{forms.total(DISTRICT, field, LAST):,}"
    assert row["Registered persons"] == 151_990
