"""Who is not in, where they sit, how long they have been silent; and how the days went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from dashboard.headline.names import name, named
from dashboard.headline.sentences import before_start, join
from dashboard.headline.terms_of_returns import COUNTS, STATUSES
from dashboard.i18n import _, count, day, ngettext, percent, signed
from queries.view import View


def sentence(area: pd.Series, children: pd.DataFrame, phase: pd.Series, view: View, limits: Mapping[str, Any]) -> str:
    """Return the finding of the returns page.

    Parameters
    ----------
    area : Series
        The row of the viewed area, as `queries.returns.rates` gives it.
    children : DataFrame
        One such row a direct child; empty for a reporting unit.
    phase : Series
        name, start and end of the phase.
    limits : mapping
        The settings.
    """
    if before_start(phase, view):
        return _("{phase} starts on {day}: no return is due yet.").format(phase=phase["name"], day=day(phase["start"]))
    if pd.isna(area["leaves_due"]):
        return _("No return has been received for {area} by {day}.").format(area=area["name"], day=day(view.as_of))
    if not area["leaves_due"] > 0:
        return _("No return of {area} is due on {day}.").format(area=area["name"], day=day(view.as_of))
    if area["leaves_missing"] > 0:
        return join(_not_in(area), _where(area, children), _silent(area, limits), _late(area))
    everyone = ngettext("{due} unit of {area} is due and in.", "All {due} units of {area} are in.", area["leaves_due"])
    return join(everyone.format(due=count(area["leaves_due"]), area=area["name"]), _late(area))


def none_missing(area: pd.Series) -> tuple[bool, str]:
    """Say that no unit is listed as missing, and whether that is because all that are due are in (leaves_due)."""
    if pd.isna(area["leaves_due"]):
        return False, _("Nothing is on file for this day: which units are in is not known.")
    if not area["leaves_due"]:
        return False, _("No return is due on this day.")
    return True, _("Every unit that is due is in.")


def _not_in(area: pd.Series) -> str:
    return ngettext(
        "{units} of {due} reporting units is not in.",
        "{units} of {due} reporting units are not in.",
        area["leaves_missing"],
    ).format(units=count(area["leaves_missing"]), due=count(area["leaves_due"]))


def _where(area: pd.Series, children: pd.DataFrame) -> str | None:
    """Say which area holds most of them; None where no one holds more than one, or each child is a unit."""
    if children.empty or children["leaves_due"].max() <= 1:
        return None
    most = children.loc[children["leaves_missing"].fillna(0).idxmax()]
    if most["leaves_missing"] == area["leaves_missing"]:
        return ngettext("It is in {area}.", "All of them are in {area}.", area["leaves_missing"]).format(
            area=most["name"]
        )
    if most["leaves_missing"] < 2:
        return None
    return _("{area} holds {units} of them.").format(area=most["name"], units=count(most["leaves_missing"]))


def _silent(area: pd.Series, limits: Mapping[str, Any]) -> str | None:
    if not area["silent_long"] > 0:
        return None
    return ngettext(
        "{units} has been silent for {days} days or more.",
        "{units} have been silent for {days} days or more.",
        area["silent_long"],
    ).format(units=count(area["silent_long"]), days=count(limits["consecutive_misses"][1] + 1))


def _late(area: pd.Series) -> str | None:
    if not area["leaves_late"] > 0:
        return None
    return ngettext(
        "{late} return came late; the on-time rate is {rate}.",
        "{late} returns came late; the on-time rate is {rate}.",
        area["leaves_late"],
    ).format(late=count(area["leaves_late"]), rate=percent(area["on_time_rate"]))


def cutoff(phase: pd.Series) -> str:
    """Say until when a return is on time."""
    return _("On time is what was submitted by {cutoff} and {minutes} minutes of grace.").format(
        cutoff=f"{phase['cutoff']:%H:%M}", minutes=count(phase["grace_minutes"])
    )


def words() -> dict[str, str]:
    """Return the words of the matrix of units and days."""
    return {code: name(STATUSES, code) for code in STATUSES}


def rate_words() -> dict[str, str]:
    """Return the words of the matrix of areas and days."""
    return {"rate": _("Reporting rate")}


def course_words(limit: float) -> dict[str, str]:
    """Return the words of the course of both rates; the limit is a share (0-1)."""
    return {
        "reporting_rate": _("Reporting rate"),
        "on_time_rate": _("On-time rate"),
        "limit": _("On-time limit {limit}").format(limit=percent(limit, 0)),
        "day": "%m-%d",
    }


def course(days: pd.DataFrame) -> pd.DataFrame:
    """Add `label` to the days of one area: how many were due, came, and came on time."""
    text = _("{day}: {reported} of {due} units in, {rate}; on time {on_time}, {on_time_rate}")
    return days.assign(
        label=[
            text.format(
                day=day(row.date),
                reported=count(row.leaves_reported),
                due=count(row.leaves_due),
                rate=percent(row.reporting_rate),
                on_time=count(row.leaves_on_time),
                on_time_rate=percent(row.on_time_rate),
            )
            for row in days.itertuples()
        ]
    )


def changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the count's name and which way it went to restatements."""
    movement = np.select(
        [rows["is_hidden"].astype(bool), rows["is_fall"].astype(bool), rows["change"] > 0],
        ["hidden", "fall", "rise"],
        "unknown",
    )
    return rows.assign(indicator_name=named(rows["indicator"], COUNTS), movement=movement)


def restated(area: pd.Series, rows: pd.DataFrame) -> str:
    """Say how many returns were corrected and by how much in all."""
    if pd.isna(area["restatement_rate_to_date"]):
        return _("No return has been received yet: there is none to correct.")
    said = _("{rate} of the returns received so far were corrected later.").format(
        rate=percent(area["restatement_rate_to_date"], 2)
    )
    done = rows[rows["indicator"] == "hh_resolved"]
    if done.empty:
        return said
    falls = int(done["is_fall"].sum())
    moved = _("Resolved households: {moved} moved in all, {net} net.").format(
        moved=count(done["change"].abs().sum()), net=signed(done["change"].sum())
    )
    fell = ngettext("{falls} of these figures went down.", "{falls} of these figures went down.", falls).format(
        falls=count(falls)
    )
    return join(said, moved, fell if falls else None)


def frame_effect(effect: pd.Series, area_name: str) -> str:
    """Say what the revisions of the frame do to the resolution rate of the viewed area."""
    return _(
        "{area}: {first} households in the first frame, {now} in today's ({change}). "
        "The same {resolved} resolved households are {rate_first} of the first and {rate_now} of today's."
    ).format(
        area=area_name,
        first=count(effect["frame_first"]),
        now=count(effect["frame_now"]),
        change=signed(effect["change"]),
        resolved=count(effect["resolved"]),
        rate_first=percent(effect["rate_first"], 2),
        rate_now=percent(effect["rate_now"], 2),
    )
