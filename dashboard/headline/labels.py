"""The sentence that a chart shows for one bar, tile or point: with numerator and denominator."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.names import INDICATORS, SOURCES, name
from dashboard.headline.sentences import unframed
from dashboard.i18n import _, count, day, number, percent, signed, signed_percent, span


def completion(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `label` to completion rows: done, frame, plan, units in."""
    text = _("{area}: {resolved} of {frame} households resolved, {rate}; plan {planned}; {reported} of {due} units in")
    return rows.assign(
        label=[
            text.format(
                area=row.area,
                resolved=count(row.framed_resolved),
                frame=count(row.hh_frame),
                rate=_rate(row),
                planned=percent(row.planned_share),
                reported=count(row.leaves_reported),
                due=count(row.leaves_due),
            )
            + _outside(row)
            for row in rows.rename(columns={"name": "area"}).itertuples()
        ]
    )


def daily(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `label` to daily rows of one area."""
    text = _("{day}: {resolved} of {frame} households resolved, {rate}; {reported} of {due} units in")
    return rows.assign(
        label=[
            text.format(
                day=day(row.date),
                resolved=count(row.framed_resolved),
                frame=count(row.hh_frame),
                rate=_rate(row),
                reported=count(row.leaves_reported),
                due=count(row.leaves_due),
            )
            for row in rows.itertuples()
        ]
    )


def spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `label` to rows of the spread inside areas."""
    text = _("{area}: {units} units from {lowest} to {highest}, median {median}; {red} far behind plan")
    return rows.assign(
        label=[
            text.format(
                area=row.area,
                units=count(row.units),
                lowest=percent(row.lowest),
                highest=percent(row.highest),
                median=percent(row.median),
                red=count(row.red),
            )
            for row in rows.rename(columns={"name": "area"}).itertuples()
        ]
    )


def staffing(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `label` to staffing rows."""
    text = _("{area}: {filled} of {required} posts filled, {shortfall} short; {in_post} in post, {surplus} surplus")
    return rows.assign(
        label=[
            text.format(
                area=row.area,
                filled=count(row.posts_filled),
                required=count(row.required_known),
                in_post=count(row.in_post_known),
                shortfall=count(row.shortfall),
                surplus=count(row.surplus),
            )
            for row in rows.rename(columns={"name": "area"}).itertuples()
        ]
    )


def comparisons(rows: pd.DataFrame, *, by_area: bool = False) -> pd.DataFrame:
    """Add `name` (indicator and source, or the area's own) and `label` to comparable rows."""
    text = _(
        "{what}: census {census}, department {benchmark}; difference {difference} ({rate}), unexplained {unexplained}"
    )
    if not by_area:
        what = [comparison(*pair) for pair in zip(rows["indicator"], rows["source"], strict=True)]
        rows = rows.assign(name=pd.Series(what, index=rows.index, dtype=object))
    return rows.assign(
        label=[
            text.format(
                what=row.what,
                census=count(row.census_value),
                benchmark=count(row.benchmark_value),
                difference=signed(row.discrepancy),
                rate=signed_percent(row.rate),
                unexplained=count(row.unexplained),
            )
            for row in rows.rename(columns={"name": "what"}).itertuples()
        ]
    )


def capture(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `name` (indicator and source) and `label` to rows of capture by day."""
    text = _("{day}, {what}: {found} of {full} found, {share}; persons covered {coverage}; capture ratio {ratio}")
    names = [comparison(*pair) for pair in zip(rows["indicator"], rows["source"], strict=True)]
    return rows.assign(
        name=names,
        label=[
            text.format(
                day=day(row.date),
                what=what,
                found=count(row.found),
                full=count(row.benchmark_value),
                share=percent(row.found / row.benchmark_value if row.benchmark_value else None),
                coverage=percent(row.coverage),
                ratio=number(row.ratio),
            )
            for row, what in zip(rows.itertuples(), names, strict=True)
        ],
    )


def comparison(indicator: str, source: str) -> str:
    """Return what a comparison is called."""
    return _("{indicator} · {source}").format(indicator=name(INDICATORS, indicator), source=name(SOURCES, source))


def _rate(row: object) -> str:
    if getattr(row, "status", "") == "small":
        return "—"
    low, high = row.resolution_low, row.resolution_high  # type: ignore[attr-defined]
    return span(low, high) if high > low else percent(row.resolution_rate)  # type: ignore[attr-defined]


def _outside(row: object) -> str:
    """Return what units without a frame have resolved, to be added to a label; nothing without any."""
    said = unframed({name: getattr(row, name) for name in ("leaves_unframed", "unframed_resolved")})
    return f"<br>{said}" if said else ""
