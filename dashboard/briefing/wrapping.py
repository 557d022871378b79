"""How many lines a text takes: widths of characters in Times, and where lines may break."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

NARROW: Final = frozenset("fijlrtI .,;:'|!()[]/\u00a0-")
BROAD: Final = frozenset("mwMW%‰✓✕△≥≤+−÷—")
WIDTHS: Final = {"narrow": 0.29, "small": 0.47, "digit": 0.5, "capital": 0.68, "broad": 0.8, "chinese": 1.0}  # em


def lines(text: str, size: float, width: float, *, indent: float = 0) -> int:
    """Return how many lines a text takes.

    Parameters
    ----------
    size, width : float
        Of the type and of the column, in points.
    indent : float
        Of the first line, in points.
    """
    if "\n" in text:
        return sum(lines(part, size, width, indent=indent) for part in text.split("\n"))
    number, filled = 1, indent
    for piece in _pieces(text):
        long = size * sum(map(_width, piece))
        if filled and filled + size * sum(map(_width, piece.rstrip(" "))) > width:
            number, filled = number + 1, 0.0
        if long > width:  # a word wider than the column breaks inside
            number += int(long // width)
            long %= width
        filled += long
    return number


def _pieces(text: str) -> Iterator[str]:
    """Split a text where a line may break: after a space, and beside Chinese characters; not before their stops."""
    piece = ""
    for character in text:
        chinese = _is_chinese(character)
        closes = unicodedata.category(character) in ("Pe", "Pf", "Po") and chinese
        if piece and not closes and (piece.endswith(" ") or chinese or _is_chinese(piece[-1])):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _is_chinese(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _width(character: str) -> float:
    if _is_chinese(character):
        return WIDTHS["chinese"]
    if character in NARROW:
        return WIDTHS["narrow"]
    if character in BROAD:
        return WIDTHS["broad"]
    if character.isdigit():
        return WIDTHS["digit"]
    return WIDTHS["capital"] if character.isupper() else WIDTHS["small"]
