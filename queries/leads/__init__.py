"""Leads: returns that are worth a visit, ranked, each with its evidence and its false-alarm rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import func, insert, or_, select

from queries import audit, deadlines, discrepancy
from queries.areas import named, within
from queries.database import engine, fetch
from queries.intake.checking.keys import PERSONAL_NUMBER
from queries.leads.detect import DETECTORS, judged, standing
from queries.schema import area, lead_dismissal, progress
from queries.settings import settings
from queries.view import View

LEADS: Final = (*DETECTORS, "zero_discrepancy")
LOOK_BACK: Final = timedelta(days=21)
FRESH_DAYS: Final = 3
MOST_UNITS: Final = 2_000
COLUMNS: Final = (
    "lead", "area_id", "name", "parent_name", "number", "usual", "since", "date", "false_alarms", "hh_frame",
)  # fmt: skip
# How often a genuine return raised the lead: 736 tracts over 157 days of the 2020 census of the United
# States, counties as streets (docs/leads.md). Missing where that series has nothing to judge.
FALSE_ALARMS: Final = {
    "unchanged": 0.1583,
    "identical": 0.0,
    "round": 0.0011,
    "jump": 0.0008,
    "beyond_target": 0.0,
    "household_size": np.nan,
    "outlier": 0.0147,
    "zero_discrepancy": np.nan,
}


def units_below(view: View) -> int:
    """Return how many reporting units the viewed area holds on the day; 0 where there is no figure."""
    rows = fetch(
        select(progress.c.leaves)
        .join(area, area.c.id == progress.c.area_id)
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.area_id == view.area_id,
            progress.c.date == view.as_of,
            within(view),
        )
    )
    return int(rows["leaves"].iloc[0]) if len(rows) else 0


@dataclass(frozen=True)
class Looked:
    """What looking at the returns of an area came to.

    Attributes
    ----------
    leads : DataFrame
        As `leads` gives them.
    units : int
        Reporting units in the area.
    judged : int
        Units with a recent return that could be held against five earlier ones of its own, as `jump` does: with
        fewer most leads cannot be raised at all. 0 above `MOST_UNITS`.
    """

    leads: pd.DataFrame
    units: int
    judged: int


def leads(view: View) -> pd.DataFrame:
    """Return the leads that stand below the viewed area and were not set aside, strongest first.

    One row an area and lead. Columns: lead (see `LEADS`), area_id, name, parent_name, number and
    usual (the evidence, see `queries.leads.detect`; for zero_discrepancy the comparisons without any
    difference, of how many), since (first day of the evidence), date (of the newest return judged),
    false_alarms (0-1 of genuine returns that raise it, missing where not measured), hh_frame. Ranked
    by how seldom genuine returns raise the lead, then by its number, then by households. Empty above
    `MOST_UNITS` units.
    """
    return look(view).leads


def look(view: View) -> Looked:
    """Return the leads that stand, with how much there was to look at: nothing found says nothing without it."""
    units = units_below(view)
    if not 0 < units <= MOST_UNITS:
        return Looked(pd.DataFrame(columns=list(COLUMNS)), units, 0)
    limits, today = settings(), pd.Timestamp(view.as_of)
    days = history(view)
    verdicts = judged(days, limits)
    recent = verdicts[(verdicts["lead"] == "jump") & (verdicts["date"] > today - pd.Timedelta(days=FRESH_DAYS))]
    seen = int(days["area_id"].drop_duplicates().isin(recent["area_id"]).sum())
    return Looked(_ranked(view, verdicts, limits), units, seen)


def _ranked(view: View, verdicts: pd.DataFrame, limits: dict[str, Any]) -> pd.DataFrame:
    found = standing(verdicts, pd.Timestamp(view.as_of), FRESH_DAYS)
    found = pd.concat([f for f in (found, _zero_discrepancy(view, limits)) if len(f)] or [found], ignore_index=True)
    found = found.merge(_places(view), on="area_id", how="left")
    found = found.assign(false_alarms=found["lead"].map(FALSE_ALARMS))
    found = _without_dismissed(view, found)
    ranked = found.assign(size=found["number"].abs()).sort_values(
        ["false_alarms", "lead", "size", "hh_frame"],
        ascending=[True, True, False, False],
        na_position="last",
        kind="stable",
        ignore_index=True,
    )
    return ranked[list(COLUMNS)]


def history(view: View) -> pd.DataFrame:
    """Return the last days of every reporting unit below the viewed area, as `judged` takes them."""
    place = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    counts = ("hh_resolved", "hh_done", "hh_frame", "pers_total")
    rows = fetch(
        select(
            progress.c.area_id,
            progress.c.parent_id,
            progress.c.date,
            progress.c.leaves_reported,
            progress.c.leaves_nil,
            *(progress.c[name] for name in counts),
            area.c.first,
            area.c.last,
            progress.c.leaves,
            progress.c.hh_open,
        )
        .select_from(area.join(place, area.c.first.between(place.c.first, place.c.last)))
        .join(progress, progress.c.area_id == area.c.id)
        .where(
            progress.c.phase_id == view.phase_id,
            progress.c.date.between(view.as_of - LOOK_BACK, view.as_of),
            area.c.first == area.c.last,
            within(view),
        )
    )
    units = rows.drop_duplicates("area_id").set_index("area_id")
    rows = deadlines.with_days_gone(view, rows, deadlines.of_rows(view, units)["follows"])
    reported = (rows["leaves_reported"] > 0) & ~(rows["leaves_nil"] > 0)
    return rows.drop(columns=["first", "last", "leaves", "hh_open"]).assign(reported=reported)


def _zero_discrepancy(view: View, limits: dict[str, Any]) -> pd.DataFrame:
    """Find areas whose count equals departments' figures to the head in several comparisons."""
    rows = discrepancy.compare(view, or_(area.c.id == view.area_id, area.c.parent_id == view.area_id))
    rows = rows[rows["comparable"] & (rows["benchmark_value"] >= limits["lead.zero_discrepancy"][1])]
    exact = (rows["discrepancy"] == 0).groupby(rows["area_id"]).agg(["sum", "size"])
    exact = exact[exact["sum"] >= limits["lead.zero_discrepancy"][0]]
    today = pd.Timestamp(view.as_of)
    return pd.DataFrame(
        {
            "lead": "zero_discrepancy",
            "area_id": exact.index.astype("Int64"),
            "date": today,
            "number": exact["sum"].astype("float64").to_numpy(),
            "usual": exact["size"].astype("float64").to_numpy(),
            "since": today,
        }
    )


def _places(view: View) -> pd.DataFrame:
    place = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    parent = area.alias("parent")
    return fetch(
        select(
            area.c.id.label("area_id"),
            named(view),
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
            progress.c.hh_frame,
        )
        .select_from(area.join(place, area.c.first.between(place.c.first, place.c.last)))
        .outerjoin(parent, parent.c.id == area.c.parent_id)
        .outerjoin(
            progress,
            (progress.c.area_id == area.c.id)
            & (progress.c.phase_id == view.phase_id)
            & (progress.c.date == view.as_of),
        )
        .where(within(view))
    )


def dismissed(view: View) -> pd.DataFrame:
    """Return the leads below the viewed area that were set aside, newest first.

    Columns: lead, area_id, name, evidence_date, reason, office, dismissed_at.
    """
    place = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    return fetch(
        select(
            lead_dismissal.c.lead,
            lead_dismissal.c.area_id,
            named(view),
            lead_dismissal.c.evidence_date,
            lead_dismissal.c.reason,
            lead_dismissal.c.office,
            lead_dismissal.c.dismissed_at,
        )
        .select_from(
            lead_dismissal.join(area, area.c.id == lead_dismissal.c.area_id).join(
                place, area.c.first.between(place.c.first, place.c.last)
            )
        )
        .where(lead_dismissal.c.phase_id == view.phase_id, within(view))
        .order_by(lead_dismissal.c.dismissed_at.desc(), lead_dismissal.c.id.desc())
    )


def _without_dismissed(view: View, found: pd.DataFrame) -> pd.DataFrame:
    """Leave out leads set aside; evidence that began after the dismissal raises them again."""
    aside = dismissed(view)
    if aside.empty:
        return found
    newest = aside.groupby(["lead", "area_id"])["evidence_date"].max().rename("aside").reset_index()
    joined = found.merge(newest, on=["lead", "area_id"], how="left")
    return found[~(joined["since"] <= joined["aside"]).to_numpy()]


def dismiss(view: View, lead: str, area_id: int, evidence_date: date, reason: str, office: str) -> None:
    """Set a lead aside with a reason.

    Parameters
    ----------
    evidence_date : date
        The day since when the lead stands, or a later one: later evidence raises it again.
    reason : str
        What was found on the visit.
    office : str
        Who says so: an office, never a person.

    Raises
    ------
    ValueError
        “reason_missing”, “personal_note” (a telephone or identity number), “unknown_lead” or
        “outside_scope”.
    """
    text = reason.strip()
    if lead not in LEADS:
        raise ValueError("unknown_lead")
    if not text:
        raise ValueError("reason_missing")
    if pd.Series([text, office]).str.contains(PERSONAL_NUMBER, regex=True).any():
        raise ValueError("personal_note")
    with engine().begin() as connection:
        inside = connection.execute(
            select(func.count()).select_from(area).where(area.c.id == area_id, within(view))
        ).scalar_one()
        if not inside:
            raise ValueError("outside_scope")
        connection.execute(
            insert(lead_dismissal).values(
                phase_id=view.phase_id,
                area_id=area_id,
                lead=lead,
                evidence_date=evidence_date,
                reason=text,
                office=office,
                dismissed_at=datetime.now(),
            )
        )
        audit.note(connection, "dismissed", f"lead {lead} of area {area_id}", role=office, reason=text)
