"""What needs attention: the area's own matters first, each place once, nothing unknown told as good news."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboard.headline import attention as words
from dashboard.i18n import speaking
from queries import attention
from tests.intake.world import benchmark
from tests.questions.district import at, frame, report, report_all, settle, staff, take

BIRTHS = {"indicator": "birth", "window_start": "2009-11-01", "window_end": "2010-08-31", "cutoff_at": "2010-09-01"}


@pytest.fixture
def district(database: str, tmp_path: Path) -> Path:
    """Return the folder of the small district: twenty days, of which five percent are planned each."""
    settle(tmp_path / "files")
    return tmp_path / "files"


def matters(view: object) -> list[tuple[str, str]]:
    lines = attention.attention(view)
    return list(zip(lines["name"], lines["what"], strict=True))


def unjudged(view: object) -> dict[str, tuple[int, int]]:
    rows = attention.look(view).unjudged
    return {row.what: (row.places, row.of) for row in rows.itertuples()}


def all_staffed(folder: Path, day: int, **others: int) -> None:
    staff(folder, day, dict.fromkeys(("1101", "1102", "1103", "1201", "1202", "1203"), 1) | others)


def test_a_village_lists_its_own_gap_its_silence_and_its_uncovered_districts(district: Path) -> None:
    """On the tenth day 50 of 100 are planned and 30 done; nobody has the district; on the eleventh nothing comes."""
    report_all(district, 10, 50, v1101=30)
    all_staffed(district, 10, **{"1101": 0})
    (row,) = attention.attention(at(10, "1101")).query("what == 'behind_plan'").to_dict("records")
    assert (row["worth"], row["share"]) == (20, 0.2)
    assert row["gap_points"] == pytest.approx(-20)
    report_all(district, 11, 55, v1101=-1)
    found = attention.attention(at(11, "1101")).set_index("what")
    assert set(found.index) == {"perhaps_behind", "uncovered_eds", "silent"}
    assert set(found["name"]) == {"1101社区"}
    assert found.loc["uncovered_eds", "worth"] == 100
    with speaking("en"):
        said = words.places(attention.attention(at(11, "1101")))["line"].tolist()
    (line,) = said
    assert "1 enumeration district has no enumerator." in line
    assert "Its return of the day is not in." in line
    assert line.endswith("Worth at least 100 households.")


def test_a_streets_own_red_discrepancy_stands_first_on_its_own_page(district: Path) -> None:
    report_all(district, 10, 50)
    all_staffed(district, 10)
    figures = [
        {**BIRTHS, "source": source, "area_code": "11", "value": n} for source, n in (("ledger", 8), ("police", 25))
    ]
    take(district, "births", [benchmark(**row) for row in figures], day=2)
    lines = attention.attention(at(10, "11"))
    assert lines.iloc[0][["name", "what", "indicator", "source"]].tolist() == [
        "乙街道",
        "unexplained",
        "birth",
        "police",
    ]
    assert lines.iloc[0]["rate"] == pytest.approx(-17 / 25)
    assert lines.iloc[0]["times"] == pytest.approx((17 / 25) / 0.02)
    with speaking("en"):
        (line,) = words.places(lines)["line"]
    assert line.startswith("To verify: Births, 68.0 % below the figure of police; unexplained 34.0 times what is")
    assert ("乙街道", "unexplained") in matters(at(10)), "and on the page above"


def test_the_areas_own_total_that_differs_is_its_own_matter(district: Path) -> None:
    report_all(district, 10, 50)
    own = {"indicator": "registered_households", "source": "own_total", "value": 160, "cutoff_at": "2010-09-10"}
    take(district, "own", [benchmark(area_code="11", **own)], day=10)
    (row,) = attention.attention(at(10, "11")).to_dict("records")
    assert (row["name"], row["what"], row["number"], row["worth"]) == ("乙街道", "own_total_differs", 10, 10)


def test_a_place_stands_once_and_its_worth_counts_the_same_households_once(district: Path) -> None:
    """Village 1101 is 40 behind, without anybody for its 100 households, and silent with 90 of them open."""
    report_all(district, 10, 50, v1101=10)
    all_staffed(district, 10, **{"1101": 0})
    report_all(district, 11, 55, v1101=-1)
    lines = attention.attention(at(11, "11"))
    of_village = lines[lines["name"] == "1101社区"]
    assert of_village["what"].tolist()[0] == "uncovered_eds"
    assert set(of_village["what"]) == {"perhaps_behind", "uncovered_eds", "silent"}
    shown = words.places(lines)
    assert shown["name"].is_unique
    village = shown.set_index("name").loc["1101社区"]
    worths = of_village["worth"].tolist()
    assert village["worth"] == max(worths) == 100, "never more than the village holds"
    assert sum(worths) > 100, "the matters overlap: added up they would double"
    street = shown.set_index("name").loc["乙街道"]
    assert shown["name"].iloc[0] == "乙街道", "the viewed area itself stands first"
    assert street["worth"] == 100


def test_own_matters_come_first_then_places_by_what_they_are_worth(district: Path) -> None:
    report_all(district, 10, 50, v1101=30, v1201=10, v1203=35)
    all_staffed(district, 10)
    lines = attention.attention(at(10))
    assert lines["name"].drop_duplicates().tolist() == ["甲区", "丙街道", "乙街道"]
    below = lines[lines["name"] != "甲区"].groupby("name", sort=False)["share"].max()
    assert below.is_monotonic_decreasing
    assert attention.attention(at(10), 1)["name"].unique().tolist() == ["甲区"]


def test_nothing_is_good_news_only_where_everything_is_known(district: Path) -> None:
    report_all(district, 10, 50)
    assert attention.attention(at(10)).empty
    assert unjudged(at(10)) == {"uncovered_eds": (3, 3), "departments": (3, 3)}
    all_staffed(district, 10)
    figures = [
        benchmark(area_code=code, source=source, value=900, cutoff_at="2010-09-01")
        for code in ("1", "11", "12")
        for source in ("ledger", "police")
    ]
    take(district, "figures", figures, day=2)
    looked = attention.look(at(10))
    assert looked.lines.empty
    assert looked.unjudged.empty
    with speaking("en"):
        assert words.nothing(looked.unjudged) == (True, "Nothing here or right below needs attention now.")
        is_good, said = words.nothing(pd.DataFrame({"what": ["uncovered_eds"], "places": [3], "of": [3]}))
    assert not is_good
    assert said == (
        "Nothing that needs attention has been found. "
        "Not judged for want of data, in places: enumeration districts without an enumerator (3 of 3)."
    )


def test_one_unit_that_never_filed_its_staff_leaves_its_street_unjudged(district: Path) -> None:
    report_all(district, 10, 50)
    staff(district, 10, dict.fromkeys(("1101", "1102", "1103", "1201", "1202"), 1))
    assert unjudged(at(10))["uncovered_eds"] == (2, 3), "the district and its second street"
    assert "uncovered_eds" not in unjudged(at(10, "11"))


@pytest.mark.parametrize("code", ["1", "11", "1101"])
def test_with_areas_and_a_calendar_alone_nothing_is_judged(sqlite_database: str, tmp_path: Path, code: str) -> None:
    settle(tmp_path / "files")
    looked = attention.look(at(10, code))
    assert looked.lines.empty
    assert {"completion", "returns", "uncovered_eds", "departments"} == set(looked.unjudged["what"])


def test_a_place_too_small_for_a_rate_is_not_told_as_on_plan(district: Path) -> None:
    take(district, "withdrawn", [frame("1103", 5, valid_from="2010-09-02", reason="拆迁")], day=9)
    report_all(district, 10, 50, v1103=1)
    assert unjudged(at(10, "11"))["completion"] == (1, 4), "five households are too few for a rate"


def test_a_matter_whose_worth_is_unknown_is_listed_all_the_same(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    settle(folder)
    report(folder, 10, {"1101": 50})
    lines = attention.attention(at(10))
    assert ("乙街道", "not_reported") in list(zip(lines["name"], lines["what"], strict=True))
    assert lines["number"].loc[lines["what"] == "not_reported"].tolist() == [5, 3, 2]
