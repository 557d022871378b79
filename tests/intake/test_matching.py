"""Codes of another year's list: suggested by name and parent, confirmed by the desk, never guessed silently."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from queries import discrepancy
from queries.__main__ import main
from queries.database import engine, fetch
from queries.intake import matching
from queries.schema import area, area_alias, audit
from queries.view import View
from tests.intake.world import benchmark, findings, load, progress, settle_world
from tests.settling import settled

AREAS = [
    ("320100000000", "甲市", "", "city"),
    ("320101000000", "东区", "320100000000", "district"),
    ("320101001000", "板桥街道", "320101000000", "street"),
    ("320101001001", "龙福社区居委会", "320101001000", "community"),
    ("320101001002", "新林村村委会", "320101001000", "village"),
    ("320101002000", "铁心桥街道", "320101000000", "street"),
    ("320101002001", "龙福社区居委会", "320101002000", "community"),
    ("320101002002", "春江社区居委会", "320101002000", "community"),
]


@pytest.fixture
def listed(database: str, tmp_path: Path) -> Path:
    """Lay out a small city; return a folder for files."""
    rows = [dict(zip(("code", "name", "parent_code", "level"), row, strict=True)) for row in AREAS]
    assert load(tmp_path, *rows, name="areas").result == "stored"
    return tmp_path


def view(scope: str = "320100000000") -> View:
    ids = fetch(select(area.c.id.label("area_id"), area.c.code)).set_index("code")["area_id"]
    return View(1, date(2010, 9, 22), int(ids[scope]), int(ids[scope]), "zh_Hans")


def place(code: str) -> int:
    with engine().connect() as connection:
        return int(connection.execute(select(area.c.id).where(area.c.code == code)).scalar_one())


def written(folder: Path, *rows: tuple[str, str | None, str | None]) -> Path:
    frame = pd.DataFrame(rows, columns=["地区代码", "名称", "上级名称"])
    path = folder / "other-year.csv"
    frame.assign(指标="户籍人口", 来源="公安", 数值=100, 口径说明="上一年度").to_csv(path, index=False)
    return path


def suggested(folder: Path, *rows: tuple[str, str | None, str | None], scope: str = "320100000000") -> pd.DataFrame:
    path = written(folder, *rows)
    unknown = matching.unmatched(path.read_bytes(), path.name)
    return matching.suggest(unknown, matching.tree(view(scope)))


def first(rows: pd.DataFrame, code: str) -> str | None:
    row = rows[(rows["code"] == code) & (rows["rank"] <= 1)].iloc[0]
    return None if pd.isna(row["area_code"]) else row["area_code"]


def test_only_codes_that_no_area_has_are_listed_once_with_their_lines(listed: Path) -> None:
    path = written(listed, ("320101001001", "龙福社区", None), ("9", "某地", None), ("9", "某地", None))
    unknown = matching.unmatched(path.read_bytes(), path.name)
    assert unknown[["code", "name", "rows"]].to_dict("records") == [{"code": "9", "name": "某地", "rows": 2}]


def test_the_name_finds_the_place_and_the_parent_tells_apart_places_of_one_name(listed: Path) -> None:
    rows = suggested(
        listed,
        ("320101001009", "龙福村", None),  # its first nine digits name the street
        ("320109009001", "龙福社区", "铁心桥"),  # the file names the street
        ("320109009002", "春江居委会", None),
        ("320109009003", "新林村", "板桥街道办事处"),
    )
    assert first(rows, "320101001009") == "320101001001"
    assert first(rows, "320109009001") == "320101002001"
    assert first(rows, "320109009002") == "320101002002"
    assert first(rows, "320109009003") == "320101001002"
    assert rows.loc[rows["rank"] == 1, "path"].str.contains(" › ").all()
    best = rows[rows["code"] == "320101001009"]
    assert best["score"].is_monotonic_decreasing


def test_what_is_like_nothing_gets_no_suggestion(listed: Path) -> None:
    row = suggested(listed, ("999999999999", "火星基地", None)).iloc[0]
    assert (row["rank"], pd.isna(row["area_id"])) == (0, True)


def test_a_code_without_a_name_is_offered_the_places_under_its_street(listed: Path) -> None:
    rows = suggested(listed, ("320101002077", None, None))
    assert set(rows["area_code"]) == {"320101002001", "320101002002"}
    assert rows["same_parent"].all()


def test_suggestions_stay_inside_the_scope(listed: Path) -> None:
    rows = suggested(listed, ("320109009002", "春江居委会", None), scope="320101001000")
    assert first(rows, "320109009002") is None


def test_pasted_lines_are_read_as_code_name_and_place_above(listed: Path) -> None:
    unknown = matching.listed("320101001001\n88\t龙福社区\t铁心桥街道\n\n89，春江社区\n")
    assert unknown[["code", "name", "parent_name"]].fillna("").to_numpy().tolist() == [
        ["88", "龙福社区", "铁心桥街道"],
        ["89", "春江社区", ""],
    ]
    rows = matching.suggest(unknown, matching.tree(view()))
    assert first(rows, "88") == "320101002001"


def test_nothing_is_matched_until_the_desk_says_so_and_then_files_are_taken_in(listed: Path) -> None:
    row = benchmark(area_code="320199001001", value=100, cutoff_at="2010-09-20")
    before = load(listed, row, name="figures")
    assert before.result == "rejected"
    assert findings(before) == {("unknown_area", "reject", "area_code")}
    matching.confirm(view(), "320199001001", place("320101001001"), role="data desk", name="龙福村")
    after = load(listed, row, name="figures-again", now=None)
    assert after.result == "stored"
    filed = discrepancy.filed.filed(view(), area.c.code == "320101001001")
    assert filed["value"].tolist() == [100]


def test_a_confirmed_match_is_listed_audited_replaced_and_taken_back(listed: Path) -> None:
    matching.confirm(view(), "88", place("320101001001"), role="data desk", name="龙福村")
    matching.confirm(view(), "88", place("320101002001"), role="street office")
    row = matching.confirmed(view()).iloc[0]
    assert (row["code"], row["area_code"], row["confirmed_by"]) == ("88", "320101002001", "street office")
    assert matching.retract(view(), "88", role="data desk")
    assert not matching.retract(view(), "88", role="data desk")
    with engine().connect() as connection:
        of_code = select(audit.c.action, audit.c.detail).where(audit.c.subject == "88")
        entries = connection.execute(of_code.order_by(audit.c.id)).all()
        assert connection.execute(select(area_alias)).all() == []
    assert [action for action, _ in entries] == ["matched", "matched", "unmatched"]
    assert entries[1].detail["before"] == place("320101001001")


def test_an_areas_own_code_and_an_area_outside_the_scope_cannot_be_matched(listed: Path) -> None:
    with pytest.raises(matching.MatchError) as own:
        matching.confirm(view(), "320101001001", place("320101002001"), role="x")
    assert own.value.rule == "code_is_area"
    with pytest.raises(matching.MatchError) as outside:
        matching.confirm(view("320101001000"), "88", place("320101002001"), role="x")
    assert outside.value.rule == "no_area"


def test_a_code_that_becomes_an_areas_own_means_that_area_again(database: str, tmp_path: Path) -> None:
    settled(settle_world, tmp_path / "world")
    ids = fetch(select(area.c.id.label("area_id"), area.c.code)).set_index("code")["area_id"]
    whole = View(1, date(2010, 9, 22), int(ids["10"]), int(ids["10"]))
    matching.confirm(whole, "10109", int(ids["10101"]), role="x")
    assert load(tmp_path, progress(6, area_code="10109"), name="matched").result == "stored"
    new = {"code": "10109", "name": "新村", "parent_code": "101", "level": "village"}
    assert load(tmp_path, new, name="new").result == "stored"
    receipt = load(tmp_path, progress(7, area_code="10109"), name="own")
    assert receipt.result == "stored"
    with engine().connect() as connection:
        own = connection.execute(select(area.c.id).where(area.c.code == "10109")).scalar_one()
    assert set(receipt.checked[0].rows["area_id"]) == {own}


def test_the_command_line_lists_and_confirms(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(listed, ("320101001009", "龙福村", None), ("999999999999", "火星基地", None))
    assert main(["match", str(path), "--lang", "zh_Hans"]) == 0
    said = capsys.readouterr().out
    assert "320101001001  甲市 › 东区 › 板桥街道 › 龙福社区居委会" in said
    assert "没有相近的地区" in said
    assert "未知代码：2 个" in said
    assert main(["match", "320101001009", "320101001001", "--by", "data desk"]) == 0
    assert main(["match", str(path)]) == 0
    assert "Unknown codes: 1" in capsys.readouterr().out
    assert main(["match", "320101001001", "320101002001"]) == 1
    assert main(["match", "88", "no-such-place"]) == 1
    assert main(["match", str(listed / "missing.csv")]) == 1
