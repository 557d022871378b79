"""Departments' figures and the office's own ledger for a demonstration, adding up to the source's."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from queries.demo.progress import AS_OF
from queries.demo.tree import PERSONS, apportion

WINDOW = ("2009-11-01", "2010-08-31")
DEATH_WINDOW = ("2009-11-01", "2010-09-28")
# indicator, source, value, window, cut-off, definition; every level where True, else the top alone
FIGURES: Final[tuple[tuple[str, str, int, tuple[str, str] | None, str, str, bool], ...]] = (
    ("resident", "ledger", 344_175, None, "2010-09-30", "基础台账常住人口", True),
    ("resident", "statistics", 361_400, None, "2009-12-31", "年末常住人口", True),
    ("hukou", "ledger", 218_365, None, "2010-09-30", "基础台账户籍人口", True),
    ("hukou", "police", 222_381, None, "2010-09-30", "整顿后在册户籍人口", True),
    ("total_persons", "police", 426_023, None, "2010-09-30", "在册户籍与非户籍人口合计", True),
    ("birth", "ledger", 1_379, WINDOW, "2010-09-30", "基础台账登记出生", True),
    ("birth", "police", 1_702, WINDOW, "2010-09-30", "公安登记出生", True),
    ("birth", "health", 1_668, WINDOW, "2010-09-30", "卫生计生掌握出生", False),
    ("death", "ledger", 762, DEATH_WINDOW, "2010-09-30", "基础台账登记死亡", True),
    ("death", "police", 972, DEATH_WINDOW, "2010-09-30", "公安登记死亡", True),
    ("hmt", "ledger", 63, None, "2010-08-31", "居住在本区的港澳台居民", False),
    ("hmt", "police", 123, None, "2010-08-31", "居住在本区的港澳台居民", False),
    ("foreign", "ledger", 257, None, "2010-08-31", "居住在本区的外籍人员", False),
    ("foreign", "police", 246, None, "2010-08-31", "居住在本区的外籍人员", False),
    ("out6m", "ledger", 27_813, None, "2010-09-30", "离开户口登记地半年以上", False),
    ("out6m_street", "ledger", 13_775, None, "2010-09-30", "流往本区其他街道", False),
    ("out6m_district", "ledger", 7_731, None, "2010-09-30", "流往本市其他区", False),
    ("out6m_city", "ledger", 2_022, None, "2010-09-30", "流往本省其他市", False),
    ("out6m_province", "ledger", 1_306, None, "2010-09-30", "流往外省", False),
    ("in6m_street", "ledger", 24_578, None, "2010-09-30", "来自本区其他街道", False),
    ("in6m_district", "ledger", 49_227, None, "2010-09-30", "来自本市其他区", False),
    ("in6m_city", "ledger", 27_281, None, "2010-09-30", "来自本省其他市", False),
    ("in6m_province", "ledger", 38_060, None, "2010-09-30", "来自外省", False),
    ("separation_rows", "ledger", 174_851, None, "2010-09-30", "人户分离台账录入条数", False),
)
ENCLAVE: Final = 2_602  # hukou persons of special areas without a community


def benchmark_rows(units: pd.DataFrame, tree: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Return form C rows for the top, its streets and villages; sums below equal the figure above.

    Parameters
    ----------
    returns : DataFrame
        The last day's counts of each unit: area_code, hh_done, pers_total.
    """
    villages = units.groupby("village", sort=False).agg(
        street=("street", "first"), role=("role", "first"), persons=("persons", "sum")
    )
    villages = villages.reset_index()
    scale = villages["persons"].sum() / PERSONS
    top = _top(tree, villages)
    rows: list[dict[str, Any]] = []
    for indicator, source, value, window, cutoff, note, everywhere in FIGURES:
        total = round(value * scale)
        common = {
            "indicator": indicator,
            "source": source,
            "unit": "persons",
            "window_start": window[0] if window else None,
            "window_end": window[1] if window else None,
            "cutoff_at": cutoff,
            "concept_note": note,
        }
        rows.append({**common, "area_code": top, "value": total})
        if everywhere:
            rows += _below(villages, common, total, indicator, source)
    rows = _explained(rows, villages, top, round(ENCLAVE * scale))
    return pd.DataFrame([*rows, *_own_totals(units, returns)])


def _top(tree: pd.DataFrame, villages: pd.DataFrame) -> str:
    """Return the nearest area that holds all streets: the district, or whatever the tree begins with."""
    parent = dict(zip(tree["code"], tree["parent_code"], strict=True))
    above = set(parent.get(s) for s in villages["street"])
    return str(above.pop() if len(above) == 1 else tree["code"].iloc[0])


def _below(
    villages: pd.DataFrame, common: dict[str, Any], total: int, indicator: str, source: str
) -> list[dict[str, Any]]:
    weight = villages["persons"].to_numpy(dtype=float)
    role = villages["role"].to_numpy()
    if source == "ledger" and indicator == "birth":
        weight = weight * np.where(role == "births_missed", 0.35, 1.0)
    if source == "ledger" and indicator == "hukou":
        weight = weight * np.where(role == "enclave", 0.86, 1.0)
    values = apportion(total, weight)
    streets = pd.Series(values).groupby(villages["street"].to_numpy(), sort=False).sum()
    rows = [{**common, "area_code": code, "value": int(v)} for code, v in streets.items()]
    return rows + [
        {**common, "area_code": code, "value": int(v)} for code, v in zip(villages["village"], values, strict=True)
    ]


def _explained(rows: list[dict[str, Any]], villages: pd.DataFrame, top: str, amount: int) -> list[dict[str, Any]]:
    """Say of the enclave street, and of the whole, how much of the hukou discrepancy is the enclave's."""
    holders = villages.loc[villages["role"] == "enclave", "street"].unique()
    value = {(r["area_code"], r["indicator"], r["source"]): r["value"] for r in rows}
    left = amount
    for row in rows:
        if (row["indicator"], row["source"]) != ("hukou", "police"):
            continue
        gap = value[row["area_code"], "hukou", "ledger"] - row["value"]
        part = amount if row["area_code"] == top else min(left, -gap) if row["area_code"] in holders else 0
        if part > 0 and gap < 0:
            row |= {"explained_amount": -min(part, -gap), "explained_reason": "enclave", "status": "verifying"}
            row |= {"owner": "street office" if row["area_code"] != top else "district police bureau"}
    return rows


def _own_totals(units: pd.DataFrame, returns: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what streets report as their own totals; one street's is not the sum of its villages."""
    counted = units.merge(returns, left_on="code", right_on="area_code", how="left")
    streets = counted.groupby("street", sort=False).agg(
        role=("role", "first"), registered_households=("hh_done", "sum"), registered_persons=("pers_total", "sum")
    )
    rows = []
    for code, row in streets.iterrows():
        wrong = row["role"] == "own_total_differs"
        for indicator, excess in (("registered_households", 137), ("registered_persons", 402)):
            rows.append(
                {
                    "area_code": code,
                    "indicator": indicator,
                    "source": "own_total",
                    "value": int(row[indicator]) + (excess if wrong else 0),
                    "unit": "households" if indicator == "registered_households" else "persons",
                    "cutoff_at": AS_OF.isoformat(),
                    "concept_note": "街道上报合计数",
                }
            )
    return rows
