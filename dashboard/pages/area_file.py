"""Area file: everything about one area on one page that prints."""

import streamlit as st

from dashboard import columns, columns_of_meetings
from dashboard import columns_of_comparisons as comparison_columns
from dashboard.ask import ask
from dashboard.charts import bullet, scurve
from dashboard.headline import area_file as headline
from dashboard.headline import decisions, labels, names, notices, opening
from dashboard.headline import returns as returns_headline
from dashboard.headline.sentences import at_least, join
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.show import chart, colours, page_title, section, verdict
from dashboard.tables import table
from dashboard.url import current_view
from queries import calendar, completion, discrepancy, returns, staffing
from queries.check_in import verification

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Area file"))
here = area.iloc[0]
phase = opening.phase_of(view)
children = ask(completion.by_child, view)
roles = names.with_roles(ask(staffing.of_area, view))
compared = names.with_names(ask(discrepancy.comparisons, view))

page_title(here["name"], headline.sentence(area.iloc[0], children, roles, compared, phase, view))
st.caption(plain(_("Area file · code {code}").format(code=here["code"])))
opening.stop_without_figures(here, phase, view)
opening.freshness(here, view)

section(_("Progress"))
figure = scurve.scurve(labels.daily(ask(completion.daily, view)), ask(calendar.plan, view), names.curve(), colours())
chart(figure, key="progress", alt=_("Resolution rate day by day against the plan, to the deadline"))
notes = [notices.missing_returns(), notices.appraisal()]
progress = columns.shown(columns.COMPLETION, area)
table(area, progress, name="area-progress", alt=_("Completion of the area"), notes=notes, drill=False)

if len(children):
    section(_("Areas below"))
    shown = labels.completion(children).sort_values("behind_hh", ascending=False)
    figure = bullet.bullet(shown, names.bars(), colours())
    chart(
        figure, key="areas", alt=_("Resolution rate of each area against its plan, largest backlog first"), drill=True
    )
    below = columns.shown(columns.COMPLETION, shown)
    table(shown, below, name="area-children", alt=_("Completion by area, largest backlog first"))

section(_("Persons"), join(notices.small_counts(), at_least(here)))
table(area, comparison_columns.PERSONS, name="persons", alt=_("Registered persons and events"), drill=False)

section(_("Staff"))
if roles["in_post"].notna().any():
    table(roles, columns.STAFFING, name="area-staff", alt=_("Staffing by role"), notes=[notices.same_units()],
          drill=False)  # fmt: skip
else:
    st.info(_("Staff of this area is reported at another level, or not yet."))

section(_("Comparisons"), notices.to_verify())
if len(compared):
    table(compared, comparison_columns.COMPARISONS, name="area-comparisons", alt=_("Comparisons with departments"),
          drill=False)  # fmt: skip
else:
    st.info(_("No departmental figure has been filed for this area."))

open_ones = verification.unsettled(ask(verification.verified, view))
if len(open_ones):
    section(_("Open decisions of check-ins"))
    shown = decisions.described(open_ones)
    table(shown, columns_of_meetings.DECISIONS, name="area-decisions", alt=_("Open decisions of check-ins"))

section(_("Returns"))
late = ask(returns.not_in, view)
if len(late):
    table(late, columns.NOT_IN, name="area-not-in", alt=_("Units without a return for the day"))
else:
    verdict(*returns_headline.none_missing(here))
