"""The rules of form C, the departmental benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from queries.database import fetch_on
from queries.intake import known
from queries.intake.checking.keys import duplicates
from queries.intake.findings import Breach
from queries.schema import benchmark

KEY = ("area_id", "indicator", "source", "window_start", "window_end", "cutoff_at")
EVENTS = ("birth", "death")  # counted over a window, not at a moment


def check(connection: Connection, rows: pd.DataFrame, now: datetime) -> tuple[pd.DataFrame, list[Breach]]:
    """Check benchmarks; the rows come back with area_id and a status."""
    rows, breaches = known.place(rows, known.areas(connection), units_only=False)
    rows["status"] = rows["status"].fillna("to_verify")
    rows = _with_ledger(connection, rows)
    breaches += [
        _duplicates(rows),
        Breach("required", "reject", rows["value"].isna().to_numpy(), "value"),
        *_windows(rows),
        *_explained(rows),
    ]
    future = (rows["cutoff_at"] >= known.is_after(now)).to_numpy()
    breaches.append(Breach("future_date", "reject", future, "cutoff_at", {"today": now.date().isoformat()}))
    return rows, breaches


def _duplicates(rows: pd.DataFrame) -> Breach:
    marked = rows.assign(**{name: rows[name].astype("str").fillna("") for name in KEY[3:]})
    return duplicates(marked, KEY, "indicator")


def _with_ledger(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """Add the ledger's figure and window for the row's area and indicator, from the file or as stored."""
    names = ["area_id", "indicator", "value", "window_start", "window_end"]
    stored = fetch_on(
        connection,
        select(*(benchmark.c[name] for name in names)).where(benchmark.c.source == "ledger").order_by(benchmark.c.id),
    )
    mine = rows.loc[rows["source"] == "ledger", names]
    ledger = pd.concat([stored, mine]).drop_duplicates(["area_id", "indicator"], keep="last")
    ledger = ledger.rename(columns=dict(zip(names[2:], ("ledger", "ledger_start", "ledger_end"), strict=True)))
    return rows.merge(ledger, on=["area_id", "indicator"], how="left").set_axis(rows.index)


def _windows(rows: pd.DataFrame) -> Iterator[Breach]:
    events = rows["indicator"].isin(EVENTS).to_numpy()
    for field in ("window_start", "window_end"):
        yield Breach("window_missing", "warn", events & rows[field].isna().to_numpy(), field)
    reversed_ = (rows["window_end"] < rows["window_start"]).to_numpy()
    yield Breach("window_reversed", "reject", reversed_, "window_end", {"start": rows["window_start"]})
    both = (rows[["window_start", "window_end", "ledger_start", "ledger_end"]].notna().all(axis=1)).to_numpy()
    differs = ((rows["window_start"] != rows["ledger_start"]) | (rows["window_end"] != rows["ledger_end"])).to_numpy()
    told = {
        "start": rows["window_start"],
        "end": rows["window_end"],
        "other_start": rows["ledger_start"],
        "other_end": rows["ledger_end"],
    }
    of_department = (rows["source"] != "ledger").to_numpy()
    yield Breach("window_differs", "warn", both & differs & of_department, "window_start", told)


def _explained(rows: pd.DataFrame) -> Iterator[Breach]:
    amount = rows["explained_amount"]
    explained = (amount.fillna(0) != 0).to_numpy()
    yield Breach("reason_missing", "reject", explained & rows["explained_reason"].isna().to_numpy(), "explained_reason")
    difference = (rows["ledger"] - rows["value"]).where(rows["source"] != "ledger")
    comparable = explained & difference.notna().to_numpy()
    sign = comparable & (np.sign(amount) != np.sign(difference)).to_numpy()
    yield Breach("explained_sign", "reject", sign, "explained_amount", {"difference": difference})
    over = comparable & ~sign & (amount.abs() > difference.abs()).to_numpy()
    yield Breach("explained_too_much", "reject", over, "explained_amount", {"difference": difference})
