"""Write a template: a workbook to be filled in and sent back as it is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import xlsxwriter
from babel.dates import format_date
from sqlalchemy import select
from xlsxwriter.utility import xl_col_to_name

from queries.areas import place
from queries.counts import CUMULATIVE, STAFF_CUMULATIVE
from queries.database import engine
from queries.intake.alongside import LOCALES, heading
from queries.intake.choosing import YES_NO, choice_words
from queries.intake.forms import FORMS, Field
from queries.intake.template import INPUT, LAST, ON_FILE, SPARE_ROWS, key_fields, template_rows
from queries.intake.template_rules import contradictions, count_formula
from queries.intake.titles import form_name
from queries.schema import area
from queries.view import View
from queries.wording import translations

TOP: Final = 3  # rows above the first unit: title, instruction, headings
GREY, PALE, WHITE, RED, YELLOW = "#E7EAEE", "#F3F5F8", "#FFFFFF", "#F7D9D2", "#FBEBCB"
DAY, MOMENT, WHOLE = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0"
SIGNED: Final = "#,##0;-#,##0"
NUMBER_FORMATS: Final = {
    "date": DAY,
    "datetime": MOMENT,
    "count": WHOLE,
    "amount": SIGNED,
    "decimal": SIGNED,
    "text": "@",
}
A3, A4 = 8, 9
LISTED: Final = 500  # area codes that a drop-down offers


@dataclass(frozen=True)
class Column:
    """One column of a template: the field it is for, its heading, and whether it is given, filled in or repeated."""

    name: str
    field: Field | None
    heading: str
    part: str  # given, input, last


def workbook(form: str, view: View) -> bytes:
    """Return the template of a form for the viewed area and the day of the view, in the view's language."""
    rows = template_rows(form, view)
    columns = _columns(form, view.language)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    say = translations(view.language, LOCALES, "intake").gettext
    sheet = book.add_worksheet(form_name(form, view.language)[:31])
    spare = SPARE_ROWS if form == "benchmark" else 0
    _head(book, sheet, form, view, columns)
    _fill(book, sheet, columns, rows, spare, view.language)
    last_row = TOP + len(rows) + spare - 1
    if last_row >= TOP:
        lists = _lists(book, columns, view, say("Lists"), codes=form == "benchmark")
        _validate(sheet, form, columns, lists, last_row, view.language)
        _colour(book, sheet, form, columns, last_row)
    _print(sheet, form, columns, last_row)
    book.close()
    return out.getvalue()


def file_name(form: str, view: View) -> str:
    """Return what the file of a template is called: form, area, day, language."""
    with engine().connect() as connection:
        code = connection.execute(select(area.c.code).where(area.c.id == view.area_id)).scalar_one()
    return f"{form}_{code}_{view.as_of:%Y%m%d}_{view.language}.xlsx"


def _columns(form: str, language: str) -> list[Column]:
    def column(name: str, part: str, words: str | None = None) -> Column:
        field = FORMS[form].field(name)
        label = field.label(language)
        return Column(
            f"last_{name}" if part == "last" else name,
            field,
            label if words is None else heading(words, language, field=label),
            part,
        )

    given: list[Column] = []
    for name in key_fields(form):
        given.append(column(name, "given"))
        if name == "area_code":
            given.append(Column("area_name", None, heading("Area name", language), "given"))
    words = "Last: {field}" if form in LAST else "On file: {field}"
    repeated = ("report_date", *LAST[form]) if form in LAST else ON_FILE[form]
    shown = [column(name, "last", words) for name in repeated]
    if form == "progress":
        shown.insert(1, column("hh_frame", "last", "On file: {field}"))
    return [*given, *(column(name, "input") for name in INPUT[form]), *shown]


def _head(book: Any, sheet: Any, form: str, view: View, columns: list[Column]) -> None:
    say = translations(view.language, LOCALES, "intake").gettext
    here = place(view)
    name = "" if here is None else here["name"]
    day = format_date(view.as_of, {"en": "d MMM yyyy"}.get(view.language, "y年M月d日"), locale=view.language)
    title = "  ".join([form_name(form, view.language), name, day])
    book.set_properties({"title": title})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    small = book.add_format({"font_color": "#5A6675", "font_size": 9})
    sheet.write_string(
        1,
        0,
        say(
            "Fill in the white cells; the grey ones are given. A unit that has nothing to report says so with a nil "
            "return; a row left blank is not a return. Save the workbook and send it back as it is."
        ),
        small,
    )
    for n, column in enumerate(columns):
        colour = {"given": GREY, "input": "#D6E4F2", "last": GREY}[column.part]
        style = {"bold": column.part != "last", "text_wrap": True, "valign": "top", "border": 1, "bg_color": colour}
        sheet.write_string(TOP - 1, n, column.heading, book.add_format(style | {"border_color": "#B9C2CD"}))
        sheet.set_column(n, n, _width(column))
    sheet.set_row(TOP - 1, 62)
    sheet.freeze_panes(TOP, sum(c.part == "given" for c in columns))


def _width(column: Column) -> float:
    if column.name == "area_name":
        return 24
    kind = "text" if column.field is None else column.field.kind
    if column.name in ("note", "correction_reason", "concept_note", "reason"):
        return 20
    wide = {"text": 15, "date": 11, "datetime": 16, "choice": 14, "bool": 7}.get(kind, 8.5)
    return max(wide, max(map(len, column.heading.split())) + 1.5) if column.heading.isascii() else wide


def _fill(book: Any, sheet: Any, columns: list[Column], rows: pd.DataFrame, spare: int, language: str) -> None:
    formats: dict[Any, Any] = {}
    for column in columns:
        kind = "text" if column.field is None else column.field.kind
        style = {
            "border": 1,
            "border_color": "#D3DBE5",
            "bg_color": {"given": GREY, "input": WHITE, "last": PALE}[column.part],
            "font_color": "#5A6675" if column.part == "last" else "#16202C",
            "locked": column.part != "input",
            "num_format": NUMBER_FORMATS.get(kind, "@" if kind == "text" else "General"),
        }
        formats[column.name] = book.add_format(style)
        formats[column.name, "spare"] = book.add_format(
            style | {"locked": column.part == "last", "bg_color": PALE if column.part == "last" else WHITE}
        )
    for n, column in enumerate(columns):
        known = rows[column.name].tolist() if column.name in rows else [None] * len(rows)
        for line, value in enumerate(known):
            _write(sheet, TOP + line, n, value, column, formats[column.name], language)
        for line in range(spare):
            sheet.write_blank(TOP + len(rows) + line, n, None, formats[column.name, "spare"])


def _write(sheet: Any, row: int, place: int, value: Any, column: Column, style: Any, language: str) -> None:
    if value is None or pd.isna(value):
        sheet.write_blank(row, place, None, style)
        return
    kind = "text" if column.field is None else column.field.kind
    if kind in ("date", "datetime"):
        sheet.write_datetime(row, place, pd.Timestamp(value).to_pydatetime(), style)
    elif kind in ("count", "amount", "decimal"):
        sheet.write_number(row, place, float(value), style)
    elif kind == "bool":
        sheet.write_string(row, place, YES_NO[language][0 if value else 1], style)
    elif kind == "choice" and column.field is not None:
        sheet.write_string(row, place, choice_words(column.field.name, language).get(value, str(value)), style)
    else:
        sheet.write_string(row, place, str(value), style)


def _lists(book: Any, columns: list[Column], view: View, name: str, *, codes: bool) -> dict[str, str]:
    """Write the lists of the drop-downs on a hidden sheet; return the range of each by field."""
    wanted: dict[str, list[str]] = {}
    for column in columns:
        if column.field is None or column.part == "last":
            continue
        if column.field.kind == "choice":
            wanted[column.name] = list(choice_words(column.name, view.language).values())
        elif column.field.kind == "bool":
            wanted[column.name] = list(YES_NO[view.language])
        elif column.name == "area_code" and codes:
            wanted[column.name] = _codes(view)
    sheet = book.add_worksheet(name)
    ranges = {}
    for n, (field, words) in enumerate(wanted.items()):
        for line, word in enumerate(words):
            sheet.write_string(line, n, word)
        if words:
            letter = xl_col_to_name(n)
            ranges[field] = f"='{name}'!${letter}$1:${letter}${len(words)}"
    sheet.hide()
    return ranges


def _codes(view: View) -> list[str]:
    below = select(area.c.code).join(here := area.alias("here"), area.c.first.between(here.c.first, here.c.last))
    with engine().connect() as connection:
        wanted = below.where(here.c.id == view.area_id).order_by(area.c.first).limit(LISTED + 1)
        codes = [str(code) for code in connection.execute(wanted).scalars()]
    return codes if len(codes) <= LISTED else []


def _validate(
    sheet: Any, form: str, columns: list[Column], lists: dict[str, str], last_row: int, language: str
) -> None:
    """Let Excel refuse what intake would refuse, with the reason in the language of the template."""
    say = translations(language, LOCALES, "intake").gettext
    places = {column.name: f"${xl_col_to_name(n)}{TOP + 1}" for n, column in enumerate(columns)}
    cumulative = {"progress": CUMULATIVE, "staffing": STAFF_CUMULATIVE}.get(form, ())
    for n, column in enumerate(columns):
        field = column.field
        if field is None or (column.part != "input" and not (form == "benchmark" and column.part == "given")):
            continue
        told: dict[str, Any] = {"ignore_blank": False, "error_title": _short(field.label(language))}
        if column.name in lists:
            told |= {"validate": "list", "source": lists[column.name], "ignore_blank": True}
            told["error_message"] = say("Choose from the list.")
        elif field.kind == "count":
            follows = field.name in cumulative
            told |= {"validate": "custom"}
            told["value"] = count_formula(field, places.get, cumulative=follows)
            told["error_message"] = (
                say("A whole number, 0 or more, and no less than last time unless a reason of correction is given.")
                if follows
                else say("A whole number, 0 or more.")
            )
        elif field.kind == "text" and field.name in ("note", "correction_reason", "reason"):
            told |= {"validate": "length", "criteria": "<=", "value": 200, "ignore_blank": True}
            told["error_message"] = say("At most 200 characters, and no details of persons.")
        else:
            continue
        sheet.data_validation(TOP, n, last_row, n, told)


def _short(text: str) -> str:
    return text[:32]


def _colour(book: Any, sheet: Any, form: str, columns: list[Column], last_row: int) -> None:
    """Mark rows that contradict themselves in red, and figures that must be repeated in yellow."""
    places = {column.name: f"${xl_col_to_name(n)}{TOP + 1}" for n, column in enumerate(columns)}
    where = {column.name: n for n, column in enumerate(columns)}
    wrong, lacking = book.add_format({"bg_color": RED}), book.add_format({"bg_color": YELLOW})
    for field, formula in contradictions(form, places.get).items():
        n = where[field]
        sheet.conditional_format(TOP, n, last_row, n, {"type": "formula", "criteria": formula, "format": wrong})
    cumulative = {"progress": CUMULATIVE, "staffing": STAFF_CUMULATIVE}.get(form, ())
    inputs = [n for n, column in enumerate(columns) if column.part == "input"]
    row = f"${xl_col_to_name(inputs[1])}{TOP + 1}:${xl_col_to_name(inputs[-1])}{TOP + 1}"
    for field in cumulative:
        here, last = places[field], places[f"last_{field}"]
        formula = f"=AND(ISBLANK({here}),ISNUMBER({last}),COUNTA({row})>0)"
        n = where[field]
        sheet.conditional_format(TOP, n, last_row, n, {"type": "formula", "criteria": formula, "format": lacking})


def _print(sheet: Any, form: str, columns: list[Column], last_row: int) -> None:
    printed = sum(column.part != "last" for column in columns)
    sheet.protect(
        "", {"select_locked_cells": True, "format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
    )
    sheet.set_landscape()
    sheet.set_paper(A3 if printed > 15 else A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TOP - 1)
    sheet.print_area(0, 0, max(last_row, TOP), printed - 1)
    sheet.set_footer("&L&F&R&P / &N")
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
