"""The controls of the check-in: open it, close it, record a decision. What was refused is said on the next run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from dashboard import access, faults
from dashboard.ask import ask
from dashboard.headline import check_in as words
from dashboard.headline import decisions
from dashboard.i18n import _, day, language
from dashboard.plain import plain
from queries import areas
from queries.check_in import commitment, frozen, meeting
from queries.check_in.errors import ClosedError, ConflictError, MovedOnError, OutOfScopeError, RefusedError
from queries.check_in.measures import MEASURES
from queries.check_in.meeting import Meeting
from queries.database import data_version
from queries.view import View

SAID: Final = "check-in-said"
DAYS_AHEAD: Final = 21


def controls(view: View, held: Meeting | None, area_name: str) -> None:
    """Show whether the check-in is open, with the button that opens or closes it, and what was said last."""
    icon, text, colour = words.state(held, area_name)
    of_others = held is None or held.area_name is None  # a street may hold its own beside the district's
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":{colour}-badge[{icon} {plain(text)}]")  # st.badge would escape brackets twice
        if access.may_write() and of_others:
            st.button(
                plain(_("Open the check-in of {area}").format(area=area_name)),
                key=f"open-{language()}",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_open,
                args=(view,),
            )
        if access.may_write() and held and held.writable:
            with st.popover(_("Close the check-in"), icon=":material/lock:", key=f"closing-{language()}"):
                st.markdown(_("Its figures are kept as they are now, and nothing can be written to it any more."))
                st.button(
                    _("Close for good"),
                    key=f"close-{language()}",
                    type="primary",
                    on_click=_close,
                    args=(view, held),
                )
    said("state")


def say(where: str, kind: str, text: str) -> None:
    """Keep a sentence (done or refused) for the next run, to be shown at the state or the decisions."""
    st.session_state[SAID] = (where, kind, text)


def said(where: str) -> None:
    """Show what was kept to be said here, once."""
    place, kind, text = st.session_state.get(SAID) or ("", "", "")
    if place == where:
        del st.session_state[SAID]
        (st.success if kind == "done" else st.error)(plain(text))


def told(error: Exception) -> str:
    """Say in words why something could not be written."""
    match error:
        case ClosedError():
            return _("The check-in has been closed meanwhile. Nothing was saved.")
        case MovedOnError():
            return _("Returns were taken in meanwhile. Look at the figures, then close again.")
        case ConflictError():
            return _("Something was decided meanwhile. Look at it, then close again.")
        case RefusedError(field=field, rule=rule):
            return decisions.refusal(field, rule)
    return _("This may not be written to from here.")


@faults.kept()
def _open(view: View) -> None:
    try:
        meeting.open_meeting(view, role=access.role())
    except (ClosedError, OutOfScopeError) as error:
        say("state", "refused", told(error))


@faults.kept()
def _close(view: View, held: Meeting) -> None:
    loads = data_version()
    figures = frozen.gather(view.at(held.area_id).on(held.day))
    try:
        meeting.close_meeting(view, held.id, figures, held.version, data_version=loads, role=access.role())
    except (ClosedError, ConflictError, MovedOnError, OutOfScopeError) as error:
        say("state", "refused", told(error))
    else:
        say("state", "done", _("The check-in is closed."))


def record(view: View, held: Meeting) -> None:
    """Show the form that records a decision of an open check-in."""
    prefix = f"decide-{held.id}-{view.area_id}-{language()}"
    places = ask(areas.reach, view)
    names = {
        int(row.area_id): row.called if row.above != row.above or row.above is None else f"{row.above} · {row.called}"
        for row in places.rename(columns={"name": "called", "parent_name": "above"}).itertuples()
    }
    with st.form(prefix, enter_to_submit=False):
        where, what, office = st.columns([2, 3, 2])
        with where:
            st.selectbox(_("Area"), list(names), format_func=names.__getitem__, key=f"{prefix}-area")
        what.text_input(_("Decision"), key=f"{prefix}-what", max_chars=200)
        office.text_input(_("Responsible office"), key=f"{prefix}-office", max_chars=80, help=_("Never a person."))
        fields(prefix, held.day)
        st.form_submit_button(
            _("Record the decision"), type="primary", icon=":material/add_task:", on_click=_record,
            args=(view, held, prefix),
        )  # fmt: skip


def fields(prefix: str, held_on: date, known: dict[str, Any] | None = None) -> None:
    """Show the fields that a new decision and a changed one share: indicator, number, day."""
    known = known or {}
    ahead = [held_on + timedelta(days=n) for n in range(1, DAYS_AHEAD + 1)]
    if known.get("due") and known["due"] not in ahead:
        ahead.append(known["due"])
    keys = list(MEASURES)
    indicator, number, due = st.columns([3, 2, 2])
    indicator.selectbox(
        _("Indicator"),
        keys,
        index=keys.index(known.get("indicator", "hh_resolved")),
        format_func=lambda key: decisions.choice(key, MEASURES[key].unit, MEASURES[key].at_least),
        key=f"{prefix}-indicator",
    )
    number.number_input(
        _("Number"), min_value=0.0, value=known.get("number"), step=1.0, format="%.10g", key=f"{prefix}-number"
    )
    due.selectbox(
        _("Due on"), ahead, index=ahead.index(known.get("due", ahead[0])), format_func=day, key=f"{prefix}-due"
    )


def written(prefix: str) -> dict[str, Any]:
    """Return what stands in the fields of a form, a share as 0-1."""
    kept = {name: st.session_state.get(f"{prefix}-{name}") for name in commitment.CONTENT}
    number = kept["number"]
    if number is None:
        raise RefusedError("number", "empty")
    share = MEASURES[str(kept["indicator"])].unit == "share"
    return {**kept, "number": number / 100 if share else number}


@faults.kept()
def _record(view: View, held: Meeting, prefix: str) -> None:
    area_id = st.session_state[f"{prefix}-area"]
    try:
        commitment.decide(view, held.id, int(area_id), **written(prefix), role=access.role())
    except (ClosedError, OutOfScopeError, RefusedError) as error:
        say("decisions", "refused", told(error))
        return
    say("decisions", "done", _("The decision is recorded."))
    for name in ("what", "office"):
        st.session_state[f"{prefix}-{name}"] = ""
    st.session_state[f"{prefix}-number"] = None
