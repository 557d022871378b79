"""A district whose sweep is over: streets of many villages and of one, with counts of events large and small."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from queries.intake.take_in import take_in
from tests.intake.world import benchmark

START, DAYS = date(2010, 9, 15), 4
LAST = START + timedelta(days=DAYS - 1)
NOW = datetime(2010, 12, 31, 20)
VILLAGES = {"101": 6, "102": 4, "103": 1, "104": 2}
EVENTS = ("births", "deaths", "hmt", "foreign")


def codes(street: str) -> list[str]:
    return [f"{street}{n:02}" for n in range(1, VILLAGES[street] + 1)]


def settle(folder: Path, seed: int) -> None:
    """Load the district; each seed has counts of its own."""
    rng = np.random.default_rng(seed)
    units = [code for street in VILLAGES for code in codes(street)]
    areas = [{"code": "10", "name": "甲区", "parent_code": "", "level": "district"}]
    areas += [{"code": s, "name": f"街道{s}", "parent_code": "10", "level": "street"} for s in VILLAGES]
    areas += [{"code": u, "name": f"村{u}", "parent_code": u[:3], "level": "village"} for u in units]
    steps = {name: rng.poisson(rng.choice([0.2, 1.0, 3.0], len(units))[:, None], (len(units), DAYS)) for name in EVENTS}
    days = {n: START + timedelta(days=n) for n in range(DAYS)}
    returns = [_return(u, days[n], n, {name: int(s[k, : n + 1].sum()) for name, s in steps.items()})
               for n in days for k, u in enumerate(units)]  # fmt: skip
    files: dict[str, list[dict[str, Any]]] = {
        "areas": areas,
        "calendar": [{"phase": "sweep", "start": START, "end": LAST, "cutoff": "17:30"}],
        "targets": [
            {"area_code": u, "phase": "sweep", "frame_households": 200, "frame_persons": 600, "eds": 2} for u in units
        ],
        "progress": returns,
        "staffing": [_staff(u, n, rng) for n in (0, 2) for u in units],
        "benchmarks": _figures(rng, units),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        path = folder / f"{name}.csv"
        pd.DataFrame(rows).to_csv(path, index=False)
        receipt = take_in(path, now=NOW)
        assert receipt.result == "stored", (name, [c.findings.to_dict("records") for c in receipt.checked])


def _return(unit: str, day: date, n: int, events: dict[str, int]) -> dict[str, Any]:
    done = 40 * (n + 1)
    others = events["hmt"] + events["foreign"] + 1
    hukou, in6m = 3 * done - others - 20, 20
    return {
        "report_date": day, "area_code": unit, "phase": "sweep", "hh_done": done, "pers_total": 3 * done,
        "pers_living": 3 * done - 10, "pers_absent": 10, "pers_hukou": hukou, "pers_in6m": in6m, "pers_out6m": 5,
        **events,
    }  # fmt: skip


def _staff(unit: str, n: int, rng: np.random.Generator) -> dict[str, Any]:
    left = int(rng.integers(0, 2)) if n == 0 else 1
    return {
        "report_date": START + timedelta(days=n), "area_code": unit, "role": "enumerator", "recruited": 8,
        "seconded": 0, "rehired": 0, "substituted": 0, "withdrawn": left, "dismissed": 0, "transferred_out": 0,
        "in_post": 8 - left, "reason_health": left, "source_cadre": 8, "trained": 8, "tested": 8, "passed": 7,
        "certified": 7, "confid_signed": 8, "insured": 8, "person_times": 8,
    }  # fmt: skip


def _figures(rng: np.random.Generator, units: list[str]) -> list[dict[str, Any]]:
    """Return births by ledger, twice, and by police: what is below adds up to what is above."""
    early = {u: int(v) for u, v in zip(units, rng.poisson(rng.choice([3, 8, 20], len(units))), strict=True)}
    late = {u: v + int(rng.choice([0, 1, 6])) for u, v in early.items()}
    police = {u: max(0, v + int(rng.choice([-9, -6, -2, 0, 0, 6]))) for u, v in late.items()}
    rows = []
    for source, cutoff, values in (
        ("ledger", "2010-09-15", early), ("ledger", "2010-09-18", late), ("police", "2010-09-15", police)
    ):  # fmt: skip
        streets = {s: sum(values[u] for u in codes(s)) for s in VILLAGES}
        for code, value in {"10": sum(values.values()), **streets, **values}.items():
            rows.append(
                benchmark(indicator="birth", source=source, area_code=code, value=value, cutoff_at=cutoff,
                          window_start="2009-11-01", window_end="2010-08-31")
            )  # fmt: skip
    return rows
