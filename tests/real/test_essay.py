"""The published figures of Yuhuatai district, filed as forms, give on the pages what they are known to give."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from queries.intake.receipt import Receipt
from queries.intake.take_in import take_in
from tests.pages.conftest import chinese, opened, table

DISTRICT = "320114000000"
LEDGER = {
    "resident": 344_175, "hukou": 218_365, "birth": 1_379, "death": 762, "hmt": 63, "foreign": 257,
    "out6m": 27_813, "out6m_street": 13_775, "out6m_district": 7_731, "out6m_city": 2_022, "out6m_province": 1_306,
    "in6m_street": 24_578, "in6m_district": 49_227, "in6m_city": 27_281, "in6m_province": 38_060,
    "separation_rows": 174_851,
}  # fmt: skip
DEPARTMENTS = [
    ("resident", "statistics", 361_400),
    ("hukou", "police", 222_381),
    ("total_persons", "police", 426_023),
    ("birth", "police", 1_702),
    ("birth", "health", 1_668),
    ("death", "police", 972),
    ("hmt", "police", 123),
    ("foreign", "police", 246),
]
WINDOWS = {"birth": ("2009-11-01", "2010-08-31"), "death": ("2009-11-01", "2010-09-28")}


@pytest.fixture
def filed(sqlite_database: str, tmp_path: Path) -> list[Receipt]:
    """File the figures: the district is the only reporting unit, as the source has no figures below it."""
    benchmarks = [(name, "ledger", value) for name, value in LEDGER.items()] + DEPARTMENTS
    files = {
        "areas": pd.DataFrame([{"code": DISTRICT, "name": "雨花台区", "parent_code": "", "level": "3"}]),
        "calendar": pd.DataFrame([{"phase": "sweep", "start": "2010-09-15", "end": "2010-10-31"}]),
        "targets": pd.DataFrame([{"area_code": DISTRICT, "phase": "sweep", "frame_persons": 426_023}]),
        "progress": pd.DataFrame(
            [
                {
                    "报告日期": "2010-10-08",
                    "地区代码": DISTRICT,
                    "阶段": "sweep",
                    "上报时间": "2010-10-08 17:00",
                    "hh_done": 49_171,
                    "pers_total": 151_990,
                    "pers_living": 129_324,
                    "pers_absent": 22_666,
                    "pers_hukou": 68_825,
                    "pers_in6m": 65_846,
                    "pers_out6m": 11_759,
                    "births": 431,
                    "deaths": 224,
                }
            ]
        ),
        "staffing": pd.DataFrame(
            [
                staff("enumerator", 2_000, insured=1_749, session_count=22),
                staff("supervisor", 600, insured=524, session_count=8, person_times=600),
            ]
        ),
        "benchmarks": pd.DataFrame(
            [
                {
                    "indicator": name,
                    "source": source,
                    "area_code": DISTRICT,
                    "value": value,
                    "window_start": WINDOWS.get(name, ("", ""))[0],
                    "window_end": WINDOWS.get(name, ("", ""))[1],
                    "cutoff_at": "2010-10-08",
                    "concept_note": "as published",
                    "explained_amount": -2_602 if (name, source) == ("hukou", "police") else None,
                    "explained_reason": "enclave" if (name, source) == ("hukou", "police") else None,
                }
                for name, source, value in benchmarks
            ]
        ),
    }
    receipts = []
    for name, rows in files.items():
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
        receipts.append(take_in(tmp_path / f"{name}.csv", now=datetime(2010, 10, 8, 20)))
    return receipts


def staff(role: str, in_post: int, **more: int) -> dict[str, object]:
    steps = ("recruited", "in_post", "trained", "tested", "passed", "certified", "confid_signed")
    return {"report_date": "2010-10-08", "area_code": DISTRICT, "role": role, **dict.fromkeys(steps, in_post), **more}


def test_the_forms_pass_the_checks_that_they_are_known_to_pass(filed: list[Receipt]) -> None:
    assert [receipt.rows_rejected for receipt in filed] == [0] * 6
    assert [receipt.problem for receipt in filed if receipt.result != "stored"] == []


def test_person_coverage(filed: list[Receipt]) -> None:
    shown = table(opened("completion"), "Denominator", "Coverage")
    assert {f"{value:.2f}" for value in shown["Coverage"]} == {"42.06", "44.16", "35.68"}


def test_differences_explained_and_not(filed: list[Receipt]) -> None:
    shown = table(opened("discrepancies"), "Verification", "Unexplained rate", "Reason")
    rates = sorted(f"{value:+.2f}" for value in shown["Difference rate"])
    assert rates == sorted(["-4.77", "-1.81", "-18.98", "-17.33", "-21.60", "-48.78", "+4.47"])
    hukou = shown[shown["Indicator"] == chinese("Hukou population")].iloc[0]
    assert (hukou["Difference"], hukou["Unexplained"]) == (-4_016, 1_414)
    assert f"{hukou['Unexplained rate']:.1f}" == "6.4"


def test_components_ranges_and_internal_checks(filed: list[Receipt]) -> None:
    app = opened("discrepancies")
    assert f"{table(app, 'Component discrepancy')['Component discrepancy'].iloc[-1]:.2f}" == "19.24"
    assert table(app, "Apart by")["Apart by"].tolist() == [34]
    shares = {f"{value:.2f}" for value in table(app, "Check", "First figure")["Share"]}
    assert {"43.95", "10.71", "4.73"} <= shares


def test_capture_of_births_and_deaths(filed: list[Receipt]) -> None:
    shown = table(opened("discrepancies"), "Capture ratio")
    assert {f"{value:.2f}" for value in shown["Capture ratio"].dropna()} >= {"0.71", "0.65"}


def test_insurance(filed: list[Receipt]) -> None:
    shown = table(opened("staffing"), "Step", "Share of those in post")
    assert f"{shown['Share of those in post'].iloc[-1]:.2f}" == "87.42"
    assert shown["Persons"].tolist() == [2_600, 2_600, 2_600, 2_600, 2_600, 2_273]


def test_sizes_of_households_on_the_methods_page(filed: list[Receipt]) -> None:
    shown = table(opened("methods"), "Numerator", "Worked example")
    worked = shown["Worked example"].tolist()
    assert "151,990 ÷ 49,171 = 3.09" in worked
    assert "129,324 ÷ 49,171 = 2.63" in worked
