"""What a file holds, as it can be written into a message: no steering characters, and not without end."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from typing import Final

MOST: Final = 100  # characters of a cell
STEERING: Final = ("Cc", "Cf", "Cs")  # controls, marks of direction, halves of characters


def legible(text: str, most: int = MOST) -> str:
    """Return a text with what steers a terminal or is no character replaced by �, cut after so many characters."""
    plain = "".join("\ufffd" if unicodedata.category(c) in STEERING else c for c in text[: most + 1])
    return f"{plain[:most]}…" if len(text) > most else plain


def legible_name(name: str) -> str:
    """Return the name of a file as it can be written down, also where it is no UTF-8 or ASCII is all that is known."""
    with suppress(UnicodeEncodeError):  # halves of characters, which no file system gives
        name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return legible(name, 255)
