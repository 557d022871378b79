"""What a leader should look at now: the viewed area's own matters, then the places below that weigh most.

A matter is known to be wrong, never merely unknown: what could not be judged is told apart (`Looked.unjudged`), so
that an empty list is not taken for good news.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import or_

from queries import completion, discrepancy, staffing
from queries.masking import without_sensitive
from queries.position import EVEN
from queries.schema import area
from queries.view import View

COLUMNS: Final = (
    "area_id", "name", "parent_name", "what", "cause", "worth", "unit", "share", "number", "indicator", "source",
    "gap_points", "rate", "times",
)  # fmt: skip
UNJUDGED: Final = ("completion", "returns", "uncovered_eds", "own_totals", "departments")
OF_HOUSEHOLDS: Final = ("registered_households", "vacant", "dwelling_units")
SHORT_STAFF = 0.10  # of required enumerators
MANY_ABSENT = 1.5  # times the share of the whole


@dataclass(frozen=True)
class Looked:
    """What was found in an area and right below it, and what could not be looked at.

    Attributes
    ----------
    lines : DataFrame
        As `attention` gives them.
    unjudged : DataFrame
        what (one of `UNJUDGED`: completion against plan, returns of the day, enumeration districts without an
        enumerator, own totals that were filed, departments' figures), places (of the viewed area and those
        right below, how many cannot be judged by it), of. Empty where everything is known.
    """

    lines: pd.DataFrame
    unjudged: pd.DataFrame


@dataclass(frozen=True)
class _Known:
    """What is known of the viewed area (`here`, with the one above for comparison) and of those right below."""

    view: View
    here: pd.DataFrame
    above: pd.DataFrame
    children: pd.DataFrame
    units: pd.DataFrame
    staff: pd.DataFrame
    totals: pd.DataFrame
    compared: pd.DataFrame


def attention(view: View, limit: int = 7) -> pd.DataFrame:
    """Return what is wrong in the viewed area and right below it: its own matters first, then place by place.

    One row a matter; the rows of a place stand together, at most `limit` places. Columns: area_id, name,
    parent_name; what (behind_plan; perhaps_behind: only if the units not in have done nothing; red_in_green,
    uncovered_eds; silent: a unit that is not in; not_reported, own_total_differs, unexplained); cause of
    being behind (short_staff, late_returns, absent_households, slow_pace, else empty); worth (households or
    persons, see unit; missing where unknown) and share of the viewed area's frame (0-1); number (posts, units
    or EDs the line speaks of); indicator and source of a figure; gap_points (to plan, percentage points);
    rate (signed, 0-1 of the department's figure) and times (of the tolerance) of a discrepancy.

    The first row of a place is its heaviest, and its worth is that of the place: households behind plan,
    without an enumerator and in units not in are largely the same ones. Together they are at least as many
    as the largest of these and cannot be added up. Places follow one another by that share.
    """
    return look(view, limit).lines


def look(view: View, limit: int = 7) -> Looked:
    """Return what is wrong in the viewed area and right below it, and what could not be judged there."""
    here = completion.of_area(view)
    if here.empty:
        return Looked(pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame(columns=["what", "places", "of"]))
    parent = here["parent_id"].iloc[0]
    above = here.iloc[:0] if pd.isna(parent) else completion.of_area(view.at(int(parent)))
    both = or_(area.c.id == view.area_id, area.c.parent_id == view.area_id)
    known = _Known(
        view,
        here,
        above,
        completion.by_child(view),
        completion.two_levels_down(view),
        pd.concat([staffing.of_area(view), staffing.by_child(view)], ignore_index=True),
        discrepancy.three_way(view),
        without_sensitive(discrepancy.compare(view, both)),
    )
    return Looked(_lines(known, limit), _unjudged(known))


def needing(areas: pd.DataFrame) -> pd.DataFrame:
    """Return the completion rows that are behind plan or not wholly in: far behind first, then by backlog."""
    silent = areas["leaves_due"] - areas["leaves_reported"] > 0
    rank = areas["status"].map({"red": 0, "amber": 1}).fillna(2)
    chosen = areas.assign(rank=rank)[(rank < 2) | silent]
    return chosen.sort_values(["rank", "behind_hh"], ascending=[True, False], kind="stable").drop(columns="rank")


def _lines(known: _Known, limit: int) -> pd.DataFrame:
    lines = [
        *_behind(known),
        *_red_in_green(known.children, known.units),
        *_uncovered(known.staff),
        *_not_reported(known),
        *_own_totals(known.totals),
        *_unexplained(known.compared),
    ]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    numbers = ("worth", "number", "gap_points", "rate", "times")
    frame = frame.astype({"area_id": "int64", **dict.fromkeys(numbers, "float64")})
    bases = {
        name: known.here[column].iloc[0] for name, column in (("households", "hh_frame"), ("persons", "pers_frame"))
    }
    frame["share"] = frame["worth"] / frame["unit"].map(bases).astype("float64")
    heaviest = frame.groupby("area_id")["share"].transform("max")
    frame = frame.assign(below=frame["area_id"] != known.view.area_id, heaviest=heaviest.fillna(-1.0))
    frame = frame.assign(weight=frame["share"].fillna(-1.0), place=frame.groupby("area_id", sort=False).ngroup())
    frame = frame.sort_values(
        ["below", "heaviest", "place", "weight"], ascending=[True, False, True, False], kind="stable"
    )
    places = frame["area_id"].unique()[:limit]
    return frame.loc[frame["area_id"].isin(places), list(COLUMNS)].reset_index(drop=True)


def _line(row: Any, what: str, worth: float, **more: Any) -> dict[str, Any]:
    usual = {"cause": "", "unit": "households", "number": np.nan, "indicator": "", "source": "", "parent_name": None}
    return {"area_id": int(row.area_id), "name": row.name_, "what": what, "worth": worth, **usual, **more}


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.rename(columns={"name": "name_"}).itertuples()


def _enumerators(staff: pd.DataFrame) -> pd.DataFrame:
    return staff[staff["role"] == "enumerator"].set_index("area_id", drop=False)


def _behind(known: _Known) -> Iterator[dict[str, Any]]:
    """Yield places behind plan; each is held against the whole that it is part of, on whichever page it stands.

    The viewed area is told of any gap, those below of one that colours them.
    """
    enumerators = _enumerators(known.staff)
    coloured = known.children["status"].isin(["red", "amber"])
    own_gap = known.here["status"].isin(["red", "amber"]) | (
        (known.here["status"] == "green") & (known.here["gap_points"] < -EVEN) & (known.here["hh_open"] > 0)
    )
    for rows, whole in ((known.here[own_gap], known.above), (known.children[coloured], known.here)):
        for row in _rows(rows):
            perhaps = row.leaves_due > row.leaves_reported and row.resolution_high >= row.planned_share
            cause, number = ("", np.nan) if perhaps else _cause(row, whole, enumerators)
            what = "perhaps_behind" if perhaps else "behind_plan"
            yield _line(row, what, row.behind_hh, cause=cause, number=number, gap_points=row.gap_points)


def _cause(row: Any, whole: pd.DataFrame, enumerators: pd.DataFrame) -> tuple[str, float]:
    """Return why a place is likely to be behind, and how many posts, households or units that rests on."""
    short = enumerators["shortfall"].get(row.area_id, np.nan)
    required = enumerators["required_known"].get(row.area_id, np.nan)
    if required and short / required > SHORT_STAFF:
        return "short_staff", short
    if len(whole) and row.noncontact_share > MANY_ABSENT * whole["noncontact_share"].iloc[0]:
        return "absent_households", row.hh_noncontact
    if row.on_time_rate < 0.85:
        return "late_returns", row.leaves_due - row.leaves_on_time
    return "slow_pace", np.nan


def _red_in_green(children: pd.DataFrame, units: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in _rows(children[children["status"] == "green"]):
        red = units[(units["parent_id"] == row.area_id) & (units["status"] == "red")]
        if len(red):
            yield _line(row, "red_in_green", red["behind_hh"].sum(), number=len(red))


def _uncovered(staff: pd.DataFrame) -> Iterator[dict[str, Any]]:
    rows = _enumerators(staff)
    for row in _rows(rows[rows["eds_uncovered"] > 0]):
        yield _line(row, "uncovered_eds", row.hh_uncovered, number=row.eds_uncovered)


def _not_reported(known: _Known) -> Iterator[dict[str, Any]]:
    places = pd.concat([known.here, known.children])
    silent = places["leaves_due"] - places["leaves_reported"]
    for row, number in zip(_rows(places[silent > 0]), silent[silent > 0], strict=True):
        yield _line(row, "silent" if row.is_leaf else "not_reported", row.hh_open_missing, number=number)


def _own_totals(totals: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in _rows(discrepancy.differing(totals)):
        said = {"number": row.difference, "indicator": row.indicator}
        yield _line(row, "own_total_differs", abs(row.difference), unit=_unit(row.indicator), **said)


def _unexplained(compared: pd.DataFrame) -> Iterator[dict[str, Any]]:
    rows = compared[compared["comparable"] & (compared["status"] == "red")]
    rows = rows.assign(times=rows["unexplained_rate"] / rows["tolerance"].where(rows["tolerance"] > 0))
    rows = rows.sort_values("times", ascending=False, kind="stable").drop_duplicates(["area_id", "indicator"])
    for row in _rows(rows):
        said = {"number": row.discrepancy, "rate": row.rate, "times": row.times}
        said |= {"unit": _unit(row.indicator), "indicator": row.indicator, "source": row.source}
        yield _line(row, "unexplained", row.unexplained, **said)


def _unit(indicator: str) -> str:
    return "households" if indicator in OF_HOUSEHOLDS else "persons"


def _unjudged(known: _Known) -> pd.DataFrame:
    """Return by what how many places cannot be judged. An own total that nobody filed leaves nothing unknown."""
    places = pd.concat([known.here, known.children], ignore_index=True)
    ids, unframed = places["area_id"].astype("int64"), places["status"] == "unknown"
    staff = _enumerators(known.staff)
    told = staff["eds_uncovered"].notna() & ~(staff["units_missing"] > 0)
    judged = known.compared[known.compared["comparable"] & (known.compared["status"] != "unknown")]
    departments = places["kind"] != "ed"  # nobody files figures of enumeration districts
    too_small = (places["status"] == "small") & ~(places["behind_hh"] == 0)
    missing = {
        "completion": unframed | too_small,
        "returns": places["leaves_due"].isna(),
        "uncovered_eds": ~ids.isin(staff.index[told].astype("int64")),
        "own_totals": ids.isin(known.totals.loc[known.totals["own_less_detail"].isna(), "area_id"].astype("int64")),
        "departments": departments & ~ids.isin(judged["area_id"].astype("int64")),
    }
    rows = [(what, int(found.sum()), len(places)) for what, found in missing.items() if found.any()]
    return pd.DataFrame(rows, columns=["what", "places", "of"])
