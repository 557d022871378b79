"""What a past figure was and is, when it changed, and what it moves."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import update

from queries import restatements
from queries.database import engine
from queries.schema import area
from tests.rollup.letters import FRAME, arrive, done, filing, on, settle, view


@pytest.fixture(name="district")
def _district(database: str) -> str:
    """Settle the district in a database of each kind."""
    with engine().begin() as connection:
        settle(connection)
    return database


def test_every_step_of_a_restatement_is_kept_with_what_it_moves(district: str) -> None:
    rows = restatements.returns(view())
    rows = rows[rows["indicator"].isin(["hh_done", "hh_resolved"])]
    steps = rows[["area_id", "report_date", "version", "indicator", "was", "is_now"]].to_numpy().tolist()
    one, two = pd.Timestamp(on(1)), pd.Timestamp(on(2))
    assert steps == [
        [9, two, 2, "hh_resolved", done(9, 2) + 1, 24],
        [9, two, 2, "hh_done", done(9, 2), 21],
        [3, one, 3, "hh_resolved", 21, 9],
        [3, one, 3, "hh_done", 20, 8],
        [3, one, 2, "hh_resolved", done(3, 1) + 1, 21],
        [3, one, 2, "hh_done", done(3, 1), 20],
    ]
    assert rows["is_fall"].tolist() == [True, True, True, True, False, False]
    assert rows["load_id"].tolist() == [22, 22, 21, 21, 20, 20]
    assert rows["file_name"].tolist()[::2] == ["file 22", "file 21", "file 20"]
    assert rows["correction_reason"].tolist()[::2] == ["late slip", "again", "twice"]
    day_one = {3: 8, 4: done(4, 1), 7: done(7, 1), 8: done(8, 1), 9: done(9, 1)}
    last = rows.iloc[3]
    assert last["total_now"] == sum(day_one.values())
    assert last["moves"] == pytest.approx(-12 / sum(day_one.values()))
    street = restatements.returns(view(2))
    assert set(street["area_id"]) == {3}
    assert street[street["indicator"] == "hh_done"]["total_now"].tolist() == [8 + done(4, 1)] * 2


def test_births_of_a_village_are_restated_without_their_figures(district: str) -> None:
    rows = restatements.returns(view())
    births = rows[rows["indicator"] == "births"]
    assert births["is_hidden"].tolist() == [True]
    assert births[["was", "is_now", "change", "total_now", "moves"]].isna().all(axis=None)
    assert not births["is_fall"].any()
    assert not rows[rows["indicator"] != "births"]["is_hidden"].any()
    with engine().begin() as connection:
        connection.execute(update(area).where(area.c.id == 3).values(kind="street"))
    shown = restatements.returns(view()).set_index("indicator").loc["births"]
    assert (shown["was"], shown["is_now"], shown["is_hidden"]) == (1, 4, False)


def test_a_nil_return_that_is_corrected_is_set_against_the_figure_that_stood(district: str) -> None:
    with engine().begin() as connection:
        arrive(connection, 31, 6, [filing(4, 3, is_nil=False, hh_done=15, report_date=pd.Timestamp(on(3)))])
    rows = restatements.returns(view())
    step = rows[(rows["area_id"] == 4) & (rows["indicator"] == "hh_done")].iloc[0]
    assert (step["was"], step["is_now"]) == (done(4, 2), 15)


def test_only_the_latest_corrections_are_listed(district: str) -> None:
    rows = restatements.returns(view(), limit=1)
    assert set(rows["load_id"]) == {22}


def test_a_revised_frame_keeps_the_rate_at_the_frame_before(district: str) -> None:
    (row,) = restatements.frames(view()).to_dict("records")
    resolved = done(3, 5) + 1
    assert (row["area_id"], row["was"], row["is_now"], row["change"], row["reason"]) == (3, 40, 50, 10, "new block")
    assert row["rate_before"] == resolved / 40
    assert row["rate_now"] == resolved / 50
    effect = restatements.frame_effect(view()).iloc[0]
    known = [(3, 5), (4, 5), (7, 3), (8, 4), (9, 5)]
    whole = sum(done(unit, n) + 1 for unit, n in known)
    assert (effect["frame_first"], effect["frame_now"], effect["change"]) == (6 * FRAME, 6 * FRAME + 10, 10)
    assert effect["rate_first"] == pytest.approx(whole / (6 * FRAME))
    assert effect["rate_now"] == pytest.approx(whole / (6 * FRAME + 10))
    assert restatements.frames(view(n=2)).empty
    assert restatements.frame_effect(view(n=2)).iloc[0]["change"] == 0
    assert restatements.frames(view(6)).empty
