"""Departments' figures and the office's own ledger for a demonstration, adding up to the source's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from queries.demo.progress import AS_OF
from queries.demo.tree import PERSONS, apportion

WINDOW = ("2009-11-01", "2010-08-31")
DEATH_WINDOW = ("2009-11-01", "2010-09-28")
SUMMER = ("2010-06-01", "2010-09-30")
YEAR = ("2009-10-01", "2010-09-30")
TOP, STREETS, ALL = "top", "streets", "all"  # down to which level a figure is filed
# indicator, source, value, window, cut-off, definition, level
FIGURES: Final[tuple[tuple[str, str, int, tuple[str, str] | None, str, str, str], ...]] = (
    ("resident", "ledger", 344_175, None, "2010-09-30", "基础台账常住人口", ALL),
    ("resident", "statistics", 361_400, None, "2009-12-31", "年末常住人口", ALL),
    ("hukou", "ledger", 218_365, None, "2010-09-30", "基础台账户籍人口", ALL),
    ("hukou", "police", 222_381, None, "2010-09-30", "整顿后在册户籍人口", ALL),
    ("total_persons", "police", 426_023, None, "2010-09-30", "在册户籍与非户籍人口合计", ALL),
    ("birth", "ledger", 1_379, WINDOW, "2010-09-30", "基础台账登记出生", ALL),
    ("birth", "police", 1_702, WINDOW, "2010-09-30", "公安登记出生", ALL),
    ("birth", "health", 1_668, WINDOW, "2010-09-30", "卫生计生掌握出生", TOP),
    ("death", "ledger", 762, DEATH_WINDOW, "2010-09-30", "基础台账登记死亡", ALL),
    ("death", "police", 972, DEATH_WINDOW, "2010-09-30", "公安登记死亡", ALL),
    ("hmt", "ledger", 63, None, "2010-08-31", "居住在本区的港澳台居民", TOP),
    ("hmt", "police", 123, None, "2010-08-31", "居住在本区的港澳台居民", TOP),
    ("foreign", "ledger", 257, None, "2010-08-31", "居住在本区的外籍人员", TOP),
    ("foreign", "police", 246, None, "2010-08-31", "居住在本区的外籍人员", TOP),
    ("out6m", "ledger", 27_813, None, "2010-09-30", "离开户口登记地半年以上", STREETS),
    ("out6m_street", "ledger", 13_775, None, "2010-09-30", "流往本区其他街道", STREETS),
    ("out6m_district", "ledger", 7_731, None, "2010-09-30", "流往本市其他区", STREETS),
    ("out6m_city", "ledger", 2_022, None, "2010-09-30", "流往本省其他市", STREETS),
    ("out6m_province", "ledger", 1_306, None, "2010-09-30", "流往外省", STREETS),
    ("in6m_street", "ledger", 24_578, None, "2010-09-30", "来自本区其他街道", STREETS),
    ("in6m_district", "ledger", 49_227, None, "2010-09-30", "来自本市其他区", STREETS),
    ("in6m_city", "ledger", 27_281, None, "2010-09-30", "来自本省其他市", STREETS),
    ("in6m_province", "ledger", 38_060, None, "2010-09-30", "来自外省", STREETS),
    ("separation_rows", "ledger", 174_851, None, "2010-09-30", "人户分离台账录入条数", STREETS),
    # What the district did not publish is simulated at the top as well.
    ("birth", "police", 540, SUMMER, "2010-09-30", "公安登记出生,六月至九月", TOP),
    ("death", "civil_affairs", 958, YEAR, "2010-09-30", "火化登记死亡", TOP),
    ("resident", "prior_census", 246_800, None, "2000-11-01", "第五次人口普查常住人口", STREETS),
    ("in6m", "migrant_office", 133_200, None, "2010-09-30", "流动人口平台登记半年以上", STREETS),
    ("school_pupils", "education", 31_480, None, "2010-09-01", "中小学在校学生", STREETS),
    ("dwelling_units", "housing", 168_400, None, "2010-06-30", "住房登记套数", TOP),
    ("vacant", "power", 9_460, None, "2010-09-30", "连续三个月用电不足十度的住户", STREETS),
)
UNITS: Final = {"dwelling_units": "households", "vacant": "households", "registered_households": "households"}
ENCLAVE: Final = 2_602  # hukou persons of special areas without a community
EARLIER: Final = 2  # days by which one street's own totals are behind
OWN_TOTALS: Final = (("registered_households", "hh_done", 137), ("registered_persons", "pers_total", 402))
# What is being done about figures at the top: status, office, due date.
CASES: Final = {
    ("resident", "statistics"): ("verifying", "区统计局", "2010-10-20"),
    ("hukou", "police"): ("verifying", "区公安分局", "2010-10-15"),
    ("birth", "police"): ("verifying", "区卫生局", "2010-10-06"),
    ("death", "police"): ("to_verify", "区民政局", "2010-10-05"),
}


def benchmark_rows(
    units: pd.DataFrame, tree: pd.DataFrame, returns: pd.DataFrame, earlier: pd.DataFrame
) -> pd.DataFrame:
    """Return form C rows for the top, its streets and villages; sums below equal the figure above.

    Parameters
    ----------
    returns : DataFrame
        The last day's counts of each unit: area_code, hh_done, pers_total.
    earlier : DataFrame
        The same of `EARLIER` days before.
    """
    villages = units.groupby("village", sort=False).agg(
        street=("street", "first"), role=("role", "first"), persons=("persons", "sum")
    )
    villages = villages.reset_index()
    scale = villages["persons"].sum() / PERSONS
    top = _top(tree, villages)
    rows: list[dict[str, Any]] = []
    for indicator, source, value, window, cutoff, note, level in FIGURES:
        total = round(value * scale)
        common = {
            "indicator": indicator,
            "source": source,
            "unit": UNITS.get(indicator, "persons"),
            "window_start": window[0] if window else None,
            "window_end": window[1] if window else None,
            "cutoff_at": cutoff,
            "concept_note": note,
        }
        rows.append({**common, "area_code": top, "value": total})
        if level != TOP:
            rows += _below(villages, common, total, indicator, source, to_villages=level == ALL)
    rows = _with_cases(rows, villages, top)
    rows = _explained(rows, villages, top, round(ENCLAVE * scale))
    return pd.DataFrame([*rows, *_own_totals(units, returns, earlier, top)])


def _with_cases(rows: list[dict[str, Any]], villages: pd.DataFrame, top: str) -> list[dict[str, Any]]:
    """Say who looks into what by when, and who counts special areas: the ledger leaves an enclave out."""
    missed = set(villages.loc[villages["role"] == "births_missed", "street"])
    holders = {top, *villages.loc[villages["role"] == "enclave", "street"]}
    for row in rows:
        pair = (row["indicator"], row["source"])
        if row["area_code"] == top and pair in CASES and row["window_start"] != SUMMER[0]:
            row |= dict(zip(("status", "owner", "due_date"), CASES[pair], strict=True))
        if row["area_code"] in missed and pair == ("birth", "police"):
            row |= {"status": "to_verify", "owner": "街道卫生服务中心", "due_date": "2010-10-07"}
        if row["indicator"] == "hukou":
            left_out = row["source"] == "ledger" and row["area_code"] in holders
            row["covers_special_area"] = "false" if left_out else "true"
    return rows


def _top(tree: pd.DataFrame, villages: pd.DataFrame) -> str:
    """Return the nearest area that holds all streets: the district, or whatever the tree begins with."""
    parent = dict(zip(tree["code"], tree["parent_code"], strict=True))
    above = set(parent.get(s) for s in villages["street"])
    return str(above.pop() if len(above) == 1 else tree["code"].iloc[0])


def _below(
    villages: pd.DataFrame, common: dict[str, Any], total: int, indicator: str, source: str, *, to_villages: bool
) -> list[dict[str, Any]]:
    weight = villages["persons"].to_numpy(dtype=float)
    role = villages["role"].to_numpy()
    if source == "ledger" and indicator == "birth":
        weight = weight * np.where(role == "births_missed", 0.35, 1.0)
    if source == "ledger" and indicator == "hukou":
        weight = weight * np.where(role == "enclave", 0.86, 1.0)
        nth = pd.factorize(villages["street"])[0]
        weight = weight * (1 + 0.006 * np.sin(1.7 * nth))  # streets are out in both directions
    if indicator.startswith("out6m"):
        weight = weight * np.where(role == "mass_resignation", 1.8, 1.0)
    values = apportion(total, weight)
    streets = pd.Series(values).groupby(villages["street"].to_numpy(), sort=False).sum()
    rows = [{**common, "area_code": code, "value": int(v)} for code, v in streets.items()]
    if not to_villages:
        return rows
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
            row |= {"owner": "区公安分局" if row["area_code"] == top else "街道人普办"}
    return rows


def _own_totals(units: pd.DataFrame, returns: pd.DataFrame, earlier: pd.DataFrame, top: str) -> list[dict[str, Any]]:
    """Return what the top and its streets report as their own totals.

    One street's is not the sum of its villages, and the top's holds the same excess; another street's is some
    days old.
    """
    rows = []
    late = units["role"] == "reports_late"
    latest = pd.concat([units[late].merge(earlier, left_on="code", right_on="area_code", how="left"),
                        units[~late].merge(returns, left_on="code", right_on="area_code", how="left")])  # fmt: skip
    for indicator, column, excess in (
        ("registered_households", "hh_done", 137),
        ("registered_persons", "pers_total", 402),
    ):
        streets = latest.groupby("street", sort=False).agg(role=("role", "first"), value=(column, "sum"))
        streets = streets.reindex(dict.fromkeys(units["street"]))
        own = streets["value"] + np.where(streets["role"] == "own_total_differs", excess, 0)
        common = {"indicator": indicator, "source": "own_total", "unit": UNITS.get(indicator, "persons")}
        common |= {"owner": "街道人普办", "concept_note": "街道上报合计数"}
        for code, role, value in zip(streets.index, streets["role"], own, strict=True):
            day = AS_OF - timedelta(days=EARLIER) if role == "reports_late" else AS_OF
            row = {**common, "area_code": code, "value": int(value), "cutoff_at": day.isoformat()}
            if role == "own_total_differs":
                row |= {"status": "verifying", "due_date": "2010-10-09"}
            rows.append(row)
        whole = returns[column].sum() + excess * int((streets["role"] == "own_total_differs").sum())
        rows.append(
            {**common, "area_code": top, "value": int(whole), "cutoff_at": AS_OF.isoformat(), "owner": "区人普办"}
            | {"concept_note": "区级上报合计数"}
        )
    return rows
