"""What stages, levels, items and decisions of quality checks are called."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.headline.names import name, named
from dashboard.i18n import _

CHECKED_STAGES: Final = {
    "roster_check": N_("Verification of the roster"),
    "sweep": N_("Sweep"),
    "short": N_("Short-form registration"),
    "long": N_("Long-form registration"),
    "recheck": N_("Recheck"),
    "coding": N_("Coding"),
    "capture": N_("Optical capture"),
    "pes": N_("Post-enumeration check"),
}
LEVELS: Final = {
    "self": N_("self-check"),
    "street": N_("street level"),
    "district": N_("district level"),
    "city": N_("city level"),
    "province": N_("province level"),
}
DECISIONS: Final = {"pass": N_("pass"), "rework": N_("rework"), "partial": N_("make up what is missing")}
ITEMS: Final = {
    "map": N_("map of the enumeration district"),
    "buildings": N_("buildings"),
    "units": N_("dwelling units"),
    "pers": N_("registered persons"),
    "hukou": N_("hukou persons"),
    "zero": N_("births or deaths"),
}
MISSING: Final = {
    "no_check": N_("No check has been filed."),
    "only_self": N_("Only self-checks so far: another unit or level has to check."),
    "sent_back": N_("Sent back: {units}."),
    "undecided": N_("Not decided: {units}."),
}


def stage(code: str) -> str:
    """Return what a stage is called."""
    return name(CHECKED_STAGES, code)


def item(code: str) -> str:
    """Return what an item of a check is called."""
    return name(ITEMS, code)


def listed(codes: tuple[str, ...], names: dict[str, str]) -> str:
    """Return the names of several codes in one line; “—” for none."""
    return _(", ").join(name(names, code) for code in codes) or "—"


def with_names(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the names of stage, level, decision, item and broken rules to rows of checks."""
    single = {
        "stage_name": ("stage", CHECKED_STAGES),
        "level_name": ("level", LEVELS),
        "decision_name": ("decision", DECISIONS),
        "item_name": ("item", ITEMS),
    }
    known = {new: named(rows[code], names) for new, (code, names) in single.items() if code in rows}
    for new, codes in (("broken_name", "broken"), ("why_name", "why")):
        if codes in rows:
            known[new] = pd.Series([listed(c, ITEMS) for c in rows[codes]], index=rows.index, dtype=object)
    if "cross_name" in rows:
        hidden = rows["crossed"].astype(bool) & rows["cross_name"].isna()
        known["cross_name"] = rows["cross_name"].astype(object).mask(hidden, _("a unit outside this area"))
    return rows.assign(**known)


def with_missing(rows: pd.DataFrame) -> pd.DataFrame:
    """Add missing_name: what keeps each gate closed; “—” where it is open."""
    said = [
        " ".join(
            _(MISSING[code]).format(units=_(", ").join(row.sent_back_names if code == "sent_back" else row.open_names))
            for code in row.missing
        )
        or "—"
        for row in rows.itertuples()
    ]
    return rows.assign(missing_name=pd.Series(said, index=rows.index, dtype=object))


def funnel(limit: str) -> dict[str, str]:
    """Return the words of the funnel."""
    return {
        "checked": _("Checked"),
        "rate": _("Error rate, ‰"),
        "inner": _("95 % of units by chance"),
        "outer": _("99.8 % of units by chance"),
        "pooled": _("All together"),
        "limit": _("Limit {limit}").format(limit=limit),
        "within": _("Within the limit"),
        "above": _("Above the limit"),
    }
