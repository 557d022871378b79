"""Whether the figures are as new as the calendar says they should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import and_, func, or_, select

from queries.areas import within
from queries.database import engine
from queries.schema import area, daily_return, phase_day, progress
from queries.view import View


@dataclass(frozen=True)
class Newest:
    """The newest day with any return of an area, and when the last return of that day was received."""

    day: date
    received_at: datetime | None


@dataclass(frozen=True)
class Freshness:
    """How the figures stand against the clock.

    Attributes
    ----------
    state : str
        current; overdue: a due day has passed its cut-off and grace without any return; ended: the
        phase is over by the clock; past: an earlier day than the newest is looked at on purpose.
    missing : tuple of date
        The due days that have passed so, oldest first; empty unless overdue.
    """

    state: Literal["current", "overdue", "ended", "past"]
    missing: tuple[date, ...] = ()


def judge(
    as_of: date, newest: date | None, due: Sequence[date], end: date, cutoff: time, grace_minutes: int, now: datetime
) -> Freshness:
    """Judge the figures of a day by the clock.

    Parameters
    ----------
    as_of : date
        The day that is looked at.
    newest : date or None
        The newest day with any return; None before the first.
    due : sequence of date
        The days for which returns are due, in order.
    end : date
        The last day of the phase, whether or not a return is due on it.
    cutoff, grace_minutes : time, int
        Until when the returns of a day must be in, and how long a late one is waited for.
    now : datetime
        The clock, in the time zone of the cut-off.
    """
    if newest is not None and as_of < newest:
        return Freshness("past")
    if not due or now.date() > end:
        return Freshness("ended")
    grace = timedelta(minutes=grace_minutes)
    waited = [day for day in due if newest is None or day > newest]
    missing = tuple(day for day in waited if datetime.combine(day, cutoff) + grace < now)
    return Freshness("overdue", missing) if missing else Freshness("current")


def newest(view: View) -> Newest | None:
    """Return the newest day of the phase with any return of the viewed area; None before the first."""
    place = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    with engine().connect() as connection:
        day = connection.execute(
            select(func.max(progress.c.date))
            .join(area, area.c.id == progress.c.area_id)
            .where(
                progress.c.phase_id == view.phase_id,
                progress.c.area_id == view.area_id,
                progress.c.leaves_reported + progress.c.leaves_unasked > 0,
                within(view),
            )
        ).scalar()
        if day is None:
            return None
        received = connection.execute(
            select(func.max(daily_return.c.received_at))
            .join(area, area.c.id == daily_return.c.area_id)
            .join(place, area.c.first.between(place.c.first, place.c.last))
            .where(daily_return.c.phase_id == view.phase_id, daily_return.c.report_date == day, within(view))
        ).scalar()
    return Newest(day, received)


def due_days(view: View) -> tuple[date, ...]:
    """Return the days for which any return of the viewed area is due, by its calendar and those inside it."""
    place = select(area.c.first, area.c.last, area.c.level).where(area.c.id == view.area_id).subquery()
    covering = and_(area.c.first <= place.c.first, area.c.last >= place.c.last)
    inside = and_(area.c.first.between(place.c.first, place.c.last), area.c.level > place.c.level)
    calendars = (
        select(phase_day.c.area_id)
        .join(area, area.c.id == phase_day.c.area_id)
        .join(place, covering)
        .where(phase_day.c.phase_id == view.phase_id)
    )
    nearest = calendars.order_by(area.c.level.desc()).limit(1).scalar_subquery()
    own = select(area.c.id).join(place, inside)
    with engine().connect() as connection:
        days = connection.execute(
            select(phase_day.c.date)
            .where(
                phase_day.c.phase_id == view.phase_id,
                phase_day.c.is_open,
                or_(phase_day.c.area_id == nearest, phase_day.c.area_id.in_(own)),
            )
            .distinct()
            .order_by(phase_day.c.date)
        ).scalars()
        return tuple(days)
