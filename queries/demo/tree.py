"""The places of a demonstration: a real area tree, its frame, and the role each street plays.

`yuhuatai.csv` holds codes and names of Yuhuatai district, Nanjing: facts of the National Bureau
of Statistics' code list of 2023.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from queries.intake.reading import UnreadableError, read, read_file
from queries.naming import is_placeholder

YUHUATAI: Final = Path(__file__).with_name("yuhuatai.csv")
PERSONS: Final = 426_023  # police total of Yuhuatai after the clean-up, October 2010
HOUSEHOLD: Final = 3.091  # persons per household found by the sweep
ED_PERSONS: Final = 300

# What is wrong with the nth street, if anything; streets beyond these are as they should be.
ROLES: Final = (
    "sound",
    "reports_late",
    "mass_resignation",
    "absent_households",
    "births_missed",
    "own_total_differs",
    "green_with_red_villages",
    "enclave",
    "sound",
)


@dataclass(frozen=True)
class Places:
    """A tree with its reporting units.

    Attributes
    ----------
    tree : DataFrame
        Rows of the form “area”.
    units : DataFrame
        One row a reporting unit: code, street (code), village (code), role, nth (in its street),
        persons, households, eds.
    """

    tree: pd.DataFrame
    units: pd.DataFrame


def tree_problem(path: Path) -> UnreadableError | None:
    """Return why a file is no list of places that a demonstration could be laid over; None where it is one."""
    try:
        content = read_file(path)
        sheet = read(content, path.name, "area")[0]
    except UnreadableError as problem:
        return problem
    lacking = [name for name in ("code", "name", "parent_code", "level") if name not in sheet.cells]
    if lacking:
        return UnreadableError("tree_columns", columns=", ".join(lacking))
    try:
        villages = places(path, None, np.random.default_rng(0), eds=False).units
    except ValueError:
        return UnreadableError("tree_not_read")
    return None if len(villages) else UnreadableError("tree_empty")


def apportion(total: int, weights: np.ndarray) -> np.ndarray:
    """Return whole numbers in proportion to the weights that add up to the total (largest remainder)."""
    if not len(weights) or weights.sum() <= 0:
        return np.zeros(len(weights), dtype=np.int64)
    exact = total * weights / weights.sum()
    whole: np.ndarray = np.floor(exact).astype(np.int64)
    missing = int(total - whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return whole


def places(tree_file: Path | None, size: int | None, rng: np.random.Generator, *, eds: bool) -> Places:
    """Read a tree and frame its lowest areas, or the enumeration districts made below them."""
    tree = pd.read_csv(tree_file or YUHUATAI, dtype=str).reset_index(drop=True)
    tree = tree[[c for c in ("code", "name", "parent_code", "level") if c in tree]]
    tree = tree[~tree["name"].map(is_placeholder) | tree["code"].isin(tree["parent_code"])]
    own_parent = tree["code"] == tree["parent_code"]
    inner = set(tree.loc[~own_parent, "parent_code"].dropna())
    villages = tree[~tree["code"].isin(inner) & ~own_parent & ~tree["code"].duplicated(keep=False)]
    persons = size or (PERSONS if tree_file is None else 4000 * len(villages))
    weight = rng.lognormal(0.0, 0.45, len(villages))
    street = villages["parent_code"].to_numpy()
    order = {code: n for n, code in enumerate(dict.fromkeys(street))}
    units = pd.DataFrame(
        {
            "code": villages["code"].to_numpy(),
            "village": villages["code"].to_numpy(),
            "street": street,
            "role": [ROLES[order[s] % len(ROLES)] for s in street],
            "persons": apportion(persons, weight),
        }
    )
    units["nth"] = units.groupby("street").cumcount()
    if eds:
        units, districts = _districts(units)
        tree = pd.concat([tree, districts], ignore_index=True)
    households = units["persons"].to_numpy() / HOUSEHOLD * rng.uniform(0.95, 1.05, len(units))
    units["households"] = apportion(round(persons / HOUSEHOLD), households)
    units["eds"] = 1 if eds else np.maximum(1, np.round(units["persons"] / ED_PERSONS)).astype(int)
    return Places(tree, units)


def _districts(villages: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Divide villages into enumeration districts of about 300 persons."""
    number = np.maximum(1, np.ceil(villages["persons"] / ED_PERSONS)).astype(int).to_numpy()
    units = villages.loc[villages.index.repeat(number)].reset_index(drop=True)
    nth = units.groupby("village").cumcount()
    parts = number.repeat(number)
    units["persons"] = units["persons"] // parts + (nth < units["persons"] % parts)
    units["code"] = units["village"] + (nth + 1).astype(str).str.zfill(3)
    rows = pd.DataFrame(
        {
            "code": units["code"],
            "name": (nth + 1).astype(str).str.zfill(3),
            "parent_code": units["village"],
            "level": "6",
        }
    )
    return units, rows
