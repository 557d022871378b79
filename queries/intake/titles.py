"""Short names of the rules, for counting: `messages` has what each of them says of a row."""

from __future__ import annotations

import re
from typing import Final

from queries.intake.findings import LOCALES
from queries.intake.messages import MESSAGES
from queries.wording import translations

TITLES: Final[dict[str, str]] = {
    "sheet_skipped": "Sheet of no form",
    "sheet_unclear": "Sheet of an unclear form",
    "sheet_hidden": "Hidden sheet",
    "no_line_end": "File ends within a line",
    "exceeds": "Part larger than the whole",
    "falls_in_correction": "Falls in a correction",
    "later_is_less_in_correction": "Later return says less",
    "over_frame": "More than the frame",
    "day_disagrees": "Daily figure differs from the cumulative one",
    "jump": "Sudden rise",
    "beyond_capacity": "More than enumerators can register",
    "idle": "No progress for two days",
    "many_vacant": "Many vacant units",
    "many_refused": "Many refusals",
    "many_noncontact": "Many not contacted",
    "pending_disagrees": "Open households disagree",
    "negative_pending": "More resolved than in the frame",
    "household_size_odd": "Unusual household size",
    "many_births": "Many births",
    "many_deaths": "Many deaths",
    "self_exceeds": "More self-reported than registered",
    "long_share": "Unusual share of long forms",
    "active_exceeds_post": "More active than in post",
    "few_visits": "Fewer visits than households registered",
    "as_of_differs": "Not as of the cut-off",
    "older_version": "Older than what is in force",
    "correction_without_reason": "Correction without a reason",
    "transfer_forbidden": "Staff moved before the work is done",
    "below_junior": "Less than junior secondary schooling",
    "window_missing": "Period missing",
    "window_differs": "Periods differ",
    "cross_unit_above": "Checked by its own line",
    "handover_late": "Materials not handed over",
    "rework_without_due": "Sent back without a day",
    "small_share": "Sample smaller than usual",
    "own_parent": "Area is its own parent",
    "day_off_outside": "A day off outside the phase",
}

FORM_NAMES: Final[dict[str, str]] = {
    "progress": "Daily progress return",
    "staffing": "Staffing return",
    "benchmark": "Departmental figures",
    "target": "Frame",
    "area": "Area list",
    "calendar": "Census calendar",
    "boundary": "Boundaries",
    "setting": "Setting",
    "undo": "Undo",
    "quality": "Quality check",
    "cleanup": "Register clean-up return",
}


def form_name(kind: str, language: str) -> str:
    """Return what a form, or the forms of a load joined by “+”, are called in a language."""
    say = translations(language, LOCALES, "intake").gettext
    return " + ".join(say(FORM_NAMES[key]) if key in FORM_NAMES else key for key in kind.split("+"))


def title(rule: str, language: str) -> str:
    """Return what a rule is called in a language; its sentence with the values left out where it has no name."""
    say = translations(language, LOCALES, "intake").gettext
    if rule in TITLES:
        return say(TITLES[rule])
    return re.sub(r"\{\w+\}", "…", say(MESSAGES[rule])) if rule in MESSAGES else rule
