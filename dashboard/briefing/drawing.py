"""Charts that Excel draws itself, from the cells beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from dashboard.charts.palette import LIGHT

SIZE: Final = {"width": 720, "height": 320}
ROWS: Final = 17  # of a sheet that a chart covers
COLUMNS: Final = 8  # of a sheet that a chart covers at most
GRID: Final = {"major_gridlines": {"visible": True, "line": {"color": LIGHT.grid}}}
LINES: Final = (
    {"color": LIGHT.accent, "width": 2.5},
    {"color": LIGHT.plan, "width": 1.75, "dash_type": "dash"},
    {"color": LIGHT.faint, "width": 1, "dash_type": "round_dot"},
    {"color": LIGHT.faint, "width": 1, "dash_type": "round_dot"},
)
INKS: Final = (LIGHT.accent, LIGHT.unknown, LIGHT.amber, LIGHT.green, LIGHT.plan)


@dataclass(frozen=True)
class Cells:
    """Where a table stands: sheet, row of its headings, first row below them, how many, widths of its columns."""

    sheet: str
    head: int
    first: int
    rows: int
    widths: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """Return the row below the table."""
        return self.first + self.rows

    def columns(self, first: int, last: int) -> list[Any]:
        """Return the address of neighbouring columns."""
        return [self.sheet, self.first, first, self.end - 1, last]

    def heading(self, place: int) -> list[Any]:
        """Return the address of a heading, which names a series."""
        return [self.sheet, self.head, place]


def bars(
    book: xlsxwriter.Workbook,
    cells: Cells,
    title: str,
    series: list[int],
    *,
    names: tuple[int, int],
    stacked: bool = False,
    across: bool = False,
    shares: bool = False,
    mark: int | None = None,
) -> Any:
    """Return columns, or bars across, of some columns of a table.

    Parameters
    ----------
    names : tuple of int
        First and last column of the names along the axis.
    shares : bool
        Whether the values are shares.
    mark : int, optional
        A column that is drawn as a dash over each bar.
    """
    kind = {"type": "bar" if across else "column"}
    drawn = book.add_chart({**kind, "subtype": "stacked"} if stacked else kind)
    for place, ink in zip(series, INKS, strict=False):
        drawn.add_series({**_series(cells, place, names), "fill": {"color": ink}, "gap": 60})
    if mark is not None:
        marks = book.add_chart({"type": "line"})
        dash = {"type": "long_dash", "size": 12, "fill": {"color": LIGHT.ink}, "border": {"none": True}}
        marks.add_series({**_series(cells, mark, names), "line": {"none": True}, "marker": dash})
        drawn.combine(marks)
    values = {**GRID, "num_format": "0%" if shares else "#,##0"}
    if across:
        drawn.set_x_axis(values)
        drawn.set_y_axis({"reverse": True, "label_position": "low"})
    else:
        drawn.set_y_axis({**values, "min": 0})
    return _finished(drawn, title, one=len(series) == 1 and mark is None)


def lines(book: xlsxwriter.Workbook, cells: Cells, title: str, series: list[int]) -> Any:
    """Return lines over the days of the first column of a table; a cell that is blank leaves a gap."""
    drawn = book.add_chart({"type": "line"})
    for place, line in zip(series, LINES, strict=True):
        drawn.add_series({**_series(cells, place, (0, 0)), "line": line})
    drawn.set_x_axis({"date_axis": True, "num_format": "mm-dd", "major_unit": 7, "major_unit_type": "days"})
    drawn.set_y_axis({**GRID, "min": 0, "max": 1, "num_format": "0%"})
    return _finished(drawn, title, one=False)


def _series(cells: Cells, place: int, names: tuple[int, int]) -> dict[str, Any]:
    return {"name": cells.heading(place), "categories": cells.columns(*names), "values": cells.columns(place, place)}


def _finished(drawn: Any, title: str, *, one: bool) -> Any:
    drawn.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    drawn.set_legend({"none": True} if one else {"position": "top"})
    drawn.show_blanks_as("gap")
    drawn.set_size(SIZE)
    return drawn
