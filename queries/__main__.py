"""The command line: `python -m queries load | undo | match | template | migrate | demo | calendar | settings | …`."""

from __future__ import annotations

import argparse
import io
import json
import locale
import os
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select
from tqdm import tqdm

from queries import areas, arguments, migrations, scope
from queries.database import engine
from queries.faults import FAULTS, reason
from queries.intake import receipt as receipts
from queries.intake import template_book
from queries.intake.findings import explain, explain_problem
from queries.intake.forms import FORMS
from queries.intake.handed_back import write_rejected
from queries.intake.legible import legible
from queries.intake.limits import LARGEST_COUNT, LONGEST_PATH
from queries.intake.match_command import match_codes
from queries.intake.reading import UnreadableError
from queries.intake.receipt import Receipt
from queries.intake.take_in import examine_file, queue, rebuild_everything, take_in
from queries.intake.template import TEMPLATES, phases_for
from queries.intake.undo import examine_undo, undo
from queries.presets import PRESETS, calendar_form
from queries.schema import load
from queries.settings import DEFAULTS, set_value, settings
from queries.view import LANGUAGES, View

LAST_LOAD = 2**62  # beyond it no database numbers its rows
DEMO_DAYS = 1_000


def main(words: list[str] | None = None) -> int:
    """Run one command; return the exit code: 0 done, 1 refused, with a line that says why, 2 not understood."""
    chosen = _parser().parse_args(words)
    try:
        done = _run(chosen)
        sys.stdout.flush()  # here, not when the process ends, where nobody can catch what comes of it
        return done
    except BrokenPipeError:  # whoever read the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except scope.NoAccessError as error:
        problem = UnreadableError("no_such_scope", area=error.args[0])
    except UnreadableError as error:
        problem = error
    except FAULTS as error:
        problem = reason(error)
    print(explain_problem(problem, getattr(chosen, "lang", _language())), file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m queries", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    migrate = commands.add_parser("migrate", help="bring the database to the schema of this release")
    migrate.add_argument("--demo", action="store_true", help="then fill it with the demonstration if it is empty")
    _load_parser(commands.add_parser("load", help="take files of returns in"))
    _undo_parser(commands.add_parser("undo", help="put the rows of a load back to their versions before"))
    _template_parser(commands.add_parser("template", help="write a form to be filled in as an Excel workbook"))
    match = commands.add_parser("match", help="list a file's unknown area codes with suggestions, or confirm one")
    match.add_argument("what", help="a file, or a code of another list")
    match.add_argument(
        "area", nargs="?", type=arguments.code, help="the area that it stands for: its code, or path of codes"
    )
    match.add_argument("--by", type=arguments.office, help="the office or account that confirms, never a person")
    match.add_argument("--lang", type=_tag, choices=LANGUAGES, default=_language())
    _demo_parser(commands.add_parser("demo", help="fill an empty database with a simulated district"))
    preset = commands.add_parser("calendar", help="print a preset calendar as a form to adapt and load")
    preset.add_argument("preset", choices=sorted(PRESETS))
    setting = commands.add_parser("settings", help="show the settings, or set one")
    setting.add_argument("key", nargs="?", type=arguments.code)
    setting.add_argument("value", nargs="?", type=arguments.code, help="JSON, such as [0.95, 0.85]")
    commands.add_parser("rebuild", help="build all rolled-up rows anew from the returns")
    return parser


def _run(chosen: argparse.Namespace) -> int:
    if chosen.command == "calendar":
        print(calendar_form(chosen.preset), end="")
        return 0
    if chosen.command == "migrate":
        migrations.migrate(engine())
        return main(["demo", "--if-empty"]) if chosen.demo else 0
    if problem := migrations.schema_fault(engine()):
        raise problem
    run = {
        "load": _load,
        "undo": _undo,
        "match": match_codes,
        "template": _template,
        "demo": _demo,
        "settings": _settings,
    }
    return run.get(chosen.command, _rebuild)(chosen)


def _load_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--form", choices=sorted(FORMS), help="when the headings are not to decide")
    parser.add_argument("--partial", action="store_true", help="store the good rows even if others are rejected")
    parser.add_argument("--check", action="store_true", help="only say what would become of the files")
    parser.add_argument("--lang", type=_tag, choices=LANGUAGES, default=_language())
    parser.add_argument("--by", type=arguments.office, help="the office or account that loads, never a person")
    parser.add_argument("--simulated", action="store_true", help="mark the figures as simulated on every screen")


def _undo_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("load", type=arguments.number(1, LAST_LOAD), help="the number of the load")
    parser.add_argument("--check", action="store_true", help="only say what undoing it would do")
    parser.add_argument("--lang", type=_tag, choices=LANGUAGES, default=_language())
    parser.add_argument("--by", type=arguments.office, help="the office or account that undoes it, never a person")


def _tag(text: str) -> str:
    """Return a language as the program calls it, also where it is written as in links."""
    return text.replace("-", "_")


def _template_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--form", choices=TEMPLATES, required=True)
    parser.add_argument("--area", type=arguments.code, required=True, help="code of the street, district or village")
    parser.add_argument("--date", type=arguments.day, required=True, help="day that is to be reported")
    parser.add_argument("--phase", type=arguments.code, help="code of the phase, where several are open on the day")
    parser.add_argument("--lang", type=_tag, choices=LANGUAGES, default=_language())
    parser.add_argument("-o", "--out", type=Path, help="file to write; the default tells form, area and day")


def _demo_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tree", type=Path, help="an area list; the default is Yuhuatai district")
    parser.add_argument(
        "--days", type=arguments.number(1, DEMO_DAYS), help="days of returns; the default ends on 8 October 2010"
    )
    parser.add_argument("--size", type=arguments.number(1_000, LARGEST_COUNT), help="persons in all")
    parser.add_argument("--seed", type=arguments.number(0, 2**32 - 1), default=2010)
    parser.add_argument("--eds", action="store_true", help="let enumeration districts report instead of villages")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="only write the files, load nothing")
    parser.add_argument("--if-empty", action="store_true", help="do nothing when the database holds areas")


def _load(chosen: argparse.Namespace) -> int:
    failed = 0
    wish = {"form": chosen.form, "loaded_by": chosen.by or scope.own_office(), "simulated": chosen.simulated}
    wish["scope_id"] = scope.limit()
    with tqdm(total=3 * len(chosen.files), unit="step", disable=None, leave=False) as bar:
        for path in chosen.files:

            def step(name: str, path: Path = path) -> None:
                bar.set_description(f"{legible(path.name)}: {name}")
                bar.update()

            asked = {**wish, "step": step}
            result = examine_file(path, **asked) if chosen.check else take_in(path, partial=chosen.partial, **asked)
            for line in receipts.lines(result, chosen.lang, only_checked=chosen.check):
                tqdm.write(line)
            if not chosen.check and (where := _hand_back(result, path, chosen.lang)):
                tqdm.write(where)
            failed += result.result in ("rejected", "unreadable", "partial")
    return 1 if failed else 0


def _hand_back(result: Receipt, path: Path, language: str) -> str | None:
    """Write the rejected rows beside a file; return where, or why that could not be done."""
    try:
        rejected = write_rejected(result, path, language)
    except OSError:
        return explain("rejected_not_written", language, folder=legible(str(path.parent), LONGEST_PATH))
    return None if rejected is None else legible(str(rejected), LONGEST_PATH)


def _undo(chosen: argparse.Namespace) -> int:
    limit = scope.limit()
    by = chosen.by or scope.own_office()
    result = examine_undo(chosen.load, limit) if chosen.check else undo(chosen.load, by, scope_id=limit)
    for line in receipts.lines(result, chosen.lang, only_checked=chosen.check):
        print(line)
    return 0 if result.result == "undone" else 1


def _template(chosen: argparse.Namespace) -> int:
    area_id = areas.by_address(chosen.area, scope.limit())
    if area_id is None:
        raise UnreadableError("no_one_area", code=chosen.area)
    phases = phases_for(chosen.date, chosen.phase)
    if not phases:
        raise UnreadableError("no_phase", day=chosen.date.isoformat())
    if len(phases) > 1:
        raise UnreadableError("which_phase", phases=", ".join(phases))
    view = View(next(iter(phases.values())), chosen.date, area_id, area_id, chosen.lang)
    content = template_book.workbook(chosen.form, view)
    out = chosen.out or Path(template_book.file_name(chosen.form, view))
    if out.is_dir() or out.is_fifo():
        said = explain("not_a_file", chosen.lang)
        raise UnreadableError("file_not_written", file=legible(str(out), LONGEST_PATH), said=said)
    out.write_bytes(content)
    print(out)
    return 0


def _demo(chosen: argparse.Namespace) -> int:
    from queries.demo import demonstrate, write_files
    from queries.demo.tree import tree_problem

    if chosen.tree is not None and (problem := tree_problem(chosen.tree)):
        said = explain_problem(problem, _language())
        print(f"{legible(str(chosen.tree), LONGEST_PATH)}: {said}", file=sys.stderr)
        return 1
    with engine().connect() as connection:
        loads = connection.execute(select(func.count()).select_from(load)).scalar_one()
    if loads and chosen.if_empty:
        return 0
    if chosen.write:
        for path in write_files(chosen.write, chosen.tree, chosen.days, chosen.size, chosen.seed, eds=chosen.eds):
            print(path)
        return 0
    if loads:
        raise UnreadableError("database_not_empty")
    failed = 0
    taken: list[Receipt] = []
    bar = tqdm(unit="file", disable=None, leave=False)
    for taken_in in demonstrate(chosen.tree, chosen.days, chosen.size, chosen.seed, eds=chosen.eds):
        bar.update()
        taken.append(taken_in)
        if taken_in.result not in ("stored", "unchanged"):
            failed += 1
            for line in receipts.lines(taken_in, _language()):
                tqdm.write(line)
        if taken_in.problem is not None:  # the next file would meet it too
            bar.close()
            return 1
    bar.close()
    rows = sum(t.rows_stored + t.rows_corrected for t in taken)
    print(explain("demo_done", _language(), files=len(taken), rows=rows))
    return 1 if failed else 0


def _settings(chosen: argparse.Namespace) -> int:
    if chosen.key is None:
        for key, value in settings().items():
            print(f"{key} = {json.dumps(value)}")
        return 0
    if chosen.key not in DEFAULTS:
        raise UnreadableError("unknown_setting", setting=chosen.key, settings=", ".join(DEFAULTS))
    if chosen.value is None:
        print(json.dumps(settings()[chosen.key]))
        return 0
    if scope.configured():
        raise UnreadableError("settings_of_all")
    try:
        with engine().connect() as connection:
            queue(connection)
            load_id = connection.execute(
                insert(load)
                .values(
                    loaded_at=datetime.now(),
                    kind="setting",
                    file_name=chosen.key,
                    rows_read=1,
                    rows_corrected=1,
                    result="stored",
                    simulated=False,
                )
                .returning(load.c.id)
            ).scalar_one()
            set_value(connection, chosen.key, chosen.value or "null", load_id)
            connection.commit()
    except ValueError as error:
        usual = json.dumps(DEFAULTS[chosen.key])
        raise UnreadableError("setting_shape", setting=chosen.key, usual=usual) from error
    if chosen.key.startswith("staff."):
        rebuild_everything()
    return 0


def _rebuild(chosen: argparse.Namespace) -> int:
    rebuild_everything()
    return 0


def _language() -> str:
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    if not name.startswith("zh"):
        return "en"
    return "zh_Hant" if name[:5] in ("zh_TW", "zh_HK", "zh_MO") else "zh_Hans"


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a name that the terminal cannot write must not end the command
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
