"""A check-in as plain records: for what is frozen at its close and for the brief."""

from __future__ import annotations

from typing import Any

import pandas as pd

from queries.check_in import bridge, meeting, verification
from queries.check_in.lookback import lookback
from queries.check_in.measures import MEASURES
from queries.view import View

VERDICTS = {"waiting": "open"}


def of_meeting(view: View) -> dict[str, Any] | None:
    """Return number and closed_at of the viewed area's check-in of the as-of date; None where none is held.

    What is gathered now is not frozen, also after the close: closed_at is null.
    """
    held = meeting.held(view)
    if held is None or held.area_id != view.area_id:
        return None
    return {"number": meeting.number(view, held.id), "closed_at": None}


def of_bridge(view: View) -> list[dict[str, Any]]:
    """Return the steps since the check-in before: step, households (signed), units, uncertain; empty without one."""
    back = lookback(view)
    if back.since_id is None:
        return []
    return [_plain(row) for row in bridge.steps(back.moved).to_dict("records")]


def of_decisions(view: View) -> list[dict[str, Any]]:
    """Return the decisions that are looked at: those of the as-of date, and the earlier ones due since or still open.

    Each has area_id, what, office, indicator (column of its source), measure, number and actual (in the
    indicator's unit: a count, or 0-1), at_least (whether to reach the number or to come down to it),
    unit (count or share), due, decided, verdict (open, kept,
    kept_late, missed, no_data, withdrawn), difference (signed), kept_on, misses, escalated.
    """
    rows = verification.looked_at(verification.verified(view), view.as_of, lookback(view).since_day)
    found = []
    for row in rows.to_dict("records"):
        measure = MEASURES[row["indicator"]]
        found.append(
            _plain(
                {
                    **{name: row[name] for name in ("area_id", "what", "office", "number", "due", "decided")},
                    **{name: row[name] for name in ("difference", "kept_on", "misses", "escalated")},
                    "indicator": measure.column,
                    "measure": measure.key,
                    "at_least": measure.at_least,
                    "unit": "share" if measure.unit == "share" else "count",
                    "verdict": VERDICTS.get(row["result"], row["result"]),
                    "actual": row["value"],
                }
            )
        )
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value.item() if hasattr(value, "item") else value
