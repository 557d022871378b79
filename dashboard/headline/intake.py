"""What the data desk says: of the last load, of a file before and after it is stored, of what an undo would do."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from dashboard.headline import names
from dashboard.headline.sentences import join
from dashboard.i18n import UNKNOWN, _, count, day, is_unknown, language, ngettext
from queries.intake.findings import described, explain_problem
from queries.intake.movement import Standing
from queries.intake.receipt import Receipt
from queries.intake.titles import form_name, title


def sentence(loads: pd.DataFrame, waiting: int) -> str:
    """Return what came in last, and how many files wait to be stored."""
    if waiting:
        return ngettext(
            "{n} file waits: nothing of it is stored yet.", "{n} files wait: nothing of them is stored yet.", waiting
        ).format(n=count(waiting))
    if loads.empty:
        return _("Nothing has been taken in yet.")
    last = loads.iloc[0]
    if last["kind"] == "undo":
        return _("The last change came on {moment}: load {load} was undone.").format(
            moment=moment(last["loaded_at"]), load=last["undoes_id"]
        )
    return _("The last load came on {moment}: {form}, {new} new and {corrected} corrected rows.").format(
        moment=moment(last["loaded_at"]),
        form=form_name(last["kind"], language()),
        new=count(last["rows_stored"]),
        corrected=count(last["rows_corrected"]),
    )


def moment(value: datetime | pd.Timestamp) -> str:
    """Write a day and time of day."""
    return UNKNOWN if is_unknown(value) else f"{day(value)} {value:%H:%M}"


def would_be(receipt: Receipt) -> str:
    """Return what would become of a file, before anything is stored."""
    if receipt.problem is not None:
        return explain_problem(receipt.problem, language())
    if receipt.seen_as is not None:
        return _("This very file was taken in before, as load {load}: there is nothing to store.").format(
            load=receipt.seen_as
        )
    good = receipt.rows_stored + receipt.rows_corrected + receipt.rows_stale
    if receipt.rows_rejected and not good:
        return ngettext(
            "{n} row is rejected. Correct it in the file and bring it again: nothing can be stored before.",
            "{n} rows are rejected. Correct them in the file and bring it again: nothing can be stored before.",
            receipt.rows_rejected,
        ).format(n=count(receipt.rows_rejected))
    if receipt.rows_rejected:
        return ngettext(
            "{n} row is rejected. Correct it in the file and bring it again, or store the others as they are.",
            "{n} rows are rejected. Correct them in the file and bring it again, or store the others as they are.",
            receipt.rows_rejected,
        ).format(n=count(receipt.rows_rejected))
    if not good:
        return _("All of it is stored already: there is nothing to store.")
    said = ngettext("{n} row can be stored.", "{n} rows can be stored.", good).format(n=count(good))
    return join(said, older(receipt)) if receipt.rows_stale else said


def older(receipt: Receipt) -> str:
    """Return how many rows of a file are older than what is in force, and what is done with them."""
    return ngettext(
        "{n} row is older than what is in force: it is kept as an earlier version, and no figure changes by it.",
        "{n} rows are older than what is in force: they are kept as earlier versions, and no figure changes by them.",
        receipt.rows_stale,
    ).format(n=count(receipt.rows_stale))


def moved(receipt: Receipt, area: str) -> str | None:
    """Return where the viewed area stands before and after a file; None where the file does not touch it."""
    before, after = receipt.moved or (None, None)
    if after is None or before == after:
        return None
    if before is None:
        return _("{area}, resolved households: {after}.").format(area=area, after=_stands(after))
    return _("{area}, resolved households: {before}; after storing: {after}.").format(
        area=area, before=_stands(before), after=_stands(after)
    )


def _stands(where: Standing) -> str:
    return _("{households} on {day} ({reported} of {due} units in)").format(
        households=count(where.hh_resolved),
        day=day(where.day),
        reported=count(where.leaves_reported),
        due=count(where.leaves_due),
    )


def became(receipt: Receipt) -> str:
    """Return what became of a file."""
    if receipt.problem is not None:
        return _("{file}: nothing was changed. {reason}").format(
            file=receipt.file_name, reason=explain_problem(receipt.problem, language())
        )
    if receipt.result == "undone":
        return undone(receipt)
    if receipt.result == "rejected":
        return ngettext(
            "{file}: nothing was stored; {n} row is rejected.",
            "{file}: nothing was stored; {n} rows are rejected.",
            receipt.rows_rejected,
        ).format(file=receipt.file_name, n=count(receipt.rows_rejected))
    if receipt.result == "unchanged":
        return _("{file}: all of it was stored already; nothing was changed.").format(file=receipt.file_name)
    said = _("{file}: stored as load {load}. {new} new rows, {corrected} corrected, {unchanged} unchanged.").format(
        file=receipt.file_name,
        load=receipt.load_id,
        new=count(receipt.rows_stored),
        corrected=count(receipt.rows_corrected),
        unchanged=count(receipt.rows_unchanged),
    )
    if receipt.rows_stale:
        said = join(said, older(receipt))
    if not receipt.rows_rejected:
        return said
    left_out = ngettext("{n} rejected row was left out.", "{n} rejected rows were left out.", receipt.rows_rejected)
    return join(said, left_out.format(n=count(receipt.rows_rejected)))


def undone(receipt: Receipt) -> str:
    """Return what an undo did."""
    return _(
        "{file}: undone as load {load}. {restored} rows are back at their version before, "
        "{withdrawn} are withdrawn, {left} stay as they are: another version is in force."
    ).format(
        file=receipt.file_name,
        load=receipt.load_id,
        restored=count(receipt.rows_corrected),
        withdrawn=count(receipt.rows_withdrawn),
        left=count(receipt.rows_unchanged),
    )


def would_be_undone(receipt: Receipt) -> str:
    """Return what an undo would do, or why it cannot be done."""
    if receipt.problem is not None:
        return explain_problem(receipt.problem, language())
    return _(
        "{restored} rows would go back to their version before, {withdrawn} would be withdrawn, "
        "{left} would stay as they are: another version is in force. Nothing is deleted."
    ).format(
        restored=count(receipt.rows_corrected),
        withdrawn=count(receipt.rows_withdrawn),
        left=count(receipt.rows_unchanged),
    )


def severity_word(severity: str) -> str:
    """Return the word for how bad a finding is."""
    return {"reject": _("✕ Rejected"), "warn": _("△ Warning"), "note": _("ⓘ Note")}[severity]


def findings_table(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings with every word in the viewer's language."""
    rows = described(findings, language())
    shown = rows["row"].map(lambda n: UNKNOWN if n is pd.NA else str(n)).astype("str")
    return rows.assign(severity=rows["severity"].map(severity_word), row=shown, number=findings["number"].to_numpy())


def loads_table(loads: pd.DataFrame) -> pd.DataFrame:
    """Return loads with every word in the viewer's language."""
    return loads.assign(
        number=loads["load_id"].astype("str"),
        moment=[moment(value) for value in loads["loaded_at"]],
        form=[form_name(kind, language()) for kind in loads["kind"]],
        office=[_office(role) for role in loads["role"]],
        said=[_warnings(found) for found in loads["warnings"]],
        outcome=[_outcome(row) for row in loads.itertuples()],
        is_simulated=[_("Simulated") if simulated else _("Real") for simulated in loads["simulated"]],
    )


def load_name(row: pd.Series) -> str:
    """Return how a load is called in a list to choose from."""
    return _("No. {load} · {moment} · {form} · {file}").format(
        load=row["load_id"],
        moment=moment(row["loaded_at"]),
        form=form_name(row["kind"], language()),
        file=row["file_name"] or UNKNOWN,
    )


def _office(role: str | None) -> str:
    known = {"demonstration": _("Demonstration"), "census office": _("Census office")}
    return known.get(role or "") or names.office(role)


def _warnings(found: dict[str, int] | None) -> str:
    named = [_("{rule}: {n}").format(rule=title(rule, language()), n=count(n)) for rule, n in (found or {}).items()]
    return _("; ").join(named) or UNKNOWN


def _outcome(row: object) -> str:
    if not is_unknown(row.undone_by_id):  # type: ignore[attr-defined]
        return _("Undone by load {load}").format(load=row.undone_by_id)  # type: ignore[attr-defined]
    if not is_unknown(row.undoes_id):  # type: ignore[attr-defined]
        return _("Undid load {load}").format(load=row.undoes_id)  # type: ignore[attr-defined]
    words = {"stored": _("Stored"), "partial": _("Stored in part"), "unchanged": _("Unchanged")}
    return words.get(row.result, UNKNOWN)  # type: ignore[attr-defined]
