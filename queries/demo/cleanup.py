"""Simulated returns of the register clean-up: every week, by street and police station."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from queries.counts import CLEANUP_KINDS, CLEANUP_PARTS, NO_HUKOU_SETTLED, RESULTS_OF
from queries.demo.progress import START
from queries.demo.tree import Places

PER_PERSON: Final = {  # cases found in the end
    "birth_not_registered": 0.0011,
    "certificate_holder": 0.0004,
    "should_cancel": 0.0023,
    "separated": 0.0140,
    "temporary_resident": 0.0090,
    "foreign_hmt_stateless": 0.00012,
    "multiple_hukou": 0.0006,
    "nominal_hukou": 0.0030,
    "id_number": 0.0005,
    "item_correction": 0.0080,
}
# What several essays count under two names: the same cases.
SAME_AS: Final = {"not_cancelled": ("should_cancel",), "temporary_unregistered": ("temporary_resident",),
                  "pending_registration": ("birth_not_registered", "certificate_holder")}  # fmt: skip
SHARES: Final = {
    "should_cancel_found": (0.25, 0.2, 0.55),
    "separated_found": (0.6, 0.4),
    "registered": (0.55, 0.2, 0.25),
    "cancelled": (0.55, 0.25, 0.2),
    "settled": (0.25, 0.15, 0.1),
}
RESOLVED: Final = {"mass_resignation": 0.48, "absent_households": 0.70}  # of what is found, at the end; else 0.86
OVERDUE: Final = {"mass_resignation": 0.45}  # of what is pending; else none


def cleanup_returns(stage: Places, days: int, seed: int) -> Iterator[tuple[date, pd.DataFrame]]:
    """Yield the returns of each filing day: the third day of the demonstration, every week, and the last day.

    One street shares the station of the first, one has two stations, one is overdue, one states no
    results, and one never files.
    """
    rng = np.random.default_rng([seed, 27])
    pairs = _pairs(stage)
    total = {kind: rng.poisson(pairs["persons"] * share) for kind, share in PER_PERSON.items()}
    closed = np.array([RESOLVED.get(role, 0.86) for role in pairs["role"]])
    standing: dict[str, np.ndarray] = {}
    for n in range(days):
        if n % 7 != 2 and n != days - 1:
            continue
        reached = min(1.0, (n + 1) / days) ** 0.6
        _advance(standing, total, reached, closed, rng)
        yield START + timedelta(days=n), _rows(pairs, standing, START + timedelta(days=n), reached)


def _pairs(stage: Places) -> pd.DataFrame:
    """Return who files: street, police_station, role, persons, of every street but the last."""
    names = dict(zip(stage.tree["code"], stage.tree["name"], strict=True))
    streets = stage.units.groupby("street", sort=False).agg(role=("role", "first"), persons=("persons", "sum"))
    own = [f"{names[code].removesuffix('街道')}派出所" for code in streets.index]
    rows: list[dict[str, Any]] = []
    filing = len(streets) - 1 if len(streets) > 2 else len(streets)
    for n, (code, street) in enumerate(streets.iloc[:filing].iterrows()):
        stations = {own[n]: 1.0}
        if street["role"] == "enclave":  # served by a neighbour's station
            stations = {own[0]: 1.0}
        elif street["role"] == "green_with_red_villages" and n:
            stations = {own[n]: 0.7, own[n - 1]: 0.3}
        rows += [
            {"street": code, "police_station": name, "role": street["role"], "persons": round(street["persons"] * part)}
            for name, part in stations.items()
        ]
    return pd.DataFrame(rows)


def _advance(
    standing: dict[str, np.ndarray],
    total: dict[str, np.ndarray],
    reached: float,
    closed: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Let what was found and resolved grow, and with it its parts and results, each by what is new."""
    none = np.zeros(len(closed), dtype=np.int64)
    before = dict(standing)
    for kind, cases in total.items():
        standing[f"{kind}_found"] = np.floor(cases * reached).astype(np.int64)
        standing[f"{kind}_resolved"] = np.floor(standing[f"{kind}_found"] * closed * reached).astype(np.int64)
    for kind, parts in SAME_AS.items():
        for state in ("found", "resolved"):
            standing[f"{kind}_{state}"] = sum((standing[f"{part}_{state}"] for part in parts), start=none)
    for whole in ("should_cancel_found", "separated_found"):
        _grow(standing, before, standing[whole] - before.get(whole, none), CLEANUP_PARTS[whole], SHARES[whole], rng)
    for kinds, results in RESULTS_OF[:4] + RESULTS_OF[6:7]:
        new = sum((standing[f"{k}_resolved"] - before.get(f"{k}_resolved", none) for k in kinds), start=none)
        shares = {3: SHARES["registered"] if "births_registered" in results else SHARES["cancelled"]}
        _grow(standing, before, new, results, shares.get(len(results), (1.0,)), rng)
    settled = standing["no_hukou_settled"] - before.get("no_hukou_settled", none)
    _grow(standing, before, settled, NO_HUKOU_SETTLED, SHARES["settled"], rng)


def _grow(
    standing: dict[str, np.ndarray],
    before: dict[str, np.ndarray],
    new: np.ndarray,
    names: tuple[str, ...],
    shares: tuple[float, ...],
    rng: np.random.Generator,
) -> None:
    """Share new cases out over the parts of a count; a rest that no part takes is left over."""
    parts = rng.multinomial(new, [*shares, max(0.0, 1.0 - sum(shares))])
    for n, name in enumerate(names):
        standing[name] = before.get(name, np.zeros(len(new), dtype=np.int64)) + parts[:, n]


def _rows(pairs: pd.DataFrame, standing: dict[str, np.ndarray], day: date, reached: float) -> pd.DataFrame:
    persons = pairs["persons"].to_numpy()
    role = pairs["role"].to_numpy()
    late = np.array([OVERDUE.get(r, 0.0) for r in role])
    counts = {name: pd.array(values, dtype="Int64") for name, values in standing.items()}
    for kind in CLEANUP_KINDS:
        pending = standing[f"{kind}_found"] - standing[f"{kind}_resolved"]
        counts |= {f"{kind}_pending": pending, f"{kind}_overdue": np.floor(pending * late).astype(np.int64)}
    rows = pd.DataFrame(
        {
            "report_date": day.isoformat(),
            "area_code": pairs["street"],
            "police_station": pairs["police_station"],
            "submitter_role": "street office",
            "hh_to_check": persons // 3,
            "hh_checked": np.floor(persons // 3 * reached * 0.97).astype(np.int64),
            "pers_to_check": persons,
            "pers_checked": np.floor(persons * reached * 0.97).astype(np.int64),
            "addresses_checked": np.floor(persons * reached * 0.3).astype(np.int64),
            **counts,
            "abandoned_addresses": persons // 4000,
            "nominal_households": standing["nominal_hukou_found"] // 3,
            "nominal_persons": standing["nominal_hukou_found"],
            "missing_plates": np.floor(persons * reached / 900).astype(np.int64),
            "plates_made": np.floor(np.floor(persons * reached / 900) * reached * 0.8).astype(np.int64),
            "centenarian_total": persons // 9000 + persons // 30000,
            "centenarian_alive": persons // 9000,
            "centenarian_cancelled": persons // 30000,
            "photo_missing_18plus": pd.array(persons // 700, dtype="Int64"),
            "old_id_only": pd.array(persons // 1500, dtype="Int64"),
            "db_updated": "no",
            "materials_handed_over": np.where(role == "mass_resignation", "no", "yes"),
        }
    )
    unstated = [*(name for _, results in RESULTS_OF for name in results), *NO_HUKOU_SETTLED, "photo_missing_18plus"]
    rows.loc[role == "reports_late", list(dict.fromkeys(unstated))] = pd.NA
    rows.loc[role == "absent_households", "old_id_only"] = pd.NA
    return rows
