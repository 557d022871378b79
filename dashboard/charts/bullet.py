"""Areas against their own plan for the day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import HATCHED, SYMBOLS, Palette, layout


def bullet(areas: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw one bar an area: done, what units not in may add, what they carry (both hatched), and the plan as a tick.

    Parameters
    ----------
    areas : DataFrame
        area_id, name, resolution_rate, resolution_high, carried_rate, planned_share (0-1), status, label; top
        row first.
    words : mapping
        done, range, plan, carried.
    """
    rows = areas.iloc[::-1]
    names = [f"{SYMBOLS[s]} {n}" for s, n in zip(rows["status"], rows["name"], strict=True)]
    done = 100 * rows["resolution_rate"].fillna(0)
    room = (100 * rows["resolution_high"] - done).clip(lower=0).fillna(0)
    common = {"y": names, "orientation": "h", "customdata": rows[["area_id", "label"]].to_numpy()}
    hover = {"hovertemplate": "%{customdata[1]}<extra></extra>"}
    figure = go.Figure(
        [
            go.Bar(
                x=done,
                name=words["done"],
                marker={"color": [colours.status(s) for s in rows["status"]]},
                text=[f"{v:.1f} %" if k == k else "—" for v, k in zip(done, rows["resolution_rate"], strict=True)],
                textposition="auto",
                insidetextanchor="start",
                textfont={"size": 12},
                insidetextfont={"color": [colours.on_status(s) for s in rows["status"]]},
                constraintext="none",
                **common,
                **hover,
            ),
            go.Bar(
                x=room,
                name=words["range"],
                marker={"color": colours.unknown, "pattern": HATCHED},
                **common,
                **hover,
            ),
            go.Scatter(
                x=100 * rows["planned_share"],
                y=names,
                name=words["plan"],
                mode="markers",
                marker={"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": colours.ink}},
                hoverinfo="skip",
            ),
        ]
    )
    carried = 100 * rows["carried_rate"].fillna(0)
    if carried.any():  # strokes over the end of the bar, which keeps its colour
        figure.add_bar(
            x=carried,
            base=done - carried,
            name=words["carried"],
            marker={"color": colours.clear, "pattern": {**HATCHED, "fgcolor": colours.ink, "solidity": 0.15}},
            y=names,
            orientation="h",
            hoverinfo="skip",
        )
    figure.layout = layout(
        colours,
        height=max(180, 60 + 34 * len(rows)),
        barmode="stack",
        bargap=0.35,
        xaxis={
            "range": [0, max(60.0, 8 + float(max((100 * rows["resolution_high"].fillna(0)).max(), 0)))],
            "ticksuffix": " %",
        },
        yaxis={"showgrid": False},
    )
    return figure
