"""A file is taken whole or not at all; nothing is lost, nothing is stored twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries.__main__ import main
from queries.database import engine, fetch
from queries.intake import take_in as taking
from queries.intake.receipt import lines
from queries.intake.take_in import take_in
from queries.schema import daily_return, daily_return_history, load, metadata, progress
from tests.intake.world import NOW, benchmark, settle_world, staffing, write
from tests.intake.world import load as file_in
from tests.intake.world import progress as row
from tests.settling import settled

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    settled(settle_world, tmp_path / "world")
    return tmp_path


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with engine().connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }


def test_one_bad_row_keeps_the_whole_file_out(world: Path) -> None:
    before = everything()
    receipt = file_in(world, row(6), row(7, pers_total=1))
    assert (receipt.result, receipt.rows_read, receipt.rows_rejected, receipt.rows_stored) == ("rejected", 2, 1, 0)
    assert everything() == before


def test_partial_stores_the_good_rows_and_gives_the_others_back_with_a_reason(world: Path) -> None:
    path = write(world, [row(6), row(7, pers_total=1)])
    assert main(["load", "--partial", "--lang", "zh_Hans", str(path)]) == 1
    assert fetch(select(daily_return.c.hh_done).where(daily_return.c.hh_done == 24))["hh_done"].tolist() == [24]
    (back,) = world.glob("*rejected*")
    rejected = pd.read_csv(back, dtype=str, encoding="utf-8-sig")
    assert rejected["hh_done"].tolist() == ["28"]
    reasons = rejected.iloc[0, -1].split("; ")
    assert len(set(reasons)) == len(reasons)
    assert any(reason.startswith("登记人数为 1：") for reason in reasons)
    rejected.assign(pers_total="84").drop(columns=rejected.columns[-1]).to_csv(world / "mended.csv", index=False)
    assert main(["load", str(world / "mended.csv")]) == 0


def test_the_same_file_again_changes_nothing_and_says_so(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(world, [row(6)])
    assert main(["load", str(path)]) == 0
    before = everything()
    capsys.readouterr()
    assert main(["load", "--lang", "en", str(path)]) == 0
    assert everything() == before
    again = take_in(path, now=NOW)
    assert (again.result, again.rows_unchanged) == ("unchanged", 1)
    assert again.seen_as is not None


def test_the_same_rows_in_another_file_are_unchanged(world: Path) -> None:
    file_in(world, row(6))
    with engine().connect() as connection:
        version = connection.execute(select(daily_return.c.version).where(daily_return.c.hh_done == 24)).scalar_one()
    receipt = file_in(world, row(6), row(7), name="both")
    assert (receipt.rows_stored, receipt.rows_corrected, receipt.rows_unchanged) == (1, 0, 1)
    with engine().connect() as connection:
        assert (
            connection.execute(select(daily_return.c.version).where(daily_return.c.hh_done == 24)).scalar_one()
            == version
        )


@pytest.mark.parametrize("kind", ["progress", "staffing", "benchmark"])
def test_a_correction_makes_a_new_version_and_keeps_the_old_one(world: Path, kind: str) -> None:
    first, second = {
        "progress": (row(6), row(6, births=1, correction_reason="one birth was missed")),
        "staffing": (staffing(), staffing(insured=2, correction_reason="one policy lapsed")),
        "benchmark": (benchmark(), benchmark(value=1_001)),
    }[kind]
    file_in(world, first, name="first")
    before = everything()
    receipt = file_in(world, second, name="second")
    assert (receipt.rows_stored, receipt.rows_corrected) == (0, 1)
    after = everything()
    history = {"progress": "daily_return", "staffing": "staffing_return", "benchmark": "benchmark"}[kind] + "_history"
    assert len(after[history]) == len(before[history]) + 1


def test_a_correction_of_the_past_moves_every_later_day(world: Path) -> None:
    file_in(world, row(6), row(7, area_code="10102"), name="first")
    earlier = select(progress.c.births).join(load, load.c.id > 0).limit(0)
    assert fetch(earlier).empty
    why = {"correction_reason": "one birth was missed"}
    file_in(world, row(5, births=1, **why), row(6, births=1, **why), name="second")
    rows = fetch(
        select(progress.c.date, progress.c.births)
        .where(progress.c.area_id == 1, progress.c.phase_id == 1)
        .order_by(progress.c.date)
    )
    assert rows.set_index("date")["births"].loc["2010-09-19":].eq(1).all()
    assert rows.set_index("date")["births"].loc[:"2010-09-18"].fillna(0).eq(0).all()


def test_a_failure_half_way_leaves_nothing_behind(world: Path) -> None:
    before = everything()

    def fail(*_arguments: object) -> None:
        raise RuntimeError("power cut")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "_roll_up", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            file_in(world, row(6))
    assert everything() == before


def test_a_loader_that_is_killed_leaves_nothing_behind(database: str, tmp_path: Path) -> None:
    settled(settle_world, tmp_path / "world")
    before = everything()
    path = write(tmp_path, [row(6)])
    started = tmp_path / "started"
    code = (
        "import time, pathlib\n"
        "from queries.intake import take_in as taking\n"
        f"def wait(*a): pathlib.Path({str(started)!r}).touch(); time.sleep(60)\n"
        "taking._roll_up = wait\n"
        f"taking.take_in(pathlib.Path({str(path)!r}))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "DATABASE_URL": database})
    for _ in range(200):
        if started.exists():
            break
        time.sleep(0.1)
    assert started.exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert everything() == before
    assert take_in(path, now=NOW).result == "stored"


def test_the_receipt_counts_rows_warnings_and_time(world: Path) -> None:
    receipt = file_in(world, row(6, visits_day=1), row(7, visits_day=1))
    assert receipt.warnings == {"few_visits": 2}
    said = "\n".join(lines(receipt, "en"))
    for part in ("2", "few", "file.csv"):
        assert part in said
    assert receipt.seconds > 0


def test_the_command_ends_with_an_error_when_a_file_is_rejected(world: Path) -> None:
    good, bad = write(world, [row(6)], "good"), write(world, [row(7, hh_done="x")], "bad")
    assert main(["load", str(good), str(bad)]) == 1
    with engine().connect() as connection:
        filed = select(func.count()).select_from(daily_return).where(daily_return.c.hh_done == 24)
        assert connection.execute(filed).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(daily_return_history)).scalar_one() == 0


def test_rows_in_any_order_give_the_same_totals(world: Path) -> None:
    rows = [row(day) for day in (9, 7, 8, 6)]
    assert file_in(world, *rows).rows_rejected == 0
    shown = fetch(
        select(progress.c.hh_done).where(progress.c.area_id == 1, progress.c.phase_id == 1).order_by(progress.c.date)
    )
    assert shown["hh_done"].tolist()[-1] == 36 + 32 + 20


def test_settings_are_kept_as_loads_and_refused_when_wrong(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "small_count", "3"]) == 0
    assert main(["settings", "small_count"]) == 0
    assert capsys.readouterr().out.strip() == "3"
    assert main(["settings", "small_count", '"many"']) == 1
    assert main(["settings", "no.such.key", "1"]) == 1
