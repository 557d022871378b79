"""The census against itself: own totals three ways, parts, flows, households, periods."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import columns_of_ledger as columns
from dashboard.ask import ask
from dashboard.headline import names, notices
from dashboard.i18n import _
from dashboard.show import section
from dashboard.tables import table
from queries import discrepancy
from queries.view import View


def three_way(rows: pd.DataFrame) -> None:
    """Show own totals against the sum below and the detail; those that differ first."""
    section(
        _("Own totals, three ways"),
        _("What an office reported itself, what those below it reported, and the returns of all units, as of its day."),
    )
    if rows.empty:
        st.info(_("No office has filed a total of its own for this area or those right below."))
        return
    table(rows, columns.THREE_WAY, name="own-totals", alt=_("Own totals against sums and detail"),
          notes=[notices.to_verify()])  # fmt: skip


def checks(view: View) -> None:
    """Show the figures of the area against one another, and those of the areas below that do not come out even."""
    section(_("Figures against one another"), _("Parts against totals, flows in balance, ledger rows against persons."))
    rows = names.with_names(ask(discrepancy.internal, view))
    if rows.empty:
        st.info(_("No totals with parts and no flows have been filed for this area."))
    else:
        table(rows, columns.INTERNAL, name="internal", alt=_("Internal checks"), drill=False)
    below = names.with_names(ask(discrepancy.internal_by_child, view))
    if len(below):
        section(_("The same by area"), _("Only what does not come out even."))
        table(below, columns.INTERNAL_BY_AREA, name="internal-by-area", alt=_("Internal checks by area"))


def flows(view: View) -> None:
    """Show where movers came from and went to, and what each street says of the others."""
    rows = names.with_names(ask(discrepancy.flows, view))
    below = ask(discrepancy.flows_by_child, view)
    if len(rows) or len(below):
        section(_("Flows by distance"), _("In-migrants and out-migrants of six months or more, from the ledger."))
    left, right = st.columns(2)
    if len(rows):
        with left:
            table(rows, columns.FLOWS, name="flows", alt=_("Movers in and out by distance"), drill=False)
    if len(below):
        with right:
            table(below, columns.FLOWS_BY_AREA, name="flows-by-area", alt=_("Flows between streets by area"))


def households(view: View) -> None:
    """Show persons per household, and the parts of which the registered persons consist."""
    section(_("Persons per household"), _("From the returns; the area first, then those furthest from what is usual."))
    table(ask(discrepancy.household_sizes, view), columns.HOUSEHOLDS, name="household-sizes",
          alt=_("Persons per household by area"))  # fmt: skip
    rows = names.with_names(ask(discrepancy.composition, view))
    section(_("Registered persons in parts"), _("The parts do not overlap and add up to the registered persons."))
    table(rows, columns.COMPOSITION, name="composition", alt=_("Registered persons in parts"), drill=False)


def periods(view: View) -> None:
    """Show periods that overlap, or that differ between births and deaths."""
    rows = names.with_names(ask(discrepancy.overlaps, view))
    section(_("Periods that do not fit together"))
    if rows.empty:
        if ask(discrepancy.with_period, view) > 1:
            st.success(_("No periods overlap."), icon=":material/check:")
        else:
            st.info(_("Fewer than two figures of this area state a period: there is nothing to set side by side."))
        return
    table(rows, columns.OVERLAPS, name="periods", alt=_("Periods that do not fit together"), drill=False)
