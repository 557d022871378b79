"""By when the register clean-up must be done, as the census calendar says."""

from __future__ import annotations

from typing import Final

import pandas as pd
from sqlalchemy import select

from queries.areas import within
from queries.database import fetch
from queries.schema import area, phase, phase_area
from queries.view import View

PHASES: Final = ("cleanup", "rectification")
# What is due, by the phase and the edge of it that sets the day; the first that the calendar holds counts.
DUE: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "materials_handed_over": (("rectification", "start"), ("cleanup", "end")),  # the police rectify from them
    "db_updated": (("rectification", "end"), ("cleanup", "end")),
}


def due_below(view: View) -> pd.DataFrame:
    """Return by when each area right below the viewed one, and that itself, must have rectified: area_id, due.

    That is the end of the rectification, or of the clean-up where the calendar has no rectification.
    """
    days = windows(view)["end"]
    usual = next((days[code] for code, _ in DUE["db_updated"] if code in days.index), pd.NaT)
    below = fetch(
        select(area.c.id.label("area_id"), phase.c.code, phase_area.c.end)
        .select_from(area)
        .outerjoin(phase_area, phase_area.c.area_id == area.c.id)
        .outerjoin(phase, phase.c.id == phase_area.c.phase_id)
        .where((area.c.parent_id == view.area_id) | (area.c.id == view.area_id), within(view))
    )
    rectifying = below[below["code"] == "rectification"]
    own = dict(zip(rectifying["area_id"], rectifying["end"], strict=True))
    places = below[["area_id"]].drop_duplicates(ignore_index=True)
    return places.assign(due=pd.to_datetime([own.get(area_id, usual) for area_id in places["area_id"]]))


def windows(view: View) -> pd.DataFrame:
    """Return start and end of the phases of the clean-up for the viewed area, by code: its own, or its parents'."""
    place = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    usual = fetch(select(phase.c.code, phase.c.start, phase.c.end).where(phase.c.code.in_(PHASES)))
    own = fetch(
        select(phase.c.code, phase_area.c.start, phase_area.c.end)
        .select_from(phase_area)
        .join(phase, phase.c.id == phase_area.c.phase_id)
        .join(area, area.c.id == phase_area.c.area_id)
        .join(place, area.c.first <= place.c.first)
        .where(phase.c.code.in_(PHASES), area.c.last >= place.c.last)
        .order_by(area.c.level)
    )
    every = pd.concat([part for part in (usual, own) if len(part)]) if len(usual) else usual
    return every.drop_duplicates("code", keep="last").set_index("code")
