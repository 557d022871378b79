"""The catalogues hold every text of the dashboard, in every language, and no page goes round them."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from opencc import OpenCC

from queries.view import LANGUAGES

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
CHINESE = ("zh_Hans", "zh_Hant")


def catalogue(language: str) -> Catalog:
    path = DASHBOARD / "locales" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def texts_in_the_code() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(str(DASHBOARD), method_map=[("**.py", "python")], options_map={}, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found if message}


def placeholders(text: str) -> list[str]:
    return sorted(field for _text, field, _spec, _conversion in Formatter().parse(text) if field is not None)


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_code_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    held = {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue(language)}
    assert held - {""} == texts_in_the_code()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_untranslated_or_fuzzy(language: str) -> None:
    wanting = [m.id for m in catalogue(language) if m.id and (m.fuzzy or not all(forms(m)))]
    assert wanting == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        source = message.id[-1] if message.pluralizable else message.id
        assert placeholders(forms(message)[-1]) == placeholders(source), message.id


@pytest.mark.parametrize("language", CHINESE)
def test_chinese_texts_hold_no_english_word(language: str) -> None:
    allowed = {"CSV", "Excel", "PNG", "GeoJSON", "UTF"}
    for message in catalogue(language):
        if not message.id:
            continue
        for form in forms(message):
            bare = form
            for field in placeholders(form):
                bare = bare.replace("{" + field + "}", " ")
            words = "".join(c if c.isascii() and c.isalpha() else " " for c in bare).split()
            assert {word for word in words if len(word) > 1} <= allowed, form


def test_traditional_texts_hold_no_simplified_character() -> None:
    to_traditional, to_simplified = OpenCC("s2t"), OpenCC("t2s")
    in_both_scripts = set("台里群布着占核只后准面系几")
    for message in catalogue("zh_Hant"):
        for character in set("".join(forms(message))) - in_both_scripts if message.id else ():
            counterpart = to_traditional.convert(character)
            assert counterpart == character or to_simplified.convert(counterpart) != character, message.string


# Calls that put their first texts on the screen, and the named texts of any call.
SHOWING = {
    "alert", "badge", "button", "caption", "checkbox", "dataframe", "download_button", "error", "expander",
    "header", "info", "link_button", "markdown", "metric", "multiselect", "number_input", "page_link", "pills",
    "popover", "radio", "segmented_control", "selectbox", "slider", "subheader", "success", "tabs", "text",
    "text_area", "text_input", "title", "toggle", "warning", "write", "date_input", 
    "TextColumn", "NumberColumn", "DateColumn", "ProgressColumn", "CheckboxColumn", "LinkColumn",
}  # fmt: skip
NAMES_OF_FORMATS = {"Excel", "CSV"}
TEXTS = {"label", "help", "placeholder", "title", "body", "alt", "headline"}


def literal_texts(call: ast.Call) -> list[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    shown = [*call.args[:1]] if name in SHOWING else []
    shown += [keyword.value for keyword in call.keywords if keyword.arg in TEXTS]
    return [
        text
        for node in shown
        for text in bare_strings(node)
        if any(c.isalpha() for c in text) and text not in NAMES_OF_FORMATS
    ]


def bare_strings(node: ast.expr) -> list[str]:
    """Strings of an expression that no call wraps: literals, parts of f-strings, concatenations, lists."""
    match node:
        case ast.Constant(value=str(text)):
            return [] if text.startswith(":material/") else [text]
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [text for part in parts for text in bare_strings(part)]
        case ast.BinOp(left=left, right=right):
            return bare_strings(left) + bare_strings(right)
        case ast.IfExp(body=body, orelse=other):
            return bare_strings(body) + bare_strings(other)
    return []


def page_files() -> list[Path]:
    files = [DASHBOARD / name for name in ("tables.py", "cards.py", "agenda.py")]
    rooms = ("frame", "pages", "headline", "desk", "sections")
    return [*files, *(path for room in rooms for path in sorted((DASHBOARD / room).glob("*.py")))]


@pytest.mark.parametrize("path", page_files(), ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_no_text_on_a_page_goes_round_the_catalogue(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    bypassing = [(call.lineno, text) for call in calls for text in literal_texts(call)]
    assert bypassing == []
