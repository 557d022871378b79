"""Simulated staffing returns: 2,600 in post, 2,273 insured, and one street that lost its enumerators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from queries.counts import LEAVING_REASONS, STAFF_SOURCES
from queries.demo.progress import DAYS, RESIGNED_AFTER, START
from queries.demo.tree import PERSONS, apportion

ENUMERATORS, SUPERVISORS = 2000, 600
INSURED: Final = {"enumerator": 1690, "supervisor": 583}
SESSIONS: Final = {"enumerator": 22, "supervisor": 8}
REASONS: Final = (0.2, 0.45, 0.1, 0.05, 0.1, 0.05, 0.05)
SOURCES: Final = (0.3, 0.15, 0.1, 0.15, 0.12, 0.06, 0.02, 0.05, 0.04, 0.01)


def in_post(units: pd.DataFrame) -> np.ndarray:
    """Return enumerators in post at each unit at the end: few where many resigned, more than enough elsewhere."""
    need = np.maximum(units["eds"].to_numpy(), np.ceil(units["persons"].to_numpy() / 300))
    total = round(ENUMERATORS * units["persons"].sum() / PERSONS)
    short = (units["role"] == "mass_resignation").to_numpy()
    few = np.where(short, np.floor(need * 0.62), 0).astype(np.int64)
    return few + apportion(int(total - few.sum()), np.where(short, 0.0, need))


def staffing_returns(units: pd.DataFrame, days: int) -> Iterator[tuple[date, pd.DataFrame]]:
    """Yield the staffing returns of each filing day, twice a week and on the last day."""
    villages = units.groupby("village", sort=False).agg(
        street=("street", "first"), role=("role", "first"), eds=("eds", "sum"), persons=("persons", "sum")
    )
    villages = villages.reset_index(names="code")
    streets = (
        villages.groupby("street", sort=False).agg(role=("role", "first"), eds=("eds", "sum")).reset_index(names="code")
    )
    scale = units["persons"].sum() / PERSONS
    posts = {
        "enumerator": (villages, in_post(villages)),
        "supervisor": (streets, apportion(round(SUPERVISORS * scale), streets["eds"].to_numpy(dtype=float))),
    }
    insured = {role: apportion(round(INSURED[role] * scale), staff.astype(float)) for role, (_, staff) in posts.items()}
    for n in range(days):
        day = START + timedelta(days=n)
        if day.isoweekday() not in (2, 5) and n not in (0, days - 1):
            continue
        resigned = n >= RESIGNED_AFTER * days / DAYS
        yield (
            day,
            pd.concat(
                [_of_role(role, *posts[role], insured[role], day, resigned=resigned) for role in posts],
                ignore_index=True,
            ),
        )


def _of_role(
    role: str, areas: pd.DataFrame, staff: np.ndarray, insured: np.ndarray, day: date, *, resigned: bool
) -> pd.DataFrame:
    hit = (areas["role"] == "mass_resignation").to_numpy() & (role == "enumerator")
    left_at_once = np.where(hit, np.round(staff * 0.75), 0).astype(np.int64)
    left_singly = np.floor(staff * 0.03).astype(np.int64)
    withdrawn = left_singly + (left_at_once if resigned else 0)
    replaced = left_singly
    standing = staff + (0 if resigned else left_at_once)
    intake = standing + withdrawn
    seconded = intake - replaced if role == "supervisor" else np.zeros_like(intake)
    sessions = np.zeros(len(areas), dtype=np.int64)
    sessions[: SESSIONS[role]] = 1
    eds = areas["eds"].to_numpy()
    uncovered = np.where(hit & resigned, np.maximum(0, eds - standing), 0)
    rows = pd.DataFrame(
        {
            "report_date": day.isoformat(),
            "area_code": areas["code"].to_numpy(),
            "role": role,
            "recruited": intake - replaced - seconded,
            "seconded": seconded,
            "rehired": replaced // 2,
            "substituted": replaced - replaced // 2,
            "withdrawn": withdrawn,
            "dismissed": 0,
            "transferred_out": 0,
            "in_post": standing,
            "reserve_available": np.ceil(standing * 0.02).astype(int),
            "trained": standing,
            "tested": standing,
            "passed": standing,
            "certified": standing - np.floor(standing * 0.04).astype(int),
            "confid_signed": standing,
            "insured": np.minimum(insured, standing),
            "publicised": standing,
            "session_count": sessions,
            "person_times": pd.array(standing, dtype="Int64") if role == "supervisor" else pd.NA,
            "age_u50": np.floor(standing * 0.6).astype(int),
            "edu_senior_plus": np.floor(standing * 0.53).astype(int),
            "edu_below_junior": 0,
            "absent_today": np.floor(standing * 0.02).astype(int),
            "replaced_today": np.floor(standing * 0.01).astype(int),
        }
    )
    if role == "enumerator":
        rows = rows.assign(eds_total=eds, eds_uncovered=uncovered, eds_shared=0)
    parts = {name: _split(intake, SOURCES, n) for n, name in enumerate(STAFF_SOURCES)}
    reasons = {name: _split(withdrawn, REASONS, n) for n, name in enumerate(LEAVING_REASONS)}
    return rows.assign(**parts, **reasons)


def _split(amounts: np.ndarray, shares: tuple[float, ...], n: int) -> np.ndarray:
    """Return the nth part of each amount: parts by rounded cumulative share, so that they add up and never fall."""
    edges = np.concatenate([[0.0], np.cumsum(shares)]) / sum(shares)
    return (np.floor(amounts * edges[n + 1] + 0.5) - np.floor(amounts * edges[n] + 0.5)).astype(np.int64)
