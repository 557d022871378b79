"""The viewer's language: words from the catalogue, numbers and days as the language writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st
from babel import dates, numbers

from queries.view import LANGUAGES
from queries.wording import translations

LOCALES: Final = Path(__file__).parent / "locales"
UNKNOWN: Final = "—"
MASKED: Final = "＊"
TAGS: Final = {"en": "en", "zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant"}
OWN_NAMES: Final = {"en": "English", "zh_Hans": "简体", "zh_Hant": "繁體"}

_settled: ContextVar[str | None] = ContextVar("language", default=None)


def settle_language() -> None:
    """Find out the language once for all that this run writes."""
    _settled.set(_found())


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Write everything inside the block in a language, wherever the code runs: for files."""
    before = _settled.set(chosen)
    try:
        yield
    finally:
        _settled.reset(before)


def language() -> str:
    """Return the language of this run: from the address, else the browser's first."""
    return _settled.get() or _found()


def _found() -> str:
    tag = st.query_params.get("lang") or st.session_state.get("view_lang")
    if tag in TAGS:
        return TAGS[tag]
    return _of_browser(st.context.locale or "")


def _of_browser(tag: str) -> str:
    if not tag.lower().startswith("zh"):
        return LANGUAGES[0]
    traditional = any(part in tag for part in ("Hant", "TW", "HK", "MO"))
    return "zh_Hant" if traditional else "zh_Hans"


def tag(name: str) -> str:
    """Return how addresses write a language."""
    return name.replace("_", "-")


def _(message: str) -> str:
    """Return a message in the viewer's language."""
    return translations(language(), LOCALES, "messages").gettext(message)


def ngettext(one: str, many: str, number: float) -> str:
    """Return the message for a number in the viewer's language."""
    return translations(language(), LOCALES, "messages").ngettext(one, many, round(number))


def is_unknown(value: object) -> bool:
    """Return whether a value is missing."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def count(value: float | None) -> str:
    """Write a whole number, “—” where unknown."""
    if is_unknown(value):
        return UNKNOWN
    if value == float("inf"):
        return "∞"
    return _decimal(round(float(value or 0)), "#,##0", language())


def signed(value: float | None) -> str:
    """Write a whole number with its sign."""
    if is_unknown(value):
        return UNKNOWN
    return _decimal(round(float(value or 0)), "+#,##0;−#,##0", language())


def number(value: float | None, digits: int = 2) -> str:
    """Write a number with decimals."""
    if is_unknown(value):
        return UNKNOWN
    decimals = "0" * digits
    return _decimal(float(value or 0), f"#,##0.{decimals};−#,##0.{decimals}", language())


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share of 0-1 in percent."""
    return UNKNOWN if is_unknown(share) else number(100 * float(share or 0), digits) + " %"


def signed_percent(share: float | None, digits: int = 2) -> str:
    """Write a share in percent with its sign."""
    if is_unknown(share):
        return UNKNOWN
    pattern = "0." + "0" * digits
    return _decimal(100 * float(share or 0), f"+{pattern};−{pattern}", language()) + " %"


def permille(share: float | None, digits: int = 1) -> str:
    """Write a share of 0-1 in permille."""
    return UNKNOWN if is_unknown(share) else number(1000 * float(share or 0), digits) + " ‰"


def points(value: float | None) -> str:
    """Write percentage points with their sign."""
    if is_unknown(value):
        return UNKNOWN
    return _decimal(float(value or 0), "+0.0;−0.0", language())


def day(value: date | datetime | pd.Timestamp | None) -> str:
    """Write a day."""
    if is_unknown(value) or value is None:
        return UNKNOWN
    return _date(value, {"en": "d MMM yyyy"}.get(language(), "y年M月d日"), language())


def short_day(value: date | pd.Timestamp) -> str:
    """Write a day without its year."""
    return _date(value, {"en": "d MMM"}.get(language(), "M月d日"), language())


def moment(value: datetime | pd.Timestamp | None) -> str:
    """Write a day and the time of it."""
    return UNKNOWN if is_unknown(value) or value is None else f"{day(value)} {value:%H:%M}"


def span(low: float, high: float, digits: int = 1) -> str:
    """Write a share as the range that units not in leave open, one figure where there is none."""
    if is_unknown(low) or round(100 * high, digits) <= round(100 * low, digits):
        return percent(low, digits)
    return f"{number(100 * low, digits)}–{number(100 * high, digits)} %"


def count_span(low: float, high: float) -> str:
    """Write a count as the range that units not in leave open, one figure where there is none."""
    return count(low) if is_unknown(high) or round(high) <= round(low) else f"{count(low)}–{count(high)}"


@lru_cache(maxsize=50_000)
def _decimal(value: float, pattern: str, locale: str) -> str:
    return numbers.format_decimal(value, format=pattern, locale=locale)


@lru_cache(maxsize=2_000)
def _date(value: date, pattern: str, locale: str) -> str:
    return dates.format_date(value, format=pattern, locale=locale)
