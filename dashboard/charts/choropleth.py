"""A map from boundaries that were loaded; it needs no base map and no internet."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import SYMBOLS, Palette, layout

ORDER = ("green", "amber", "red", "small", "unknown")


def choropleth(areas: pd.DataFrame, boundaries: dict[str, Any], colours: Palette) -> go.Figure:
    """Draw areas in the colour of their status.

    Parameters
    ----------
    areas : DataFrame
        area_id, name, status, label.
    boundaries : dict
        GeoJSON FeatureCollection, ids the area ids as text.
    """
    steps = [
        [edge, colours.status(name)] for n, name in enumerate(ORDER) for edge in (n / len(ORDER), (n + 1) / len(ORDER))
    ]
    figure = go.Figure(
        go.Choropleth(
            geojson=boundaries,
            locations=areas["area_id"].astype(str),
            z=[ORDER.index(s) for s in areas["status"]],
            zmin=-0.5,
            zmax=len(ORDER) - 0.5,
            colorscale=steps,
            showscale=False,
            marker={"line": {"color": colours.surface, "width": 1}},
            customdata=areas[["area_id", "label"]].to_numpy(),
            text=[f"{SYMBOLS[s]} {n}" for s, n in zip(areas["status"], areas["name"], strict=True)],
            hovertemplate="%{customdata[1]}<extra></extra>",
        )
    )
    figure.layout = layout(colours, height=420, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    figure.update_geos(fitbounds="locations", visible=False, bgcolor="rgba(0,0,0,0)", projection_type="mercator")
    return figure
