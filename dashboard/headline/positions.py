"""What the positions of areas against plan and deadline are called, and which sign they bear, everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.charts.palette import SYMBOLS
from dashboard.glossary import N_
from dashboard.i18n import _
from queries.position import POSITIONS

WORDS: Final = {
    "ahead": N_("Ahead of plan"),
    "on_plan": N_("On plan"),
    "tolerated": N_("Behind, within tolerance"),
    "behind": N_("Behind"),
    "far_behind": N_("Far behind"),
    "finished": N_("Complete"),
    "nearly": N_("Overdue, nearly complete"),
    "overdue": N_("Overdue"),
    "not_begun": N_("Not begun"),
    "small": N_("Too few to judge"),
    "unknown": N_("Not known"),
}
SIGNS: Final = {code: SYMBOLS[light] for code, light in POSITIONS.items()}
AGAINST_PLAN: Final = ("ahead", "on_plan", "tolerated", "behind", "far_behind")  # where a gap to plan says something


def word(code: str) -> str:
    """Return the word for a position."""
    return _(WORDS.get(code, WORDS["unknown"]))


def standing(row: Mapping[str, Any]) -> str:
    """Return sign and word of a completion row."""
    return f"{SIGNS.get(row['position'], SYMBOLS['unknown'])} {word(row['position'])}"
