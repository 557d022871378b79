"""Staffing: who is in post against the rule, where posts are short, and what that costs."""

import streamlit as st

from dashboard import tables
from dashboard.ask import ask
from dashboard.charts import funnel, shortfall
from dashboard.headline import names, opening
from dashboard.headline import staffing as headline
from dashboard.i18n import _, count
from dashboard.url import current_view
from queries import completion, settings, staffing

view = current_view()
place = ask(completion.of_area, view)
opening.stop_outside_scope(place, _("Staffing"))
place = place.iloc[0]
roles = ask(staffing.of_area, view)
children = ask(staffing.by_child, view)

opening.open_page(_("Staffing"), headline.sentence(roles, children, place["name"], view))
if roles["in_post"].isna().all():
    st.info(_("Figures appear here with the first staffing return."), icon=":material/hourglass_empty:")
    st.stop()

rule = ask(settings.settings)
st.caption(
    _(
        "Rule: one enumerator for each enumeration district and for each {persons} persons, whichever is more; "
        "one supervisor for each {districts} enumeration districts."
    ).format(persons=count(rule["staff.persons_per_enumerator"]), districts=count(rule["staff.eds_per_supervisor"]))
)
table(roles, tables.STAFFING, file_name="staffing")

st.subheader(_("Posts short"))
st.caption(_("A shortfall is added up over units; a surplus elsewhere is never set against it."))
chart(shortfall.by_area(children), drill_to=children)
table(children, tables.STAFFING, file_name="staffing-by-area")
opening.ranking_notice()

left, right = st.columns(2)
with left:
    st.subheader(_("From in post to insured"))
    chain = ask(staffing.chain, view)
    chart(funnel.chain(chain))
    table(chain, tables.CHAIN, file_name="staffing-chain")
with right:
    st.subheader(_("Leavers, replacements, sources"))
    table(ask(staffing.leavers, view), tables.LEAVERS, file_name="leavers")
    table(ask(staffing.sources, view), tables.STAFF_SOURCES, file_name="staff-sources")

st.subheader(_("What vacancies cost"))
st.caption(
    _(
        "Households in enumeration districts without an enumerator, in proportion to the districts of the unit; "
        "most households first."
    )
)
table(ask(staffing.uncovered, view), tables.UNCOVERED, file_name="uncovered")
