"""Keep `staffing_progress` true: who is in post against the staffing rule, at every level.

A staffing unit is the area that files the return of a role: where nobody above or below it has
filed, villages for enumerators and streets for supervisors. Each head is counted at one unit.
What a unit needs depends on the phase and the day; rows are kept for the phases that have a frame,
on the days on which a return was filed or a frame changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from queries.counts import FRAME_PARTS, INTAKE, LEAVERS, OF_THOSE_IN_POST, REPLACEMENTS, ROLES, STAFF_COUNTS
from queries.database import fetch_many
from queries.intake.store import bulk_insert
from queries.schema import Key, area, staffing_progress, staffing_return, target
from queries.staffing_need import requirements
from queries.staffing_phases import StaffingPhase, staffing_phases
from queries.summing import TOUCHED, analyse, at_least_zero, sum_up, touched, with_tables
from queries.working import FewFirst

working = MetaData()

unit = Table(  # what a unit needs in a phase, from a day until the day before another
    "staffing_unit",
    working,
    Column("phase_id", Key, primary_key=True),
    Column("area_id", Key, primary_key=True),
    Column("from_date", Date, primary_key=True),
    Column("until_date", Date),
    Column("required", BigInteger),
    *[Column(name, BigInteger) for name in FRAME_PARTS],
    prefixes=["TEMPORARY"],
)

moment = Table(  # the days of which rows are kept
    "staffing_day",
    working,
    Column("phase_id", Key, primary_key=True),
    Column("date", Date, primary_key=True),
    prefixes=["TEMPORARY"],
)


def roll_up_staffing(connection: Connection, rule: Mapping[str, int], from_date: date | None = None) -> None:
    """Rebuild `staffing_progress` of every role from its returns, the area tree and the frames of the phases.

    Parameters
    ----------
    rule : mapping
        `persons_per_enumerator` and `eds_per_supervisor` of the staffing rule (indicator 9).
    from_date : date, optional
        Leave earlier days as they are: enough when returns arrived from areas that filed before.
    """
    phases = [p for p in staffing_phases(connection) if from_date is None or from_date <= p.last]
    frames = {p.phase_id: _frame(connection, p) for p in phases}
    tree = _tree(connection)
    for role in ROLES:
        _roll_up_role(connection, role, rule, tree, phases, frames, from_date)


def _roll_up_role(
    connection: Connection,
    role: str,
    rule: Mapping[str, int],
    tree: pd.DataFrame,
    phases: Sequence[StaffingPhase],
    frames: Mapping[int, pd.DataFrame],
    from_date: date | None,
) -> None:
    if from_date is None:
        connection.execute(delete(staffing_progress).where(staffing_progress.c.role == role))
    else:
        _clear(connection, role, [each.phase_id for each in phases], from_date)
    filed_on = _filed_on(connection, role, from_date)
    if not filed_on or not phases:
        return
    units = staffing_units(tree, role, _filing(connection, role))
    with_tables(connection, touched, unit, moment)
    for each in phases:
        needed = requirements(tree, units, frames[each.phase_id], role, rule, each.first, each.last)
        days = _days(each, filed_on, needed["from_date"])
        days = [d for d in days if from_date is None or d >= from_date]
        if days:
            connection.execute(insert(moment), [{"phase_id": each.phase_id, "date": d} for d in days])
            bulk_insert(connection, unit, needed.assign(phase_id=each.phase_id))
    connection.execute(
        insert(touched).from_select(
            TOUCHED,
            select(area.c.id, area.c.parent_id, area.c.level, literal(from_date or filed_on[0], Date), true()).where(
                area.c.id.in_(select(unit.c.area_id))
            ),
        )
    )
    analyse(connection, unit)
    analyse(connection, moment)
    _insert_units(connection, role)
    sum_up(connection, staffing_progress, staffing_progress.c.role, role, replaces=False)


def _days(of_phase: StaffingPhase, filed_on: Sequence[date], changed_on: pd.Series) -> list[date]:
    """Return the days of which a phase has rows: those with returns, and those on which its frame changed.

    What was filed before the phase can be looked at stands on its first day.
    """
    days = {max(day, of_phase.first) for day in filed_on if day <= of_phase.last}
    if not days:
        return []
    return sorted(days | {day.date() for day in changed_on.unique() if day.date() > min(days)})


def _clear(connection: Connection, role: str, phase_ids: Sequence[int], from_date: date) -> None:
    """Delete the rows of a role from a day on, found area by area."""
    outdated = staffing_progress.alias("outdated")
    keys = [outdated.c[column.name] for column in staffing_progress.primary_key]
    for phase_id in phase_ids:
        late = and_(
            outdated.c.phase_id == phase_id,
            outdated.c.role == role,
            outdated.c.area_id == area.c.id,
            outdated.c.date >= from_date,
        )
        found = select(*keys).select_from(FewFirst(area, outdated, late))
        connection.execute(delete(staffing_progress).where(tuple_(*staffing_progress.primary_key).in_(found)))


def _filed_on(connection: Connection, role: str, from_date: date | None) -> list[date]:
    """Return the days on which a role was reported; of those before `from_date` only the first."""
    of_role = staffing_return.c.role == role
    filed = select(staffing_return.c.report_date).where(of_role).distinct()
    if from_date is None:
        return sorted(connection.execute(filed).scalars())
    first = connection.execute(select(func.min(staffing_return.c.report_date)).where(of_role)).scalar()
    later = connection.execute(filed.where(staffing_return.c.report_date >= from_date)).scalars()
    return sorted({*later, *([] if first is None else [first])})


def _filing(connection: Connection, role: str) -> set[int]:
    """Return the areas that have filed for a role: each looked up, not read from all that was filed."""
    files = exists().where(staffing_return.c.area_id == area.c.id, staffing_return.c.role == role)
    return set(connection.execute(select(area.c.id).where(files)).scalars())


def units_of(connection: Connection, role: str) -> pd.DataFrame:
    """Return the areas that staff a role now, as `staffing_units` gives them, in the order of the tree."""
    return staffing_units(_tree(connection), role, _filing(connection, role)).sort_values("first")


def staffing_units(tree: pd.DataFrame, role: str, filing: set[int]) -> pd.DataFrame:
    """Return the areas that staff a role: those that file, and the customary level where nobody does.

    Parameters
    ----------
    tree : DataFrame
        All areas: id, parent_id, kind, first, last.
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
        customary = _above(by_id, sorted(customary))
    filers = by_id.loc[sorted(filing)].sort_values("first")
    candidates = by_id.loc[sorted(customary - filing)]
    starts, ends = filers["first"].to_numpy(), filers["last"].to_numpy()
    before = np.searchsorted(starts, candidates["first"].to_numpy(), side="right") - 1
    inside = (before >= 0) & (candidates["last"].to_numpy() <= np.append(ends, -1)[before])
    within = np.searchsorted(starts, candidates["last"].to_numpy(), side="right") - 1 > before
    chosen = pd.concat([filers, candidates[~inside & ~within]])
    return chosen.rename_axis("id").reset_index()


def _above(by_id: pd.DataFrame, villages: list[int]) -> set[int]:
    """Return the areas right above villages; the village itself where streets lie beside it."""
    parents = by_id.loc[villages, "parent_id"]
    streets = by_id.loc[sorted(parents.dropna().astype("int64").unique())].sort_values("first")
    following = streets["first"].shift(-1)
    beside = set(streets.index[following <= streets["last"]])
    alone = parents.isna() | parents.isin(beside)
    return set(parents[~alone].astype("int64")) | set(parents.index[alone])


def _tree(connection: Connection) -> pd.DataFrame:
    """Return every area: id, parent_id, kind, first, last."""
    tree = fetch_many(connection, select(area.c.id, area.c.parent_id, area.c.kind, area.c.first, area.c.last))
    return tree.astype(dict.fromkeys(("id", "first", "last"), "int64"))


def _frame(connection: Connection, of_phase: StaffingPhase) -> pd.DataFrame:
    """Return every version of the frame that tells what a phase needs, as `requirements` takes it.

    EDs and persons come from one phase and households from another where a phase has only the latter.
    """
    people, households = of_phase.people_of, of_phase.households_of
    held = or_(target.c.valid_to.is_(None), target.c.valid_to > target.c.valid_from)
    eds = func.coalesce(target.c.eds, case((area.c.kind == "ed", 1)))  # such an area is one itself

    def told_by(phase_id: int | None, count: ColumnElement[Any]) -> ColumnElement[Any]:
        return case((target.c.phase_id == phase_id, count))

    frame = fetch_many(
        connection,
        select(
            target.c.area_id,
            target.c.valid_from,
            target.c.valid_to,
            told_by(people, eds).label("eds"),
            told_by(people, target.c.frame_persons).label("persons"),
            told_by(households, target.c.frame_households).label("households"),
        )
        .join(area, area.c.id == target.c.area_id)
        .where(target.c.phase_id.in_({people, households} - {None}), held),
    )
    return frame.astype({"area_id": "int64", **dict.fromkeys(FRAME_PARTS, "float64")})


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
    needs = ("required", *FRAME_PARTS)
    dated = (
        select(unit.c.phase_id, unit.c.area_id, *(unit.c[n] for n in needs), moment.c.date, newest.label("value_date"))
        .join(
            moment,
            and_(
                moment.c.phase_id == unit.c.phase_id,
                moment.c.date >= unit.c.from_date,
                or_(unit.c.until_date.is_(None), moment.c.date < unit.c.until_date),
            ),
        )
        .cte("dated")
    )
    columns = _unit_columns(dated, reported)
    connection.execute(
        insert(staffing_progress).from_select(
            ["phase_id", "role", "area_id", "date", "parent_id", "value_date", *columns],
            select(
                dated.c.phase_id,
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


def _unit_columns(dated: Any, reported: Any) -> dict[str, ColumnElement[Any]]:
    """Return the counts of one staffing unit on one day, by column name of `staffing_progress`."""
    in_post = reported.c.in_post
    required = func.coalesce(dated.c.required, reported.c.need)
    required_known, in_post_known = _where(in_post, required), _where(required, in_post)
    qualified = _smaller(reported.c.certified, in_post)
    active = in_post - reported.c.absent_today + func.coalesce(reported.c.replaced_today, 0)
    uncovered, eds_total = reported.c.eds_uncovered, reported.c.eds_total
    hh_uncovered = case(
        (uncovered == 0, 0),
        (eds_total > 0, (2 * dated.c.households * uncovered + eds_total) // (2 * eds_total)),
    )
    leavers, intake, replaced = (_told(reported, names) for names in (LEAVERS, INTAKE, REPLACEMENTS))
    return {
        "units": literal(1),
        "units_reported": _one_if(dated.c.value_date),
        "units_required": _one_if(required),
        "units_in_post": _one_if(in_post),
        "units_judged": _one_if(required_known),
        "required": required,
        "required_known": required_known,
        "in_post_known": in_post_known,
        "posts_filled": _smaller(in_post, required),
        "shortfall": at_least_zero(required - in_post),
        "surplus": at_least_zero(in_post - required),
        "qualified": qualified,
        "qualified_filled": _smaller(qualified, required),
        "qualified_required": _where(qualified, required),
        "units_active": _one_if(active),
        "active": active,
        "units_covered": _one_if(uncovered),
        "hh_uncovered": hh_uncovered,
        "eds_weighed": _where(hh_uncovered, uncovered),
        **{f"{name}_judged": _where(in_post, reported.c[name]) for name in OF_THOSE_IN_POST},
        **{f"in_post_{name}": _where(reported.c[name], in_post) for name in OF_THOSE_IN_POST},
        "passed_tested": _where(reported.c.tested, reported.c.passed),
        "tested_passed": _where(reported.c.passed, reported.c.tested),
        "leavers_joined": _where(intake, leavers),
        "intake_left": _where(leavers, intake),
        "replaced_left": _where(leavers, replaced),
        "leavers_replaced": _where(replaced, leavers),
        **{f"{name}_staffed": _where(in_post, dated.c[name]) for name in FRAME_PARTS},
        **{f"in_post_{name}": _where(dated.c[name], in_post) for name in FRAME_PARTS},
        **{name: reported.c[name] for name in STAFF_COUNTS},
    }


def _where(known: ColumnElement[Any], count: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a count where another is known."""
    return case((known.is_not(None), count))


def _one_if(known: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((known.is_not(None), 1), else_=0)


def _smaller(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the smaller of two counts, unknown where either is."""
    return case((one < other, one), (one >= other, other))


def _told(reported: Any, names: Sequence[str]) -> ColumnElement[Any]:
    """Return the sum of the counts that a return tells, unknown where it tells none of them."""
    total: ColumnElement[Any] = sum((func.coalesce(reported.c[n], 0) for n in names), start=literal(0))
    return case((or_(*(reported.c[n].is_not(None) for n in names)), total))
