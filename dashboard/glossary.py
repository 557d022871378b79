"""The ninety terms of the field, each with its definition or formula; the catalogues hold the languages."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.i18n import LOCALES, _
from queries.view import LANGUAGES
from queries.wording import translations


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated when shown."""
    return text


TERMS: Final = (  # number, term, definition or formula
    (1, N_("enumeration area (village level)"), N_("Territory of one village or residents' committee.")),
    (
        2,
        N_("enumeration district (ED)"),
        N_(
            "Lowest unit, about 300 persons or 80 to 100 households; its code is the village code and "
            "three more digits."
        ),
    ),
    (
        3,
        N_("virtual ED"),
        N_(
            "A district on paper, with a code from 900 on, for the hukou of demolished blocks; no map, at "
            "most 4,995 persons."
        ),
    ),
    (
        4,
        N_("special area / enclave"),
        N_("An area without a community of its own: counted apart, added to its street."),
    ),
    (5, N_("two staff (collective)"), N_("Enumerators and supervisors together.")),
    (6, N_("enumerator"), N_("Visits and registers the households of at least one enumeration district.")),
    (7, N_("supervisor (crew leader)"), N_("Guides the enumerators of three to four enumeration districts.")),
    (
        8,
        N_("reserve enumerator"),
        N_("Trained but not assigned to any enumeration district; a number of persons."),
    ),
    (
        9,
        N_("staff required"),
        N_(
            "Enumerators: the larger of the number of enumeration districts and expected persons ÷ 300, "
            "rounded up, in each village. Supervisors: enumeration districts ÷ 4, rounded up, in each "
            "street."
        ),
    ),
    (
        10,
        N_("staff in post"),
        N_("Recruited + seconded + recruited again + substituted − withdrawn − dismissed − transferred out (persons)."),
    ),
    (
        11,
        N_("fill rate"),
        N_(
            "Posts filled ÷ staff required (%): of each unit no more posts than it needs, so that a surplus in one "
            "never hides a shortfall in another. Staff in post ÷ staff required stands beside it as staff to "
            "requirement."
        ),
    ),
    (
        12,
        N_("shortfall"),
        N_(
            "Required − in post where that is positive, added up over units; a surplus elsewhere is shown "
            "apart and never set against it (persons)."
        ),
    ),
    (
        13,
        N_("qualified fill rate"),
        N_(
            "Posts filled with staff who are trained, have passed and hold a certificate ÷ staff required (%); of "
            "each unit no more than it needs."
        ),
    ),
    (14, N_("uncovered ED"), N_("Enumeration districts with no certified enumerator in post.")),
    (15, N_("workload per enumerator"), N_("Frame households (or persons) ÷ enumerators in post.")),
    (
        16,
        N_("attrition rate"),
        N_("Withdrawn, dismissed and transferred out so far ÷ everyone ever recruited (%)."),
    ),
    (17, N_("replacement rate"), N_("Replacements so far ÷ leavers so far (%).")),
    (
        18,
        N_("training completion"),
        N_("Distinct persons trained ÷ staff in post (%); attendances are another unit."),
    ),
    (19, N_("pass rate"), N_("Passed ÷ tested (%).")),
    (
        20,
        N_("certificate coverage"),
        N_("Certified ÷ staff in post (%); nobody is certified who has not passed."),
    ),
    (21, N_("insurance coverage"), N_("Insured ÷ staff in post (%).")),
    (
        22,
        N_("confidentiality coverage"),
        N_("Signed the confidentiality agreement ÷ staff in post (%); must be 100 %."),
    ),
    (23, N_("share under 50"), N_("Staff under 50 years of age ÷ staff in post (%).")),
    (
        24,
        N_("share senior-secondary+"),
        N_("Staff with senior secondary schooling or more ÷ staff in post (%)."),
    ),
    (25, N_("standard reference time"), N_("1 November, 00:00, of a year ending in 0.")),
    (26, N_("phase"), N_("One row of the census calendar; it may differ by area.")),
    (
        27,
        N_("hukou clean-up"),
        N_("Clean-up of the household register, led by the police, before the census."),
    ),
    (
        28,
        N_("sweep / listing"),
        N_("Listing of every dwelling and household before registration; ends in the household-head roster."),
    ),
    (29, N_("registration"), N_("The enumeration itself: short form, then long form.")),
    (30, N_("recheck / gap filling"), N_("The own check of all forms after registration.")),
    (
        31,
        N_("compare-and-recheck"),
        N_("Matching with administrative records, then verification on the spot."),
    ),
    (32, N_("acceptance"), N_("Acceptance level by level: pass or rework.")),
    (
        33,
        N_("post-enumeration check (PES)"),
        N_("Independent second enumeration of sampled enumeration districts."),
    ),
    (
        34,
        N_("household-head roster"),
        N_("List of household heads made by the sweep; the frame of registration."),
    ),
    (35, N_("frame households"), N_("Households on the frame: what is to be registered.")),
    (36, N_("registered households"), N_("Households registered so far, without vacant units.")),
    (
        37,
        N_("vacant unit"),
        N_("Dwelling where nobody lives and no hukou is held; an outcome, not a pending household."),
    ),
    (
        38,
        N_("whole household away"),
        N_("Everyone of the household is away; an outcome, the household stays on the roster."),
    ),
    (39, N_("refusal"), N_("Refused even after a visit by supervisor and community.")),
    (40, N_("non-contact"), N_("No contact after three visits or attempts; still open.")),
    (41, N_("household completion"), N_("Registered ÷ (frame − confirmed vacant) (%).")),
    (42, N_("resolution rate"), N_("(Registered + vacant + away + deceased households) ÷ frame (%).")),
    (
        43,
        N_("person coverage"),
        N_("Registered persons ÷ a named denominator (%); the denominator is always printed."),
    ),
    (
        44,
        N_("EDs completed"),
        N_("Enumeration districts signed off by the supervisor ÷ enumeration districts (%)."),
    ),
    (45, N_("daily increment"), N_("Cumulative count of the day − cumulative count of the day before.")),
    (46, N_("planned progress"), N_("Share of the frame that the plan curve sets for the day (%).")),
    (47, N_("schedule index"), N_("Resolution rate ÷ planned progress (ratio; 1 = on plan).")),
    (
        48,
        N_("required daily pace"),
        N_("(Frame − resolved) ÷ working days left, from the next day to the deadline."),
    ),
    (
        49,
        N_("projected finish"),
        N_("The day on which the open households end at the mean of the last three reported days."),
    ),
    (
        50,
        N_("persons per household"),
        N_("Registered persons ÷ registered households; given for all persons and for those living there."),
    ),
    (
        51,
        N_("registered persons"),
        N_("Persons living in the household + persons with hukou here who are absent."),
    ),
    (52, N_("living in the household"), N_("Persons who slept here on the reference night.")),
    (53, N_("hukou here, not living here"), N_("Persons with hukou here who live elsewhere.")),
    (
        54,
        N_("living here, hukou elsewhere"),
        N_("Persons living here whose hukou is elsewhere, whatever the time away."),
    ),
    (55, N_("hukou (registered) population"), N_("Persons whose hukou is in the area, present or absent.")),
    (
        56,
        N_("resident (usual) population"),
        N_("Hukou population − away six months or more + here six months or more."),
    ),
    (
        57,
        N_("in-migrants ≥6 months"),
        N_("Persons living here, hukou elsewhere, who left it six months ago or more."),
    ),
    (58, N_("out-migrants ≥6 months"), N_("Persons with hukou here who have been away six months or more.")),
    (
        59,
        N_("residence–hukou separation"),
        N_("Persons whose residence and hukou differ; rate ÷ registered persons (%)."),
    ),
    (
        60,
        N_("residents from Hong Kong, Macao, Taiwan and abroad"),
        N_("Residents of Hong Kong, Macao, Taiwan and foreign nationals; both parts are given, never only the total."),
    ),
    (61, N_("short form"), N_("Form filled in for every household.")),
    (62, N_("long form"), N_("Form filled in for 10 % of households.")),
    (63, N_("death form"), N_("Form for persons who died from 1 November of the year before to 31 October.")),
    (64, N_("self-report (online) rate"), N_("Households that reported online ÷ registered households (%).")),
    (65, N_("benchmark"), N_("A department's figure with its period and cut-off.")),
    (66, N_("discrepancy"), N_("Census count − department's figure (signed, persons).")),
    (67, N_("discrepancy rate"), N_("Discrepancy ÷ department's figure (%, ‰ for quality).")),
    (68, N_("explained part"), N_("The part of the discrepancy with a documented cause.")),
    (
        69,
        N_("unexplained discrepancy"),
        N_("(Size of the discrepancy − explained part) ÷ department's figure (%)."),
    ),
    (
        70,
        N_("component discrepancy"),
        N_("Sizes of the differences of the parts, added up ÷ department's figure (%): opposite signs cannot cancel."),
    ),
    (
        71,
        N_("vital-event capture ratio"),
        N_("(Events found ÷ department's events) ÷ person coverage (ratio; 1 = in proportion)."),
    ),
    (
        72,
        N_("intra-area flow balance"),
        N_("In-migrants from other streets of the district − out-migrants to other streets of it; should be about 0."),
    ),
    (73, N_("error rate"), N_("Errors ÷ items or persons checked (‰).")),
    (
        74,
        N_("omission rate"),
        N_("Persons omitted ÷ persons found at the recheck (registered persons checked + persons omitted) (%, ‰)."),
    ),
    (75, N_("duplication rate"), N_("Persons registered twice ÷ persons checked (‰).")),
    (76, N_("rework"), N_("A unit sent back; it has to be accepted again.")),
    (77, N_("rectification rate"), N_("Issues closed ÷ issues found (%).")),
    (78, N_("overdue rectification"), N_("Issues open after their due date.")),
    (
        79,
        N_("should-register, not registered"),
        N_("Births, adoptions and holders of certificates not yet on the register."),
    ),
    (
        80,
        N_("should-cancel, not cancelled"),
        N_("Death, enlistment or emigration not yet taken off the register."),
    ),
    (81, N_("no-hukou person"), N_("A person with no hukou anywhere.")),
    (
        82,
        N_("nominal hukou (address gone)"),
        N_("A hukou whose address is gone: demolition, or a collective of a dissolved work unit."),
    ),
    (83, N_("duplicate hukou"), N_("One person with several hukou.")),
    (
        84,
        N_("daily return"),
        N_("One a day from each reporting unit; a nil return is allowed and is not a missing one."),
    ),
    (85, N_("return rate"), N_("Units that reported ÷ units due (%).")),
    (
        86,
        N_("on-time rate"),
        N_("Units that reported by the cut-off ÷ units due, of those whose time is known (%)."),
    ),
    (87, N_("correction"), N_("A later version of a return; the earlier one is kept.")),
    (88, N_("duty roster"), N_("Duty round the clock, with a leader named by role.")),
    (89, N_("check-in"), N_("Daily meeting of the command centre.")),
    (90, N_("responsibility statement"), N_("Statement of responsibility signed at each level.")),
)


def terms(search: str = "") -> pd.DataFrame:
    """Return the terms that contain a text in any language, all of them for an empty text.

    Columns: number, one column a language (en, zh_Hans, zh_Hant), definition in the viewer's language.
    """
    wanted = search.strip().casefold()
    books = [translations(language, LOCALES, "messages") for language in LANGUAGES]
    rows = [(number, *(book.gettext(term) for book in books), _(text)) for number, term, text in TERMS]
    found = [row for row in rows if wanted in " ".join(map(str, row)).casefold()]
    return pd.DataFrame(found, columns=["number", *LANGUAGES, "definition"])
