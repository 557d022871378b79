"""Which returns are in (indicators 84-86)."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import and_, select

from queries.areas import named, within
from queries.database import engine, fetch
from queries.schema import area, load, progress
from queries.view import View


def not_in(view: View, limit: int = 200) -> pd.DataFrame:
    """Return reporting units below the viewed area that are due on the as-of date and have not reported.

    Columns: area_id, name, parent_name, value_date (day of the figure that stands in, missing if there
    never was one), days_missing, hh_open; longest silent first, at most `limit`.
    """
    place = select(area.c.first, area.c.last).where(area.c.id == view.area_id).subquery()
    parent = area.alias("parent")
    rows = fetch(
        select(
            area.c.id.label("area_id"),
            named(view),
            parent.c[f"name_{view.language.lower()}"].label("parent_name"),
            progress.c.value_date,
            progress.c.hh_open,
        )
        .select_from(area.join(place, area.c.first.between(place.c.first, place.c.last)))
        .join(
            progress,
            and_(
                progress.c.area_id == area.c.id,
                progress.c.phase_id == view.phase_id,
                progress.c.date == view.as_of,
            ),
        )
        .outerjoin(parent, parent.c.id == area.c.parent_id)
        .where(
            area.c.first == area.c.last,
            progress.c.leaves_due == 1,
            progress.c.leaves_reported == 0,
            within(view),
        )
        .order_by(progress.c.value_date, area.c.first)
        .limit(limit)
    )
    silent = (pd.Timestamp(view.as_of) - rows["value_date"]).dt.days
    return rows.assign(days_missing=silent.astype("float64"))


def is_simulated() -> bool:
    """Return whether any of the stored figures are simulated."""
    with engine().connect() as connection:
        return connection.execute(select(load.c.id).where(load.c.simulated).limit(1)).first() is not None
