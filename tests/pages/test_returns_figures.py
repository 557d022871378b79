"""Every figure of the returns page follows from the forms."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.pages.conftest import Open, charts, chinese, coded, headline, link, table
from tests.pages.forms import LAST, RESOLVED, START, Forms

DISTRICT = "320114000000"
LATE_STREET = "320114002000"
SILENT_STREET = "320114400000"
EARLIER = date(2010, 10, 5)
VIEWS = [(DISTRICT, LAST), (DISTRICT, EARLIER)]
STREETS = [(SILENT_STREET, LAST), (LATE_STREET, EARLIER)]


def until(day: date) -> list[date]:
    return [START + timedelta(days=n) for n in range((day - START).days + 1)]


def state(forms: Forms, unit: str, day: date) -> str:
    """Return what a unit did on a day: on_time, late, nil, corrected or carried; none is ever without a figure here."""
    if not forms.reported(unit, day):
        return "carried"
    if forms.figures(unit, day)["is_nil"]:
        return "nil"
    if is_corrected(forms, unit, day):
        return "corrected"
    return "on_time" if is_on_time(forms, unit, day) else "late"


def is_corrected(forms: Forms, unit: str, day: date) -> bool:
    again = forms.superseded
    return bool(((again["area_code"] == unit) & (again["report_date"] == day)).any())


def is_on_time(forms: Forms, unit: str, day: date) -> bool:
    """Return whether a unit's return came by 17:30 and half an hour of grace."""
    sent = datetime.fromisoformat(forms.figures(unit, day)["submitted_at"])
    return forms.reported(unit, day) and sent <= datetime(day.year, day.month, day.day, 18, 0)


def silence(forms: Forms, unit: str, day: date) -> int:
    return (day - forms.figures(unit, day)["report_date"]).days


def counted(forms: Forms, code: str, days: list[date]) -> dict[str, float]:
    """Return the counts of returns in an area over some days, by heading."""
    pairs = [(unit, day) for unit in forms.villages(code) for day in days]
    came = [(unit, day) for unit, day in pairs if forms.reported(unit, day)]
    punctual = [pair for pair in came if is_on_time(forms, *pair)]
    return {
        "Returns due": len(pairs),
        "In": len(came),
        "On time": len(punctual),
        "Late": len(came) - len(punctual),
        "Nil returns": sum(bool(forms.figures(unit, day)["is_nil"]) for unit, day in came),
        "Corrected returns": sum(is_corrected(forms, unit, day) for unit, day in came),
        "Carried": len(pairs) - len(came),
        "Never in": 0,
        "Reporting rate": 100 * len(came) / len(pairs),
        "On-time rate": 100 * len(punctual) / len(pairs),
    }


def in_chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def silent_word(days: int) -> str:
    return [f"✓ {chinese('In')}", f"△ {chinese('Not in')}", f"✕ {chinese('Silent')}"][min(days, 2)]


@pytest.mark.parametrize(("code", "day"), VIEWS)
def test_the_rates_of_each_street_follow_from_the_returns(visit: Open, forms: Forms, code: str, day: date) -> None:
    shown = coded(forms, table(visit("returns", **link(forms, code, day)), "Area", "Reporting rate so far"), code)
    assert sorted(shown) == sorted(forms.children(code))
    for street, row in shown.items():
        today, so_far = counted(forms, street, [day]), counted(forms, street, until(day))
        for heading, value in today.items():
            assert row[heading] == pytest.approx(value), (street, heading)
        assert row["Reporting rate so far"] == pytest.approx(so_far["Reporting rate"])
        assert row["On-time rate so far"] == pytest.approx(so_far["On-time rate"])
        assert row["Restated so far"] == pytest.approx(100 * so_far["Corrected returns"] / so_far["In"])
        silences = [silence(forms, unit, day) for unit in forms.villages(street)]
        assert row["Longest silence, days"] == max(silences)
        assert row["Units long silent"] == sum(days >= 2 for days in silences)
        assert row["Returns"] == silent_word(max(silences))
        rate = today["On-time rate"]
        word = ("✓", "Met") if rate >= 95 else ("△", "Slightly low") if rate >= 85 else ("✕", "Low")
        assert row["Timeliness"] == f"{word[0]} {chinese(word[1])}"


@pytest.mark.parametrize(("code", "day"), [*VIEWS, *STREETS])
def test_the_matrix_shows_what_each_unit_did_on_each_day(visit: Open, forms: Forms, code: str, day: date) -> None:
    (figure,) = [c for c in charts(visit("returns", **link(forms, code, day))) if c["data"][0]["type"] == "heatmap"]
    grid, *others = figure["data"]
    units, days = forms.villages(code), until(day)
    words = {"on_time": "On time", "late": "Late", "nil": "Nil return", "corrected": "Corrected",
             "carried": "Not in, last figure carried"}  # fmt: skip
    expected = [[chinese(words[state(forms, unit, d)]) for d in days] for unit in units]
    assert np.array(grid["text"]).tolist() == expected
    cells = Counter(word for line in expected for word in line)
    signs = {trace["hovertemplate"].split(" · ")[-1].removesuffix("<extra></extra>"): trace for trace in others
             if "hovertemplate" in trace}  # fmt: skip
    assert {word: len(trace["x"]) for word, trace in signs.items()} == {
        word: number for word, number in cells.items() if word != chinese("On time")
    }
    assert len({trace["marker"]["symbol"] for trace in signs.values()}) == len(signs)
    legend = [trace["name"] for trace in others if trace.get("name")]
    assert len(legend) == len(cells)
    assert all(any(name.endswith(word) for name in legend) for word in cells)
    ink = {word: grid["z"][line][place] for line, row in enumerate(expected) for place, word in enumerate(row)}
    assert len(set(ink.values())) == len(ink)


@pytest.mark.parametrize(("code", "day"), [*VIEWS, *STREETS])
def test_streaks_count_back_from_the_day(visit: Open, forms: Forms, code: str, day: date) -> None:
    shown = table(visit("returns", **link(forms, code, day)), "On time in a row")
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    units = [names[name] for name in shown["Area"]]
    assert sorted(units) == sorted(forms.villages(code))
    for unit, row in zip(units, shown.to_dict("records"), strict=True):
        streak = 0
        for d in reversed(until(day)):
            if not is_on_time(forms, unit, d):
                break
            streak += 1
        assert row["On time in a row"] == streak, unit
        assert row["Days missing"] == silence(forms, unit, day)
        assert row["Returns"] == silent_word(silence(forms, unit, day))
        for heading, value in counted(forms, unit, until(day)).items():
            assert row[heading] == pytest.approx(value), (unit, heading)
    assert shown["Days missing"].tolist() == sorted(shown["Days missing"], reverse=True)


def test_both_rates_are_drawn_day_by_day_against_the_limit(visit: Open, forms: Forms) -> None:
    figure = charts(visit("returns", **link(forms, DISTRICT, LAST)))[0]
    traces = {trace["name"]: trace for trace in figure["data"]}
    by_day = [counted(forms, DISTRICT, [day]) for day in until(LAST)]
    for name in ("Reporting rate", "On-time rate"):
        assert traces[chinese(name)]["y"] == pytest.approx([row[name] for row in by_day])
    assert [shape["y0"] for shape in figure["layout"]["shapes"]] == [95]


def test_the_chase_list_and_its_text_name_the_units_that_are_not_in(visit: Open, forms: Forms) -> None:
    app = visit("returns", lang="en", **link(forms, DISTRICT, LAST))
    silent = [unit for unit in forms.villages(DISTRICT) if not forms.reported(unit, LAST)]
    parent = forms.areas.set_index("code")["parent_code"]
    (text,) = [code.value for code in app.code]
    lines = text.splitlines()
    assert lines[1] == f"Cut-off 17:30 with 30 minutes of grace: {len(silent)} of 98 units are not in."
    headings = [line for line in lines if line.startswith("■")]
    assert len(headings) == len({parent[unit] for unit in silent}) == 2
    for unit in silent:
        last = forms.figures(unit, LAST)["report_date"]
        pending = forms.households(unit) - forms.resolved(unit, LAST)
        (line,) = [line for line in lines if f"{pending} households open" in line]
        days = silence(forms, unit, LAST)
        assert f"last return {last.day} Oct" in line
        assert (f"missing {days} days in a row" in line) == (days > 1)


def test_the_text_for_one_street_holds_only_its_units(visit: Open, forms: Forms) -> None:
    app = visit("returns", lang="en", **link(forms, DISTRICT, LAST))
    whole = app.code[0].value.splitlines()
    (choice,) = [box for box in app.selectbox if box.label == "Reminder to"]
    choice.select_index(1).run()
    lines = app.code[0].value.splitlines()
    silent = [unit for unit in forms.villages(SILENT_STREET) if not forms.reported(unit, LAST)]
    assert f"{len(silent)} of {len(forms.villages(SILENT_STREET))} units is not in" in lines[1]
    units = [line for line in lines if line[0].isdigit()]
    assert len(units) == len(silent) < len([line for line in whole if line[0].isdigit()])
    assert set(units) <= set(whole)
    assert lines[0].endswith("Yuhua Economic Development Zone")


def test_the_headline_says_how_many_are_missing_silent_and_late(visit: Open, forms: Forms) -> None:
    silences = [silence(forms, unit, LAST) for unit in forms.villages(DISTRICT)]
    late = counted(forms, DISTRICT, [LAST])
    said = headline(visit("returns", lang="en", **link(forms, DISTRICT, LAST)))
    assert said == (
        f"{sum(d > 0 for d in silences)} of 98 reporting units are not in. "
        f"{sum(d > 1 for d in silences)} has been silent for 2 days or more. "
        f"{late['Late']} returns came late; the on-time rate is {late['On-time rate']:.1f} %."
    )
    said = headline(visit("returns", lang="en", **link(forms, SILENT_STREET, date(2010, 10, 2))))
    assert said == "All 9 units of Yuhua Economic Development Zone are in."


def test_restatements_show_what_a_figure_was_and_is_and_what_it_moves(visit: Open, forms: Forms) -> None:
    app = visit("returns", **link(forms, DISTRICT, LAST))
    shown = table(app, "Was", "Is now", "Moves the total by")
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    words = {chinese("Registered households"): ["hh_done"], chinese("Resolved households"): RESOLVED}
    found = {}
    for row in shown[shown["Count changed"].isin(words)].to_dict("records"):
        unit = names[row["Area"]]
        (before,) = [
            again
            for again in forms.superseded.to_dict("records")
            if again["area_code"] == unit and in_chinese(again["report_date"]) == row["Figure of"]
        ]
        day, fields = before["report_date"], words[row["Count changed"]]
        was = sum(before[field] for field in fields)
        now = sum(forms.figures(unit, day)[field] for field in fields)
        total = sum(forms.total(DISTRICT, field, day) for field in fields)
        assert (row["Was"], row["Is now"], row["Difference"], row["Total of the day"]) == (was, now, now - was, total)
        assert row["Moves the total by"] == pytest.approx(100 * (now - was) / total)
        assert row["Change"] == (f"▼ {chinese('Down')}" if now < was else f"▲ {chinese('Up')}")
        assert row["Reason"] == forms.figures(unit, day)["correction_reason"]
        found[unit, day, row["Count changed"]] = now - was
    again = forms.superseded.merge(forms.returns, on=["area_code", "report_date"], suffixes=("", "_now"))
    changed = again[again["hh_done"] != again["hh_done_now"]]
    assert len(found) == 2 * len(changed) >= 4
    resolved = [value for (_unit, _day, count), value in found.items() if count == chinese("Resolved households")]
    assert min(resolved) < 0 < max(resolved)
    said = " ".join(c.value for c in app.caption)
    rate = 100 * len(forms.superseded) / len(forms.returns)
    assert f"{rate:.2f} %后来作了更正" in said
    assert f"已办结户共变动{sum(map(abs, resolved))}户，净变动{sum(resolved):+}户".replace("-", "−") in said


def test_a_corrected_birth_of_a_village_is_listed_without_its_figures(visit: Open, forms: Forms) -> None:
    shown = table(visit("returns", **link(forms, DISTRICT, LAST)), "Was", "Is now")
    births = shown[shown["Count changed"] == chinese("Births")]
    again = forms.superseded.merge(forms.returns, on=["area_code", "report_date"], suffixes=("", "_now"))
    assert len(births) == (again["births"] != again["births_now"]).sum() == 2
    assert births[["Was", "Is now", "Difference", "Total of the day", "Moves the total by"]].isna().all(axis=None)
    assert set(births["Change"]) == {f"＊ {chinese('Masked')}"}


def test_a_correction_of_a_later_day_is_not_seen_before_that_day(visit: Open, forms: Forms) -> None:
    shown = table(visit("returns", **link(forms, DISTRICT, date(2010, 9, 28))), "Was", "Is now")
    days = forms.superseded["report_date"]
    assert shown["Figure of"].nunique() == days[days <= date(2010, 9, 28)].nunique()


def test_a_revised_frame_is_shown_with_the_rate_at_both_frames(visit: Open, forms: Forms) -> None:
    app = visit("returns", lang="en", **link(forms, DISTRICT, LAST))
    (revision,) = forms.revisions.to_dict("records")
    unit = revision["area_code"]
    first, now = forms.framed_first[unit], int(revision["frame_households"])
    (row,) = table(visit("returns", **link(forms, DISTRICT, LAST)), "Frame before", "Frame after").to_dict("records")
    resolved = forms.resolved(unit, LAST)
    assert (row["Frame before"], row["Frame after"], row["Difference"]) == (first, now, now - first)
    assert row["Resolved"] == resolved
    assert row["Rate, frame before"] == pytest.approx(100 * resolved / first)
    assert row["Rate, frame after"] == pytest.approx(100 * resolved / now)
    assert row["Reason"] == revision["reason"]
    whole_first, whole = sum(forms.framed_first.values()), sum(forms.framed.values())
    done = forms.resolved(DISTRICT, LAST)
    said = " ".join(c.value for c in app.caption)
    assert f"{whole_first:,} households in the first frame, {whole:,} in today's" in said
    assert f"{100 * done / whole_first:.2f} % of the first and {100 * done / whole:.2f} % of today's" in said


def test_no_frame_is_revised_before_its_day(visit: Open, forms: Forms) -> None:
    before = forms.revisions["valid_from"].min() - timedelta(days=1)
    app = visit("returns", lang="en", **link(forms, DISTRICT, before))
    assert "Changed frames" not in [heading.value for heading in app.subheader]
    assert pd.Series([m.value for m in app.markdown]).str.contains("not in").sum() == 0
