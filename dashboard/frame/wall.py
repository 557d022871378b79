"""The wall: a screen that nobody touches. It rotates, refreshes itself, and says when it is out of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import access, faults, url
from dashboard.ask import ask
from dashboard.charts import bullet, scurve
from dashboard.charts.enlarged import enlarged
from dashboard.charts.literal import as_it_stands
from dashboard.charts.palette import DARK
from dashboard.frame import panels
from dashboard.headline import attention as about
from dashboard.headline import decisions, labels, names, opening
from dashboard.headline import wall as words
from dashboard.i18n import _, settle_language
from queries import attention, calendar, completion, freshness, migrations, returns, settings, staffing
from queries.check_in import verification
from queries.database import engine, state
from queries.view import View

STYLE: Final = Path(__file__).with_name("wall.css")
MOST_SLIDES: Final = 12
MOST_BARS: Final = 9
MOST_TILES: Final = 16
MOST_LINES, MOST_PROMISES = 3, 2
HEIGHT: Final = 404  # pixels below a chart's heading
SHORTEST, LONGEST = 5, 600  # seconds that a slide may stand


@dataclass(frozen=True)
class Slide:
    """One place: its completion, its children, its days, its plan, its staff, what matters and was decided there.

    The phase is that of the place: where it has a calendar of its own, with its first and last day.
    """

    view: View
    here: pd.Series
    children: pd.DataFrame
    days: pd.DataFrame
    plan: pd.DataFrame
    roles: pd.DataFrame
    matters: list[tuple[str, str]]
    nothing: str  # what is said where no matter was found
    phase: pd.Series


@dataclass(frozen=True)
class Known:
    """What was last read: it stays on the screen while the database is away."""

    read_from: tuple[str, View]
    phase: pd.Series
    newest: freshness.Newest | None
    due: tuple[date, ...]
    simulated: bool
    slides: tuple[Slide, ...]


def wanted() -> bool:
    """Return whether the address asks for the wall."""
    return st.query_params.get("wall") == "1"


def show() -> None:
    """Show the wall; from then on only the screen itself is drawn again, without anybody's doing."""
    st.html(STYLE)
    seconds = _seconds()
    st.fragment(_screen, run_every=seconds)(seconds)


def _seconds() -> float:
    """Return how long a slide stands: as the address says, else as the office has set it."""
    try:
        wished = float(st.query_params.get("every") or settings.settings()["wall.seconds"])
    except (ValueError, *faults.DATABASE_FAULTS):
        wished = float(settings.DEFAULTS["wall.seconds"])
    return min(max(wished, SHORTEST), LONGEST)


def _screen(seconds: float) -> None:
    """Read what is new, keep what is known where nothing can be read, and draw the next slide."""
    settle_language()
    now = _now()
    turn = _turn("wall_drawn")
    known: Known | None = st.session_state.get("wall_known")
    why: words.Standing | None = None
    try:
        found = _read(known)
        st.session_state["wall_lost"] = None
        if isinstance(found, Known):
            known = st.session_state["wall_known"] = found
        else:
            known, why = None, words.Standing("quiet", "…", found)
    except faults.DATABASE_FAULTS as error:
        since = st.session_state["wall_lost"] = st.session_state.get("wall_lost") or now
        why = words.lost(since, faults.other_than_gone(error), shown=known is not None)
    with st.container(key="wall", gap=None):
        if known is None:
            assert why is not None
            st.html(panels.alone(why))
        else:
            _draw(known, _turn("wall_slide") % len(known.slides), why or _standing(known, now), now)
        st.html(panels.watch(words.Standing("alarm", "!", words.cut_off()), turn, 3 * seconds + 10))


def _turn(counter: str) -> int:
    """Count on: 0 at first."""
    st.session_state[counter] = st.session_state.get(counter, -1) + 1
    return int(st.session_state[counter])


def _now() -> datetime:
    return datetime.now()


def _read(known: Known | None) -> Known | str:
    """Return what the database holds now, or why there is nothing to show; what is known if nothing changed."""
    problem = migrations.schema_fault(engine())
    if problem is not None:
        newer = problem.rule == "schema_newer"
        return _("The database is newer than this program") if newer else _("The database must be brought up to date")
    st.session_state["data_state"] = state()
    try:
        top = access.scope()
    except access.NoAccessError as error:
        return _("This installation is limited to the area “{area}”, which does not exist.").format(area=error.args[0])
    looked = None if top is None else url.resolve(top, {name: st.query_params.get(name) for name in url.PARAMETERS})
    if looked is None:
        return _("No returns yet")
    if looked.view.as_of == looked.last and "date" in st.query_params:
        del st.query_params["date"]  # a link copied today must follow tomorrow's returns
    view = looked.view
    read_from = (st.session_state["data_state"], view)
    if known is not None and known.read_from == read_from:
        return known
    slides = _slides(view)
    if not slides:
        return _("No returns yet")
    return Known(
        read_from,
        opening.phase_of(view),
        ask(freshness.newest, view),
        ask(freshness.due_days, view),
        ask(returns.is_simulated),
        slides,
    )


def _slides(view: View) -> tuple[Slide, ...]:
    """Return the viewed area, then the areas below it that need attention, worst first."""
    whole = _slide(view, pd.DataFrame())
    if whole is None:
        return ()
    promised = decisions.described(verification.unsettled(ask(verification.verified, view)))
    below = [
        _slide(view.at(int(area_id)), promised[promised["child_id"] == area_id])
        for area_id in attention.needing(whole.children)["area_id"].head(MOST_SLIDES)
    ]
    return (whole, *(slide for slide in below if slide))


def _slide(view: View, promised: pd.DataFrame) -> Slide | None:
    area = ask(completion.of_area, view)
    if area.empty or pd.isna(area["hh_resolved"].iloc[0]):
        return None
    here = area.iloc[0]
    open_ones = words.promises(here, promised)[:MOST_PROMISES]
    found = ask(attention.look, view)
    return Slide(
        view,
        here,
        ask(completion.by_child, view),
        ask(completion.daily, view),
        ask(calendar.plan, view),
        ask(staffing.of_area, view),
        [*words.matters(here, found.lines)[: MOST_LINES - len(open_ones)], *open_ones],
        about.nothing(found.unjudged)[1],
        opening.phase_of(view),
    )


def _standing(known: Known, now: datetime) -> words.Standing:
    return words.standing(_fresh(known, now), known.newest, known.phase, now)


def _fresh(known: Known, now: datetime) -> freshness.Freshness:
    phase, view = known.phase, known.read_from[1]
    return freshness.judge(
        view.as_of,
        known.newest.day if known.newest else None,
        known.due,
        pd.Timestamp(phase["end"]).date(),
        phase["cutoff"],
        int(phase["grace_minutes"]),
        now,
    )


def _draw(known: Known, current: int, standing: words.Standing, now: datetime) -> None:
    slide = known.slides[current]
    title = _("Command centre") if current == 0 else _("Needs attention")
    simulated = _("Demonstration: simulated returns") if known.simulated else None
    past = _fresh(known, now).state == "past"
    said = f"{title} · {words.remaining(slide.phase, slide.view, now, past=past)}"
    st.html(panels.head(slide.here["name"], words.stamp(known.phase, slide.view), said, simulated))
    st.html(panels.strip(standing))
    st.html(panels.figures(words.key_figures(slide.here, slide.days, slide.roles, slide.view)))
    left, right = st.columns([4, 5], gap=None)
    with left:
        st.html(panels.heading(_("Actual against plan")))
        curve = scurve.scurve(labels.daily(slide.days), slide.plan, names.curve(), DARK)
        _chart(
            enlarged(curve, height=HEIGHT),
            "wall-progress",
            _("Resolution rate day by day against the plan, to the deadline"),
        )
    with right:
        if current == 0 and len(slide.children):
            _bars(slide)
        else:
            _tiles(slide)
    st.html(panels.lines(_("Attention now"), slide.matters, slide.nothing))
    drawn = _("Drawn at {time}").format(time=f"{now:%H:%M:%S}")
    st.html(
        panels.foot(
            _("Internal work progress; census data may not be used for performance appraisal."),
            drawn,
            len(known.slides),
            current,
        )
    )


def _bars(slide: Slide) -> None:
    """Draw the areas below as bars against their plans, largest backlog first."""
    rows = labels.completion(slide.children).sort_values("behind_hh", ascending=False)
    about = _("bar: resolved; hatched: open in units not in; mark: plan")
    st.html(panels.heading(_("Areas by backlog"), words.more(len(rows) - MOST_BARS) or about))
    bars = bullet.bullet(rows.head(MOST_BARS), names.bars(), DARK)
    _chart(
        enlarged(bars, height=HEIGHT, labelled=True),
        "wall-areas",
        _("Resolution rate of each area against its plan, largest backlog first"),
    )


def _tiles(slide: Slide) -> None:
    """Draw the units below as tiles, worst first; the outcomes where there is nothing below."""
    if slide.children.empty:
        st.html(panels.heading(_("Outcomes")))
        st.html(panels.tiles(words.outcomes(slide.here)))
        return
    worst = slide.children.sort_values("behind_hh", ascending=False)
    st.html(panels.heading(_("Units, largest backlog first"), words.more(len(worst) - MOST_TILES)))
    st.html(panels.tiles(words.tiles(worst.head(MOST_TILES))))


def _chart(figure: go.Figure, key: str, alt: str) -> None:
    st.plotly_chart(
        as_it_stands(figure), theme=None, key=key, config={"displayModeBar": False, "staticPlot": True}, alt=alt
    )
