"""Where files come in: the uploader, the receipts of files that were stored, and the one that waits first."""

from __future__ import annotations

import streamlit as st

from dashboard.desk import uploader, uploads, waiting
from dashboard.i18n import _


def show() -> None:
    """Show everything about files that come in; also before anything is stored."""
    uploader.show()
    for receipt in uploads.receipts():
        uploader.say(receipt)
    if uploads.receipts():
        st.button(_("Put the receipts away"), on_click=uploads.forget, type="tertiary", icon=":material/close:")
    files = uploads.waiting()
    if files:
        waiting.show(files[0])
        uploader.queue(files[1:])
