"""The rules of the house that a machine can hold: imports run one way, rooms stay small, nothing is skipped."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(p for folder in ("queries", "dashboard", "tests") for p in (ROOT / folder).rglob("*.py"))
TOP = {
    ".ci", ".git", ".gitignore", ".streamlit", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "app.py",
    "dashboard", "docs", "pyproject.toml", "queries", "requirements-dev.txt", "requirements.txt", "tests",
}  # fmt: skip
MADE_HERE = {".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__", "data"}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def reaches(path: Path, *packages: str) -> set[str]:
    return {name for name in imported(path) if any(name == p or name.startswith(f"{p}.") for p in packages)}


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_the_top_level_holds_only_what_it_should() -> None:
    assert {path.name for path in ROOT.iterdir()} - MADE_HERE <= TOP


@pytest.mark.parametrize("path", files("queries"), ids=str)
def test_queries_never_import_upwards(path: Path) -> None:
    assert reaches(path, "dashboard", "streamlit", "plotly") == set()


@pytest.mark.parametrize("path", files("dashboard/charts"), ids=str)
def test_charts_know_only_frames(path: Path) -> None:
    assert reaches(path, "streamlit", "sqlalchemy", "queries") == set()
    assert {name for name in reaches(path, "dashboard") if not name.startswith("dashboard.charts")} == set()


@pytest.mark.parametrize("path", [*files("dashboard/pages"), *files("dashboard/sections")], ids=str)
def test_pages_hold_no_sql_and_no_figure_of_their_own(path: Path) -> None:
    assert reaches(path, "sqlalchemy", "queries.schema", "queries.database", "plotly") == set()


@pytest.mark.parametrize("path", files("dashboard/headline"), ids=str)
def test_sentences_know_no_page_and_no_sql(path: Path) -> None:
    assert reaches(path, "sqlalchemy", "queries.schema", "dashboard.pages", "dashboard.frame") == set()


@pytest.mark.parametrize("path", [p for p in CODE if "versions" not in p.parts], ids=str)
def test_no_room_is_too_large(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", files("tests"), ids=str)
def test_no_test_is_skipped(path: Path) -> None:
    words = "|".join(("sk" + "ip", "sk" + "ipif", "x" + "fail", "import" + "orskip"))
    assert re.search(rf"pytest\.(mark\.)?({words})\b", path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("path", CODE, ids=str)
def test_no_path_of_a_machine_stands_in_the_code(path: Path) -> None:
    places = "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me"))
    assert re.search(rf"[\"' (]/({places})/", path.read_text(encoding="utf-8")) is None


def test_each_requirement_is_pinned() -> None:
    lines = (ROOT / "requirements.txt").read_text().split() + (ROOT / "requirements-dev.txt").read_text().split()
    loose = [line for line in lines if "==" not in line and line not in ("-r", "requirements.txt")]
    assert loose == []
