"""Discrepancies: the census count against departments and against itself."""

import streamlit as st

from dashboard import columns_of_comparisons as columns
from dashboard.ask import ask
from dashboard.charts import discrepancies as bars
from dashboard.headline import discrepancies as headline
from dashboard.headline import labels, names, notices, opening, privacy
from dashboard.headline.sentences import at_least, join
from dashboard.i18n import _
from dashboard.show import chart, colours, page_title, section
from dashboard.tables import table
from dashboard.url import current_view
from queries import completion, discrepancy

view = current_view()
place = ask(completion.of_area, view)
opening.stop_outside_scope(place, _("Discrepancies"))
here = place.iloc[0]
compared = names.with_names(ask(discrepancy.comparisons, view))

page_title(_("Discrepancies"), headline.sentence(compared, here["name"], view))
st.caption(join(notices.to_verify(), at_least(here)))

comparable = labels.comparisons(compared[compared["comparable"]])
if len(comparable):
    section(_("Against departments"), _("The band is the tolerance; the hatched part is explained."))
    chart(bars.discrepancies(comparable, names.differences(), colours()), key="differences",
          alt=_("Signed difference of each comparison with its tolerance"))  # fmt: skip
    table(comparable, columns.COMPARISONS, name="comparisons", alt=_("Comparisons with departments"), drill=False)

refused = compared[~compared["comparable"]]
if len(refused):
    section(_("Not comparable"), _("Figures that cannot be compared are not subtracted; the table says why."))
    table(refused, columns.NOT_COMPARABLE, name="not-comparable", alt=_("Figures not compared, and why"), drill=False)

pairs = [tuple(pair) for pair in compared[["indicator", "source"]].itertuples(index=False)]
if pairs:
    section(_("By area"))
    chosen = st.selectbox(
        _("Comparison"),
        pairs,
        format_func=lambda pair: labels.comparison(*pair),
        key=f"comparison-{view.area_id}-{view.language}",
    )
    rows = privacy.compared(view, ask(discrepancy.by_child, view, *chosen), chosen[0])
    known = rows[rows["rate"].notna()]
    if len(known):
        figure = bars.discrepancies(labels.comparisons(known, by_area=True), names.differences(), colours())
        chart(figure, key="by-area", alt=_("Signed difference by area"), drill=True)
    if len(rows):
        table(
            rows, columns.BY_AREA, name="by-area", alt=_("The chosen comparison by area"), notes=[notices.appraisal()]
        )
    else:
        st.info(_("No area below has filed this figure."))

parts = names.with_names(ask(discrepancy.components, view))
if len(parts):
    section(_("Parts"), _("Opposite signs cannot cancel: the sizes of the parts are added up."))
    table(parts, columns.COMPONENTS, name="components", alt=_("Differences part by part"), drill=False)

ranges = names.with_names(ask(discrepancy.source_ranges, view))
if len(ranges):
    section(_("Sources that disagree"), _("The departments' own figures differ: a range, not one figure."))
    table(ranges, columns.RANGES, name="ranges", alt=_("Lowest and highest figure of the sources"), drill=False)

section(_("The census against itself"), _("Parts against totals, flows in balance, own totals against sums."))
checks = names.with_names(ask(discrepancy.internal, view))
if len(checks):
    table(checks, columns.INTERNAL, name="internal", alt=_("Internal checks"), drill=False)
else:
    st.info(_("No own totals or flows have been filed for this area."))

caught = names.with_names(ask(discrepancy.capture, view))
if len(caught):
    section(_("Capture of births and deaths"), _("1 is in proportion to the persons registered so far."))
    table(caught, columns.CAPTURE, name="capture", alt=_("Vital events found against departments"), drill=False)
