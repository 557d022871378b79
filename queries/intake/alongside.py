"""Columns that stand alongside a form to help the person who fills it in: known, and left out on the way in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from queries.intake.forms import fold, known_headings
from queries.view import LANGUAGES
from queries.wording import translations

LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"
ALWAYS: Final = ("Area name", "No.", "Reason for rejection")
BEFORE: Final = ("Last: {field}", "On file: {field}")


def heading(words: str, language: str, **values: str) -> str:
    """Return a heading of such a column in a language."""
    return translations(language, LOCALES, "intake").gettext(words).format(**values)


def is_alongside(text: str) -> bool:
    """Return whether a heading is that of a column which a template or a returned file adds."""
    plain = fold(text)
    whole, prefixes = _words()
    return plain in whole or any(plain.removeprefix(p) in known_headings() for p in prefixes if plain.startswith(p))


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    whole = {fold(heading(words, language)) for words in ALWAYS for language in LANGUAGES}
    prefixes = {fold(heading(words, language, field="")) for words in BEFORE for language in LANGUAGES}
    return frozenset(whole), tuple(sorted(prefixes))
