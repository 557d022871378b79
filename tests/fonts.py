"""The fonts that tests see: known sets of what tests/install.sh installs, never what a machine happens to have.

Each set is a fontconfig file, which Chromium, LibreOffice and fontconfig's own tools read from FONTCONFIG_FILE.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import matplotlib
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

CHINESE: Final = ("NotoSansCJK-*.ttc", "NotoSerifCJK-*.ttc")
LIBERATION: Final = ("LiberationSerif-*.ttf", "LiberationSans-*.ttf")  # as wide as Times New Roman and Arial
DEJAVU: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf")
SETS: Final = ("chinese alone", "dejavu", "liberation", "word")
USUAL: Final = "dejavu"  # what a Debian has before anybody chooses fonts
WORDS_OWN: Final = {  # ascent and descent of the fonts that come with Word and with Chinese office suites, in em
    "仿宋": (0.859, 0.141),
    "黑体": (0.859, 0.141),
    "方正小标宋简体": (0.859, 0.141),
    "標楷體": (0.801, 0.199),
    "微軟正黑體": (1.069, 0.262),
    "方正小標宋繁體": (0.859, 0.141),
}
EM: Final = 1000


@cache
def configuration(name: str) -> Path:
    """Return the fontconfig file of a set."""
    folder = Path(tempfile.mkdtemp(prefix="census-fonts-"))
    dejavu = Path(matplotlib.get_data_path(), "fonts", "ttf")
    files = {
        "chinese alone": _installed(CHINESE),
        "dejavu": [*_installed(CHINESE), *(dejavu / file for file in DEJAVU)],
        "liberation": _installed((*CHINESE, *LIBERATION)),
        "word": [*_installed((*CHINESE, *LIBERATION)), *(_boxes(folder, font) for font in WORDS_OWN)],
    }[name]
    assert files, "there are no fonts: run tests/install.sh"
    found = folder / "fonts.conf"
    found.write_text(_written(files, folder), encoding="utf-8")
    return found


def _written(files: Iterable[Path], folder: Path) -> str:
    """Return a configuration that sees these files alone, with the substitutions that distributions agree on."""
    folders = "".join(f"<dir>{escape(str(path))}</dir>" for path in sorted({file.parent for file in files}))
    seen = "".join(f"<glob>{escape(str(file))}</glob>" for file in files)
    return (
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
        f"{folders}<include ignore_missing='yes'>/etc/fonts/conf.d</include>"
        "<cachedir>/var/cache/fontconfig</cachedir>"
        f"<cachedir>{escape(str(folder))}</cachedir>"
        f"<selectfont><rejectfont><glob>*</glob></rejectfont><acceptfont>{seen}</acceptfont></selectfont></fontconfig>"
    )


def _installed(patterns: Iterable[str]) -> list[Path]:
    """Return the installed font files of some names, which the machine's own configuration finds."""
    own = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    listed = subprocess.run(["fc-list", "--format=%{file}\n"], check=True, capture_output=True, text=True, env=own)
    files = {Path(line) for line in listed.stdout.splitlines()}
    found = {pattern: sorted(file for file in files if file.match(pattern)) for pattern in patterns}
    missing = [pattern for pattern, matching in found.items() if not matching]
    assert not missing, f"fonts are missing: {missing}: run tests/install.sh"
    return [file for matching in found.values() for file in matching]


def _boxes(folder: Path, name: str) -> Path:
    """Make a font of boxes as wide and as high as one of Word's own: Chinese one em, Latin half of one."""
    ascent, descent = (round(EM * part) for part in WORDS_OWN[name])
    full = [*range(0x3000, 0x3100), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF61)]
    characters = {**dict.fromkeys(range(0x20, 0x7F), "half"), **dict.fromkeys(full, "full")}
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "half", "full"])
    builder.setupCharacterMap(characters)
    builder.setupGlyf({".notdef": _box(EM), "half": _box(EM // 2), "full": _box(EM)})
    builder.setupHorizontalMetrics({".notdef": (EM, 0), "half": (EM // 2, 0), "full": (EM, 0)})
    builder.setupHorizontalHeader(ascent=ascent, descent=-descent)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "fullName": name, "psName": f"Box{len(name)}"})
    builder.setupOS2(
        sTypoAscender=ascent,
        sTypoDescender=-descent,
        usWinAscent=ascent,
        usWinDescent=descent,
        ulUnicodeRange2=1 << 27,
        ulCodePageRange1=1 << 18 | 1 << 20,
    )
    builder.setupPost()
    file = folder / f"{name}.ttf"
    builder.save(file)
    return file


def _box(width: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((40, 0))
    for corner in ((40, 700), (width - 40, 700), (width - 40, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
