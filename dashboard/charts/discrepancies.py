"""Signed differences against a tolerance band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import SYMBOLS, Palette, layout


def discrepancies(rows: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw one bar a comparison in percent of the benchmark: the explained part hatched, the rest coloured.

    Parameters
    ----------
    rows : DataFrame
        name, rate, unexplained_rate, tolerance (0-1), status, label, area_id (optional).
    words : mapping
        explained, unexplained, tolerance, rate.
    """
    rows = rows.iloc[::-1]
    names = [f"{SYMBOLS[s]} {n}" for s, n in zip(rows["status"], rows["name"], strict=True)]
    sign = rows["rate"].map(lambda r: -1 if r < 0 else 1)
    unexplained = 100 * sign * rows["unexplained_rate"]
    explained = 100 * rows["rate"] - unexplained
    ids = rows["area_id"] if "area_id" in rows else pd.Series([None] * len(rows), index=rows.index)
    common = {
        "y": names,
        "orientation": "h",
        "customdata": pd.DataFrame({"area_id": ids, "label": rows["label"]}).astype(object).to_numpy(),
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }
    figure = go.Figure(
        [
            go.Bar(
                x=unexplained,
                showlegend=False,
                marker={"color": [colours.status(s) for s in rows["status"]]},
                **common,
            ),
            go.Bar(
                x=explained,
                name=words["explained"],
                marker={"color": colours.unknown, "pattern": {"shape": "/", "solidity": 0.45, "size": 6}},
                **common,
            ),
        ]
    )
    figure.layout = layout(
        colours,
        height=max(180, 70 + 32 * len(rows)),
        barmode="relative",
        xaxis={"ticksuffix": " %", "title": {"text": words["rate"], "font": {"size": 12}}},
        yaxis={"showgrid": False},
        shapes=[
            *(_band(place, 100 * width, colours) for place, width in enumerate(rows["tolerance"])),
            {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1,
             "line": {"color": colours.faint, "width": 1}},
        ],
    )  # fmt: skip
    marks = ((words["unexplained"], colours.faint, 1.0), (words["tolerance"], colours.green, 0.35))
    for name, colour, opacity in marks:  # bars of many colours have one mark in none of them
        marker = {"symbol": "square", "size": 11, "color": colour, "opacity": opacity}
        figure.add_scatter(x=[None], y=[None], mode="markers", name=name, marker=marker)
    return figure


def _band(place: int, width: float, colours: Palette) -> dict[str, Any]:
    """Return the band of a bar in which a difference is tolerated, in percent."""
    return {
        "type": "rect",
        "x0": -width,
        "x1": width,
        "y0": place - 0.45,
        "y1": place + 0.45,
        "fillcolor": colours.green,
        "opacity": 0.25,
        "line": {"width": 0},
        "layer": "below",
    }
