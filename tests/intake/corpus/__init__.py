"""Bad and odd inputs, each with the verdict that it must end in and the keys of the messages that say so."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tests.intake.world import AREAS

Content = bytes | Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """One input.

    Attributes
    ----------
    name : str
        What is bad or odd about it; with the name of its table, the name of its test.
    content : bytes or callable
        The bytes of the file, or what makes them.
    verdict : str
        refused: the file as a whole cannot be taken; rejected: rows are; taken: all of it can be stored.
    rules : tuple of str
        Keys of the messages: of the reason, of the rejections, or of what is said of a file that is taken.
    file_name : str
        As the sender calls it.
    """

    name: str
    content: Content
    verdict: str
    rules: tuple[str, ...] = ()
    file_name: str = "file.csv"

    def bytes(self) -> bytes:
        """Return the bytes of the file."""
        return self.content() if callable(self.content) else self.content


def table(*rows: dict[str, Any]) -> bytes:
    """Return rows as CSV."""
    out = io.StringIO()
    pd.DataFrame(list(rows)).to_csv(out, index=False, lineterminator="\n")
    return out.getvalue().encode()


def changed(
    row: Callable[..., dict[str, Any]], field: str, values: Iterable[Any], verdict: str, *rules: str
) -> list[Case]:
    """Return a case for each value of one field of an otherwise good row."""
    return [
        Case(f"{field} = {str(value)[:24]!r}", table(row(**{field: value})), verdict, rules, "row.csv")
        for value in values
    ]


def listed(*rows: tuple[str, ...], columns: tuple[str, ...] = ("code", "name", "parent_code", "level")) -> bytes:
    """Return rows of an area list as CSV."""
    return table(*(dict(zip(columns, row, strict=True)) for row in rows))


def tree() -> list[tuple[str, str, str, str]]:
    """Return the area list of the small district."""
    return list(AREAS)
