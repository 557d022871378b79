"""A change since yesterday needs figures on both days; words on the deadline never contradict one another."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.headline import figures, wall
from dashboard.i18n import speaking
from queries import completion
from queries.freshness import judge
from tests.questions.district import END, START, VILLAGES, at, report, settle

PHASE = pd.Series({"name": "Sweep", "start": START, "end": END, "cutoff": time(17, 30), "working_days_left": 10})


def cards(day: int) -> dict[str, str | None]:
    """Return the changes on the cards of the district on a day."""
    row, days = completion.of_area(at(day)).iloc[0], completion.daily(at(day))
    with speaking("en"):
        return {
            "rate": figures.completion(row, days, at(day)).delta,
            "reporting": figures.reporting(row, days, PHASE).delta,
            "today": figures.today(row, days).delta,
        }


def test_a_day_on_which_nothing_was_loaded_is_no_yesterday(database: str, tmp_path: Path) -> None:
    settle(tmp_path / "files")
    report(tmp_path / "files", 2, dict.fromkeys(VILLAGES, 5))
    assert cards(2) == {"rate": None, "reporting": None, "today": None}  # the first day of all
    report(tmp_path / "files", 4, dict.fromkeys(VILLAGES, 15))
    assert cards(4) == {"rate": None, "reporting": None, "today": None}  # on the third nothing came
    report(tmp_path / "files", 5, dict.fromkeys(VILLAGES, 21))
    assert cards(5) == {"rate": "+6.0 points", "reporting": "+0.0 points", "today": "−24"}


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ([(3, 2), (1, 2)], [(2, 2), (1, 2)], "−1"),
        ([(3, 2)], [(3, 2), (4, 2)], None),  # nothing was known of supervisors the day before
        ([(3, 2), (1, 2)], [(5, 3), (1, 2)], None),  # one unit more was known
    ],
)
def test_posts_short_change_only_over_the_same_units(
    before: list[tuple[int, int]], now: list[tuple[int, int]], said: str | None
) -> None:
    roles = ("enumerator", "supervisor")
    days = pd.DataFrame(
        [
            {"date": pd.Timestamp(2010, 9, 4 + n), "role": role, "shortfall": short, "units_reported": units}
            for n, day in enumerate((before, now))
            for role, (short, units) in zip(roles, day, strict=False)
        ]
    )
    staff = pd.DataFrame({"role": roles, "shortfall": 1.0, "shortfall_high": 1.0, "required": 5.0, "in_post": 4.0})
    with speaking("en"):
        assert figures.posts(staff, days).delta == said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2010, 9, 8, 20), "Deadline 20 Sep, 12 days left"),
        (datetime(2010, 9, 11, 9), "Deadline 20 Sep, 12 days left after 8 Sep"),
        (datetime(2010, 9, 20, 23), "Deadline 20 Sep, 12 days left after 8 Sep"),
        (datetime(2010, 9, 21, 0, 1), "Deadline 20 Sep, passed"),
        (datetime(2026, 11, 25), "Deadline 20 Sep, passed"),
    ],
)
def test_no_days_are_left_once_the_clock_says_that_the_phase_has_ended(now: datetime, said: str) -> None:
    view = at_day(8)
    with speaking("en"):
        assert wall.remaining(PHASE, view, now) == said
    ended = judge(view.as_of, view.as_of, (date(2010, 9, 8), END), END, time(17, 30), 30, now).state == "ended"
    assert ended == said.endswith("passed")


def test_an_earlier_day_looked_at_on_purpose_keeps_its_days_left() -> None:
    with speaking("en"):
        said = wall.remaining(PHASE, at_day(8), datetime(2026, 11, 25), past=True)
    assert said == "Deadline 20 Sep, 12 days left after 8 Sep"


def at_day(day: int) -> Any:
    """Return a view of a day of September, without a database."""
    from queries.view import View

    return View(1, date(2010, 9, day), 1, 1, "en")
