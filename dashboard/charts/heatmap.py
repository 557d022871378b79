"""What each unit added on each day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import STROKE, Palette, layout

MOST_DATES = 10


def heatmap(daily: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw unit × day increments; a day without a return is a stroke or a cross on grey, never a zero.

    Parameters
    ----------
    daily : DataFrame
        area_id, name, date, increment, reported, due, carried, off; one row a unit and day.
    words : mapping
        increment, missing (no figure at all), carried (an earlier one stands in), off (no return was due).
    """
    grid = daily.pivot(index="area_id", columns="date", values="increment")
    order = daily.drop_duplicates("area_id")
    grid = grid.loc[order["area_id"]]
    came = daily.pivot(index="area_id", columns="date", values="reported").loc[grid.index].astype(bool)
    due = daily.pivot(index="area_id", columns="date", values="due").loc[grid.index].astype(bool)
    labels = distinct(order["name"].tolist())
    days = [d.strftime("%Y-%m-%d") for d in grid.columns]
    known = grid.where(came)
    figure = go.Figure(
        go.Heatmap(
            z=known.to_numpy(dtype=float),
            x=days,
            y=labels,
            customdata=np.repeat(order["area_id"].astype(int).to_numpy()[:, None], len(days), axis=1),
            colorscale=[[n / 4, c] for n, c in enumerate(colours.scale)],
            zmin=0,
            zmax=float(np.nanpercentile(known, 98)) if known.notna().any().any() else 1.0,
            xgap=1,
            ygap=1,
            colorbar={
                "outlinecolor": colours.faint,
                "title": {"text": words["increment"], "font": {"size": 12}, "side": "top"},
                "orientation": "h",
                "thickness": 10,
                "lenmode": "pixels",
                "len": 160,
                "x": 1,
                "xanchor": "right",
                "yref": "container",
                "y": 0,
                "yanchor": "bottom",
            },
            hovertemplate="%{y} · %{x} · %{z:,.0f}<extra></extra>",
            hoverongaps=False,
        )
    )
    carried = daily.pivot(index="area_id", columns="date", values="carried").loc[grid.index].astype(bool)
    off = daily.pivot(index="area_id", columns="date", values="off").loc[grid.index].astype(bool)
    for name, symbol, size, ink, where in (
        ("carried", STROKE, 7, colours.ink, due & carried),
        ("missing", "x-thin", 7, colours.red, due & ~came & ~carried),
        ("off", "circle", 3, colours.faint, off),
    ):
        found = np.argwhere(where.to_numpy())
        if len(found):
            figure.add_scatter(
                x=[days[n] for _, n in found],
                y=[labels[m] for m, _ in found],
                mode="markers",
                name=words[name],
                marker={"symbol": symbol, "size": size, "color": ink, "line": {"color": ink, "width": 2}},
                hovertemplate="%{y} · %{x} · " + words[name] + "<extra></extra>",
            )
    every = -(-len(days) // MOST_DATES)
    figure.layout = layout(
        colours,
        height=max(220, 110 + 15 * len(labels)),
        margin={"b": 64},
        plot_bgcolor=colours.grid,
        xaxis={
            "type": "category",
            "side": "top",
            "tickangle": -60,
            "tickfont": {"size": 10},
            "tickvals": days[::every],
            "ticktext": [d.strftime("%m-%d") for d in grid.columns[::every]],
            "range": [-0.5, len(days) - 0.5],
        },
        yaxis={"range": [len(labels) - 0.5, -0.5], "type": "category", "tickfont": {"size": 10}, "dtick": 1},
        legend={"yref": "container", "y": 0, "yanchor": "bottom"},
        showlegend=True,
    )
    return figure


def distinct(names: list[str]) -> list[str]:
    """Return names, numbered where they occur more than once, so that two places do not share a line."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
