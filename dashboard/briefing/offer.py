"""The brief to take away: two buttons, whose files are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import url
from dashboard.i18n import _, language

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Figures = Callable[[], Mapping[str, Any]]
Changes = Callable[[], Sequence[Mapping[str, Any]] | None]


def offer(figures: Figures, changes: Changes = lambda: None) -> None:
    """Show the buttons of the brief in the viewer's language.

    Parameters
    ----------
    figures : callable
        Gives the figures dict of `queries.check_in.frozen.gather`: gathered on the spot, or as a
        check-in kept them. It is called when a file is asked for, outside the run of the page, so
        it may ask the database and nothing of the session.
    changes : callable
        Gives what later returns changed in frozen figures (`queries.check_in.frozen.changed`).
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
            label,
            made,
            file_name=f"{url.file_name('brief')}.{ending}",
            mime=kind,
            key=f"brief-{ending}-{spoken}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
