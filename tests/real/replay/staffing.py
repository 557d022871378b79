"""Staffing of the same areas: made returns against requirements that follow from the real frames."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.real.replay import filing
from tests.real.replay.derivation import DAYS, Figures, Tree, of_areas, over, standing_frames
from tests.real.replay.filing import FIRST, LAST, Event, Series

OF_THOSE_IN_POST = ("trained", "passed", "certified", "confid_signed", "insured", "age_u50", "edu_senior_plus")
LEAVERS = ("withdrawn", "dismissed", "transferred_out")
INTAKE = ("recruited", "seconded", "rehired", "substituted")
PARTS = {"eds": "eds", "persons": "frame_persons", "households": "frame_households"}
RATES = {
    "fill_rate": ("posts_filled", "required_known"),
    "staff_to_requirement": ("in_post_known", "required_known"),
    "qualified_fill_rate": ("qualified_filled", "qualified_required"),
    "attrition_rate": ("leavers_joined", "intake_left"),
    "replacement_rate": ("replaced_left", "leavers_replaced"),
    "training_rate": ("trained_judged", "in_post_trained"),
    "pass_rate": ("passed_tested", "tested_passed"),
    "certificate_rate": ("certified_judged", "in_post_certified"),
    "insurance_rate": ("insured_judged", "in_post_insured"),
    "confidentiality_rate": ("confid_signed_judged", "in_post_confid_signed"),
    "under_50_share": ("age_u50_judged", "in_post_age_u50"),
    "senior_secondary_share": ("edu_senior_plus_judged", "in_post_edu_senior_plus"),
}


def events(series: Series) -> list[Event]:
    """Return staffing files in the order in which they come: out of order, one undone, one correction."""
    tracts = series.areas.loc[series.areas["level"] == 4, "code"].tolist()
    groups = series.areas.loc[series.areas["level"] == 3, "code"].tolist()
    eds = series.frames.set_index("area_code")["eds"]
    rows = pd.concat(
        [
            _returns("enumerator", tracts, eds.reindex(tracts).fillna(15).to_numpy(dtype=int)),
            _returns("supervisor", groups, np.array([len([t for t in tracts if t[:8] == g]) * 4 for g in groups])),
        ],
        ignore_index=True,
    )
    draw = np.random.default_rng(filing.SEED)
    rows = rows.iloc[draw.permutation(len(rows))].reset_index(drop=True)
    parts = [rows.iloc[part] for part in np.array_split(np.arange(len(rows)), 4)]
    corrected = (
        parts[0]
        .iloc[::7]
        .assign(
            recruited=lambda f: f["recruited"] + 2,
            in_post=lambda f: f["in_post"] + 2,
            submitted_at=lambda f: f["submitted_at"] + pd.Timedelta("1 day"),
            correction_reason="two more counted",
        )
    )
    return [
        *(Event(f"staffing {n}", "staffing", part) for n, part in enumerate(parts)),
        Event("staffing corrected", "staffing", corrected),
        Event("undo staffing 2", "undo", undoes="staffing 2"),
    ]


def _returns(role: str, codes: list[str], eds: np.ndarray) -> pd.DataFrame:
    found = []
    for place, (code, number) in enumerate(zip(codes, eds, strict=True)):
        if place % 31 == 9:
            continue  # never files
        for week, day in enumerate(pd.date_range(FIRST + pd.Timedelta(days=place % 5), LAST, freq="7D")):
            recruited, seconded = max(int(number) + place % 5 - 2, 0), place % 3
            withdrawn = min(week // 2, 2, recruited) if place % 4 == 1 else 0
            in_post = recruited + seconded - withdrawn
            trained = max(in_post - place % 3, 0)
            found.append(
                {
                    "report_date": day,
                    "area_code": code,
                    "role": role,
                    "submitted_at": day + pd.Timedelta("17:00:00"),
                    "correction_reason": "filed out of order",
                    "need": int(number) if place % 6 == 0 else None,
                    "recruited": recruited,
                    "seconded": seconded,
                    "rehired": 0 if place % 2 else None,
                    "withdrawn": withdrawn if place % 8 != 3 else None,
                    "dismissed": 0,
                    "in_post": in_post if place % 17 != 5 else None,
                    "person_times": 2 * trained,
                    "trained": trained,
                    "tested": trained if place % 7 != 2 else None,
                    "passed": max(trained - 1, 0) if place % 7 != 2 else None,
                    "certified": max(trained - 1, 0) if place % 7 not in (2, 4) else None,
                    "confid_signed": trained if place % 9 != 1 else None,
                    "insured": max(trained - 2, 0) if place % 5 != 3 else None,
                    "age_u50": in_post // 2 if place % 17 != 5 and place % 10 else None,
                    "edu_senior_plus": in_post // 3 if place % 17 != 5 and place % 12 else None,
                    "absent_today": 1 if in_post and place % 17 != 5 and place % 3 else None,
                    "replaced_today": 0 if place % 4 else None,
                    "eds_total": int(number),
                    "eds_uncovered": max(int(number) - in_post, 0) if place % 5 != 4 else None,
                    "reserve_available": place % 3,
                }
            )
    rows = pd.DataFrame(found)
    names = [c for c in rows if c not in ("report_date", "area_code", "role", "submitted_at", "correction_reason")]
    return rows.astype(dict.fromkeys(names, "Int64"))


def standing(series: Series, role: str) -> pd.DataFrame:
    """Return each staffing return of a role as it stands."""
    undone = {event.undoes for event in series.events}
    files = [
        event.rows.assign(order=n)
        for n, event in enumerate(series.events)
        if event.form == "staffing" and event.name not in undone
    ]
    rows = pd.concat(files, ignore_index=True)
    rows = rows[rows["role"] == role].sort_values(["area_code", "report_date", "submitted_at", "order"])
    return rows.groupby(["area_code", "report_date"]).tail(1)


def of_role(series: Series, places: Tree, role: str) -> Figures:
    """Return every column of the staffing sums of a role, for every area as of every day."""
    level = 4 if role == "enumerator" else 3
    codes = series.areas.loc[series.areas["level"] == level, "code"].tolist()
    told = _as_of(standing(series, role), codes)
    frame = _frame(series, places, codes)
    need = np.fmax(frame["eds"], np.ceil(frame["persons"] / 300))
    if role == "supervisor":
        need = np.ceil(frame["eds"] / 4)
    required = np.where(np.isnan(need), told["need"], need)
    columns = _columns(told, frame, required)
    inside = np.array([[unit == code or _is_below(places, unit, code) for unit in codes] for code in places.codes])
    return of_areas(columns, Tree(places.codes, codes, inside, places.parent))


def _is_below(places: Tree, code: str, above: str) -> bool:
    while code := places.parent[code]:
        if code == above:
            return True
    return False


def _as_of(rows: pd.DataFrame, codes: list[str]) -> Figures:
    names = [
        c for c in rows if c not in ("report_date", "area_code", "role", "submitted_at", "correction_reason", "order")
    ]

    def grid(name: str) -> np.ndarray:
        wide = rows.pivot(index="area_code", columns="report_date", values=name)
        return wide.reindex(index=codes, columns=DAYS).astype("Float64").to_numpy(dtype=float, na_value=np.nan)

    came = ~np.isnan(grid("person_times"))
    newest = np.maximum.accumulate(np.where(came, np.arange(len(DAYS))[None, :], -1), axis=1)
    found = {"value_day": np.where(newest >= 0, newest, np.nan)}
    for name in names:
        taken = np.take_along_axis(grid(name), np.maximum(newest, 0), axis=1)
        found[name] = np.where(newest >= 0, taken, np.nan)
    return found


def _frame(series: Series, places: Tree, codes: list[str]) -> Figures:
    """Return what the frame of each unit holds on each day; unknown where it does not tell all inside."""
    frames = standing_frames(series)
    found = {}
    for name, column in PARTS.items():
        wide = frames.pivot(index="area_code", columns="date", values=column).reindex(index=places.units, columns=DAYS)
        values = wide.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        members = [[n for n, unit in enumerate(places.units) if unit == c or _is_below(places, unit, c)] for c in codes]
        found[name] = np.array([values[rows].sum(axis=0) for rows in members])
    return found


def _columns(told: Figures, frame: Figures, required: np.ndarray) -> Figures:
    in_post = told["in_post"]
    judged = ~np.isnan(required) & ~np.isnan(in_post)

    def known(values: np.ndarray) -> np.ndarray:
        return (~np.isnan(values)).astype(float)

    def where(other: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(other), np.nan, values)

    def all_told(names: tuple[str, ...]) -> np.ndarray:
        values = np.array([told[name] for name in names if name in told])
        return np.where(np.isnan(values).all(axis=0), np.nan, np.nansum(values, axis=0))

    qualified = np.minimum(told["certified"], in_post)
    active = in_post - told["absent_today"] + np.nan_to_num(told["replaced_today"])
    leavers, intake, replaced = all_told(LEAVERS), all_told(INTAKE), all_told(("rehired", "substituted"))
    uncovered, total = told["eds_uncovered"], told["eds_total"]
    with np.errstate(invalid="ignore", divide="ignore"):
        households = np.floor((2 * frame["households"] * uncovered + total) / (2 * total))
    households = np.where(uncovered == 0, 0, np.where(total > 0, households, np.nan))
    return {
        **told,
        "units": np.ones_like(required),
        "units_reported": known(told["value_day"]),
        "units_required": known(required),
        "units_in_post": known(in_post),
        "units_judged": judged.astype(float),
        "required": required,
        "required_known": where(in_post, required),
        "in_post_known": where(required, in_post),
        "posts_filled": np.minimum(in_post, required),
        "shortfall": np.maximum(required - in_post, 0),
        "surplus": np.maximum(in_post - required, 0),
        "qualified": qualified,
        "qualified_filled": np.minimum(qualified, required),
        "qualified_required": where(qualified, required),
        "units_active": known(active),
        "active": active,
        "units_covered": known(uncovered),
        "hh_uncovered": households,
        "eds_weighed": where(households, uncovered),
        **{f"{name}_judged": where(in_post, told[name]) for name in OF_THOSE_IN_POST},
        **{f"in_post_{name}": where(told[name], in_post) for name in OF_THOSE_IN_POST},
        "passed_tested": where(told["tested"], told["passed"]),
        "tested_passed": where(told["passed"], told["tested"]),
        "leavers_joined": where(intake, leavers),
        "intake_left": where(leavers, intake),
        "replaced_left": where(leavers, replaced),
        "leavers_replaced": where(replaced, leavers),
        **{f"{name}_staffed": where(in_post, frame[name]) for name in PARTS},
        **{f"in_post_{name}": where(frame[name], in_post) for name in PARTS},
    }


def rates(sums: Figures) -> Figures:
    """Return every indicator of staffing, 0-1."""
    return {key: over(sums[above], sums[below]) for key, (above, below) in RATES.items()}
