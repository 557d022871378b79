"""Simulated check-ins on the last evenings of a demonstration, with decisions that the returns then keep or break."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from queries import areas, calendar, completion, staffing
from queries.check_in import commitment, frozen, meeting
from queries.database import data_version
from queries.view import View

CLOSED: Final = 3  # evenings with a check-in that was closed; that of the last day is left open
OFFICE: Final = "街道办事处"
DISTRICT: Final = "区人口普查办公室"
ROLE: Final = "demonstration"


@dataclass(frozen=True)
class Promise:
    """A decision of a simulated check-in.

    Attributes
    ----------
    place : str
        The street of which story, or the village in it: “street”, or “street/nth”.
    from_now, gains : float
        The number: the figure of the evening, and so many times what a day brought.
    days : int
        How long until it is due.
    """

    place: str
    what: str
    office: str
    indicator: str
    from_now: float
    gains: float
    days: int


EVENINGS: Final[tuple[tuple[Promise, ...], ...]] = (
    (
        Promise("mass_resignation", "从后备普查员中补齐空缺岗位", OFFICE, "enumerators_short", 0.5, 0, 3),
        Promise("mass_resignation", "从机关抽调人员支援入户，恢复登记进度", OFFICE, "hh_resolved", 1, 12, 1),
        Promise("sound", "催报未报社区，当日补齐", OFFICE, "units_not_in", 0, 0, 1),
        Promise("births_missed", "保持每日入户量", OFFICE, "hh_resolved", 1, 0.8, 1),
    ),
    (
        Promise("absent_households", "晚间和周末再次入户，提高办结数", OFFICE, "hh_resolved", 1, 1.5, 1),
        Promise("enclave/1", "驻点帮助社区完成登记并按时上报", DISTRICT, "hh_resolved", 1, 1.0, 1),
        Promise("reports_late", "指定专人每日17时前汇总上报", OFFICE, "on_time_rate", 0, 0, 1),
    ),
    (
        Promise("green_with_red_villages/0", "集中力量补登落后社区", OFFICE, "hh_resolved", 1, 4, 4),
        Promise("mass_resignation", "由相邻街道临时代管无人负责小区", DISTRICT, "eds_uncovered", 0, 0, 4),
        Promise("own_total_differs", "核对汇总数期间不停入户", OFFICE, "hh_resolved", 1, 0.5, 1),
    ),
    (Promise("absent_households", "联系物业提供住户在家时段，组织夜间入户", OFFICE, "behind_hh", 0.8, 0, 3),),
)


def hold(units: pd.DataFrame, day: date, evening: int) -> None:
    """Hold the check-in of a day: close it, unless it is the last evening.

    Parameters
    ----------
    units : DataFrame
        As `queries.demo.tree.Places.units`.
    evening : int
        Which of the evenings, from 0 to CLOSED.
    """
    root = areas.root()
    usual = None if root is None else calendar.default_view(root, "zh_Hans")
    if usual is None:
        return
    view = replace(usual, as_of=day)
    began = datetime.combine(day, time(20, 45))
    check_in_id = meeting.open_meeting(view, role=ROLE, simulated=True, now=began)
    for n, promise in enumerate(EVENINGS[evening]):
        _decide(view, check_in_id, units, promise, began + timedelta(minutes=5 + 4 * n))
    if evening < CLOSED:
        held = meeting.held(view)
        assert held is not None
        meeting.close_meeting(
            view,
            check_in_id,
            frozen.gather(view),
            held.version,
            data_version=data_version(),
            role=ROLE,
            now=began + timedelta(minutes=35),
        )


def _decide(view: View, check_in_id: int, units: pd.DataFrame, promise: Promise, now: datetime) -> None:
    area_id = _place(units, promise.place)
    if area_id is None:
        return
    content: dict[str, Any] = {"what": promise.what, "office": promise.office, "indicator": promise.indicator}
    due = view.as_of + timedelta(days=promise.days)
    number = _number(view.at(area_id), promise)
    if np.isnan(number):
        return
    new_id = commitment.decide(view, check_in_id, area_id, **content, number=number, due=due, role=ROLE, now=now)
    if promise.place == "own_total_differs":  # taken down in haste, and put right a minute later
        later = now + timedelta(minutes=1)
        content["what"] += "，说明差异原因"
        commitment.edit(view, new_id, 1, **content, number=number, due=due, role=ROLE, now=later)


def _place(units: pd.DataFrame, place: str) -> int | None:
    story, _, nth = place.partition("/")
    found = units[(units["role"] == story) & (units["nth"] == int(nth or 0))]
    return None if found.empty else areas.by_address(found.iloc[0]["code" if nth else "street"])


def _number(view: View, promise: Promise) -> float:
    if promise.indicator == "on_time_rate":
        return 0.9
    if promise.indicator in ("enumerators_short", "eds_uncovered"):
        rows = staffing.of_area(view).set_index("role").loc["enumerator"]
        now, gain = rows["shortfall" if promise.indicator == "enumerators_short" else "eds_uncovered"], 0.0
    else:
        row = completion.of_area(view).iloc[0]
        now, gain = row.get(promise.indicator, 0.0), row["increment"]
    return float(round(promise.from_now * now + promise.gains * gain))
