"""An older copy never replaces a newer return, in whatever order they come; a file is known again by its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries.database import engine, fetch
from queries.intake.receipt import lines
from queries.intake.undo import undo
from queries.loads import history
from queries.restatements import returns as restated
from queries.schema import daily_return, daily_return_history, load, staffing_return, staffing_return_history
from tests.intake.test_undo import births, counts, is_as_rebuilt, on_top, rolled_up, taken, view
from tests.intake.world import NOW, findings, settle_world, staffing
from tests.intake.world import load as file_in
from tests.intake.world import progress as row
from tests.settling import settled

SIXTH = {"submitted_at": "2010-09-20 17:20", "births": 1}
SEVENTH = {"submitted_at": "2010-09-21 09:05", "births": 2, "correction_reason": "one birth was missed"}
UNTIMED = {"submitted_at": ""}
LATE = "2010-09-20 22:00"
LATER = "2010-09-21 10:00"
NEXT_DAY = "2010-09-22 10:00"

VERSION_RULES = {"older_version", "same_time"}


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def in_force() -> dict[str, Any]:
    """Return the return of village 10101 for the sixth day that is in force."""
    (found,) = fetch(
        select(daily_return)
        .where(daily_return.c.load_id > 6, daily_return.c.report_date == pd.Timestamp("2010-09-20").date())
    ).to_dict("records")  # fmt: skip
    return found


def kept() -> list[tuple[int, int]]:
    """Return births and load of every version that is not in force."""
    with engine().connect() as connection:
        rows = connection.execute(select(daily_return_history.c.births, daily_return_history.c.load_id))
        return sorted(map(tuple, rows))


def test_an_older_copy_does_not_replace_a_newer_correction(world: Path) -> None:
    taken(world, row(6, submitted_at="2010-09-20 17:00"), name="first")
    newest = taken(world, row(6, **SEVENTH), name="correction")
    before = on_top("births")
    receipt = file_in(world, row(6, **SIXTH), row(7, births=2), name="older")
    assert (receipt.result, receipt.rows_stored, receipt.rows_corrected) == ("stored", 1, 0)
    assert (receipt.rows_unchanged, receipt.rows_stale) == (0, 1)
    assert (in_force()["births"], in_force()["load_id"]) == (2, newest)
    assert (1, receipt.load_id) in kept()
    assert on_top("births") == {**before, "09-21": 2, "09-22": 2}
    assert is_as_rebuilt()


def test_what_is_older_is_said_with_both_times_and_counted_in_the_load(world: Path) -> None:
    taken(world, row(6, **SEVENTH), name="correction")
    receipt = file_in(world, row(6, **SIXTH), name="older")
    assert ("older_version", "warn", "submitted_at") in findings(receipt)
    assert ("correction_without_reason", "warn", "correction_reason") not in findings(receipt)
    for language, count in (("en", "1 rows are older"), ("zh_Hans", "1 行早于"), ("zh_Hant", "1 行早於")):
        said = "\n".join(lines(receipt, language))
        assert "2010-09-20 17:20" in said
        assert "2010-09-21 09:05" in said
        assert count in said
    shown = history(view()).set_index("load_id").loc[receipt.load_id]
    assert (shown["rows_stale"], shown["warnings"], shown["can_undo"]) == (1, {"older_version": 1}, True)


def test_an_older_copy_is_compared_with_nothing_and_nothing_with_it(world: Path) -> None:
    taken(world, row(6, births=3, submitted_at="2010-09-20 16:00"), row(7, births=3), name="first")
    lower = {"births": 1, "correction_reason": "counted twice"}
    taken(world, row(6, **lower, submitted_at=LATER), row(7, **lower, submitted_at=NEXT_DAY), name="lower")
    again = file_in(world, row(6, births=2, submitted_at="2010-09-20 17:00"), row(8, births=1), name="older")
    assert (again.result, again.rows_stale, again.rows_stored) == ("stored", 1, 1)
    fall = file_in(world, row(7, births=2, submitted_at="2010-09-21 16:00"), row(9, births=0), name="falls")
    assert ("falls", "reject", "births") in findings(fall)


def test_the_usual_pace_of_a_unit_is_that_of_what_is_in_force(world: Path) -> None:
    copies = [
        row(5, report_date=f"2010-09-{14 + day}", submitted_at=f"2010-09-{14 + day} 09:00", as_of="")
        for day in range(1, 5)
    ]
    receipt = file_in(world, *copies, row(6, hh_done=33), name="copies")
    assert receipt.rows_stale == 4
    assert ("jump", "warn", "hh_done") in findings(receipt)


def test_the_order_of_arrival_changes_no_figure_and_no_restatement(world: Path, tmp_path: Path) -> None:
    taken(world, row(6, **SIXTH), name="sixth")
    taken(world, row(6, **SEVENTH), name="seventh")
    in_order = rolled_up(), restated(view()).drop(columns=["load_id", "file_name"]), in_force()["births"]
    with engine().connect() as connection:
        ids = connection.execute(select(load.c.id).where(load.c.file_name.in_(["sixth.csv", "seventh.csv"]))).scalars()
        for load_id in list(ids):
            undo(load_id, now=NOW)
    assert restated(view()).empty
    file_in(world, row(6, **SEVENTH), name="seventh")
    file_in(world, row(6, **SIXTH), name="sixth")
    turned = rolled_up(), restated(view()).drop(columns=["load_id", "file_name"]), in_force()["births"]
    assert turned[0] == in_order[0]
    pd.testing.assert_frame_equal(turned[1], in_order[1])
    assert turned[2] == in_order[2] == 2
    assert on_top("leaves_corrected") == {"09-20": 1}
    steps = restated(view()).set_index("indicator").loc["births", ["was", "is_now", "is_hidden"]]
    assert steps["is_hidden"]  # below street level the figures of births are left out
    assert is_as_rebuilt()


def test_the_same_older_copy_again_is_not_kept_twice_and_never_said_to_stand(world: Path) -> None:
    taken(world, row(6, **SEVENTH), name="correction")
    file_in(world, row(6, **SIXTH), name="older")
    before = kept()
    again = file_in(world, row(6, **SIXTH), name="older")
    assert (again.result, again.rows_unchanged, again.rows_stale) == ("unchanged", 1, 0)
    assert again.seen_as is None
    assert ("older_version", "warn", "submitted_at") in findings(again)
    assert kept() == before


def test_the_same_figures_submitted_again_hold_from_then_on(world: Path) -> None:
    taken(world, row(6, submitted_at="2010-09-20 16:00", births=1), name="first")
    again = file_in(world, row(6, submitted_at="2010-09-20 18:00", births=1), name="said again")
    assert (again.rows_corrected, again.rows_unchanged, again.rows_stale) == (0, 1, 0)
    between = file_in(world, row(6, submitted_at="2010-09-20 17:00", births=3), name="between")
    assert (between.rows_stale, in_force()["births"]) == (1, 1)


def test_another_figure_of_the_same_time_needs_its_reason(world: Path) -> None:
    taken(world, row(6), name="first")
    silent = file_in(world, row(6, births=1), name="silent")
    assert (silent.result, silent.rows_rejected, silent.load_id) == ("rejected", 1, None)
    assert ("same_time", "reject", "correction_reason") in findings(silent)
    assert all("2010-09-20 17:00" in "\n".join(lines(silent, tongue)) for tongue in ("en", "zh_Hans", "zh_Hant"))
    assert in_force()["births"] == 0
    part = file_in(world, row(6, births=1), row(7, births=1), name="part", partial=True)
    assert (part.result, part.rows_stored, part.rows_rejected, in_force()["births"]) == ("partial", 1, 1, 0)
    reasoned = file_in(world, row(6, births=1, correction_reason="missed"), name="reasoned")
    assert (reasoned.result, reasoned.rows_corrected, in_force()["births"]) == ("stored", 1, 1)


def test_without_a_time_a_correction_is_taken_as_it_comes(world: Path) -> None:
    taken(world, row(6), name="first")
    untimed = file_in(world, row(6, pers_hukou=41, **UNTIMED), name="untimed")
    assert (untimed.rows_corrected, in_force()["pers_hukou"]) == (1, 41)
    assert ("correction_without_reason", "warn", "correction_reason") in findings(untimed)
    earlier = file_in(world, row(6, submitted_at="2010-09-20 15:00", pers_hukou=40), name="earlier")
    assert (earlier.rows_stale, in_force()["pers_hukou"]) == (1, 41)  # older than the one that was corrected


def test_only_the_return_submitted_first_is_held_to_the_cut_off(world: Path) -> None:
    late = taken(world, row(6, submitted_at=LATE, births=1), name="late")
    assert on_top("leaves_on_time").get("09-20", 0) == 0
    punctual = file_in(world, row(6, submitted_at="2010-09-20 17:00"), name="punctual")
    assert (punctual.rows_stale, in_force()["births"], in_force()["load_id"]) == (1, 1, late)
    assert on_top("leaves_on_time")["09-20"] == 1
    assert is_as_rebuilt()
    undo(punctual.load_id, now=NOW)
    assert on_top("leaves_on_time").get("09-20", 0) == 0
    assert is_as_rebuilt()


def test_undoing_the_older_copy_takes_its_correction_away(world: Path) -> None:
    taken(world, row(6, **SEVENTH), name="correction")
    before = rolled_up()
    older = file_in(world, row(6, **SIXTH), name="older")
    assert on_top("leaves_corrected") == {"09-20": 1}
    assert counts(undo(older.load_id, now=NOW)) == ("undone", 0, 0, 1)
    assert rolled_up() == before
    assert restated(view()).empty


def test_undoing_what_is_in_force_brings_the_copy_submitted_last(world: Path) -> None:
    taken(world, row(6, submitted_at="2010-09-20 16:00", births=1), name="four")
    newest = taken(world, row(6, submitted_at=LATER, births=5), name="ten")
    file_in(world, row(6, submitted_at="2010-09-20 20:00", births=3), name="eight")
    file_in(world, row(6, submitted_at="2010-09-20 18:00", births=2), name="six")
    assert in_force()["births"] == 5
    assert counts(undo(newest, now=NOW)) == ("undone", 1, 0, 0)
    assert in_force()["births"] == 3
    assert is_as_rebuilt()


def test_a_file_that_is_no_longer_in_force_is_taken_in_again(world: Path) -> None:
    first = row(6, **UNTIMED)
    taken(world, first, name="a")
    taken(world, row(6, births=3, **UNTIMED), name="c")
    again = file_in(world, first, name="a")
    assert (again.result, again.rows_corrected, again.seen_as) == ("stored", 1, None)
    assert births()["09-20"] == 0
    assert file_in(world, first, name="a").seen_as is not None
    assert on_top("leaves_corrected") == {"09-20": 1}
    assert is_as_rebuilt()


def test_a_file_whose_rows_went_with_another_load_is_taken_in_again(world: Path) -> None:
    wrong = taken(world, row(6), row(7), name="wrong")
    taken(world, row(6), row(8), name="both")
    undo(wrong, now=NOW)
    assert "09-20" not in births()
    again = file_in(world, row(6), row(8), name="both")
    assert (again.result, again.rows_stored, again.rows_unchanged) == ("stored", 1, 1)
    assert births()["09-20"] == 0
    assert file_in(world, row(6), row(8), name="both").seen_as is not None


def test_staff_are_counted_by_the_return_submitted_last_too(world: Path) -> None:
    taken(world, staffing(insured=3, submitted_at="2010-09-21 09:00"), name="newer")
    older = file_in(world, staffing(insured=2, submitted_at="2010-09-20 09:00"), name="older")
    assert older.rows_stale == 1
    now = fetch(select(staffing_return.c.insured).where(staffing_return.c.recruited == 4))
    assert now["insured"].tolist() == [3]
    with engine().connect() as connection:
        assert connection.execute(select(func.count()).select_from(staffing_return_history)).scalar_one() == 1
    assert is_as_rebuilt()
