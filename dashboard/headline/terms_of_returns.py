"""What the states of a return, and the counts that it holds, are called."""

from __future__ import annotations

from typing import Final

from dashboard.glossary import N_

STATUSES: Final = {
    "on_time": N_("On time"),
    "late": N_("Late"),
    "untimed": N_("In, time not known"),
    "nil": N_("Nil return"),
    "corrected": N_("Corrected"),
    "carried": N_("Not in, last figure carried"),
    "never": N_("Not in, never reported"),
    "not_due": N_("Not due"),
    "off": N_("No return due"),
    "unasked": N_("In, though none was due"),
}

COUNTS: Final = {
    "hh_resolved": N_("Resolved households"),
    "ed_started": N_("Enumeration districts started"),
    "ed_done": N_("Enumeration districts completed"),
    "hh_done": N_("Registered households"),
    "hh_collective": N_("Collective households"),
    "hh_vacant": N_("Vacant units"),
    "hh_away": N_("Households away"),
    "hh_deceased": N_("Deceased households"),
    "pers_total": N_("Registered persons"),
    "pers_living": N_("Persons living in the household"),
    "pers_absent": N_("Persons absent"),
    "pers_hukou": N_("Persons with hukou here"),
    "pers_in6m": N_("In-migrants"),
    "pers_out6m": N_("Out-migrants"),
    "births": N_("Births"),
    "deaths": N_("Deaths"),
    "hmt": N_("Residents from Hong Kong, Macao and Taiwan"),
    "foreign": N_("Foreign residents"),
    "hh_self": N_("Self-reported households"),
    "hh_uploaded": N_("Uploaded households"),
    "long_done": N_("Long-form households registered"),
    "hard_to_count_done": N_("Special areas counted"),
}
