"""A check-in is opened once a day for an area, and closed once: from then on it can only be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, and_, func, insert, literal, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from queries import audit
from queries.areas import within
from queries.check_in import bridge, verification
from queries.check_in.errors import ClosedError, ConflictError, MovedOnError, OutOfScopeError
from queries.database import engine
from queries.schema import Key, area, check_in, check_in_unit, load
from queries.view import View


@dataclass(frozen=True)
class Meeting:
    """A check-in.

    Attributes
    ----------
    area_id, area_name : int, str or None
        The area that it speaks of; its name only where the viewer may see that area.
    day : date
        The day whose figures were looked at.
    closed_at : datetime or None
        From then on it is read-only.
    data_version : int or None
        Highest load when it was closed.
    since_id, since_date : int or None, date or None
        Of a closed one: the check-in that its bridge begins with, and that one's day.
    version : int
        Rises with everything that is written to it.
    writable : bool
        Open, and its whole area inside the viewer's scope.
    """

    id: int
    area_id: int
    area_name: str | None
    day: date
    opened_at: datetime
    closed_at: datetime | None
    data_version: int | None
    since_id: int | None
    since_date: date | None
    version: int
    simulated: bool
    writable: bool


def held(view: View) -> Meeting | None:
    """Return the check-in of the as-of date that covers the viewed area: the nearest one above, or its own."""
    return _first(_covering(view).where(check_in.c.date == view.as_of))


def last_closed(view: View) -> Meeting | None:
    """Return the check-in to compare with: the last closed one of an earlier day that covers the viewed area.

    Once that of the as-of date itself is closed, and its figures are not any more what they were at
    its close, it is that one.
    """
    today = held(view)
    if today and today.closed_at and has_moved_on(view, today):
        return today
    return before(view)


def before(view: View) -> Meeting | None:
    """Return the last closed check-in of a day before the as-of date that covers the viewed area."""
    return _first(_before(view))


def number(view: View, check_in_id: int) -> int:
    """Return how many check-ins of its area and phase were held up to this one, itself included."""
    this = check_in.alias("this")
    same = and_(check_in.c.phase_id == this.c.phase_id, check_in.c.area_id == this.c.area_id)
    statement = (
        select(func.count())
        .select_from(this.join(check_in, and_(same, check_in.c.date <= this.c.date)))
        .where(this.c.id == check_in_id)
    )
    with engine().connect() as connection:
        return connection.execute(statement).scalar_one()


def has_moved_on(view: View, meeting: Meeting) -> bool:
    """Return whether the figures of a closed check-in's day, in the viewed area, differ from what was frozen."""
    rows = bridge.unit_rows(view.on(meeting.day), meeting.id, meeting.day).subquery()
    moved = or_(
        rows.c.hh_frame.is_distinct_from(rows.c.then_frame),
        rows.c.hh_resolved.is_distinct_from(rows.c.then_resolved),
        rows.c.is_in != rows.c.then_in,
        rows.c.is_due != rows.c.then_due,
    )
    with engine().connect() as connection:
        return connection.execute(select(literal(1)).select_from(rows).where(moved).limit(1)).first() is not None


def frozen_figures(view: View, check_in_id: int) -> dict[str, Any] | None:
    """Return what was frozen at the close; None while open, or where its area is outside the viewer's scope."""
    statement = (
        select(check_in.c.figures)
        .join(area, area.c.id == check_in.c.area_id)
        .where(check_in.c.id == check_in_id, within(view))
    )
    with engine().connect() as connection:
        return connection.execute(statement).scalar()


def open_meeting(view: View, *, role: str | None, simulated: bool = False, now: datetime | None = None) -> int:
    """Open the check-in of the viewed area for the as-of date; return its id.

    Opening one that is open already leaves it as it is: two people may press the button at once.

    Raises
    ------
    ClosedError
        When the check-in of that area and day has been closed.
    OutOfScopeError
        When the area is outside the viewer's scope.
    """
    try:
        with engine().begin() as connection:
            code = connection.execute(select(area.c.code).where(area.c.id == view.area_id, within(view))).scalar()
            if code is None:
                raise OutOfScopeError(f"area {view.area_id}")
            values = {"phase_id": view.phase_id, "area_id": view.area_id, "date": view.as_of, "version": 1}
            opened_at = now or datetime.now()
            new_id = connection.execute(
                insert(check_in).values(**values, opened_at=opened_at, simulated=simulated).returning(check_in.c.id)
            ).scalar_one()
            audit.note(connection, "opened", f"check_in {new_id}", role=role, area=code, date=view.as_of.isoformat())
            return int(new_id)
    except IntegrityError:
        found = held(view)
        if found is None or found.area_id != view.area_id:
            raise
        if found.closed_at:
            raise ClosedError(f"check_in {found.id}") from None
        return found.id


def close_meeting(
    view: View,
    check_in_id: int,
    figures: Mapping[str, Any],
    expected_version: int,
    *,
    data_version: int,
    role: str | None,
    now: datetime | None = None,
) -> None:
    """Close a check-in: freeze its figures, and what is known of every reporting unit, in one transaction.

    Parameters
    ----------
    figures : mapping
        What the brief prints; goes through JSON unchanged.
    expected_version : int
        The version that was on the screen: nothing may have been decided since.
    data_version : int
        The highest load when the figures were gathered.

    Raises
    ------
    ClosedError
        When it is closed already.
    ConflictError
        When somebody wrote to it since that version; `stored` is the check-in as it stands.
    MovedOnError
        When returns came in since the figures were gathered.
    OutOfScopeError
        When its area is not inside the viewer's scope.
    """
    plain = json.loads(json.dumps(figures, allow_nan=False))
    outcomes = _outcomes(view, check_in_id)
    with engine().begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's first write holds up loads by itself
            connection.execute(text("LOCK TABLE load IN SHARE MODE"))
        meeting = hold(connection, view, check_in_id)
        if meeting.version != expected_version + 1:
            raise ConflictError({**meeting._mapping, "version": meeting.version - 1})
        newest = connection.execute(select(func.coalesce(func.max(load.c.id), 0))).scalar_one()
        if newest != data_version:
            raise MovedOnError(f"load {newest}")
        of_meeting = view.at(meeting.area_id).on(meeting.date)
        since = connection.execute(_before(of_meeting)).first()
        since_id = since.id if since else None
        since_date = since.day if since else meeting.date - timedelta(days=1)
        units = bridge.unit_rows(of_meeting, since_id, since_date).subquery()
        connection.execute(
            insert(check_in_unit).from_select(
                ["check_in_id", *bridge.UNIT_COLUMNS], select(literal(check_in_id, Key), *units.c)
            )
        )
        verification.freeze(connection, check_in_id, outcomes)
        connection.execute(
            update(check_in)
            .where(check_in.c.id == check_in_id)
            .values(
                closed_at=now or datetime.now(),
                data_version=data_version,
                since_id=since_id,
                since_date=since_date,
                figures=plain,
            )
        )
        audit.note(connection, "closed", f"check_in {check_in_id}", role=role, data_version=data_version)


def _outcomes(view: View, check_in_id: int) -> pd.DataFrame:
    """Return what becomes of the decisions that a check-in looks at, by what is known now."""
    with engine().connect() as connection:
        row = connection.execute(
            select(check_in.c.area_id, check_in.c.date).where(check_in.c.id == check_in_id)
        ).first()
    if row is None:
        raise OutOfScopeError(f"check_in {check_in_id}")
    of_meeting = view.at(row.area_id).on(row.date)
    earlier = before(of_meeting)
    since = earlier.day if earlier else row.date - timedelta(days=1)
    return verification.looked_at(verification.verified(of_meeting), row.date, since)


def hold(connection: Connection, view: View, check_in_id: int) -> Any:
    """Raise the version of an open check-in, which keeps other writers out until the transaction ends; return it.

    Raises
    ------
    ClosedError
        When it is closed.
    OutOfScopeError
        When there is none of this id whose area is inside the viewer's scope.
    """
    raised = connection.execute(
        update(check_in)
        .where(check_in.c.id == check_in_id, check_in.c.closed_at.is_(None))
        .values(version=check_in.c.version + 1)
    ).rowcount
    columns = (check_in.c[n] for n in ("id", "phase_id", "area_id", "date", "opened_at", "closed_at", "version"))
    row = connection.execute(
        select(*columns, area.c.first, area.c.last)
        .join(area, area.c.id == check_in.c.area_id)
        .where(check_in.c.id == check_in_id, within(view))
    ).first()
    if row is None:
        raise OutOfScopeError(f"check_in {check_in_id}")
    if not raised:
        raise ClosedError(f"check_in {check_in_id}")
    return row


def _covering(view: View) -> Select[Any]:
    """Return the select of check-ins of the phase that cover the viewed area, the newest and nearest first."""
    place, scope = area.alias("place"), area.alias("limits")
    seen = and_(place.c.first >= scope.c.first, place.c.last <= scope.c.last)
    return (
        select(
            check_in.c.id,
            check_in.c.area_id,
            place.c[f"name_{view.language.lower()}"].label("area_name"),
            check_in.c.date.label("day"),
            check_in.c.opened_at,
            check_in.c.closed_at,
            check_in.c.data_version,
            check_in.c.since_id,
            check_in.c.since_date,
            check_in.c.version,
            check_in.c.simulated,
            seen.label("writable"),
        )
        .select_from(area)
        .join(place, and_(place.c.first <= area.c.first, place.c.last >= area.c.last))
        .join(check_in, check_in.c.area_id == place.c.id)
        .join(scope, scope.c.id == view.scope_id)
        .where(area.c.id == view.area_id, check_in.c.phase_id == view.phase_id, within(view))
        .order_by(check_in.c.date.desc(), place.c.level.desc())
    )


def _before(view: View) -> Select[Any]:
    return _covering(view).where(check_in.c.date < view.as_of, check_in.c.closed_at.is_not(None)).limit(1)


def _first(statement: Select[Any]) -> Meeting | None:
    with engine().connect() as connection:
        row = connection.execute(statement.limit(1)).mappings().first()
    if row is None:
        return None
    in_scope = bool(row["writable"])
    return Meeting(
        **{
            **row,
            "area_name": row["area_name"] if in_scope else None,
            "writable": in_scope and row["closed_at"] is None,
        }
    )
