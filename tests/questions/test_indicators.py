"""Formulas and thresholds at their edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries.indicators import (
    INDICATORS,
    PROGRESS_INDICATORS,
    band_status,
    capture_ratio,
    days_late,
    discrepancy,
    flow_balance,
    pace,
    ratio,
    required_pace,
    status,
    with_indicators,
)
from queries.settings import DEFAULTS

PLAN = pd.DataFrame({"date": pd.date_range("2010-09-15", periods=4), "planned_share": [0.25, 0.5, 0.75, 1.0]})


def test_a_rate_without_a_denominator_is_unknown_and_never_zero() -> None:
    rates = ratio(pd.Series([0.0, 5.0, 3.0]), pd.Series([0.0, np.nan, 6.0]))
    assert rates.isna().tolist() == [True, True, False]
    assert rates[2] == 0.5


def test_every_indicator_is_a_ratio_of_sums_so_that_parts_never_average() -> None:
    parts = pd.DataFrame({"framed_resolved": [90.0, 10.0], "hh_frame": [100.0, 900.0]})
    whole = parts.sum().to_frame().T
    assert INDICATORS["resolution_rate"].of(whole)[0] == 0.1
    assert INDICATORS["resolution_rate"].of(parts).mean() != 0.1


def test_every_indicator_has_a_number_and_its_columns_exist() -> None:
    columns = {term.column for i in PROGRESS_INDICATORS for term in (*i.numerator, *i.denominator)}
    frame = pd.DataFrame({name: [1.0] for name in columns | {"leaves_timed", "leaves_reported"}})
    frame["hh_frame"] = 4.0
    assert with_indicators(frame, PROGRESS_INDICATORS).notna().all(axis=None)
    assert len({i.key for i in PROGRESS_INDICATORS}) == len(PROGRESS_INDICATORS)


@pytest.mark.parametrize(
    ("value", "light"), [(0.95, "green"), (0.9499, "amber"), (0.85, "amber"), (0.8499, "red"), (np.nan, "unknown")]
)
def test_a_limit_belongs_to_the_better_side(value: float, light: str) -> None:
    assert status(pd.Series([value]), DEFAULTS["schedule_index"]).iloc[0] == light


@pytest.mark.parametrize(("rate", "light"), [(0.004, "green"), (0.0041, "amber"), (0.01, "amber"), (0.011, "red")])
def test_a_discrepancy_is_judged_by_its_tolerance(rate: float, light: str) -> None:
    assert status(pd.Series([rate]), DEFAULTS["tolerance.hukou"], high_is_good=False).iloc[0] == light


def test_a_capture_ratio_is_judged_on_both_sides() -> None:
    low, high, outer_low, outer_high = DEFAULTS["capture_ratio"]
    middle = (low + high) / 2
    values = pd.Series([middle, (outer_low + low) / 2, outer_low / 2, outer_high * 2, np.nan])
    assert band_status(values, DEFAULTS["capture_ratio"]).tolist() == ["green", "amber", "red", "red", "unknown"]
    found, known, covered = pd.Series([431.0, 1.0]), pd.Series([1702.0, 0.0]), pd.Series([151_990 / 426_023, 0.5])
    ratios = capture_ratio(found, known, covered)
    assert ratios[0] == pytest.approx(0.7098, abs=1e-3)
    assert np.isnan(ratios[1])


def history(resolved: list[float | None], gone: list[float] | None = None) -> pd.DataFrame:
    days = pd.date_range("2010-09-15", periods=len(resolved))
    carried = pd.Series(resolved, dtype="float64").ffill()
    came = [value is not None for value in resolved]
    gone = np.arange(len(resolved), dtype=float) if gone is None else gone
    return pd.DataFrame({"area_id": 1, "date": days, "hh_resolved": carried, "came": came, "gone": gone})


def test_pace_spans_the_days_between_reports_and_a_missing_day_is_no_zero() -> None:
    assert pace(history([0, 10, 20, 30]), 3)[1] == 10
    assert pace(history([0, 10, None, 20, 30]), 3)[1] == pytest.approx(30 / 4)
    assert pace(history([0, 10, 20, 30, None]), 3)[1] == 10
    assert np.isnan(pace(history([0, 10]), 3)[1])


def test_days_on_which_nothing_is_planned_or_due_do_not_lengthen_the_pace() -> None:
    friday_to_tuesday = history([0, 10, None, None, 20, 30], gone=[1, 2, 2, 2, 3, 4])
    assert pace(friday_to_tuesday, 3)[1] == 10
    assert np.isnan(pace(history([0, 10, 20, 30], gone=[1, 1, 1, 1]), 3)[1])


def test_required_pace_uses_what_remains_and_the_days_that_remain() -> None:
    remaining, left = pd.Series([230.0, 0.0, 5.0, np.nan, 90.0]), pd.Series([23.0, 0.0, 0.0, 0.0, 9.0])
    assert required_pace(remaining, left).tolist()[:3] == [10, 0, np.inf]
    assert np.isnan(required_pace(remaining, left)[3])
    assert required_pace(remaining, left)[4] == 10


@pytest.mark.parametrize(("share", "late"), [(0.5, 0), (0.25, 1), (0.1, 1), (0.75, -1), (1.0, -2)])
def test_days_late_count_back_to_the_day_whose_plan_is_met(share: float, late: int) -> None:
    assert days_late(share, PLAN, pd.Timestamp("2010-09-16")) == late


def test_days_late_are_unknown_before_the_phase_or_without_a_plan() -> None:
    assert np.isnan(days_late(0.1, PLAN, pd.Timestamp("2010-09-14")))
    assert np.isnan(days_late(0.1, PLAN.iloc[:0], pd.Timestamp("2010-09-16")))


def test_what_is_explained_leaves_the_rest_of_the_difference() -> None:
    found = discrepancy(pd.Series([218_365.0]), pd.Series([222_381.0]), pd.Series([-2_602.0])).iloc[0]
    assert found["discrepancy"] == -4_016
    assert f"{found['rate']:.2%}" == "-1.81%"
    assert found["unexplained"] == 1_414
    assert f"{1000 * found['unexplained_rate']:.2f}" == "6.36"


def test_flows_between_streets_should_balance() -> None:
    gap, share = flow_balance(24_578, 13_775)
    assert gap == 10_803
    assert f"{share:.2%}" == "43.95%"


def test_days_on_which_the_plan_stands_still_are_not_late() -> None:
    plan = pd.DataFrame(
        {"date": pd.date_range("2010-09-16", periods=6), "planned_share": [0.25, 0.5, 0.5, 0.5, 0.75, 1.0]}
    )
    assert [days_late(0.5, plan, pd.Timestamp(f"2010-09-{day}")) for day in (17, 18, 19, 20)] == [0, 0, 0, 1]
    assert days_late(0.75, plan, pd.Timestamp("2010-09-17")) == -1
