"""A small district in which every rule can be broken: two streets, five villages, some days of returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import select

from queries.database import engine
from queries.intake.receipt import Receipt
from queries.intake.take_in import take_in
from queries.schema import metadata

NOW = datetime(2010, 12, 31, 20)
AREAS = [
    ("10", "甲区", "", "district"),
    ("101", "东街道", "10", "street"),
    ("102", "西街道", "10", "street"),
    ("10101", "一村", "101", "village"),
    ("10102", "二村", "101", "village"),
    ("10201", "三村", "102", "village"),
    ("77", "同码社区", "101", "village"),
    ("77", "同码社区", "102", "village"),
]


def progress(day: int = 6, **changes: Any) -> dict[str, Any]:
    """Return the return of village 10101 on a day of the sweep, every rule kept, with some fields changed."""
    row: dict[str, Any] = {
        "report_date": f"2010-09-{14 + day}",
        "area_code": "10101",
        "phase": "sweep",
        "submitted_at": f"2010-09-{14 + day} 17:00",
        "as_of": f"2010-09-{14 + day} 17:30",
        "is_nil": "false",
        "correction_reason": "",
        "note": "",
        "hh_frame": "",
        "hh_done_day": "",
        "hh_pending": "",
        "death_forms": "",
        "ed_total": 2,
        "ed_started": 2 if day > 5 else 1,
        "ed_done": 1 if day > 5 else 0,
        "hh_done": 4 * day,
        "hh_collective": 0,
        "hh_vacant": 2 if day > 5 else 0,
        "hh_away": 0,
        "hh_deceased": 0,
        "hh_refused": 0,
        "hh_noncontact": 2,
        "pers_total": 12 * day,
        "pers_living": 10 * day,
        "pers_absent": 2 * day,
        "pers_hukou": 7 * day,
        "pers_in6m": 2 * day,
        "pers_out6m": day,
        "births": 0,
        "deaths": 0,
        "hmt": 0,
        "foreign": 0,
        "hh_self": day,
        "hh_uploaded": 4 * day,
        "long_target": "",
        "long_done": "",
        "hard_to_count_done": 0,
        "visits_day": 6,
        "enum_active": 2,
        "issues_new": 0,
        "issues_open": 2,
    }
    return row | changes


def staffing(**changes: Any) -> dict[str, Any]:
    """Return the staffing return of village 10102, every rule kept, with some fields changed."""
    row: dict[str, Any] = {
        "report_date": "2010-09-20", "area_code": "10102", "role": "enumerator", "note": "", "correction_reason": "",
        "recruited": 4, "seconded": 0, "rehired": 0, "substituted": 0,
        "withdrawn": 1, "dismissed": 0, "transferred_out": 0, "in_post": 3,
        "trained": 3, "tested": 3, "passed": 3, "certified": 3, "confid_signed": 3, "insured": 3, "publicised": 3,
        "person_times": 6, "eds_total": 2, "eds_uncovered": 0, "age_u50": 2, "edu_senior_plus": 2,
        "edu_below_junior": 0, "absent_today": 0, "replaced_today": 0, "source_cadre": 4, "reason_workload": 1,
    }  # fmt: skip
    return row | changes


def benchmark(**changes: Any) -> dict[str, Any]:
    """Return the police's figure of hukou persons, every rule kept, with some fields changed."""
    row: dict[str, Any] = {
        "indicator": "hukou", "source": "police", "area_code": "10", "value": 1_000,
        "window_start": "", "window_end": "", "cutoff_at": "2010-09-30", "concept_note": "在册户籍人口",
        "explained_amount": "", "explained_reason": "", "owner": "",
    }  # fmt: skip
    return row | changes


def write(folder: Path, rows: Iterable[dict[str, Any]], name: str = "file") -> Path:
    """Write rows as a CSV file."""
    path = folder / f"{name}.csv"
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def load(folder: Path, *rows: dict[str, Any], name: str = "file", **options: Any) -> Receipt:
    """Write rows as a file and take it in."""
    return take_in(write(folder, rows, name), now=options.pop("now", NOW), **options)


def settle_world(folder: Path) -> None:
    """Load the district, its calendar, its frame and the returns that later ones are compared with."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = ("code", "name", "parent_code", "level")
    files: dict[str, list[dict[str, Any]]] = {
        "areas": [dict(zip(columns, row, strict=True)) for row in AREAS],
        "calendar": [
            {"phase": "sweep", "start": "2010-09-15", "end": "2010-10-31", "cutoff": "17:30"},
            {"phase": "short", "start": "2010-11-01", "end": "2010-11-10", "cutoff": "17:30"},
        ],
        "targets": [
            {"area_code": code, "phase": "sweep", "frame_households": 100, "frame_persons": 300, "eds": 2,
             "hard_to_count": 2}
            for code in ("10101", "10102", "10201", "10/101/77", "10/102/77")
        ],
        "staff": [staffing(area_code="10101", recruited=3, withdrawn=0, source_cadre=3, reason_workload=0)],
        "ledger": [
            benchmark(source="ledger", value=990),
            benchmark(
                indicator="birth", source="ledger", value=50, window_start="2009-11-01", window_end="2010-08-31"
            ),
        ],
        "progress": [
            *(progress(day) for day in range(1, 6)),
            progress(8, area_code="10102"),
            *(progress(day, area_code="10201", hh_done=20, pers_total=60, pers_living=50, pers_absent=10,
                       pers_hukou=35, pers_in6m=10, pers_out6m=5, hh_self=5, hh_uploaded=20) for day in (4, 5)),
        ],
    }  # fmt: skip
    for name, rows in files.items():
        receipt = load(folder, *rows, name=name)
        assert receipt.result == "stored", (name, [checked.findings.to_dict("records") for checked in receipt.checked])


def findings(receipt: Receipt) -> set[tuple[str, str, str]]:
    """Return rule, severity and field of everything that was found in a file."""
    return {
        (row["rule"], row["severity"], row["field"])
        for checked in receipt.checked
        for row in checked.findings.to_dict("records")
    }


def everything() -> dict[str, list[str]]:
    """Return every row of every table."""
    with engine().connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }
