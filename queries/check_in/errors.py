"""Why something cannot be written to a check-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ClosedError(Exception):
    """The check-in is closed: from then on it can only be read."""


class OutOfScopeError(LookupError):
    """The check-in, the decision or its area is not in the part of the area list that may be written to."""


class MovedOnError(Exception):
    """Returns were taken in after the figures that were to be frozen had been gathered."""


class ConflictError(Exception):
    """Somebody else saved meanwhile.

    Attributes
    ----------
    stored : mapping
        The decision, or the check-in, as it stands in the database now.
    """

    def __init__(self, stored: Mapping[str, Any]) -> None:
        super().__init__("saved by somebody else meanwhile")
        self.stored = dict(stored)


class RefusedError(ValueError):
    """A field of a decision cannot be taken as it is.

    Attributes
    ----------
    field : str
        area_id, what, office, indicator, number, due or reason.
    rule : str
        empty, too_long, personal_number, unknown, negative, not_a_share, not_after_meeting.
    """

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field, self.rule = field, rule
