"""What was taken in: one row a load, and what became of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, literal, or_, select, union_all

from queries.database import engine, fetch
from queries.schema import area, daily_return, load, metadata, phase, target
from queries.view import View

LATEST = 300


def held() -> set[str]:
    """Return of which forms anything is stored: area, calendar, target, progress."""
    tables = {"area": area, "calendar": phase, "target": target, "progress": daily_return}
    with engine().connect() as connection:
        some = {form: select(literal(1)).select_from(table).limit(1) for form, table in tables.items()}
        return {form for form, statement in some.items() if connection.execute(statement).first()}


def history(view: View) -> pd.DataFrame:
    """Return the latest loads, newest first: all of them, or where only a part of the tree is seen, those of it alone.

    One row a load. Columns: load_id, loaded_at, role (the office that loaded), kind (forms joined
    by “+”, or undo), file_name, rows_read, rows_stored (new), rows_corrected, rows_unchanged,
    rows_stale (older than what was in force), rows_rejected,
    rows_withdrawn (of an undo, else NULL), warnings (number by rule), simulated,
    result, undoes_id (the load that an undo undid, else NULL), undone_by_id (NULL while a load stands),
    can_undo (whether it brought anything and stands).
    """
    later = load.alias("later")
    undone_by = select(later.c.id).where(later.c.kind == "undo", later.c.supersedes == load.c.id).scalar_subquery()
    rows: Select[Any] = (
        select(
            load.c.id.label("load_id"),
            load.c.loaded_at,
            load.c.loaded_by.label("role"),
            load.c.kind,
            load.c.file_name,
            load.c.rows_read,
            load.c.rows_stored,
            load.c.rows_corrected,
            load.c.rows_unchanged,
            load.c.rows_stale,
            load.c.rows_rejected,
            load.c.warnings,
            load.c.simulated,
            load.c.result,
            load.c.supersedes.label("undoes_id"),
            undone_by.label("undone_by_id"),
        )
        .order_by(load.c.id.desc())
        .limit(LATEST)
    )
    scope = _part(view)
    if scope is not None:
        rows = rows.where(of_scope(scope))
    found = fetch(rows)
    is_undo = found["kind"] == "undo"
    withdrawn = (found["rows_read"] - found["rows_corrected"] - found["rows_unchanged"]).where(is_undo)
    changed = found[["rows_stored", "rows_corrected", "rows_stale"]].fillna(0).sum(axis=1) > 0
    return found.assign(rows_withdrawn=withdrawn, can_undo=~is_undo & changed & found["undone_by_id"].isna())


def undos() -> Select[Any]:
    """Return the ids of the loads that undid another one."""
    return select(load.c.id).where(load.c.kind == "undo")


def undone() -> Select[Any]:
    """Return the ids of the loads that were undone: nothing that they brought holds."""
    return select(load.c.supersedes).where(load.c.kind == "undo", load.c.supersedes.is_not(None))


def of_scope(scope: tuple[int, int]) -> ColumnElement[bool]:
    """Return the condition that a load lies wholly in a part of the tree, from its first area to its last.

    Every row that it brought, also those since corrected or undone, is of an area there; an undo lies where the
    load lies that it undid. A load that brought no row lies nowhere.
    """
    brought = union_all(*(select(table.c.load_id, table.c.area_id) for table in _of_areas())).subquery()
    wholly = (
        select(brought.c.load_id)
        .join(area, area.c.id == brought.c.area_id)
        .group_by(brought.c.load_id)
        .having(func.min(area.c.first) >= scope[0], func.max(area.c.last) <= scope[1])
    )
    is_undo = load.c.kind == "undo"
    return or_(and_(~is_undo, load.c.id.in_(wholly)), and_(is_undo, load.c.supersedes.in_(wholly)))


def lies_in(connection: Connection, load_id: int, scope: tuple[int, int]) -> bool:
    """Return whether a load lies wholly in a part of the tree, as `of_scope`."""
    return connection.execute(select(load.c.id).where(load.c.id == load_id, of_scope(scope))).first() is not None


def _of_areas() -> list[Table]:
    """Return the tables whose rows came with a load and are of an area: returns, frames, and their histories."""
    return [table for table in metadata.sorted_tables if {"load_id", "area_id"} <= set(table.c.keys())]


def _part(view: View) -> tuple[int, int] | None:
    """Return first and last of the areas that a viewer may see; None where that is the whole tree."""
    with engine().connect() as connection:
        found = connection.execute(
            select(area.c.first, area.c.last, area.c.parent_id).where(area.c.id == view.scope_id)
        ).one()
    return None if found.parent_id is None else (found.first, found.last)
