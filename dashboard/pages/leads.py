"""Leads: returns that are worth a visit, strongest first; never a verdict."""

import streamlit as st

from dashboard import access
from dashboard import columns_of_leads as columns
from dashboard.ask import ask
from dashboard.headline import leads as headline
from dashboard.headline import names, notices, opening
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.show import page_title, section
from dashboard.tables import table
from dashboard.url import current_view
from queries import completion, leads

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Leads"))
here = area.iloc[0]
looked = ask(leads.look, view)
found = headline.described(looked.leads)
aside = ask(leads.dismissed, view)

page_title(_("Leads"), headline.sentence(found, looked.units, looked.judged, len(aside), here["name"]))
st.caption(plain(notices.lead()))
opening.stop_without_figures(here, opening.phase_of(view), view)
opening.freshness(here, view)

if len(found):
    table(found, columns.LEADS, name="leads", alt=_("Leads, strongest first"), notes=[notices.ranked_leads()])
elif looked.judged == looked.units and aside.empty:
    st.success(_("Nothing to visit on these grounds."), icon=":material/check:")
else:
    st.info(_("What could not be judged is not cleared: the absence of a lead says nothing of it."))

if len(found) and access.may_write():
    section(_("Set a lead aside"), _("Later evidence raises it again."))
    with st.form(f"dismiss-{view.area_id}-{view.as_of}-{view.language}", clear_on_submit=True):
        chosen = st.selectbox(
            _("Lead"),
            found.index.tolist(),
            format_func=lambda n: f"{found.loc[n, 'name']} · {found.loc[n, 'lead_name']}",
        )
        reason = st.text_input(_("What was found"), max_chars=200)
        if st.form_submit_button(_("Set aside")):
            row = found.loc[chosen]
            try:
                leads.dismiss(view, row["lead"], int(row["area_id"]), row["date"].date(), reason, access.role())
            except ValueError as refused:
                st.error(plain(headline.problem(str(refused))), icon=":material/error:")
            else:
                st.rerun()

if len(aside):
    section(_("Set aside"))
    shown = aside.assign(lead_name=names.named(aside["lead"], headline.KINDS), office=aside["office"].map(names.office))
    table(shown, columns.DISMISSED, name="leads-aside", alt=_("Leads set aside, with the reason"))
