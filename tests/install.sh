#!/bin/sh
# Make sure that what the tests look through is there: a Chromium, fonts, LibreOffice and Poppler.
python="$1"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
has_chinese() { fc-list 2>/dev/null | grep -q "NotoSansCJK-Regular" && fc-list | grep -q "NotoSerifCJK-Regular"; }
has_latin() { fc-list 2>/dev/null | grep -q "LiberationSerif-Regular"; }
has_driver() { "$python" -m playwright --version >/dev/null 2>&1; } # what drives the browser, a program of its own
has_poppler() { command -v pdftotext >/dev/null 2>&1 && command -v pdfinfo >/dev/null 2>&1; }
has_office() { # LibreOffice, with its parts for documents and for workbooks
    program=$(command -v soffice) && program=$(dirname "$(readlink -f "$program")") || return 1
    [ ! -e "$program/libmergedlo.so" ] || { [ -e "$program/libswlo.so" ] && [ -e "$program/libsclo.so" ]; }
}
wanted=""
command -v chromium >/dev/null 2>&1 || wanted="$wanted chromium"
has_chinese || wanted="$wanted fonts-noto-cjk fontconfig"
has_latin || wanted="$wanted fonts-liberation fontconfig"
has_office || wanted="$wanted libreoffice-writer libreoffice-calc"
has_poppler || wanted="$wanted poppler-utils"
has_driver || wanted="$wanted libatomic1"
if [ -n "$wanted" ] && command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
    as_root apt-get update -qq
    # shellcheck disable=SC2086 # one word a package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
fi
has_driver || {
    echo "The browser tests need what Playwright's driver is built on: install libatomic1 (libatomic)."
    exit 1
}
if ! command -v chromium >/dev/null 2>&1; then
    "$python" -m playwright install chromium || {
        echo "The browser tests need Chromium: install the package chromium, or run playwright install chromium."
        exit 1
    }
fi
{ has_chinese && has_latin; } || {
    echo "The tests need fonts of a known width: install fontconfig, fonts-noto-cjk and fonts-liberation."
    exit 1
}
has_office || {
    echo "The tests of the brief need LibreOffice: install libreoffice-writer and libreoffice-calc."
    exit 1
}
has_poppler || {
    echo "The tests of the brief need pdftotext and pdfinfo: install poppler-utils."
    exit 1
}
