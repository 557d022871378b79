"""What a correction, a late return and an undo cost follows what they bring, not what is stored already."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from queries import database
from queries.intake.receipt import Receipt
from queries.intake.take_in import take_in
from queries.intake.undo import undo
from tests.bench.correcting import returns, settle, staffing, written

UNITS, DAYS, GROWTH = 60, 16, 8
TICK = 50  # steps of SQLite's virtual machine between two counts
LATE, WEEK = 2, (7, 6, 5)  # days before the last one that nobody has filed


def steps(folder: Path, template: Path, days: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Return SQLite's steps of some loads near the end of a phase of so many days."""
    path = folder / f"{days}.db"
    shutil.copy(template, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    taken = [0]

    def count() -> None:
        taken[0] += TICK

    def watch(driver: object, *_: object) -> None:
        driver.set_progress_handler(count, TICK)

    event.listen(database.engine(), "checkout", watch)
    last = days - 1
    settle(folder, UNITS, days, [n for n in range(days) if last - n not in (LATE, *WEEK)])
    files = {
        "a day corrected": returns(UNITS, [last - 8], corrected=True),
        "a day late": returns(UNITS, [last - LATE]),
        "a week out of order": returns(UNITS, [last - n for n in WEEK]),
        "a street's day corrected": returns(20, [last - 9], corrected=True),
        "staffing of a day late": staffing(UNITS, [last - 3]),
    }
    spent = {}

    def note(what: str, load: Callable[[], Receipt]) -> Receipt:
        taken[0] = 0
        receipt = load()
        assert receipt.result in ("stored", "undone"), what
        spent[what] = taken[0]
        return receipt

    for n, (what, rows) in enumerate(files.items()):
        file = written(folder, f"late-{n}", rows)
        receipt = note(what, lambda file=file: take_in(file, now=datetime(2030, 1, 1)))
        if what == "a day corrected":
            corrected = receipt.load_id
    note("a correction undone", lambda: undo(corrected))
    return spent


def test_a_late_or_corrected_return_takes_no_more_steps_where_more_is_stored(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = steps(tmp_path, sqlite_template, DAYS, monkeypatch)
    many = steps(tmp_path, sqlite_template, GROWTH * DAYS, monkeypatch)
    more_rows = UNITS * (GROWTH - 1) * DAYS
    undoing = (many.pop("a correction undone") - few.pop("a correction undone")) / more_rows
    assert undoing < 30  # what a load brought is found in one pass, not in one for each row
    grown = {what: many[what] / few[what] for what in few}
    assert {what: growth for what, growth in grown.items() if growth > 1.5} == {}
