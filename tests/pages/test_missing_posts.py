"""Posts of villages without a staffing return are a range, on the card and in the sentence."""

from __future__ import annotations

from pathlib import Path

from tests.intake.world import load, settle_world, staffing
from tests.pages.conftest import headline, opened


def test_posts_that_may_be_short_are_said(sqlite_database: str, tmp_path: Path) -> None:
    settle_world(tmp_path / "world")
    filed = staffing(report_date="2010-09-21")
    assert load(tmp_path, filed, name="staff").result == "stored"
    where = {"lang": "en", "area": "101", "date": "2010-09-22"}
    said = headline(opened("staffing", **where))
    assert "1 unit has filed no staffing return: with nobody in post there, 2 more posts would be short." in said
    card = next(metric for metric in opened("command_centre", **where).metric if metric.label == "Posts short")
    assert card.value.split(" / ")[0] == "0–2"
