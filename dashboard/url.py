"""The view and the address: what is looked at is always in the link."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.ask import ask
from dashboard.i18n import language, tag
from queries import areas, calendar
from queries.faults import DATABASE_FAULTS
from queries.view import View

PARAMETERS = ("phase", "date", "area", "lang")


@dataclass(frozen=True)
class Looked:
    """A resolved address: the view, and the parameters that could not be followed."""

    view: View
    phases: pd.DataFrame
    first: date
    last: date
    ignored: tuple[str, ...]


def look(scope_id: int) -> Looked | None:
    """Read the view from the address, then from what this session looked at last; None without any data."""
    looked = resolve(
        scope_id, {name: st.query_params.get(name) or st.session_state.get(f"view_{name}") for name in PARAMETERS}
    )
    if looked is not None:
        view = looked.view
        code = looked.phases.loc[looked.phases["phase_id"] == view.phase_id, "code"].iloc[0]
        address = ask(areas.address, view.area_id)
        remember(phase=code, date=view.as_of.isoformat(), area=address, lang=tag(view.language))
    return looked


def resolve(scope_id: int, chosen: Mapping[str, str | None]) -> Looked | None:
    """Find the view that parameters ask for; None without any data.

    What is not asked for is as usual: the phase last reported on, its newest day, the top of the scope.
    """
    usual = ask(calendar.default_view, scope_id, language())
    if usual is None:
        return None
    phases = ask(calendar.phases, language())
    phases = phases[[ask(calendar.reported_days, int(phase_id)) is not None for phase_id in phases["phase_id"]]]
    ignored = []
    phase_id = usual.phase_id
    if chosen["phase"]:
        named = phases[phases["code"] == chosen["phase"]]
        if len(named):
            phase_id = int(named["phase_id"].iloc[0])
        else:
            ignored.append("phase")
    days = ask(calendar.reported_days, phase_id)
    assert days is not None
    first, last = days
    as_of = last
    if chosen["date"]:
        wanted = _day(chosen["date"])
        if wanted and first <= wanted <= last:
            as_of = wanted
        else:
            ignored.append("date")
    area_id = scope_id
    if chosen["area"]:
        found = ask(areas.by_address, chosen["area"], scope_id)
        if found is None:
            ignored.append("area")
        else:
            area_id = found
    view = View(phase_id, as_of, area_id, scope_id, language())
    return Looked(view, phases, first, last, tuple(ignored))


def remember(**parameters: str) -> None:
    """Keep parameters of the view in the address and for the next page."""
    for name, value in parameters.items():
        st.session_state[f"view_{name}"] = value
        if st.query_params.get(name) != value:
            st.query_params[name] = value


def go(area_id: int) -> None:
    """Move the view to an area; for callbacks. Without a database the run that follows says so."""
    with suppress(*DATABASE_FAULTS):
        remember(area=areas.address(area_id))


def viewed() -> View | None:
    """Return the view of this run; None while there is nothing to look at."""
    looked: Looked | None = st.session_state["looked"]
    return None if looked is None else looked.view


def current_view() -> View:
    """Return the view that the frame has resolved for this run."""
    view = st.session_state["looked"].view
    assert isinstance(view, View)
    return view


def current() -> Looked:
    """Return the resolved address of this run."""
    looked = st.session_state["looked"]
    assert isinstance(looked, Looked)
    return looked


def file_name(what: str) -> str:
    """Return the name of a download or widget: what, where, and as of when."""
    view = viewed()
    if view is None:
        return what
    return f"{what}_{st.session_state.get('view_area', '').replace('/', '-')}_{view.as_of:%Y%m%d}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
