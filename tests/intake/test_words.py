"""What intake says, in every language: nothing untranslated, no English in Chinese, no value lost."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from queries.intake import alongside, template_book
from queries.intake.messages import HANGING, MESSAGES
from queries.intake.titles import FORM_NAMES, TITLES, form_name, title
from queries.view import LANGUAGES
from tests.pages.test_catalogues import placeholders

QUERIES = Path(__file__).resolve().parents[2] / "queries"
ALLOWED = {"CSV", "UTF", "GB", "Excel", "xlsx", "xls", "xlsb", "GeoJSON", "FeatureCollection", "linear", "front",
           "loaded", "partial", "phase", "code", "name", "parent", "level",
           "DATABASE", "URL"}  # fmt: skip


def catalogue(language: str) -> Catalog:
    path = QUERIES / "locales" / language / "LC_MESSAGES" / "intake.po"
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def said_in_the_code() -> set[str]:
    """Return every text that the code hands to the catalogue."""
    found = {*MESSAGES.values(), *HANGING.values(), *TITLES.values(), *FORM_NAMES.values()}
    found |= {*alongside.ALWAYS, *alongside.BEFORE}
    for path in (QUERIES / "intake").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "attr", getattr(getattr(call, "func", None), "id", ""))
            if isinstance(call, ast.Call) and name in ("say", "gettext", "heading") and call.args:
                found |= {a.value for a in call.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    held = {message.id for message in catalogue(language) if message.id}
    assert held == said_in_the_code()


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_chinese_texts_are_chinese_and_keep_every_value(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        assert message.string, message.id
        assert not message.fuzzy, message.id
        assert sorted(placeholders(message.string)) == sorted(placeholders(message.id)), message.id
        bare = "".join(text for text, *_rest in Formatter().parse(message.string))
        words = "".join(c if c.isascii() and c.isalpha() else " " for c in bare).split()
        assert {word for word in words if len(word) > 1} <= ALLOWED, message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_and_form_has_a_name_without_loose_ends(language: str) -> None:
    for rule in MESSAGES:
        assert title(rule, language)
        assert "{" not in title(rule, language)
    assert form_name("progress+staffing", language).count(" + ") == 1
    assert template_book.YES_NO[language][0] != template_book.YES_NO[language][1]
