"""Data intake: files are checked before they are stored; templates go out; a wrong load is undone."""

import streamlit as st

from dashboard import access
from dashboard.ask import ask
from dashboard.desk import inbox, loads, templates, uploads
from dashboard.headline import intake as headline
from dashboard.i18n import _
from dashboard.show import page_title
from dashboard.url import current_view
from queries.loads import history

if not access.may_write():
    page_title(_("Data intake"), _("This installation only shows figures; it takes no files in."))
    st.info(
        _("Bring files to the data desk of the census office. Its figures appear here as soon as they are stored."),
        icon=":material/lock:",
    )
    st.stop()

view = current_view()
taken = ask(history, view)
page_title(_("Data intake"), headline.sentence(taken, len(uploads.waiting())))
inbox.show()
templates.show()
loads.show(taken)
