"""What must stand after a series was filed, worked out with pandas from the files alone.

Nothing here reads the database or calls the program: versions, frames, calendar, sums and every rate are derived anew.
Figures are arrays of areas × days; NaN is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.real.replay import filing
from tests.real.replay.filing import FIRST, KEY, LAST, OWN_COUNTY, Series

DAYS = pd.date_range(FIRST, LAST)
HEADS = ("report_date", "area_code", "phase", "submitted_at", "correction_reason")
DAILY = ("visits_day", "enum_active", "issues_new")
Figures = dict[str, np.ndarray]
Calendars = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, pd.Series]]
BOTH_KNOWN = {  # the sides of rates: a count, over the units in which the other one is known
    "framed_done": ("hh_done", "hh_frame"),
    "framed_vacant": ("hh_vacant", "hh_frame"),
    "framed_resolved": ("hh_resolved", "hh_frame"),
    "framed_persons": ("pers_total", "pers_frame"),
    "framed_away": ("hh_away", "hh_frame"),
    "framed_refused": ("hh_refused", "hh_frame"),
    "framed_noncontact": ("hh_noncontact", "hh_frame"),
    "framed_long": ("long_target", "hh_frame"),
    "frame_of_vacant": ("hh_frame", "hh_vacant"),
    "frame_of_away": ("hh_frame", "hh_away"),
    "frame_of_refused": ("hh_frame", "hh_refused"),
    "frame_of_noncontact": ("hh_frame", "hh_noncontact"),
    "frame_of_long": ("hh_frame", "long_target"),
    "listed_ed_done": ("ed_done", "ed_total"),
    "listed_ed_total": ("ed_total", "ed_done"),
    "housed_persons": ("pers_total", "hh_done"),
    "housing_persons": ("hh_done", "pers_total"),
    "housed_living": ("pers_living", "hh_done"),
    "housing_living": ("hh_done", "pers_living"),
    "done_self": ("hh_self", "hh_done"),
    "done_of_self": ("hh_done", "hh_self"),
}


@dataclass(frozen=True)
class Tree:
    """Codes of all areas from the top, codes of the units, and which unit lies in or is which area (areas × units)."""

    codes: list[str]
    units: list[str]
    inside: np.ndarray
    parent: dict[str, str]

    def row(self, code: str) -> int:
        """Return the place of an area in arrays."""
        return self.codes.index(code)

    def children(self, code: str) -> list[int]:
        """Return the places of the areas right below one."""
        return [n for n, each in enumerate(self.codes) if self.parent[each] == code]


def tree(series: Series) -> Tree:
    """Return the tree of the area list."""
    codes = series.areas["code"].tolist()
    parent = dict(zip(codes, series.areas["parent_code"], strict=True))
    units = [code for code in codes if code not in set(parent.values())]
    inside = np.zeros((len(codes), len(units)), dtype=bool)
    place = {code: n for n, code in enumerate(codes)}
    for column, unit in enumerate(units):
        code = unit
        while code:
            inside[place[code], column] = True
            code = parent[code]
    return Tree(codes, units, inside, parent)


def standing_versions(series: Series) -> pd.DataFrame:
    """Return each return as it stands: one row a tract and day, with `punctual` and `versions`.

    The newest by its time of submission stands; a copy equal to the one before is no version; a load that was undone
    never was. `punctual` is that of the first version, missing where its time is unknown.
    """
    undone = {event.undoes for event in series.events}
    files = [
        event.rows.assign(order=n)
        for n, event in enumerate(series.events)
        if event.form == "progress" and event.name not in undone
    ]
    rows = pd.concat(files, ignore_index=True).sort_values([*KEY, "submitted_at", "order"], ignore_index=True)
    content = [c for c in rows if c not in (*HEADS, "order")]
    told = rows[content].astype("object").where(rows[content].notna(), None).apply(tuple, axis=1)
    again = told.eq(told.shift()) & (rows[KEY] == rows[KEY].shift()).all(axis=1)
    rows = rows[~again]
    limit = rows["report_date"] + pd.Timedelta("18:00:00")
    rows = rows.assign(punctual=(rows["submitted_at"] <= limit).astype("boolean").mask(rows["submitted_at"].isna()))
    grouped = rows.groupby(KEY)
    last = grouped.tail(1).set_index(KEY)
    return last.assign(punctual=grouped["punctual"].nth(0).to_numpy(), versions=grouped.size()).reset_index()


def standing_frames(series: Series) -> pd.DataFrame:
    """Return the frame of each tract on each day: area_code, date, frame_households, frame_persons, eds."""
    undone = {event.undoes for event in series.events}
    parts = []
    for n, event in enumerate(series.events):
        if event.form == "target" and event.name not in undone:
            since = event.rows.get("valid_from", pd.Timestamp.min)
            parts.append(event.rows.assign(valid_from=since, order=n))
    versions = pd.concat(parts, ignore_index=True)
    days = pd.DataFrame({"date": DAYS})
    held = versions.merge(days, how="cross")
    held = held[held["valid_from"] <= held["date"]].sort_values(["area_code", "date", "valid_from", "order"])
    return held.groupby(["area_code", "date"]).tail(1)


def calendars(series: Series, places: Tree) -> Calendars:
    """Return, units × days, whether a return is due, the phase runs, and the planned share.

    Then the working days left, units × days, and the plans over all days by the area that has the calendar.
    """
    shares, open_days, running, left = {}, {}, {}, {}
    for row in series.calendar.to_dict("records"):
        days = pd.date_range(row["start"], row["end"])
        works = np.isin(days.day_of_week + 1, [int(n) for n in row["working_days"].split()])
        gone = np.cumsum(works) / works.sum()
        if row["curve"] == "front-loaded":
            share = gone * (2 - gone)
        else:
            points = np.array([[float(x) for x in point.split(":")] for point in row["curve"].split()])
            share = np.interp(gone, points[:, 0], points[:, 1])
        key = row["area_code"] or places.codes[0]
        plan = pd.Series(share, index=days)
        shares[key] = plan
        asked = works & (days != (filing.DAY_OFF if key == places.codes[0] else pd.NaT))
        open_days[key] = pd.Series(asked, index=days).reindex(DAYS, fill_value=False).to_numpy()
        running[key] = DAYS.isin(days)
        left[key] = np.array([works[days > day].sum() for day in DAYS])
    own = np.array([unit.startswith(OWN_COUNTY) for unit in places.units])[:, None]
    top = places.codes[0]
    on = {key: plan.reindex(DAYS).ffill().fillna(0.0).to_numpy() for key, plan in shares.items()}
    due = np.where(own, open_days[OWN_COUNTY], open_days[top])
    runs = np.where(own, running[OWN_COUNTY], running[top])
    share = np.where(own, on[OWN_COUNTY], on[top])
    return due, runs, share, np.where(own, left[OWN_COUNTY], left[top]), shares


def of_units(series: Series, places: Tree) -> Figures:
    """Return every column of the progress table for the units, and the helpers `in_` and `value_day` (days, or NaN)."""
    stand, frames = standing_versions(series), standing_frames(series)
    due, runs, share, _, _ = calendars(series, places)

    def grid(rows: pd.DataFrame, column: str, day: str, code: str = "area_code") -> np.ndarray:
        wide = rows.pivot(index=code, columns=day, values=column).reindex(index=places.units, columns=DAYS)
        return wide.astype("Float64").to_numpy(dtype=float, na_value=np.nan)

    came = ~np.isnan(grid(stand.assign(one=1), "one", "report_date"))
    nil = grid(stand, "is_nil", "report_date") == 1
    told = came & ~nil
    number = np.arange(len(DAYS))[None, :]
    newest = np.maximum.accumulate(np.where(told, number, -1), axis=1)

    def carried(name: str) -> np.ndarray:
        values = grid(stand, name, "report_date")
        taken = np.take_along_axis(values, np.maximum(newest, 0), axis=1)
        return np.where(newest >= 0, taken, np.nan)

    names = [c for c in stand if c not in (*HEADS, "is_nil", "hh_frame", "punctual", "versions", "order", *DAILY)]
    counts = {name: carried(name) for name in names}
    listed = {name: grid(frames, name, "date") for name in ("frame_households", "frame_persons", "eds")}
    frame = np.where(np.isnan(listed["frame_households"]), carried("hh_frame"), listed["frame_households"])
    resolved = counts["hh_done"] + sum(np.nan_to_num(counts[n]) for n in ("hh_vacant", "hh_away", "hh_deceased"))
    silent = due & ~came
    last_due = np.maximum.accumulate(np.where(due, number, -1), axis=1)
    last_in = np.maximum.accumulate(np.where(came, number, -1), axis=1)
    waiting = runs & (last_due >= 0) & (last_in < last_due)  # what was missing when a return was last due is unknown
    planned, known = frame * share, np.nan_to_num(resolved)
    still_open = np.maximum(frame - known, 0)
    framed = ~np.isnan(frame)
    punctual = grid(stand, "punctual", "report_date")
    is_in = due & came
    found = {
        **counts,
        "ed_total": np.where(np.isnan(counts["ed_total"]), listed["eds"], counts["ed_total"]),
        **{name: grid(stand, name, "report_date") for name in DAILY},
        "value_day": np.where(newest >= 0, newest, np.nan),
        "leaves": np.ones_like(frame),
        "leaves_due": due.astype(float),
        "leaves_off": (runs & ~due).astype(float),
        "leaves_unasked": (~due & came).astype(float),
        "leaves_reported": is_in.astype(float),
        "leaves_timed": (is_in & ~np.isnan(punctual)).astype(float),
        "leaves_on_time": (is_in & (punctual == 1)).astype(float),
        "leaves_nil": (is_in & nil).astype(float),
        "leaves_corrected": (is_in & (grid(stand, "versions", "report_date") > 1)).astype(float),
        "leaves_carried": (silent & (newest >= 0)).astype(float),
        "leaves_never": (silent & (newest < 0)).astype(float),
        "leaves_unframed": (~framed).astype(float),
        "hh_frame": frame,
        "pers_frame": listed["frame_persons"],
        "hh_resolved": resolved,
        "hh_open": still_open,
        "hh_open_missing": np.where(waiting, still_open, 0),
        "resolved_carried": np.where(waiting, known, 0),
        "framed_carried": np.where(waiting & framed, known, 0),
        "planned_hh": np.round(planned, 6),
        "behind_hh": np.round(np.maximum(planned - known, 0), 6),
    }
    paired = {name: np.where(np.isnan(found[other]), np.nan, found[one]) for name, (one, other) in BOTH_KNOWN.items()}
    return {**found, **paired}


def of_areas(units: Figures, places: Tree) -> Figures:
    """Return every column for every area: sums over what is known of its units, the oldest day for `value_day`."""
    weights = places.inside.astype(float)
    found = {}
    for name, values in units.items():
        if name == "value_day":
            oldest = np.where(np.isnan(values), np.inf, values)
            rows = [oldest[members].min(axis=0, initial=np.inf) for members in places.inside]
            found[name] = np.where(np.isinf(rows), np.nan, rows)
            continue
        some = weights @ (~np.isnan(values)).astype(float)
        found[name] = np.where(some > 0, weights @ np.nan_to_num(values), np.nan)
    return found


def over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return a ratio, unknown where its denominator is 0 or anything is unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below != 0, above / below, np.nan)
