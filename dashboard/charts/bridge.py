"""From what was to resolve to what is, step by step."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, layout


def bridge(steps: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw one line a step: a mark where the level stands, a bar where it moved, hatched where it is uncertain.

    The axis does not begin at 0, so no bar stands for a level.

    Parameters
    ----------
    steps : DataFrame
        name, kind (level, better, worse, uncertain), start, end, text, label; from top to bottom.
    words : mapping
        level, better, worse, uncertain.
    """
    fills = {"better": colours.accent, "worse": colours.amber, "uncertain": colours.unknown}
    figure = go.Figure()
    for kind, fill in fills.items():
        rows = steps[steps["kind"] == kind]
        if rows.empty:
            continue
        hatched = {"pattern": {"shape": "/", "solidity": 0.45, "size": 6}} if kind == "uncertain" else {}
        figure.add_bar(
            x=rows["end"] - rows["start"],
            base=rows["start"],
            y=rows["name"],
            orientation="h",
            name=words[kind],
            marker={"color": fill, **hatched},
            text=rows["text"],
            textposition="outside",
            cliponaxis=False,
            customdata=rows["label"],
            hovertemplate="%{customdata}<extra></extra>",
        )
    low, high = steps[["start", "end"]].min().min(), steps[["start", "end"]].max().max()
    levels = steps[steps["kind"] == "level"]
    inward = ["left" if level > (low + high) / 2 else "right" for level in levels["end"]]
    figure.add_scatter(
        x=levels["end"],
        y=levels["name"],
        name=words["level"],
        mode="markers+text",
        marker={"symbol": "diamond", "size": 13, "color": colours.ink},
        text=[f" {text} " for text in levels["text"]],
        textfont={"weight": "bold"},
        textposition=[f"middle {side}" for side in inward],
        customdata=levels["label"],
        hovertemplate="%{customdata}<extra></extra>",
    )
    room = 0.22 * max(high - low, 1.0)
    figure.layout = layout(
        colours,
        height=110 + 38 * len(steps),
        barmode="overlay",
        showlegend=False,
        bargap=0.4,
        xaxis={
            "range": [low - room, high + room],
            "tickformat": ",d",
            "nticks": 5,
        },
        yaxis={"categoryorder": "array", "categoryarray": steps["name"].tolist()[::-1], "showgrid": False},
        shapes=_connectors(steps, colours),
    )
    return figure


def _connectors(steps: pd.DataFrame, colours: Palette) -> list[dict[str, object]]:
    """Return a thin line from the end of each step down to the beginning of the next."""
    walked = steps[steps["kind"] != "uncertain"].reset_index()
    places = {int(row["index"]): len(steps) - 1 - int(row["index"]) for row in walked.to_dict("records")}
    lines = []
    for above, below in zip(walked["index"], walked["index"].iloc[1:], strict=False):
        level = float(steps.loc[above, "end"])
        line = {"color": colours.plan, "width": 1, "dash": "dot"}
        lines.append(
            {"type": "line", "x0": level, "x1": level, "y0": places[above], "y1": places[below], "line": line,
             "layer": "below"}
        )  # fmt: skip
    return lines
