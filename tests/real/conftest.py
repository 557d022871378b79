"""Where the real data lies: the folder that REAL_DATA names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data; fail where it is not there."""
    folder = Path(os.environ.get("REAL_DATA", ""))
    assert (folder / "us_cmap_areas.csv").is_file(), "REAL_DATA must name the folder of real data"
    return folder
