"""What the headline sentences of several pages share: when there is nothing to say yet, and where it sits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from dashboard.i18n import _, count, day, language, ngettext, percent
from queries.view import View

NAMED: Final = 3  # places that a sentence names one by one
BULK: Final = 0.5  # the largest areas that together hold at least this share are named as the few

STREETS: Final = ("street", "town", "zone")
VILLAGES: Final = ("village", "community", "institution")


class Concentration(NamedTuple):
    """How many of the areas hold the bulk of a sum, which share they hold (0-1), and their names, largest first."""

    few: int
    of: int
    share: float
    level: str
    names: tuple[str, ...]


def join(*sentences: str | None) -> str:
    """Put whole sentences one after another, as the language spaces them; None and "" are left out."""
    return (" " if language() == "en" else "").join(filter(None, sentences))


def level(children: pd.DataFrame) -> str:
    """Return "streets", "villages", "eds" or "areas" for the kinds of the areas in a frame."""
    kinds = set(children["kind"]) if "kind" in children else set()
    if kinds and kinds <= set(STREETS):
        return "streets"
    if kinds and kinds <= set(VILLAGES):
        return "villages"
    return "eds" if kinds == {"ed"} else "areas"


def concentration(children: pd.DataFrame, column: str) -> Concentration | None:
    """Return the smallest number of areas that hold the bulk of a column; None where there is no bulk."""
    held = children[column].dropna().clip(lower=0).sort_values(ascending=False, kind="stable")
    if len(children) < 2 or held.sum() <= 0:
        return None
    shares = held.cumsum() / held.sum()
    few = int((shares < BULK).sum()) + 1
    names = tuple(children.loc[held.index[:few], "name"].astype(str))
    return Concentration(few, len(children), float(shares.iloc[few - 1]), level(children), names)


def together(names: Sequence[str]) -> str:
    """Write up to `NAMED` names as one phrase: “A, B and C”; of more, the first ones."""
    first = [str(name) for name in names[:NAMED]]
    if len(first) < 2:
        return "".join(first)
    return _("{others} and {last}").format(others=_(", ").join(first[:-1]), last=first[-1])


def most_in(few: Concentration) -> str:
    """Say which of the few holds most."""
    return _("The most is in {places}.").format(places=together(few.names[:1]))


def before_start(phase: pd.Series, view: View) -> bool:
    """Return whether the day lies before the first day of the phase."""
    return pd.Timestamp(view.as_of) < pd.Timestamp(phase["start"])


def nothing_yet(area: Mapping[str, object] | pd.Series, phase: pd.Series, view: View) -> str | None:
    """Say that the phase has not begun or that nothing was reported; None when there are figures."""
    if before_start(phase, view):
        return _("{phase} starts on {day}: no return is due yet.").format(phase=phase["name"], day=day(phase["start"]))
    if pd.isna(area["hh_resolved"]):
        return _("No return has been received for {area} by {day}.").format(area=area["name"], day=day(view.as_of))
    return None


def after_deadline(phase: pd.Series, view: View) -> bool:
    """Return whether the day lies after the last day of the phase."""
    return pd.Timestamp(view.as_of) > pd.Timestamp(phase["end"])


def not_in(area: pd.Series) -> int:
    """Return how many reporting units are due and not in."""
    due, reported = area["leaves_due"], area["leaves_reported"]
    return 0 if pd.isna(due) or pd.isna(reported) else int(due - reported)


def due(area: pd.Series) -> str | None:
    """Say how many of the units due are in, or that no return is due on the day; None where nothing is known of it."""
    if pd.isna(area["leaves_due"]):
        return None
    if not area["leaves_due"] and not area.get("leaves_off", 0):
        return None
    said = (
        [_("No return is due on this day.")]
        if not area["leaves_due"]
        else [
            _("{reported} of {due} reporting units are in.").format(
                reported=count(area["leaves_reported"]), due=count(area["leaves_due"])
            )
        ]
    )
    off, unasked = area.get("leaves_off", 0), area.get("leaves_unasked", 0)
    if area["leaves_due"] and off > 0:
        said.append(
            ngettext("Of {units} unit no return is due.", "Of {units} units no return is due.", off).format(
                units=count(off)
            )
        )
    if unasked > 0:
        said.append(
            ngettext(
                "{units} return came that was not due: it is counted, and in no reporting rate.",
                "{units} returns came that were not due: they are counted, and in no reporting rate.",
                unasked,
            ).format(units=count(unasked))
        )
    return join(*said)


def unframed(area: Mapping[str, Any] | pd.Series) -> str | None:
    """Say how many units have no frame and what they have resolved, which is in no rate; None without any."""
    units = area["leaves_unframed"]
    if pd.isna(units) or not units:
        return None
    return ngettext(
        "{units} unit without a frame: {households} households resolved, outside the rate.",
        "{units} units without a frame: {households} households resolved, outside the rate.",
        units,
    ).format(units=count(units), households=count(area["unframed_resolved"]))


def missing(area: pd.Series) -> str | None:
    """Say how many units are not in, between which bounds the rate lies and how much is carried; None when all are."""
    units = not_in(area)
    if not units:
        return _still_missing(area)
    if pd.isna(area["resolution_low"]) or pd.isna(area["resolution_high"]):
        return ngettext(
            "{units} of {due} reporting units is not in.", "{units} of {due} reporting units are not in.", units
        ).format(units=count(units), due=count(area["leaves_due"]))
    said = ngettext(
        "{units} of {due} reporting units is not in, so the resolution rate lies between {low} and {high}.",
        "{units} of {due} reporting units are not in, so the resolution rate lies between {low} and {high}.",
        units,
    ).format(
        units=count(units),
        due=count(area["leaves_due"]),
        low=percent(area["resolution_low"]),
        high=percent(area["resolution_high"]),
    )
    return join(said, _carried(area))


def _still_missing(area: pd.Series) -> str | None:
    """Say on a day off what the units that were not in when a return was last due leave open."""
    if not area["hh_open_missing"] > 0:
        return None
    return _("Units were not in when a return was last due: the resolution rate lies between {low} and {high}.").format(
        low=percent(area["resolution_low"]), high=percent(area["resolution_high"])
    )


def is_range(area: pd.Series) -> bool:
    """Return whether units that are not in leave the resolution rate open."""
    return bool(not_in(area) or area["hh_open_missing"] > 0)


def _carried(area: pd.Series) -> str | None:
    if not area["carried_share"] > 0:
        return None
    return _("{share} of the resolved households are carried forward from earlier days.").format(
        share=percent(area["carried_share"])
    )


def at_least(area: pd.Series) -> str | None:
    """Say that sums of counts without a frame are lower bounds while units are not in; None when all are in."""
    units = not_in(area)
    if not units:
        return None
    return ngettext(
        "{units} of {due} reporting units is not in: sums of the returns are at least what is shown.",
        "{units} of {due} reporting units are not in: sums of the returns are at least what is shown.",
        units,
    ).format(units=count(units), due=count(area["leaves_due"]))
