"""The rules of form D, the quality check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from queries.check_chains import chains
from queries.counts import CHECK_LEVELS, CHECKED_ITEMS, ERROR_TYPES
from queries.database import fetch_many
from queries.indicators import MAPPED_STAGES, ZERO_TOLERANCE, limits_of, rule_by_rule
from queries.intake import known
from queries.intake.checking.history import older
from queries.intake.checking.keys import dates_and_notes, duplicates
from queries.intake.checking.progress import exceeds
from queries.intake.findings import Breach, governed
from queries.intake.known import Scope
from queries.intake.versions import CHECK_CONTENT
from queries.schema import quality_check
from queries.settings import settings_on

SENT_BACK: Final = ("rework", "partial")
KNOWN: Final = ("check_id", "area_id", "stage", "level", "report_date", "decision", "re_check_id")
SAMPLES: Final = {
    "hh_self_sampled": ("hh_self_total", "self_share"),
    "hh_enum_sampled": ("hh_enum_total", "enum_share"),
}


def check(connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope) -> tuple[pd.DataFrame, list[Breach]]:
    """Check quality checks; the rows come back with area_id and cross_unit_id."""
    areas = known.areas(connection)
    rows, breaches = known.place(rows, areas, units_only=False)
    rows = rows.assign(is_nil=False, on_time=pd.array([pd.NA] * len(rows), dtype="boolean"))
    rows, crossing = _crossing(rows, areas)
    stored = fetch_many(
        connection, select(*(quality_check.c[name] for name in ("check_id", "submitted_at", *CHECK_CONTENT)))
    )
    settings = settings_on(connection)
    breaches += [
        *crossing,
        duplicates(rows, ("check_id",), "check_id"),
        *dates_and_notes(rows, now),
        *_numbers(rows, stored),
        *_samples(rows, settings),
        *_against_frame(connection, rows, areas),
        *_errors(rows),
        *_decision(rows, settings),
        *_rework(rows),
    ]
    if scope is not None:  # of checks of others a sender learns no more than that a number is taken
        stored = stored[stored["area_id"].isin(areas.loc[areas["first"].between(*scope), "id"])]
    return rows, [*breaches, *_after_others(rows, stored, _rejected(breaches, len(rows)))]


def _crossing(rows: pd.DataFrame, areas: pd.DataFrame) -> tuple[pd.DataFrame, list[Breach]]:
    """Add cross_unit_id: the unit that checked another one, where units check one another."""
    other, breaches = known.place(rows.assign(area_code=rows["cross_unit"]), areas, units_only=False)
    both = (rows["area_id"].notna() & other["area_id"].notna()).to_numpy()
    same = both & (rows["area_id"] == other["area_id"]).fillna(False).to_numpy()
    inside = (rows["first"] >= other["first"]) & (rows["last"] <= other["last"])
    above = (rows["first"] <= other["first"]) & (rows["last"] >= other["last"])
    return rows.assign(cross_unit_id=other["area_id"]), [
        *(replace(b, field="cross_unit") for b in breaches),
        Breach("own_cross_unit", "reject", same, "cross_unit"),
        Breach("cross_unit_above", "warn", both & ~same & (inside | above).to_numpy(), "cross_unit"),
    ]


def _numbers(rows: pd.DataFrame, stored: pd.DataFrame) -> Iterator[Breach]:
    there = rows[["check_id"]].merge(stored, on="check_id", how="left").set_axis(rows.index)
    again = there["area_id"].notna()
    other = again & _of_other(there, rows)
    yield Breach("number_taken", "reject", other.to_numpy(dtype=bool), "check_id")
    differs = np.logical_or.reduce([_differs(rows[name], there[name]) for name in CHECK_CONTENT])
    silent = again.to_numpy() & differs & rows["correction_reason"].isna().to_numpy()
    silent &= ~older(rows, stored, ("check_id",))
    yield Breach("correction_without_reason", "warn", silent & ~other.to_numpy(dtype=bool), "correction_reason")


def _of_other(there: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return which rows are of another unit or stage than a check; none whose own unit or stage is not known."""
    of_one = rows[["area_id", "stage"]].notna().all(axis=1)
    differs = ((there["area_id"] != rows["area_id"]) | (there["stage"] != rows["stage"])).fillna(True)
    return of_one & differs.astype(bool)


def _differs(mine: pd.Series, theirs: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(mine):
        theirs = pd.to_datetime(theirs)
    unknown = mine.isna().to_numpy() | theirs.isna().to_numpy()
    equal = (mine.astype(object).where(mine.notna(), None) == theirs.astype(object)).to_numpy(dtype=bool)
    return np.where(unknown, mine.isna().to_numpy() != theirs.isna().to_numpy(), ~equal)


def _samples(rows: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Breach]:
    whole = rows["hh_self_total"] + rows["hh_enum_total"]
    yield Breach("exceeds_sum", "reject", (rows["hh_sampled"] > whole).to_numpy(), "hh_sampled", {"limit": whole})
    parts = rows["hh_self_sampled"] + rows["hh_enum_sampled"]
    unequal = (parts.notna() & rows["hh_sampled"].notna() & (parts != rows["hh_sampled"])).to_numpy()
    yield Breach("not_the_sum", "reject", unequal, "hh_sampled", {"sum": parts})
    for name, (total, share) in SAMPLES.items():
        yield exceeds(rows, name, total)
        key = "acceptance." + rows["stage"].astype("str") + f".{share}"
        usual = key.map(settings).astype(float)
        reached = rows[name] / rows[total].where(rows[total] > 0)
        told = {"share": 100 * reached, "households": rows[total], "least": 100 * usual}
        told |= {"setting": key, "in_force": key.map(settings).map(str)}
        yield Breach("small_share", "warn", (reached < usual - 1e-9).to_numpy(), name, told)


def _against_frame(connection: Connection, rows: pd.DataFrame, areas: pd.DataFrame) -> Iterator[Breach]:
    """Yield the breaches of samples larger than the frame of the unit, where all of the unit is framed."""
    phases = known.phases(connection).set_index("code")["id"]
    limits = {name: pd.Series(np.nan, index=rows.index) for name in ("ed_sampled", "hh_sampled")}
    for stage in set(rows["stage"].dropna()) & set(phases.index):
        mine = (rows["stage"] == stage) & rows["area_id"].notna()
        frames = known.frames(connection, int(phases[stage])).sort_values("valid_from")
        frames = frames.drop_duplicates("area_id", keep="last").set_index("area_id")
        leaves = areas[areas["first"] == areas["last"]].sort_values("first")
        places = leaves["first"].to_numpy()
        start = np.searchsorted(places, rows.loc[mine, "first"].to_numpy(), side="left")
        end = np.searchsorted(places, rows.loc[mine, "last"].to_numpy(), side="right")
        for name, column in (("ed_sampled", "eds"), ("hh_sampled", "frame_households")):
            framed = leaves["id"].map(frames[column]).to_numpy(dtype=float, na_value=np.nan)
            sums, gaps = (np.append(0, np.cumsum(each)) for each in (np.nan_to_num(framed), np.isnan(framed)))
            limits[name][mine] = np.where(gaps[end] > gaps[start], np.nan, sums[end] - sums[start])
    for name, limit in limits.items():
        yield Breach("above_limit", "reject", (rows[name] > limit).to_numpy(), name, {"limit": limit})


def _errors(rows: pd.DataFrame) -> Iterator[Breach]:
    for item in CHECKED_ITEMS:
        checked, errors = f"{item}_checked", f"{item}_err"
        yield exceeds(rows, errors, checked)
        yield Breach("required", "reject", (rows[errors].notna() & rows[checked].isna()).to_numpy(), checked)
    types = rows[list(ERROR_TYPES)]
    total, complete = types.sum(axis=1, min_count=1), types.notna().all(axis=1)
    wrong = (total > rows["pers_err"]) | (complete & rows["pers_err"].notna() & (total != rows["pers_err"]))
    yield Breach("not_the_sum", "reject", wrong.to_numpy(), "pers_err", {"sum": total})


def _decision(rows: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Breach]:
    """Yield what keeps a check from being passed by the rule of its stage."""
    passed = rows["decision"] == "pass"
    for stage, part in rows[passed].groupby("stage"):
        limits = limits_of(str(stage), settings)
        rules = rule_by_rule(part, str(stage), limits)
        for name in rules:
            red = _spread(rules[name] == "red", rows)
            if name == "map":
                yield Breach("pass_without_map", "reject", red | _spread(rules[name] == "unknown", rows), "map_ok")
                continue
            errors, checked = rows[f"{name}_err"], rows[f"{name}_checked"]
            if name in ZERO_TOLERANCE:
                yield Breach("pass_with_error", "reject", red, f"{name}_err")
            else:
                told = {"checked": checked, "rate": 1000 * errors / checked, "limit": 1000 * limits[name]}
                told |= governed(f"acceptance.{stage}.{name}", settings)
                yield Breach("pass_above_limit", "reject", red, f"{name}_err", told)
            unknown = _spread((rules[name] == "unknown") & bool(limits or stage in MAPPED_STAGES), rows)
            counted = (errors.notna() & ~(checked > 0)).to_numpy()
            yield Breach("pass_without_figure", "reject", unknown & counted, f"{name}_checked")
            yield Breach("pass_without_figure", "reject", unknown & ~counted, f"{name}_err")


def _spread(part: pd.Series, rows: pd.DataFrame) -> np.ndarray:
    """Return a truth of some rows as one of all rows, false elsewhere."""
    return part.reindex(rows.index, fill_value=False).to_numpy(dtype=bool)


def _rework(rows: pd.DataFrame) -> Iterator[Breach]:
    due, back = rows["rework_due"].notna(), rows["decision"].isin(SENT_BACK)
    yield Breach("due_without_rework", "reject", (due & ~back).to_numpy(), "rework_due")
    yield Breach("rework_without_due", "warn", (back & ~due).to_numpy(), "rework_due")
    early = (rows["rework_due"] < rows["report_date"]).to_numpy()
    yield Breach("due_before_check", "reject", early, "rework_due", {"day": rows["report_date"]})


def _rejected(breaches: Iterable[Breach], number: int) -> np.ndarray:
    bad = np.zeros(number, dtype=bool)
    for breach in breaches:
        if breach.severity == "reject":
            bad |= np.asarray(breach.rows, dtype=bool)
    return bad


def _after_others(rows: pd.DataFrame, stored: pd.DataFrame, bad: np.ndarray) -> list[Breach]:
    """Return the breaches of rows that follow other checks: stored ones, and those of the file that can be stored."""
    while True:
        others = stored.loc[~stored["check_id"].isin(rows["check_id"]), list(KNOWN)]
        checks = pd.concat([others.astype(object), rows.loc[~bad, list(KNOWN)].astype(object)], ignore_index=True)
        checks = checks.drop_duplicates("check_id").set_index("check_id")
        checks["report_date"] = pd.to_datetime(checks["report_date"])
        found = [*_repeats(rows, checks), _below(rows, checks)]
        worse = bad | _rejected(found, len(rows))
        if (worse == bad).all():
            return found
        bad = worse


def _repeats(rows: pd.DataFrame, checks: pd.DataFrame) -> Iterator[Breach]:
    named = rows["re_check_id"].astype("str")
    given = named.notna()
    itself = given & (named == rows["check_id"])
    unknown = given & ~itself & ~named.isin(checks.index)
    yield Breach("unknown_check", "reject", unknown.to_numpy(dtype=bool), "re_check_id")
    told = checks.reindex(named.where(~unknown & ~itself)).set_axis(rows.index)
    there = told["area_id"].notna()
    other = there & _of_other(told, rows)
    yield Breach("recheck_of_other", "reject", other.to_numpy(dtype=bool), "re_check_id")
    before = there & (rows["report_date"] < told["report_date"])
    yield Breach("recheck_before", "reject", before.to_numpy(dtype=bool), "re_check_id", {"day": told["report_date"]})
    round_ = [_returns(number, checks["re_check_id"]) for number in rows["check_id"]]
    yield Breach("recheck_circle", "reject", itself.to_numpy(dtype=bool) | np.array(round_, bool), "re_check_id")


def _returns(number: Any, repeats: pd.Series) -> bool:
    """Return whether going from a check to the one that it repeats leads back to it."""
    seen: set[Any] = set()
    at = repeats.get(number)
    while isinstance(at, str) and at not in seen:
        if at == number:
            return True
        seen.add(at)
        at = repeats.get(at)
    return False


def _below(rows: pd.DataFrame, checks: pd.DataFrame) -> Breach:
    """Return the breach of units passed at a level while the nearest level below it has not passed them."""
    rank = {level: n for n, level in enumerate(CHECK_LEVELS)}
    by_unit = dict(iter(checks.assign(rank=checks["level"].map(rank)).groupby(["area_id", "stage"])))
    wrong = np.zeros(len(rows), dtype=bool)
    passed = (rows["decision"] == "pass") & rows["area_id"].notna() & rows["level"].isin(CHECK_LEVELS[1:])
    for n in np.flatnonzero(passed.to_numpy()):
        row = rows.iloc[n]
        of_unit = by_unit.get((row["area_id"], row["stage"]))
        if of_unit is None:
            wrong[n] = True
            continue
        so_far = of_unit[of_unit["report_date"] <= row["report_date"]].reset_index()
        below = so_far[chains(so_far)["stands"] & (so_far["rank"] < rank[row["level"]])]
        nearest = below[below["rank"] == below["rank"].max()]
        wrong[n] = nearest.empty or bool((nearest["decision"] != "pass").any())
    return Breach("pass_before_lower_level", "reject", wrong, "decision", {"day": rows["report_date"]})
