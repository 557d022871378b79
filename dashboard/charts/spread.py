"""How far units lie apart inside one area."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout


def spread(areas: pd.DataFrame, planned: float, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw the range from the lowest to the highest unit, with the median and the plan.

    Parameters
    ----------
    areas : DataFrame
        area_id, name, lowest, median, highest (0-1), red, label.
    planned : float
        The plan of the whole for the day (0-1).
    words : mapping
        range, median, plan.
    """
    rows = areas.iloc[::-1]
    custom = rows[["area_id", "label"]].to_numpy()
    figure = go.Figure(
        [
            go.Bar(
                x=100 * (rows["highest"] - rows["lowest"]),
                base=100 * rows["lowest"],
                y=rows["name"],
                orientation="h",
                name=words["range"],
                marker={"color": [colours.red if r else colours.scale[2] for r in rows["red"]]},
                customdata=custom,
                hovertemplate="%{customdata[1]}<extra></extra>",
            ),
            go.Scatter(
                x=100 * rows["median"],
                y=rows["name"],
                mode="markers",
                name=words["median"],
                marker={"symbol": "diamond", "size": 9, "color": colours.ink},
                hoverinfo="skip",
            ),
        ]
    )
    figure.layout = layout(
        colours,
        height=max(180, 70 + 30 * len(rows)),
        bargap=0.55,
        xaxis={"ticksuffix": " %"},
        yaxis={"showgrid": False},
        legend={"y": -0.08, "yanchor": "top"},
    )
    if planned == planned:
        figure.add_vline(x=100 * planned, line={"color": colours.plan, "dash": "dash"})
        figure.add_annotation(
            x=100 * planned,
            y=1.0,
            yref="paper",
            yanchor="bottom",
            text=words["plan"],
            showarrow=False,
            font={"size": 12, "color": colours.faint},
        )
    return figure
