"""Decisions of the check-in in words: what was promised, where it stands, and whether it happened."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.headline.names import name
from dashboard.headline.sentences import join
from dashboard.i18n import UNKNOWN, _, count, day, is_unknown, ngettext, percent, points, signed
from queries.check_in.measures import MEASURES as MEASURES_OF

MEASURES: Final = {
    "resolution_rate": N_("Resolution rate"),
    "household_completion": N_("Household completion"),
    "hh_resolved": N_("Households resolved"),
    "hh_open": N_("Households pending"),
    "behind_hh": N_("Households behind plan"),
    "hh_noncontact": N_("Households not contacted"),
    "units_not_in": N_("Units not in"),
    "on_time_rate": N_("On-time rate"),
    "enumerators_in_post": N_("Enumerators in post"),
    "enumerators_short": N_("Enumerators short"),
    "supervisors_short": N_("Supervisors short"),
    "eds_uncovered": N_("Uncovered districts"),
    "unexplained_hukou": N_("Hukou discrepancy unexplained, persons"),
}
OUTCOMES: Final = {
    "kept": N_("Done"),
    "kept_late": N_("Done late"),
    "missed": N_("Not done"),
    "escalated": N_("Not done: escalated"),
    "no_data": N_("No data"),
    "waiting": N_("Not yet due"),
    "withdrawn": N_("Withdrawn"),
}
SIGNS: Final = {
    "kept": "✓",
    "kept_late": "△",
    "missed": "✕",
    "escalated": "‼",
    "no_data": "?",
    "waiting": "…",
    "withdrawn": "–",
}
COLOURS: Final = {"kept": "green", "kept_late": "amber", "missed": "red", "escalated": "red"}
FIELDS: Final = {
    "area_id": N_("Area"),
    "what": N_("Decision"),
    "office": N_("Responsible office"),
    "indicator": N_("Indicator"),
    "number": N_("Number"),
    "due": N_("Due on"),
    "reason": N_("Reason"),
}
REFUSALS: Final = {
    "empty": N_("{field}: this must be filled in."),
    "too_long": N_("{field}: this is too long."),
    "personal_number": N_("{field}: this looks like an identity or telephone number. Name offices, never persons."),
    "unknown": N_("{field}: this is not known."),
    "negative": N_("{field}: a number, 0 or more, is expected."),
    "not_a_share": N_("{field}: a share from 0 to 100 % is expected."),
    "not_after_meeting": N_("{field}: a day after that of the check-in is expected."),
}


def amount(value: float | None, unit: str) -> str:
    """Write a figure in its unit: a share in percent, else a whole number."""
    return percent(value) if unit == "share" else count(value)


def off_by(value: float | None, unit: str) -> str:
    """Write by how much a figure is off, with its sign: a share in points."""
    if is_unknown(value):
        return UNKNOWN
    return _("{points} points").format(points=points(100 * float(value or 0))) if unit == "share" else signed(value)


def promise(indicator: str, number: float, unit: str, at_least: bool) -> str:
    """Return what was promised: the indicator and its number."""
    words = {"what": name(MEASURES, indicator), "number": amount(number, unit)}
    if at_least:
        return _("{what}: at least {number}").format(**words)
    return _("{what}: at most {number}").format(**words)


def choice(indicator: str, unit: str, at_least: bool) -> str:
    """Return how the form names an indicator: with its direction, and % where a share is expected."""
    what = name(MEASURES, indicator) + (" (%)" if unit == "share" else "")
    return _("{what}, at least").format(what=what) if at_least else _("{what}, at most").format(what=what)


def refusal(field: str, rule: str) -> str:
    """Say why a field of a decision cannot be taken."""
    return _(REFUSALS[rule]).format(field=name(FIELDS, field))


def outcome(row: Any) -> str:
    """Return the sign and the word for what became of a decision."""
    key = "escalated" if row["escalated"] else row["result"]
    said = f"{SIGNS[key]} {name(OUTCOMES, key)}"
    return f"{said} · {day(row['kept_on'])}" if key == "kept_late" else said


def described(rows: pd.DataFrame) -> pd.DataFrame:
    """Add place, outcome, promised, stands and off (texts) to verified decisions, and the colour of their status."""
    records = rows.to_dict("records")
    shown = {
        "place": [r["name"] if is_unknown(r["parent_name"]) else f"{r['parent_name']} · {r['name']}" for r in records],
        "outcome": [outcome(r) for r in records],
        "promised": [promise(r["indicator"], r["number"], r["unit"], r["at_least"]) for r in records],
        "stands": [amount(r["value"], r["unit"]) for r in records],
        "off": [off_by(r["difference"], r["unit"]) for r in records],
        "status": [COLOURS.get("escalated" if r["escalated"] else r["result"], "") for r in records],
    }
    texts = {key: pd.Series(values, index=rows.index, dtype="str") for key, values in shown.items()}
    return rows.assign(**texts)


def turned(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the described decisions of which something else became since a close, with outcome_now and stands_now."""
    both = then.merge(now[["id", "outcome", "stands"]], on="id", suffixes=("", "_now"))
    return both[(both["outcome"] != both["outcome_now"]) | (both["stands"] != both["stands_now"])]


def replaced(rows: pd.DataFrame) -> pd.DataFrame:
    """Add promised and saved (texts) to earlier versions of decisions."""
    measures = [MEASURES_OF[key] for key in rows["indicator"]]
    promised = [promise(m.key, number, m.unit, m.at_least) for m, number in zip(measures, rows["number"], strict=True)]
    saved = [f"{day(at)} {at:%H:%M}" for at in rows["superseded_at"]]
    return rows.assign(promised=promised, saved=saved)


def summary(rows: pd.DataFrame) -> str | None:
    """Say how many of the decisions that fell due were kept, missed or cannot be judged; None without any."""
    due = rows[rows["result"].isin(["kept", "kept_late", "missed", "no_data"])]
    if due.empty:
        return None
    done = int(due["result"].isin(["kept", "kept_late"]).sum())
    missed, unknown = int(due["result"].eq("missed").sum()), int(due["result"].eq("no_data").sum())
    escalated = int(due["escalated"].sum())
    return join(
        ngettext(
            "Of {due} decision that fell due, {done} was carried out and {missed} was not.",
            "Of {due} decisions that fell due, {done} were carried out and {missed} were not.",
            len(due),
        ).format(due=count(len(due)), done=count(done), missed=count(missed)),
        ngettext("{number} is escalated.", "{number} are escalated.", escalated).format(number=count(escalated))
        if escalated else None,
        ngettext("{number} cannot be judged for want of data.", "{number} cannot be judged for want of data.",
                 unknown).format(number=count(unknown)) if unknown else None,
    )  # fmt: skip
