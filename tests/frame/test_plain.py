"""Values are written as they stand: nothing that Markdown or Plotly reads is left in them, and no place forgets it."""

from __future__ import annotations

import ast
from html import unescape
from pathlib import Path

import plotly.graph_objects as go
import pytest

from dashboard.charts.literal import as_it_stands, literal
from dashboard.plain import JOINER, plain

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = sorted((ROOT / "dashboard").rglob("*.py"))
WRITTEN = {  # the texts of each command that Streamlit reads as Markdown: how many of its first arguments
    **dict.fromkeys(
        ("badge", "button", "caption", "checkbox", "date_input", "dialog", "download_button", "error", "expander",
         "file_uploader", "form_submit_button", "header", "info", "link_button", "markdown", "multiselect",
         "number_input", "pills", "popover", "radio", "segmented_control", "selectbox", "slider", "spinner", "status",
         "subheader", "success", "tabs", "text_area", "text_input", "title", "toast", "toggle", "warning"), 1),
    "metric": 2,
}  # fmt: skip
BY_NAME = ("help", "title", "label")
OPTIONS = ("pills", "radio", "segmented_control")  # whose options are read as Markdown too
MADE_OF_PLAIN = {  # texts with signs that are meant, put together of plain parts a few lines above
    ("decision_dialogs.py", "markdown"), ("first.py", "markdown"), ("departments.py", "markdown"),
    ("street_cards.py", "markdown"), ("meeting.py", "markdown"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("59.1–62.8 % by 17:30 (8 Oct); 3 - 1", "59.1–62.8 % by 17:30 (8 Oct); 3 - 1"),
        ("![x](a)", r"!\[x\](a)"),
        ("$a$ **b** _c_ ~d~ `e`", r"\$a\$ \*\*b\*\* \_c\_ \~d\~ \`e\`"),
        ("<img src=x> 1 < 2", r"\<img src=x> 1 < 2"),
        (":red[x]", r"\:red\[x\]"),
        ("&lt; R&D", r"\&lt; R&D"),
        ("1. first", r"1\. first"),
        ("- a", r"\- a"),
        ("# a", r"\# a"),
        ("> a", r"\> a"),
        ("a\n\n    b", "a b"),
        ("\\", "\\\\"),
        (":material/home:", rf"\:{JOINER}material/home:"),
        (":material_home:", rf"\:{JOINER}material\_home:"),
        (":smile:", rf"\:{JOINER}smile:"),
        ("https://a.b", rf"https\:{JOINER}//a.b"),
        ("www.a.b", f"www{JOINER}.a.b"),
        ("a@b.c", f"a@{JOINER}b.c"),
        ("a -> b", f"a -{JOINER}> b"),
    ],
)
def test_signs_of_markdown_are_written_as_they_stand(typed: str, written: str) -> None:
    assert plain(typed) == written


def test_signs_of_a_chart_are_written_as_they_stand() -> None:
    name = "<b>%{x}</b> & <a href='http://x'>y</a>\n&lt;"
    assert literal(name) == "&lt;b&gt;&#37;{x}&lt;/b&gt; &amp; &lt;a href='http://x'&gt;y&lt;/a&gt; &amp;lt;"
    assert unescape(literal(name)) == name.replace("\n", " ")


def test_every_word_of_a_chart_is_written_as_it_stands() -> None:
    figure = go.Figure(go.Bar(x=[1, 2], y=["<i>", "b"], text=["<i>", ""], customdata=[[7, "<i>"], [8, "b"]]))
    figure.data[0].name = "<i>"
    figure.add_annotation(text="<i>")
    figure.update_layout(
        yaxis={"tickvals": ["<i>", "b"], "ticktext": ["<i>\nb", "b"], "categoryarray": ["b", "<i>"]},
        xaxis={"title": {"text": "<i>"}},
    )
    written = as_it_stands(figure)
    (trace,) = written.data
    assert list(trace.y) == ["&lt;i&gt;", "b"]
    assert list(trace.text) == ["&lt;i&gt;", ""]
    assert [list(row) for row in trace.customdata] == [[7, "&lt;i&gt;"], [8, "b"]]
    assert trace.name == written.layout.annotations[0].text == written.layout.xaxis.title.text == "&lt;i&gt;"
    assert list(written.layout.yaxis.tickvals) == ["&lt;i&gt;", "b"]
    assert list(written.layout.yaxis.ticktext) == ["&lt;i&gt;<br>b", "b"]
    assert list(written.layout.yaxis.categoryarray) == ["b", "&lt;i&gt;"]
    assert list(trace.x) == [1, 2]


def is_plain(node: ast.expr) -> bool:
    """Return whether a text holds nothing but what the program itself says, and values made plain."""
    match node:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id="plain")):
            return True
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant()]):
            return True
        case ast.Call(func=ast.Attribute(value=glue, attr="join"), args=[parts]):
            return is_plain(glue) and is_plain(parts)
        case ast.JoinedStr(values=parts):
            return all(is_plain(part) for part in parts)
        case ast.FormattedValue(value=part) | ast.GeneratorExp(elt=part) | ast.ListComp(elt=part):
            return is_plain(part)
        case ast.IfExp(body=one, orelse=other):
            return is_plain(one) and is_plain(other)
    return False


def unescaped(path: Path) -> list[str]:
    """Return the texts that a module hands to Markdown as they came."""
    found = []
    for call in (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)):
        match call.func:
            case ast.Attribute(value=ast.Name(id="st"), attr=command) if command in WRITTEN:
                pass
            case ast.IfExp():  # one of two commands
                command = "success"
            case _:
                continue
        texts = [*call.args[: WRITTEN[command]], *(word.value for word in call.keywords if word.arg in BY_NAME)]
        if command in OPTIONS:
            texts += [
                word.value.body
                for word in call.keywords
                if word.arg == "format_func" and isinstance(word.value, ast.Lambda)
            ]
        if (path.name, command) not in MADE_OF_PLAIN:
            found += [f"{path.name}:{text.lineno} {ast.unparse(text)}" for text in texts if not is_plain(text)]
    return found


@pytest.mark.parametrize("path", DASHBOARD, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_reaches_markdown_as_it_came(path: Path) -> None:
    assert unescaped(path) == []
