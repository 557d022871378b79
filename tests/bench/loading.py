"""Rows per second of `load`: check, store and roll up, against the raw COPY of the same rows."""

from __future__ import annotations

import io
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import text

from queries import migrations
from queries.database import engine
from queries.demo import demonstrate
from queries.intake.receipt import Receipt


@dataclass(frozen=True)
class Loading:
    """What loading a demonstration took.

    Attributes
    ----------
    rows : int
        Rows of returns and frame stored.
    seconds : float
        Spent on them in `take_in`; writing the files is not counted.
    day_rows : int
        Progress returns of one day.
    day_seconds : float
        Median over the days.
    memory : float
        Peak of the process in MB.
    """

    rows: int
    seconds: float
    day_rows: int
    day_seconds: float
    memory: float


def load_demonstration(tree: Path | None, days: int, size: int | None, *, eds: bool) -> Loading:
    """Migrate the database that DATABASE_URL names and load a demonstration of so many days."""
    migrations.migrate(engine())
    receipts: list[Receipt] = []
    for receipt in demonstrate(tree, days, size, eds=eds):
        assert receipt.result in ("stored", "unchanged"), receipt
        receipts.append(receipt)
    daily = [r for r in receipts if "-b-progress-" in r.file_name]
    returns = [r for r in receipts if "progress" in r.file_name or "staffing" in r.file_name]
    return Loading(
        sum(r.rows_read for r in returns),
        sum(r.seconds for r in returns),
        round(median(r.rows_read for r in daily)),
        median(r.seconds for r in daily),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def raw_copy() -> float:
    """Return the rows per second at which PostgreSQL copies the last day's returns into a table like theirs."""
    rates = []
    for _ in range(3):
        connection = engine().raw_connection()
        try:
            cursor = connection.cursor()
            buffer = io.StringIO()
            last = "(SELECT * FROM daily_return WHERE report_date = (SELECT max(report_date) FROM daily_return))"
            cursor.copy_expert(f"COPY {last} TO STDOUT WITH (FORMAT csv)", buffer)
            cursor.execute("CREATE TABLE raw_copy (LIKE daily_return INCLUDING ALL)")
            connection.commit()
            buffer.seek(0)
            began = time.perf_counter()
            cursor.copy_expert("COPY raw_copy FROM STDIN WITH (FORMAT csv)", buffer)
            connection.commit()
            rates.append(cursor.rowcount / (time.perf_counter() - began))
            cursor.execute("DROP TABLE raw_copy")
            connection.commit()
        finally:
            connection.close()
    return median(rates)


def analyse() -> None:
    """Let the database learn its sizes, as its own housekeeping does overnight."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
