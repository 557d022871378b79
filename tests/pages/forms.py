"""What the demonstration's forms say, read from the files alone: what pages must show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

START = date(2010, 9, 15)
LAST = date(2010, 10, 8)
END = date(2010, 10, 31)
DAYS = (END - START).days + 1
RESOLVED = ["hh_done", "hh_vacant", "hh_away", "hh_deceased"]
CURVE = [(0.0, 0.0), (0.2, 0.06), (0.5, 0.39), (0.8, 0.80), (1.0, 1.0)]


@dataclass(frozen=True)
class Forms:
    """The files as frames, with what follows from them by plain arithmetic."""

    areas: pd.DataFrame
    frame: pd.DataFrame
    returns: pd.DataFrame
    staff: pd.DataFrame
    benchmarks: pd.DataFrame
    below: dict[str, list[str]]
    framed: dict[str, int]
    framed_first: dict[str, int]
    revisions: pd.DataFrame
    corrections: pd.DataFrame
    superseded: pd.DataFrame
    carried: dict[date, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def villages(self, code: str) -> list[str]:
        """Return the reporting units in an area."""
        return [unit for child in self.children(code) for unit in self.villages(child)] or [code]

    def children(self, code: str) -> list[str]:
        """Return the areas right below one."""
        return self.below.get(code, [])

    def figures(self, unit: str, day: date) -> dict[str, Any]:
        """Return the last return of a unit on or before a day."""
        if day not in self.carried:
            known = self.returns[self.returns["report_date"] <= day].sort_values("report_date")
            newest = known.drop_duplicates("area_code", keep="last").set_index("area_code")
            self.carried[day] = newest.to_dict("index")
        return self.carried[day][unit]

    def reported(self, unit: str, day: date) -> bool:
        """Return whether a unit filed a return for the very day."""
        return bool(self.figures(unit, day)["report_date"] == day)

    def households(self, unit: str, day: date = LAST) -> int:
        """Return the frame of a unit that is in force on a day."""
        revised = self.revisions[self.revisions["area_code"] == unit]
        return self.framed[unit] if revised.empty or day >= revised["valid_from"].iloc[0] else self.framed_first[unit]

    def frame_of(self, code: str, day: date) -> int:
        """Return the frame of an area that is in force on a day."""
        return sum(self.households(unit, day) for unit in self.villages(code))

    def resolved(self, code: str, day: date) -> int:
        """Return the households resolved in an area by a day, last figures carried."""
        return sum(int(self.figures(unit, day)[field]) for unit in self.villages(code) for field in RESOLVED)

    def carried_forward(self, code: str, day: date) -> int:
        """Return the part of the resolved households that is an earlier figure of units not in."""
        return sum(self.resolved(unit, day) for unit in self.villages(code) if not self.reported(unit, day))

    def total(self, code: str, field: str, day: date) -> int:
        """Return a cumulative count of an area by a day, last figures carried."""
        return sum(int(self.figures(unit, day)[field]) for unit in self.villages(code))

    def completion(self, code: str, day: date) -> dict[str, float]:
        """Return what the completion table shows of an area, shares in percent."""
        units = self.villages(code)
        frame = self.frame_of(code, day)
        resolved = self.resolved(code, day)
        silent = [unit for unit in units if not self.reported(unit, day)]
        room = sum(self.households(unit, day) - self.resolved(unit, day) for unit in silent)
        plan = planned(day)
        done = self.total(code, "hh_done", day)
        vacant = self.total(code, "hh_vacant", day)
        behind = sum(max(0.0, plan * self.households(u, day) - self.resolved(u, day)) for u in units)
        return {
            "Frame households": frame,
            "Resolved": resolved,
            "Resolution": 100 * resolved / frame,
            "Lower bound": 100 * resolved / frame,
            "Upper bound": 100 * (resolved + room) / frame,
            "Plan": 100 * plan,
            "Gap, points": 100 * (resolved / frame - plan),
            "Backlog": behind,
            "Today": resolved - self.resolved(code, day - timedelta(days=1)),
            "Pace, 3 reports": self.pace(code, day, 3),
            "Pace, 7 reports": self.pace(code, day, 7),
            "Required pace": (frame - resolved) / (END - day).days,
            "Days late": self.days_late(resolved / frame, day),
            "Household completion": 100 * done / (frame - vacant),
            "Registered": done,
            "Vacant": vacant,
            "Away": self.total(code, "hh_away", day),
            "Deceased": self.total(code, "hh_deceased", day),
            "Refused": self.total(code, "hh_refused", day),
            "Not contacted": self.total(code, "hh_noncontact", day),
            "Pending": frame - resolved,
            "Units in": len(units) - len(silent),
            "Units due": len(units),
        }

    def pace(self, code: str, day: date, reports: int) -> float:
        """Return households a day between the newest reported day and the one that many reports before."""
        days = [START + timedelta(days=n) for n in range((day - START).days + 1)]
        came = [d for d in days if any(self.reported(unit, d) for unit in self.villages(code))]
        newest, before = came[-1], came[-1 - reports]
        return (self.resolved(code, newest) - self.resolved(code, before)) / (newest - before).days

    def days_late(self, share: float, day: date) -> int:
        """Return how many days ago the plan reached a share."""
        reached = next(n for n in range(DAYS) if planned(START + timedelta(days=n)) >= share - 1e-9)
        return (day - START).days - reached

    def staffing(self, code: str, role: str, day: date) -> pd.DataFrame:
        """Return the last staffing return of each unit of a role in an area by a day."""
        inside = set(self.villages(code)) | set(self.children(code)) | {code}
        rows = self.staff[
            (self.staff["role"] == role) & self.staff["area_code"].isin(inside) & (self.staff["report_date"] <= day)
        ]
        return rows.sort_values("report_date").groupby("area_code", sort=False).tail(1).set_index("area_code")

    def required(self, unit: str, role: str) -> int:
        """Return staff required by the rule: EDs or persons over 300, and a supervisor for four EDs."""
        frame = self.frame.set_index("area_code")
        if role == "enumerator":
            row = frame.loc[unit]
            return max(int(row["eds"]), ceil(row["frame_persons"] / 300))
        return ceil(frame.loc[self.villages(unit), "eds"].sum() / 4)


def planned(day: date) -> float:
    """Return the planned share at the end of a day."""
    t = ((day - START).days + 1) / DAYS
    for (t0, y0), (t1, y1) in pairwise(CURVE):
        if t <= t1 + 1e-12:
            return y0 + (y1 - y0) * (t - t0) / (t1 - t0)
    return 1.0


def read_forms(folder: Path) -> Forms:
    """Read the files in the order in which they arrived; a later return for a unit and day replaces the earlier."""

    def stack(pattern: str) -> pd.DataFrame:
        parts = [pd.read_csv(path, dtype={"area_code": str}) for path in sorted(folder.glob(pattern))]
        rows = pd.concat(parts, ignore_index=True)
        return rows.assign(report_date=pd.to_datetime(rows["report_date"]).dt.date)

    corrections = stack("3-*-c-*.csv")
    progress = pd.concat([stack("3-*-b-*.csv"), corrections], ignore_index=True)
    again = progress.duplicated(["area_code", "report_date"], keep="last")
    areas = pd.read_csv(folder / "0-areas.csv", dtype=str)
    frame = pd.read_csv(folder / "2-targets.csv", dtype={"area_code": str})
    first = dict(zip(frame["area_code"], frame["frame_households"].astype(int), strict=True))
    revisions = pd.concat(pd.read_csv(path, dtype={"area_code": str}) for path in sorted(folder.glob("3-*-d-*.csv")))
    revisions = revisions.assign(valid_from=pd.to_datetime(revisions["valid_from"]).dt.date)
    latest = dict(zip(revisions["area_code"], revisions["frame_households"].astype(int), strict=True))
    return Forms(
        areas=areas,
        frame=frame,
        below=areas.groupby("parent_code", sort=False)["code"].agg(list).to_dict(),
        framed={**first, **latest},
        framed_first=first,
        revisions=revisions,
        corrections=corrections,
        superseded=progress[again],
        returns=progress[~again],
        staff=stack("3-*-a-*.csv"),
        benchmarks=pd.read_csv(folder / "4-benchmarks.csv", dtype={"area_code": str}),
    )
