"""A district of two streets with three villages each, a hundred households a village, small enough to add up by eye."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd

from queries import areas
from queries.intake.take_in import Receipt, take_in
from queries.view import View

START, END = date(2010, 9, 1), date(2010, 9, 20)
VILLAGES = ("1101", "1102", "1103", "1201", "1202", "1203")
PLACES = [
    ("1", "甲区", "", 1),
    ("11", "乙街道", "1", 2),
    ("12", "丙街道", "1", 2),
    *((code, f"{code}社区", code[:2], 3) for code in VILLAGES),
]


def settle(folder: Path) -> None:
    """Load the district, a linear calendar of twenty days, and its frame."""
    take(folder, "areas", [dict(zip(("code", "name", "parent_code", "level"), row, strict=True)) for row in PLACES])
    take(folder, "calendar", [{"phase": "sweep", "start": START, "end": END, "curve": "linear"}])
    take(folder, "targets", [frame(code) for code in VILLAGES])


def frame(code: str, households: int = 100, **more: Any) -> dict[str, Any]:
    """Return a row of the frame."""
    usual = {"area_code": code, "phase": "sweep", "frame_households": households, "frame_persons": 300, "eds": 1}
    return {**usual, **more}


def report(folder: Path, day: int, done: dict[str, int], **more: Any) -> Receipt:
    """Let villages report what they have done by a day of September; a second time it is a correction."""
    rows = [
        {
            "report_date": date(2010, 9, day),
            "area_code": code,
            "phase": "sweep",
            "submitted_at": f"2010-09-{day:02} 17:00",
            "hh_done": households,
            **more,
        }
        for code, households in done.items()
    ]
    return take(folder, f"returns-{day}-{len(list(folder.iterdir()))}", rows, day=day)


def report_all(folder: Path, day: int, each: int, **others: int) -> None:
    """Let every village report the same number by a day, but for some; a number below 0 means that it is silent."""
    done = dict.fromkeys(VILLAGES, each) | {code.removeprefix("v"): n for code, n in others.items()}
    report(folder, day, {code: n for code, n in done.items() if n >= 0})


def staff(folder: Path, day: int, in_post: dict[str, int]) -> None:
    """Let villages report their enumerators in post."""
    rows = [
        {
            "report_date": date(2010, 9, day),
            "area_code": code,
            "role": "enumerator",
            "recruited": n,
            "in_post": n,
            "eds_total": 1,
            "eds_uncovered": int(n == 0),
        }
        for code, n in in_post.items()
    ]
    take(folder, f"staff-{day}", rows, day=day)


def take(folder: Path, name: str, rows: list[dict[str, Any]], day: int = 1) -> Receipt:
    """Write rows as a file and take it in on an evening of September."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    receipt = take_in(path, now=datetime.combine(date(2010, 9, day), time(20, 30)))
    assert receipt.result == "stored", (name, [checked.findings.to_dict("records") for checked in receipt.checked])
    return receipt


def at(day: int, code: str = "1", scope: str = "1") -> View:
    """Return the view of an area on a day of September."""
    area_id, scope_id = areas.by_address(code), areas.by_address(scope)
    assert area_id is not None
    assert scope_id is not None
    return View(1, date(2010, 9, day), area_id, scope_id, "zh_Hans")


def place(code: str) -> int:
    """Return the id of an area."""
    found = areas.by_address(code)
    assert found is not None
    return found
