"""Metric cards: a figure, its change, its course, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.plain import plain


@dataclass(frozen=True)
class Card:
    """One metric card.

    Attributes
    ----------
    label, value : str
        What it is, and how much, as written in the viewer's language.
    delta : str or None
        Change since the day before, as written.
    note : str
        What the change is measured against, or what must be known beside the figure.
    definition : str
        Numerator, denominator, source and as-of.
    course : sequence of float
        Daily values for the sparkline.
    good : str
        Whether a rise is good (normal), bad (inverse) or neither (off); or the colour of the change, whichever way
        it went.
    """

    label: str
    value: str
    delta: str | None
    note: str
    definition: str
    course: Sequence[float] = ()
    good: Literal["normal", "inverse", "off", "green", "orange"] = "normal"


def cards(shown: Sequence[Card]) -> None:
    """Show cards in a row that folds on narrow screens."""
    with st.grid(len(shown), min_column_width=160):
        for card in shown:
            course = [v for v in card.course if v == v]
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(
                    plain(card.label),
                    plain(card.value),
                    card.delta.replace("−", "-") if card.delta else None,
                    delta_color=card.good,
                    help=plain(card.definition),
                    chart_data=course if len(course) > 1 else None,
                    chart_type="area",
                )
                st.caption(plain(card.note))
