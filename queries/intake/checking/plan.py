"""The rules of the forms that set the stage: areas, frames, calendar."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from queries.intake import known
from queries.intake.checking.keys import duplicates
from queries.intake.findings import Breach
from queries.intake.known import Scope
from queries.intake.values import read_datetime

COUNTS = ("frame_households", "frame_persons", "eds")


def check_areas(
    connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope
) -> tuple[pd.DataFrame, list[Breach]]:
    """Check nothing more of an area list: its tree is judged as a whole when it is laid out."""
    return rows, []


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
        duplicates(rows.assign(area_id=rows["area_id"].where(own, 0)), ("phase", "area_id"), "phase"),
    ]
    phases = set(known.phases(connection)["code"]) | set(rows.loc[~own, "phase"].dropna())
    orphan = own & rows["phase"].notna() & ~rows["phase"].isin(phases)
    breaches.append(Breach("unknown_phase", "reject", orphan.to_numpy(), "phase"))
    return rows.assign(cutoff=cutoff.map(lambda moment: None if moment is None else moment.time())), breaches
