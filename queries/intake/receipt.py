"""Say what became of a file, in the sender's language, and hand the rejected rows back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from queries.intake.findings import LOCALES, explain, rejected_rows, sentences
from queries.intake.take_in import Receipt
from queries.wording import translations

SHOWN = 20  # findings printed; all of them are in the file of rejected rows


def lines(receipt: Receipt, language: str) -> Iterator[str]:
    """Yield the lines of a receipt."""
    say = translations(language, LOCALES, "intake").gettext
    if receipt.problem is not None:
        yield f"{receipt.file_name}: {explain(receipt.problem.rule, language, **receipt.problem.expected)}"
        yield say("Nothing was stored.")
        return
    for each in receipt.checked:
        yield from _shown(each.findings, language)
    if receipt.seen_as is not None:
        yield say("{file}: this very file was taken in before, as load {load}; nothing changes.").format(
            file=receipt.file_name, load=receipt.seen_as
        )
        return
    yield say(
        "{file}: {read} rows read, {stored} stored, {corrected} corrected, {unchanged} unchanged, "
        "{rejected} rejected; {seconds:.1f} s"
    ).format(
        file=receipt.file_name,
        read=receipt.rows_read,
        stored=receipt.rows_stored,
        corrected=receipt.rows_corrected,
        unchanged=receipt.rows_unchanged,
        rejected=receipt.rows_rejected,
        seconds=receipt.seconds,
    )
    for rule, number in receipt.warnings.most_common():
        yield say("Warnings of “{rule}”: {number}").format(rule=rule, number=number)
    if receipt.result == "rejected":
        yield say("Nothing was stored: correct the rejected rows, or say --partial to store the others.")
    elif receipt.result == "unchanged":
        yield say("All of it was stored already; nothing changes.")


def _shown(findings: pd.DataFrame, language: str) -> Iterator[str]:
    order = {"reject": 0, "warn": 1, "note": 2}
    worst_first = findings.sort_values("severity", key=lambda s: s.map(order), kind="stable")
    yield from sentences(worst_first.head(SHOWN), language)


def write_rejected(receipt: Receipt, path: Path, language: str) -> Path | None:
    """Write the rejected rows with their reasons beside a file; return where, None if there are none."""
    frames = [rejected_rows(each, language) for each in receipt.checked if len(each.rejected)]
    if not frames:
        return None
    out = path.with_name(f"{path.stem}.rejected.csv")
    pd.concat(frames).to_csv(out, index=False, encoding="utf-8-sig")
    return out
