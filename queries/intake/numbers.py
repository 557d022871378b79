"""Read numbers as offices write them: full-width digits and thousands in threes, nothing that may mean two things."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

WHOLE: Final = r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)"
COUNT: Final = re.compile(rf"{WHOLE}(?:\.0*)?")
DECIMAL: Final = re.compile(rf"(?:{WHOLE}(?:\.[0-9]*)?|[+-]?\.[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?")
IN_THREES: Final = str.maketrans("", "", ", ")


def read_whole(word: str) -> float | None:
    """Return a whole number; None for what is none: hexadecimal, powers of ten, decimal commas, NaN."""
    plain = unicodedata.normalize("NFKC", word).strip()
    return float(plain.translate(IN_THREES)) + 0.0 if COUNT.fullmatch(plain) else None


def read_decimal(word: str) -> float | None:
    """Return a finite number; None for what is none."""
    plain = unicodedata.normalize("NFKC", word).strip()
    if not DECIMAL.fullmatch(plain):
        return None
    number = float(plain.translate(IN_THREES))
    return number if math.isfinite(number) else None
