"""What was found in the register clean-up: how much is resolved, pending and overdue, and its course."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout

TICKS = (0, 25, 50, 75, 100)
ROOM = 0.09  # the least share of a bar that its number fits in


def rectification(rows: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw one bar a row over all that was found: resolved, pending within time, overdue.

    Parameters
    ----------
    rows : DataFrame
        name, found, resolved, pending, overdue (cases, missing where unknown), label, area_id (optional);
        top row first.
    words : mapping
        resolved, pending, overdue.
    """
    rows = rows.iloc[::-1]
    found = rows["found"].where(rows["found"] > 0)
    late = rows["overdue"].fillna(0)
    places = list(range(len(rows)))
    ids = rows["area_id"] if "area_id" in rows else pd.Series([None] * len(rows), index=rows.index)
    custom = pd.DataFrame({"area_id": ids, "label": rows["label"]}).astype(object).to_numpy()
    parts = (
        ("resolved", rows["resolved"], colours.green, colours.on_status("green")),
        ("pending", rows["pending"] - late, colours.amber, colours.on_status("amber")),
        ("overdue", rows["overdue"], colours.red, colours.on_status("red")),
    )
    figure = go.Figure(
        [
            go.Bar(
                x=(100 * cases / found).fillna(0),
                y=places,
                width=0.46,
                orientation="h",
                name=words[part],
                marker={"color": colour},
                text=[f"{n:,.0f}" if n / total > ROOM else "" for n, total in zip(cases, found, strict=True)],
                textposition="inside",
                textangle=0,
                insidetextanchor="middle",
                textfont={"size": 12, "color": ink},
                constraintext="none",
                customdata=custom,
                hovertemplate="%{customdata[1]}<extra></extra>",
            )
            for part, cases, colour, ink in parts
        ]
    )
    figure.layout = layout(
        colours,
        height=84 + 48 * len(rows),
        barmode="stack",
        xaxis={"range": [-4, 104], "tickvals": TICKS, "ticktext": [f"{n} %" for n in TICKS], "zeroline": False},
        yaxis={"visible": False, "range": [-0.5, len(rows) - 0.1]},
        margin={"t": 8, "b": 64},
        legend={"traceorder": "normal", "yref": "container", "y": 0, "yanchor": "bottom"},
        annotations=[_heading(place, row, colours) for place, row in zip(places, rows.to_dict("records"), strict=True)],
    )
    return figure


def _heading(place: int, row: dict[str, Any], colours: Palette) -> dict[str, Any]:
    """Return the name of a bar and what was found, above the bar: beside it a phone would have no room."""
    found = f"{row['found']:,.0f}" if row["found"] == row["found"] else "—"
    return {
        "text": f"{row['name']} · {found}",
        "x": 0,
        "y": place + 0.24,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 13, "color": colours.ink},
    }


def course(days: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw what was found, resolved and is overdue on each day on which returns came.

    Parameters
    ----------
    days : DataFrame
        date, found, resolved, overdue (cases), label; in order of days.
    words : mapping
        found, resolved, overdue.
    """
    looks = (("found", colours.plan, "dash"), ("resolved", colours.green, "solid"), ("overdue", colours.red, "dot"))
    figure = go.Figure(
        [
            go.Scatter(
                x=days["date"],
                y=days[part],
                name=words[part],
                mode="lines+markers",
                line={"color": colour, "dash": dash, "width": 2},
                marker={"size": 8},
                customdata=days["label"],
                hovertemplate="%{customdata}<extra></extra>",
            )
            for part, colour, dash in looks
        ]
    )
    figure.layout = layout(
        colours,
        height=300,
        xaxis={"tickvals": days["date"], "ticktext": days["day"], "showgrid": False},
        yaxis={"rangemode": "tozero", "tickformat": ",d"},
    )
    return figure
