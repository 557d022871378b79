"""One line for each place that needs attention now: what is wrong there, the likely cause, what it is worth."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dashboard.glossary import N_
from dashboard.headline.names import INDICATORS, SOURCES, name
from dashboard.headline.sentences import join
from dashboard.i18n import _, count, is_unknown, ngettext, number, percent, signed

COLUMNS = ["area_id", "name", "parent_name", "line", "worth", "unit", "share"]
EVERY = 99  # matters that a line has room for where nothing limits it
UNJUDGED = {
    "completion": N_("completion against plan"),
    "returns": N_("returns of the day"),
    "uncovered_eds": N_("enumeration districts without an enumerator"),
    "own_totals": N_("own totals against returns"),
    "departments": N_("departments' figures"),
}


def places(matters: pd.DataFrame, most: int = EVERY) -> pd.DataFrame:
    """Return one row a place from the matters of `queries.attention`, in their order.

    Columns: area_id, name, parent_name; line (its matters in words, without its name: `most` of them, the heaviest
    first, and how many more); worth and share of its heaviest matter, in households or persons (unit).
    """
    rows = []
    for area_id, found in matters.groupby("area_id", sort=False):
        heaviest = found.loc[found["share"].fillna(-1.0).idxmax()]
        kept = {column: heaviest[column] for column in ("name", "parent_name", "worth", "unit", "share")}
        rows.append({"area_id": int(area_id), "line": line(found, most), **kept})
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"name": "str", "parent_name": "str", "line": "str", "unit": "str"})


def line(found: pd.DataFrame, most: int = EVERY) -> str:
    """Return the matters of one place in words, without its name."""
    said = list(_said(found))
    more = len(said) - most
    left = ngettext("{more} further matter.", "{more} further matters.", more) if more > 0 else ""
    return join(*said[:most], _worth(found), left.format(more=count(more)))


def nothing(unjudged: pd.DataFrame | None) -> tuple[bool, str]:
    """Return what to say where no matter was found, and whether that is known to be good news.

    Parameters
    ----------
    unjudged : DataFrame or None
        As `queries.attention.look` gives it; None where it was not kept.
    """
    if unjudged is not None and unjudged.empty:
        return True, _("Nothing here or right below needs attention now.")
    said = _("Nothing that needs attention has been found.")
    return False, said if unjudged is None else join(said, not_judged(unjudged))


def not_judged(unjudged: pd.DataFrame) -> str | None:
    """Say what could not be judged, and of how many places; None where everything could."""
    if unjudged.empty:
        return None
    parts = [
        _("{what} ({places} of {of})").format(what=name(UNJUDGED, row.what), places=count(row.places), of=count(row.of))
        for row in unjudged.itertuples()
    ]
    return _("Not judged for want of data, in places: {what}.").format(what=_("; ").join(parts))


def _said(found: pd.DataFrame) -> Iterator[str]:
    told = set()
    for _n, matter in found.iterrows():
        what = matter["what"]
        if what in ("own_total_differs", "unexplained"):  # several figures of one kind in one sentence
            if what not in told:
                same = found[found["what"] == what]
                yield _own_totals(same) if what == "own_total_differs" else _unexplained(same)
            told.add(what)
            continue
        yield join(_what(matter), _cause(matter))


def _what(matter: pd.Series) -> str:
    amount = 0 if pd.isna(matter["number"]) else int(abs(matter["number"]))
    match matter["what"]:
        case "behind_plan":
            gap = matter.get("gap_points")
            if is_unknown(gap) or gap >= 0:
                return _("Behind plan.")
            return _("{points} percentage points behind plan.").format(points=number(-gap, 1))
        case "perhaps_behind":
            return _("Behind plan if the units not in have done nothing since.")
        case "red_in_green":
            return ngettext(
                "On plan as a whole, yet {number} unit inside is far behind.",
                "On plan as a whole, yet {number} units inside are far behind.",
                amount,
            ).format(number=count(amount))
        case "uncovered_eds":
            return ngettext(
                "{number} enumeration district has no enumerator.",
                "{number} enumeration districts have no enumerator.",
                amount,
            ).format(number=count(amount))
        case "silent":
            return _("Its return of the day is not in.")
        case "not_reported":
            return ngettext(
                "{number} reporting unit is not in.", "{number} reporting units are not in.", amount
            ).format(number=count(amount))
    return _("To be looked at.")


def _own_totals(found: pd.DataFrame) -> str:
    figures = [
        _("{indicator} {difference}").format(indicator=name(INDICATORS, row.indicator), difference=signed(row.number))
        for row in found.itertuples()
    ]
    return _("Its own total is not what its units returned: {figures}.").format(figures=_("; ").join(figures))


def _unexplained(found: pd.DataFrame) -> str:
    """Say which figure is furthest beyond its tolerance, and name the others."""
    first = found.iloc[0]
    if "times" in found and found["times"].notna().any():
        first = found.loc[found["times"].idxmax()]
    others = [name(INDICATORS, code) for code in found["indicator"] if code != first["indicator"]]
    also = _("Also far beyond tolerance: {indicators}.").format(indicators=_(", ").join(others)) if others else None
    return join(_widest(first), also)


def _widest(matter: pd.Series) -> str:
    rate, times = matter.get("rate"), matter.get("times")
    if is_unknown(rate) or is_unknown(times):
        return _("Unexplained discrepancy, to verify: {indicator}.").format(
            indicator=name(INDICATORS, matter["indicator"])
        )
    words = {
        "indicator": name(INDICATORS, matter["indicator"]),
        "source": name(SOURCES, matter["source"]),
        "rate": percent(abs(rate)),
        "times": number(times, 1),
    }
    if rate < 0:
        return _(
            "To verify: {indicator}, {rate} below the figure of {source}; unexplained {times} times what is tolerated."
        ).format(**words)
    return _(
        "To verify: {indicator}, {rate} above the figure of {source}; unexplained {times} times what is tolerated."
    ).format(**words)


def _cause(matter: pd.Series) -> str | None:
    match matter["cause"]:
        case "short_staff":
            return _("Likely cause: too few enumerators.")
        case "late_returns":
            return _("Likely cause: returns come late.")
        case "absent_households":
            return _("Likely cause: many households are not met at home.")
        case "slow_pace":
            return _("Likely cause: the daily pace is too low.")
    return None


def _worth(found: pd.DataFrame) -> str | None:
    """Say what the heaviest matter is worth; of several it is the least that the place is worth."""
    known = found[found["worth"].round() > 0]
    if known.empty:
        return None
    heaviest = known.loc[known["share"].fillna(-1.0).idxmax()]
    worth, at_least = round(heaviest["worth"]), len(known) > 1
    if heaviest["unit"] == "persons":
        said = (
            ngettext("Worth at least {worth} person.", "Worth at least {worth} persons.", worth)
            if at_least
            else ngettext("Worth {worth} person.", "Worth {worth} persons.", worth)
        )
    else:
        said = (
            ngettext("Worth at least {worth} household.", "Worth at least {worth} households.", worth)
            if at_least
            else ngettext("Worth {worth} household.", "Worth {worth} households.", worth)
        )
    return said.format(worth=count(worth))
