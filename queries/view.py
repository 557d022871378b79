"""The view: what a viewer looks at, and the part of the area tree that the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

LANGUAGES = ("en", "zh_Hans", "zh_Hant")


@dataclass(frozen=True)
class View:
    """One phase, seen as of one day, at one area, in one language.

    Parameters
    ----------
    phase_id : int
        The phase of the calendar.
    as_of : date
        Nothing reported for a later day is shown.
    area_id : int
        The viewed area: it and what is below it.
    scope_id : int
        Root of the subtree that the viewer may see; every query stays inside it.
    language : str
        One of `LANGUAGES`: picks the names of places, never a wording.
    """

    phase_id: int
    as_of: date
    area_id: int
    scope_id: int
    language: str = "en"

    def at(self, area_id: int) -> View:
        """Return the same view moved to another area."""
        return replace(self, area_id=area_id)

    def on(self, as_of: date) -> View:
        """Return the same view on another day."""
        return replace(self, as_of=as_of)
