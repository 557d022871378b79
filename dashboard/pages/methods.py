"""Methods and glossary: every formula with a worked example, how missing returns count, the terms, the sources."""

import streamlit as st

from dashboard import columns_of_comparisons as columns
from dashboard.ask import ask
from dashboard.glossary import TERMS, terms
from dashboard.headline import methods as headline
from dashboard.headline import notices, opening, worked, worked_checks
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.show import page_title, section
from dashboard.tables import table
from dashboard.url import current_view
from queries import acceptance, cleanup, completion, discrepancy, settings, staffing
from queries.indicators import INDICATORS

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Methods and glossary"))
roles = ask(staffing.of_area, view)
limits = ask(settings.settings)
here = area.iloc[0]

stage = acceptance.usual_stage(ask(acceptance.stages, view), st.session_state["view_phase"])
checks = ask(acceptance.example, view, stage)
cleaned = cleanup.whole(ask(cleanup.by_kind, view)).to_frame().T

ratios = worked.examples(list(INDICATORS.values()), area, roles, checks, limits, {"cleanup_return": cleaned})
others = worked.formulas(
    here,
    roles,
    ask(discrepancy.worst, view),
    ask(discrepancy.coverage, view),
    ask(discrepancy.capture, view),
)
others = worked.in_order(others, worked_checks.formulas(checks, limits))
page_title(_("Methods and glossary"), headline.sentence(len(ratios) + len(others), len(TERMS), here["name"], view))

section(_("Rates"), _("Every rate is a ratio of sums, never a mean of rates; it is missing where its base is 0."))
table(ratios, columns.METHODS, name="methods", alt=_("Rates with numerator, denominator and example"), drill=False)

section(_("Other measures"))
table(others, columns.FORMULAS, name="formulas", alt=_("Other measures with formula and example"), drill=False)

section(_("Missing returns and ranges"))
st.markdown(plain(notices.missing_returns()))
st.markdown(plain(worked.bounds(here)))
st.markdown("\n".join(f"- {plain(bound)}" for bound in notices.other_bounds()))
st.markdown(plain(notices.silence(limits)))

section(_("Check-in"))
st.markdown(plain(notices.bridge()))
st.markdown(plain(notices.verified(limits["escalate_after"])))

section(_("Glossary"))
search = st.text_input(_("Search a term in any language"), key="glossary-search")
found = terms(search)
if len(found):
    table(found, columns.GLOSSARY, name="glossary", alt=_("Terms in three languages"), drill=False)
else:
    st.info(_("No term contains this text."))

section(_("Sources"))
st.markdown("\n".join(f"- {plain(source)}" for source in notices.sources()))

section(_("Privacy"))
st.markdown(plain(notices.privacy()))

section(_("Not for appraisal"))
st.markdown(plain(notices.appraisal()))
