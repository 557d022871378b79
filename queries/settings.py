"""Thresholds, tolerances and rules that an office may set; the defaults are the handbook's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from queries import basis
from queries.basis import Said
from queries.database import engine
from queries.schema import setting

LARGEST: Final = 10**9  # of any setting
# Thresholds are [green, amber]: at or beyond green is green, at or beyond amber is amber, else red.
DEFAULTS: Final[dict[str, Any]] = {
    "schedule_index": [0.95, 0.85],
    "resolution_last_day": [1.0, 0.98],
    "on_time_rate": [0.95, 0.85],
    "consecutive_misses": [0, 1],
    "fill_rate": [1.0, 0.95],
    "eds_per_supervisor": [4, 5],
    "persons_per_enumerator": [300, 400],
    "households_per_enumerator": [100, 150],
    "coverage_rate": [1.0, 1.0],
    "insurance_rate": [1.0, 0.9],
    "attrition_rate": [0.05, 0.10],
    "tolerance.hukou": [0.004, 0.010],
    "tolerance.birth": [0.02, 0.10],
    "tolerance.death": [0.02, 0.10],
    "tolerance.resident": [0.02, 0.05],
    "tolerance.hmt_foreign": [0.05, 0.15],
    "tolerance.other": [0.02, 0.05],
    "capture_ratio": [0.90, 1.10, 0.75, 1.33],
    "flow_balance": [0.05, 0.15],
    "household_size": [2.0, 4.0, 1.0, 8.0],
    "long_share": [0.095, 0.105, 0.09, 0.11],
    "rectification_overdue": [0.0, 0.05],
    "cleanup.report_days": 7,
    "small_frame": 30,
    "small_count": 5,
    "wall.seconds": 15,
    "lead.unchanged_reports": 4,
    "lead.round_chance": 0.001,
    "lead.jump_times": 3,
    "lead.jump_share": 0.05,
    "lead.household_size": [2.0, 4.0],
    "lead.outlier_score": 3.5,
    "lead.zero_discrepancy": [3, 100],
    "staff.persons_per_enumerator": 300,
    "staff.eds_per_supervisor": 4,
    "staff.eds_per_supervisor_full": 3,
    "staff.reserve_share": 0.05,
    # Limits of acceptance, errors over what was checked; births and deaths allow none in any stage.
    "acceptance.sweep.buildings": 0,
    "acceptance.sweep.units": 0.002,
    "acceptance.sweep.hukou": 0.004,
    "acceptance.short.pers": 0.004,
    "acceptance.short.hukou": 0.004,
    "acceptance.short.self_share": 0.5,  # of the self-reporting households are asked again
    "acceptance.short.enum_share": 0.3,  # of the households that an enumerator registered
    "acceptance.risk": 0.10,  # chance of passing that a sample may leave to a unit at twice the limit
    "escalate_after": 2,  # days on which a decision of the check-in was due and missed
}


def settings() -> dict[str, Any]:
    """Return every setting: the defaults, overlaid with what the office has set."""
    with engine().connect() as connection:
        return settings_on(connection)


def settings_on(connection: Connection) -> dict[str, Any]:
    """Return every setting inside an open transaction."""
    return {**DEFAULTS, **dict(connection.execute(select(setting.c.key, setting.c.value)).all())}


def staffing_rule(values: Mapping[str, Any]) -> dict[str, int]:
    """Return the staffing rule: persons_per_enumerator and eds_per_supervisor (indicator 9)."""
    return {name: int(values[f"staff.{name}"]) for name in ("persons_per_enumerator", "eds_per_supervisor")}


def set_value(connection: Connection, key: str, text: str, load_id: int) -> Any:
    """Set one setting from its JSON text; raise ValueError when the key or the shape is unknown."""
    if key not in DEFAULTS:
        raise ValueError(f"unknown setting {key}; known: {', '.join(DEFAULTS)}")
    usual = DEFAULTS[key]
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    same_shape = (
        isinstance(value, list) and len(value) == len(usual) and all(_is_number(v) for v in value)
        if isinstance(usual, list)
        else _is_number(value)
        and (value >= 1 or not (key.startswith("staff.") and isinstance(usual, int)))  # what staff is divided by
        and (value > 0 or (value == 0 and key.startswith("acceptance.")))
    )
    if not same_shape:
        raise ValueError(f"{key} takes a value like {json.dumps(usual)}")
    there = connection.execute(select(setting.c.key).where(setting.c.key == key)).first()
    statement = update(setting).where(setting.c.key == key) if there else insert(setting)
    connection.execute(statement.values(key=key, value=value, load_id=load_id))
    basis.record(connection, "setting", [Said(key, None, value)], load_id)
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
