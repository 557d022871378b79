"""Which version of a row is in force: every version is kept, and one of those that stand is shown.

A version stands while the load that brought it is not undone. One that was submitted before another
standing version of its row is stale: it never stands in force. Of the others the one that came last is
in force; a version without a time of submission is as new as its arrival. What is in force, whether it
is corrected and whether the return was in time therefore follow from the standing versions alone, in
whatever order they came and whatever was undone between. The table of returns holds the versions in
force, its history all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)

from queries.counts import CHECK_COUNTS, CLEANUP_COUNTS, DAILY, PROGRESS_COUNTS, STAFF_COUNTS
from queries.loads import undone
from queries.schema import (
    Key,
    benchmark,
    benchmark_history,
    cleanup_return,
    cleanup_return_history,
    daily_return,
    daily_return_history,
    load,
    quality_check,
    quality_check_history,
    staffing_return,
    staffing_return_history,
)
from queries.summing import analyse, with_tables
from queries.working import among, equal

CHECK_CONTENT: Final = (
    "area_id",
    "stage",
    "level",
    "cross_unit_id",
    "report_date",
    "map_ok",
    *CHECK_COUNTS,
    "decision",
    "rework_due",
    "re_check_id",
    "note",
)


@dataclass(frozen=True)
class Kept:
    """A table of the versions in force, the table of all others, the key of a row, and what a row says."""

    table: Table
    history: Table
    key: tuple[str, ...]
    content: tuple[str, ...]

    @property
    def is_timed(self) -> bool:
        """Whether rows have a time of submission."""
        return "submitted_at" in self.table.c

    @property
    def columns(self) -> list[str]:
        """What the table and its history have in common."""
        return [c.name for c in self.history.c if c.name not in ("id", "superseded_by")]


DAILY_RETURNS: Final = Kept(
    daily_return,
    daily_return_history,
    ("phase_id", "area_id", "report_date"),
    ("is_nil", "note", "hh_frame", *PROGRESS_COUNTS, *DAILY),
)
STAFFING_RETURNS: Final = Kept(
    staffing_return,
    staffing_return_history,
    ("role", "area_id", "report_date"),
    ("is_nil", "note", *STAFF_COUNTS),
)
BENCHMARKS: Final = Kept(
    benchmark,
    benchmark_history,
    ("indicator", "source", "area_id", "window_start", "window_end", "cutoff_at"),
    (
        "value",
        "unit",
        "concept_note",
        "covers_special_area",
        "explained_amount",
        "explained_reason",
        "owner",
        "due_date",
        "status",
        "parts",
    ),
)
QUALITY_CHECKS: Final = Kept(quality_check, quality_check_history, ("check_id",), CHECK_CONTENT)
CLEANUP_RETURNS: Final = Kept(
    cleanup_return,
    cleanup_return_history,
    ("police_station", "area_id", "report_date"),
    ("is_nil", "note", *CLEANUP_COUNTS, "db_updated", "materials_handed_over"),
)
RETURNS: Final = (DAILY_RETURNS, STAFFING_RETURNS, BENCHMARKS, QUALITY_CHECKS, CLEANUP_RETURNS)


def stands(history: Any) -> ColumnElement[bool]:
    """Return the condition that a version's load is not undone."""
    return history.c.load_id.not_in(undone())


def same_key(left: Any, right: Any, key: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that two versions are of one row; an empty cell is the same as an empty one."""
    return and_(*(equal(left.c[name], right.c[name]) for name in key))


def says_the_same(left: Any, right: Any, content: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that two versions say the same."""
    return and_(*(left.c[name].is_not_distinct_from(right.c[name]) for name in content))


def settle(connection: Connection, kept: Kept, keys: Select[Any], load_id: int) -> None:
    """Bring of each row the version into force that stands newest, and move the one before to the history.

    Parameters
    ----------
    keys : Select
        The key columns of the rows; it must give the same rows until the end.
    load_id : int
        The load, or the undo, by which a version that leaves goes.
    """
    table, history = kept.table, kept.history
    put_aside(connection, kept, keys, load_id)
    chosen = Table(
        f"chosen_{table.name}",
        MetaData(),
        Column("id", Key, primary_key=True),
        Column("first_on_time", Boolean),
        prefixes=["TEMPORARY"],
    )
    with_tables(connection, chosen)
    connection.execute(insert(chosen).from_select(["id", "first_on_time"], _in_force(kept, keys)))
    analyse(connection, chosen)
    more = _of_first_and_others(kept, chosen)
    connection.execute(
        insert(table).from_select(
            [*kept.columns, *more],
            select(*(history.c[name] for name in kept.columns), *more.values()).where(history.c.id == chosen.c.id),
        )
    )
    connection.execute(delete(history).where(history.c.id.in_(select(chosen.c.id))))


def settle_all(connection: Connection) -> None:
    """Bring the version into force that stands newest of every row that has more than one."""
    for kept in RETURNS:
        keys = Table(
            f"settled_{kept.table.name}",
            MetaData(),
            *(Column(name, kept.table.c[name].type, nullable=kept.table.c[name].nullable) for name in kept.key),
            Index(f"settled_{kept.table.name}_key", *kept.key),
            prefixes=["TEMPORARY"],
        )
        with_tables(connection, keys)
        several = select(*(kept.history.c[name] for name in kept.key)).where(stands(kept.history)).distinct()
        connection.execute(insert(keys).from_select(list(kept.key), several))
        analyse(connection, keys)
        newest = select(func.coalesce(func.max(load.c.id), 0)).scalar_subquery()
        settle(connection, kept, select(*keys.c), connection.execute(select(newest)).scalar_one())


def put_aside(connection: Connection, kept: Kept, keys: Select[Any], load_id: int) -> None:
    """Move the versions in force of some rows to the history."""
    of_rows = among(kept.table, keys.subquery("wanted"), kept.key)
    connection.execute(
        insert(kept.history).from_select(
            [*kept.columns, "superseded_by"],
            select(*(kept.table.c[name] for name in kept.columns), literal(load_id)).where(of_rows),
        )
    )
    connection.execute(delete(kept.table).where(of_rows))


def in_order(versions: Any) -> Any:
    """Return versions, one row each with its key, version and submitted_at, in the order in which they hold.

    Parameters
    ----------
    versions : DataFrame
        Standing versions of daily returns: area_id, report_date, version, submitted_at.
    """
    arrived = versions.sort_values(["area_id", "report_date", "version"], ignore_index=True, kind="stable")
    unit = [arrived["area_id"], arrived["report_date"]]
    newest = arrived["submitted_at"].groupby(unit).cummax()
    holds = arrived["submitted_at"].fillna(newest.groupby(unit).ffill())
    return arrived.assign(holds=holds).sort_values(
        ["area_id", "report_date", "holds", "version"], na_position="first", ignore_index=True, kind="stable"
    )


def _in_force(kept: Kept, keys: Select[Any]) -> Select[Any]:
    """Select the id of the version in force of each row in the history, and whether its first return was in time."""
    versions = _judged(kept, keys)
    newest = func.row_number().over(
        partition_by=[versions.c[name] for name in kept.key], order_by=versions.c.version.desc()
    )
    left = select(versions.c.id, versions.c.first_on_time, newest.label("place"))
    if kept.is_timed:
        at = versions.c.submitted_at
        left = left.where(or_(at.is_(None), at == versions.c.latest))
    candidates = left.subquery("candidates")
    return select(candidates.c.id, candidates.c.first_on_time).where(candidates.c.place == 1)


def _judged(kept: Kept, keys: Select[Any]) -> Subquery:
    """Return the standing versions of some rows with the latest time of submission, and the first one's punctuality.

    The first return is the one submitted first; it is the one that came first where that has no time.
    """
    history = kept.history
    columns: list[Any] = [history.c.id, history.c.version, *(history.c[name] for name in kept.key)]
    if kept.is_timed:
        at, row = history.c.submitted_at, [history.c[name] for name in kept.key]
        by_time = [case((at.is_(None), 1), else_=0), at, history.c.version]

        def first(column: Column[Any], *order: Any) -> ColumnElement[Any]:
            return func.first_value(column, type_=column.type).over(partition_by=row, order_by=list(order))

        on_time = case(
            (first(at, history.c.version).is_(None), first(history.c.on_time, history.c.version)),
            else_=first(history.c.on_time, *by_time),
        )
        columns += [at, func.max(at).over(partition_by=row).label("latest"), on_time.label("first_on_time")]
    else:
        columns.append(cast(null(), Boolean).label("first_on_time"))
    return (
        select(*columns).where(among(history, keys.subquery("wanted"), kept.key), stands(history)).subquery("versions")
    )


def _of_first_and_others(kept: Kept, chosen: Table) -> dict[str, ColumnElement[Any]]:
    """Return what daily returns in force say of their other standing versions, by column."""
    if "is_corrected" not in kept.table.c:
        return {}
    other = kept.history.alias("other")
    differs = exists().where(
        same_key(other, kept.history, kept.key),
        stands(other),
        ~says_the_same(other, kept.history, kept.content),
    )
    return {"first_on_time": chosen.c.first_on_time, "is_corrected": differs}
