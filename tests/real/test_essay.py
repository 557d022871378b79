"""What the handbook derives from the figures that Yuhuatai district published, the pages give, line by line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert

from queries import areas, completion, database, discrepancy, staffing
from queries.database import engine, fetch
from queries.indicators import INDICATORS
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import take_in
from queries.schema import benchmark, cleanup_return
from queries.view import View
from tests.pages.conftest import chinese, opened, table
from tests.real.handbook import Line, decimals, numbers, town_of_sums

DISTRICT = "320114000000"
DAY = date(2010, 10, 8)
EVENING = datetime(2010, 10, 8, 20)
PLACES = ("street", "district", "city", "province")
WINDOWS = {"birth": ("2009-11-01", "2010-08-31"), "death": ("2009-11-01", "2010-09-28")}
PARTS_OUT = "– other streets of district / other districts of city / other cities of province / other provinces"
PARTS_IN = "in-residents (外來常住) by the same four"
BIRTHS, DEATHS = "births: ledger / police / family planning", "deaths: ledger / police"
ABROAD = "HMT + foreign: ledger / police"
PACE = "remaining / required pace to 31 Oct (end date from E3 phase C, (our default) for this district)"


@dataclass(frozen=True)
class Shown:
    """What the pages and queries give for the district once its published figures are filed."""

    receipts: list[Receipt]
    compared: pd.DataFrame
    frames: dict[str, pd.DataFrame]
    pages: dict[str, pd.DataFrame]

    def row(self, page: str, **wanted: str) -> pd.Series:
        """Return the row of a page's table with these words, given in English."""
        rows = self.pages[page]
        for heading, word in wanted.items():
            rows = rows[rows[heading.replace("_", " ")] == chinese(word)]
        assert len(rows) == 1, (wanted, rows)
        return rows.iloc[0]


def forms(published: dict[str, Line]) -> dict[str, pd.DataFrame]:
    """Return the published figures as forms: the district is the only unit, as the source has none below it."""

    def value(name: str, place: int = 0) -> float:
        return numbers(published[name].value)[place]

    staff, supervisors = value("enumerators + supervisors"), value("supervisor sessions / person-times", 1)
    insured = value("insured")
    hmt, foreign, _, hmt_police, foreign_police, _ = numbers(published[ABROAD].value)
    ledger = {
        "resident": value("resident, basic ledger"),
        "hukou": value("hukou, ledger"),
        "birth": value(BIRTHS),
        "death": value(DEATHS),
        "hmt": hmt,
        "foreign": foreign,
        "out6m": value("out-migrants ≥6 m, total"),
        **{f"out6m_{p}": value(PARTS_OUT, n) for n, p in enumerate(PLACES)},
        **{f"in6m_{p}": value(PARTS_IN, n) for n, p in enumerate(PLACES)},
        "separation_rows": value("separation ledger keyed"),
    }
    departments = [
        ("resident", "statistics", value("resident, year-end")),
        ("hukou", "police", value("hukou, police after clean-up")),
        ("total_persons", "police", value("police total after clean-up")),
        ("birth", "police", value(BIRTHS, 1)),
        ("birth", "health", value(BIRTHS, 2)),
        ("death", "police", value(DEATHS, 1)),
        ("hmt", "police", hmt_police),
        ("foreign", "police", foreign_police),
    ]
    explained = re.search(r"explained ([\d,]+)", published["hukou, ledger"].derived)
    assert explained is not None
    figures = [(name, "ledger", figure) for name, figure in ledger.items()] + departments
    total, living = value("sweep persons"), value("living in household")
    return {
        "areas": pd.DataFrame([{"code": DISTRICT, "name": "雨花台区", "parent_code": "", "level": "3"}]),
        "calendar": pd.DataFrame([{"phase": "sweep", "start": "2010-09-15", "end": "2010-10-31"}]),
        "targets": pd.DataFrame(
            [{"area_code": DISTRICT, "phase": "sweep", "frame_persons": value("police total after clean-up")}]
        ),
        "progress": pd.DataFrame(
            [
                {
                    "报告日期": "2010-10-08",
                    "地区代码": DISTRICT,
                    "阶段": "sweep",
                    "上报时间": "2010-10-08 17:00",
                    "hh_done": value("sweep households"),
                    "pers_total": total,
                    "pers_living": living,
                    "pers_absent": total - living,
                    "pers_hukou": value("hukou persons"),
                    "pers_in6m": value("here, hukou elsewhere ≥6 m"),
                    "pers_out6m": value("hukou here, away ≥6 m"),
                    "births": value("births / deaths found"),
                    "deaths": value("births / deaths found", 1),
                    "hmt": 0,  # of the two, only the sum is published
                    "foreign": value("HMT + foreign found"),
                }
            ]
        ),
        "staffing": pd.DataFrame(
            [
                _staff(
                    "enumerator",
                    staff - supervisors,
                    insured=insured - round(insured * supervisors / staff),
                    session_count=value("enumerator sessions / person-times"),
                ),
                _staff(
                    "supervisor",
                    supervisors,
                    insured=round(insured * supervisors / staff),
                    session_count=value("supervisor sessions / person-times"),
                    person_times=supervisors,
                ),
            ]
        ),
        "benchmarks": pd.DataFrame(
            [
                {
                    "indicator": name,
                    "source": source,
                    "area_code": DISTRICT,
                    "value": figure,
                    "window_start": WINDOWS.get(name, ("", ""))[0],
                    "window_end": WINDOWS.get(name, ("", ""))[1],
                    "cutoff_at": "2010-10-08",
                    "concept_note": "as published",
                    "explained_amount": -numbers(explained[1])[0] if (name, source) == ("hukou", "police") else None,
                    "explained_reason": "enclave" if (name, source) == ("hukou", "police") else None,
                }
                for name, source, figure in figures
            ]
        ),
    }


def _staff(role: str, in_post: float, **more: float) -> dict[str, object]:
    steps = ("recruited", "in_post", "trained", "tested", "passed", "certified", "confid_signed")
    return {"report_date": "2010-10-08", "area_code": DISTRICT, "role": role, **dict.fromkeys(steps, in_post), **more}


@pytest.fixture(scope="module")
def shown(
    published: dict[str, Line], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shown]:
    """File the published figures and open the pages."""
    folder = tmp_path_factory.mktemp("essay")
    shutil.copy(sqlite_template, folder / "census.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{folder / 'census.db'}")
        receipts = []
        for name, rows in forms(published).items():
            rows.to_csv(folder / f"{name}.csv", index=False)
            receipts.append(take_in(folder / f"{name}.csv", now=EVENING))
        root = areas.root()
        assert root is not None
        view = View(1, DAY, root, root, "zh_Hans")
        departments, ledger = opened("discrepancies"), opened("internal_ledger")
        yield Shown(
            receipts,
            discrepancy.comparisons(view).set_index(["indicator", "source"]),
            {
                "staff": staffing.of_area(view).set_index("role"),
                "composition": discrepancy.composition(view).set_index("part"),
                "completion": completion.of_area(view),
            },
            {
                "compared": table(departments, "Verification", "Unexplained rate", "Reason"),
                "parts": table(departments, "Component discrepancy"),
                "ranges": table(departments, "Apart by"),
                "found": table(departments, "Capture ratio"),
                "checks": table(ledger, "Check", "First figure"),
                "flows": table(ledger, "From or to", "Share of the flow"),
                "households": table(ledger, "Persons per household", "Living per household"),
                "in parts": table(ledger, "Part", "Share of registered persons"),
                "coverage": table(opened("completion"), "Denominator", "Coverage"),
                "staff": table(opened("staffing"), "Step", "Share of those in post"),
                "roles": table(opened("staffing"), "Role", "In post"),
            },
        )
        database.engine().dispose()
        database._engine.cache_clear()


Check = Callable[[Line, Shown], None]
CHECKS: dict[str, Check] = {}


def line(name: str) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return keep


def signed(value: float) -> str:
    return f"{value:+.2f}".removeprefix("+")


def differences(shown: Shown, *pairs: tuple[str, str]) -> list[str]:
    """Return difference and rate of some comparisons, as the page shows them, in the handbook's writing."""
    found = []
    for indicator, source in pairs:
        row = shown.row("compared", Indicator=indicator, Source=source)
        found += [f"{row['Difference']:.0f}", signed(row["Difference rate"])]
    return found


@line("enumerators + supervisors")
def _(said: Line, shown: Shown) -> None:
    supervisors, person_times, enumerators, ratio, one = numbers(said.derived)
    post = {role: shown.row("roles", Role=role)["In post"] for role in ("Supervisors", "Enumerators")}
    assert (post["Supervisors"], post["Enumerators"]) == (supervisors, enumerators)
    assert post["Supervisors"] == person_times
    assert round(post["Enumerators"] / post["Supervisors"] * one, 2) == ratio


@line("supervisor sessions / person-times")
def _(said: Line, shown: Shown) -> None:
    row = shown.frames["staff"].loc["supervisor"]
    assert row["person_times"] / row["session_count"] == numbers(said.derived)[0]


@line("enumerator sessions / person-times")
def _(said: Line, shown: Shown) -> None:
    assert said.derived == "null, not 0"
    row = shown.frames["staff"].loc["enumerator"]
    assert row["session_count"] == numbers(said.value)[0]
    assert pd.isna(row["person_times"])


@line("insured")
def _(said: Line, shown: Shown) -> None:
    share, without = decimals(said.derived)
    steps = shown.pages["staff"]
    assert f"{steps['Share of those in post'].iloc[-1]:.2f}" == share
    assert steps["Persons"].iloc[0] - steps["Persons"].iloc[-1] == float(without)


@line("resident, basic ledger")
def _(said: Line, shown: Shown) -> None:
    assert differences(shown, ("Resident population", "year-end statistics")) == decimals(said.derived)


@line("hukou, ledger")
def _(said: Line, shown: Shown) -> None:
    gap, rate, explained, share, unexplained, permille = decimals(said.derived)
    assert differences(shown, ("Hukou population", "police")) == [gap, rate]
    row = shown.row("compared", Indicator="Hukou population", Source="police")
    assert (-row["Explained"], row["Unexplained"]) == (float(explained), float(unexplained))
    assert f"{row['Unexplained rate']:.2f}" == permille
    assert f"{100 * shown.compared.loc[('hukou', 'police'), 'explained_share']:.1f}" == share


@line("police total after clean-up")
def _(said: Line, shown: Shown) -> None:
    row = shown.row("checks", Check="What hukou persons leave of the total: hukou elsewhere")
    assert row["Difference"] == numbers(said.derived)[0]


@line(BIRTHS)
def _(said: Line, shown: Shown) -> None:
    *gaps, apart = decimals(said.derived)
    assert differences(shown, ("Births", "police"), ("Births", "health and family planning")) == gaps
    row = shown.row("ranges", Indicator="Births")
    assert row["Apart by"] == float(apart)
    assert [f"{row['Smallest difference']:.0f}", signed(row["Smallest rate"])] == gaps[2:]
    assert [f"{row['Largest difference']:.0f}", signed(row["Largest rate"])] == gaps[:2]


@line(DEATHS)
def _(said: Line, shown: Shown) -> None:
    assert differences(shown, ("Deaths", "police")) == decimals(said.derived)


@line("out-migrants ≥6 m, total")
def _(said: Line, shown: Shown) -> None:
    parts, rest, share = decimals(said.derived)
    row = shown.row("checks", Check="Out-migrants: total against its four parts")
    assert (row["Second figure"], row["Difference"]) == (float(parts), float(rest))
    assert f"{row['Share']:.2f}" == share
    left = shown.row("flows", Flow="Out", From_or_to="not allocated")
    assert left["Persons"] == float(rest)


def shares(shown: Shown, flow: str) -> list[str]:
    rows = shown.pages["flows"]
    rows = rows[(rows["Flow"] == chinese(flow)) & (rows["From or to"] != chinese("not allocated"))]
    return [f"{share:.2f}" for share in rows["Share of the flow"]]


@line(PARTS_OUT)
def _(said: Line, shown: Shown) -> None:
    assert shares(shown, "Out") == decimals(said.derived)


@line(PARTS_IN)
def _(said: Line, shown: Shown) -> None:
    total, *parts = decimals(said.derived)
    assert shares(shown, "In") == parts
    rows = shown.pages["flows"]
    assert rows.loc[rows["Flow"] == chinese("In"), "Persons"].sum() == float(total)


@line("intra-district balance")
def _(said: Line, shown: Shown) -> None:
    gap, share = decimals(said.derived)
    row = shown.row("checks", Check="Flows between streets: in against out")
    assert (row["Difference"], f"{row['Share']:.2f}") == (float(gap), share)


@line("separation ledger keyed")
def _(said: Line, shown: Shown) -> None:
    movers, gap, share = numbers(said.derived)
    row = shown.row("checks", Check="Ledger rows against in- and out-migrants")
    assert (row["Second figure"], row["Difference"], round(row["Share"], 2)) == (movers, gap, share)


@line(ABROAD)
def _(said: Line, shown: Shown) -> None:
    gap, rate, hmt, hmt_rate, foreign, foreign_rate, component = numbers(said.derived)
    wanted = {
        "Residents from Hong Kong, Macao, Taiwan and abroad": (gap, rate),
        "Residents from Hong Kong, Macao and Taiwan": (hmt, hmt_rate),
        "Foreign residents": (foreign, foreign_rate),
    }
    for indicator, (difference, share) in wanted.items():
        row = shown.row("parts", Indicator=indicator)
        assert (row["Difference"], round(row["Difference rate"], 2)) == (difference, share)
    both = shown.row("parts", Indicator="Residents from Hong Kong, Macao, Taiwan and abroad")
    assert round(both["Component discrepancy"], 2) == component
    assert [both["Census"], both["Department"]] == [numbers(said.value)[2], numbers(said.value)[5]]


@line("sweep households")
def _(said: Line, shown: Shown) -> None:
    size, living = decimals(said.derived)
    row = shown.pages["households"].iloc[0]
    assert f"{row['Persons per household']:.3f}" == size
    assert f"{row['Living per household']:.3f}" == living


def coverage(shown: Shown) -> dict[float, pd.Series]:
    rows = shown.pages["coverage"]
    return {row["Persons in the denominator"]: row for _, row in rows.iterrows()}


@line("sweep persons")
def _(said: Line, shown: Shown) -> None:
    rows = coverage(shown)
    for share, base in zip(*[iter(decimals(said.derived))] * 2, strict=True):
        assert f"{rows[float(base)]['Coverage']:.2f}" == share


def found(shown: Shown, indicator: str, base: float) -> pd.Series:
    rows = shown.pages["found"]
    rows = rows[(rows["Indicator"] == chinese(indicator)) & (rows["Full figure"] == base)]
    assert len(rows) == 1
    return rows.iloc[0]


def in_parts(shown: Shown, *parts: str) -> float:
    return sum(shown.row("in parts", Part=part)["Persons"] for part in parts)


@line("living in household")
def _(said: Line, shown: Shown) -> None:
    share, base, absent = decimals(said.derived)
    row = found(shown, "Persons living here, set against residents", float(base))
    assert f"{row['Share found']:.2f}" == share
    away = in_parts(shown, "Hukou here, away six months or more", "Hukou here, away less than six months")
    assert away == float(absent)


@line("hukou persons")
def _(said: Line, shown: Shown) -> None:
    share, base, living = decimals(said.derived)
    assert f"{found(shown, 'Hukou population', float(base))['Share found']:.2f}" == share
    assert in_parts(shown, "Hukou here and living here") == float(living)


@line("here, hukou elsewhere ≥6 m")
def _(said: Line, shown: Shown) -> None:
    assert in_parts(shown, "Hukou elsewhere, less than six months") == numbers(said.derived)[0]


@line("hukou here, away ≥6 m")
def _(said: Line, shown: Shown) -> None:
    assert in_parts(shown, "Hukou here, away less than six months") == numbers(said.derived)[0]


@line("resident estimate")
def _(said: Line, shown: Shown) -> None:
    for share, base in zip(*[iter(decimals(said.derived))] * 2, strict=True):
        row = found(shown, "Resident population", float(base))
        assert (row["Found"], f"{row['Share found']:.2f}") == (numbers(said.value)[0], share)


def caught(shown: Shown, indicator: str, source: str) -> list[str]:
    row = shown.row("found", Indicator=indicator, Source=source)
    return [f"{row['Share found']:.2f}", f"{row['Capture ratio']:.2f}", f"{row['Person coverage']:.2f}"]


@line("births / deaths found")
def _(said: Line, shown: Shown) -> None:
    births, deaths, of_births, of_deaths, covered = decimals(said.derived)[:5]
    assert caught(shown, "Births", "police") == [births, of_births, covered]
    assert caught(shown, "Deaths", "police") == [deaths, of_deaths, covered]


@line("HMT + foreign found")
def _(said: Line, shown: Shown) -> None:
    share, base, ratio = decimals(said.derived)
    abroad = "Residents from Hong Kong, Macao, Taiwan and abroad"
    assert caught(shown, abroad, "police")[:2] == [share, ratio]
    assert shown.row("found", Indicator=abroad, Source="police")["Full figure"] == float(base)


@line(PACE)
def _(said: Line, shown: Shown) -> None:
    left, base = numbers(said.value)
    _days, pace, other, other_left, other_pace = numbers(said.derived)
    rows = shown.pages["coverage"].drop_duplicates("Persons in the denominator")
    rows = rows.set_index("Persons in the denominator")
    for denominator, remaining, daily in ((base, left, pace), (other, other_left, other_pace)):
        row = rows.loc[denominator]
        assert (row["Remaining persons"], round(row["Persons a day needed"])) == (remaining, daily)


@line("other essays: E4 town need / shares")
def _(said: Line, shown: Shown) -> None:
    """Look for every roster below 981 whose two shares, by the product's own indicators, are the published ones."""
    young, schooled = decimals(said.value)[-2:]
    rosters = pd.DataFrame({"in_post": range(1, 981)}, dtype="float64")
    fits = pd.Series(True, index=rosters.index)
    for key, column, share in (
        ("under_50_share", "age_u50", young),
        ("senior_secondary_share", "edu_senior_plus", schooled),
    ):
        heads = (rosters["in_post"] * float(share) / 100).round()
        fits &= (100 * INDICATORS[key].of(rosters.assign(**{column: heads}))).map("{:.2f}".format) == share
    assert set(rosters.loc[fits, "in_post"]) == set(numbers(said.derived))


@line("E6 late entries / abandoned children registered")
def _(said: Line, shown: Shown) -> None:
    assert said.derived == "other fields null"
    late, settled = numbers(said.value)
    with engine().begin() as connection:
        connection.execute(
            insert(cleanup_return).values(
                area_id=1, police_station="-", report_date=DAY, received_at=EVENING, is_nil=False, version=1, load_id=1,
                late_entries=late, no_hukou_settled=settled,
            )
        )  # fmt: skip
    counts = [c for c in cleanup_return.c if str(c.type) == "BIGINT" and c.name not in ("area_id", "load_id")]
    row = fetch(database.select(*counts)).iloc[0]
    assert row.dropna().to_dict() == {"late_entries": late, "no_hukou_settled": settled}


for nothing_derived in ("trainers", "resident, year-end", "hukou, police after clean-up"):

    @line(nothing_derived)
    def _(said: Line, shown: Shown) -> None:
        assert said.derived == "–"


def test_every_line_of_the_handbook_is_checked(published: dict[str, Line]) -> None:
    assert set(CHECKS) == set(published)


@pytest.mark.parametrize("name", list(CHECKS))
def test_a_line_of_the_handbook_is_what_the_pages_give(published: dict[str, Line], shown: Shown, name: str) -> None:
    CHECKS[name](published[name], shown)


def test_the_forms_pass_the_checks_that_they_are_known_to_pass(shown: Shown) -> None:
    assert [receipt.rows_rejected for receipt in shown.receipts] == [0] * 6
    assert {receipt.result for receipt in shown.receipts} == {"stored"}
    warned: set[str] = set().union(*(receipt.warnings for receipt in shown.receipts))
    assert "parts_fall_short" in warned, "out-migrants: 2,979 are in none of the four parts"


def town(handbook: Path) -> tuple[list[list[int]], float, tuple[float, float]]:
    """Return the two breakdowns of the town's total, the total, and its outflow: sum of the parts, and as stated."""
    text = town_of_sums(handbook)
    total = re.search(r"total ([\d,]+) = ([\d,+ ]+) ✓", text)
    kinds = re.search(r"five kinds ([\d,+ ]+) = [\d,]+ ✗", text)
    outflow = re.search(r"outflow six parts ([\d,]+) ✗ ([\d,]+)", text)
    assert None not in (total, kinds, outflow)
    breakdowns = [[int(n) for n in numbers(found.replace("+", " "))] for found in (total[2], kinds[1])]
    return breakdowns, numbers(total[1])[0], (numbers(outflow[1])[0], numbers(outflow[2])[0])


def file_town(folder: Path, rows: list[dict[str, Any]]) -> Receipt:
    frame = pd.DataFrame(rows).assign(area_code="340111001000", concept_note="as published", cutoff_at="2010-10-08")
    frame.to_csv(folder / "town.csv", index=False)
    return take_in(folder / "town.csv", now=EVENING)


@pytest.fixture
def folder(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    path = tmp_path / "areas.csv"
    pd.DataFrame([{"code": "340111001000", "name": "包河镇", "parent_code": "", "level": "4"}]).to_csv(
        path, index=False
    )
    assert take_in(path, now=EVENING).result == "stored"
    yield tmp_path
    database.engine().dispose()
    database._engine.cache_clear()


def test_the_town_is_refused_and_each_sum_that_does_not_add_up_is_named(handbook: Path, folder: Path) -> None:
    """Of the three sums that are published one adds up; only the sum of the six parts of the outflow is known."""
    breakdowns, total, (parts, stated) = town(handbook)
    assert sum(breakdowns[0]) == total
    six = [int(parts) // 6] * 5
    six.append(int(parts) - sum(six))
    receipt = file_town(
        folder,
        [
            {"indicator": "total_persons", "source": "ledger", "value": total,
             "parts": "; ".join("+".join(map(str, b)) for b in breakdowns)},
            {"indicator": "out6m", "source": "ledger", "value": stated, "parts": "+".join(map(str, six))},
        ],
    )  # fmt: skip
    assert (receipt.result, receipt.rows_rejected) == ("rejected", 2)
    assert fetch(database.select(benchmark.c.id)).empty
    text = town_of_sums(handbook)
    excess = re.search(r"✗ \(\+([\d,]+)\)", text)
    assert excess is not None
    for language in ("en", "zh_Hans", "zh_Hant"):
        said = "\n".join(lines(receipt, language))
        assert f"= {sum(breakdowns[1]):,} (+{excess[1]})" in said
        assert f"= {parts:,.0f} (+{parts - stated:,.0f})" in said
        assert f"= {total:,.0f}" not in said, "the sum that adds up is not complained of"


def test_the_town_is_taken_in_once_its_sums_add_up(handbook: Path, folder: Path) -> None:
    breakdowns, total, (parts, _stated) = town(handbook)
    receipt = file_town(
        folder,
        [
            {"indicator": "total_persons", "source": "ledger", "value": total,
             "parts": "+".join(map(str, breakdowns[0]))},
            {"indicator": "out6m", "source": "ledger", "value": parts, "parts": ""},
        ],
    )  # fmt: skip
    assert (receipt.result, receipt.rows_stored) == ("stored", 2)
