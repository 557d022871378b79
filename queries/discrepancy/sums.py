"""Residents from Hong Kong, Macao, Taiwan and abroad together: their parts where both are filed, else the sum.

The sum is exactly these two parts. Other families are not added up so: movers by distance may hold some
that no part names.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from queries.counts import FAMILIES

SUM: Final = "hmt_foreign"
PARTS: Final = FAMILIES[SUM]
PERIOD: Final = ["area_id", "source", "window_start", "window_end"]
SAME: Final = [*PERIOD, "cutoff_at"]  # parts of other days are not added up
AGREED: Final = ("unit", "covers_special_area", "concept_note", "explained_reason")  # said only where both parts do


def summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sum of the two parts wherever both were filed for the same period and cut-off.

    Rows and columns as `filed` gives them. benchmark_id and the case are those of the first part;
    explained_amount is the sum of what is explained of either.
    """
    keyed = rows.assign(key=pd.Series(_keys(rows, SAME), index=rows.index, dtype=object))
    first, second = (keyed[keyed["indicator"] == part] for part in PARTS)
    pairs = first.merge(second[["key", "value", "explained_amount", *AGREED]], on="key", suffixes=("", "_other"))
    if pairs.empty:
        return rows.iloc[:0]
    amounts = pairs[["explained_amount", "explained_amount_other"]].astype("float64")
    agreed = {name: pairs[name].where(pairs[name] == pairs[f"{name}_other"]) for name in AGREED}
    pairs = pairs.assign(
        indicator=SUM,
        value=pairs["value"] + pairs["value_other"],
        explained_amount=amounts.sum(axis=1, min_count=1),
        parts=None,
        **agreed,
    )
    return pairs[list(rows.columns)]


def with_sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Return filed figures with the sum of the parts in place of a sum filed for the same period, or beside none."""
    ours = summed(rows)
    if ours.empty:
        return rows
    added = set(_keys(ours, PERIOD))
    filed_as_sum = (rows["indicator"] == SUM) & np.array([key in added for key in _keys(rows, PERIOD)], dtype=bool)
    return pd.concat([rows[~filed_as_sum], ours.astype(rows.dtypes.to_dict())], ignore_index=True)


def both_compared(rows: pd.DataFrame) -> np.ndarray:
    """Return which comparisons are of a filed sum whose two parts are compared already (`comparable`)."""
    keys = pd.Series(_keys(rows, PERIOD), index=rows.index, dtype=object)
    compared = [set(keys[rows["comparable"] & (rows["indicator"] == part)]) for part in PARTS]
    both = compared[0] & compared[1]
    return np.array([key in both for key in keys], dtype=bool) & (rows["indicator"] == SUM).to_numpy()


def _keys(rows: pd.DataFrame, names: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(rows[name].astype("str").fillna("") for name in names), strict=True))
