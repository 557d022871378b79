"""Words in the viewer's language, from gettext catalogues that Babel compiles."""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


@lru_cache(maxsize=32)
def translations(language: str, folder: Path, domain: str) -> gettext.NullTranslations:
    """Return the catalogue `<folder>/<language>/LC_MESSAGES/<domain>.po`, compiled in memory."""
    path = folder / language / "LC_MESSAGES" / f"{domain}.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
