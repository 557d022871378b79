"""Texts shown as they stand: what they hold of Markdown's signs, or of a chart's, is written so that it is read."""

from __future__ import annotations

import re
from typing import Final

JOINER: Final = "\u2060"  # of no width: parts what would be joined after Markdown has been read
SIGNS: Final = re.compile(
    r"[\\`*_\[\]$~]"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|:(?=[^\s\d])"  # a directive; no time of day
)
FIRST: Final = re.compile(r"^(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|>|={2}|-{3})|^(\d+)(?=[.)](?:\s|$))")
JOINED: Final = re.compile(
    r"(?<=:)(?=material[_/]|(?!\d\d:)[\w+-]+:|//)"  # icons, emoji and addresses are found after backslashes are gone
    r"|(?<=@)(?=\w)|(?<=\bwww)(?=\.)"
    r"|(?:(?<=^.)|(?<=\s.))(?=-?[>=-](?:\s|$))",  # -> <- -- >= <= ~= become other signs
    re.IGNORECASE,
)


def plain(text: str) -> str:
    r"""Return a text so that Markdown shows it as it stands, on one line.

    Examples
    --------
    >>> print(plain("![a](b) costs $5 *or* more"))
    !\[a\](b) costs \$5 \*or\* more
    """
    joined = JOINED.sub(JOINER, re.sub(r"\s*\n\s*", " ", text.strip()))
    return FIRST.sub(r"\1\\", SIGNS.sub(r"\\\g<0>", joined))
