"""Let the view follow the newest day when a load or an undo moves it."""

from __future__ import annotations

from dashboard import url
from queries import calendar


def follow() -> None:
    """Move a view of the last day to the day that is the last one now; for callbacks."""
    if url.viewed() is None:
        return
    looked = url.current()
    days = calendar.reported_days(looked.view.phase_id)
    if days is not None and (looked.view.as_of == looked.last or looked.view.as_of > days[1]):
        url.remember(date=days[1].isoformat())
