"""The capture ratio of events day by day, with the band that is in proportion."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout

DASHES = ("solid", "dash", "dot", "dashdot")


def capture(rows: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw one line an indicator and source, each ending in its name.

    Parameters
    ----------
    rows : DataFrame
        name, date, ratio, low, high (the band), label (text for hovering).
    words : mapping
        band, ratio.
    """
    traces = []
    for place, (name, part) in enumerate(rows.groupby("name", sort=False)):
        traces.append(
            {
                "type": "scatter",
                "x": part["date"].tolist(),
                "y": part["ratio"].tolist(),
                "name": name,
                "mode": "lines",
                "line": {"color": colours.accent if place % 2 == 0 else colours.plan, "width": 2.5,
                         "dash": DASHES[place % len(DASHES)]},
                "customdata": part["label"].tolist(),
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )  # fmt: skip
    figure = go.Figure(traces, skip_invalid=True)
    low, high = float(rows["low"].iloc[0]), float(rows["high"].iloc[0])
    figure.layout = layout(
        colours,
        height=300,
        yaxis={"title": {"text": words["ratio"], "font": {"size": 12}}, "rangemode": "tozero"},
        xaxis={"tickformat": "%m-%d", "showgrid": False},
        hovermode="closest",
        shapes=[
            {
                "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high, "layer": "below",
                "fillcolor": colours.green, "opacity": 0.2, "line": {"width": 0},
            }
        ],
        annotations=[
            {
                "xref": "paper", "x": 0.01, "y": high, "text": words["band"], "showarrow": False, "xanchor": "left",
                "yanchor": "bottom", "font": {"size": 12, "color": colours.faint},
            }
        ],
    )  # fmt: skip
    return figure
