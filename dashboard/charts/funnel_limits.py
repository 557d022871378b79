"""Rates against how many were checked, inside the limits that chance alone explains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout


def funnel_limits(
    rows: pd.DataFrame, limits: pd.DataFrame, pooled: float, words: Mapping[str, str], colours: Palette
) -> go.Figure:
    """Draw one mark a check, the limits of chance around the pooled rate, and the limit of the rule.

    Parameters
    ----------
    rows : DataFrame
        area_id, name, checked, rate, limit (0-1, missing for none), within (green, red, unknown), label.
    limits : DataFrame
        checked, low_95, high_95, low_998, high_998 (0-1).
    pooled : float
        Rate of all together (0-1).
    words : mapping
        checked, rate, inner, outer, pooled, limit, within, above.
    """
    figure = go.Figure(
        [
            *_band(limits, "998", words["outer"], colours.grid, colours),
            *_band(limits, "95", words["inner"], colours.scale[1], colours),
            _level(limits, pooled, words["pooled"], {"color": colours.plan, "width": 1.5}),
            *_marks(rows, words, colours),
        ]
    )
    top = max(1000 * rows["rate"].max(), 1000 * limits["high_998"].median(), 1.0)
    figure.layout = layout(
        colours,
        height=380,
        xaxis={"title": {"text": words["checked"], "font": {"size": 12}}, "tickformat": ",d", "showgrid": False},
        yaxis={"title": {"text": words["rate"], "font": {"size": 12}}, "range": [-0.04 * top, 1.12 * top]},
        hovermode="closest",
    )
    allowed = rows["limit"].dropna()
    if len(allowed):
        at = 1000 * allowed.iloc[0]
        figure.add_hline(y=at, line={"color": colours.red, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=1, xref="paper", xanchor="right", y=at, yanchor="bottom", text=words["limit"],
            showarrow=False, font={"size": 12, "color": colours.red},
        )  # fmt: skip
    return figure


def _band(limits: pd.DataFrame, share: str, name: str, fill: str, colours: Palette) -> list[go.Scatter]:
    """Return the band between two limits: its lower edge, then its upper one filled down to it."""
    line = {"width": 0.5, "color": colours.faint}
    common: dict[str, Any] = {"x": limits["checked"], "mode": "lines", "hoverinfo": "skip", "line": line}
    return [
        go.Scatter(y=1000 * limits[f"low_{share}"], showlegend=False, **common),
        go.Scatter(y=1000 * limits[f"high_{share}"], name=name, fill="tonexty", fillcolor=fill, **common),
    ]


def _level(limits: pd.DataFrame, rate: float, name: str, line: dict[str, Any]) -> go.Scatter:
    ends = limits["checked"].iloc[[0, -1]]
    return go.Scatter(x=ends, y=[1000 * rate] * 2, name=name, mode="lines", line=line, hoverinfo="skip")


def _marks(rows: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> list[go.Scatter]:
    found = []
    for status, symbol, word in (
        ("green", "circle", "within"),
        ("red", "x", "above"),
        ("unknown", "diamond", "within"),
    ):
        part = rows[(rows["within"] == status) & rows["rate"].notna()]
        if part.empty:
            continue
        found.append(
            go.Scatter(
                x=part["checked"],
                y=1000 * part["rate"],
                name=words[word] if status != "unknown" else words["checked"],
                mode="markers+text" if status == "red" else "markers",
                text=part["name"] if status == "red" else None,
                textposition="middle left",
                textfont={"size": 12},
                marker={
                    "symbol": symbol,
                    "size": 11,
                    "color": colours.status(status),
                    "line": {"width": 1, "color": colours.surface},
                },
                customdata=part[["area_id", "label"]].to_numpy(),
                hovertemplate="%{customdata[1]}<extra></extra>",
            )
        )
    return found
