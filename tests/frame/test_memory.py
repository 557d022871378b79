"""What lives as long as the process is not walked after each run of a page, and nothing is exempted run by run."""

from __future__ import annotations

import gc
from pathlib import Path

from streamlit import config
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[2] / "dashboard" / "frame" / "main.py"


def test_nothing_is_collected_after_each_run_but_the_interpreter_goes_on_collecting(demonstration: str) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.run()
    assert config.get_option("runner.postScriptGC") is False
    assert gc.isenabled()
    before = gc.get_stats()[0]["collections"]
    app.run()
    assert gc.get_stats()[0]["collections"] > before


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
