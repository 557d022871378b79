"""Everything that the page says, in words, before anyone has laid it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard.briefing.thaw import Thawed
from dashboard.charts.palette import SYMBOLS
from dashboard.headline import attention, brief, command_centre, discrepancies, positions, staffing
from dashboard.headline.sentences import not_in
from dashboard.i18n import _, count, day, percent, short_day

MOST_MATTERS: Final = 2  # of one place on the page; the workbook has them all
UNSETTLED: Final = ("missed", "no_data", "open")


@dataclass(frozen=True)
class Row:
    """One row of the table of areas: the cells as written, and the colours of its two verdicts."""

    cells: tuple[str, ...]
    status: str
    agreement: str = ""


@dataclass(frozen=True)
class Content:
    """What stands on the page, in order; sequences that may be long come whole and are cut where they are laid out."""

    language: str
    masthead: str
    issue: str
    issuer: str
    dated: str
    title: str
    standing: str
    lead: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row
    missing: bool
    matters: tuple[str, ...]
    nothing: str  # what is said where there are no matters
    picture: str
    decisions_head: tuple[str, ...]
    decisions: tuple[tuple[str, ...], ...]
    changes: tuple[str, ...]
    footer: tuple[str, ...]


def content(figures: Thawed, changes: Sequence[Mapping[str, Any]] | None) -> Content:
    """Return what the page says of frozen figures, in the language that is spoken around the call."""
    area, phase, view = figures.area, figures.phase, figures.view
    children = figures.children.sort_values("behind_hh", ascending=False, kind="stable")
    widest = _by_area(figures.compared_below)
    own = figures.comparisons
    if figures.compared is not None:
        own = own[(own["indicator"] == figures.compared[0]) & (own["source"] == figures.compared[1])]
    return Content(
        language=view.language,
        masthead=brief.masthead(),
        issue=brief.issue(figures.number) if figures.number > 0 else "",
        issuer=brief.issuer(area),
        dated=day(view.as_of),
        title=brief.title(area, phase, view),
        standing=brief.standing(area, phase, view, figures.closed_at),
        lead=_findings(figures),
        head=tuple(heading.replace("（", "\n（") for heading in _head(figures)),
        rows=tuple(_row(row, figures.staffing, widest.get(int(row["area_id"]))) for _n, row in children.iterrows()),
        total=_row(area, figures.roles, own.iloc[0] if figures.compared is not None else None),
        missing=not_in(area) > 0,
        matters=tuple(
            brief.matter(name, line)
            for name, line in attention.places(figures.matters, MOST_MATTERS)[["name", "line"]].itertuples(index=False)
        ),
        nothing=attention.nothing(figures.unjudged)[1],
        picture=brief.picture(phase),
        decisions_head=(
            _("Decided"),
            _("Area"),
            _("Decision"),
            _("Responsible office"),
            _("Number"),
            _("Due"),
            _("What became of it"),
        ),
        decisions=tuple(decision(figures, commitment) for commitment in spoken_of(figures)),
        changes=tuple(brief.change(figures.name(row["area_id"]) or "", row) for row in changes or ()),
        footer=tuple(brief.footer(simulated=figures.simulated)),
    )


def _head(figures: Thawed) -> tuple[str, ...]:
    return (
        _("Area"),
        _("Against plan"),
        _("Resolution"),
        _("Plan"),
        _("Gap, points"),
        _("Backlog"),
        _("Units in"),
        _("Posts short"),
        brief.compared_heading(figures.compared),
    )


def decision(figures: Thawed, commitment: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of a decision."""
    return (
        short_day(pd.Timestamp(commitment["decided"])),
        figures.name(commitment["area_id"]) or "",
        commitment["what"],
        commitment["office"],
        brief.promised(commitment),
        short_day(pd.Timestamp(commitment["due"])),
        brief.outcome(commitment),
    )


def spoken_of(figures: Thawed) -> list[Mapping[str, Any]]:
    """Return the decisions that the page speaks of: the meeting's own, the last one's, and every unsettled one.

    The meeting's own come first, then what is escalated, missed, without data, not due, and kept.
    """
    today = figures.view.as_of.isoformat()
    before = max((c["decided"] for c in figures.commitments if c["decided"] < today), default="")
    chosen = [c for c in figures.commitments if c["decided"] in (today, before) or c["verdict"] in UNSETTLED]
    return sorted(chosen, key=lambda c: (c["decided"] != today, not c["escalated"], _urgency(c), c["due"]))


def _urgency(commitment: Mapping[str, Any]) -> int:
    verdict = commitment["verdict"]
    return UNSETTLED.index(verdict) if verdict in UNSETTLED else len(UNSETTLED)


def _findings(figures: Thawed) -> tuple[str, ...]:
    """Return what the pages on progress, staff and comparisons found, in their words, and the bridge."""
    area, view = figures.area, figures.view
    said = (
        command_centre.sentence(area, figures.children, figures.phase, view),
        brief.bridge(figures.bridge),
        staffing.sentence(figures.roles, _with_kinds(figures.staffing, figures), area["name"], view),
        discrepancies.finding(figures.comparisons, area["name"]),
    )
    return tuple(sentence for sentence in said if sentence)


def _with_kinds(staff: pd.DataFrame, figures: Thawed) -> pd.DataFrame:
    return staff.assign(kind=[figures.places[str(i)]["kind"] for i in staff["area_id"]])


def _by_area(rows: pd.DataFrame) -> dict[int, pd.Series]:
    return {int(row["area_id"]): row for _n, row in rows.iterrows()}


def _row(row: pd.Series, staff: pd.DataFrame, compared: pd.Series | None) -> Row:
    judged = "" if compared is None else compared["status"]
    left = brief.unexplained(None if compared is None else compared["unexplained_rate"])
    cells = (
        row["name"],
        positions.standing(row),
        brief.rate(row),
        percent(row["planned_share"]),
        brief.gap(row),
        count(row["behind_hh"]),
        brief.units_in(row),
        staffing.posts_short(staff[staff["area_id"] == row["area_id"]]),
        f"{SYMBOLS[judged]} {left}" if judged in ("green", "amber", "red") else left,
    )
    return Row(cells, row["status"], judged)
