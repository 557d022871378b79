"""What needs attention, one line a matter, each with the way to its area."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import url
from dashboard.headline import attention as words
from dashboard.i18n import _
from dashboard.plain import plain


def agenda(matters: pd.DataFrame) -> None:
    """Show the matters of `queries.attention`, heaviest first: a button to the area, and what is wrong there."""
    with st.container(gap="xsmall"):
        for number, matter in matters.iterrows():
            place, said = st.columns([2, 3], vertical_alignment="center", gap="xxsmall")
            place.button(
                plain(matter["name"]),
                key=f"matter-{number}",
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=url.go,
                args=(int(matter["area_id"]),),
            )
            said.caption(plain(words.line(matter)))
    if matters.empty:
        st.success(_("Nothing below this area needs attention now."), icon=":material/check:")
