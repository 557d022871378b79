"""Questions about the area tree: where the viewer is, what lies above, below and around."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select

from queries.database import engine, fetch
from queries.schema import area, boundary
from queries.view import View


def named(view: View) -> ColumnElement[str]:
    """Return the name column of the view's language."""
    return area.c[f"name_{view.language.lower()}"].label("name")


def ends(area_id: int) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Return the first and the last place of an area and all below it, as subqueries."""
    whole = area.alias("whole")
    first, last = (select(whole.c[end]).where(whole.c.id == area_id).scalar_subquery() for end in ("first", "last"))
    return first, last


def within(view: View, place: Any = area) -> ColumnElement[bool]:
    """Return the condition that an area, or an alias of it, lies inside the viewer's scope.

    A sum, so that no planner prefers walking the scope's whole range to the few places asked for.
    """
    inside: ColumnElement[bool] = (place.c.first + 0).between(*ends(view.scope_id))
    return inside


def at_or_below(view: View, place: Any = area) -> ColumnElement[bool]:
    """Return the condition that an area, or an alias of it, is the viewed one or lies below it.

    A sum, as in `within`: for statements that begin with something rarer than areas.
    """
    below: ColumnElement[bool] = (place.c.first + 0).between(*ends(view.area_id))
    return below


def listing(view: View) -> Select[Any]:
    """Return the select of places: area_id, parent_id, code, name, kind, level, is_leaf, in scope only."""
    return select(
        area.c.id.label("area_id"),
        area.c.parent_id,
        area.c.code,
        named(view),
        area.c.kind,
        area.c.level,
        (area.c.first == area.c.last).label("is_leaf"),
    ).where(within(view))


def root() -> int | None:
    """Return the top of the tree; None while there is none."""
    with engine().connect() as connection:
        return connection.execute(select(area.c.id).where(area.c.parent_id.is_(None))).scalar()


def place(view: View) -> pd.Series | None:
    """Return the viewed area as `listing` gives it; None outside the scope."""
    rows = fetch(listing(view).where(area.c.id == view.area_id))
    return None if rows.empty else rows.iloc[0]


def breadcrumb(view: View) -> pd.DataFrame:
    """Return the areas from the top of the scope down to the viewed one, as `listing` gives them."""
    inner = area.alias("inner_area")
    first = select(inner.c.first).where(inner.c.id == view.area_id).scalar_subquery()
    return fetch(listing(view).where(area.c.first <= first, area.c.last >= first).order_by(area.c.level))


def children(view: View) -> pd.DataFrame:
    """Return the areas right below the viewed one, in the order of the list."""
    return fetch(listing(view).where(area.c.parent_id == view.area_id).order_by(area.c.first))


def reach(view: View, most: int = 400) -> pd.DataFrame:
    """Return the viewed area and those up to two levels below it; one level where two are more than `most`.

    Columns as `listing`, with parent_name (missing for the viewed area and those right below it).
    """
    here, parent = area.alias("here"), area.alias("parent")
    inside = and_(area.c.first.between(here.c.first, here.c.last), area.c.level <= here.c.level + 2)
    above = case((parent.c.level > here.c.level, parent.c[f"name_{view.language.lower()}"]))
    rows = fetch(
        listing(view)
        .add_columns(above.label("parent_name"), (area.c.level - here.c.level).label("depth"))
        .select_from(area.join(here, here.c.id == view.area_id).outerjoin(parent, parent.c.id == area.c.parent_id))
        .where(inside)
        .order_by(area.c.first)
        .limit(most + 1)
    )
    near = rows if len(rows) <= most else pd.concat([rows[rows["depth"] == 0], children(view)])
    return near.drop(columns="depth").reset_index(drop=True)


def search(view: View, words: str, limit: int = 20) -> pd.DataFrame:
    """Return areas of the scope whose code begins with, or one of whose names contains, the words."""
    text = words.strip()
    columns = (area.c.name_en, area.c.name_zh_hans, area.c.name_zh_hant)
    like = or_(area.c.code.startswith(text, autoescape=True), *(c.icontains(text, autoescape=True) for c in columns))
    return fetch(listing(view).where(like).order_by(area.c.level, area.c.first).limit(limit))


def address(area_id: int) -> str:
    """Return how links name an area: its code, or the path of codes where several areas share the code."""
    with engine().connect() as connection:
        code, path = connection.execute(select(area.c.code, area.c.path).where(area.c.id == area_id)).one()
        same = connection.execute(select(func.count()).where(area.c.code == code)).scalar_one()
    return str(code if same == 1 else path)


def by_address(text: str, scope_id: int | None = None) -> int | None:
    """Return the area that a link names; None when there is none, several, or it is outside the scope."""
    named_so = or_(area.c.code == text, area.c.path == text)
    with engine().connect() as connection:
        found = connection.execute(select(area.c.id, area.c.first).where(named_so)).all()
        if len(found) != 1:
            return None
        if scope_id is not None:
            first, last = connection.execute(select(area.c.first, area.c.last).where(area.c.id == scope_id)).one()
            if not first <= found[0].first <= last:
                return None
    return int(found[0].id)


def boundaries(view: View) -> dict[str, Any] | None:
    """Return the boundaries of the areas below the viewed one as GeoJSON, ids as text; None without any."""
    rows = select(boundary.c.area_id, boundary.c.geometry).join(area, area.c.id == boundary.c.area_id)
    with engine().connect() as connection:
        found = connection.execute(rows.where(area.c.parent_id == view.area_id, within(view))).all()
    if not found:
        return None
    features = [
        {"type": "Feature", "id": str(area_id), "properties": {}, "geometry": geometry} for area_id, geometry in found
    ]
    return {"type": "FeatureCollection", "features": features}
