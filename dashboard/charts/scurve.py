"""Actual against plan over the whole phase."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import HATCHED, Palette, layout


def scurve(daily: pd.DataFrame, plan: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw the S-curve.

    Parameters
    ----------
    daily : DataFrame
        date, resolution_rate, resolution_low, resolution_high, carried_rate (0-1), label (text for hovering).
    plan : DataFrame
        date, planned_share (0-1) to the end of the phase.
    words : mapping
        actual, plan, range, carried, deadline, share.
    """
    figure = go.Figure()
    figure.layout = layout(
        colours,
        height=330,
        yaxis={
            "range": [0, 105],
            "ticksuffix": " %",
            "title": {"text": words["share"], "font": {"size": 12}, "standoff": 8},
        },
        xaxis={"tickformat": words.get("day", "%m-%d"), "showgrid": False},
        hovermode="closest",
    )
    uncertain = daily[daily["resolution_high"] > daily["resolution_low"] + 1e-9]
    if len(uncertain):
        figure.add_bar(
            x=uncertain["date"],
            y=100 * (uncertain["resolution_high"] - uncertain["resolution_low"]),
            base=100 * uncertain["resolution_low"],
            name=words["range"],
            marker={"color": colours.unknown, "pattern": HATCHED},
            width=0.6 * 86_400_000,
            hoverinfo="skip",
        )
    carried = daily[daily["carried_rate"] > 0]
    if len(carried):
        figure.add_bar(
            x=carried["date"],
            y=100 * carried["carried_rate"],
            base=100 * (carried["resolution_rate"] - carried["carried_rate"]),
            name=words["carried"],
            marker={"color": colours.clear, "pattern": {**HATCHED, "fgcolor": colours.accent}},
            width=0.6 * 86_400_000,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=plan["date"],
        y=100 * plan["planned_share"],
        name=words["plan"],
        mode="lines",
        line={"color": colours.plan, "dash": "dash", "width": 2},
        hovertemplate="%{x|%Y-%m-%d} · %{y:.1f} %<extra></extra>",
    )
    figure.add_scatter(
        x=daily["date"],
        y=100 * daily["resolution_rate"],
        name=words["actual"],
        mode="lines+markers",
        line={"color": colours.accent, "width": 3},
        marker={"size": 5},
        customdata=daily["label"],
        hovertemplate="%{customdata}<extra></extra>",
    )
    end = plan["date"].iloc[-1]
    figure.add_vline(x=end, line={"color": colours.red, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=end,
        y=6,
        text=words["deadline"],
        showarrow=False,
        xanchor="right",
        xshift=-5,
        font={"color": colours.red, "size": 12},
    )
    return figure
