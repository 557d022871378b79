"""The rules of form B, the staffing return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from queries.counts import INTAKE, LEAVERS, LEAVING_REASONS, STAFF_CUMULATIVE, STAFF_SOURCES
from queries.intake import known
from queries.intake.checking.history import among, comparable, falls, older, timeline
from queries.intake.checking.keys import dates_and_notes, duplicates
from queries.intake.checking.progress import exceeds
from queries.intake.findings import Breach
from queries.intake.known import Scope

NO_MORE_THAN = (
    ("eds_uncovered", "eds_total"),
    ("tested", "trained"),
    ("passed", "tested"),
    ("certified", "passed"),
    ("age_u50", "in_post"),
    ("edu_senior_plus", "in_post"),
    ("edu_below_junior", "in_post"),
    ("absent_today", "in_post"),
    ("replaced_today", "in_post"),
    ("trained", "person_times"),
)
OF_EVER_RECRUITED = ("trained", "confid_signed", "insured", "publicised")


def check(connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope) -> tuple[pd.DataFrame, list[Breach]]:
    """Check staffing returns; the rows come back with area_id and on_time (missing: no cut-off holds)."""
    rows["is_nil"] = rows["is_nil"].fillna(False)
    areas = known.areas(connection)
    rows, breaches = known.place(rows, areas, units_only=False)
    rows["on_time"] = pd.array([pd.NA] * len(rows), dtype="boolean")
    breaches += [
        duplicates(rows, ("role", "area_id", "report_date"), "report_date"),
        *dates_and_notes(rows, now),
        *_sums(rows),
        *(exceeds(rows, field, other) for field, other in NO_MORE_THAN),
        *_conduct(rows),
        *counted_once(rows, known.staffing_filers(connection), areas, scope),
        *_following(connection, rows),
    ]
    return rows, breaches


def _total(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    return rows[list(names)].sum(axis=1, min_count=1)


def _sums(rows: pd.DataFrame) -> Iterator[Breach]:
    intake, leavers = _total(rows, INTAKE), _total(rows, LEAVERS)
    for names, total, field in (
        (STAFF_SOURCES, intake, "recruited"),
        (LEAVING_REASONS, leavers, "withdrawn"),
    ):
        parts = _total(rows, names)
        unequal = (parts.notna() & total.notna() & (parts != total)).to_numpy()
        yield Breach("not_the_sum", "reject", unequal, field, {"sum": parts})
    for name in OF_EVER_RECRUITED:
        over = (rows[name] > intake).to_numpy()
        yield Breach("exceeds_sum", "reject", over, name, {"limit": intake})


def _conduct(rows: pd.DataFrame) -> Iterator[Breach]:
    yield Breach("transfer_forbidden", "warn", (rows["transferred_out"] > 0).to_numpy(), "transferred_out")
    yield Breach("below_junior", "warn", (rows["edu_below_junior"] > 0).to_numpy(), "edu_below_junior")


def counted_once(
    rows: pd.DataFrame, stored: pd.DataFrame, areas: pd.DataFrame, scope: Scope, rule: str = "counted_elsewhere"
) -> Iterator[Breach]:
    """Find areas above or below one that reports for the same role: what they report would count twice.

    An area above the sender's scope is not named to the sender.
    """
    beyond = set() if scope is None else set(areas.loc[~areas["first"].between(*scope), "code"])
    by_id = areas.set_index("id")
    for role, part in rows.dropna(subset=["area_id"]).groupby("role"):
        filing = set(stored.loc[stored["role"] == role, "area_id"]) | set(part["area_id"])
        filers = by_id.loc[sorted(filing)].sort_values(["first", "last"], ascending=[True, False])
        firsts, lasts, codes = (filers[name].to_numpy() for name in ("first", "last", "code"))
        outer = np.maximum.accumulate(lasts)
        nested_in = np.append(-1, outer[:-1]) >= lasts
        holder = np.maximum.accumulate(np.where(~nested_in, np.arange(len(filers)), -1))
        above = dict(zip(filers.index[nested_in], codes[holder[nested_in]], strict=True))
        inner = np.searchsorted(firsts, lasts, side="right") - np.arange(len(filers)) > 1
        below = {a: codes[n + 1] for n, a in enumerate(filers.index) if inner[n] and n + 1 < len(codes)}
        known_before = set(stored.loc[stored["role"] == role, "area_id"])
        clash = rows["area_id"].map(above).where(rows["role"] == role)
        holds = rows["area_id"].map(below).where(rows["role"] == role)
        other = clash.fillna(holds)
        fresh = ~rows["area_id"].isin(known_before)
        clashes, unnamed = (other.notna() & fresh).to_numpy(), other.isin(beyond).to_numpy()
        yield Breach(rule, "reject", clashes & ~unnamed, "area_code", {"area": other})
        yield Breach("counted_above", "reject", clashes & unnamed, "area_code")


def _following(connection: Connection, rows: pd.DataFrame) -> Iterator[Breach]:
    expected = _total(rows, INTAKE) - _total(rows, LEAVERS).fillna(0)
    wrong = (expected.notna() & rows["in_post"].notna() & (expected != rows["in_post"])).to_numpy()
    yield Breach("stock_does_not_follow", "reject", wrong, "in_post", {"expected_stock": expected})
    placed = comparable(rows, ("role", "area_id", "report_date"))
    if placed.any():
        days = rows.loc[placed, "report_date"]
        stored = known.stored_staffing(connection, rows.loc[placed, "area_id"], days.min().date(), days.max().date())
        placed = placed & ~older(rows, stored, ("role", "area_id", "report_date"))
    if placed.any():
        line = timeline(rows[placed], stored, ("role", "area_id"), STAFF_CUMULATIVE)
        for breach in falls(rows[placed], line, STAFF_CUMULATIVE):
            yield among(rows, breach, np.flatnonzero(placed))
