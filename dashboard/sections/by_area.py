"""One comparison, chosen from those of the area: by the areas below, and what is being done about it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import columns_of_comparisons as columns
from dashboard.ask import ask
from dashboard.charts import discrepancies as bars
from dashboard.headline import labels, names, notices, reasons
from dashboard.i18n import _
from dashboard.show import chart, colours, section
from dashboard.tables import table
from queries import areas, discrepancy
from queries.view import View


def choose(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Let one indicator and source be chosen; return its rows, one a period."""
    pairs = [tuple(pair) for pair in rows[["indicator", "source"]].drop_duplicates().itertuples(index=False)]
    section(_("One comparison"), _("By the areas below, and what is being done about it."))
    chosen = st.selectbox(
        _("Comparison"),
        pairs,
        format_func=lambda pair: labels.comparison(*pair),
        key=f"comparison-{view.area_id}-{view.language}",
    )
    return rows[(rows["indicator"] == chosen[0]) & (rows["source"] == chosen[1])]


def below(chosen: pd.DataFrame, view: View) -> None:
    """Show the chosen comparison for each area right below."""
    pair = chosen["indicator"].iloc[0], chosen["source"].iloc[0]
    rows = ask(discrepancy.by_child, view, *pair)
    if rows.empty:
        here = ask(areas.place, view)
        if here is not None and not here["is_leaf"]:
            st.info(_("No area below has filed this figure."))
        return
    known = rows[rows["rate"].notna()]
    if len(known):
        figure = bars.discrepancies(labels.comparisons(known, by_area=True), names.differences(), colours())
        chart(figure, key="by-area", alt=_("Signed difference by area"), drill=True)
    said = reasons.netted(discrepancy.netted(rows))
    notes = [note for note in (said, masked(rows), notices.appraisal()) if note]
    table(rows, columns.BY_AREA, name="by-area", alt=_("The chosen comparison by area"), notes=notes)


def masked(rows: pd.DataFrame) -> str | None:
    """Return the note on masked figures where there are any."""
    hidden = rows[["census_value_masked", "benchmark_value_masked"]].to_numpy().any()
    return notices.small_counts() if hidden else None
