"""One card an area to speak about, in a grid that folds on a phone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import url
from dashboard.charts.palette import SYMBOLS
from dashboard.headline import check_in as words
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.tables import status_word


def cards(areas: pd.DataFrame) -> None:
    """Show the areas of `needing_attention`: how each stands, and the way to it."""
    if areas.empty:
        st.success(_("Every area below is on plan, complete and without open decisions."), icon=":material/check:")
        return
    with st.grid(4, min_column_width=240):
        for row in areas.to_dict("records"):
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.button(
                    plain(row["name"]),
                    key=f"card-{row['area_id']}",
                    type="tertiary",
                    icon=":material/arrow_forward:",
                    on_click=url.go,
                    args=(int(row["area_id"]),),
                )
                standing = f"{SYMBOLS.get(row['status'], '?')} {status_word(row['status'])}"
                st.markdown("\n".join([plain(standing), *(f"- {plain(line)}" for line in words.street(row))]))
