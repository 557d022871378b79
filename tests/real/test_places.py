"""Real lists of places load whole, with their traps; real boundaries make a map."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries import areas
from queries.__main__ import main
from queries.database import engine
from queries.demo import demonstrate
from queries.intake.take_in import take_in
from queries.schema import area
from queries.view import View
from tests.pages.conftest import charts, opened

PLACEHOLDERS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


@pytest.mark.parametrize(
    "name", ["cn_jiangsu_32_hierarchy.csv", "cn_yuhuatai_320114_hierarchy.csv", "cn_yanqing_110119_hierarchy.csv"]
)
def test_a_real_list_loads_whole(database: str, real_data: Path, name: str) -> None:
    listed = pd.read_csv(real_data / name, dtype=str)
    assert main(["load", str(real_data / name)]) == 0
    real = listed[~listed["name"].isin(PLACEHOLDERS)]
    with engine().connect() as connection:
        rows = connection.execute(select(area.c.code, area.c.name_zh_hans, area.c.first, area.c.last)).all()
        tops = connection.execute(select(func.count()).where(area.c.parent_id.is_(None))).scalar_one()
    assert tops == 1
    assert sorted(row.code for row in rows) == sorted(real["code"])
    assert dict((row.code, row.name_zh_hans) for row in rows if row.code.endswith("001")).items() <= {
        (code, name) for code, name in zip(real["code"], real["name"], strict=True)
    }
    villages = [row for row in rows if row.first == row.last]
    assert len(villages) >= (real["level"] == "5").sum()
    assert max(row.last for row in rows) == len(rows)


def test_real_boundaries_make_a_map_of_the_towns(
    sqlite_database: str, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts = list(demonstrate(real_data / "cn_yanqing_110119_hierarchy.csv", days=4, size=60_000))
    assert {receipt.result for receipt in receipts} == {"stored"}
    assert take_in(real_data / "cn_yanqing_110119_townships.geojson").result == "stored"
    geometry = json.loads((real_data / "cn_yanqing_110119_townships.geojson").read_text(encoding="utf-8"))
    codes = {feature["properties"]["code"] for feature in geometry["features"]}
    district = areas.by_address("110119000000")
    top = areas.root()
    assert district is not None
    assert top is not None
    shown = areas.boundaries(View(1, date(2010, 9, 18), district, top))
    assert len(shown["features"]) == len(codes) == 18
    app = opened("command_centre", area="110119000000")
    maps = [figure for figure in charts(app) if any(trace["type"].startswith("choropleth") for trace in figure["data"])]
    assert len(maps) == 1
    (trace,) = (t for t in maps[0]["data"] if t["type"].startswith("choropleth"))
    assert len(trace["locations"]) == 18
