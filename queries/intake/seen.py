"""Whether a file was taken in before and every row of it is in force: its fingerprint alone does not tell."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, func, select, union_all

from queries.intake.known import Scope
from queries.intake.receipt import Receipt
from queries.intake.versions import RETURNS
from queries.loads import of_scope, undone
from queries.schema import load, target


def loaded_before(connection: Connection, content: bytes, scope: Scope) -> int | None:
    """Return the load that took in the very same file and was not undone; one of others tells a part nothing."""
    same = select(load.c.id).where(
        load.c.sha256 == hashlib.sha256(content).hexdigest(), load.c.result != "partial", load.c.id.not_in(undone())
    )
    if scope is not None:
        same = same.where(of_scope(scope))
    return connection.execute(same.order_by(load.c.id.desc()).limit(1)).scalar()


def stands_whole(connection: Connection, load_id: int) -> bool:
    """Return whether every row of a file that was taken in is in force as that very load brought it."""
    read = select(load.c.rows_read).where(load.c.id == load_id)
    in_force = [select(kept.table.c.load_id).where(kept.table.c.load_id == load_id) for kept in RETURNS]
    holding = target.c.valid_to.is_(None) | (target.c.valid_to > target.c.valid_from)
    in_force.append(select(target.c.load_id).where(target.c.load_id == load_id, holding))
    number = select(func.count()).select_from(union_all(*in_force).subquery())
    return connection.execute(read).scalar_one() == connection.execute(number).scalar_one()


def is_all_in_force(receipt: Receipt) -> bool:
    """Return whether a file that was checked says only what is in force."""
    is_older = any(rule == "older_version" for each in receipt.checked for _severity, rule, _field in each.counts)
    return receipt.result == "unchanged" and not receipt.written and not is_older
