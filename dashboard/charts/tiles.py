"""A map that needs no boundaries: one tile a unit, grouped by the area above."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import STROKE, SYMBOLS, Palette, layout

WIDE, NARROW = 14, 8  # tiles in a row


def tiles(units: pd.DataFrame, colours: Palette, across: int = WIDE) -> go.Figure:
    """Draw one square a unit, coloured and marked by status, in rows of the area above.

    Parameters
    ----------
    units : DataFrame
        area_id, name, parent_name, status, label, leaves_carried (a stroke where there are any), in the
        order of the list.
    across : int
        Tiles in a row: fewer where the screen is narrow.
    """
    xs, ys, ticks, names = [], [], [], []
    line = 0
    for parent, part in units.groupby("parent_name", sort=False):
        ticks.append(line)
        names.append(parent)
        for n in range(len(part)):
            xs.append(n % across)
            ys.append(line + n // across)
        line += (len(part) - 1) // across + 1
    figure = go.Figure(
        go.Scatter(
            x=xs,
            y=ys,
            mode="markers+text",
            text=[SYMBOLS[s] for s in units["status"]],
            textfont={"color": [colours.on_status(s) for s in units["status"]], "size": 12},
            marker={
                "symbol": "square",
                "size": 23,
                "color": [colours.status(s) for s in units["status"]],
                "line": {"color": colours.surface, "width": 1},
            },
            customdata=units[["area_id", "label"]].to_numpy(),
            hovertemplate="%{customdata[1]}<extra></extra>",
        )
    )
    carried = (units["leaves_carried"] > 0).tolist()
    if any(carried):
        figure.add_scatter(
            x=[x for x, is_carried in zip(xs, carried, strict=True) if is_carried],
            y=[y for y, is_carried in zip(ys, carried, strict=True) if is_carried],
            mode="markers",
            marker={"symbol": STROKE, "size": 20, "line": {"color": colours.ink, "width": 2}},
            hoverinfo="skip",
        )
    figure.layout = layout(
        colours,
        height=max(160, 40 + 31 * line),
        xaxis={"visible": False, "range": [-0.7, across - 0.3]},
        yaxis={"tickvals": ticks, "ticktext": names, "range": [line - 0.4, -0.6], "showgrid": False},
        showlegend=False,
    )
    return figure
