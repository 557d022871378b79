"""Check a sheet against the rules of its form, and against what is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from queries.intake.checking import benchmark, plan, progress, quality, staffing
from queries.intake.findings import Breach, Checked, gather
from queries.intake.forms import Form, fold, recognise
from queries.intake.reading import Sheet, UnreadableError
from queries.intake.values import typed
from queries.intake.vocabulary import PERSONAL

Rules = Callable[[Connection, pd.DataFrame, datetime], tuple[pd.DataFrame, list[Breach]]]
RULES: dict[str, Rules] = {
    "progress": progress.check,
    "staffing": staffing.check,
    "benchmark": benchmark.check,
    "quality": quality.check,
    "target": plan.check_targets,
    "calendar": plan.check_calendar,
    "area": plan.check_areas,
}


def check(connection: Connection, sheet: Sheet, file_name: str, now: datetime, form: str | None = None) -> Checked:
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

    Raises
    ------
    UnreadableError
        When the headings belong to no form or name details of persons.
    """
    headings = list(sheet.cells.columns)
    personal = [heading for heading in headings if fold(heading) in {fold(p) for p in PERSONAL}]
    if personal:
        raise UnreadableError("personal_column", heading=personal[0])
    recognised = recognise(headings, form)
    if recognised is None:
        raise UnreadableError("unknown_form", headings=", ".join(headings))
    known, mapping = recognised
    _refuse_missing(known, mapping)
    rows, breaches = typed(known, sheet.cells, mapping)
    rows, more = RULES[known.key](connection, rows, now)
    unknown = [
        Breach("unknown_column", "note", [n == 0 for n in range(len(rows))], known.fields[0].name, {"heading": h})
        for h in headings
        if h not in mapping
    ]
    return gather(known.key, sheet, file_name, rows, [*breaches, *more, *unknown], mapping)


def _refuse_missing(form: Form, mapping: dict[str, str]) -> None:
    for field in form.fields:
        if field.required and field.name not in mapping.values():
            raise UnreadableError("missing_column", field=f"{field.en} / {field.zh_hans}")
