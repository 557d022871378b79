"""Keep `progress` and `staffing_progress` true when returns arrive or are corrected.

A load touches reporting units, each from its earliest reported day until the return that
follows, beyond which nothing is carried. Their dense rows of these days are rebuilt, then the
sums of every area above them, for those days only. All of it is SQL that runs alike on SQLite
and PostgreSQL, inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Float,
    Subquery,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)

from queries.counts import DAILY, PAIRED, PROGRESS_COUNTS
from queries.schema import Key, area, daily_return, phase, phase_area, phase_day, progress, target
from queries.summing import END, TOUCHED, analyse, at_least_zero, clear, settled, sum_up, touched, with_tables, working

day = Table(  # what the calendar says of each day to be filled
    "day",
    working,
    Column("calendar_id", Key, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("is_open", Boolean, nullable=False),  # a return is due
    Column("is_off", Boolean, nullable=False),  # the phase runs, and none is due
    Column("last_due", Date),  # the newest day up to this one on which one was due
    Column("planned_share", Float, nullable=False),
    prefixes=["TEMPORARY"],
)

ONE_DAY = timedelta(days=1)


def roll_up(connection: Connection, phase_id: int, units: Subquery) -> None:
    """Bring `progress` up to date after returns or targets of some reporting units changed.

    Parameters
    ----------
    connection : Connection
        Open transaction in which the returns were stored.
    phase_id : int
        The phase that the returns belong to.
    units : Subquery
        Columns phase_id, area_id and from_date: what changed, and from which day on; where it is returns of
        the days up to a to_date, this column too: nothing changes after the next return of the unit.
    """
    span = _span(connection, phase_id)
    if span is None:
        return
    first, last = span
    filled = _filled(connection, phase_id)
    with_tables(connection, touched, day)
    units = select(units).where(units.c.phase_id == phase_id).subquery()
    from_date = case((units.c.from_date < first, first), else_=units.c.from_date)
    to_date = units.c.get("to_date", literal(END, Date))
    connection.execute(
        insert(touched).from_select(
            [*TOUCHED, "until"],
            select(area.c.id, area.c.parent_id, area.c.level, func.min(from_date), true(), func.max(to_date))
            .join(units, units.c.area_id == area.c.id)
            .where(area.c.first == area.c.last)
            .group_by(area.c.id, area.c.parent_id, area.c.level),
        )
    )
    next_return = (
        select(func.min(daily_return.c.report_date))
        .where(
            daily_return.c.phase_id == phase_id,
            daily_return.c.area_id == touched.c.area_id,
            daily_return.c.report_date > touched.c.until,
            ~daily_return.c.is_nil,
        )
        .scalar_subquery()
    )
    connection.execute(update(touched).values(until=func.coalesce(next_return, END)))
    if filled is None or first < filled[0]:
        _touch_all_units(connection, first)
    elif last > filled[1]:
        _touch_all_units(connection, filled[1] + ONE_DAY)
    _rebuild(connection, phase_id, first, last)


def trim(connection: Connection, phase_id: int) -> None:
    """Delete the `progress` rows of days before the first and after the last return, where returns were withdrawn."""
    span = _span(connection, phase_id)
    beyond = or_(progress.c.date < span[0], progress.c.date > span[1]) if span else true()
    connection.execute(delete(progress).where(progress.c.phase_id == phase_id, beyond))


def rebuild(connection: Connection, phase_id: int) -> None:
    """Build the `progress` rows of a phase from its returns alone, from scratch."""
    connection.execute(delete(progress).where(progress.c.phase_id == phase_id))
    span = _span(connection, phase_id)
    if span is None:
        return
    with_tables(connection, touched, day)
    _touch_all_units(connection, span[0])
    _rebuild(connection, phase_id, *span)


def _span(connection: Connection, phase_id: int) -> tuple[date, date] | None:
    """Return the first and the last day that `progress` must hold, None without any return."""
    of_phase = daily_return.c.phase_id == phase_id
    # Asked one by one: SQLite finds either end by an index, but reads all days to find both at once.
    ends = [select(end(daily_return.c.report_date)).where(of_phase) for end in (func.min, func.max)]
    reported = connection.execute(select(*(end.scalar_subquery() for end in ends))).one()
    if reported[0] is None:
        return None
    starts = (
        select(phase.c.start)
        .where(phase.c.id == phase_id)
        .union(select(phase_area.c.start).where(phase_area.c.phase_id == phase_id))
    )
    first = min(connection.execute(starts).scalars())
    return min(first, reported[0]), reported[1]


def _filled(connection: Connection, phase_id: int) -> tuple[date, date] | None:
    root = select(area.c.id).where(area.c.parent_id.is_(None)).scalar_subquery()
    first, last = connection.execute(
        select(func.min(progress.c.date), func.max(progress.c.date)).where(
            progress.c.phase_id == phase_id, progress.c.area_id == root
        )
    ).one()
    return None if first is None else (first, last)


def _touch_all_units(connection: Connection, from_date: date) -> None:
    """Touch every reporting unit from a day on to the end, keeping the earlier day where one is set."""
    known = exists().where(touched.c.area_id == area.c.id)
    connection.execute(update(touched).where(touched.c.from_date > from_date).values(from_date=from_date))
    connection.execute(update(touched).values(until=END))
    connection.execute(
        insert(touched).from_select(
            TOUCHED,
            select(area.c.id, area.c.parent_id, area.c.level, literal(from_date, Date), true()).where(
                area.c.first == area.c.last, ~known
            ),
        )
    )


def _rebuild(connection: Connection, phase_id: int, first: date, last: date) -> None:
    _fill_days(connection, phase_id, first, last)
    _assign_calendars(connection, phase_id)
    analyse(connection, touched)
    filled = _filled(connection, phase_id)
    earliest = connection.execute(select(func.min(touched.c.from_date))).scalar_one()
    replaces = filled is not None and earliest is not None and earliest <= filled[1]
    if replaces:
        clear(connection, progress, progress.c.phase_id, phase_id, touched.c.is_unit)
    _insert_units(connection, phase_id)
    sum_up(connection, progress, progress.c.phase_id, phase_id, replaces=replaces)


def _fill_days(connection: Connection, phase_id: int, first: date, last: date) -> None:
    """Lay the calendar over the days to be filled: nothing planned before it, all of it after."""
    calendar: dict[int, dict[date, tuple[bool, float]]] = {}
    planned = select(phase_day).where(phase_day.c.phase_id == phase_id)
    for row in connection.execute(planned):
        calendar.setdefault(row.area_id, {})[row.date] = (row.is_open, row.planned_share)
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    rows = []
    for calendar_id, known in calendar.items():
        opening = min(known)
        last_due = None
        for each in days:
            is_open, share = known.get(each, (False, 0.0 if each < opening else 1.0))
            last_due = each if is_open else last_due
            rows.append(
                {
                    "calendar_id": calendar_id,
                    "date": each,
                    "is_open": is_open,
                    "is_off": each in known and not is_open,
                    "last_due": last_due,
                    "planned_share": share,
                }
            )
    connection.execute(insert(day), rows)
    analyse(connection, day)


def _assign_calendars(connection: Connection, phase_id: int) -> None:
    """Mark touched units whose own area, or the nearest above, has a calendar that is not the root's."""
    own = connection.execute(
        select(area.c.id, area.c.first, area.c.last)
        .join(phase_area, phase_area.c.area_id == area.c.id)
        .where(phase_area.c.phase_id == phase_id)
        .order_by(area.c.level)
    ).all()
    for calendar_id, first, last in own:
        below = select(area.c.id).where(area.c.first.between(first, last))
        connection.execute(update(touched).where(touched.c.area_id.in_(below)).values(calendar_id=calendar_id))


def _insert_units(connection: Connection, phase_id: int) -> None:
    """Insert one row a touched unit and day: the last reported counts, marked when carried forward."""
    today, value = daily_return.alias("today"), daily_return.alias("value")
    root = select(area.c.id).where(area.c.parent_id.is_(None)).scalar_subquery()
    before = select(func.max(daily_return.c.report_date)).where(
        daily_return.c.phase_id == phase_id,
        daily_return.c.area_id == touched.c.area_id,
        daily_return.c.report_date < touched.c.from_date,
    )
    seeded = select(
        touched.c.area_id,
        touched.c.parent_id,
        touched.c.from_date,
        touched.c.until,
        func.coalesce(touched.c.calendar_id, root).label("calendar_id"),
        before.where(~daily_return.c.is_nil).scalar_subquery().label("seed"),
        before.scalar_subquery().label("seed_in"),
    ).cte("seeded")
    in_today = today.c.area_id.is_not(None)
    fresh = case((and_(in_today, ~today.c.is_nil), day.c.date))
    newest = func.max(fresh).over(partition_by=seeded.c.area_id, order_by=day.c.date)
    newest_in = func.max(case((in_today, day.c.date))).over(partition_by=seeded.c.area_id, order_by=day.c.date)
    dated = (
        select(
            seeded.c.area_id,
            seeded.c.parent_id,
            day.c.date,
            day.c.is_open,
            day.c.is_off,
            day.c.last_due,
            day.c.planned_share,
            func.coalesce(newest, seeded.c.seed, type_=Date()).label("value_date"),
            func.coalesce(newest_in, seeded.c.seed_in, type_=Date()).label("last_in"),
            in_today.label("is_in"),
            today.c.is_nil,
            today.c.first_on_time,
            today.c.is_corrected,
            *(today.c[name] for name in DAILY),
        )
        .join(
            day,
            and_(
                day.c.calendar_id == seeded.c.calendar_id,
                day.c.date >= seeded.c.from_date,
                day.c.date < seeded.c.until,
            ),
        )
        .outerjoin(
            today,
            and_(
                today.c.phase_id == phase_id,
                today.c.area_id == seeded.c.area_id,
                today.c.report_date == day.c.date,
            ),
        )
        .cte("dated")
    )
    columns = _unit_columns(dated, value)
    rows = (
        select(
            literal(phase_id, Key),
            dated.c.area_id,
            dated.c.date,
            dated.c.parent_id,
            dated.c.value_date,
            *columns.values(),
        )
        .outerjoin(
            value,
            and_(
                value.c.phase_id == phase_id,
                value.c.area_id == dated.c.area_id,
                value.c.report_date == dated.c.value_date,
            ),
        )
        .outerjoin(
            target,
            and_(
                target.c.phase_id == phase_id,
                target.c.area_id == dated.c.area_id,
                target.c.valid_from <= dated.c.date,
                target.c.valid_to.is_(None) | (dated.c.date < target.c.valid_to),
            ),
        )
    )
    names: Sequence[str] = ["phase_id", "area_id", "date", "parent_id", "value_date", *columns]
    connection.execute(insert(progress).from_select(list(names), rows))


def _unit_columns(dated: Any, value: Any) -> dict[str, ColumnElement[Any]]:
    """Return the counts of one reporting unit on one day, by column name of `progress`."""
    due, off, is_in = dated.c.is_open, dated.c.is_off, dated.c.is_in
    frame = func.coalesce(target.c.frame_households, value.c.hh_frame)
    resolved = value.c.hh_done + sum(
        func.coalesce(value.c[name], 0) for name in ("hh_vacant", "hh_away", "hh_deceased")
    )
    planned = frame * dated.c.planned_share
    still_open = at_least_zero(frame - func.coalesce(resolved, 0))
    missing = and_(due, ~is_in)
    # On a day off nobody is missing, yet what was missing when a return was last due is still not known.
    waiting = and_(
        or_(due, off),
        dated.c.last_due.is_not(None),
        or_(dated.c.last_in.is_(None), dated.c.last_in < dated.c.last_due),
    )

    def one_if(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return case((and_(*conditions), 1), else_=0)

    known = {
        **{name: value.c[name] for name in PROGRESS_COUNTS},
        "hh_frame": frame,
        "pers_frame": target.c.frame_persons,
        "hh_resolved": resolved,
        "ed_total": func.coalesce(value.c.ed_total, target.c.eds),
    }
    return {
        "leaves": literal(1),
        "leaves_due": one_if(due),
        "leaves_off": one_if(off),
        "leaves_unasked": one_if(off, is_in),
        "leaves_reported": one_if(due, is_in),
        "leaves_timed": one_if(due, is_in, dated.c.first_on_time.is_not(None)),
        "leaves_on_time": one_if(due, is_in, func.coalesce(dated.c.first_on_time, False, type_=Boolean())),
        "leaves_nil": one_if(due, is_in, func.coalesce(dated.c.is_nil, False, type_=Boolean())),
        "leaves_corrected": one_if(due, is_in, dated.c.is_corrected),
        "leaves_carried": one_if(missing, dated.c.value_date.is_not(None)),
        "leaves_never": one_if(missing, dated.c.value_date.is_(None)),
        "leaves_unframed": one_if(frame.is_(None)),
        **known,
        **{name: case((known[other].is_not(None), known[one]), else_=null()) for name, (one, other) in PAIRED.items()},
        "hh_open": still_open,
        "hh_open_missing": case((waiting, still_open), else_=0),
        "resolved_carried": case((waiting, func.coalesce(resolved, 0)), else_=0),
        "framed_carried": case((and_(waiting, frame.is_not(None)), func.coalesce(resolved, 0)), else_=0),
        "planned_hh": settled(planned),
        "behind_hh": settled(at_least_zero(planned - func.coalesce(resolved, 0))),
        **{name: dated.c[name] for name in DAILY},
    }
