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
