"""Posts of villages without a staffing return are a range, on the card and in the sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.world import load, settle_world, staffing
from tests.pages.conftest import chinese, headline, opened, table
from tests.settling import settled

STREET = {"lang": "en", "area": "101", "date": "2010-09-22"}
VILLAGES = ("10101", "10102", "10/101/77")
COVERED = "Every enumeration district below has an enumerator."


def test_posts_that_may_be_short_are_said(sqlite_database: str, tmp_path: Path) -> None:
    settled(settle_world, tmp_path / "world")
    filed = staffing(report_date="2010-09-21")
    assert load(tmp_path, filed, name="staff").result == "stored"
    where = {"lang": "en", "area": "101", "date": "2010-09-22"}
    said = headline(opened("staffing", **where))
    assert "1 unit has filed no staffing return: with nobody in post there, 2 more posts would be short." in said
    card = next(metric for metric in opened("command_centre", **where).metric if metric.label == "Posts short")
    assert card.value.split(" / ")[0] == "0–2"


@pytest.fixture(name="world")
def _world(sqlite_database: str, tmp_path: Path) -> Path:
    """Settle the small district; of its street 101, village 10101 has filed."""
    settled(settle_world, tmp_path / "world")
    return tmp_path


def test_filled_is_said_where_every_village_has_told_everything(world: Path) -> None:
    rows = [staffing(area_code=code, report_date="2010-09-21") for code in VILLAGES]
    assert load(world, *rows, name="staff").result == "stored"
    page = opened("staffing", **STREET)
    assert headline(page) == "Dong Subdistrict has everyone it needs in post."
    assert [text.value for text in page.success] == [COVERED]


def test_uncovered_districts_that_nobody_reported_are_not_none(world: Path) -> None:
    rows = [staffing(area_code=code, report_date="2010-09-21", eds_uncovered="") for code in VILLAGES]
    assert load(world, *rows, name="staff").result == "stored"
    page = opened("staffing", **STREET)
    unknown = "Whether every enumeration district has an enumerator has not been reported."
    assert not page.success
    assert unknown in [text.value for text in page.info]
    assert unknown in headline(page)
    assert "everyone it needs" in headline(page)
    posts = table(opened("staffing", **{**STREET, "lang": "zh-Hans"}), "Role", "Posts", "Fill rate")
    assert posts["Posts"].tolist()[0] == f"? {chinese('Filled as far as known')}"
    assert posts["Fill rate"].tolist()[0] == 100


def test_how_many_villages_reported_uncovered_districts_is_said(world: Path) -> None:
    rows = [staffing(area_code="10102", report_date="2010-09-21"), staffing(
        area_code="10/101/77", report_date="2010-09-21", eds_uncovered="")]  # fmt: skip
    assert load(world, *rows, name="staff").result == "stored"
    page = opened("staffing", **STREET)
    said = "2 of 3 units have reported their districts without an enumerator; of the others it is not known."
    assert not page.success
    assert said in [text.value for text in page.info]


def test_units_without_a_requirement_are_said_on_page_card_and_wall(world: Path) -> None:
    other = {"role": "supervisor", "eds_total": "", "eds_uncovered": ""}
    filed = [staffing(report_date="2010-09-21"), staffing(area_code="101", report_date="2010-09-21", **other)]
    assert load(world, *filed, name="staff").result == "stored"
    bare = [{"area_code": code, "phase": "sweep", "frame_households": 100, "frame_persons": "", "eds": "",
             "valid_from": "2010-09-20", "reason": "redrawn"} for code in VILLAGES]  # fmt: skip
    assert load(world, *bare, name="bare").result == "stored"
    page = opened("staffing", **STREET)
    said = headline(page)
    assert said.startswith("Dong Subdistrict: 9 in post; how many are required is not known.")
    assert "4 units have no known requirement" in said
    assert "everyone" not in said
    assert "more posts" not in said
    chinese_page = opened("staffing", **{**STREET, "lang": "zh-Hans"})
    rows = table(chinese_page, "Role", "Required", "Fill rate", "Units without a requirement")
    assert rows["Required"].isna().all()
    assert rows["Units without a requirement"].tolist() == [3, 1]
    assert set(rows["Posts"]) == {f"? {chinese('Not known')}"}
    centre = opened("command_centre", **STREET)
    assert next(card.value for card in centre.metric if card.label == "Posts short") == "— / —"
    assert any("4 units not known" in text.value for text in centre.caption)
    assert "how many are required is not known" in headline(opened("area_file", **STREET))


def test_withdrawn_staff_have_asked_to_leave_and_were_not_revoked(world: Path) -> None:
    shown = table(opened("methods", lang="zh-Hans", area="101", date="2010-09-22"), "No.", "Numerator")
    attrition = shown.loc[shown["No."] == 16, "Numerator"].iloc[0]
    assert "申请退出" in attrition
    assert "撤销" not in attrition
