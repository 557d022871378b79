"""Briefs of the demonstration, printed by LibreOffice; figures changed to be hard to print."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.briefing.document import brief_docx
from dashboard.briefing.workbook import brief_xlsx
from queries import areas, database
from queries.check_in import frozen
from queries.view import LANGUAGES, View
from tests import fonts
from tests.pages.forms import LAST

DISTRICT = "320114000000"
Figures = dict[str, Any]


@dataclass(frozen=True)
class Printed:
    """A file as LibreOffice prints it: how many pages, and what stands on them."""

    pages: int
    text: str


Print = Callable[..., dict[str, Printed]]


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Print:
    """Return a function that prints files, by their names, to PDF with a set of fonts and reads them back."""
    profiles = {name: tmp_path_factory.mktemp("office") for name in fonts.SETS}

    def print_all(files: Mapping[str, bytes], seen: str = fonts.USUAL) -> dict[str, Printed]:
        folder = tmp_path_factory.mktemp("printed")
        for name, content in files.items():
            (folder / name).write_bytes(content)
        run("soffice", f"-env:UserInstallation={profiles[seen].as_uri()}", "--headless", "--convert-to", "pdf",
            "--outdir", str(folder), *(str(folder / name) for name in files),
            env={**os.environ, "FONTCONFIG_FILE": str(fonts.configuration(seen))})  # fmt: skip
        return {name: read(folder / Path(name).with_suffix(".pdf").name) for name in files}

    return print_all


def read(pdf: Path) -> Printed:
    """Return what a PDF holds, its kinds of space made one."""
    pages = int(re.search(r"Pages:\s+(\d+)", run("pdfinfo", str(pdf))).group(1))  # type: ignore[union-attr]
    text = run("pdftotext", "-layout", str(pdf), "-")
    return Printed(pages, re.sub(r"[\u00a0 ]+", " ", text))


def run(*command: str, env: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it says."""
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=180, env=env).stdout


@contextmanager
def looking_at(file: Path) -> Iterator[None]:
    """Point the program at a SQLite file."""
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = f"sqlite:///{file}"
    try:
        yield
    finally:
        database.engine().dispose()
        database._engine.cache_clear()
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def view(address: str = DISTRICT, day: Any = LAST, scope: str = DISTRICT) -> View:
    """Return a view of the sweep of the demonstration."""
    area_id, scope_id = areas.by_address(address), areas.by_address(scope)
    assert area_id is not None
    assert scope_id is not None
    return View(1, day, area_id, scope_id, "zh_Hans")


@pytest.fixture(scope="session")
def figures(demonstration_file: Path) -> Figures:
    """Return the figures of the district, as they come back from a database."""
    with looking_at(demonstration_file):
        gathered = frozen.gather(view())
    stored: Figures = json.loads(json.dumps(gathered, allow_nan=False))
    return stored


@pytest.fixture(scope="session")
def pages(figures: Figures) -> dict[str, bytes]:
    """Return the page in every language."""
    return {language: brief_docx(figures, language) for language in LANGUAGES}


@pytest.fixture(scope="session")
def books(figures: Figures) -> dict[str, bytes]:
    """Return the workbook in every language."""
    return {language: brief_xlsx(figures, language) for language in LANGUAGES}


@pytest.fixture(scope="session")
def on_paper(pages: dict[str, bytes], printed: Print) -> dict[str, Printed]:
    """Return the page in every language as it is printed."""
    found = printed({f"{language}.docx": content for language, content in pages.items()})
    return {language: found[f"{language}.docx"] for language in pages}


def with_streets(figures: Figures, number: int, *, long_names: bool = False) -> Figures:
    """Return figures whose district has another number of streets: copies of those it has."""
    changed = copy.deepcopy(figures)
    have = len(figures["children"]["area_id"])
    for table, repeats in (("children", 1), ("compared_below", 1), ("staffing", 2)):
        for name, column in figures[table].items():
            changed[table][name] = [column[part * have + n % have] for part in range(repeats) for n in range(number)]
        changed[table]["area_id"] = [1000 + n for _part in range(repeats) for n in range(number)]
    for n in range(number):
        place = dict(figures["areas"][str(figures["children"]["area_id"][n % have])])
        for language in LANGUAGES:
            place[language] = f"{LONG[language]}{n}" if long_names else f"{place[language]}{n}"
        changed["areas"][str(1000 + n)] = place
    return changed


LONG = {
    "en": "Administrative Committee of the Provincial Economic and Technological Development Zone no. ",
    "zh_Hans": "某某省级经济技术开发区管理委员会直属街道办事处",
    "zh_Hant": "某某省級經濟技術開發區管理委員會直屬街道辦事處",
}
WHAT, OFFICE = "增派普查员入户，先补无人负责的小区", "西善桥街道普查办"


def with_decisions(figures: Figures, number: int) -> Figures:
    """Return figures of a closed meeting with decisions of its own and of the day before."""
    changed = copy.deepcopy(figures)
    streets = figures["children"]["area_id"]
    earlier = (("missed", 0.272), ("kept", 0.412), ("no_data", None))
    changed["commitments"] = [
        {
            "decided": "2010-10-08" if n % 2 else "2010-10-07",
            "area_id": streets[n % len(streets)],
            "what": f"{WHAT}{n}",
            "office": OFFICE,
            "measure": "eds_uncovered" if n % 2 else "resolution_rate",
            "unit": "count" if n % 2 else "share",
            "at_least": not n % 2,
            "number": 20 if n % 2 else 0.355,
            "due": "2010-10-09" if n % 2 else "2010-10-08",
            "verdict": "open" if n % 2 else earlier[n // 2 % 3][0],
            "actual": None if n % 2 else earlier[n // 2 % 3][1],
            "escalated": n == 0,
        }
        for n in range(number)
    ]
    steps = (("then", 87_000), ("target", 0), ("corrections", -35), ("newly_in", -120), ("work", -1_876),
             ("newly_missing", 0), ("still_missing", 0), ("now", 84_969))  # fmt: skip
    changed["bridge"] = [{"step": s, "households": h, "units": 1, "uncertain": None} for s, h in steps]
    return frozen.closed(changed, 12, datetime(2010, 10, 8, 19, 52, 10))
