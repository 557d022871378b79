"""A check-in is opened once, written to by several offices without loss, and closed for good."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries.check_in import bridge, commitment, frozen, meeting, records, verification
from queries.check_in.errors import ClosedError, ConflictError, MovedOnError, OutOfScopeError, RefusedError
from queries.database import data_version, engine, state
from queries.schema import audit, check_in, check_in_unit, commitment_history
from queries.view import View
from tests.questions.district import at, frame, place, report, report_all, settle, take
from tests.settling import settled

TOMORROW = date(2010, 9, 6)
CONTENT: dict[str, Any] = {
    "what": "补齐普查员",
    "office": "乙街道办事处",
    "indicator": "hh_resolved",
    "number": 50,
    "due": TOMORROW,
    "role": "区普查办",
}


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """Return where files are written, in a district that has reported up to 5 September."""
    return settled(_reported, tmp_path / "files")


def _reported(folder: Path) -> None:
    settle(folder)
    for day, done in ((3, 10), (4, 15), (5, 20)):
        report_all(folder, day, done)


def close(view: View, check_in_id: int) -> None:
    held = meeting.held(view)
    assert held is not None
    of_meeting = view.at(held.area_id)
    figures = frozen.gather(of_meeting)
    meeting.close_meeting(view, check_in_id, figures, held.version, data_version=data_version(), role="区普查办")


def stored(view: View, commitment_id: int) -> pd.Series:
    return verification.verified(view).set_index("id").loc[commitment_id]


def notes() -> list[tuple[str, str]]:
    with engine().connect() as connection:
        of_meetings = audit.c.subject.startswith("check_in ") | audit.c.subject.startswith("commitment ")
        rows = connection.execute(select(audit.c.action, audit.c.subject).where(of_meetings).order_by(audit.c.id))
        return [(action, subject) for action, subject in rows]


def test_opening_twice_gives_the_same_check_in(folder: Path) -> None:
    first = meeting.open_meeting(at(5), role="区普查办")
    assert meeting.open_meeting(at(5), role="区普查办") == first
    assert meeting.open_meeting(at(4), role="区普查办") != first
    assert meeting.open_meeting(at(5, "11"), role="乙街道办事处") != first
    with engine().connect() as connection:
        assert connection.execute(select(func.count()).select_from(check_in)).scalar_one() == 3
    assert [action for action, _subject in notes()].count("opened") == 3


def test_the_nearest_check_in_above_an_area_is_its_own(folder: Path) -> None:
    assert meeting.held(at(5, "1101")) is None
    district = meeting.open_meeting(at(5), role=None)
    assert meeting.held(at(5, "1101")).id == district
    street = meeting.open_meeting(at(5, "11"), role=None)
    assert meeting.held(at(5, "1101")).id == street
    assert meeting.held(at(5, "12")).id == district
    assert meeting.held(at(4)) is None


def test_closing_freezes_every_unit_and_the_figures(folder: Path) -> None:
    report(folder, 6, {"1101": 30})
    check_in_id = meeting.open_meeting(at(6), role=None)
    before = state()
    close(at(6), check_in_id)
    assert state() != before
    held = meeting.held(at(6))
    assert (held.closed_at is not None, held.data_version, held.writable) == (True, data_version(), False)
    with engine().connect() as connection:
        rows = connection.execute(select(check_in_unit).order_by(check_in_unit.c.area_id)).mappings().all()
    assert [row["hh_resolved"] for row in rows] == [30, 20, 20, 20, 20, 20]
    assert [row["is_in"] for row in rows] == [True, *[False] * 5]
    assert {row["is_due"] for row in rows} == {True}
    assert {row["hh_frame"] for row in rows} == {100}
    assert [row["value_date"] for row in rows] == [date(2010, 9, 6), *[date(2010, 9, 5)] * 5]
    figures = meeting.frozen_figures(at(6), check_in_id)
    assert figures["area"]["hh_resolved"] == [130.0]
    assert figures["areas"][str(place("11"))]["zh_Hans"] == "乙街道"


def test_a_closed_check_in_refuses_every_write_and_never_changes(folder: Path) -> None:
    check_in_id = meeting.open_meeting(at(5), role=None)
    decided = commitment.decide(at(5), check_in_id, place("11"), **CONTENT)
    close(at(5), check_in_id)
    figures, units = meeting.frozen_figures(at(5), check_in_id), bridge.at_close(at(5), check_in_id)
    writes: list[Callable[[], object]] = [
        lambda: meeting.open_meeting(at(5), role=None),
        lambda: meeting.close_meeting(at(5), check_in_id, {}, 3, data_version=data_version(), role=None),
        lambda: commitment.decide(at(5), check_in_id, place("11"), **CONTENT),
        lambda: commitment.edit(at(5), decided, 1, **CONTENT),
        lambda: commitment.withdraw(at(5), decided, 1, "不再需要", role=None),
    ]
    for write in writes:
        with pytest.raises(ClosedError):
            write()
    report(folder, 5, {"1102": 5}, correction_reason="重复录入")
    take(folder, "frames", [frame("1103", 140, valid_from=date(2010, 9, 2), reason="补入新楼")], day=6)
    assert meeting.frozen_figures(at(5), check_in_id) == figures
    pd.testing.assert_frame_equal(bridge.at_close(at(5), check_in_id), units)
    assert stored(at(5), decided)["version"] == 1
    assert [action for action, _ in notes()] == ["opened", "decided", "closed"]


def test_what_changed_since_the_close_is_a_bridge_on_the_same_day(folder: Path) -> None:
    check_in_id = meeting.open_meeting(at(5), role=None)
    close(at(5), check_in_id)
    assert meeting.last_closed(at(5)) is None
    assert not meeting.has_moved_on(at(5), meeting.held(at(5)))
    report_all(folder, 6, 25)
    assert meeting.last_closed(at(5)) is None
    report(folder, 5, {"1102": 5}, correction_reason="重复录入")
    take(folder, "frames", [frame("1103", 140, valid_from=date(2010, 9, 2), reason="补入新楼")], day=6)
    assert meeting.last_closed(at(5)).id == check_in_id
    assert meeting.last_closed(at(5, "12")) is None
    steps = bridge.steps(bridge.since(at(5), check_in_id, date(2010, 9, 5))).set_index("step")["households"]
    assert steps.to_dict() == {
        "then": 480, "target": 40, "corrections": 15, "newly_in": 0, "work": 0, "newly_missing": 0,
        "still_missing": 0, "now": 535,
    }  # fmt: skip


def test_the_bridge_tells_work_late_returns_corrections_and_silence_apart(folder: Path) -> None:
    report_all(folder, 6, 30, v1101=-1, v1201=-1)
    check_in_id = meeting.open_meeting(at(6), role=None)
    close(at(6), check_in_id)
    report(folder, 6, {"1101": 28})  # the return of that day, after the close
    report(folder, 6, {"1102": 26}, correction_reason="重复录入")
    report_all(folder, 7, 40, v1203=-1)  # 1201 is back without the day between, 1203 falls silent
    moved = bridge.since(at(7), check_in_id, date(2010, 9, 6))
    steps = bridge.steps(moved).set_index("step")
    # then: four villages at 30, two carried at 20
    assert steps["households"].to_dict() == {
        "then": 440,
        "target": 0,
        "corrections": 4,
        "newly_in": -8 - 20,  # 1101: 20 to 28; 1201: 20 to 40
        "work": -12 - 14 - 10 - 10,  # 1101, 1102, 1103, 1202
        "newly_missing": 0,
        "still_missing": 0,
        "now": 370,
    }
    assert steps["units"].to_dict() == {
        "then": 6, "target": 0, "corrections": 1, "newly_in": 2, "work": 4, "newly_missing": 1, "still_missing": 0,
        "now": 6,
    }  # fmt: skip
    assert steps.loc["newly_missing", "uncertain"] == 70
    told = pd.DataFrame(records.of_bridge(at(7))).set_index("step")
    assert told.index.tolist() == list(bridge.STEPS), "the brief prints every step of the page"
    assert told["households"].to_dict() == steps["households"].to_dict()
    assert moved.set_index("name").loc[["乙街道", "丙街道"], "now"].tolist() == [180, 190]
    street = bridge.steps(bridge.since(at(7, "11"), check_in_id, date(2010, 9, 6))).set_index("step")["households"]
    assert street["then"] + street[list(bridge.MOVES)].sum() == street["now"] == 180


def test_units_without_a_frame_stand_beside_the_bridge(folder: Path) -> None:
    places = [{"code": "1204", "name": "新社区", "parent_code": "12", "level": 3}]
    check_in_id = meeting.open_meeting(at(5), role=None)
    close(at(5), check_in_id)
    take(folder, "areas-2", places, day=6)
    report_all(folder, 6, 20, v1204=7)
    moved = bridge.since(at(6), check_in_id, date(2010, 9, 5))
    assert bridge.steps(moved).set_index("step")["households"][["then", "work", "now"]].tolist() == [480, 0, 480]
    totals = bridge.totals(moved).set_index("point")
    assert totals.loc["now", ["leaves_unframed", "unframed_resolved"]].tolist() == [1, 7]
    take(folder, "frames", [frame("1204", 50)], day=6)
    steps = bridge.steps(bridge.since(at(6), check_in_id, date(2010, 9, 5))).set_index("step")["households"]
    assert steps[["then", "target", "work", "now"]].tolist() == [480, 50, -7, 523]


def test_two_editors_of_one_line_lose_nothing(folder: Path) -> None:
    check_in_id = meeting.open_meeting(at(5), role=None)
    decided = commitment.decide(at(5), check_in_id, place("11"), **CONTENT)
    commitment.edit(at(5), decided, 1, **{**CONTENT, "what": "甲的改动", "number": 60})
    with pytest.raises(ConflictError) as conflict:
        commitment.edit(at(5), decided, 1, **{**CONTENT, "what": "乙的改动", "number": 70})
    assert conflict.value.stored["what"] == "甲的改动"
    assert conflict.value.stored["number"] == 60
    with pytest.raises(ConflictError):
        commitment.withdraw(at(5), decided, 1, "不再需要", role=None)
    assert stored(at(5), decided)["what"] == "甲的改动"
    commitment.edit(at(5), decided, conflict.value.stored["version"], **{**CONTENT, "what": "乙的改动", "number": 70})
    assert stored(at(5), decided)["what"] == "乙的改动"
    kept = commitment.superseded(at(5), check_in_id)
    assert kept[["version", "what", "number"]].to_numpy().tolist() == [[1, "补齐普查员", 50], [2, "甲的改动", 60]]
    commitment.withdraw(at(5), decided, 3, "改由区里办理", role=None)
    row = stored(at(5), decided)
    assert (row["result"], row["withdrawn_reason"]) == ("withdrawn", "改由区里办理")
    with pytest.raises(ConflictError):
        commitment.edit(at(5), decided, 4, **CONTENT)
    assert commitment.superseded(at(5), check_in_id)["version"].tolist() == [1, 2, 3]
    with engine().connect() as connection:
        assert connection.execute(select(func.count()).select_from(commitment_history)).scalar_one() == 3


def test_saving_what_is_there_already_makes_no_version(folder: Path) -> None:
    check_in_id = meeting.open_meeting(at(5), role=None)
    decided = commitment.decide(at(5), check_in_id, place("11"), **CONTENT)
    commitment.edit(at(5), decided, 1, **CONTENT)
    assert stored(at(5), decided)["version"] == 1
    assert commitment.superseded(at(5), check_in_id).empty


def test_editors_at_the_very_same_moment_lose_nothing(folder: Path) -> None:
    check_in_id = meeting.open_meeting(at(5), role=None)
    decided = commitment.decide(at(5), check_in_id, place("11"), **CONTENT)
    start, outcomes = threading.Barrier(4), []

    def save(n: int) -> None:
        start.wait()
        try:
            commitment.edit(at(5), decided, 1, **{**CONTENT, "what": f"第{n}人"})
            outcomes.append("saved")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=save, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "conflict", "conflict", "saved"]
    assert stored(at(5), decided)["version"] == 2
    assert commitment.superseded(at(5), check_in_id)["what"].tolist() == ["补齐普查员"]


def test_closing_is_refused_when_something_was_decided_or_taken_in_meanwhile(folder: Path) -> None:
    check_in_id = meeting.open_meeting(at(5), role=None)
    seen, loads = meeting.held(at(5)), data_version()
    commitment.decide(at(5), check_in_id, place("11"), **CONTENT)
    with pytest.raises(ConflictError) as conflict:
        meeting.close_meeting(at(5), check_in_id, {}, seen.version, data_version=loads, role=None)
    assert conflict.value.stored["version"] == meeting.held(at(5)).version
    report(folder, 6, {"1101": 30})
    with pytest.raises(MovedOnError):
        meeting.close_meeting(at(5), check_in_id, {}, meeting.held(at(5)).version, data_version=loads, role=None)
    assert meeting.held(at(5)).closed_at is None
    with engine().connect() as connection:
        assert connection.execute(select(func.count()).select_from(check_in_unit)).scalar_one() == 0


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"what": " "}, "what", "empty"),
        ({"what": "字" * 201}, "what", "too_long"),
        ({"what": "请联系１３８００００００００"}, "what", "personal_number"),
        ({"office": "320114198001011234"}, "office", "personal_number"),
        ({"office": ""}, "office", "empty"),
        ({"indicator": "happiness"}, "indicator", "unknown"),
        ({"number": -1}, "number", "negative"),
        ({"number": float("nan")}, "number", "negative"),
        ({"indicator": "resolution_rate", "number": 85}, "number", "not_a_share"),
        ({"due": date(2010, 9, 5)}, "due", "not_after_meeting"),
    ],
)
def test_a_decision_that_cannot_be_verified_or_may_name_a_person_is_refused(
    folder: Path, changes: dict[str, Any], field: str, rule: str
) -> None:
    check_in_id = meeting.open_meeting(at(5), role=None)
    with pytest.raises(RefusedError) as refusal:
        commitment.decide(at(5), check_in_id, place("11"), **{**CONTENT, **changes})
    assert (refusal.value.field, refusal.value.rule) == (field, rule)
    assert verification.verified(at(5)).empty
    assert meeting.held(at(5)).version == 1


def test_a_street_reads_what_concerns_it_and_writes_only_to_its_own_check_in(folder: Path) -> None:
    district = meeting.open_meeting(at(5), role=None)
    mine = commitment.decide(at(5), district, place("1101"), **CONTENT)
    other = commitment.decide(at(5), district, place("12"), **CONTENT)
    own = at(5, "11", scope="11")
    assert verification.verified(own)["id"].tolist() == [mine]
    assert verification.verified(at(5, "1", scope="11"))["id"].tolist() == [mine]
    assert meeting.held(own).writable is False
    assert meeting.held(own).area_name is None
    writes: list[Callable[[], object]] = [
        lambda: commitment.decide(own, district, place("1101"), **CONTENT),
        lambda: commitment.edit(own, other, 1, **CONTENT),
        lambda: commitment.withdraw(own, mine, 1, "不再需要", role=None),
        lambda: meeting.open_meeting(at(5, "12", scope="11"), role=None),
        lambda: meeting.close_meeting(own, district, {}, 3, data_version=data_version(), role=None),
        lambda: commitment.decide(at(5), 999, place("1101"), **CONTENT),
    ]
    for write in writes:
        with pytest.raises(OutOfScopeError):
            write()
    close(at(5), district)
    assert meeting.frozen_figures(own, district) is None
    report_all(folder, 6, 30)
    since = meeting.last_closed(at(6, "11", scope="11"))
    moved = bridge.since(at(6, "11", scope="11"), since.id, since.day)
    assert moved["area_id"].tolist() == [place(code) for code in ("1101", "1102", "1103")]
    street = meeting.open_meeting(at(6, "11", scope="11"), role=None)
    with pytest.raises(OutOfScopeError):
        commitment.decide(at(6), street, place("12"), **{**CONTENT, "due": date(2010, 9, 7)})
