"""Area codes of another year's list: what they may stand for, and the desk's word for which they do."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from dashboard import access, faults
from dashboard import columns_of_comparisons as columns
from dashboard.ask import ask
from dashboard.glossary import N_
from dashboard.headline import names
from dashboard.i18n import _, count, language, ngettext
from dashboard.plain import plain
from dashboard.show import section
from dashboard.tables import table
from queries.intake import matching
from queries.view import View

NOTE: Final = N_(
    "A file of another year may name areas by codes that are gone. Nothing is matched until the desk says so."
)


def match_file(unknown: pd.DataFrame, view: View) -> None:
    """Let the unknown codes of a file that waits be matched, so that its rows are no longer rejected."""
    section(_("Unknown area codes"), _(NOTE))
    match(unknown, view)


def match_listed(view: View) -> None:
    """Let codes that were pasted be looked at, and those that are unknown be matched; for the data desk."""
    section(_("Codes of another year"), _(NOTE))
    pasted = st.text_area(
        _("Codes to look at: one a line, its name and the place above after it"),
        key=f"codes-{language()}",
        height=100,
    )
    if pasted.strip():
        match(ask(matching.listed, pasted), view)
    known = ask(matching.confirmed, view)
    known = known.assign(confirmed_by=known["confirmed_by"].map(names.office))
    if len(known):
        table(known, columns.MATCHED, name="matched", alt=_("Codes matched by the desk"), drill=False)
        _retract(known, view)


def match(unknown: pd.DataFrame, view: View) -> None:
    """Show unknown codes (code, name, parent_name, rows) with what they may stand for, and let one be confirmed."""
    if unknown.empty:
        st.success(_("Every area code of the file is known."), icon=":material/check:")
        return
    found = ask(matching.suggest, unknown, ask(matching.tree, view))
    said = ngettext("{n} unknown code.", "{n} unknown codes.", len(unknown))
    st.markdown(plain(said.format(n=count(len(unknown)))))
    table(
        found, columns.SUGGESTIONS, name="suggestions", alt=_("Unknown codes and what they may stand for"), drill=False
    )
    if not access.may_write():
        return
    likely = found[found["rank"] > 0]
    if likely.empty:
        st.info(_("No area is like any of these codes."))
        return
    called = dict(zip(found["code"], found["name"], strict=True))
    left, right = st.columns(2, vertical_alignment="bottom")
    code = left.selectbox(
        _("Unknown code"),
        list(dict.fromkeys(likely["code"])),
        format_func=lambda c: f"{c} · {called[c]}" if isinstance(called[c], str) else c,
        key=f"match-code-{language()}",
    )
    lines = likely[likely["code"] == code]
    paths = dict(zip(lines["area_id"].astype(int), lines["path"], strict=True))
    right.selectbox(
        _("Stands for"), list(paths), index=None, format_func=paths.__getitem__, placeholder=_("Choose an area"),
        key=f"match-area-{code}-{language()}",
    )  # fmt: skip
    st.button(_("Confirm the match"), key="match-confirm", on_click=_confirm, args=(view, code, called[code]))


@faults.kept()
def _confirm(view: View, code: str, name: object) -> None:
    chosen = st.session_state.get(f"match-area-{code}-{view.language}")
    if chosen is not None:
        matching.confirm(view, code, chosen, role=access.role(), name=name if isinstance(name, str) else None)


def _retract(known: pd.DataFrame, view: View) -> None:
    if not access.may_write():
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    code = left.selectbox(
        _("Matched code"),
        known["code"].tolist(),
        index=None,
        placeholder=_("Choose a code"),
        key=f"match-undo-{language()}",
    )
    right.button(
        _("Take the match back"),
        key="match-retract",
        disabled=code is None,
        on_click=_take_back,
        args=(view, str(code)),
    )


@faults.kept()
def _take_back(view: View, code: str) -> None:
    matching.retract(view, code, role=access.role())
