"""Lists of places with the traps of real ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from queries import areas
from queries.database import fetch
from queries.intake.receipt import Receipt
from queries.intake.take_in import examine, take_in
from queries.schema import area
from tests.intake.world import findings, settle_world
from tests.settling import settled

TREE_RULES = {
    "parent_unknown", "own_parent", "circle", "placeholder", "second_root", "unit_has_returns",
}  # fmt: skip
COLUMNS = ("code", "name", "parent_code", "level")


def listed(folder: Path, *rows: tuple[str, str, str, str], name: str = "areas") -> Receipt:
    path = folder / f"{name}.csv"
    pd.DataFrame(list(rows), columns=list(COLUMNS)).to_csv(path, index=False)
    return take_in(path)


def tree() -> dict[str, str | None]:
    """Return the parent's name of each area by name."""
    rows = fetch(select(area.c.id, area.c.parent_id, area.c.name_zh_hans, area.c.first, area.c.last))
    names = dict(zip(rows["id"], rows["name_zh_hans"], strict=True))
    for row in rows.itertuples():
        inside = rows[rows["first"].between(row.first, row.last)]
        assert len(inside) == row.last - row.first + 1
    return {row.name_zh_hans: None if pd.isna(row.parent_id) else names[row.parent_id] for row in rows.itertuples()}


def test_children_may_stand_before_their_parents(database: str, tmp_path: Path) -> None:
    receipt = listed(tmp_path, ("111", "丙村", "11", "3"), ("11", "乙镇", "1", "2"), ("1", "甲县", "", "1"))
    assert receipt.result == "stored"
    assert tree() == {"甲县": None, "乙镇": "甲县", "丙村": "乙镇"}


def test_a_code_that_is_its_own_parent_goes_to_what_is_above_it(database: str, tmp_path: Path) -> None:
    receipt = listed(
        tmp_path,
        ("440000000000", "广东省", "", "1"),
        ("441900000000", "东莞市", "441900000000", "2"),
        ("441900003000", "东城街道", "441900000000", "4"),
    )
    assert receipt.result == "stored"
    assert findings(receipt) == {("own_parent", "warn", "parent_code")}
    assert tree() == {"广东省": None, "东莞市": "广东省", "东城街道": "东莞市"}


def test_a_code_that_occurs_at_two_levels_keeps_both(database: str, tmp_path: Path) -> None:
    receipt = listed(
        tmp_path,
        ("440000000000", "广东省", "", "1"),
        ("441900000000", "东莞市", "440000000000", "2"),
        ("441900000000", "东莞市辖", "441900000000", "3"),
        ("441900003000", "东城街道", "441900000000", "4"),
    )
    assert receipt.result == "stored"
    assert tree() == {"广东省": None, "东莞市": "广东省", "东莞市辖": "东莞市", "东城街道": "东莞市辖"}


def test_placeholder_levels_are_left_out_and_what_is_below_moves_up(database: str, tmp_path: Path) -> None:
    receipt = listed(
        tmp_path,
        ("110000", "北京市", "", "1"),
        ("110100", "市辖区", "110000", "2"),
        ("110119", "延庆区", "110100", "3"),
    )
    assert "placeholder" in {rule for rule, _severity, _field in findings(receipt)}
    assert tree() == {"北京市": None, "延庆区": "北京市"}


def test_equal_names_and_equal_codes_in_two_streets_stay_apart(database: str, tmp_path: Path) -> None:
    receipt = listed(
        tmp_path,
        ("1", "甲区", "", "1"),
        ("11", "东街", "1", "2"),
        ("12", "西街", "1", "2"),
        ("001", "新村", "11", "3"),
        ("001", "新村", "12", "3"),
    )
    assert receipt.result == "stored"
    rows = fetch(select(area.c.name_zh_hans, area.c.path).where(area.c.code == "001"))
    assert len(rows) == 2
    assert rows["path"].nunique() == 2
    first, second = (areas.by_address(path) for path in ("1/11/001", "1/12/001"))
    assert first is not None
    assert second is not None
    assert first != second


def test_enumeration_districts_attach_below_villages(database: str, tmp_path: Path) -> None:
    listed(tmp_path, ("1", "甲区", "", "1"), ("11", "东街", "1", "2"), ("111", "新村", "11", "3"))
    receipt = listed(tmp_path, ("111001", "001", "111", "ed"), ("111002", "002", "111", "ed"), name="eds")
    assert (receipt.result, receipt.rows_stored) == ("stored", 2)
    rows = fetch(select(area.c.code, area.c.kind, area.c.first, area.c.last).where(area.c.kind == "ed"))
    assert rows["code"].tolist() == ["111001", "111002"]
    assert tree()["001"] == "新村"


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("parent_unknown", [("1", "甲区", "", "1"), ("11", "东街", "9", "2")]),
        ("circle", [("1", "甲区", "", ""), ("11", "东街", "12", ""), ("12", "西街", "11", "")]),
        ("second_root", [("1", "甲区", "", "1"), ("2", "乙区", "", "1")]),
    ],
)
def test_a_list_that_is_no_tree_is_refused_whole(
    database: str, tmp_path: Path, rule: str, rows: list[tuple[str, str, str, str]]
) -> None:
    receipt = listed(tmp_path, *rows)
    assert receipt.result == "rejected"
    assert rule in {found for found, _severity, _field in findings(receipt)}
    assert fetch(select(area.c.id)).empty


def test_an_unknown_parent_is_the_one_thing_wrong_and_nothing_of_the_list_counts_as_stored(
    sqlite_database: str, tmp_path: Path
) -> None:
    listed(tmp_path, ("1", "甲区", "", "1"), ("11", "东街", "1", "2"))
    content = "code,name,parent_code,level\n1,甲区,,1\n11,东街,1,2\n12,西街,9,2\n".encode()
    told = examine(content, "areas.csv")
    assert [rule for rule, severity, _field in findings(told) if severity == "reject"] == ["parent_unknown"]
    assert (told.rows_stored, told.rows_unchanged, told.rows_rejected) == (0, 0, 1)


def test_a_unit_with_returns_cannot_become_a_sum(sqlite_database: str, tmp_path: Path) -> None:
    settled(settle_world, tmp_path / "world")
    receipt = listed(tmp_path, ("10101001", "001", "10101", "ed"))
    assert receipt.result == "rejected"
    assert {rule for rule, _severity, _field in findings(receipt)} == {"unit_has_returns"}


def test_the_same_list_again_changes_nothing(database: str, tmp_path: Path) -> None:
    rows = [("1", "甲区", "", "1"), ("11", "东街", "1", "2")]
    listed(tmp_path, *rows)
    before = fetch(select(area))
    again = listed(tmp_path, *reversed(rows), name="again")
    assert again.rows_stored == again.rows_corrected == 0
    assert fetch(select(area)).equals(before)
