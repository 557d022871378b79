"""Which part of the area tree this installation shows."""

from __future__ import annotations

import os

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
    wanted = os.environ.get("DASHBOARD_SCOPE") or _configured()
    if not wanted:
        return areas.root()
    found = areas.by_address(wanted)
    if found is None:
        raise NoAccessError(wanted)
    return found


def _configured() -> str | None:
    try:
        return st.secrets.get("access", {}).get("area")
    except FileNotFoundError:
        return None
