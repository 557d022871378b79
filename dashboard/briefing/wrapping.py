"""How many lines a text takes, whichever font a machine has for it, and where lines may break.

Chinese characters are one em wide in every font. Latin letters and digits are reckoned in DejaVu, which is wider than
Times New Roman, Arial and all else that commonly stands in for them, and which matplotlib brings along.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

WIDEST: Final = {
    False: ("DejaVuSerif.ttf", "DejaVuSans.ttf"),
    True: ("DejaVuSerif-Bold.ttf", "DejaVuSans-Bold.ttf"),
}
TEXTS: Final = 4096  # kept measured: a page tries its texts at many sizes
EM: Final = 1000  # size at which fonts are measured
BESIDE: Final = 0.25  # em that word processors leave between Chinese and Latin characters


def lines(text: str, size: float, width: float, *, indent: float = 0, bold: bool = False) -> int:
    """Return how many lines a text takes at most.

    Parameters
    ----------
    size, width : float
        Of the type and of the column, in points.
    indent : float
        Of the first line, in points.
    """
    if "\n" in text:
        return sum(lines(part, size, width, indent=indent, bold=bold) for part in text.split("\n"))
    number, filled = 1, indent
    for whole, seen in _measured(text, bold):
        long = size * whole
        if filled and filled + size * seen > width:
            number, filled = number + 1, 0.0
        if long > width:  # a word wider than the column breaks inside
            number += int(long // width)
            long %= width
        filled += long
    return number


@lru_cache(maxsize=TEXTS)
def _measured(text: str, bold: bool) -> tuple[tuple[float, float], ...]:
    """Return the width of each piece of a text in em, with and without the space at its end."""
    return tuple((breadth(piece, bold=bold), breadth(piece.rstrip(" "), bold=bold)) for piece in pieces(text))


@lru_cache(maxsize=TEXTS)
def breadth(text: str, *, bold: bool = False) -> float:
    """Return the width of a text on one line, in em."""
    total, before = 0.0, ""
    for character in text:
        chinese = _is_chinese(character, before)
        total += 1.0 if chinese else _advance(character, bold)
        if before and character.isalnum() and before.isalnum() and _is_wide(character) != _is_wide(before):
            total += BESIDE
        before = character
    return total


def pieces(text: str) -> Iterator[str]:
    """Split a text where a line may break: after a space, and beside Chinese characters; not before their stops."""
    piece = ""
    for character in text:
        chinese = _is_wide(character)
        category = unicodedata.category(character)
        closes = category in ("Pe", "Pf", "Po") and chinese
        opened = bool(piece) and unicodedata.category(piece[-1]) in ("Ps", "Pi")
        if piece and not closes and not opened and (piece.endswith(" ") or chinese or _is_wide(piece[-1])):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def longest(texts: Sequence[str], *, bold: bool = False) -> float:
    """Return the width of the widest piece of some texts that no line break parts, in em."""
    return max(
        (breadth(p.strip(" "), bold=bold) for text in texts for line in text.split("\n") for p in pieces(line)),
        default=0.0,
    )


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _is_chinese(character: str, before: str) -> bool:
    """Return whether a character takes a whole em: a Chinese one, or a sign after one, which takes its font."""
    if _is_wide(character):
        return True
    return bool(before) and _is_wide(before) and unicodedata.east_asian_width(character) == "A"


@cache
def _advance(character: str, bold: bool) -> float:
    """Return the width of a character that is not Chinese in the widest font, in em; of a sign that none has, one."""
    found = [
        font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / EM
        for font in _fonts(bold)
        if font.get_char_index(ord(character))
    ]
    return max(found, default=1.0)


@cache
def _fonts(bold: bool) -> tuple[FT2Font, ...]:
    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    fonts = tuple(FT2Font(folder / name) for name in WIDEST[bold])
    for font in fonts:
        font.set_size(EM, 72)
    return fonts
