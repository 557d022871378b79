"""Decisions of a check-in: what, which office, which figure, by when. Nothing that was saved is ever lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from queries import audit
from queries.areas import within
from queries.check_in.errors import ConflictError, OutOfScopeError, RefusedError
from queries.check_in.measures import MEASURES
from queries.check_in.meeting import hold
from queries.database import engine, fetch
from queries.intake.checking.keys import PERSONAL_NUMBER
from queries.schema import area, check_in, commitment, commitment_history
from queries.view import View

CONTENT: Final = ("what", "office", "indicator", "number", "due")
LONGEST: Final = {"what": 200, "office": 80, "reason": 200}


def decide(
    view: View,
    check_in_id: int,
    area_id: int,
    *,
    what: str,
    office: str,
    indicator: str,
    number: float,
    due: date,
    role: str | None,
    now: datetime | None = None,
) -> int:
    """Record a decision of an open check-in; return its id.

    Parameters
    ----------
    area_id : int
        Inside the area of the check-in.
    what, office : str
        What is to be done, and by which office, never by a person.
    indicator : str
        A key of MEASURES: the figure that will say whether it happened.
    number : float
        What that figure has to reach or come down to: a count, or 0-1 for a share.
    due : date
        The day whose returns have to show it, after the day of the check-in.

    Raises
    ------
    ClosedError, OutOfScopeError, RefusedError
        When the check-in is closed; the area is not in it; a field cannot be taken.
    """
    content = _content(what, office, indicator, number, due)
    with engine().begin() as connection:
        meeting = hold(connection, view, check_in_id)
        inside = area.c.first.between(meeting.first, meeting.last)
        code = connection.execute(select(area.c.code).where(area.c.id == area_id, inside, within(view))).scalar()
        if code is None:
            raise OutOfScopeError(f"area {area_id}")
        _check_due(due, meeting.date)
        values = {"check_in_id": check_in_id, "area_id": area_id, "version": 1, "edited_at": now or datetime.now()}
        new_id = connection.execute(
            insert(commitment).values(**values, **content).returning(commitment.c.id)
        ).scalar_one()
        audit.note(
            connection, "decided", f"commitment {new_id}", role=role, check_in=check_in_id, area=code, **_plain(content)
        )
    return int(new_id)


def edit(
    view: View,
    commitment_id: int,
    expected_version: int,
    *,
    what: str,
    office: str,
    indicator: str,
    number: float,
    due: date,
    role: str | None,
    now: datetime | None = None,
) -> None:
    """Change a decision of an open check-in; what it said before is kept. Parameters as for `decide`.

    Parameters
    ----------
    expected_version : int
        The version that was on the screen.

    Raises
    ------
    ConflictError
        When somebody saved a later version meanwhile; `stored` is that one, and nothing is written.
    """
    content = _content(what, office, indicator, number, due)
    with engine().begin() as connection:
        meeting = hold(connection, view, _check_in_of(connection, commitment_id))
        _check_due(due, meeting.date)
        stored = _expected(connection, commitment_id, expected_version)
        if all(stored[name] == value for name, value in content.items()):
            return
        _replace(connection, stored, content, now or datetime.now())
        audit.note(connection, "edited", f"commitment {commitment_id}", role=role, **_plain(content))


def withdraw(
    view: View,
    commitment_id: int,
    expected_version: int,
    reason: str,
    *,
    role: str | None,
    now: datetime | None = None,
) -> None:
    """Take a decision of an open check-in back, with a reason; it stays in the list. Raises as `edit`."""
    reason = _text("reason", reason)
    with engine().begin() as connection:
        hold(connection, view, _check_in_of(connection, commitment_id))
        stored = _expected(connection, commitment_id, expected_version)
        _replace(connection, stored, {"withdrawn_reason": reason}, now or datetime.now())
        audit.note(connection, "withdrawn", f"commitment {commitment_id}", role=role, reason=reason)


def superseded(view: View, check_in_id: int) -> pd.DataFrame:
    """Return the earlier versions of the decisions of a check-in, about areas of the viewer's scope, oldest first.

    Columns: commitment_id, area_id, name, version, what, office, indicator, number, due, edited_at, superseded_at.
    """
    columns = (*CONTENT, "edited_at", "superseded_at")
    return fetch(
        select(
            commitment.c.id.label("commitment_id"),
            commitment.c.area_id,
            area.c[f"name_{view.language.lower()}"].label("name"),
            commitment_history.c.version,
            *(commitment_history.c[name] for name in columns),
        )
        .join(commitment_history, commitment_history.c.commitment_id == commitment.c.id)
        .join(area, area.c.id == commitment.c.area_id)
        .where(commitment.c.check_in_id == check_in_id, within(view))
        .order_by(commitment.c.id, commitment_history.c.version)
    )


def offices(view: View, limit: int = 50) -> list[str]:
    """Return the offices that decisions in the viewer's scope have named, the latest first."""
    rows = fetch(
        select(commitment.c.office, commitment.c.id.label("place"))
        .join(area, area.c.id == commitment.c.area_id)
        .join(check_in, check_in.c.id == commitment.c.check_in_id)
        .where(check_in.c.phase_id == view.phase_id, within(view))
        .order_by(commitment.c.id.desc())
        .limit(4 * limit)
    )
    return rows["office"].drop_duplicates().head(limit).tolist()


def _check_in_of(connection: Connection, commitment_id: int) -> int:
    found = connection.execute(select(commitment.c.check_in_id).where(commitment.c.id == commitment_id)).scalar()
    if found is None:
        raise OutOfScopeError(f"commitment {commitment_id}")
    return int(found)


def _expected(connection: Connection, commitment_id: int, version: int) -> Mapping[str, Any]:
    stored = dict(connection.execute(select(commitment).where(commitment.c.id == commitment_id)).mappings().one())
    if stored["version"] != version or stored["withdrawn_reason"] is not None:
        raise ConflictError(stored)
    return stored


def _replace(connection: Connection, stored: Mapping[str, Any], changes: Mapping[str, Any], now: datetime) -> None:
    kept = {name: stored[name] for name in (*CONTENT, "withdrawn_reason", "edited_at", "version")}
    connection.execute(insert(commitment_history).values(commitment_id=stored["id"], superseded_at=now, **kept))
    connection.execute(
        update(commitment)
        .where(commitment.c.id == stored["id"])
        .values(version=stored["version"] + 1, edited_at=now, **changes)
    )


def _content(what: str, office: str, indicator: str, number: float, due: date) -> dict[str, Any]:
    """Return the content of a decision as it is stored; raise RefusedError where a field cannot be taken."""
    written = {"what": _text("what", what), "office": _text("office", office)}
    if indicator not in MEASURES:
        raise RefusedError("indicator", "unknown")
    if number != number or number < 0:
        raise RefusedError("number", "negative")
    if MEASURES[indicator].unit == "share" and number > 1:
        raise RefusedError("number", "not_a_share")
    return {**written, "indicator": indicator, "number": float(number), "due": due}


def _text(field: str, text: str) -> str:
    """Return a text without needless spaces; refuse it where it is empty, too long or may name a person."""
    written = " ".join(text.split())
    if not written:
        raise RefusedError(field, "empty")
    if len(written) > LONGEST[field]:
        raise RefusedError(field, "too_long")
    if re.search(PERSONAL_NUMBER, unicodedata.normalize("NFKC", written)):
        raise RefusedError(field, "personal_number")
    return written


def _check_due(due: date, held_on: date) -> None:
    if due <= held_on:
        raise RefusedError("due", "not_after_meeting")


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in content.items()}
