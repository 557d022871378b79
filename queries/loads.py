"""What was taken in: one row a load, and what became of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Select, literal, select

from queries.database import engine, fetch
from queries.schema import area, daily_return, load, phase, target
from queries.view import View

LATEST = 300


def held() -> set[str]:
    """Return of which forms anything is stored: area, calendar, target, progress."""
    tables = {"area": area, "calendar": phase, "target": target, "progress": daily_return}
    with engine().connect() as connection:
        some = {form: select(literal(1)).select_from(table).limit(1) for form, table in tables.items()}
        return {form for form, statement in some.items() if connection.execute(statement).first()}


def history(view: View, role: str) -> pd.DataFrame:
    """Return the latest loads, newest first: all of them, or where only a part of the tree is seen, the office's own.

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
    if not _sees_all(view):
        rows = rows.where(load.c.loaded_by == role)
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


def _sees_all(view: View) -> bool:
    with engine().connect() as connection:
        top = connection.execute(select(area.c.parent_id).where(area.c.id == view.scope_id)).scalar_one()
    return top is None
