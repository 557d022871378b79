"""The figures of a check-in as one plain value: what the documents print, today and for ever."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import select

from queries import attention, completion, returns, staffing
from queries.areas import within
from queries.check_in import records
from queries.database import data_version, fetch
from queries.masking import SENSITIVE
from queries.schema import area
from queries.view import LANGUAGES, View


def gather(view: View) -> dict[str, Any]:
    """Return what is frozen of a view: tables as mappings of column to list, names of places in each language.

    The value goes through JSON unchanged: missing is null, an endless pace the text "inf", days ISO texts.
    """
    tables = {
        "area": completion.of_area(view),
        "children": completion.by_child(view),
        "roles": staffing.of_area(view),
        "staffing": staffing.by_child(view),
        "not_in": returns.not_in(view),
        "attention": attention.attention(view),
    }
    spoken_of = {int(i) for rows in tables.values() for i in rows["area_id"].dropna()}
    return {
        "as_of": view.as_of.isoformat(),
        "data_version": data_version(),
        "simulated": returns.is_simulated(),
        "area_id": view.area_id,
        "areas": _names(view, sorted(spoken_of)),
        **{key: _plain(rows.drop(columns=[n for n in SENSITIVE if n in rows])) for key, rows in tables.items()},
        "check_in": records.of_meeting(view),
        "commitments": records.of_decisions(view),
        "bridge": records.of_bridge(view),
    }


def _names(view: View, area_ids: list[int]) -> dict[str, dict[str, Any]]:
    names = [area.c[f"name_{language.lower()}"].label(language) for language in LANGUAGES]
    rows = fetch(select(area.c.id, area.c.code, *names).where(area.c.id.in_(area_ids), within(view)))
    return {str(row.pop("id")): row for row in rows.to_dict("records")}


def _plain(rows: pd.DataFrame) -> dict[str, list[Any]]:
    rows = rows.drop(columns=[name for name in ("name", "parent_name") if name in rows])
    return {str(name): [_value(value) for value in rows[name]] for name in rows}


def _value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float | np.floating):
        return "inf" if np.isinf(value) else float(value)
    return value.item() if isinstance(value, np.generic) else value
