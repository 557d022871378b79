"""Boundaries: GeoJSON of closed polygons in degrees, each with the code of an area."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from queries import basis
from queries.basis import Said
from queries.intake import known
from queries.intake.legible import legible
from queries.intake.reading import UnreadableError
from queries.schema import boundary

MOST_PARTS: Final = 6_000_000  # brackets and commas; each takes some fifty bytes of memory when it is read
LEAST_POINTS: Final = 4  # of a closed ring
EAST: Final = 180
NORTH: Final = 90  # degrees
FAR: Final = 10**15  # what is beyond it is no coordinate of any kind
NAMED: Final = 10  # codes that a message lists


def read_boundaries(content: bytes) -> dict[str, Any]:
    """Return the geometry of each feature by the code in its properties; raise `UnreadableError` for what is none."""
    if content.count(b"[") + content.count(b"{") + content.count(b",") > MOST_PARTS:
        raise UnreadableError("boundaries_too_large", limit=f"{MOST_PARTS // 3:,}")
    try:
        features = json.loads(content, parse_constant=_refuse_constant)["features"]
        coded = [(_code(feature["properties"]["code"]), feature["geometry"]) for feature in features]
    except UnreadableError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError("broken_geojson") from error
    if not coded:
        raise UnreadableError("no_boundary")
    twice = [code for code, times in Counter(code for code, _geometry in coded).items() if times > 1]
    if twice:
        raise UnreadableError("boundary_twice", codes=_listed(twice))
    for number, (code, geometry) in enumerate(coded, 1):
        _refuse_shape(geometry, {"number": number, "code": legible(code)})
    return dict(coded)


def store_boundaries(connection: Connection, geometries: dict[str, Any], load_id: int) -> tuple[int, int, int]:
    """Store geometries by the code or path of their area; return how many are new, changed, and there are in all.

    Raises
    ------
    UnreadableError
        Where a code is that of no area, or of several.
    """
    areas = known.areas(connection)
    if areas.empty:
        raise UnreadableError("no_areas")
    once = areas[~areas["code"].duplicated(keep=False)]
    ids = {**dict(zip(areas["path"], areas["id"], strict=True)), **dict(zip(once["code"], once["id"], strict=True))}
    lost = sorted(code for code in geometries if code not in ids)
    several = set(areas["code"])
    for rule, codes in (
        ("boundary_codes", [code for code in lost if code not in several]),
        ("boundary_ambiguous", [code for code in lost if code in several]),
    ):
        if codes:
            raise UnreadableError(rule, codes=_listed(codes), number=len(codes))
    shapes = {int(ids[code]): shape for code, shape in geometries.items()}
    if len(shapes) < len(geometries):
        raise UnreadableError("boundary_twice", codes=_listed(code for code in geometries if "/" in code))
    held = dict(connection.execute(select(boundary.c.area_id, boundary.c.geometry)).all())
    known_shapes = {area_id: shape for area_id, shape in held.items() if area_id in shapes}
    changed = {area_id for area_id, shape in known_shapes.items() if shape != shapes[area_id]}
    if changed:
        replaced = [{"replaced": area_id} for area_id in sorted(changed)]
        connection.execute(delete(boundary).where(boundary.c.area_id == bindparam("replaced")), replaced)
    brought = [
        {"area_id": area_id, "geometry": shape, "load_id": load_id}
        for area_id, shape in shapes.items()
        if area_id in changed or area_id not in known_shapes
    ]
    if brought:
        connection.execute(insert(boundary), brought)
    paths = dict(zip(areas["id"].astype(int), areas["path"], strict=True))
    said = (Said(paths[area_id], area_id, shape) for area_id, shape in shapes.items())
    basis.record(connection, "boundary", said, load_id)
    return len(shapes) - len(known_shapes), len(changed), len(shapes)


def _refuse_constant(word: str) -> None:
    raise UnreadableError("boundary_not_finite", word=word)


def _code(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError
    return str(value)


def _listed(codes: Any) -> str:
    return legible(", ".join(list(codes)[:NAMED]), 400)


def _refuse_shape(geometry: Any, told: dict[str, Any]) -> None:
    """Refuse what is no polygon, not closed, or not in degrees."""
    for ring in _rings(geometry):
        if not (isinstance(ring, list) and len(ring) >= LEAST_POINTS and ring[0] == ring[-1] and _is_line(ring)):
            raise UnreadableError("boundary_shape", **told)
        outside = next((p for p in ring if not (abs(p[0]) <= EAST and abs(p[1]) <= NORTH)), None)
        if outside is not None:
            raise UnreadableError("boundary_degrees", **told, point=legible(f"{outside[0]:g}, {outside[1]:g}"))
        if len({(p[0], p[1]) for p in ring}) < LEAST_POINTS - 1:
            raise UnreadableError("boundary_shape", **told)


def _rings(geometry: Any) -> Iterator[Any]:
    """Yield the rings of a polygon or of several; None, which is no ring, where there is none."""
    kind, parts = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    polygons = [parts] if kind == "Polygon" else parts if kind == "MultiPolygon" and isinstance(parts, list) else []
    if not polygons:
        yield None
    for polygon in polygons:
        yield from polygon if isinstance(polygon, list) and polygon else [None]


def _is_line(ring: list[Any]) -> bool:
    return all(isinstance(p, list) and 2 <= len(p) <= 3 and all(_is_number(c) for c in p) for p in ring)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < FAR
