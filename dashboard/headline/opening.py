"""How every page begins: its title, the answer in a sentence, and what to show when there is nothing yet."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.ask import ask
from dashboard.headline.sentences import before_start, due, join, not_in
from dashboard.i18n import _, day
from dashboard.plain import plain
from queries import calendar, deadlines
from queries.view import View


def phase_of(view: View) -> pd.Series:
    """Return the viewed phase: name, cutoff, grace_minutes; start, end and working_days_left of the viewed area."""
    phases = ask(calendar.phases, view.language)
    phase = phases[phases["phase_id"] == view.phase_id].iloc[0].copy()
    own = ask(deadlines.of_area, view)
    for name in ("start", "end", "working_days_left"):
        phase[name] = own[name]
    return phase


def stop_outside_scope(area: pd.DataFrame, title: str) -> None:
    """End the page where the viewed area may not be seen."""
    if area.empty:
        st.title(plain(title), anchor=False)
        st.warning(_("This area is outside the part of the area list that you may see."), icon=":material/lock:")
        st.stop()


def stop_before_start(phase: pd.Series, view: View) -> None:
    """End the page before the phase starts."""
    if before_start(phase, view):
        st.info(
            plain(_("Figures appear here with the first returns, from {day} on.").format(day=day(phase["start"]))),
            icon=":material/event_upcoming:",
        )
        st.stop()


def stop_without_figures(area: pd.Series, phase: pd.Series, view: View) -> None:
    """End the page before the phase starts, or while nothing has been reported."""
    stop_before_start(phase, view)
    if pd.isna(area["hh_resolved"]):
        st.info(
            _("Figures appear here when the first return is in. A unit that has not reported is not counted as zero."),
            icon=":material/hourglass_empty:",
        )
        st.stop()


def freshness(area: pd.Series, view: View) -> None:
    """Say of which day the figures are, how many units are in, and how old the oldest carried figure is."""
    said = [_("As of {day}.").format(day=day(view.as_of)), due(area)]
    if not_in(area) and pd.notna(area["value_date"]):
        said.append(_("The oldest figure carried forward is of {day}.").format(day=day(area["value_date"])))
    st.caption(plain(join(*said)))
