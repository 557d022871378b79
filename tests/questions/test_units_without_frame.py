"""Units without a frame: every rate is what is shown above the line over what is shown below it, wherever it stands."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from dashboard import columns
from dashboard.briefing import workbook
from dashboard.headline import completion as headline
from dashboard.headline import figures, labels
from dashboard.i18n import speaking
from dashboard.tables import presented
from queries import completion, discrepancy
from queries.check_in import frozen
from tests.questions.district import PLACES, START, VILLAGES, at, frame, place, take

DAY = 5
# Of the first street only one village has a frame of households, and another one alone a frame of persons.
DONE = {"1101": 20, "1102": 30, "1103": 41, "1201": 10, "1202": 12, "1203": 14}
FRAMED = {"1101": 100, "1201": 100, "1202": 100, "1203": 100}
PERSONS = {"1101": 300, "1102": 280, "1201": 300, "1202": 300}
COUNTED = {code: 3 * done for code, done in DONE.items()}
OUTSIDE = {"1": ["1102", "1103"], "11": ["1102", "1103"], "12": []}
UNITS = {"1": list(VILLAGES), "11": ["1101", "1102", "1103"], "12": ["1201", "1202", "1203"]}


@pytest.fixture(name="files")
def _files(database: str, tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    take(folder, "areas", [dict(zip(("code", "name", "parent_code", "level"), row, strict=True)) for row in PLACES])
    take(folder, "calendar", [{"phase": "sweep", "start": START, "end": date(2010, 9, 20), "curve": "linear"}])
    rows = [frame(c, FRAMED.get(c, 0), frame_persons=PERSONS.get(c, "")) for c in {**FRAMED, **PERSONS}]
    take(folder, "targets", [{**r, "frame_households": r["frame_households"] or ""} for r in rows])
    take(folder, "returns", [filed(code) for code in VILLAGES], day=DAY)
    return folder


def filed(code: str) -> dict[str, Any]:
    """Return what a village reports; the second street says nothing of refusals."""
    return {
        "report_date": f"2010-09-{DAY:02}", "area_code": code, "phase": "sweep",
        "submitted_at": f"2010-09-{DAY:02} 17:00", "hh_done": DONE[code], "pers_total": COUNTED[code],
        "hh_refused": 2 if code.startswith("11") else "", "hh_self": 5 if code in ("1101", "1201") else "",
    }  # fmt: skip


def inside(code: str) -> tuple[int, int, int]:
    """Return resolved of the frame, frame, and resolved outside, of an area."""
    framed = [unit for unit in UNITS[code] if unit in FRAMED]
    return (
        sum(DONE[unit] for unit in framed),
        sum(FRAMED[unit] for unit in framed),
        sum(DONE[unit] for unit in OUTSIDE[code]),
    )


@pytest.mark.parametrize("code", ["1", "11", "12"])
def test_row_card_tooltip_and_sentence_divide(files: Path, code: str) -> None:
    row = completion.of_area(at(DAY, code)).iloc[0]
    resolved, households, outside = inside(code)
    assert (row["framed_resolved"], row["hh_frame"]) == (resolved, households)
    assert row["resolution_rate"] == pytest.approx(resolved / households)
    assert row["hh_resolved"] == resolved + outside
    assert row["leaves_unframed"] == len(OUTSIDE[code])
    with speaking("en"):
        card = figures.completion(row, completion.daily(at(DAY, code)), at(DAY, code))
        bar = labels.completion(pd.DataFrame([row]))["label"].iloc[0]
        point = labels.daily(completion.daily(at(DAY, code)))["label"].iloc[-1]
        said = headline.sentence(
            row, completion.by_child(at(DAY, code)), pd.Series({"name": "", "start": START}), at(DAY, code)
        )
    rate = f"{100 * resolved / households:.1f} %"
    outside_said = f"{len(OUTSIDE[code])} units without a frame: {outside} households resolved, outside the rate."
    assert card.value == rate
    assert card.definition.startswith(f"{resolved} resolved of {households} frame households")
    assert f"{resolved} of {households} households resolved, {rate}" in bar
    assert f"{resolved} of {households} households resolved, {rate}" in point
    for text in (card.definition, bar, said):
        assert (outside_said in text) == bool(OUTSIDE[code])


def test_the_table_and_its_files_divide(files: Path) -> None:
    rows = completion.by_child(at(DAY)).set_index("code", drop=False)
    with speaking("en"):
        shown = presented(rows, columns.shown(columns.COMPLETION, rows))
        full = presented(rows.loc[["12"]], columns.shown(columns.COMPLETION, rows.loc[["12"]]))
    for code in ("11", "12"):
        resolved, households, outside = inside(code)
        line = shown.loc[code]
        assert line["Resolved"] / line["Frame households"] == pytest.approx(line["Resolution"] / 100)
        assert (line["Resolved"], line["Frame households"]) == (resolved, households)
        assert line["Units without a frame"] == len(OUTSIDE[code])
        assert line["Resolved there"] == (outside if OUTSIDE[code] else pytest.approx(float("nan"), nan_ok=True))
    assert "Units without a frame" not in full


@pytest.mark.parametrize("language", ["en", "zh_Hant"])
def test_the_workbook_of_the_brief_divides(files: Path, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.brief_xlsx(frozen.gather(at(DAY)), language)))
    sheet = list(book["Completion" if language == "en" else book.sheetnames[1]].iter_rows(values_only=True))
    with speaking(language):
        headings = {c.name: presented_heading(c.heading) for c in columns.COMPLETION}
    place_of = {name: sheet[0].index(heading) for name, heading in headings.items() if heading in sheet[0]}
    for line in sheet[1:3]:
        code = str(line[0])
        resolved, households, _outside = inside(code)
        assert line[place_of["framed_resolved"]] == resolved
        assert line[place_of["hh_frame"]] == households
        assert line[place_of["resolution_rate"]] == pytest.approx(resolved / households)
        assert line[place_of["leaves_unframed"]] == len(OUTSIDE[code])
    overview = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True) if row[1] is not None}
    resolved, households, outside = inside("1")
    assert overview[headings["framed_resolved"]] == resolved
    assert overview[headings["resolution_rate"]] == pytest.approx(resolved / households)
    assert overview[headings["unframed_resolved"]] == outside


def presented_heading(heading: str) -> str:
    """Return a heading in the language that is spoken."""
    from dashboard.i18n import _

    return _(heading)


def test_persons_are_held_against_the_frame_of_their_own_units(files: Path) -> None:
    over_frame = discrepancy.coverage(at(DAY)).iloc[0]
    persons = sum(COUNTED[unit] for unit in PERSONS)
    assert (over_frame["persons"], over_frame["denominator"]) == (persons, sum(PERSONS.values()))
    assert over_frame["coverage"] == pytest.approx(persons / sum(PERSONS.values()))
    assert over_frame["remaining"] == sum(PERSONS.values()) - persons


def test_shares_are_over_the_units_that_know_both_sides(files: Path) -> None:
    rows = completion.of_area(at(DAY)).iloc[0]
    assert rows["refusal_share"] == pytest.approx(2 / 100)  # of 1101 alone: the others lack a frame or say nothing
    assert rows["self_report_rate"] == pytest.approx((5 + 5) / (20 + 10))
    assert rows["persons_per_household"] == pytest.approx(3)
    assert pd.isna(rows["vacant_share"])
    assert completion.of_area(at(DAY, "12")).iloc[0]["refusal_share"] is not None
    assert pd.isna(completion.of_area(at(DAY, "12")).iloc[0]["refusal_share"])
    assert place("1101")
