"""The rules of form C, the departmental benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from queries.counts import FAMILIES
from queries.database import fetch_on
from queries.intake import known
from queries.intake.checking.keys import duplicates
from queries.intake.findings import Breach
from queries.intake.known import Scope
from queries.intake.values import breakdowns
from queries.schema import benchmark

KEY = ("area_id", "indicator", "source", "window_start", "window_end", "cutoff_at")
EVENTS = ("birth", "death")  # counted over a window, not at a moment
CASE = ("status", "owner", "due_date", "explained_amount", "explained_reason")  # what the desk records as well


def check(connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope) -> tuple[pd.DataFrame, list[Breach]]:
    """Check benchmarks; the rows come back with area_id and a status.

    What a file leaves blank of a case stays as the desk has recorded it.
    """
    rows, breaches = known.place(rows, known.areas(connection), units_only=False)
    rows = _with_ledger(connection, rows)
    stored = _stored(connection, rows)
    rows = _with_case(rows, stored)
    rows["status"] = rows["status"].fillna("to_verify")
    breaches += [
        _duplicates(rows),
        Breach("required", "reject", rows["value"].isna().to_numpy(), "value"),
        *_windows(rows),
        *_explained(rows),
        *_parts(rows, stored),
    ]
    future = (rows["cutoff_at"] >= known.is_after(now)).to_numpy()
    breaches.append(Breach("future_date", "reject", future, "cutoff_at", {"today": now.date().isoformat()}))
    return rows, breaches


def _stored(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what is on file for the areas of the rows: key, value and case."""
    stored = fetch_on(connection, select(*(benchmark.c[name] for name in (*KEY, "value", *CASE))))
    return stored[stored["area_id"].isin(set(rows["area_id"].dropna()))]


def _with_case(rows: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    """Fill what is blank of the case of a figure on file, unless its explanation no longer fits the difference."""
    kept = stored[[*KEY, *CASE]].drop_duplicates(list(KEY), keep="last")
    there = rows[list(KEY)].merge(kept, on=list(KEY), how="left").set_axis(rows.index)
    amount, difference = there["explained_amount"], rows["ledger"] - rows["value"]
    fits = difference.isna() | ((amount * difference >= 0) & (amount.abs() <= difference.abs()))
    there[["explained_amount", "explained_reason"]] = there[["explained_amount", "explained_reason"]].where(fits)
    explained = rows["explained_amount"].notna() | rows["explained_reason"].notna()
    filled = {name: rows[name].fillna(there[name]) for name in ("status", "owner", "due_date")}
    filled |= {name: rows[name].where(explained, there[name]) for name in ("explained_amount", "explained_reason")}
    return rows.assign(**filled)


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
    mine = rows.loc[(rows["source"] == "ledger") & rows["area_id"].notna(), names]
    ledger = pd.concat([stored, mine]).drop_duplicates(["area_id", "indicator"], keep="last")
    ledger = _with_sum_of_parts(ledger)
    ledger = ledger.rename(columns=dict(zip(names[2:], ("ledger", "ledger_start", "ledger_end"), strict=True)))
    return rows.merge(ledger, on=["area_id", "indicator"], how="left").set_axis(rows.index)


def _with_sum_of_parts(ledger: pd.DataFrame) -> pd.DataFrame:
    """Put the sum of residents from Hong Kong, Macao, Taiwan and abroad where the ledger has both for one period."""
    first, second = (ledger[ledger["indicator"] == part] for part in FAMILIES["hmt_foreign"])
    both = first.merge(second, on="area_id", suffixes=("", "_other"))
    same = [
        (both[name] == both[f"{name}_other"]) | (both[name].isna() & both[f"{name}_other"].isna())
        for name in ("window_start", "window_end")
    ]
    both = both[same[0] & same[1]]
    sums = both.assign(indicator="hmt_foreign", value=both["value"] + both["value_other"])[list(ledger.columns)]
    return pd.concat([ledger, sums]).drop_duplicates(["area_id", "indicator"], keep="last")


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


def _parts(rows: pd.DataFrame, stored: pd.DataFrame) -> Iterator[Breach]:
    """Find figures whose parts, filed beside them or as indicators of their own, do not add up to them."""
    sums = [_filed_beside(row) for row in rows[["value", "parts"]].itertuples(index=False)]
    over, short = _as_indicators(rows, stored)
    for rule, severity, sign, of_family in (
        ("parts_exceed", "reject", 1, over),
        ("parts_fall_short", "warn", -1, short),
    ):
        told = [
            "; ".join([_sum_in_words(parts, value) for parts in found if (sum(parts) - value) * sign > 0] + other)
            for found, value, other in zip(sums, rows["value"], of_family, strict=True)
        ]
        yield Breach(rule, severity, np.array([bool(text) for text in told]), "value", {"sums": np.array(told, object)})


def _filed_beside(row: tuple[float, str | None]) -> list[list[int]]:
    value, parts = row
    return [] if pd.isna(value) or pd.isna(parts) else breakdowns(str(parts)) or []


def _sum_in_words(parts: list[int], value: float) -> str:
    return f"{' + '.join(f'{part:,}' for part in parts)} = {sum(parts):,} ({sum(parts) - int(value):+,})"


def _as_indicators(rows: pd.DataFrame, stored: pd.DataFrame) -> tuple[list[list[str]], list[list[str]]]:
    """Return for each row the sums of its family's parts that exceed the total, and those that fall short of it.

    The sum stands at the total where the file holds it, else at the parts that it holds. It falls short only
    where all parts are there.
    """
    over: list[list[str]] = [[] for _ in range(len(rows))]
    short: list[list[str]] = [[] for _ in range(len(rows))]
    place = [name for name in KEY if name != "indicator"]
    mine = rows[[*KEY, "value"]].assign(at=range(len(rows)))
    involved = {name for family, parts in FAMILIES.items() for name in (family, *parts)}
    both = pd.concat([stored[[*KEY, "value"]], mine], ignore_index=True)
    both = both[both["indicator"].isin(involved) & both["value"].notna() & both["area_id"].notna()]
    both = both.drop_duplicates(list(KEY), keep="last")
    for _, part in both.groupby(place, dropna=False, sort=False):
        value = part.set_index("indicator")["value"]
        where = part.set_index("indicator")["at"]
        for family, names in FAMILIES.items():
            there = [name for name in names if name in value]
            if family not in value or not there:
                continue
            parts = [int(value[name]) for name in there]
            gap = sum(parts) - value[family]
            if gap == 0 or (gap < 0 and len(there) < len(names)):
                continue
            at = where[[family]] if pd.notna(where[family]) else where[there]
            for line in at.dropna():
                (over if gap > 0 else short)[int(line)].append(_sum_in_words(parts, value[family]))
    return over, short
