"""Which gates are open, what must be done again, and what a sample can and cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.headline.names_of_checks import ITEMS, item, stage
from dashboard.headline.sentences import join
from dashboard.i18n import _, count, day, ngettext, percent, permille
from queries.view import View

FEW = 7  # closed gates named one by one
MEASURES = ("errors", "checked", "rate", "limit", "low", "high", "twice_passes", "limit_fails", "within")


def nothing(area_name: str, view: View) -> str:
    """Return what a page says while no check has been filed."""
    return _("No quality check has been filed for {area} by {day}.").format(area=area_name, day=day(view.as_of))


def sentence(whole: pd.Series, gates: pd.DataFrame, rework: pd.DataFrame, code: str) -> str:
    """Return the finding of the acceptance page for a stage.

    Parameters
    ----------
    whole : Series
        The viewed area's row of `queries.acceptance.of_area`.
    gates, rework : DataFrame
        Of the same area and stage.
    code : str
        The stage.
    """
    return join(_gates(whole, gates, code), _units(whole), _overdue(rework))


def _gates(whole: pd.Series, gates: pd.DataFrame, code: str) -> str:
    words = {"stage": stage(code), "area": whole["name"]}
    if len(gates) == 1:
        if gates["status"].iloc[0] == "green":
            return _("{stage}: the gate of {area} is open.").format(**words)
        return _("{stage}: the gate of {area} is closed.").format(**words)
    is_open = int((gates["status"] == "green").sum())
    return ngettext(
        "{stage}: {open} of {all} gates in {area} is open.",
        "{stage}: {open} of {all} gates in {area} are open.",
        is_open,
    ).format(open=count(is_open), all=count(len(gates)), **words)


def _units(whole: pd.Series) -> str | None:
    if not whole["units"]:
        return None
    passed = ngettext(
        "{passed} of {units} checked units has passed.",
        "{passed} of {units} checked units have passed.",
        int(whole["passed"]),
    ).format(passed=count(whole["passed"]), units=count(whole["units"]))
    if not whole["sent_back"]:
        return passed
    back = ngettext("{number} is sent back.", "{number} are sent back.", int(whole["sent_back"]))
    return join(passed, back.format(number=count(whole["sent_back"])))


def none_sent_back(whole: pd.Series) -> tuple[bool, str]:
    """Say that no unit is sent back, and whether every checked unit is decided."""
    undecided = int(whole["undecided"])
    if not undecided:
        return True, _("Nothing has been sent back.")
    return False, ngettext(
        "Nothing has been sent back so far; {undecided} of {units} checked units is not decided.",
        "Nothing has been sent back so far; {undecided} of {units} checked units are not decided.",
        undecided,
    ).format(undecided=count(undecided), units=count(whole["units"]))


def _overdue(rework: pd.DataFrame) -> str | None:
    late = rework[rework["status"] == "red"]
    if late.empty:
        return None
    if len(late) == 1:
        row = late.iloc[0]
        return ngettext(
            "{unit} is {days} day overdue.", "{unit} is {days} days overdue.", int(row["overdue_days"])
        ).format(unit=row["name"], days=count(row["overdue_days"]))
    return _("{number} reworks are overdue, the oldest by {days} days: {unit}.").format(
        number=count(len(late)), days=count(late["overdue_days"].max()), unit=late["name"].iloc[0]
    )


def closed(gates: pd.DataFrame) -> list[str]:
    """Return what keeps gates closed, one line an area, rework first; the rest of many in a last line."""
    shut = gates[gates["status"] != "green"]
    shut = shut.assign(order=shut["status"].map({"red": 0, "amber": 1})).sort_values("order", kind="stable")
    lines = [
        _("{area}: {says}").format(area=row.area, says=row.missing_name)
        for row in shut.head(FEW).rename(columns={"name": "area"}).itertuples()
    ]
    more = len(shut) - len(lines)
    if more:
        lines.append(
            ngettext("{number} more gate is closed.", "{number} more gates are closed.", more).format(
                number=count(more)
            )
        )
    return lines


def rectified(found: Mapping[str, float]) -> str:
    """Return how much of what was sent back is closed, and how much is overdue."""
    return _("{closed} of {found} closed ({rate}), {overdue} overdue.").format(
        closed=count(found["closed"]),
        found=count(found["found"]),
        rate=percent(found["rate"]),
        overdue=count(found["overdue"]),
    )


def rule(code: str, allowances: pd.DataFrame) -> str:
    """Return what a stage allows, in one line."""
    mine = allowances[allowances["stage"] == code]
    none = _("Births and deaths: no error in any stage.")
    if mine.empty:
        return join(_("No limit is set for this stage; the decision alone counts."), none)
    parts = [
        _("{item} {limit}").format(item=name, limit=permille(limit))
        for name, limit in zip((item(i) for i in mine["item"]), mine["limit"], strict=True)
    ]
    return join(_("At most wrong: {limits}.").format(limits=_(", ").join(parts)), none)


def measured(rows: pd.DataFrame) -> pd.DataFrame:
    """Add says (what each sample can and cannot say) and label (the same, with the area's name) to measured rows."""
    said = [says(row) for row in rows[list(MEASURES)].to_dict("records")]
    label = [_("{area}: {says}").format(area=n, says=s) for n, s in zip(rows["name"], said, strict=True)]
    return rows.assign(
        says=pd.Series(said, index=rows.index, dtype=object), label=pd.Series(label, index=rows.index, dtype=object)
    )


def says(row: Mapping[Any, Any]) -> str:
    """Return what a sample can and cannot say of the unit it was drawn from."""
    if pd.isna(row["rate"]):
        return _("Not measured.")
    words = {
        "errors": count(row["errors"]),
        "checked": count(row["checked"]),
        "rate": permille(row["rate"], 2),
        "limit": permille(row["limit"]),
        "low": permille(row["low"]),
        "high": permille(row["high"]),
        "twice": permille(2 * row["limit"]),
        "passes": percent(row["twice_passes"], 0),
        "fails": percent(row["limit_fails"], 0),
    }
    found = _("{errors} wrong of {checked}, {rate}; the true rate lies between {low} and {high}.")
    if pd.isna(row["limit"]):
        return found.format(**words)
    if row["within"] == "green":
        known = (
            _("Within the limit of {limit}, but up to {high} is not ruled out.")
            if row["high"] > row["limit"]
            else _("Within the limit of {limit} beyond chance.")
        )
    else:
        known = (
            _("Above the limit of {limit}, but {low} is not ruled out.")
            if row["low"] <= row["limit"]
            else _("Above the limit of {limit} beyond chance.")
        )
    chances = _(
        "Of units at {twice} a check of this size passes {passes}, of units exactly at the limit it sends back {fails}."
    )
    return join(found, known, chances if pd.notna(row["twice_passes"]) else None).format(**words)


def not_listed(number: int) -> list[str]:
    """Return the note of a table that leaves checks out, nothing where it does not."""
    if number <= 0:
        return []
    return [_("{number} more checks are not listed; go down to a street to see its own.").format(number=count(number))]


def plan(found: Mapping[str, float] | None, limit: float, rate: float, code: str) -> str:
    """Return how many to check, what that allows, and what chances it leaves."""
    if found is None:
        return _("No sample will do: the rate to be caught must lie above the limit, and not too close to it.")
    words = {
        "what": item(code) if code in ITEMS else code,
        "checked": count(found["checked"]),
        "allowed": count(found["allowed"]),
        "always": count(found["always_from"]),
        "limit": permille(limit),
        "rate": permille(rate),
        "passes": percent(found["passes"]),
        "fails": percent(found["fails_at_limit"]),
    }
    checked = _(
        "Check {checked} {what} and allow {allowed} wrong: a unit at {rate} then passes in {passes} of cases, and one "
        "exactly at {limit} is sent back in {fails}."
    )
    return join(checked, _("From {always} on, every larger sample will do.")).format(**words)
