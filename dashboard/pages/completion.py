"""Completion: what is done, against the frame and the plan, by area and by day."""

import streamlit as st

from dashboard import columns
from dashboard.ask import ask
from dashboard.charts import bullet, heatmap, spread
from dashboard.headline import completion as headline
from dashboard.headline import labels, names, notices, opening
from dashboard.headline.sentences import at_least, join
from dashboard.i18n import _
from dashboard.show import chart, colours, page_title, section, verdict
from dashboard.tables import table
from dashboard.url import current_view
from queries import completion, discrepancy, returns

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Completion"))
here = area.iloc[0]
phase = opening.phase_of(view)
children = ask(completion.by_child, view)

page_title(_("Completion"), headline.sentence(here, children, phase, view))
opening.stop_without_figures(here, phase, view)
opening.freshness(here, view)

shown = labels.completion(children if len(children) else area).sort_values("behind_hh", ascending=False)
inside = ask(completion.spread, view)
left, right = st.columns(2)
with left:
    section(_("Against plan"), _("The bar is what is resolved, the mark is the plan for the day."))
    figure = bullet.bullet(shown, names.bars(), colours())
    chart(figure, key="against-plan", alt=_("Resolution rate of each area against its plan"), drill=True)
if len(inside):
    with right:
        section(_("Spread inside each area"), _("A mean can hide units that are far behind."))
        figure = spread.spread(labels.spread(inside), here["planned_share"], names.spread(), colours())
        chart(
            figure,
            key="spread",
            alt=_("Lowest, median and highest resolution rate of the units of each area"),
            drill=True,
        )

section(_("Against the frame and the plan"))
notes = [notices.missing_returns(), notices.appraisal()]
table(shown, columns.shown(columns.COMPLETION, shown), name="completion", alt=_("Completion by area"), notes=notes)

section(
    _("Day by day"),
    _("Households resolved each day; a stroke: last figure carried; a cross: none; a dot: no return due."),
)
days = ask(completion.daily_by_unit, view)
if len(days):
    figure = heatmap.heatmap(days, names.days(), colours())
    chart(figure, key="daily-increment", alt=_("Daily increment of each unit"), drill=True)
else:
    st.info(_("This area reports by itself: there is nothing below it."))

if len(inside):
    section(_("Spread in figures"))
    table(inside, columns.SPREAD, name="spread", alt=_("Spread inside each area"))

idle = ask(completion.not_started, view)
section(_("Not started"))
if len(idle):
    table(idle, columns.NOT_STARTED, name="not-started", alt=_("Units that have not started"))
else:
    verdict(*headline.started(ask(completion.begun, view).iloc[0]))

late = ask(returns.not_in, view)
if len(late):
    section(_("Not in"), _("Their last figure stands in; the total is a range."))
    table(late, columns.NOT_IN, name="not-in", alt=_("Units without a return for the day"))

section(_("Person coverage"), join(_("Registered persons over each denominator on file."), at_least(here)))
coverage = names.with_bases(ask(discrepancy.coverage, view))
table(coverage, columns.COVERAGE, name="coverage", alt=_("Person coverage by denominator"))
