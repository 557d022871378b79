"""Every rule of form E, the return of the register clean-up, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from queries.counts import CLEANUP_COUNTS, CLEANUP_KINDS
from queries.database import engine, fetch
from queries.intake.findings import sentences
from queries.intake.forms import FORMS
from queries.schema import cleanup_return, cleanup_return_history
from tests.intake.world import AREAS, findings, load

Case = tuple[str, str, str, dict[str, Any]]
ZERO = {f"{kind}_{state}": 0 for kind in CLEANUP_KINDS for state in ("found", "resolved", "pending", "overdue")}


def cleanup(**changes: Any) -> dict[str, Any]:
    """Return the return of street 101 and one of its stations, every rule kept, with some fields changed."""
    row: dict[str, Any] = {
        "report_date": "2010-10-08", "area_code": "101", "police_station": "东派出所",
        "note": "", "correction_reason": "",
        "hh_to_check": 500, "hh_checked": 400, "pers_to_check": 1500, "pers_checked": 1200, "addresses_checked": 300,
        **ZERO,
        "birth_not_registered_found": 12, "birth_not_registered_resolved": 8,
        "birth_not_registered_pending": 4, "birth_not_registered_overdue": 1,
        "certificate_holder_found": 3, "certificate_holder_resolved": 2, "certificate_holder_pending": 1,
        "should_cancel_found": 20, "should_cancel_resolved": 15, "should_cancel_pending": 5,
        "should_cancel_army": 4, "should_cancel_abroad": 6, "should_cancel_death": 10,
        "separated_found": 90, "separated_resolved": 60, "separated_pending": 30,
        "separated_person_only": 50, "separated_hukou_only": 40,
        "temporary_resident_found": 40, "temporary_resident_resolved": 30, "temporary_resident_pending": 10,
        "not_cancelled_found": 20, "not_cancelled_resolved": 15, "not_cancelled_pending": 5,
        "pending_registration_found": 15, "pending_registration_resolved": 10, "pending_registration_pending": 5,
        "multiple_hukou_found": 6, "multiple_hukou_resolved": 5, "multiple_hukou_pending": 1,
        "item_correction_found": 70, "item_correction_resolved": 50, "item_correction_pending": 20,
        "temporary_unregistered_found": 40, "temporary_unregistered_resolved": 30,
        "temporary_unregistered_pending": 10,
        "births_registered": 5, "late_entries": 3, "no_hukou_settled": 2, "no_hukou_foundling": 1,
        "no_hukou_vagrant": 0, "no_hukou_sheltered": 0,
        "death_cancelled": 8, "enlisted_cancelled": 3, "emigrated_cancelled": 4, "duplicate_cancelled": 5,
        "items_corrected": 50, "new_residents": 30,
        "abandoned_addresses": 2, "nominal_households": 1, "nominal_persons": 3, "missing_plates": 9, "plates_made": 4,
        "centenarian_total": 5, "centenarian_alive": 3, "centenarian_cancelled": 2,
        "photo_missing_18plus": 6, "old_id_only": 2,
        "db_updated": "", "materials_handed_over": "yes",
    }  # fmt: skip
    return row | changes


CLEANUP: list[Case] = [
    ("required", "reject", "police_station", {"police_station": ""}),
    ("not_a_count", "reject", "late_entries", {"late_entries": "xx"}),
    ("not_yes_or_no", "reject", "db_updated", {"db_updated": "perhaps"}),
    ("unknown_area", "reject", "area_code", {"area_code": "999"}),
    ("below_street", "reject", "area_code", {"area_code": "10101"}),
    ("cleanup_counted_elsewhere", "reject", "area_code", {"area_code": "10"}),
    ("future_date", "reject", "report_date", {"report_date": "2011-10-08"}),
    ("personal_note", "reject", "note", {"note": "电话 13800001111"}),
    ("personal_note", "reject", "police_station", {"police_station": "民警 320114198001010018"}),
    ("long_text", "reject", "police_station", {"police_station": "所" * 81}),
    ("long_text", "reject", "note", {"note": "字" * 201}),
    ("exceeds", "reject", "hh_checked", {"hh_checked": 501}),
    ("exceeds", "reject", "pers_checked", {"pers_checked": 1501}),
    ("exceeds", "reject", "plates_made", {"plates_made": 10}),
    *(("not_the_sum", "reject", f"{kind}_found", {f"{kind}_pending": 99}) for kind in CLEANUP_KINDS),
    *(("exceeds", "reject", f"{kind}_overdue", {f"{kind}_overdue": 31}) for kind in CLEANUP_KINDS),
    ("exceeds", "reject", "separated_overdue", {"separated_pending": "", "separated_overdue": 31}),
    ("not_the_sum", "reject", "separated_found", {"separated_pending": "", "separated_resolved": 91}),
    *(("not_the_sum", "reject", "should_cancel_found", {f"should_cancel_{part}": 99})
      for part in ("army", "abroad", "death")),
    ("not_the_sum", "reject", "should_cancel_found", {"should_cancel_army": "", "should_cancel_death": 15}),
    *(("not_the_sum", "reject", "separated_found", {f"separated_{part}_only": 99}) for part in ("person", "hukou")),
    ("not_the_sum", "reject", "no_hukou_settled", {"no_hukou_foundling": 3}),
    ("not_the_sum", "reject", "centenarian_total", {"centenarian_alive": 4}),
    *(("results_differ", "reject", field, changes)
      for field, changes in {
          "birth_not_registered_resolved": {"births_registered": 6},
          "should_cancel_resolved": {"death_cancelled": 9},
          "temporary_resident_resolved": {"new_residents": 29},
          "multiple_hukou_resolved": {"duplicate_cancelled": 6},
          "not_cancelled_resolved": {"emigrated_cancelled": 5},
          "pending_registration_resolved": {"late_entries": 4},
          "item_correction_resolved": {"items_corrected": 51},
          "temporary_unregistered_resolved": {"new_residents": 31},
      }.items()),
    ("results_differ", "reject", "should_cancel_resolved", {"death_cancelled": 16, "enlisted_cancelled": ""}),
    ("falls", "reject", "hh_checked", {"report_date": "2010-10-08", "hh_checked": 349}),
    ("falls", "reject", "separated_found", {"separated_found": 79, "separated_resolved": 60, "separated_pending": 19,
                                            "separated_person_only": 40, "separated_hukou_only": 39}),
    ("falls_in_correction", "warn", "hh_checked", {"hh_checked": 349, "correction_reason": "counted twice"}),
    ("blank_after_value", "reject", "late_entries", {"late_entries": ""}),
    ("later_is_less", "reject", "hh_checked", {"report_date": "2010-09-24"}),
    ("later_is_less_in_correction", "warn", "hh_checked",
     {"report_date": "2010-09-24", "correction_reason": "counted twice"}),
    ("correction_without_reason", "warn", "correction_reason", {"report_date": "2010-10-01"}),
    ("handover_late", "warn", "materials_handed_over", {"materials_handed_over": "no"}),
    ("handover_late", "warn", "materials_handed_over", {"materials_handed_over": ""}),
]  # fmt: skip
CLEANUP_RULES = {case[0] for case in CLEANUP}


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    """Return a folder for files; two streets, a calendar and one earlier return are in the database."""
    columns = ("code", "name", "parent_code", "level")
    load(tmp_path, *(dict(zip(columns, row, strict=True)) for row in AREAS), name="areas")
    load(
        tmp_path,
        {"phase": "sweep", "start": "2010-09-15", "end": "2010-10-31"},
        {"phase": "cleanup", "start": "2010-08-01", "end": "2010-10-15"},
        {"phase": "rectification", "start": "2010-09-20", "end": "2010-12-31"},
        name="calendar",
    )
    earlier = cleanup(report_date="2010-10-01", hh_checked=350, separated_found=80, separated_resolved=50,
                      separated_person_only=45, separated_hukou_only=35)  # fmt: skip
    receipt = load(tmp_path, earlier, name="earlier")
    assert (receipt.result, findings(receipt)) == ("stored", set())
    return tmp_path


def test_every_rule_of_the_clean_up_names_the_row_that_breaks_it(world: Path) -> None:
    with engine().connect() as connection:
        before = connection.execute(select(cleanup_return)).all()
    for rule, severity, field, changes in CLEANUP:
        receipt = load(world, cleanup(**changes))
        found = findings(receipt)
        assert (rule, severity, field) in found, (rule, field, changes, found)
        rejected = any(level == "reject" for _rule, level, _field in found)
        assert rejected == (severity == "reject"), (rule, field, changes, found)
        assert (receipt.result == "rejected") == rejected
        for language in ("en", "zh_Hans", "zh_Hant"):
            for said in sentences(receipt.checked[0].findings, language):
                assert "{" not in said
        with engine().begin() as connection:  # as it was, for the next rule
            connection.execute(cleanup_return.delete())
            connection.execute(cleanup_return_history.delete())
            connection.execute(cleanup_return.insert(), [row._asdict() for row in before])
            connection.exec_driver_sql("UPDATE load SET sha256 = NULL")


def test_a_row_that_keeps_every_rule_is_stored_without_a_word(world: Path) -> None:
    receipt = load(world, cleanup())
    assert (receipt.result, receipt.rows_stored, findings(receipt)) == ("stored", 1, set())
    rows = fetch(select(cleanup_return).where(cleanup_return.c.report_date == date(2010, 10, 8)))
    sent = cleanup()
    assert {name: rows[name].iloc[0] for name in CLEANUP_COUNTS} == {name: sent[name] for name in CLEANUP_COUNTS}
    assert bool(rows["materials_handed_over"].iloc[0])
    assert rows["db_updated"].isna().all()


def test_the_same_key_twice_in_a_file_is_rejected_but_two_stations_of_a_street_are_not(world: Path) -> None:
    assert {rule for rule, _s, _f in findings(load(world, cleanup(), cleanup(addresses_checked=301)))} == {
        "duplicate_row"
    }
    receipt = load(world, cleanup(), cleanup(police_station="西派出所"), cleanup(area_code="102"))
    assert (receipt.result, receipt.rows_stored) == ("stored", 3)


def test_full_width_letters_and_blanks_make_no_second_station(world: Path) -> None:
    receipt = load(world, cleanup(), cleanup(police_station=" 东派出所　"))
    assert {rule for rule, _s, _f in findings(receipt)} == {"duplicate_row"}


def test_a_correction_becomes_a_new_version_and_the_old_one_is_kept(world: Path) -> None:
    load(world, cleanup(), name="first")
    receipt = load(world, cleanup(abandoned_addresses=1, correction_reason="one was standing"), name="second")
    assert (receipt.result, receipt.rows_corrected) == ("stored", 1)
    day = date(2010, 10, 8)
    now = fetch(select(cleanup_return).where(cleanup_return.c.report_date == day))
    was = fetch(select(cleanup_return_history).where(cleanup_return_history.c.report_date == day))
    assert (now["version"].tolist(), now["abandoned_addresses"].tolist()) == ([2], [1])
    assert (was["version"].tolist(), was["abandoned_addresses"].tolist()) == ([1], [2])
    assert was["superseded_by"].tolist() == now["load_id"].tolist()
    again = load(world, cleanup(abandoned_addresses=1, correction_reason="one was standing", note=""), name="third")
    assert (again.result, again.rows_stored, again.rows_corrected) == ("unchanged", 0, 0)


def test_an_earlier_calendar_of_a_street_sets_its_own_due_date(world: Path) -> None:
    load(
        world,
        {"phase": "rectification", "area_code": "102", "start": "2010-10-09", "end": "2010-12-31"},
        name="own",
    )
    receipt = load(world, cleanup(area_code="102", materials_handed_over="no"))
    assert findings(receipt) == set()


def test_without_a_rectification_phase_the_end_of_the_clean_up_is_the_due_date(database: str, tmp_path: Path) -> None:
    columns = ("code", "name", "parent_code", "level")
    load(tmp_path, *(dict(zip(columns, row, strict=True)) for row in AREAS), name="areas")
    assert findings(load(tmp_path, cleanup(materials_handed_over=""), name="none")) == set()
    load(tmp_path, {"phase": "cleanup", "start": "2010-08-01", "end": "2010-10-15"}, name="calendar")
    late = cleanup(report_date="2010-10-16")
    assert findings(load(tmp_path, late)) == {("handover_late", "warn", "db_updated")}


def test_figures_stated_alone_leave_every_other_field_unknown_and_not_zero(world: Path) -> None:
    alone = {"report_date": "2010-10-08", "area_code": "102", "police_station": "西派出所",
             "late_entries": 28, "no_hukou_foundling": 9, "materials_handed_over": "yes"}  # fmt: skip
    receipt = load(world, alone)
    assert (receipt.result, findings(receipt)) == ("stored", set())
    row = fetch(select(cleanup_return).where(cleanup_return.c.late_entries == 28)).iloc[0]
    assert row["no_hukou_foundling"] == 9
    others = set(CLEANUP_COUNTS) - {"late_entries", "no_hukou_foundling"}
    assert row[sorted(others)].isna().all()


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_headings_in_three_languages_are_recognised(world: Path, language: str) -> None:
    labels = {field.name: field.label(language) for field in FORMS["cleanup"].fields}
    receipt = load(world, {labels[name]: value for name, value in cleanup().items()})
    assert (receipt.result, receipt.rows_stored, findings(receipt)) == ("stored", 1, set())
