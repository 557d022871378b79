"""What a template is filled with beforehand: the units that report, their keys, and what stands on file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from queries.areas import named, within
from queries.counts import ROLES
from queries.database import engine, fetch_on
from queries.intake.checking.blank import GIVEN
from queries.intake.forms import FORMS
from queries.intake.reading import UnreadableError
from queries.intake.vocabulary import PROGRESS_LABELS, STAFF_LABELS
from queries.presets import WITHOUT_REGISTRATION
from queries.schema import area, benchmark, daily_return, phase, phase_area, staffing_return, target
from queries.staffing_rollup import units_of
from queries.view import View

TEMPLATES: Final = ("progress", "staffing", "benchmark", "target")
MOST_ROWS: Final = 5_000
ONE_DAY: Final = timedelta(days=1)
SPARE_ROWS: Final = 20  # blank ones, for figures of departments that are new
FRAME: Final = ("frame_households", "frame_persons", "eds", "hard_to_count")
LAST: Final = {"progress": tuple(PROGRESS_LABELS), "staffing": tuple(STAFF_LABELS)}  # repeated beside the form
ON_FILE: Final = {"benchmark": ("value", "window_start", "window_end", "cutoff_at"), "target": FRAME}
# fields to be filled in, in the order in which a template has them
INPUT: Final[dict[str, tuple[str, ...]]] = {
    "progress": ("is_nil", *PROGRESS_LABELS, "death_forms", "submitted_at", "correction_reason", "note"),
    "staffing": ("is_nil", *STAFF_LABELS, "submitted_at", "correction_reason", "note"),
    "benchmark": (
        "value", "window_start", "window_end", "cutoff_at", "unit", "concept_note", "covers_special_area",
        "explained_amount", "explained_reason", "owner", "due_date", "status",
    ),
    "target": (*FRAME, "valid_from", "reason"),
}  # fmt: skip


def key_fields(form: str) -> tuple[str, ...]:
    """Return the fields of a form that a template fills in and locks, in the order of the form."""
    return tuple(f.name for f in FORMS[form].fields if f.name in GIVEN[form] and f.name not in INPUT[form])


def phases_for(day: date, code: str | None = None) -> dict[str, int]:
    """Return the phases by code that a return of a day may belong to, anywhere in the tree; only one if it is named.

    Where several are open, those are left out in which no household is registered.
    """
    own = select(phase_area.c.phase_id, phase_area.c.start, phase_area.c.end)
    spans = select(phase.c.id.label("phase_id"), phase.c.start, phase.c.end).union_all(own).subquery()
    found = (
        select(phase.c.code, phase.c.id)
        .join(spans, spans.c.phase_id == phase.c.id)
        .where(spans.c.start <= day + ONE_DAY, spans.c.end >= day - ONE_DAY)
        .distinct()
        .order_by(phase.c.id)
    )
    with engine().connect() as connection:
        phases = {each: phase_id for each, phase_id in connection.execute(found) if code in (None, each)}
    usual = {each: phase_id for each, phase_id in phases.items() if each not in WITHOUT_REGISTRATION}
    return usual if usual and code is None else phases


def template_rows(form: str, view: View) -> pd.DataFrame:
    """Return the rows of a template for the viewed area and the day of the view.

    One row a reporting unit (progress, target), unit and role (staffing), or figure on file
    (benchmark). Columns: `area_code`, `area_name`, the other key fields, and, prefixed by
    `last_`, what was last reported before the day or stands on file; missing where nothing does.

    Raises
    ------
    UnreadableError
        When the area has more units than a template holds.
    """
    with engine().connect() as connection:
        match form:
            case "progress":
                rows = _progress(connection, view)
            case "staffing":
                rows = _staffing(connection, view)
            case "benchmark":
                rows = _benchmarks(connection, view)
            case _:
                rows = _targets(connection, view)
    if len(rows) > MOST_ROWS:
        raise UnreadableError("template_too_large", rows=f"{len(rows):,}", limit=f"{MOST_ROWS:,}")
    far = ~rows["parent_id"].isin([view.area_id]) & (rows["area_id"] != view.area_id)
    rows["area_name"] = rows["area_name"].where(~far, rows["parent_name"].fillna("") + " " + rows["area_name"])
    return rows.drop(columns=["parent_name", "parent_id", "area_id"]).reset_index(drop=True)


def is_too_large(form: str, view: View) -> bool:
    """Return whether the viewed area has more rows of a form than a template holds."""
    wanted = _units(view) if form != "benchmark" else _places(view).join(benchmark, benchmark.c.area_id == area.c.id)
    rows = wanted.with_only_columns(func.count()).order_by(None)
    with engine().connect() as connection:
        return bool(connection.execute(rows).scalar_one() > MOST_ROWS)


def _places(view: View) -> Select[Any]:
    """Return the select of the areas of the viewed part: id, the code that tells them, name, name of the parent."""
    here, parent, other = area.alias("here"), area.alias("parent"), area.alias("other")
    same_code = select(func.count()).where(other.c.code == area.c.code).correlate(area).scalar_subquery()
    return (
        select(
            area.c.id.label("area_id"),
            area.c.parent_id,
            case((same_code > 1, area.c.path), else_=area.c.code).label("area_code"),
            named(view).label("area_name"),
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
        )
        .select_from(area.join(here, area.c.first.between(here.c.first, here.c.last)))
        .outerjoin(parent, parent.c.id == area.c.parent_id)
        .where(here.c.id == view.area_id, within(view))
        .order_by(area.c.first)
    )


def _units(view: View) -> Select[Any]:
    return _places(view).where(area.c.first == area.c.last)


def _progress(connection: Connection, view: View) -> pd.DataFrame:
    newest = daily_return.alias("newest")
    last = (
        select(func.max(newest.c.report_date))
        .where(
            newest.c.phase_id == view.phase_id,
            newest.c.area_id == area.c.id,
            newest.c.report_date < view.as_of,
            ~newest.c.is_nil,
        )
        .correlate(area)
        .scalar_subquery()
    )
    of_unit = and_(
        daily_return.c.phase_id == view.phase_id,
        daily_return.c.area_id == area.c.id,
        daily_return.c.report_date == last,
    )
    holds = _holding(view)
    names = ("report_date", *LAST["progress"])
    rows = fetch_on(
        connection,
        _units(view)
        .add_columns(*(daily_return.c[name].label(f"last_{name}") for name in names))
        .add_columns(target.c.frame_households.label("last_hh_frame"))
        .outerjoin(daily_return, of_unit)
        .outerjoin(target, holds),
    )
    return rows.assign(report_date=pd.Timestamp(view.as_of), phase=_phase_code(connection, view))


def _holding(view: View) -> ColumnElement[bool]:
    """Return the condition that a version of the frame holds for an area on the day of the view."""
    return and_(
        target.c.phase_id == view.phase_id,
        target.c.area_id == area.c.id,
        target.c.valid_from <= view.as_of,
        or_(target.c.valid_to.is_(None), target.c.valid_to > view.as_of),
    )


def _staffing(connection: Connection, view: View) -> pd.DataFrame:
    newest = staffing_return.alias("newest")
    names = ("report_date", *LAST["staffing"])
    parts = []
    for role in ROLES:
        last = (
            select(func.max(newest.c.report_date))
            .where(
                newest.c.role == role,
                newest.c.area_id == area.c.id,
                newest.c.report_date < view.as_of,
                ~newest.c.is_nil,
            )
            .correlate(area)
            .scalar_subquery()
        )
        of_unit = and_(
            staffing_return.c.role == role,
            staffing_return.c.area_id == area.c.id,
            staffing_return.c.report_date == last,
        )
        rows = fetch_on(
            connection,
            _places(view)
            .add_columns(*(staffing_return.c[name].label(f"last_{name}") for name in names))
            .outerjoin(staffing_return, of_unit),
        )
        units = set(units_of(connection, role)["id"].astype(int))
        parts.append(rows[rows["area_id"].isin(units)].assign(role=role))
    return pd.concat(parts, ignore_index=True).assign(report_date=pd.Timestamp(view.as_of))


def _benchmarks(connection: Connection, view: View) -> pd.DataFrame:
    names = ("indicator", "source", "unit", "concept_note", "covers_special_area")
    rows = fetch_on(
        connection,
        _places(view)
        .add_columns(*(benchmark.c[name] for name in names))
        .add_columns(*(benchmark.c[name].label(f"last_{name}") for name in ON_FILE["benchmark"]))
        .join(benchmark, benchmark.c.area_id == area.c.id)
        .order_by(area.c.first, benchmark.c.indicator, benchmark.c.source, benchmark.c.id),
    )
    rows = rows.drop_duplicates(["area_id", "indicator", "source"], keep="last")
    foreign = rows["unit"].astype("str").str.isascii().fillna(False) & (view.language != "en")
    return rows.assign(unit=rows["unit"].mask(foreign.astype(bool), None))


def _targets(connection: Connection, view: View) -> pd.DataFrame:
    rows = fetch_on(
        connection,
        _units(view)
        .add_columns(*(target.c[name].label(f"last_{name}") for name in FRAME))
        .outerjoin(target, _holding(view)),
    )
    return rows.assign(phase=_phase_code(connection, view))


def _phase_code(connection: Connection, view: View) -> str:
    return connection.execute(select(phase.c.code).where(phase.c.id == view.phase_id)).scalar_one()
