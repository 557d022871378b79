"""Area lists, calendars and frames that are no tree, no calendar and no frame."""

from __future__ import annotations

from typing import Any, Final

from tests.intake.corpus import Case, changed, listed, table, tree

LISTED: Final = ("code", "name", "parent_code", "level", "lon", "lat", "kind", "urban_rural")


def place(**changes: Any) -> dict[str, Any]:
    """Return a new street of the small district."""
    row = {"code": "103", "name": "南街道", "parent_code": "10", "level": "street", "lon": "118.7", "lat": "31.9"}
    return {**row, "kind": "", "urban_rural": ""} | changes


def phase(**changes: Any) -> dict[str, Any]:
    """Return a phase that the small district has not."""
    row = {"phase": "long", "start": "2010-11-01", "end": "2010-11-15", "cutoff": "17:30", "grace_minutes": 30}
    return {**row, "area_code": "", "measure": "hh", "working_days": "12345", "curve": "linear"} | changes


def frame(**changes: Any) -> dict[str, Any]:
    """Return the frame of a village for a phase in which it has none."""
    row = {"area_code": "10101", "phase": "short", "frame_households": 100, "frame_persons": 300, "eds": 2}
    return {**row, "hard_to_count": 2, "valid_from": "", "reason": ""} | changes


def circle(length: int) -> bytes:
    """Return areas each below the next one, the last below the first."""
    return listed(*((f"c{n}", f"圈{n}", f"c{(n + 1) % length}", "") for n in range(length)))


def chain(length: int) -> bytes:
    """Return areas each below the one before, the first below the district."""
    return listed(*((f"d{n}", f"层{n}", f"d{n - 1}" if n else "10", "") for n in range(length)))


def own_calendars() -> bytes:
    """Return more days than the calendars of a file may lay out: one phase of three years, said 190 times."""
    return table(*(phase(end="2013-11-01", grace_minutes=n) for n in range(190)))


CASES: Final = [
    *(Case(f"parents in a circle of {n:,}", lambda n=n: circle(n), "rejected", ("circle",))
      for n in (2, 3, 40, 41, 42, 500, 20_000)),
    Case("a branch below a circle", listed(("a", "甲", "b", ""), ("b", "乙", "a", ""), ("c", "丙", "a", "")),
         "rejected", ("circle",)),
    Case("an own parent with nothing above", listed(("10", "甲区", "", ""), ("104", "北街道", "104", "")), "rejected",
         ("own_parent_alone", "second_root")),
    Case("many own parents", lambda: listed(*((f"s{n}", f"自{n}", f"s{n}", "") for n in range(5_000))), "rejected",
         ("own_parent_alone", "second_root")),
    Case("an own parent below a level", listed(*tree(), ("104", "北街道", "104", "")), "rejected",
         ("own_parent_alone", "second_root")),
    Case("two roots", listed(("10", "甲区", "", "district"), ("20", "乙区", "", "district")), "rejected",
         ("second_root",)),
    Case("another root", listed(("20", "乙区", "", "district")), "rejected", ("second_root",)),
    Case("many roots", lambda: listed(*((f"r{n}", f"根{n}", "", "") for n in range(300))), "rejected",
         ("second_root",)),
    Case("many unknown parents", lambda: listed(*((f"u{n}", f"孤{n}", "404", "1") for n in range(20_000))), "rejected",
         ("parent_unknown", "second_root")),
    Case("one code many times", lambda: listed(*(("x", f"同{n}", "x", "") for n in range(20_000))), "rejected",
         ("circle",)),
    Case("a tree of 12 levels", lambda: chain(11), "taken"),
    Case("a tree of 13 levels", lambda: chain(12), "rejected", ("too_deep",)),
    Case("a tree of 20,000 levels", lambda: chain(20_000), "rejected", ("too_deep",)),
    Case("below a unit with returns", listed(("1010101", "小区", "10101", "ed")), "rejected", ("unit_has_returns",)),
    Case("an unknown parent", listed(("10", "甲区", "", ""), ("105", "新街道", "404", "")), "rejected",
         ("parent_unknown",)),
    Case("areas word for word", listed(("103", "南街道", "10", "street"), ("103", "南街道", "10", "street")), "taken",
         ("repeated_row",)),
    Case("one code, two names", listed(("103", "南街道", "10", "street"), ("103", "北街道", "10", "street")),
         "rejected", ("duplicate_row",)),
    Case("the same list again", lambda: listed(*tree()), "unchanged"),
    *changed(place, "code", ("",), "rejected", "required"),
    *changed(place, "code", ("1" * 41,), "rejected", "long_text"),
    *changed(place, "code", ("10/3", "１０／３"), "rejected", "slash_in_code"),
    *changed(place, "code", ("1\t3", "103\u200b"), "rejected", "invisible_character"),
    *changed(place, "code", ("3.201E+11",), "rejected", "rounded_code"),
    *changed(place, "name", ("",), "rejected", "required"),
    *changed(place, "name", ("长" * 121, "n" * 100_000), "rejected", "long_text"),
    *changed(place, "name", ("南\n街道", "南\x08街道", "\u202e街道"), "rejected", "invisible_character"),
    *changed(place, "name", ("![x](http://example.org/x.png)", "$a$ 街道", "<b>街道</b>", "=街道", "街道 {0}"),
             "taken"),
    *changed(place, "lon", ("inf", "nan", "1e400", "0x76", "118,7", "118°"), "rejected", "not_a_number"),
    *changed(place, "lon", ("181", "-180.5", "500000", "1e300"), "rejected", "out_of_range"),
    *changed(place, "lat", ("118.7", "-90.01", "3500000"), "rejected", "out_of_range"),
    *changed(place, "lat", ("-inf", "north"), "rejected", "not_a_number"),
    *changed(place, "kind", ("planet", "街"), "rejected", "not_a_choice"),
    *changed(place, "urban_rural", ("1" * 9,), "rejected", "long_text"),
    *changed(place, "level", ("s" * 21,), "rejected", "long_text"),
    *changed(place, "level", ("inf", "nan", "-1", "1e308"), "taken"),
    *changed(phase, "start", ("0201-01-01", "9999-01-01"), "rejected", "day_out_of_range"),
    *changed(phase, "end", ("9999-12-31", "2200-01-01"), "rejected", "day_out_of_range"),
    *changed(phase, "end", ("2110-11-01", "2014-01-01"), "rejected", "long_phase"),
    *changed(phase, "end", ("2010-10-31", "1900-01-01"), "rejected", "ends_before_start"),
    *changed(phase, "end", ("2010-11-31", "later"), "rejected", "not_a_date"),
    *changed(phase, "end", ("",), "rejected", "required"),
    *changed(phase, "grace_minutes", ("1000000000000000000", "10081", "9" * 40), "rejected", "too_large"),
    *changed(phase, "grace_minutes", ("-1", "1.5", "half an hour", "1e2"), "rejected", "not_a_count"),
    *changed(phase, "measure", ("cows", "hh,persons", "m" * 80), "rejected", "not_a_choice"),
    *changed(phase, "measure", ("户", "persons", ""), "taken"),
    *changed(phase, "working_days", ("0", "8", "Mon", "1-5"), "rejected", "not_weekdays"),
    *changed(phase, "cutoff", ("25:00", "17:60", "noon", "17", "-1:00", "24:00", "17:30:99"), "rejected",
             "not_a_time"),
    *changed(phase, "cutoff", ("1" * 21,), "rejected", "long_text", "not_a_time"),
    *changed(
        phase, "curve",
        ("0:0 0.5:nan 1:1", "0:0 nan:0.5 1:1", "0:0 inf:0.5 1:1", "0:0 0.6:0.5 0.5:0.6 1:1", "0:0 0.5:0.5 0.5:0.6 1:1",
         "0:0 0.5:0.6 0.6:0.5 1:1", "0:0 1:2", "0:0.1 1:1", "0:0", "0:0 1:1:1", "0:0 0,5:0,5 1:1", "0:0 0x0:1 1:1",
         "steep", ":", "0:0 -1:0.5 1:1"),
        "rejected", "not_a_curve",
    ),
    Case("a curve of 201 points", table(phase(curve=" ".join(f"{n / 200}:{n / 200}" for n in range(201)))), "rejected",
         ("not_a_curve",)),
    *changed(phase, "curve", ("前紧后松", "0:0 0.25:0.5 1:1"), "taken"),
    *changed(phase, "phase", ("harvest",), "rejected", "not_a_choice"),
    *changed(phase, "area_code", ("404",), "rejected", "unknown_area", "unknown_phase"),
    *changed(phase, "area_code", ("101",), "rejected", "unknown_phase"),
    Case("more days than can be laid out", own_calendars, "rejected", ("duplicate_row", "many_days")),
    *changed(frame, "frame_households", ("0x64", "1e2", "-1", "1,5", "ten"), "rejected", "not_a_count"),
    *changed(frame, "frame_persons", ("1000000001", "9" * 19), "rejected", "too_large"),
    *changed(frame, "area_code", ("404",), "rejected", "unknown_area"),
    *changed(frame, "area_code", ("77",), "rejected", "ambiguous_area"),
    *changed(frame, "area_code", ("101",), "rejected", "not_a_unit"),
    *changed(frame, "phase", ("harvest",), "rejected", "not_a_choice"),
    *changed(frame, "phase", ("long",), "rejected", "unknown_phase"),
    *changed(frame, "valid_from", ("0201-01-01", "9999-12-31"), "rejected", "day_out_of_range"),
    *changed(frame, "reason", ("因" * 2_001,), "rejected", "long_text"),
    Case("a frame changed without a word", table(frame(phase="sweep", frame_households=99)), "rejected",
         ("revision_needs_reason",)),
    Case("frames word for word", table(frame(), frame()), "taken", ("repeated_row",)),
    Case("frames of two figures", table(frame(), frame(frame_households=99)), "rejected", ("duplicate_row",)),
]  # fmt: skip
