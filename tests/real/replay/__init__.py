"""A real series filed as an office would: late, out of order, twice, stale, corrected back, undone, re-framed.

`filing` makes the files; `derivation` works out from the files alone, with pandas, what the program must hold and show.
"""
