"""Which cells of siblings are hidden: every small one, and as many more as it takes that no sum gives one away."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from queries.masking import hidden, masked, sheltered
from tests.privacy.attack import Knowledge, pinned

TOWN = 0
counts = st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=2, max_size=9)
small = st.lists(st.one_of(st.none(), st.integers(0, 7)), min_size=2, max_size=6)


def published(values: pd.DataFrame, cells: pd.DataFrame, ceilings: pd.Series | None = None) -> Knowledge:
    """Return what is known of siblings whose sums are known: by column, as if columns were counts."""
    known = Knowledge({int(n) + 1: TOWN for n in values.index})
    for name in values:
        known.shown[TOWN, name, 0] = float(values[name].sum())
        for place, value in values[name].items():
            cell = (int(place) + 1, name, 0)
            if cells.loc[place, name]:
                known.masked.add(cell)
            else:  # what is missing adds nothing to the sum
                known.shown[cell] = 0.0 if np.isnan(value) else float(value)
    if ceilings is not None:
        known.ceilings = [([(int(p) + 1, name, 0) for name in values], float(c)) for p, c in ceilings.items()]
    return known


@settings(deadline=None)
@given(counts)
def test_every_small_count_is_hidden_and_no_sum_gives_it_away(listed: list[int | None]) -> None:
    values = pd.DataFrame({"births": pd.Series(listed, dtype="float64")})
    assume(values["births"].notna().sum() >= 2)
    cells = hidden(values, 5)
    assert (cells["births"] | ~values["births"].between(1, 4)).all()
    assert not cells.loc[values["births"].isna(), "births"].any()
    assert pinned(published(values, cells)) == {}


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(counts)
def test_who_bets_that_hidden_counts_are_all_below_the_limit_learns_nothing_either(listed: list[int | None]) -> None:
    values = pd.DataFrame({"births": pd.Series(listed, dtype="float64")})
    cells = hidden(values, 5)
    secret = values.loc[cells["births"], "births"]
    assume(0 < len(secret) < values["births"].notna().sum())
    known = published(values, cells)
    known.ceilings = [([(int(place) + 1, "births", 0)], 4.0) for place in secret.index]
    if secret.sum() <= 4 * len(secret):
        assert pinned(known) == {}


@settings(deadline=None)
@given(small, small, st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_two_columns_bound_by_what_a_row_cannot_exceed_give_nothing_away(
    first: list[int | None], second: list[int | None], room: list[int]
) -> None:
    size = min(len(first), len(second))
    values = pd.DataFrame(
        {"hmt": pd.Series(first[:size], dtype="float64"), "foreign": pd.Series(second[:size], dtype="float64")}
    )
    ceilings = values.fillna(0).sum(axis=1) + pd.Series(room[:size], dtype="float64")
    cells = hidden(values, 5, ceilings=ceilings)
    others = values.notna().all(axis=1) & ~cells.any(axis=1) & (ceilings > 0)
    for cell in pinned(published(values, cells, ceilings)):
        assert not others.any(), (cell, "could have been hidden better")


def test_ones_and_fours_alone_take_one_more_with_them() -> None:
    ones = hidden(pd.DataFrame({"births": [1.0, 1.0, 30.0, 9.0]}), 5)["births"]
    assert ones.tolist() == [True, True, False, True]
    fours = hidden(pd.DataFrame({"births": [4.0, 4.0, 30.0, 9.0]}), 5)["births"]
    assert fours.tolist() == [True, True, False, True]
    assert hidden(pd.DataFrame({"births": [4.0, 3.0, 30.0, 9.0]}), 5)["births"].tolist() == [True, True, False, False]


def test_noughts_are_not_given_away_by_what_is_shown_beside_them() -> None:
    """Else the street's course by day would be the course of the one village that is left."""
    assert hidden(pd.DataFrame({"births": [0.0, 9.0, 12.0]}), 5)["births"].tolist() == [True, True, False]
    assert not hidden(pd.DataFrame({"births": [0.0, 0.0, 0.0]}), 5)["births"].any()


def test_a_lone_small_count_is_hidden() -> None:
    assert hidden(pd.DataFrame({"births": [3.0]}), 5)["births"].tolist() == [True]


def test_columns_that_belong_together_are_hidden_together() -> None:
    values = pd.DataFrame({"ledger": [12.0, 3.0, 9.0, 40.0], "police": [14.0, 8.0, 11.0, 41.0]})
    cells = hidden(values, 5)
    assert cells["ledger"].tolist() == cells["police"].tolist() == [False, True, True, False]


def test_a_table_is_masked_parent_by_parent() -> None:
    frame = pd.DataFrame({"parent_id": [1, 1, 1, 2, 2], "births": [3.0, 12.0, 20.0, 12.0, 13.0]})
    shown = masked(frame, ["births"], 5)
    assert shown["births_masked"].tolist() == [True, True, False, False, False]
    assert shown["births"].isna().tolist() == shown["births_masked"].tolist()


def test_a_street_of_one_village_takes_a_neighbour_with_it() -> None:
    assert sheltered(pd.Series([False, True, False], index=[7, 8, 9])) == [8, 7]
    assert sheltered(pd.Series([True, True, False], index=[7, 8, 9])) == [7, 8]
    assert sheltered(pd.Series([False, False], index=[7, 8])) == []
    assert sheltered(pd.Series([True], index=[7])) == [7]
