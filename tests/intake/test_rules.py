"""Every rule of the forms: a row that keeps it passes without a word, a row that breaks it is named."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queries import database
from queries.intake.messages import MESSAGES
from tests.intake.test_cleanup_rules import CLEANUP_RULES
from tests.intake.test_commands import COMMAND_RULES
from tests.intake.test_corpus import CORPUS_RULES
from tests.intake.test_database_faults import DATABASE_RULES
from tests.intake.test_faults import FAULT_RULES
from tests.intake.test_files import FILE_RULES
from tests.intake.test_large import LARGE_RULES
from tests.intake.test_parts import PART_RULES
from tests.intake.test_quality_rules import QUALITY_RULES
from tests.intake.test_sheets import SHEET_RULES
from tests.intake.test_templates import TEMPLATE_RULES
from tests.intake.test_trees import TREE_RULES
from tests.intake.test_undo import UNDO_RULES
from tests.intake.test_versions import VERSION_RULES
from tests.intake.world import benchmark, findings, load, progress, settle_world, staffing

Case = tuple[str, str, str, dict[str, Any]]
PROGRESS: list[Case] = [
    ("required", "reject", "report_date", {"report_date": ""}),
    ("not_a_count", "reject", "hh_done", {"hh_done": "many"}),
    ("not_a_count", "reject", "hh_away", {"hh_away": "-1"}),
    ("not_a_count", "reject", "hh_away", {"hh_away": "1.5"}),
    ("not_a_number", "reject", "hh_pending", {"hh_pending": "some"}),
    ("not_a_date", "reject", "report_date", {"report_date": "2010-09-31"}),
    ("not_a_time", "reject", "submitted_at", {"submitted_at": "evening"}),
    ("not_yes_or_no", "reject", "is_nil", {"is_nil": "perhaps"}),
    ("not_a_choice", "reject", "phase", {"phase": "harvest"}),
    ("unknown_area", "reject", "area_code", {"area_code": "999"}),
    ("ambiguous_area", "reject", "area_code", {"area_code": "77"}),
    ("not_a_unit", "reject", "area_code", {"area_code": "101"}),
    ("unknown_phase", "reject", "phase", {"phase": "long"}),
    ("future_date", "reject", "report_date", {"report_date": "2011-09-20"}),
    ("outside_window", "reject", "report_date", {"report_date": "2010-09-01"}),
    *(
        ("exceeds", "reject", field, changes)
        for field, changes in {
            "ed_started": {"ed_started": 3},
            "ed_done": {"ed_done": 3},
            "hh_collective": {"hh_collective": 25},
            "pers_living": {"pers_living": 73},
            "pers_absent": {"pers_absent": 43},
            "pers_hukou": {"pers_hukou": 73},
            "pers_in6m": {"pers_in6m": 61},
            "pers_out6m": {"pers_out6m": 13},
            "hh_uploaded": {"hh_uploaded": 25},
            "long_done": {"long_target": 3, "long_done": 4},
            "hh_self": {"report_date": "2010-10-31", "hh_self": 25},
        }.items()
    ),
    ("not_the_sum", "reject", "pers_total", {"pers_total": 71}),
    ("exceeds_sum", "reject", "pers_in6m", {"pers_in6m": 31}),
    ("exceeds_sum", "reject", "hmt", {"hmt": 61}),
    ("exceeds_sum", "reject", "foreign", {"foreign": 19}),
    ("exceeds_sum", "reject", "pers_hukou", {"pers_hukou": 70, "pers_out6m": 0}),
    ("above_limit", "reject", "hard_to_count_done", {"hard_to_count_done": 3}),
    ("frame_changed", "reject", "hh_frame", {"hh_frame": 90}),
    ("far_over_frame", "reject", "hh_done", {"hh_done": 111}),
    ("over_frame", "warn", "hh_done", {"hh_done": 99, "hh_collective": 40}),
    ("many_vacant", "warn", "hh_vacant", {"hh_vacant": 16}),
    ("many_refused", "warn", "hh_refused", {"report_date": "2010-10-30", "hh_refused": 1}),
    ("many_noncontact", "warn", "hh_noncontact", {"report_date": "2010-10-30", "hh_noncontact": 3}),
    ("pending_disagrees", "warn", "hh_pending", {"hh_pending": 5}),
    ("negative_pending", "warn", "hh_done", {"hh_done": 98, "hh_away": 3, "hh_collective": 40, "hh_noncontact": 0}),
    ("open_exceeds_pending", "reject", "hh_noncontact", {"hh_noncontact": 90}),
    ("household_size_wrong", "reject", "pers_total", {"pers_total": 200}),
    ("household_size_odd", "warn", "pers_total", {"pers_total": 110, "pers_living": 98}),
    ("many_births", "warn", "births", {"births": 3}),
    ("many_deaths", "warn", "deaths", {"deaths": 2}),
    ("death_forms_differ", "reject", "deaths", {"report_date": "2010-10-31", "deaths": 1, "death_forms": 2}),
    ("self_exceeds", "warn", "hh_self", {"hh_self": 25}),
    ("long_share", "warn", "long_target", {"phase": "short", "report_date": "2010-11-02", "long_target": 5}),
    ("active_exceeds_post", "warn", "enum_active", {"enum_active": 4}),
    ("falls", "reject", "hh_done", {"hh_done": 19, "hh_uploaded": 19}),
    ("falls", "reject", "pers_out6m", {"pers_out6m": 4}),
    ("falls_in_correction", "warn", "hh_done", {"hh_done": 19, "hh_uploaded": 19, "correction_reason": "twice"}),
    ("blank_after_value", "reject", "hh_done", {"hh_done": ""}),
    ("later_is_less", "reject", "hh_done", {"area_code": "10102", "hh_done": 40}),
    ("later_is_less_in_correction", "warn", "hh_done",
     {"area_code": "10102", "hh_done": 40, "correction_reason": "counted twice"}),
    ("day_disagrees", "warn", "hh_done_day", {"hh_done_day": 9}),
    ("issues_do_not_follow", "reject", "issues_open", {"issues_open": 9}),
    ("few_visits", "warn", "visits_day", {"visits_day": 3}),
    ("beyond_capacity", "warn", "hh_done", {"enum_active": 0}),
    ("jump", "warn", "hh_done", {"hh_done": 33}),
    ("idle", "warn", "hh_done", {"area_code": "10201", "hh_done": 20, "hh_uploaded": 20}),
    ("late", "note", "submitted_at", {"submitted_at": "2010-09-20 20:00"}),
    ("as_of_differs", "warn", "as_of", {"as_of": "2010-09-20 12:00"}),
    ("personal_note", "reject", "note", {"note": "电话 13800001111"}),
    ("personal_note", "reject", "correction_reason", {"correction_reason": "320114198001010018"}),
    ("long_text", "reject", "note", {"note": "字" * 201}),
    ("correction_without_reason", "warn", "correction_reason",
     {"report_date": "2010-09-19", "submitted_at": "", "as_of": "", "births": 1}),
]  # fmt: skip
STAFFING: list[Case] = [
    ("not_a_choice", "reject", "role", {"role": "cook"}),
    *(
        ("exceeds", "reject", field, changes)
        for field, changes in {
            "eds_uncovered": {"eds_uncovered": 3},
            "tested": {"tested": 4},
            "passed": {"passed": 4},
            "certified": {"certified": 4},
            "age_u50": {"age_u50": 4},
            "edu_senior_plus": {"edu_senior_plus": 4},
            "edu_below_junior": {"edu_below_junior": 4},
            "absent_today": {"absent_today": 4},
            "replaced_today": {"replaced_today": 4},
            "trained": {"person_times": 2},
        }.items()
    ),
    *(("exceeds_sum", "reject", field, {field: 5}) for field in ("trained", "confid_signed", "insured", "publicised")),
    ("not_the_sum", "reject", "recruited", {"source_cadre": 3}),
    ("not_the_sum", "reject", "withdrawn", {"reason_workload": 0}),
    ("stock_does_not_follow", "reject", "in_post", {"in_post": 4}),
    ("transfer_forbidden", "warn", "transferred_out", {"transferred_out": 1, "in_post": 2, "reason_recalled": 1}),
    ("below_junior", "warn", "edu_below_junior", {"edu_below_junior": 1}),
    ("counted_elsewhere", "reject", "area_code", {"area_code": "101"}),
    ("falls", "reject", "recruited", {"area_code": "10101", "report_date": "2010-09-21", "recruited": 2}),
    ("future_date", "reject", "report_date", {"report_date": "2011-09-21"}),
    ("personal_note", "reject", "note", {"note": "025-83312345"}),
]
BENCHMARK: list[Case] = [
    ("required", "reject", "value", {"value": ""}),
    ("required", "reject", "concept_note", {"concept_note": ""}),
    ("not_a_choice", "reject", "indicator", {"indicator": "cattle"}),
    ("not_a_choice", "reject", "source", {"source": "rumour"}),
    ("window_missing", "warn", "window_start", {"indicator": "birth", "value": 60}),
    ("window_reversed", "reject", "window_end", {"window_start": "2010-09-01", "window_end": "2010-08-01"}),
    ("window_differs", "warn", "window_start",
     {"indicator": "birth", "value": 60, "window_start": "2009-10-01", "window_end": "2010-08-31"}),
    ("reason_missing", "reject", "explained_reason", {"explained_amount": "-5"}),
    ("explained_sign", "reject", "explained_amount", {"explained_amount": "5", "explained_reason": "enclave"}),
    ("explained_too_much", "reject", "explained_amount", {"explained_amount": "-11", "explained_reason": "enclave"}),
    ("future_date", "reject", "cutoff_at", {"cutoff_at": "2011-09-30"}),
    ("unknown_area", "reject", "area_code", {"area_code": "999"}),
    ("not_parts", "reject", "parts", {"parts": "six hundred + 400"}),
    ("parts_exceed", "reject", "value", {"parts": "600+400; 700+400"}),
    ("parts_fall_short", "warn", "value", {"parts": "600+300"}),
]  # fmt: skip
PLAN: list[tuple[str, str, str, dict[str, Any]]] = [
    ("revision_needs_reason", "reject", "frame_households",
     {"area_code": "10101", "phase": "sweep", "frame_households": 120}),
    ("ends_before_start", "reject", "end", {"phase": "long", "start": "2010-11-20", "end": "2010-11-11"}),
    ("not_weekdays", "reject", "working_days",
     {"phase": "long", "start": "2010-11-11", "end": "2010-11-20", "working_days": "128"}),
    ("not_weekdays", "reject", "return_days",
     {"phase": "long", "start": "2010-11-11", "end": "2010-11-20", "return_days": "0"}),
    ("not_days", "reject", "days_off",
     {"phase": "long", "start": "2010-11-11", "end": "2010-11-20", "days_off": "2010-11-12; soon"}),
    ("no_return_due", "reject", "return_days",
     {"phase": "long", "start": "2010-11-11", "end": "2010-11-12", "return_days": "45",
      "days_off": "2010-11-11, 2010-11-12"}),
    ("day_off_outside", "warn", "days_off",
     {"phase": "long", "start": "2010-11-11", "end": "2010-11-20", "days_off": "2010-11-21"}),
    ("not_a_curve", "reject", "curve",
     {"phase": "long", "start": "2010-11-11", "end": "2010-11-20", "curve": "0:0 0.5:0.7 1:0.6"}),
]  # fmt: skip
ALWAYS = {"unknown_column"}


@pytest.fixture(scope="module")
def world_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Return a SQLite file that holds the small district."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(sqlite_template, folder / "world.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{folder / 'world.db'}")
        settle_world(folder / "files")
        database.engine().dispose()
        database._engine.cache_clear()
    return folder / "world.db"


@pytest.fixture
def world(world_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point the program at a copy of the small district; return a folder to write files in."""
    shutil.copy(world_file, tmp_path / "census.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'census.db'}")
    yield tmp_path
    database.engine().dispose()
    database._engine.cache_clear()


@pytest.mark.parametrize("row", [progress(), staffing(), benchmark()], ids=["progress", "staffing", "benchmark"])
def test_a_row_that_keeps_every_rule_is_stored_without_a_word(world: Path, row: dict[str, Any]) -> None:
    receipt = load(world, row)
    assert findings(receipt) == set()
    assert (receipt.result, receipt.rows_stored) == ("stored", 1)


def named(cases: list[Case]) -> list[Any]:
    return [pytest.param(*case, id=f"{case[0]}-{case[2]}-{n}") for n, case in enumerate(cases)]


@pytest.mark.parametrize(("rule", "severity", "field", "changes"), named(PROGRESS))
def test_rules_of_the_progress_return(
    world: Path, rule: str, severity: str, field: str, changes: dict[str, Any]
) -> None:
    broken(world, progress(**changes), rule, severity, field)


@pytest.mark.parametrize(("rule", "severity", "field", "changes"), named(STAFFING))
def test_rules_of_the_staffing_return(
    world: Path, rule: str, severity: str, field: str, changes: dict[str, Any]
) -> None:
    broken(world, staffing(**changes), rule, severity, field)


@pytest.mark.parametrize(("rule", "severity", "field", "changes"), named(BENCHMARK))
def test_rules_of_the_benchmark(world: Path, rule: str, severity: str, field: str, changes: dict[str, Any]) -> None:
    broken(world, benchmark(**changes), rule, severity, field)


@pytest.mark.parametrize(("rule", "severity", "field", "row"), named(PLAN))
def test_rules_of_frames_and_calendars(world: Path, rule: str, severity: str, field: str, row: dict[str, Any]) -> None:
    broken(world, row, rule, severity, field)


def broken(world: Path, row: dict[str, Any], rule: str, severity: str, field: str) -> None:
    """Take a row in and expect the finding, and that only a rejection keeps the row out."""
    receipt = load(world, row)
    found = findings(receipt)
    assert (rule, severity, field) in found, found
    rejected = any(level == "reject" for _rule, level, _field in found)
    assert receipt.rows_rejected == int(rejected)
    assert (receipt.result == "rejected") == rejected
    if severity != "reject":
        assert not rejected, found


@pytest.mark.parametrize("row", [progress(), staffing(), benchmark()], ids=["progress", "staffing", "benchmark"])
def test_a_row_that_stands_twice_word_for_word_is_taken_once_and_said(world: Path, row: dict[str, Any]) -> None:
    receipt = load(world, row, row)
    assert (receipt.result, receipt.rows_stored) == ("stored", 1)
    assert [(f.rule, f.severity, f.row) for f in receipt.findings.itertuples()] == [("repeated_row", "note", 3)]


@pytest.mark.parametrize(
    ("row", "other"),
    [
        (progress(), progress(visits_day=7)),
        (staffing(), staffing(person_times=7)),
        (benchmark(), benchmark(value=1_001)),
    ],
    ids=["progress", "staffing", "benchmark"],
)
def test_the_same_key_twice_in_a_file_is_rejected(world: Path, row: dict[str, Any], other: dict[str, Any]) -> None:
    receipt = load(world, row, other)
    assert {rule for rule, _severity, _field in findings(receipt)} == {"duplicate_row"}
    assert receipt.result == "rejected"
    assert receipt.checked[0].findings["row"].tolist() == [3]


def test_a_nil_return_may_leave_everything_empty(world: Path) -> None:
    blank = {name: "" for name, value in progress().items() if isinstance(value, int)}
    receipt = load(world, progress(is_nil="yes", **blank))
    assert (receipt.result, findings(receipt)) == ("stored", set())


def test_every_rule_that_has_a_sentence_is_broken_by_a_test() -> None:
    tested = {case[0] for case in (*PROGRESS, *STAFFING, *BENCHMARK, *PLAN)} | FILE_RULES | TREE_RULES
    tested |= QUALITY_RULES | CLEANUP_RULES | DATABASE_RULES | PART_RULES
    tested |= FAULT_RULES | SHEET_RULES | UNDO_RULES | TEMPLATE_RULES
    tested |= CORPUS_RULES | COMMAND_RULES | LARGE_RULES | VERSION_RULES
    assert set(MESSAGES) - tested == set()
