"""How many definitions there are, and whose figures serve as the worked example."""

from __future__ import annotations

from dashboard.i18n import _, count, day
from queries.view import View


def sentence(indicators: int, terms: int, area_name: str, view: View) -> str:
    """Return what the methods page holds."""
    return _(
        "{indicators} indicators and {terms} terms; every example is worked with the figures of {area} on {day}."
    ).format(indicators=count(indicators), terms=count(terms), area=area_name, day=day(view.as_of))
