"""How many returns came, and came on time, day by day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout


def timeliness(daily: pd.DataFrame, limit: float, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw the reporting rate and the on-time rate of each day against the limit of the second.

    Parameters
    ----------
    daily : DataFrame
        date, reporting_rate, on_time_rate (0-1, missing where unknown), label (text for hovering).
    limit : float
        From which share on the on-time rate is as it should be (0-1).
    words : mapping
        reporting_rate, on_time_rate, limit, day.
    """
    rates = daily[["reporting_rate", "on_time_rate"]]
    lowest = float(rates.min().min()) if rates.notna().any().any() else limit
    figure = go.Figure()
    for name, ink, dash in (("reporting_rate", colours.accent, "solid"), ("on_time_rate", colours.ink, "dot")):
        figure.add_scatter(
            x=daily["date"],
            y=100 * daily[name],
            name=words[name],
            mode="lines+markers",
            line={"color": ink, "width": 2, "dash": dash},
            marker={"size": 6, "symbol": "circle" if name == "reporting_rate" else "diamond"},
            customdata=daily["label"],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.layout = layout(
        colours,
        height=260,
        xaxis={"tickformat": words["day"], "showgrid": False},
        yaxis={"ticksuffix": " %", "range": [max(0.0, 100 * min(lowest, limit) - 5), 101.5]},
    )
    figure.add_hline(y=100 * limit, line={"color": colours.plan, "dash": "dash", "width": 1})
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=100 * limit,
        yanchor="top",
        text=words["limit"],
        showarrow=False,
        font={"size": 12, "color": colours.faint},
    )
    return figure
