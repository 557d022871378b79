"""Returns: who is in and on time, who must be chased, and which past figures changed."""

import streamlit as st

from dashboard import columns_of_returns as columns
from dashboard.ask import ask
from dashboard.charts import returns_matrix, timeliness
from dashboard.headline import chase, notices, opening
from dashboard.headline import returns as headline
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.show import chart, colours, page_title, section, verdict
from dashboard.tables import table
from dashboard.url import current_view
from queries import completion, restatements, returns, settings

view = current_view()
area = ask(returns.of_area, view)
opening.stop_outside_scope(area, _("Returns"))
here = area.iloc[0]
phase = opening.phase_of(view)
limits = ask(settings.settings)
children = ask(returns.rates, view)

page_title(_("Returns"), headline.sentence(here, children, phase, view, limits))
opening.stop_before_start(phase, view)
st.caption(plain(headline.cutoff(phase)))

missing = ask(returns.not_in, view)
left, right = st.columns([3, 2])
with left:
    section(_("To be chased"), _("A text to paste into a chat; it names offices, never persons."))
    if len(missing):
        groups = dict(zip(missing["group_id"].astype(int), missing["group_name"], strict=True))
        called = {int(view.area_id): here["name"], **groups} if len(groups) > 1 else groups
        whom = st.selectbox(
            _("Reminder to"),
            list(called),
            format_func=lambda group: called.get(group, str(group)),
            key=f"chase-{view.area_id}-{view.as_of}-{view.language}",
        )
        due = {int(view.area_id): here["leaves_due"], **children.set_index("area_id")["leaves_due"]}
        rows = missing[missing["group_id"] == whom] if whom in groups else missing
        text = chase.text(rows, called[whom], due.get(whom, here["leaves_due"]), phase, view)
        st.code(text, language=None, wrap_lines=True)
    else:
        verdict(*headline.none_missing(here))
with right:
    section(_("Day by day"))
    limit = limits["on_time_rate"][0]
    figure = timeliness.timeliness(
        headline.course(ask(completion.daily, view)), limit, headline.course_words(limit), colours()
    )
    chart(figure, key="timeliness", alt=_("Reporting rate and on-time rate day by day"))

if len(missing):
    table(missing, columns.CHASE, name="chase", alt=_("Units without a return for the day"))

units = ask(returns.matrix, view)
if units.empty or not children["is_leaf"].all():
    section(_("By area"), _("Today, and over all days so far; a unit outside its phase is in no denominator."))
    table(children, columns.RATES, name="rates", alt=_("Returns by area"))

section(_("Every unit, every day"), _("Colour and sign say the same; a stroke on grey is a figure carried forward."))
if len(units):
    figure = returns_matrix.matrix(units, headline.words(), colours())
    chart(figure, key="returns-matrix", alt=_("Return of each unit on each day"), drill=True)
    section(_("Streaks"))
    table(ask(returns.by_unit, view), columns.STREAKS, name="streaks", alt=_("Record of each unit"))
else:
    figure = returns_matrix.rates(ask(returns.by_child_and_day, view), headline.rate_words(), colours())
    chart(figure, key="returns-rates", alt=_("Reporting rate of each area on each day"), drill=True)

changed = ask(restatements.returns, view)
section(_("Restated figures"), headline.restated(here, changed))
if len(changed):
    table(
        headline.changes(changed), columns.CHANGES, name="restated", alt=_("Past figures that were changed"),
        notes=[notices.restatements()],
    )  # fmt: skip
elif here["restatement_rate_to_date"] >= 0:  # missing while nothing has come in
    st.info(_("No figure of the last days was changed."))

revised = ask(restatements.frames, view)
if len(revised):
    effect = ask(restatements.frame_effect, view).iloc[0]
    section(_("Changed frames"), headline.frame_effect(effect, here["name"]))
    table(revised, columns.FRAMES, name="frames", alt=_("Frames that were revised"))
