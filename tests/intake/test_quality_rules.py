"""Every rule of the quality check: a row that keeps it passes without a word, a row that breaks it is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import delete, insert, select

from queries import database
from queries.database import engine, fetch
from queries.intake.forms import FORMS
from queries.intake.handed_back import write_rejected
from queries.intake.receipt import lines
from queries.intake.take_in import take_in
from queries.schema import load as loads
from queries.schema import quality_check, quality_check_history, setting
from queries.settings import set_value
from tests.conftest import fresh_database
from tests.intake.checks import BACK, own, quality, short
from tests.intake.world import NOW, findings, load, settle_world

Case = tuple[str, str, str, dict[str, Any]]


SWEEP: list[Case] = [
    ("required", "reject", "check_id", {"check_id": ""}),
    ("required", "reject", "stage", {"stage": ""}),
    ("required", "reject", "level", {"level": ""}),
    ("required", "reject", "report_date", {"report_date": ""}),
    ("not_a_choice", "reject", "stage", {"stage": "harvest"}),
    ("not_a_choice", "reject", "level", {"level": "empire"}),
    ("not_a_choice", "reject", "decision", {"decision": "perhaps"}),
    ("not_a_count", "reject", "pers_checked", {"pers_checked": "many"}),
    ("not_yes_or_no", "reject", "map_ok", {"map_ok": "nearly"}),
    ("not_a_date", "reject", "rework_due", {**BACK, "rework_due": "soon"}),
    ("unknown_area", "reject", "area_code", {"area_code": "999"}),
    ("unknown_area", "reject", "cross_unit", {"cross_unit": "999"}),
    ("ambiguous_area", "reject", "cross_unit", {"cross_unit": "77"}),
    ("future_date", "reject", "report_date", {"report_date": "2011-01-05"}),
    ("personal_note", "reject", "note", {"note": "电话 13800001111"}),
    ("long_text", "reject", "note", {"note": "字" * 201}),
    ("long_text", "reject", "check_id", {"check_id": "S" * 41}),
    ("number_taken", "reject", "check_id", {"check_id": "Z-1", "area_code": "10102", "level": "self"}),
    ("number_taken", "reject", "check_id", {"check_id": "Z-1", "stage": "long"}),
    ("correction_without_reason", "warn", "correction_reason",
     {"check_id": "Z-1", "level": "self", "cross_unit": "", "report_date": "2010-10-02", "units_err": 0}),
    ("own_cross_unit", "reject", "cross_unit", {"cross_unit": "10101"}),
    ("cross_unit_above", "warn", "cross_unit", {"cross_unit": "101"}),
    ("above_limit", "reject", "ed_sampled", {"ed_sampled": 3}),
    ("above_limit", "reject", "hh_sampled", {"hh_sampled": 101}),
    ("exceeds", "reject", "hh_self_sampled", {"hh_self_total": 40, "hh_self_sampled": 41}),
    ("exceeds", "reject", "hh_enum_sampled", {"hh_enum_total": 40, "hh_enum_sampled": 41}),
    ("exceeds_sum", "reject", "hh_sampled", {"hh_self_total": 40, "hh_enum_total": 39}),
    ("not_the_sum", "reject", "hh_sampled", {"hh_self_sampled": 40, "hh_enum_sampled": 39}),
    *(
        ("exceeds", "reject", f"{item}_err", {f"{item}_checked": 1, f"{item}_err": 2, **BACK})
        for item in ("buildings", "units", "hukou", "birth", "death")
    ),
    ("exceeds", "reject", "pers_err", {"pers_checked": 1}),
    ("required", "reject", "birth_checked", {"birth_checked": ""}),
    ("not_the_sum", "reject", "pers_err", {"wrong_item": 0}),
    ("not_the_sum", "reject", "pers_err", {"omitted": 3, "duplicated": "", "wrong_item": ""}),
    ("pass_without_map", "reject", "map_ok", {"map_ok": "no"}),
    ("pass_without_map", "reject", "map_ok", {"map_ok": ""}),
    ("pass_above_limit", "reject", "buildings_err", {"buildings_err": 1}),
    ("pass_above_limit", "reject", "units_err", {"units_checked": 499}),
    ("pass_above_limit", "reject", "hukou_err", {"hukou_checked": 249}),
    ("pass_with_error", "reject", "birth_err", {"birth_err": 1}),
    ("pass_with_error", "reject", "death_err", {"death_checked": 2, "death_err": 1}),
    ("pass_without_figure", "reject", "units_checked", {"units_checked": 0, "units_err": 0}),
    ("pass_without_figure", "reject", "hukou_err", {"hukou_err": ""}),
    ("pass_without_figure", "reject", "birth_err", {"birth_err": ""}),
    ("pass_before_lower_level", "reject", "decision", {"area_code": "10102", "ed_sampled": 1}),
    ("pass_before_lower_level", "reject", "decision", {"report_date": "2010-10-01"}),
    ("pass_before_lower_level", "reject", "decision", {"level": "district", "area_code": "10201", "cross_unit": ""}),
    ("due_without_rework", "reject", "rework_due", {"rework_due": "2010-10-09"}),
    ("due_without_rework", "reject", "rework_due", {"decision": "", "rework_due": "2010-10-09"}),
    ("rework_without_due", "warn", "rework_due", {"decision": "rework"}),
    ("rework_without_due", "warn", "rework_due", {"decision": "partial"}),
    ("due_before_check", "reject", "rework_due", {"decision": "rework", "rework_due": "2010-10-04"}),
    ("unknown_check", "reject", "re_check_id", {"re_check_id": "nowhere"}),
    ("recheck_of_other", "reject", "re_check_id", {"re_check_id": "Y-1"}),
    ("recheck_of_other", "reject", "re_check_id", {"re_check_id": "Z-1", "stage": "long"}),
    ("recheck_before", "reject", "re_check_id", {"re_check_id": "Z-1", "report_date": "2010-10-01", **BACK}),
    ("recheck_circle", "reject", "re_check_id", {"re_check_id": "S-9"}),
]  # fmt: skip
SHORT: list[Case] = [
    ("small_share", "warn", "hh_self_sampled", {"hh_self_sampled": 49, "hh_sampled": 79}),
    ("small_share", "warn", "hh_enum_sampled", {"hh_enum_sampled": 29, "hh_sampled": 79}),
    ("pass_above_limit", "reject", "pers_err", {"pers_err": 2, "omitted": 2}),
    ("pass_above_limit", "reject", "hukou_err", {"hukou_err": 2}),
    ("pass_with_error", "reject", "birth_err", {"birth_err": 1}),
    ("pass_without_figure", "reject", "pers_err", {"pers_err": "", "omitted": "", "duplicated": "", "wrong_item": ""}),
]
QUALITY_RULES = {case[0] for case in (*SWEEP, *SHORT)}


OTHERS = [
    own(),
    own(check_id="Y-1", area_code="10201"),
    quality(check_id="Y-2", area_code="10201", cross_unit="101", report_date="2010-10-03", **BACK),
]
SETTLED = [f"{name}.csv" for name in ("areas", "calendar", "targets", "staff", "ledger", "progress", "others")]
CHANGED_HERE = (quality_check, quality_check_history, setting)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def settled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[Any]]]:
    """Settle the small district and three checks once in a database of each kind; yield the rows that tests change."""
    folder = tmp_path_factory.mktemp("world")
    with fresh_database(request, folder, request.param) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        settle_world(folder / "files")
        assert load(folder, *OTHERS, name="others").result == "stored"
        with engine().connect() as connection:
            rows = [[dict(row) for row in connection.execute(select(t)).mappings()] for t in CHANGED_HERE]
        yield rows
        engine().dispose()
        database._engine.cache_clear()


@pytest.fixture
def world(settled: list[list[Any]], tmp_path: Path) -> Path:
    """Return a folder to write files in, with the database as it was settled."""
    with engine().begin() as connection:
        connection.execute(delete(loads).where(loads.c.file_name.not_in(SETTLED)))
        for table, rows in zip(CHANGED_HERE, settled, strict=True):
            connection.execute(delete(table))
            if rows:
                connection.execute(insert(table), rows)
    return tmp_path


def named(cases: list[Case]) -> list[Any]:
    return [pytest.param(*case, id=f"{case[0]}-{case[2]}-{n}") for n, case in enumerate(cases)]


def broken(world: Path, row: dict[str, Any], rule: str, severity: str, field: str) -> None:
    receipt = load(world, row)
    found = findings(receipt)
    assert (rule, severity, field) in found, found
    rejected = any(level == "reject" for _rule, level, _field in found)
    assert rejected == (severity == "reject"), found
    assert (receipt.result == "rejected") == rejected


@pytest.mark.parametrize(("rule", "severity", "field", "changes"), named(SWEEP))
def test_rules_of_a_check_in_the_sweep(
    world: Path, rule: str, severity: str, field: str, changes: dict[str, Any]
) -> None:
    broken(world, quality(**changes), rule, severity, field)


@pytest.mark.parametrize(("rule", "severity", "field", "changes"), named(SHORT))
def test_rules_of_a_check_of_short_forms(
    world: Path, rule: str, severity: str, field: str, changes: dict[str, Any]
) -> None:
    broken(world, short(**changes), rule, severity, field)


@pytest.mark.parametrize(
    "row",
    [
        quality(),
        quality(decision=""),
        quality(**BACK, map_ok="", hukou_err=9, birth_err=1),
        quality(decision="partial", rework_due="2010-10-05"),
        short(),
        quality(stage="coding", level="self", map_ok="", units_err="", hukou_err="", birth_err="", birth_checked=""),
    ],
    ids=["pass", "not decided", "rework", "make-up", "short form", "stage without limits"],
)
def test_a_check_that_keeps_every_rule_is_stored_without_a_word(world: Path, row: dict[str, Any]) -> None:
    receipt = load(world, row)
    assert findings(receipt) == set()
    assert (receipt.result, receipt.rows_stored) == ("stored", 1)


def test_what_was_filed_is_what_is_stored(world: Path) -> None:
    load(world, quality(**BACK, re_check_id="", note="三栋楼未标图"))
    (row,) = fetch(select(quality_check).where(quality_check.c.check_id == "S-9")).to_dict("records")
    for name, value in quality(**BACK).items():
        if isinstance(value, int):
            assert row[name] == value, name
    assert (row["stage"], row["level"], row["decision"], row["note"]) == ("sweep", "street", "rework", "三栋楼未标图")
    assert bool(row["map_ok"]) is True
    assert (row["report_date"], row["rework_due"]) == (pd.Timestamp("2010-10-05"), pd.Timestamp("2010-10-09"))
    assert pd.isna(row["hh_self_total"])


def test_one_error_in_250_passes_and_one_in_249_does_not(world: Path) -> None:
    assert load(world, quality(hukou_checked=250, hukou_err=1), name="a").result == "stored"
    receipt = load(world, quality(check_id="S-10", hukou_checked=249, hukou_err=1), name="b")
    said = "\n".join(lines(receipt, "zh_Hans"))
    for part in ("户籍人数差错", "249", "4.02", "4"):
        assert part in said


def test_a_limit_that_the_office_sets_is_the_one_that_holds(world: Path) -> None:
    with engine().begin() as connection:
        set_value(connection, "acceptance.sweep.hukou", json.dumps(0.003), 1)
        set_value(connection, "acceptance.sweep.units", json.dumps(0), 1)
    assert {("pass_above_limit", "reject", "hukou_err"), ("pass_above_limit", "reject", "units_err")} == findings(
        load(world, quality())
    )
    with engine().begin() as connection, pytest.raises(ValueError, match="acceptance"):
        set_value(connection, "acceptance.sweep.units", "-0.1", 1)


def test_a_correction_keeps_the_check_it_replaces(world: Path) -> None:
    load(world, quality(**BACK), name="a")
    receipt = load(world, quality(hukou_err=0, correction_reason="数错"), name="b")
    assert (receipt.rows_stored, receipt.rows_corrected, findings(receipt)) == (0, 1, set())
    current = fetch(select(quality_check).where(quality_check.c.check_id == "S-9"))
    before = fetch(select(quality_check_history).where(quality_check_history.c.check_id == "S-9"))
    assert current[["version", "decision", "hukou_err"]].values.tolist() == [[2, "pass", 0]]
    assert before[["version", "decision", "hukou_err"]].values.tolist() == [[1, "rework", 1]]
    assert before["superseded_by"].tolist() == [receipt.load_id]
    again = load(world, quality(hukou_err=0, correction_reason="数错"), name="c")
    assert (again.result, again.rows_unchanged) == ("unchanged", 1)


def test_the_same_number_twice_in_a_file_is_rejected(world: Path) -> None:
    receipt = load(world, quality(), quality(report_date="2010-10-06"))
    assert {rule for rule, _severity, _field in findings(receipt)} == {"duplicate_row"}


def test_levels_and_re_checks_may_stand_in_one_file_in_any_order(world: Path) -> None:
    rows = [
        quality(check_id="D-2", level="district", cross_unit="", report_date="2010-10-09"),
        quality(check_id="S-3", report_date="2010-10-08", re_check_id="S-2"),
        quality(check_id="S-2", report_date="2010-10-04", decision="rework", rework_due="2010-10-07", hukou_err=5),
    ]
    receipt = load(world, *rows)
    assert (receipt.result, findings(receipt)) == ("stored", set())


def test_a_pass_of_the_district_falls_with_the_streets_check_in_the_same_file(world: Path) -> None:
    rows = [
        quality(check_id="S-2", units_err=4),
        quality(check_id="D-2", level="district", cross_unit="", report_date="2010-10-09", area_code="10101"),
        quality(check_id="S-4", report_date="2010-10-09", re_check_id="S-2"),
    ]
    receipt = load(world, *rows, partial=True)
    broken = {(row["row"], row["rule"]) for row in receipt.checked[0].findings.to_dict("records")}
    assert broken == {(2, "pass_above_limit"), (4, "unknown_check")}
    assert fetch(select(quality_check.c.check_id))["check_id"].tolist().count("D-2") == 1


def test_the_district_cannot_pass_what_the_street_sent_back(world: Path) -> None:
    receipt = load(world, quality(check_id="D-2", area_code="10201", level="district", cross_unit=""))
    assert findings(receipt) == {("pass_before_lower_level", "reject", "decision")}
    passed = quality(check_id="Y-3", area_code="10201", cross_unit="101", report_date="2010-10-04", re_check_id="Y-2")
    assert load(world, passed, name="again").result == "stored"
    receipt = load(world, quality(check_id="D-2", area_code="10201", level="district", cross_unit=""), name="late")
    assert receipt.result == "stored"


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_the_form_is_known_by_its_headings_and_choices_in_each_language(world: Path, language: str) -> None:
    words = {
        "en": ("Sweep", "self-check", "pass"),
        "zh_Hans": ("清查摸底", "自查", "合格"),
        "zh_Hant": ("清查摸底", "自查", "合格"),
    }
    stage, level, decision = words[language]
    row = quality(stage="sweep" if language == "en" else stage, level=level, cross_unit="", decision=decision)
    labels = {field.name: field.label(language) for field in FORMS["quality"].fields}
    path = world / "check.csv"
    pd.DataFrame([row]).rename(columns=labels).to_csv(path, index=False)
    receipt = take_in(path, now=NOW)
    assert receipt.checked[0].form == "quality"
    assert (receipt.result, findings(receipt)) == ("stored", set())


def test_a_rejected_check_comes_back_with_its_reason_in_the_language_of_the_sender(world: Path) -> None:
    receipt = load(world, quality(birth_err=1))
    path = write_rejected(receipt, world / "checks.csv", "zh_Hant")
    assert path is not None
    assert "出生差錯" in pd.read_csv(path).iloc[0, -1]
