"""A discrepancy goes from to verify to settled by allowed steps, with its history, and nobody overwrites anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries import discrepancy
from queries.database import engine, fetch, state
from queries.discrepancy import Case, Outcome
from queries.discrepancy.cases import NEXT, SETTLED
from queries.schema import area, audit, benchmark, benchmark_history, load
from queries.settings import settings
from queries.view import View
from tests.intake import world
from tests.settling import settled

DAY = date(2010, 9, 22)
OFFICE = "区公安分局"
Filed = Callable[..., None]


@pytest.fixture
def figure(database: str, tmp_path: Path) -> int:
    """Return the key of the police's figure of hukou persons, ten above the ledger's."""
    settled(_compared, tmp_path / "world")
    return int(discrepancy.comparisons(view())["benchmark_id"].iloc[0])


def _compared(folder: Path) -> None:
    world.settle_world(folder)
    rows = [world.benchmark(source="ledger", value=990, cutoff_at="2010-09-20"),
            world.benchmark(cutoff_at="2010-09-20")]  # fmt: skip
    assert world.load(folder, *rows, name="figures").result == "stored"


def view(code: str = "10", scope: str = "10") -> View:
    ids = fetch(select(area.c.id.label("area_id"), area.c.code)).set_index("code")["area_id"]
    return View(1, DAY, int(ids[code]), int(ids[scope]), "en")


def change(figure: int, version: int, status: str, **more: Any) -> Outcome:
    case = Case(status, **{"owner": OFFICE, **more})
    return discrepancy.change(view(), figure, version, case, role="data desk")


def stored(figure: int) -> dict[str, Any]:
    with engine().connect() as connection:
        return dict(connection.execute(select(benchmark).where(benchmark.c.id == figure)).mappings().one())


def number(table: Any) -> int:
    with engine().connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_case_goes_its_way_and_every_version_is_kept(figure: int) -> None:
    assert change(figure, 1, "verifying", due_date=date(2010, 9, 30)).result == "saved"
    outcome = change(figure, 2, "explained", explained_amount=-10, explained_reason="enclave")
    assert (outcome.result, outcome.version) == ("saved", 3)
    row = only(discrepancy.comparisons(view()))
    assert (row["case_status"], row["version"], row["unexplained"], row["status"]) == ("explained", 3, 0, "green")
    past = discrepancy.history(view(), figure)
    assert past["version"].tolist() == [3, 2, 1]
    assert past["case_status"].tolist() == ["explained", "verifying", "to_verify"]
    assert past["by"].tolist() == ["case", "case", "load"]
    assert past["loaded_by"].tolist()[:2] == ["data desk", "data desk"]
    assert past["explained_amount"].iloc[0] == -10
    assert past["due_date"].iloc[1] == pd.Timestamp("2010-09-30")
    assert past["value"].tolist() == [1_000] * 3


def only(rows: pd.DataFrame) -> pd.Series:
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize("before", list(NEXT))
@pytest.mark.parametrize("after", list(NEXT))
def test_only_the_allowed_steps_are_taken(sqlite_database: str, tmp_path: Path, before: str, after: str) -> None:
    allowed = {("to_verify", "to_verify"), ("to_verify", "verifying"), ("verifying", "verifying")}
    allowed |= {("verifying", settled) for settled in SETTLED} | {(settled, "verifying") for settled in SETTLED}
    allowed |= {(settled, settled) for settled in SETTLED}
    case = Case(before, OFFICE, None, -4, "enclave")
    broken = discrepancy.cases.broken_rule(case, Case(after, OFFICE, None, -4, "enclave"), -10.0, 6.0)
    assert (broken is None) == ((before, after) in allowed)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("transition", {"status": "accepted"}),
        ("owner_missing", {"owner": "  "}),
        ("reason_missing", {"explained_amount": -4}),
        ("explained_sign", {"explained_amount": 4, "explained_reason": "other"}),
        ("explained_too_much", {"explained_amount": -11, "explained_reason": "other"}),
    ],
)
def test_a_case_that_breaks_a_rule_is_not_saved(figure: int, rule: str, changes: dict[str, Any]) -> None:
    before = stored(figure)
    outcome = change(figure, 1, **{"status": "verifying", **changes})
    assert outcome.result == rule
    assert stored(figure) == before
    assert number(benchmark_history) == 0


def test_what_stays_unexplained_beyond_the_tolerance_is_not_explained(figure: int) -> None:
    """The ledger is 10 short of 1,000; the tolerance of hukou persons is 6 ‰."""
    change(figure, 1, "verifying")
    outcome = change(figure, 2, "explained", explained_amount=-3, explained_reason="enclave")
    assert (outcome.result, outcome.gap) == ("explained_too_little", -10)
    assert outcome.room == pytest.approx(1_000 * settings()["tolerance.hukou"][0])
    assert outcome.room < 7
    assert change(figure, 2, "accepted", explained_amount=-3, explained_reason="enclave").result == "saved"


def test_explained_needs_a_reason_even_without_an_amount(figure: int) -> None:
    change(figure, 1, "verifying")
    assert change(figure, 2, "explained").result == "reason_missing"
    assert change(figure, 2, "explained", explained_reason="enclave").result == "explained_too_little"
    assert change(figure, 2, "explained", explained_reason="timing").result == "saved"


def test_the_second_editor_is_told_what_the_first_has_saved_and_overwrites_nothing(figure: int) -> None:
    assert change(figure, 1, "verifying", owner="甲办").result == "saved"
    outcome = change(figure, 1, "verifying", owner="乙办")
    assert (outcome.result, outcome.version) == ("conflict", 2)
    assert outcome.case is not None
    assert outcome.case.owner == "甲办"
    assert stored(figure)["owner"] == "甲办"
    assert number(benchmark_history) == 1


def test_two_who_save_at_the_same_moment_lose_nothing(figure: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has read the version before the first saves, and writes after."""
    read = discrepancy.cases.broken_rule
    once = []

    def interrupted(*arguments: Any) -> str | None:
        if not once:
            once.append(True)
            assert change(figure, 1, "verifying", owner="甲办").result == "saved"
        return read(*arguments)

    monkeypatch.setattr(discrepancy.cases, "broken_rule", interrupted)
    assert change(figure, 1, "verifying", owner="乙办").result == "conflict"
    assert stored(figure)["owner"] == "甲办"
    assert number(benchmark_history) == 1
    assert number(load) - before_loads() == 1


def before_loads() -> int:
    with engine().connect() as connection:
        return int(connection.execute(select(func.count()).where(load.c.kind != "case")).scalar_one())


def test_nothing_is_stored_when_nothing_changes(figure: int) -> None:
    change(figure, 1, "verifying")
    before = state()
    assert change(figure, 2, "verifying").result == "unchanged"
    assert state() == before


def test_an_edit_is_written_into_the_audit_and_makes_answers_stale(figure: int) -> None:
    before = state()
    change(figure, 1, "verifying")
    assert state() != before
    with engine().connect() as connection:
        entry = connection.execute(select(audit).order_by(audit.c.id.desc())).mappings().first()
    assert entry is not None
    assert (entry["action"], entry["role"]) == ("edited", "data desk")
    assert entry["subject"] == "benchmark 10 hukou police"
    assert entry["detail"]["before"] == "to_verify"
    assert entry["detail"]["status"] == "verifying"


def test_a_case_outside_the_scope_cannot_be_changed_or_read(figure: int) -> None:
    outside = view("101", "101")
    assert discrepancy.change(outside, figure, 1, Case("verifying", OFFICE), role="x").result == "gone"
    assert discrepancy.history(outside, figure).empty
    assert stored(figure)["status"] == "to_verify"


def test_a_file_that_says_nothing_of_the_case_leaves_it_as_it_is(figure: int, tmp_path: Path) -> None:
    change(figure, 1, "verifying", explained_amount=-4, explained_reason="enclave", due_date=date(2010, 9, 30))
    again = world.benchmark(cutoff_at="2010-09-20", value=1_001)
    assert world.load(tmp_path, again, name="again").rows_corrected == 1
    row = only(discrepancy.comparisons(view()))
    assert (row["benchmark_value"], row["version"]) == (1_001, 3)
    assert (row["case_status"], row["owner"], row["explained_amount"]) == ("verifying", OFFICE, -4)
    assert row["due_date"] == pd.Timestamp("2010-09-30")


def test_an_explanation_that_no_longer_fits_the_figure_is_not_carried_over(figure: int, tmp_path: Path) -> None:
    change(figure, 1, "verifying", explained_amount=-9, explained_reason="enclave")
    again = world.benchmark(cutoff_at="2010-09-20", value=992)
    assert world.load(tmp_path, again, name="again").rows_corrected == 1
    row = only(discrepancy.comparisons(view()))
    assert pd.isna(row["explained_amount"])
    assert (row["case_status"], row["owner"]) == ("verifying", OFFICE)


def test_cases_past_their_day_are_listed_until_they_are_settled(figure: int) -> None:
    change(figure, 1, "verifying", due_date=date(2010, 9, 20))
    row = only(discrepancy.overdue(view()))
    assert (row["code"], row["indicator"], row["owner"], row["days_overdue"]) == ("10", "hukou", OFFICE, 2)
    assert discrepancy.overdue(view("101")).empty
    change(figure, 2, "accepted", due_date=date(2010, 9, 20))
    assert discrepancy.overdue(view()).empty
