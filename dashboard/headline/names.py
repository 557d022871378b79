"""What codes stored in the tables are called in the viewer's language."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.i18n import _, is_unknown
from queries.scope import OFFICE_OF

INDICATORS: Final = {
    "resident": N_("Resident population"),
    "hukou": N_("Hukou population"),
    "non_hukou": N_("Persons with hukou elsewhere"),
    "total_persons": N_("Persons in all"),
    "birth": N_("Births"),
    "death": N_("Deaths"),
    "in6m": N_("In-migrants, six months or more"),
    "in6m_street": N_("In-migrants from other streets of the district"),
    "in6m_district": N_("In-migrants from other districts of the city"),
    "in6m_city": N_("In-migrants from other cities of the province"),
    "in6m_province": N_("In-migrants from other provinces"),
    "out6m": N_("Out-migrants, six months or more"),
    "out6m_street": N_("Out-migrants to other streets of the district"),
    "out6m_district": N_("Out-migrants to other districts of the city"),
    "out6m_city": N_("Out-migrants to other cities of the province"),
    "out6m_province": N_("Out-migrants to other provinces"),
    "hmt": N_("Residents from Hong Kong, Macao and Taiwan"),
    "foreign": N_("Foreign residents"),
    "hmt_foreign": N_("Residents from Hong Kong, Macao, Taiwan and abroad"),
    "no_hukou": N_("Persons without hukou"),
    "dwelling_units": N_("Dwelling units"),
    "vacant": N_("Vacant units"),
    "school_pupils": N_("School pupils"),
    "separation_rows": N_("Rows of the residence–hukou ledger"),
    "registered_households": N_("Registered households"),
    "registered_persons": N_("Registered persons"),
    "living": N_("Persons living here, set against residents"),
}

SOURCES: Final = {
    "police": N_("police"),
    "health": N_("health and family planning"),
    "civil_affairs": N_("civil affairs"),
    "migrant_office": N_("migrant population office"),
    "education": N_("education"),
    "housing": N_("housing"),
    "statistics": N_("year-end statistics"),
    "prior_census": N_("previous census"),
    "power": N_("power company"),
    "ledger": N_("basic ledger"),
    "own_total": N_("the office's own total"),
    "returns": N_("daily returns"),
}

REASONS: Final = {
    "enclave": N_("enclave"),
    "timing": N_("different timing"),
    "definition": N_("different definition"),
    "demolition": N_("demolition"),
    "dual_registration": N_("registered twice"),
    "dual registration": N_("registered twice"),
    "other": N_("other reason"),
}

OFFICES: Final = {  # accounts that the program itself writes under
    "census office": N_("census office"),
    "data desk": N_("data desk"),
    "demonstration": N_("demonstration"),
}
REASON_CODES: Final = ("enclave", "timing", "definition", "demolition", "dual_registration", "other")

ROLES: Final = {"enumerator": N_("Enumerators"), "supervisor": N_("Supervisors")}

LEAVING: Final = {
    "reason_personal": N_("personal reasons"),
    "reason_workload": N_("workload"),
    "reason_health": N_("health"),
    "reason_discipline": N_("did not follow instructions"),
    "reason_responsibility": N_("lack of responsibility"),
    "reason_competence": N_("lack of competence"),
    "reason_recalled": N_("recalled by the employer"),
}

STAFF_SOURCES: Final = {
    "source_cadre": N_("village or community cadres"),
    "source_retiree": N_("retirees"),
    "source_group_leader": N_("leaders of village or building groups"),
    "source_activist": N_("active residents"),
    "source_unemployed": N_("laid-off or unemployed"),
    "source_government": N_("government offices"),
    "source_guard": N_("security guards"),
    "source_party_member": N_("serving party members"),
    "source_volunteer": N_("volunteers"),
    "source_other": N_("other sources"),
}

STAGES: Final = {
    "in_post": N_("In post"),
    "trained": N_("Trained"),
    "tested": N_("Tested"),
    "passed": N_("Passed"),
    "certified": N_("Certified"),
    "confid_signed": N_("Signed confidentiality"),
    "insured": N_("Insured"),
    "publicised": N_("Names posted"),
}


def name(names: dict[str, str], code: object) -> str:
    """Return the name of a code in the viewer's language, the code itself where it has none, "—" for none."""
    return "—" if pd.isna(code) else _(names[str(code)]) if str(code) in names else str(code)


def office(role: str | None) -> str:
    """Return how an office or account is called that loaded, matched, decided or saved something."""
    if not is_unknown(role) and str(role).startswith(OFFICE_OF):
        return _("office of {area}").format(area=str(role).removeprefix(OFFICE_OF))
    return name(OFFICES, role)


def named(codes: pd.Series, names: dict[str, str]) -> pd.Series:
    """Return a column of codes as names."""
    return codes.map(lambda code: name(names, code))


CHECKS: Final = {
    "parts_in6m": N_("In-migrants: total against its four parts"),
    "parts_out6m": N_("Out-migrants: total against its four parts"),
    "parts_total_persons": N_("Persons in all against hukou and non-hukou persons"),
    "parts_filed": N_("Total against the parts filed with it"),
    "rest_total_persons": N_("What hukou persons leave of the persons in all: hukou elsewhere"),
    "flow_balance": N_("Flows between streets: in against out"),
    "separation": N_("Ledger rows against in- and out-migrants"),
}
FLOWS: Final = {"in6m": N_("Inflow"), "out6m": N_("Outflow")}
DISTANCES: Final = {
    "street": N_("other streets of the district"),
    "district": N_("other districts of the city"),
    "city": N_("other cities of the province"),
    "province": N_("other provinces"),
    "unallocated": N_("not allocated"),
}
PARTS: Final = {
    "hukou_living": N_("Hukou here and living here"),
    "in6m": N_("Living here, hukou elsewhere, six months or more"),
    "other_non_hukou": N_("Hukou elsewhere, less than six months"),
    "out6m": N_("Hukou here, away six months or more"),
    "other_absent": N_("Hukou here, away less than six months"),
}
BASES: Final = {
    "parts": N_("the parts of both sides"),
    "sum": N_("a sum filed without its parts: opposite signs may cancel"),
}
PERIODS: Final = {
    "counted_twice": N_("The periods overlap: what lies in both would count twice."),
    "births_deaths": N_("Births and deaths are of different periods: their balance says nothing."),
}
SPECIAL_AREAS: Final = {
    "both": N_("both count them"),
    "neither": N_("neither counts them"),
    "department": N_("the department counts them, the ledger does not"),
    "ledger": N_("the ledger counts them, the department does not"),
    "not_said": N_("not said"),
}
CASES: Final = {
    "to verify": N_("to verify"),
    "verifying": N_("being verified"),
    "explained": N_("explained"),
    "corrected in census": N_("corrected in the census"),
    "corrected in register": N_("corrected in the register"),
    "accepted": N_("accepted"),
}


def bars() -> dict[str, str]:
    """Return the words of the bars against plan."""
    return {"done": _("Resolved"), "range": _("Open in units not in"), "plan": _("Plan for the day"),
            "carried": _("Carried forward")}  # fmt: skip


def days() -> dict[str, str]:
    """Return the words of the heat-map."""
    return {
        "increment": _("Households"),
        "missing": _("No return"),
        "carried": _("Carried forward"),
        "off": _("No return due"),
    }


def spread() -> dict[str, str]:
    """Return the words of the spread."""
    return {"range": _("Lowest to highest"), "median": _("Median"), "plan": _("Plan for the day")}


def curve() -> dict[str, str]:
    """Return the words of the S-curve."""
    return {
        "actual": _("Resolved"),
        "plan": _("Plan"),
        "range": _("Range over units not in"),
        "carried": _("Carried forward"),
        "deadline": _("Deadline"),
        "share": _("Share of the frame"),
    }


def posts() -> dict[str, str]:
    """Return the words of shortfall and surplus."""
    return {"shortfall": _("Short"), "surplus": _("Surplus")}


def differences() -> dict[str, str]:
    """Return the words of the bars of discrepancies."""
    return {
        "explained": _("Explained"),
        "unexplained": _("Unexplained"),
        "tolerance": _("Tolerance"),
        "rate": _("Difference ÷ department's figure"),
    }


def caught() -> dict[str, str]:
    """Return the words of the capture ratio by day."""
    return {
        "band": _("In proportion"),
        "ratio": _("Share found ÷ person coverage"),
        "coverage": _("Person coverage"),
    }


def with_bases(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `base`, the denominator's name, to rows of person coverage."""
    base = [
        _("Frame persons")
        if row.source == "frame"
        else _("{indicator}, {source}").format(
            indicator=name(INDICATORS, row.indicator), source=name(SOURCES, row.source)
        )
        for row in rows.itertuples()
    ]
    return rows.assign(base=pd.Series(base, index=rows.index, dtype=object))


def with_roles(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `role_name` to staffing rows."""
    return rows.assign(role_name=named(rows["role"], ROLES))


def with_names(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the names of indicator, source, reason, case, census side and refusal to rows of comparisons."""
    parts = {
        "indicator_name": ("indicator", INDICATORS),
        "source_name": ("source", SOURCES),
        "reason_name": ("explained_reason", REASONS),
        "case_name": ("case_status", {**CASES, **{code.replace(" ", "_"): text for code, text in CASES.items()}}),
        "census_name": ("census_source", SOURCES),
        "special_name": ("special_areas", SPECIAL_AREAS),
        "check_name": ("check", CHECKS),
        "flow_name": ("flow", FLOWS),
        "distance_name": ("distance", DISTANCES),
        "part_name": ("part", PARTS),
        "basis_name": ("basis", BASES),
        "period_name": ("what", PERIODS),
        "other_name": ("other_indicator", INDICATORS),
    }
    known = {new: named(rows[code], names) for new, (code, names) in parts.items() if code in rows}
    return rows.assign(**known)
