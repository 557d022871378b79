"""The words among which choice fields choose, in each language: for templates and for messages."""

from __future__ import annotations

from typing import Final

from queries.intake.english import ENGLISH
from queries.intake.forms import to_traditional
from queries.intake.vocabulary import CHOICES

YES_NO: Final = {"en": ("yes", "no"), "zh_Hans": ("是", "否"), "zh_Hant": ("是", "否")}


def choice_words(field: str, language: str) -> dict[str, str]:
    """Return the word for each choice of a field, by its key."""
    chosen = {}
    for key, words in CHOICES[field].items():
        chinese = next((word for word in words if not word.isascii()), key)
        english = ENGLISH.get(field, {}).get(key) or next((word for word in words if word.isascii()), _plain(key))
        chosen[key] = {"en": english, "zh_Hant": to_traditional(chinese)}.get(language, chinese)
    return chosen


def _plain(key: str) -> str:
    return key.replace("_", " ").capitalize()
