"""Hundreds of bad and odd inputs: each ends in its verdict and a clear message, the database untouched, on both."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from sqlalchemy import select

from queries import database
from queries.database import engine
from queries.intake.legible import legible_name
from queries.intake.messages import MESSAGES
from queries.intake.receipt import Receipt, lines
from queries.intake.take_in import examine, take_in_content
from queries.schema import metadata
from queries.view import LANGUAGES
from tests.conftest import fresh_database
from tests.intake.corpus import Case, numbers, order, plans, raw, shapes, workbooks
from tests.intake.world import NOW, settle_world

CORPUS = [*numbers.CASES, *plans.CASES, *shapes.CASES, *raw.CASES, *workbooks.CASES]
CORPUS_RULES = {rule for case in (*CORPUS, *order.CASES) for rule in case.rules}
SECONDS = 10
AT_LEAST = 282


def named(case: Case) -> str:
    return case.name.encode("ascii", "backslashreplace").decode()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def settled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a database that holds the small district, one for all inputs."""
    folder = tmp_path_factory.mktemp("corpus")
    with fresh_database(request, folder, request.param) as url, pointed_at(url):
        settle_world(folder / "world")
        untouched(url)
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a database that holds nothing."""
    with fresh_database(request, tmp_path_factory.mktemp("bare"), request.param) as url, pointed_at(url):
        untouched(url)
        yield url


class pointed_at:  # noqa: N801
    """Point the program at a database as long as it is needed."""

    def __init__(self, url: str) -> None:
        self.url, self.before = url, os.environ.get("DATABASE_URL")

    def __enter__(self) -> None:
        os.environ["DATABASE_URL"] = self.url

    def __exit__(self, *_raised: object) -> None:
        database.engine().dispose()
        database._engine.cache_clear()
        if self.before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = self.before


BEFORE: dict[str, int] = {}


def untouched(url: str) -> bool:
    """Return whether the rows of all tables are those that were there before the first input."""
    now = everything()
    return BEFORE.setdefault(url, now) == now


def everything() -> int:
    """Return a number that tells the rows of all tables."""
    with engine().connect() as connection:
        return hash(tuple(tuple(map(repr, connection.execute(select(t)))) for t in metadata.sorted_tables))


def judge(url: str, case: Case) -> None:
    """Take an input in and expect its verdict, its messages and its figures; what can be stored is only examined."""
    content = case.bytes()
    began = time.perf_counter()
    take = examine if case.verdict in ("taken", "unchanged") else take_in_content
    receipt = take(content, case.file_name, now=NOW)
    assert time.perf_counter() - began < SECONDS
    assert untouched(url)
    found = {"reject": set(), "warn": set(), "note": set()}
    for row in [] if receipt.findings.empty else receipt.findings.to_dict("records"):
        found[row["severity"]].add(row["rule"])
    if receipt.problem is not None:
        assert ("refused", case.rules) == (case.verdict, (receipt.problem.rule,))
    elif receipt.result == "rejected":
        assert ("rejected", set(case.rules)) == (case.verdict, found["reject"])
    else:
        assert case.verdict == ("unchanged" if receipt.result == "unchanged" else "taken")
        assert set(case.rules) == found["warn"] | found["note"]
    speaks(receipt, case)


def speaks(receipt: Receipt, case: Case) -> None:
    """Expect every message in three languages: the file named, every value set in, nothing that steers a terminal."""
    told = {language: list(lines(receipt, language, only_checked=True)) for language in LANGUAGES}
    for language, said in told.items():
        text = "\n".join(said)
        assert legible_name(case.file_name) in text or not case.file_name
        assert text.isprintable() or all(c.isprintable() or c in "\n\u3000" for c in text)
        assert max(map(len, said)) < 2_000
        for key in {name for _text, name, *_rest in Formatter().parse(MESSAGES[case.rules[0]] if case.rules else "")}:
            assert key is None or f"{{{key}}}" not in text.replace(case.name, ""), language
    assert told["en"] != told["zh_Hans"] or case.verdict == "unchanged"
    for row in [] if receipt.findings.empty else receipt.findings.to_dict("records"):
        if row["severity"] == "reject":
            assert row["row"] is not None
            assert row["field"] is not None
            if "{value}" in MESSAGES[row["rule"]] and row["field"] in receipt.checked[0].mapping.values():
                assert row["value"] is not None or row["rule"] in ("required", "not_the_sum")


@pytest.mark.parametrize("case", CORPUS, ids=named)
def test_an_input_ends_in_its_verdict(settled: str, case: Case) -> None:
    judge(settled, case)


@pytest.mark.parametrize("case", order.CASES, ids=named)
def test_an_input_before_any_area_ends_in_its_verdict(bare: str, case: Case) -> None:
    judge(bare, case)


def test_the_corpus_is_large_and_no_name_stands_twice(tmp_path: Path) -> None:
    bad = [case for case in (*CORPUS, *order.CASES) if case.verdict in ("refused", "rejected")]
    assert len(bad) >= AT_LEAST
    for group in (numbers, plans, shapes, raw, workbooks, order):
        names = [(case.name, case.verdict, case.rules, case.bytes()[:5_000]) for case in group.CASES]
        assert len(set(names)) == len(names)
    assert set(MESSAGES) >= CORPUS_RULES
