"""What each unit, or each area, reported on each day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.heatmap import distinct
from dashboard.charts.palette import STROKE, Palette, layout

# A sign for each status, in the cell and before its word in the legend: never colour alone.
SIGNS: Final = {
    "late": ("triangle-up-open", "△"),
    "untimed": ("circle-open-dot", "⊙"),
    "nil": ("circle-open", "○"),
    "corrected": ("diamond-open", "◇"),
    "unasked": ("cross-thin", "＋"),
    "off": ("circle-dot", "·"),
    "carried": (STROKE, "╱"),
    "never": ("x-thin", "✕"),
}

DAY: Final = "%m-%d"  # a phase is shorter than a year
TICKS: Final = {"tickfont": {"size": 10}, "showgrid": False, "type": "category"}
DAYS: Final = {**TICKS, "side": "top", "autotickangles": [0, -60]}
BESIDE_BUTTON: Final = {"r": 44}  # the picture button stands over the last day otherwise


def matrix(rows: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw one cell a unit and day in the colour of its status; all but the usual carry a sign.

    Parameters
    ----------
    rows : DataFrame
        area_id, name, parent_name, date, status (a categorical); every unit on every day, unit by unit.
    words : mapping
        The word for each status.
    """
    statuses = list(rows["status"].cat.categories)
    days = rows["date"].drop_duplicates()
    units = rows.iloc[:: max(1, len(days))]
    shape = (len(units), len(days))
    codes = rows["status"].cat.codes.to_numpy().reshape(shape)
    ids = units["area_id"].to_numpy(dtype=np.int32)
    labels = distinct(units["name"].astype(str).tolist())
    x = days.dt.strftime(DAY).tolist()
    said = np.array([words[s] for s in statuses], dtype=object)
    inks = [_ink(s, colours) for s in statuses]
    steps = [[edge / len(inks), ink] for n, ink in enumerate(inks) for edge in (n, n + 1)]
    figure = go.Figure(
        go.Heatmap(
            z=codes,
            x=x,
            y=labels,
            text=said[codes],
            customdata=np.repeat(ids[:, None], shape[1], axis=1),
            colorscale=steps,
            zmin=-0.5,
            zmax=len(inks) - 0.5,
            xgap=1,
            ygap=1,
            showscale=False,
            hovertemplate="%{y} · %{x} · %{text}<extra></extra>",
        )
    )
    for code, status in enumerate(statuses):
        found = np.argwhere(codes == code)
        if len(found) and status != "not_due":
            figure.add_traces(_key(status, words[status], colours))
        if len(found) and status in SIGNS:
            figure.add_traces(_signs(status, found, x, labels, ids, words[status], colours))
    figure.layout = layout(
        colours,
        height=150 + 16 * len(labels),
        margin=BESIDE_BUTTON,
        xaxis={**DAYS, "range": [-0.5, shape[1] - 0.5]},
        yaxis={**TICKS, "range": [shape[0] - 0.5, -0.5], "dtick": 1},
        legend={"y": 0, "yanchor": "top", "itemclick": False, "itemdoubleclick": False},
        shapes=_between_groups(units["parent_name"], colours),
    )
    return figure


def rates(rows: pd.DataFrame, words: Mapping[str, str], colours: Palette) -> go.Figure:
    """Draw one cell an area and day, the darker the more units are missing, with the rate written in.

    Parameters
    ----------
    rows : DataFrame
        area_id, name, date, reporting_rate (0-1, missing where none was due).
    words : mapping
        rate.
    """
    grid = rows.pivot(index="area_id", columns="date", values="reporting_rate")
    order = rows.drop_duplicates("area_id")
    shares = 100 * grid.loc[order["area_id"]].to_numpy(dtype=float)
    written = np.where(shares >= 99.95, "", np.char.mod("%.0f", np.nan_to_num(shares)))
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=[d.strftime(DAY) for d in grid.columns],
            y=distinct(order["name"].tolist()),
            text=np.where(np.isnan(shares), "", written).astype(object),
            texttemplate="%{text}",
            textfont={"size": 9},
            customdata=np.repeat(order["area_id"].to_numpy(dtype=np.int32)[:, None], shares.shape[1], axis=1),
            colorscale=[[n / 4, ink] for n, ink in enumerate(reversed(colours.scale))],
            zmin=min(80.0, float(np.nanmin(shares))) if np.isfinite(shares).any() else 0,
            zmax=100,
            xgap=1,
            ygap=1,
            colorbar={
                "title": {"text": words["rate"], "font": {"size": 12}},
                "thickness": 10,
                "ticksuffix": " %",
                "outlinecolor": colours.faint,
            },
            hovertemplate="%{y} · %{x} · %{z:.1f} %<extra></extra>",
            hoverongaps=False,
        )
    )
    figure.layout = layout(
        colours,
        height=110 + 18 * len(order),
        margin=BESIDE_BUTTON,
        xaxis=DAYS,
        yaxis={**TICKS, "autorange": "reversed", "dtick": 1},
    )
    return figure


def _ink(status: str, colours: Palette) -> str:
    return {
        "on_time": colours.scale[1],
        "late": colours.amber,
        "untimed": colours.scale[0],
        "nil": colours.scale[0],
        "corrected": colours.scale[2],
        "unasked": colours.scale[0],
        "carried": colours.unknown,
        "never": colours.red,
    }.get(status, colours.clear)


def _key(status: str, word: str, colours: Palette) -> go.Scatter:
    """Return the entry of the legend: the colour of the cell, its sign, its word."""
    sign = SIGNS.get(status, ("", ""))[1]
    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=f"{sign} {word}".strip(),
        marker={
            "symbol": "square",
            "size": 12,
            "color": _ink(status, colours),
            "line": {"color": colours.faint, "width": 1},
        },
    )


def _signs(
    status: str, found: np.ndarray, x: list[str], labels: list[str], ids: np.ndarray, word: str, colours: Palette
) -> go.Scatter:
    thin = status in ("carried", "never", "unasked")
    ink = {"never": colours.on_strong, "off": colours.faint}.get(status, colours.ink)
    size = 3 if status == "off" else 7
    return go.Scatter(
        x=[x[day] for _, day in found],
        y=[labels[unit] for unit, _ in found],
        customdata=ids[found[:, 0]],
        mode="markers",
        showlegend=False,
        marker={
            "symbol": SIGNS[status][0],
            "size": size,
            "color": ink,
            "line": {"color": ink, "width": 2 if thin else 1},
        },
        hovertemplate="%{y} · %{x} · " + word + "<extra></extra>",
    )


def _between_groups(parents: pd.Series, colours: Palette) -> list[dict[str, Any]]:
    """Return a line between the units of one area and those of the next."""
    names = parents.astype(str).to_numpy()
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": place + 0.5,
            "y1": place + 0.5,
            "line": {"color": colours.faint, "width": 1},
        }
        for place in np.flatnonzero(names[1:] != names[:-1])
    ]
