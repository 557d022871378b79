"""Figures, days and texts that no return can hold, in each form that has them."""

from __future__ import annotations

from typing import Final

from tests.intake.checks import own
from tests.intake.corpus import Case, changed, table
from tests.intake.test_cleanup_rules import cleanup
from tests.intake.world import benchmark, progress, staffing

NO_COUNTS: Final = (
    "1e3", "1E+12", "1e308", "1e309", "0x1F", "0X1f", "0b11", "0o17", "inf", "-inf", "Infinity", "nan", "NaN", "-1",
    "-0.5", "1.5", "1,5", "1.234,5", "1,23", "12,34,567", "1,2,3", "1 2", "1_000", "+-5", "--5", "5-", "(5)", "$5",
    "5户", "½", "Ⅳ", "五", "٣", "true", "一百", "1/2", "5%", "1000000000.5", "6;7", "6 or 7",
)  # fmt: skip
TOO_LARGE: Final = (
    "1000000001", "1,000,000,001", "9000000000000000000", "9223372036854775807", "9223372036854775808",
    "99999999999999999999999999", "9" * 400, "9" * 5_000, "１２３４５６７８９０１",
)  # fmt: skip
COUNTS: Final = ("６", "6.0", "6.", "+6", "006", "6 ", "\u30006")
UNWORKED: Final = {"#N/A": "error_cell", "#DIV/0!": "error_cell", "=A1+B1": "formula_without_result"}
NO_DAYS: Final = (
    "2010-13-01", "2010-02-30", "2010-00-10", "20100931", "12/13/2010", "20.09.2010", "2010-09", "Sept 20",
    "2010-09-20 17:00", "2010-09-20T25:00", "2010年9月31日", "tomorrow", "-1", "2010-09-20-1", "1e5", "0", "NaT", "now",
)  # fmt: skip
FAR_DAYS: Final = ("0001-01-01", "0201-09-20", "1899-12-31", "2200-01-01", "9999-12-31", "00001")
NO_TIMES: Final = ("2010-09-20 25:00", "2010-09-20 17:60", "17:00", "2010-09-20 17h", "2010-09-20 17:00 PM")
INVISIBLE: Final = ("迁\x07入", "\x1b[2J清屏", "a\x01", "a\x7fb", "零\u200b宽", "\u202e逆序", "两\ufeff半")

CASES: Final = [
    *changed(progress, "issues_new", NO_COUNTS, "rejected", "not_a_count"),
    *changed(progress, "visits_day", TOO_LARGE, "rejected", "too_large"),
    *changed(progress, "visits_day", COUNTS, "taken"),
    *(case for value, rule in UNWORKED.items() for case in changed(progress, "visits_day", [value], "rejected", rule)),
    *changed(progress, "hh_pending", ("inf", "nan", "1e400", "0x10", "1,5"), "rejected", "not_a_number"),
    *changed(progress, "hh_pending", ("1e300", "-5000000000"), "rejected", "out_of_range"),
    *changed(progress, "report_date", NO_DAYS, "rejected", "not_a_date"),
    *changed(progress, "report_date", FAR_DAYS, "rejected", "day_out_of_range"),
    *changed(progress, "report_date", ("2011-01-01",), "rejected", "future_date"),
    *changed(progress, "report_date", ("2010-12-20",), "rejected", "outside_window"),
    *changed(progress, "submitted_at", NO_TIMES, "rejected", "not_a_time"),
    *changed(progress, "submitted_at", ("0300-01-01 10:00", "9999-12-31 23:59"), "rejected", "day_out_of_range"),
    *changed(progress, "is_nil", ("maybe", "2", "yes no"), "rejected", "not_yes_or_no"),
    *changed(progress, "note", INVISIBLE, "rejected", "invisible_character"),
    *changed(progress, "note", ("字" * 201, "a" * 100_000), "rejected", "long_text"),
    *changed(progress, "note", ("第一行\n第二行", "=1+1 户", "-无", "@所", "{field}", "%s %d", "';drop table area;--",
                                "𠮷野家", "🏠", "a\tb"), "taken"),
    *changed(progress, "note", ("电话13800001111",), "rejected", "personal_note"),
    *changed(progress, "correction_reason", ("因" * 201,), "rejected", "long_text"),
    *changed(progress, "submitter_role", ("统" * 41, "a" * 5_000), "rejected", "long_text"),
    *changed(progress, "submitter_role", ("两行\n角色", "a\tb"), "rejected", "invisible_character"),
    *changed(progress, "area_code", ("999", "10101 ×", "甲村", "10/999", "/", "10101/10101"), "rejected",
             "unknown_area"),
    *changed(progress, "area_code", ("1" * 600,), "rejected", "long_text", "unknown_area"),
    *changed(progress, "area_code", ("10101\u200b", "1010\x001".replace("\x00", "\x02")), "rejected",
             "invisible_character", "unknown_area"),
    *changed(progress, "area_code", ("77",), "rejected", "ambiguous_area"),
    *changed(progress, "area_code", ("101", "10"), "rejected", "not_a_unit"),
    *changed(progress, "area_code", ("1.0101E+4",), "rejected", "rounded_code", "unknown_area"),
    *changed(progress, "area_code", ("１０１０１", " 10101 ", "10/101/10101"), "taken"),
    *changed(progress, "phase", ("harvest", "清查", "0"), "rejected", "not_a_choice"),
    *changed(progress, "phase", ("long",), "rejected", "unknown_phase"),
    *changed(staffing, "in_post", ("0x3", "1e0", "-3", "3,0"), "rejected", "not_a_count"),
    *changed(staffing, "need", ("1000000001", "9e18".replace("e18", "0" * 18)), "rejected", "too_large"),
    *changed(staffing, "role", ("boss", "普查"), "rejected", "not_a_choice"),
    *changed(staffing, "report_date", ("0201-01-01", "9999-01-01"), "rejected", "day_out_of_range"),
    *changed(staffing, "area_code", ("404",), "rejected", "unknown_area"),
    *changed(benchmark, "value", ("0x3E8", "1e3", "1,5", "-1", "nan"), "rejected", "not_a_count"),
    *changed(benchmark, "value", ("10000000001", "1" + "0" * 30), "rejected", "too_large"),
    *changed(benchmark, "value", ("",), "rejected", "required"),
    *changed(benchmark, "unit", ("单" * 21,), "rejected", "long_text"),
    *changed(benchmark, "concept_note", ("口" * 2_001,), "rejected", "long_text"),
    *changed(benchmark, "owner", ("局" * 121,), "rejected", "long_text"),
    *changed(benchmark, "window_start", ("0201-01-01", "9999-12-31"), "rejected", "day_out_of_range"),
    *changed(benchmark, "due_date", ("soon",), "rejected", "not_a_date"),
    *changed(benchmark, "explained_amount", ("1.5", "1e2", "nan", "1,5"), "rejected", "not_an_amount"),
    *changed(benchmark, "explained_amount", ("99999999999", "-99999999999"), "rejected", "out_of_range"),
    *changed(benchmark, "explained_reason", ("weather",), "rejected", "not_a_choice"),
    *changed(benchmark, "parts", ("1+x", "1++2", "0x10+5", "1,5+3", "9" * 5_000, "²+1a", "-5+1005"), "rejected",
             "not_parts"),
    *changed(benchmark, "indicator", ("cows",), "rejected", "not_a_choice"),
    *changed(benchmark, "source", ("neighbours",), "rejected", "not_a_choice"),
    *changed(cleanup, "late_entries", ("0x2", "1e1", "-2"), "rejected", "not_a_count"),
    *changed(cleanup, "late_entries", ("1000000001",), "rejected", "too_large"),
    *changed(cleanup, "police_station", ("所" * 81, "㍿" * 41), "rejected", "long_text"),
    *changed(cleanup, "police_station", ("东\x07所",), "rejected", "invisible_character"),
    *changed(cleanup, "police_station", ("东\n派出所", "东\t派出所"), "taken"),
    *changed(own, "pers_checked", ("0x104", "2.6e2"), "rejected", "not_a_count"),
    *changed(own, "units_checked", ("1000000001",), "rejected", "too_large"),
    *changed(own, "check_id", ("S" * 41,), "rejected", "long_text"),
    *changed(own, "check_id", ("S\n9",), "rejected", "invisible_character"),
    *changed(own, "stage", ("harvest",), "rejected", "not_a_choice"),
    *changed(own, "report_date", ("9999-12-31",), "rejected", "day_out_of_range"),
    Case("two rows word for word", table(progress(6), progress(6)), "taken", ("repeated_row",)),
    Case("a hundred rows word for word", table(*[progress(6)] * 100), "taken", ("repeated_row", "more_repeated_rows")),
    Case("one key, two figures", table(progress(6), progress(6, visits_day=7)), "rejected", ("duplicate_row",)),
    Case("staff word for word", table(staffing(), staffing()), "taken", ("repeated_row",)),
    Case("staff of two figures", table(staffing(), staffing(tested=2, passed=2, certified=2)), "rejected",
         ("duplicate_row",)),
    Case("figures word for word", table(benchmark(), benchmark()), "taken", ("repeated_row",)),
    Case("figures of two values", table(benchmark(), benchmark(value=999)), "rejected", ("duplicate_row",)),
    Case("checks word for word", table(own(), own()), "taken", ("repeated_row",)),
    Case("checks of two figures", table(own(), own(units_checked=501)), "rejected", ("duplicate_row",)),
    Case("stations word for word", table(cleanup(), cleanup()), "taken", ("repeated_row",)),
    Case("stations of two figures", table(cleanup(), cleanup(addresses_checked=301)), "rejected", ("duplicate_row",)),
]  # fmt: skip
