"""How far the register clean-up is: what was found, resolved, is pending and overdue (indicators 77-83).

The figures of a day are those of the latest return of each street and police station on or before
it, added up and never netted. A return that does not state a count leaves it unknown.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import Select, Subquery, and_, case, func, select

from queries.areas import named, within
from queries.cleanup_calendar import due_below
from queries.counts import (
    CLEANUP_COUNTS,
    CLEANUP_KINDS,
    CLEANUP_RESULTS,
    CLEANUP_STATES,
    ISSUE_TYPES,
    NO_HUKOU_SETTLED,
    PERSON_CATEGORIES,
    PERSON_TIMES,
)
from queries.database import fetch
from queries.indicators import CLEANUP_INDICATORS, INDICATORS, ratio, status, with_indicators
from queries.masking import BELOW_STREET
from queries.schema import area, cleanup_return
from queries.settings import settings
from queries.view import View

STREETS: Final = ("street", "town", "zone")
# Kinds that are added up: person-times are no persons and stay apart.
GROUPS: Final = {
    "categories": PERSON_CATEGORIES,
    "issues": tuple(kind for kind in ISSUE_TYPES if kind not in PERSON_TIMES),
}
FLAGS: Final = ("db_updated", "materials_handed_over")
# The five batches in which a clean-up reports, on the issue types; person-times are told beside them.
BATCHES: Final = {
    "violations": ("multiple_hukou",),
    "cancelled": ("not_cancelled",),
    "registered": ("pending_registration", "temporary_unregistered"),
    "moved": ("nominal_hukou",),
    "corrected": ("id_number",),
}


def of_area(view: View) -> pd.DataFrame:
    """Return the clean-up of the viewed area: one row, columns as `statistics`; none outside the scope."""
    return _places(view, itself=True)


def statistics(view: View) -> pd.DataFrame:
    """Return every count of the clean-up for each area right below the viewed one, or for a street itself.

    Columns: area_id, code, name, kind; streets_due, streets_in (streets of the area, and those with a
    return), returns, carried (streets and stations that file, and those whose last return is older than
    the reporting period); report_date (of the oldest figure); every count of form E (persons, households,
    cases, person-times), missing where no return states it; and for each of `GROUPS` its sums, such as
    categories_found.
    """
    below = _places(view, itself=False)
    return below if len(below) else _places(view, itself=True)


def by_child(view: View, kind: str) -> pd.DataFrame:
    """Return one kind, or one of `GROUPS`, for each area right below the viewed one, down to streets.

    One row a child, also without any return (counts missing). Columns: area_id, code, name, kind;
    streets_due, streets_in, returns, carried, report_date; found, resolved, pending, overdue (cases);
    found_known, resolved_known, found_judged, overdue_judged (of the returns that state both);
    rectification_rate (77) and its bounds rate_low, rate_high (0-1: with nothing, or everything open,
    resolved where the last return is old); overdue_share (0-1 of found); status (of the overdue share).
    """
    rows = latest(view)
    return judged(_summed(view, _below(view, itself=False), rows, cases(rows, kind)))


def by_kind(view: View) -> pd.DataFrame:
    """Return each category and issue type of the viewed area, and the sums of `GROUPS`.

    Columns: group (categories, issues), kind (or the name of the group), stated (returns that state what
    was found), returns; counts and rates as `by_child`.
    """
    rows = latest(view)
    found = []
    for group, kinds in (("categories", PERSON_CATEGORIES), ("issues", ISSUE_TYPES)):
        for kind in (*kinds, group):
            figures = cases(rows, kind)
            told = {"group": group, "kind": kind, "stated": figures["found"].notna().sum(), "returns": len(rows)}
            found.append({**told, **figures.sum(min_count=1)})
    return judged(pd.DataFrame(found))


def whole(kinds: pd.DataFrame) -> pd.Series:
    """Return the row of `by_kind` that stands for the clean-up as a whole: the categories, else the issue types."""
    rows = kinds.set_index("kind", drop=False)
    return rows.loc["categories" if pd.notna(rows.loc["categories", "found"]) else "issues"]


def batches(view: View) -> pd.DataFrame:
    """Return the five batches of the viewed area: batch, found, resolved, pending, overdue (cases)."""
    rows = latest(view)
    found = [
        {"batch": batch, **_together(rows, kinds)[list(CLEANUP_STATES)].sum(min_count=1)}
        for batch, kinds in BATCHES.items()
    ]
    return pd.DataFrame(found)


def results(view: View) -> pd.DataFrame:
    """Return by what the cases of the viewed area were closed: result, number, stated, returns.

    number is missing, not 0, where no return states it. Parts of a result follow it.
    """
    rows = latest(view)
    names = [*CLEANUP_RESULTS, *NO_HUKOU_SETTLED]
    return pd.DataFrame(
        {
            "result": names,
            "number": rows[names].sum(min_count=1).to_numpy(dtype=float),
            "stated": rows[names].notna().sum().to_numpy(),
            "returns": len(rows),
        }
    )


def course(view: View) -> pd.DataFrame:
    """Return the sums of `GROUPS` for each day on which a return came, of the returns that stood on it.

    Columns: date, group, found, resolved, pending, overdue, rectification_rate (77), returns.
    """
    names = [f"{kind}_{state}" for kind in CLEANUP_KINDS for state in CLEANUP_STATES]
    rows = fetch(
        _scoped(view, select(cleanup_return.c.area_id, cleanup_return.c.police_station, cleanup_return.c.report_date))
        .add_columns(*(cleanup_return.c[name] for name in names))
        .where(~cleanup_return.c.is_nil)
        .order_by(cleanup_return.c.report_date)
    )
    pair = rows.groupby(["area_id", "police_station"], sort=False).ngroup()
    found = []
    for group in GROUPS:
        figures = cases(rows.assign(carried=False), group)
        standing = figures.set_index([rows["report_date"], pair]).unstack().ffill()
        days = pd.DataFrame({name: standing[name].sum(axis=1, min_count=1) for name in figures})
        days = days.assign(returns=standing["found"].notna().sum(axis=1), group=group)
        found.append(with_indicators(days, CLEANUP_INDICATORS).rename_axis("date").reset_index())
    return pd.concat(found, ignore_index=True)


def not_in(view: View) -> pd.DataFrame:
    """Return streets without any return, and streets and stations whose last one is older than the period.

    Columns: area_id, name, police_station (missing where nothing ever came), report_date, days_missing.
    Those never in come first, then the longest silent.
    """
    streets, rows = _streets(view), latest(view)
    never = streets[~_covered(streets, rows)].assign(police_station=None, filed=pd.NaT)
    old = rows[rows["carried"]]
    names = ["area_id", "name", "police_station", "filed"]
    late = pd.concat([part[names] for part in (never, old) if len(part)]) if len(never) + len(old) else old[names]
    late = late.rename(columns={"filed": "report_date"}).assign(report_date=lambda f: pd.to_datetime(f["report_date"]))
    late = late.assign(days_missing=(pd.Timestamp(view.as_of) - late["report_date"]).dt.days.astype("float64"))
    return late.sort_values("report_date", na_position="first", kind="stable", ignore_index=True)


def newest(view: View) -> pd.Timestamp | None:
    """Return the day of the newest return on file for the viewed area, whatever the as-of date."""
    day = fetch(_placed(view, select(func.max(cleanup_return.c.report_date).label("newest"))))["newest"].iloc[0]
    return None if pd.isna(day) else day


def cases(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return found, resolved, pending, overdue of a kind, or of one of `GROUPS`, one row a return.

    found_known and resolved_known are those of returns that state both, found_judged and overdue_judged
    likewise; may_close is what is pending where the return is an old one.
    """
    return _together(rows, GROUPS.get(kind, (kind,)))


def _together(rows: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    names = [f"{kind}_{state}" for kind in kinds for state in CLEANUP_STATES]
    found, resolved, pending, overdue = np.moveaxis(
        rows[names].to_numpy(dtype=float).reshape(len(rows), len(kinds), len(CLEANUP_STATES)), 2, 0
    )
    found = np.where(np.isnan(found), resolved + pending, found)  # the third follows from the other two
    resolved = np.where(np.isnan(resolved), found - pending, resolved)
    pending = np.where(np.isnan(pending), found - resolved, pending)
    known, judged = ~np.isnan(found + resolved), ~np.isnan(found + overdue)
    old = rows["carried"].to_numpy(dtype=bool)[:, None]
    measures = {
        "found": found,
        "resolved": resolved,
        "pending": pending,
        "overdue": overdue,
        "found_known": np.where(known, found, np.nan),
        "resolved_known": np.where(known, resolved, np.nan),
        "found_judged": np.where(judged, found, np.nan),
        "overdue_judged": np.where(judged, overdue, np.nan),
        "may_close": np.where(known & old, pending, 0.0),
    }
    return pd.DataFrame({name: _added(values) for name, values in measures.items()}, index=rows.index)


def _added(values: np.ndarray) -> np.ndarray:
    """Return the sum of each row, missing where nothing in it is known."""
    total = np.nansum(values, axis=1)
    total[np.isnan(values).all(axis=1)] = np.nan
    return np.asarray(total)


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Add to sums of `cases` the rates, their bounds and the status of the overdue share."""
    rows = with_indicators(rows, CLEANUP_INDICATORS)
    limits = settings()["rectification_overdue"]
    return rows.assign(
        rate_low=rows["rectification_rate"],
        rate_high=ratio(rows["resolved_known"] + rows["may_close"], rows["found_known"]),
        status=status(rows["overdue_share"], limits, high_is_good=False),
    )


def _every_count(rows: pd.DataFrame) -> pd.DataFrame:
    sums = [cases(rows, group).add_prefix(f"{group}_") for group in GROUPS]
    kinds = [cases(rows, kind)[list(CLEANUP_STATES)].add_prefix(f"{kind}_") for kind in CLEANUP_KINDS]
    counts = [name for name in CLEANUP_COUNTS if not name.endswith(tuple(f"_{s}" for s in CLEANUP_STATES))]
    flags = rows[list(FLAGS)].fillna(False).astype(float)
    return pd.concat([rows[counts], flags, *kinds, *sums], axis=1)


def _places(view: View, *, itself: bool) -> pd.DataFrame:
    rows = latest(view)
    places = _below(view, itself=itself).merge(due_below(view), on="area_id", how="left")
    sums = _summed(view, places, rows, _every_count(rows))
    rate = INDICATORS["rectification_rate"]
    rates = {f"{group}_rate": rate.of(_of_group(sums, group)) for group in GROUPS}
    return pd.concat([sums, pd.DataFrame(rates)], axis=1)


def _of_group(sums: pd.DataFrame, group: str) -> pd.DataFrame:
    return sums.filter(regex=f"^{group}_").rename(columns=lambda name: name.removeprefix(f"{group}_"))


def _summed(view: View, places: pd.DataFrame, rows: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Add up the figures of returns, and count streets, over the places in which they lie."""
    streets = _streets(view)
    streets = streets.assign(covered=_covered(streets, rows))
    holder, street_in = _holder(places, rows["first"]), _holder(places, streets["first"])
    sums = figures.groupby(holder).sum(min_count=1).reindex(places.index)
    by_street = streets.groupby(street_in)["covered"].agg(["size", "sum"]).reindex(places.index).fillna(0)
    by_return = rows.groupby(holder).agg(
        returns=("carried", "size"), carried=("carried", "sum"), oldest=("filed", "min")
    )
    by_return = by_return.reindex(places.index)
    told = places.assign(
        streets_due=by_street["size"],
        streets_in=by_street["sum"],
        returns=by_return["returns"].fillna(0),
        carried=by_return["carried"].fillna(0),
        report_date=by_return["oldest"],
    )
    return pd.concat([told, sums], axis=1)


def _holder(places: pd.DataFrame, firsts: pd.Series) -> np.ndarray:
    """Return the index of the place that holds each position; -1 outside all of them."""
    if places.empty:
        return np.full(len(firsts), -1)
    starts, ends = places["first"].to_numpy(), places["last"].to_numpy()
    at = np.searchsorted(starts, firsts.to_numpy(), side="right") - 1
    inside = (at >= 0) & (firsts.to_numpy() <= ends[at])
    return np.where(inside, places.index.to_numpy()[at], -1)


def _covered(streets: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Return which streets have a return, of their own or of an area around them."""
    inside = np.zeros(len(streets), dtype=bool)
    firsts = streets["first"].to_numpy()
    for first, last in rows[["first", "last"]].drop_duplicates().itertuples(index=False):
        inside |= (firsts >= first) & (firsts <= last)
    return inside


def latest(view: View) -> pd.DataFrame:
    """Return the standing return of each street and station inside the viewed area, one row each.

    Columns: area_id, first, last, name, police_station, filed (day of the last return, a nil one too),
    carried (whether that is longer ago than the reporting period), the counts and flags of form E as of
    the last return that is no nil return.
    """
    stated = func.max(case((~cleanup_return.c.is_nil, cleanup_return.c.report_date))).label("stated")
    last = _scoped(
        view,
        select(
            cleanup_return.c.area_id,
            cleanup_return.c.police_station,
            stated,
            func.max(cleanup_return.c.report_date).label("filed"),
        ),
    )
    newest_of = last.group_by(cleanup_return.c.area_id, cleanup_return.c.police_station).subquery()
    same = and_(
        cleanup_return.c.area_id == newest_of.c.area_id,
        cleanup_return.c.police_station == newest_of.c.police_station,
        cleanup_return.c.report_date == func.coalesce(newest_of.c.stated, newest_of.c.filed),
    )
    columns: list[Any] = [area.c.first, area.c.last, area.c.code, named(view), newest_of.c.filed]
    rows = fetch(
        select(cleanup_return.c.area_id, cleanup_return.c.police_station, *columns)
        .add_columns(*(cleanup_return.c[name] for name in (*CLEANUP_COUNTS, *FLAGS)))
        .join(newest_of, same)
        .join(area, area.c.id == cleanup_return.c.area_id)
        .order_by(area.c.first, cleanup_return.c.police_station)
    )
    period = timedelta(days=int(settings()["cleanup.report_days"]))
    return rows.assign(carried=rows["filed"] <= pd.Timestamp(view.as_of - period))


def _scoped(view: View, chosen: Select[Any]) -> Select[Any]:
    """Limit returns to those on or before the as-of date inside the viewed area and the viewer's scope."""
    return _placed(view, chosen).where(cleanup_return.c.report_date <= view.as_of)


def _placed(view: View, chosen: Select[Any]) -> Select[Any]:
    place = _place(view)
    return (
        chosen.join(area, area.c.id == cleanup_return.c.area_id)
        .join(place, area.c.first.between(place.c.first, place.c.last))
        .where(within(view))
    )


def _place(view: View) -> Subquery:
    return select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()


def _streets(view: View) -> pd.DataFrame:
    """Return the streets inside the viewed area: area_id, code, name, kind, first, last."""
    place = _place(view)
    inside = area.c.first.between(place.c.first, place.c.last)
    return fetch(_named(view).join(place, inside).where(area.c.kind.in_(STREETS)).order_by(area.c.first))


def _below(view: View, *, itself: bool) -> pd.DataFrame:
    """Return the viewed area itself, or the areas right below it down to streets; columns as `_streets`."""
    which = area.c.id == view.area_id if itself else area.c.parent_id == view.area_id
    rows = fetch(_named(view).where(which).order_by(area.c.first))
    return rows if itself else rows[~rows["kind"].isin(BELOW_STREET)].reset_index(drop=True)


def _named(view: View) -> Select[Any]:
    columns = (area.c.code, named(view), area.c.kind, area.c.first, area.c.last)
    return select(area.c.id.label("area_id"), *columns).where(within(view))
