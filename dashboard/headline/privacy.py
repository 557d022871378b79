"""Small sensitive counts are hidden below street level before anything is shown of them.

Frames of `queries.completion`, `queries.staffing` and `queries.discrepancy` come with their small counts hidden;
`shielded` is for counts that are small in other tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.ask import ask
from queries.masking import BELOW_STREET, is_below_street, masked
from queries.settings import settings

__all__ = ["is_below_street", "shielded"]


def shielded(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return rows of siblings with small counts hidden where they are below street level.

    Adds a truth column `<column>_masked` for each column.
    """
    if len(rows) and rows["kind"].isin(BELOW_STREET).all():
        return masked(rows, columns, ask(settings)["small_count"])
    return rows.assign(**{f"{name}_masked": False for name in columns})
