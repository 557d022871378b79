"""Steps that fewer and fewer have passed."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout


def funnel(steps: pd.DataFrame, colours: Palette) -> go.Figure:
    """Draw a bar a step.

    Parameters
    ----------
    steps : DataFrame
        name, persons, label (what to write on the bar).
    """
    figure = go.Figure(
        go.Bar(
            x=steps["persons"].fillna(0),
            y=steps["name"],
            orientation="h",
            text=steps["label"],
            textposition="inside",
            insidetextanchor="start",
            marker={"color": colours.accent},
            textfont={"color": colours.surface},
            hovertemplate="%{y} · %{text}<extra></extra>",
        )
    )
    figure.layout = layout(
        colours,
        height=60 + 36 * len(steps),
        yaxis={"autorange": "reversed", "showgrid": False},
        xaxis={"visible": False},
        bargap=0.25,
        showlegend=False,
    )
    return figure
