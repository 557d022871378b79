"""Commands with wrong words, wrong files and wrong folders: a message and an exit code, never a traceback or a wait."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from queries.__main__ import main
from queries.database import engine
from queries.intake.findings import explain
from queries.intake.messages import MESSAGES
from queries.schema import load as loads
from queries.schema import metadata
from tests.intake.world import progress, settle_world, write
from tests.settling import settled

ROOT: Final = Path(__file__).resolve().parents[2]
LONG: Final = "o" * 81
COMMAND_RULES: Final = {
    "rejected_not_written", "name_too_long", "not_a_file", "unknown_setting", "setting_shape", "no_one_area",
    "which_phase", "no_phase", "database_not_empty", "demo_done", "tree_columns", "tree_not_read", "tree_empty",
    "match_code_is_area", "match_no_code", "match_no_area", "nothing_alike", "unknown_codes",
}  # fmt: skip
USAGE: Final = [
    [], ["plant"], ["load"], ["load", "--form", "cows", "x.csv"], ["load", "x.csv", "--lang", "tlh"],
    ["load", "x.csv", "--by", LONG], ["load", "x.csv", "--by", "a\nb"], ["load", "x.csv", "--by", "\udcff"],
    ["undo"], ["undo", "one"], ["undo", "0"], ["undo", "-1"], ["undo", "1.5"], ["undo", "9" * 30],
    ["undo", "1", "--by", LONG], ["match"], ["match", "1", "101", "--by", LONG], ["match", "1", "9" * 600],
    ["template"], ["template", "--form", "area", "--area", "10", "--date", "2010-09-20"],
    ["template", "--form", "progress", "--area", "10", "--date", "0001-01-01"],
    ["template", "--form", "progress", "--area", "10", "--date", "9999-12-31"],
    ["template", "--form", "progress", "--area", "10", "--date", "tomorrow"],
    ["template", "--form", "progress", "--area", "1\x002", "--date", "2010-09-20"],
    ["demo", "--days", "0"], ["demo", "--days", "-5"], ["demo", "--days", "1000000000"], ["demo", "--days", "many"],
    ["demo", "--size", "0"], ["demo", "--size", "1e9"], ["demo", "--size", "9" * 40], ["demo", "--seed", "-1"],
    ["calendar"], ["calendar", "martian"], ["settings", "k" * 600], ["settings", "small_frame", "[" * 600],
    ["migrate", "--nowhere"], ["rebuild", "now"],
]  # fmt: skip
REFUSED: Final = [
    (["undo", "4711"], "no load 4711"),
    (["match", "10101", "101"], "is the code of an area itself"),
    (["match", "9" * 81, "101"], "is no code of any list"),
    (["match", "\u200b", "101"], "is no code of any list"),
    (["match", "4711", "404"], "stands for no area"),
    (["match", "4711", "77"], "or for several"),
    (["match", "nowhere.csv"], "no file"),
    (["template", "--form", "progress", "--area", "404", "--date", "2010-09-20"], "stands for no area"),
    (["template", "--form", "progress", "--area", "77", "--date", "2010-09-20"], "stands for no area"),
    (["template", "--form", "progress", "--area", "10", "--date", "1999-09-20"], "--phase"),
    (["template", "--form", "progress", "--area", "10", "--date", "2010-09-20", "--phase", "long"], "--phase"),
    (["template", "--form", "progress", "--area", "101", "--date", "2010-09-20", "-o", "/dev/null/x"], "/dev/null/x"),
    (["template", "--form", "progress", "--area", "101", "--date", "2010-09-20", "-o", "/no/such/x"], "/no/such/x"),
    (["template", "--form", "progress", "--area", "101", "--date", "2010-09-20", "-o", "/tmp"], "/tmp cannot be"),
    (["settings", "weather"], "no setting"),
    (["settings", "weather", "5"], "no setting"),
    *((["settings", "small_frame", value], "takes a value like")
      for value in ("NaN", "Infinity", "1e400", "-1", "0", "true", "null", "x", "", "[1]", "1e10", "[" * 400)),
    *((["settings", "schedule_index", value], "takes a value like")
      for value in ("[1]", "[1, NaN]", "[true, 1]", "{}")),
    (["settings", "staff.persons_per_enumerator", "0.5"], "takes a value like"),
    (["demo"], "not empty"),
    (["demo", "--tree", "/no/such/tree.csv"], "no file"),
    (["demo", "--tree", "/dev/zero"], "not a file"),
    (["demo", "--tree", str(ROOT / "Makefile")], "Makefile"),
    (["demo", "--write", "/dev/null/x"], "/dev/null"),
    (["demo", "--write", "/proc/x"], "/proc/x"),
]  # fmt: skip


@pytest.fixture
def world(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    settled(settle_world, tmp_path / "world")
    monkeypatch.chdir(tmp_path)
    before = everything()
    yield tmp_path
    assert everything() == before


def everything() -> list[str]:
    with engine().connect() as connection:
        return [repr(connection.execute(select(table)).all()) for table in metadata.sorted_tables]


@pytest.mark.parametrize("words", USAGE, ids=lambda words: " ".join(words)[:40].encode("ascii", "replace").decode())
def test_wrong_words_are_an_error_of_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: python -m queries" in capsys.readouterr().err


def test_what_cannot_be_done_is_said_in_a_line(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in REFUSED:
        assert main(words) == 1, words
        out, err = capsys.readouterr()
        assert said in out + err, words
        assert "Traceback" not in out + err


def test_a_day_of_two_phases_needs_one_of_them_named(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["template", "--form", "progress", "--area", "101", "--date", "2010-10-31", "--lang", "zh_Hans"]
    assert main(words) == 1
    assert explain("which_phase", "zh_Hans", phases="sweep, short") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"code,name\n1,A\n", "tree_columns"),
        ("code,name,parent_code,level\n1,甲,,1\n2,乙,1,2\n".encode("gb18030"), "tree_not_read"),
        ("code,name,parent_code,level\n1,甲,1,1\n".encode(), "tree_empty"),
    ],
)
def test_a_list_that_no_demonstration_can_be_laid_over_is_refused(
    sqlite_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, rule: str
) -> None:
    (tmp_path / "tree.csv").write_bytes(content)
    assert main(["demo", "--tree", str(tmp_path / "tree.csv")]) == 1
    assert explain(rule, "en", columns="parent_code, level") in capsys.readouterr().err


def test_paths_that_are_no_files_are_said_and_nothing_waits(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(world / "pipe.csv")
    (world / "folder.csv").mkdir()
    (world / "loop.csv").symlink_to(world / "loop.csv")
    (world / "dangling.csv").symlink_to(world / "gone.csv")
    (world / "plain").write_text("x")
    paths = {
        "pipe.csv": "not_a_file", "folder.csv": "not_a_file", "/dev/zero": "not_a_file", "/dev/null": "not_a_file",
        "/dev/stdin": "not_a_file", "loop.csv": "file_locked", "dangling.csv": "no_file", "gone.csv": "no_file",
        "plain/x.csv": "no_file", "no/such/x.csv": "no_file", "x" * 300: "name_too_long",
    }  # fmt: skip
    read, write_end = os.pipe()
    saved = os.dup(0)
    os.dup2(read, 0)
    try:
        for path, rule in paths.items():
            for words in (["load"], ["load", "--check"], ["match"]):
                assert main([*words, path, "--lang", "en"]) == 1
                out, err = capsys.readouterr()
                assert MESSAGES[rule] in out + err, (words, path)
    finally:
        os.dup2(saved, 0)
        for each in (read, write_end, saved):
            os.close(each)


def test_rejected_rows_that_cannot_be_written_are_said(
    world: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(world, [progress(6, hh_done="x")], "bad")
    os.mkfifo(world / "bad.rejected.csv")
    assert main(["load", str(path), "--lang", "en"]) == 1
    assert "could not be written to the folder" in capsys.readouterr().out
    (world / "bad.rejected.csv").unlink()

    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["load", str(path), "--lang", "zh_Hans"]) == 1
    assert "退回的行无法写入文件夹" in capsys.readouterr().out


def run(url: str, *words: str | bytes, **options: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "DATABASE_URL": url, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [os.fsencode(sys.executable), b"-m", b"queries", *map(os.fsencode, words)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_a_name_that_is_no_utf_8_is_taken_in_and_said_where_only_ascii_is_shown(
    sqlite_database: str, tmp_path: Path
) -> None:
    settled(settle_world, tmp_path / "world")
    for name, done in ((b"\xc8\xd5\xb1\xa8.csv", 0), ("日报.csv".encode(), 0), (b"a\nb\x1b[2J.csv", 0)):
        path = os.fsencode(tmp_path) + b"/" + name
        content = write(
            tmp_path, [progress(6, visits_day=6 + len(name), correction_reason="counted again")]
        ).read_bytes()
        Path(os.fsdecode(path)).write_bytes(content)
        ended = run(sqlite_database, "load", path, "--lang", "zh_Hans")
        assert (ended.returncode, b"Traceback" in ended.stderr) == (done, False)
        assert b"\x1b" not in ended.stdout
    with engine().connect() as connection:
        names = connection.execute(select(loads.c.file_name)).scalars().all()
    assert "日报.csv" in names
    assert "a�b�[2J.csv" in names


def test_output_that_no_one_reads_ends_quietly(sqlite_database: str, tmp_path: Path) -> None:
    settled(settle_world, tmp_path / "world")
    path = write(tmp_path, [progress(6, hh_done="x", area_code=f"u{n}") for n in range(30)])
    read, write_end = os.pipe()
    os.close(read)
    environment = {**os.environ, "DATABASE_URL": sqlite_database}
    command = [sys.executable, "-m", "queries", "load", str(path)]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=write_end, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(write_end)
    assert b"Traceback" not in ended.stderr
    assert ended.returncode == 1
