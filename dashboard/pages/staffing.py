"""Staffing: who is in post against the rule, where posts are short, and what that costs."""

import streamlit as st

from dashboard import columns
from dashboard.ask import ask
from dashboard.charts import funnel, shortfall
from dashboard.headline import labels, names, notices, opening
from dashboard.headline import staffing as headline
from dashboard.i18n import _, count, percent
from dashboard.plain import plain
from dashboard.show import chart, colours, page_title, section
from dashboard.tables import table
from dashboard.url import current_view
from queries import completion, settings, staffing
from queries.masking import is_below_street

view = current_view()
place = ask(completion.of_area, view)
opening.stop_outside_scope(place, _("Staffing"))
here = place.iloc[0]
roles = names.with_roles(ask(staffing.of_area, view))
children = names.with_roles(ask(staffing.by_child, view))

page_title(_("Staffing"), headline.sentence(roles, children, here["name"], view))
rule = ask(settings.settings)
st.caption(
    plain(
        _(
            "Rule: one enumerator for each enumeration district and for each {persons} persons, whichever is more; "
            "one supervisor for each {districts} enumeration districts."
        ).format(persons=count(rule["staff.persons_per_enumerator"]), districts=count(rule["staff.eds_per_supervisor"]))
    )
)
if roles["in_post"].isna().all():
    st.info(_("Figures appear here with the first staffing return."), icon=":material/hourglass_empty:")
    st.stop()
same_units = notices.same_units()
table(roles, columns.STAFFING, name="staffing", alt=_("Staffing by role"), notes=[same_units], drill=False)

filed = children[children["units"].notna()].sort_values(["role", "shortfall"], ascending=[True, False])
if len(filed):
    section(_("Posts short"), _("A shortfall is added up over units; a surplus elsewhere is never set against it."))
    for role, column in zip(("enumerator", "supervisor"), st.columns(2), strict=True):
        rows = filed[(filed["role"] == role) & filed["shortfall"].notna()]
        with column:
            st.markdown(f"**{plain(names.name(names.ROLES, role))}**")
            if len(rows):
                figure = shortfall.shortfall(labels.staffing(rows), names.posts(), colours())
                chart(figure, key=f"short-{role}", alt=_("Posts short and surplus by area"), drill=True)
            else:
                st.info(_("Of no area below are both the requirement and the staff in post known."))
    notes = [same_units, notices.appraisal()]
    table(filed, columns.STAFFING, name="staffing-by-area", alt=_("Staffing by area and role"), notes=notes)

left, right = st.columns([3, 2])
with left:
    section(_("From in post to insured"), _("Each step as a share of staff in post."))
    chain = ask(staffing.chain, view)
    chain = chain.assign(
        name=names.named(chain["step"], names.STAGES),
        label=[f"{count(p)} · {percent(s)}" for p, s in zip(chain["persons"], chain["share"], strict=True)],
    )
    chart(
        funnel.funnel(chain, colours()),
        key="chain",
        alt=_("Staff in post, trained, passed, certified, signed, insured"),
    )
    table(chain, columns.CHAIN, name="chain", alt=_("Steps from in post to insured"))
with right:
    section(_("Leavers and sources"))
    if is_below_street(here["kind"]):
        st.info(_("Reasons for leaving are shown from street level up."), icon=":material/lock:")
    else:
        gone = ask(staffing.leavers, view)
        gone = gone.assign(name=names.named(gone["reason"], names.LEAVING))
        table(gone, columns.LEAVERS, name="leavers", alt=_("Leavers by reason"))
    origins = ask(staffing.sources, view)
    origins = origins.assign(name=names.named(origins["source"], names.STAFF_SOURCES))
    table(origins, columns.ORIGINS, name="sources", alt=_("Staff by source"))

section(
    _("What vacancies cost"),
    _("Households in districts without an enumerator, in proportion to the districts of the unit."),
)
bare = ask(staffing.uncovered, view)
not_covered = headline.not_covered(roles)
if len(bare):
    table(bare, columns.UNCOVERED, name="uncovered", alt=_("Units with districts that have no enumerator"))
if not_covered:
    st.info(plain(not_covered), icon=":material/help:")
elif not len(bare):
    st.success(_("Every enumeration district below has an enumerator."), icon=":material/check:")
