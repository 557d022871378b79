"""The brief as one page of A4 that Word opens: the official heading, and what the evening must know."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from dashboard.briefing import layout, picture, styles
from dashboard.briefing.content import Content, Row, content
from dashboard.briefing.layout import Fit, fit
from dashboard.briefing.thaw import Thawed, thaw
from dashboard.download import FILLS
from dashboard.headline import brief
from dashboard.headline.sentences import join
from dashboard.i18n import _, speaking

STATUS_PLACE, AGREEMENT_PLACE = layout.VERDICT_PLACES


def brief_docx(figures: Mapping[str, Any], language: str, changes: Sequence[Mapping[str, Any]] | None = None) -> bytes:
    """Return the brief as .docx.

    Parameters
    ----------
    figures : mapping
        As `queries.check_in.frozen.gather` returns them, or as a check-in kept them at its close.
    language : str
        One of `queries.view.LANGUAGES`.
    changes : sequence of mapping, optional
        What `queries.check_in.frozen.changed` found since the close; stated apart, the figures stay.
    """
    with speaking(language):
        thawed = thaw(figures, language)
        said = content(thawed, changes)
        fitted = fit(said)
        document = docx.Document()
        styles.prepare(document, language, fitted)
        _set_page(document)
        _set_properties(document, said, thawed, language)
        _heading(document, said)
        sections = iter(range(len(brief.ORDINALS)))
        _section(document, next(sections), _("Progress by area"))
        _areas(document, said, fitted)
        _section(document, next(sections), _("Attention now, and the course so far"))
        _matters_and_curve(document, said, fitted, thawed)
        if said.decisions:
            _section(document, next(sections), _("Decisions of the check-in, and what became of earlier ones"))
            _decisions(document, said, fitted)
        if said.changes:
            _section(document, next(sections), _("Changed by later returns; the figures above stay as they were"))
            _changes(document, said, fitted)
        _footer(document, said)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _tied(text: str) -> str:
    """Return a text whose lines never break between a number and its sign."""
    return text.replace(" %", "\u00a0%").replace(" ‰", "\u00a0‰").replace("≥ ", "≥\u00a0").replace("≤ ", "≤\u00a0")


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Pt(layout.PAGE[0]), Pt(layout.PAGE[1])
    section.top_margin, section.bottom_margin = Pt(layout.MARGINS["top"]), Pt(layout.MARGINS["bottom"])
    section.left_margin, section.right_margin = Pt(layout.MARGINS["left"]), Pt(layout.MARGINS["right"])
    section.header_distance, section.footer_distance = Pt(20), Pt(layout.FOOT)


def _set_properties(document: Document, said: Content, figures: Thawed, language: str) -> None:
    """Say what the file is; its date is that of the figures, so that a closed brief stays the same."""
    known = document.core_properties
    known.title, known.author, known.last_modified_by = f"{said.masthead} · {said.title}", said.issuer, said.issuer
    known.subject, known.comments, known.keywords = said.standing, "", ""
    known.language = styles.FONTS[language].tag
    known.created = known.modified = figures.dated
    package = document.part.package
    for name in [name for name, part in package.rels.items() if part.reltype.endswith("/thumbnail")]:
        del package.rels[name]  # a picture of the empty template


def _heading(document: Document, said: Content) -> None:
    document.add_paragraph(said.masthead, "Brief masthead")
    document.add_paragraph(said.issue, "Brief issue")
    document.add_paragraph(f"{said.issuer}\t{said.dated}", "Brief issuer")
    document.add_paragraph(said.title, "Title")
    document.add_paragraph(said.standing, "Brief standing")
    for sentence in said.lead:
        document.add_paragraph(_tied(sentence), "Brief lead")


def _section(document: Document, number: int, heading: str) -> None:
    document.add_paragraph(brief.section(number, heading), "Heading 1")


def _areas(document: Document, said: Content, fitted: Fit) -> None:
    rows = [*said.rows[: fitted.rows], said.total]
    table = _table(document, said.head, layout.area_widths(said, fitted), len(rows))
    _look(table, last_row=True)
    for line, row in zip(table.rows[1:], rows, strict=True):
        for place, cell in enumerate(line.cells):
            text = cell.paragraphs[0]
            text.style = "Brief cell" if place <= STATUS_PLACE else "Brief number"
            _write(text, row, place)
            if place == STATUS_PLACE and row.status in FILLS:
                _fill(cell, FILLS[row.status])
    left_out = len(said.rows) - fitted.rows
    document.add_paragraph(brief.below_table(left_out, said.missing), "Caption")


def _write(text: Paragraph, row: Row, place: int) -> None:
    verdict = {STATUS_PLACE: row.status, AGREEMENT_PLACE: row.agreement}.get(place)
    text.add_run(_tied(row.cells[place]), f"Brief {verdict}" if verdict in FILLS else None)


def _matters_and_curve(document: Document, said: Content, fitted: Fit, figures: Thawed) -> None:
    table = document.add_table(1, 2, styles.SIDE_BY_SIDE)
    _set_widths(table, layout.SIDE_WIDTHS)
    lines, curve = table.rows[0].cells
    said_here = [f"· {matter}" for matter in said.matters[: fitted.matters]]
    if len(said.matters) > fitted.matters:
        said_here.append(brief.left_out(len(said.matters) - fitted.matters))
    _fill_with(lines, said_here or [said.nothing], "Brief line")
    width = layout.SIDE_WIDTHS[1] - 2 * layout.GUTTER
    drawn = picture.scurve(figures.days, figures.plan, figures.phase["end"], width, fitted.picture)
    frame = curve.paragraphs[0]
    frame.style = "Brief picture"
    shape = frame.add_run().add_picture(io.BytesIO(drawn), Pt(width), Pt(fitted.picture))
    shape._inline.docPr.set("descr", said.picture)
    curve.add_paragraph(said.picture, "Caption")
    document.add_paragraph("", "Brief gap")


def _fill_with(cell: _Cell, lines: Sequence[str], style: str) -> None:
    cell.paragraphs[0].text, cell.paragraphs[0].style = _tied(lines[0]), style
    for line in lines[1:]:
        cell.add_paragraph(_tied(line), style)


def _decisions(document: Document, said: Content, fitted: Fit) -> None:
    rows = said.decisions[: fitted.decisions]
    table = _table(document, said.decisions_head, layout.DECISION_WIDTHS, len(rows))
    _look(table, last_row=False)
    for line, cells in zip(table.rows[1:], rows, strict=True):
        for cell, text in zip(line.cells, cells, strict=True):
            cell.paragraphs[0].text, cell.paragraphs[0].style = _tied(text), "Brief cell"
    left_out = len(said.decisions) - fitted.decisions
    document.add_paragraph(brief.left_out(left_out) if left_out else "", "Caption")


def _changes(document: Document, said: Content, fitted: Fit) -> None:
    for line in said.changes[: fitted.changes]:
        document.add_paragraph(line, "Brief change")
    left_out = len(said.changes) - fitted.changes
    if left_out:
        document.add_paragraph(brief.left_out(left_out), "Brief change")


def _footer(document: Document, said: Content) -> None:
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    footer.paragraphs[0].text, footer.paragraphs[0].style = join(*said.footer), "Footer"


def _table(document: Document, head: Sequence[str], widths: Sequence[float], rows: int) -> Table:
    """Return a table with its head, which repeats where a table runs on."""
    table = document.add_table(rows + 1, len(head), styles.TABLE)
    _set_widths(table, widths)
    for cell, heading in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].text, cell.paragraphs[0].style = heading, "Brief column"
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
        for cell in column.cells:
            cell.width = Pt(width)


def _look(table: Table, *, last_row: bool) -> None:
    """Say which parts of the table's style apply: the head, and the sum in the last row."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        table._tbl.tblPr.remove(look)
    table._tbl.tblPr.append(
        parse_xml(
            f'<w:tblLook {nsdecls("w")} w:val="{"0460" if last_row else "0420"}" w:firstRow="1" '
            f'w:lastRow="{int(last_row)}" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        )
    )


def _fill(cell: _Cell, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour.removeprefix("#")}"/>')
    )
