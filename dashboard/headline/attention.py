"""One line for each matter that needs attention now: what it is, the likely cause, what it is worth."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.names import INDICATORS, name
from dashboard.headline.sentences import join
from dashboard.i18n import _, count, ngettext


def line(matter: pd.Series) -> str:
    """Return the matter in words, without the name of its area."""
    return join(_what(matter), _cause(matter), _worth(matter))


def _what(matter: pd.Series) -> str:
    number = 0 if pd.isna(matter["number"]) else int(abs(matter["number"]))
    match matter["what"]:
        case "behind_plan":
            return _("Behind plan.")
        case "red_in_green":
            return ngettext(
                "On plan as a whole, yet {number} unit inside is far behind.",
                "On plan as a whole, yet {number} units inside are far behind.",
                number,
            ).format(number=count(number))
        case "uncovered_eds":
            return ngettext(
                "{number} enumeration district has no enumerator.",
                "{number} enumeration districts have no enumerator.",
                number,
            ).format(number=count(number))
        case "not_reported":
            return ngettext(
                "{number} reporting unit is not in.", "{number} reporting units are not in.", number
            ).format(number=count(number))
        case "own_total_differs":
            return _("The office's own total and the sum of its units differ by {number}: {indicator}.").format(
                number=count(number), indicator=name(INDICATORS, matter["indicator"])
            )
        case "unexplained":
            return _("Unexplained discrepancy, to verify: {indicator}.").format(
                indicator=name(INDICATORS, matter["indicator"])
            )
    return _("To be looked at.")


def _cause(matter: pd.Series) -> str | None:
    match matter["cause"]:
        case "short_staff":
            return _("Likely cause: too few enumerators.")
        case "late_returns":
            return _("Likely cause: returns come late.")
        case "absent_households":
            return _("Likely cause: many households are not met at home.")
        case "slow_pace":
            return _("Likely cause: the daily pace is too low.")
    return None


def _worth(matter: pd.Series) -> str | None:
    if pd.isna(matter["worth"]):
        return None
    worth = round(matter["worth"])
    if matter["unit"] == "persons":
        return ngettext("Worth {worth} person.", "Worth {worth} persons.", worth).format(worth=count(worth))
    return ngettext("Worth {worth} household.", "Worth {worth} households.", worth).format(worth=count(worth))
