"""The rules of form E, the return of the register clean-up by street and police station."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from queries.cleanup_calendar import DUE, PHASES
from queries.counts import (
    CLEANUP_COUNTS,
    CLEANUP_CUMULATIVE,
    CLEANUP_KINDS,
    CLEANUP_PARTS,
    NO_HUKOU_SETTLED,
    RESULTS_OF,
)
from queries.intake import known
from queries.intake.checking.history import among, changed_without_reason, comparable, falls, older, timeline
from queries.intake.checking.keys import PERSONAL_NUMBER, dates_and_notes, duplicates
from queries.intake.checking.progress import exceeds
from queries.intake.checking.staffing import counted_once
from queries.intake.findings import Breach
from queries.intake.known import Scope
from queries.masking import BELOW_STREET

KEY = ("area_id", "police_station", "report_date")
NO_MORE_THAN = (("hh_checked", "hh_to_check"), ("pers_checked", "pers_to_check"), ("plates_made", "missing_plates"))


def check(connection: Connection, rows: pd.DataFrame, now: datetime, scope: Scope) -> tuple[pd.DataFrame, list[Breach]]:
    """Check clean-up returns; the rows come back with area_id and on_time (missing: no cut-off holds)."""
    rows["is_nil"] = rows["is_nil"].fillna(False)
    rows["police_station"] = rows["police_station"].map(_as_one_name, na_action="ignore")
    areas = known.areas(connection)
    rows, breaches = known.place(rows, areas, units_only=False)
    rows["on_time"] = pd.array([pd.NA] * len(rows), dtype="boolean")
    filers = known.cleanup_filers(connection).assign(role="")
    breaches += [
        Breach("below_street", "reject", rows["kind"].isin(BELOW_STREET).to_numpy() & _placed(rows), "area_code"),
        *counted_once(rows.assign(role=""), filers, areas, scope, "cleanup_counted_elsewhere"),
        duplicates(rows, KEY, "report_date"),
        *dates_and_notes(rows, now),
        *_station(rows),
        *(exceeds(rows, field, other) for field, other in NO_MORE_THAN),
        *_states(rows),
        *(_parts(rows, whole, parts) for whole, parts in CLEANUP_PARTS.items()),
        _parts(rows, "no_hukou_settled", NO_HUKOU_SETTLED, exact=False),
        *_results(rows),
        *_due(connection, rows),
        *_following(connection, rows),
    ]
    return rows, breaches


def _as_one_name(written: str) -> str:
    """Return a station's name as it is kept: full-width characters and blanks must not make a second station."""
    return " ".join(unicodedata.normalize("NFKC", written).split())


def _placed(rows: pd.DataFrame) -> np.ndarray:
    return rows["area_id"].notna().to_numpy()


def _station(rows: pd.DataFrame) -> Iterator[Breach]:
    name = rows["police_station"].astype("str").fillna("")
    personal = name.str.contains(PERSONAL_NUMBER, regex=True).to_numpy(dtype=bool)
    yield Breach("personal_note", "reject", personal, "police_station")


def _states(rows: pd.DataFrame) -> Iterator[Breach]:
    """Yield, for each kind, the breaches of found = resolved + pending and of overdue within pending."""
    for kind in CLEANUP_KINDS:
        found, resolved, pending, overdue = (f"{kind}_{state}" for state in ("found", "resolved", "pending", "overdue"))
        yield _parts(rows, found, (resolved, pending))
        open_cases = rows[pending].fillna(rows[found] - rows[resolved]).fillna(rows[found])
        over = (rows[overdue] > open_cases).to_numpy()
        yield Breach("exceeds", "reject", over, overdue, {"other": pending, "limit": open_cases})


def _parts(rows: pd.DataFrame, whole: str, parts: Sequence[str], *, exact: bool = True) -> Breach:
    """Return the breach of parts that do not add up to their whole, or of the known ones that exceed it."""
    stated = rows[list(parts)]
    total = stated.sum(axis=1, min_count=1)
    complete = stated.notna().all(axis=1) & exact
    wrong = (total > rows[whole]) | (complete & (total != rows[whole]) & rows[whole].notna())
    return Breach("not_the_sum", "reject", wrong.to_numpy(dtype=bool), whole, {"sum": total})


def _results(rows: pd.DataFrame) -> Iterator[Breach]:
    """Yield the breaches of results that do not account for the resolved cases; an unknown result is no zero."""
    for kinds, results in RESULTS_OF:
        resolved = rows[[f"{kind}_resolved" for kind in kinds]].sum(axis=1, min_count=len(kinds))
        stated = rows[list(results)]
        total = stated.sum(axis=1, min_count=1)
        wrong = (total > resolved) | (stated.notna().all(axis=1) & (total != resolved) & resolved.notna())
        told = {"resolved": resolved, "results": total}
        yield Breach("results_differ", "reject", wrong.to_numpy(dtype=bool), f"{kinds[0]}_resolved", told)


def _due(connection: Connection, rows: pd.DataFrame) -> Iterator[Breach]:
    """Yield the breaches of what the calendar says is due and the return does not confirm."""
    phases = known.phases(connection)
    places = rows[["first", "last"]]
    windows = {code: known.windows(connection, places.assign(phase=code), phases) for code in PHASES}
    for field, sources in DUE.items():
        due = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
        for code, edge in sources:
            due = due.fillna(windows[code][edge].astype("datetime64[s]"))
        late = (rows["report_date"] > due) & ~rows[field].fillna(False)
        yield Breach("handover_late", "warn", late.to_numpy(dtype=bool), field, {"due": due})


def _following(connection: Connection, rows: pd.DataFrame) -> Iterator[Breach]:
    whole = comparable(rows, KEY)
    part = rows[whole]
    if part.empty:
        return
    stored = known.stored_cleanup(connection, part["report_date"].min().date())
    stored = stored[stored["area_id"].isin(set(part["area_id"]))]
    stale = older(part, stored, KEY)
    part, place = part[~stale], np.flatnonzero(whole)[~stale]
    line = timeline(part, stored, KEY[:2], CLEANUP_CUMULATIVE)
    found = [*falls(part, line, CLEANUP_CUMULATIVE), changed_without_reason(part, stored, KEY, CLEANUP_COUNTS)]
    for breach in found:
        yield among(rows, breach, place)
