"""Small sensitive counts are hidden below street level before anything is shown of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.ask import ask
from queries import areas, completion
from queries.masking import BELOW_STREET, SENSITIVE, masked
from queries.settings import settings
from queries.view import View

PERSON_COUNTS = ("births", "deaths", "hmt", "foreign")
COMPARED = ("census_value", "benchmark_value")
DERIVED = ("discrepancy", "rate", "unexplained", "unexplained_rate", "explained_amount")


def shielded(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return rows of siblings with small counts hidden where they are below street level.

    Adds a truth column `<column>_masked` for each column.
    """
    if len(rows) and rows["kind"].isin(BELOW_STREET).all():
        return masked(rows, columns, ask(settings)["small_count"])
    return rows.assign(**{f"{name}_masked": False for name in columns})


def persons(view: View, area: pd.DataFrame) -> pd.DataFrame:
    """Return the completion row of the viewed area with small counts hidden as among its siblings."""
    row = area.iloc[0]
    if row["kind"] not in BELOW_STREET or pd.isna(row["parent_id"]):
        return shielded(area, PERSON_COUNTS)
    siblings = ask(completion.by_child, view.at(int(row["parent_id"])))
    siblings = siblings if len(siblings) else area
    hidden = shielded(siblings, PERSON_COUNTS)
    return hidden[hidden["area_id"] == row["area_id"]]


def compared(view: View, rows: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return comparisons of sibling areas with small sensitive counts, and what derives from them, hidden."""
    kinds = ask(areas.children, view).set_index("area_id")["kind"]
    rows = rows.assign(kind=rows["area_id"].map(kinds))
    if indicator not in SENSITIVE:
        return rows.assign(**{f"{name}_masked": False for name in COMPARED})
    rows = shielded(rows, COMPARED)
    hidden = rows[[f"{name}_masked" for name in COMPARED]].any(axis=1)
    return rows.assign(**{name: rows[name].mask(hidden) for name in DERIVED})


def is_below_street(kind: str) -> bool:
    """Return whether an area of this kind lies below the streets."""
    return kind in BELOW_STREET
