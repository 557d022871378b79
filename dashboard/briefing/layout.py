"""How the page is filled: sizes and widths, and how much of everything goes on one sheet of A4.

Every style has an exact line spacing, so that the height of the page follows from the number of
lines, whichever font a machine has for it; lines are counted in the widest one, and columns of
figures are as wide as their figures are in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboard.briefing.content import Content
from dashboard.briefing.wrapping import breadth, lines, longest
from dashboard.headline import brief

MM: Final = 72 / 25.4  # points
PAGE: Final = (210 * MM, 297 * MM)
MARGINS: Final = {"top": 13 * MM, "bottom": 19 * MM, "left": 20 * MM, "right": 20 * MM}
WIDTH: Final = PAGE[0] - MARGINS["left"] - MARGINS["right"]
FOOT: Final = 22.0  # from the edge of the sheet to the footer
SPARE: Final = 0.975  # of the room: word processors differ by a point here and there
VERDICT_PLACES: Final = (1, 8)  # of the columns of the table of areas, in bold: against plan, and of the comparison
DECISION_WIDTHS: Final = tuple(mm * MM for mm in (15, 23, 41, 27, 30, 17, 17))
SIDE_WIDTHS: Final = (94 * MM, 76 * MM)
GUTTER: Final = 3 * MM  # beside the picture
CELL_SIDE: Final = 1.1 * MM  # left and right inside a cell
CELL_ABOVE: Final = 1.5  # points above and below the text of a cell, at full size
RULE: Final = 0.5  # between the rows of a table
STRONG: Final = 3.0  # the rules above and below a table and below its head together
UNDERLINE: Final = 5.5  # the rule below the issuer, with what is free above it
LOOSE: Final = 1.0  # point by which a column of figures is wider than its figures
LETTER_SPACING: Final = 2.0  # points between the Chinese characters of the masthead


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
FIXED: Final = ("issue", "issuer", "footer")  # never change
TABLES: Final = ("cell", "column")  # shrink by themselves, and never grow
PICTURE: Final = 150.0  # height of the picture
LOW_PICTURES: Final = (0.7, 0.5)  # of it where rows would have to go
LEAST_NAME: Final = 22 * MM  # of the column of names, at full size
LEAST_FIGURE: Final = 8 * MM  # of a column of figures, at full size
WORDS: Final = 20 * MM  # in which the verdict against plan may take two lines, at full size
MOST: Final = 7  # decisions, or changes, on the page


@dataclass(frozen=True)
class Fit:
    """How the page is filled.

    Attributes
    ----------
    masthead, scale, tables : float
        Of the masthead, of all other sizes that change, and of the type in tables.
    rows, matters, decisions, changes : int
        How many of each stand on the page.
    picture_share : float
        Of the picture's height at this scale.
    """

    masthead: float
    scale: float
    tables: float
    rows: int
    matters: int
    decisions: int
    changes: int
    picture_share: float = 1.0

    @property
    def cell_above(self) -> float:
        """Return the points above and below the text of a cell."""
        return round(20 * CELL_ABOVE * self.tables) / 20

    def sized(self, style: str) -> Sized:
        """Return a style at this scale."""
        usual = STYLES[style]
        if style in FIXED:
            return usual
        own = {"masthead": self.masthead, "title": min(1.0, self.scale)}
        scale = self.tables if style in TABLES else own.get(style, self.scale)
        line, above, below = (round(10 * scale * n) / 10 for n in (usual.line, usual.above, usual.below))
        return Sized(round(2 * scale * usual.size) / 2, line, above, below)

    @property
    def picture(self) -> float:
        """Return the height of the picture in points."""
        return PICTURE * self.scale**2 * self.picture_share


def fit(content: Content) -> Fit:
    """Return the fullest way to fill one page."""
    for found in _fits(content):
        if _has_room(content, found):
            return _filled_up(content, found)
    return found


def area_widths(content: Content, found: Fit) -> tuple[float, ...]:
    """Return the widths of the table of areas in points: figures stand on one line, names take what they leave.

    Where names need more, the words of the verdict against plan take two lines.
    """
    cell, column = found.sized("cell").size, found.sized("column").size
    rows = _area_rows(content, found)
    figures = []
    for place in range(1, len(content.head)):
        widest = max(breadth(row[place], bold=_is_bold(row, rows, place)) for row in rows)
        head = longest([content.head[place]], bold=True)
        figures.append(max(cell * widest, column * head, LEAST_FIGURE * found.tables) + 2 * CELL_SIDE + LOOSE)
    names = max(cell * breadth(row[0], bold=row is rows[-1]) for row in rows) + 2 * CELL_SIDE
    figures[0] -= max(0.0, min(names - (WIDTH - sum(figures)), figures[0] - WORDS * found.tables))
    return (WIDTH - sum(figures), *figures)


def _area_rows(content: Content, found: Fit) -> list[tuple[str, ...]]:
    return [*(row.cells for row in content.rows[: found.rows]), content.total.cells]


def _is_bold(row: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> bool:
    return row is rows[-1] or place in VERDICT_PLACES


def _has_room(content: Content, found: Fit) -> bool:
    if area_widths(content, found)[0] < LEAST_NAME * found.tables:
        return False
    return height(content, found) <= room(content) * SPARE


def room(content: Content) -> float:
    """Return the height that a footer of more lines than the margin holds leaves to the page, in points."""
    sized = STYLES["footer"]
    foot = FOOT + lines("".join(content.footer), sized.size, WIDTH) * sized.line + RULE
    return PAGE[1] - MARGINS["top"] - max(MARGINS["bottom"], foot)


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


def _masthead(content: Content) -> float:
    """Return the scale at which the masthead takes one line."""
    usual = STYLES["masthead"]
    spaced = 0.0 if content.language == "en" else LETTER_SPACING * len(content.masthead)
    return min(1.0, (WIDTH - spaced) / (usual.size * breadth(content.masthead) + 1))


def _fits(content: Content) -> Iterator[Fit]:
    """Go from everything at full size down: first smaller, then fewer lines, then fewer rows."""
    masthead = _masthead(content)
    rows, matters = len(content.rows), len(content.matters)
    decisions, changes = min(MOST, len(content.decisions)), min(MOST, len(content.changes))
    for hundredths in range(112, 77, -2):
        scale = hundredths / 100
        yield Fit(masthead, scale, min(1.0, scale), rows, matters, decisions, changes)
    tight = Fit(masthead, 0.78, 0.78, rows, matters, decisions, changes)
    beside = _beside_the_picture(content, tight)
    for scale, tables in ((0.78, 0.78), (0.78, 0.72), (0.74, 0.7)):
        for most in (5, 4, 3, 2, 1):
            yield Fit(masthead, scale, tables, rows, beside, min(most, decisions), min(most, changes))
    lows = [Fit(masthead, 0.74, 0.7, rows, 1, decisions, changes, share) for share in LOW_PICTURES]
    for low in lows:
        for most in (3, 2, 1):
            yield replace(low, decisions=min(most, decisions), changes=min(most, changes))
    for most in range(rows, 0, -1):
        yield replace(lows[0], rows=most, decisions=min(2, decisions), changes=min(2, changes))


def _beside_the_picture(content: Content, found: Fit) -> int:
    """Return how many matters take no more room than the picture beside them."""
    room = _picture(content, found)
    for number, matter in enumerate(content.matters):
        room -= _matter(found, matter)
        if room < _text(found, "line", " "):
            return max(1, number)
    return len(content.matters)


def _matter(found: Fit, matter: str) -> float:
    return _text(found, "line", f"· {matter}", SIDE_WIDTHS[0] - GUTTER)


def _picture(content: Content, found: Fit) -> float:
    """Return the height of the picture, of what its line hangs below it, and of the words under it."""
    frame, caption = _text(found, "caption", " "), _text(found, "caption", content.picture, SIDE_WIDTHS[1])
    return found.picture + frame + caption


def height(content: Content, found: Fit) -> float:
    """Return about how high the page is in points, from the lines that each part takes."""
    parts = [
        _text(found, "masthead", content.masthead),
        _text(found, "issue", content.issue or " "),
        _text(found, "issuer", f"{content.issuer}  {content.dated}") + UNDERLINE,
        _text(found, "title", content.title),
        _text(found, "standing", content.standing),
        *(_text(found, "lead", sentence, indent=2) for sentence in content.lead),
    ]
    table = [content.head, *_area_rows(content, found)]
    parts += [_text(found, "section", " "), _table(found, table, area_widths(content, found), VERDICT_PLACES)]
    parts.append(_text(found, "caption", brief.below_table(len(content.rows) - found.rows, content.missing)))
    matters = sum(_matter(found, matter) for matter in content.matters[: found.matters])
    beside = max(matters + _text(found, "line", " "), _picture(content, found))
    parts.append(_text(found, "section", " ") + _text(found, "gap", " ") + beside)
    if content.decisions:
        table = [content.decisions_head, *content.decisions[: found.decisions]]
        parts += [_text(found, "section", " "), _table(found, table, DECISION_WIDTHS), _text(found, "caption", " ")]
    if content.changes:
        parts += [_text(found, "section", " "), _text(found, "line", " ")]
        parts += [_text(found, "line", line) for line in content.changes[: found.changes]]
    return sum(parts)


def _text(found: Fit, style: str, text: str, width: float = WIDTH, *, indent: int = 0) -> float:
    """Return the height of a paragraph; `indent` in characters."""
    sized = found.sized(style)
    return sized.above + sized.below + lines(text, sized.size, width, indent=indent * sized.size) * sized.line


def _table(
    found: Fit, rows: Sequence[Sequence[str]], widths: Sequence[float], bold_places: Sequence[int] = ()
) -> float:
    """Return the height of a table, its first row the head; with places in bold its last row, the sum, is bold too."""
    total = 0.0
    for number, row in enumerate(rows):
        sized = found.sized("cell" if number else "column")
        heavy = not number or (bool(bold_places) and number == len(rows) - 1)
        total += sized.line * max(
            lines(text, sized.size, width - 2 * CELL_SIDE, bold=heavy or place in bold_places)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        total += 2 * found.cell_above + RULE
    return total + STRONG
