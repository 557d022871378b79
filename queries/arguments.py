"""What may be written behind the options of the command line: anything else is an error of usage, never a traceback."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

from queries.intake.legible import legible
from queries.intake.limits import FIRST_YEAR, LAST_YEAR, LONGEST_OFFICE, LONGEST_PATH


def office(text: str) -> str:
    """Return the office or account that loads, undoes or confirms."""
    return _words(text, LONGEST_OFFICE)


def code(text: str) -> str:
    """Return the code of an area or a phase, a path of codes, or the key or the value of a setting."""
    return _words(text, LONGEST_PATH)


def day(text: str) -> date:
    """Return a day written as 2010-10-08."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{legible(text)!r} is no day such as 2010-10-08") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text} is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number between two others."""

    def read(text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{legible(text)!r} is no whole number from {least} to {most}")
        return int(text)

    return read


def _words(text: str, longest: int) -> str:
    if legible(text, longest) != text:
        raise argparse.ArgumentTypeError(f"{legible(text)!r} has more than {longest} characters, or is no plain text")
    return text
