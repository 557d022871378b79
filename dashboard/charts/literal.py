"""A chart whose words stand as they are: Plotly reads tags, entities and templates in whatever it writes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

BREAK: Final = "\n"  # in the texts of ticks: where a line ends
OF_MARKS: Final = ("x", "y", "text", "hovertext", "customdata", "labels", "ids", "parents")
SIGNS: Final = re.compile(r"[&<>]|%(?=\{)|\s*\n\s*")
ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;"}


def literal(text: str) -> str:
    """Return a text so that Plotly writes it as it stands, on one line.

    Examples
    --------
    >>> literal("<b>%{x}</b>")
    '&lt;b&gt;&#37;{x}&lt;/b&gt;'
    """
    return SIGNS.sub(lambda found: ENTITIES.get(found[0], " "), text)


def as_it_stands(figure: go.Figure) -> go.Figure:
    """Return the same chart with every word of its marks, axes, notes and legend written as it stands."""
    for trace in figure.data:
        for name in OF_MARKS:
            if name in trace and (written := _written(trace[name])) is not None:
                trace[name] = written
        if "name" in trace and trace.name:
            trace.name = literal(trace.name)
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        for name in ("tickvals", "categoryarray"):
            if (written := _written(axis[name])) is not None:
                axis[name] = written
        if axis.ticktext is not None:
            axis.ticktext = ["<br>".join(literal(line) for line in str(t).split(BREAK)) for t in axis.ticktext]
        if axis.title.text:
            axis.title.text = "<br>".join(literal(line) for line in axis.title.text.split(BREAK))
    for note in figure.layout.annotations:
        note.text = literal(note.text or "")
    return figure


def _written(values: Any) -> Any:
    """Return values with their texts written as they stand; nothing where there is none to change."""
    if isinstance(values, str):
        return literal(values) if SIGNS.search(values) else None
    if values is None or not isinstance(values, Iterable):
        return None
    found = np.asarray(values, dtype=object)
    if isinstance(values, np.ndarray) and values.dtype.kind not in "OUT":
        return None
    flat = found.reshape(-1)
    places = [n for n, value in enumerate(flat) if isinstance(value, str) and SIGNS.search(value)]
    if not places:
        return None
    flat = flat.copy()
    flat[places] = [literal(flat[n]) for n in places]
    return flat.reshape(found.shape)
