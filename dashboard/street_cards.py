"""One card an area to speak about, in a grid that folds on a phone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import url
from dashboard.headline import check_in as words
from dashboard.headline import positions
from dashboard.plain import plain
from dashboard.show import verdict


def cards(areas: pd.DataFrame, none: tuple[bool, str]) -> None:
    """Show the areas of `needing_attention`: how each stands, and the way to it.

    Parameters
    ----------
    none : tuple of bool, str
        What to say where there are no such areas, and whether that is known to be good news.
    """
    if areas.empty:
        verdict(*none)
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
                standing = plain(positions.standing(row))
                st.markdown("\n".join([standing, *(f"- {plain(line)}" for line in words.street(row))]))
