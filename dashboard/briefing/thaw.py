"""From frozen figures back to the frames that sentences and tables are made of, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import numpy as np
import pandas as pd

from queries.position import EVEN
from queries.view import View

IDS: Final = ("area_id", "parent_id")
TEXTS: Final = (
    "code", "kind", "status", "position", "day_work", "role", "what", "cause", "unit", "indicator", "source",
    "concept_note", "census_concept_note", "explained_reason", "owner", "case_status", "census_source", "why_not",
)  # fmt: skip
TRUTHS: Final = ("is_leaf", "comparable", "covers_special_area")
DAYS: Final = (
    "date", "value_date", "start", "end", "window_start", "window_end", "census_window_start",
    "census_window_end", "cutoff_at", "due_date",
)  # fmt: skip

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")


@dataclass(frozen=True)
class Thawed:
    """Frozen figures as frames: the rows of the queries that `queries.check_in.frozen.gather` names.

    Attributes
    ----------
    view : View
        What the figures are of; its scope is the area itself.
    phase : Series
        name, start, end, cutoff, grace_minutes, day, working_days_left.
    area : Series
        The completion row of the viewed area.
    unjudged : DataFrame or None
        What attention could not judge; None in briefs frozen before it was kept.
    compared : tuple of str or None
        Indicator and source of `compared_below`.
    number : int
        Of the meeting in the phase, else of the day.
    closed_at : datetime or None
        When the figures were frozen; None while they are not.
    """

    view: View
    phase: pd.Series
    area: pd.Series
    children: pd.DataFrame
    days: pd.DataFrame
    plan: pd.DataFrame
    roles: pd.DataFrame
    staffing: pd.DataFrame
    not_in: pd.DataFrame
    comparisons: pd.DataFrame
    compared_below: pd.DataFrame
    matters: pd.DataFrame
    unjudged: pd.DataFrame | None
    compared: tuple[str, str] | None
    commitments: Sequence[Mapping[str, Any]]
    bridge: Sequence[Mapping[str, Any]]
    number: int
    closed_at: datetime | None
    simulated: bool
    places: Mapping[str, Mapping[str, Any]]

    @property
    def dated(self) -> datetime:
        """Return when the figures were frozen, else the day that they are of: what files carry as their date."""
        return self.closed_at or datetime.combine(self.view.as_of, time.min)

    def name(self, area_id: int | None) -> str | None:
        """Return the name of an area that the figures speak of; None where they do not."""
        place = self.places.get(str(area_id))
        return None if place is None else str(place[self.view.language])


def thaw(figures: Mapping[str, Any], language: str) -> Thawed:
    """Return frozen figures as frames with the names of places in a language."""
    places = figures["areas"]
    tables = {
        key: _frame(table, places, language)
        for key, table in figures.items()
        if isinstance(table, Mapping) and table and all(isinstance(column, list) for column in table.values())
    }
    phase, meeting = figures["phase"], figures["check_in"]
    below = tables["compared_below"]
    return Thawed(
        view=View(
            phase["phase_id"], date.fromisoformat(figures["as_of"]), figures["area_id"], figures["area_id"], language
        ),
        phase=pd.Series(
            {
                **phase,
                "name": phase["names"][language],
                "start": pd.Timestamp(phase["start"]),
                "end": pd.Timestamp(phase["end"]),
                "cutoff": time.fromisoformat(phase["cutoff"]),
            }
        ),
        area=_completed(tables["area"], phase).iloc[0],
        children=_completed(tables["children"], phase),
        days=_framed(tables["days"]),
        plan=tables["plan"],
        roles=_staff(tables["roles"], figures["format"]),
        staffing=_staff(tables["staffing"], figures["format"]),
        not_in=tables["not_in"],
        comparisons=tables["comparisons"],
        compared_below=below,
        matters=tables["attention"],
        unjudged=tables.get("unjudged"),  # briefs frozen before it was kept have none
        compared=(below["indicator"].iloc[0], below["source"].iloc[0]) if len(below) else None,
        commitments=figures["commitments"],
        bridge=figures["bridge"],
        number=meeting["number"] if meeting else phase["day"],
        closed_at=datetime.fromisoformat(meeting["closed_at"]) if meeting and meeting["closed_at"] else None,
        simulated=figures["simulated"],
        places=places,
    )


def _completed(rows: pd.DataFrame, phase: Mapping[str, Any]) -> pd.DataFrame:
    """Return completion rows with what they have not had from the first: the position beside its light among it."""
    if "position" in rows:
        return rows
    gap = rows["gap_points"]
    named = rows["status"].replace({"green": "on_plan", "amber": "behind", "red": "far_behind"})
    named = named.mask((named == "on_plan") & (gap < -EVEN), "tolerated").mask(
        (named == "on_plan") & (gap > EVEN), "ahead"
    )
    rows = _framed(rows)
    return rows.assign(
        position=named,
        start=pd.Timestamp(phase["start"]),
        end=pd.Timestamp(phase["end"]),
        working_days_left=float(phase["working_days_left"]),
        unframed_resolved=(rows["hh_resolved"] - rows["framed_resolved"].fillna(0)).where(rows["leaves_unframed"] > 0),
        framed_increment=rows["increment"],
        hh_overdue=0.0,
        day_work="unknown",
        leaves_off=0.0,
        leaves_unasked=0.0,
    )


def _framed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the resolved households of units with a frame: what the rate was made of."""
    if "framed_resolved" in rows:
        return rows
    return rows.assign(framed_resolved=(rows["resolution_rate"] * rows["hh_frame"]).round())


def _staff(rows: pd.DataFrame, layout: int) -> pd.DataFrame:
    """Return staffing rows as they are now; in the first layout surpluses counted in the fill rate and the light."""
    if layout > 1:
        return rows
    rows = rows.rename(columns={"fill_rate": "staff_to_requirement"}).assign(
        units_unjudged=rows["units_missing"],
        eds_weighed=rows["eds_uncovered"],
        qualified_fill_rate=np.nan,
        status=rows["status"].replace("green", "unknown"),
    )
    later = ("fill_rate", "posts_filled", "units_unrequired", "units_covered")
    return rows.assign(**dict.fromkeys(later, np.nan))


def _frame(table: Mapping[str, Sequence[Any]], places: Mapping[str, Mapping[str, Any]], language: str) -> pd.DataFrame:
    frame = pd.DataFrame({name: _column(name, values) for name, values in table.items()})
    if "area_id" in frame:
        here = [places[str(i)] for i in frame["area_id"]]
        above = [places.get(str(place["parent_id"])) for place in here]
        frame["name"] = pd.Series([place[language] for place in here], index=frame.index, dtype="str")
        frame["parent_name"] = pd.Series(
            [None if place is None else place[language] for place in above], index=frame.index, dtype="str"
        )
    return frame


def _column(name: str, values: Sequence[Any]) -> pd.Series:
    """Return a column by what it is known to hold, else by what its values look like."""
    known = [value for value in values if value is not None and value != "inf"]
    if name in IDS:
        return pd.Series(values, dtype="Int64")
    if name in TRUTHS or any(isinstance(value, bool) for value in known):
        return pd.Series(values, dtype="bool" if name == "comparable" else "boolean")
    if name in DAYS or (name not in TEXTS and known and all(map(_is_day, known))):
        return pd.to_datetime(pd.Series(values, dtype="object"), format="ISO8601")
    if name in TEXTS or any(isinstance(value, str) for value in known):
        return pd.Series(values, dtype="str")
    return pd.Series([float("nan") if value is None else float(value) for value in values], dtype="float64")


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and bool(DAY.fullmatch(value))
