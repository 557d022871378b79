"""Plans, working days and calendars of areas' own."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import areas, calendar, deadlines
from queries.calendar import planned_shares
from queries.intake.take_in import take_in
from queries.presets import PHASE_NAMES, PRESETS, calendar_form
from queries.view import View

START, END = date(2010, 9, 15), date(2010, 10, 31)
WEEKDAYS = (1, 2, 3, 4, 5)
curves = st.sampled_from(
    [{"shape": "linear"}, {"shape": "front-loaded"}, {"shape": "custom", "points": [[0, 0], [0.5, 0.2], [1, 1]]}]
)


@given(curves, st.sets(st.integers(1, 7)), st.integers(0, 70))
def test_every_plan_rises_from_nothing_to_all_and_stands_still_on_days_off(
    curve: dict[str, object], working: set[int], length: int
) -> None:
    shares = planned_shares(START, START + timedelta(days=length), sorted(working), curve)
    values = list(shares.values())
    assert values == sorted(values)
    assert values[-1] == pytest.approx(1.0)
    assert values[0] > 0 or START.isoweekday() not in working
    for day, before, after in zip(list(shares)[1:], values, values[1:], strict=False):
        if day.isoweekday() not in working and any(d.isoweekday() in working for d in shares):
            assert after == before


def test_a_linear_plan_is_elapsed_working_days_over_all() -> None:
    shares = planned_shares(START, END, WEEKDAYS)
    days = [START + timedelta(days=n) for n in range(47)]
    working = [day for day in days if day.isoweekday() in WEEKDAYS]
    assert shares[date(2010, 10, 8)] == pytest.approx(sum(day <= date(2010, 10, 8) for day in working) / len(working))


def test_a_front_loaded_plan_has_half_its_time_for_three_quarters_of_the_work() -> None:
    shares = planned_shares(date(2010, 11, 1), date(2010, 11, 10), curve={"shape": "front-loaded"})
    assert shares[date(2010, 11, 5)] == pytest.approx(0.75)


def test_presets_hold_the_dates_of_the_handbook_and_load_as_a_form(sqlite_database: str, tmp_path: Path) -> None:
    sweep = {phase.code: phase for phase in PRESETS["yuhuatai-2010"]}["sweep"]
    assert (sweep.start, sweep.end) == (START, END)
    national = {phase.code: phase for phase in PRESETS["national-2020"]}
    assert (national["sweep"].start, national["short"].end) == (date(2020, 10, 11), date(2020, 11, 15))
    (tmp_path / "areas.csv").write_text("code,name,parent_code,level\n1,甲区,,1\n11,乙街道,1,2\n", encoding="utf-8")
    assert take_in(tmp_path / "areas.csv").result == "stored"
    for name, phases in PRESETS.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(calendar_form(name), encoding="utf-8")
        assert take_in(path).rows_rejected == 0, name
        assert {phase.code for phase in phases} <= set(PHASE_NAMES)
    assert set(calendar.phases("zh_Hans")["code"]) == {phase.code for phases in PRESETS.values() for phase in phases}


@pytest.fixture
def two_calendars(database: str, tmp_path: Path) -> tuple[int, int, int]:
    """Store a district of which one street works two days later, with frames of 300 and 100 households."""
    (tmp_path / "areas.csv").write_text(
        "code,name,parent_code,level\n1,甲区,,1\n11,乙街道,1,2\n12,丙街道,1,2\n", encoding="utf-8"
    )
    (tmp_path / "calendar.csv").write_text(
        "phase,area_code,start,end,curve\nsweep,,2010-09-01,2010-09-10,linear\nsweep,12,2010-09-03,2010-09-12,linear\n",
        encoding="utf-8",
    )
    (tmp_path / "targets.csv").write_text(
        "area_code,phase,frame_households\n11,sweep,300\n12,sweep,100\n", encoding="utf-8"
    )
    (tmp_path / "returns.csv").write_text(
        "report_date,area_code,phase,submitted_at,hh_done\n"
        "2010-09-05,11,sweep,2010-09-05 17:00,150\n2010-09-05,12,sweep,2010-09-05 17:00,30\n",
        encoding="utf-8",
    )
    for name in ("areas", "calendar", "targets", "returns"):
        receipt = take_in(tmp_path / f"{name}.csv")
        assert receipt.result == "stored", (name, [c.findings for c in receipt.checked])
    ids = [areas.by_address(address) for address in ("1", "1/11", "1/12")]
    assert all(ids)
    return ids[0], ids[1], ids[2]  # type: ignore[return-value]


def test_each_street_is_held_against_its_own_calendar(two_calendars: tuple[int, int, int]) -> None:
    from queries import completion

    district, early, late = two_calendars
    view = View(1, date(2010, 9, 5), district, district)
    rows = completion.by_child(view).set_index("area_id")
    assert rows.loc[early, "planned_share"] == pytest.approx(0.5)
    assert rows.loc[late, "planned_share"] == pytest.approx(0.3)
    assert rows.loc[late, "status"] == "green"
    whole = completion.of_area(view).iloc[0]
    assert whole["planned_share"] == pytest.approx((300 * 0.5 + 100 * 0.3) / 400)
    plan = calendar.plan(view).set_index("date")["planned_share"]
    assert plan[pd.Timestamp("2010-09-05")] == pytest.approx(whole["planned_share"])
    assert plan.iloc[-1] == pytest.approx(1.0)
    assert deadlines.of_area(view.at(late)).tolist() == [pd.Timestamp("2010-09-03"), pd.Timestamp("2010-09-12"), 7]
    assert deadlines.of_area(view.at(early)).tolist() == [pd.Timestamp("2010-09-01"), pd.Timestamp("2010-09-10"), 5]
    assert deadlines.of_area(view).tolist() == [pd.Timestamp("2010-09-01"), pd.Timestamp("2010-09-12"), 7]


def test_each_street_needs_the_pace_of_its_own_calendar_and_the_district_their_sum(
    two_calendars: tuple[int, int, int],
) -> None:
    from queries import completion

    district, early, late = two_calendars
    view = View(1, date(2010, 9, 5), district, district)
    rows = completion.by_child(view).set_index("area_id")["required_pace"]
    assert rows[early] == pytest.approx((300 - 150) / 5)
    assert rows[late] == pytest.approx((100 - 30) / 7)
    assert completion.of_area(view)["required_pace"].iloc[0] == pytest.approx(150 / 5 + 70 / 7)
    for street in (early, late):
        own = completion.of_area(view.at(street))["required_pace"].iloc[0]
        assert own == pytest.approx(rows[street])


def test_past_the_deadline_of_one_street_the_other_one_still_needs_its_pace(
    two_calendars: tuple[int, int, int], tmp_path: Path
) -> None:
    from queries import completion

    district, early, late = two_calendars
    (tmp_path / "later.csv").write_text(
        "report_date,area_code,phase,submitted_at,hh_done\n"
        "2010-09-10,11,sweep,2010-09-10 17:00,280\n2010-09-11,12,sweep,2010-09-11 17:00,60\n",
        encoding="utf-8",
    )
    assert take_in(tmp_path / "later.csv").result == "stored"
    view = View(1, date(2010, 9, 11), district, district)
    rows = completion.by_child(view).set_index("area_id")
    assert rows.loc[early, ["position", "status", "required_pace"]].tolist() == ["overdue", "red", np.inf]
    assert rows.loc[late, "required_pace"] == pytest.approx(40)
    whole = completion.of_area(view).iloc[0]
    assert (whole["required_pace"], whole["hh_overdue"]) == (40, 20)
    assert whole["position"] not in ("overdue", "nearly")


def test_a_unit_outside_its_own_phase_is_not_due(two_calendars: tuple[int, int, int]) -> None:
    from queries import completion

    district, _early, _late = two_calendars
    rows = completion.of_area(View(1, date(2010, 9, 2), district, district)).iloc[0]
    assert rows["leaves_due"] == 1
