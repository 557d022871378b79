"""The wall: its figures follow from the forms, it turns by itself, and it says when it cannot be trusted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from dashboard.frame import panels, wall
from dashboard.headline.wall import age
from queries import database, freshness
from queries.intake.take_in import take_in
from queries.schema import area, commitment
from tests.pages.conftest import charts, chinese
from tests.pages.forms import END, LAST, START, Forms
from tests.pages.test_progress_figures import status

DISTRICT = "320114000000"
STREET = "320114004000"
ABSENT = "320114005000"
CUTOFF, GRACE = time(17, 30), 30
DUE = [START + timedelta(days=n) for n in range((END - START).days + 1)]
Screen = dict[str, ElementTree.Element]


def hung(**parameters: str) -> AppTest:
    """Open the wall; each further run turns it to the next slide."""
    app = AppTest.from_file(str(Path(wall.__file__).with_name("main.py")), default_timeout=60)
    for name, value in {"wall": "1", "lang": "zh-Hans", **parameters}.items():
        app.query_params[name] = value
    return turned(app)


def turned(app: AppTest) -> AppTest:
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def parts(app: AppTest) -> Screen:
    """Return the parts of the screen by their class."""
    bodies = [found.proto.body for found in app.get("html")]
    trees = [ElementTree.fromstring(body) for body in bodies if not body.startswith("<style")]
    return {tree.get("class", tree.tag).split()[0]: tree for tree in trees if "watch" not in tree.get("class", "")}


def text(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def figures(app: AppTest) -> dict[str, tuple[str, str, str]]:
    """Return value, note and tone of the key figures by their labels."""
    return {
        figure.findtext("h2", ""): (
            figure.findtext("strong", ""),
            figure.findtext("p", ""),
            figure.get("class", "").replace("figure", "").strip(),
        )
        for figure in parts(app)["figures"]
    }


def place(app: AppTest) -> str:
    return parts(app)["head"].findtext("h1", "")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def at(moment: datetime) -> None:
        monkeypatch.setattr(wall, "_now", lambda: moment)

    at(datetime.combine(LAST, time(20, 45)))
    return at


@pytest.mark.parametrize(
    ("as_of", "newest", "now", "state", "missing"),
    [
        (LAST, LAST, datetime(2010, 10, 8, 20, 45), "current", []),
        (LAST, LAST, datetime(2010, 10, 9, 17, 59), "current", []),
        (LAST, LAST, datetime(2010, 10, 9, 18, 0), "current", []),
        (LAST, LAST, datetime(2010, 10, 9, 18, 1), "overdue", [date(2010, 10, 9)]),
        (LAST, LAST, datetime(2010, 10, 11, 9, 0), "overdue", [date(2010, 10, 9), date(2010, 10, 10)]),
        (END - timedelta(days=1), END - timedelta(days=1), datetime(2010, 10, 31, 23, 59), "overdue", [END]),
        (END, END, datetime(2010, 10, 31, 23, 59), "current", []),
        (LAST, LAST, datetime(2010, 11, 1, 0, 0), "ended", []),
        (LAST, LAST, datetime(2031, 1, 1, 0, 0), "ended", []),
        (date(2010, 9, 30), LAST, datetime(2010, 10, 11, 9, 0), "past", []),
        (START, None, datetime(2010, 9, 15, 18, 1), "overdue", [START]),
        (START, None, datetime(2010, 9, 14, 23, 0), "current", []),
    ],
)
def test_figures_are_judged_by_the_cut_off_of_the_next_due_day(
    as_of: date, newest: date | None, now: datetime, state: str, missing: list[date]
) -> None:
    judged = freshness.judge(as_of, newest, DUE, DUE[-1], CUTOFF, GRACE, now)
    assert (judged.state, list(judged.missing)) == (state, missing)


def test_a_day_on_which_nothing_is_due_is_not_missed() -> None:
    rests = [day for day in DUE if day != date(2010, 10, 9)]
    saturday, sunday = datetime(2010, 10, 9, 23, 0), datetime(2010, 10, 10, 18, 1)
    assert freshness.judge(LAST, LAST, rests, DUE[-1], CUTOFF, GRACE, saturday).state == "current"
    assert freshness.judge(LAST, LAST, rests, DUE[-1], CUTOFF, GRACE, sunday).missing == (date(2010, 10, 10),)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (timedelta(seconds=20), "0 minutes ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=8), "on 8 Oct 2010, 20:30"),
    ],
)
def test_the_age_of_the_figures_is_told_in_units_that_one_can_grasp(gone: timedelta, said: str) -> None:
    received = datetime(2010, 10, 8, 20, 30)
    assert age(received, received + gone) == said


def test_the_overview_follows_from_the_forms(demonstration: str, clock: Any, forms: Forms) -> None:
    app = hung()
    row = forms.completion(DISTRICT, LAST)
    shown = figures(app)
    assert place(app) == "雨花台区"
    rate, against, tone = shown[chinese("Resolution rate")]
    assert rate == f"{row['Lower bound']:.1f}–{row['Upper bound']:.1f} %"
    gap = f"−{-row['Gap, points']:.1f}"
    assert against == f"{status(forms, DISTRICT, LAST)}（{gap}）· 计划{row['Plan']:.1f} %"
    assert tone == {"✓": "green", "△": "amber", "✕": "red"}[status(forms, DISTRICT, LAST)[0]]
    today, needed, _tone = shown[chinese("Resolved today")]
    room = sum(
        forms.households(u) - forms.resolved(u, LAST) for u in forms.villages(DISTRICT) if not forms.reported(u, LAST)
    )
    assert today == f"≥{row['Today']:,}"
    assert needed == f"至多{row['Today'] + room:,}，每日需{round(row['Required pace']):,}户"
    units = shown[chinese("Units in")]
    assert units[0] == f"{int(row['Units in'])} / {int(row['Units due'])}"
    assert units[1] == f"{int(row['Units due'] - row['Units in'])}个单位未报"
    assert shown[chinese("Posts short")][0] == f"{short(forms, 'enumerator')} / {short(forms, 'supervisor')}"
    stamp = text(parts(app)["head"])
    for told in ("2010年10月8日", "17:30", "还剩 23 天", "演示：模拟上报数据"):
        assert told in stamp


def short(forms: Forms, role: str) -> int:
    rows = forms.staffing(DISTRICT, role, LAST)
    return sum(max(0, forms.required(unit, role) - int(row["in_post"])) for unit, row in rows.iterrows())


def test_the_bars_and_the_curve_of_the_overview_follow_from_the_forms(
    demonstration: str, clock: Any, forms: Forms
) -> None:
    curve, bars = charts(hung())
    days = [START + timedelta(days=n) for n in range((LAST - START).days + 1)]
    actual = next(trace for trace in curve["data"] if trace["name"] == chinese("Resolved"))
    assert actual["y"] == pytest.approx(
        [100 * forms.resolved(DISTRICT, day) / forms.frame_of(DISTRICT, day) for day in days]
    )
    streets = {s: forms.completion(s, LAST) for s in forms.children(DISTRICT)}
    by_backlog = sorted(streets.values(), key=lambda row: row["Backlog"])
    assert bars["data"][0]["x"] == pytest.approx([row["Resolution"] for row in by_backlog])
    for figure in (curve, bars):
        assert figure["layout"]["font"]["size"] >= 28
        assert figure["layout"]["font"]["color"] == "#E9EEF4"


def worst_first(forms: Forms, code: str) -> list[str]:
    """Return the areas below one that are behind or not wholly in: the far behind first, then by backlog."""
    signs = {child: status(forms, child, LAST)[0] for child in forms.children(code)}
    rows = {child: forms.completion(child, LAST) for child in signs}
    chosen = [c for c in signs if signs[c] in "✕△" or rows[c]["Units in"] < rows[c]["Units due"]]
    return sorted(chosen, key=lambda c: ("✕△".find(signs[c]) if signs[c] in "✕△" else 2, -rows[c]["Backlog"]))


@pytest.mark.parametrize("code", [DISTRICT, STREET])
def test_it_turns_from_the_overview_through_what_needs_attention_and_back(
    demonstration: str, clock: Any, forms: Forms, code: str
) -> None:
    names = dict(zip(forms.areas["code"], forms.areas["name"], strict=True))
    expected = [names[c] for c in [code, *worst_first(forms, code)[: wall.MOST_SLIDES]]]
    assert len(expected) > 3
    app = hung(area=code)
    seen = []
    for n in range(len(expected)):
        seen.append(place(app))
        assert parts(app)["foot"].findall("span")[1].get("aria-label") == f"{n + 1} / {len(expected)}"
        turned(app)
    assert seen == expected
    assert place(app) == expected[0]


def test_a_street_shows_its_villages_and_the_likely_cause(demonstration: str, clock: Any, forms: Forms) -> None:
    app = turned(hung())
    assert place(app) == "西善桥街道"
    names = dict(zip(forms.areas["name"], forms.areas["code"], strict=True))
    tiles = {names[tile.findtext("span", "")]: tile for tile in parts(app)["tiles"]}
    assert sorted(tiles) == sorted(forms.children(STREET))
    for unit, tile in tiles.items():
        row = forms.completion(unit, LAST)
        assert tile.findtext("b") == f"{status(forms, unit, LAST)[0]} {row['Resolution']:.1f} %"
    backlog = [forms.completion(unit, LAST)["Backlog"] for unit in tiles]
    assert backlog == sorted(backlog, reverse=True)
    assert "可能原因：普查员不足" in text(parts(app)["lines"])
    assert figures(app)[chinese("Posts short")][0].startswith(f"{short_of(forms, STREET)} /")


def test_a_street_shows_what_was_decided_about_it_and_is_still_open(
    demonstration: str, clock: Any, forms: Forms
) -> None:
    with database.engine().connect() as connection:
        stored = connection.execute(
            select(commitment, area.c.code)
            .join(area, area.c.id == commitment.c.area_id)
            .where(commitment.c.withdrawn_reason.is_(None))
        ).all()
    app, shown = hung(), {}
    for _slide in worst_first(forms, DISTRICT):
        turned(app)
        shown[place(app)] = text(parts(app)["lines"])
    assert all("可能原因" in lines or "若未报单位此后没有进展" in lines for lines in shown.values())
    names = dict(zip(forms.areas["code"], forms.areas["name"], strict=True))
    told = {"ahead": 0, "missed": 0}
    for row in stored:
        lines, about = shown.get(names[row.code], ""), f"{row.office}，{row.due.month}月{row.due.day}日到期："
        if row.due > LAST and row.code == ABSENT:
            told["ahead"] += 1
            assert f"{chinese('Not yet due')} · {about}" in lines
            assert row.what in lines
        if row.due <= LAST and (row.code, row.indicator) == (STREET, "hh_resolved"):
            told["missed"] += 1
            resolved = forms.resolved(STREET, LAST)
            assert resolved < row.number
            assert (
                f"未落实，升级督办 · {about}已办结户数不少于{row.number:,.0f}，现为 {resolved:,}。{row.what}" in lines
            )
    assert told == {"ahead": 1, "missed": 1}


def short_of(forms: Forms, code: str) -> int:
    rows = forms.staffing(code, "enumerator", LAST)
    return sum(max(0, forms.required(unit, "enumerator") - int(row["in_post"])) for unit, row in rows.iterrows())


def test_a_village_that_is_not_in_is_marked(demonstration: str, clock: Any, forms: Forms) -> None:
    names = dict(zip(forms.areas["code"], forms.areas["name"], strict=True))
    silent = {names[unit] for unit in forms.villages(DISTRICT) if not forms.reported(unit, LAST)}
    app = hung()
    marked = set()
    for _slide in worst_first(forms, DISTRICT):
        turned(app)
        marked |= {t.findtext("span") for t in parts(app)["tiles"] if "silent" in t.get("class", "")}
        assert all(("未报" in t.findtext("b", "")) == ("silent" in t.get("class", "")) for t in parts(app)["tiles"])
    assert marked == silent


@pytest.mark.parametrize(
    ("now", "tone", "said"),
    [
        (datetime(2010, 10, 8, 20, 45), "good", ["数据为最新", "15 分钟前"]),
        (datetime(2010, 10, 9, 17, 59), "good", ["21 小时前"]),
        (datetime(2010, 10, 9, 18, 1), "alarm", ["数据已过时", "10月9日", "17:30"]),
        (datetime(2010, 10, 12, 8, 0), "alarm", ["有 3 天未收到日报"]),
        (datetime(2011, 1, 1, 8, 0), "quiet", ["本阶段已于2010年10月31日结束"]),
    ],
)
def test_it_turns_stale_when_a_cut_off_has_passed_without_data(
    demonstration: str, clock: Any, now: datetime, tone: str, said: list[str]
) -> None:
    clock(now)
    strip = parts(hung())["strip"]
    assert tone in strip.get("class", "").split()
    for words in said:
        assert words in text(strip)


def test_an_earlier_day_is_shown_as_such_and_never_cries_stale(demonstration: str, clock: Any) -> None:
    clock(datetime(2010, 10, 12, 8, 0))
    app = hung(date="2010-09-30")
    assert "2010年9月30日" in text(parts(app)["head"])
    assert "当前显示的是过去某日的数据；最新数据截至2010年10月8日" in text(parts(app)["strip"])
    assert app.query_params["date"] == "2010-09-30"


@pytest.fixture
def own_copy(demonstration_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point the program at a copy of the demonstration that a test may write to."""
    shutil.copy(demonstration_file, tmp_path / "census.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'census.db'}")
    yield
    database.engine().dispose()
    database._engine.cache_clear()


def test_a_load_shows_without_anybodys_doing(own_copy: None, clock: Any, forms: Forms, tmp_path: Path) -> None:
    app = hung(date=LAST.isoformat())
    before = figures(app)[chinese("Units in")][0]
    returns = forms.returns[forms.returns["report_date"] == LAST].drop(columns="correction_reason")
    first = returns[returns["area_code"] == forms.children(STREET)[0]]
    first.assign(report_date="2010-10-09", submitted_at="2010-10-09 15:30").to_csv(tmp_path / "new.csv", index=False)
    receipt = take_in(tmp_path / "new.csv", loaded_by="test", now=datetime(2010, 10, 9, 16, 0))
    assert receipt.result == "stored"
    clock(datetime(2010, 10, 9, 18, 1))
    turned(app)
    assert (before, figures(app)[chinese("Units in")][0]) == ("96 / 98", "1 / 13")  # the next slide: the street
    assert "2010年10月9日" in text(parts(app)["head"])
    assert "2 小时前" in text(parts(app)["strip"])


def test_without_the_database_the_last_figures_stay_and_it_recovers(
    demonstration: str, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = hung()
    shown = figures(app)
    with monkeypatch.context() as outage:
        outage.setattr(wall, "state", unreachable)
        for minute in (50, 55):
            clock(datetime(2010, 10, 8, 20, minute))
            turned(app)
            strip = parts(app)["strip"]
            assert "alarm" in strip.get("class", "")
            assert "自 20:50 起与数据库的连接中断" in text(strip)
    for _rest in range(2):
        turned(app)
    assert figures(app) == shown
    assert "good" in parts(app)["strip"].get("class", "")


def test_opened_without_a_database_it_waits_and_finds_it_by_itself(
    demonstration: str, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        outage.setattr(wall, "state", unreachable)
        app = hung()
        assert "自 20:45 起与数据库的连接中断" in text(parts(app)["alone"])
        assert len(charts(app)) == 0
    turned(app)
    assert "alone" not in parts(app)
    assert figures(app)[chinese("Units in")][0] == "96 / 98"


def unreachable() -> str:
    raise OperationalError("SELECT 1", {}, ConnectionRefusedError())


def test_an_empty_database_is_waited_for(sqlite_database: str, clock: Any) -> None:
    assert text(parts(hung())["alone"]).endswith(chinese("No returns yet"))


def test_it_stays_inside_the_scope(
    demonstration: str, clock: Any, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SCOPE", STREET)
    app = hung(area=DISTRICT)
    inside = {name for code, name in zip(forms.areas["code"], forms.areas["name"], strict=True)
              if code == STREET or code in forms.children(STREET)}  # fmt: skip
    for _slide in range(4):
        assert place(app) in inside
        turned(app)


@pytest.mark.parametrize(
    ("every", "seconds"), [(None, 15), ("30", 30), ("0.1", 5), ("99999", 600), ("soon", 15), ("-3", 5)]
)
def test_how_long_a_slide_stands_is_a_setting_or_in_the_link(
    demonstration: str, clock: Any, every: str | None, seconds: int
) -> None:
    app = hung(**({"every": every} if every else {}))
    watch = next(f.proto.body for f in app.get("html") if " watch" in f.proto.body)
    assert f"animation-delay:{3 * seconds + 10}s" in watch


def test_names_of_places_cannot_become_markup() -> None:
    drawn = panels.head("<b onload='x'>", "a & b", "", "<i>")
    tree = ElementTree.fromstring(drawn)
    assert tree.findtext("h1") == "<b onload='x'>"
    assert {element.tag for element in tree.iter()} == {"header", "h1", "span", "p"}
