"""What was taken in, and the undoing of a load."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import access, columns_of_intake, faults
from dashboard.ask import ask
from dashboard.desk import days, uploads
from dashboard.headline import intake as headline
from dashboard.i18n import _, language
from dashboard.plain import plain
from dashboard.show import section
from dashboard.tables import table
from dashboard.url import current_view
from queries.intake.receipt import Receipt
from queries.intake.undo import examine_undo, undo


def show(loads: pd.DataFrame) -> None:
    """Show the history of loads, and offer to undo one."""
    section(_("Loads"), _("Every file that was taken in, the newest first."))
    if loads.empty:
        st.info(_("Nothing has been taken in by this office yet."), icon=":material/inbox:")
        return
    rows = headline.loads_table(loads)
    table(rows, columns_of_intake.LOADS, name="loads", alt=_("History of loads"), drill=False)
    standing = loads[loads["can_undo"]]
    if len(standing):
        _undo(standing)


def _undo(standing: pd.DataFrame) -> None:
    section(
        _("Undo a load"),
        _(
            "All is as if the load had not come: versions before come back, what later loads brought stays. "
            "What it brought is kept in the history, and the file may be loaded again."
        ),
    )
    names = {int(row["load_id"]): headline.load_name(row) for _number, row in standing.iterrows()}
    chosen = st.selectbox(
        _("Load to be undone"),
        list(names),
        index=None,
        format_func=lambda load_id: names.get(load_id, str(load_id)),
        placeholder=_("Choose a load"),
        key=f"undo-{language()}",
        width=560,
    )
    if chosen is None:
        return
    told: Receipt = ask(examine_undo, chosen, current_view().scope_id)
    if told.problem is not None:
        st.info(plain(headline.would_be_undone(told)), icon=":material/info:")
        return
    st.warning(plain(headline.would_be_undone(told)), icon=":material/undo:")
    st.button(
        plain(_("Undo load {load}").format(load=chosen)), key=f"undo-load-{chosen}", icon=":material/undo:",
        on_click=_undone, args=(chosen,),
    )  # fmt: skip


@faults.kept()
def _undone(load_id: int) -> None:
    """Undo a load; for a button's callback."""
    uploads.keep(undo(load_id, access.role(), scope_id=current_view().scope_id))
    days.follow()
