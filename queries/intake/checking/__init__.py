"""Check a sheet against the rules of its form, and against what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from queries.intake import known
from queries.intake.alongside import is_alongside
from queries.intake.checking import benchmark, cleanup, plan, progress, quality, staffing
from queries.intake.checking.blank import without_blank_rows
from queries.intake.checking.repeated import without_repeated_rows
from queries.intake.findings import Breach, Checked, gather, joined, only
from queries.intake.forms import Form, fold, recognise
from queries.intake.known import Scope
from queries.intake.legible import legible
from queries.intake.reading import Remark, Sheet, UnreadableError
from queries.intake.values import typed
from queries.intake.vocabulary import PERSONAL

Rules = Callable[[Connection, pd.DataFrame, datetime, Scope], tuple[pd.DataFrame, list[Breach]]]
HEADINGS = 400  # characters of headings that a message repeats
OF_BLANKS = ("blank_after_value", "required", "pass_without_figure")  # rules that a cell breaks by being blank
FOR_ALL = ("area", "calendar")  # what holds for the whole tree
RULES: dict[str, Rules] = {
    "progress": progress.check,
    "staffing": staffing.check,
    "benchmark": benchmark.check,
    "cleanup": cleanup.check,
    "quality": quality.check,
    "target": plan.check_targets,
    "calendar": plan.check_calendar,
    "area": plan.check_areas,
}


def check(
    connection: Connection,
    sheet: Sheet,
    file_name: str,
    now: datetime,
    form: str | None = None,
    scope: Scope = None,
) -> Checked:
    """Check one sheet of a file.

    Parameters
    ----------
    connection : Connection
        The transaction in which the rows will be stored.
    sheet : Sheet
        As `queries.intake.reading.read` gives it.
    now : datetime
        The server's clock: nothing can be reported for a later day.
    form : str, optional
        Key of the form, when the sender says which.
    scope : tuple of int, optional
        First and last of the areas that the sender may write, where that is not the whole tree. Rows of others
        are set apart before any rule looks at what is stored: their sender learns that they lie outside, no more.

    Raises
    ------
    UnreadableError
        When the headings belong to no form or name details of persons.
    """
    headings = list(sheet.cells.columns)
    personal = [heading for heading in headings if fold(heading) in {fold(p) for p in PERSONAL}]
    if personal:
        raise UnreadableError("personal_column", heading=legible(personal[0]))
    recognised = recognise(headings, form)
    if recognised is None:
        raise UnreadableError("unknown_form", headings=legible(", ".join(headings), HEADINGS))
    form_found, mapping = recognised
    _refuse_two_columns(form_found, mapping)
    _refuse_missing(form_found, mapping)
    if scope is not None and form_found.key in FOR_ALL:
        raise UnreadableError("not_for_a_part")
    unknown = [
        Remark("unknown_column", row=sheet.heading_row, cell=sheet.cell(h, sheet.heading_row), value=h)
        for h in headings
        if h not in mapping and not is_alongside(h)
    ]
    sheet = without_repeated_rows(form_found, without_blank_rows(form_found.key, sheet, mapping), mapping)
    sheet = replace(sheet, remarks=(*sheet.remarks, *unknown))
    if sheet.cells.empty:
        return gather(form_found.key, sheet, file_name, sheet.cells, [], mapping)
    rows, breaches = typed(form_found, sheet.cells, mapping)
    if scope is None:
        rows, more = RULES[form_found.key](connection, rows, now, None)
        return gather(form_found.key, sheet, file_name, rows, [*breaches, *_of_read_cells(breaches, more)], mapping)
    outside = known.outside(rows, known.areas(connection), scope)
    refused = Breach("outside_scope", "reject", np.ones(int(outside.sum()), dtype=bool), "area_code")
    bare = replace(sheet, remarks=())
    apart = gather(form_found.key, bare, file_name, rows[outside], [refused], mapping)
    rows, breaches = rows[~outside], [only(breach, ~outside) for breach in breaches]
    if len(rows):
        rows, more = RULES[form_found.key](connection, rows, now, scope)
        breaches += _of_read_cells(breaches, more)
    return joined(apart, gather(form_found.key, sheet, file_name, rows, breaches, mapping))


def _of_read_cells(unread: list[Breach], breaches: list[Breach]) -> Iterator[Breach]:
    """Leave out that a cell is blank where it is not: what stands there could not be read, and that is said already."""
    for breach in breaches:
        if breach.rule in OF_BLANKS:
            for other in unread:
                if other.field == breach.field and other.rule != "required":
                    breach = replace(breach, rows=np.asarray(breach.rows) & ~np.asarray(other.rows))
        yield breach


def _refuse_two_columns(form: Form, mapping: dict[str, str]) -> None:
    """Refuse two columns for one field, under its own heading and another one: nothing tells which of them counts."""
    heading_of: dict[str, str] = {}
    for heading, name in mapping.items():
        if name in heading_of:
            headings = {"first": legible(heading_of[name]), "second": legible(heading)}
            raise UnreadableError("two_columns", form=form.key, field=name, **headings)
        heading_of[name] = heading


def _refuse_missing(form: Form, mapping: dict[str, str]) -> None:
    for field in form.fields:
        if field.required and field.name not in mapping.values():
            raise UnreadableError("missing_column", form=form.key, field=field.name)
