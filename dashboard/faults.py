"""Say in one line what is wrong with the database, wherever on a page it is met."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from dashboard.i18n import _, language
from dashboard.plain import plain
from queries.faults import DATABASE_FAULTS, reason
from queries.intake.findings import explain_problem
from queries.intake.reading import UnreadableError

__all__ = ["DATABASE_FAULTS", "kept", "other_than_gone", "said_here", "say", "say_kept"]

KEPT: Final = "fault_kept"
GONE: Final = ("database_unreachable", "database_starting", "database_connections")


def other_than_gone(error: BaseException) -> str | None:
    """Return why the database cannot be used although it answers; None where it does not answer at all."""
    problem = reason(error)
    return None if problem.rule in GONE else explain_problem(problem, language())


def say(error: BaseException) -> None:
    """Say why nothing can be shown, with what to do; the next run finds the database again by itself."""
    problem = reason(error)
    gone = problem.rule in GONE
    title = _("The database cannot be reached") if gone else _("The database cannot be used")
    st.warning(plain(explain_problem(problem, language())), title=plain(title), icon=":material/info:")


@contextmanager
def kept() -> Iterator[None]:
    """Keep a fault that a callback meets, which runs before the page, to be said by the run that follows."""
    try:
        yield
    except DATABASE_FAULTS as error:
        st.session_state[KEPT] = reason(error)


def say_kept() -> None:
    """Say, once, that what was asked for last was not done, and why."""
    problem: UnreadableError | None = st.session_state.pop(KEPT, None)
    if problem is not None:
        st.error(
            plain(_("Nothing was changed. {reason}").format(reason=explain_problem(problem, language()))),
            icon=":material/block:",
        )


@contextmanager
def said_here() -> Iterator[None]:
    """Say a fault in its place: for dialogs, which run without the page around them."""
    try:
        yield
    except DATABASE_FAULTS as error:
        st.error(
            plain(_("Nothing was changed. {reason}").format(reason=explain_problem(reason(error), language()))),
            icon=":material/block:",
        )
