"""Who is in post against the rule, by area and role, and what vacancies cost (indicators 5-24)."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, select

from queries import masking
from queries.areas import named, within
from queries.counts import FRAME_PARTS, LEAVING_REASONS, ROLES, STAFF_SOURCES
from queries.database import engine, fetch
from queries.indicators import STAFFING_INDICATORS, ratio, status, with_indicators
from queries.schema import area, staffing_progress
from queries.settings import settings
from queries.staffing_phases import rows_of
from queries.view import View

KEYS = ("phase_id", "role", "area_id", "date", "parent_id")
COUNTS = tuple(c.name for c in staffing_progress.c if c.name not in KEYS)
OPEN_COUNTS = tuple(name for name in COUNTS if name not in masking.LEAVING)
CHAIN: Final = ("in_post", "trained", "passed", "certified", "confid_signed", "insured")


def of_area(view: View) -> pd.DataFrame:
    """Return staffing of the viewed area, one row a role. Columns as `by_child`."""
    return _staffing(view, area.c.id == view.area_id)


def by_child(view: View) -> pd.DataFrame:
    """Return staffing of each area right below the viewed one, one row an area and role.

    Columns: area_id, code, name, kind, role, the counts of `staffing_progress` as of the latest staffing
    return on or before the as-of date, against what the frame of the view's phase asks for on that date
    (missing where the area staffs no such role), units_missing (without a return), units_unrequired
    (without a known requirement), units_unjudged (without one or the other: in no rate), shortfall_high
    (with nobody in post in the units without a return; missing where a requirement is), active_today
    (in post less absent and with substitutes; missing unless the absent of all are known), every
    staffing indicator (0-1), households_per_enumerator, persons_per_enumerator, eds_per_supervisor, and
    status: of the fill rate, red while an ED is uncovered, and “partly” where it would be green but for
    units of which not all is known: requirement, staff in post and, for enumerators, uncovered EDs.
    """
    return _staffing(view, area.c.parent_id == view.area_id)


def two_levels_down(view: View) -> pd.DataFrame:
    """Return staffing two levels below the viewed area. Columns as `by_child`."""
    above = area.alias("above")
    children = select(above.c.id).where(above.c.parent_id == view.area_id)
    return _staffing(view, area.c.parent_id.in_(children))


def uncovered(view: View) -> pd.DataFrame:
    """Return the areas with EDs that have no enumerator, most households first. Columns as `by_child`.

    They lie two levels below the viewed area, or as far below as enumerators are staffed.
    """
    deep, near, here = (_staffed(rows) for rows in (two_levels_down(view), by_child(view), of_area(view)))
    near = near[~near["area_id"].isin(deep["parent_id"])]
    rows = pd.concat([deep, near]) if len(deep) or len(near) else here
    return rows[rows["eds_uncovered"] > 0].sort_values("hh_uncovered", ascending=False, ignore_index=True)


def _staffed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["role"] == "enumerator") & rows["units"].notna()]


def daily(view: View) -> pd.DataFrame:
    """Return staffing of the viewed area day by day: date, role, counts without leavers and their reasons.

    A day without a return or a new frame is as the day before it.
    """
    rows = fetch(
        select(staffing_progress.c.date, staffing_progress.c.role, *(staffing_progress.c[n] for n in OPEN_COUNTS))
        .join(area, area.c.id == staffing_progress.c.area_id)
        .where(
            staffing_progress.c.phase_id == _rows_of(view),
            staffing_progress.c.role.in_(ROLES),
            staffing_progress.c.area_id == view.area_id,
            staffing_progress.c.date <= view.as_of,
            within(view),
        )
        .order_by(staffing_progress.c.date)
    )
    if rows.empty:
        return rows
    days = pd.date_range(rows["date"].min(), view.as_of, name="date")
    filled = [part.set_index("date").reindex(days, method="ffill") for _, part in rows.groupby("role")]
    return pd.concat(filled).dropna(subset=["role"]).reset_index().sort_values("date", kind="stable", ignore_index=True)


def chain(view: View) -> pd.DataFrame:
    """Return the steps from in post to insured over both roles: step, persons, share of those in post.

    The share is over the units that tell both the step and who is in post.
    """
    total = of_area(view).select_dtypes("number").sum(min_count=1)
    above = total[["in_post", *(f"{step}_judged" for step in CHAIN[1:])]].to_numpy()
    below = total[["in_post", *(f"in_post_{step}" for step in CHAIN[1:])]]
    shares = above / below.where(below != 0).to_numpy()
    return pd.DataFrame({"step": CHAIN, "persons": total[list(CHAIN)].to_numpy(), "share": shares})


def leavers(view: View) -> pd.DataFrame:
    """Return who left by reason over both roles: reason, persons, largest first."""
    return _parts(of_area(view), LEAVING_REASONS, "reason")


def sources(view: View) -> pd.DataFrame:
    """Return where staff came from over both roles: source, persons, largest first."""
    return _parts(of_area(view), STAFF_SOURCES, "source")


def _parts(rows: pd.DataFrame, names: tuple[str, ...], label: str) -> pd.DataFrame:
    total = rows[list(names)].sum(min_count=1).dropna()
    return total.sort_values(ascending=False).rename_axis(label).reset_index(name="persons")


def _staffing(view: View, which: ColumnElement[bool]) -> pd.DataFrame:
    phase_id = _rows_of(view)
    frames = [_of_role(view, phase_id, which, role) for role in ROLES]
    rows = pd.concat([f.dropna(axis=1, how="all").reindex(columns=f.columns) for f in frames], ignore_index=True)
    rows = with_indicators(rows.copy(), STAFFING_INDICATORS)  # a copy lies in one piece: columns are added faster
    rows = masking.of_staff(rows)
    of_enumerators = rows["role"] == "enumerator"
    nobody_there = rows["shortfall"].fillna(0) + rows["required"] - rows["required_known"].fillna(0)
    workload = {name: ratio(rows[f"{name}_staffed"], rows[f"in_post_{name}"]) for name in FRAME_PARTS}
    return rows.assign(
        units_missing=rows["units"] - rows["units_reported"],
        units_unrequired=rows["units"] - rows["units_required"],
        units_unjudged=rows["units"] - rows["units_judged"],
        shortfall_high=nobody_there.where(rows["units_required"] == rows["units"]),
        active_today=rows["active"].where(rows["units_active"] == rows["units_in_post"]),
        households_per_enumerator=workload["households"].where(of_enumerators),
        persons_per_enumerator=workload["persons"].where(of_enumerators),
        eds_per_supervisor=workload["eds"].where(~of_enumerators),
        status=_status(rows),
    )


def _status(rows: pd.DataFrame) -> pd.Series:
    """Return how posts are filled where that is known, and whether it is known of every unit."""
    found = status(rows["fill_rate"], settings()["fill_rate"]).mask(rows["eds_uncovered"] > 0, "red")
    told = (rows["role"] != "enumerator") | (rows["units_covered"] == rows["units"])
    return found.mask((found == "green") & ~(told & (rows["units_judged"] == rows["units"])), "partly")


def _rows_of(view: View) -> int:
    with engine().connect() as connection:
        return rows_of(connection, view.phase_id)


def _of_role(view: View, phase_id: int, which: ColumnElement[bool], role: str) -> pd.DataFrame:
    filed = staffing_progress.alias("filed")
    latest = (
        select(func.max(filed.c.date))
        .where(
            filed.c.phase_id == phase_id,
            filed.c.role == role,
            filed.c.area_id == area.c.id,
            filed.c.date <= view.as_of,
        )
        .scalar_subquery()
    )
    staffed = and_(
        staffing_progress.c.phase_id == phase_id,
        staffing_progress.c.role == role,
        staffing_progress.c.area_id == area.c.id,
        staffing_progress.c.date == latest,
    )
    columns: list[Any] = [
        area.c.id.label("area_id"),
        area.c.parent_id,
        area.c.code,
        named(view),
        area.c.kind,
        (area.c.first == area.c.last).label("is_leaf"),
        *(staffing_progress.c[n] for n in COUNTS),
    ]
    rows = fetch(
        select(*columns)
        .select_from(area.outerjoin(staffing_progress, staffed))
        .where(which, within(view))
        .order_by(area.c.first)
    )
    return rows.assign(role=role)
