"""Standing notices: what figures may not be used for, what is kept, how missing returns are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.i18n import _, count


def appraisal() -> str:
    """Return the notice that stands at every ranking."""
    return _(
        "The order shows the progress of work only. Census data may not be used to appraise the performance of "
        "local governments, and individual records may not be used as grounds for any penalty."
    )


def same_units() -> str:
    """Return over which units the rates of staff are."""
    return _(
        "Each rate of staff is over the units that tell both of its figures; units without a return or without a "
        "requirement are left out above and below the line."
    )


def to_verify() -> str:
    """Return what a discrepancy is and is not."""
    return _(
        "A discrepancy is something to verify. It does not say which side is right, "
        "and no figure has to be made equal to another."
    )


def chance() -> str:
    """Return how a funnel is to be read, and how its limits are computed."""
    return _(
        "Chance alone keeps 95 % and 99.8 % of units with the pooled rate inside the two bands: exact binomial "
        "quantiles, drawn smooth. A unit inside the outer band does not differ from the others beyond chance; with "
        "many units, one in twenty lies outside the inner band anyway. Households drawn whole make samples less "
        "certain than shown."
    )


def lead() -> str:
    """Return what a lead is and is not."""
    return _("A lead is a reason to visit, never a verdict: honest work can look like this.")


def ranked_leads() -> str:
    """Return how leads are ranked and what their false-alarm rates were measured on."""
    return _(
        "Ranked by how seldom genuine returns raise the same lead, then by how strong it is. Measured on the daily "
        "series of 736 census tracts of the United States over 157 days of 2020, counties taken as streets; what that "
        "series does not hold was not measured."
    )


def privacy() -> str:
    """Return what is kept and what is masked."""
    return _(
        "Only sums are kept: no names, addresses or identity numbers. Below street level, counts under 5 of births, "
        "deaths, residents from Hong Kong, Macao, Taiwan and abroad and persons without hukou are masked, together "
        "with as many more as it takes that neither sums nor other days or sources reveal them; leavers and their "
        "reasons are not shown. While a phase runs, these counts of the daily returns are masked below street level "
        "whatever their size, because the difference of two days would show single events. A street that consists of "
        "one village is treated like the village."
    )


def small_counts() -> str:
    """Return why small counts are hidden at the table that lacks them."""
    return _(
        "＊ is masked: below street level, small counts of births, deaths and residents from Hong Kong, Macao, Taiwan "
        "and abroad, two figures that differ by so few, and as many more as it takes that no sum reveals them; those "
        "of the daily returns all of them while the phase runs."
    )


def missing_returns() -> str:
    """Return how the bounds of a range over missing units are computed."""
    return _(
        "Missing is never zero. A unit that is not in is counted with its last reported figure and marked as carried. "
        "Where units are not in, a rate is given as a range. Lower bound: the carried sum ÷ the frame. "
        "Upper bound: the carried sum and every household still open in the units that are not in ÷ the frame. "
        "A unit that never reported counts with nothing below and with its whole frame above."
    )


def other_bounds() -> list[str]:
    """Return the bounds of the other totals over missing units, one a line."""
    return [
        _("Resolved today: from what the units in have done to that and every household open in the others."),
        _("Posts short: from the shortfall of the units with a staffing return to that and all posts of the others."),
        _("Backlog: a unit that never reported counts with its whole plan, so the figure is an upper bound."),
        _("Persons, births and other counts without a frame: the sum is a lower bound and said to be at least."),
        _("Share carried forward: carried resolved households ÷ all resolved households."),
        _("A unit that is not in has no increment for the day: the table shows a dash, the heat-map a stroke."),
    ]


def silence(limits: Mapping[str, Any]) -> str:
    """Return how days missing and streaks are counted, and by which limits they are judged."""
    green, amber = limits["consecutive_misses"]
    return _(
        "Days missing: days due in a row, up to the day looked at, without a return; a nil return is a return. "
        "Green up to {green}, amber up to {amber}, red beyond. On time in a row: days due in a row with a return on "
        "time; a correction is as punctual as the return that it corrects."
    ).format(green=count(green), amber=count(amber))


def restatements() -> str:
    """Return what is kept of a corrected return, and which figures of it are not shown."""
    return _(
        "Every version of a return is kept. A cumulative count that goes down is marked. Below street level, figures "
        "of births, deaths, residents from Hong Kong, Macao, Taiwan and abroad are masked. "
        "Listed are the latest corrections of the last 60 days."
    )


def bridge() -> str:
    """Return how the bridge since the last check-in is worked out."""
    return _(
        "The steps add up exactly, unit by unit. Change of target: what was resolved then, against the frame of now. "
        "Corrections: what later returns changed in the figures of that day. Newly in: units that were missing then. "
        "Work reported: what has been resolved since. Newly missing units move nothing, because their last figure is "
        "carried; up to as many households as are still open in them may be resolved already."
    )


def verified(escalate_after: int) -> str:
    """Return how decisions are verified, and when they escalate."""
    return _(
        "Each decision is held against the returns of its due day and of every later day with returns: done, done "
        "late, or not done and by how much. No data: units are not in or have no frame, and their households could "
        "decide it; a carried figure alone breaks no promise. Escalated: not done, on {days} or more of these days."
    ).format(days=count(escalate_after))


def sources() -> list[str]:
    """Return where the figures come from, one source a line."""
    return [
        _("Progress: the daily returns of the reporting units, corrected by later versions (indicator 84)."),
        _("Frame: the household-head roster; it changes only by a revision with a reason (indicator 34)."),
        _("Staff: the staffing returns of villages for enumerators and of streets for supervisors."),
        _("Checks: the quality check returns of every level, corrected by later versions (indicators 32, 73–78)."),
        _("Comparisons: figures of departments with their period, cut-off and definition (indicator 65)."),
        _("Plan: the census calendar with its working days and plan curve, by phase and area (indicator 46)."),
        _("Places: the list of statistical division codes, read as text."),
    ]
