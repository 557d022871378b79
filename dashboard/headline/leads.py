"""What a lead is, in words: its kind, its evidence, how often honest returns raise it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.headline.names import name
from dashboard.headline.sentences import join
from dashboard.i18n import _, count, ngettext, number, percent
from queries.leads import MOST_UNITS

KINDS: Final = {
    "unchanged": N_("Figure unchanged"),
    "identical": N_("Units all alike"),
    "round": N_("Round figures"),
    "jump": N_("Jump"),
    "beyond_target": N_("Beyond the frame"),
    "household_size": N_("Household size"),
    "outlier": N_("Out of line with its street"),
    "zero_discrepancy": N_("No difference anywhere"),
}


def sentence(found: pd.DataFrame, units: int, judged: int, aside: int, area_name: str) -> str:
    """Return the finding of the leads page.

    Parameters
    ----------
    found : DataFrame
        The leads that stand.
    units, judged : int
        Reporting units in the area, and of how many a recent return could be judged.
    aside : int
        Leads that were set aside.
    """
    if units > MOST_UNITS:
        return _(
            "{area} holds {units} reporting units, more than can be looked at one by one: go down to a district."
        ).format(area=area_name, units=count(units))
    if not units:
        return _("No return has been received for {area}.").format(area=area_name)
    if found.empty:
        return none(units, judged, aside, area_name)[1]
    strongest = found.iloc[0]
    return join(
        ngettext(
            "{leads} lead below {area} is worth a visit.", "{leads} leads below {area} are worth a visit.", len(found)
        ).format(leads=count(len(found)), area=area_name),
        _("The strongest is {place}. {evidence}").format(place=strongest["name"], evidence=evidence(strongest)),
    )


def none(units: int, judged: int, aside: int, area_name: str) -> tuple[bool, str]:
    """Say that no lead stands, and whether that is because all units could be judged and none raised one."""
    if aside:
        return False, ngettext(
            "No lead stands in {area}: {aside} was set aside.",
            "No lead stands in {area}: {aside} were set aside.",
            aside,
        ).format(area=area_name, aside=count(aside))
    if not judged:
        return False, _("No return of {area} can be judged yet: too few have come in, or too long ago.").format(
            area=area_name
        )
    if judged < units:
        return False, _(
            "Nothing looks out of the ordinary in the {judged} of {units} units of {area} that can be judged."
        ).format(judged=count(judged), units=count(units), area=area_name)
    return True, _("None of the returns of {area} looks out of the ordinary.").format(area=area_name)


def described(found: pd.DataFrame) -> pd.DataFrame:
    """Add lead_name, evidence and alarm_text to leads."""
    return found.assign(
        lead_name=[name(KINDS, lead) for lead in found["lead"]],
        evidence=[evidence(row) for _n, row in found.iterrows()],
        alarm_text=[alarms(rate) for rate in found["false_alarms"]],
    )


def evidence(lead: pd.Series) -> str:
    """Return what a lead rests on, in a sentence."""
    figure, usual = lead["number"], lead["usual"]
    match lead["lead"]:
        case "unchanged":
            said = _("The same {usual} households in {number} returns in a row.")
        case "identical":
            said = _("All {number} units below added exactly {usual} households.")
        case "round":
            said = _("{number} of the last {usual} figures end in 0 or 5; one in five would by chance.")
        case "jump":
            said = _("{number} households in a day; {usual} were usual in the five reports before.")
        case "beyond_target":
            said = _("{number} households resolved, in a frame of {usual}.")
        case "household_size":
            return _("{number} persons a household, in {usual} households.").format(
                number=number(figure, 2), usual=count(usual)
            )
        case "outlier":
            return _(
                "{score} by modified z against the units of its street, whose median gain is {usual} of the frame."
            ).format(score=number(figure, 1), usual=percent(usual))
        case _:
            said = _("{number} of {usual} comparisons agree to the last digit.")
    return said.format(number=count(figure), usual=count(usual))


def alarms(rate: float) -> str:
    """Return how often genuine returns raise a lead."""
    if pd.isna(rate):
        return _("not measured")
    return percent(rate, 2) if rate else _("none seen")


def problem(reason: str) -> str:
    """Return why a lead could not be set aside."""
    return {
        "reason_missing": _("Say what was found: the reason is empty."),
        "personal_note": _("Leave out telephone and identity numbers."),
        "outside_scope": _("This area is outside the part of the area list that you may see."),
    }.get(reason, _("This lead cannot be set aside."))
