"""The largest files that can be sent, each in a process of its own: under 10 seconds and 1 GB, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.intake.corpus import Case, large
from tests.intake.test_corpus import everything, named, settled

__all__ = ["settled"]
ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 10
KILOBYTES: Final = 2**20
LARGE_RULES: Final = {rule for case in large.CASES for rule in case.rules}
TAKE: Final = """
import json, sys, time
from pathlib import Path
from queries.intake.receipt import lines
from queries.intake.take_in import examine_file, take_in
from tests.intake.world import NOW
take = examine_file if sys.argv[2] == "taken" else take_in
began, used = time.perf_counter(), time.process_time()
receipt = take(Path(sys.argv[1]), now=NOW)
said = list(lines(receipt, "zh_Hans"))
rules = sorted(set(receipt.findings["rule"])) if len(receipt.findings) else []
rejects = sorted({r for c in receipt.checked for (s, r, _) in c.counts if s == "reject"})
print(json.dumps({
    "result": receipt.result, "problem": receipt.problem.rule if receipt.problem else None, "rejects": rejects,
    "rules": rules, "said": len(said), "seconds": time.process_time() - used, "waited": time.perf_counter() - began,
    "kilobytes": int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]),
}))
"""


@pytest.mark.parametrize("case", [case for case in large.CASES if case.verdict != "refused"], ids=named)
def test_a_large_file_ends_soon_and_fills_no_memory(settled: str, case: Case, tmp_path: Path) -> None:
    ends_soon(settled, case, tmp_path)


@pytest.mark.parametrize("case", [case for case in large.CASES if case.verdict == "refused"], ids=named)
@pytest.mark.parametrize("settled", ["sqlite"], indirect=True)  # the database is not asked before the file is read
def test_a_file_that_is_refused_while_it_is_read_ends_soon(settled: str, case: Case, tmp_path: Path) -> None:
    ends_soon(settled, case, tmp_path)


def ends_soon(settled: str, case: Case, tmp_path: Path) -> None:
    """Take a file in, in a process of its own, and hold it to its verdict, 10 seconds and 1 GB."""
    path = tmp_path / case.file_name
    path.write_bytes(case.bytes())
    before = everything()
    environment = {**os.environ, "DATABASE_URL": settled, "PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "2"}
    command = [sys.executable, "-c", TAKE, str(path), case.verdict]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True)
    path.unlink()
    told = json.loads(ended.stdout)
    if case.verdict == "refused":
        assert (told["problem"],) == case.rules
    elif case.verdict == "rejected":
        assert (told["result"], set(told["rejects"])) == ("rejected", set(case.rules))
    else:
        assert (told["problem"], told["rejects"], set(told["rules"])) == (None, [], set(case.rules))
    assert everything() == before
    assert told["said"]
    assert told["seconds"] < SECONDS
    assert told["kilobytes"] < KILOBYTES
