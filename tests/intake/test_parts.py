"""An installation for a part of the tree: rows of other parts are refused before anything stored is looked at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from queries import areas, loads
from queries.__main__ import main
from queries.database import engine
from queries.intake import matching
from queries.intake.handed_back import as_csv, as_workbook
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import examine, take_in
from queries.intake.undo import examine_undo, undo
from queries.schema import area_alias, load
from queries.settings import settings
from queries.view import LANGUAGES, View
from tests.intake.checks import own as own_check
from tests.intake.world import NOW, benchmark, everything, progress, settle_world, staffing, write
from tests.settling import settled

# what is stored of the village of the other street: no other number of the world looks like these
TOLD_BY_NOBODY = ("7331", "7339", "9887", "21993", "4441", "6661", "5557", "三村", "西街道", "2010-09-21")
PART_RULES = {"counted_above", "no_such_scope", "settings_of_all"}
EAST, WEST = "10/101", "10/102"


@pytest.fixture
def world(database: str, tmp_path: Path) -> Path:
    """Settle the small district, with figures of the western street that cannot be mistaken."""
    settled(_with_a_western_street, tmp_path / "world")
    return tmp_path


def _with_a_western_street(folder: Path) -> None:
    settle_world(folder)
    frame = {"area_code": "10201", "phase": "sweep", "frame_households": 9887, "frame_persons": 29_000, "eds": 2,
             "valid_from": "2010-09-20", "reason": "重新核实"}  # fmt: skip
    west = progress(
        7, area_code="10201", hh_done=7331, hh_uploaded=7331, pers_total=21_993, pers_living=21_983, pers_absent=10,
        pers_hukou=14_000, pers_in6m=10, pers_out6m=5, hh_self=5, issues_open=0, enum_active=2, visits_day=9_000,
    )  # fmt: skip
    staff = staffing(area_code="10201", recruited=4441, withdrawn=0, in_post=4441, source_cadre=4441, reason_workload=0)
    figures = (
        benchmark(area_code="102", source="ledger", value=6661),
        benchmark(area_code="102", value=5557, cutoff_at="2010-09-21"),
    )
    for name, rows in {"frame": [frame], "west": [west], "staff": [staff], "figures": [*figures]}.items():
        receipt = take_in(write(folder, rows, name), now=NOW, partial=True)
        assert (receipt.result, receipt.rows_rejected) == ("stored", 0), receipt.findings.to_dict("records")
    recheck = take_in(
        write(folder, [own_check(check_id="GX-7339", area_code="10201", report_date="2010-09-21")], "check"), now=NOW
    )
    assert recheck.result == "stored", recheck.findings.to_dict("records")


def of(address: str) -> int:
    found = areas.by_address(address)
    assert found is not None
    return found


def view(address: str) -> View:
    return View(1, date(2010, 9, 22), of(address), of(address), "zh_Hans")


def told(receipt: Receipt) -> str:
    """Return every word that a receipt can say: findings, lines, rejected rows, both files of them."""
    said = [receipt.findings.to_csv(), repr([each.counts for each in receipt.checked])]
    for language in LANGUAGES:
        said += lines(receipt, language)
        if receipt.rows_rejected:
            said.append(as_csv(receipt, language).decode())
            with zipfile.ZipFile(io.BytesIO(as_workbook(receipt, language))) as book:
                said += [book.read(name).decode() for name in book.namelist()]
    return "\n".join(said)


ROWS_OF_THE_WEST: dict[str, Callable[[], dict[str, Any]]] = {
    "progress": lambda: progress(8, area_code="10201", births=900),
    "an earlier day": lambda: progress(4, area_code="10201", hh_frame=50, births=900, note="13912345678"),
    "staffing": lambda: staffing(area_code="10201", report_date="2010-09-22", recruited=2, in_post=1, source_cadre=2),
    "a street's staffing": lambda: staffing(area_code="102"),
    "benchmark": lambda: benchmark(area_code="102", explained_amount=9_999, explained_reason="timing"),
    "target": lambda: {"area_code": "10201", "phase": "sweep", "frame_households": 50},
    "check": lambda: own_check(check_id="GX-7339", area_code="10201", hh_sampled=20_000),
    "the district": lambda: benchmark(area_code="10", value=3),
}


@pytest.mark.parametrize("kind", ROWS_OF_THE_WEST)
def test_of_a_row_of_another_street_nothing_is_said_but_that_it_lies_outside(world: Path, kind: str) -> None:
    path = write(world, [ROWS_OF_THE_WEST[kind]()])
    before = everything()
    for receipt in (
        take_in(path, now=NOW, scope_id=of(EAST)),
        take_in(path, now=NOW, scope_id=of(EAST), partial=True),
        examine(path.read_bytes(), path.name, now=NOW, scope_id=of(EAST), watch=view(EAST)),
    ):
        assert receipt.rows_rejected == 1
        assert receipt.findings[["rule", "severity", "field"]].to_numpy().tolist() == [
            ["outside_scope", "reject", "area_code"]
        ]
        said = told(receipt)
        sent = path.read_text()
        assert [secret for secret in TOLD_BY_NOBODY if secret in said and secret not in sent] == []
    assert {name: rows for name, rows in everything().items() if name not in ("load", "audit")} == {
        name: rows for name, rows in before.items() if name not in ("load", "audit")
    }


def test_the_district_itself_is_told_what_such_a_row_breaks(world: Path) -> None:
    row = ROWS_OF_THE_WEST["progress"]()
    receipt = take_in(write(world, [row]), now=NOW)
    assert "7331" in told(receipt)


def test_own_rows_beside_those_of_others_are_judged_and_taken_as_if_alone(world: Path) -> None:
    own = progress(6), progress(7, area_code="10102", hh_done=10, hh_uploaded=10)
    alone = examine(write(world, own, "alone").read_bytes(), "alone.csv", now=NOW)
    receipt = take_in(write(world, [ROWS_OF_THE_WEST["progress"](), *own]), now=NOW, partial=True, scope_id=of(EAST))
    assert (alone.rows_stored, alone.rows_rejected) == (1, 1)
    assert (receipt.rows_stored, receipt.rows_rejected) == (1, 2)
    others = receipt.findings[receipt.findings["rule"] != "outside_scope"]
    assert others[["rule", "field", "value"]].to_numpy().tolist() == (
        alone.findings[["rule", "field", "value"]].to_numpy().tolist()
    )
    assert receipt.findings.loc[receipt.findings["rule"] == "outside_scope", "row"].tolist() == [2]


def test_an_area_above_that_already_reports_is_not_named(world: Path) -> None:
    above = staffing(area_code="10", role="supervisor", recruited=4441, withdrawn=0, in_post=4441,
                     source_cadre=4441, reason_workload=0)  # fmt: skip
    assert take_in(write(world, [above], "above"), now=NOW).result == "stored"
    receipt = take_in(write(world, [staffing(area_code="101", role="supervisor")]), now=NOW, scope_id=of(EAST))
    assert set(receipt.findings["rule"]) == {"counted_above"}
    assert "4441" not in told(receipt)


def test_a_check_of_another_street_is_no_check_to_refer_to(world: Path) -> None:
    row = own_check(check_id="GX-9", re_check_id="GX-7339", report_date="2010-09-19")
    receipt = take_in(write(world, [row]), now=NOW, scope_id=of(EAST))
    assert ("unknown_check", "re_check_id") in set(
        zip(receipt.findings["rule"], receipt.findings["field"], strict=True)
    )
    assert "2010-09-21" not in told(receipt)


def test_codes_that_several_streets_share_are_told_apart_only_inside(world: Path) -> None:
    both = benchmark(area_code="77", value=3)
    shared = take_in(write(world, [both]), now=NOW, scope_id=of(EAST))
    assert shared.findings["rule"].tolist() == ["ambiguous_area"]
    more = [
        {"code": "104", "name": "南街道", "parent_code": "10", "level": "street"},
        {"code": "78", "name": "同码社区", "parent_code": "102", "level": "village"},
        {"code": "78", "name": "同码社区", "parent_code": "104", "level": "village"},
    ]
    assert take_in(write(world, more, "more"), now=NOW).result == "stored"
    outside = take_in(write(world, [benchmark(area_code="78", value=3)], "78"), now=NOW, scope_id=of(EAST))
    assert outside.findings["rule"].tolist() == ["outside_scope"]


def test_a_code_matched_to_another_street_cannot_be_taken_over(world: Path) -> None:
    matching.confirm(view("10"), "888", of("10201"), role="district")
    with pytest.raises(matching.MatchError):
        matching.confirm(view(EAST), "888", of("10101"), role="street")
    with engine().connect() as connection:
        assert connection.execute(select(area_alias.c.area_id)).scalars().all() == [of("10201")]
    receipt = take_in(write(world, [benchmark(area_code="888")]), now=NOW, scope_id=of(EAST))
    assert receipt.findings["rule"].tolist() == ["outside_scope"]


def test_that_others_took_the_very_file_in_is_not_told(world: Path) -> None:
    assert take_in(world / "world" / "west.csv", now=NOW).seen_as is not None
    receipt = take_in(world / "world" / "west.csv", now=NOW, scope_id=of(EAST))
    assert (receipt.seen_as, receipt.rows_rejected) == (None, 1)


def listed(address: str) -> list[int]:
    return loads.history(view(address))["load_id"].astype(int).tolist()


def test_only_loads_that_lie_wholly_in_the_part_are_seen_and_undone(world: Path) -> None:
    west = progress(8, area_code="10201", hh_done=7332, hh_uploaded=7332, pers_total=21_995, pers_living=21_985,
                    pers_absent=10, pers_hukou=14_000, pers_in6m=10, pers_out6m=5, hh_self=5, issues_open=0,
                    visits_day=9_000)  # fmt: skip
    district = take_in(write(world, [progress(6), west], "district"), now=NOW)
    own = take_in(write(world, [progress(7)], "own"), now=NOW, scope_id=of(EAST), loaded_by="census office")
    # of the district's load only the row of the eastern street still stands: it is another's all the same
    put_right = take_in(write(world, [west | {"births": 1, "correction_reason": "核对"}], "west-again"), now=NOW)
    assert {r.result for r in (district, own, put_right)} == {"stored"}
    assert (district.load_id, own.load_id, put_right.load_id) != (None, None, None)
    east, whole = set(listed(EAST)), set(listed("10"))
    assert {district.load_id, own.load_id, put_right.load_id} <= whole
    assert own.load_id in east
    assert not {district.load_id, put_right.load_id} & east
    with engine().connect() as connection:
        names = dict(connection.execute(select(load.c.id, load.c.file_name)).all())
    assert {names[n] for n in east} == {"staff.csv", "own.csv"}
    assert {names[n] for n in listed(WEST)} == {
        "frame.csv", "west.csv", "staff.csv", "figures.csv", "check.csv", "west-again.csv",
    }  # fmt: skip
    before = everything()
    for other in (district.load_id, put_right.load_id, 1):
        assert other is not None
        refused = [undo(other, "street", scope_id=of(EAST)), examine_undo(other, of(EAST))]
        assert [r.problem.rule for r in refused if r.problem] == ["undo_outside_scope"] * 2
        assert all("7332" not in told(r) for r in refused)
    assert everything() == before
    assert own.load_id is not None
    undone = undo(own.load_id, "street", scope_id=of(EAST))
    assert undone.result == "undone"
    assert set(listed(EAST)) == east | {undone.load_id}
    others = undo(put_right.load_id, "district")
    assert others.load_id not in listed(EAST)
    assert others.load_id in listed(WEST)


@pytest.fixture
def limited(world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Limit the command line to the eastern street."""
    monkeypatch.setenv("DASHBOARD_SCOPE", EAST)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    return world


@pytest.mark.parametrize("check_only", [True, False])
def test_the_command_line_of_a_part_says_no_more(
    limited: Path, capfd: pytest.CaptureFixture[str], check_only: bool
) -> None:
    path = write(limited, [ROWS_OF_THE_WEST["progress"](), progress(8, area_code="10201")])
    assert main(["load", str(path), *(["--check"] if check_only else [])]) == 1
    out = "".join(capfd.readouterr())
    rejected = path.with_name("file.rejected.csv")
    out += rejected.read_text() if rejected.exists() else ""
    assert rejected.exists() != check_only
    assert "不属于" in out or "范围" in out
    assert [secret for secret in TOLD_BY_NOBODY if secret in out] == []


def test_the_command_line_of_a_part_undoes_writes_and_sets_nothing_of_others(
    limited: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with engine().connect() as connection:
        west = connection.execute(select(load.c.id).where(load.c.file_name == "west.csv")).scalar_one()
    before, rules = everything(), settings()
    assert main(["undo", str(west)]) == 1
    assert main(["undo", str(west), "--check"]) == 1
    assert main(["template", "--form", "progress", "--area", "10201", "--date", "2010-09-22"]) == 1
    assert main(["settings", "household_size", "[1, 2, 1, 3]"]) == 1
    assert main(["match", "999", "10201"]) == 1
    out = "".join(capfd.readouterr())
    assert [secret for secret in TOLD_BY_NOBODY if secret in out] == []
    assert everything() == before
    assert settings() == rules


def test_what_the_command_line_of_a_part_loads_is_the_part_s_own(limited: Path) -> None:
    assert main(["load", str(write(limited, [progress(6)], "own"))]) == 0
    with engine().connect() as connection:
        by = connection.execute(select(load.c.loaded_by).where(load.c.file_name == "own.csv")).scalar_one()
    assert by == f"office of {EAST}"


def test_suggestions_on_the_command_line_stay_inside_the_part(limited: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = pd.DataFrame([benchmark(area_code="10299") | {"名称": "三村", "上级名称": "西街道"}])
    rows.to_csv(limited / "unknown.csv", index=False)
    assert main(["match", str(limited / "unknown.csv")]) == 0
    out = capfd.readouterr().out
    assert "10299" in out
    assert "10201" not in out
    assert "西街道 › " not in out


def test_a_part_that_does_not_exist_is_said_and_nothing_is_done(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DASHBOARD_SCOPE", "10/109")
    before = everything()
    for command in (["load", str(write(world, [progress(6)], "own"))], ["undo", "7"], ["match", "999", "10101"]):
        assert main(command) == 1
        assert "10/109" in capfd.readouterr().err
    assert everything() == before
