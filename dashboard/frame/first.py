"""While there is nothing to look at: how the first files come in, by command or here."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import access
from dashboard.desk import inbox
from dashboard.glossary import N_
from dashboard.i18n import _, language
from dashboard.show import page_title
from queries.intake.forms import FORMS

FIRST: Final = {
    "area": (N_("Area list"), ("code", "name", "parent_code", "level")),
    "calendar": (N_("Calendar"), ("phase", "start", "end", "cutoff")),
    "target": (N_("Frame"), ("area_code", "phase", "frame_households", "frame_persons")),
    "progress": (N_("Daily returns"), ("report_date", "area_code", "phase", "hh_done", "pers_total")),
}


def take_in() -> None:
    """Let the first files in where this installation may write."""
    if not access.may_write():
        return
    page_title(
        _("The first files"),
        _("Bring them in this order: each is checked against the ones before. These headings are enough to begin."),
    )
    st.markdown("\n".join(_line(key) for key in FIRST))
    inbox.show()


def _line(key: str) -> str:
    form, (title, fields) = FORMS[key], FIRST[key]
    headings = _(", ").join(form.field(name).label(language()) for name in fields)
    return "1. " + _("**{form}**: {headings}").format(form=_(title), headings=headings)
