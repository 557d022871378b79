"""What a leader must find in the demonstration within a minute is on the attention list, with its cause."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from queries import areas, attention, completion, discrepancy, returns
from queries.view import View

LAST = date(2010, 10, 8)


def view(address: str = "320114000000", day: date = LAST) -> View:
    area, top = areas.by_address(address), areas.root()
    assert area is not None
    assert top is not None
    return View(1, day, area, top, "zh_Hans")


def matters(demonstration: str) -> pd.DataFrame:
    found = attention.attention(view(), limit=100)
    return found.set_index(["name", "what"])


def test_the_street_whose_enumerators_resigned_is_named_with_that_cause(demonstration: str) -> None:
    found = matters(demonstration)
    assert found.loc[("西善桥街道", "behind_plan"), "cause"] == "short_staff"
    assert found.loc[("西善桥街道", "uncovered_eds"), "number"] == 56


def test_the_street_with_many_absent_households_is_named_with_that_cause(demonstration: str) -> None:
    assert matters(demonstration).loc[("板桥街道", "behind_plan"), "cause"] == "absent_households"


def test_the_green_street_that_hides_two_red_villages_is_named(demonstration: str) -> None:
    street = matters(demonstration).loc[("古雄街道", "red_in_green")]
    assert street["number"] == 2
    rows = completion.by_child(view()).set_index("name")
    assert rows.loc["古雄街道", "status"] == "green"


def test_the_street_whose_own_total_is_not_the_sum_of_its_villages_is_named(demonstration: str) -> None:
    found = matters(demonstration).reset_index()
    own = found[found["what"] == "own_total_differs"]
    assert len(own) >= 1
    totals = discrepancy.own_totals(view()).set_index("name")["difference"]
    assert set(own["name"]) == set(totals.index)
    assert (totals != 0).all()


def test_the_street_whose_births_are_missed_stands_out(demonstration: str) -> None:
    rows = discrepancy.by_child(view(), "birth", "police").set_index("name")
    worst = rows["rate"].idxmin()
    assert rows.loc[worst, "status"] == "red"
    assert rows["rate"].nsmallest(2).diff().iloc[-1] > 0.2
    found = matters(demonstration).reset_index()
    assert "birth" in found.loc[(found["name"] == worst) & (found["what"] == "unexplained"), "indicator"].tolist()


def test_late_streets_show_a_low_on_time_rate(demonstration: str) -> None:
    rows = completion.by_child(view()).set_index("name")["on_time_rate"]
    assert rows.min() < 0.85
    assert rows.drop(rows.idxmin()).min() > rows.min() + 0.05


def test_missing_returns_are_listed_and_carried(demonstration: str) -> None:
    silent = returns.not_in(view())
    assert len(silent) == 2
    assert sorted(silent["days_missing"]) == [1, 2]
    rows = completion.of_area(view()).iloc[0]
    assert rows["leaves_due"] - rows["leaves_reported"] == 2
    assert rows["resolution_high"] > rows["resolution_low"]


def test_a_nil_return_counts_as_in_and_adds_nothing(demonstration: str) -> None:
    from sqlalchemy import select

    from queries.database import fetch
    from queries.schema import daily_return, progress

    (nil,) = fetch(select(daily_return.c.area_id, daily_return.c.report_date).where(daily_return.c.is_nil)).itertuples()
    days = [nil.report_date - pd.Timedelta(days=1), nil.report_date]
    rows = fetch(
        select(progress.c.date, progress.c.hh_resolved, progress.c.leaves_reported).where(
            progress.c.area_id == int(nil.area_id), progress.c.date.in_([d.date() for d in days])
        )
    )
    assert rows["hh_resolved"].nunique() == 1
    assert rows["leaves_reported"].tolist() == [1, 1]


def test_what_is_ranked_is_ranked_by_its_share_of_the_whole(demonstration: str) -> None:
    found = attention.attention(view(), limit=100)
    assert found["name"].iloc[0] == "雨花台区"
    below = found[found["name"] != "雨花台区"].groupby("name", sort=False)["share"].max()
    assert below.is_monotonic_decreasing
    assert attention.attention(view())["name"].nunique() == 7


@pytest.mark.parametrize("name", ["births", "deaths"])
def test_no_attention_line_below_a_street_speaks_of_sensitive_counts(demonstration: str, name: str) -> None:
    street = attention.attention(view("320114000000/320114005000"), limit=100)
    below = street[street["name"] != "板桥街道"]
    assert len(below) < len(street), "the street's own figures may be named"
    assert not set(below["indicator"]) & {"birth", "death", "hmt", "foreign", "hmt_foreign", "no_hukou"}
