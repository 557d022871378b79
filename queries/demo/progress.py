"""Simulated daily returns that add up to what Yuhuatai district had counted by 8 October 2010."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from queries.demo.tree import PERSONS, apportion

START: Final = date(2010, 9, 15)
AS_OF: Final = date(2010, 10, 8)
DAYS: Final = 24
STORY_DAYS: Final = 7  # the least in which a day can be missed and filed again
RESIGNED_AFTER: Final = 15  # days into the sweep

# The sweep of Yuhuatai district as of 8 October 2010. Persons are in four parts that do not overlap.
DONE: Final = 49_171
PARTS: Final = {"hukou_here": 46_159, "hukou_away": 22_666, "in6m": 65_846, "other": 17_319}
OUT6M, BIRTHS, DEATHS, HMT, FOREIGN = 11_759, 431, 224, 9, 16

# Slips of the pen: on which day, in which street and village of it, in which count, by how much (events, or
# the share of the day's households), and how many days later the correction comes.
MISTAKES: Final = {
    9: ("sound", 1, "births", 2, 0),
    13: ("own_total_differs", 1, "hh_done", -0.5, 2),
    17: ("sound", 1, "births", 4, 0),
    19: ("enclave", 2, "hh_done", 0.8, 0),
    22: ("sound", 1, "hh_done", 0.5, 0),
}
REASONS_TO_CORRECT: Final = {"births": "重复录入", "hh_done": "录入笔误"}

# How far a street is, relative to the others.
REACHED: Final = {
    "sound": 1.09,
    "reports_late": 1.05,
    "mass_resignation": 0.70,
    "absent_households": 0.86,
    "births_missed": 1.08,
    "own_total_differs": 1.06,
    "green_with_red_villages": 1.34,
    "enclave": 0.97,
}


def totals(units: pd.DataFrame, rng: np.random.Generator, scale: float) -> pd.DataFrame:
    """Return what each unit has counted at the end: whole numbers that add up to the source's, times a scale."""
    role = units["role"].to_numpy()
    frame = units["households"].to_numpy(dtype=float)
    reach = np.array([REACHED[r] for r in role]) * rng.uniform(0.95, 1.05, len(units))
    hidden = (role == "green_with_red_villages") & (units["nth"].to_numpy() < 2)
    reach = np.where(hidden, 0.55, reach)
    absent = role == "absent_households"
    others = pd.DataFrame(
        {
            "hh_vacant": np.round(frame * rng.uniform(0.010, 0.020, len(units))),
            "hh_away": np.round(frame * np.where(absent, 0.030, 0.010)),
            "hh_deceased": np.round(frame * 0.0005),
            "hh_noncontact": np.round(frame * np.where(absent, 0.080, 0.012)),
            "hh_refused": np.round(frame * 0.002),
        }
    )
    reached = apportion(round(DONE * scale), frame * reach)
    room = frame - others.sum(axis=1).to_numpy()
    final = pd.DataFrame({"hh_done": np.minimum(reached, room).astype(np.int64)})
    if (reached > room).any():  # a long sweep ends when there is nobody left to visit
        scale = final["hh_done"].sum() / DONE
    done = final["hh_done"].to_numpy(dtype=float)
    mix = {name: rng.uniform(0.9, 1.1, len(units)) for name in PARTS}
    mix["hukou_away"] = mix["hukou_away"] * np.where(absent, 1.9, 0.9)
    for name, total in PARTS.items():
        final[name] = apportion(round(total * scale), done * mix[name])
    final["pers_out6m"] = apportion(round(OUT6M * scale), final["hukou_away"].to_numpy(dtype=float))
    persons = final[list(PARTS)].sum(axis=1).to_numpy(dtype=float)
    final["births"] = apportion(round(BIRTHS * scale), persons * np.where(role == "births_missed", 0.3, 1.0))
    final["deaths"] = apportion(round(DEATHS * scale), persons)
    final["hmt"] = apportion(round(HMT * scale), persons * rng.random(len(units)) ** 6)
    final["foreign"] = apportion(round(FOREIGN * scale), persons * rng.random(len(units)) ** 6)
    final = pd.concat([final, others], axis=1)
    return final.astype(np.int64)


def daily_returns(
    units: pd.DataFrame, days: int, enumerators: np.ndarray, rng: np.random.Generator, *, stories: bool
) -> Iterator[tuple[date, pd.DataFrame, pd.DataFrame]]:
    """Yield, day by day, the returns and the corrections that come with them.

    Parameters
    ----------
    units : DataFrame
        As `queries.demo.tree.Places.units`.
    enumerators : ndarray
        In post at each unit.
    stories : bool
        Whether single villages miss a day, file a nil return or correct a figure; needs `STORY_DAYS` or more.
    """
    scale = units["persons"].sum() / PERSONS * days / DAYS
    final = totals(units, rng, scale)
    shares = _shares(units, days, rng)
    silent = _silent(units, days) if stories else np.zeros((len(units), days), dtype=bool)
    nil = _nil(units, days) if stories else np.zeros((len(units), days), dtype=bool)
    for unit, day in np.argwhere(nil):
        shares[unit, day] = shares[unit, day - 1]
    if stories:  # one village repeats its figure on the last days
        still = units.index[(units["role"] == "sound") & (units["nth"] == 5)][-1:]
        shares[still] = np.minimum(1.0, shares[still] / shares[still, days - 5][:, None])
    for unit in np.flatnonzero(silent[:, -1]):  # its last return already says all
        last = np.flatnonzero(~silent[unit])[-1]
        shares[unit, last:] = 1.0
    before = np.zeros(len(units))
    corrected: dict[int, pd.DataFrame] = {}
    for n in range(days):
        day = START + timedelta(days=n)
        rows = _day(units, final, shares[:, n], day, rng)
        done = rows["hh_done"].to_numpy(dtype=float)
        rows["visits_day"] = np.ceil((done - before) * 1.25).astype(int)
        active = np.minimum(enumerators, np.ceil(np.maximum(done - before, 1) / 8))
        rows["enum_active"] = np.maximum(active, np.ceil(enumerators * 0.8)).astype(int)
        gained = pd.Series(done - before, index=rows.index)
        before = done
        rows["is_nil"] = np.where(nil[:, n], "true", "false")
        kept = rows[~silent[:, n]].copy()
        if stories and n in MISTAKES and n + MISTAKES[n][-1] < days:
            kept, right = _with_mistake(kept, units, gained, n)
            corrected[n + MISTAKES[n][-1]] = right
        yield day, kept, corrected.get(n, pd.DataFrame())


def _shares(units: pd.DataFrame, days: int, rng: np.random.Generator) -> np.ndarray:
    """Return the share of its final count that each unit has at the end of each day, rising to 1."""
    t = np.arange(1, days + 1) / days
    usual = t**1.35
    stalled = np.where(
        t * days <= RESIGNED_AFTER * days / DAYS,
        usual * 1.65,
        usual[max(0, round(RESIGNED_AFTER * days / DAYS) - 1)] * 1.65,
    )
    slow = np.minimum(1.0, np.maximum.accumulate(stalled + 0.12 * np.maximum(0, t - RESIGNED_AFTER / DAYS)))
    slow = slow / slow[-1]
    curve = np.where((units["role"] == "mass_resignation").to_numpy()[:, None], slow, usual)
    steps = np.diff(curve, axis=1, prepend=0.0) * rng.uniform(0.7, 1.3, curve.shape)
    shares: np.ndarray = np.cumsum(steps, axis=1)
    return shares / shares[:, -1:]


def _silent(units: pd.DataFrame, days: int) -> np.ndarray:
    """Return which units file nothing on which day: one day missed, and two units not in at the end."""
    silent = np.zeros((len(units), days), dtype=bool)
    street = units["role"]
    one = units.index[(street == "sound") & (units["nth"] == 2)]
    silent[one[:1], days - 4] = True
    late = units.index[(street == "enclave") & (units["nth"] == 1)]
    silent[late[:1], days - 2 :] = True
    absent = units.index[(street == "absent_households") & (units["nth"] == 3)]
    silent[absent[:1], days - 1 :] = True
    return silent


def _nil(units: pd.DataFrame, days: int) -> np.ndarray:
    nil = np.zeros((len(units), days), dtype=bool)
    one = units.index[(units["role"] == "own_total_differs") & (units["nth"] == 2)]
    nil[one[:1], days - 6] = True
    return nil


def _day(
    units: pd.DataFrame, final: pd.DataFrame, share: np.ndarray, day: date, rng: np.random.Generator
) -> pd.DataFrame:
    done = np.floor(final["hh_done"].to_numpy() * share + 1e-9)
    part = done / np.maximum(final["hh_done"].to_numpy(), 1)

    def so_far(name: str) -> np.ndarray:
        return np.floor(final[name].to_numpy() * part + 0.5).astype(np.int64)

    here, away, in6m, other = (so_far(name) for name in PARTS)
    eds = units["eds"].to_numpy()
    reached = done / units["households"].to_numpy()
    started = np.ceil(eds * np.minimum(1.0, 2.2 * reached)).astype(int)
    late = (units["role"] == "reports_late").to_numpy()
    minutes = np.where(late, rng.integers(45, 150, len(units)), rng.integers(-50, 25, len(units)))
    cutoff = datetime(day.year, day.month, day.day, 17, 30)
    submitted = pd.Series(pd.Timestamp(cutoff) + pd.to_timedelta(minutes, unit="min"))
    hmt, foreign = np.minimum(so_far("hmt"), other), so_far("foreign")
    return pd.DataFrame(
        {
            "report_date": day.isoformat(),
            "area_code": units["code"].to_numpy(),
            "phase": "sweep",
            "submitted_at": submitted.dt.strftime("%Y-%m-%d %H:%M").to_numpy(),
            "submitter_role": "village office",
            "ed_total": eds,
            "ed_started": started,
            "ed_done": np.floor(started * reached).astype(int),
            "hh_done": done.astype(np.int64),
            "hh_vacant": so_far("hh_vacant"),
            "hh_away": so_far("hh_away"),
            "hh_deceased": so_far("hh_deceased"),
            "hh_refused": so_far("hh_refused"),
            "hh_noncontact": so_far("hh_noncontact"),
            "pers_total": here + away + in6m + other,
            "pers_living": here + in6m + other,
            "pers_absent": away,
            "pers_hukou": here + away,
            "pers_in6m": in6m,
            "pers_out6m": np.minimum(so_far("pers_out6m"), away),
            "births": so_far("births"),
            "deaths": so_far("deaths"),
            "hmt": hmt,
            "foreign": np.minimum(foreign, other - hmt),
        }
    )


def _with_mistake(
    rows: pd.DataFrame, units: pd.DataFrame, gained: pd.Series, n: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the returns of a day with one slip of the pen, and the row that corrects it; none where it slips by 0."""
    role, nth, field, amount, _wait = MISTAKES[n]
    place = rows.index[(units.loc[rows.index, "nth"] == nth) & (units.loc[rows.index, "role"] == role)][:1]
    right = rows.loc[place].assign(correction_reason=REASONS_TO_CORRECT[field])
    wrong = rows.copy()
    wrong.loc[place, field] += np.trunc(amount * gained[place]).astype(int) if field == "hh_done" else amount
    return wrong, right[wrong.loc[place, field] != right[field]]  # a small village may have added too little to slip
