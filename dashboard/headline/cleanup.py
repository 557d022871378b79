"""How far the register clean-up is, what is overdue, and who has not reported."""

from __future__ import annotations

import pandas as pd

from dashboard.cards import Card
from dashboard.headline.names import name
from dashboard.headline.names_of_cleanup import BATCHES, DEADLINES, kind_name, listed
from dashboard.headline.sentences import join
from dashboard.i18n import _, count, day, ngettext, percent, points, short_day, span
from queries.cleanup import BATCHES as TYPES_OF
from queries.masking import is_below_street
from queries.view import View


def sentence(area: pd.Series, whole: pd.Series, children: pd.DataFrame, view: View) -> str:
    """Return the finding of the page.

    Parameters
    ----------
    area, whole : Series
        Row of `queries.cleanup.of_area` and of `queries.cleanup.whole`.
    children : DataFrame
        The same cases of the areas right below.
    """
    if is_below_street(area["kind"]):
        return _("{area} lies below the streets: the clean-up is reported by street and police station.").format(
            area=area["name"]
        )
    if not area["returns"]:
        return _("No clean-up return has been received for {area} by {day}.").format(
            area=area["name"], day=day(view.as_of)
        )
    return join(_cases(area, whole), _most_overdue(children), *missing(area))


def _cases(area: pd.Series, whole: pd.Series) -> str:
    if pd.isna(whole["found"]):
        return _("The clean-up returns of {area} do not state any cases yet.").format(area=area["name"])
    words = {
        "area": area["name"],
        "found": count(whole["found"]),
        "resolved": count(whole["resolved"]),
        "pending": count(whole["pending"]),
        "overdue": count(whole["overdue"]),
        "rate": span(whole["rate_low"], whole["rate_high"]),
    }
    if whole["kind"] == "categories":
        return _(
            "In {area}, {resolved} of {found} persons found in the six categories are resolved ({rate}); "
            "{pending} are pending, {overdue} of them overdue."
        ).format(**words)
    return _(
        "In {area}, {resolved} of {found} cases found by issue type are resolved ({rate}); "
        "{pending} are pending, {overdue} of them overdue."
    ).format(**words)


def _most_overdue(children: pd.DataFrame) -> str | None:
    held = children[children["overdue"] > 0] if len(children) > 1 else children.iloc[:0]
    if held.empty:
        return None
    worst = held.loc[held["overdue"].idxmax()]
    return _("{share} of the overdue cases are in {area}.").format(
        share=percent(worst["overdue"] / held["overdue"].sum(), 0), area=worst["name"]
    )


def missing(area: pd.Series) -> list[str]:
    """Return the note on streets that have never reported, so that sums are lower bounds; nothing when all have."""
    streets = int(area["streets_due"] - area["streets_in"])
    if streets <= 0:
        return []
    said = ngettext(
        "{streets} of {due} streets has not reported: the sums are lower bounds.",
        "{streets} of {due} streets have not reported: the sums are lower bounds.",
        streets,
    )
    return [said.format(streets=count(streets), due=count(area["streets_due"]))]


def none_missing(area: pd.Series) -> tuple[bool, str]:
    """Say that no street or station is listed as missing, and whether there are streets that could be."""
    if not area["streets_due"] > 0:
        return False, _("No street lies in this area: nobody is expected to file a clean-up return.")
    return True, _("Every street and station that files is in.")


def freshness(area: pd.Series, newest: pd.Timestamp | None, view: View) -> str:
    """Say of which day the figures are, how many returns are in, and whether later ones are on file."""
    said = [
        _("As of {day}: the latest return of each street and police station.").format(day=day(view.as_of)),
        _("{streets} of {due} streets are in, with {returns} returns; {carried} of them are older.").format(
            streets=count(area["streets_in"]),
            due=count(area["streets_due"]),
            returns=count(area["returns"]),
            carried=count(area["carried"]),
        ),
    ]
    if newest is not None and newest > pd.Timestamp(view.as_of):
        said.append(_("Returns up to {day} are on file; choose a later day to see them.").format(day=day(newest)))
    return join(*said)


def figures(area: pd.Series, whole: pd.Series, days: pd.DataFrame, deadlines: pd.DataFrame) -> list[Card]:
    """Return the cards of the page: rate, pending, overdue, next deadline, streets in."""
    rates = days["rectification_rate"]
    change = 100 * (rates.iloc[-1] - rates.iloc[-2]) if len(rates) > 1 else float("nan")
    before = days.iloc[-2] if len(days) > 1 else None
    return [
        Card(
            _("Rectification rate"),
            span(whole["rate_low"], whole["rate_high"]),
            None if pd.isna(change) else _("{points} points").format(points=points(change)),
            kind_name(whole["kind"]),
            _("{resolved} resolved ÷ {found} found, of returns that state both.").format(
                resolved=count(whole["resolved_known"]), found=count(whole["found_known"])
            ),
            tuple(100 * rates),
        ),
        _since(_("Cases pending"), "pending", whole, before, days, kind_name(whole["kind"])),
        _since(
            _("Cases overdue"),
            "overdue",
            whole,
            before,
            days,
            _("{share} of what was found").format(share=percent(whole["overdue_share"])),
        ),
        _deadline(deadlines),
        Card(
            _("Streets in"),
            _("{streets} of {due}").format(streets=count(area["streets_in"]), due=count(area["streets_due"]))
            if area["streets_due"]
            else "—",
            None,
            ngettext("{returns} return", "{returns} returns", area["returns"]).format(returns=count(area["returns"])),
            _("Streets with a return of any police station by the day; those without count as unknown, not as 0."),
        ),
    ]


def _since(label: str, part: str, whole: pd.Series, before: pd.Series | None, days: pd.DataFrame, note: str) -> Card:
    change = None if before is None else whole[part] - before[part]
    return Card(
        label,
        count(whole[part]),
        None if change is None or pd.isna(change) or not change else f"{change:+,.0f}",
        note,
        _("Cases; the change is since the last day on which returns came."),
        tuple(days[part]),
        "inverse",
    )


def _deadline(deadlines: pd.DataFrame) -> Card:
    coming = deadlines[deadlines["state"] == "open"]
    if coming.empty:
        return Card(_("Next deadline"), "—", None, _("none open in the calendar"), _("The census calendar sets it."))
    row = coming.iloc[0]
    left = int(row["days_left"])
    return Card(
        _("Next deadline"),
        ngettext("{days} day", "{days} days", left).format(days=count(left)),
        None,
        day(row["due"]),
        name(DEADLINES, row["deadline"]),
    )


def batches(rows: pd.DataFrame, kinds: pd.DataFrame) -> list[Card]:
    """Return a card a batch: what was resolved of what was found; person-times are told beside the errors."""
    items = kinds.set_index("kind").loc["item_correction"]
    cards = []
    for row in rows.itertuples():
        note = _("of {found} found; {pending} pending")
        if row.batch == "corrected":
            note = _("of {found} found; {pending} pending; items: {items} of {all} person-times")
        said = note.format(
            found=count(row.found),
            pending=count(row.pending),
            items=count(items["resolved"]),
            all=count(items["found"]),
        )
        types = listed(kind_name(kind) for kind in TYPES_OF[str(row.batch)])
        cards.append(Card(name(BATCHES, row.batch), count(row.resolved), None, said, types))
    return cards


def labels(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `label`, the sentence that a chart shows for a bar, to rows of cases with a name."""
    text = _("{what}: {found} found, {resolved} resolved, {pending} pending, {overdue} of them overdue; {rate}")
    return rows.assign(
        label=[
            text.format(
                what=row.what,
                found=count(row.found),
                resolved=count(row.resolved),
                pending=count(row.pending),
                overdue=count(row.overdue),
                rate=span(row.rate_low, row.rate_high),
            )
            for row in rows.rename(columns={"name": "what"}).itertuples()
        ]
    )


def course(days: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the days of one group, with `day` as written on the axis and `label` for each point."""
    rows = days[days["group"] == group]
    text = _("{day}: {found} found, {resolved} resolved, {overdue} overdue; {returns} returns")
    return rows.assign(
        day=[short_day(date) for date in rows["date"]],
        label=[
            text.format(
                day=day(row.date),
                found=count(row.found),
                resolved=count(row.resolved),
                overdue=count(row.overdue),
                returns=count(row.returns),
            )
            for row in rows.itertuples()
        ],
    )


def doors(area: pd.Series) -> list[Card]:
    """Return the cards of door plates, abandoned addresses, centenarians and papers."""
    return [
        Card(
            _("Door plates made"),
            count(area["plates_made"]),
            None,
            _("of {missing} missing").format(missing=count(area["missing_plates"])),
            _("Addresses without a plate, and plates made for them."),
        ),
        Card(
            _("Abandoned addresses"),
            count(area["abandoned_addresses"]),
            None,
            _("{households} households, {persons} persons of nominal hukou").format(
                households=count(area["nominal_households"]), persons=count(area["nominal_persons"])
            ),
            _("Addresses that are gone, and the hukou still kept at them."),
        ),
        Card(
            _("Centenarians"),
            count(area["centenarian_total"]),
            None,
            _("{alive} alive, {cancelled} cancelled as deceased").format(
                alive=count(area["centenarian_alive"]), cancelled=count(area["centenarian_cancelled"])
            ),
            _("On the register at 100 years of age or over: alive and cancelled make the total."),
        ),
        Card(
            _("Without a photo"),
            count(area["photo_missing_18plus"]),
            None,
            _("{old} with an old identity card only").format(old=count(area["old_id_only"])),
            _("Registered persons of 18 years or over."),
        ),
    ]
