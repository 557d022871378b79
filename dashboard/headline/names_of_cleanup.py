"""What the categories, issue types, results and deadlines of the register clean-up are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.headline.names import name, named
from dashboard.i18n import _, language

KINDS: Final = {
    "birth_not_registered": N_("Births, adoptions unregistered"),
    "certificate_holder": N_("Certificate holders unregistered"),
    "should_cancel": N_("Persons to be cancelled"),
    "separated": N_("Persons apart from their hukou"),
    "temporary_resident": N_("Temporary residents"),
    "foreign_hmt_stateless": N_("From abroad or stateless"),
    "multiple_hukou": N_("Several hukou"),
    "not_cancelled": N_("Hukou not cancelled"),
    "pending_registration": N_("Hukou undecided"),
    "nominal_hukou": N_("Nominal hukou"),
    "id_number": N_("Wrong identity numbers"),
    "item_correction": N_("Items to correct (person-times)"),
    "temporary_unregistered": N_("Temporary residents unregistered"),
    "categories": N_("All six categories of persons"),
    "issues": N_("All issue types but person-times"),
}
GROUPS: Final = {"categories": N_("Categories of persons"), "issues": N_("Issue types")}
RESULTS: Final = {
    "births_registered": N_("Births registered"),
    "late_entries": N_("Late entries"),
    "death_cancelled": N_("Cancelled: deceased"),
    "enlisted_cancelled": N_("Cancelled: enlisted"),
    "emigrated_cancelled": N_("Cancelled: settled abroad"),
    "duplicate_cancelled": N_("Cancelled: duplicate or false"),
    "items_corrected": N_("Items corrected (person-times)"),
    "new_residents": N_("New residents registered"),
    "no_hukou_settled": N_("Persons without hukou settled"),
    "no_hukou_foundling": N_("of them abandoned children"),
    "no_hukou_vagrant": N_("of them homeless persons"),
    "no_hukou_sheltered": N_("of them persons in shelters"),
}
BATCHES: Final = {
    "violations": N_("Violations cleared"),
    "cancelled": N_("Cancellations made"),
    "registered": N_("Registrations made"),
    "moved": N_("Hukou moved"),
    "corrected": N_("Errors corrected"),
}
DEADLINES: Final = {
    "cleanup": N_("End of the clean-up: households checked"),
    "rectification": N_("End of the rectification: cases resolved"),
    "materials_handed_over": N_("Materials handed over to the police: returns that confirm"),
    "db_updated": N_("Police database updated: returns that confirm"),
}
STATES: Final = {"done": N_("All done"), "open": N_("Not yet due"), "passed": N_("Past its day")}


def bars() -> dict[str, str]:
    """Return the words of the bars of rectification."""
    return {
        "resolved": _("Cases resolved"),
        "pending": _("Pending, not overdue"),
        "overdue": _("Cases overdue"),
        "found": _("Cases found"),
    }


def with_kinds(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `name` and `group_name` to rows a kind."""
    return rows.assign(name=named(rows["kind"], KINDS), group_name=named(rows["group"], GROUPS))


def with_results(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `name` to rows a result."""
    return rows.assign(name=named(rows["result"], RESULTS))


def with_deadlines(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `name` and `state_name` to deadlines."""
    return rows.assign(name=named(rows["deadline"], DEADLINES), state_name=named(rows["state"], STATES))


def with_streets(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `streets_named`, the streets that a station serves, to rows a police station."""
    return rows.assign(streets_named=rows["streets"].map(listed))


def listed(names: Iterable[str]) -> str:
    """Return names one after another, as the language separates them."""
    return (", " if language() == "en" else "、").join(names)


def with_stations(rows: pd.DataFrame) -> pd.DataFrame:
    """Write out, among those not in, where no station of a street ever filed."""
    return rows.assign(police_station=rows["police_station"].fillna(_("no return yet")))


def kind_name(kind: str) -> str:
    """Return what a category, an issue type or a sum of them is called."""
    return name(KINDS, kind)
