"""Register clean-up: what was found, resolved, is pending and overdue, by kind, area and police station."""

import streamlit as st

from dashboard import columns_of_cleanup as columns
from dashboard import official_tables
from dashboard.ask import ask
from dashboard.cards import cards
from dashboard.charts import rectification
from dashboard.headline import cleanup as headline
from dashboard.headline import names_of_cleanup as names
from dashboard.headline import notices, opening
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.show import chart, colours, page_title, section, verdict
from dashboard.tables import table
from dashboard.url import current_view
from queries import cleanup, cleanup_deadlines, cleanup_stations
from queries.masking import is_below_street

view = current_view()
area = ask(cleanup.of_area, view)
opening.stop_outside_scope(area, _("Register clean-up"))
here = area.iloc[0]
kinds = names.with_kinds(ask(cleanup.by_kind, view))
whole = cleanup.whole(kinds)

page_title(
    _("Register clean-up"), headline.sentence(here, whole, ask(cleanup.by_child, view, str(whole["kind"])), view)
)
if is_below_street(here["kind"]):
    st.stop()
st.caption(plain(headline.freshness(here, ask(cleanup.newest, view), view)))
missing = headline.missing(here)
due = names.with_deadlines(ask(cleanup_deadlines.deadlines, view))
if here["returns"]:
    days = headline.course(ask(cleanup.course, view), str(whole["kind"]))
    cards(headline.figures(here, whole, days, due))

    left, right = st.columns(2)
    for group, column in zip(names.GROUPS, (left, right), strict=True):
        rows = headline.labels(kinds[(kinds["group"] == group) & (kinds["kind"] != group)])
        with column:
            section(
                _("Six categories of persons") if group == "categories" else _("Seven issue types"),
                _("Shares of what was found; the number found stands beside the name."),
            )
            chart(
                rectification.rectification(rows, names.bars(), colours()),
                key=f"kinds-{group}",
                alt=_("Share resolved, pending and overdue of each kind"),
            )
    table(
        kinds,
        columns.KINDS,
        name="cleanup-kinds",
        alt=_("Clean-up by category and issue type"),
        notes=[
            _("Items to correct are person-times: they are not added to persons."),
            _("Overdue as the returns state it: past the day set for the case, which may lie before the deadlines."),
            *missing,
        ],
        drill=False,
    )

    section(_("Five batches"), _("What the clean-up has done, on the issue types."))
    cards(headline.batches(ask(cleanup.batches, view), kinds))

    section(_("By area and police station"), _("A street may have several stations, and a station several streets."))
    chosen = st.selectbox(
        _("Category or issue type"),
        [str(whole["kind"]), *(kind for kind in names.KINDS if kind != whole["kind"])],
        format_func=names.kind_name,
        key=f"kind-{view.area_id}-{view.language}",
    )
    children = headline.labels(ask(cleanup.by_child, view, chosen))
    if len(children):
        figure = rectification.rectification(children, names.bars(), colours())
        chart(figure, key="cleanup-areas", alt=_("Share resolved, pending and overdue of each area"), drill=True)
        notes = [_("Sums of areas with streets that are not in are lower bounds."), notices.appraisal()]
        table(children, columns.BY_AREA, name="cleanup-by-area", alt=_("Clean-up by area"), notes=notes)
    table(
        names.with_streets(ask(cleanup_stations.by_station, view, chosen)),
        columns.BY_STATION,
        name="cleanup-by-station",
        alt=_("Clean-up by police station"),
        notes=[_("＊ hidden: small counts of births, persons without hukou and residents from abroad below a street.")],
        drill=False,
    )

    left, right = st.columns(2)
    with left:
        section(_("Course of the rectification"), _("The standing returns on each day on which returns came."))
        figure = rectification.course(days, names.bars(), colours())
        chart(figure, key="cleanup-course", alt=_("Found, resolved and overdue cases over time"))
    with right:
        section(
            _("How cases were closed"),
            _("A result that no return states is unknown, not 0."),
        )
        results = names.with_results(ask(cleanup.results, view))
        table(results, columns.RESULTS, name="cleanup-results", alt=_("Results of the clean-up"), drill=False)
    cards(headline.doors(here))

section(_("Deadlines of the clean-up"), _("From the census calendar."))
if len(due):
    table(
        due,
        columns.DEADLINES,
        name="cleanup-deadlines",
        alt=_("Deadlines of the clean-up"),
        notes=[_("Done and out of: of the returns that are in."), *missing],
        drill=False,
    )
else:
    st.info(_("The calendar holds neither a clean-up nor a rectification phase."), icon=":material/event:")

section(_("Not in"), _("Streets without any return, and stations whose last one is older than the reporting period."))
late = names.with_stations(ask(cleanup.not_in, view))
if len(late):
    table(late, columns.NOT_IN, name="cleanup-not-in", alt=_("Streets and stations not in"))
else:
    verdict(*headline.none_missing(here))

if here["returns"]:
    section(_("Official tables"), _("As filed by streets: in the layout of the official forms."))
    official_tables.show(ask(cleanup.statistics, view), area)
