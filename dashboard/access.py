"""Which part of the area tree this installation shows, and whether it may write."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st

from queries import areas


class NoAccessError(LookupError):
    """The configured scope names no area."""


def scope() -> int | None:
    """Return the top of what may be seen: DASHBOARD_SCOPE or [access] area, else the whole tree.

    Raises
    ------
    NoAccessError
        When the configured area does not exist: nothing is shown rather than everything.
    """
    wanted = os.environ.get("DASHBOARD_SCOPE") or _configured("area")
    if not wanted:
        return areas.root()
    found = areas.by_address(wanted)
    if found is None:
        raise NoAccessError(wanted)
    return found


def role() -> str:
    """Return the office that this installation serves, as entries of the audit name it; never a person."""
    return os.environ.get("DASHBOARD_ROLE") or _configured("role") or "census office"


def may_write() -> bool:
    """Return whether files may be taken in and decisions recorded here; a wall or a reader's copy may not."""
    return str(os.environ.get("DASHBOARD_READ_ONLY") or _configured("read_only") or "").lower() not in ("1", "true")


def _configured(name: str) -> Any:
    try:
        return st.secrets.get("access", {}).get(name)
    except FileNotFoundError:
        return None
