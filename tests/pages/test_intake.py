"""The data desk: nothing is stored before it is confirmed, a file is stored once, a wrong load is undone."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import delete, func, select
from streamlit.testing.v1 import AppTest

from queries import database
from queries.intake.reading.limits import MAX_BYTES
from queries.schema import area, area_alias, audit, benchmark, daily_return, load
from tests.pages.conftest import headline, opened, table
from tests.pages.forms import LAST, RESOLVED, Forms

DISTRICT = "320114000000"
STREET = "320114004000"
NEXT = LAST + timedelta(days=1)
COUNTS = ["New", "Corrected", "Unchanged", "Rejected", "Warnings"]
ROOT = Path(__file__).resolve().parents[2]


def desk_page() -> AppTest:
    """Open the desk in the language in which a test may press its buttons."""
    return opened("intake", lang="en")


def next_day(forms: Forms) -> pd.DataFrame:
    """Return the returns of the day after the last, three more households a village."""
    newest = forms.returns[forms.returns["report_date"] == LAST].copy()
    for field, more in {"hh_done": 3, "pers_total": 9, "pers_living": 7, "pers_absent": 2, "pers_hukou": 5}.items():
        newest[field] = newest[field].astype(int) + more
    return newest.assign(
        report_date=NEXT.isoformat(), submitted_at=f"{NEXT} 17:10", visits_day=60, correction_reason=None
    )


def as_csv(rows: pd.DataFrame) -> bytes:
    return rows.to_csv(index=False).encode()


def bring(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files]).run()
    assert [error.value for error in app.exception] == []
    return app


def counted(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric if metric.label in COUNTS}


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert [error.value for error in app.exception] == []
    return app


def stored(table_: Any) -> int:
    with database.engine().connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table_)).scalar_one())


def test_a_file_is_shown_before_it_is_stored_and_moves_the_figures_after(desk: str, forms: Forms) -> None:
    rows = next_day(forms)
    loads = stored(load)
    app = bring(desk_page(), ("日报.csv", as_csv(rows)))
    assert stored(load) == loads
    assert headline(app) == "1 file waits: nothing of it is stored yet."
    assert counted(app) == {"New": str(len(rows)), "Corrected": "0", "Unchanged": "0", "Rejected": "0", "Warnings": "0"}
    before = forms.resolved(DISTRICT, LAST)
    silent = set(forms.villages(DISTRICT)) - set(rows["area_code"])
    after = int(rows[RESOLVED].astype(int).sum().sum()) + sum(forms.resolved(unit, LAST) for unit in silent)
    said = " ".join(caption.value for caption in app.caption)
    assert f"{before:,} on 8 Oct 2010" in said
    assert f"{after:,} on 9 Oct 2010" in said
    press(app, f"Store {len(rows)} rows")
    assert stored(load) == loads + 1
    assert any(f"{len(rows)} new rows" in note.value for note in app.success)
    centre = opened("command_centre")
    frame = sum(forms.framed[unit] for unit in forms.villages(DISTRICT))
    figures = [metric.value for metric in centre.metric]
    assert figures[0].startswith(f"{100 * after / frame:.1f}–")
    assert figures[1].partition("–")[0] == f"{after - before:,}"  # units not in leave a range open


def test_a_rerun_stores_nothing_again_and_keeps_the_receipt(desk: str, forms: Forms) -> None:
    rows = next_day(forms)
    app = bring(desk_page(), ("日报.csv", as_csv(rows)))
    press(app, f"Store {len(rows)} rows")
    loads, entries = stored(load), stored(audit)
    for _again in range(2):
        app.run()
    assert (stored(load), stored(audit)) == (loads, entries)
    assert any("日报.csv" in note.value for note in app.success)
    assert not [button for button in app.button if button.label.startswith("Store")]
    bring(app, ("改名.csv", as_csv(rows)))
    assert any("was taken in before" in note.value for note in app.info)
    press(app, "Put aside")
    press(app, "Put the receipts away")
    assert not app.success
    assert (stored(load), stored(audit)) == (loads, entries)


def test_a_waiting_file_survives_a_change_of_page(desk: str, forms: Forms) -> None:
    app = bring(desk_page(), ("日报.csv", as_csv(next_day(forms))))
    app.switch_page("../pages/completion.py").run()
    app.switch_page("../pages/intake.py").run()
    assert headline(app) == "1 file waits: nothing of it is stored yet."


def workbook(rows: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    rows.to_excel(out, index=False, sheet_name="日报")
    return out.getvalue()


def letter(rows: pd.DataFrame, field: str) -> str:
    return str(openpyxl.utils.get_column_letter(list(rows.columns).index(field) + 1))


def test_a_bad_file_is_shown_cell_by_cell_and_stores_nothing(desk: str, forms: Forms) -> None:
    rows = next_day(forms).reset_index(drop=True).astype(object)
    rows.loc[2, "pers_total"] = 1
    rows.loc[5, "hh_done"] = "#DIV/0!"
    rows.loc[7, "area_code"] = "999"
    rows.loc[9, "visits_day"] = 1
    before = stored(load), stored(daily_return)
    app = bring(desk_page(), ("错表.xlsx", workbook(rows)))
    assert {name: counted(app)[name] for name in COUNTS[:4]} == {
        "New": str(len(rows) - 3), "Corrected": "0", "Unchanged": "0", "Rejected": "3",
    }  # fmt: skip
    shown = table(app, "Cell", "What is expected")
    places = {(row["Cell"], row["Row"], row["Field"], row["Value"]) for row in shown.to_dict("records")}
    assert (f"{letter(rows, 'hh_done')}7", "7", "Households registered", "#DIV/0!") in places
    assert (f"{letter(rows, 'area_code')}9", "9", "Area code", "999") in places
    assert (f"{letter(rows, 'pers_total')}4", "4", "Registered persons", "1") in places
    assert set(shown["Sheet"]) == {"日报"}
    assert set(shown["Severity"]) == {"✕ Rejected", "△ Warning"}
    assert counted(app)["Warnings"] == str((shown["Severity"] == "△ Warning").sum())
    next(group for group in app.get("button_group") if group.label == "Show").set_value(["warn"]).run()
    only = table(app, "Cell", "What is expected")
    assert set(only["Severity"]) == {"△ Warning"}
    assert (stored(load), stored(daily_return)) == before


def test_the_good_rows_of_a_bad_file_are_stored_and_the_others_handed_back(desk: str, forms: Forms) -> None:
    rows = next_day(forms).reset_index(drop=True)
    rows.loc[2, "pers_total"] = 1
    before = stored(daily_return)
    app = bring(desk_page(), ("错表.xlsx", workbook(rows)))
    press(app, f"Store the {len(rows) - 1} good rows")
    assert stored(daily_return) == before + len(rows) - 1
    assert any("1 rejected row was left out" in note.value for note in app.info)
    offered = {button.label for button in app.get("download_button")}
    assert {"Rejected rows, Excel", "Rejected rows, CSV"} <= offered


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("坏表.xlsx", b"PK\x03\x04 cut", "not complete"),
        ("旧表.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "old format"),
        ("名单.csv", "报告日期,地区代码,阶段,姓名\n2010-10-09,1,sweep,x\n".encode(), "details of persons"),
    ],
)
def test_a_file_that_cannot_be_taken_in_says_why(desk: str, name: str, content: bytes, said: str) -> None:
    before = stored(load)
    app = bring(desk_page(), (name, content))
    assert any(said in error.value for error in app.error)
    assert not [button for button in app.button if button.label.startswith("Store")]
    press(app, "Put aside")
    assert not app.error
    assert stored(load) == before


def test_several_files_are_decided_one_after_the_other(desk: str, forms: Forms) -> None:
    rows = next_day(forms)
    half = len(rows) // 2
    app = bring(
        desk_page(),
        ("一.csv", as_csv(rows[:half])),
        ("二.csv", as_csv(rows[half:])),
        ("又.csv", as_csv(rows[half:])),
    )
    assert headline(app) == "2 files wait: nothing of them is stored yet."
    press(app, f"Store {half} rows")
    press(app, f"Store {len(rows) - half} rows")
    assert [note.value.split(":")[0] for note in app.success][:2] == ["二.csv", "一.csv"]


def test_a_load_is_undone_and_the_figures_go_back(desk: str, forms: Forms) -> None:
    rows = next_day(forms)
    app = bring(desk_page(), ("错日.csv", as_csv(rows)))
    press(app, f"Store {len(rows)} rows")
    number = stored(load)
    app.selectbox(key="undo-en").set_value(number).run()
    assert any(f"{len(rows)} would be withdrawn" in note.value for note in app.warning)
    press(app, f"Undo load {number}")
    assert any(f"{len(rows)} are withdrawn" in note.value for note in app.success)
    history = table(app, "Load", "Result").set_index("Load")
    assert history.loc[str(number), "Result"] == f"Undone by load {number + 1}"
    assert history.loc[str(number + 1), "Result"] == f"Undid load {number}"
    assert history.loc[str(number + 1), "Withdrawn rows"] == len(rows)
    centre = opened("command_centre")
    today = forms.resolved(DISTRICT, LAST) - forms.resolved(DISTRICT, LAST - timedelta(days=1))
    assert centre.metric[1].value.partition("–")[0] == f"{today:,}"


def test_the_history_says_what_every_load_brought(desk: str) -> None:
    app = desk_page()
    history = table(app, "Load", "Result").set_index("Load")
    with database.engine().connect() as connection:
        rows = connection.execute(select(load)).all()
    assert len(history) == len(rows)
    for row in rows:
        shown = history.loc[str(row.id)]
        assert (shown["File"], shown["New rows"], shown["Corrected rows"]) == (
            row.file_name, row.rows_stored, row.rows_corrected,
        )  # fmt: skip
    assert set(history["Simulated or real"]) == {"Simulated"}


def test_a_read_only_installation_takes_nothing_and_says_so(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_READ_ONLY", "1")
    app = desk_page()
    assert headline(app) == "This installation only shows figures; it takes no files in."
    assert not app.file_uploader
    assert not app.get("download_button")


def test_the_browser_s_limit_is_that_of_the_intake() -> None:
    assert f"maxUploadSize = {MAX_BYTES // 2**20}\n" in (ROOT / ".streamlit" / "config.toml").read_text()


FIRST_FILES = {
    "areas": (
        "代码,名称,上级代码,级别",
        *("10,甲区,,district", "101,东街道,10,street", "10101,一村,101,village", "10102,二村,101,village"),
    ),
    "calendar": ("Phase,Start,End,Daily cut-off", "sweep,2010-09-15,2010-10-31,17:30"),
    "frame": (
        "area_code,phase,frame_households,frame_persons",
        *("10101,sweep,100,300", "10102,sweep,300,900"),
    ),
    "returns": (
        "report_date,area_code,phase,hh_done,pers_total",
        *("2010-09-15,10101,sweep,10,30", "2010-09-15,10102,sweep,30,90"),
    ),
}


def test_an_empty_installation_takes_its_first_files_in_on_screen(sqlite_database: str) -> None:
    app = desk_page()
    said, ticks = [], []
    for name, lines in FIRST_FILES.items():
        said.append(app.warning[0].value)
        ticks.append(sum(text.value.count("✓") for text in app.markdown))
        bring(app, (f"{name}.csv", "\n".join(lines).encode()))
        press(app, f"Store {len(lines) - 1} row" + "s" * (len(lines) > 2))
    assert ["Load an area list" in text for text in said] == [True, False, False, False]
    assert all("Load the calendar" in text for text in said[1:])
    assert ticks == [0, 1, 2, 3]
    assert not app.warning
    assert next(metric.value for metric in opened("command_centre").metric) == "10.0 %"


def test_an_empty_installation_that_only_shows_figures_offers_no_place_for_files(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_READ_ONLY", "1")
    app = desk_page()
    assert "Load an area list" in app.warning[0].value
    assert not app.file_uploader


def test_what_is_wrong_with_a_first_file_is_said_before_anything_is_stored(sqlite_database: str) -> None:
    app = bring(desk_page(), ("areas.csv", "\n".join([*FIRST_FILES["areas"], "10103,三村,999,village"]).encode()))
    assert counted(app)["Rejected"] == "1"
    shown = table(app, "Row", "What is expected")
    assert "999" in shown["Value"].tolist()
    assert stored(load) == 0


def test_codes_of_another_year_are_matched_by_the_desk_and_their_rows_are_then_taken(desk: str, forms: Forms) -> None:
    old = forms.areas.set_index("code").loc[STREET, "name"].replace("街道", "街道办事处")
    rows = pd.DataFrame(
        [
            {"area_code": code, "名称": name, "indicator": "hukou", "source": "civil_affairs", "value": 5_000,
             "unit": "persons", "cutoff_at": "2010-09-30", "concept_note": "上年口径"}
            for code, name in ((DISTRICT, "雨花台区"), ("320114099000", old))
        ]
    )  # fmt: skip
    app = bring(desk_page(), ("上年.csv", as_csv(rows)))
    assert counted(app)["Rejected"] == "1"
    shown = table(app, "Unknown code", "Likeness")
    assert set(shown["Unknown code"]) == {"320114099000"}
    stands_for = next(box for box in app.selectbox if box.label == "Stands for")
    assert stands_for.value is None, "nothing is matched by itself"
    before = stored(area_alias)
    press(app, "Confirm the match")
    assert stored(area_alias) == before, "nothing was chosen"
    next(box for box in app.selectbox if box.label == "Stands for").select_index(0).run()
    press(app, "Confirm the match")
    assert stored(area_alias) == before + 1
    assert counted(app) == {"New": "2", "Corrected": "0", "Unchanged": "0", "Rejected": "0", "Warnings": "0"}
    press(app, "Store 2 rows")
    with database.engine().connect() as connection:
        taken = connection.execute(
            select(area.c.code)
            .join(benchmark, benchmark.c.area_id == area.c.id)
            .where(benchmark.c.source == "civil_affairs", benchmark.c.value == 5_000)
        )
        assert sorted(taken.scalars()) == [DISTRICT, STREET]


def test_while_few_units_are_in_nothing_is_said_to_be_behind_or_to_have_fallen(desk: str, forms: Forms) -> None:
    rows = next_day(forms).head(5)
    app = bring(desk_page(), ("五村.csv", as_csv(rows)))
    press(app, "Store 5 rows")
    centre = opened("command_centre", lang="en")
    assert centre.query_params["date"] == NEXT.isoformat()
    assert "the units that are not in may have made that up." in headline(centre)
    assert "reporting units are not in, so the resolution rate lies between " in headline(centre)
    assert "behind plan" not in headline(centre)
    today = next(metric for metric in centre.metric if metric.label == "Resolved today")
    assert not today.delta
    before = opened("command_centre", lang="en", date=LAST.isoformat())
    assert "behind plan" in headline(before)
    assert next(metric for metric in before.metric if metric.label == "Resolved today").delta


def test_a_district_without_figures_says_that_they_stand_below(desk: str, forms: Forms) -> None:
    with database.engine().begin() as connection:
        here = select(area.c.id).where(area.c.code == DISTRICT).scalar_subquery()
        connection.execute(delete(benchmark).where(benchmark.c.area_id == here))
        below = connection.execute(
            select(func.count(benchmark.c.area_id.distinct())).where(benchmark.c.source.not_in(["ledger", "own_total"]))
        ).scalar_one()
    app = opened("discrepancies", lang="en")
    assert headline(app) == "No departmental figure has been filed for Yuhuatai District."
    assert any(f"stand for {below} areas below" in note.value for note in app.info)
