"""The styles of the page: type by role, in fonts that official documents of each script use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from dashboard.briefing import layout
from dashboard.briefing.layout import Fit
from dashboard.charts.palette import LIGHT
from dashboard.download import FILLS

RED: Final = "C00000"
INK: Final = "000000"
TINT: Final = "EAF0F7"
TABLE: Final = "Brief table"
SIDE_BY_SIDE: Final = "Brief side by side"


@dataclass(frozen=True)
class Fonts:
    """Names of fonts: of the masthead and title, of headings, of text, and of Latin letters and digits."""

    title: str
    heading: str
    text: str
    latin: str
    heading_latin: str
    tag: str


FONTS: Final = {
    "en": Fonts("Times New Roman", "Arial", "Times New Roman", "Times New Roman", "Arial", "en-GB"),
    "zh_Hans": Fonts("方正小标宋简体", "黑体", "仿宋", "Times New Roman", "Times New Roman", "zh-CN"),
    "zh_Hant": Fonts("方正小標宋繁體", "微軟正黑體", "標楷體", "Times New Roman", "Times New Roman", "zh-TW"),
}
# What to take where a machine lacks a font, in order; Word reads this from the font table.
INSTEAD: Final = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong", "宋体", "SimSun", "Noto Serif CJK SC"),
    "黑体": ("SimHei", "华文黑体", "Noto Sans CJK SC"),
    "仿宋": ("FangSong", "仿宋_GB2312", "华文仿宋", "STFangsong", "Noto Serif CJK SC"),
    "方正小標宋繁體": ("FZXiaoBiaoSong-B05", "新細明體", "PMingLiU", "Noto Serif CJK TC"),
    "微軟正黑體": ("Microsoft JhengHei", "PingFang TC", "Noto Sans CJK TC"),
    "標楷體": ("DFKai-SB", "BiauKai", "Noto Serif CJK TC"),
}


def prepare(document: Document, language: str, fit: Fit) -> None:
    """Give a document its styles, at the sizes at which the page fits."""
    fonts = FONTS[language]
    _defaults(document, fonts)
    _font_table(document)
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    masthead = _paragraph(document, "Brief masthead", "masthead", fit, fonts.title, fonts, RED, centre)
    _letter_spacing(masthead, round(20 * layout.LETTER_SPACING) if language != "en" else 0)
    _paragraph(document, "Brief issue", "issue", fit, fonts.text, fonts, INK, centre)
    issuer = _paragraph(document, "Brief issuer", "issuer", fit, fonts.text, fonts)
    issuer.paragraph_format.tab_stops.add_tab_stop(Pt(layout.WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    _rule(issuer, "bottom", 18, 3)
    _paragraph(document, "Title", "title", fit, fonts.title, fonts, INK, centre)
    _paragraph(document, "Brief standing", "standing", fit, fonts.text, fonts, LIGHT.ink, centre)
    lead = _paragraph(document, "Brief lead", "lead", fit, fonts.text, fonts, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    if language != "en":
        _first_line_characters(lead, 2)
    heading = _paragraph(document, "Heading 1", "section", fit, fonts.heading, fonts, INK)
    heading.font.bold = language == "en"
    heading.paragraph_format.keep_with_next = True
    _outline_level(heading, 0)
    _paragraph(document, "Brief cell", "cell", fit, fonts.text, fonts)
    _paragraph(document, "Brief number", "cell", fit, fonts.text, fonts, align=right)
    _paragraph(document, "Brief column", "column", fit, fonts.heading, fonts, align=centre).font.bold = language == "en"
    line = _paragraph(document, "Brief line", "line", fit, fonts.text, fonts)
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Pt(7), Pt(-7)
    line.paragraph_format.right_indent = Pt(layout.GUTTER)
    _rule(_paragraph(document, "Brief change", "line", fit, fonts.text, fonts), "left", 18, 6)
    _paragraph(document, "Caption", "caption", fit, fonts.text, fonts, LIGHT.faint)
    picture = _paragraph(document, "Brief picture", "caption", fit, fonts.text, fonts)
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # an exact spacing would cut the picture
    _paragraph(document, "Brief gap", "gap", fit, fonts.text, fonts)
    footer = _paragraph(document, "Footer", "footer", fit, fonts.text, fonts, LIGHT.faint)
    _rule(footer, "top", 6, 3)
    for status in FILLS:
        verdict = document.styles.add_style(f"Brief {status}", WD_STYLE_TYPE.CHARACTER)
        verdict.font.bold = True
        verdict.font.color.rgb = RGBColor.from_string(_printed(status))
    document.styles.element.append(_table_style(fit))
    document.styles.element.append(_side_by_side_style())


def _printed(status: str) -> str:
    """Return the colour of a status as text on white paper: amber is too light to read."""
    return {"green": LIGHT.green, "amber": "#8A5A00", "red": LIGHT.red}[status].removeprefix("#")


def _paragraph(
    document: Document,
    name: str,
    role: str,
    fit: Fit,
    font: str,
    fonts: Fonts,
    colour: str = INK,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
) -> ParagraphStyle:
    """Define a paragraph style, or redefine one that Word knows, with an exact line spacing."""
    found = [style for style in document.styles if style.name == name]
    style = found[0] if found else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    for part in ("w:pPr", "w:rPr"):
        for element in style.element.findall(qn(part)):
            style.element.remove(element)
    sized = fit.sized(role)
    written = style.paragraph_format
    written.line_spacing_rule, written.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(sized.line)
    written.space_before, written.space_after, written.alignment = Pt(sized.above), Pt(sized.below), align
    style.font.size = Pt(sized.size)
    style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    _set_fonts(style.element.get_or_add_rPr(), font, fonts.heading_latin if font == fonts.heading else fonts.latin)
    return style


def _set_fonts(properties: Any, east_asian: str, latin: str) -> None:
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script, name in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", east_asian)):
        fonts.set(qn(f"w:{script}"), name)


def _defaults(document: Document, fonts: Fonts) -> None:
    """Set the document's own font, language and spacing, in place of those of the template's theme."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    defaults.getparent().replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>"
            f'<w:rFonts w:ascii="{fonts.latin}" w:hAnsi="{fonts.latin}" w:cs="{fonts.latin}" '
            f'w:eastAsia="{fonts.text}"/>'
            f'<w:sz w:val="21"/><w:szCs w:val="21"/>'
            f'<w:lang w:val="{fonts.tag if fonts.tag.startswith("en") else "en-US"}" '
            f'w:eastAsia="{"zh-CN" if fonts.tag.startswith("en") else fonts.tag}" w:bidi="ar-SA"/>'
            f"</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )


def _font_table(document: Document) -> None:
    """Name the fonts that stand in for those that a machine lacks."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/><w:charset w:val="86"/>'
        f'<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in INSTEAD.items()
    )
    (part,) = [p for p in document.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml"]
    part._blob = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


def _letter_spacing(style: ParagraphStyle, twentieths: int) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(twentieths))
    style.element.get_or_add_rPr().find(qn("w:color")).addnext(spacing)


def _first_line_characters(style: ParagraphStyle, number: int) -> None:
    style.paragraph_format.first_line_indent = Pt(number * style.font.size.pt if style.font.size else 0)
    style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * number))


def _outline_level(style: ParagraphStyle, level: int) -> None:
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    style.element.get_or_add_pPr().append(outline)


def _rule(style: ParagraphStyle, side: str, eighths: int, space: int) -> None:
    """Draw a red rule at one side of a paragraph."""
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{RED}"/></w:pBdr>'
    )
    style.element.get_or_add_pPr().insert(0, border)


def _table_style(fit: Fit) -> Any:
    """Return the table of figures: strong rules above and below, thin ones between, a tinted head, a bold last row."""
    side, above = round(20 * layout.CELL_SIDE), round(20 * fit.cell_above)
    strong, thin = f'w:val="single" w:sz="8" w:color="{INK}"', 'w:val="single" w:sz="4" w:color="B4BDC7"'
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="BriefTable">'
        f'<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {strong}/><w:bottom {strong}/><w:insideH {thin}/></w:tblBorders>"
        f'<w:tblCellMar><w:top w:w="{above}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
        f'<w:bottom w:w="{above}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom {strong}/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/><w:vAlign w:val="center"/></w:tcPr></w:tblStylePr>'
        f'<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders><w:top {strong}/></w:tcBorders>'
        f"</w:tcPr></w:tblStylePr></w:style>"
    )


def _side_by_side_style() -> Any:
    """Return the frame that sets lines and picture beside one another: no rules, no margins."""
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="BriefSideBySide">'
        f'<w:name w:val="{SIDE_BY_SIDE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>'
        f'<w:tblPr><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
        f'<w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
