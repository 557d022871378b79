"""What `python -m queries match` does: list the unknown codes of a file, or confirm what one stands for."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from queries import areas, scope
from queries.intake import matching
from queries.intake.findings import explain_problem
from queries.intake.legible import legible, legible_name
from queries.intake.reading import UnreadableError, read_file
from queries.view import View

REFUSED = {
    "code_is_area": "is the code of an area itself",
    "no_code": "is no code of any list",
    "no_area": "stands for another area already",
}


def match_codes(chosen: argparse.Namespace) -> int:
    """Run the command with what (file or code), area, by and lang; return the exit code."""
    top = scope.top(scope.configured())
    if top is None:
        print("There are no areas yet: load an area list first.", file=sys.stderr)
        return 1
    view = View(0, date.today(), top, top, chosen.lang)
    return _list(view, Path(chosen.what)) if chosen.area is None else _confirm(view, chosen)


def _list(view: View, path: Path) -> int:
    """Print each unknown code of a file and, below it, the areas that it may stand for."""
    try:
        unknown = matching.unmatched(read_file(path), path.name)
    except UnreadableError as problem:
        print(f"{legible_name(str(path))}: {explain_problem(problem, view.language)}", file=sys.stderr)
        return 1
    found = matching.suggest(unknown, matching.tree(view))
    for code, lines in found.groupby("code", sort=False):
        name = lines["name"].iloc[0]
        print(f"{legible(code)}  {legible(name)}" if isinstance(name, str) else legible(code))
        for line in lines[lines["rank"] > 0].itertuples():
            print(f"  {line.score:3.0f}  {line.area_code}  {line.path}")
        if not (lines["rank"] > 0).any():
            print("    –  no area is like it")
    print(f"{len(unknown)} unknown codes")
    return 0


def _confirm(view: View, chosen: argparse.Namespace) -> int:
    found = areas.by_address(chosen.area, view.scope_id)
    if found is None:
        print(f"{chosen.area} names no area, or several: give the codes from the top, joined by “/”.", file=sys.stderr)
        return 1
    try:
        matching.confirm(view, chosen.what, found, role=chosen.by or scope.own_office() or "data desk")
    except matching.MatchError as problem:
        print(f"{legible(chosen.what)} {REFUSED[problem.rule]}.", file=sys.stderr)
        return 1
    print(f"{chosen.what} = {chosen.area}")
    return 0
