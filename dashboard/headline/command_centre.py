"""Where the area stands today, whether today's work suffices, and what is missing."""

from __future__ import annotations

import pandas as pd

from dashboard.headline import completion
from dashboard.headline.sentences import after_deadline, join, missing, not_in, nothing_yet, unframed
from dashboard.i18n import count, day, ngettext
from queries.view import View


def sentence(area: pd.Series, children: pd.DataFrame, phase: pd.Series, view: View) -> str:
    """Return the finding of the command centre; parameters as for the completion page."""
    early = nothing_yet(area, phase, view)
    if early:
        return early
    stands = completion.position(area, children)
    return join(stands, _today(area, phase, view), _overdue(area, phase, view), missing(area), unframed(area))


def _overdue(area: pd.Series, phase: pd.Series, view: View) -> str | None:
    """Say how many households are open in areas whose own deadline has passed; None where it is the area's own."""
    if after_deadline(phase, view) or not area["hh_overdue"] > 0:
        return None
    return ngettext(
        "{households} household is open where the deadline has passed: it is in no required pace.",
        "{households} households are open where the deadline has passed: they are in no required pace.",
        area["hh_overdue"],
    ).format(households=count(area["hh_overdue"]))


def _today(area: pd.Series, phase: pd.Series, view: View) -> str | None:
    if after_deadline(phase, view) or pd.isna(area["increment"]) or pd.isna(area["required_pace"]):
        return None
    households = int(area["increment"])
    figures = {"households": count(households), "required": count(area["required_pace"]), "day": day(phase["end"])}
    if not_in(area):
        return ngettext(
            "At least {households} household was resolved today; "
            "{required} each working day are needed to finish by {day}.",
            "At least {households} households were resolved today; "
            "{required} each working day are needed to finish by {day}.",
            households,
        ).format(**figures)
    return ngettext(
        "{households} household was resolved today; {required} each working day are needed to finish by {day}.",
        "{households} households were resolved today; {required} each working day are needed to finish by {day}.",
        households,
    ).format(**figures)
