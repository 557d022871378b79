"""Acceptance: what was checked, whether it passes by the rule of its stage, and which gates are open.

Handbook form D, indicators 32 and 73-78. A check stands for its unit until a re-check takes its
place. A unit has passed when every check that stands is passed by its decision and breaks no rule.
The gate of a street is open when every unit checked there has passed and at least one check is by
another than the unit itself.

How many births and deaths a check looked at, and how many it found wrong, is never told of any area:
checks arrive one by one, so that every new sum would give the newest one away. What is told, of both
together, is in how many units they were checked, and in how many an error was found.
"""

from __future__ import annotations

from itertools import compress
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select

from queries.areas import at_or_below, named, place, within
from queries.check_chains import chains
from queries.counts import CHECK_COUNTS, CHECK_LEVELS, ERROR_TYPES, STAGES
from queries.database import fetch
from queries.indicators import (
    CHECK_INDICATORS,
    ZERO_TOLERANCE,
    allowed_errors,
    limits_of,
    ratio,
    rule_by_rule,
    verdict,
    with_indicators,
)
from queries.masking import BELOW_STREET
from queries.sampling import TWICE, chance_of_passing, funnel, wilson
from queries.schema import area, quality_check
from queries.settings import settings
from queries.view import View

GATED: Final = ("street", "town", "zone", *BELOW_STREET)  # these are gated themselves, others by what is below
SENT_BACK: Final = ("rework", "partial")
VILLAGES: Final = ("village", "community", "institution")
FEWEST: Final = 3  # checks among which a funnel compares
WORST_FIRST: Final = {"red": 0, "amber": 1, "green": 2}
MEASURED: Final[tuple[str, ...]] = ("pers", "hukou", "units", "buildings")
SUMMARY: Final = (
    *("units", "checks", "independent", "passed", "sent_back", "undecided"),
    *("status", "missing", "sent_back_names", "open_names"),
    *("zero", "zero_units", "zero_wrong"),
)
EVENT_COUNTS: Final = tuple(f"{item}_{what}" for item in ZERO_TOLERANCE for what in ("checked", "err"))
COUNTS: Final = tuple(name for name in CHECK_COUNTS if name not in EVENT_COUNTS)


def stages(view: View) -> pd.DataFrame:
    """Return the stages of which the viewed area has checks by the as-of date, in their order: stage, checks."""
    rows = fetch(
        _filed(view, quality_check.c.stage, func.count(quality_check.c.id).label("checks")).group_by(
            quality_check.c.stage
        )
    )
    order = {stage: n for n, stage in enumerate(STAGES)}
    return rows.sort_values("stage", key=lambda s: s.map(order), ignore_index=True)


def checks(view: View, stage: str) -> pd.DataFrame:
    """Return the checks of a stage in the viewed area by the as-of date: one row a check, the earliest first.

    Columns: check_id, area_id, code, name, kind, parent_id, parent_name of the unit; gate_id (the area
    whose gate it counts for: itself, or the area right below the viewed one that it lies in; missing
    above); level, crossed (whether another unit checked it), cross_name (missing where that one may not
    be seen), report_date, map_ok, the counts of form D but those of births and deaths (missing: not
    said), decision, rework_due, re_check_id; zero (births and deaths, green: no error, red: an error found,
    unknown: not said); the error rates of `CHECK_INDICATORS` (0-1); broken and lacking (tuples of rules:
    map, items of form D, zero); verdict (green, red, unknown by the rule; none where the stage has no
    limits); root, nth, stands; status (green: passed, red: sent back or above a limit, amber: not decided).
    """
    parent, cross, gate = area.alias("parent"), area.alias("cross"), area.alias("gate")
    name = f"name_{view.language.lower()}"
    counted = [c for c in quality_check.c if c.name in ("map_ok", *CHECK_COUNTS)]
    said = ("check_id", "stage", "level", "report_date", "decision", "rework_due", "re_check_id")
    inside = _filed(
        view,
        area.c.id.label("area_id"),
        area.c.code,
        named(view),
        area.c.kind,
        area.c.parent_id,
        parent.c[name].label("parent_name"),
        gate.c.id.label("gate_id"),
        cross.c[name].label("cross_name"),
        quality_check.c.cross_unit_id.is_not(None).label("crossed"),
        *(quality_check.c[column] for column in said),
        *counted,
    )
    rows = fetch(
        inside.outerjoin(parent, parent.c.id == area.c.parent_id)
        .outerjoin(cross, (cross.c.id == quality_check.c.cross_unit_id) & within(view, cross))
        .outerjoin(gate, _gates(view, gate) & area.c.first.between(gate.c.first, gate.c.last))
        .where(quality_check.c.stage == stage)
        .order_by(area.c.first, quality_check.c.report_date, quality_check.c.id)
    )
    limits = limits_of(stage, settings())
    rules = rule_by_rule(rows, stage, limits)
    ruled = rules.drop(columns=[*ZERO_TOLERANCE]).assign(zero=_worst(rules[list(ZERO_TOLERANCE)]))
    rows = rows.drop(columns=[*EVENT_COUNTS]).assign(pers_looked_at=rows["pers_checked"])
    rows = with_indicators(rows, CHECK_INDICATORS).assign(
        broken=_named(ruled == "red"),
        lacking=_named(ruled == "unknown"),
        verdict=verdict(rules, limits),
        zero=ruled["zero"],
    )
    back = rows["decision"].isin(SENT_BACK) | (rows["verdict"] == "red")
    passed = (rows["decision"] == "pass") & rows["verdict"].isin(["green", "none"])
    status = np.select([back, passed], ["red", "green"], "amber")
    return pd.concat([rows, chains(rows)], axis=1).assign(status=pd.Series(status, index=rows.index, dtype="str"))


def board(view: View, stage: str) -> pd.DataFrame:
    """Return the checks that stand for their units, what is sent back or open first. Columns as `checks`."""
    rows = checks(view, stage)
    rows = rows[rows["stands"]]
    return rows.sort_values("status", key=lambda s: s.map(WORST_FIRST), kind="stable", ignore_index=True)


def of_area(view: View, stage: str) -> pd.DataFrame:
    """Return the viewed area as a whole: one row, columns as `gates`."""
    here = place(view)
    assert here is not None
    listed = here.to_frame().T[["area_id", "code", "name", "kind"]].astype({"area_id": "Int64"})
    return _summed(listed, board(view, stage).assign(gate_id=here["area_id"]))


def gates(view: View, stage: str) -> pd.DataFrame:
    """Return the gate of each street of the viewed area; of a street or village its own.

    One row an area, also without any check. Columns: area_id, code, name, kind; villages (of all, checked
    or not; missing where the tree has none); units (checked), checks (that stand), independent (of those,
    not by the unit itself), passed, sent_back, undecided (units); status (green: open, red: closed by
    rework, amber: closed for want of a decision or of a check by another, unknown: no check yet); missing
    (tuple of no_check, only_self, sent_back, undecided), sent_back_names and open_names (tuples of the
    units' names); and, of the independent checks that stand: zero_units (units where births and deaths were
    checked), zero_wrong (units of these with an error), zero (red: some error, green: none, unknown: not
    checked everywhere), the counts of form D but those of births and deaths and pers_looked_at, summed, and
    the error rates: ratios of sums.
    """
    village = area.alias("village")
    inside = village.c.first.between(area.c.first, area.c.last) & village.c.kind.in_(VILLAGES)
    villages = func.nullif(select(func.count()).where(inside).scalar_subquery(), 0).label("villages")
    listed = fetch(
        select(area.c.id.label("area_id"), area.c.code, named(view), area.c.kind, villages)
        .where(_gates(view, area), within(view))
        .order_by(area.c.first)
    )
    return _summed(listed, board(view, stage))


def units(view: View, stage: str, item: str) -> pd.DataFrame:
    """Return the independent checks that stand, with what they say of one item. Columns as `checks` and `measured`."""
    rows = board(view, stage)
    return measured(rows[rows["level"] != "self"].reset_index(drop=True), item, limits_of(stage, settings()))


def pooled(view: View, stage: str, item: str) -> pd.DataFrame:
    """Return the viewed area and, below it, each gated one, with one item pooled. Columns as `gates` and `measured`."""
    below = gates(view, stage)
    whole = of_area(view, stage)
    rows = pd.concat([whole, below[below["area_id"] != view.area_id]], ignore_index=True)
    return measured(rows, item, limits_of(stage, settings()))


def measured(rows: pd.DataFrame, item: str, limits: dict[str, float]) -> pd.DataFrame:
    """Add what a sample says of one item of form D: pers, hukou, units, buildings.

    Columns: checked, errors, rate (73), low and high (Wilson, 0-1), limit (missing where the stage has
    none), allowed (errors), twice_passes (chance that a unit at twice the limit passes this sample),
    limit_fails (chance that one exactly at the limit is sent back), within (green, red, unknown).
    """
    checked, errors = rows[f"{item}_checked"].astype("float64"), rows[f"{item}_err"].astype("float64")
    limit = limits.get(item, np.nan)
    allowed = allowed_errors(checked, limit)
    inside = np.select(
        [errors.isna() | ~(checked > 0) | allowed.isna(), errors <= allowed], ["unknown", "green"], "red"
    )
    nothing = pd.Series(np.nan, index=rows.index)
    return rows.assign(
        checked=checked,
        errors=errors,
        rate=ratio(errors, checked),
        **wilson(errors, checked),
        limit=limit,
        allowed=allowed,
        twice_passes=chance_of_passing(checked, limit, TWICE * limit) if limit > 0 else nothing,
        limit_fails=1 - chance_of_passing(checked, limit, limit) if limit > 0 else nothing,
        within=pd.Series(inside, index=rows.index, dtype="str"),
    )


def limits_by_chance(view: View, stage: str, item: str) -> pd.DataFrame:
    """Return the funnel around the pooled rate of the viewed area, over the sizes of its checks: as `sampling.funnel`.

    Empty while fewer than three independent checks have looked at the item: too few to compare.
    """
    rows = units(view, stage, item)
    rows = rows[rows["rate"].notna()]
    if len(rows) < FEWEST:
        return funnel(0.0, 1, 2).iloc[:0]
    centre = float(rows["errors"].sum() / rows["checked"].sum())
    return funnel(centre, 0.7 * rows["checked"].min(), 1.15 * rows["checked"].max())


def rework(view: View, stage: str) -> pd.DataFrame:
    """Return what was sent back in the viewed area: one row a chain of check and re-checks (indicators 76-78).

    Columns: area_id, code, name, kind, parent_name, level, check_id and report_date of the check that
    sent it back, why (tuple of broken rules), decision, rework_due, rechecks (how many followed),
    last_date and last_check_id of the last one, overdue_days (as-of date less due date while open,
    else missing), status (green: passed on re-check, red: overdue, amber: open). Overdue first, by age.
    """
    rows = checks(view, stage)
    rows = rows[rows["root"].isin(rows.loc[rows["status"] == "red", "root"])]
    found: list[dict[str, Any]] = []
    for _root, chain in rows.sort_values(["report_date", "nth"], kind="stable").groupby("root", sort=False):
        back = chain[chain["status"] == "red"]
        first, last = back.iloc[0], chain.iloc[-1]
        dues = back["rework_due"].dropna()
        due = dues.iloc[-1] if len(dues) else pd.NaT
        is_open = last["status"] != "green"
        late = (pd.Timestamp(view.as_of) - due).days if is_open and pd.notna(due) else 0
        found.append(
            {
                **first[["area_id", "code", "name", "kind", "parent_name", "level", "check_id", "report_date"]],
                "why": back.iloc[-1]["broken"],
                "decision": back.iloc[-1]["decision"],
                "rework_due": due,
                "rechecks": len(chain) - 1 - chain.index.get_loc(first.name),
                "last_check_id": last["check_id"],
                "last_date": last["report_date"],
                "overdue_days": float(late) if late > 0 else np.nan,
                "status": "green" if not is_open else "red" if late > 0 else "amber",
            }
        )
    columns = [
        *("area_id", "code", "name", "kind", "parent_name", "level", "check_id", "report_date", "why", "decision"),
        *("rework_due", "rechecks", "last_check_id", "last_date", "overdue_days", "status"),
    ]
    frame = pd.DataFrame(found, columns=columns)
    frame = frame.assign(order=frame["status"].map(WORST_FIRST)).sort_values(
        ["order", "overdue_days"], ascending=[True, False], kind="stable"
    )
    return frame.drop(columns="order").reset_index(drop=True)


def _filed(view: View, *columns: Any) -> Select[Any]:
    """Return the select of checks of the viewed area and below, filed for a day up to the as-of date."""
    return (
        select(*columns)
        .select_from(area.join(quality_check, quality_check.c.area_id == area.c.id))
        .where(within(view), at_or_below(view), quality_check.c.report_date <= view.as_of)
    )


def _gates(view: View, table: Any) -> ColumnElement[bool]:
    """Return the condition for the areas that have a gate: a street or village itself, else what is right below."""
    here = place(view)
    itself = here is not None and (here["kind"] in GATED or bool(here["is_leaf"]))
    condition: ColumnElement[bool] = (table.c.id if itself else table.c.parent_id) == view.area_id
    return condition


def _named(truths: pd.DataFrame) -> pd.Series:
    """Return the names of the columns that are true in each row, as tuples."""
    names = [tuple(compress(truths.columns, row)) for row in truths.to_numpy(dtype=bool).tolist()]
    return pd.Series(names, index=truths.index, dtype=object)


def _worst(states: pd.DataFrame) -> pd.Series:
    """Return red where any state of a row is, else unknown where any is, else green."""
    any_red, any_unknown = (states == "red").any(axis=1), (states == "unknown").any(axis=1)
    return pd.Series(np.select([any_red, any_unknown], ["red", "unknown"], "green"), index=states.index, dtype="str")


def _summed(listed: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """Add to areas what the checks that stand in each of them come to."""
    groups = dict(iter(standing.groupby("gate_id")))
    empty = standing.iloc[:0]
    rows = [_sum(groups.get(int(area_id), empty)) for area_id in listed["area_id"]]
    figures = pd.DataFrame(rows, index=listed.index, columns=[*SUMMARY, *COUNTS, "pers_looked_at"])
    return with_indicators(pd.concat([listed, figures], axis=1), CHECK_INDICATORS)


def _sum(standing: pd.DataFrame) -> dict[str, Any]:
    independent = standing[standing["level"] != CHECK_LEVELS[0]]
    worst = standing["status"].map(WORST_FIRST).groupby(standing["area_id"], sort=False).min()
    names = standing.groupby("area_id", sort=False)["name"].first()
    sent_back, undecided = int((worst == 0).sum()), int((worst == 1).sum())
    missing = {
        "no_check": standing.empty,
        "only_self": len(standing) > 0 and independent.empty,
        "sent_back": sent_back > 0,
        "undecided": undecided > 0,
    }
    closed = tuple(code for code, holds in missing.items() if holds)
    status = "unknown" if standing.empty else "red" if sent_back else "amber" if closed else "green"
    return {
        "units": len(worst),
        "checks": len(standing),
        "independent": len(independent),
        "passed": int((worst == 2).sum()),
        "sent_back": sent_back,
        "undecided": undecided,
        "status": status,
        "missing": closed,
        "sent_back_names": tuple(names[worst == 0]),
        "open_names": tuple(names[worst == 1]),
        **_events(independent),
        **_totals(independent),
    }


def _events(rows: pd.DataFrame) -> dict[str, Any]:
    """Return in how many units births and deaths were checked and found wrong, and what that comes to."""
    return {
        "zero": "unknown" if rows.empty else _worst(rows[["zero"]].T).iloc[0],
        "zero_units": rows.loc[rows["zero"] != "unknown", "area_id"].nunique(),
        "zero_wrong": rows.loc[rows["zero"] == "red", "area_id"].nunique(),
    }


def _totals(rows: pd.DataFrame) -> pd.Series:
    """Return sums of counts: an item only where both what was checked and its errors are known.

    Errors by type, and pers_looked_at (the persons checked, which the errors by type are set against), are
    missing as soon as one check does not state them: both are sums over the same checks, all of them.
    """
    known = rows[list(COUNTS)].copy()
    for item in MEASURED:
        pair = [f"{item}_checked", f"{item}_err"]
        known.loc[known[pair].isna().any(axis=1), pair] = np.nan
    totals = known.sum(min_count=1)
    for name in (*ERROR_TYPES, "pers_looked_at"):
        totals[name] = rows[name].sum(skipna=False) if len(rows) else np.nan
    return totals


def items(view: View, stage: str) -> list[str]:
    """Return the items that the checks of a stage measure: those with a limit first, persons before buildings."""
    limits = limits_of(stage, settings())
    rows = board(view, stage)
    looked_at = [item for item in MEASURED if item not in limits and rows[f"{item}_checked"].notna().any()]
    return [*(item for item in MEASURED if item in limits), *looked_at]


def usual_stage(filed: pd.DataFrame, phase: str) -> str | None:
    """Return the stage that a page opens with: that of the viewed phase where it has checks, else the latest."""
    listed = filed["stage"].tolist()
    return phase if phase in listed else listed[-1] if listed else None


def rectified(sent_back: pd.DataFrame) -> dict[str, float]:
    """Return of rows of `rework` how many were found, closed, overdue (78), and the rectification rate (77, 0-1)."""
    found, closed = len(sent_back), int((sent_back["status"] == "green").sum())
    late = int((sent_back["status"] == "red").sum())
    return {"found": found, "closed": closed, "overdue": late, "rate": closed / found if found else np.nan}


def allowances() -> pd.DataFrame:
    """Return what each stage allows: stage, item, limit (0-1); births and deaths allow none in any stage."""
    values = settings()
    rows = [(stage, item, limit) for stage in STAGES for item, limit in limits_of(stage, values).items()]
    return pd.DataFrame(rows, columns=["stage", "item", "limit"])


def example(view: View, stage: str | None) -> pd.DataFrame:
    """Return one row to work formulas with: the viewed area as `pooled` gives it, empty without a stage.

    Further columns: item, and rework_found, rework_closed, rework_overdue, rework_rate as `rectified`.
    """
    if stage is None:
        return pd.DataFrame()
    item = items(view, stage)[0]
    closed = {f"rework_{name}": value for name, value in rectified(rework(view, stage)).items()}
    return pooled(view, stage, item).iloc[[0]].assign(item=item, **closed)
