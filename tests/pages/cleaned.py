"""What the demonstration's returns of the register clean-up say, read from the files alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from queries.counts import ISSUE_TYPES

DISTRICT = "320114000000"
OVERDUE, TWO_STATIONS, NOT_IN = "320114004000", "320114008000", "320114402000"
STATES = {"found": "Cases found", "resolved": "Cases resolved", "pending": "Cases pending", "overdue": "Cases overdue"}
TYPES = [kind for kind in ISSUE_TYPES if kind != "item_correction"]


def read_cleanup(folder: Path) -> pd.DataFrame:
    """Return the returns as filed, in the order of their days."""
    files = sorted(folder.glob("3-*-k-cleanup-*.csv"))
    rows = pd.concat([pd.read_csv(path, dtype={"area_code": str}) for path in files], ignore_index=True)
    return rows.assign(report_date=pd.to_datetime(rows["report_date"]).dt.date)


def standing(filed: pd.DataFrame, day: date, *streets: str) -> pd.DataFrame:
    """Return the last return of each street and station by a day."""
    rows = filed[filed["report_date"] <= day]
    rows = rows[rows["area_code"].isin(streets)] if streets else rows
    return rows.drop_duplicates(["area_code", "police_station"], keep="last")


def cases(rows: pd.DataFrame, kinds: list[str] | tuple[str, ...], state: str) -> float:
    """Return the cases of some kinds in some returns, added up one by one."""
    return sum(float(value) for kind in kinds for value in rows[f"{kind}_{state}"])
