"""736 real census tracts over 157 days give the county curves that a plain sum gives."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from queries import areas, completion
from queries.__main__ import main
from queries.database import engine
from queries.schema import daily_return, phase
from queries.view import View

COUNTIES = {
    "17043": "DuPage",
    "17089": "Kane",
    "17093": "Kendall",
    "17097": "Lake",
    "17111": "McHenry",
    "17197": "Will",
}


def series(real_data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    tracts = pd.read_csv(real_data / "us_cmap_areas.csv", dtype=str)
    daily = pd.read_csv(real_data / "us_cmap_collar_tract_daily.csv", dtype={"tract": str})
    tracts = tracts[tracts["tract"].isin(daily["tract"])]
    targets = tracts.set_index("tract")["target_housing_units_2018"].astype(float).round().astype(int)
    done = (daily["cum_pct"] / 100 * daily["tract"].map(targets)).round().astype(int)
    return tracts.assign(target=tracts["tract"].map(targets)), daily.assign(done=done)


def write_files(folder: Path, tracts: pd.DataFrame, daily: pd.DataFrame) -> list[Path]:
    """Write the series as an area list, a calendar, a frame and daily returns; a fall is filed as a correction."""
    counties = tracts.drop_duplicates("county_fips")
    listed = pd.concat(
        [
            pd.DataFrame({"code": ["17"], "name": ["Collar counties"], "parent_code": [""], "level": [1]}),
            pd.DataFrame(
                {"code": counties["county_fips"], "name": counties["county"], "parent_code": "17", "level": 2}
            ),
            pd.DataFrame(
                {"code": tracts["tract"], "name": tracts["name"], "parent_code": tracts["county_fips"], "level": 3}
            ),
        ]
    )
    calendar = pd.DataFrame([{"phase": "short", "start": daily["date"].min(), "end": daily["date"].max()}])
    frame = pd.DataFrame({"area_code": tracts["tract"], "phase": "short", "frame_households": tracts["target"]})
    fell = daily.groupby("tract")["done"].diff() < 0
    filed = pd.DataFrame(
        {
            "report_date": daily["date"],
            "area_code": daily["tract"],
            "phase": "short",
            "submitted_at": daily["date"] + " 17:00",
            "hh_done": daily["done"],
            "correction_reason": fell.map({True: "late revision of the series", False: ""}),
        }
    )
    files = {"areas": listed, "calendar": calendar, "targets": frame, "returns": filed}
    for name, rows in files.items():
        rows.to_csv(folder / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in files]


def test_county_curves_equal_a_plain_sum(database: str, real_data: Path, tmp_path: Path) -> None:
    tracts, daily = series(real_data)
    assert (len(tracts), daily["date"].nunique()) == (736, 157)
    assert main(["load", *map(str, write_files(tmp_path, tracts, daily))]) == 0
    with engine().connect() as connection:
        phase_id = connection.execute(select(phase.c.id)).scalar_one()
        assert connection.execute(select(func.count()).select_from(daily_return)).scalar_one() == len(daily)
    wide = daily.pivot(index="date", columns="tract", values="done")
    wide.index = pd.to_datetime(wide.index)
    wide = wide.asfreq("D").ffill()
    county = tracts.set_index("tract")["county_fips"]
    expected = wide.T.groupby(county).sum().T
    last = wide.index[-1].date()
    for code, name in COUNTIES.items():
        area_id, top = areas.by_address(f"17/{code}"), areas.root()
        assert area_id is not None
        assert top is not None
        assert name in str(tracts.loc[tracts["county_fips"] == code, "county"].iloc[0])
        shown = completion.daily(View(phase_id, last, area_id, top)).set_index("date")["hh_done"].to_list()
        assert shown == expected[code].to_list()
        frame = tracts.loc[tracts["county_fips"] == code, "target"].sum()
        rate = completion.of_area(View(phase_id, last, area_id, top)).iloc[0]
        assert rate["hh_frame"] == frame
        assert rate["resolution_rate"] == pytest.approx(expected[code].iloc[-1] / frame)
