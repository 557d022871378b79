"""Where the real data and the handbook lie: the folder that REAL_DATA names, and `design` beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.real.handbook import Line, worked_examples


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data; fail where it is not there."""
    folder = Path(os.environ.get("REAL_DATA", ""))
    assert (folder / "us_cmap_areas.csv").is_file(), "REAL_DATA must name the folder of real data"
    return folder


@pytest.fixture(scope="session")
def handbook(real_data: Path) -> Path:
    """Return the handbook."""
    path = real_data.resolve().parent / "design" / "domain.md"
    assert path.is_file(), "the handbook must lie in `design`, beside the folder of real data"
    return path


@pytest.fixture(scope="session")
def published(handbook: Path) -> dict[str, Line]:
    """Return the lines of the handbook's table of worked examples."""
    return worked_examples(handbook)
