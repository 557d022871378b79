"""How large a figure, how long a text, how far a day and how deep a tree may be: what no census needs is refused.

Each limit is said in the message of the rule that holds it. What an office may set for itself is in `queries.settings`.
"""

from __future__ import annotations

from typing import Final

LARGEST_COUNT: Final = 10**9  # of one unit; the sum of a million units still fits a 64-bit integer
LARGEST_FIGURE: Final = 10**10  # of a department for an area, which may be a whole country
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
LONGEST_TEXT: Final = 2_000  # characters, where the column sets no narrower limit
LONGEST_NAME: Final = 120
LONGEST_CODE: Final = 40
LONGEST_OFFICE: Final = 80  # of an office or account that loads, undoes or confirms
LONGEST_ALIAS: Final = 80  # of a code of another list
DEEPEST_TREE: Final = 12  # levels; paths of so many codes still fit the index of PostgreSQL
LONGEST_PATH: Final = DEEPEST_TREE * (LONGEST_CODE + 1)
LONGEST_PHASE: Final = 1_100  # days
LONGEST_GRACE: Final = 10_080  # minutes, a week
MOST_DAYS: Final = 200_000  # that all calendars of a file lay out together
MOST_POINTS: Final = 200  # of a plan curve
