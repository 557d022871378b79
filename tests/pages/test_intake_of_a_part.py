"""The data desk of one street: nothing of another is shown, taken or listed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import table
from tests.pages.forms import LAST, Forms
from tests.pages.test_intake import STREET, as_csv, bring, counted, desk_page, next_day, press


def said(app: AppTest) -> str:
    """Return everything that stands on a page: texts, tables, choices, figures and links."""
    return "\n".join(
        [
            *(str(element) for element in app.main),
            *(shown.value.to_csv() for shown in app.dataframe),
            *(shown.value.to_csv() for shown in app.table),
        ]
    )


def test_a_street_s_installation_sees_its_own_loads_and_takes_only_its_own_returns(
    desk: str, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SCOPE", STREET)
    monkeypatch.setenv("DASHBOARD_ROLE", "街道普查办")
    rows = next_day(forms)
    mine = rows[rows["area_code"].isin(forms.villages(STREET))]
    app = desk_page()
    assert any("Nothing has been taken in by this office yet" in note.value for note in app.info)
    bring(app, ("全区.csv", as_csv(rows)))
    assert counted(app)["Rejected"] == str(len(rows) - len(mine))
    press(app, "Put aside")
    bring(app, ("本街道.csv", as_csv(mine)))
    press(app, f"Store {len(mine)} rows")
    history = table(app, "Load", "Result")
    assert history["File"].tolist() == ["本街道.csv"]
    assert history["Office"].tolist() == ["街道普查办"]


def test_a_row_of_another_street_shows_nothing_that_is_stored_there(
    desk: str, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SCOPE", STREET)
    rows = next_day(forms)
    other = rows[~rows["area_code"].isin(forms.villages(STREET))].head(1)
    unit = other["area_code"].iloc[0]
    name = forms.areas.set_index("code").loc[unit, "name"]
    newest = forms.returns[(forms.returns["area_code"] == unit) & (forms.returns["report_date"] == LAST)].iloc[0]
    stored_there = {str(int(newest[field])) for field in ("hh_done", "pers_total", "pers_living", "pers_hukou")}
    fallen = other.assign(hh_done=1, hh_uploaded=0, pers_total=2, pers_living=2, pers_absent=0, pers_hukou=1, hh_self=0,
                          hh_collective=0, pers_in6m=0, pers_out6m=0)  # fmt: skip
    monkeypatch.delenv("DASHBOARD_SCOPE")
    whole = said(bring(desk_page(), ("一行.csv", as_csv(fallen))))
    assert all(number in whole.replace(",", "") for number in stored_there), "the office of the whole is told"
    monkeypatch.setenv("DASHBOARD_SCOPE", STREET)
    app = bring(desk_page(), ("一行.csv", as_csv(fallen)))
    shown = table(app, "Cell", "What is expected")
    assert shown["What is expected"].tolist() == [f"Area code “{unit}” lies outside the area of this installation."]
    page = said(app).replace(",", "")
    assert name not in page
    found = shown.to_csv().replace(",", " ")
    assert [number for number in stored_there if number in found] == []
    assert [number for number in stored_there if len(number) > 3 and number in page] == []


def test_the_office_of_a_part_that_is_given_no_name_is_not_the_census_office(
    desk: str, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SCOPE", STREET)
    rows = next_day(forms)
    mine = rows[rows["area_code"].isin(forms.villages(STREET))]
    app = bring(desk_page(), ("本街道.csv", as_csv(mine)))
    press(app, f"Store {len(mine)} rows")
    assert table(app, "Load", "Result")["Office"].tolist() == [f"office of {STREET}"]
    monkeypatch.delenv("DASHBOARD_SCOPE")
    all_loads = table(desk_page(), "Load", "Result")
    assert all_loads.loc[all_loads["File"] == "本街道.csv", "Office"].tolist() == [f"office of {STREET}"]
