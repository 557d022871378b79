"""Standing notices: what figures may not be used for, what is kept, how missing returns are counted."""

from __future__ import annotations

from dashboard.i18n import _, count


def appraisal() -> str:
    """Return the notice that stands at every ranking."""
    return _(
        "The order shows the progress of work only. Census data may not be used to appraise the performance of "
        "local governments, and individual records may not be used as grounds for any penalty."
    )


def to_verify() -> str:
    """Return what a discrepancy is and is not."""
    return _(
        "A discrepancy is something to verify. It does not say which side is right, "
        "and no figure has to be made equal to another."
    )


def privacy() -> str:
    """Return what is kept and what is masked."""
    return _(
        "Only sums are kept: no names, addresses or identity numbers. Below street level, counts under 5 of births, "
        "deaths, residents from Hong Kong, Macao, Taiwan and abroad, persons without hukou and reasons for leaving "
        "are masked, together with one more cell so that subtraction cannot reveal them."
    )


def missing_returns() -> str:
    """Return how the bounds of a range over missing units are computed."""
    return _(
        "Missing is never zero. A unit that is not in is counted with its last reported figure and marked as carried. "
        "Where units are not in, a rate is given as a range. Lower bound: the carried sum ÷ the frame. "
        "Upper bound: the carried sum and every household still open in the units that are not in ÷ the frame. "
        "A unit that never reported counts with nothing below and with its whole frame above."
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
        "late, or not done and by how much. No data: units are not in, and what they may have done could decide it; "
        "a carried figure alone breaks no promise. Escalated: not done, on {days} or more of these days."
    ).format(days=count(escalate_after))


def sources() -> list[str]:
    """Return where the figures come from, one source a line."""
    return [
        _("Progress: the daily returns of the reporting units, corrected by later versions (indicator 84)."),
        _("Frame: the household-head roster; it changes only by a revision with a reason (indicator 34)."),
        _("Staff: the staffing returns of villages for enumerators and of streets for supervisors."),
        _("Comparisons: figures of departments with their period, cut-off and definition (indicator 65)."),
        _("Plan: the census calendar with its working days and plan curve, by phase and area (indicator 46)."),
        _("Places: the list of statistical division codes, read as text."),
    ]
