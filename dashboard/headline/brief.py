"""What the brief of a check-in says: its heading, what its figures are, its decisions and later changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import pandas as pd

from dashboard.glossary import N_
from dashboard.headline import check_in, decisions, notices
from dashboard.headline.names import INDICATORS, SOURCES, name
from dashboard.headline.positions import AGAINST_PLAN
from dashboard.headline.sentences import VILLAGES, due, is_range, join
from dashboard.i18n import UNKNOWN, _, count, day, language, percent, permille, points, signed, span
from queries.view import View

COUNTS: Final = {
    "hh_resolved": N_("Households resolved"),
    "hh_frame": N_("Frame households"),
    "leaves_reported": N_("Units in"),
}
OUTCOMES: Final = {**decisions.OUTCOMES, "open": decisions.OUTCOMES["waiting"]}
STEPS: Final = {**check_in.STEPS, "then": N_("Still to resolve then"), "now": N_("Still to resolve now")}
ENDS: Final = ("then", "now")
UNITS: Final = {"households": N_("households"), "persons": N_("persons")}
ORDINALS: Final = (N_("1."), N_("2."), N_("3."), N_("4."), N_("5."), N_("6."))


def masthead() -> str:
    """Return what the bulletin is called."""
    return _("Population Census Progress Bulletin")


def issue(number: int) -> str:
    """Return the number of the issue."""
    return _("No. {number}").format(number=number)


def issuer(area: pd.Series) -> str:
    """Return the office that issues the brief of an area (name, kind)."""
    if area["kind"] in (*VILLAGES, "ed"):
        return _("Census Group of {area}").format(area=area["name"])
    return _("Office of the Leading Group for the Population Census, {area}").format(area=area["name"])


def title(area: pd.Series, phase: pd.Series, view: View) -> str:
    """Return the title: the phase, where, as of when."""
    return _("{phase} in {area}: progress as of {day}").format(
        phase=phase["name"], area=area["name"], day=day(view.as_of)
    )


def sheets() -> dict[str, str]:
    """Return what the sheets of the workbook are called, in order."""
    return {
        "overview": _("Overview"),
        "completion": _("Completion"),
        "households": _("Households"),
        "days": _("Day by day"),
        "staffing": _("Staffing"),
        "returns": _("Returns"),
        "discrepancies": _("Discrepancies"),
        "attention": _("Attention now"),
        "bridge": _("Since the last check-in"),
        "decisions": _("Decisions taken"),
        "changes": _("Changed since the close"),
        "notes": _("Notes"),
    }


def chart_titles() -> dict[str, str]:
    """Return what the charts of the workbook show."""
    return {
        "curve": _("Resolution rate day by day against the plan, to the deadline"),
        "completion": _("Resolution rate of each area against its plan"),
        "households": _("Households of the frame by outcome"),
        "enumerator": _("Enumerators required and in post"),
        "supervisor": _("Supervisors required and in post"),
        "returns": _("Reporting rate and on-time rate of each area"),
        "discrepancies": _("Difference from each department's figure"),
        "attention": _("What each matter is worth, as a share of the frame"),
    }


def of_role(role: str, heading: str) -> str:
    """Return a figure of a role."""
    return _("{role}: {figure}").format(role=role, figure=heading)


def meaning(heading: str, explain: str) -> str:
    """Return a heading with what it means."""
    return _("{heading}: {meaning}").format(heading=heading, meaning=explain)


def section(number: int, heading: str) -> str:
    """Return the heading of the nth section, counted from 0, as official documents number them."""
    return (" " if language() == "en" else "").join([_(ORDINALS[number]), heading])


def standing(area: pd.Series, phase: pd.Series, view: View, closed_at: datetime | None) -> str:
    """Say as of when the figures are, how many units are in, and whether the figures are frozen."""
    said: list[str | None] = [
        _("As of {day}, daily cut-off {cutoff}.").format(day=day(view.as_of), cutoff=f"{phase['cutoff']:%H:%M}"),
    ]
    said.append(due(area))
    if closed_at is None:
        said.append(_("As things stand: not frozen by a check-in."))
    else:
        said.append(
            _("Frozen at the close of the check-in, {day}, {time}.").format(
                day=day(closed_at), time=f"{closed_at:%H:%M}"
            )
        )
    return join(*said)


def rate(row: Any) -> str:
    """Return the resolution rate of a completion row: a range over units not in, counts where it is too small."""
    if row["status"] == "small":
        return _("{resolved} of {frame}").format(resolved=count(row["framed_resolved"]), frame=count(row["hh_frame"]))
    return span(row["resolution_low"], row["resolution_high"]) if is_range(row) else percent(row["resolution_rate"])


def units_in(row: Any) -> str:
    """Return how many units are in of those due."""
    if not row["leaves_due"] > 0:
        return UNKNOWN
    return f"{count(row['leaves_reported'])}/{count(row['leaves_due'])}"


def gap(row: Any) -> str:
    """Return the gap to plan in percentage points, nothing where the area is not judged by its plan."""
    return points(row["gap_points"]) if row["position"] in AGAINST_PLAN else UNKNOWN


def compared_heading(compared: tuple[str, str] | None) -> str:
    """Return the heading of the column of unexplained parts: which comparison they are of."""
    if compared is None:
        return _("Unexplained")
    return _("Unexplained: {indicator}, {source}").format(
        indicator=name(INDICATORS, compared[0]), source=name(SOURCES, compared[1])
    )


def unexplained(share: float | None) -> str:
    """Return the unexplained part of a comparison."""
    return permille(share)


def picture(phase: pd.Series) -> str:
    """Return the caption that explains the lines of the S-curve."""
    return _(
        "Share of the frame by day. Solid: resolved. Dashed: plan. Hatched: range over units not in. "
        "Dotted: deadline, {day}."
    ).format(day=day(phase["end"]))


def below_table(more: int, missing: bool) -> str:
    """Say how the table is ordered, what a range is, and how many rows it leaves to the workbook."""
    return join(
        _("Largest backlog first."),
        _("Posts short: enumerators / supervisors."),
        _("A range leaves open what the units not in have done.") if missing else None,
        _("Left to the workbook: {more} more.").format(more=count(more)) if more else None,
    )


def matter(area: str, line: str) -> str:
    """Return a matter with the place that it is about."""
    return _("{area}: {matter}").format(area=area, matter=line)


def left_out(more: int) -> str:
    """Say how many lines are left to the workbook."""
    return _("{more} more in the workbook.").format(more=count(more))


def measure(key: str) -> str:
    """Return what the figure that a decision sets a number for is called."""
    return name(decisions.MEASURES, key)


def promised(commitment: Mapping[str, Any]) -> str:
    """Return which figure is to reach, or to come down to, which number."""
    return decisions.promise(
        commitment["measure"], commitment["number"], commitment["unit"], at_least=commitment["at_least"]
    )


def outcome_word(commitment: Mapping[str, Any]) -> str:
    """Return what became of a decision, in a word."""
    return name(OUTCOMES, commitment["verdict"])


def outcome(commitment: Mapping[str, Any]) -> str:
    """Return what became of a decision, with what its figure came to."""
    word = outcome_word(commitment)
    if commitment["actual"] is None or commitment["verdict"] == "withdrawn":
        return word
    return _("{outcome}: {value}").format(
        outcome=word, value=decisions.amount(commitment["actual"], commitment["unit"])
    )


def counted(code: str) -> str:
    """Return what a count that later returns changed is called."""
    return name(COUNTS, code)


def change(place: str, row: Mapping[str, Any]) -> str:
    """Return what later returns changed in one frozen count of a place."""
    return _("{area}, {count}: {then} when closed, {now} now.").format(
        area=place, count=counted(row["count"]), then=count(row["then"]), now=count(row["now"])
    )


def bridge(steps: Sequence[Mapping[str, Any]]) -> str | None:
    """Return how the pending households came from what they were to what they are, in a line; None without."""
    moved = [row for row in steps if row["step"] in ENDS or row["households"]]
    if not moved:
        return None
    return _("Since the last check-in, in households: {steps}.").format(steps=_("; ").join(map(_moved, moved)))


def _moved(row: Mapping[str, Any]) -> str:
    written = count if row["step"] in ENDS else signed
    return _("{step} {households}").format(step=step(row["step"]), households=written(row["households"]))


def step(code: str) -> str:
    """Return what a step of the bridge is called."""
    return name(STEPS, code)


def unit(code: str) -> str:
    """Return what a matter is counted in."""
    return name(UNITS, code)


def footer(*, simulated: bool) -> list[str]:
    """Return the notices at the foot of the page."""
    lines = [_("Demonstration: simulated returns.")] if simulated else []
    return [
        *lines,
        _("Internal work progress; census data may not be used for performance appraisal."),
        notices.appraisal(),
    ]
