"""Templates on their way out: which form, for which day, in which language."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import url
from dashboard.ask import ask
from dashboard.desk import WORKBOOK
from dashboard.i18n import OWN_NAMES, _, day, language
from dashboard.show import section
from queries import areas
from queries.intake import template, template_book
from queries.intake.titles import form_name
from queries.view import LANGUAGES, View


def show() -> None:
    """Offer the template of a form for the viewed area."""
    looked = url.current()
    view = looked.view
    here = ask(areas.place, view)
    section(
        _("Templates"),
        _(
            "A workbook for {area} with its units and last figures filled in: Excel checks it, and it comes back as it "
            "is. Go to a street to have one for its villages."
        ).format(area="" if here is None else here["name"]),
    )
    days = [looked.last + timedelta(days=1) - timedelta(days=n) for n in range((looked.last - looked.first).days + 2)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = st.selectbox(
            _("Form"),
            template.TEMPLATES,
            format_func=lambda key: form_name(key, language()),
            key=f"template-form-{language()}",
            width=230,
        )
        chosen_day = st.selectbox(
            _("Day to report"), days, format_func=day, key=f"template-day-{view.phase_id}-{language()}", width=190
        )
        tongue = st.selectbox(
            _("Language of the template"),
            LANGUAGES,
            index=LANGUAGES.index(language()),
            format_func=OWN_NAMES.__getitem__,
            key=f"template-language-{language()}",
            width=190,
        )
        wanted = View(view.phase_id, chosen_day, view.area_id, view.scope_id, tongue)
        too_large = ask(template.is_too_large, form, wanted)
        st.download_button(
            _("Template"),
            lambda: template_book.workbook(form, wanted),
            file_name=ask(template_book.file_name, form, wanted),
            mime=WORKBOOK,
            key="template-xlsx",
            on_click="ignore",
            icon=":material/download:",
            disabled=too_large,
        )
    if too_large:
        st.info(
            _("This area has too many units for one workbook: go down to a smaller one."), icon=":material/unfold_less:"
        )
