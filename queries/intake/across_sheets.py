"""What only several sheets of a file tell together, and how it is added to what was found in each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from queries.intake.findings import Breach, Checked, gather, joined

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "progress": ("phase_id", "area_id", "report_date"),
    "staffing": ("role", "area_id", "report_date"),
    "benchmark": ("indicator", "source", "area_id", "window_start", "window_end", "cutoff_at"),
    "cleanup": ("area_id", "police_station", "report_date"),
    "quality": ("check_id",),
    "target": ("phase_id", "area_id", "valid_from"),
    "calendar": ("phase", "area_id"),
}
NAMED: Final = {"progress": "report_date", "staffing": "report_date", "cleanup": "report_date", "quality": "check_id"}


def without_contradictions(checked: Iterable[Checked], file_name: str) -> list[Checked]:
    """Reject the rows of a sheet whose key a sheet before it has with other cells: neither corrects the other."""
    done: list[Checked] = []
    for each in checked:
        before = [other for other in done if other.form == each.form and each.form in KEYS]
        wrong = _contradicts(each, before) if before else np.zeros(len(each.rows), dtype=bool)
        if wrong.any():
            field = NAMED.get(each.form, "phase" if each.form == "calendar" else "area_code")
            each = with_breaches(each, file_name, [Breach("other_sheet", "reject", wrong, field)])
        done.append(each)
    return done


def _contradicts(each: Checked, before: list[Checked]) -> np.ndarray:
    key = list(KEYS[each.form])
    mine = each.rows.assign(mine=True)
    both = pd.concat([*(other.rows.assign(mine=False) for other in before), mine], ignore_index=True)
    cells = [name for name in both.columns if name != "mine" and name in each.mapping.values()]
    texts = both[[*key, *(name for name in cells if name not in key)]].astype("str").fillna("")
    again = texts.duplicated(key) & ~texts.duplicated()
    return again[both["mine"].to_numpy(dtype=bool)].to_numpy()


def with_breaches(checked: Checked, file_name: str, breaches: list[Breach]) -> Checked:
    """Add breaches that were found after a sheet was checked."""
    bare = replace(checked.sheet, remarks=())
    more = gather(checked.form, bare, file_name, checked.rows, breaches, checked.mapping)
    return replace(joined(checked, more), sheet=checked.sheet)
