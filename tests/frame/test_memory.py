"""What lives as long as the process is not walked after each run of a page, and nothing is exempted run by run."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboard import memory

MAIN = Path(__file__).resolve().parents[2] / "dashboard" / "frame" / "main.py"


def test_garbage_is_collected_once_a_minute_and_not_after_each_run(
    demonstration: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert config.get_option("runner.postScriptGC") is False
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.run()
    app.run()
    before = gc.get_stats()[2]["collections"]
    monkeypatch.setattr(memory, "_collected", time.monotonic() - memory.EVERY - 1)
    app.run()
    assert gc.get_stats()[2]["collections"] > before
    assert time.monotonic() - memory._collected < memory.EVERY


def test_imports_are_exempt_from_collection_and_further_runs_exempt_nothing(demonstration: str) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.run()
    app.run()
    frozen = gc.get_freeze_count()
    assert frozen > 200_000  # pandas, plotly, SQLAlchemy and the rest
    for _ in range(3):
        app.run()
    assert not app.exception
    gc.collect()
    assert len(gc.get_objects()) < frozen / 4  # what a collection after a run has to walk
    assert gc.get_freeze_count() <= frozen
