"""Methods and glossary: every formula with a worked example, how missing returns count, the terms, the sources."""

import streamlit as st

from dashboard import tables
from dashboard.ask import ask
from dashboard.glossary import TERMS, terms
from dashboard.headline import methods as headline
from dashboard.headline import notices, opening, worked
from dashboard.i18n import _
from dashboard.url import current_view
from queries import completion
from queries.indicators import INDICATORS

view = current_view()
area = ask(completion.of_area, view)
opening.stop_outside_scope(area, _("Methods and glossary"))

opening.open_page(
    _("Methods and glossary"), headline.sentence(len(INDICATORS), len(TERMS), area.iloc[0]["name"], view)
)

st.subheader(_("Indicators"))
table(worked.examples(view), tables.METHODS, file_name="methods")

st.subheader(_("Missing returns and ranges"))
st.markdown(notices.missing_returns())

st.subheader(_("Glossary"))
search = st.text_input(_("Search a term in any language"), key="glossary_search")
found = terms(search)
if len(found):
    table(found, tables.GLOSSARY, file_name="glossary")
else:
    st.info(_("No term contains this text."))

st.subheader(_("Sources"))
for source in notices.sources():
    st.markdown(f"- {source}")

st.subheader(_("Privacy"))
st.markdown(notices.privacy())

st.subheader(_("Not for appraisal"))
st.markdown(notices.appraisal())
