"""One decision on where an area stands, and the same word, sign, colour and sentence wherever it is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.palette import SYMBOLS
from dashboard.headline import area_file, brief, command_centre, completion, positions, wall
from dashboard.i18n import speaking
from queries.position import POSITIONS, day_work, light, position
from queries.settings import DEFAULTS
from queries.view import View

TODAY = date(2010, 10, 8)
START, END = pd.Timestamp("2010-09-15"), pd.Timestamp("2010-10-31")
VIEW = View(1, TODAY, 1, 1)
# What is made: share resolved, share planned, households of the frame, start, end; what it must be, in which light.
CASES: list[tuple[float, float, int, pd.Timestamp, pd.Timestamp, str, str]] = [
    (0.300, 0.250, 1000, START, END, "ahead", "green"),
    (0.250, 0.250, 1000, START, END, "on_plan", "green"),
    (0.481, 0.500, 1000, START, END, "tolerated", "green"),
    (0.475, 0.500, 1000, START, END, "tolerated", "green"),
    (0.474, 0.500, 1000, START, END, "behind", "amber"),
    (0.425, 0.500, 1000, START, END, "behind", "amber"),
    (0.424, 0.500, 1000, START, END, "far_behind", "red"),
    (0.000, 0.000, 1000, START, END, "on_plan", "green"),
    (0.010, 0.000, 1000, START, END, "ahead", "green"),
    (0.999, 1.000, 1000, START, pd.Timestamp(TODAY), "behind", "amber"),
    (0.970, 1.000, 1000, START, pd.Timestamp(TODAY), "far_behind", "red"),
    (1.000, 1.000, 1000, START, pd.Timestamp(TODAY), "finished", "green"),
    (1.000, 0.500, 1000, START, END, "finished", "green"),
    (0.999, 1.000, 1000, START, pd.Timestamp("2010-10-07"), "nearly", "amber"),
    (0.900, 1.000, 1000, START, pd.Timestamp("2010-10-07"), "overdue", "red"),
    (1.000, 1.000, 1000, START, pd.Timestamp("2010-10-07"), "finished", "green"),
    (0.010, 0.000, 1000, pd.Timestamp("2010-10-09"), END, "not_begun", "unknown"),
    (0.100, 0.500, 20, START, END, "small", "small"),
    (np.nan, 0.500, 1000, START, END, "unknown", "unknown"),
    (0.100, np.nan, 1000, START, END, "unknown", "unknown"),
]  # fmt: skip
FALLS_SHORT = {"tolerated", "behind", "far_behind"}


def made(case: tuple[Any, ...]) -> pd.DataFrame:
    """Return the completion row of a case, every unit in."""
    share, planned, frame, start, end = case[:5]
    resolved = round(share * frame) if share == share else np.nan
    row: dict[str, Any] = {
        "area_id": 1, "name": "Yuhua", "kind": "street", "hh_frame": float(frame), "hh_done": resolved,
        "hh_resolved": resolved, "framed_resolved": resolved, "hh_open": frame - (resolved if share == share else 0),
        "hh_open_missing": 0.0, "hh_overdue": 0.0, "resolution_rate": share, "resolution_low": share,
        "resolution_high": share, "planned_share": planned, "gap_points": 100 * (share - planned),
        "schedule_index": share / planned if planned else np.nan, "start": start, "end": end, "leaves_due": 5.0,
        "leaves_reported": 5.0, "leaves_off": 0.0, "leaves_unasked": 0.0, "leaves_unframed": 0.0,
        "unframed_resolved": np.nan, "carried_share": 0.0, "increment": 10.0, "increment_before": 9.0,
        "increment_high": 10.0, "framed_increment": 10.0, "required_pace": 12.0, "behind_hh": 0.0,
        "working_days_left": 23.0,
    }  # fmt: skip
    rows = pd.DataFrame([row])
    stands = position(rows, TODAY, DEFAULTS)
    return rows.assign(position=stands, status=light(stands), day_work=day_work(rows))


@pytest.mark.parametrize("case", CASES, ids=[f"{c[5]}-{c[0]}-{c[1]}" for c in CASES])
def test_each_case_has_its_position_and_its_light(case: tuple[Any, ...]) -> None:
    row = made(case).iloc[0]
    assert (row["position"], row["status"]) == case[5:]
    assert POSITIONS[row["position"]] == row["status"]


@pytest.mark.parametrize("case", CASES, ids=[f"{c[5]}-{c[0]}-{c[1]}" for c in CASES])
@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_page_wall_brief_and_area_file_tell_the_same(case: tuple[Any, ...], language: str) -> None:
    row = made(case).iloc[0]
    phase = pd.Series(
        {"name": "Sweep", "start": case[3], "end": case[4], "cutoff": datetime(2010, 1, 1, 17, 30).time()}
    )
    none = pd.DataFrame({"status": [], "kind": [], "behind_hh": []})
    days = pd.DataFrame({"resolution_rate": [0.1, case[0]], "came": [True, True], "increment": [9.0, 10.0]})
    staff = pd.DataFrame(columns=["role", "shortfall", "shortfall_high", "required", "in_post"])
    with speaking(language):
        word = positions.word(case[5])
        standing = f"{SYMBOLS[case[6]]} {word}"
        figure = wall.key_figures(row, days, staff, VIEW)[0]
        tile = wall.tiles(made(case))[0]
        said = completion.sentence(row, none, phase, VIEW)
        told = [
            command_centre.sentence(row, none, phase, VIEW),
            area_file.sentence(row, none, staff_rows(), pd.DataFrame(), phase, VIEW),
        ]
        gap = brief.gap(row)
        assert positions.standing(row) == standing
    assert figure.note.startswith(standing)
    assert figure.tone == case[6]
    assert (tile.note, tile.tone, tile.value[0]) == (word, case[6], SYMBOLS[case[6]])
    assert all(text.startswith(said) for text in told)
    assert (gap == "—") == (case[5] not in positions.AGAINST_PLAN)


@pytest.mark.parametrize("case", CASES, ids=[f"{c[5]}-{c[0]}-{c[1]}" for c in CASES])
def test_the_sentence_never_contradicts_the_light(case: tuple[Any, ...]) -> None:
    row = made(case).iloc[0]
    with speaking("en"):
        said = completion.position(row, pd.DataFrame({"status": [], "behind_hh": []}))
        word = positions.word(case[5])
    assert ("behind plan" in said) == (case[5] in FALLS_SHORT)
    assert ("within tolerance" in said) == (case[5] == "tolerated")
    assert "0.0 percentage points" not in said
    if "behind plan" in said:
        assert "ehind" in word
    if case[5] == "on_plan":
        assert "is on plan" in said
    if case[5] in ("overdue", "nearly"):
        assert "deadline passed on 7 Oct 2010" in said
        assert "verdue" in word


def staff_rows() -> pd.DataFrame:
    """Return the rows of an area that nobody staffs."""
    columns = ["required", "in_post", "shortfall", "shortfall_high", "surplus", "eds_uncovered", "fill_rate",
               "units_missing", "hh_uncovered", "units", "units_reported", "required_known"]  # fmt: skip
    return pd.DataFrame({"role": ["enumerator", "supervisor"], **{name: [np.nan, np.nan] for name in columns}})


@pytest.mark.parametrize(
    ("done", "missing", "required", "overdue", "due", "said"),
    [
        (2729, 0, 3685, 0, 98, "short"),  # 26 % under
        (3685, 0, 3685.4, 0, 98, "enough"),  # as it is written
        (3684, 0, 3685, 0, 98, "short"),
        (2729, 2000, 3685, 0, 98, "open"),
        (2729, 900, 3685, 0, 98, "short"),
        (4000, 0, 3685, 20, 98, "short"),
        (4000, 0, np.inf, 4000, 98, "short"),
        (0, 0, 0, 0, 98, "enough"),
        (10, 0, 5, 0, 0, "unknown"),
        (np.nan, 0, 5, 0, 98, "unknown"),
        (10, 0, np.nan, np.nan, 98, "unknown"),
    ],
)
def test_a_day_is_enough_only_where_it_reaches_what_is_needed(
    done: float, missing: float, required: float, overdue: float, due: float, said: str
) -> None:
    rows = pd.DataFrame(
        [(done, missing, required, overdue, due)],
        columns=["framed_increment", "hh_open_missing", "required_pace", "hh_overdue", "leaves_due"],
    )
    assert day_work(rows).tolist() == [said]
