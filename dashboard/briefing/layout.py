"""How the page is filled: sizes and widths, and how much of everything goes on one sheet of A4.

Every style has an exact line spacing, so that the height of the page follows from the number of
lines, whichever font a machine has for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboard.briefing.content import Content
from dashboard.briefing.wrapping import lines

MM: Final = 72 / 25.4  # points
PAGE: Final = (210 * MM, 297 * MM)
MARGINS: Final = {"top": 13 * MM, "bottom": 19 * MM, "left": 20 * MM, "right": 20 * MM}
WIDTH: Final = PAGE[0] - MARGINS["left"] - MARGINS["right"]
ROOM: Final = PAGE[1] - MARGINS["top"] - MARGINS["bottom"]
SPARE: Final = 0.97  # of the room: words do not break where widths are reckoned to
AREA_WIDTHS: Final = {  # mm, of the columns of figures; the names take what they leave
    "en": (26.5, 20.5, 12.5, 12, 13.5, 12, 13, 24),
    "zh_Hans": (24, 20.5, 13, 16.5, 14.5, 13.8, 14.2, 22),
    "zh_Hant": (24, 20.5, 13, 16.5, 14.5, 13.8, 14.2, 22),
}
DECISION_WIDTHS: Final = tuple(mm * MM for mm in (15, 23, 41, 27, 30, 17, 17))
SIDE_WIDTHS: Final = (94 * MM, 76 * MM)
GUTTER: Final = 3 * MM  # beside the picture
CELL_SIDE: Final = 1.1 * MM  # left and right inside a cell
CELL_ABOVE: Final = 1.5  # points above and below the text of a cell
RULE: Final = 0.5  # between the rows of a table
BOLD: Final = 1.15  # times the width of plain type


@dataclass(frozen=True)
class Sized:
    """A style's size of type and its line spacing, in points, and the space above and below."""

    size: float
    line: float
    above: float = 0
    below: float = 0


STYLES: Final = {
    "masthead": Sized(27, 38),
    "issue": Sized(11.5, 16),
    "issuer": Sized(11.5, 18, 2),
    "title": Sized(16, 23, 7, 1),
    "standing": Sized(9, 13, 0, 3),
    "lead": Sized(10.5, 15.5),
    "section": Sized(11.5, 17, 5, 2),
    "cell": Sized(9, 12),
    "column": Sized(8, 10),
    "line": Sized(9.5, 13.5, 0, 1),
    "caption": Sized(8, 10.5, 2),
    "gap": Sized(2, 3),
    "footer": Sized(7.5, 9.5),
}
FIXED: Final = ("masthead", "issue", "issuer", "footer")  # never change
TABLES: Final = ("cell", "column")  # shrink by themselves, and never grow
PICTURE: Final = 150.0  # height of the picture
MOST: Final = 7  # decisions, or changes, on the page


@dataclass(frozen=True)
class Fit:
    """How the page is filled.

    Attributes
    ----------
    scale, tables : float
        Of all sizes that change, and of the type in tables.
    rows, matters, decisions, changes : int
        How many of each stand on the page.
    """

    scale: float
    tables: float
    rows: int
    matters: int
    decisions: int
    changes: int

    def sized(self, style: str) -> Sized:
        """Return a style at this scale."""
        usual = STYLES[style]
        if style in FIXED:
            return usual
        scale = self.tables if style in TABLES else min(1.0, self.scale) if style == "title" else self.scale
        line, above, below = (round(10 * scale * n) / 10 for n in (usual.line, usual.above, usual.below))
        return Sized(round(2 * scale * usual.size) / 2, line, above, below)

    def area_widths(self, language: str) -> tuple[float, ...]:
        """Return the widths of the table of areas in points: smaller type leaves more room for long names."""
        figures = [mm * MM * (1 + self.tables) / 2 for mm in AREA_WIDTHS[language]]
        return (WIDTH - sum(figures), *figures)

    @property
    def picture(self) -> float:
        """Return the height of the picture in points."""
        return PICTURE * self.scale**2


def fit(content: Content) -> Fit:
    """Return the fullest way to fill one page."""
    for found in _fits(content):
        if _has_room(content, found):
            return _filled_up(content, found)
    return found


def _has_room(content: Content, found: Fit) -> bool:
    return height(content, found) <= ROOM * SPARE


def _filled_up(content: Content, found: Fit) -> Fit:
    """Return a way to fill the page with as many more lines as there is room left for."""
    for part, lines_there in (
        ("decisions", len(content.decisions)),
        ("matters", len(content.matters)),
        ("changes", len(content.changes)),
    ):
        while getattr(found, part) < lines_there:
            fuller = replace(found, **{part: getattr(found, part) + 1})
            if not _has_room(content, fuller):
                break
            found = fuller
    return found


def _fits(content: Content) -> Iterator[Fit]:
    """Go from everything at full size down: first smaller, then fewer lines, then fewer rows."""
    rows, matters = len(content.rows), len(content.matters)
    decisions, changes = min(MOST, len(content.decisions)), min(MOST, len(content.changes))
    for hundredths in range(112, 77, -2):
        scale = hundredths / 100
        yield Fit(scale, min(1.0, scale), rows, matters, decisions, changes)
    tight = Fit(0.78, 0.78, rows, matters, decisions, changes)
    beside = _beside_the_picture(content, tight)
    for scale, tables in ((0.78, 0.78), (0.78, 0.72), (0.74, 0.7)):
        for most in (5, 4, 3, 2):
            yield Fit(scale, tables, rows, beside, min(most, decisions), min(most, changes))
    for most in range(rows, 0, -1):
        yield Fit(0.74, 0.7, most, beside, min(3, decisions), min(3, changes))


def _beside_the_picture(content: Content, found: Fit) -> int:
    """Return how many matters take no more room than the picture beside them."""
    room = found.picture + _text(found, "caption", content.picture, SIDE_WIDTHS[1])
    for number, matter in enumerate(content.matters):
        room -= _matter(found, matter)
        if room < _text(found, "line", " "):
            return max(1, number)
    return len(content.matters)


def _matter(found: Fit, matter: str) -> float:
    return _text(found, "line", f"· {matter}", SIDE_WIDTHS[0] - GUTTER)


def height(content: Content, found: Fit) -> float:
    """Return about how high the page is in points, from the lines that each part takes."""
    parts = [
        _text(found, "masthead", content.masthead),
        _text(found, "issue", content.issue or " "),
        _text(found, "issuer", content.issuer),
        _text(found, "title", content.title),
        _text(found, "standing", content.standing),
        *(_text(found, "lead", sentence, indent=2) for sentence in content.lead),
    ]
    table = [content.head, *(row.cells for row in content.rows[: found.rows]), content.total.cells]
    parts += [_text(found, "section", " "), _table(found, table, found.area_widths(content.language))]
    parts.append(2 * _text(found, "caption", " "))
    matters = sum(_matter(found, matter) for matter in content.matters[: found.matters])
    beside = found.picture + _text(found, "caption", content.picture, SIDE_WIDTHS[1])
    parts.append(
        _text(found, "section", " ") + _text(found, "gap", " ") + max(matters + _text(found, "line", " "), beside)
    )
    if content.decisions:
        table = [content.decisions_head, *content.decisions[: found.decisions]]
        parts += [_text(found, "section", " "), _table(found, table, DECISION_WIDTHS), _text(found, "caption", " ")]
    if content.changes:
        parts += [_text(found, "section", " "), _text(found, "caption", " ")]
        parts += [_text(found, "line", line) for line in content.changes[: found.changes]]
    return sum(parts)


def _text(found: Fit, style: str, text: str, width: float = WIDTH, *, indent: int = 0) -> float:
    """Return the height of a paragraph; `indent` in characters."""
    sized = found.sized(style)
    return sized.above + sized.below + lines(text, sized.size, width, indent=indent * sized.size) * sized.line


def _table(found: Fit, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> float:
    """Return the height of a table, the first row its head in a heavier type."""
    total = 0.0
    for place, row in enumerate(rows):
        sized = found.sized("cell" if place else "column")
        size = sized.size * (1.0 if place else BOLD)
        inside = zip(row, widths, strict=True)
        total += max(lines(text, size, width - 2 * CELL_SIDE) for text, width in inside) * sized.line
        total += 2 * CELL_ABOVE + RULE
    return total
