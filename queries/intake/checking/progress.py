"""The rules of form A, the daily progress return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from queries.intake import known
from queries.intake.checking.history import compare_with_history, pace_rules
from queries.intake.checking.keys import dates_and_notes, duplicates, submission
from queries.intake.findings import Breach, governed
from queries.intake.known import Scope
from queries.settings import settings_on

# field, and the field of the same row that it cannot exceed
NO_MORE_THAN = (
    ("ed_started", "ed_total"),
    ("ed_done", "ed_started"),
    ("hh_collective", "hh_done"),
    ("pers_living", "pers_total"),
    ("pers_absent", "pers_hukou"),
    ("pers_hukou", "pers_total"),
    ("pers_in6m", "pers_living"),
    ("pers_out6m", "pers_absent"),
    ("hh_uploaded", "hh_done"),
    ("long_done", "long_target"),
)
OUTCOMES = ("hh_done", "hh_vacant", "hh_away", "hh_deceased")
DAY = pd.Timedelta(days=1)


def check(connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope) -> tuple[pd.DataFrame, list[Breach]]:
    """Check daily progress returns; the rows come back with phase_id, area_id and on_time."""
    rows["is_nil"] = rows["is_nil"].fillna(False)
    rows, breaches = known.place(rows, known.areas(connection), units_only=True)
    rows = known.windows(connection, rows, known.phases(connection))
    breaches += [
        Breach("unknown_phase", "reject", (rows["phase"].notna() & rows["phase_id"].isna()).to_numpy(), "phase"),
        duplicates(rows, ("phase", "area_id", "report_date"), "report_date"),
        *dates_and_notes(rows, now),
    ]
    rows, late = submission(rows)
    breaches += late
    rows = _with_frame(connection, rows)
    settings = settings_on(connection)
    breaches += [*_within_row(rows), *_against_frame(rows, settings), *_persons(rows, settings)]
    breaches += _against_staff(connection, rows)
    rows, following = compare_with_history(connection, rows)
    breaches += [*following, *pace_rules(connection, rows)]
    return rows, breaches


def exceeds(rows: pd.DataFrame, field: str, other: str, severity: str = "reject") -> Breach:
    """Return the breach of rows in which a field exceeds another one."""
    over = (rows[field] > rows[other]).to_numpy()
    return Breach("exceeds", severity, over, field, {"other": other, "limit": rows[other]})


def _with_frame(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """Add the frame that holds on each row's day, and whether a later revision of it is pending."""
    parts = []
    for phase_id in rows["phase_id"].dropna().unique():
        frames = known.frames(connection, int(phase_id))
        part = rows.loc[rows["phase_id"] == phase_id, ["area_id", "report_date"]].assign(row=lambda f: f.index)
        part = part.merge(frames, on="area_id")
        holds = (part["valid_from"] <= part["report_date"]) & ~(part["valid_to"] <= part["report_date"])
        standing = part[holds].drop_duplicates("row").set_index("row")
        pending = part.loc[part["valid_from"] > part["report_date"], "row"].unique()
        parts.append((standing, pending))
    rows = rows.assign(frame=np.nan, listed=np.nan, frame_pending=False)
    for standing, pending in parts:
        rows.loc[standing.index, "frame"] = standing["frame_households"]
        rows.loc[standing.index, "listed"] = standing["hard_to_count"]
        rows.loc[pending, "frame_pending"] = True
    return rows


def _within_row(rows: pd.DataFrame) -> Iterator[Breach]:
    for field, other in NO_MORE_THAN:
        yield exceeds(rows, field, other)
    closed = (rows["report_date"] >= rows["end"]).to_numpy()
    over = (rows["hh_self"] > rows["hh_done"]).to_numpy()
    yield Breach("self_exceeds", "warn", over & ~closed, "hh_self", {"limit": rows["hh_done"]})
    yield Breach("exceeds", "reject", over & closed, "hh_self", {"other": "hh_done", "limit": rows["hh_done"]})
    total = rows["pers_living"] + rows["pers_absent"]
    unequal = (rows["pers_total"].notna() & total.notna() & (rows["pers_total"] != total)).to_numpy()
    yield Breach("not_the_sum", "reject", unequal, "pers_total", {"sum": total})
    non_hukou = rows["pers_total"] - rows["pers_hukou"]
    yield _no_more(rows, "pers_in6m", rows["pers_in6m"], non_hukou)
    abroad = rows["hmt"].fillna(0) + rows["foreign"].fillna(0)
    yield _no_more(rows, "hmt", abroad, rows["pers_living"])
    yield _no_more(rows, "foreign", abroad, non_hukou - rows["pers_in6m"].fillna(0))
    estimate = rows["pers_hukou"] - rows["pers_out6m"] + rows["pers_in6m"]
    yield _no_more(rows, "pers_hukou", estimate, rows["pers_total"])
    yield Breach(
        "above_limit",
        "reject",
        (rows["hard_to_count_done"] > rows["listed"]).to_numpy(),
        "hard_to_count_done",
        {"limit": rows["listed"]},
    )


def _no_more(rows: pd.DataFrame, field: str, amount: pd.Series, limit: pd.Series) -> Breach:
    return Breach("exceeds_sum", "reject", (amount > limit).to_numpy(), field, {"limit": limit})


def _against_frame(rows: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Breach]:
    changed = (rows["hh_frame"].notna() & rows["frame"].notna() & (rows["hh_frame"] != rows["frame"])).to_numpy()
    yield Breach("frame_changed", "reject", changed, "hh_frame", {"frame": rows["frame"]})
    frame = rows["frame"].fillna(rows["hh_frame"])
    pending = rows["frame_pending"].to_numpy()
    far = (rows["hh_done"] > 1.1 * frame).to_numpy()
    yield Breach("far_over_frame", "reject", far & ~pending, "hh_done", {"frame": frame})
    occupied = frame - rows["hh_vacant"].fillna(0)
    over = (rows["hh_done"] > occupied).to_numpy()
    yield Breach("over_frame", "warn", over & (~far | pending), "hh_done", {"limit": occupied})
    vacant = (rows["hh_vacant"] > 0.15 * frame).to_numpy()
    yield Breach("many_vacant", "warn", vacant, "hh_vacant", {"frame": frame})
    ending = (rows["report_date"] > rows["end"] - 3 * DAY).to_numpy()
    refused = ending & (rows["hh_refused"] > 0.005 * frame).to_numpy()
    yield Breach("many_refused", "warn", refused, "hh_refused", {"frame": frame})
    lost = ending & (rows["hh_noncontact"] > 0.02 * frame).to_numpy()
    yield Breach("many_noncontact", "warn", lost, "hh_noncontact", {"frame": frame})
    pending_hh = frame - sum((rows[name].fillna(0) for name in OUTCOMES), start=pd.Series(0.0, index=rows.index))
    pending_hh = pending_hh.where(rows["hh_done"].notna())
    differs = (rows["hh_pending"].notna() & pending_hh.notna() & (rows["hh_pending"] != pending_hh)).to_numpy()
    yield Breach("pending_disagrees", "warn", differs, "hh_pending", {"pending": pending_hh})
    still = rows["hh_refused"].fillna(0) + rows["hh_noncontact"].fillna(0)
    negative = (pending_hh < 0).to_numpy()
    yield Breach("negative_pending", "warn", negative, "hh_done", {"excess": -pending_hh})
    too_many = ((still > pending_hh) & (still > 0)).to_numpy() & ~negative
    yield Breach("open_exceeds_pending", "reject", too_many, "hh_noncontact", {"open": still, "pending": pending_hh})
    households = frame.fillna(rows["hh_done"])
    share = 100 * rows["long_target"] / households
    low, high = (100 * limit for limit in settings["long_share"][2:])
    odd = ((rows["phase"] == "long") | (rows["phase"] == "short")) & ((share < low) | (share > high))
    told = {"share": share, "households": households, "low": float(low), "high": float(high)}
    yield Breach("long_share", "warn", odd.to_numpy(), "long_target", told | governed("long_share", settings))


def _persons(rows: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Breach]:
    size = rows["pers_total"] / rows["hh_done"].where(rows["hh_done"] > 0)
    collective = (rows["hh_collective"].fillna(0) > 0.3 * rows["hh_done"]).to_numpy()
    low, high, least, most = (float(limit) for limit in settings["household_size"])
    by_office = governed("household_size", settings)
    impossible = ((size < least) | (size > most)).to_numpy() & ~collective
    told = {"size": size, "low": least, "high": most}
    yield Breach("household_size_wrong", "reject", impossible, "pers_total", told | by_office)
    odd = ((size < low) | (size > high)).to_numpy() & ~impossible
    yield Breach("household_size_odd", "warn", odd, "pers_total", {"size": size, "low": low, "high": high} | by_office)
    for field, rule, permille in (("births", "many_births", 30), ("deaths", "many_deaths", 20)):
        many = (1000 * rows[field] > permille * rows["pers_total"]).to_numpy()
        yield Breach(rule, "warn", many, field, {"persons": rows["pers_total"]})
    ended = (rows["report_date"] >= rows["end"]).to_numpy()
    differ = rows["death_forms"].notna() & rows["deaths"].notna() & (rows["deaths"] != rows["death_forms"])
    yield Breach("death_forms_differ", "reject", ended & differ.to_numpy(), "deaths", {"forms": rows["death_forms"]})


def _against_staff(connection: Connection, rows: pd.DataFrame) -> list[Breach]:
    if rows["enum_active"].isna().all():
        return []
    in_post = known.enumerators_in_post(connection).drop_duplicates("area_id").set_index("area_id")["in_post"]
    staff = rows["area_id"].map(in_post).astype("Float64").astype("float64")
    over = (rows["enum_active"] > staff).to_numpy()
    return [Breach("active_exceeds_post", "warn", over, "enum_active", {"in_post": staff})]
