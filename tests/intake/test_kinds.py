"""Findings: rows of no unit follow from no other, many of a kind are told once, settings that govern are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from queries.__main__ import main
from queries.intake.findings import sentences
from queries.intake.handed_back import rejected_rows
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import examine, take_in
from tests.intake.checks import own, quality
from tests.intake.world import NOW, benchmark, progress, settle_world, staffing, write
from tests.pages.test_intake import bring, desk_page
from tests.settling import settled

LANGUAGES = ("en", "zh_Hans", "zh_Hant")


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def examined(folder: Path, *rows: dict[str, Any], **options: Any) -> Receipt:
    path = write(folder, rows)
    return examine(path.read_bytes(), path.name, now=NOW, **options)


def found(receipt: Receipt) -> set[tuple[str, int]]:
    return {(row.rule, row.row) for row in receipt.findings.itertuples()}


UNPLACED = {
    "unknown": {"area_code": "999"},
    "other unknown": {"area_code": "998"},
    "ambiguous": {"area_code": "77"},
}
PLACING = {"unknown_area", "ambiguous_area"}
CROSSING = {"falls", "falls_in_correction", "blank_after_value", "later_is_less", "duplicate_row", "day_disagrees",
            "issues_do_not_follow", "jump", "idle", "few_visits", "beyond_capacity", "not_the_sum",
            "explained_sign", "explained_too_much", "window_differs", "parts_exceed", "number_taken",
            "recheck_of_other", "correction_without_reason", "counted_elsewhere"}  # fmt: skip


@pytest.mark.parametrize("one", UNPLACED)
@pytest.mark.parametrize("other", UNPLACED)
def test_returns_of_codes_that_stand_for_no_one_area_are_not_compared(world: Path, one: str, other: str) -> None:
    """The first row of each pair is far above the second: one unit's counts would have fallen."""
    pairs = {
        "progress": (progress(7, **UNPLACED[one]), progress(8, hh_done=3, hh_uploaded=3, pers_total=9, pers_living=8,
                     pers_absent=1, pers_hukou=5, pers_in6m=2, pers_out6m=1, hh_self=1, issues_open=40, visits_day=0,
                     hh_done_day=1, **UNPLACED[other])),
        "staffing": (staffing(**UNPLACED[one], report_date="2010-09-20"),
                     staffing(report_date="2010-09-21", recruited=1, in_post=0, source_cadre=1, trained=1, tested=1,
                              passed=1, certified=1, confid_signed=1, insured=1, publicised=1, person_times=1,
                              age_u50=0, edu_senior_plus=0, **UNPLACED[other])),
        "benchmark": (benchmark(source="ledger", value=5, **UNPLACED[one]),
                      benchmark(explained_amount=900, explained_reason="timing", **UNPLACED[other])),
    }  # fmt: skip
    for form, rows in pairs.items():
        receipt = examined(world, *rows)
        rules = {rule for rule, _row in found(receipt)}
        assert rules & PLACING, form
        assert rules & CROSSING == set(), form


def test_the_true_fall_among_unplaced_rows_is_the_only_one(world: Path) -> None:
    rows = [progress(day, area_code="999", hh_done=100 - day, hh_uploaded=10) for day in range(1, 9)]
    receipt = examined(world, *rows, progress(6, hh_done=10, hh_uploaded=10))
    falls = receipt.findings[receipt.findings["rule"] == "falls"]
    assert set(falls["row"]) == {10}
    assert "hh_done" in set(falls["field"])


def test_a_row_without_a_day_or_given_twice_is_compared_with_no_other(world: Path) -> None:
    less = {"hh_done": 21, "hh_uploaded": 21, "pers_total": 63, "pers_living": 52, "pers_absent": 11, "pers_hukou": 36,
            "pers_in6m": 10, "hh_self": 5, "pers_out6m": 5}  # fmt: skip
    undated = examined(world, progress(7), progress(6, **less, report_date="2010-09-31"))
    assert {rule for rule, _row in found(undated)} == {"not_a_date"}
    twice = examined(world, progress(7), progress(7, **less))
    assert ("duplicate_row", 3) in found(twice)
    assert "falls" not in {rule for rule, _row in found(twice)}


def test_the_calendar_of_an_unknown_area_is_not_that_of_the_whole_district(world: Path) -> None:
    whole = {"phase": "sweep", "start": "2010-09-15", "end": "2010-10-31", "cutoff": "17:30"}
    receipt = examined(world, whole, whole | {"area_code": "999"}, whole | {"area_code": "998"})
    assert {rule for rule, _row in found(receipt)} == {"unknown_area"}


def test_a_check_of_an_unknown_unit_is_not_said_to_take_another_s_number(world: Path) -> None:
    assert take_in(write(world, [own()]), now=NOW).result == "stored"
    receipt = examined(world, own(area_code="999"), quality(area_code="999", re_check_id="Z-1", check_id="S-8"))
    assert {rule for rule, _row in found(receipt)} & {"number_taken", "recheck_of_other"} == set()


def many() -> list[dict[str, Any]]:
    """Return 96 rows that break one rule in one field, and one that breaks another rule."""
    rows = [progress(6, area_code=str(900_000 + n)) for n in range(96)]
    return [*rows, progress(6, ed_done=3)]


def test_a_kind_that_is_found_often_is_told_with_its_number_and_its_first_three(world: Path) -> None:
    receipt = examined(world, *many())
    said = list(lines(receipt, "en", only_checked=True))
    codes = [line for line in said if "is not in the area table" in line]
    assert [line.split(":")[0] for line in codes] == [f"file.csv, row {n}" for n in (2, 3, 4)]
    assert said[said.index(codes[-1]) + 1] == "… 93 more of this kind"
    assert sum("it cannot exceed" in line for line in said) == 1, "the rare finding is not buried"
    assert len(said) < 10
    chinese = "\n".join(lines(receipt, "zh_Hans", only_checked=True))
    assert "……同类另有 93 项" in chinese


def test_each_field_is_a_kind_of_its_own_and_every_finding_is_counted(world: Path) -> None:
    rows = [progress(6, area_code="10102", hh_done=f"x{n}", pers_total=f"y{n}", births="z") for n in range(250)]
    receipt = examined(world, *rows)
    unread = receipt.examples[receipt.examples["rule"] == "not_a_count"]
    assert unread.groupby("field").size().to_dict() == {"hh_done": 3, "pers_total": 3, "births": 3}
    assert set(unread["number"]) == {250}
    assert receipt.found["reject"] == sum(
        number for _field, number in receipt.examples[receipt.examples["severity"] == "reject"]
        .drop_duplicates(["rule", "field"])[["field", "number"]].itertuples(index=False)
    )  # fmt: skip


def test_the_rejected_rows_keep_each_its_own_reason(world: Path) -> None:
    receipt = examined(world, *many())
    rows = rejected_rows(receipt.checked[0], "en")
    assert len(rows) == 97
    assert rows["Reason for rejection"].str.contains("is not in the area table").sum() == 96


def test_the_page_lists_the_first_of_each_kind_with_how_many_there_are(world: Path) -> None:
    app: AppTest = bring(desk_page(), ("多.csv", pd.DataFrame(many()).to_csv(index=False).encode()))
    shown = next(frame.value for frame in app.dataframe if "What is expected" in frame.value.columns)
    unknown = shown[shown["What is expected"].str.contains("not in the area table")]
    assert unknown["Row"].tolist() == ["2", "3", "4"]
    assert set(unknown["Of this kind"]) == {96}
    assert shown["What is expected"].str.contains("cannot exceed").sum() == 1
    assert any("93 more of the same kinds are in the files" in caption.value for caption in app.caption)


def reasons(receipt: Receipt, rule: str) -> list[str]:
    found = receipt.findings
    return [] if found.empty else list(sentences(found[found["rule"] == rule], "en"))


def test_a_finding_that_a_setting_governs_names_it_and_its_value_in_force(world: Path) -> None:
    row = progress(6, pers_total=144, pers_living=130, pers_absent=14)  # 6 a household
    assert reasons(examined(world, row), "household_size_odd")[0].endswith(
        "6 persons per household; 2 to 4 is usual. (setting household_size: [2.0, 4.0, 1.0, 8.0])"
    )
    assert main(["settings", "household_size", "[2, 6.5, 1, 9.5]"]) == 0
    assert reasons(examined(world, row), "household_size_odd") == []
    assert main(["settings", "household_size", "[2, 3, 1, 5]"]) == 0
    assert reasons(examined(world, row), "household_size_wrong")[0].endswith(
        "6 persons per household; 1 to 5 is possible unless over 30 % are collective households. "
        "(setting household_size: [2, 3, 1, 5])"
    )


def test_the_share_of_long_forms_and_the_limits_of_acceptance_are_those_that_the_office_has_set(world: Path) -> None:
    long_form = progress(
        6, phase="short", report_date="2010-11-05", submitted_at="", as_of="", hh_frame=100, long_target=13
    )
    assert reasons(examined(world, long_form), "long_share")[0].endswith(
        "13 % of 100 households; 9 to 11 % is expected. (setting long_share: [0.095, 0.105, 0.09, 0.11])"
    )
    assert main(["settings", "long_share", "[0.1, 0.15, 0.08, 0.7]"]) == 0
    assert reasons(examined(world, long_form), "long_share") == []
    failed = own(hukou_checked=250, hukou_err=3, decision="pass")
    assert "(setting acceptance.sweep.hukou: 0.004)" in reasons(examined(world, failed), "pass_above_limit")[0]
    assert main(["settings", "acceptance.sweep.hukou", "0.02"]) == 0
    assert reasons(examined(world, failed), "pass_above_limit") == []


def test_every_language_names_the_setting(world: Path) -> None:
    row = progress(6, pers_total=144, pers_living=130, pers_absent=14)
    receipt = examined(world, row)
    said = ["\n".join(lines(receipt, language)) for language in LANGUAGES]
    assert all("household_size" in text and "[2.0, 4.0, 1.0, 8.0]" in text for text in said)
    assert "（参数 household_size 的现行值" in said[1]
    assert "（參數 household_size 的現行值" in said[2]
