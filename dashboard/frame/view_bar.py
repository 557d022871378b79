"""The bar in which phase, day, place and language are chosen; folded up on a phone.

Keys of widgets hold the language: a browser sends a choice back by its words.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard import url
from dashboard.ask import ask
from dashboard.i18n import OWN_NAMES, _, day, language, short_day, tag
from dashboard.plain import plain
from dashboard.show import on_phone
from queries import areas
from queries.view import LANGUAGES, View


def choose_view() -> None:
    """Show the bar and, under it, the way from the top of the scope to the viewed area."""
    looked = url.current()
    view = looked.view
    if on_phone():
        phase = looked.phases.set_index("phase_id")["name"][view.phase_id]
        with st.popover(
            plain(f"{phase} · {short_day(pd.Timestamp(view.as_of))}"), icon=":material/tune:", width="stretch"
        ):
            _choices(looked)
            _search(view)
            choose_language()
    else:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _choices(looked)
            with st.popover(_("Find an area"), icon=":material/search:"):
                _search(view)
            choose_language()
    _trail(view)


def _choices(looked: url.Looked) -> None:
    """Offer the phases and days with returns, and the areas below."""
    view = looked.view
    names = dict(zip(looked.phases["code"], looked.phases["name"], strict=True))
    days = [looked.last - timedelta(days=n) for n in range((looked.last - looked.first).days + 1)]
    code = st.session_state["view_phase"]
    st.selectbox(
        _("Phase"),
        list(names),
        index=list(names).index(code),
        format_func=names.__getitem__,
        key=f"phase-{code}-{view.language}",
        on_change=lambda: url.remember(phase=st.session_state[f"phase-{code}-{view.language}"]),
        width=190,
    )
    st.selectbox(
        _("As of"),
        days,
        index=days.index(view.as_of),
        format_func=day,
        key=f"date-{view.as_of}-{view.language}",
        on_change=lambda: url.remember(date=st.session_state[f"date-{view.as_of}-{view.language}"].isoformat()),
        width=170,
    )
    here = ask(areas.place, view)
    assert here is not None
    below = ask(areas.children, view)
    if below.empty:
        return
    options = below["area_id"].astype(int).tolist()
    called = dict(zip(options, below["name"], strict=True))
    st.selectbox(
        _("Go down to"),
        options,
        index=None,
        format_func=lambda a: called.get(a, str(a)),
        placeholder=_("{n} areas below {name}").format(n=len(options), name=here["name"]),
        key=f"below-{view.area_id}-{view.language}",
        on_change=lambda: url.go(st.session_state[f"below-{view.area_id}-{view.language}"]),
        width=270,
    )


def _search(view: View) -> None:
    """Find an area by a name or a code, and offer to go there."""
    words = st.text_input(_("Name or code"), key="search")
    if not words:
        return
    found = ask(areas.search, view, words)
    for row in found.itertuples():
        st.button(
            plain(f"{row.name} · {row.code}"), key=f"found-{row.area_id}", on_click=url.go, args=(int(row.area_id),)
        )
    if found.empty:
        st.caption(_("No area of this name or code."))


def choose_language() -> None:
    """Let the viewer choose a language."""
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        default=language(),
        format_func=OWN_NAMES.__getitem__,
        key=f"lang-{language()}",
        on_change=lambda: url.remember(lang=tag(st.session_state[f"lang-{language()}"] or language())),
    )


def _trail(view: View) -> None:
    """Show the areas from the top of the scope down to the viewed one, whether figures are simulated, the wall."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        trail = ask(areas.breadcrumb, view)
        for n, row in enumerate(trail.itertuples()):
            last = n == len(trail) - 1
            st.button(
                plain(row.name),
                key=f"crumb-{row.area_id}",
                type="tertiary",
                icon=None if n == 0 else ":material/chevron_right:",
                disabled=last,
                on_click=url.go,
                args=(int(row.area_id),),
            )
        if st.session_state["simulated"]:
            st.badge(_("Demonstration: simulated returns"), icon=":material/science:", color="orange")
        if not on_phone():
            address = st.session_state["view_area"]
            st.link_button(
                _("Wall display"),
                f"?wall=1&area={address}&lang={tag(view.language)}",
                icon=":material/tv:",
                type="tertiary",
            )
