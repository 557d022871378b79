"""Quality checks of the small district, every rule kept, to be changed where a test breaks one."""

from __future__ import annotations

from typing import Any, Final

BACK: Final = {"decision": "rework", "rework_due": "2010-10-09"}


def quality(**changes: Any) -> dict[str, Any]:
    """Return a street's check of village 10101 in the sweep, every rule kept, with some fields changed."""
    row: dict[str, Any] = {
        "check_id": "S-9", "area_code": "10101", "stage": "sweep", "level": "street", "cross_unit": "102",
        "report_date": "2010-10-05", "submitter_role": "", "correction_reason": "", "note": "",
        "map_ok": "yes", "ed_sampled": 1, "hh_self_total": "", "hh_enum_total": "", "hh_sampled": 80,
        "hh_self_sampled": "", "hh_enum_sampled": "",
        "buildings_checked": 12, "buildings_err": 0, "units_checked": 500, "units_err": 1,
        "pers_checked": 260, "pers_err": 2, "hukou_checked": 250, "hukou_err": 1,
        "birth_checked": 3, "birth_err": 0, "death_checked": 0, "death_err": 0,
        "omitted": 1, "duplicated": 0, "wrong_item": 1,
        "decision": "pass", "rework_due": "", "re_check_id": "",
    }  # fmt: skip
    return row | changes


def own(**changes: Any) -> dict[str, Any]:
    """Return the village's check of itself that the street's one needs."""
    return quality(check_id="Z-1", level="self", cross_unit="", report_date="2010-10-02") | changes


def short(**changes: Any) -> dict[str, Any]:
    """Return a self-check of village 10101 in the short form, every rule kept."""
    sampled = {
        "hh_self_total": 100,
        "hh_enum_total": 100,
        "hh_sampled": 80,
        "hh_self_sampled": 50,
        "hh_enum_sampled": 30,
    }
    form = {"stage": "short", "level": "self", "cross_unit": "", "report_date": "2010-11-12", "check_id": "D-1"}
    return quality(**sampled, **form, pers_err=1, omitted=1, wrong_item=0) | changes
