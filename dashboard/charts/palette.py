"""One palette for every chart, in a light and a dark shade; safe for colour-blind eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = (
    "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, Noto Sans CJK TC, "
    "Microsoft JhengHei, Segoe UI, sans-serif"
)


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean."""

    ink: str
    faint: str
    grid: str
    surface: str
    accent: str
    plan: str
    green: str
    amber: str
    red: str
    unknown: str
    on_strong: str
    on_light: str
    scale: tuple[str, ...]
    clear: str = "rgba(0,0,0,0)"

    def on_status(self, name: str) -> str:
        """Return the colour of text on a status colour."""
        return self.on_light if name not in ("green", "red") else self.on_strong

    def status(self, name: str) -> str:
        """Return the colour of a status; grey for what cannot be judged."""
        return {"green": self.green, "amber": self.amber, "red": self.red}.get(name, self.unknown)


LIGHT = Palette(
    "#16202C",
    "#5D6B7A",
    "#E3E9F0",
    "#FFFFFF",
    "#1F4E8C",
    "#7A8794",
    "#1B8A65",
    "#E0A12B",
    "#C2452D",
    "#B4BDC7",
    "#FFFFFF",
    "#16202C",
    ("#EEF3F9", "#C6D8EC", "#8DB2DA", "#4F86C0", "#1F4E8C"),
)
DARK = Palette(
    "#E9EEF4",
    "#A9B6C3",
    "#2A3747",
    "#0E1621",
    "#7FB0E8",
    "#93A1B0",
    "#4CC39A",
    "#F0B44C",
    "#EE8568",
    "#566575",
    "#0E1621",
    "#0E1621",
    ("#1A2736", "#264768", "#3A6A9C", "#5A90CC", "#9CC6F5"),
)
SYMBOLS = {
    "green": "✓",
    "amber": "△",
    "red": "✕",
    "small": "n",
    "unknown": "?",
    "rise": "▲",
    "fall": "▼",
    "hidden": "＊",
}
STROKE = "line-ne"  # over a cell or a tile whose figure is carried forward
HATCHED = {"shape": "/", "solidity": 0.45, "size": 6}


def palette(*, dark: bool) -> Palette:
    """Return the palette of the viewer's theme."""
    return DARK if dark else LIGHT


def layout(colours: Palette, *, height: int, **more: Any) -> dict[str, Any]:
    """Return the layout that all charts share: transparent, quiet grid, room for direct labels."""
    axis = {
        "gridcolor": colours.grid,
        "zerolinecolor": colours.grid,
        "linecolor": colours.grid,
        "tickcolor": colours.faint,
        "automargin": True,
        "fixedrange": True,
    }
    base: dict[str, Any] = {
        "height": height,
        "font": {"family": FONT, "size": 13, "color": colours.ink},
        "colorway": [colours.accent, colours.plan, colours.green, colours.amber, colours.red],
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 16, "t": 28, "b": 8},
        "xaxis": {**axis},
        "yaxis": {**axis},
        "hoverlabel": {"font": {"family": FONT, "size": 13}},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colours.faint, "activecolor": colours.ink},
        "dragmode": False,
        "clickmode": "event+select",
    }
    for key, value in more.items():
        base[key] = {**base[key], **value} if isinstance(base.get(key), dict) else value
    return base
