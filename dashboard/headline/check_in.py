"""The check-in in words: since when, what moved the households still to resolve, and what is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.headline import decisions
from dashboard.headline.names import name
from dashboard.headline.sentences import join, nothing_yet
from dashboard.i18n import _, count, day, ngettext, percent, short_day, signed
from queries.check_in.meeting import Meeting
from queries.view import View

STEPS: Final = {
    "target": N_("Change of target"),
    "corrections": N_("Corrections"),
    "newly_in": N_("Newly in"),
    "work": N_("Work reported"),
    "newly_missing": N_("Newly missing"),
    "still_missing": N_("Still missing"),
    "now": N_("Now"),
}
POINTS: Final = {
    "hh_frame": N_("Frame households"),
    "hh_resolved": N_("Resolved"),
    "hh_open": N_("Still to resolve"),
    "leaves_due": N_("Units due"),
    "leaves_reported": N_("Units in"),
}


def sentence(
    area: pd.Series,
    phase: pd.Series,
    view: View,
    steps: pd.DataFrame,
    judged: pd.DataFrame,
    since: date,
    *,
    met: bool,
) -> str:
    """Return the finding of the check-in: what moved since the one before, and what became of its decisions.

    Parameters
    ----------
    area, phase : Series
        The completion row of the viewed area; name and start of the phase.
    steps : DataFrame
        The bridge of the viewed area.
    judged : DataFrame
        The decisions that the check-in looks at.
    since : date
        The day that the bridge begins with.
    met : bool
        Whether a check-in was closed on that day.
    """
    early = nothing_yet(area, phase, view)
    if early:
        return early
    rows = steps.set_index("step")
    then, now = rows.loc["then", "households"], rows.loc["now", "households"]
    words = {"day": day(since), "then": count(then), "now": count(now), "change": signed(now - then)}
    if met:
        moved = _("Since the check-in of {day} the households still to resolve went from {then} to {now} ({change}).")
    else:
        moved = _("Since {day} the households still to resolve went from {then} to {now} ({change}).")
    return join(moved.format(**words), _silent(rows), decisions.summary(judged))


def _silent(rows: pd.DataFrame) -> str | None:
    units = int(rows.loc["newly_missing", "units"])
    if not units:
        return None
    return ngettext(
        "{units} unit is newly missing: up to {households} of its households may be resolved already.",
        "{units} units are newly missing: up to {households} of their households may be resolved already.",
        units,
    ).format(units=count(units), households=count(rows.loc["newly_missing", "uncertain"]))


def begins(held: Meeting | None, since: date, *, met: bool) -> str:
    """Say with what the bridge begins and ends, and what its axis shows."""
    start = (
        _("From the check-in of {day}, as it stood at its close").format(day=day(since))
        if met
        else _("No earlier check-in has been closed: from {day}, as known now").format(day=day(since))
    )
    if held and held.closed_at:
        span = _("{start}, to the close of this one.").format(start=start)
    else:
        span = _("{start}, to what is known now.").format(start=start)
    return join(span, _("Households still to resolve; the axis does not begin at 0."))


def state(held: Meeting | None, area: str) -> tuple[str, str, str]:
    """Return icon, text and colour that say whether the check-in is open."""
    if held is None:
        return ":material/schedule:", _("No check-in has been opened for this day"), "gray"
    where = "" if held.area_name in (None, area) else f" · {held.area_name}"
    if held.closed_at:
        text = _("Closed on {day} at {time}: read-only").format(day=day(held.closed_at), time=f"{held.closed_at:%H:%M}")
        return ":material/lock:", text + where, "blue"
    text = _("Open since {day}, {time}").format(day=day(held.opened_at), time=f"{held.opened_at:%H:%M}")
    return ":material/play_circle:", text + where, "green"


def step_name(step: str, since: date, met: bool) -> str:
    """Return what a step of the bridge is called."""
    if step == "then":
        return _("Check-in of {day}").format(day=short_day(since)) if met else short_day(since)
    return name(STEPS, step)


def drawn(steps: pd.DataFrame, since: date, *, met: bool) -> pd.DataFrame:
    """Return the bridge as bars: name, kind (level, better, worse, uncertain), start, end, text, label.

    Steps about units that are missing are left out where there are none.
    """
    rows, level = [], 0.0
    end = float(steps.loc[steps["step"] == "now", "households"].iloc[0])
    for row in steps.to_dict("records"):
        called = step_name(row["step"], since, met)
        if row["step"] in ("then", "now"):
            level = row["households"]
            bar = ("level", level, level, count(level))
        elif row["step"] in ("newly_missing", "still_missing"):
            if not row["units"]:
                continue
            bar = ("uncertain", end - row["uncertain"], end, _uncertain(row))
        else:
            change = row["households"]
            bar = ("worse" if change > 0 else "better", level, level + change, signed(change))
            level += change
        label = _("{step}: {text}; {units} units").format(step=called, text=bar[3], units=count(row["units"]))
        rows.append((called, *bar, label))
    return pd.DataFrame(rows, columns=["name", "kind", "start", "end", "text", "label"])


def _uncertain(row: Mapping[str, float]) -> str:
    return _("up to {households}").format(households=signed(-row["uncertain"]))


def listed(steps: pd.DataFrame, since: date, *, met: bool) -> pd.DataFrame:
    """Add name, level (of then and now) and change (of the moves between) to the steps of the bridge."""
    names = [step_name(step, since, met) for step in steps["step"]]
    is_level = steps["step"].isin(["then", "now"])
    is_missing = steps["step"].isin(["newly_missing", "still_missing"])
    return steps.assign(
        name=pd.Series(names, dtype="str"),
        level=steps["households"].where(is_level),
        change=steps["households"].mask(is_level | is_missing),
    )


def by_area(moved: pd.DataFrame) -> pd.DataFrame:
    """Add `uncertain` to the bridge of each area: households still open in its units that are not in."""
    return moved.assign(uncertain=moved["uncertain_newly_missing"] + moved["uncertain_still_missing"])


def bars() -> dict[str, str]:
    """Return the words of the bridge."""
    return {
        "level": _("Still to resolve"),
        "better": _("Fewer to resolve"),
        "worse": _("More to resolve"),
        "uncertain": _("Open in units not in"),
    }


def unframed(totals: pd.DataFrame) -> str | None:
    """Say what units without a frame have resolved outside the bridge; None without any."""
    rows = totals.set_index("point")
    units = int(rows.loc["now", "leaves_unframed"])
    if not units:
        return None
    return ngettext(
        "{units} unit without a frame stands outside: it has resolved {now} households, {then} then.",
        "{units} units without a frame stand outside: they have resolved {now} households, {then} then.",
        units,
    ).format(
        units=count(units),
        now=count(rows.loc["now", "unframed_resolved"]),
        then=count(rows.loc["then", "unframed_resolved"]),
    )


def compared(totals: pd.DataFrame) -> pd.DataFrame:
    """Return the figures at the close beside those of now: name, then, now, change."""
    rows = totals.set_index("point")
    found = [(name(POINTS, key), rows.loc["then", key], rows.loc["now", key]) for key in POINTS]
    frame = pd.DataFrame(found, columns=["name", "then", "now"])
    return frame.assign(change=frame["now"] - frame["then"])


def none_to_speak_about(unknown: int, of: int) -> tuple[bool, str]:
    """Say that no area below is known to need a word, and whether that is known of all of them."""
    if not unknown:
        return True, _("Every area below is on plan, all in, fully staffed and without open decisions.")
    return False, _(
        "No area below is known to be behind, short of staff or with open decisions; "
        "{unknown} of {of} cannot be judged for want of data."
    ).format(unknown=count(unknown), of=count(of))


def street(row: pd.Series) -> list[str]:
    """Return the lines of a street's card: against plan, units not in, posts short, backlog, open decisions."""
    return [
        _("Resolved {rate}, plan {planned}").format(
            rate=percent(row["resolution_rate"]), planned=percent(row["planned_share"])
        ),
        _("Units not in: {units} of {due}").format(units=count(row["units_not_in"]), due=count(row["leaves_due"])),
        _("Posts short: {posts}").format(posts=count(row["posts_short"])),
        _("Backlog: {households} households").format(households=count(row["behind_hh"])),
        _("Open decisions: {decisions}, not done: {missed}").format(
            decisions=count(row["open_decisions"]), missed=count(row["missed"])
        ),
    ]
