"""Keep what lives as long as the process out of the garbage collector's way."""

import gc
import sys

_seen = 0


def freeze_imports() -> None:
    """Exempt all that is held now from collection, where modules were imported since the last time.

    Half a million objects of libraries live as long as the process; to walk them after each run of a page
    costs more than the page. Imports end after the first visit of each page, and with them the freezing,
    so that what the sessions of these moments hold is all that is exempted besides.
    """
    global _seen
    if len(sys.modules) == _seen:
        return
    _seen = len(sys.modules)
    gc.collect()
    gc.freeze()
