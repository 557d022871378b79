"""While there is nothing to look at: how the first files come in, by command or here."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import access
from dashboard.desk import inbox
from dashboard.i18n import _, language
from dashboard.plain import plain
from dashboard.show import page_title
from queries.intake.forms import FORMS
from queries.intake.titles import form_name
from queries.loads import held
from queries.presets import PHASE_NAMES
from queries.view import LANGUAGES

FIRST: Final = {
    "area": ("code", "name", "parent_code", "level"),
    "calendar": ("phase", "start", "end", "cutoff"),
    "target": ("area_code", "phase", "frame_households", "frame_persons"),
    "progress": ("report_date", "area_code", "phase", "hh_done", "pers_total"),
}


def take_in() -> None:
    """Let the first files in where this installation may write."""
    if not access.may_write():
        return
    page_title(
        _("The first files"),
        _("Bring them in this order: each is checked against the ones before. These headings are enough to begin."),
    )
    there = held()
    st.markdown("\n".join(_line(key, is_there=key in there) for key in FIRST))
    names = _(", ").join(each[LANGUAGES.index(language())] for each in PHASE_NAMES.values())
    st.caption(plain(_("Phases: {names}. Days as in 2010-10-08. Codes are text.").format(names=names)))
    inbox.show()


def _line(key: str, *, is_there: bool) -> str:
    headings = _(", ").join(FORMS[key].field(name).label(language()) for name in FIRST[key])
    line = _("**{form}**: {headings}").format(form=plain(form_name(key, language())), headings=plain(headings))
    return f"1. {line}{' ✓' if is_there else ''}"
