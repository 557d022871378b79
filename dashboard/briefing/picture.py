"""The S-curve as a picture for paper: lines, digits and dates, no word that would need a font."""

from __future__ import annotations

import io
from typing import Final

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from dashboard.charts.palette import LIGHT

DOTS_PER_INCH: Final = 300
POINTS_PER_INCH: Final = 72


def scurve(days: pd.DataFrame, plan: pd.DataFrame, end: pd.Timestamp, width: float, height: float) -> bytes:
    """Return the S-curve as PNG.

    Parameters
    ----------
    days : DataFrame
        date, resolution_rate, resolution_low, resolution_high (0-1).
    plan : DataFrame
        date, planned_share (0-1) to the end of the phase.
    end : Timestamp
        The deadline.
    width, height : float
        In points, as it will be printed.
    """
    inches = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    figure = Figure(inches, DOTS_PER_INCH, layout=ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02))
    axes = figure.add_subplot()
    open_days = days[days["resolution_high"] > days["resolution_low"] + 1e-9]
    axes.bar(
        open_days["date"],
        100 * (open_days["resolution_high"] - open_days["resolution_low"]),
        bottom=100 * open_days["resolution_low"],
        width=0.7,
        facecolor="none",
        edgecolor=LIGHT.faint,
        hatch="//////",
        linewidth=0.3,
    )
    axes.plot(plan["date"], 100 * plan["planned_share"], color=LIGHT.plan, linestyle=(0, (4, 2)), linewidth=1.1)
    known = days[days["resolution_rate"].notna()]
    axes.plot(
        known["date"], 100 * known["resolution_rate"], color=LIGHT.accent, linewidth=1.6, marker="o", markersize=2
    )
    axes.axvline(end, color=LIGHT.red, linestyle=":", linewidth=1)
    if len(known):
        _say_last(axes, known, plan)
    axes.set_ylim(0, 105)
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:.0f}%")
    axes.set_yticks(range(0, 101, 25))
    axes.set_xticks(pd.date_range(plan["date"].iloc[0], end, periods=5).normalize() if len(plan) else [end])
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%m-%d"))
    axes.tick_params(labelsize=6.5, length=2, width=0.5, colors=LIGHT.ink)
    axes.grid(axis="y", color=LIGHT.grid, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LIGHT.unknown)
    out = io.BytesIO()
    FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})
    return out.getvalue()


def _say_last(axes: object, known: pd.DataFrame, plan: pd.DataFrame) -> None:
    """Write the last figure and the plan of its day beside their lines."""
    last = known.iloc[-1]
    planned = plan.loc[plan["date"] == last["date"], "planned_share"]
    ahead = planned.empty or last["resolution_rate"] >= planned.iloc[0]
    marks = [(100 * last["resolution_rate"], LIGHT.accent, "bold", ahead)]
    if len(planned):
        marks.append((100 * planned.iloc[0], LIGHT.faint, "normal", not ahead))
    for value, colour, weight, above in marks:
        axes.annotate(  # type: ignore[attr-defined]
            f"{value:.1f}%",
            (last["date"], value),
            xytext=(-3, 4) if above else (3, -4),
            textcoords="offset points",
            ha="right" if above else "left",
            va="bottom" if above else "top",
            fontsize=7,
            color=colour,
            fontweight=weight,
        )
