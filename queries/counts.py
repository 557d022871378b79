"""The counts of the forms by kind: what accumulates, what stands, what belongs to one day."""

from __future__ import annotations

from typing import Final

ROLES: Final = ("enumerator", "supervisor")

# Handbook form A. Cumulative counts never fall except in a correction; stocks may fall;
# daily counts belong to one day and are not carried forward.
CUMULATIVE: Final = (
    "ed_started",
    "ed_done",
    "hh_done",
    "hh_collective",
    "hh_vacant",
    "hh_away",
    "hh_deceased",
    "pers_total",
    "pers_living",
    "pers_absent",
    "pers_hukou",
    "pers_in6m",
    "pers_out6m",
    "births",
    "deaths",
    "hmt",
    "foreign",
    "hh_self",
    "hh_uploaded",
    "long_done",
    "hard_to_count_done",
)
STOCK: Final = ("ed_total", "hh_refused", "hh_noncontact", "long_target", "issues_open")
DAILY: Final = ("visits_day", "enum_active", "issues_new")
PROGRESS_COUNTS: Final = CUMULATIVE + STOCK
# Both sides of a rate are added up over the same units: a count of `progress`, over the units in which the other
# one is known too.
PAIRED: Final = {
    "framed_done": ("hh_done", "hh_frame"),
    "framed_vacant": ("hh_vacant", "hh_frame"),
    "framed_resolved": ("hh_resolved", "hh_frame"),
    "framed_persons": ("pers_total", "pers_frame"),
    "framed_away": ("hh_away", "hh_frame"),
    "framed_refused": ("hh_refused", "hh_frame"),
    "framed_noncontact": ("hh_noncontact", "hh_frame"),
    "framed_long": ("long_target", "hh_frame"),
    "frame_of_vacant": ("hh_frame", "hh_vacant"),
    "frame_of_away": ("hh_frame", "hh_away"),
    "frame_of_refused": ("hh_frame", "hh_refused"),
    "frame_of_noncontact": ("hh_frame", "hh_noncontact"),
    "frame_of_long": ("hh_frame", "long_target"),
    "listed_ed_done": ("ed_done", "ed_total"),
    "listed_ed_total": ("ed_total", "ed_done"),
    "housed_persons": ("pers_total", "hh_done"),
    "housing_persons": ("hh_done", "pers_total"),
    "housed_living": ("pers_living", "hh_done"),
    "housing_living": ("hh_done", "pers_living"),
    "done_self": ("hh_self", "hh_done"),
    "done_of_self": ("hh_done", "hh_self"),
}

# Handbook form B.
LEAVING_REASONS: Final = (
    "reason_personal",
    "reason_workload",
    "reason_health",
    "reason_discipline",
    "reason_responsibility",
    "reason_competence",
    "reason_recalled",
)
STAFF_SOURCES: Final = (
    "source_cadre",
    "source_retiree",
    "source_group_leader",
    "source_activist",
    "source_unemployed",
    "source_government",
    "source_guard",
    "source_party_member",
    "source_volunteer",
    "source_other",
)
STAFF_CUMULATIVE: Final = (
    "recruited",
    "seconded",
    "rehired",
    "substituted",
    "withdrawn",
    "dismissed",
    "transferred_out",
    *LEAVING_REASONS,
    *STAFF_SOURCES,
    "session_count",
    "person_times",
)
STAFF_STOCK: Final = (
    "need",
    "in_post",
    "trained",
    "tested",
    "passed",
    "certified",
    "confid_signed",
    "insured",
    "publicised",
    "reserve_available",
    "eds_total",
    "eds_uncovered",
    "eds_shared",
    "age_u50",
    "edu_senior_plus",
    "edu_below_junior",
    "absent_today",
    "replaced_today",
)
STAFF_COUNTS: Final = STAFF_CUMULATIVE + STAFF_STOCK
INTAKE: Final = ("recruited", "seconded", "rehired", "substituted")
LEAVERS: Final = ("withdrawn", "dismissed", "transferred_out")
REPLACEMENTS: Final = ("rehired", "substituted")
# Of those in post: a rate of these counts only units that tell both the count and who is in post.
OF_THOSE_IN_POST: Final = (
    "trained",
    "passed",
    "certified",
    "confid_signed",
    "insured",
    "age_u50",
    "edu_senior_plus",
)
FRAME_PARTS: Final = ("eds", "persons", "households")  # what the frame tells of the work of a unit

# Handbook form D: what a check sampled, looked at and found wrong, in which stage and by whom.
STAGES: Final = ("roster_check", "sweep", "short", "long", "recheck", "coding", "capture", "pes")
CHECK_LEVELS: Final = ("self", "street", "district", "city", "province")  # each above the one before
CHECKED_ITEMS: Final = ("buildings", "units", "pers", "hukou", "birth", "death")
ERROR_TYPES: Final = ("omitted", "duplicated", "wrong_item")
CHECK_COUNTS: Final = (
    "ed_sampled",
    "hh_self_total",
    "hh_enum_total",
    "hh_sampled",
    "hh_self_sampled",
    "hh_enum_sampled",
    *(f"{item}_{what}" for item in CHECKED_ITEMS for what in ("checked", "err")),
    *ERROR_TYPES,
)

# Handbook form E: the register clean-up by category of person and by type of issue.
CLEANUP_STATES: Final = ("found", "resolved", "pending", "overdue")
PERSON_CATEGORIES: Final = (
    "birth_not_registered",
    "certificate_holder",
    "should_cancel",
    "separated",
    "temporary_resident",
    "foreign_hmt_stateless",
)
ISSUE_TYPES: Final = (
    "multiple_hukou",
    "not_cancelled",
    "pending_registration",
    "nominal_hukou",
    "id_number",
    "item_correction",
    "temporary_unregistered",
)
PERSON_TIMES: Final = ("item_correction",)  # one person may count several times: never added to persons
CLEANUP_KINDS: Final = (*PERSON_CATEGORIES, *ISSUE_TYPES)
# What a count of the form is made of.
CLEANUP_PARTS: Final = {
    "should_cancel_found": ("should_cancel_army", "should_cancel_abroad", "should_cancel_death"),
    "separated_found": ("separated_person_only", "separated_hukou_only"),
    "centenarian_total": ("centenarian_alive", "centenarian_cancelled"),
}
NO_HUKOU_SETTLED: Final = ("no_hukou_foundling", "no_hukou_vagrant", "no_hukou_sheltered")
CLEANUP_RESULTS: Final = (
    "births_registered",
    "late_entries",
    "death_cancelled",
    "enlisted_cancelled",
    "emigrated_cancelled",
    "duplicate_cancelled",
    "items_corrected",
    "new_residents",
    "no_hukou_settled",
)
_REGISTERED: Final = ("births_registered", "late_entries", "no_hukou_settled")
_CANCELLED: Final = ("death_cancelled", "enlisted_cancelled", "emigrated_cancelled")
# By which results the resolved cases of some kinds were closed.
RESULTS_OF: Final = (
    (("birth_not_registered", "certificate_holder"), _REGISTERED),
    (("should_cancel",), _CANCELLED),
    (("temporary_resident",), ("new_residents",)),
    (("multiple_hukou",), ("duplicate_cancelled",)),
    (("not_cancelled",), _CANCELLED),
    (("pending_registration",), _REGISTERED),
    (("item_correction",), ("items_corrected",)),
    (("temporary_unregistered",), ("new_residents",)),
)
CLEANUP_CUMULATIVE: Final = (
    "hh_checked",
    "pers_checked",
    "addresses_checked",
    *(f"{kind}_{state}" for kind in CLEANUP_KINDS for state in ("found", "resolved")),
    *CLEANUP_PARTS["should_cancel_found"],
    *CLEANUP_PARTS["separated_found"],
    *CLEANUP_RESULTS,
    *NO_HUKOU_SETTLED,
    "missing_plates",
    "plates_made",
    "centenarian_cancelled",
)
CLEANUP_STOCK: Final = (
    "hh_to_check",
    "pers_to_check",
    *(f"{kind}_{state}" for kind in CLEANUP_KINDS for state in ("pending", "overdue")),
    "abandoned_addresses",
    "nominal_households",
    "nominal_persons",
    "centenarian_total",
    "centenarian_alive",
    "photo_missing_18plus",
    "old_id_only",
)
CLEANUP_COUNTS: Final = CLEANUP_CUMULATIVE + CLEANUP_STOCK

# Handbook form C: indicators that are the parts of another one, without overlap.
DISTANCES: Final = ("street", "district", "city", "province")
FAMILIES: Final = {
    "hmt_foreign": ("hmt", "foreign"),
    "total_persons": ("hukou", "non_hukou"),
    "in6m": tuple(f"in6m_{place}" for place in DISTANCES),
    "out6m": tuple(f"out6m_{place}" for place in DISTANCES),
}
