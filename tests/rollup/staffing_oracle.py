"""What `staffing_progress` must hold, worked out phase by phase, unit by unit and day by day in plain Python."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Connection, select

from queries.counts import STAFF_COUNTS
from queries.schema import area, phase, staffing_progress, staffing_return, target

Row = dict[str, Any]
PERSONS, EDS = 300, 4
OF_POST = ("trained", "passed", "certified", "confid_signed", "insured", "age_u50", "edu_senior_plus")
KEY = ("phase_id", "role", "area_id", "date")


def stored_staffing(connection: Connection) -> dict[tuple[Any, ...], Row]:
    """Return the rows of `staffing_progress` as stored, by phase, role, area and day."""
    rows = [dict(row) for row in connection.execute(select(staffing_progress)).mappings()]
    return {tuple(row[name] for name in KEY): row for row in rows}


def expected_staffing(connection: Connection) -> dict[tuple[Any, ...], Row]:
    """Return the rows of `staffing_progress` from the raw tables alone."""
    areas = {row["id"]: row for row in _rows(connection, area)}
    targets = [
        row for row in _rows(connection, target) if row["valid_to"] is None or row["valid_from"] < row["valid_to"]
    ]
    returns = _rows(connection, staffing_return)
    phases = sorted(_rows(connection, phase), key=lambda row: (row["start"], row["id"]))
    rows: dict[tuple[Any, ...], Row] = {}
    for role in ("enumerator", "supervisor"):
        filed = [row for row in returns if row["role"] == role]
        units = _units(areas, role, {row["area_id"] for row in filed}) if filed else []
        for reader in _with_rows(phases, targets):
            people = _source(phases, targets, reader["id"], ("eds", "frame_persons"))
            housed = _source(phases, targets, reader["id"], ("frame_households",))
            begins, ends = _window(phases, targets, reader["id"])
            holding = [(row, part) for row in targets for part in ("people", "housed")
                       if row["phase_id"] == (people if part == "people" else housed)]  # fmt: skip
            days = {max(row["report_date"], begins) for row in filed if row["report_date"] <= ends}
            for unit in units:
                needs = {d: _needs(areas, unit, holding, d, role) for d in _span(min(days, default=ends), ends)}
                days |= {d for d in needs if days and d > min(days) and needs[d] != needs[d - timedelta(days=1)]}
            for when in sorted(days):
                for unit in units:
                    one = _unit_row(_needs(areas, unit, holding, when, role), filed, unit, when)
                    for above in _chain(areas, unit):
                        _add(rows.setdefault((reader["id"], role, above, when), {}), one)
    return rows


def _rows(connection: Connection, table: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _tells(targets: list[Row], phase_id: int, names: tuple[str, ...]) -> bool:
    return any(row["phase_id"] == phase_id and any(row[n] is not None for n in names) for row in targets)


def _source(phases: list[Row], targets: list[Row], phase_id: int, names: tuple[str, ...]) -> int | None:
    """Return the phase whose frame a phase uses: its own, else the latest that begins no later and has one."""
    if _tells(targets, phase_id, names):
        return phase_id
    start = next(p["start"] for p in phases if p["id"] == phase_id)
    before = [p["id"] for p in phases if p["start"] <= start and _tells(targets, p["id"], names)]
    return before[-1] if before else None


def _read(phases: list[Row], targets: list[Row], phase_id: int) -> int:
    every = ("eds", "frame_persons", "frame_households")
    found = _source(phases, targets, phase_id, every)
    return phases[0]["id"] if found is None else found


def _with_rows(phases: list[Row], targets: list[Row]) -> list[Row]:
    read = {_read(phases, targets, p["id"]) for p in phases}
    return [p for p in phases if p["id"] in read]


def _window(phases: list[Row], targets: list[Row], phase_id: int) -> tuple[date, date]:
    readers = [p for p in phases if _read(phases, targets, p["id"]) == phase_id]
    day = timedelta(days=1)
    return min(p["start"] for p in readers) - day, max(p["end"] for p in readers) + day


def _chain(areas: dict[int, Row], area_id: int) -> list[int]:
    parent = areas[area_id]["parent_id"]
    return [area_id, *([] if parent is None else _chain(areas, parent))]


def _leaves(areas: dict[int, Row], area_id: int) -> list[int]:
    parents = {row["parent_id"] for row in areas.values()}
    return [a for a in areas if a not in parents and area_id in _chain(areas, a)]


def _units(areas: dict[int, Row], role: str, filing: set[int]) -> list[int]:
    """Return the areas that file, and where nobody does the villages, or for supervisors the streets."""
    units = set(filing)
    for leaf in _leaves(areas, 1):
        usual = leaf
        if role == "supervisor" and areas[leaf]["parent_id"] != 1:
            usual = areas[leaf]["parent_id"]
        around = {*_leaves(areas, usual), *_chain(areas, usual)}
        if not any(set(_leaves(areas, f)) & set(_leaves(areas, usual)) for f in filing if f in around or f == usual):
            units.add(usual)
    return sorted(units)


def _needs(areas: dict[int, Row], unit: int, holding: list[Any], when: date, role: str) -> Row:
    held: dict[str, dict[int, Row]] = {"people": {}, "housed": {}}
    for row, part in holding:
        if row["valid_from"] <= when and (row["valid_to"] is None or when < row["valid_to"]):
            held[part][row["area_id"]] = row
    leaves = _leaves(areas, unit)
    people, housed = ([held[part].get(leaf, {}) for leaf in leaves] for part in ("people", "housed"))
    found = {
        "eds": _sum([row.get("eds") for row in people]),
        "persons": _sum([row.get("frame_persons") for row in people]),
        "households": _sum([row.get("frame_households") for row in housed]),
    }
    if role == "supervisor":
        return {**found, "required": None if found["eds"] is None else ceil(found["eds"] / EDS)}
    return {**found, "required": _sum([_posts(row) for row in people])}


def _posts(row: Row) -> int | None:
    asked = [row.get("eds"), None if row.get("frame_persons") is None else ceil(row["frame_persons"] / PERSONS)]
    known = [n for n in asked if n is not None]
    return max(known) if known else None


def _sum(values: list[int | None]) -> int | None:
    return None if any(v is None for v in values) else sum(v for v in values if v is not None)


def _any(row: Row, names: tuple[str, ...]) -> int | None:
    known = [row[n] for n in names if row.get(n) is not None]
    return sum(known) if known else None


def _if(known: Any, value: Any) -> Any:
    return None if known is None else value


def _least(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else min(one, other)


def _unit_row(needs: Row, filed: list[Row], unit: int, when: date) -> Row:
    known = [r for r in filed if r["area_id"] == unit and r["report_date"] <= when and not r["is_nil"]]
    told: Row = (
        max(known, key=lambda row: row["report_date"]) if known else dict.fromkeys((*STAFF_COUNTS, "report_date"))
    )
    required = told["need"] if needs["required"] is None else needs["required"]
    post = told["in_post"]
    gap = None if required is None or post is None else required - post
    certified = _least(told["certified"], post)
    bare, eds, housed = told["eds_uncovered"], told["eds_total"], needs["households"]
    homes = 0 if bare == 0 else None if not bare or not eds or housed is None else int(housed * bare / eds + 0.5)
    active = (
        None
        if post is None or told["absent_today"] is None
        else post - told["absent_today"] + (told["replaced_today"] or 0)
    )
    gone = _any(told, ("withdrawn", "dismissed", "transferred_out"))
    come = _any(told, ("recruited", "seconded", "rehired", "substituted"))
    again = _any(told, ("rehired", "substituted"))
    return {
        **{name: told[name] for name in STAFF_COUNTS},
        "value_date": told["report_date"],
        "units": 1,
        "units_reported": int(bool(known)),
        "units_required": int(required is not None),
        "units_in_post": int(post is not None),
        "units_judged": int(gap is not None),
        "required": required,
        "required_known": _if(post, required),
        "in_post_known": _if(required, post),
        "posts_filled": _least(post, required),
        "shortfall": None if gap is None else max(0, gap),
        "surplus": None if gap is None else max(0, -gap),
        "qualified": certified,
        "qualified_filled": _least(certified, required),
        "qualified_required": _if(certified, required),
        "units_active": int(active is not None),
        "active": active,
        "units_covered": int(bare is not None),
        "hh_uncovered": homes,
        "eds_weighed": _if(homes, bare),
        **{f"{name}_judged": _if(post, told[name]) for name in OF_POST},
        **{f"in_post_{name}": _if(told[name], post) for name in OF_POST},
        "passed_tested": _if(told["tested"], told["passed"]),
        "tested_passed": _if(told["passed"], told["tested"]),
        "leavers_joined": _if(come, gone),
        "intake_left": _if(gone, come),
        "replaced_left": _if(gone, again),
        "leavers_replaced": _if(again, gone),
        **{f"{name}_staffed": _if(post, needs[name]) for name in ("eds", "persons", "households")},
        **{f"in_post_{name}": _if(needs[name], post) for name in ("eds", "persons", "households")},
    }


def _add(total: Row, one: Row) -> None:
    for name, value in one.items():
        if value is None:
            total.setdefault(name, None)
        elif name == "value_date":
            total[name] = min(filter(None, (total.get(name), value)))
        else:
            total[name] = (total.get(name) or 0) + value
