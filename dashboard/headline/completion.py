"""Whether the area keeps to its plan, and who holds the backlog."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.sentences import (
    NAMED,
    Concentration,
    concentration,
    join,
    missing,
    most_in,
    nothing_yet,
    together,
    unframed,
)
from dashboard.i18n import _, count, day, ngettext, number, percent
from queries.position import EVEN
from queries.view import View


def sentence(area: pd.Series, children: pd.DataFrame, phase: pd.Series, view: View) -> str:
    """Return the finding of the completion page: gap to plan, concentration of the backlog, missing units.

    Parameters
    ----------
    area : Series
        The completion row of the viewed area.
    children : DataFrame
        One completion row a direct child; empty for a reporting unit.
    phase : Series
        name, start and end of the phase.
    """
    early = nothing_yet(area, phase, view)
    return early or join(position(area, children), missing(area), unframed(area))


def started(begun: pd.Series) -> tuple[bool, str]:
    """Say that no unit reports that nothing is done, and whether that is known of all (units, reported)."""
    silent = int(begun["units"] - begun["reported"])
    if not silent:
        return True, _("Every unit has begun.")
    if not begun["reported"]:
        return False, _("No unit has reported yet: whether any has begun is not known.")
    return False, ngettext(
        "Every unit that has reported has begun; of {silent} unit nothing is known.",
        "Every unit that has reported has begun; of {silent} units nothing is known.",
        silent,
    ).format(silent=count(silent))


def position(area: pd.Series, children: pd.DataFrame) -> str:
    """Say where an area with figures stands against its frame, its plan and its deadline: the sentence of its light."""
    if pd.isna(area["hh_frame"]) or area["hh_frame"] == 0 or pd.isna(area["resolution_rate"]):
        return _(
            "{area} has registered {households} households; without a frame of households no rate can be given."
        ).format(area=area["name"], households=count(area["hh_done"]))
    match area["position"]:
        case "not_begun":
            return _("{area} begins on {day}.").format(area=area["name"], day=day(area["start"]))
        case "finished" if area["leaves_unframed"] > 0:
            return ngettext(
                "In {area} every household on a frame is resolved; {units} unit has no frame.",
                "In {area} every household on a frame is resolved; {units} units have no frame.",
                int(area["leaves_unframed"]),
            ).format(area=area["name"], units=count(area["leaves_unframed"]))
        case "finished":
            return _("{area} is complete: every household of its frame is resolved.").format(area=area["name"])
        case "nearly" | "overdue":
            return _deadline_passed(area)
        case "small":
            return _("{area} has resolved {resolved} of its {frame} households.").format(
                area=area["name"], resolved=count(area["framed_resolved"]), frame=count(area["hh_frame"])
            )
        case "unknown":
            return _("{area} has resolved {rate} of its frame; no plan is set for the day.").format(
                area=area["name"], rate=percent(area["resolution_rate"])
            )
        case "tolerated" | "behind" | "far_behind" if area["resolution_high"] >= area["planned_share"]:
            return _undecided(area)
        case "tolerated":
            few = concentration(children, "behind_hh")
            return join(_behind(area, children), _("This is within tolerance."), _hidden(children, few))
        case "behind" | "far_behind":
            return _behind(area, children)
    return join(_not_behind(area), _hidden(children))


def _deadline_passed(area: pd.Series) -> str:
    still_open = area["hh_open"]
    return ngettext(
        "The deadline passed on {day}; in {area} {households} household is still open, {share} of its frame.",
        "The deadline passed on {day}; in {area} {households} households are still open, {share} of its frame.",
        still_open,
    ).format(
        day=day(area["end"]),
        area=area["name"],
        households=count(still_open),
        share=percent(still_open / area["hh_frame"]),
    )


def _undecided(area: pd.Series) -> str:
    """Say that an area is behind on what is known, and that the units not in decide whether it is."""
    return _(
        "On what is known {area} is {points} percentage points behind its plan of {planned}; "
        "the units that are not in may have made that up."
    ).format(area=area["name"], points=_points(area), planned=percent(area["planned_share"]))


def _points(area: pd.Series) -> str:
    """Return how far an area is behind, never written as nothing."""
    behind = -area["gap_points"]
    return _("less than {points}").format(points=number(0.1, 1)) if behind < EVEN else number(behind, 1)


def _behind(area: pd.Series, children: pd.DataFrame) -> str:
    points = _points(area)
    few = concentration(children, "behind_hh")
    if few is None:
        return _(
            "{area} is {points} percentage points behind plan; {open} of its {frame} households are still open."
        ).format(area=area["name"], points=points, open=count(area["hh_open"]), frame=count(area["hh_frame"]))
    words = {"area": area["name"], "points": points, "share": percent(few.share, 0)}
    if few.few <= NAMED:
        return ngettext(
            "{area} is {points} percentage points behind plan; {places} holds {share} of the backlog.",
            "{area} is {points} percentage points behind plan; {places} hold {share} of the backlog.",
            few.few,
        ).format(**words, places=together(few.names))
    return join(_behind_in(few).format(**words, few=count(few.few), of=count(few.of)), most_in(few))


def _behind_in(few: Concentration) -> str:
    match few.level:
        case "streets":
            return ngettext(
                "{area} is {points} percentage points behind plan; "
                "{few} of its {of} streets holds {share} of the backlog.",
                "{area} is {points} percentage points behind plan; "
                "{few} of its {of} streets hold {share} of the backlog.",
                few.few,
            )
        case "villages":
            return ngettext(
                "{area} is {points} percentage points behind plan; "
                "{few} of its {of} villages holds {share} of the backlog.",
                "{area} is {points} percentage points behind plan; "
                "{few} of its {of} villages hold {share} of the backlog.",
                few.few,
            )
        case "eds":
            return ngettext(
                "{area} is {points} percentage points behind plan; "
                "{few} of its {of} enumeration districts holds {share} of the backlog.",
                "{area} is {points} percentage points behind plan; "
                "{few} of its {of} enumeration districts hold {share} of the backlog.",
                few.few,
            )
    return ngettext(
        "{area} is {points} percentage points behind plan; "
        "{few} of the {of} areas below it holds {share} of the backlog.",
        "{area} is {points} percentage points behind plan; "
        "{few} of the {of} areas below it hold {share} of the backlog.",
        few.few,
    )


def _not_behind(area: pd.Series) -> str:
    if area["gap_points"] <= EVEN:
        return _("{area} is on plan: {rate} of its frame is resolved, {planned} was planned.").format(
            area=area["name"], rate=percent(area["resolution_rate"]), planned=percent(area["planned_share"])
        )
    return _("{area} is {points} percentage points ahead of plan: {rate} of its frame is resolved.").format(
        area=area["name"], points=number(area["gap_points"], 1), rate=percent(area["resolution_rate"])
    )


def _hidden(children: pd.DataFrame, named: Concentration | None = None) -> str | None:
    """Say which areas are far behind below one that is not; only how many where the sentence has named them."""
    names = children.loc[children["status"] == "red", "name"].tolist() if len(children) else []
    red = len(names)
    if not red:
        return None
    if red <= NAMED and not (named and set(names) <= set(named.names[:NAMED])):
        return ngettext("Still, {places} is far behind plan.", "Still, {places} are far behind plan.", red).format(
            places=together(names)
        )
    return ngettext(
        "Still, {red} of the {of} areas below it is far behind plan.",
        "Still, {red} of the {of} areas below it are far behind plan.",
        red,
    ).format(red=count(red), of=count(len(children)))
