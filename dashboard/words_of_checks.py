"""How tables write the state of a check, of a gate, of what was sent back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard.i18n import _


def accepted(status: str) -> str:
    """Return the word for the state of a checked unit."""
    return {"green": _("Passed"), "amber": _("Not decided"), "red": _("Sent back")}.get(status, _("Not checked"))


def by_rule(status: str) -> str:
    """Return the word for a verdict by the rule of the stage."""
    words = {"green": _("Keeps the rule"), "red": _("Breaks the rule"), "none": _("No limit is set")}
    return words.get(status, _("Figures are missing"))


def gate(status: str) -> str:
    """Return the word for a gate."""
    words = {"green": _("Open"), "amber": _("Closed: not complete"), "red": _("Closed: rework")}
    return words.get(status, _("Closed: no check"))


def within(status: str) -> str:
    """Return the word for a rate against its limit."""
    return {"green": _("Within the limit"), "red": _("Above the limit")}.get(status, _("Not judged"))


def zero(status: str) -> str:
    """Return the word for what allows no error."""
    return {"green": _("No error"), "red": _("Error found")}.get(status, _("Not checked"))


def redone(status: str) -> str:
    """Return the word for the state of a rework."""
    return {"green": _("Passed on re-check"), "red": _("Overdue")}.get(status, _("Under way"))


WORDS_OF_CHECKS: Final[dict[str, Callable[[str], str]]] = {
    "accepted": accepted,
    "by_rule": by_rule,
    "gate": gate,
    "within": within,
    "zero": zero,
    "redone": redone,
}
