#!/bin/sh
# Make sure that a Chromium and Chinese fonts are there for the browser tests.
python="$1"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
if ! command -v chromium >/dev/null 2>&1 || ! fc-list 2>/dev/null | grep -q "Noto Sans CJK"; then
    if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null
    fi
fi
if ! command -v chromium >/dev/null 2>&1; then
    "$python" -m playwright install chromium || {
        echo "The browser tests need Chromium: install the package chromium, or run playwright install chromium."
        exit 1
    }
fi
if ! fc-list 2>/dev/null | grep -qi -E "CJK|PingFang|YaHei|Hei|Song"; then
    echo "The browser tests need Chinese fonts: install fonts-noto-cjk."
    exit 1
fi
