"""The brief to take away: two buttons, whose files are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import url
from dashboard.i18n import _, language
from dashboard.plain import plain
from queries.check_in import frozen
from queries.check_in.meeting import Meeting
from queries.view import View

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Figures = Callable[[], Mapping[str, Any]]
Changes = Callable[[], Sequence[Mapping[str, Any]] | None]


def as_things_stand(view: View) -> None:
    """Offer the brief of the present figures, said not to be frozen."""
    with st.container(horizontal=True, vertical_alignment="center"):
        offer(lambda: frozen.gather(view), name="brief-now")
        st.caption(_("As things stand, not frozen by a check-in."))


def of_closed(view: View, held: Meeting) -> None:
    """Offer the brief that a closed check-in froze, with what later returns changed."""
    with st.container(horizontal=True, vertical_alignment="center"):
        offer(lambda: frozen.of_closed(view, held), lambda: frozen.changed_since(view, held))
        st.caption(_("Frozen at the close; what later returns changed stands apart."))


def offer(figures: Figures, changes: Changes = lambda: None, *, name: str = "brief") -> None:
    """Show the buttons of the brief in the viewer's language.

    Parameters
    ----------
    figures : callable
        Gives the figures dict of `queries.check_in.frozen.gather`: gathered on the spot, or as a
        check-in kept them. It is called when a file is asked for, outside the run of the page, so
        it may ask the database and nothing of the session.
    changes : callable
        Gives what later returns changed in frozen figures (`queries.check_in.frozen.changed`).
    name : str
        What the files are called: a brief that is not frozen otherwise than the one that is.
    """
    spoken = language()

    def page() -> bytes:
        from dashboard.briefing.document import brief_docx  # no page need wait for what only a file needs

        return brief_docx(figures(), spoken, changes())

    def workbook() -> bytes:
        from dashboard.briefing.workbook import brief_xlsx

        return brief_xlsx(figures(), spoken, changes())

    for label, made, ending, kind in (
        (_("Brief, one page"), page, "docx", WORD),
        (_("Brief, workbook"), workbook, "xlsx", EXCEL),
    ):
        st.download_button(
            plain(label),
            made,
            file_name=f"{url.file_name(name)}.{ending}",
            mime=kind,
            key=f"brief-{ending}-{spoken}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
