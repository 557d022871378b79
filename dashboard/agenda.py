"""What needs attention, one line a place, each with the way to it."""

from __future__ import annotations

import streamlit as st

from dashboard import url
from dashboard.ask import ask
from dashboard.headline import attention as words
from dashboard.plain import plain
from dashboard.show import verdict
from queries import attention
from queries.view import View


def agenda(view: View) -> None:
    """Show the viewed area's own matters, then those right below, heaviest first: a button to the place, and a line."""
    found = ask(attention.look, view)
    with st.container(gap="xsmall"):
        for number, row in words.places(found.lines).iterrows():
            place, said = st.columns([1, 2], vertical_alignment="center", gap="xxsmall")
            if row["area_id"] == view.area_id:  # the viewer is there already
                place.text(row["name"])
            else:
                place.button(
                    plain(row["name"]),
                    key=f"matter-{number}",
                    type="tertiary",
                    icon=":material/arrow_forward:",
                    on_click=url.go,
                    args=(int(row["area_id"]),),
                )
            said.caption(plain(row["line"]))
    if found.lines.empty:
        verdict(*words.nothing(found.unjudged))
    elif not_judged := words.not_judged(found.unjudged):
        st.caption(plain(not_judged))
