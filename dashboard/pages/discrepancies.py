"""Discrepancies: the census count against departments, what is found so far, and what is being done about it."""

import streamlit as st

from dashboard import access
from dashboard.ask import ask
from dashboard.headline import discrepancies as headline
from dashboard.headline import names, notices, opening, reasons
from dashboard.headline.sentences import at_least, join
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.sections import by_area, capture, cases, codes, departments
from dashboard.show import page_title
from dashboard.url import current_view
from queries import completion, discrepancy

view = current_view()
place = ask(completion.of_area, view)
opening.stop_outside_scope(place, _("Discrepancies"))
here = place.iloc[0]
compared = reasons.with_reasons(names.with_names(ask(discrepancy.comparisons, view)))

page_title(_("Discrepancies"), headline.sentence(compared, here["name"], view))
st.caption(plain(join(notices.to_verify(), at_least(here))))

if compared.empty:
    below = headline.below(ask(discrepancy.filed_below, view))
    if below:
        st.info(plain(below), icon=":material/arrow_downward:")
departments.compared(compared)
departments.refused(compared)
if len(compared):
    chosen = by_area.choose(compared, view)
    by_area.below(chosen, view)
    cases.one(chosen, view)
cases.overdue(view)
capture.found(view)
departments.parts(view)
departments.ranges(view)
if access.may_write():
    codes.match_listed(view)
