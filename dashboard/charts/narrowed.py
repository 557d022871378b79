"""A chart drawn for a desk, made to fit a phone."""

from __future__ import annotations

import unicodedata

import plotly.graph_objects as go

from dashboard.charts.literal import BREAK

LINE = 20  # half-width characters in a line of a label
ROOM_FOR_TWO = 26  # pixels a row needs for a label of two lines
EDGE = 18  # pixels beside the marks: half of the last number of an axis
BESIDE = 0.15  # of an axis


def narrowed(figure: go.Figure) -> go.Figure:
    """Return the same chart with the names beside it folded or shortened, so that the marks have room."""
    axis = figure.layout.yaxis
    names = _names(figure) if axis.ticktext is None else list(axis.ticktext)
    if names:
        shown = [" ".join(name.split(BREAK)) for name in names]
        tall = figure.layout.height / len(names) >= ROOM_FOR_TWO
        axis.tickvals = names if axis.tickvals is None else axis.tickvals
        axis.ticktext = [_folded(name) for name in shown] if tall else _shortened(shown)
        axis.tickfont.size = min(11, axis.tickfont.size or 11)
    axis = figure.layout.xaxis
    if axis.tickvals is None:
        axis.update(nticks=5, tickangle=0)
    if axis.title.text:
        axis.title.text = _folded(axis.title.text, 2 * LINE)
    if axis.range is not None and any(trace.mode and "text" in trace.mode for trace in figure.select_traces("scatter")):
        low, high = axis.range  # what is written beside a point needs more of a narrow axis
        axis.range = (low, high + BESIDE * (high - low))
    sides = figure.layout.margin
    sides.update(l=max(EDGE, sides.l or 0), r=max(EDGE, sides.r or 0))
    figure.layout.legend.font.size = 11
    return figure


def _names(figure: go.Figure) -> list[str]:
    """Return the names along the side of a chart, each once; none where numbers stand there."""
    along = [name for trace in figure.data if trace.y is not None for name in trace.y if name is not None]
    return list(dict.fromkeys(along)) if along and all(isinstance(name, str) for name in along) else []


def _folded(name: str, line: int = LINE) -> str:
    """Return a name in two lines where it is long, parted at a space or, in Chinese, anywhere."""
    if _cells(name) <= line:
        return name
    spaces = [n for n, character in enumerate(name) if character == " " and n > 2]
    cut = min(spaces or range(1, len(name)), key=lambda n: max(_cells(name[:n]), _cells(name[n:])))
    first, second = name[:cut], name[cut:].strip()
    return f"{_cut(first, 2 * line, line)}{BREAK}{_cut(second, 2 * line, line)}"


def _shortened(names: list[str]) -> list[str]:
    """Return names with their middles left out where they are long, so that they still tell places apart."""
    for front in (LINE // 2, LINE // 5, 0):
        cut = [_cut(name, LINE, front) for name in names]
        if len(set(cut)) == len(set(names)):
            break
    return cut


def _cut(name: str, most: int, front: int) -> str:
    """Return a name in at most so many half-width characters, so many of them from its front."""
    if _cells(name) <= most:
        return name
    head, tail = "", ""
    for character in name:
        if _cells(head + character) > front:
            break
        head += character
    for character in reversed(name):
        if _cells(head + character + tail) >= most:
            break
        tail = character + tail
    return f"{head}…{tail}"


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
