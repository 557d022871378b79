"""Nobody who holds every table of every area and day can work out what is masked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from dashboard.ask import ask
from queries import acceptance, areas, attention, completion, discrepancy, staffing
from queries.database import fetch
from queries.masking import BELOW_STREET, COUNTS, LEAVING, LEAVING_RATES, SENSITIVE
from queries.schema import area
from queries.view import View
from tests.intake.checks import own, quality
from tests.intake.world import load
from tests.pages.conftest import MAIN, opened
from tests.pages.forms import Forms
from tests.privacy import district
from tests.privacy.attack import Knowledge, pinned

NO_DAY = "as filed"


def places() -> pd.DataFrame:
    return fetch(select(area.c.id.label("area_id"), area.c.parent_id, area.c.code, area.c.kind).order_by(area.c.first))


def parents(known: pd.DataFrame) -> dict[int, int]:
    below = known.dropna(subset=["parent_id"])
    return dict(zip(below["area_id"].astype(int), below["parent_id"].astype(int), strict=True))


def of_returns(known: pd.DataFrame, days: list[date], step: int) -> Iterator[tuple[pd.DataFrame, date]]:
    """Yield the frames of completion: of every area and its children, and by itself of every so many."""
    root = int(known["area_id"].iloc[0])
    for day in days:
        for area_id in known["area_id"].astype(int).iloc[::step]:
            view = View(1, day, area_id, root)
            yield completion.of_area(view), day
        for area_id in known.loc[~known["kind"].isin(BELOW_STREET), "area_id"].astype(int):
            view = View(1, day, area_id, root)
            yield completion.by_child(view), day
            yield completion.two_levels_down(view), day


def learn_returns(known: pd.DataFrame, days: list[date], step: int = 1) -> Knowledge:
    """Read what all frames of all areas and days show of the counts of returns."""
    knowledge = Knowledge(parents(known))
    for rows, day in of_returns(known, days, step):
        knowledge.read(rows, COUNTS, day)
        others = rows["pers_total"] - rows["pers_hukou"] - rows["pers_in6m"]
        knowledge.ceilings += [
            ([(int(a), name, day) for name in ("hmt", "foreign")], float(most))
            for a, most in zip(rows["area_id"], others, strict=True)
            if pd.notna(most)
        ]
    for name in COUNTS:  # a sum over days alone: the trend of capture
        assert name not in completion.daily(View(1, days[-1], int(known["area_id"].iloc[0]), 1))
    return knowledge


def learn_figures(known: pd.DataFrame, days: list[date]) -> Knowledge:
    """Read what comparisons of all areas show of departments' figures and of the ledger's."""
    root = int(known["area_id"].iloc[0])
    knowledge = Knowledge(parents(known))
    for day in days:
        for area_id, kind in zip(known["area_id"].astype(int), known["kind"], strict=True):
            view = View(1, day, area_id, root)
            frames = [discrepancy.comparisons(view)]
            if kind not in BELOW_STREET:
                pairs = frames[0].loc[frames[0]["indicator"].isin(SENSITIVE), ["indicator", "source"]]
                wanted = {("birth", "police"), ("death", "police"), *pairs.itertuples(index=False, name=None)}
                frames += [discrepancy.by_child(view, *pair) for pair in sorted(wanted)]
            for rows in frames:
                read_figures(knowledge, rows[rows["indicator"].isin(SENSITIVE)])
    return knowledge


def read_figures(knowledge: Knowledge, rows: pd.DataFrame) -> None:
    for row in rows.to_dict("records"):
        sides = [("benchmark_value", row["source"], row["cutoff_at"])]
        if row["census_source"] == "ledger":
            sides.append(("census_value", "ledger", row["census_cutoff_at"]))
        for column, source, cutoff in sides:
            cell = (int(row["area_id"]), f"{row['indicator']} {source}", str(cutoff)[:10])
            if pd.notna(row[column]):
                knowledge.shown[cell] = float(row[column])
            elif row.get(f"{column}_masked"):
                knowledge.masked.add(cell)
        masked = row.get("census_value_masked") or row.get("benchmark_value_masked")
        if masked:
            derived = ("gap", "discrepancy", "rate", "unexplained", "unexplained_rate", "explained_amount")
            assert all(pd.isna(row[name]) for name in derived)
            assert row["status"] == "unknown"


def small_ones(knowledge: Knowledge, known: pd.DataFrame) -> list[object]:
    """Return the small counts of villages that are shown."""
    small = set(known.loc[known["kind"].isin(BELOW_STREET), "area_id"].astype(int))
    return [cell for cell, value in knowledge.shown.items() if cell[0] in small and 0 < value < 5]


@pytest.fixture
def over(database: str, tmp_path: Path) -> pd.DataFrame:
    """Return the places of a district whose sweep is over."""
    district.settle(tmp_path / "forms", 1)
    return places()


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_whatever_the_counts_are_nothing_can_be_unmasked(sqlite_database: str, tmp_path: Path, seed: int) -> None:
    district.settle(tmp_path / "forms", seed)
    known = places()
    days = [district.START, district.LAST - timedelta(days=1), district.LAST]
    for knowledge in (learn_returns(known, days), learn_figures(known, [district.START, district.LAST])):
        assert small_ones(knowledge, known) == []
        assert knowledge.masked
        assert pinned(knowledge) == {}


def test_returns_of_a_sweep_that_is_over_cannot_be_unmasked(over: pd.DataFrame) -> None:
    days = [district.START + timedelta(days=n) for n in range(district.DAYS)]
    knowledge = learn_returns(over, days)
    villages = set(over.loc[over["kind"].isin(BELOW_STREET), "area_id"].astype(int))
    shown = [cell for cell, value in knowledge.shown.items() if cell[0] in villages and value]
    assert small_ones(knowledge, over) == []
    assert {day for _, _, day in shown} == {district.LAST}, "one day alone shows counts of villages"
    assert len(knowledge.masked) > len(shown)
    assert pinned(knowledge) == {}


def test_figures_of_departments_cannot_be_unmasked(over: pd.DataFrame) -> None:
    knowledge = learn_figures(over, [district.START, district.LAST])
    villages = set(over.loc[over["kind"].isin(BELOW_STREET), "area_id"].astype(int))
    assert small_ones(knowledge, over) == []
    assert any(cell[0] in villages for cell in knowledge.shown)
    assert any(cell[0] in villages for cell in knowledge.masked)
    assert pinned(knowledge) == {}


def test_two_cutoffs_of_a_village_never_show_a_small_difference(over: pd.DataFrame) -> None:
    knowledge = learn_figures(over, [district.START, district.LAST])
    villages = set(over.loc[over["kind"].isin(BELOW_STREET), "area_id"].astype(int))
    ledger = {cell: value for cell, value in knowledge.shown.items() if cell[1] == "birth ledger"}
    for (place, name, cutoff), value in ledger.items():
        later = ledger.get((place, name, "2010-09-18"))
        if place in villages and cutoff == "2010-09-15" and later is not None:
            assert not 0 < abs(later - value) < 5


def test_two_sources_of_a_village_never_show_a_small_difference(over: pd.DataFrame) -> None:
    knowledge = learn_figures(over, [district.START, district.LAST])
    villages = set(over.loc[over["kind"].isin(BELOW_STREET), "area_id"].astype(int))
    by_event: dict[tuple[int, str], list[float]] = {}
    for (place, name, _cutoff), value in knowledge.shown.items():
        if place in villages:
            by_event.setdefault((place, name.split()[0]), []).append(value)
    several = [values for values in by_event.values() if len(set(values)) > 1]
    assert several
    for values in several:
        assert not any(0 < abs(a - b) < 5 for a in values for b in values)


def test_a_street_of_one_village_and_its_neighbour_are_masked_at_every_level(over: pd.DataFrame) -> None:
    root = int(over["area_id"].iloc[0])
    view = View(1, district.LAST, root, root)
    lone = int(over.loc[over["code"] == "103", "area_id"].iloc[0])
    other = int(over.loc[over["code"] == "101", "area_id"].iloc[0])
    streets = completion.by_child(view).set_index("area_id")
    assert streets["births"].isna().tolist() == [street in (lone, other) for street in streets.index]
    for street in (lone, other):
        assert not set(discrepancy.comparisons(view.at(street))["indicator"]) & set(SENSITIVE)
        assert not set(discrepancy.found(view.at(street))["indicator"]) & {"birth", "death", "hmt_foreign"}
        assert discrepancy.capture_by_day(view.at(street)).empty
    rows = discrepancy.by_child(view, "birth", "police").set_index("area_id")
    assert rows.loc[[lone, other], "benchmark_value"].isna().all()
    assert rows.drop([lone, other])["benchmark_value"].notna().all()


def test_leavers_are_not_shown_below_street_level_nor_can_their_rates_tell(over: pd.DataFrame) -> None:
    root = int(over["area_id"].iloc[0])
    for area_id, kind in zip(over["area_id"].astype(int), over["kind"], strict=True):
        view = View(1, district.LAST, area_id, root)
        for rows in (staffing.of_area(view), staffing.by_child(view), staffing.two_levels_down(view)):
            small = rows[rows["kind"].isin(BELOW_STREET)]
            assert small[[*LEAVING, *LEAVING_RATES]].isna().all(axis=None)
        assert not set(LEAVING) & set(staffing.daily(view).columns)
        if kind in BELOW_STREET:
            assert staffing.leavers(view).empty
    assert staffing.leavers(View(1, district.LAST, root, root))["persons"].sum() > 0


def of_checks(known: pd.DataFrame) -> list[pd.DataFrame]:
    """Return all that acceptance tells of the district, of two streets and of a village."""
    root = int(known["area_id"].iloc[0])
    listed = known.loc[known["code"].isin(["10", "101", "103", "10101"]), "area_id"].astype(int)
    views = [View(1, district.LAST, area_id, root) for area_id in listed]
    asked = (acceptance.checks, acceptance.board, acceptance.of_area, acceptance.gates, acceptance.rework)
    frames = [ask_of(view, "sweep") for view in views for ask_of in asked]
    measured = (acceptance.units, acceptance.pooled, acceptance.limits_by_chance)
    return frames + [of(view, "sweep", "pers") for view in views for of in measured]


def test_no_figure_of_acceptance_depends_on_which_or_how_many_events_a_check_found_wrong(
    over: pd.DataFrame, tmp_path: Path
) -> None:
    """Whoever compares areas and days then learns no more of one birth than of four deaths."""
    told, units = [], ("10101", "10102", "10301")
    checks = [own(area_code=unit, check_id=f"Z-{unit}", report_date=district.START) for unit in units]
    load(tmp_path, *checks, now=district.NOW)
    nothing = {"birth_checked": 0, "birth_err": 0, "death_checked": 0, "death_err": 0}
    for what, looked_at, wrong in (("birth", 1, 1), ("birth", 4, 1), ("birth", 4, 4), ("death", 2, 1), ("birth", 4, 0)):
        rows = [
            quality(
                **{"check_id": f"S-{unit}", "area_code": unit, "cross_unit": "104"},
                **{"report_date": district.LAST, "decision": "rework" if unit == "10101" else "pass"},
                **{"rework_due": district.LAST if unit == "10101" else "", "correction_reason": "核对"},
                **{**nothing, f"{what}_checked": looked_at, f"{what}_err": wrong if unit == "10101" else 0},
            )
            for unit in units
        ]
        receipt = load(tmp_path, *rows, now=district.NOW)
        assert receipt.result == "stored", [c.findings.to_dict("records") for c in receipt.checked]
        told.append(of_checks(over))
    first, *others, clean = told
    for other in others:
        for frame, same in zip(first, other, strict=True):
            pd.testing.assert_frame_equal(frame, same)
    assert any(not frame.equals(other) for frame, other in zip(first, clean, strict=True)), "an error is told"


def test_attention_names_no_sensitive_discrepancy_of_a_village(over: pd.DataFrame) -> None:
    root = int(over["area_id"].iloc[0])
    villages = set(over.loc[over["kind"].isin(BELOW_STREET), "area_id"].astype(int))
    for area_id in over["area_id"].astype(int):
        lines = attention.attention(View(1, district.LAST, area_id, root), 50)
        told = lines[lines["area_id"].isin(villages) & lines["indicator"].isin(SENSITIVE)]
        assert told.empty


def test_the_demonstration_cannot_be_unmasked(demonstration: str) -> None:
    known = places()
    days = [date(2010, 9, 17), date(2010, 10, 8)]
    returns = learn_returns(known, days, step=11)
    assert small_ones(returns, known) == []
    assert pinned(returns) == {}
    figures = learn_figures(known[known["kind"] != "community"], days[-1:])
    assert small_ones(figures, known) == []
    assert figures.masked
    assert pinned(figures) == {}


PAGES = sorted(path.stem for path in (MAIN.parents[1] / "pages").glob("*.py"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("code", ["320114000000", "320114006000", "320114006002"])
def test_no_page_asks_for_more_than_may_be_shown(
    demonstration: str, monkeypatch: pytest.MonkeyPatch, page: str, code: str
) -> None:
    """Every answer that a page is built from, for a district, a street and a village, holds nothing small."""
    kinds = dict(zip(places()["area_id"].astype(int), places()["kind"], strict=True))
    asked: list[pd.DataFrame] = []

    def overheard(question: object, *arguments: object) -> object:
        answer = ask(question, *arguments)  # type: ignore[arg-type]
        inside = vars(answer).values() if is_dataclass(answer) else (answer,)
        asked.extend(frame for frame in inside if isinstance(frame, pd.DataFrame))
        return answer

    monkeypatch.setattr("dashboard.ask.ask", overheard)
    for name, module in list(sys.modules.items()):
        if name.startswith("dashboard.") and getattr(module, "ask", None) is ask:
            monkeypatch.setattr(module, "ask", overheard)
    opened(page, area=code)
    assert asked
    for rows in asked:
        if "area_id" not in rows:
            continue
        small = rows[rows["area_id"].map(kinds).isin(BELOW_STREET)]
        for name in {*COUNTS, *LEAVING} & set(rows.columns):
            assert not pd.to_numeric(small[name]).between(1, 4).any(), name
        for key in {"indicator", "field"} & set(rows.columns):
            told = small[small[key].isin({*SENSITIVE, *LEAVING})]
            for name in NUMBERS & set(rows.columns):
                assert not pd.to_numeric(told[name]).abs().between(1, 4).any(), (key, name)


NUMBERS = {"census_value", "benchmark_value", "value", "found", "before", "after", "was", "now", "difference", "number",
           "left", "right", "worth"}  # fmt: skip


def test_search_and_links_lead_to_names_alone(demonstration: str, forms: Forms) -> None:
    root = areas.root()
    assert root is not None
    found = areas.search(View(1, date(2010, 10, 8), root, root, "zh_Hans"), "320114006")
    assert set(found.columns) == {"area_id", "parent_id", "code", "name", "kind", "level", "is_leaf"}
