"""Posts filled and posts short, side by side and never netted."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout


def shortfall(areas: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw shortfall to the left and surplus to the right of each area's required staff.

    Parameters
    ----------
    areas : DataFrame
        area_id, name, shortfall, surplus, label; missing where nothing was reported.
    words : mapping
        shortfall, surplus.
    """
    rows = areas.iloc[::-1]
    common = {"y": rows["name"], "orientation": "h", "customdata": rows[["area_id", "label"]].to_numpy()}
    figure = go.Figure(
        [
            go.Bar(
                x=-rows["shortfall"].fillna(0),
                name=words["shortfall"],
                marker={"color": colours.red},
                textfont={"size": 12},
                insidetextfont={"color": colours.on_strong},
                constraintext="none",
                text=[f"−{v:,.0f}" if v > 0 else "" for v in rows["shortfall"].fillna(0)],
                hovertemplate="%{customdata[1]}<extra></extra>",
                **common,
            ),
            go.Bar(
                x=rows["surplus"].fillna(0),
                name=words["surplus"],
                marker={"color": colours.unknown},
                textfont={"size": 12},
                insidetextfont={"color": colours.on_light},
                constraintext="none",
                text=[f"+{v:,.0f}" if v > 0 else "" for v in rows["surplus"].fillna(0)],
                hovertemplate="%{customdata[1]}<extra></extra>",
                **common,
            ),
        ]
    )
    figure.layout = layout(
        colours,
        height=max(180, 60 + 30 * len(rows)),
        barmode="relative",
        xaxis={"tickformat": ",d"},
        yaxis={"showgrid": False},
    )
    return figure
