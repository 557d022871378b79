"""Boundaries that are no GeoJSON, no polygon, of no area or not in degrees."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.intake.corpus import Case

RING: Final = [[118.7, 31.9], [118.8, 31.9], [118.8, 32.0], [118.7, 31.9]]
NAME: Final = "towns.geojson"


def polygon(*rings: Any, kind: str = "Polygon") -> dict[str, Any]:
    """Return a geometry of rings."""
    return {"type": kind, "coordinates": list(rings)}


def collection(*features: tuple[Any, Any]) -> bytes:
    """Return features of a code and a geometry as GeoJSON."""
    made = [{"type": "Feature", "properties": {"code": code}, "geometry": shape} for code, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def one(geometry: Any) -> bytes:
    """Return one feature of a street as GeoJSON."""
    return collection(("101", geometry))


def ring(*points: Any) -> bytes:
    """Return one polygon of points as GeoJSON."""
    return one(polygon(list(points)))


def shape(name: str, content: bytes, rule: str, file_name: str = NAME) -> Case:
    """Return a case of boundaries that are refused."""
    return Case(f"boundaries: {name}", content, "refused", (rule,), file_name)


GOOD: Final = polygon(RING)
CASES: Final = [
    Case("boundaries: one", one(GOOD), "taken", (), NAME),
    Case("boundaries: by path", collection(("10/102/77", GOOD)), "taken", (), NAME),
    Case("boundaries: several parts, heights, a hole", one(polygon([RING, RING], [[[*p, 5] for p in RING]],
                                                                   kind="MultiPolygon")), "taken", (), NAME),
    Case("boundaries: a byte order mark", b"\xef\xbb\xbf" + one(GOOD), "taken", (), NAME),
    Case("boundaries: called a table", one(GOOD), "taken", (), "table.csv"),
    Case("boundaries: a number for a code", collection((101, GOOD)), "taken", (), NAME),
    shape("null", one(None), "boundary_shape"),
    shape("a text", one("POLYGON((1 1))"), "boundary_shape"),
    shape("a number", one(5), "boundary_shape"),
    shape("a list", one([RING]), "boundary_shape"),
    shape("nothing of a geometry", one({}), "boundary_shape"),
    shape("a point", one({"type": "Point", "coordinates": [118.7, 31.9]}), "boundary_shape"),
    shape("a line", one({"type": "LineString", "coordinates": RING}), "boundary_shape"),
    shape("a collection of geometries", one({"type": "GeometryCollection", "geometries": [GOOD]}), "boundary_shape"),
    shape("no rings", one(polygon()), "boundary_shape"),
    shape("no parts", one(polygon(kind="MultiPolygon")), "boundary_shape"),
    shape("an empty part", one(polygon([], kind="MultiPolygon")), "boundary_shape"),
    shape("an empty ring", one(polygon([])), "boundary_shape"),
    shape("no coordinates", one({"type": "Polygon"}), "boundary_shape"),
    shape("coordinates of text", one({"type": "Polygon", "coordinates": "118 31"}), "boundary_shape"),
    shape("not closed", ring(*RING[:3], [118.6, 31.8]), "boundary_shape"),
    shape("three points", ring(*RING[:2], RING[0]), "boundary_shape"),
    shape("all in one point", ring(*[RING[0]] * 5), "boundary_shape"),
    shape("points of text", ring(*([str(x), str(y)] for x, y in RING)), "boundary_shape"),
    shape("points of truth", ring(*[[True, False]] * 4), "boundary_shape"),
    shape("points of null", ring(*[[None, None]] * 4), "boundary_shape"),
    shape("points of one number", ring(*[[118.7]] * 4), "boundary_shape"),
    shape("points of four numbers", ring(*([*p, 1, 2] for p in RING)), "boundary_shape"),
    shape("numbers of 400 digits", ring([10**400, 1], *RING[1:3], [10**400, 1]), "boundary_shape"),
    shape("metres", ring(*([x * 111_000, y * 111_000] for x, y in RING)), "boundary_degrees"),
    shape("latitude first", ring(*([y, x] for x, y in RING)), "boundary_degrees"),
    shape("one point in metres", ring([118.7, 31.9], [13_000_000.0, 31.9], [118.8, 32.0], [118.7, 31.9]),
          "boundary_degrees"),
    shape("NaN", one(GOOD).replace(b"118.8", b"NaN"), "boundary_not_finite"),
    shape("infinity", one(GOOD).replace(b"118.8", b"-Infinity"), "boundary_not_finite"),
    shape("1e999", one(GOOD).replace(b"118.8", b"1e999"), "boundary_shape"),
    shape("no features", collection(), "no_boundary"),
    shape("a code twice", collection(("101", GOOD), ("101", GOOD)), "boundary_twice"),
    shape("a code and its path", collection(("101", GOOD), ("10/101", GOOD)), "boundary_twice"),
    shape("an unknown code", collection(("404", GOOD)), "boundary_codes"),
    shape("a thousand unknown codes", collection(*((f"4{n}", GOOD) for n in range(1_000))), "boundary_codes"),
    shape("half a character for a code", collection(("\ud800", GOOD)), "boundary_codes"),
    shape("NUL for a code", collection(("\0", GOOD)), "boundary_codes"),
    shape("an ambiguous code", collection(("77", GOOD)), "boundary_ambiguous"),
    shape("a code of nothing", collection((None, GOOD)), "broken_geojson"),
    shape("a code of a list", collection((["101"], GOOD)), "broken_geojson"),
    shape("a truth for a code", collection((True, GOOD)), "broken_geojson"),
    shape("no code", one(GOOD).replace(b'"code"', b'"name"'), "broken_geojson"),
    shape("no properties", json.dumps({"features": [{"type": "Feature", "geometry": GOOD}]}).encode(),
          "broken_geojson"),
    shape("properties of null", json.dumps({"features": [{"properties": None, "geometry": GOOD}]}).encode(),
          "broken_geojson"),
    shape("no geometry", json.dumps({"features": [{"properties": {"code": "101"}}]}).encode(), "broken_geojson"),
    shape("features of null", b'{"type": "FeatureCollection", "features": null}', "broken_geojson"),
    shape("features of text", b'{"type": "FeatureCollection", "features": "101"}', "broken_geojson"),
    shape("a feature of text", b'{"type": "FeatureCollection", "features": ["101"]}', "broken_geojson"),
    shape("a geometry alone", json.dumps(GOOD).encode(), "broken_geojson"),
    shape("a list at the top", json.dumps([GOOD]).encode(), "broken_geojson"),
    shape("a number at the top", b"5", "broken_geojson"),
    shape("cut off", one(GOOD)[:-20], "broken_geojson"),
    shape("two in one file", one(GOOD) * 2, "broken_geojson"),
    shape("topology", b'{"type": "Topology", "objects": {}}', "broken_geojson"),
    shape("100,000 brackets", b'{"features": ' + b"[" * 100_000, "broken_geojson"),
    shape("a number of 10,000 digits", b'{"features": ' + b"9" * 10_000 + b"}", "broken_geojson"),
    shape("in GB18030", one(GOOD).replace(b"101", "街道".encode("gb18030")), "broken_geojson"),
    shape("a table called boundaries", b"code,name\n1,2\n", "broken_geojson"),
]  # fmt: skip
