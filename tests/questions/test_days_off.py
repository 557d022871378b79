"""Days without returns: neither missing nor a zero anywhere, on a district of six villages over three weeks."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from queries import completion, deadlines, freshness, leads, returns
from queries.database import engine
from queries.schema import phase, progress
from tests.questions.district import END, PLACES, START, VILLAGES, at, frame, place, take
from tests.settling import settled

# September 2010 begins on a Wednesday: 4, 5, 11, 12, 18 and 19 are weekends; on the 8th no return is due.
HOLIDAY = 8
DUE = [day for day in range(1, 21) if date(2010, 9, day).isoweekday() < 6 and day != HOLIDAY]
FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = 3, 4, 5, 6, 7
SILENT, EAGER = "1101", "1203"  # not in on Friday and Monday; in on Saturday, unasked
LAST = 15


@pytest.fixture(name="files")
def _files(database: str, tmp_path: Path) -> Path:
    """Let the villages report from Monday to Friday, five households a day each, but for the two odd ones."""
    return settled(_reported, tmp_path / "files")


def _reported(folder: Path) -> None:
    settle(folder, working_days="12345", days_off="2010-09-08")
    missed = {(day, SILENT) for day in (FRIDAY, MONDAY)}
    rows = [
        filed(day, code, 5 * (DUE.index(day) + 1))
        for day in DUE
        for code in VILLAGES
        if day <= LAST and (day, code) not in missed
    ]
    take(folder, "returns", [*rows, filed(SATURDAY, EAGER, 18)], day=LAST)


def filed(day: int, code: str, done: int) -> dict[str, Any]:
    """Return a return that came in time."""
    sent = f"2010-09-{day:02} 17:00"
    return {"report_date": sent[:10], "area_code": code, "phase": "sweep", "submitted_at": sent, "hh_done": done}


def settle(folder: Path, **calendar: Any) -> None:
    """Load the district, a calendar, and frames of a hundred households."""
    take(folder, "areas", [dict(zip(("code", "name", "parent_code", "level"), row, strict=True)) for row in PLACES])
    take(folder, "calendar", [{"phase": "sweep", "start": START, "end": END, "curve": "linear", **calendar}])
    take(folder, "targets", [frame(code) for code in VILLAGES])


def test_a_return_is_due_on_working_days_unless_the_calendar_says_otherwise(database: str, tmp_path: Path) -> None:
    settle(tmp_path / "one", working_days="12345")
    with engine().connect() as connection:
        assert connection.execute(select(phase.c.return_days, phase.c.days_off)).one() == ([1, 2, 3, 4, 5], [])
    row = {"phase": "sweep", "start": START, "end": END, "working_days": "1234567", "return_days": "135",
           "days_off": "2010-09-10、2010/9/3"}  # fmt: skip
    take(tmp_path / "two", "again", [row])
    with engine().connect() as connection:
        found = connection.execute(select(phase.c.return_days, phase.c.days_off)).one()
    assert found == ([1, 3, 5], ["2010-09-03", "2010-09-10"])
    assert [day.day for day in freshness.due_days(at(1))] == [1, 6, 8, 13, 15, 17, 20]


@pytest.mark.parametrize("day", [FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY, HOLIDAY, 9])
def test_units_are_due_off_or_outside_and_never_missing_on_a_day_off(files: Path, day: int) -> None:
    here = completion.of_area(at(day)).iloc[0]
    assert here["leaves_due"] + here["leaves_off"] == 6
    assert here["leaves_due"] == (6 if day in DUE else 0)
    assert here["leaves_carried"] + here["leaves_never"] == (1 if day in (FRIDAY, MONDAY) else 0)
    assert here["leaves_unasked"] == (1 if day == SATURDAY else 0)
    rate = returns.of_area(at(day)).iloc[0]
    expected = {FRIDAY: 5 / 6, MONDAY: 5 / 6}.get(day, 1.0 if day in DUE else np.nan)
    assert rate["reporting_rate"] == pytest.approx(expected, nan_ok=True)
    assert rate["on_time_rate"] == pytest.approx(expected, nan_ok=True)
    silent = returns.not_in(at(day))
    assert silent["code"].tolist() == ([SILENT] if day in (FRIDAY, MONDAY) else [])
    if day == MONDAY:
        assert silent["days_missing"].tolist() == [2]
        assert silent["last_return"].tolist() == [pd.Timestamp("2010-09-02")]


@pytest.mark.parametrize("day", [FRIDAY, SUNDAY, TUESDAY, HOLIDAY, 9, LAST])
def test_rates_and_streaks_are_those_without_the_days_off(files: Path, day: int) -> None:
    due = [d for d in DUE if d <= day]
    rows = returns.by_unit(at(day)).set_index("code")
    for code in VILLAGES:
        came = [d for d in due if code != SILENT or d not in (FRIDAY, MONDAY)]
        row = rows.loc[code]
        assert row[["leaves_due", "leaves_reported", "leaves_late"]].tolist() == [len(due), len(came), 0]
        assert row["reporting_rate"] == pytest.approx(len(came) / len(due))
        assert row["on_time_rate"] == pytest.approx(len(came) / len(due))
        missed = [d for d in due if d not in came]
        streak = len(due) if not missed else len([d for d in due if d > missed[-1]])
        assert row["on_time_streak"] == streak, code
    to_date = returns.of_area(at(day)).iloc[0]["reporting_rate_to_date"]
    missed = sum(d in (FRIDAY, MONDAY) for d in due)
    assert to_date == pytest.approx(1 - missed / (6 * len(due)))


def test_the_matrix_has_a_cell_of_its_own_for_days_off(files: Path) -> None:
    rows = returns.matrix(at(TUESDAY))
    cells = rows.pivot(index="area_id", columns="date", values="status")
    days = [pd.Timestamp(2010, 9, day) for day in (2, FRIDAY, SATURDAY, SUNDAY, MONDAY)]
    assert cells.loc[place(SILENT), days].tolist() == ["on_time", "carried", "off", "off", "carried"]
    assert cells.loc[place(EAGER), days].tolist() == ["on_time", "on_time", "unasked", "off", "on_time"]


def test_a_return_that_nobody_asked_for_is_counted_and_shown(files: Path) -> None:
    eager = completion.of_area(at(SATURDAY, EAGER)).iloc[0]
    assert (eager["hh_resolved"], eager["increment"]) == (18, 3)
    district = completion.of_area(at(SATURDAY)).iloc[0]
    assert district["increment"] == 3
    monday = completion.of_area(at(MONDAY, EAGER)).iloc[0]
    assert (monday["increment"], monday["hh_resolved"]) == (2, 20)
    cells = completion.daily_by_unit(at(MONDAY)).set_index(["area_id", "date"])
    assert cells.loc[(place(EAGER), pd.Timestamp(2010, 9, SATURDAY)), ["reported", "off"]].tolist() == [True, False]
    assert cells.loc[(place(EAGER), pd.Timestamp(2010, 9, SUNDAY)), ["reported", "due", "off"]].tolist() == [
        False, False, True,
    ]  # fmt: skip
    found = freshness.newest(at(SATURDAY))
    assert found is not None


def test_what_was_missing_on_friday_stays_open_over_the_weekend(files: Path) -> None:
    friday, saturday, monday = (completion.of_area(at(day)).iloc[0] for day in (FRIDAY, SATURDAY, MONDAY))
    assert (friday["hh_open_missing"], saturday["hh_open_missing"], monday["hh_open_missing"]) == (90, 90, 90)
    assert saturday["resolution_low"] == pytest.approx((4 * 15 + 18 + 10) / 600)
    assert saturday["resolution_high"] == pytest.approx((4 * 15 + 18 + 10 + 90) / 600)
    assert completion.of_area(at(TUESDAY)).iloc[0]["hh_open_missing"] == 0


def test_days_off_do_not_lengthen_the_pace_nor_ask_for_work(files: Path) -> None:
    steady = "1102"
    for day, pace in ((SUNDAY, np.nan), (TUESDAY, 5.0), (LAST, 5.0)):
        rows = completion.of_area(at(day, steady)).iloc[0]
        assert rows["pace_3"] == pytest.approx(pace, nan_ok=True), day
    for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY):
        row = completion.of_area(at(day, steady)).iloc[0]
        weekdays = [d for d in range(day + 1, 21) if date(2010, 9, d).isoweekday() < 6]
        done = 5 * len([d for d in DUE if d <= day])
        assert deadlines.of_area(at(day))["working_days_left"] == len(weekdays)
        assert row["required_pace"] == pytest.approx((100 - done) / len(weekdays)), day


def test_a_holiday_on_which_work_was_planned_counts_in_the_pace(files: Path) -> None:
    row = completion.of_area(at(9, "1102")).iloc[0]
    # From Friday the 3rd to Thursday the 9th lie Monday, Tuesday, the holiday and Thursday: 15 households, 4 days;
    # the last three reports span Friday to Thursday.
    days = deadlines.with_days_gone(
        at(9, "1102"),
        pd.DataFrame({"area_id": [1, 1], "date": [pd.Timestamp("2010-09-03"), pd.Timestamp("2010-09-09")]}),
        pd.Series({1: (0,)}),
    )
    assert days["gone"].diff().iloc[-1] == 4
    assert row["pace_3"] == pytest.approx(15 / 4)


def test_units_that_have_done_nothing_are_named_on_a_day_off_too(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    settle(folder, working_days="12345")
    rows = [filed(day, code, 0 if code == "1102" else 5 * day) for day in (1, 2, 3) for code in VILLAGES]
    take(folder, "returns", [*rows, filed(SATURDAY, EAGER, 20)], day=SATURDAY)
    assert completion.not_started(at(SATURDAY))["code"].tolist() == ["1102"]


def test_a_weekend_is_no_silence_for_the_clock(files: Path) -> None:
    due = freshness.due_days(at(LAST))
    assert [day.day for day in due] == DUE
    friday = date(2010, 9, FRIDAY)
    clock = (friday, friday, due, END, datetime(2010, 9, 1, 17, 30).time(), 30)
    assert freshness.judge(*clock, datetime(2010, 9, SUNDAY, 23)).state == "current"
    assert freshness.judge(*clock, datetime(2010, 9, MONDAY, 23)).missing == (date(2010, 9, MONDAY),)


def test_leads_hold_the_work_of_a_monday_against_one_day(files: Path) -> None:
    rows = leads.history(at(LAST))
    steady = rows[rows["area_id"] == place("1102")].sort_values("date")
    steady = steady[steady["reported"]]
    steps = steady["gone"].diff().dropna().tolist()
    # Thursday, Friday, Monday, Tuesday, Thursday after the holiday that planned work, Friday, Monday …
    assert steps == [1, 1, 1, 1, 2, 1, 1, 1, 1]


def test_every_unit_and_day_is_due_off_or_outside_its_phase(files: Path) -> None:
    with engine().connect() as connection:
        rows = pd.DataFrame(connection.execute(select(progress)).mappings())
    outside = rows["leaves"] - rows["leaves_due"] - rows["leaves_off"]
    assert (outside >= 0).all()
    assert (rows["leaves_reported"] <= rows["leaves_due"]).all()
    assert (rows["leaves_reported"] + rows["leaves_carried"] + rows["leaves_never"] == rows["leaves_due"]).all()
    assert (rows["leaves_unasked"] <= rows["leaves_off"]).all()
