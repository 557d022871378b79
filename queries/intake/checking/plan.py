"""The rules of the forms that set the stage: areas, frames, calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from queries.calendar import EVERY_DAY
from queries.intake import known
from queries.intake.checking.keys import duplicates
from queries.intake.findings import Breach
from queries.intake.known import Scope
from queries.intake.limits import LONGEST_PHASE, MOST_DAYS
from queries.intake.values import read_datetime

COUNTS = ("frame_households", "frame_persons", "eds")
LONGEST_BREAK = pd.Timedelta(days=7)  # among seven days every weekday occurs


def check_areas(
    connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope
) -> tuple[pd.DataFrame, list[Breach]]:
    """Check the codes of an area list: its tree is judged as a whole when it is laid out."""
    slash = rows["code"].astype("str").str.contains("/", regex=False).fillna(False)
    return rows, [Breach("slash_in_code", "reject", slash.to_numpy(dtype=bool), "code")]


def check_targets(
    connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope
) -> tuple[pd.DataFrame, list[Breach]]:
    """Check frames; the rows come back with phase_id and area_id."""
    rows, breaches = known.place(rows, known.areas(connection), units_only=True)
    phases = known.phases(connection).set_index("code")["id"]
    rows["phase_id"] = rows["phase"].map(phases).astype("Int64")
    breaches += [
        Breach("unknown_phase", "reject", (rows["phase"].notna() & rows["phase_id"].isna()).to_numpy(), "phase"),
        duplicates(rows.fillna({"valid_from": pd.Timestamp(0)}), ("phase", "area_id", "valid_from"), "area_code"),
    ]
    stored = [known.frames(connection, int(p)).assign(phase_id=p) for p in rows["phase_id"].dropna().unique()]
    if not stored:
        return rows, breaches
    current = pd.concat(stored).sort_values("valid_from").drop_duplicates(["phase_id", "area_id"], keep="last")
    there = rows[["phase_id", "area_id"]].merge(current, on=["phase_id", "area_id"], how="left").set_axis(rows.index)
    frame = there["frame_households"]
    revised = frame.notna() & (rows["frame_households"] != frame)
    unexplained = revised & (rows["valid_from"].isna() | rows["reason"].isna())
    breaches.append(
        Breach("revision_needs_reason", "reject", unexplained.to_numpy(), "frame_households", {"frame": frame})
    )
    return rows, breaches


def check_calendar(
    connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope
) -> tuple[pd.DataFrame, list[Breach]]:
    """Check phases; rows with an area_code come back with area_id: a calendar of that area's own."""
    own = rows["area_code"].notna()
    placed, breaches = known.place(rows, known.areas(connection), units_only=False)
    rows = rows.assign(area_id=placed["area_id"])
    breaches = [Breach(b.rule, b.severity, np.asarray(b.rows) & own.to_numpy(), b.field) for b in breaches]
    cutoff = rows["cutoff"].fillna("17:30").map(lambda clock: read_datetime(f"2000-01-01 {clock}"))
    breaches += [
        Breach(
            "ends_before_start",
            "reject",
            (rows["end"] < rows["start"]).to_numpy(),
            "end",
            {"start": rows["start"]},
        ),
        Breach("not_a_time", "reject", cutoff.isna().to_numpy(), "cutoff"),
        *_lengths(rows),
        duplicates(rows.assign(area_id=rows["area_id"].where(own, 0)), ("phase", "area_id"), "phase"),
    ]
    breaches += _return_days(rows)
    phases = set(known.phases(connection)["code"]) | set(rows.loc[~own, "phase"].dropna())
    orphan = own & rows["phase"].notna() & ~rows["phase"].isin(phases)
    breaches.append(Breach("unknown_phase", "reject", orphan.to_numpy(), "phase"))
    return rows.assign(cutoff=cutoff.map(lambda moment: None if moment is None else moment.time())), breaches


def _return_days(rows: pd.DataFrame) -> Iterator[Breach]:
    """Look for calendars in which no return is ever due, and for days off that lie outside their phase."""
    span = {"start": rows["start"], "end": rows["end"]}
    never, outside = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    stray = pd.Series("", index=rows.index)
    for place, row in enumerate(rows.to_dict("records")):
        weekdays = next((row[n] for n in ("return_days", "working_days") if isinstance(row[n], tuple)), EVERY_DAY)
        off = row["days_off"] if isinstance(row["days_off"], tuple) else ()
        if pd.isna(row["start"]) or pd.isna(row["end"]) or row["end"] < row["start"]:
            continue
        strays = [day for day in off if not row["start"] <= pd.Timestamp(day) <= row["end"]]
        outside[place], stray.iloc[place] = bool(strays), ", ".join(strays)
        days = pd.date_range(row["start"], min(row["end"], row["start"] + LONGEST_BREAK * (len(off) + 1)))
        never[place] = not any(day.isoweekday() in weekdays and str(day.date()) not in off for day in days)
    yield Breach("no_return_due", "reject", never, "return_days", span)
    yield Breach("day_off_outside", "warn", outside, "days_off", {"day": stray, **span})


def _lengths(rows: pd.DataFrame) -> Iterator[Breach]:
    """Yield the breaches of phases longer than any, and of more calendars than can be laid out day by day."""
    days = (rows["end"] - rows["start"]).dt.days + 1
    long = (days > LONGEST_PHASE).to_numpy()
    yield Breach("long_phase", "reject", long, "end", {"days": days, "limit": f"{LONGEST_PHASE:,}"})
    total = days.clip(0).where(~long).fillna(0).cumsum()
    yield Breach("many_days", "reject", (total > MOST_DAYS).to_numpy(), "end", {"limit": f"{MOST_DAYS:,}"})
