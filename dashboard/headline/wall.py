"""What the wall says: key figures, how fresh they are, what needs attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.charts.palette import SYMBOLS
from dashboard.headline import attention, figures, positions, staffing
from dashboard.headline.sentences import after_deadline, join, not_in
from dashboard.i18n import UNKNOWN, _, count, day, is_unknown, ngettext, percent, points, short_day
from queries.freshness import Freshness, Newest
from queries.view import View

LONG_AGO = timedelta(days=7)


@dataclass(frozen=True)
class Figure:
    """A figure to be read from across the room; the tone is a status or nothing."""

    label: str
    value: str
    note: str
    tone: str = ""


@dataclass(frozen=True)
class Standing:
    """How much the screen can be trusted: a tone (good, quiet, alarm), a sign and a sentence."""

    tone: str
    sign: str
    text: str


def key_figures(area: pd.Series, days: pd.DataFrame, roles: pd.DataFrame, view: View) -> list[Figure]:
    """Return completion, today's increment, units in and posts short, as the command centre gives them."""
    done = figures.completion(area, days, view)
    today = figures.today(area, days)
    posts = figures.posts(roles, pd.DataFrame())
    units = not_in(area)
    missing = ngettext("{units} unit not in", "{units} units not in", units).format(units=count(units))
    return [
        Figure(done.label, done.value, _against_plan(area), str(area["status"])),
        _today(area, today.label),
        Figure(
            _("Units in"),
            f"{count(area['leaves_reported'])} / {count(area['leaves_due'])}" if area["leaves_due"] else UNKNOWN,
            missing if units else _("all units in") if area["leaves_due"] else _("no return due"),
            "amber" if units else "",
        ),
        Figure(posts.label, posts.value, staffing.not_judged(roles) or posts.note),
    ]


def _against_plan(area: pd.Series) -> str:
    status = positions.standing(area)
    if area["position"] not in positions.AGAINST_PLAN:
        return status
    return _("{status} ({points}) · plan {planned}").format(
        status=status, points=points(area["gap_points"]), planned=percent(area["planned_share"])
    )


def _today(area: pd.Series, label: str) -> Figure:
    """Return the day's increment: at least what is known; with the most that units not in may add beneath."""
    low, high, required = area["increment"], area["increment_high"], count(area["required_pace"])
    tone = {"enough": "green", "short": "amber"}.get(area["day_work"], "")
    if is_unknown(high) or round(high) <= round(low):
        return Figure(label, count(low), _("{required} a day needed").format(required=required), tone)
    note = _("up to {high}, needed {required}").format(high=count(high), required=required)
    return Figure(label, f"≥{count(low)}", note, tone)


def remaining(phase: pd.Series, view: View, now: datetime, *, past: bool = False) -> str:
    """Say how many days are left to the deadline of a place, or that it has passed by the clock.

    The days are counted from the day shown; where the clock is further on that day is named. An earlier day that
    is looked at on purpose (past) is not held against the clock.
    """
    end = pd.Timestamp(phase["end"])
    if after_deadline(phase, view) or (now > end + timedelta(days=1) and not past):
        return _("Deadline {day}, passed").format(day=short_day(end))
    left = (end - pd.Timestamp(view.as_of)).days
    if now.date() > view.as_of:
        return ngettext(
            "Deadline {day}, {days} day left after {as_of}", "Deadline {day}, {days} days left after {as_of}", left
        ).format(day=short_day(end), days=count(left), as_of=short_day(pd.Timestamp(view.as_of)))
    return ngettext("Deadline {day}, {days} day left", "Deadline {day}, {days} days left", left).format(
        day=short_day(end), days=count(left)
    )


def stamp(phase: pd.Series, view: View) -> str:
    """Say of which phase and day the figures are, and until when returns are due."""
    return _("{phase}, as of {day}, daily cut-off {cutoff}").format(
        phase=phase["name"], day=day(view.as_of), cutoff=f"{phase['cutoff']:%H:%M}"
    )


def standing(fresh: Freshness, newest: Newest | None, phase: pd.Series, now: datetime) -> Standing:
    """Say how old the figures are, and whether a return is overdue."""
    if fresh.state == "overdue":
        first = fresh.missing[0]
        text = ngettext(
            "Out of date: no return for {day}, due at {cutoff}.",
            "Out of date: no return for {days} days since {day}, due at {cutoff}.",
            len(fresh.missing),
        ).format(day=short_day(pd.Timestamp(first)), days=count(len(fresh.missing)), cutoff=f"{phase['cutoff']:%H:%M}")
        return Standing("alarm", "!", join(text, _received(newest, now)))
    if fresh.state == "ended":
        text = _("The phase ended on {day}.").format(day=day(phase["end"]))
        return Standing("quiet", "■", join(text, _received(newest, now)))
    if fresh.state == "past":
        shown = pd.Timestamp(newest.day) if newest else None
        return Standing(
            "quiet", "■", _("An earlier day is shown; newer figures reach to {day}.").format(day=day(shown))
        )
    if newest is None:
        return Standing("quiet", "…", _("No return has been received yet."))
    return Standing("good", "✓", join(_("Up to date."), _received(newest, now)))


def lost(since: datetime, why: str | None = None, *, shown: bool) -> Standing:
    """Say that the database is gone, or why else it cannot be read: the last figures stay, or there are none yet."""
    text = why or _("Connection to the database lost since {time}.").format(time=f"{since:%H:%M}")
    kept = _("Last known figures.") if shown else None
    return Standing("alarm", "!", join(text, kept, _("Trying again.")))


def cut_off() -> str:
    """Say that the screen itself no longer hears from the program."""
    return _("This screen has lost its connection. The figures below may be old.")


def _received(newest: Newest | None, now: datetime) -> str | None:
    if newest is None:
        return _("No return has been received yet.")
    if newest.received_at is None:
        return None
    return _("Newest return received {age}.").format(age=age(newest.received_at, now))


def age(since: datetime, now: datetime) -> str:
    """Say how long ago a moment was; the moment itself when it is more than a week ago."""
    gone = now - since
    if gone > LONG_AGO:
        return _("on {day}, {time}").format(day=day(since), time=f"{since:%H:%M}")
    minutes = max(0, int(gone.total_seconds() // 60))
    if minutes < 60:
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=count(minutes))
    hours = minutes // 60
    if hours < 48:
        return ngettext("{n} hour ago", "{n} hours ago", hours).format(n=count(hours))
    days = hours // 24
    return ngettext("{n} day ago", "{n} days ago", days).format(n=count(days))


def matters(area: pd.Series, found: pd.DataFrame) -> list[tuple[str, str]]:
    """Return what needs attention as pairs of a place and a sentence; the place itself comes first, unnamed.

    Parameters
    ----------
    area : Series
        The place that is shown.
    found : DataFrame
        The rows of attention of it and of the places below.
    """
    of_place = found.groupby("area_id", sort=False).ngroup()
    others = ~found["what"].isin(["behind_plan", "perhaps_behind"])
    ordered = found.assign(place=of_place, others=others).sort_values(["place", "others"], kind="stable")
    rows = attention.places(ordered.groupby("place", sort=False).head(1))  # a line of the wall does not wrap
    named = rows["name"].mask(rows["area_id"] == area["area_id"], "")
    return list(zip(named, rows["line"], strict=True))


def promises(area: pd.Series, open_ones: pd.DataFrame) -> list[tuple[str, str]]:
    """Return open decisions about a place as pairs of an area inside it, unnamed if it is itself, and a sentence.

    Parameters
    ----------
    open_ones : DataFrame
        As `decisions.described`, the most urgent first.
    """
    text = _("{outcome} · {office}, {day}: {promised}; now {stands}. {what}")
    return [
        (
            "" if row["area_id"] == area["area_id"] else row["name"],
            text.format(**{**row, "day": short_day(row["due"])}),
        )
        for row in open_ones.to_dict("records")
    ]


def tiles(units: pd.DataFrame) -> list[Figure]:
    """Return one figure a unit: its name, its rate, how it stands against its plan; a unit not in says so."""
    shown = []
    for row in units.rename(columns={"name": "area"}).itertuples():
        value, tone = f"{SYMBOLS.get(row.status, '?')} {_rate(row)}", row.status
        if row.leaves_due > row.leaves_reported:
            value, tone = f"{value} " + _("not in"), f"{tone} silent"
        shown.append(Figure(row.area, value, positions.word(row.position), tone))
    return shown


def _rate(row: Any) -> str:
    return count(row.framed_resolved) if row.status == "small" else percent(row.resolution_rate)


def outcomes(area: pd.Series) -> list[Figure]:
    """Return the outcomes of a reporting unit that has nothing below it."""
    named = {
        _("Registered"): "hh_done",
        _("Vacant"): "hh_vacant",
        _("Away"): "hh_away",
        _("Refused"): "hh_refused",
        _("Not contacted"): "hh_noncontact",
        _("Pending"): "hh_open",
    }
    return [Figure(label, count(area[column]), "") for label, column in named.items()]


def more(left_out: int) -> str:
    """Say how many areas there is no room for; nothing when all are shown."""
    return _("{n} more not shown").format(n=count(left_out)) if left_out > 0 else ""
