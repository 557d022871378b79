"""A district of two streets and a village of its own, with a street that starts a day later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, insert, select

from queries.schema import area, load, phase, phase_area, phase_day

PHASE = 1
START = date(2010, 9, 15)
DAYS = 10
# id, parent, level, kind, first, last
AREAS = [
    (1, None, 0, "district", 1, 9),
    (2, 1, 1, "street", 2, 5),
    (3, 2, 2, "village", 3, 3),
    (4, 2, 2, "village", 4, 4),
    (5, 2, 2, "village", 5, 5),
    (6, 1, 1, "street", 6, 8),
    (7, 6, 2, "village", 7, 7),
    (8, 6, 2, "village", 8, 8),
    (9, 1, 1, "village", 9, 9),
]
UNITS = [3, 4, 5, 7, 8, 9]
LATER_STREET = 6
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def lay_out(connection: Connection, off: Iterable[int] = ()) -> None:
    """Store the tree, a ten-day phase with a linear plan, and the later calendar of one street.

    On the days off, counted from the first, no return is due.
    """
    days_off = [(START + timedelta(days=n)).isoformat() for n in sorted(off)]
    connection.execute(
        insert(area),
        [
            {
                "id": id_,
                "parent_id": parent,
                "level": level,
                "kind": kind,
                "first": first,
                "last": last,
                "path": f"/{id_}",
                "code": str(id_),
                "name_en": f"Area {id_}",
                "name_zh_hans": f"{id_}号",
                "name_zh_hant": f"{id_}號",
                "sort_order": id_,
            }
            for id_, parent, level, kind, first, last in AREAS
        ],
    )
    plan = {"working_days": EVERY_DAY, "return_days": EVERY_DAY, "days_off": days_off, "curve": {"shape": "linear"}}
    end = START + timedelta(days=DAYS - 1)
    connection.execute(
        insert(phase),
        {
            "id": PHASE,
            "code": "sweep",
            "name_en": "Sweep",
            "name_zh_hans": "摸底",
            "name_zh_hant": "摸底",
            "start": START,
            "end": end,
            "cutoff": time(17, 30),
            "grace_minutes": 30,
            "measure": "hh",
            **plan,
        },
    )
    later = START + timedelta(days=1)
    connection.execute(
        insert(phase_area), {"phase_id": PHASE, "area_id": LATER_STREET, "start": later, "end": end, **plan}
    )
    connection.execute(insert(phase_day), [*_planned(1, 0, days_off), *_planned(LATER_STREET, 1, days_off)])
    if connection.execute(select(load.c.id)).first() is None:
        connection.execute(
            insert(load),
            {"id": 1, "loaded_at": datetime(2010, 9, 1), "kind": "area", "result": "stored", "simulated": False},
        )


def _planned(area_id: int, skipped: int, days_off: list[str]) -> list[dict[str, object]]:
    return [
        {
            "phase_id": PHASE,
            "area_id": area_id,
            "date": START + timedelta(days=n),
            "is_open": (START + timedelta(days=n)).isoformat() not in days_off,
            "is_working": True,
            "planned_share": (n + 1 - skipped) / (DAYS - skipped),
        }
        for n in range(skipped, DAYS)
    ]
