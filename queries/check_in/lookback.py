"""What a check-in looks back on: the bridge since the one before, the decisions, the areas that need attention."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from queries.check_in import bridge, meeting
from queries.check_in.meeting import Meeting
from queries.view import View


@dataclass(frozen=True)
class Lookback:
    """The bridge of the viewed area to the as-of date.

    Attributes
    ----------
    held : Meeting or None
        The check-in of the as-of date; once it is closed the bridge stays as it was then.
    since_id, since_day : int or None, date
        The closed check-in that the bridge begins with, and its day; without one the day before.
    moved : DataFrame
        As `bridge.since`.
    """

    held: Meeting | None
    since_id: int | None
    since_day: date
    moved: pd.DataFrame

    @property
    def begins(self) -> bool:
        """Whether anything was known of the day that the bridge begins with."""
        return bool(self.moved[["then_units", "then_hh_resolved"]].to_numpy().sum())


def lookback(view: View) -> Lookback:
    """Return what the check-in of the as-of date looks back on."""
    held = meeting.held(view)
    if held and held.closed_at and held.since_date:
        return Lookback(held, held.since_id, held.since_date, bridge.at_close(view, held.id))
    before = meeting.before(view)
    if before:
        return Lookback(held, before.id, before.day, bridge.since(view, before.id, before.day))
    yesterday = view.as_of - timedelta(days=1)
    return Lookback(held, None, yesterday, bridge.since(view, None, yesterday))


def not_judged(children: pd.DataFrame, staff: pd.DataFrame) -> int:
    """Return of how many areas it is not known whether they keep to plan, are in, or have their posts filled.

    Parameters
    ----------
    children, staff : DataFrame
        As `completion.by_child` and `staffing.by_child`.
    """
    wholly = staff[staff["shortfall"].notna() & ~(staff["units_missing"] > 0)]
    staffed = set(wholly.loc[wholly["role"] == "enumerator", "area_id"].astype("int64"))
    known = children["status"].isin(["green", "amber", "red", "small"]) & children["leaves_due"].notna()
    return int((~known | ~children["area_id"].astype("int64").isin(staffed)).sum())


def needing_attention(children: pd.DataFrame, staff: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the areas to speak about, the largest backlog first.

    Those behind plan, with units not in, with posts short, or with decisions that are not settled.

    Parameters
    ----------
    children, staff, decisions : DataFrame
        As `completion.by_child`, `staffing.by_child` and `verification.verified`.

    Returns
    -------
    DataFrame
        Columns of `completion.by_child`, and units_not_in, posts_short (over both roles, missing where
        nothing was filed, and where none is known to be short but not all is known), open_decisions
        (waiting, missed or without data) and missed.
    """
    posts = staff.groupby("area_id")["shortfall"].sum(min_count=1)
    unknown = staff.loc[staff["units_unjudged"] > 0, "area_id"]
    short = posts.mask((posts == 0) & posts.index.isin(unknown))  # none that is known says nothing of the others
    is_open = decisions["result"].isin(["missed", "no_data", "waiting"])
    held_by = decisions["child_id"][is_open].dropna().astype(int)
    open_ones, missed = Counter(held_by), Counter(held_by[decisions["result"] == "missed"])
    ids = children["area_id"].astype(int).tolist()
    rows = children.assign(
        units_not_in=children["leaves_due"] - children["leaves_reported"],
        posts_short=short.reindex(ids).to_numpy(dtype="float64"),
        open_decisions=[float(open_ones[area_id]) for area_id in ids],
        missed=[float(missed[area_id]) for area_id in ids],
    )
    behind = rows["status"].isin(["amber", "red"])
    others = (rows["units_not_in"] > 0) | (rows["posts_short"] > 0) | (rows["open_decisions"] > 0)
    return rows[behind | others].sort_values("behind_hh", ascending=False)
