"""What a sample can and cannot say of the unit that it was drawn from (indicators 31-33 of acceptance sampling).

A verdict by the rule is a decision, not an estimate: beside it stand the interval in which the true
rate may lie, and the chances that the rule passes a poor unit or fails one at its limit.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import binom, binomtest

from queries.indicators import allowed_errors

TWICE: Final = 2  # a unit at twice the limit is the one that a check should not pass
INSIDE: Final = (0.95, 0.998)  # share of units that chance alone keeps inside the limits of a funnel
STEPS: Final = 80  # sizes at which the limits of a funnel are worked out
MOST_ERRORS: Final = 20_000  # plans that allow more are not looked for


def wilson(errors: pd.Series, checked: pd.Series) -> pd.DataFrame:
    """Return the Wilson 95 % interval of each rate: low and high, 0-1; missing where nothing was checked.

    It takes the persons checked as drawn one by one; households drawn whole make it wider in truth.
    """
    bounds = [
        binomtest(int(e), int(n)).proportion_ci(0.95, method="wilson") if n > 0 and e == e else (np.nan, np.nan)
        for e, n in zip(errors, checked, strict=True)
    ]
    return pd.DataFrame(bounds, columns=["low", "high"], index=errors.index, dtype="float64")


def chance_of_passing(checked: pd.Series, limit: float, rate: float) -> pd.Series:
    """Return the chance that a unit with a true rate passes a check of so many (binomial); missing for none."""
    sizes = checked.where(checked > 0)
    return pd.Series(binom.cdf(allowed_errors(sizes, limit), sizes, rate), index=checked.index, dtype="float64")


def funnel(centre: float, smallest: float, largest: float) -> pd.DataFrame:
    """Return the limits within which rates lie by chance around a centre, from one size to another.

    Columns: checked, low_95, high_95, low_998, high_998 (0-1). They are quantiles of the binomial itself,
    drawn as smooth lines between whole numbers of errors: at a few in a thousand its normal
    approximation would go below zero and promise too much above.
    """
    sizes = np.unique(np.round(np.geomspace(max(smallest, 1), max(largest, 2), STEPS)))
    found = {"checked": sizes}
    for share, name in zip(INSIDE, ("95", "998"), strict=True):
        tail = (1 - share) / 2
        found |= {f"low_{name}": _quantile(sizes, centre, tail), f"high_{name}": _quantile(sizes, centre, 1 - tail)}
    return pd.DataFrame(found)


def _quantile(sizes: np.ndarray, rate: float, share: float) -> np.ndarray:
    whole = binom.ppf(share, sizes, rate)
    at, below = binom.cdf(whole, sizes, rate), binom.cdf(whole - 1, sizes, rate)
    back = np.divide(at - share, at - below, out=np.zeros_like(at), where=at > below)
    return np.clip((whole - back) / sizes, 0, 1)


def sample_size(limit: float, rate: float, risk: float) -> dict[str, float] | None:
    """Return how many to check so that a unit with a rate above the limit passes with at most a risk.

    The chance of passing falls with every one more that is checked and jumps up where one more error
    is allowed, so that there are two answers.

    Returns
    -------
    dict or None
        checked (the smallest sample that will do), allowed (errors with which it passes), passes (the
        chance left to the unit), fails_at_limit (the chance that one exactly at the limit is sent back),
        always_from (the size from which every larger sample will do). None where the rate is not above
        the limit, or where it lies too close to it.
    """
    if not 0 <= limit < rate < 1 or not 0 < risk < 1:
        return None
    if limit == 0:
        checked = int(np.ceil(np.log(risk) / np.log1p(-rate) - 1e-9))
        return _plan(checked, checked, limit, rate)
    allowed = np.arange(MOST_ERRORS)
    starts = np.maximum(1, np.ceil(allowed / limit - 1e-9))
    ends = np.ceil((allowed + 1) / limit - 1e-9) - 1
    at_end = binom.cdf(allowed, ends, rate) <= risk
    at_start = binom.cdf(allowed, starts, rate) <= risk
    if not at_end.any() or not at_start.any():
        return None
    first, sure = int(at_end.argmax()), int(at_start.argmax())
    before = sure - 1
    always = _smallest(before, starts, ends, rate, risk) if sure and at_end[before] else int(starts[sure])
    return _plan(_smallest(first, starts, ends, rate, risk), always, limit, rate)


def _smallest(allowed: int, starts: np.ndarray, ends: np.ndarray, rate: float, risk: float) -> int:
    """Return the smallest sample with so many errors allowed that leaves no more than the risk."""
    sizes = np.arange(starts[allowed], ends[allowed] + 1)
    return int(sizes[(binom.cdf(allowed, sizes, rate) <= risk).argmax()])


def _plan(checked: int, always: int, limit: float, rate: float) -> dict[str, float]:
    size = pd.Series([float(checked)])
    return {
        "checked": checked,
        "allowed": float(allowed_errors(size, limit).iloc[0]),
        "passes": float(chance_of_passing(size, limit, rate).iloc[0]),
        "fails_at_limit": 1 - float(chance_of_passing(size, limit, limit).iloc[0]),
        "always_from": always,
    }
