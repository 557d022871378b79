"""How many posts are short, where, and how many households that leaves without an enumerator."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.headline.sentences import NAMED, Concentration, concentration, join, most_in, together
from dashboard.i18n import UNKNOWN, _, count, count_span, ngettext, percent
from queries.counts import ROLES
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
    staffed = roles[roles["units"].notna()] if len(roles) else roles
    if not len(staffed) or not staffed["units_reported"].sum():
        return _("No staffing return has been received for {area}.").format(area=name)
    return join(_posts(staffed, children, name), _uncovered(staffed), _missing(staffed), _unrequired(staffed))


def _posts(staffed: pd.DataFrame, children: pd.DataFrame, name: str) -> str:
    """Say how many posts are short; that none is only where all of every unit is known."""
    short = staffed.set_index("role")["shortfall"].reindex(list(ROLES))
    if short.isna().all():
        return _("{area}: {in_post} in post; how many are required is not known.").format(
            area=name, in_post=count(staffed["in_post"].sum(min_count=1))
        )
    if short.sum() == 0:
        if not staffed["units_unjudged"].sum():
            return _("{area} has everyone it needs in post.").format(area=name)
        return _("As far as is known, no post is short in {area}.").format(area=name)
    enumerators, supervisors = (0 if pd.isna(short[role]) else int(short[role]) for role in ROLES)
    below = children[children["role"] == "enumerator"] if len(children) else children
    return join(
        _enumerators(name, enumerators, below) if enumerators else None,
        _supervisors(name, supervisors) if supervisors else None,
    )


def posts_short(roles: pd.DataFrame) -> str:
    """Return the posts short of an area, enumerators / supervisors: a range, or at least so many, while units are open.

    Parameters
    ----------
    roles : DataFrame
        Its staffing rows, one a role.
    """
    rows = roles.set_index("role").reindex(list(ROLES))
    return " / ".join(_short(row) for row in rows.itertuples())


def _short(row: Any) -> str:
    if pd.isna(row.shortfall):
        return UNKNOWN
    if row.units_unrequired > 0:
        return f"≥{count(row.shortfall)}"
    return count_span(row.shortfall, row.shortfall_high)


def not_judged(roles: pd.DataFrame) -> str | None:
    """Say of how many units the requirement or the staff in post is not known; None where all is."""
    units = int(roles["units_unjudged"].sum())
    if not units:
        return None
    return ngettext("{units} unit not known", "{units} units not known", units).format(units=count(units))


def not_covered(roles: pd.DataFrame) -> str | None:
    """Say how many units tell whether their enumeration districts have an enumerator; None where all do."""
    enumerators = roles[(roles["role"] == "enumerator") & roles["units_covered"].notna()]
    if not len(enumerators):
        return None
    told, units = (int(n) for n in enumerators.iloc[0][["units_covered", "units"]])
    if told == units:
        return None
    if not told:
        return _("Whether every enumeration district has an enumerator has not been reported.")
    return ngettext(
        "{told} of {units} units has reported its districts without an enumerator; of the others it is not known.",
        "{told} of {units} units have reported their districts without an enumerator; of the others it is not known.",
        told,
    ).format(told=count(told), units=count(units))


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
    districts, weighed, households = enumerators.iloc[0][["eds_uncovered", "eds_weighed", "hh_uncovered"]]
    if pd.isna(districts) or not districts:
        return not_covered(roles)
    if weighed == districts:
        said = ngettext(
            "{districts} enumeration district with about {households} households has no enumerator.",
            "{districts} enumeration districts with about {households} households have no enumerator.",
            int(districts),
        )
    else:
        said = ngettext(
            "{districts} enumeration district has no enumerator.",
            "{districts} enumeration districts have no enumerator.",
            int(districts),
        )
    return join(said.format(districts=count(districts), households=count(households)), not_covered(roles))


def _missing(roles: pd.DataFrame) -> str | None:
    """Say how many units have filed no staffing return, and how much larger the shortfall may be."""
    units = int(roles["units_missing"].sum())
    if not units:
        return None
    open_ones = roles[roles["units_missing"] > 0]
    more = (open_ones["shortfall_high"] - open_ones["shortfall"].fillna(0)).sum(skipna=False)
    if pd.isna(more):
        return ngettext(
            "{units} unit has filed no staffing return.", "{units} units have filed no staffing return.", units
        ).format(units=count(units))
    return ngettext(
        "{units} unit has filed no staffing return: with nobody in post there, {more} more posts would be short.",
        "{units} units have filed no staffing return: with nobody in post there, {more} more posts would be short.",
        units,
    ).format(units=count(units), more=count(more))


def _unrequired(roles: pd.DataFrame) -> str | None:
    """Say how many units have no known requirement: who is in post there is in no rate."""
    units = int(roles["units_unrequired"].sum())
    if not units:
        return None
    return ngettext(
        "{units} unit has no known requirement, neither by its frame nor as reported, and is left out of the rates.",
        "{units} units have no known requirement, neither by their frame nor as reported, and are left out of the "
        "rates.",
        units,
    ).format(units=count(units))
