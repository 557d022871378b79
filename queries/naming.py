"""Names of places in the three languages, where a list gives only one; and what kind of place it is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pypinyin import lazy_pinyin

from queries.intake.forms import to_traditional

# suffix of the official name, kind, English word
SUFFIXES: Final = (
    ("社区居民委员会", "community", "Community"),
    ("社区居委会", "community", "Community"),
    ("居民委员会", "community", "Community"),
    ("居委会", "community", "Community"),
    ("村民委员会", "village", "Village"),
    ("村委会", "village", "Village"),
    ("社区", "community", "Community"),
    ("街道办事处", "street", "Subdistrict"),
    ("街道", "street", "Subdistrict"),
    ("经济技术开发区", "zone", "Economic and Technological Development Zone"),
    ("经济开发区", "zone", "Economic Development Zone"),
    ("开发区", "zone", "Development Zone"),
    ("工业园区", "zone", "Industrial Park"),
    ("园区", "zone", "Park"),
    ("软件谷", "zone", "Software Valley"),
    ("镇", "town", "Town"),
    ("乡", "town", "Township"),
    ("自治县", "district", "Autonomous County"),
    ("县", "district", "County"),
    ("区", "district", "District"),
    ("市", "city", "City"),
    ("省", "province", "Province"),
    ("村", "village", "Village"),
)
PLACEHOLDERS: Final = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级")
KINDS: Final = ("province", "city", "district", "street", "town", "zone", "village", "community", "institution", "ed")
BY_LEVEL: Final = {"1": "province", "2": "city", "3": "district", "4": "street", "5": "village", "6": "ed"}


@lru_cache(maxsize=65536)
def names(name: str) -> tuple[str, str, str]:
    """Return a place's English, simplified and traditional name, from the name that its list gives."""
    if not re.search(r"[\u4e00-\u9fff]", name):
        return name, name, name
    return _english(name), name, to_traditional(name)


@lru_cache(maxsize=65536)
def kind(name: str, level: str | None) -> str:
    """Return what kind of place it is, from its level, in words or as the national list counts, and its name."""
    by_name = next((k for suffix, k, _ in SUFFIXES if name.endswith(suffix)), None)
    by_level = level if level in KINDS else BY_LEVEL.get(level or "")
    if by_level is None:
        return by_name or "area"
    allowed = {"street": ("street", "town", "zone"), "village": ("village", "community")}.get(by_level)
    if allowed is None and by_level in ("province", "city", "district"):  # a list may number its levels as it likes
        allowed = ("street", "town", "village", "community")
    return by_name if by_name and allowed and by_name in allowed else by_level


def is_placeholder(name: str) -> bool:
    """Return whether a list entry stands for no place, only for a level that is not there."""
    return name in PLACEHOLDERS


def _english(name: str) -> str:
    inner = re.fullmatch(r"(.+?)[（(](.+?)[)）](.*)", name)
    if inner:
        return " ".join(filter(None, (_english(part) for part in inner.groups())))
    for suffix, _, word in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return f"{_spell(name.removesuffix(suffix))} {word}"
        if name == suffix:
            return word
    return _spell(name)


def _spell(chinese: str) -> str:
    return "".join(lazy_pinyin(chinese)).capitalize()
