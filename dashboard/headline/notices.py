"""Standing notices: what figures may not be used for, what is kept, how missing returns are counted."""

from __future__ import annotations

from dashboard.i18n import _


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
        "Ranked by how seldom genuine returns raise the same lead, then by households. Measured on the daily series "
        "of 736 census tracts of the United States over 157 days of 2020, counties taken as streets; what that series "
        "does not hold was not measured."
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
