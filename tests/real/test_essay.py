"""What the handbook derives from the figures that Yuhuatai district published, the pages give, line by line."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from queries import areas, completion, database, discrepancy, staffing
from queries.counts import CLEANUP_COUNTS
from queries.database import fetch
from queries.indicators import INDICATORS
from queries.intake.receipt import Receipt
from queries.intake.take_in import take_in
from queries.schema import cleanup_return
from queries.view import View
from tests.pages.conftest import chinese, opened, table
from tests.real.essay import ABROAD, BIRTHS, DEATHS, DISTRICT, PARTS_IN, PARTS_OUT, forms
from tests.real.handbook import Line, decimals, numbers

DAY = date(2010, 10, 8)
EVENING = datetime(2010, 10, 8, 20)
PACE = "remaining / required pace to 31 Oct (end date from E3 phase C, (our default) for this district)"


@dataclass(frozen=True)
class Shown:
    """What the pages and queries give for the district once its published figures are filed."""

    folder: Path
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
            folder,
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
    row = shown.row("checks", Check="What hukou persons leave of the persons in all: hukou elsewhere")
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
    left = shown.row("flows", Flow="Outflow", From_or_to="not allocated")
    assert left["Persons"] == float(rest)


def shares(shown: Shown, flow: str) -> list[str]:
    rows = shown.pages["flows"]
    rows = rows[(rows["Flow"] == chinese(flow)) & (rows["From or to"] != chinese("not allocated"))]
    return [f"{share:.2f}" for share in rows["Share of the flow"]]


@line(PARTS_OUT)
def _(said: Line, shown: Shown) -> None:
    assert shares(shown, "Outflow") == decimals(said.derived)


@line(PARTS_IN)
def _(said: Line, shown: Shown) -> None:
    total, *parts = decimals(said.derived)
    assert shares(shown, "Inflow") == parts
    rows = shown.pages["flows"]
    assert rows.loc[rows["Flow"] == chinese("Inflow"), "Persons"].sum() == float(total)


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
        told = pd.DataFrame({f"{column}_judged": heads, f"in_post_{column}": rosters["in_post"]})
        fits &= (100 * INDICATORS[key].of(told)).map("{:.2f}".format) == share
    assert set(rosters.loc[fits, "in_post"]) == set(numbers(said.derived))


@line("E6 late entries / abandoned children registered")
def _(said: Line, shown: Shown) -> None:
    """File the two figures in a return of the clean-up, all else blank: it stays unknown."""
    assert said.derived == "other fields null"
    late, settled = numbers(said.value)
    row = {"report_date": "2010-10-08", "area_code": DISTRICT, "police_station": "雨花派出所", "late_entries": late,
           "no_hukou_settled": settled}  # fmt: skip
    path = shown.folder / "cleanup.csv"
    pd.DataFrame([row]).to_csv(path, index=False)
    assert take_in(path, now=EVENING).result == "stored"
    stored = fetch(select(*(cleanup_return.c[name] for name in CLEANUP_COUNTS))).iloc[0]
    assert stored.dropna().to_dict() == {"late_entries": late, "no_hukou_settled": settled}


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
