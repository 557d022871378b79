"""Small sensitive counts below street level are not shown, nor can they be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

BELOW_STREET: Final = ("village", "community", "institution", "ed")
SENSITIVE: Final = ("births", "deaths", "hmt", "foreign", "no_hukou", "birth", "death")


def without_sensitive(rows: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons without those of a sensitive indicator below street level; rows have kind and indicator."""
    return rows[~(rows["kind"].isin(BELOW_STREET) & rows["indicator"].isin(SENSITIVE))].reset_index(drop=True)


def masked(frame: pd.DataFrame, columns: Sequence[str], smallest: int, *, group: str = "parent_id") -> pd.DataFrame:
    """Blank small counts among siblings, and one more sibling where a single blank could be subtracted out.

    Parameters
    ----------
    frame : DataFrame
        One row a unit below street level.
    columns : sequence of str
        Sensitive counts.
    smallest : int
        Counts from 1 to one less than this are blanked.
    group : str
        Column of the parent whose total is known.

    Returns
    -------
    DataFrame
        With missing values for blanked cells and a truth column `<column>_masked` for each.
    """
    result = frame.copy()
    for name in columns:
        counts = frame[name]
        hide = counts.between(1, smallest - 1)
        for _, part in frame.groupby(group, dropna=False):
            hidden = hide.loc[part.index]
            if hidden.sum() == 1:
                rest = counts.loc[part.index][~hidden].dropna()
                rest = rest[rest > 0] if (rest > 0).any() else rest
                if len(rest):
                    hide.loc[rest.idxmin()] = True
        result[name] = counts.mask(hide)
        result[f"{name}_masked"] = hide
    return result
