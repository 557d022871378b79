"""The census against itself: parts against totals, flows, ledger rows, households (indicators 50, 59, 72)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from queries import completion
from queries.counts import DISTANCES, FAMILIES
from queries.discrepancy.filed import filed
from queries.indicators import band_status, flow_balance, ratio, status
from queries.intake.values import breakdowns
from queries.masking import SENSITIVE
from queries.schema import area
from queries.settings import settings
from queries.view import View

CHECK: Final = ["check", "indicator", "source", "left", "right", "difference", "share", "status"]
PLACE: Final = ["area_id", "code", "name", "kind"]
BETWEEN_STREETS: Final = ("province", "city", "district")  # areas inside which flows between streets must balance
# Parts of the registered persons that do not overlap: columns of `progress` to add and subtract.
COMPOSITION: Final = {
    "hukou_living": ("pers_hukou", "-pers_absent"),
    "in6m": ("pers_in6m",),
    "other_non_hukou": ("pers_total", "-pers_hukou", "-pers_in6m"),
    "out6m": ("pers_out6m",),
    "other_absent": ("pers_absent", "-pers_out6m"),
}


def internal(view: View) -> pd.DataFrame:
    """Return the checks of the viewed area's own figures against one another.

    Columns: check (parts_in6m, parts_out6m, parts_total_persons; parts_filed: a breakdown filed with the
    figure; rest_total_persons: what hukou leaves of the total; flow_balance; separation), indicator, source,
    left, right, difference (left less right), share (of the total, of the larger flow, or of the movers), status
    (green where nothing differs; flow balance by its limits; else unknown).
    """
    rows = filed(view, area.c.id == view.area_id)
    found = list(_checks(rows)) if len(rows) else []
    return _frame(found, CHECK)


def internal_by_child(view: View) -> pd.DataFrame:
    """Return the checks of each area right below the viewed one that do not come out even.

    Columns as `internal`, with area_id, code, name and kind. What hukou leaves of a total is no difference
    and is left out.
    """
    rows = filed(view, area.c.parent_id == view.area_id)
    found = [
        {**dict(zip(PLACE, place, strict=True)), **check}
        for place, part in rows.groupby(PLACE, sort=False)
        for check in _checks(part)
        if check["difference"] and check["check"] != "rest_total_persons"
    ]
    return _frame(found, [*PLACE, *CHECK])


def _frame(found: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=columns)
    numbers = ["left", "right", "difference", "share"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _checks(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the checks of one area's filed rows; none of sensitive figures."""
    rows = rows[(rows["source"] != "own_total") & ~rows["indicator"].isin(SENSITIVE)]
    for source, part in rows.groupby("source", sort=False):
        value = part.drop_duplicates("indicator", keep="last").set_index("indicator")["value"].to_dict()
        yield from _families(value, str(source))
        if source == "ledger":
            yield from _flows(value, str(part["kind"].iloc[0]))
            yield from _separation(value)
    for row in rows[rows["parts"].notna()].itertuples():
        for parts in breakdowns(row.parts) or ():
            yield _check("parts_filed", row.indicator, row.source, row.value, sum(parts), row.value)


def _families(value: dict[str, float], source: str) -> Iterator[dict[str, Any]]:
    for family, parts in FAMILIES.items():
        total = value.get(family)
        if total is None:
            continue
        if all(part in value for part in parts):
            yield _check(f"parts_{family}", family, source, total, sum(value[p] for p in parts), total)
        elif family == "total_persons" and "hukou" in value:
            yield _check("rest_total_persons", family, source, total, value["hukou"], total)


def _flows(value: dict[str, float], kind: str) -> Iterator[dict[str, Any]]:
    inflow, outflow = value.get("in6m_street"), value.get("out6m_street")
    if inflow is None or outflow is None or kind not in BETWEEN_STREETS:
        return
    gap, share = flow_balance(inflow, outflow)
    judged = status(pd.Series([share]), settings()["flow_balance"], high_is_good=False).iloc[0]
    check = _check("flow_balance", "in6m_street", "ledger", inflow, outflow, 1.0)
    yield {**check, "difference": gap, "share": share, "status": judged}


def _separation(value: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the residence–hukou ledger against the persons who moved in or out."""
    movers = [_flow(value, flow)[0] for flow in ("in6m", "out6m")]
    if "separation_rows" in value and not np.isnan(movers).any():
        yield _check("separation", "separation_rows", "ledger", value["separation_rows"], sum(movers), sum(movers))


def _flow(value: dict[str, float], flow: str) -> tuple[float, list[float]]:
    """Return the total of a flow, as filed or else added up, and its parts by distance."""
    parts = [value.get(f"{flow}_{place}", np.nan) for place in DISTANCES]
    return value.get(flow, float(np.sum(parts))), parts


def _check(check: str, indicator: str, source: str, left: float, right: float, base: float) -> dict[str, Any]:
    gap = left - right
    share = abs(gap) / base if base else np.nan
    values = (check, indicator, source, left, right, gap, share, "green" if gap == 0 else "unknown")
    return dict(zip(CHECK, values, strict=True))


def flows(view: View) -> pd.DataFrame:
    """Return the ledger's movers in and out by distance, and what is not allocated (indicators 57, 58).

    Columns: flow (in6m, out6m), distance (street, district, city, province, unallocated), persons, share (of the
    flow's total, 0-1). The total is the filed one, else the sum of the parts.
    """
    rows = filed(view, area.c.id == view.area_id)
    ledger = rows[rows["source"] == "ledger"].drop_duplicates("indicator", keep="last")
    value = ledger.set_index("indicator")["value"].to_dict()
    found: list[dict[str, Any]] = []
    for flow in ("in6m", "out6m"):
        total, parts = _flow(value, flow)
        if np.isnan(parts).any():
            continue
        persons = dict(zip(DISTANCES, parts, strict=True))
        if total != sum(parts):
            persons["unallocated"] = total - sum(parts)
        found += [{"flow": flow, "distance": d, "persons": n, "share": n / total} for d, n in persons.items()]
    return pd.DataFrame(found, columns=["flow", "distance", "persons", "share"])


def flows_by_child(view: View) -> pd.DataFrame:
    """Return what each street says came from and went to other streets of its district (indicator 72).

    One row an area right below the viewed one that filed both. Columns: area_id, code, name, kind, inflow,
    outflow, net (in less out), share (of the inflow of all, 0-1). The nets of all should add up to nought.
    """
    rows = filed(view, area.c.parent_id == view.area_id)
    rows = rows[(rows["source"] == "ledger") & rows["indicator"].isin(["in6m_street", "out6m_street"])]
    columns = [*PLACE, "inflow", "outflow", "net", "share"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    wide = rows.pivot_table("value", PLACE, "indicator", sort=False).dropna()
    wide = wide.rename(columns={"in6m_street": "inflow", "out6m_street": "outflow"}).reset_index()
    wide = wide.assign(net=wide["inflow"] - wide["outflow"], share=wide["inflow"] / wide["inflow"].sum())
    return wide.rename_axis(columns=None)[columns]


def composition(view: View) -> pd.DataFrame:
    """Return the registered persons of the viewed area in parts that do not overlap.

    Columns: part (hukou_living, in6m, other_non_hukou, out6m, other_absent), persons, share (of the registered
    persons, 0-1). Missing where the returns leave a part unknown.
    """
    here = completion.of_area(view)
    if here.empty:
        return pd.DataFrame(columns=["part", "persons", "share"])
    row = here.iloc[0]
    persons = [
        sum((-row[n[1:]] if n[0] == "-" else row[n] for n in names), start=0.0) for names in COMPOSITION.values()
    ]
    frame = pd.DataFrame({"part": list(COMPOSITION), "persons": persons})
    return frame.assign(share=frame["persons"] / row["pers_total"])


def household_sizes(view: View) -> pd.DataFrame:
    """Return persons per household of the viewed area and of each area right below it (indicator 50).

    Columns: area_id, code, name, kind, hh_done, pers_total, pers_living, persons_per_household,
    living_per_household, share_collective (0-1), status (of persons per household; unknown where over 30 % are
    collective households). The viewed area stands first, then those furthest from what is usual.
    """
    rows = pd.concat([completion.of_area(view), completion.by_child(view)], ignore_index=True)
    limits = settings()["household_size"]
    size = rows["persons_per_household"]
    collective = ratio(rows["hh_collective"].fillna(0), rows["hh_done"])
    rows = rows.assign(share_collective=collective, status=band_status(size, limits).mask(collective > 0.3, "unknown"))
    away = (size - (limits[0] + limits[1]) / 2).abs()
    order = [*rows.index[:1], *away.iloc[1:].sort_values(ascending=False, kind="stable").index]
    columns = ["hh_done", "pers_total", "pers_living", "persons_per_household", "living_per_household"]
    return rows.loc[order, [*PLACE, *columns, "share_collective", "status"]].reset_index(drop=True)
