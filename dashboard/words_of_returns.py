"""The words for how an area reports, and for which way a restated figure went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard.i18n import _


def silence(status: str) -> str:
    """Return the word for how long a unit, or the worst of an area, has been silent."""
    return {"green": _("In"), "amber": _("Not in"), "red": _("Silent")}.get(status, _("None due"))


def punctuality(status: str) -> str:
    """Return the word for an on-time rate."""
    return {"green": _("Met"), "amber": _("Slightly low"), "red": _("Low")}.get(status, _("Not known"))


def movement(movement: str) -> str:
    """Return the word for which way a restated figure went."""
    return {"rise": _("Up"), "fall": _("Down"), "hidden": _("Masked")}.get(movement, _("Not known"))


WORDS_OF_RETURNS: Final[dict[str, Callable[[str], str]]] = {
    "silence": silence,
    "punctuality": punctuality,
    "movement": movement,
}
