"""Whether the area keeps to its plan, and who holds the backlog."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.sentences import (
    NAMED,
    Concentration,
    after_deadline,
    concentration,
    join,
    missing,
    most_in,
    nothing_yet,
    together,
)
from dashboard.i18n import _, count, day, ngettext, number, percent
from queries.indicators import EVEN
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
    return early or join(position(area, children, phase, view), missing(area))


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


def position(area: pd.Series, children: pd.DataFrame, phase: pd.Series, view: View) -> str:
    """Say where an area with figures stands against its frame, its plan and its deadline."""
    frame = area["hh_frame"]
    if pd.isna(frame) or frame == 0 or pd.isna(area["resolution_rate"]):
        return _(
            "{area} has registered {households} households; without a frame of households no rate can be given."
        ).format(area=area["name"], households=count(area["hh_done"]))
    still_open = int(area["hh_open"])  # added up over units: what one has beyond its frame closes nothing elsewhere
    if still_open == 0 and area["leaves_unframed"] > 0:
        return ngettext(
            "In {area} every household on a frame is resolved; {units} unit has no frame.",
            "In {area} every household on a frame is resolved; {units} units have no frame.",
            int(area["leaves_unframed"]),
        ).format(area=area["name"], units=count(area["leaves_unframed"]))
    if still_open == 0:
        return _("{area} is complete: every household of its frame is resolved.").format(area=area["name"])
    if after_deadline(phase, view):
        return _deadline_passed(area, phase, still_open)
    if area["status"] == "small":
        return _("{area} has resolved {resolved} of its {frame} households.").format(
            area=area["name"], resolved=count(area["hh_resolved"]), frame=count(frame)
        )
    if pd.isna(area["gap_points"]):
        return _("{area} has resolved {rate} of its frame; no plan is set for the day.").format(
            area=area["name"], rate=percent(area["resolution_rate"])
        )
    if area["gap_points"] < -EVEN and area["resolution_high"] >= area["planned_share"]:
        return _undecided(area)
    if area["gap_points"] < -EVEN:
        return _behind(area, children, still_open)
    return join(_not_behind(area), _hidden(children))


def _deadline_passed(area: pd.Series, phase: pd.Series, still_open: int) -> str:
    return ngettext(
        "The deadline passed on {day}; in {area} {households} household is still open, {share} of its frame.",
        "The deadline passed on {day}; in {area} {households} households are still open, {share} of its frame.",
        still_open,
    ).format(
        day=day(phase["end"]),
        area=area["name"],
        households=count(still_open),
        share=percent(still_open / area["hh_frame"]),
    )


def _undecided(area: pd.Series) -> str:
    """Say that the units not in decide whether an area is behind."""
    return _("Whether {area} keeps to its plan of {planned} depends on units that are not in.").format(
        area=area["name"], planned=percent(area["planned_share"])
    )


def _behind(area: pd.Series, children: pd.DataFrame, still_open: int) -> str:
    points = number(-area["gap_points"], 1)
    few = concentration(children, "behind_hh")
    if few is None:
        return _(
            "{area} is {points} percentage points behind plan; {open} of its {frame} households are still open."
        ).format(area=area["name"], points=points, open=count(still_open), frame=count(area["hh_frame"]))
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


def _hidden(children: pd.DataFrame) -> str | None:
    names = children.loc[children["status"] == "red", "name"].tolist() if len(children) else []
    red = len(names)
    if not red:
        return None
    if red <= NAMED:
        return ngettext("Still, {places} is far behind plan.", "Still, {places} are far behind plan.", red).format(
            places=together(names)
        )
    return ngettext(
        "Still, {red} of the {of} areas below it is far behind plan.",
        "Still, {red} of the {of} areas below it are far behind plan.",
        red,
    ).format(red=count(red), of=count(len(children)))
