"""A chart drawn for a desk, made legible from across a room."""

from __future__ import annotations

import plotly.graph_objects as go

TEXT = 28  # pixels: legible at four metres on a large screen
HEAVIER = 1.8


def enlarged(figure: go.Figure, *, height: int, labelled: bool = False) -> go.Figure:
    """Return the same chart with large text and heavy lines, as high as the room there is.

    Parameters
    ----------
    labelled : bool
        Whether the bars carry their values and the heading says what they are: no axis and no legend then.
    """
    figure.update_layout(
        height=height,
        font_size=TEXT,
        legend={"font": {"size": TEXT}, "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container"},
        margin={"l": 8, "r": 24, "t": 44, "b": 8},
        xaxis={"title": None, "nticks": 6},
        yaxis={"title": None},
    )
    figure.update_annotations(font_size=TEXT)
    if labelled:
        figure.update_layout(showlegend=False, margin_t=0, margin_b=0, bargap=0.16, xaxis_visible=False, yaxis_dtick=1)
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    for trace in figure.data:
        if trace.type == "bar":
            trace.textfont.size = TEXT
        for drawn in (trace.line, trace.marker, trace.marker.line) if trace.type == "scatter" else ():
            for measure in ("width", "size"):
                if measure in drawn and drawn[measure] is not None:
                    drawn[measure] = HEAVIER * drawn[measure]
    return figure
