"""The worked examples of the handbook, read from the handbook: published figures and what derives from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MINUS = str.maketrans({"−": "-", "–": "-"})


@dataclass(frozen=True)
class Line:
    """One line of the table: what it is, the published value, and the derived values, as written."""

    name: str
    value: str
    derived: str


def worked_examples(handbook: Path) -> dict[str, Line]:
    """Return the lines of the table of section 6.6 by their first cell."""
    text = handbook.read_text(encoding="utf-8")
    section = text[text.index("### 6.6") :]
    section = section[: section.index("\n### ", 10)]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    lines = [Line(*(cells[n].strip() for n in (0, 2, 3))) for cells in rows if len(cells) == 4]
    return {line.name: line for line in lines if not set(line.name) <= set("-") and line.name != "Indicator"}


def town_of_sums(handbook: Path) -> str:
    """Return the paragraph on the town whose sums do not add up."""
    text = handbook.read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("Second real test case"))


def numbers(text: str) -> list[float]:
    """Return the numbers of a text in order, with their signs."""
    plain = text.translate(MINUS)
    return [float(n.replace(",", "").replace("+", "")) for n in re.findall(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?", plain)]


def decimals(text: str) -> list[str]:
    """Return the numbers of a text as they are written, without thousands separators."""
    return [n.replace(",", "") for n in re.findall(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?", text.translate(MINUS))]
