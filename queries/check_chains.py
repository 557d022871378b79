"""A re-check stands in for the check that it repeats: which checks of a unit still speak for it."""

from __future__ import annotations

import pandas as pd


def chains(checks: pd.DataFrame) -> pd.DataFrame:
    """Follow each check back to the first one that it repeats.

    Parameters
    ----------
    checks : DataFrame
        check_id, re_check_id (the check that this one repeats, missing for a first one), report_date.

    Returns
    -------
    DataFrame
        root (the first check of its chain), nth (0 for that one), stands (whether no later check of
        its chain has taken its place). A check that names one not among the rows is a first one.
    """
    repeats = dict(zip(checks["check_id"], checks["re_check_id"], strict=True))
    root, nth = [], []
    for number in checks["check_id"]:
        trail = [number]
        while (before := repeats.get(trail[-1])) in repeats and before not in trail:
            trail.append(before)
        root.append(trail[-1])
        nth.append(len(trail) - 1)
    found = pd.DataFrame({"root": root, "nth": nth}, index=checks.index)
    order = found.assign(day=pd.to_datetime(checks["report_date"])).sort_values(["day", "nth"], kind="stable")
    return found.assign(stands=~order["root"].duplicated(keep="last").reindex(checks.index))
