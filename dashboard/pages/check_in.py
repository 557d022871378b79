"""Check-in: what moved since the last one, what was decided then and whether it happened, what is decided now."""

import streamlit as st

from dashboard import access, decision_dialogs, meeting, street_cards
from dashboard import columns_of_meetings as columns
from dashboard.agenda import agenda
from dashboard.ask import ask
from dashboard.briefing import offer
from dashboard.charts import bridge as bridge_chart
from dashboard.headline import check_in as headline
from dashboard.headline import decisions, notices, opening
from dashboard.i18n import _
from dashboard.show import chart, colours, page_title, section
from dashboard.tables import table
from dashboard.url import current_view
from queries import completion, settings, staffing
from queries.check_in import bridge, commitment, verification
from queries.check_in import meeting as meetings
from queries.check_in.lookback import lookback, needing_attention, not_judged

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Check-in"))
here = area.iloc[0]
phase = opening.phase_of(view)
back = ask(lookback, view)
held, since, met = back.held, back.since_day, back.since_id is not None
steps = bridge.steps(back.moved)
closed = held if held and held.closed_at else None
every = decisions.described(ask(verification.verified, view))
judged = (
    decisions.described(ask(verification.at_close, view, closed.id))
    if closed
    else verification.looked_at(every, view.as_of, since)
)
of_this = judged["check_in_id"] == (held.id if held else None)
earlier, new = judged[~of_this], judged[of_this]

page_title(_("Check-in"), headline.sentence(here, phase, view, steps, earlier, since, met=met))
opening.stop_without_figures(here, phase, view)
meeting.controls(view, held, here["name"])
opening.freshness(here, view)
if closed and closed.area_id == view.area_id:
    offer.of_closed(view, closed)

left, right = st.columns(2)
with left:
    section(_("Since the last check-in"), headline.begins(held, since, met=met))
    if back.begins:
        figure = bridge_chart.bridge(headline.drawn(steps, since, met=met), headline.bars(), colours())
        chart(figure, key="bridge", alt=_("Households still to resolve, from the last check-in to now, step by step"))
    else:
        st.info(_("Nothing was known the day before: there is nothing to compare with yet."))
with right:
    section(_("Attention now"), _("The area itself, then what weighs most below it; each place once."))
    agenda(view)
if back.begins:
    outside = headline.unframed(bridge.totals(back.moved))
    notes = [notices.bridge(), *([outside] if outside else [])]
    listed = headline.listed(steps, since, met=met)
    table(listed, columns.STEPS, name="bridge", alt=_("Households still to resolve, step by step"), notes=notes)
    if len(back.moved) > 1:
        moved = headline.by_area(back.moved)
        table(moved, columns.MOVED, name="bridge-by-area", alt=_("Households still to resolve by area, step by step"))

if closed:
    section(_("Changed since the close"), _("What was frozen stays; these are later returns, corrections and frames."))
    turned = decisions.turned(judged, every)
    if ask(meetings.has_moved_on, view, closed):
        after = bridge.totals(ask(bridge.since, view, closed.id, closed.day))
        table(headline.compared(after), columns.CHANGED, name="changed", alt=_("Figures at the close and now"))
    elif turned.empty:
        st.success(_("Nothing has changed since the close."), icon=":material/check:")
    if len(turned):
        table(turned, columns.TURNED, name="turned", alt=_("Decisions of which something else became since the close"))

section(_("Decided before, and whether it happened"), notices.verified(ask(settings.settings)["escalate_after"]))
if len(earlier):
    shown = verification.in_order(earlier)
    table(shown, columns.DECISIONS, name="decided-before", alt=_("Decisions of earlier check-ins and their outcome"))
elif len(every):
    st.info(_("No decision of an earlier check-in is waiting, missed or newly carried out."))
else:
    st.info(_("No check-in of this area has recorded a decision yet."))

if held:
    section(_("Decided at this check-in"))
    meeting.said("decisions")
    if held.writable and access.may_write():
        decision_dialogs.listed(view, held, new.to_dict("records"))
        meeting.record(view, held)
    elif len(new):
        alt = _("Decisions of this check-in")
        table(new, columns.WITHDRAWN, name="decided-now", alt=alt)
    else:
        st.info(_("Nothing has been decided at this check-in."))
    replaced = ask(commitment.superseded, view, held.id)
    if len(replaced):
        with st.expander(_("Earlier wordings")):
            table(decisions.replaced(replaced), columns.VERSIONS, name="wordings", alt=_("Earlier wordings"))

children, posts = ask(completion.by_child, view), ask(staffing.by_child, view)
if len(children):
    section(_("Areas to speak about"), notices.appraisal())
    unknown = not_judged(children, posts)
    street_cards.cards(needing_attention(children, posts, every), headline.none_to_speak_about(unknown, len(children)))

if len(every):
    section(_("History of decisions"))
    table(verification.by_area(every), columns.HISTORY, name="history", alt=_("Outcome of decisions by area"))
    with st.expander(_("All decisions")):
        shown = every.iloc[::-1]
        table(shown, columns.WITHDRAWN, name="all-decisions", alt=_("All decisions, the latest first"))
