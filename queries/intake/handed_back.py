"""Hand the rejected rows back as the sender wrote them, each with the reason, as a workbook or as CSV."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pandas as pd
import xlsxwriter

from queries import harmless
from queries.intake.alongside import heading
from queries.intake.findings import Checked, finding_text, label
from queries.intake.receipt import Receipt
from queries.intake.titles import title

FAULT = "#F7D9D2"


def rejected_rows(checked: Checked, language: str) -> pd.DataFrame:
    """Return the rejected rows as they were read, with a column that says why in a language."""
    by_place = {(row["row"], row["rule"], row["field"]): row for row in checked.findings.to_dict("records")}
    why = {
        number: "; ".join(
            finding_text(by_place[number, rule, field], language)
            if (number, rule, field) in by_place
            else f"{label(checked.form, field, language)}: {title(rule, language)}"
            for rule, field in dict.fromkeys(broken)
        )
        for number, broken in checked.rejected.items()
    }
    rows = checked.sheet.cells.loc[sorted(why)].drop(columns=_reason_before(checked))
    return rows.assign(**{heading("Reason for rejection", language): [why[number] for number in rows.index]})


def _reason_before(checked: Checked) -> list[str]:
    """Return the columns in which the reasons of an earlier rejection came back."""
    reasons = {heading("Reason for rejection", language) for language in ("en", "zh_Hans", "zh_Hant")}
    return [column for column in checked.sheet.cells.columns if column in reasons]


def as_csv(receipt: Receipt, language: str) -> bytes:
    """Return the rejected rows as CSV in UTF-8 with a byte order mark."""
    frames = [rejected_rows(each, language) for each in receipt.checked if len(each.rejected)]
    rows = pd.concat(frames).fillna("").astype(str)
    return harmless.as_csv(rows)


def as_workbook(receipt: Receipt, language: str) -> bytes:
    """Return the rejected rows as a workbook, one sheet for each that was sent, cells at fault in colour."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EAF0F7"})
    fault, plain = book.add_format({"bg_color": FAULT}), book.add_format()
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for each in receipt.checked:
        if not len(each.rejected):
            continue
        rows = rejected_rows(each, language)
        sheet = book.add_worksheet(each.sheet.name)
        column_of = {name: heading for heading, name in each.mapping.items()}
        wrong = {(number, column_of.get(field)) for number, broken in each.rejected.items() for _rule, field in broken}
        for place, words in enumerate(rows.columns):
            last = place == len(rows.columns) - 1
            sheet.set_column(place, place, 70 if last else 14)
            sheet.write_string(0, place, words, head)
            for line, (number, value) in enumerate(rows.iloc[:, place].items(), start=1):
                written = wrap if last else fault if (number, words) in wrong else plain
                sheet.write_string(line, place, "" if pd.isna(value) else str(value), written)
        sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def write_rejected(receipt: Receipt, path: Path, language: str) -> Path | None:
    """Write the rejected rows with their reasons beside a file; return where, None if there are none.

    Raises
    ------
    OSError
        Where nothing can be written there.
    """
    if not any(len(each.rejected) for each in receipt.checked):
        return None
    out = path.with_name(f"{path.stem}.rejected.csv")
    if out.exists() and not out.is_file():  # a pipe would be waited for
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(out))
    out.write_bytes(as_csv(receipt, language))
    return out
