"""What a sample can say, against plain arithmetic and the figures that the handbook gives."""

from __future__ import annotations

from math import ceil, comb, floor, sqrt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.indicators import allowed_errors, limits_of, rule_by_rule, verdict
from queries.sampling import chance_of_passing, funnel, sample_size, wilson
from queries.settings import DEFAULTS

Z = 1.959963984540054


def at_most(errors: int, checked: int, rate: float) -> float:
    """Return the binomial chance of at most so many errors."""
    return sum(comb(checked, k) * rate**k * (1 - rate) ** (checked - k) for k in range(errors + 1))


def interval(errors: int, checked: int) -> tuple[float, float]:
    p, n = errors / checked, checked
    middle, reach = p + Z**2 / (2 * n), Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return (middle - reach) / (1 + Z**2 / n), (middle + reach) / (1 + Z**2 / n)


def one(number: float) -> pd.Series:
    return pd.Series([float(number)])


@pytest.mark.parametrize(
    ("errors", "checked", "low", "high"),
    [(1, 250, "0.7", "22"), (0, 75, "0.0", "49"), (4, 1_000, "1.6", "10"), (120, 30_000, "3.3", "4.8")],
)
def test_intervals_are_those_of_the_handbook(errors: int, checked: int, low: str, high: str) -> None:
    found = wilson(one(errors), one(checked)).iloc[0]
    assert f"{1000 * found['low']:.{len(low.partition('.')[2])}f}" == low
    assert f"{1000 * found['high']:.{len(high.partition('.')[2])}f}" == high
    assert found.tolist() == pytest.approx(interval(errors, checked), abs=1e-12)


@given(st.integers(1, 5_000), st.data())
def test_an_interval_holds_its_rate_and_lies_between_0_and_1(checked: int, data: st.DataObject) -> None:
    errors = data.draw(st.integers(0, checked))
    found = wilson(one(errors), one(checked)).iloc[0]
    assert -1e-12 <= found["low"] <= errors / checked <= found["high"] <= 1 + 1e-12
    assert found.tolist() == pytest.approx(interval(errors, checked), abs=1e-9)


def test_nothing_checked_has_no_interval_and_no_chance() -> None:
    missing = pd.Series([0.0, float("nan"), 3.0])
    checked = pd.Series([0.0, float("nan"), 100.0])
    assert wilson(missing, checked)["low"].isna().tolist() == [True, True, False]
    assert chance_of_passing(checked, 0.004, 0.008).isna().tolist() == [True, True, False]
    assert wilson(pd.Series([float("nan")]), one(100))["high"].isna().all()


def test_the_chances_of_a_check_of_250_are_those_of_the_handbook() -> None:
    twice = chance_of_passing(one(250), 0.004, 0.008).iloc[0]
    at_limit = 1 - chance_of_passing(one(250), 0.004, 0.004).iloc[0]
    assert twice == pytest.approx(at_most(1, 250, 0.008))
    assert at_limit == pytest.approx(1 - at_most(1, 250, 0.004))
    assert twice == pytest.approx(0.41, abs=0.006)
    assert f"{at_limit:.2f}" == "0.26"


@pytest.mark.parametrize(("checked", "allowed"), [(249, 0), (250, 1), (499, 1), (500, 2), (750, 3), (29_750, 119)])
def test_a_rate_exactly_at_the_limit_passes(checked: int, allowed: int) -> None:
    assert allowed_errors(one(checked), 0.004).iloc[0] == allowed == floor(checked * 4 / 1_000)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([0.002, 0.004, 0.01, 0.02]), st.sampled_from([1.5, 2.0, 3.0]), st.sampled_from([0.05, 0.1, 0.2]))
def test_the_sample_size_is_the_smallest_that_will_do(limit: float, times: float, risk: float) -> None:
    found = sample_size(limit, times * limit, risk)
    assert found is not None
    checked, always = int(found["checked"]), int(found["always_from"])
    around = {n + step for n in (checked, always) for step in (-1, 0, 1)}
    for n in sorted(around | set(range(1, always + ceil(3 / limit), 7))):
        will_do = at_most(floor(limit * n + 1e-9), n, times * limit) <= risk
        if n < checked:
            assert not will_do, n
        if n >= always or n == checked:
            assert will_do, n
        if n == always - 1 and always > checked:
            assert not will_do, n
    assert found["passes"] == pytest.approx(at_most(int(found["allowed"]), int(found["checked"]), times * limit))
    assert found["passes"] <= risk


def test_the_sample_that_a_unit_at_twice_the_limit_hardly_passes() -> None:
    found = sample_size(0.004, 0.008, 0.1)
    assert found is not None
    good = [n for n in range(1, 2_000) if at_most(floor(n * 4 / 1_000), n, 0.008) <= 0.1]
    bad = [n for n in range(1, 2_000) if n not in set(good)]
    assert found["checked"] == good[0] == 485
    assert found["always_from"] == bad[-1] + 1 == 834
    assert found["fails_at_limit"] == pytest.approx(1 - at_most(1, 485, 0.004))


def test_zero_tolerance_needs_enough_to_meet_one_error() -> None:
    found = sample_size(0.0, 0.01, 0.1)
    assert found is not None
    assert (found["checked"], found["allowed"]) == (230, 0)
    assert 0.99**230 <= 0.1 < 0.99**229


@pytest.mark.parametrize(
    ("limit", "rate", "risk"), [(0.004, 0.004, 0.1), (0.004, 0.003, 0.1), (0.0, 0.0, 0.1), (0.1, 1, 0.1)]
)
def test_no_sample_will_do_for_a_rate_that_is_not_above_the_limit(limit: float, rate: float, risk: float) -> None:
    assert sample_size(limit, rate, risk) is None


def test_a_funnel_narrows_and_holds_the_share_it_says() -> None:
    found = funnel(0.004, 50, 30_000)
    assert (found["low_998"] <= found["low_95"]).all()
    assert (found["high_95"] <= found["high_998"]).all()
    assert ((found["low_95"] <= 0.004) & (found["high_95"] >= 0.004)).all()
    first, last = found.iloc[0], found.iloc[-1]
    assert last["high_998"] - last["low_998"] < (first["high_998"] - first["low_998"]) / 5
    normal = 0.004 + 1.96 * sqrt(0.004 * 0.996 / last["checked"])
    assert last["high_95"] == pytest.approx(normal, rel=0.03)
    row = found.iloc[(found["checked"] - 250).abs().argmin()]
    inside = floor(row["high_95"] * row["checked"])
    assert at_most(inside, int(row["checked"]), 0.004) < 0.975 <= at_most(inside + 1, int(row["checked"]), 0.004)


def test_a_funnel_around_no_errors_is_flat() -> None:
    found = funnel(0.0, 10, 500)
    assert (found.drop(columns="checked") == 0).all(axis=None)


CHECKED = {"buildings": 20, "units": 500, "pers": 250, "hukou": 250, "birth": 3, "death": 0}


def a_check(**changes: object) -> pd.DataFrame:
    counts = {f"{item}_checked": float(n) for item, n in CHECKED.items()} | {f"{item}_err": 0.0 for item in CHECKED}
    return pd.DataFrame([{"map_ok": True, **counts, **changes}]).astype({"map_ok": "boolean"})


@pytest.mark.parametrize(
    ("stage", "changes", "expected"),
    [
        ("sweep", {}, "green"),
        ("sweep", {"units_err": 1.0, "hukou_err": 1.0}, "green"),
        ("sweep", {"units_err": 2.0}, "red"),
        ("sweep", {"hukou_err": 2.0}, "red"),
        ("sweep", {"buildings_err": 1.0}, "red"),
        ("sweep", {"birth_err": 1.0}, "red"),
        ("sweep", {"map_ok": False}, "red"),
        ("sweep", {"map_ok": None}, "unknown"),
        ("sweep", {"hukou_err": float("nan")}, "unknown"),
        ("sweep", {"hukou_checked": 0.0}, "unknown"),
        ("sweep", {"death_err": float("nan")}, "unknown"),
        ("sweep", {"death_err": float("nan"), "units_err": 2.0}, "red"),
        ("sweep", {"pers_err": 200.0}, "green"),
        ("short", {"pers_err": 1.0, "units_err": 400.0, "map_ok": False}, "green"),
        ("short", {"pers_err": 2.0}, "red"),
        ("short", {"hukou_err": 2.0}, "red"),
        ("coding", {"pers_err": 200.0}, "none"),
        ("coding", {"death_checked": 1.0, "death_err": 1.0}, "red"),
    ],
)
def test_the_verdict_follows_from_the_rule_of_the_stage(stage: str, changes: dict[str, object], expected: str) -> None:
    limits = limits_of(stage, DEFAULTS)
    assert verdict(rule_by_rule(a_check(**changes), stage, limits), limits).iloc[0] == expected


def test_limits_are_the_handbooks() -> None:
    assert limits_of("sweep", DEFAULTS) == {"buildings": 0.0, "units": 0.002, "hukou": 0.004}
    assert limits_of("short", DEFAULTS) == {"pers": 0.004, "hukou": 0.004}
    assert limits_of("long", DEFAULTS) == {}
