"""What is being done about a discrepancy: to verify, verifying, then settled one way or another, with history.

A change of a case is a new version of the filed figure: the old one moves to the history. Two offices that
edit the same version cannot overwrite one another: the second is told what the first has saved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, func, insert, literal, select, update

from queries import audit
from queries.areas import at_or_below, named, within
from queries.database import engine, fetch
from queries.discrepancy.compared import UNSIZED, compare
from queries.intake.versions import same_key, stands
from queries.masking import BELOW_STREET, SENSITIVE
from queries.schema import area, benchmark, benchmark_history, load
from queries.view import View

SETTLED: Final = ("explained", "corrected_in_census", "corrected_in_register", "accepted")
NEXT: Final[dict[str, tuple[str, ...]]] = {  # from a state to those that may follow; staying edits the rest
    "to_verify": ("to_verify", "verifying"),
    "verifying": ("verifying", *SETTLED),
    **{state: (state, "verifying") for state in SETTLED},
}
OWNERSHIP: Final = ("status", "owner", "due_date", "explained_amount", "explained_reason")
KEY: Final = ("area_id", "indicator", "source", "window_start", "window_end", "cutoff_at")


@dataclass(frozen=True)
class Case:
    """What an office records about a discrepancy.

    Attributes
    ----------
    status : str
        A key of `NEXT`.
    owner : str or None
        The office responsible, never a person.
    due_date : date or None
        By when it is to be settled.
    explained_amount : int or None
        Signed like the discrepancy.
    explained_reason : str or None
        enclave, timing, definition, demolition, dual_registration or other.
    """

    status: str
    owner: str | None = None
    due_date: date | None = None
    explained_amount: int | None = None
    explained_reason: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of an edit.

    Attributes
    ----------
    result : str
        saved, unchanged, conflict, gone, or the rule that it breaks: transition, owner_missing, reason_missing,
        explained_sign, explained_too_much, explained_too_little.
    case : Case or None
        The case as it now stands.
    version : int
        Its version.
    gap : float
        The discrepancy against which an explained amount was judged; missing where there is none.
    room : float
        How much of it may stay unexplained within the tolerance.
    """

    result: str
    case: Case | None = None
    version: int = 0
    gap: float = np.nan
    room: float = np.nan


def change(view: View, benchmark_id: int, version: int, case: Case, *, role: str) -> Outcome:
    """Record a case as a new version of its filed figure, unless somebody else has in the meantime.

    Parameters
    ----------
    benchmark_id, version : int
        The figure as the editor saw it.
    case : Case
        All of the case as it is to stand.
    role : str
        The office that edits, never a person.
    """
    case = replace(case, owner=(case.owner or "").strip() or None)
    with engine().connect() as connection:
        before = _current(connection, view, benchmark_id)
        if before is None:
            return Outcome("gone")
        standing = _case(before)
        seen = Outcome("conflict", standing, before["version"])
        if before["version"] != version:
            return seen
        gap, room = _gap(view, before)
        broken = broken_rule(standing, case, gap, room)
        if broken:
            return replace(seen, result=broken, gap=gap, room=room)
        if case == standing:
            return replace(seen, result="unchanged")
        newest = _supersede(connection, benchmark_id, version, case, role)
        if newest is None:
            return seen
        detail = {name: str(value) for name, value in vars(case).items() if value is not None}
        subject = f"benchmark {before['code']} {before['indicator']} {before['source']}"
        audit.note(connection, "edited", subject, role=role, before=before["status"], version=newest, **detail)
        connection.commit()
    return Outcome("saved", case, newest, gap)


def _gap(view: View, row: dict[str, Any]) -> tuple[float, float]:
    """Return the ledger's figure less a department's, and its tolerance as a count; missing without a ledger's."""
    rows = compare(view.at(int(row["area_id"])), area.c.id == row["area_id"])
    mine = rows[(rows["benchmark_id"] == row["id"]) & (rows["census_source"] == "ledger")]
    if mine.empty:
        return np.nan, np.nan
    found = mine.iloc[0]
    return float(found["gap"]), float(found["tolerance"] * found["benchmark_value"])


def broken_rule(before: Case, after: Case, gap: float, room: float) -> str | None:
    """Return the rule that a change breaks; None when it may be made.

    A discrepancy is explained when what is left lies within the tolerance (`room`), or when sides that count
    otherwise or on other days cannot be set against each other at all.
    """
    if after.status not in NEXT[before.status]:
        return "transition"
    if after.status != "to_verify" and not after.owner:
        return "owner_missing"
    amount = after.explained_amount or 0
    if after.explained_reason is None and (amount or after.status == "explained"):
        return "reason_missing"
    if amount and not np.isnan(gap) and np.sign(amount) != np.sign(gap):
        return "explained_sign"
    if amount and not np.isnan(gap) and abs(amount) > abs(gap):
        return "explained_too_much"
    sized = amount or after.explained_reason not in UNSIZED
    if after.status == "explained" and sized and abs(gap) - abs(amount) > room:
        return "explained_too_little"
    return None


def _current(connection: Connection, view: View, benchmark_id: int) -> dict[str, Any] | None:
    found = connection.execute(
        select(benchmark, area.c.code)
        .join(area, area.c.id == benchmark.c.area_id)
        .where(benchmark.c.id == benchmark_id, within(view))
    ).mappings()
    row = found.first()
    return None if row is None else dict(row)


def _case(row: dict[str, Any]) -> Case:
    return Case(**{name: row[name] for name in OWNERSHIP})


def _supersede(connection: Connection, benchmark_id: int, version: int, case: Case, role: str) -> int | None:
    """Move the standing version to the history, put a new one in its place and return its number.

    The number follows those of all versions, undone ones among them; None where the version no longer stands.
    """
    now = datetime.now()
    load_id = connection.execute(
        insert(load)
        .values(loaded_at=now, loaded_by=role, kind="case", result="stored", rows_corrected=1, simulated=False)
        .returning(load.c.id)
    ).scalar_one()
    standing = and_(benchmark.c.id == benchmark_id, benchmark.c.version == version)
    kept = [c.name for c in benchmark_history.c if c.name not in ("id", "superseded_by")]
    connection.execute(
        insert(benchmark_history).from_select(
            [*kept, "superseded_by"], select(*(benchmark.c[name] for name in kept), literal(load_id)).where(standing)
        )
    )
    past = benchmark_history
    of_figure = same_key(past, benchmark, KEY)
    last = select(func.max(past.c.version)).join(benchmark, of_figure).where(benchmark.c.id == benchmark_id)
    newest = max(version, connection.execute(last).scalar() or 0) + 1
    changed = connection.execute(
        update(benchmark).where(standing).values(**vars(case), version=newest, received_at=now, load_id=load_id)
    )
    return newest if changed.rowcount == 1 else None


def history(view: View, benchmark_id: int) -> pd.DataFrame:
    """Return the versions of a filed figure, the standing one first; those of undone loads are left out.

    Columns: version, received_at, loaded_by (office or account, missing where unknown), by (load or case: whether a
    file or an edit made it), value, case_status, owner, due_date, explained_amount, explained_reason. Values of
    small areas that are sensitive are left out.
    """
    place = and_(benchmark.c.id == benchmark_id, within(view))
    current = fetch(select(*_versioned(benchmark)).join(area, area.c.id == benchmark.c.area_id).where(place))
    if current.empty:
        return current.drop(columns=["area_id", "kind", *KEY], errors="ignore")
    past = benchmark_history
    older = fetch(
        select(*_versioned(past))
        .select_from(past.join(benchmark, same_key(past, benchmark, KEY)).join(area, area.c.id == past.c.area_id))
        .where(place, stands(past))
    )
    rows = pd.concat([current, older], ignore_index=True).sort_values("version", ascending=False, kind="stable")
    secret = rows["kind"].isin(BELOW_STREET) & rows["indicator"].isin(SENSITIVE)
    loads = fetch(
        select(load.c.id.label("load_id"), load.c.loaded_by, load.c.kind.label("by")).where(
            load.c.id.in_([int(n) for n in rows["load_id"].dropna()])
        )
    )
    rows = rows.assign(**{name: rows[name].mask(secret) for name in ("value", "explained_amount")})
    rows = rows.merge(loads, on="load_id", how="left").rename(columns={"status": "case_status"})
    rows["by"] = rows["by"].where(rows["by"] == "case", "load")
    return rows.drop(columns=["kind", "indicator", "load_id"]).reset_index(drop=True)


def _versioned(table: Any) -> list[Any]:
    names = ("indicator", "version", "received_at", "load_id", "value", *OWNERSHIP)
    return [area.c.kind, *(table.c[name] for name in names)]


def unsettled(view: View) -> tuple[int, int]:
    """Return of how many filed figures at or below the viewed area the case is open, and how many have no due date.

    Departments' figures and own totals; the ledger's are not verified but compared with.
    """
    open_ = and_(benchmark.c.status.not_in(SETTLED), benchmark.c.source != "ledger", at_or_below(view), within(view))
    number = select(func.count(), func.count(benchmark.c.due_date)).select_from(
        benchmark.join(area, area.c.id == benchmark.c.area_id)
    )
    with engine().connect() as connection:
        every, dated = connection.execute(number.where(open_)).one()
    return int(every), int(every - dated)


def overdue(view: View, limit: int = 200) -> pd.DataFrame:
    """Return cases at or below the viewed area that should have been settled before the as-of date, oldest first.

    Columns: area_id, code, name, indicator, source, case_status, owner, due_date, days_overdue; at most `limit`.
    """
    columns = ("indicator", "source", "owner", "due_date")
    rows = fetch(
        select(
            area.c.id.label("area_id"),
            area.c.code,
            named(view),
            *(benchmark.c[name] for name in columns),
            benchmark.c.status.label("case_status"),
        )
        .join(benchmark, benchmark.c.area_id == area.c.id)
        .where(benchmark.c.due_date < view.as_of, benchmark.c.status.not_in(SETTLED), at_or_below(view), within(view))
        .order_by(benchmark.c.due_date, area.c.first, benchmark.c.id)
        .limit(limit)
    )
    return rows.assign(days_overdue=(pd.Timestamp(view.as_of) - rows["due_date"]).dt.days.astype("float64"))
