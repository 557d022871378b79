"""What an address shows that leads to no page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import url
from dashboard.i18n import _, language, tag
from dashboard.plain import plain


def asked_for(sections: Mapping[str, Sequence[StreamlitPage]], first: StreamlitPage) -> StreamlitPage | None:
    """Return a page for the address of this run where no page of the navigation has it; else None.

    Streamlit opens the first page in its place: as a page of its own the address can say so.
    """
    asked = unquote(urlsplit(st.context.url or "").path).rstrip("/").rsplit("/", 1)[-1]
    known = {page.url_path for pages in sections.values() for page in pages}
    if not asked or asked in known:
        return None

    def say() -> None:
        url.remember(lang=tag(language()))  # for the page that the link leads to
        st.title(_("There is no such page"), anchor=False)
        st.markdown(plain(_("No page stands at the address “{address}”.").format(address=asked)))
        st.page_link(first, label=_("To the command centre"), icon=":material/monitoring:")

    return st.Page(say, title=_("There is no such page"), url_path=asked, visibility="hidden")
