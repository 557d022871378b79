"""Simulated quality checks of the sweep: each village checks itself, streets check one another, the district last."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from queries.demo.progress import START
from queries.demo.tree import HOUSEHOLD

SELF_CHECK, CROSS_CHECK, RE_CHECK, OF_DISTRICT = 14, 18, 22, 23  # days into the sweep
SELF_CHECKED: Final = 3  # villages of each street that check themselves; the first is then cross-checked
EXACT: Final = 250  # hukou persons among whom one error is exactly 4 in 1,000
# What the teams of another street find in a street: hukou persons, dwelling units and births wrong.
FOUND: Final[dict[str, dict[str, int]]] = {
    "reports_late": {"hukou": 1},
    "mass_resignation": {"hukou": 4, "units": 2},
    "absent_households": {"hukou": 3},
    "births_missed": {"birth": 1},
}
DUE: Final = {"mass_resignation": 20, "absent_households": 22, "births_missed": 27}  # days into the sweep
REDONE: Final = ("absent_households",)  # sent back, done again and passed by the demonstration's end


def check_rows(units: pd.DataFrame, last: date, rng: np.random.Generator) -> pd.DataFrame:
    """Return form D rows of the sweep up to the last day; empty while it has none.

    Parameters
    ----------
    units : DataFrame
        Reporting units: village, street, role, persons, households.
    """
    villages = units.groupby("village", sort=False).agg(
        street=("street", "first"),
        role=("role", "first"),
        persons=("persons", "sum"),
        households=("households", "sum"),
    )
    villages = villages.sort_values("households", ascending=False, kind="stable")
    drawn = {street: part.head(SELF_CHECKED) for street, part in villages.groupby("street", sort=False)}
    streets = list(dict.fromkeys(units["street"]))
    rows: list[dict[str, Any]] = []
    for n, street in enumerate(streets):
        for nth, (village, place) in enumerate(drawn[street].iterrows()):
            sample = _sample(place, rng)
            rows.append(_check(f"Z{n + 1}-{nth + 1}", village, "self", SELF_CHECK, sample, {}))
        village, place = next(drawn[street].iterrows())
        found, due = FOUND.get(place["role"], {}), DUE.get(place["role"])
        sample = _sample(place, rng, exactly=EXACT if found and due is None else None)
        if due is None and sample["hukou_checked"] != EXACT:
            found = {}  # too small a village for one error to stay at the limit
        crossing = {"cross_unit": streets[(n + 1) % len(streets)]} if len(streets) > 1 else {}
        number = f"J{n + 1}-1"
        rows.append(_check(number, village, "street", CROSS_CHECK, sample, found, due=due) | crossing)
        if place["role"] in REDONE:
            again = _check(f"J{n + 1}-2", village, "street", RE_CHECK, _sample(place, rng), {}, re_check_id=number)
            rows.append(again | crossing)
        if place["role"] == "sound" and rows[-1]["decision"] == "pass":
            rows.append(_check(f"Q{n + 1}-1", village, "district", OF_DISTRICT, _sample(place, rng), {}))
    frame = pd.DataFrame(rows)
    return frame[frame["report_date"] <= last.isoformat()].reset_index(drop=True)


def _sample(place: pd.Series, rng: np.random.Generator, exactly: int | None = None) -> dict[str, int]:
    """Return what a team looks at: one enumeration district, or what there is of it."""
    households = int(min(rng.integers(92, 112), place["households"]))
    persons = int(min(round(households * HOUSEHOLD * rng.uniform(0.97, 1.03)), place["persons"]))
    hukou = exactly if exactly is not None and exactly <= persons else max(1, int(persons * rng.uniform(0.55, 0.8)))
    return {
        "ed_sampled": 1,
        "hh_sampled": households,
        "buildings_checked": int(rng.integers(8, 30)),
        "units_checked": max(1, round(households * 1.08)),
        "pers_checked": persons,
        "hukou_checked": hukou,
        "birth_checked": int(rng.integers(1, 4)),
        "death_checked": int(rng.integers(0, 3)),
    }


def _check(
    number: str,
    village: Any,
    level: str,
    day: int,
    sample: dict[str, int],
    found: dict[str, int],
    *,
    due: int | None = None,
    re_check_id: str | None = None,
) -> dict[str, Any]:
    items = ("buildings", "units", "hukou", "birth", "death")
    errors = {f"{item}_err": min(found.get(item, 0), sample[f"{item}_checked"]) for item in items}
    wrong = min(errors["hukou_err"] + errors["birth_err"], sample["pers_checked"])
    passes = due is None
    return {
        "check_id": number,
        "area_code": village,
        "stage": "sweep",
        "level": level,
        "cross_unit": None,
        "report_date": _day(day),
        "map_ok": True,
        **sample,
        **errors,
        "pers_err": wrong,
        "omitted": (wrong + 1) // 2,
        "duplicated": wrong // 4,
        "wrong_item": wrong - (wrong + 1) // 2 - wrong // 4,
        "decision": "pass" if passes else "rework",
        "rework_due": None if due is None else _day(due),
        "re_check_id": re_check_id,
    }


def _day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()
