"""Calendars found in the sources, ready to be taken over and adapted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

PHASE_NAMES: Final[dict[str, tuple[str, str, str]]] = {
    "preparation": ("Preparation", "准备", "準備"),
    "cleanup": ("Hukou clean-up", "户口整顿", "戶口整頓"),
    "sweep": ("Sweep", "清查摸底", "清查摸底"),
    "short": ("Short-form registration", "短表登记", "短表登記"),
    "long": ("Long-form registration", "长表登记", "長表登記"),
    "recheck": ("Recheck", "复查", "複查"),
    "acceptance": ("Acceptance", "质量验收", "質量驗收"),
    "roster": ("Visits and roster", "入户核对与底册编制", "入戶核對與底冊編製"),
    "roster_check": ("Verification of the roster", "底册核实", "底冊核實"),
    "rectification": ("Rectification", "整改", "整改"),
    "coding": ("Coding", "编码", "編碼"),
    "capture": ("Optical capture", "光电录入", "光電錄入"),
    "pes": ("Post-enumeration check", "事后质量抽查", "事後質量抽查"),
}

# In these no household is registered: none of them takes daily returns of progress.
WITHOUT_REGISTRATION: Final = ("preparation", "cleanup", "acceptance", "rectification", "coding", "capture", "pes")


@dataclass(frozen=True)
class PresetPhase:
    """A phase of a preset calendar: its first and last day."""

    code: str
    start: date
    end: date


PRESETS: Final[dict[str, tuple[PresetPhase, ...]]] = {
    "autonomous-region-county-2010": (
        PresetPhase("preparation", date(2010, 5, 1), date(2010, 7, 31)),
        PresetPhase("cleanup", date(2010, 8, 1), date(2010, 10, 15)),
        PresetPhase("acceptance", date(2010, 10, 15), date(2010, 10, 31)),
    ),
    "yanqing-2010": (
        PresetPhase("preparation", date(2010, 7, 1), date(2010, 7, 31)),
        PresetPhase("roster", date(2010, 8, 1), date(2010, 8, 31)),
        PresetPhase("roster_check", date(2010, 9, 1), date(2010, 10, 16)),
        PresetPhase("rectification", date(2010, 9, 20), date(2010, 12, 31)),
        PresetPhase("acceptance", date(2010, 9, 1), date(2011, 1, 31)),
    ),
    "tianjin-street-2010": (
        PresetPhase("cleanup", date(2010, 5, 1), date(2010, 8, 31)),
        PresetPhase("sweep", date(2010, 9, 15), date(2010, 10, 31)),
        PresetPhase("short", date(2010, 11, 1), date(2010, 11, 10)),
        PresetPhase("recheck", date(2010, 11, 11), date(2010, 12, 31)),
        PresetPhase("coding", date(2010, 11, 30), date(2011, 1, 31)),
        PresetPhase("capture", date(2010, 12, 1), date(2011, 3, 31)),
    ),
    "district-2020": (PresetPhase("cleanup", date(2020, 5, 15), date(2020, 10, 31)),),
    "yuhuatai-2010": (
        PresetPhase("sweep", date(2010, 9, 15), date(2010, 10, 31)),
        PresetPhase("short", date(2010, 11, 1), date(2010, 11, 10)),
    ),
    "county-police-2010": (
        PresetPhase("preparation", date(2010, 7, 1), date(2010, 7, 15)),
        PresetPhase("roster", date(2010, 7, 16), date(2010, 8, 15)),
        PresetPhase("rectification", date(2010, 8, 16), date(2010, 8, 25)),
        PresetPhase("acceptance", date(2010, 8, 26), date(2010, 8, 31)),
    ),
    "national-2020": (
        PresetPhase("sweep", date(2020, 10, 11), date(2020, 10, 31)),
        PresetPhase("short", date(2020, 11, 1), date(2020, 11, 15)),
        PresetPhase("acceptance", date(2020, 11, 16), date(2020, 11, 20)),
        PresetPhase("long", date(2020, 11, 16), date(2020, 11, 30)),
        PresetPhase("recheck", date(2020, 12, 1), date(2020, 12, 10)),
        PresetPhase("pes", date(2020, 12, 11), date(2020, 12, 31)),
    ),
}


def calendar_form(preset: str) -> str:
    """Return a preset as a calendar form in CSV, to be adapted and loaded."""
    lines = [f"{phase.code},{phase.start},{phase.end},17:30,30,linear,1234567,1234567," for phase in PRESETS[preset]]
    heading = "phase,start,end,cutoff,grace_minutes,curve,working_days,return_days,days_off"
    return "\n".join([heading, *lines]) + "\n"
