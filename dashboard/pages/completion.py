"""Completion: what is done, against the frame and the plan, by area and by day."""

import streamlit as st

from dashboard import tables
from dashboard.ask import ask
from dashboard.charts import bullet, heatmap, spread
from dashboard.headline import completion as headline
from dashboard.headline import opening
from dashboard.i18n import _
from dashboard.url import current_view
from queries import completion

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Completion"))
area = area.iloc[0]
phase = opening.phase_of(view)
children = ask(completion.by_child, view)

opening.open_page(_("Completion"), headline.sentence(area, children, phase, view))
opening.stop_without_figures(area, phase, view)
opening.freshness(area, view)

shown = children if len(children) else ask(completion.of_area, view)
left, right = st.columns([2, 3])
with left:
    chart(bullet.against_plan(shown), drill_to=shown["area_id"])
with right:
    chart(heatmap.daily_increment(ask(completion.daily_by_unit, view)))

st.subheader(_("Against the frame and the plan"))
table(shown, tables.COMPLETION, file_name="completion")
opening.ranking_notice()

inside = ask(completion.spread, view)
if len(inside):
    st.subheader(_("Spread inside each area"))
    st.caption(_("A mean can hide units that are far behind: lowest, median and highest resolution rate of the units."))
    chart(spread.inside(inside))
    table(inside, tables.SPREAD, file_name="spread")

st.subheader(_("Not started"))
idle = ask(completion.not_started, view)
if len(idle):
    table(idle, tables.NOT_STARTED, file_name="not-started")
else:
    st.success(_("Every unit that is due has begun."))

st.subheader(_("Person coverage"))
table(ask(discrepancy.coverage, view), tables.COVERAGE, file_name="coverage")
