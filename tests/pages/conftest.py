"""Pages of the demonstration, opened in a test; the forms that they must agree with."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.i18n import LOCALES
from queries import database
from queries.wording import translations
from tests.pages.forms import Forms

MAIN = Path(__file__).resolve().parents[2] / "dashboard" / "frame" / "main.py"
PAGES = sorted(path.stem for path in (MAIN.parents[1] / "pages").glob("*.py"))
Open = Callable[..., AppTest]
HEADINGS = {
    column.heading
    for found in iter_modules(dashboard.__path__)
    if found.name.startswith("columns")
    for module in (import_module(f"dashboard.{found.name}"),)
    for shown in vars(module).values()
    if isinstance(shown, tuple)
    for column in shown
}


@pytest.fixture
def visit(demonstration: str) -> Open:
    """Return a function that opens a page of the demonstration and expects no error."""
    return opened


@pytest.fixture
def desk(demonstration_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Point the program at a copy of the demonstration, to be written to."""
    shutil.copy(demonstration_file, tmp_path / "census.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'census.db'}")
    yield f"sqlite:///{tmp_path / 'census.db'}"
    database.engine().dispose()
    database._engine.cache_clear()


def opened(page: str, state: dict[str, Any] | None = None, **parameters: str) -> AppTest:
    """Run the dashboard at a page with the parameters of a link, and with what was chosen on it by widgets' keys."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in (state or {}).items():
        app.session_state[name] = value
    for name, value in {"lang": "zh-Hans", **parameters}.items():
        app.query_params[name] = value
    if page != "command_centre":
        app.switch_page(f"../pages/{page}.py")
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def table(app: AppTest, *headings: str, last: bool = False) -> pd.DataFrame:
    """Return the first or last table on a Chinese page with all these headings, its headings put into English."""
    english = {chinese(text): text for text in (*sorted(HEADINGS), *headings)}
    found = [shown.value.rename(columns=english) for shown in app.dataframe]
    fitting = [frame for frame in found if set(headings) <= set(frame.columns)]
    assert fitting, f"no table with {headings}: {[list(frame.columns) for frame in found]}"
    return fitting[-1 if last else 0]


def chinese(text: str) -> str:
    """Return a text of the dashboard in simplified Chinese."""
    return translations("zh_Hans", LOCALES, "messages").gettext(text)


def headline(app: AppTest) -> str:
    """Return the sentence under the title."""
    return next(text.value.strip("*") for text in app.markdown if text.value.startswith("**"))


def charts(app: AppTest) -> list[dict[str, Any]]:
    """Return the figures on a page as Plotly reads them."""
    return [json.loads(found.proto.spec, object_hook=_unpacked) for found in app.get("plotly_chart")]


def _unpacked(found: dict[str, Any]) -> Any:
    """Return numbers that Plotly packs as bytes as nested lists."""
    if "bdata" not in found:
        return found
    flat = np.frombuffer(base64.b64decode(found["bdata"]), dtype=found["dtype"])
    return flat.reshape([int(n) for n in str(found.get("shape", len(flat))).split(",")]).tolist()


def link(forms: Forms, code: str, day: date) -> dict[str, str]:
    """Return the parameters that lead to an area and day."""
    parent = dict(zip(forms.areas["code"], forms.areas["parent_code"], strict=True))
    path = [code]
    while parent[path[0]] in parent:
        path.insert(0, parent[path[0]])
    return {"area": "/".join(path), "date": day.isoformat()}


def coded(forms: Forms, shown: pd.DataFrame, code: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a table of the areas right below one, by their codes."""
    below = forms.areas[forms.areas["parent_code"] == code]
    codes = dict(zip(below["name"], below["code"], strict=True))
    return {codes[row["Area"]]: row for row in shown.to_dict("records")}
