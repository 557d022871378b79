"""A demonstration district whose every text holds what Markdown, HTML or a chart would make something of."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Table, Text

from queries.schema import metadata

OUTSIDE: Final = "outside.example"
SIGNS: Final = (
    f"![x](http://{OUTSIDE}/i.png) $a$ <img src=http://{OUTSIDE}/j.png> **bold** :red[x] [link](javascript:alert(1)) "
    f"%{{x}} :material/home: :smile: `code` a|b &lt; http://{OUTSIDE}/k =1+1"
)
KEYS: Final = {"area.path", "benchmark.parts", "benchmark_history.parts"}  # read by the program, never by a person
NAMED: Final = {  # short texts that a person types
    "quality_check.check_id", "quality_check.re_check_id", "quality_check_history.check_id",
    "quality_check_history.re_check_id", "load.loaded_by", "audit.role", "daily_return.submitter_role",
    "daily_return_history.submitter_role",
}  # fmt: skip


def spoil(file: Path) -> None:
    """Write the signs behind every text of a SQLite file that somebody typed, on a line of their own."""
    with sqlite3.connect(file) as database:
        for table in metadata.sorted_tables:
            for column in _typed(table):
                database.execute(
                    f"UPDATE {table.name} SET {column} = {column} || ? WHERE {column} <> ''", [f" {SIGNS}\n"]
                )


def _typed(table: Table) -> list[str]:
    typed = (c.name for c in table.columns if isinstance(c.type, Text) or f"{table.name}.{c.name}" in NAMED)
    return [name for name in typed if f"{table.name}.{name}" not in KEYS]
