"""Every figure of the check-in follows from the forms that had arrived by each evening."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.pages.conftest import Open, charts, chinese, headline, link, table
from tests.pages.forms import LAST, RESOLVED, START, Forms

DISTRICT = "320114000000"
SHORT_OF_STAFF = "320114004000"
CORRECTED = "320114001000"
MOVES = ("Change of target", "Corrections", "Newly in", "Work reported")
VIEWS = [(DISTRICT, LAST), (DISTRICT, date(2010, 10, 7)), (DISTRICT, date(2010, 10, 6)), (CORRECTED, LAST)]


class Known:
    """What the returns that had arrived by an evening say of each village on a day."""

    def __init__(self, folder: Path, evening: date, *, morning_after: bool = False) -> None:
        last = f"3-{(evening - START).days:03}-{'c' if morning_after else 'b'}"
        parts = [
            pd.read_csv(path, dtype={"area_code": str})
            for path in sorted(folder.glob("3-*-[bc]-*.csv"))
            if path.name[: len(last)] <= last
        ]
        rows = pd.concat(parts, ignore_index=True)
        rows["report_date"] = pd.to_datetime(rows["report_date"]).dt.date
        self.rows = rows.drop_duplicates(["area_code", "report_date"], keep="last")

    def on(self, unit: str, day: date) -> tuple[int, bool]:
        """Return the households that a village had resolved by a day, and whether it reported for the very day."""
        mine = self.rows[(self.rows["area_code"] == unit) & (self.rows["report_date"] <= day)]
        newest = mine.sort_values("report_date").iloc[-1]
        return int(newest[RESOLVED].sum()), bool(newest["report_date"] == day)


def walked(forms: Forms, then: Known, now: Known, unit: str, day: date) -> dict[str, int]:
    """Walk a village from the evening before to the evening of a day; the frame never changes in the demonstration."""
    frame, yesterday = forms.households(unit), day - timedelta(days=1)
    was, was_in = then.on(unit, yesterday)
    restated, came_in = now.on(unit, yesterday)
    is_now, is_in = now.on(unit, day)
    late, silent = not was_in and came_in, not was_in and not came_in
    return {
        "Open then": frame - was,
        "Change of target": 0,
        "Corrections": 0 if late else was - restated,
        "Newly in": (was - restated if late else 0) + (restated - is_now if silent else 0),
        "Work reported": 0 if silent else restated - is_now,
        "Open now": frame - is_now,
        "Newly missing, units": int(not is_in and not silent),
        "Still missing, units": int(not is_in and silent),
        "Uncertain": 0 if is_in else frame - is_now,
    }


def expected(forms: Forms, folder: Path, code: str, day: date) -> dict[str, int]:
    """Return the bridge of an area to a day: its villages walked one by one and added up."""
    then, now = Known(folder, day - timedelta(days=1)), Known(folder, day, morning_after=day == LAST)
    rows = [walked(forms, then, now, unit, day) for unit in forms.villages(code)]
    return {name: sum(row[name] for row in rows) for name in rows[0]}


@pytest.mark.parametrize(("code", "day"), VIEWS)
def test_the_bridge_follows_from_the_returns_of_both_evenings(
    visit: Open, forms: Forms, demonstration_forms: Path, code: str, day: date
) -> None:
    app = visit("check_in", **link(forms, code, day))
    wanted = expected(forms, demonstration_forms, code, day)
    shown = table(app, "Step", "Still to resolve").set_index("Step")
    assert shown["Still to resolve"].dropna().tolist() == [wanted["Open then"], wanted["Open now"]]
    for move in MOVES:
        assert shown.loc[chinese(move), "Change"] == wanted[move], move
    assert wanted["Open then"] + sum(wanted[move] for move in MOVES) == wanted["Open now"]
    assert shown.loc[chinese("Newly missing"), "Units"] == wanted["Newly missing, units"]
    assert shown["Uncertain"].sum() == wanted["Uncertain"]
    rows = table(app, "Area", "Open then", "Work reported").set_index("Area")
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    assert len(rows) == len(forms.children(code))
    for name, row in rows.iterrows():
        for heading, value in expected(forms, demonstration_forms, names[str(name)], day).items():
            assert row[heading] == value, (name, heading)


def test_a_correction_after_the_close_is_told_apart_from_work(
    visit: Open, forms: Forms, demonstration_forms: Path
) -> None:
    wanted = expected(forms, demonstration_forms, DISTRICT, LAST)
    assert wanted["Corrections"] > 0
    assert expected(forms, demonstration_forms, CORRECTED, LAST)["Corrections"] == wanted["Corrections"]
    app = visit("check_in", **link(forms, DISTRICT, date(2010, 10, 7)))
    shown = table(app, "Figure", "At the close").set_index("Figure")
    at_close = Known(demonstration_forms, date(2010, 10, 7))
    resolved = sum(at_close.on(unit, date(2010, 10, 7))[0] for unit in forms.villages(DISTRICT))
    row = shown.loc[chinese("Resolved")]
    assert (row["At the close"], row["Now"]) == (resolved, forms.resolved(DISTRICT, date(2010, 10, 7)))
    assert row["Change"] == -wanted["Corrections"]
    quiet = visit("check_in", **link(forms, DISTRICT, date(2010, 10, 6)))
    assert any(chinese("Nothing has changed since the close.") in text.value for text in quiet.success)


def test_the_chart_draws_each_step_from_where_the_one_before_ended(
    visit: Open, forms: Forms, demonstration_forms: Path
) -> None:
    figure = charts(visit("check_in", **link(forms, DISTRICT, LAST)))[0]
    wanted = expected(forms, demonstration_forms, DISTRICT, LAST)
    bars: dict[str, tuple[float, float]] = {}
    for trace in figure["data"]:
        if trace["type"] == "bar":
            bars |= {y: (base, base + x) for y, base, x in zip(trace["y"], trace["base"], trace["x"], strict=True)}
    level = wanted["Open then"]
    for move in MOVES:
        assert bars[chinese(move)] == (level, level + wanted[move]), move
        level += wanted[move]
    (marks,) = [trace for trace in figure["data"] if trace["type"] == "scatter"]
    assert marks["x"] == [wanted["Open then"], level]
    missing = [bars[chinese(name)] for name in ("Newly missing", "Still missing")]
    assert sum(end - start for start, end in missing) == wanted["Uncertain"]
    assert {end for _start, end in missing} == {level}


def test_the_headline_says_what_moved_and_what_became_of_the_decisions(
    visit: Open, forms: Forms, demonstration_forms: Path
) -> None:
    wanted = expected(forms, demonstration_forms, DISTRICT, LAST)
    app = visit("check_in", lang="en", **link(forms, DISTRICT, LAST))
    change = wanted["Open now"] - wanted["Open then"]
    said = headline(app)
    assert f"from {wanted['Open then']:,} to {wanted['Open now']:,} (−{-change:,})" in said
    missing = [u for u in forms.villages(DISTRICT) if not forms.reported(u, LAST)]
    new = [u for u in missing if forms.reported(u, LAST - timedelta(days=1))]
    room = sum(forms.households(u) - forms.resolved(u, LAST) for u in new)
    assert f"{len(new)} unit is newly missing: up to {room} of its households" in said
    shown = table(visit("check_in", **link(forms, DISTRICT, LAST)), "Outcome", "Promised", "Off by")
    marks = [outcome[0] for outcome in shown["Outcome"]]
    due = [mark for mark in marks if mark in "✓△✕‼?"]
    assert f"Of {len(due)} decisions that fell due, {marks.count('✓') + marks.count('△')} were carried out" in said
    assert f"{marks.count('‼')} are escalated" in said


def figure(forms: Forms, what: str, code: str, day: date) -> float:
    """Return the figure that a decision speaks of, as the forms have it on a day."""
    units = forms.villages(code)
    if what == chinese("Households resolved"):
        return forms.resolved(code, day)
    if what == chinese("Units not in"):
        return sum(not forms.reported(unit, day) for unit in units)
    if what == chinese("On-time rate"):
        rows = [forms.figures(unit, day) for unit in units if forms.reported(unit, day)]
        limit = f"{day} 18:00"
        return 100 * sum(row["submitted_at"] <= limit for row in rows) / len(units)
    if what == chinese("Enumerators short"):
        staff = forms.staffing(code, "enumerator", day)["in_post"]
        return sum(max(0, forms.required(unit, "enumerator") - staff[unit]) for unit in units)
    assert what == chinese("Uncovered districts"), what
    return forms.staffing(code, "enumerator", day)["eds_uncovered"].sum()


def judged(forms: Forms, row: dict[str, Any], code: str) -> tuple[str, int]:
    """Return the sign of a decision's outcome by the forms alone, and the days on which it was missed."""
    what, direction, number = re.fullmatch(r"(.+)(不少于|不超过)([\d,.]+)(?: %)?", row["Promised"]).groups()  # type: ignore[union-attr]
    promised, due = float(number.replace(",", "")), chinese_day(row["Due on"])
    if due > LAST:
        return "…", 0
    misses = 0
    for n in range((LAST - due).days + 1):
        day = due + timedelta(days=n)
        value = figure(forms, what, code, day)
        kept = value >= promised if direction == "不少于" else value <= promised
        if kept:
            return ("✓" if n == 0 else "△"), misses
        if forms.children(code) or forms.reported(code, day):
            misses += 1
    return ("?" if not misses else "‼" if misses >= 2 else "✕"), misses


def chinese_day(text: str) -> date:
    year, month, day = (int(n) for n in re.findall(r"\d+", text))
    return date(year, month, day)


def test_every_decision_of_the_demonstration_is_judged_as_the_forms_say(visit: Open, forms: Forms) -> None:
    app = visit("check_in", **link(forms, DISTRICT, LAST))
    shown = table(app, "Outcome", "Promised", "Off by", "Reason for withdrawing", last=True)
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    signs = set()
    assert len(shown) >= 11
    for row in shown.to_dict("records"):
        sign, misses = judged(forms, row, names[row["Area"].split(" · ")[-1]])
        assert row["Outcome"][0] == sign, row
        assert row["Days missed"] == misses, row
        signs.add(sign)
    assert signs == {"✓", "△", "✕", "‼", "?", "…"}


def test_cards_say_how_each_street_stands(visit: Open, forms: Forms) -> None:
    app = visit("check_in", lang="en", **link(forms, DISTRICT, LAST))
    cards = [text.value for text in app.markdown if "Backlog:" in text.value]
    wanted = []
    for code in sorted(forms.children(DISTRICT), key=lambda c: -forms.completion(c, LAST)["Backlog"]):
        row = forms.completion(code, LAST)
        behind = row["Resolution"] / row["Plan"] < 0.95
        if behind or row["Units in"] < row["Units due"] or code == SHORT_OF_STAFF:
            wanted.append(
                f"- Resolved {row['Resolution']:.1f} %, plan {row['Plan']:.1f} %\n"
                f"- Units not in: {row['Units due'] - row['Units in']:.0f} of {row['Units due']:.0f}\n"
            )
    for text in wanted:
        assert any(text in card for card in cards), text
    backlogs = [int(re.search(r"Backlog: ([\d,]+)", card)[1].replace(",", "")) for card in cards]  # type: ignore[index]
    assert backlogs == sorted(backlogs, reverse=True)


def test_a_day_before_any_check_in_is_compared_with_the_day_before(visit: Open, forms: Forms) -> None:
    day = date(2010, 10, 1)
    app = visit("check_in", lang="en", **link(forms, DISTRICT, day))
    frame = sum(forms.framed.values())
    then, now = (frame - forms.resolved(DISTRICT, d) for d in (day - timedelta(days=1), day))
    assert f"Since 30 Sep 2010 the households still to resolve went from {then:,} to {now:,}" in headline(app)
    assert any("No earlier check-in has been closed" in caption.value for caption in app.caption)
    first = visit("check_in", lang="en", **link(forms, DISTRICT, START))
    assert any("there is nothing to compare with yet" in info.value for info in first.info)


def test_the_area_file_lists_the_open_decisions_of_the_area(visit: Open, forms: Forms) -> None:
    app = visit("area_file", **link(forms, SHORT_OF_STAFF, LAST))
    shown = table(app, "Outcome", "Promised", "Off by")
    assert {outcome[0] for outcome in shown["Outcome"]} == {"‼", "✕", "…"}
    assert set(shown["Area"]) == {"西善桥街道"}
