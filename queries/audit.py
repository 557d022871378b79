"""Who loaded, undid, opened, closed, decided or set aside what: appended, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from queries.schema import audit


def note(connection: Connection, action: str, subject: str, *, role: str | None = None, **detail: Any) -> None:
    """Append an entry inside the caller's transaction; it makes every cached answer stale.

    Parameters
    ----------
    action : str
        A verb in the past: opened, closed, decided, edited, withdrawn, dismissed, matched, undone.
    subject : str
        What it was done to, such as `check_in 3` or an area's code.
    role : str, optional
        An office or an account, never a person's name.
    detail
        Plain values that say how.
    """
    connection.execute(
        insert(audit).values(at=datetime.now(), role=role, action=action, subject=subject, detail=detail)
    )
