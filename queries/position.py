"""Where an area stands against its plan and its deadline: decided here, once, for every page, chart and paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from queries.indicators import status

EVEN: Final = 0.05  # percentage points: nearer to plan than one printed digit is on plan
# What each position is in the traffic light.
POSITIONS: Final = {
    "ahead": "green",
    "on_plan": "green",
    "tolerated": "green",  # behind plan by less than the limit of the schedule index
    "behind": "amber",
    "far_behind": "red",
    "finished": "green",  # no household of the frame is open
    "nearly": "amber",  # past the deadline with few households open
    "overdue": "red",
    "not_begun": "unknown",
    "small": "small",  # fewer households than a rate can be judged by
    "unknown": "unknown",
}


def position(rows: pd.DataFrame, as_of: date, settings: Mapping[str, Any]) -> pd.Series:
    """Return the position of each area, one of `POSITIONS` (indicator 47).

    Against the plan by the schedule index; once the plan stands at 100 % by the resolution rate itself; past
    the deadline by what is still open.

    Parameters
    ----------
    rows : DataFrame
        resolution_rate, planned_share, schedule_index, gap_points, hh_frame, hh_open; start and end of the
        calendars that the area follows.
    """
    gap = rows["gap_points"]
    last_day = status(rows["resolution_rate"], settings["resolution_last_day"])
    light = status(rows["schedule_index"], settings["schedule_index"])
    light = light.mask((rows["planned_share"] <= 0) & gap.notna(), "green")  # nothing was planned so far
    light = light.mask(rows["planned_share"] >= 1 - 1e-9, last_day)
    today = pd.Timestamp(as_of)
    still_open = (rows["hh_open"] > 0).to_numpy()
    past = (rows["end"] < today).to_numpy()
    named = np.select(
        [
            rows["start"] > today,
            rows["hh_frame"] < settings["small_frame"],
            rows["resolution_rate"].isna(),
            (rows["hh_open"] == 0) & (rows["hh_frame"] > 0),
            past & still_open & (last_day == "red"),
            past & still_open,
            gap.isna() | (light == "unknown"),
            light == "red",
            light == "amber",
            gap < -EVEN,
            gap > EVEN,
        ],
        [
            "not_begun", "small", "unknown", "finished", "overdue", "nearly",
            "unknown", "far_behind", "behind", "tolerated", "ahead",
        ],
        "on_plan",
    )  # fmt: skip
    return pd.Series(named, index=rows.index, dtype="str")


def light(positions: pd.Series) -> pd.Series:
    """Return the traffic light of positions: green, amber, red, small or unknown."""
    return positions.map(POSITIONS).astype("str")


def day_work(rows: pd.DataFrame) -> pd.Series:
    """Return whether a day's work suffices for the deadline: enough, short, open (units not in decide) or unknown.

    Unknown on a day on which no return was due, and where units had no frame on one day and have one now.

    Parameters
    ----------
    rows : DataFrame
        framed_increment (households of the frame resolved that day), hh_open_missing, required_pace, hh_overdue,
        leaves_due.
    """
    done, needed = rows["framed_increment"], np.floor(rows["required_pace"] + 0.5)
    most = done + rows["hh_open_missing"]
    unknown = done.isna() | needed.isna() | ~(rows["leaves_due"] > 0)
    named = np.select(
        [unknown, rows["hh_overdue"] > 0, done >= needed, most < needed],
        ["unknown", "short", "enough", "short"],
        "open",
    )
    return pd.Series(named, index=rows.index, dtype="str")
