"""Undo what a load said of areas, the calendar, boundaries and settings, where nothing hangs on what would go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, Table, delete, exists, func, or_, select, update

from queries import basis
from queries.basis import Said
from queries.intake import places
from queries.intake.reading import UnreadableError
from queries.loads import undone
from queries.schema import (
    area,
    area_alias,
    basis_version,
    benchmark,
    boundary,
    check_in,
    check_in_unit,
    cleanup_return,
    commitment,
    daily_return,
    lead_dismissal,
    phase,
    phase_area,
    phase_day,
    quality_check,
    setting,
    staffing_return,
    target,
)

Parts = tuple[int, int, int]  # restored, withdrawn, left
ON_AREAS: Final[tuple[tuple[str, Table, tuple[Column[Any], ...]], ...]] = (
    ("progress", daily_return, (daily_return.c.area_id,)),
    ("staffing", staffing_return, (staffing_return.c.area_id,)),
    ("target", target, (target.c.area_id,)),
    ("benchmark", benchmark, (benchmark.c.area_id,)),
    ("quality", quality_check, (quality_check.c.area_id, quality_check.c.cross_unit_id)),
    ("cleanup", cleanup_return, (cleanup_return.c.area_id,)),
    ("calendar", phase_area, (phase_area.c.area_id,)),
    ("boundary", boundary, (boundary.c.area_id,)),
    ("area", area, (area.c.parent_id,)),
    ("check_in", check_in, (check_in.c.area_id,)),
    ("check_in_unit", check_in_unit, (check_in_unit.c.area_id,)),
    ("decision", commitment, (commitment.c.area_id,)),
    ("dismissal", lead_dismissal, (lead_dismissal.c.area_id,)),
    ("alias", area_alias, (area_alias.c.area_id,)),
)
ON_PHASES: Final[tuple[tuple[str, Table, tuple[Column[Any], ...]], ...]] = (
    ("progress", daily_return, (daily_return.c.phase_id,)),
    ("target", target, (target.c.phase_id,)),
    ("calendar", phase_area, (phase_area.c.phase_id,)),
    ("check_in", check_in, (check_in.c.phase_id,)),
    ("dismissal", lead_dismissal, (lead_dismissal.c.phase_id,)),
)


def reverse(connection: Connection, load_id: int) -> dict[str, Parts]:
    """Take back what a load said, once it counts as undone; return what became of it, by subject.

    Raises
    ------
    UnreadableError
        When something hangs on an area or a phase that would go; its `hanging` says what, how many,
        of which area, and which load brought it.
    """
    done: dict[str, Parts] = {}
    for subject, restore in BACK.items():
        mine = basis.said_by(connection, subject, load_id)
        if not mine:
            continue
        holds = basis.standing(connection, subject, _keys(subject, load_id))
        was_mine = {key for key, said in mine.items() if key not in holds or holds[key].number < said.number}
        gone = {key: said for key, said in mine.items() if key not in holds}
        changed = {key: holds[key] for key in was_mine - set(gone) if holds[key].content != mine[key].content}
        restore(connection, load_id, changed, gone)
        done[subject] = (len(changed), len(gone), len(mine) - len(changed) - len(gone))
    return done


def _settings(connection: Connection, load_id: int, changed: Mapping[str, Said], gone: Mapping[str, Said]) -> None:
    connection.execute(delete(setting).where(setting.c.key.in_(list(gone))))
    for key, said in changed.items():
        connection.execute(
            update(setting).where(setting.c.key == key).values(value=said.content, load_id=said.load_id or 0)
        )


def _boundaries(connection: Connection, load_id: int, changed: Mapping[str, Said], gone: Mapping[str, Said]) -> None:
    connection.execute(delete(boundary).where(boundary.c.area_id.in_([said.subject_id for said in gone.values()])))
    for said in changed.values():
        values = {"geometry": said.content, "load_id": said.load_id}
        connection.execute(update(boundary).where(boundary.c.area_id == said.subject_id).values(**values))


def _own_calendars(connection: Connection, load_id: int, changed: Mapping[str, Said], gone: Mapping[str, Said]) -> None:
    for said in [*changed.values(), *gone.values()]:
        values = basis.typed(phase_area, said.content)
        which = (phase_area.c.phase_id == values["phase_id"]) & (phase_area.c.area_id == values["area_id"])
        statement: Any = delete(phase_area) if said.key in gone else update(phase_area).values(**values)
        connection.execute(statement.where(which))


def _phases(connection: Connection, load_id: int, changed: Mapping[str, Said], gone: Mapping[str, Said]) -> None:
    ids = _gone("phase", load_id)
    _refuse_hanging(connection, load_id, ON_PHASES, ids)
    connection.execute(delete(phase_day).where(phase_day.c.phase_id.in_(ids)))
    connection.execute(delete(target).where(target.c.phase_id.in_(ids)))  # undone: they hold for no day
    connection.execute(delete(phase).where(phase.c.id.in_(ids)))
    for key, said in changed.items():
        connection.execute(update(phase).where(phase.c.code == key).values(**basis.typed(phase, said.content)))


def _areas(connection: Connection, load_id: int, changed: Mapping[str, Said], gone: Mapping[str, Said]) -> None:
    ids = _gone("area", load_id)
    _refuse_hanging(connection, load_id, ON_AREAS, ids)
    connection.execute(delete(phase_day))  # laid out anew afterwards
    connection.execute(delete(target).where(target.c.area_id.in_(ids)))  # undone: they hold for no day
    places.take_back(connection, set(gone), {key: said.content for key, said in changed.items()})


def _refuse_hanging(
    connection: Connection,
    load_id: int,
    hanging: tuple[tuple[str, Table, tuple[Column[Any], ...]], ...],
    ids: Select[Any],
) -> None:
    found = list(_hanging(connection, hanging, ids))
    if found:
        raise UnreadableError("something_hangs", load=load_id, hanging=found)


def _hanging(
    connection: Connection,
    hanging: tuple[tuple[str, Table, tuple[Column[Any], ...]], ...],
    ids: Select[Any],
) -> Iterator[tuple[str, int, str | None, int | None]]:
    """Yield what hangs on areas or phases that would go: its kind, how many, an area's code as example, its load."""
    for what, table, columns in hanging:
        which = or_(*(column.in_(ids) for column in columns))
        if table is target:
            which &= target.c.load_id.not_in(undone())
        if table is area:
            which &= area.c.id.not_in(ids)
        number = connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()
        if not number:
            continue
        place = table if table is area else area
        by = table.c.load_id if "load_id" in table.c else None
        example = select(place.c.code, *([by] if by is not None else [])).where(which)
        if table is not area:
            example = example.select_from(table).join(area, area.c.id == table.c.area_id)
        row = connection.execute(example.limit(1)).one()
        yield what, number, row[0], row[1] if by is not None else None


def _keys(subject: str, load_id: int) -> Select[Any]:
    return select(basis_version.c.key).where(basis_version.c.subject == subject, basis_version.c.load_id == load_id)


def _gone(subject: str, load_id: int) -> Select[Any]:
    """Select the ids of what a load said of that no other load that stands has said."""
    other = basis_version.alias("other")
    stands = or_(other.c.load_id.is_(None), other.c.load_id.not_in(undone()))
    said_too = exists().where(other.c.subject == subject, other.c.key == basis_version.c.key, stands)
    return select(basis_version.c.subject_id).where(
        basis_version.c.subject == subject, basis_version.c.load_id == load_id, ~said_too
    )


BACK: Final = {  # what hangs on another before it
    "setting": _settings,
    "boundary": _boundaries,
    "phase_area": _own_calendars,
    "phase": _phases,
    "area": _areas,
}
