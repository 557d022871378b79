"""Why a figure cannot be compared, and why a case cannot be changed, in whole sentences."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dashboard.glossary import N_
from dashboard.headline.labels import comparison
from dashboard.headline.names import CASES, REASONS, name
from dashboard.i18n import UNKNOWN, _, count, day, is_unknown, signed
from queries.discrepancy import Case, Outcome

UNITS: Final = {
    "persons": N_("persons"),
    "person-times": N_("person-times"),
    "households": N_("households"),
    "人": N_("persons"),
    "人次": N_("person-times"),
    "户": N_("households"),
}


def with_reasons(rows: pd.DataFrame) -> pd.DataFrame:
    """Add why_name, why a comparison is refused, to comparisons; “” where it is not."""
    why = [_why(row) for row in rows.to_dict("records")]
    return rows.assign(why_name=pd.Series(why, index=rows.index, dtype=object))


def together(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Return comparisons that are refused and why; those with the same reason together."""
    called = [comparison(*pair) for pair in zip(rows["indicator"], rows["source"], strict=True)]
    by_reason = pd.Series(called, index=rows.index).groupby(rows["why_name"], sort=False).agg(list)
    return [(_("; ").join(names), str(why)) for why, names in by_reason.items()]


def _why(row: dict) -> str:
    match row["why_not"]:
        case "windows":
            return _("The periods differ: ledger {ledger}, department {department}.").format(**_periods(row))
        case "period_unknown":
            return _("Births and deaths need a period: ledger {ledger}, department {department}.").format(
                **_periods(row)
            )
        case "units":
            return _("The units differ: ledger {ledger}, department {department}.").format(
                ledger=name(UNITS, row["census_unit"]), department=name(UNITS, row["unit"])
            )
        case "prior_census":
            return _(
                "The difference from the previous census holds the growth since, and nobody has said how much that is."
            )
        case "special_areas":
            if row["covers_special_area"]:
                return _("The department counts special areas, the ledger does not, and no part is explained by it.")
            return _("The ledger counts special areas, the department does not, and no part is explained by it.")
        case "definition":
            return _("The definitions differ, and nobody has said by how many.")
        case "timing":
            return _("The days of counting differ, and nobody has said by how many.")
        case "parts":
            return _("The department has filed its parts as well: these are compared, not the sum once more.")
        case "no_census_figure":
            return _("There is no census figure yet.")
        case "partial_count":
            return _("The count is not finished: a sweep in progress is not set against a full figure.")
    return ""


def _periods(row: dict) -> dict[str, str]:
    return {
        "ledger": period(row["census_window_start"], row["census_window_end"]),
        "department": period(row["window_start"], row["window_end"]),
    }


def period(start: pd.Timestamp | None, end: pd.Timestamp | None) -> str:
    """Return a period in words, “—” where it is unknown."""
    if is_unknown(start) and is_unknown(end):
        return UNKNOWN
    return _("{start} to {end}").format(start=day(start), end=day(end))


def case(recorded: Case) -> str:
    """Return a case in one line."""
    said = [name(CASES, recorded.status.replace("_", " "))]
    if recorded.owner:
        said.append(recorded.owner)
    if recorded.due_date:
        said.append(_("due {day}").format(day=day(recorded.due_date)))
    if recorded.explained_amount:
        said.append(
            _("{amount} explained: {reason}").format(
                amount=signed(recorded.explained_amount), reason=name(REASONS, recorded.explained_reason)
            )
        )
    return " · ".join(said)


def conflict(saved: Case, entered: Case) -> str:
    """Say that others saved first, what they saved and what was not saved."""
    return _("Not saved: others have saved meanwhile. Theirs: {theirs}. Yours, still in the form: {yours}.").format(
        theirs=case(saved), yours=case(entered)
    )


def refusal(outcome: Outcome, wanted: Case) -> str:
    """Return why a case was not saved."""
    match outcome.result:
        case "transition":
            before = outcome.case.status if outcome.case else wanted.status
            return _("From “{before}” a case cannot go to “{after}”.").format(
                before=name(CASES, before.replace("_", " ")), after=name(CASES, wanted.status.replace("_", " "))
            )
        case "owner_missing":
            return _("Name the office responsible before the case goes on.")
        case "reason_missing":
            return _("An explained part needs its reason.")
        case "explained_sign":
            return _("The explained part must have the sign of the difference, {gap}.").format(gap=signed(outcome.gap))
        case "explained_too_much":
            return _("The explained part cannot exceed the difference, {gap}.").format(gap=signed(outcome.gap))
        case "explained_too_little":
            return _(
                "{left} would stay unexplained, more than the tolerance of {room} allows: explain more, go on "
                "verifying, or accept the difference."
            ).format(left=count(abs(outcome.gap) - abs(wanted.explained_amount or 0)), room=count(outcome.room))
        case "gone":
            return _("This figure has been replaced by a newer one: look at the page again.")
    return _("Nothing has changed.")


def netted(sums: dict[str, float]) -> str | None:
    """Say how much of the differences over areas cancels out; None where nothing can be said."""
    if sums["areas"] < 2 or np.isnan(sums["net"]):
        return None
    return _("Over {areas} areas the differences come to {net} net; added up by size they come to {gross}.").format(
        areas=count(sums["areas"]), net=signed(sums["net"]), gross=count(sums["gross"])
    )
