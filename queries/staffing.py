"""Who is in post against the rule, by area and role, and what vacancies cost (indicators 5-24)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, and_, func, select

from queries import masking
from queries.areas import named, within
from queries.counts import LEAVING_REASONS, ROLES, STAFF_SOURCES
from queries.database import fetch
from queries.indicators import STAFFING_INDICATORS, ratio, status, with_indicators
from queries.schema import area, progress, staffing_progress
from queries.settings import settings
from queries.view import View

KEYS = ("role", "area_id", "date", "parent_id")
COUNTS = tuple(c.name for c in staffing_progress.c if c.name not in KEYS)
OPEN_COUNTS = tuple(name for name in COUNTS if name not in masking.LEAVING)
CHAIN: Final = ("in_post", "trained", "passed", "certified", "confid_signed", "insured")


def of_area(view: View) -> pd.DataFrame:
    """Return staffing of the viewed area, one row a role. Columns as `by_child`."""
    return _staffing(view, area.c.id == view.area_id)


def by_child(view: View) -> pd.DataFrame:
    """Return staffing of each area right below the viewed one, one row an area and role.

    Columns: area_id, code, name, kind, role, the counts of `staffing_progress` as of the latest staffing
    return on or before the as-of date (missing where the area staffs no such role), units_missing,
    shortfall_high (with nobody in post in the units without a return), active_today (in post less absent
    and with substitutes; missing where the absent are not known), every staffing indicator (0-1),
    households_per_enumerator, persons_per_enumerator, eds_per_supervisor, status (of the fill rate; red
    while an ED is uncovered).
    """
    return _staffing(view, area.c.parent_id == view.area_id)


def two_levels_down(view: View) -> pd.DataFrame:
    """Return staffing two levels below the viewed area. Columns as `by_child`."""
    above = area.alias("above")
    children = select(above.c.id).where(above.c.parent_id == view.area_id)
    return _staffing(view, area.c.parent_id.in_(children))


def daily(view: View) -> pd.DataFrame:
    """Return staffing of the viewed area day by day: date, role, counts without leavers and their reasons."""
    return fetch(
        select(staffing_progress.c.date, staffing_progress.c.role, *(staffing_progress.c[n] for n in OPEN_COUNTS))
        .join(area, area.c.id == staffing_progress.c.area_id)
        .where(
            staffing_progress.c.role.in_(ROLES),
            staffing_progress.c.area_id == view.area_id,
            staffing_progress.c.date <= view.as_of,
            within(view),
        )
        .order_by(staffing_progress.c.date)
    )


def chain(view: View) -> pd.DataFrame:
    """Return the steps from in post to insured over both roles: step, persons, share of those in post."""
    total = of_area(view)[list(CHAIN)].sum(min_count=1)
    return pd.DataFrame({"step": CHAIN, "persons": total.to_numpy(), "share": (total / total["in_post"]).to_numpy()})


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
    frames = [_of_role(view, which, role) for role in ROLES]
    rows = pd.concat([f.dropna(axis=1, how="all").reindex(columns=f.columns) for f in frames], ignore_index=True)
    rows = with_indicators(rows, STAFFING_INDICATORS)
    rows = masking.of_staff(rows)
    limits = settings()
    uncovered = rows["eds_uncovered"].fillna(0) > 0
    of_enumerators = rows["role"] == "enumerator"
    return rows.assign(
        units_missing=rows["units"] - rows["units_reported"],
        shortfall_high=rows["shortfall"] + (rows["required"] - rows["required_known"]).clip(lower=0),
        active_today=rows["in_post"] - rows["absent_today"] + rows["replaced_today"].fillna(0),
        households_per_enumerator=ratio(rows["hh_frame"], rows["in_post"]).where(of_enumerators),
        persons_per_enumerator=ratio(rows["pers_frame"], rows["in_post"]).where(of_enumerators),
        eds_per_supervisor=ratio(rows["ed_frame"], rows["in_post"]).where(~of_enumerators),
        status=status(rows["fill_rate"], limits["fill_rate"]).mask(uncovered, "red"),
    )


def _of_role(view: View, which: ColumnElement[bool], role: str) -> pd.DataFrame:
    filed = staffing_progress.alias("filed")
    latest = (
        select(func.max(filed.c.date))
        .where(filed.c.role == role, filed.c.area_id == area.c.id, filed.c.date <= view.as_of)
        .scalar_subquery()
    )
    staffed = and_(
        staffing_progress.c.role == role,
        staffing_progress.c.area_id == area.c.id,
        staffing_progress.c.date == latest,
    )
    framed = and_(progress.c.phase_id == view.phase_id, progress.c.area_id == area.c.id, progress.c.date == view.as_of)
    columns: list[Any] = [
        area.c.id.label("area_id"),
        area.c.parent_id,
        area.c.code,
        named(view),
        area.c.kind,
        (area.c.first == area.c.last).label("is_leaf"),
        *(staffing_progress.c[n] for n in COUNTS),
        progress.c.hh_frame,
        progress.c.pers_frame,
        progress.c.ed_total.label("ed_frame"),
    ]
    rows = fetch(
        select(*columns)
        .select_from(area.outerjoin(staffing_progress, staffed).outerjoin(progress, framed))
        .where(which, within(view))
        .order_by(area.c.first)
    )
    return rows.assign(role=role)


def posts_short(rows: pd.DataFrame) -> dict[str, float]:
    """Return the shortfall by role of `of_area` rows: summed over units, missing where unknown."""
    return {role: float(rows.loc[rows["role"] == role, "shortfall"].sum(min_count=1)) for role in ROLES} | {
        "all": float(rows["shortfall"].sum(min_count=1)) if len(rows) else np.nan
    }
