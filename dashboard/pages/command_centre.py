"""Command centre: where the area stands today and what needs attention now."""

import streamlit as st

from dashboard import columns
from dashboard.agenda import agenda
from dashboard.ask import ask
from dashboard.briefing import offer
from dashboard.cards import cards
from dashboard.charts import bullet, choropleth, scurve, tiles
from dashboard.headline import command_centre as headline
from dashboard.headline import figures, labels, names, notices, opening
from dashboard.i18n import _
from dashboard.show import chart, colours, on_phone, page_title, section
from dashboard.tables import table
from dashboard.url import current_view
from queries import areas, calendar, completion, discrepancy, staffing

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Command centre"))
phase = opening.phase_of(view)
here = area.iloc[0]
children = ask(completion.by_child, view)

page_title(_("Command centre"), headline.sentence(here, children, phase, view))
opening.stop_without_figures(here, phase, view)

days = ask(completion.daily, view)
cards(
    [
        figures.completion(here, days, view),
        figures.today(here, days),
        figures.deadline(phase, view),
        figures.reporting(here, days, phase),
        figures.posts(ask(staffing.of_area, view), ask(staffing.daily, view)),
        figures.unexplained(ask(discrepancy.worst, view)),
    ]
)
opening.freshness(here, view)
offer.as_things_stand(view)

left, right = st.columns(2)
with left:
    section(_("Actual against plan"))
    figure = scurve.scurve(labels.daily(days), ask(calendar.plan, view), names.curve(), colours())
    chart(figure, key="progress", alt=_("Resolution rate day by day against the plan, to the deadline"))
with right:
    section(_("Attention now"), _("The area itself, then what weighs most below it; each place once."))
    agenda(view)

if children.empty:
    st.info(_("This area reports by itself: there is nothing below it."))
    st.stop()

shown = labels.completion(children).sort_values("behind_hh", ascending=False)
left, right = st.columns([2, 3])
with left:
    section(_("Areas by backlog"), notices.appraisal())
    figure = bullet.bullet(shown, names.bars(), colours())
    chart(
        figure, key="areas", alt=_("Resolution rate of each area against its plan, largest backlog first"), drill=True
    )
with right:
    section(
        _("Map of units"),
        _("One tile a unit: sign and colour say how it stands against its plan; a stroke: last figure carried."),
    )
    boundaries = ask(areas.boundaries, view)
    if boundaries:
        figure = choropleth.choropleth(shown, boundaries, colours())
    else:
        units = labels.completion(ask(completion.two_levels_down, view))
        figure = tiles.tiles(units, colours(), tiles.NARROW if on_phone() else tiles.WIDE)
    chart(figure, key="map", alt=_("Map of units by how they stand against plan"), drill=True)

section(_("Figures"))
table(
    shown,
    columns.shown(columns.COMPLETION, shown),
    name="command-centre",
    alt=_("Completion by area, largest backlog first"),
    notes=[notices.missing_returns(), notices.appraisal()],
)
