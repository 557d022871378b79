"""The figures that pages show, derived from the sums of `derivation`: arrays of areas × days by column of a query."""

from __future__ import annotations

import numpy as np

from tests.real.replay.derivation import DAYS, Figures, Tree, over

SUNDAYS = DAYS.day_of_week == 6  # no work is planned on them, and no return is due

LOOK_BACK = 21  # days that the observed pace looks back
RATES = {  # indicator: numerator and denominator, each a sum of columns; a question mark: nothing where unknown
    "household_completion": ("framed_done", "hh_frame -?framed_vacant"),
    "resolution_rate": ("framed_resolved", "hh_frame"),
    "eds_completed_rate": ("listed_ed_done", "listed_ed_total"),
    "planned_share": ("planned_hh", "hh_frame"),
    "persons_per_household": ("housed_persons", "housing_persons"),
    "living_per_household": ("housed_living", "housing_living"),
    "self_report_rate": ("done_self", "done_of_self"),
    "long_share": ("framed_long", "frame_of_long"),
    "vacant_share": ("framed_vacant", "frame_of_vacant"),
    "away_share": ("framed_away", "frame_of_away"),
    "refusal_share": ("framed_refused", "frame_of_refused"),
    "noncontact_share": ("framed_noncontact", "frame_of_noncontact"),
    "reporting_rate": ("leaves_reported", "leaves_due"),
    "carried_share": ("resolved_carried", "hh_resolved"),
    "restatement_rate": ("leaves_corrected", "leaves_reported"),
}


def rates(sums: Figures) -> Figures:
    """Return every indicator of progress, 0-1 or a ratio."""
    found = {key: over(_summed(sums, above), _summed(sums, below)) for key, (above, below) in RATES.items()}
    could = sums["leaves_due"] - sums["leaves_reported"] + sums["leaves_timed"]
    on_time = over(sums["leaves_on_time"], could)
    found["on_time_rate"] = np.where((sums["leaves_timed"] == 0) & (sums["leaves_reported"] > 0), np.nan, on_time)
    return found


def _summed(sums: Figures, words: str) -> np.ndarray:
    total: np.ndarray | float = 0.0
    for word in words.split():
        sign = -1 if word.startswith("-") else 1
        name = word.lstrip("-?")
        total = total + sign * (np.nan_to_num(sums[name]) if "?" in word else sums[name])
    return np.asarray(total)


def completion(sums: Figures) -> Figures:
    """Return rates, bounds and position against plan of every area on every day."""
    found = rates(sums)
    resolved, frame = sums["framed_resolved"], sums["hh_frame"]
    known = (frame > 0) & (~np.isnan(resolved) | (sums["hh_open_missing"] > 0))
    low = np.where(known, over(np.nan_to_num(resolved), frame), np.nan)
    high = np.where(known, over(np.nan_to_num(resolved) + np.nan_to_num(sums["hh_open_missing"]), frame), np.nan)
    rate, plan = found["resolution_rate"], found["planned_share"]
    index = over(rate, plan)
    return {
        **found,
        "resolution_low": low,
        "resolution_high": np.fmax(low, high),
        "carried_rate": over(sums["framed_carried"], frame),
        "gap_points": 100 * (rate - plan),
        "schedule_index": index,
        **_movement(sums),
        "pace_3": pace(sums, 3),
        "pace_7": pace(sums, 7),
    }


def _movement(sums: Figures) -> Figures:
    done, came = sums["hh_resolved"], sums["leaves_reported"] + sums["leaves_unasked"] > 0
    step = np.full(done.shape, np.nan)
    step[:, 1:] = done[:, 1:] - done[:, :-1]
    step[~came] = np.nan
    before = np.full(done.shape, np.nan)
    before[:, 1:] = step[:, :-1]
    return {"increment": step, "increment_before": before, "increment_high": step + sums["hh_open_missing"]}


def pace(sums: Figures, reports: int) -> np.ndarray:
    """Return households a day, Sundays left out, from the reported day that many reports back to the newest one."""
    done = sums["hh_resolved"]
    reported = (sums["leaves_reported"] + sums["leaves_unasked"] > 0) & ~np.isnan(done)
    gone = np.cumsum(~SUNDAYS)
    found = np.full(done.shape, np.nan)
    for row in range(done.shape[0]):
        for day in range(done.shape[1]):
            back = [d for d in range(max(0, day - LOOK_BACK), day + 1) if reported[row, d]]
            if len(back) > reports:
                new, old = back[-1], back[-1 - reports]
                days = gone[new] - gone[old]
                found[row, day] = (done[row, new] - done[row, old]) / days if days else np.nan
    return found


def needed(units: Figures, left_of_units: np.ndarray, places: Tree) -> np.ndarray:
    """Return households a working day that each area needs: what its units need by the days that each has left."""
    open_of = units["hh_open"]
    total = places.inside.astype(float) @ np.nan_to_num(open_of / left_of_units)
    some = places.inside.astype(float) @ (~np.isnan(open_of)).astype(float)
    return np.where(some > 0, total, np.nan)


def status(found: Figures, sums: Figures) -> np.ndarray:
    """Return the traffic light by the defaults of the handbook."""
    index, rate, plan = found["schedule_index"], found["resolution_rate"], found["planned_share"]
    finished = plan >= 1 - 1e-9
    judged = np.where(finished, rate, index)
    green, amber = np.where(finished, 1.0, 0.95), np.where(finished, 0.98, 0.85)
    named = np.select(
        [np.isnan(judged), judged >= green - 1e-9, judged >= amber - 1e-9], ["unknown", "green", "amber"], "red"
    )
    return np.where(sums["hh_frame"] < 30, "small", named)


def silences(units: Figures) -> np.ndarray:
    """Return the days due in a row without a return of each unit, up to each day; NaN where none is due."""
    due, came = units["leaves_due"] > 0, units["leaves_reported"] + units["leaves_unasked"] > 0
    run, found = np.zeros(due.shape[0]), np.full(due.shape, np.nan)
    for day in range(len(DAYS)):
        run = np.where(due[:, day] & ~came[:, day], run + 1, np.where(came[:, day], 0, run))
        found[:, day] = np.where(due[:, day], run, np.nan)
    return found


def returns(sums: Figures, units: Figures, places: Tree) -> Figures:
    """Return how every area reports on every day, and so far."""
    so_far = {
        name: np.nancumsum(sums[name], axis=1)
        for name in ("leaves_due", "leaves_reported", "leaves_timed", "leaves_on_time", "leaves_corrected")
    }
    silent = silences(units)
    longest = np.array([np.nanmax(np.where(np.isnan(silent[m]), 0, silent[m]), axis=0) for m in places.inside])
    long = np.array([(silent[m] > 1).sum(axis=0) for m in places.inside]).astype(float)
    none_due = ~(sums["leaves_due"] > 0)
    longest[none_due], long[none_due] = np.nan, np.nan
    day, total = rates(sums), rates({**sums, **so_far})
    return {
        "leaves_late": sums["leaves_timed"] - sums["leaves_on_time"],
        "leaves_missing": sums["leaves_due"] - sums["leaves_reported"],
        "reporting_rate": day["reporting_rate"],
        "on_time_rate": day["on_time_rate"],
        "reporting_rate_to_date": total["reporting_rate"],
        "on_time_rate_to_date": total["on_time_rate"],
        "restatement_rate_to_date": total["restatement_rate"],
        "longest_silence": longest,
        "silent_long": long,
    }


def bridge(units: Figures, then: int, now: int) -> Figures:
    """Return how the households still to resolve of each unit came from one day to another, as both are known now."""

    def still_open(frame: np.ndarray, resolved: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(frame), 0.0, np.maximum(frame - np.nan_to_num(resolved), 0))

    def on(name: str, day: int) -> np.ndarray:
        return units[name][:, day]

    frame, resolved = on("hh_frame", now), on("hh_resolved", now)
    start = still_open(on("hh_frame", then), on("hh_resolved", then))
    retargeted, end = still_open(frame, on("hh_resolved", then)), still_open(frame, resolved)
    was_in, is_in = on("leaves_reported", then) > 0, on("leaves_reported", now) > 0
    was_silent = (on("leaves_due", then) > 0) & ~was_in
    missing = (on("leaves_due", now) > 0) & ~is_in
    progressed = end - retargeted
    return {
        "then": start,
        "target": retargeted - start,
        "corrections": np.zeros_like(start),
        "newly_in": np.where(was_silent, progressed, 0),
        "work": np.where(was_silent, 0, progressed),
        "now": end,
        "newly_missing": (missing & was_in).astype(float),
        "still_missing": (missing & ~was_in).astype(float),
        "uncertain_newly_missing": np.where(missing & was_in, end, 0),
        "uncertain_still_missing": np.where(missing & ~was_in, end, 0),
    }


def return_states(units: Figures) -> np.ndarray:
    """Return what each unit did on each day, as the matrix of returns says it."""

    def is_(name: str) -> np.ndarray:
        return units[f"leaves_{name}"] > 0

    return np.select(
        [
            is_("unasked"),
            is_("off"),
            ~is_("due"),
            is_("carried"),
            is_("never"),
            is_("nil"),
            is_("corrected"),
            is_("on_time"),
            is_("timed"),
        ],
        ["unasked", "off", "not_due", "carried", "never", "nil", "corrected", "on_time", "late"],
        "untimed",
    )


def spread(rates_of_units: np.ndarray, lights: np.ndarray) -> dict[str, float]:
    """Return how the units of one area differ on one day: what a mean hides."""
    known = rates_of_units[~np.isnan(rates_of_units)]
    behind, judged = np.isin(lights, ["amber", "red"]).sum(), np.isin(lights, ["green", "amber", "red"]).sum()
    return {
        "units": float(len(rates_of_units)),
        "lowest": float(known.min()),
        "p10": float(np.quantile(known, 0.1)),
        "median": float(np.median(known)),
        "highest": float(known.max()),
        "behind": float(behind),
        "red": float((lights == "red").sum()),
        "behind_share": behind / judged if judged else np.nan,
    }
