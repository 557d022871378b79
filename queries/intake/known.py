"""What the checks need to know of what is stored already: fetched once a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Column, Connection, Date, MetaData, Table, and_, exists, func, insert, or_, select, update

from queries.counts import CLEANUP_COUNTS, CUMULATIVE, ROLES, STAFF_CUMULATIVE
from queries.database import fetch_many, fetch_on
from queries.intake.findings import Breach
from queries.intake.reading import UnreadableError
from queries.schema import (
    Key,
    area,
    area_alias,
    cleanup_return,
    daily_return,
    phase,
    phase_area,
    staffing_return,
    target,
)
from queries.summing import analyse, with_tables
from queries.working import FewFirst

Scope = tuple[int, int] | None  # first and last of the areas that a sender may write; None: all of them
FEW = 500  # areas that a statement may list by id
UNKNOWN_AREA = "unknown_area"  # the rule that a code must stand for an area
RETURN_COLUMNS = ("area_id", "report_date", "submitted_at", "is_nil", *CUMULATIVE, "issues_open")
filed = Table(  # areas of a file, and the stored returns next to its days
    "filed_area",
    MetaData(),
    Column("area_id", Key, primary_key=True),
    Column("before", Date),
    Column("after", Date),
    prefixes=["TEMPORARY"],
)
HISTORY = timedelta(days=10)  # how far back the pace rules look


def areas(connection: Connection) -> pd.DataFrame:
    """Return every area: id, code, path, kind, first, last, parent_id, and aliases.

    Aliases are the codes of other years' lists that the desk has matched to the area, as a tuple; missing for none.
    """
    rows = fetch_many(
        connection,
        select(area.c.id, area.c.code, area.c.path, area.c.kind, area.c.first, area.c.last, area.c.parent_id),
    )
    aliases: dict[int, tuple[str, ...]] = {}
    for area_id, code in connection.execute(select(area_alias.c.area_id, area_alias.c.code)):
        aliases[area_id] = (*aliases.get(area_id, ()), code)
    return rows.assign(aliases=rows["id"].map(aliases))


def place(rows: pd.DataFrame, known: pd.DataFrame, *, units_only: bool) -> tuple[pd.DataFrame, list[Breach]]:
    """Give each row the area that its area_code, a path of codes or a matched code of another year, stands for.

    Returns
    -------
    tuple
        The rows with area_id, first, last and kind added (missing where unknown), and the breaches.

    Raises
    ------
    UnreadableError
        While there are no areas at all.
    """
    if known.empty:
        raise UnreadableError("no_areas")
    text = rows["area_code"].astype("str")
    once = ~known["code"].duplicated(keep=False)
    matched = known[known["aliases"].notna()].explode("aliases")
    lookup = pd.concat([known[once].set_index("code"), known.set_index("path"), matched.set_index("aliases")])
    lookup = lookup[~lookup.index.duplicated()]
    positions = lookup.index.get_indexer(pd.Index(text))
    found = positions >= 0
    taken = lookup.iloc[np.where(found, positions, 0)].reset_index(drop=True)
    taken.index = rows.index
    rows = rows.assign(
        area_id=taken["id"].astype("Int64").where(found), first=taken["first"], last=taken["last"], kind=taken["kind"]
    )
    several = text.isin(set(known.loc[~once, "code"])).to_numpy() & ~found
    breaches = [
        Breach("ambiguous_area", "reject", several, "area_code"),
        Breach(UNKNOWN_AREA, "reject", ~found & ~several & text.notna().to_numpy(), "area_code"),
    ]
    if units_only:
        above = (rows["first"] != rows["last"]).to_numpy() & found
        below = (rows["last"] - rows["first"]).astype("float64")
        breaches.append(Breach("not_a_unit", "reject", above, "area_code", {"below": below}))
    return rows, breaches


def outside(rows: pd.DataFrame, known: pd.DataFrame, scope: tuple[int, int]) -> np.ndarray:
    """Return which rows are about an area outside a scope, or by a code that only areas outside it share."""
    placed, _ = place(rows, known, units_only=False)
    is_inside = known["first"].between(*scope)
    elsewhere = set(known.loc[~is_inside, "code"]) - set(known.loc[is_inside, "code"])
    found = placed["area_id"].notna().to_numpy(dtype=bool)
    far = found & ~placed["first"].between(*scope).to_numpy(dtype=bool)
    several = ~found & rows["area_code"].astype("str").isin(elsewhere).to_numpy(dtype=bool)
    return far | several


def phases(connection: Connection) -> pd.DataFrame:
    """Return the phases: id, code, start, end, cutoff, grace_minutes."""
    columns = (phase.c.id, phase.c.code, phase.c.start, phase.c.end, phase.c.cutoff, phase.c.grace_minutes)
    return fetch_on(connection, select(*columns))


def windows(connection: Connection, rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Add phase_id, start, end, cutoff and grace_minutes to rows with a phase and a placed area."""
    named = known.rename(columns={"id": "phase_id", "code": "phase"})
    rows = rows.merge(named, on="phase", how="left").set_axis(rows.index)
    own = connection.execute(
        select(phase_area.c.phase_id, area.c.first, area.c.last, phase_area.c.start, phase_area.c.end)
        .join(area, area.c.id == phase_area.c.area_id)
        .order_by(area.c.level)
    ).all()
    for phase_id, first, last, start, end in own:
        inside = (rows["phase_id"] == phase_id) & rows["first"].between(first, last)
        rows.loc[inside, "start"] = pd.Timestamp(start)
        rows.loc[inside, "end"] = pd.Timestamp(end)
    return rows


def off_days(connection: Connection, rows: pd.DataFrame) -> pd.Series:
    """Return for rows with phase_id, a placed area and report_date whether no return is due on their day."""
    off = pd.Series(False, index=rows.index)
    plan = (phase.c.id, phase.c.return_days, phase.c.days_off)
    for phase_id, weekdays, days in connection.execute(select(*plan)):
        inside = (rows["phase_id"] == phase_id).fillna(False)
        off[inside] = _without_return(rows.loc[inside, "report_date"], weekdays, days)
    own = (
        select(phase_area.c.phase_id, area.c.first, area.c.last, phase_area.c.return_days, phase_area.c.days_off)
        .join(area, area.c.id == phase_area.c.area_id)
        .order_by(area.c.level)
    )
    for phase_id, first, last, weekdays, days in connection.execute(own):
        inside = ((rows["phase_id"] == phase_id) & rows["first"].between(first, last)).fillna(False)
        off[inside] = _without_return(rows.loc[inside, "report_date"], weekdays, days)
    return off


def _without_return(dates: pd.Series, weekdays: Sequence[int], days_off: Sequence[str]) -> pd.Series:
    return ~(dates.dt.day_of_week + 1).isin(weekdays) | dates.isin(pd.to_datetime(list(days_off)))


def frames(connection: Connection, phase_id: int) -> pd.DataFrame:
    """Return the versions of the frame: area_id, valid_from, valid_to, frame_households, eds, hard_to_count."""
    columns = ("area_id", "valid_from", "valid_to", "frame_households", "eds", "hard_to_count")
    return fetch_many(
        connection,
        select(*(target.c[name] for name in columns)).where(
            target.c.phase_id == phase_id,
            target.c.valid_to.is_(None) | (target.c.valid_to > target.c.valid_from),
        ),
    )


def stored_returns(connection: Connection, phase_id: int, area_ids: pd.Series, first: date, last: date) -> pd.DataFrame:
    """Return the stored returns of a phase that a file's rows of these days follow or precede.

    Columns: area_id, report_date, submitted_at, is_nil, cumulative counts, issues_open.
    """
    columns = [daily_return.c[name] for name in RETURN_COLUMNS]
    return _around(connection, daily_return, daily_return.c.phase_id, phase_id, columns, area_ids, first, last)


def _around(
    connection: Connection,
    table: Table,
    part: Column[Any],
    value: int | str,
    columns: list[Column[Any]],
    area_ids: pd.Series,
    first: date,
    last: date,
) -> pd.DataFrame:
    """Return of each area its last return before some days, those of the days, and the next one after them."""
    with_tables(connection, filed)
    connection.execute(insert(filed), [{"area_id": area_id} for area_id in sorted(set(plain(area_ids)))])
    analyse(connection, filed)
    of_area = and_(part == value, table.c.area_id == filed.c.area_id)
    before = select(func.max(table.c.report_date)).where(of_area, table.c.report_date < first, ~table.c.is_nil)
    after = select(func.min(table.c.report_date)).where(of_area, table.c.report_date > last)
    nearest = {
        "before": func.coalesce(before.scalar_subquery(), first),
        "after": func.coalesce(after.scalar_subquery(), last),
    }
    connection.execute(update(filed).values(nearest))
    near = (
        select(*columns)
        .select_from(FewFirst(filed, table, filed.c.area_id == table.c.area_id))
        .where(
            part == value,
            table.c.report_date.between(filed.c.before, filed.c.after),
            or_(table.c.report_date >= first, ~table.c.is_nil),
        )
    )
    return fetch_many(connection, near)


def plain(area_ids: pd.Series) -> list[int]:
    """Return ids as Python integers: drivers bind numpy's as bytes, which equal no id."""
    return [int(area_id) for area_id in area_ids.dropna()]


def recent_done(connection: Connection, phase_id: int, first: date, area_ids: pd.Series) -> pd.DataFrame:
    """Return area_id, report_date and hh_done of the returns of the days before a file begins."""
    wanted = select(daily_return.c.area_id, daily_return.c.report_date, daily_return.c.hh_done).where(
        daily_return.c.phase_id == phase_id,
        daily_return.c.report_date >= first - HISTORY,
        daily_return.c.report_date < first,
        daily_return.c.hh_done.is_not(None),
    )
    listed = sorted(set(plain(area_ids)))
    if len(listed) <= FEW:
        wanted = wanted.where(daily_return.c.area_id.in_(listed))
    return fetch_many(connection, wanted)


def enumerators_in_post(connection: Connection) -> pd.DataFrame:
    """Return the latest staffing return of enumerators of each area: area_id, in_post."""
    later = staffing_return.alias("later")
    newest = ~exists().where(
        later.c.role == "enumerator",
        later.c.area_id == staffing_return.c.area_id,
        later.c.report_date > staffing_return.c.report_date,
    )
    return fetch_many(
        connection,
        select(staffing_return.c.area_id, staffing_return.c.in_post).where(
            and_(staffing_return.c.role == "enumerator", newest)
        ),
    )


def stored_staffing(connection: Connection, area_ids: pd.Series, first: date, last: date) -> pd.DataFrame:
    """Return the stored staffing returns that a file's rows of these days follow or precede.

    Columns: area_id, role, report_date, submitted_at, is_nil, cumulative counts, in_post.
    """
    names = ("area_id", "role", "report_date", "submitted_at", "is_nil", *STAFF_CUMULATIVE, "in_post")
    columns = [staffing_return.c[name] for name in names]
    parts = [
        _around(connection, staffing_return, staffing_return.c.role, role, columns, area_ids, first, last)
        for role in ROLES
    ]
    return pd.concat(parts, ignore_index=True)


def staffing_filers(connection: Connection) -> pd.DataFrame:
    """Return the areas that have ever filed a staffing return: role, area_id."""
    return fetch_on(connection, select(staffing_return.c.role, staffing_return.c.area_id).distinct())


def cleanup_filers(connection: Connection) -> pd.DataFrame:
    """Return the areas that have ever filed a clean-up return: area_id."""
    return fetch_on(connection, select(cleanup_return.c.area_id).distinct())


def stored_cleanup(connection: Connection, first: date) -> pd.DataFrame:
    """Return the clean-up returns that a file's rows follow or precede.

    Of each area and station: its last return before the file's first day, and all from that day on.
    Columns: area_id, police_station, report_date, submitted_at, is_nil, counts.
    """
    names = ("area_id", "police_station", "report_date", "submitted_at", "is_nil", *CLEANUP_COUNTS)
    newer = cleanup_return.alias("newer")
    overtaken = exists().where(
        newer.c.area_id == cleanup_return.c.area_id,
        newer.c.police_station == cleanup_return.c.police_station,
        newer.c.report_date > cleanup_return.c.report_date,
        newer.c.report_date < first,
        ~newer.c.is_nil,
    )
    before = and_(~cleanup_return.c.is_nil, ~overtaken)
    wanted = or_(cleanup_return.c.report_date >= first, before)
    return fetch_on(connection, select(*(cleanup_return.c[name] for name in names)).where(wanted))


def deadline(rows: pd.DataFrame) -> pd.Series:
    """Return the cut-off moment of each row's report_date."""
    clocks = {clock: pd.to_timedelta(str(clock), errors="coerce") for clock in rows["cutoff"].dropna().unique()}
    return rows["report_date"] + rows["cutoff"].map(clocks).astype("timedelta64[s]")


def is_after(moment: datetime) -> pd.Timestamp:
    """Return the first moment of the day after."""
    return pd.Timestamp(moment.date() + timedelta(days=1))
