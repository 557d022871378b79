"""Discrepancies: the census count against departments and against itself."""

import streamlit as st

from dashboard import tables
from dashboard.ask import ask
from dashboard.charts import discrepancy as bars
from dashboard.headline import discrepancies as headline
from dashboard.headline import names, notices, opening
from dashboard.i18n import _
from dashboard.url import current_view
from queries import completion, discrepancy

view = current_view()
place = ask(completion.of_area, view)
opening.stop_outside_scope(place, _("Discrepancies"))
compared = ask(discrepancy.comparisons, view)

opening.open_page(_("Discrepancies"), headline.sentence(compared, place.iloc[0]["name"], view))
st.caption(notices.to_verify())

comparable = compared[compared["comparable"]]
refused = compared[~compared["comparable"]]
if len(comparable):
    chart(bars.against_tolerance(comparable))
    table(comparable, tables.COMPARISONS, file_name="comparisons")
if len(refused):
    st.subheader(_("Not comparable"))
    table(refused, tables.NOT_COMPARABLE, file_name="not-comparable")
