"""The figures behind the brief as a workbook: one sheet a topic, native numbers, charts that Excel draws."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import xlsxwriter

from dashboard.briefing import columns, drawing
from dashboard.briefing.content import Content, content
from dashboard.briefing.drawing import Cells
from dashboard.briefing.thaw import Thawed, thaw
from dashboard.charts.palette import LIGHT
from dashboard.columns import shown
from dashboard.download import LINE, for_print, lines_in, open_book, write_notes, write_table
from dashboard.headline import attention, brief, labels, names, notices, reasons
from dashboard.i18n import _, speaking
from dashboard.tables import WORDS, Column, presented, stamped

SPACE: Final = 2  # empty rows between what stands below one another
OVERVIEW_WIDTHS: Final = (32, 14, 66)
ONE_PAGE: Final = 70  # rows that can still be read on one page


@dataclass(frozen=True)
class Book:
    """A workbook being written: the figures, what the page says of them, and what the sheets are called."""

    book: xlsxwriter.Workbook
    figures: Thawed
    said: Content
    sheets: Mapping[str, str]

    def sheet(self, topic: str) -> Any:
        """Add the sheet of a topic, set up to print."""
        sheet = self.book.add_worksheet(self.sheets[topic])
        for_print(sheet)
        sheet.set_header(f"&L{_plain(self.said.title)}&R&A")
        sheet.set_footer(f"&L{_plain(self.said.footer[-2])}&R&P / &N")
        return sheet


def brief_xlsx(figures: Mapping[str, Any], language: str, changes: Sequence[Mapping[str, Any]] | None = None) -> bytes:
    """Return the workbook of the brief as .xlsx; parameters as for `brief_docx`."""
    with speaking(language):
        thawed = thaw(figures, language)
        out = io.BytesIO()
        book = Book(open_book(out), thawed, content(thawed, changes), brief.sheets())
        _set_properties(book)
        children = thawed.children.sort_values("behind_hh", ascending=False, kind="stable", ignore_index=True)
        _overview(book)
        _completion(book, children)
        _households(book, children)
        _days(book)
        _staffing(book)
        _returns(book, children)
        _discrepancies(book)
        _attention(book)
        if thawed.bridge:
            _bridge(book)
        _decisions(book)
        if changes:
            _changes(book, changes)
        _notes(book)
        book.book.close()
    return out.getvalue()


def _set_properties(book: Book) -> None:
    book.book.set_properties(
        {
            "title": f"{book.said.masthead} · {book.said.title}",
            "author": book.said.issuer,
            "comments": book.said.standing,
            "created": book.figures.dated,
        }
    )


def _overview(book: Book) -> None:
    """Write the figures of the whole area one a line, the findings above and the S-curve beside them."""
    sheet = book.sheet("overview")
    lines, kinds = _one_a_line(book.figures)
    said = [book.said.standing, *book.said.lead]
    first = len(said) + SPACE
    for place, width in enumerate(OVERVIEW_WIDTHS):
        sheet.set_column(place, place, width)
    wrapped = book.book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, book.said.title, book.book.add_format({"bold": True, "font_size": 14}))
    for line, sentence in enumerate(said, start=1):
        sheet.merge_range(line, 0, line, 2, sentence, wrapped)
        sheet.set_row(line, LINE * lines_in(sentence, sum(OVERVIEW_WIDTHS)))
    write_table(book.book, sheet, lines, ["text", kinds, "text"], first=first, widths=OVERVIEW_WIDTHS, unknown="")
    sheet.freeze_panes(first + 1, 1)
    below = first + len(lines) + SPACE
    days = Cells(book.sheets["days"], 0, 1, len(_daily(book.figures)))
    sheet.insert_chart(below, 0, _curve(book, days))
    sheet.print_area(0, 0, below + drawing.ROWS, 2)
    sheet.fit_to_pages(1, 1)
    sheet.set_portrait()


def _one_a_line(figures: Thawed) -> tuple[pd.DataFrame, list[str]]:
    """Return the figures of the viewed area as lines of figure, value and meaning, with the kind of each value."""
    row = figures.area.to_frame().T.infer_objects()
    overview = shown(columns.OVERVIEW, row)
    area = presented(row, overview)
    lines = [
        (_(column.heading), area[_(column.heading)].iloc[0], _(column.explain) if column.explain else "", column.kind)
        for column in overview
    ]
    posts = names.with_roles(figures.roles)
    for column in columns.POSTS:
        values = presented(posts, [column])[_(column.heading)]
        lines += [
            (brief.of_role(role, _(column.heading)), value, _(column.explain) if column.explain else "", column.kind)
            for role, value in zip(posts["role_name"], values, strict=True)
        ]
    lines.append((_("Working days left"), float(figures.phase["working_days_left"]), "", "count"))
    table = pd.DataFrame([line[:3] for line in lines], columns=[_("Figure"), _("Value"), _("Definition")])
    return table, [line[3] for line in lines]


def _completion(book: Book, children: pd.DataFrame) -> None:
    progress = shown(columns.PROGRESS, children)
    cells, sheet = _listed(book, "completion", children, progress)
    if cells.rows:
        backlog = _place(progress, "behind_hh")
        sheet.conditional_format(1, backlog, cells.rows, backlog, {"type": "data_bar", "bar_color": LIGHT.amber})
        rate, plan = (_place(progress, name) for name in ("resolution_rate", "planned_share"))
        title = brief.chart_titles()["completion"]
        _below(sheet, cells, [drawing.bars(book.book, cells, title, [rate], names=(1, 1), mark=plan, shares=True)])


def _households(book: Book, children: pd.DataFrame) -> None:
    households = shown(columns.HOUSEHOLDS, children)
    cells, sheet = _listed(book, "households", children, households)
    if cells.rows:
        title = brief.chart_titles()["households"]
        series = [_place(households, n) for n in ("hh_done", "hh_open", "hh_vacant", "hh_away", "hh_deceased")]
        _below(sheet, cells, [drawing.bars(book.book, cells, title, series, names=(1, 1), stacked=True)])


def _days(book: Book) -> None:
    rows = _daily(book.figures)
    cells, sheet = _listed(book, "days", rows, columns.DAILY)
    if cells.rows:
        _below(sheet, cells, [_curve(book, cells)])
        sheet.set_portrait()


def _curve(book: Book, cells: Cells) -> Any:
    names_of_lines = ("resolution_rate", "planned_share", "resolution_low", "resolution_high")
    series = [_place(columns.DAILY, name, coded=False) for name in names_of_lines]
    return drawing.lines(book.book, cells, brief.chart_titles()["curve"], series)


def _staffing(book: Book) -> None:
    staff = names.with_roles(book.figures.staffing if len(book.figures.staffing) else book.figures.roles)
    staff = staff[staff["units"].notna()].sort_values(["role", "shortfall"], ascending=[True, False], kind="stable")
    cells, sheet = _listed(book, "staffing", staff, columns.STAFF)
    charts, first = [], cells.first
    series = [_place(columns.STAFF, name) for name in ("required", "in_post")]
    for role, part in staff.groupby("role", sort=False):
        where = Cells(cells.sheet, 0, first, len(part))
        charts.append(drawing.bars(book.book, where, brief.chart_titles()[str(role)], series, names=(1, 1)))
        first += len(part)
    _below(sheet, cells, charts)


def _returns(book: Book, children: pd.DataFrame) -> None:
    cells, sheet = _listed(book, "returns", children, columns.RETURNS)
    charts = []
    if cells.rows:
        rates = [_place(columns.RETURNS, name) for name in ("reporting_rate", "on_time_rate")]
        charts.append(drawing.bars(book.book, cells, brief.chart_titles()["returns"], rates, names=(1, 1), shares=True))
    silent = book.figures.not_in
    codes = pd.Series([book.figures.places[str(i)]["code"] for i in silent["area_id"]], dtype="str", name=_("Code"))
    shown = pd.concat([codes, presented(silent, columns.UNITS_NOT_IN)], axis=1)
    first = cells.end + SPACE
    write_table(
        book.book, sheet, shown, ["text", *_kinds(columns.UNITS_NOT_IN)], first=first, widths=cells.widths, unknown=""
    )
    _below(sheet, Cells(cells.sheet, first, first + 1, len(silent)), charts)


def _discrepancies(book: Book) -> None:
    """Write what can be compared, the widest of it by area, and what cannot be compared and why."""
    every = labels.comparisons(reasons.with_reasons(names.with_names(book.figures.comparisons)))
    rows = every[every["comparable"]]
    cells, sheet = _listed(book, "discrepancies", rows, columns.COMPARED, coded=False)
    last = cells
    below = names.with_names(book.figures.compared_below)
    if len(below):
        heading = brief.compared_heading(book.figures.compared)
        last = _further(book, sheet, last, heading, below, columns.BELOW, below["status"].tolist())
    refused = every[~every["comparable"]]
    if len(refused):
        last = _further(book, sheet, last, _("Not comparable"), refused, columns.REFUSED)
    charts = []
    if rows["rate"].notna().any():
        rate = _place(columns.COMPARED, "rate", coded=False)
        title = brief.chart_titles()["discrepancies"]
        charts.append(drawing.bars(book.book, cells, title, [rate], names=(0, 0), across=True, shares=True))
    _below(sheet, last, charts)


def _further(
    book: Book,
    sheet: Any,
    above: Cells,
    heading: str,
    rows: pd.DataFrame,
    shown: Sequence[Column],
    status: Sequence[str] = (),
) -> Cells:
    """Write another table, under a heading, below what stands on a sheet."""
    first = above.end + SPACE
    sheet.write_string(first, 0, heading, book.book.add_format({"bold": True}))
    widths = write_table(
        book.book,
        sheet,
        presented(rows, shown),
        _kinds(shown),
        status,
        first=first + 1,
        widths=above.widths,
        unknown="",
    )
    return Cells(above.sheet, first + 1, first + 2, len(rows), tuple(widths))


def _attention(book: Book) -> None:
    places = attention.places(book.figures.matters)
    rows = places.assign(
        unit_name=pd.Series([brief.unit(u) for u in places["unit"]], index=places.index, dtype="str"),
    )
    cells, sheet = _listed(book, "attention", rows, columns.ATTENTION, coded=False)
    if cells.rows:
        share = _place(columns.ATTENTION, "share", coded=False)
        title = brief.chart_titles()["attention"]
        _below(sheet, cells, [drawing.bars(book.book, cells, title, [share], names=(0, 0), across=True, shares=True)])


def _bridge(book: Book) -> None:
    rows = pd.DataFrame(list(book.figures.bridge))
    rows = rows.assign(step_name=rows["step"].map(brief.step))
    signed = ["count" if step in brief.ENDS else "signed" for step in rows["step"]]
    kinds = ["text", signed, "count", "count"]
    _listed(book, "bridge", rows, columns.BRIDGE, coded=False, kinds=kinds)


def _decisions(book: Book) -> None:
    taken = list(book.figures.commitments)
    rows = pd.DataFrame(
        {
            "decided": pd.to_datetime(pd.Series([c["decided"] for c in taken], dtype="object")),
            "name": pd.Series([book.figures.name(c["area_id"]) for c in taken], dtype="str"),
            "what": pd.Series([c["what"] for c in taken], dtype="str"),
            "office": pd.Series([c["office"] for c in taken], dtype="str"),
            "measure": pd.Series([brief.measure(c["measure"]) for c in taken], dtype="str"),
            "sign": pd.Series(["≥" if c["at_least"] else "≤" for c in taken], dtype="str"),
            "number": _scaled(taken, "number"),
            "due": pd.to_datetime(pd.Series([c["due"] for c in taken], dtype="object")),
            "outcome": pd.Series([brief.outcome_word(c) for c in taken], dtype="str"),
            "value": _scaled(taken, "actual"),
        }
    )
    by_row = ["percent" if c["unit"] == "share" else "count" for c in taken]
    plain = {"number": by_row, "value": by_row}
    kinds = [plain.get(column.name, column.kind) for column in columns.DECISIONS]
    _listed(book, "decisions", rows, columns.DECISIONS, coded=False, kinds=kinds)


def _scaled(taken: Sequence[Mapping[str, Any]], name: str) -> pd.Series:
    values = [float("nan") if c[name] is None else c[name] * (100 if c["unit"] == "share" else 1) for c in taken]
    return pd.Series(values, dtype="float64")


def _changes(book: Book, changes: Sequence[Mapping[str, Any]]) -> None:
    rows = pd.DataFrame(list(changes))
    rows = rows.assign(
        name=rows["area_id"].map(book.figures.name), measure=[brief.counted(row["count"]) for row in changes]
    )
    _listed(book, "changes", rows, columns.CHANGES, coded=False)


def _notes(book: Book) -> None:
    figures = book.figures
    meanings = {_(c.heading): _(c.explain) for c in columns.EVERY if c.explain}
    notes = [
        book.said.title,
        book.said.issuer,
        book.said.standing,
        *stamped(figures.phase, figures.view.as_of, simulated=figures.simulated),
        *book.said.lead,
        _("An empty cell is not known; it is never zero."),
        notices.missing_returns(),
        notices.appraisal(),
        notices.to_verify(),
        notices.privacy(),
        *notices.sources(),
        *(brief.meaning(heading, explain) for heading, explain in meanings.items()),
    ]
    sheet = book.sheet("notes")
    write_notes(book.book, sheet, notes)
    sheet.print_area(0, 0, len(notes) - 1, 0)


def _listed(
    book: Book,
    topic: str,
    rows: pd.DataFrame,
    shown_columns: Sequence[Column],
    *,
    coded: bool = True,
    kinds: Sequence[str | Sequence[str]] | None = None,
) -> tuple[Cells, Any]:
    """Add a sheet with a table under a frozen head; with the codes of areas first where they have any."""
    sheet = book.sheet(topic)
    rows = rows.reset_index(drop=True)
    shown = presented(rows, shown_columns)
    kinds = list(kinds or _kinds(shown_columns))
    if coded and "code" in rows:
        shown = pd.concat([rows["code"].rename(_("Code")), shown], axis=1)
        kinds.insert(0, "text")
    judged = any(column.kind in WORDS for column in shown_columns)
    status = rows["status"].tolist() if judged else []
    widths = write_table(book.book, sheet, shown, kinds, status, unknown="")
    sheet.freeze_panes(1, min(2, len(kinds) - 1))
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(len(rows), 1), len(kinds) - 1)
    return Cells(book.sheets[topic], 0, 1, len(rows), tuple(widths)), sheet


def _below(sheet: Any, cells: Cells, charts: Sequence[Any]) -> None:
    """Put charts below a table, and both on the printed page; on one of their own where the table fills one."""
    row = cells.end + SPACE
    if row + drawing.ROWS * len(charts) <= ONE_PAGE:
        sheet.fit_to_pages(1, 1)
    else:
        sheet.set_h_pagebreaks([row])
        row += 1
    for chart in charts:
        sheet.insert_chart(row, 0, chart)
        row += drawing.ROWS
    sheet.print_area(0, 0, row, max(sheet.dim_colmax, drawing.COLUMNS - 1 if charts else 0))


def _daily(figures: Thawed) -> pd.DataFrame:
    """Return every day of the plan and of the returns, past and future: columns of DAILY."""
    return figures.plan.merge(figures.days, on="date", how="outer").sort_values("date", ignore_index=True)


def _kinds(shown: Sequence[Column]) -> list[str]:
    return [column.kind for column in shown]


def _place(shown: Sequence[Column], name: str, *, coded: bool = True) -> int:
    """Return the place of a column on its sheet."""
    return [column.name for column in shown].index(name) + coded


def _plain(text: str) -> str:
    """Return a text for a header or footer, where & begins a code."""
    return text.replace("&", "&&")
