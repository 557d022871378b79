"""The part of the area tree to which an installation is limited, and the office that it serves."""

from __future__ import annotations

import os
from typing import Final

from queries import areas

OFFICE_OF: Final = "office of "  # an area: the name of an office that has none of its own
LONGEST: Final = 80  # characters of an office's name


class NoAccessError(LookupError):
    """The configured scope names no area."""


def configured() -> str | None:
    """Return the area to which DASHBOARD_SCOPE limits this installation; None where it does not."""
    return os.environ.get("DASHBOARD_SCOPE") or None


def top(address: str | None) -> int | None:
    """Return the top of what an installation limited to an area may see; that of the whole tree without one.

    Raises
    ------
    NoAccessError
        When no area has the address: nothing is shown rather than everything.
    """
    if not address:
        return areas.root()
    found = areas.by_address(address)
    if found is None:
        raise NoAccessError(address)
    return found


def limit() -> int | None:
    """Return the top of the part to which the command line is limited; None where it is not."""
    address = configured()
    return top(address) if address else None


def office(address: str) -> str:
    """Return what the office of an installation limited to an area is called that is given no name of its own."""
    return f"{OFFICE_OF}{address}"[:LONGEST]


def own_office() -> str | None:
    """Return the office for which the command line works: DASHBOARD_ROLE, or that of the part it is limited to."""
    address = configured()
    return os.environ.get("DASHBOARD_ROLE") or (office(address) if address else None)
