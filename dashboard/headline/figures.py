"""The six cards of the command centre, each with its change, its course and its definition."""

from __future__ import annotations

import pandas as pd

from dashboard.cards import Card
from dashboard.headline import staffing
from dashboard.headline.names import INDICATORS, SOURCES, name
from dashboard.headline.sentences import after_deadline, is_range, join, not_in, unframed
from dashboard.i18n import _, count, count_span, day, ngettext, percent, permille, points, signed, span
from queries.indicators import INDICATORS as FORMULAS
from queries.view import View


def since_yesterday(days: pd.DataFrame, name: str) -> float:
    """Return the change of a daily figure since the day before; missing unless returns came on both days."""
    if len(days) < 2 or not days["came"].iloc[-2:].all():
        return float("nan")
    return float(days[name].iloc[-1] - days[name].iloc[-2])


def completion(area: pd.Series, days: pd.DataFrame, view: View) -> Card:
    """Return the card of the resolution rate, a range while units are not in, beside the plan."""
    change = 100 * since_yesterday(days, "resolution_rate")
    return Card(
        _("Resolution rate"),
        span(area["resolution_low"], area["resolution_high"]) if is_range(area) else percent(area["resolution_rate"]),
        None if pd.isna(change) else _("{points} points").format(points=points(change)),
        _("since yesterday; plan {planned}").format(planned=percent(area["planned_share"])),
        join(
            _("{resolved} resolved of {frame} frame households; as of {day}.").format(
                resolved=count(area["framed_resolved"]), frame=count(area["hh_frame"]), day=day(view.as_of)
            ),
            unframed(area),
        ),
        tuple(100 * days["resolution_rate"]),
    )


def today(area: pd.Series, days: pd.DataFrame) -> Card:
    """Return the card of the day's increment against the required pace; no change where it could go either way."""
    change = area["increment"] - area["increment_before"]
    if change < 0 and area["increment_high"] >= area["increment_before"]:
        change = float("nan")
    meaning = _(
        "Households resolved since the day before. Required: {left} pending households ÷ working days left."
    ).format(left=count(area["hh_open"]))
    return Card(
        _("Resolved today"),
        count_span(area["increment"], area["increment_high"]),
        None if pd.isna(change) else signed(change),
        needed(area),
        join(meaning, _("Upper bound: with every household open in the units not in.") if not_in(area) else None),
        tuple(days["increment"].dropna()),
        "green" if area["day_work"] == "enough" else "orange" if area["day_work"] == "short" else "off",
    )


def needed(area: pd.Series) -> str:
    """Say what a day needs, and whether this one reached it."""
    required = count(area["required_pace"])
    if area["day_work"] == "enough":
        return _("since yesterday; {required} a day needed: reached").format(required=required)
    most = area["increment_high"]
    if area["day_work"] == "short" and 0 < area["required_pace"] < float("inf") and most < area["required_pace"]:
        return _("since yesterday; {required} a day needed: {share} under").format(
            required=required, share=percent(1 - most / area["required_pace"], 0)
        )
    return _("since yesterday; {required} a day needed").format(required=required)


def deadline(phase: pd.Series, view: View) -> Card:
    """Return the card of the days left to the area's own deadline."""
    days_left = int(phase["working_days_left"])
    calendar_days = (pd.Timestamp(phase["end"]) - pd.Timestamp(view.as_of)).days
    value = ngettext("{days} day", "{days} days", abs(calendar_days)).format(days=count(abs(calendar_days)))
    label = _("Past the deadline") if after_deadline(phase, view) else _("Left to the deadline")
    return Card(
        label,
        value,
        None,
        ngettext("{days} working day", "{days} working days", days_left).format(days=count(days_left)),
        _("From the day after {day} to the last day of the phase, {end}, inclusive.").format(
            day=day(view.as_of), end=day(phase["end"])
        ),
    )


def reporting(area: pd.Series, days: pd.DataFrame, phase: pd.Series) -> Card:
    """Return the card of the reporting rate with the units that are not in."""
    change = 100 * since_yesterday(days, "reporting_rate")
    units = not_in(area)
    note = ngettext("{units} of {due} units not in", "{units} of {due} units not in", units)
    return Card(
        _("Reporting rate"),
        percent(area["reporting_rate"]),
        None if pd.isna(change) else _("{points} points").format(points=points(change)),
        note.format(units=count(units), due=count(area["leaves_due"])) if area["leaves_due"] else _("no return due"),
        _("{reported} returns of {due} due; daily cut-off {cutoff}; on time {on_time}.").format(
            reported=count(area["leaves_reported"]),
            due=count(area["leaves_due"]),
            cutoff=f"{phase['cutoff']:%H:%M}",
            on_time=percent(area["on_time_rate"]),
        ),
        tuple(100 * days["reporting_rate"]),
    )


def posts(roles: pd.DataFrame, days: pd.DataFrame) -> Card:
    """Return the card of posts short, enumerators and supervisors apart."""
    course = days.groupby("date")["shortfall"].sum(min_count=1) if len(days) else pd.Series(dtype=float)
    change = course.diff().iloc[-1] if len(course) > 1 and _same_staff(days) else float("nan")
    total = roles.select_dtypes("number").sum(min_count=1)
    return Card(
        _("Posts short"),
        staffing.posts_short(roles),
        None if pd.isna(change) or not change else signed(change),
        " · ".join(filter(None, [_("enumerators / supervisors"), staffing.not_judged(roles)])),
        _(
            "{filled} of {required} posts filled, {rate}; {in_post} in post, {surplus} surplus. Added up over units, "
            "a surplus elsewhere is not set against it; units without a requirement or a return are left out."
        ).format(
            filled=count(total["posts_filled"]),
            required=count(total["required_known"]),
            rate=percent(FORMULAS["fill_rate"].of(total.to_frame().T).iloc[0]),
            in_post=count(total["in_post_known"]),
            surplus=count(total["surplus"]),
        ),
        tuple(course),
        "inverse",
    )


def _same_staff(days: pd.DataFrame) -> bool:
    """Return whether the same roles of as many units were known on the last day and on the one before."""
    reported = days.pivot(index="date", columns="role", values="units_reported").fillna(0)
    return bool((reported.iloc[-1] == reported.iloc[-2]).all())


def unexplained(worst: pd.Series | None) -> Card:
    """Return the card of the comparison whose unexplained part is widest against its tolerance."""
    if worst is None:
        return Card(
            _("Unexplained"), "—", None, _("nothing compared"), _("No comparable departmental figure is filed.")
        )
    return Card(
        _("Unexplained"),
        permille(worst["unexplained_rate"]),
        None,
        _("{indicator}, {source}; tolerance {tolerance}").format(
            indicator=name(INDICATORS, worst["indicator"]),
            source=name(SOURCES, worst["source"]),
            tolerance=permille(worst["tolerance"]),
        ),
        _("{unexplained} unexplained of a difference of {difference}; department {benchmark}. To verify.").format(
            unexplained=count(worst["unexplained"]),
            difference=signed(worst["discrepancy"]),
            benchmark=count(worst["benchmark_value"]),
        ),
    )
