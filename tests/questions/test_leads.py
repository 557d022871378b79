"""Leads: each detector on a history made for it, and on the demonstration; set aside, and raised again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import areas, database, leads
from queries.leads.detect import false_alarms, judged, standing
from queries.settings import DEFAULTS
from queries.view import View
from tests.pages.forms import Forms

FIRST = pd.Timestamp("2010-09-15")
LAST = date(2010, 10, 8)


def unit(
    done: Sequence[float], *, area_id: int = 1, parent_id: int = 10, frame: int = 1_000, persons: float = 3.0
) -> pd.DataFrame:
    """Return the history of one unit from its cumulative households; None is a day without a return."""
    days = pd.DataFrame({"hh_resolved": pd.Series(list(done), dtype="float64")})
    return days.assign(
        area_id=area_id,
        parent_id=parent_id,
        date=[FIRST + pd.Timedelta(days=n) for n in range(len(days))],
        gone=range(len(days)),
        reported=days["hh_resolved"].notna(),
        hh_done=days["hh_resolved"],
        hh_frame=float(frame),
        pers_total=persons * days["hh_resolved"],
    )


def raised(*units: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the flagged verdicts by lead."""
    verdicts = judged(pd.concat(units, ignore_index=True), DEFAULTS)
    return {lead: part for lead, part in verdicts[verdicts["flagged"]].groupby("lead")}


def test_an_even_honest_unit_raises_nothing() -> None:
    assert raised(unit([11, 23, 34, 47, 58, 71, 83, 94, 107])) == {}


def test_the_fourth_return_with_the_same_figure_is_unchanged() -> None:
    found = raised(unit([11, 40, 40, 40, 40, 40]))["unchanged"]
    assert found["number"].tolist() == [4, 5]
    assert found["usual"].tolist() == [40, 40]


def test_days_without_a_return_are_not_counted_as_unchanged() -> None:
    assert "unchanged" not in raised(unit([11, 40, None, None, None, None, 40, 40]))  # type: ignore[list-item]


def test_a_unit_that_is_done_may_stand_still() -> None:
    assert "unchanged" not in raised(unit([500, 1_000, 1_000, 1_000, 1_000, 1_000]))


def test_three_units_that_add_the_same_are_identical_on_that_day_only() -> None:
    found = raised(unit([10, 33], area_id=1), unit([21, 44], area_id=2), unit([7, 30], area_id=3))["identical"]
    assert (found["area_id"].tolist(), found["number"].tolist(), found["usual"].tolist()) == ([10], [3], [23])
    assert "identical" not in raised(unit([10, 33], area_id=1), unit([21, 44], area_id=2), unit([7, 31], area_id=3))


def test_figures_that_end_in_0_or_5_are_round_when_chance_would_hardly_do_it() -> None:
    heaped = raised(unit([20, 35, 50, 75, 90, 110, 125, 140, 160]))["round"]
    assert heaped["number"].iloc[0] == heaped["usual"].iloc[0] == 8
    assert "round" not in raised(unit([21, 37, 52, 75, 93, 111, 124, 140, 161]))


def test_a_day_of_five_times_the_usual_work_is_a_jump() -> None:
    found = raised(unit([11, 23, 34, 46, 57, 69, 169]))["jump"]
    assert found["number"].tolist() == [100]
    assert found["usual"].tolist() == [12]


def test_work_caught_up_after_missing_days_is_no_jump() -> None:
    caught_up = [11, 23, 34, 46, 57, 69, *[None] * 7, 165]
    assert "jump" not in raised(unit(caught_up))  # type: ignore[arg-type]


def test_more_resolved_than_the_frame_holds() -> None:
    assert raised(unit([60, 101], frame=100))["beyond_target"]["number"].tolist() == [101]


def test_five_persons_a_household_are_implausible_once_there_are_enough_households() -> None:
    assert raised(unit([20, 40], persons=5.0))["household_size"]["usual"].tolist() == [40]


def test_one_unit_that_races_ahead_of_its_street_is_an_outlier() -> None:
    steady = [unit([10 + n, 40 + 2 * n, 71 + n, 100 + 3 * n], area_id=n) for n in range(6)]
    fast = unit([10, 200, 400, 600], area_id=9)
    assert set(raised(*steady, fast)["outlier"]["area_id"]) == {9}


def test_a_lead_stands_while_the_newest_return_raises_it_and_says_since_when() -> None:
    history = unit([11, 40, 40, 40, 40, 40, 52])
    verdicts = judged(history, DEFAULTS)
    on_the_sixth = standing(verdicts[verdicts["date"] <= FIRST + pd.Timedelta(days=5)], FIRST + pd.Timedelta(days=5), 3)
    assert on_the_sixth.loc[on_the_sixth["lead"] == "unchanged", "since"].tolist() == [FIRST + pd.Timedelta(days=4)]
    assert standing(verdicts, FIRST + pd.Timedelta(days=6), 3).empty


def test_the_share_of_false_alarms_is_over_what_could_be_judged() -> None:
    rates = false_alarms(judged(unit([11, 40, 40, 40, 40]), DEFAULTS)).set_index("lead")
    assert rates.loc["unchanged", ["judged", "flagged"]].tolist() == [5, 1]
    assert rates.loc["unchanged", "rate"] == pytest.approx(0.2)


def view(address: str = "320114000000", day: date = LAST) -> View:
    area, top = areas.by_address(address), areas.root()
    assert area is not None
    assert top is not None
    return View(1, day, area, top, "zh_Hans")


@pytest.fixture(name="own")
def _own(demonstration_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point the program at a copy of the demonstration that may be written to."""
    shutil.copy(demonstration_file, tmp_path / "census.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'census.db'}")
    yield
    database.engine().dispose()
    database._engine.cache_clear()


def test_the_village_that_repeats_its_figure_is_found(demonstration: str, forms: Forms) -> None:
    found = leads.leads(view())
    still = found[found["lead"] == "unchanged"]
    done = forms.returns.pivot_table(index="area_code", columns="report_date", values="hh_done", aggfunc="last")
    repeats = done.iloc[:, -4:].nunique(axis=1).eq(1) & done.iloc[:, -4:].notna().all(axis=1)
    assert len(still) == repeats.sum() == 1
    assert still["usual"].iloc[0] >= done.loc[repeats].iloc[0, -1]


def test_leads_stay_inside_the_scope(demonstration: str) -> None:
    everywhere = leads.leads(view())
    street = areas.by_address("320114008000")
    assert street is not None
    inside = leads.leads(View(1, LAST, street, street, "zh_Hans"))
    assert set(inside["area_id"]) < set(everywhere["area_id"])
    other = areas.by_address("320114001000")
    assert leads.leads(View(1, LAST, other or 0, street, "zh_Hans")).empty


def test_a_lead_set_aside_comes_back_only_with_later_evidence(own: None) -> None:
    found = leads.leads(view())
    still = found[found["lead"] == "unchanged"].iloc[0]
    leads.dismiss(
        view(), "unchanged", int(still["area_id"]), still["date"].date(), "visited: houses empty", "street office"
    )
    assert "unchanged" not in set(leads.leads(view())["lead"])
    aside = leads.dismissed(view())
    assert aside[["lead", "reason", "office"]].to_numpy().tolist() == [
        ["unchanged", "visited: houses empty", "street office"]
    ]
    other = found[found["lead"] != "unchanged"].iloc[0]
    earlier = (other["since"] - pd.Timedelta(days=1)).date()
    leads.dismiss(view(), other["lead"], int(other["area_id"]), earlier, "seen before", "street office")
    still_there = leads.leads(view())
    assert ((still_there["area_id"] == other["area_id"]) & (still_there["lead"] == other["lead"])).any()


@pytest.mark.parametrize(
    ("lead", "reason", "why"),
    [
        ("unchanged", "  ", "reason_missing"),
        ("unchanged", "call 13912345678", "personal_note"),
        ("other", "x", "unknown_lead"),
    ],
)
def test_a_lead_is_not_set_aside_without_a_reason_or_with_details_of_persons(
    own: None, lead: str, reason: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        leads.dismiss(view(), lead, view().area_id, LAST, reason, "street office")
    assert leads.dismissed(view()).empty
