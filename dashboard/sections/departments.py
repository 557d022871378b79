"""The census against departments: what can be compared, what cannot and why, parts, and sources that disagree."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import columns_of_comparisons as columns
from dashboard.ask import ask
from dashboard.charts import discrepancies as bars
from dashboard.headline import labels, names, reasons
from dashboard.i18n import _
from dashboard.plain import plain
from dashboard.show import chart, colours, section
from dashboard.tables import table
from queries import discrepancy
from queries.view import View


def compared(rows: pd.DataFrame) -> None:
    """Show the comparisons that can be made: differences, explained parts, tolerance."""
    rows = labels.comparisons(rows[rows["comparable"]])
    if rows.empty:
        return
    section(_("Against departments"), _("The band is the tolerance; the hatched part is explained."))
    figure = bars.discrepancies(rows, names.differences(), colours())
    chart(figure, key="differences", alt=_("Signed difference of each comparison with its tolerance"))
    table(rows, columns.COMPARISONS, name="comparisons", alt=_("Comparisons with departments"), drill=False)


def refused(rows: pd.DataFrame) -> None:
    """Show the figures that cannot be compared, each with the reason."""
    rows = rows[~rows["comparable"]]
    if rows.empty:
        return
    section(_("Not comparable"), _("Figures that cannot be compared are not subtracted."))
    said = _("**{comparisons}**: {why}")
    listed = (said.format(comparisons=plain(which), why=plain(why)) for which, why in reasons.together(rows))
    st.markdown("\n".join(f"- {line}" for line in listed))
    table(rows, columns.NOT_COMPARABLE, name="not-comparable", alt=_("Figures not compared, and why"), drill=False)


def parts(view: View) -> None:
    """Show differences part by part, so that opposite signs cannot cancel."""
    rows = names.with_names(ask(discrepancy.components, view))
    if rows.empty:
        return
    section(_("Parts"), _("Opposite signs cannot cancel: the sizes of the parts are added up."))
    table(rows, columns.COMPONENTS, name="components", alt=_("Differences part by part"), drill=False)


def ranges(view: View) -> None:
    """Show where the departments themselves disagree."""
    rows = names.with_names(ask(discrepancy.source_ranges, view))
    if rows.empty:
        return
    section(_("Sources that disagree"), _("The departments' own figures differ: a range, not one figure."))
    table(rows, columns.RANGES, name="ranges", alt=_("Lowest and highest figure of the sources"), drill=False)
