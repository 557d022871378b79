"""Charts on a phone: names beside the marks are folded or shortened, and still tell places apart."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.charts.heatmap import heatmap
from dashboard.charts.narrowed import narrowed
from dashboard.charts.palette import LIGHT
from dashboard.charts.rectification import course
from dashboard.charts.scurve import scurve
from dashboard.charts.shortfall import shortfall
from dashboard.charts.tiles import NARROW, tiles

PARK = "中国（南京）软件谷{}号园区社区"
LONG = ["雨花街道", "Zhongguo Nanjing Software Valley", "中国（南京）软件谷十二号园区社区"]


def bars(names: list[str]) -> dict[str, str]:
    rows = pd.DataFrame({"area_id": range(len(names)), "name": names, "shortfall": 1, "surplus": 0, "label": names})
    figure = narrowed(shortfall(rows, {"shortfall": "a", "surplus": "b"}, LIGHT))
    return dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))


def test_a_long_name_beside_a_bar_is_folded_at_a_space_or_in_the_middle() -> None:
    assert bars(LONG) == {
        "雨花街道": "雨花街道",
        "Zhongguo Nanjing Software Valley": "Zhongguo Nanjing\nSoftware Valley",
        "中国（南京）软件谷十二号园区社区": "中国（南京）软件\n谷十二号园区社区",
    }


def test_names_beside_low_rows_are_shortened_and_stay_distinct() -> None:
    names = [PARK.format(tens + n) for tens in ("", "十", "二十") for n in "一二三四五六七八九"]
    days = pd.date_range("2010-09-15", periods=3)
    daily = pd.DataFrame(
        [
            {
                "area_id": n,
                "name": name,
                "date": day,
                "increment": n,
                "reported": True,
                "due": True,
                "carried": False,
                "off": False,
            }
            for n, name in enumerate(names)
            for day in days
        ]
    )
    figure = narrowed(heatmap(daily, {"increment": "", "missing": ""}, LIGHT))
    shown = figure.layout.yaxis.ticktext
    assert len(shown) == len(set(shown)) == 27
    assert all(len(name) < len(PARK) for name in shown)
    assert list(figure.data[0].y) == list(figure.layout.yaxis.tickvals)


def test_what_a_bar_stands_for_is_not_changed() -> None:
    rows = pd.DataFrame(
        {"area_id": [1, 2], "name": LONG[:2], "shortfall": [3, 4], "surplus": [0, 1], "label": LONG[:2]}
    )
    words = {"shortfall": "a", "surplus": "b"}
    before, after = shortfall(rows, words, LIGHT), narrowed(shortfall(rows, words, LIGHT))
    assert [list(t.x) for t in after.data] == [list(t.x) for t in before.data]
    assert [list(t.y) for t in after.data] == [list(t.y) for t in before.data]


def test_an_axis_of_numbers_keeps_its_numbers() -> None:
    days = pd.date_range("2010-09-15", periods=3)
    daily = pd.DataFrame(
        {
            "date": days,
            "resolution_rate": 0.1,
            "resolution_low": 0.1,
            "resolution_high": 0.1,
            "carried_rate": 0.0,
            "label": "x",
        }
    )
    words = {"actual": "a", "plan": "b", "range": "c", "carried": "f", "deadline": "d", "share": "e"}
    figure = narrowed(scurve(daily, pd.DataFrame({"date": days, "planned_share": 0.2}), words, LIGHT))
    assert figure.layout.yaxis.ticktext is None


def test_an_axis_of_days_keeps_its_days() -> None:
    days = pd.DataFrame({"date": pd.date_range("2010-09-15", periods=3), "day": ["a", "b", "c"], "label": "x"})
    words = {"found": "f", "resolved": "r", "overdue": "o"}
    figure = narrowed(course(days.assign(found=3, resolved=2, overdue=1), words, LIGHT))
    assert list(figure.layout.xaxis.ticktext) == ["a", "b", "c"]


@pytest.mark.parametrize(("across", "lines"), [(NARROW, 3), (18, 1)])
def test_tiles_go_to_the_next_line_where_the_screen_ends(across: int, lines: int) -> None:
    units = pd.DataFrame(
        {
            "area_id": range(18),
            "name": "v",
            "parent_name": "雨花街道",
            "status": "green",
            "label": "l",
            "leaves_carried": 0,
        }
    )
    figure = tiles(units, LIGHT, across)
    assert len(figure.data[0].x) == 18
    assert max(figure.data[0].x) == across - 1
    assert max(figure.data[0].y) == lines - 1
