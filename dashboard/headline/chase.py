"""The text to paste into a chat: which units are not in, since when, and what to do. It names no person."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.sentences import join
from dashboard.i18n import _, count, day, ngettext, short_day
from queries.view import View


def text(rows: pd.DataFrame, name: str, due: float, phase: pd.Series, view: View) -> str:
    """Return the reminder to one area, or to several of them group by group.

    Parameters
    ----------
    rows : DataFrame
        Units not in, as `queries.returns.not_in` gives them.
    name : str
        Whom the reminder goes to: the viewed area, or one below it.
    due : float
        Units due there.
    phase : Series
        name, cutoff and grace_minutes.
    """
    lines = [_("Daily return of {day} · {phase} · {area}").format(day=day(view.as_of), phase=phase["name"], area=name)]
    lines.append(
        ngettext(
            "Cut-off {cutoff} with {minutes} minutes of grace: {units} of {due} units is not in.",
            "Cut-off {cutoff} with {minutes} minutes of grace: {units} of {due} units are not in.",
            len(rows),
        ).format(
            cutoff=f"{phase['cutoff']:%H:%M}",
            minutes=count(phase["grace_minutes"]),
            units=count(len(rows)),
            due=count(due),
        )
    )
    groups = rows.groupby("group_id", sort=False)
    for _group, part in groups:
        if len(groups) > 1:
            lines.append(_("■ {area}: {units}").format(area=part["group_name"].iloc[0], units=count(len(part))))
        lines += [f"{n}. {_unit(row)}" for n, (_index, row) in enumerate(part.iterrows(), start=1)]
    lines.append(
        join(
            _("Please send the return now; if nothing was done today, send a nil return."),
            _("Until then the last figure is carried forward and marked as such."),
        )
    )
    return "\n".join(lines)


def _unit(row: pd.Series) -> str:
    if pd.isna(row["last_return"]):
        said = _("{unit}: no return so far")
    elif row["days_missing"] > 1:
        said = _("{unit}: missing {days} days in a row, last return {last}")
    else:
        said = _("{unit}: last return {last}")
    said = said.format(
        unit=row["name"],
        days=count(row["days_missing"]),
        last="" if pd.isna(row["last_return"]) else short_day(row["last_return"]),
    )
    if pd.isna(row["hh_open"]):
        return said
    pending = ngettext("{households} household open", "{households} households open", row["hh_open"])
    return _("{unit}, {pending}").format(unit=said, pending=pending.format(households=count(row["hh_open"])))
