"""Findings: what a check has to say about a row, and the words for it in three languages."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from queries.intake.choosing import choice_words
from queries.intake.forms import FORMS
from queries.intake.legible import legible
from queries.intake.messages import HANGING, MESSAGES
from queries.intake.reading import Sheet, UnreadableError
from queries.wording import translations

LOCALES = Path(__file__).resolve().parent.parent / "locales"
OF_A_KIND = 3  # findings of one rule and field that are told before the others are only counted
KIND = ["form", "severity", "rule", "field"]
EXAMPLES = {"reject": 5_000, "warn": 200, "note": 200}  # findings kept of one rule; all of them are counted
COLUMNS = ("rule", "severity", "file", "sheet", "row", "cell", "form", "field", "value", "expected")


@dataclasses.dataclass(frozen=True)
class Breach:
    """One rule broken by some rows.

    Attributes
    ----------
    rule, severity : str
        Key in the catalogue of messages; reject, warn or note.
    rows : ndarray of bool
        Which rows break it.
    field : str
        The field at fault.
    expected : dict
        What the message needs to say what is expected: scalars, or one value a row.
    """

    rule: str
    severity: str
    rows: Any
    field: str
    expected: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Checked:
    """What checking a sheet gave.

    Attributes
    ----------
    form : str
        Key of the form.
    rows : DataFrame
        Rows fit to be stored, under the names of the table's columns.
    findings : DataFrame
        Columns `COLUMNS`; at most `EXAMPLES` of one rule, but `OF_A_KIND` of each field. Row, cell, field and
        value are None where a finding is about more than that.
    counts : dict
        Number of findings by (severity, rule, field).
    rejected : Series
        Rules broken by each rejected row, each with its field, by row number in the file.
    sheet : Sheet
        The sheet as read, without rows that are no returns.
    mapping : dict
        Fields by heading.
    """

    form: str
    rows: pd.DataFrame
    findings: pd.DataFrame
    counts: dict[tuple[str, str, str | None], int]
    rejected: pd.Series
    sheet: Sheet
    mapping: dict[str, str]


def gather(
    form: str, sheet: Sheet, file_name: str, rows: pd.DataFrame, breaches: Iterable[Breach], mapping: dict[str, str]
) -> Checked:
    """Turn breaches into findings and set the rejected rows apart."""
    heading = {name: words for words, name in mapping.items()}
    counts: dict[tuple[str, str, str | None], int] = {}
    kept: dict[tuple[str, str], int] = {}
    found: list[dict[str, Any]] = []
    bad = np.zeros(len(rows), dtype=bool)
    reasons: dict[int, list[tuple[str, str]]] = {}
    numbers = rows.index.to_numpy()
    for breach in breaches:
        places = np.flatnonzero(np.asarray(breach.rows, dtype=bool))
        if not len(places):
            continue
        key, rule = (breach.severity, breach.rule, breach.field), (breach.severity, breach.rule)
        shown = max(EXAMPLES[breach.severity] - kept.get(rule, 0), OF_A_KIND - counts.get(key, 0), 0)
        counts[key] = counts.get(key, 0) + len(places)
        kept[rule] = kept.get(rule, 0) + min(shown, len(places))
        if breach.severity == "reject":
            bad[places] = True
            for place in places:
                reasons.setdefault(int(numbers[place]), []).append((breach.rule, breach.field))
        words = heading.get(breach.field)
        column = sheet.cells.get(words)
        for place in places[:shown]:
            number = int(numbers[place])
            written = None if column is None else column.loc[number]
            found.append(
                {
                    "rule": breach.rule,
                    "severity": breach.severity,
                    "file": file_name,
                    "sheet": sheet.name,
                    "row": number,
                    "cell": sheet.cell(words, number),
                    "form": form,
                    "field": breach.field,
                    "value": None if pd.isna(written) else legible(str(written)),
                    "expected": {k: _scalar(v, place) for k, v in breach.expected.items()},
                }
            )
    for remark in sheet.remarks:
        kind = (remark.severity, remark.rule, None)
        counts[kind] = counts.get(kind, 0) + 1
        found.append(
            {
                "rule": remark.rule,
                "severity": remark.severity,
                "file": file_name,
                "sheet": remark.sheet or sheet.name,
                "row": remark.row,
                "cell": remark.cell,
                "form": form,
                "field": None,
                "value": None if remark.value is None else legible(remark.value),
                "expected": {},
            }
        )
    shown_findings = pd.DataFrame(found, columns=list(COLUMNS), dtype=object)
    return Checked(form, rows[~bad], shown_findings, counts, pd.Series(reasons, dtype=object), sheet, mapping)


def only(breach: Breach, which: np.ndarray) -> Breach:
    """Return a breach found among all rows as one among some of them."""
    expected = {k: v[which] if isinstance(v, pd.Series | np.ndarray) else v for k, v in breach.expected.items()}
    return dataclasses.replace(breach, rows=np.asarray(breach.rows)[which], expected=expected)


def joined(checked: Checked, more: Checked) -> Checked:
    """Return what two looks at a sheet have found; the rows fit to be stored are those of the second one."""
    kept = [each.findings for each in (checked, more) if len(each.findings)]
    rejected = [each.rejected for each in (checked, more) if len(each.rejected)]
    counts = dict(checked.counts)
    for key, number in more.counts.items():
        counts[key] = counts.get(key, 0) + number
    return dataclasses.replace(
        more,
        findings=pd.concat(kept, ignore_index=True) if kept else more.findings,
        counts=counts,
        rejected=pd.concat(rejected) if rejected else more.rejected,
    )


def _scalar(value: Any, place: int) -> Any:
    if isinstance(value, pd.Series | np.ndarray):
        value = value.iloc[place] if isinstance(value, pd.Series) else value[place]
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else round(float(value), 2) if value % 1 else int(value)
    if isinstance(value, pd.Timestamp | np.datetime64):
        return None if pd.isna(value) else pd.Timestamp(value).date().isoformat()
    return value


def governed(key: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what a message says of the setting that governs its rule: which one, and its value in force."""
    return {"setting": key, "in_force": json.dumps(settings[key])}


def label(form: str, name: str | None, language: str) -> str:
    """Return a field's heading in a language; the name itself where no field has it."""
    return next((f.label(language) for f in FORMS[form].fields if f.name == name), name or "")


def explain(rule: str, language: str, **values: Any) -> str:
    """Return the sentence for a rule in a language, with its values set in."""
    sentence = translations(language, LOCALES, "intake").gettext(MESSAGES[rule])
    return sentence.format_map({key: "—" if value is None else value for key, value in values.items()})


def explain_problem(problem: UnreadableError, language: str) -> str:
    """Return why a file could not be read at all."""
    values = dict(problem.expected)
    if "form" in values:
        values["field"] = label(str(values.pop("form")), str(values["field"]), language)
    if "hanging" in values:
        values["hanging"] = _hanging(problem.expected["hanging"], language)
    return explain(problem.rule, language, **values)


def _hanging(found: Any, language: str) -> str:
    """Return what hangs on an area or a phase: its kind, how many, an example and the load that brought it."""
    say = translations(language, LOCALES, "intake").gettext
    told = []
    for what, number, example, by in found:
        one = say("{what}: {number} ({example})")
        if by is not None:
            one = say("{what}: {number} ({example}, load {load})")
        told.append(one.format(what=say(HANGING[what]), number=number, example=example, load=by))
    return say("; ").join(told)


def sentences(findings: pd.DataFrame, language: str) -> Iterator[str]:
    """Return one sentence a finding: where it is, what stands there, what is expected."""
    for row in findings.to_dict("records"):
        yield f"{_place(row, language)}: {finding_text(row, language)}"


def _place(row: dict[str, Any], language: str) -> str:
    say = translations(language, LOCALES, "intake").gettext
    if row["row"] is None:
        return (say("{file}, sheet {sheet}") if row["sheet"] else "{file}").format_map(row)
    if row["cell"]:
        return say("{file}, sheet {sheet}, row {row}, cell {cell}").format_map(row)
    if row["sheet"]:
        return say("{file}, sheet {sheet}, row {row}").format_map(row)
    return say("{file}, row {row}").format_map(row)


def finding_text(row: dict[str, Any], language: str) -> str:
    """Return what a finding says, without its place."""
    expected = {
        key: label(row["form"], value, language) if key.startswith("other") else value
        for key, value in row["expected"].items()
    }
    if "choices" in expected:
        expected["choices"] = say_choices(row["field"], language)
    told = {"value": row["value"], "sheet": row["sheet"], **expected}
    said = explain(row["rule"], language, field=label(row["form"], row["field"], language), **told)
    if "setting" not in expected:
        return said
    say = translations(language, LOCALES, "intake").gettext
    named = {key: expected[key] for key in ("setting", "in_force")}
    return say("{said} (setting {setting}: {in_force})").format(said=said, **named)


def described(findings: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return findings as a table to be read: severity, sheet, row, cell, field, value, said (what is expected)."""
    records = findings.to_dict("records")
    return pd.DataFrame(
        {
            "severity": [row["severity"] for row in records],
            "sheet": [row["sheet"] for row in records],
            "row": pd.array([row["row"] for row in records], dtype="Int64"),
            "cell": [row["cell"] for row in records],
            "field": [label(row["form"], row["field"], language) or None for row in records],
            "value": [row["value"] for row in records],
            "said": [finding_text(row, language) for row in records],
        }
    )


def say_choices(field: str, language: str) -> str:
    """Return the words among which a field may choose."""
    return translations(language, LOCALES, "intake").gettext(", ").join(choice_words(field, language).values())
