"""Find stored rows by the few that a transaction has put into a working table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Join, Table, and_, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class FewFirst(Join):
    """A join of a few rows to many, walked from the few.

    SQLite keeps no statistics, takes all of a phase for a handful of rows, and would read those first.
    """

    inherit_cache = True


@compiles(FewFirst, "sqlite")
def _in_this_order(join: FewFirst, compiler: SQLCompiler, **options: Any) -> str:
    assert join.onclause is not None
    options |= {"asfrom": True}
    few, many = (compiler.process(side, **options) for side in (join.left, join.right))
    return f"{few} CROSS JOIN {many} ON {compiler.process(join.onclause, **options)}"


def among(table: Table, working: FromClause, key: Sequence[str]) -> ColumnElement[bool]:
    """Return whether a row is one that a working table names: found from there, not by reading all that is stored."""
    stored = table.alias("stored")
    named = and_(*(equal(working.c[name], stored.c[name]) for name in key))
    ids = list(table.primary_key)
    named_ids = select(*(stored.c[column.name] for column in ids)).select_from(FewFirst(working, stored, named))
    return tuple_(*ids).in_(named_ids)


def equal(left: ColumnElement[Any], right: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether two cells say the same, an empty one the same as an empty one where both may be empty."""
    empty = getattr(left, "nullable", True) and getattr(right, "nullable", True)
    return left.is_not_distinct_from(right) if empty else left == right
