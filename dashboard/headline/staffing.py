"""How many posts are short, where, and how many households that leaves without an enumerator."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.sentences import NAMED, Concentration, concentration, join, most_in, together
from dashboard.i18n import _, count, ngettext, percent
from queries.view import View


def sentence(roles: pd.DataFrame, children: pd.DataFrame, name: str, view: View) -> str:
    """Return the finding of the staffing page.

    Parameters
    ----------
    roles : DataFrame
        One staffing row a role of the viewed area.
    children : DataFrame
        Staffing rows of the direct children, one a role and child.
    name : str
        Name of the viewed area.
    """
    filed = roles[roles["shortfall"].notna()] if len(roles) else roles
    if not len(filed):
        return _("No staffing return has been received for {area}.").format(area=name)
    short = {row["role"]: int(row["shortfall"]) for _index, row in filed.iterrows()}
    enumerators, supervisors = short.get("enumerator"), short.get("supervisor")
    if not enumerators and not supervisors:
        return join(_("{area} has everyone it needs in post.").format(area=name), _uncovered(filed), _missing(filed))
    below = children[children["role"] == "enumerator"] if len(children) else children
    return join(
        _enumerators(name, enumerators, below) if enumerators else None,
        _supervisors(name, supervisors) if supervisors else None,
        _uncovered(filed),
        _missing(filed),
    )


def _enumerators(name: str, short: int, children: pd.DataFrame) -> str:
    few = concentration(children, "shortfall") if len(children) else None
    if few is None:
        return ngettext("{area} is {short} enumerator short.", "{area} is {short} enumerators short.", short).format(
            area=name, short=count(short)
        )
    words = {"area": name, "short": count(short), "share": percent(few.share, 0)}
    if few.few <= NAMED:
        return ngettext(
            "Enumerators short in {area}: {short}; {places} accounts for {share} of them.",
            "Enumerators short in {area}: {short}; {places} account for {share} of them.",
            few.few,
        ).format(**words, places=together(few.names))
    return join(_enumerators_in(few).format(**words, few=count(few.few), of=count(few.of)), most_in(few))


def _enumerators_in(few: Concentration) -> str:
    match few.level:
        case "streets":
            return ngettext(
                "Enumerators short in {area}: {short}; {few} of its {of} streets accounts for {share} of them.",
                "Enumerators short in {area}: {short}; {few} of its {of} streets account for {share} of them.",
                few.few,
            )
        case "villages":
            return ngettext(
                "Enumerators short in {area}: {short}; {few} of its {of} villages accounts for {share} of them.",
                "Enumerators short in {area}: {short}; {few} of its {of} villages account for {share} of them.",
                few.few,
            )
    return ngettext(
        "Enumerators short in {area}: {short}; {few} of the {of} areas below it accounts for {share} of them.",
        "Enumerators short in {area}: {short}; {few} of the {of} areas below it account for {share} of them.",
        few.few,
    )


def _supervisors(name: str, short: int) -> str:
    return ngettext("{area} is {short} supervisor short.", "{area} is {short} supervisors short.", short).format(
        area=name, short=count(short)
    )


def _uncovered(roles: pd.DataFrame) -> str | None:
    enumerators = roles[roles["role"] == "enumerator"]
    if not len(enumerators):
        return None
    districts, households = enumerators.iloc[0][["eds_uncovered", "hh_uncovered"]]
    if pd.isna(districts) or not districts:
        return None
    if pd.isna(households):
        return ngettext(
            "{districts} enumeration district has no enumerator.",
            "{districts} enumeration districts have no enumerator.",
            int(districts),
        ).format(districts=count(districts))
    return ngettext(
        "{districts} enumeration district with about {households} households has no enumerator.",
        "{districts} enumeration districts with about {households} households have no enumerator.",
        int(districts),
    ).format(districts=count(districts), households=count(households))


def _missing(roles: pd.DataFrame) -> str | None:
    """Say how many units have filed no staffing return, and how much larger the shortfall may be."""
    units = int(roles["units_missing"].sum())
    if not units:
        return None
    return ngettext(
        "{units} unit has filed no staffing return: with nobody in post there, {more} more posts would be short.",
        "{units} units have filed no staffing return: with nobody in post there, {more} more posts would be short.",
        units,
    ).format(units=count(units), more=count((roles["shortfall_high"] - roles["shortfall"]).sum()))
