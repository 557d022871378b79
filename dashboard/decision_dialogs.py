"""Change or withdraw a decision; where somebody else saved meanwhile, show both and let the person choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboard import access, faults, meeting
from dashboard.headline import decisions
from dashboard.headline.names import name
from dashboard.i18n import _, day, language
from dashboard.plain import plain
from queries.check_in import commitment
from queries.check_in.errors import ClosedError, ConflictError, OutOfScopeError, RefusedError
from queries.check_in.measures import MEASURES
from queries.check_in.meeting import Meeting
from queries.view import View

CONFLICT: Final = "decision-conflict"
PROBLEM: Final = "decision-problem"


def listed(view: View, held: Meeting, rows: list[dict[str, Any]]) -> None:
    """Show the decisions of an open check-in, each with its buttons."""
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            said = f"**{plain(row['place'])}** · {plain(row['what'])}"
            st.markdown(f"{said}  \n{plain(_particulars(row))}")
            if row["withdrawn_reason"] is not None:
                continue
            key = f"{row['id']}-{language()}"
            if st.button(_("Edit"), key=f"change-{key}", type="tertiary", icon=":material/edit:"):
                _begin(row, _change, _("Change the decision"), view, held)
            if st.button(_("Withdraw"), key=f"withdraw-{key}", type="tertiary", icon=":material/undo:"):
                _begin(row, _withdraw, _("Withdraw the decision"), view, held)


def _particulars(row: Mapping[str, Any]) -> str:
    due = _("by {day}").format(day=day(row["due"]))
    parts = [row["office"], row["promised"], due]
    if row["withdrawn_reason"] is not None:
        parts.append(_("Withdrawn: {reason}").format(reason=row["withdrawn_reason"]))
    elif row["version"] > 1:
        parts.append(_("version {number}").format(number=int(row["version"])))
    return " · ".join(parts)


def _begin(row: dict[str, Any], body: Any, title: str, view: View, held: Meeting) -> None:
    for left_over in (CONFLICT, PROBLEM):
        st.session_state.pop(left_over, None)

    def guarded() -> None:
        with faults.said_here():
            body(view, held, row)

    st.dialog(plain(title), width="medium")(guarded)()


def _change(view: View, held: Meeting, row: dict[str, Any]) -> None:
    conflict = st.session_state.get(CONFLICT)
    if conflict:
        _choose(view, row, *conflict)
        return
    share = row["unit"] == "share"
    prefix = f"change-{row['id']}-{int(row['version'])}-{language()}"
    st.text_input(_("Decision"), value=row["what"], key=f"{prefix}-what", max_chars=200)
    st.text_input(_("Responsible office"), value=row["office"], key=f"{prefix}-office", max_chars=80)
    number = round(100 * row["number"], 6) if share else row["number"]
    meeting.fields(prefix, held.day, {"indicator": row["indicator"], "number": float(number), "due": row["due"].date()})
    _show_problem()
    if st.button(_("Save"), key=f"{prefix}-save", type="primary"):
        try:
            mine = meeting.written(prefix)
        except RefusedError as error:
            _again(problem=meeting.told(error))
            return
        _save(view, row, mine, int(row["version"]))


def _save(view: View, row: Mapping[str, Any], mine: dict[str, Any], version: int) -> None:
    try:
        commitment.edit(view, int(row["id"]), version, **mine, role=access.role())
    except ConflictError as error:
        _again(conflict=(mine, error.stored))
    except (ClosedError, OutOfScopeError, RefusedError) as error:
        _again(problem=meeting.told(error))
    else:
        meeting.say("decisions", "done", _("The decision is changed; what it said before is kept."))
        st.rerun()


def _choose(view: View, row: Mapping[str, Any], mine: dict[str, Any], stored: dict[str, Any]) -> None:
    """Show what was saved meanwhile beside what was to be saved: nothing is overwritten unseen."""
    st.warning(_("Somebody else saved this decision meanwhile. Choose which text shall stand."))
    texts = ((_("Saved meanwhile"), stored, mine), (_("Yours"), mine, stored))
    for place, (title, content, other) in zip(st.columns(2), texts, strict=True):
        with place:
            st.markdown(f"**{plain(title)}**")
            _text(content, other)
    _show_problem()
    with st.container(horizontal=True):
        if st.button(_("Keep what was saved"), key=f"keep-{language()}"):
            meeting.say("decisions", "done", _("What was saved meanwhile stands."))
            st.rerun()
        gone = stored.get("withdrawn_reason") is not None
        if not gone and st.button(_("Save mine over it"), key=f"mine-{language()}", type="primary"):
            _save(view, row, mine, int(stored["version"]))


def _text(content: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """Show a decision field by field, in bold where the other one differs."""
    theirs = _shown(other)
    lines = []
    for field, text in _shown(content).items():
        said = plain(text)
        lines.append(f"{plain(name(decisions.FIELDS, field))}: {said if theirs.get(field) == text else f'**{said}**'}")
    st.markdown("  \n".join(lines))


def _shown(content: Mapping[str, Any]) -> dict[str, str]:
    measure = MEASURES[content["indicator"]]
    promised = decisions.promise(measure.key, content["number"], measure.unit, measure.at_least)
    shown = {"what": content["what"], "office": content["office"], "number": promised, "due": day(content["due"])}
    reason = content.get("withdrawn_reason")
    return shown if reason is None else {**shown, "reason": str(reason)}


def _withdraw(view: View, held: Meeting, row: dict[str, Any]) -> None:
    stored = (st.session_state.get(CONFLICT) or (None, None))[1]
    if stored:
        st.warning(_("Somebody else saved this decision meanwhile. This is how it stands now:"))
        _text(stored, row)
    key = f"reason-{row['id']}-{language()}"
    st.text_input(_("Reason"), key=key, max_chars=200)
    _show_problem()
    if st.button(_("Withdraw the decision"), key=f"{key}-go", type="primary"):
        version = int(stored["version"] if stored else row["version"])
        try:
            commitment.withdraw(view, int(row["id"]), version, st.session_state[key], role=access.role())
        except ConflictError as error:
            _again(conflict=({}, error.stored))
        except (ClosedError, OutOfScopeError, RefusedError) as error:
            _again(problem=meeting.told(error))
        else:
            meeting.say("decisions", "done", _("The decision is withdrawn; it stays in the list."))
            st.rerun()


def _again(*, problem: str | None = None, conflict: tuple[dict[str, Any], dict[str, Any]] | None = None) -> None:
    """Draw the dialog once more with what went wrong."""
    st.session_state[PROBLEM] = problem
    if conflict:
        st.session_state[CONFLICT] = conflict
    st.rerun(scope="fragment")


def _show_problem() -> None:
    problem = st.session_state.pop(PROBLEM, None)
    if problem:
        st.error(plain(problem))
