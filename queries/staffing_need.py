"""How many staff the frame asks for in each unit, from which day to which (indicator 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from queries.counts import FRAME_PARTS

SEGMENT = ("area_id", "from_date", "until_date", "required", *FRAME_PARTS)


def requirements(
    tree: pd.DataFrame,
    units: pd.DataFrame,
    frame: pd.DataFrame,
    role: str,
    rule: Mapping[str, int],
    first: date,
    last: date,
) -> pd.DataFrame:
    """Return what each unit needs by the staffing rule, and what its frame holds, from day to day.

    Enumerators: the sum over villages of max(EDs, persons / persons_per_enumerator rounded up).
    Supervisors: EDs / eds_per_supervisor rounded up. What a frame does not tell of every reporting unit
    inside is unknown: who is in post there is counted whether it has a frame or not.

    Parameters
    ----------
    tree : DataFrame
        All areas: id, parent_id, kind, first, last.
    units : DataFrame
        The rows of the tree that staff the role, none inside another.
    frame : DataFrame
        One row a version of a reporting unit's frame: area_id, valid_from, valid_to (missing while it
        holds), eds, persons, households.
    first, last : date
        The days that are asked for.

    Returns
    -------
    DataFrame
        area_id, from_date, until_date (exclusive; missing at the end), required, eds, persons, households;
        one row a unit and span of days over which nothing changes, the first from `first` on.
    """
    leaves = _leaves(tree, units)
    steps = _steps(leaves, frame, pd.Timestamp(first), pd.Timestamp(last))
    total = _running(steps, ["group", "unit"])
    by_persons = np.ceil(total["persons"] / rule["persons_per_enumerator"])
    total["need"] = np.maximum(total["eds"], by_persons)
    changes = total[[*FRAME_PARTS, *_known(FRAME_PARTS), "need", "need_known"]].groupby(total["group"]).diff()
    amounts = changes.fillna(total[changes.columns])
    of_unit = pd.concat(
        [amounts.assign(unit=total["unit"], date=total["date"]), _beginnings(units, pd.Timestamp(first))],
        ignore_index=True,
    ).fillna(0)
    found = _running(of_unit.groupby(["unit", "date"], as_index=False).sum(), ["unit"])
    size = found["unit"].map(leaves.groupby("unit").size()).fillna(-1)
    for name in (*FRAME_PARTS, "need"):
        found[name] = found[name].where(found[f"{name}_known"] == size)
    if role == "supervisor":
        found["required"] = np.ceil(found["eds"] / rule["eds_per_supervisor"])
    else:
        found["required"] = found["need"]
    return _segments(found)


def _known(names: tuple[str, ...]) -> list[str]:
    return [f"{name}_known" for name in names]


def _leaves(tree: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the reporting units inside the units: id, unit, and group: the village that the rule looks at."""
    ordered = units.sort_values("first")
    leaves = tree[tree["first"] == tree["last"]]
    place = np.searchsorted(ordered["first"].to_numpy(), leaves["first"].to_numpy(), side="right") - 1
    inside = (place >= 0) & (leaves["last"].to_numpy() <= ordered["last"].to_numpy()[place])
    leaves, place = leaves[inside], place[inside]
    starts = tree.set_index("id")["first"]
    is_ed = (leaves["kind"] == "ed") & (leaves["parent_id"].map(starts) >= ordered["first"].to_numpy()[place])
    return pd.DataFrame(
        {
            "id": leaves["id"].to_numpy(),
            "unit": ordered["id"].to_numpy()[place],
            "group": leaves["id"].mask(is_ed, leaves["parent_id"]).astype("int64").to_numpy(),
        }
    )


def _steps(leaves: pd.DataFrame, frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return what each version adds on the day it begins to hold and takes away on the day after it did."""
    held = frame.merge(leaves, left_on="area_id", right_on="id")
    held = held.assign(begins=held["valid_from"].clip(lower=first))
    ends = held["valid_to"]
    held = held[(held["begins"] <= last) & (ends.isna() | (ends > held["begins"]))]
    amounts = pd.DataFrame({name: held[name].fillna(0) for name in FRAME_PARTS})
    told = pd.DataFrame({f"{name}_known": held[name].notna().astype("float64") for name in FRAME_PARTS})
    told["need_known"] = (held["eds"].notna() | held["persons"].notna()).astype("float64")
    values = pd.concat([amounts, told, held[["group", "unit"]]], axis=1)
    over = held["valid_to"] <= last
    taken = values[over].assign(date=held.loc[over, "valid_to"])
    taken[[*amounts, *told]] *= -1
    every = pd.concat([values.assign(date=held["begins"]), taken], ignore_index=True)
    return every.groupby(["group", "unit", "date"], as_index=False).sum()


def _running(steps: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the totals of each group after each of its steps, in the order of days."""
    ordered = steps.sort_values([*keys, "date"], kind="stable", ignore_index=True)
    amounts = ordered.columns.drop([*keys, "date"])
    ordered[amounts] = ordered.groupby(keys)[list(amounts)].cumsum()
    return ordered


def _beginnings(units: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Return a step of nothing for each unit, so that every unit has a span from the first day on."""
    return pd.DataFrame({"unit": units["id"].to_numpy(), "date": first})


def _segments(found: pd.DataFrame) -> pd.DataFrame:
    told = ["required", *FRAME_PARTS]
    before = found.groupby("unit")[told].shift()
    same = ((found[told] == before) | (found[told].isna() & before.isna())).all(axis=1)
    kept = found[~same | (found["unit"] != found["unit"].shift())]
    until = kept.groupby("unit")["date"].shift(-1)
    return kept.rename(columns={"unit": "area_id", "date": "from_date"}).assign(until_date=until)[list(SEGMENT)]
