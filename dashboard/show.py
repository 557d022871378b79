"""Put a title, a headline, a chart on the page; a click on a chart goes down the tree."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard import url
from dashboard.charts.literal import as_it_stands
from dashboard.charts.narrowed import narrowed
from dashboard.charts.palette import Palette, palette
from dashboard.i18n import _, language, tag
from dashboard.plain import plain


def colours() -> Palette:
    """Return the palette of the viewer's theme."""
    return palette(dark=st.context.theme.get("type") == "dark")


def on_phone() -> bool:
    """Return whether the browser says that it runs on a phone."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def speak(language: str) -> None:
    """Tell the browser the language of the page, for what reads it aloud, translates it or chooses its glyphs."""
    st.html(f"<script>document.documentElement.lang = '{tag(language)}'</script>", unsafe_allow_javascript=True)


def page_title(title: str, headline: str) -> None:
    """Show the page's title and, under it, the one sentence that says what the page found."""
    st.title(plain(title), anchor=False)
    st.markdown(f"**{plain(headline)}**")


def verdict(is_good: bool, said: str) -> None:
    """Show that nothing was found: as good news only where everything was looked at."""
    if is_good:
        st.success(plain(said), icon=":material/check:")
    else:
        st.info(plain(said), icon=":material/help:")


def section(title: str, note: str | None = None) -> None:
    """Show a section's heading and, in small print, what it shows."""
    st.subheader(plain(title), anchor=False)
    if note:
        st.caption(plain(note))


def chart(figure: go.Figure, *, key: str, alt: str, drill: bool = False) -> None:
    """Show a chart with a PNG button in the viewer's language; on a phone narrowed and without the button.

    Parameters
    ----------
    key : str
        What the chart shows; names its PNG file too.
    alt : str
        Alternative text.
    drill : bool
        Whether marks carry an area_id, first in customdata, to go to when clicked.
    """
    view = url.current_view()
    if on_phone():
        figure = narrowed(figure)
    figure = as_it_stands(figure)
    widget = f"{key}-{view.area_id}-{view.phase_id}-{view.as_of}"

    def follow() -> None:
        chosen = st.session_state[widget].selection.points
        custom = chosen[0].get("customdata") if chosen else None
        target = custom[0] if isinstance(custom, list | tuple) else custom
        if target is not None:
            url.go(int(target))

    st.plotly_chart(
        figure,
        theme=None,
        key=widget,
        on_select=follow if drill else "ignore",
        selection_mode="points",
        config={"displayModeBar": False} if on_phone() else _config(url.file_name(key)),
        alt=alt,
    )


def _config(file_name: str) -> dict[str, Any]:
    """Return Plotly's settings: the PNG button alone, always there, its words in the viewer's language."""
    words = {
        "Download plot as a PNG": _("Download as PNG"),
        "Download plot as a png": _("Download as PNG"),
        "Download plot": _("Download as PNG"),
        "Taking snapshot - this may take a few seconds": _("Preparing the picture"),
        "Snapshot succeeded": _("Picture saved"),
    }
    name = language().replace("_", "-")
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "scrollZoom": False,
        "locale": name,
        "locales": {name: {"dictionary": words, "format": {}}},
        "toImageButtonOptions": {"filename": file_name, "scale": 2},
    }
