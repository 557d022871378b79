"""The parts of the wall as HTML: they take words, escape them, and leave every colour and size to wall.css."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from dashboard.headline.wall import Figure, Standing

ROOM: Final = (11, 6, 7, 8)  # characters of each key figure in the largest size


def head(place: str, stamp: str, said: str, badge: str | None) -> str:
    """Return the top line: which place, as of when, and whether the figures are simulated."""
    simulated = f'<span class="badge">{escape(badge)}</span>' if badge else ""
    return (
        f'<header class="head"><h1>{escape(place)}</h1>{simulated}'
        f'<p><span>{escape(stamp)}</span><span class="faint">{escape(said)}</span></p></header>'
    )


def strip(standing: Standing) -> str:
    """Return the line that says how fresh the figures are; an alarm colours the whole screen."""
    return (
        f'<div class="strip {standing.tone}" role="status"><b>{escape(standing.sign)}</b>'
        f"<span>{escape(standing.text)}</span></div>"
    )


def figures(shown: Sequence[Figure]) -> str:
    """Return the key figures in a row."""
    return f'<div class="figures">{"".join(_figure(figure, ROOM[n]) for n, figure in enumerate(shown))}</div>'


def _figure(figure: Figure, room: int) -> str:
    size = "long" if len(figure.value) > room else ""
    return (
        f'<section class="figure {figure.tone}"><h2>{escape(figure.label)}</h2>'
        f'<strong class="{size}">{escape(figure.value)}</strong><p>{escape(figure.note)}</p></section>'
    )


def heading(title: str, note: str = "") -> str:
    """Return what stands above a chart."""
    return f'<h3>{escape(title)} <span class="faint">{escape(note)}</span></h3>'


def tiles(shown: Sequence[Figure]) -> str:
    """Return a tile a unit, coloured by its status."""
    inside = "".join(
        f'<li class="{tile.tone}" title="{escape(tile.note)}"><span>{escape(tile.label)}</span>'
        f"<b>{escape(tile.value)}</b></li>"
        for tile in shown
    )
    return f'<ul class="tiles">{inside}</ul>'


def lines(title: str, shown: Sequence[tuple[str, str]], nothing: str) -> str:
    """Return what needs attention, one line a matter."""
    inside = "".join(f"<li><b>{escape(place)}</b><span>{escape(said)}</span></li>" for place, said in shown)
    return f'<div class="lines"><h3>{escape(title)}</h3><ol>{inside or f"<li>{escape(nothing)}</li>"}</ol></div>'


def foot(notice: str, drawn: str, slides: int, current: int) -> str:
    """Return the bottom line: the notice, one dot a slide, and when the screen was last drawn."""
    dots = "".join(f'<i class="{"on" if n == current else ""}"></i>' for n in range(slides))
    return (
        f'<footer class="foot"><span class="faint">{escape(notice)}</span>'
        f'<span class="dots" role="img" aria-label="{current + 1} / {slides}">{dots}</span>'
        f'<span class="faint">{escape(drawn)}</span></footer>'
    )


def alone(standing: Standing) -> str:
    """Return a screen that has nothing to show but why."""
    return (
        f'<div class="alone {standing.tone}" role="status"><b>{escape(standing.sign)}</b>'
        f"<p>{escape(standing.text)}</p></div>"
    )


def watch(standing: Standing, turn: int, seconds: float) -> str:
    """Return an alarm that shows itself unless the next run replaces it in time: nobody is left to draw it."""
    return (
        f'<div class="strip {standing.tone} watch" data-turn="{turn}" style="animation-delay:{seconds:.0f}s">'
        f"<b>{escape(standing.sign)}</b><span>{escape(standing.text)}</span></div>"
    )
