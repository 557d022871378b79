"""Keep what lives as long as the process out of the garbage collector's way, and collect once a minute."""

import gc
import sys
import time

EVERY = 60.0  # seconds between two full collections

_seen = 0
_collected = 0.0


def collect_now_and_then() -> None:
    """Exempt all that is held now from collection where modules were imported since; else collect once a minute.

    Half a million objects of libraries live as long as the process; to walk them after each run of a page
    costs more than the page. Imports end after the first visit of each page, and with them the exempting,
    so that what the sessions of these moments hold is all that is exempted besides. What sessions leave
    behind is collected by time: after each run, as Streamlit does, every other run would wait for it.
    """
    global _seen, _collected
    imported = len(sys.modules) != _seen
    if not imported and time.monotonic() - _collected < EVERY:
        return
    _seen, _collected = len(sys.modules), time.monotonic()
    gc.collect()
    if imported:
        gc.freeze()
