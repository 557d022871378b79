"""Which part of the area tree this installation shows, and whether it may write."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st

from queries import scope as scopes
from queries.scope import NoAccessError

__all__ = ["NoAccessError", "may_write", "role", "scope"]


def scope() -> int | None:
    """Return the top of what may be seen: DASHBOARD_SCOPE or [access] area, else the whole tree.

    Raises
    ------
    NoAccessError
        When the configured area does not exist: nothing is shown rather than everything.
    """
    return scopes.top(_limit())


def role() -> str:
    """Return the office that this installation serves, as entries of the audit name it; never a person.

    One that is limited to a part of the tree and is given no name is called after its part: it is not the office
    that sees everything.
    """
    limit = _limit()
    usual = scopes.office(limit) if limit else "census office"
    return os.environ.get("DASHBOARD_ROLE") or _configured("role") or usual


def _limit() -> str | None:
    return scopes.configured() or _configured("area")


def may_write() -> bool:
    """Return whether files may be taken in and decisions recorded here; a wall or a reader's copy may not."""
    return str(os.environ.get("DASHBOARD_READ_ONLY") or _configured("read_only") or "").lower() not in ("1", "true")


def _configured(name: str) -> Any:
    try:
        return st.secrets.get("access", {}).get(name)
    except FileNotFoundError:
        return None
