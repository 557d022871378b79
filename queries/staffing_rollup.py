"""Keep `staffing_progress` true: who is in post against the staffing rule, at every level.

A staffing unit is the area that files the return of a role: where nobody above or below it has
filed, villages for enumerators and streets for supervisors. Each head is counted at one unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    MetaData,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    true,
)

from queries.counts import ROLES, STAFF_COUNTS
from queries.database import fetch_many
from queries.schema import Key, area, phase, staffing_progress, staffing_return, target
from queries.summing import TOUCHED, analyse, at_least_zero, sum_up, touched, with_tables

working = MetaData()

unit = Table(
    "staffing_unit",
    working,
    Column("area_id", Key, primary_key=True),
    Column("required", BigInteger),
    Column("households", BigInteger),
    prefixes=["TEMPORARY"],
)

moment = Table(
    "staffing_day",
    working,
    Column("date", Date, primary_key=True),
    prefixes=["TEMPORARY"],
)


def roll_up_staffing(connection: Connection, rule: Mapping[str, int], from_date: date | None = None) -> None:
    """Rebuild `staffing_progress` of every role from its returns, the area tree and the current frame.

    Parameters
    ----------
    rule : mapping
        `persons_per_enumerator` and `eds_per_supervisor` of the staffing rule (indicator 9).
    from_date : date, optional
        Leave earlier days as they are: enough when returns arrived from areas that filed before.
    """
    tree = _tree(connection)
    for role in ROLES:
        _roll_up_role(connection, role, rule, tree, from_date)


def _roll_up_role(
    connection: Connection, role: str, rule: Mapping[str, int], tree: pd.DataFrame, from_date: date | None
) -> None:
    of_role = staffing_return.c.role == role
    first, last = connection.execute(
        select(func.min(staffing_return.c.report_date), func.max(staffing_return.c.report_date)).where(of_role)
    ).one()
    from_date = max(first, from_date) if from_date and first else first
    outdated = delete(staffing_progress).where(staffing_progress.c.role == role)
    if first is None:
        connection.execute(outdated)
        return
    connection.execute(outdated.where(staffing_progress.c.date >= from_date))
    filing = connection.execute(select(staffing_return.c.area_id).where(of_role).distinct()).scalars()
    units = staffing_units(tree, role, set(filing))
    required = required_staff(tree, units, role, rule)
    households = frame_households(tree, units)
    with_tables(connection, touched, unit, moment)
    connection.execute(insert(moment), [{"date": d.date()} for d in pd.date_range(from_date, last)])
    connection.execute(
        insert(unit), [{"area_id": a, "required": r, "households": households[a]} for a, r in required.items()]
    )
    connection.execute(
        insert(touched).from_select(
            TOUCHED,
            select(area.c.id, area.c.parent_id, area.c.level, literal(from_date, Date), true()).join(
                unit, unit.c.area_id == area.c.id
            ),
        )
    )
    analyse(connection, unit)
    _insert_units(connection, role)
    sum_up(connection, staffing_progress, staffing_progress.c.role, role, replaces=False)


def units_of(connection: Connection, role: str) -> pd.DataFrame:
    """Return the areas that staff a role now, as `staffing_units` gives them, in the order of the tree."""
    filing = connection.execute(select(staffing_return.c.area_id).where(staffing_return.c.role == role).distinct())
    return staffing_units(_tree(connection), role, set(filing.scalars())).sort_values("first")


def staffing_units(tree: pd.DataFrame, role: str, filing: set[int]) -> pd.DataFrame:
    """Return the areas that staff a role: those that file, and the customary level where nobody does.

    Parameters
    ----------
    tree : DataFrame
        All areas: id, parent_id, kind, first, last, eds, persons (of the frame).
    filing : set of int
        Areas that have filed a return of this role.

    Returns
    -------
    DataFrame
        The rows of `tree` that are units; no unit lies inside another.
    """
    by_id = tree.set_index("id")
    leaves = tree[tree["first"] == tree["last"]]
    is_ed = leaves["kind"] == "ed"
    customary = set(leaves.loc[~is_ed, "id"]) | set(leaves.loc[is_ed, "parent_id"])
    if role == "supervisor":
        parents = by_id.loc[list(customary), "parent_id"]
        customary = set(parents.dropna().astype(int)) | set(parents.index[parents.isna()])
    filers = by_id.loc[sorted(filing)].sort_values("first")
    candidates = by_id.loc[sorted(customary - filing)]
    starts, ends = filers["first"].to_numpy(), filers["last"].to_numpy()
    before = np.searchsorted(starts, candidates["first"].to_numpy(), side="right") - 1
    inside = (before >= 0) & (candidates["last"].to_numpy() <= np.append(ends, -1)[before])
    within = np.searchsorted(starts, candidates["last"].to_numpy(), side="right") - 1 > before
    chosen = pd.concat([filers, candidates[~inside & ~within]])
    return chosen.rename_axis("id").reset_index()


def required_staff(
    tree: pd.DataFrame, units: pd.DataFrame, role: str, rule: Mapping[str, int]
) -> dict[int, int | None]:
    """Return staff required at each unit by the staffing rule (indicator 9); None without a frame.

    Enumerators: sum over villages of max(EDs, persons / persons_per_enumerator rounded up).
    Supervisors: EDs / eds_per_supervisor rounded up.
    """
    framed = tree.dropna(subset=["eds", "persons"], how="all").sort_values("first")
    is_ed = framed["kind"] == "ed"
    village = framed["id"].where(~is_ed, framed["parent_id"])
    villages = framed.groupby(village)[["eds", "persons"]].sum(min_count=1)
    places = tree.set_index("id").loc[villages.index, "first"].to_numpy()
    order = np.argsort(places)
    places, villages = places[order], villages.iloc[order].fillna(0)
    by_persons = np.ceil(villages["persons"] / rule["persons_per_enumerator"])
    need = np.maximum(villages["eds"], by_persons) if role == "enumerator" else villages["eds"]
    totals = np.concatenate([[0.0], np.cumsum(need.to_numpy(dtype=float))])
    start = np.searchsorted(places, units["first"].to_numpy(), side="left")
    end = np.searchsorted(places, units["last"].to_numpy(), side="right")
    amount = totals[end] - totals[start]
    if role == "supervisor":
        amount = np.ceil(amount / rule["eds_per_supervisor"])
    return {
        int(area_id): int(n) if stop > begin else None
        for area_id, n, begin, stop in zip(units["id"], amount, start, end, strict=True)
    }


def frame_households(tree: pd.DataFrame, units: pd.DataFrame) -> dict[int, int | None]:
    """Return the households of the frame inside each unit; None without a frame."""
    framed = tree.dropna(subset=["households"]).sort_values("first")
    totals = np.concatenate([[0.0], np.cumsum(framed["households"].to_numpy())])
    start = np.searchsorted(framed["first"].to_numpy(), units["first"].to_numpy(), side="left")
    end = np.searchsorted(framed["first"].to_numpy(), units["last"].to_numpy(), side="right")
    return {
        int(area_id): int(totals[stop] - totals[begin]) if stop > begin else None
        for area_id, begin, stop in zip(units["id"], start, end, strict=True)
    }


def _tree(connection: Connection) -> pd.DataFrame:
    """Return every area with the EDs, persons and households of its current frame in the latest phase that has one."""
    latest = (
        select(target.c.phase_id)
        .join(phase, phase.c.id == target.c.phase_id)
        .where(target.c.frame_persons.is_not(None) | target.c.eds.is_not(None))
        .order_by(phase.c.start.desc(), phase.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    eds = case((and_(area.c.kind == "ed", target.c.eds.is_(None), target.c.id.is_not(None)), 1), else_=target.c.eds)
    tree = fetch_many(
        connection,
        select(
            area.c.id,
            area.c.parent_id,
            area.c.kind,
            area.c.first,
            area.c.last,
            eds.label("eds"),
            target.c.frame_persons.label("persons"),
            target.c.frame_households.label("households"),
        ).select_from(
            area.outerjoin(
                target,
                and_(target.c.area_id == area.c.id, target.c.phase_id == latest, target.c.valid_to.is_(None)),
            )
        ),
    )
    whole = dict.fromkeys(("id", "first", "last"), "int64")
    return tree.astype({**whole, **dict.fromkeys(("eds", "persons", "households"), "float64")})


def _insert_units(connection: Connection, role: str) -> None:
    reported = staffing_return.alias("reported")
    newest = (
        select(func.max(staffing_return.c.report_date))
        .where(
            staffing_return.c.role == role,
            staffing_return.c.area_id == unit.c.area_id,
            staffing_return.c.report_date <= moment.c.date,
            ~staffing_return.c.is_nil,
        )
        .scalar_subquery()
    )
    dated = (
        select(unit.c.area_id, unit.c.required, unit.c.households, moment.c.date, newest.label("value_date"))
        .select_from(unit.join(moment, true()))
        .cte("dated")
    )
    required = func.coalesce(dated.c.required, reported.c.need)
    known: ColumnElement[bool] = reported.c.in_post.is_not(None)
    columns: dict[str, Any] = {
        "units": literal(1),
        "units_reported": case((dated.c.value_date.is_not(None), 1), else_=0),
        "required": required,
        "required_known": case((known, required)),
        "shortfall": at_least_zero(required - reported.c.in_post),
        "surplus": at_least_zero(reported.c.in_post - required),
        "qualified": case(
            (reported.c.certified < reported.c.in_post, reported.c.certified),
            (reported.c.certified.is_not(None), reported.c.in_post),
        ),
        "hh_uncovered": case(
            (reported.c.eds_uncovered == 0, 0),
            (
                reported.c.eds_total > 0,
                (2 * dated.c.households * reported.c.eds_uncovered + reported.c.eds_total)
                // (2 * reported.c.eds_total),
            ),
        ),
        **{name: reported.c[name] for name in STAFF_COUNTS},
    }
    connection.execute(
        insert(staffing_progress).from_select(
            ["role", "area_id", "date", "parent_id", "value_date", *columns],
            select(
                literal(role),
                dated.c.area_id,
                dated.c.date,
                area.c.parent_id,
                dated.c.value_date,
                *columns.values(),
            ).select_from(
                dated.join(area, area.c.id == dated.c.area_id).outerjoin(
                    reported,
                    and_(
                        reported.c.role == role,
                        reported.c.area_id == dated.c.area_id,
                        reported.c.report_date == dated.c.value_date,
                    ),
                )
            ),
        )
    )
