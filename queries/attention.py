"""What a leader should look at now: the few areas that weigh most, with the likely cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from queries import completion, discrepancy, staffing
from queries.masking import without_sensitive
from queries.schema import area
from queries.view import View

COLUMNS: Final = ("area_id", "name", "parent_name", "what", "cause", "worth", "unit", "share", "number", "indicator")
SHORT_STAFF = 0.10  # of required enumerators
MANY_ABSENT = 1.5  # times the share of the whole


def attention(view: View, limit: int = 7) -> pd.DataFrame:
    """Return what weighs most below the viewed area, heaviest first.

    Columns: area_id, name, parent_name; what (behind_plan, red_in_green, uncovered_eds, not_reported,
    own_total_differs, unexplained); cause (short_staff, late_returns, absent_households, slow_pace,
    or empty where the thing is its own cause); worth (households or persons, see unit) and share of
    the whole's frame (0-1), by which the lines are ranked; number (posts, units or EDs the line
    speaks of); indicator of a discrepancy. One line an area and matter, at most `limit`.
    """
    whole = completion.of_area(view)
    streets = completion.by_child(view)
    if whole.empty or streets.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    units = completion.two_levels_down(view)
    staff = staffing.by_child(view)
    lines = [
        *_behind(whole, streets, staff),
        *_red_in_green(streets, units),
        *_uncovered(staff),
        *_not_reported(streets),
        *_own_totals(view),
        *_unexplained(view),
    ]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    bases = {"households": whole["hh_frame"].iloc[0], "persons": whole["pers_frame"].iloc[0]}
    frame["share"] = frame["worth"] / frame["unit"].map(bases).astype("float64")
    frame = frame[frame["worth"] > 0].sort_values("share", ascending=False, kind="stable")
    return frame.head(limit).reset_index(drop=True)


def needing(areas: pd.DataFrame) -> pd.DataFrame:
    """Return the completion rows that are behind plan or not wholly in: far behind first, then by backlog."""
    silent = areas["leaves_due"] - areas["leaves_reported"] > 0
    rank = areas["status"].map({"red": 0, "amber": 1}).fillna(2)
    chosen = areas.assign(rank=rank)[(rank < 2) | silent]
    return chosen.sort_values(["rank", "behind_hh"], ascending=[True, False], kind="stable").drop(columns="rank")


def _line(row: Any, what: str, worth: float, **more: Any) -> dict[str, Any]:
    usual = {"cause": "", "unit": "households", "number": np.nan, "indicator": "", "parent_name": None}
    return {"area_id": int(row.area_id), "name": row.name_, "what": what, "worth": worth, **usual, **more}


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.rename(columns={"name": "name_"}).itertuples()


def _behind(whole: pd.DataFrame, streets: pd.DataFrame, staff: pd.DataFrame) -> Iterator[dict[str, Any]]:
    enumerators = staff[staff["role"] == "enumerator"].set_index("area_id")
    for row in _rows(streets[streets["status"].isin(["red", "amber"])]):
        short = enumerators["shortfall"].get(row.area_id, np.nan)
        required = enumerators["required_known"].get(row.area_id, np.nan)
        absent = row.noncontact_share > MANY_ABSENT * whole["noncontact_share"].iloc[0]
        if required and short / required > SHORT_STAFF:
            cause, number = "short_staff", short
        elif absent:
            cause, number = "absent_households", row.hh_noncontact
        elif row.on_time_rate < 0.85:
            cause, number = "late_returns", row.leaves_due - row.leaves_on_time
        else:
            cause, number = "slow_pace", np.nan
        yield _line(row, "behind_plan", row.behind_hh, cause=cause, number=number)


def _red_in_green(streets: pd.DataFrame, units: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in _rows(streets[streets["status"] == "green"]):
        red = units[(units["parent_id"] == row.area_id) & (units["status"] == "red")]
        if len(red):
            yield _line(row, "red_in_green", red["behind_hh"].sum(), number=len(red))


def _uncovered(staff: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in _rows(staff[(staff["role"] == "enumerator") & (staff["eds_uncovered"] > 0)]):
        yield _line(row, "uncovered_eds", row.hh_uncovered, number=row.eds_uncovered)


def _not_reported(streets: pd.DataFrame) -> Iterator[dict[str, Any]]:
    silent = streets["leaves_due"] - streets["leaves_reported"]
    for row, number in zip(_rows(streets[silent > 0]), silent[silent > 0], strict=True):
        yield _line(row, "not_reported", row.hh_open_missing, number=number)


def _own_totals(view: View) -> Iterator[dict[str, Any]]:
    rows = discrepancy.own_totals(view)
    for row in _rows(rows[rows["area_id"] != view.area_id]):
        unit = "households" if row.indicator == "registered_households" else "persons"
        yield _line(
            row, "own_total_differs", abs(row.difference), unit=unit, number=row.difference, indicator=row.indicator
        )


def _unexplained(view: View) -> Iterator[dict[str, Any]]:
    rows = without_sensitive(discrepancy.compare(view, area.c.parent_id == view.area_id))
    rows = rows[rows["comparable"] & (rows["status"] == "red")]
    rows = rows.sort_values("unexplained_rate", ascending=False).drop_duplicates(["area_id", "indicator"])
    for row in _rows(rows):
        yield _line(
            row, "unexplained", row.unexplained, unit="persons", number=row.discrepancy, indicator=row.indicator
        )
