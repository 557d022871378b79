"""The files: 736 census tracts over six weeks, as they would reach a data desk.

How many households responded is real (US Census Bureau, 2020), and so are the workloads and the populations.
The other counts of the form are derived from these by fixed shares, so that every count is filed somewhere and
missing somewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

FIRST, LAST = pd.Timestamp("2020-03-23"), pd.Timestamp("2020-05-03")
END = pd.Timestamp("2020-05-31")
OWN_COUNTY, OWN_START, OWN_END = "17093", pd.Timestamp("2020-03-27"), pd.Timestamp("2020-05-20")  # Kendall
REVISED = pd.Timestamp("2020-04-15")
DAY_OFF = pd.Timestamp("2020-04-10")  # Good Friday: work is planned, no return is due
KEY = ["area_code", "report_date"]
SEED = 20200401


@dataclass(frozen=True)
class Event:
    """One thing that happens at the desk: a file of a form that comes in, or the undoing of an earlier one."""

    name: str
    form: str
    rows: pd.DataFrame | None = None
    undoes: str | None = None


@dataclass(frozen=True)
class Series:
    """The areas (code, name, parent_code, level), the frames (by tract), and what happens, in order."""

    areas: pd.DataFrame
    calendar: pd.DataFrame
    frames: pd.DataFrame
    events: list[Event]


def build(real_data: Path) -> Series:
    """Return the whole story from the folder of real data."""
    tracts = pd.read_csv(real_data / "us_cmap_areas.csv", dtype={"tract": str, "county_fips": str})
    daily = pd.read_csv(real_data / "us_cmap_collar_tract_daily.csv", dtype={"tract": str}, parse_dates=["date"])
    tracts = tracts[tracts["tract"].isin(daily["tract"])].sort_values("tract", ignore_index=True)
    tracts["households"] = tracts["target_housing_units_2018"].round().astype(int)
    frames = _frames(tracts)
    returns = _returns(tracts, daily[daily["date"] <= LAST])
    return Series(_areas(tracts), _calendar(), frames, _story(frames, returns))


def _areas(tracts: pd.DataFrame) -> pd.DataFrame:
    counties = tracts.drop_duplicates("county_fips")
    groups = tracts.assign(group=tracts["tract"].str[:8]).drop_duplicates("group")
    parts = [
        pd.DataFrame({"code": ["17"], "name": ["Collar counties"], "parent_code": [""], "level": [1]}),
        pd.DataFrame({"code": counties["county_fips"], "name": counties["county"], "parent_code": "17", "level": 2}),
        pd.DataFrame(
            {
                "code": groups["group"],
                "name": "Tracts " + groups["group"].str[5:],
                "parent_code": groups["county_fips"],
                "level": 3,
            }
        ),
        pd.DataFrame(
            {"code": tracts["tract"], "name": tracts["name"], "parent_code": tracts["tract"].str[:8], "level": 4}
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def _calendar() -> pd.DataFrame:
    usual = {"phase": "short", "cutoff": "17:30", "grace_minutes": 30, "working_days": "1 2 3 4 5 6"}
    return pd.DataFrame(
        [
            {
                **usual,
                "area_code": "",
                "start": FIRST,
                "end": END,
                "curve": "0:0 0.3:0.45 0.7:0.85 1:1",
                "days_off": f"{DAY_OFF:%Y-%m-%d}",
            },
            {**usual, "area_code": OWN_COUNTY, "start": OWN_START, "end": OWN_END, "curve": "front-loaded"},
        ]
    )


def _frames(tracts: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of each tract; some have none, some none of persons, some none of districts."""
    place = np.arange(len(tracts))
    frames = pd.DataFrame(
        {
            "area_code": tracts["tract"],
            "phase": "short",
            "frame_households": tracts["households"].astype("Int64"),
            "frame_persons": tracts["population_2018"].round().astype("Int64"),
            "eds": np.ceil(tracts["households"] / 90).astype("Int64"),
            "hard_to_count": pd.array(np.full(len(tracts), 3), dtype="Int64"),
        }
    )
    frames.loc[place % 41 == 3, "frame_persons"] = pd.NA
    frames.loc[place % 43 == 5, "eds"] = pd.NA
    frames.loc[place % 59 == 8, "hard_to_count"] = pd.NA
    return frames[place % 37 != 7].reset_index(drop=True)


def _returns(tracts: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """Return every return in its first version, one row a tract and day."""
    rows = daily.merge(tracts.assign(place=np.arange(len(tracts))), on="tract")
    start = np.where(rows["county_fips"] == OWN_COUNTY, OWN_START, FIRST).astype("datetime64[ns]")
    rows = rows[rows["date"] >= start].reset_index(drop=True)
    place, households = rows["place"].to_numpy(), rows["households"].to_numpy()
    day = (rows["date"] - FIRST).dt.days.to_numpy()
    done = np.round(rows["cum_pct"].to_numpy() / 100 * households).astype(int)
    size = np.clip(rows["population_2018"].to_numpy() / np.maximum(households, 1), 2.1, 3.9)
    eds = np.ceil(households / 90).astype(int)
    persons = np.round(size * done).astype(int)
    absent, hukou = persons // 10, (persons * 6) // 10
    vacant, away, deceased = (households * day) // 2000, day // 5, day // 15
    left = np.maximum(households - done - vacant - away - deceased, 0)
    counts = {
        "ed_total": eds,
        "ed_started": np.minimum(eds, (2 * eds * done) // np.maximum(households, 1)),
        "ed_done": (eds * done) // np.maximum(households, 1) // 2,
        "hh_done": done,
        "hh_collective": done // 100,
        "hh_vacant": vacant,
        "hh_away": away,
        "hh_deceased": deceased,
        "hh_refused": np.minimum(households // 300, left // 2),
        "hh_noncontact": np.minimum(households // 100, left // 2),
        "pers_total": persons,
        "pers_living": persons - absent,
        "pers_absent": absent,
        "pers_hukou": hukou,
        "pers_in6m": persons // 5,
        "pers_out6m": absent // 2,
        "births": persons // 100,
        "deaths": persons // 200,
        "hmt": persons // 500,
        "foreign": persons // 400,
        "hh_self": done // 2,
        "hh_uploaded": done // 3,
        "long_target": np.maximum(households // 10, 1),
        "long_done": np.minimum(done // 20, households // 10),
        "hard_to_count_done": np.minimum(3, day // 10),
        "visits_day": 40 + day + place % 7,
        "enum_active": 1 + place % 7,
        "issues_new": (place + day) % 3,
        "issues_open": np.zeros(len(rows), dtype=int),
    }
    filed = pd.DataFrame(counts).astype("Int64")
    whose = {  # counts that some tracts never file
        "hh_vacant": place % 3 == 0,
        "hh_away": place % 4 == 1,
        "hh_deceased": place % 10 != 0,
        "hh_self": place % 6 == 2,
        "long_target": place % 8 == 3,
        "long_done": place % 8 == 3,
        "ed_total": place % 2 == 0,
        "ed_started": place % 9 == 4,
        "ed_done": place % 9 == 4,
        "births": place % 11 == 6,
        "visits_day": place % 12 == 1,
        "enum_active": place % 12 == 1,
        "hard_to_count_done": place % 59 == 8,
    }
    for name, which in whose.items():
        filed.loc[which, name] = pd.NA
    filed.loc[
        place % 5 == 4, [c for c in filed if c.startswith("pers_") or c in ("births", "deaths", "hmt", "foreign")]
    ] = pd.NA
    minute = np.where((place + 2 * day) % 13 == 0, 19 * 60, 16 * 60 + (place + day) % 90)
    submitted = rows["date"] + pd.to_timedelta(minute, unit="m")
    heads = pd.DataFrame(
        {
            "report_date": rows["date"],
            "area_code": rows["tract"],
            "phase": "short",
            "submitted_at": submitted.mask((place + day) % 29 == 0),
            "is_nil": (place * 7 + day) % 97 == 0,
            # A series in which figures fell is filed as what it is; so is what comes out of order.
            "correction_reason": "late revision of the series",
            "hh_frame": pd.array(np.where((place % 74 == 7), households, -1), dtype="Int64"),
        }
    )
    heads["hh_frame"] = heads["hh_frame"].mask(heads["hh_frame"] < 0)
    filed.loc[heads["is_nil"].to_numpy()] = pd.NA
    heads.loc[heads["is_nil"], "hh_frame"] = pd.NA
    return pd.concat([heads, filed], axis=1)


def _story(frames: pd.DataFrame, returns: pd.DataFrame) -> list[Event]:
    """Return what happens: batches out of order, corrections, stale copies, a correction back, undoings, revisions."""
    draw = np.random.default_rng(SEED)
    shuffled = returns.iloc[draw.permutation(len(returns))]
    kept_back = shuffled.iloc[: len(shuffled) // 50]  # never filed
    rest = shuffled.iloc[len(kept_back) :]
    batches = [
        part.reset_index(drop=True) for part in np.array_split(np.arange(len(rest)), 8) for part in [rest.iloc[part]]
    ]
    early = pd.concat(batches[:6])
    chosen = early[early["submitted_at"].notna() & ~early["is_nil"] & (early["hh_done"] > 20)].iloc[::20].iloc[:900]
    first = _moved(chosen, 3, "1 day")
    second = _moved(chosen.iloc[:400], 7, "2 days")
    back = chosen.iloc[:150].assign(submitted_at=chosen["submitted_at"].iloc[:150] + pd.Timedelta("3 days"))
    last = batches[7]
    newer = _moved(last[last["submitted_at"].notna() & ~last["is_nil"] & (last["hh_done"] > 20)].iloc[:300], 5, "1 day")
    revised = frames.iloc[::12].assign(
        frame_households=lambda f: (f["frame_households"] * 1.06).round().astype("Int64"),
        frame_persons=lambda f: (f["frame_persons"] * 1.06).round().astype("Int64"),
        eds=lambda f: f["eds"] + 1,
        valid_from=REVISED,
        reason="new block found",
    )
    again = revised.iloc[:20].assign(
        frame_households=lambda f: (f["frame_households"] * 1.02).round().astype("Int64"), reason="counted again"
    )
    returned = [Event(f"batch {n}", "progress", part) for n, part in enumerate(batches)]
    return [
        Event("frames", "target", frames),
        *returned[:3],
        Event("revised frames", "target", revised),
        *returned[3:6],
        Event("first correction", "progress", first),
        Event("second correction", "progress", second),
        Event("batch 1 again", "progress", batches[1]),  # older than what stands, where that was corrected
        returned[6],
        Event("newer copies before the older", "progress", newer),
        Event("corrected back", "progress", back),
        Event("first correction again", "progress", first),
        Event("revised again", "target", again),
        Event("undo batch 4", "undo", undoes="batch 4"),
        returned[7],
        Event("undo second correction", "undo", undoes="second correction"),
        Event("undo revised again", "undo", undoes="revised again"),
        Event("batch 5 again", "progress", batches[5]),
    ]


def _moved(rows: pd.DataFrame, by: int, later: str) -> pd.DataFrame:
    """Return a later version in which fewer households and more vacant ones are reported."""
    fewer = rows["hh_done"] - by
    return rows.assign(
        hh_done=fewer,
        hh_vacant=rows["hh_vacant"] + by,
        submitted_at=rows["submitted_at"] + pd.Timedelta(later),
        **{name: rows[name].clip(upper=fewer) for name in ("hh_self", "hh_uploaded", "hh_collective")},
        correction_reason="counted again",
    )
