"""What `python -m queries match` does: list the unknown codes of a file, or confirm what one stands for."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from queries import areas, scope
from queries.intake import matching
from queries.intake.findings import explain, explain_problem
from queries.intake.legible import legible, legible_name
from queries.intake.reading import UnreadableError, read_file
from queries.view import View


def match_codes(chosen: argparse.Namespace) -> int:
    """Run the command with what (file or code), area, by and lang; return the exit code."""
    top = scope.top(scope.configured())
    if top is None:
        raise UnreadableError("no_areas")
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
            print(f"    –  {explain('nothing_alike', view.language)}")
    print(explain("unknown_codes", view.language, number=len(unknown)))
    return 0


def _confirm(view: View, chosen: argparse.Namespace) -> int:
    found = areas.by_address(chosen.area, view.scope_id)
    if found is None:
        raise UnreadableError("no_one_area", code=chosen.area)
    try:
        matching.confirm(view, chosen.what, found, role=chosen.by or scope.own_office() or "data desk")
    except matching.MatchError as problem:
        raise UnreadableError(f"match_{problem.rule}", code=legible(chosen.what)) from problem
    print(f"{chosen.what} = {chosen.area}")
    return 0
