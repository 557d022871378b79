"""Where an area stands on its last day: what a load would move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from queries.areas import within
from queries.schema import area, progress
from queries.view import View


@dataclass(frozen=True)
class Standing:
    """Resolved households and returns of an area on the last day that anything is known of.

    Attributes
    ----------
    day : date
        The last day of the phase with a return.
    hh_resolved : int or None
        Households resolved, units not in at their last figure; None while nothing is reported.
    leaves_reported, leaves_due : int
        Units in and units due on the day.
    """

    day: date
    hh_resolved: int | None
    leaves_reported: int
    leaves_due: int


def standing(connection: Connection, view: View) -> Standing | None:
    """Return where the viewed area stands inside an open transaction; None without any return."""
    found = connection.execute(
        select(progress.c.date, progress.c.hh_resolved, progress.c.leaves_reported, progress.c.leaves_due)
        .join(area, area.c.id == progress.c.area_id)
        .where(progress.c.phase_id == view.phase_id, progress.c.area_id == view.area_id, within(view))
        .order_by(progress.c.date.desc())
        .limit(1)
    ).first()
    return None if found is None else Standing(*found)
