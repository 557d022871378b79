"""Which past figures changed: corrected returns and revised frames, with what they were (indicators 34, 87)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pandas as pd
from sqlalchemy import FromClause, Select, Subquery, Table, and_, false, func, or_, select

from queries.areas import at_or_below, named, within
from queries.counts import CUMULATIVE
from queries.database import fetch
from queries.indicators import ratio
from queries.intake.versions import in_order, same_key, stands
from queries.loads import undone
from queries.masking import BELOW_STREET, SENSITIVE
from queries.schema import area, daily_return, daily_return_history, load, progress, target
from queries.view import View

LOOK_BACK: Final = timedelta(days=60)
OUTCOMES: Final = ("hh_vacant", "hh_away", "hh_deceased")
COMPARED: Final = ("hh_resolved", *CUMULATIVE)
FIGURES: Final = ("was", "is_now", "change", "total_now", "moves")
COLUMNS: Final = [
    "area_id",
    "code",
    "name",
    "parent_name",
    "kind",
    "report_date",
    "version",
    "indicator",
    "was",
    "is_now",
    "change",
    "total_now",
    "moves",
    "is_fall",
    "is_hidden",
    "received_at",
    "load_id",
    "file_name",
    "correction_reason",
]


def returns(view: View, limit: int = 200) -> pd.DataFrame:
    """Return which cumulative figures of past returns were changed, and what that does to the viewed area.

    One row a unit, report_date, version and count that changed; latest correction first. Versions follow one
    another as they were submitted, whenever they came; those of undone loads are none. Columns:
    area_id, code, name, parent_name, kind; report_date, version (the new one), indicator (hh_resolved
    or a cumulative count of form A), was, is_now (a nil return stands for the unit's figure before
    it; NULL unknown), change, total_now (the viewed area's count on that date as it stands today),
    moves (change over total_now, signed, 0-1), is_fall (the cumulative went down), is_hidden
    (sensitive below street level: the figures are left out), received_at, load_id, file_name,
    correction_reason. At most the `limit` latest corrections of the last 60 days.
    """
    rows = _versions(view, limit)
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = _with_standing(view, rows)
    long = pd.concat([_of_count(rows, name) for name in COMPARED], ignore_index=True)
    long = long[long["was"].ne(long["is_now"]) & ~(long["was"].isna() & long["is_now"].isna())]
    long = long.merge(_totals(view), on=["report_date", "indicator"], how="left")
    change = long["is_now"] - long["was"]
    long = long.assign(change=change, moves=ratio(change, long["total_now"]), is_fall=change < 0)
    hidden = long["kind"].isin(BELOW_STREET) & long["indicator"].isin(SENSITIVE)
    long = long.assign(
        **{name: long[name].mask(hidden) for name in FIGURES}, is_fall=long["is_fall"] & ~hidden, is_hidden=hidden
    )
    order = {name: n for n, name in enumerate(COMPARED)}
    long = long.assign(place=long["indicator"].map(order))
    long = long.sort_values(
        ["load_id", "report_date", "area_id", "version", "place"],
        ascending=[False, False, True, False, True],
        ignore_index=True,
    )
    return long[COLUMNS]


def frames(view: View) -> pd.DataFrame:
    """Return each revision of a frame at or below the viewed area that is in force by the as-of date.

    Columns: area_id, code, name, parent_name, valid_from, version, was, is_now (frame households; NULL
    unknown), change, reason, loaded_at, load_id, file_name, resolved (households of the unit, as of the day),
    rate_before and rate_now (0-1: the same households over the old and the new frame). Latest first.
    """
    revised = select(target.c.area_id).where(target.c.phase_id == view.phase_id, target.c.version > 1)
    parent = area.alias("parent")
    on_day = and_(
        progress.c.area_id == target.c.area_id,
        progress.c.phase_id == view.phase_id,
        progress.c.date == view.as_of,
    )
    rows = fetch(
        select(
            target.c.area_id,
            area.c.code,
            named(view),
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
            target.c.valid_from,
            target.c.version,
            target.c.frame_households.label("is_now"),
            target.c.reason,
            load.c.loaded_at,
            target.c.load_id,
            load.c.file_name,
            progress.c.hh_resolved.label("resolved"),
        )
        .select_from(target.join(area, area.c.id == target.c.area_id))
        .join(load, load.c.id == target.c.load_id)
        .outerjoin(parent, parent.c.id == area.c.parent_id)
        .outerjoin(progress, on_day)
        .where(
            target.c.phase_id == view.phase_id,
            target.c.area_id.in_(revised),
            target.c.valid_from <= view.as_of,
            target.c.load_id.not_in(undone()),
            area.c.first == area.c.last,
            at_or_below(view),
            within(view),
        )
        .order_by(target.c.area_id, target.c.valid_from, target.c.version)
    )
    before = rows.groupby("area_id")["is_now"].shift()
    first = ~rows["area_id"].duplicated()
    rows = rows.assign(
        was=before,
        change=rows["is_now"] - before,
        rate_before=ratio(rows["resolved"], before),
        rate_now=ratio(rows["resolved"], rows["is_now"]),
    )
    return rows[~first].sort_values(["valid_from", "load_id"], ascending=False, kind="stable", ignore_index=True)


def frame_effect(view: View) -> pd.DataFrame:
    """Return the viewed area at its first and at today's frame: one row.

    Columns: frame_first (today's frame less every revision of a known frame), frame_now, change,
    resolved (households over units that have a frame), rate_first and rate_now (0-1), revisions.
    """
    revisions = frames(view)
    known = revisions["change"].dropna()
    now = fetch(
        select(progress.c.hh_frame, progress.c.framed_resolved)
        .join(area, area.c.id == progress.c.area_id)
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.area_id == view.area_id,
            progress.c.date == view.as_of,
            within(view),
        )
    )
    frame_now, resolved = now["hh_frame"], now["framed_resolved"]
    frame_first = frame_now - known.sum()
    return pd.DataFrame(
        {
            "frame_first": frame_first,
            "frame_now": frame_now,
            "change": frame_now - frame_first,
            "resolved": resolved,
            "rate_first": ratio(resolved, frame_first),
            "rate_now": ratio(resolved, frame_now),
            "revisions": float(len(known)),
        }
    )


def _resolved(version: FromClause) -> Any:
    return version.c.hh_done + sum(func.coalesce(version.c[name], 0) for name in OUTCOMES)


def _versions(view: View, limit: int) -> pd.DataFrame:
    """Return versions of returns beside the one before each, latest first: <count>_was and <count>_now."""
    rows = _standing(view, _replaced(view, limit))
    if rows.empty:
        return rows
    rows = in_order(rows)
    rows["version"] = rows.groupby(["area_id", "report_date"]).cumcount() + 1
    after = rows[rows["version"] > 1]
    before = rows.loc[after.index - 1].set_axis(after.index)
    pairs = after.drop(columns=["is_nil", "is_wanted", *COMPARED]).join(before[list(COMPARED)].add_suffix("_was"))
    pairs = pairs.join(after[list(COMPARED)].add_suffix("_now"))
    pairs = pairs.assign(was_nil=before["is_nil"].astype(bool), now_nil=after["is_nil"].astype(bool))
    pairs = pairs[before["is_wanted"].astype(bool)]
    return pairs.sort_values("load_id", ascending=False, kind="stable", ignore_index=True)


def _replaced(view: View, limit: int) -> Subquery:
    """Return the latest standing versions that are not in force, at or below the viewed area: id and key."""
    old = daily_return_history
    return (
        select(old.c.id, old.c.phase_id, old.c.area_id, old.c.report_date)
        .join(area, area.c.id == old.c.area_id)
        .where(
            old.c.phase_id == view.phase_id,
            old.c.report_date.between(view.as_of - LOOK_BACK, view.as_of),
            stands(old),
            area.c.first == area.c.last,
            at_or_below(view),
            within(view),
        )
        .order_by(old.c.superseded_by.desc(), old.c.id.desc())
        .limit(limit)
        .subquery("replaced")
    )


def _standing(view: View, replaced: Subquery) -> pd.DataFrame:
    """Return every standing version of the returns of which some were replaced, with the counts of COMPARED."""
    keys = select(replaced.c.phase_id, replaced.c.area_id, replaced.c.report_date).distinct().subquery("keys")
    parts = [fetch(_of_keys(view, table, keys, replaced)) for table in (daily_return, daily_return_history)]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _of_keys(view: View, table: Table, keys: Subquery, replaced: Subquery) -> Select[Any]:
    parent = area.alias("parent")
    wanted = table.c.id.in_(select(replaced.c.id)) if "id" in table.c else false()
    names = (
        "area_id",
        "report_date",
        "version",
        "submitted_at",
        "received_at",
        "load_id",
        "correction_reason",
        "is_nil",
    )
    return (
        select(
            *(table.c[name] for name in names),
            _resolved(table).label("hh_resolved"),
            *(table.c[name] for name in CUMULATIVE),
            wanted.label("is_wanted"),
            area.c.code,
            named(view),
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
            area.c.kind,
            load.c.file_name,
        )
        .select_from(keys.join(table, same_key(table, keys, ("phase_id", "area_id", "report_date"))))
        .join(area, area.c.id == table.c.area_id)
        .outerjoin(parent, parent.c.id == area.c.parent_id)
        .outerjoin(load, load.c.id == table.c.load_id)
        .where(stands(table))
    )


def _with_standing(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Put the unit's figure of the day before in the place of a nil return's: that is what stood, or stands."""
    nil = rows["was_nil"] | rows["now_nil"]
    if not nil.any():
        return rows
    keys = rows.loc[nil, ["area_id", "report_date"]]
    standing = fetch(
        select(progress.c.area_id, progress.c.date, *(progress.c[name] for name in COMPARED)).where(
            progress.c.phase_id == view.phase_id,
            or_(
                *(
                    and_(progress.c.area_id == int(a), progress.c.date == (d - pd.Timedelta(days=1)).date())
                    for a, d in set(keys.itertuples(index=False, name=None))
                )
            ),
        )
    )
    standing = standing.assign(report_date=standing["date"] + pd.Timedelta(days=1)).drop(columns=["date"])
    rows = rows.merge(standing, on=["area_id", "report_date"], how="left")
    for suffix, which in (("was", rows["was_nil"]), ("now", rows["now_nil"])):
        for name in COMPARED:
            rows[f"{name}_{suffix}"] = rows[f"{name}_{suffix}"].mask(which, rows[name])
    return rows.drop(columns=list(COMPARED))


def _of_count(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    kept = [c for c in COLUMNS if c in rows]
    return rows[kept].assign(indicator=name, was=rows[f"{name}_was"], is_now=rows[f"{name}_now"])


def _totals(view: View) -> pd.DataFrame:
    """Return the viewed area's counts on each day as they stand today: report_date, indicator, total_now."""
    rows = fetch(
        select(progress.c.date.label("report_date"), *(progress.c[name] for name in COMPARED))
        .join(area, area.c.id == progress.c.area_id)
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.area_id == view.area_id,
            progress.c.date.between(view.as_of - LOOK_BACK, view.as_of),
            within(view),
        )
    )
    return rows.melt("report_date", var_name="indicator", value_name="total_now")
