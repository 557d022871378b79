"""What became of a file, and the words for it in the sender's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from queries.intake.findings import KIND, LOCALES, OF_A_KIND, Checked, explain_problem, sentences
from queries.intake.movement import Standing
from queries.intake.reading import UnreadableError
from queries.intake.titles import title
from queries.wording import translations

KINDS_SHOWN = 20  # kinds of findings printed; all of them are in the file of rejected rows
SEVERITIES = ("reject", "warn", "note")


@dataclass(frozen=True)
class Receipt:
    """What became of a file, or what would become of it.

    Attributes
    ----------
    result : str
        stored, partial, unchanged, rejected, unreadable, or undone.
    rows_read, rows_stored, rows_corrected, rows_unchanged, rows_rejected : int
        `rows_stored` are new ones, `rows_corrected` new versions of rows that were there.
    rows_stale : int
        Rows that were submitted before the version in force and say something else: kept in the history.
    rows_withdrawn : int
        Of an undo: rows that the load had brought for the first time and that are no longer there.
    written : int
        Versions that were kept of these rows; an unchanged one is kept where it was submitted later.
    checked : list of Checked
        Findings and rejected rows, one entry a sheet.
    problem : UnreadableError or None
        Why the file could not be read at all.
    seen_as : int or None
        The load that took in the very same file before.
    moved : tuple of Standing or None
        Where the watched area stood before and stands after, if anything was watched.
    """

    file_name: str
    result: str
    rows_read: int = 0
    rows_stored: int = 0
    rows_corrected: int = 0
    rows_unchanged: int = 0
    rows_stale: int = 0
    rows_rejected: int = 0
    rows_withdrawn: int = 0
    seconds: float = 0.0
    load_id: int | None = None
    seen_as: int | None = None
    written: int = 0
    checked: list[Checked] = field(default_factory=list)
    problem: UnreadableError | None = None
    moved: tuple[Standing | None, Standing | None] | None = None

    @property
    def warnings(self) -> Counter[str]:
        """Number of warnings by rule."""
        found: Counter[str] = Counter()
        for each in self.checked:
            found.update({rule: n for (severity, rule, _), n in each.counts.items() if severity == "warn"})
        return found

    @property
    def found(self) -> Counter[str]:
        """Number of findings by severity."""
        found: Counter[str] = Counter()
        for each in self.checked:
            for (severity, _rule, _field), number in each.counts.items():
                found[severity] += number
        return found

    @property
    def findings(self) -> pd.DataFrame:
        """All findings that were kept, the worst first, then row by row, each with the number of its kind found."""
        kept = [each.findings for each in self.checked if len(each.findings)]
        if not kept:
            return pd.DataFrame()
        place = {severity: n for n, severity in enumerate(SEVERITIES)}
        found = pd.concat(kept, ignore_index=True)
        order = found["severity"].map(place), found["sheet"].astype("str"), pd.to_numeric(found["row"])
        places = pd.concat(order, axis=1, keys=["severity", "sheet", "row"])
        ranked = places.sort_values(list(places), na_position="first", kind="stable").index
        found = found.loc[ranked].reset_index(drop=True)
        counted: Counter[tuple[str | None, ...]] = Counter()
        for each in self.checked:
            for kind, number in each.counts.items():
                counted[each.form, *kind] += number
        return found.assign(number=[counted[tuple(kind)] for kind in found[KIND].to_numpy()])

    @property
    def examples(self) -> pd.DataFrame:
        """The first findings of each kind, one kind after the other, the worst first."""
        found = self.findings
        if found.empty:
            return found
        kinds = found.groupby(KIND, sort=False, dropna=False)
        first = found.assign(kind=kinds.ngroup())[kinds.cumcount() < OF_A_KIND]
        return first.sort_values("kind", kind="stable", ignore_index=True)


def lines(receipt: Receipt, language: str, *, only_checked: bool = False) -> Iterator[str]:
    """Yield the lines of a receipt; `only_checked` for one that says what would become of a file."""
    say = translations(language, LOCALES, "intake").gettext
    if receipt.problem is not None:
        gap = " " if language == "en" else ""
        yield f"{receipt.file_name}: {explain_problem(receipt.problem, language)}{gap}{say('Nothing was stored.')}"
        return
    if receipt.result == "undone":
        yield undone(receipt, language)
        if only_checked:
            yield say("Only checked: nothing was changed.")
        return
    yield from _by_kind(receipt.examples, language)
    if receipt.seen_as is not None:
        yield seen(receipt, language)
        return
    yield counted(receipt, language)
    if receipt.rows_stale:
        yield stale(receipt, language)
    for rule, number in receipt.warnings.most_common():
        yield say("Warnings of “{rule}”: {number}").format(rule=title(rule, language), number=number)
    if only_checked:
        yield say("Only checked: nothing was changed.")
    elif receipt.result == "rejected":
        yield say("Nothing was stored: correct the rejected rows, or say --partial to store the others.")
    elif receipt.result == "unchanged":
        yield say("All of it was stored already; nothing changes.")


def _by_kind(examples: pd.DataFrame, language: str) -> Iterator[str]:
    """Yield the first findings of each kind, and how many more of it there are."""
    if examples.empty:
        return
    say = translations(language, LOCALES, "intake").gettext
    kinds = [kind for _n, kind in examples.groupby("kind", sort=False)]
    for kind in kinds[:KINDS_SHOWN]:
        yield from sentences(kind, language)
        one = kind.iloc[0]
        if one["number"] > len(kind):
            yield say("… {number} more of this kind").format(number=one["number"] - len(kind))
    left = kinds[KINDS_SHOWN:]
    if left:
        yield say("… {number} more findings of {kinds} other kinds").format(
            number=sum(kind.iloc[0]["number"] for kind in left), kinds=len(left)
        )


def counted(receipt: Receipt, language: str) -> str:
    """Return how many rows of a file are new, corrected, unchanged and rejected."""
    return (
        translations(language, LOCALES, "intake")
        .gettext(
            "{file}: {read} rows read, {stored} stored, {corrected} corrected, {unchanged} unchanged, "
            "{rejected} rejected; {seconds:.1f} s"
        )
        .format(
            file=receipt.file_name,
            read=receipt.rows_read,
            stored=receipt.rows_stored,
            corrected=receipt.rows_corrected,
            unchanged=receipt.rows_unchanged,
            rejected=receipt.rows_rejected,
            seconds=receipt.seconds,
        )
    )


def stale(receipt: Receipt, language: str) -> str:
    """Return how many rows of a file are older than what is in force."""
    say = translations(language, LOCALES, "intake").gettext
    return say("{number} rows are older than what is in force: kept as earlier versions, the figures stay.").format(
        number=receipt.rows_stale
    )


def seen(receipt: Receipt, language: str) -> str:
    """Return that a file was taken in before."""
    say = translations(language, LOCALES, "intake").gettext
    return say("{file}: this very file was taken in before, as load {load}; nothing changes.").format(
        file=receipt.file_name, load=receipt.seen_as
    )


def undone(receipt: Receipt, language: str) -> str:
    """Return what undoing a load did."""
    say = translations(language, LOCALES, "intake").gettext
    return say(
        "{file}: undone. {restored} rows are back at their version before, {withdrawn} rows are withdrawn, "
        "{left} rows stay as they are: another version is in force."
    ).format(
        file=receipt.file_name,
        restored=receipt.rows_corrected,
        withdrawn=receipt.rows_withdrawn,
        left=receipt.rows_unchanged,
    )
