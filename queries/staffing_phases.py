"""Whose frame tells how many staff a phase needs, and on which days that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, exists, func, or_, select

from queries.presets import WITHOUT_REGISTRATION
from queries.schema import phase, phase_area, target

ONE_DAY = timedelta(days=1)  # returns may be filed so long before and after a phase


@dataclass(frozen=True)
class StaffingPhase:
    """A phase whose staffing has rows of its own; others read those of one of these.

    Attributes
    ----------
    phase_id : int
        The phase.
    people_of, households_of : int or None
        The phases whose frames tell its EDs and persons, and its households: its own, else those of the
        latest phase that begins no later and has one.
    first, last : date
        The days on which it, or a phase that reads its rows, can be looked at.
    """

    phase_id: int
    people_of: int | None
    households_of: int | None
    first: date
    last: date


class _Phase(NamedTuple):
    id: int
    start: date
    first: date  # with the calendars of areas' own
    last: date
    registers: bool  # households, in this phase
    has_people: bool  # EDs or persons of a frame
    has_households: bool


def staffing_phases(connection: Connection) -> list[StaffingPhase]:
    """Return the phases whose staffing has rows of its own, in order.

    These are the phases with a frame, and the first of all where it begins before any that has one: what
    the staffing returns themselves state as needed holds there.
    """
    phases = _phases(connection)
    readers: dict[int, list[_Phase]] = {}
    for each in phases:
        if each.registers:
            readers.setdefault(_read_by(phases, each), []).append(each)
    return [
        StaffingPhase(
            each.id,
            _latest(phases, each, "has_people"),
            _latest(phases, each, "has_households"),
            min(reader.first for reader in readers[each.id]) - ONE_DAY,
            max(reader.last for reader in readers[each.id]) + ONE_DAY,
        )
        for each in phases
        if each.id in readers
    ]


def rows_of(connection: Connection, phase_id: int) -> int:
    """Return the phase whose rows of staffing a phase reads: its own, or those of the one whose frame it uses."""
    phases = _phases(connection)
    return _read_by(phases, next(each for each in phases if each.id == phase_id))


def _read_by(phases: Sequence[_Phase], viewed: _Phase) -> int:
    if viewed.has_people or viewed.has_households:
        return viewed.id
    framed = [p for p in phases if p.start <= viewed.start and (p.has_people or p.has_households)]
    return framed[-1].id if framed else next((p for p in phases if p.registers), viewed).id


def _latest(phases: Sequence[_Phase], viewed: _Phase, what: str) -> int | None:
    if getattr(viewed, what):
        return viewed.id
    return next((p.id for p in reversed(phases) if p.start <= viewed.start and getattr(p, what)), None)


def _phases(connection: Connection) -> list[_Phase]:
    """Return all phases in the order in which they begin."""
    held = and_(
        target.c.phase_id == phase.c.id, or_(target.c.valid_to.is_(None), target.c.valid_to > target.c.valid_from)
    )
    own = phase_area.c.phase_id == phase.c.id
    found = connection.execute(
        select(
            phase.c.id,
            phase.c.code,
            phase.c.start,
            phase.c.end,
            select(func.min(phase_area.c.start)).where(own).scalar_subquery(),
            select(func.max(phase_area.c.end)).where(own).scalar_subquery(),
            exists().where(held, or_(target.c.eds.is_not(None), target.c.frame_persons.is_not(None))),
            exists().where(held, target.c.frame_households.is_not(None)),
        ).order_by(phase.c.start, phase.c.id)
    )
    phases = []
    for phase_id, code, start, end, own_start, own_end, people, households in found:
        registers = code not in WITHOUT_REGISTRATION
        first, last = min(start, own_start or start), max(end, own_end or end)
        phases.append(
            _Phase(phase_id, start, first, last, registers, registers and bool(people), registers and bool(households))
        )
    return phases
