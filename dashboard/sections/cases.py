"""What is being done about a discrepancy: record it, see how it came, and chase what is overdue."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import access, faults
from dashboard import columns_of_comparisons as columns
from dashboard.ask import ask
from dashboard.headline import discrepancies as headline
from dashboard.headline import labels, names, reasons
from dashboard.i18n import _, is_unknown
from dashboard.plain import plain
from dashboard.show import section, verdict
from dashboard.tables import table
from queries import discrepancy
from queries.discrepancy import Case
from queries.discrepancy.cases import NEXT
from queries.view import View

FIELDS = ("status", "owner", "due_date", "explained_amount", "explained_reason")


def one(chosen: pd.DataFrame, view: View) -> None:
    """Show the case of a comparison: its form, where this installation may write, and its history."""
    row = chosen.iloc[0]
    figure = int(row["benchmark_id"])
    title = _("The case: {comparison}").format(comparison=labels.comparison(row["indicator"], row["source"]))
    st.markdown(f"**{plain(title)}**")
    if access.may_write():
        _form(figure, int(row["version"]), _recorded(row), view)
    past = names.with_names(ask(discrepancy.history, view, figure))
    made_by = {"case": _("an edit"), "load": _("a file")}
    said = [
        made_by[by] if is_unknown(who) else f"{made_by[by]} · {names.office(who)}"
        for by, who in zip(past["by"], past["loaded_by"], strict=True)
    ]
    past = past.assign(by_name=pd.Series(said, index=past.index, dtype=object))
    table(past, columns.HISTORY, name="case-history", alt=_("Versions of the figure and its case"), drill=False)


def _recorded(row: pd.Series) -> Case:
    due, amount = row["due_date"], row["explained_amount"]
    return Case(
        row["case_status"],
        None if is_unknown(row["owner"]) else row["owner"],
        None if is_unknown(due) else pd.Timestamp(due).date(),
        None if is_unknown(amount) else int(amount),
        None if is_unknown(row["explained_reason"]) else row["explained_reason"],
    )


def _form(figure: int, version: int, recorded: Case, view: View) -> None:
    """Show the form of a case. What was seen first is kept, so that a save meets what others did meanwhile."""
    fresh = st.session_state.get(f"case-round-{figure}", 0)
    keys = {field: f"case-{field}-{figure}-{fresh}-{view.language}" for field in FIELDS}
    seen, base = st.session_state.setdefault(f"case-seen-{figure}", (version, recorded))
    if seen != version:
        st.warning(
            plain(_("Saved by others meanwhile: {case}. Look before you save.").format(case=reasons.case(recorded))),
            icon=":material/group:",
        )
        st.button(_("Start from what they saved"), key=f"case-again-{figure}", on_click=_forget, args=(figure,))
    states = dict.fromkeys([*NEXT[base.status], st.session_state.get(keys["status"], base.status)])
    with st.form(f"case-{figure}-{view.language}", border=True):
        left, middle, right = st.columns(3)
        left.selectbox(
            _("Case"),
            list(states),
            index=list(states).index(base.status),
            format_func=lambda code: names.name(names.CASES, code.replace("_", " ")),
            key=keys["status"],
        )
        left.text_input(_("Responsible office"), value=base.owner or "", max_chars=80, key=keys["owner"])
        middle.number_input(
            _("Explained"),
            value=base.explained_amount,
            step=1,
            format="%d",
            help=_("Signed like the difference: below zero where the census is lower."),
            key=keys["explained_amount"],
        )
        middle.selectbox(
            _("Reason"),
            list(names.REASON_CODES),
            index=names.REASON_CODES.index(base.explained_reason) if base.explained_reason else None,
            format_func=lambda code: names.name(names.REASONS, code),
            placeholder=_("None"),
            key=keys["explained_reason"],
        )
        right.date_input(_("Due"), value=base.due_date, format="YYYY-MM-DD", key=keys["due_date"])
        st.form_submit_button(_("Save"), type="primary", on_click=_save, args=(view, figure, keys))
    result = st.session_state.pop(f"case-result-{figure}", None)
    if result == "saved":
        st.success(_("Saved as a new version."), icon=":material/check:")
    elif result:
        st.error(plain(result), icon=":material/block:")


@faults.kept()
def _save(view: View, figure: int, keys: dict[str, str]) -> None:
    """Save what is entered against the version that was seen; keep it in the form where that fails."""
    wanted = Case(**{field: st.session_state[key] for field, key in keys.items()})
    seen, _base = st.session_state[f"case-seen-{figure}"]
    outcome = discrepancy.change(view, figure, seen, wanted, role=access.role())
    result = f"case-result-{figure}"
    if outcome.result == "saved":
        _forget(figure)
        st.session_state[result] = "saved"
    elif outcome.result == "conflict" and outcome.case:
        st.session_state[f"case-seen-{figure}"] = (outcome.version, outcome.case)
        st.session_state[result] = reasons.conflict(outcome.case, wanted)
    else:
        st.session_state[result] = reasons.refusal(outcome, wanted)


def _forget(figure: int) -> None:
    """Begin the form anew from what is on file."""
    st.session_state.pop(f"case-seen-{figure}", None)
    st.session_state[f"case-round-{figure}"] = st.session_state.get(f"case-round-{figure}", 0) + 1


def overdue(view: View) -> None:
    """Show the cases at or below the area that should have been settled."""
    rows = names.with_names(ask(discrepancy.overdue, view))
    section(_("Overdue cases"), _("Not settled by the day that was set; the longest overdue first."))
    if rows.empty:
        verdict(*headline.none_overdue(*ask(discrepancy.unsettled, view)))
        return
    table(rows, columns.OVERDUE, name="overdue", alt=_("Cases past their due date"))
