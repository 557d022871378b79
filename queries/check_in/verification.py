"""What became of each decision: held against the next returns by itself.

A decision is looked at on its due day and on every later day on which its area reported:

- kept: the number was reached on the due day;
- kept_late: not on the due day, but on a later one (`kept_on`);
- missed: the newest day that can be judged falls short of the number;
- no_data: no day can be judged, because returns of the area are not in and the number lies between
  what is known and what the units not in may add; a carried figure alone never breaks a promise;
- waiting: the due day has not come;
- withdrawn.

`misses` counts the days, the due day first, on which the number was judged and missed. A decision
still missed is escalated once they are as many as the setting `escalate_after`.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Date, and_, case, func, insert, literal, or_, select

from queries import discrepancy
from queries.areas import named, within
from queries.check_in.measures import MEASURES, PROGRESS_COLUMNS, TOLD_BY, of_progress
from queries.counts import ROLES
from queries.database import engine, fetch
from queries.schema import area, check_in, check_in_outcome, commitment, progress, staffing_progress
from queries.settings import settings
from queries.staffing_phases import rows_of
from queries.view import View

FROZEN: Final = ("result", "value", "observed_on", "kept_on", "misses", "escalated")
RESULTS: Final = ("missed", "no_data", "waiting", "kept_late", "kept", "withdrawn")
OBSERVED: Final = ("id", "date", "value", "low", "high", "counts")
EXACT: Final = 1e-9


def verified(view: View) -> pd.DataFrame:
    """Return every decision about the viewed area and what is below it, with what became of it by the as-of date.

    One row a decision of the check-ins of the phase up to the as-of date, in the order in which they
    were made. Columns: id, check_in_id, decided (day of the check-in), is_closed (whether that one is),
    area_id, child_id (the area right below the viewed one that holds it), name, parent_name (of an
    area further below), what, office, indicator (a key of MEASURES), unit, at_least, number, due,
    version, edited_at, withdrawn_reason; result (one of RESULTS), value (the measure in its unit on
    `observed_on`, carried where units are not in; missing where nothing was reported), difference
    (value less number, signed), kept_on, misses, escalated.
    """
    decisions = _decisions(view)
    observed = pd.concat(
        [_of_progress(view, decisions), _of_staffing(view, decisions), _of_comparisons(view, decisions)],
        ignore_index=True,
    )
    return _judged(decisions, observed, view, int(settings()["escalate_after"]))


def at_close(view: View, check_in_id: int) -> pd.DataFrame:
    """Return the decisions that a closed check-in looked at, with what had become of them at its close.

    Columns as `verified`: what came in later changes nothing.
    """
    kept = fetch(
        select(check_in_outcome.c.commitment_id.label("id"), *(check_in_outcome.c[name] for name in FROZEN)).where(
            check_in_outcome.c.check_in_id == check_in_id
        )
    )
    kept = kept.astype({"id": "int64", "escalated": bool})
    rows = _decisions(view).drop(columns="source").merge(kept, on="id")
    return rows.assign(difference=rows["value"] - rows["number"])


def freeze(connection: Connection, check_in_id: int, rows: pd.DataFrame) -> None:
    """Keep what had become of decisions, inside the transaction that closes their check-in."""
    records = rows[["id", *FROZEN]].rename(columns={"id": "commitment_id"}).to_dict("records")
    if records:
        plain = [{name: _plain(value) for name, value in record.items()} for record in records]
        connection.execute(insert(check_in_outcome), [{"check_in_id": check_in_id, **record} for record in plain])


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Return decisions as a meeting takes them: the escalated first, then by result and by the day they were due."""
    keys = zip(rows["escalated"], rows["result"], rows["due"], strict=True)
    ranks = [(-1 if escalated else RESULTS.index(result), due) for escalated, result, due in keys]
    return rows.iloc[sorted(range(len(rows)), key=ranks.__getitem__)]


def unsettled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the decisions that are waiting, missed or without data, as a meeting takes them."""
    return in_order(rows[rows["result"].isin(["missed", "no_data", "waiting"])])


def looked_at(decisions: pd.DataFrame, today: date, since_day: date) -> pd.DataFrame:
    """Return the decisions that a check-in looks at: its own, those kept since the one before, those not settled.

    Parameters
    ----------
    decisions : DataFrame
        As `verification.verified`.
    """
    settled = decisions["result"].isin(["kept", "kept_late", "withdrawn"])
    lately = (decisions["kept_on"] > pd.Timestamp(since_day)) | (decisions["decided"] == pd.Timestamp(today))
    return decisions[~settled | lately].reset_index(drop=True)


def by_area(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the history of each area: area_id, name, decided and the number of decisions by result, escalated.

    Areas with most escalated, then most missed decisions first.
    """
    found: dict[int, dict[str, Any]] = {}
    for row in rows[["area_id", "name", "result", "escalated"]].itertuples():
        usual = {"area_id": row.area_id, "name": row.name, "decided": 0, **dict.fromkeys(RESULTS, 0), "escalated": 0}
        counted = found.setdefault(int(row.area_id), usual)
        counted["decided"] += 1
        counted[row.result] += 1
        counted["escalated"] += bool(row.escalated)
    ranked = sorted(found.values(), key=lambda c: (-c["escalated"], -c["missed"], -c["no_data"]))
    counts = {name: "float64" for name in ("decided", *RESULTS, "escalated")}
    return pd.DataFrame(ranked, columns=["area_id", "name", *counts]).astype(counts)


def _decisions(view: View) -> pd.DataFrame:
    parent, child, inside = area.alias("parent"), area.alias("child"), area.alias("inside")
    bounds = select(inside.c.first, inside.c.last).where(inside.c.id == view.area_id).subquery()
    rows = fetch(
        select(
            commitment.c.id,
            commitment.c.check_in_id,
            check_in.c.date.label("decided"),
            check_in.c.closed_at.is_not(None).label("is_closed"),
            commitment.c.area_id,
            child.c.id.label("child_id"),
            named(view),
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
            commitment.c.what,
            commitment.c.office,
            commitment.c.indicator,
            commitment.c.number,
            commitment.c.due,
            commitment.c.version,
            commitment.c.edited_at,
            commitment.c.withdrawn_reason,
        )
        .join(check_in, check_in.c.id == commitment.c.check_in_id)
        .join(area, area.c.id == commitment.c.area_id)
        .join(bounds, area.c.first.between(bounds.c.first, bounds.c.last))
        .outerjoin(
            parent,
            and_(parent.c.id == area.c.parent_id, parent.c.first > bounds.c.first, parent.c.first <= bounds.c.last),
        )
        .outerjoin(child, and_(child.c.parent_id == view.area_id, area.c.first.between(child.c.first, child.c.last)))
        .where(check_in.c.phase_id == view.phase_id, check_in.c.date <= view.as_of, within(view))
        .order_by(check_in.c.date, commitment.c.id)
    )
    measures = [MEASURES[key] for key in rows["indicator"]]
    return rows.astype({"id": "int64", "is_closed": bool}).assign(
        unit=[m.unit for m in measures],
        at_least=pd.Series([m.at_least for m in measures], index=rows.index, dtype=bool),
        source=[m.source for m in measures],
    )


def _of_progress(view: View, decisions: pd.DataFrame) -> pd.DataFrame:
    wanted = decisions[decisions["source"] == "progress"]
    if wanted.empty:
        return _nothing()
    looked_at = or_(progress.c.date >= commitment.c.due, progress.c.date == view.as_of)
    rows = fetch(
        select(commitment.c.id, commitment.c.indicator, progress.c.date, *(progress.c[n] for n in PROGRESS_COLUMNS))
        .join(
            progress,
            and_(
                progress.c.area_id == commitment.c.area_id,
                progress.c.phase_id == view.phase_id,
                progress.c.date <= view.as_of,
                looked_at,
            ),
        )
        .where(commitment.c.id.in_(wanted["id"].tolist()))
        .order_by(commitment.c.id, progress.c.date)
    )
    found = []
    for key, part in rows.groupby("indicator", sort=False):
        value, low, high = of_progress(part, str(key))
        found.append(part[["id", "date"]].assign(value=value, low=low, high=high, counts=part["leaves_reported"] > 0))
    return pd.concat([_nothing(), *found], ignore_index=True) if found else _nothing()


def _of_staffing(view: View, decisions: pd.DataFrame) -> pd.DataFrame:
    """Observe staffing on the due day by the last return before it, and later whenever all units have filed anew.

    A return that was filed before the decision says nothing about it, nor one that leaves the figure out.
    """
    wanted = decisions[decisions["source"] == "staffing"]
    if wanted.empty:
        return _nothing()
    roles = pd.Series([MEASURES[key].role for key in wanted["indicator"]], index=wanted.index)
    rows = pd.concat([_staffing_rows(view, role, wanted[roles == role]) for role in ROLES], ignore_index=True)
    rows = rows.merge(wanted[["id", "decided", "due", "indicator"]], on="id")
    value = pd.Series(
        [row[MEASURES[row["indicator"]].column] for row in rows.to_dict("records")], index=rows.index, dtype="float64"
    )
    told = pd.Series(
        [row[TOLD_BY[MEASURES[row["indicator"]].column]] for row in rows.to_dict("records")],
        index=rows.index,
        dtype="float64",
    )
    known = value.where((rows["value_date"] > rows["decided"]) & (told == rows["units"]))
    newer = rows["value_date"] > rows.groupby("id")["value_date"].shift()
    return pd.DataFrame(
        {
            "id": rows["id"],
            "date": rows[["date", "due"]].max(axis=1).clip(upper=pd.Timestamp(view.as_of)),
            "value": value,
            "low": known,
            "high": known,
            "counts": newer.astype(bool),
        }
    )


def _staffing_rows(view: View, role: str, wanted: pd.DataFrame) -> pd.DataFrame:
    """Return the staffing of each decision's area: on the due day, or the last one before it, and on later days."""
    with engine().connect() as connection:
        phase_id = rows_of(connection, view.phase_id)
    filed = staffing_progress.alias("filed")
    until = case((commitment.c.due < view.as_of, commitment.c.due), else_=literal(view.as_of, Date))
    last = (
        select(func.max(filed.c.date))
        .where(
            filed.c.phase_id == phase_id,
            filed.c.role == role,
            filed.c.area_id == commitment.c.area_id,
            filed.c.date <= until,
        )
        .scalar_subquery()
    )
    columns = ("date", "value_date", "units", *TOLD_BY.values(), *TOLD_BY)
    since = and_(
        staffing_progress.c.phase_id == phase_id,
        staffing_progress.c.role == role,
        staffing_progress.c.area_id == commitment.c.area_id,
        staffing_progress.c.date >= last,
        staffing_progress.c.date <= view.as_of,
    )
    return fetch(
        select(commitment.c.id, *(staffing_progress.c[name] for name in columns))
        .select_from(commitment.join(staffing_progress, since))
        .where(commitment.c.id.in_(wanted["id"].tolist()))
        .order_by(commitment.c.id, staffing_progress.c.date)
    )


def _of_comparisons(view: View, decisions: pd.DataFrame) -> pd.DataFrame:
    """Observe what is unexplained as it is known now: a department's figure stands until it is corrected."""
    wanted = decisions[decisions["source"] == "discrepancy"]
    if wanted.empty:
        return _nothing()
    rows = discrepancy.compare(view, area.c.id.in_(wanted["area_id"].unique().astype(int).tolist()))
    rows = rows[(rows["indicator"] == "hukou") & (rows["source"] == "police") & rows["comparable"]]
    value = wanted["area_id"].map(rows.drop_duplicates("area_id", keep="last").set_index("area_id")["unexplained"])
    value = value.astype("float64")
    day = wanted["due"].clip(upper=pd.Timestamp(view.as_of))
    return pd.DataFrame({"id": wanted["id"], "date": day, "value": value, "low": value, "high": value, "counts": False})


def _nothing() -> pd.DataFrame:
    empty = pd.DataFrame({name: pd.Series(dtype="float64") for name in OBSERVED})
    return empty.astype({"id": "int64", "date": "datetime64[us]", "counts": bool})


def _judged(decisions: pd.DataFrame, observed: pd.DataFrame, view: View, escalate_after: int) -> pd.DataFrame:
    today = pd.Timestamp(view.as_of)
    promised = decisions[["id", "number", "due", "at_least"]]
    rows = observed.astype({"id": "int64"}).merge(promised, on="id")
    number = rows["number"]
    reached = np.where(rows["at_least"], rows["low"] >= number - EXACT, rows["high"] <= number + EXACT)
    failed = np.where(rows["at_least"], rows["high"] < number - EXACT, rows["low"] > number + EXACT)
    rows = rows.assign(reached=reached.astype(bool), failed=failed.astype(bool))
    by_id = dict(tuple(rows.sort_values("date", kind="stable").groupby("id")))
    found = [_verdict(decision, by_id.get(decision.id), today) for decision in decisions.itertuples()]
    columns = {name: [each[name] for each in found] for name in ("result", "value", "observed_on", "kept_on", "misses")}
    rows = decisions.drop(columns="source").assign(**columns).astype({"value": "float64", "misses": "float64"})
    for name in ("observed_on", "kept_on"):
        rows[name] = pd.to_datetime(rows[name])
    return rows.assign(
        difference=rows["value"] - rows["number"],
        escalated=rows["result"].eq("missed") & (rows["misses"] >= escalate_after),
    )


def _verdict(decision: Any, days: pd.DataFrame | None, today: pd.Timestamp) -> dict[str, Any]:
    """Return result, value, observed_on, kept_on and misses of one decision from its observed days, in order."""
    last = None if days is None or days.empty else days.iloc[-1]
    unjudged = {
        "value": np.nan if last is None else last["value"],
        "observed_on": pd.NaT if last is None else last["date"],
        "kept_on": pd.NaT,
        "misses": 0,
    }
    if isinstance(decision.withdrawn_reason, str):
        return {"result": "withdrawn", **unjudged}
    if today < decision.due:
        return {"result": "waiting", **unjudged}
    if days is None:
        return {"result": "no_data", **unjudged}
    judged = days[(days["date"] == decision.due) | ((days["date"] > decision.due) & days["counts"])]
    misses = int(judged["failed"].sum())
    kept = judged[judged["reached"]]
    if len(kept):
        first = kept.iloc[0]
        misses = int((judged["failed"] & (judged["date"] < first["date"])).sum())
        result = "kept" if first["date"] == decision.due else "kept_late"
        return {
            "result": result,
            "value": first["value"],
            "observed_on": first["date"],
            "kept_on": first["date"],
            "misses": misses,
        }
    if not misses:
        return {"result": "no_data", **unjudged}
    newest = judged[judged["failed"]].iloc[-1]
    return {
        "result": "missed",
        "value": newest["value"],
        "observed_on": newest["date"],
        "kept_on": pd.NaT,
        "misses": misses,
    }
