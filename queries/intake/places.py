"""Lay out the area tree from a list of places, and keep the boundaries of those that have one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from queries import basis
from queries.basis import Said
from queries.database import fetch_many
from queries.intake.findings import Breach
from queries.intake.store import bulk_insert
from queries.naming import is_placeholder, kind, names
from queries.schema import area, boundary, daily_return

NAMES = ("name_en", "name_zh_hans", "name_zh_hant")
GIVEN = ("kind", *NAMES, "urban_rural", "lon", "lat")
WRITTEN = ("code", "level", *GIVEN)
BRANCH = 2**32


def lay_out(connection: Connection, listed: pd.DataFrame, load_id: int) -> tuple[int, int, list[Breach]]:
    """Bring the area tree to what a list says, keeping the ids of areas that are there.

    Parameters
    ----------
    listed : DataFrame
        Fields of the form “area”; the index is the row in the file. Codes may repeat: a child
        belongs to the entry above it in level, an entry that is its own parent to the level above.
    load_id : int
        The load of the list: what it says of each area is kept under it.

    Returns
    -------
    tuple
        Areas added, areas changed, and what is wrong with the list; nothing is stored if anything
        of severity “reject” is.
    """
    stored = fetch_many(connection, select(*area.c))
    tree, breaches = _joined(listed, stored)
    if any(b.severity == "reject" and np.any(b.rows) for b in breaches):
        return 0, 0, breaches
    tree = _ordered(tree)
    known = stored.set_index("path")["id"].to_dict()
    former = basis.former_ids(connection, "area")
    is_new = ~tree["path"].isin(known)
    ids = tree["path"].map({**former, **known}).astype("Int64")
    start = max([0, *known.values(), *former.values()])
    first_time = ids.isna()
    ids[first_time] = np.arange(start + 1, start + 1 + int(first_time.sum()))
    tree = tree.assign(id=ids)
    by_path = tree.set_index("path")["id"]
    tree["parent_id"] = tree["parent_path"].map(by_path).astype("Int64")
    breaches += _units_with_returns(connection, tree, listed)
    if any(b.severity == "reject" and np.any(b.rows) for b in breaches):
        return 0, 0, breaches
    fresh = tree[is_new.to_numpy()]
    changed = _rewrite(connection, tree[~is_new.to_numpy()], stored)
    columns = ["id", "parent_id", "path", *WRITTEN, "first", "last", "sort_order"]
    bulk_insert(connection, area, fresh.sort_values("first")[columns])  # parents first
    said = tree[tree["listed"].astype(bool)].sort_values("order")
    contents = said[list(GIVEN)].astype(object).to_dict("records")
    named = zip(said["path"], said["id"], contents, strict=True)
    basis.record(connection, "area", (Said(path, int(n), basis.plain(content)) for path, n, content in named), load_id)
    return len(fresh), changed, breaches


def take_back(connection: Connection, gone: set[str], said: Mapping[str, Mapping[str, Any]]) -> None:
    """Remove areas, let others be what another list says, and put all in the order of the lists that stand.

    Parameters
    ----------
    gone : set of str
        Paths of areas on which nothing hangs.
    said : mapping
        By path the columns of GIVEN.
    """
    stored = fetch_many(connection, select(*area.c))
    tree = stored[~stored["path"].isin(gone)].astype({name: object for name in GIVEN})
    for name in GIVEN:
        tree[name] = tree[name].where(~tree["path"].isin(said), tree["path"].map({p: v[name] for p, v in said.items()}))
    order = basis.first_said(connection, "area")
    parents = [path.rpartition("/")[0] or None for path in tree["path"]]
    tree = tree.assign(order=tree["path"].map(order), parent_path=parents).reset_index(drop=True)
    connection.execute(delete(area).where(area.c.path.in_(gone)))
    _rewrite(connection, _ordered(tree), stored)


def _joined(listed: pd.DataFrame, stored: pd.DataFrame) -> tuple[pd.DataFrame, list[Breach]]:
    """Return all areas, stored and listed, each with the path of codes that is its natural key."""
    rows = listed.reset_index(names="row")
    rows["code"], rows["name"] = rows["code"].astype("str"), rows["name"].astype("str")
    depth = pd.to_numeric(rows["level"], errors="coerce")
    parent = rows["parent_code"].astype("str")
    positions: dict[str, list[int]] = {}
    for n, code in enumerate(rows["code"]):
        positions.setdefault(code, []).append(n)
    stored_paths = _unique_paths(stored)
    above: list[int | None] = []
    path_above: list[str | None] = []
    wrong = {"parent_unknown": np.zeros(len(rows), bool), "own_parent": np.zeros(len(rows), bool)}
    adopted: list[str | None] = [None] * len(rows)
    for n, (code, parent_code) in enumerate(zip(rows["code"], parent, strict=True)):
        found, path = None, None
        if isinstance(parent_code, str):
            candidates = [m for m in positions.get(parent_code, []) if m != n]
            if not np.isnan(depth[n]):
                candidates = [m for m in candidates if not depth[m] >= depth[n]]
            if candidates:
                found = max(candidates, key=lambda m: (0 if np.isnan(depth[m]) else depth[m], -m))
            elif parent_code == code:
                wrong["own_parent"][n] = True
                found, adopted[n] = _nearest_above(rows, depth, n)
            elif parent_code in stored_paths:
                path = stored_paths[parent_code]
            else:
                wrong["parent_unknown"][n] = not _is_top(rows, depth, n)
        above.append(found)
        path_above.append(path)
    breaches = [
        Breach("parent_unknown", "reject", wrong["parent_unknown"], "parent_code"),
        Breach("own_parent", "warn", wrong["own_parent"], "parent_code", {"parent": np.array(adopted, dtype=object)}),
    ]
    placeholder = rows["name"].map(is_placeholder).to_numpy()
    breaches.append(Breach("placeholder", "note", placeholder, "name"))
    paths, circle = _paths(rows["code"].tolist(), above, path_above, placeholder)
    breaches.append(Breach("circle", "reject", circle, "parent_code"))
    rows["path"] = paths
    rows["parent_path"] = [p.rpartition("/")[0] or None for p in paths]
    roots = rows["parent_path"].isna().to_numpy() & ~placeholder & ~circle
    root = stored.loc[stored["parent_id"].isna(), "path"].tolist() or rows.loc[roots, "path"].tolist()[:1]
    second = roots & ~wrong["parent_unknown"] & ~rows["path"].isin(root).to_numpy()
    breaches.append(Breach("second_root", "reject", second, "parent_code", {"root": root[0] if root else None}))
    twice = (rows["path"].duplicated() & ~placeholder).to_numpy()
    first = rows.groupby("path")["row"].transform("first")
    breaches.append(Breach("duplicate_row", "reject", twice, "code", {"first": first}))
    rows = rows[~placeholder & ~circle & ~twice]
    return _merged(rows, stored), breaches


def _merged(rows: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    given = rows.assign(order=np.arange(len(rows)) + BRANCH)
    translated = [names(name) for name in given["name"]]
    for n, column in enumerate(NAMES):
        given[column] = given[column].where(given[column].notna(), [t[n] for t in translated])
    found = [kind(n, lv if isinstance(lv, str) else None) for n, lv in zip(given["name"], given["level"], strict=True)]
    given["kind"] = given["kind"].where(given["kind"].notna(), found)
    given = given[["path", "parent_path", "code", *GIVEN, "order"]].assign(listed=True)
    if stored.empty:
        return given.reset_index(drop=True)
    kept = stored[~stored["path"].isin(given["path"])].assign(order=lambda f: f["sort_order"], listed=False)
    kept["parent_path"] = [path.rpartition("/")[0] or None for path in kept["path"]]
    order = stored.set_index("path")["sort_order"]
    given["order"] = given["path"].map(order).fillna(given["order"])
    return pd.concat([kept[given.columns], given], ignore_index=True)


def _ordered(tree: pd.DataFrame) -> pd.DataFrame:
    """Add level, sort_order and the pre-order interval first .. last, in which a subtree is one range."""
    index = {path: n for n, path in enumerate(tree["path"])}
    parents = [index.get(p, -1) if isinstance(p, str) else -1 for p in tree["parent_path"]]
    children: dict[int, list[int]] = {}
    for n in np.argsort(tree["order"].to_numpy(), kind="stable"):
        children.setdefault(parents[n], []).append(int(n))
    first, last = np.zeros(len(tree), np.int64), np.zeros(len(tree), np.int64)
    level = np.zeros(len(tree), np.int64)
    number = 0
    stack = [(n, False) for n in reversed(children.get(-1, []))]
    while stack:
        n, done = stack.pop()
        if done:
            last[n] = number
            continue
        number += 1
        first[n] = number
        level[n] = level[parents[n]] + 1 if parents[n] >= 0 else 0
        stack.append((n, True))
        stack.extend((m, False) for m in reversed(children.get(n, [])))
    return tree.assign(first=first, last=last, level=level, sort_order=first)


def _paths(
    codes: list[str], above: list[int | None], path_above: list[str | None], placeholder: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """Return each entry's path, placeholders left out, and which entries lie in a circle."""
    paths: list[str | None] = [None] * len(codes)
    circle = np.zeros(len(codes), dtype=bool)
    for start in range(len(codes)):
        trail: list[int] = []
        n: int | None = start
        while n is not None and paths[n] is None and n not in trail[-40:]:
            trail.append(n)
            n = above[n]
        if n is not None and paths[n] is None:
            circle[trail] = True
            for m in trail:
                paths[m] = codes[m]
            continue
        for m in reversed(trail):
            parent = above[m]
            base = paths[parent] if parent is not None else path_above[m]
            paths[m] = (base or "") if placeholder[m] else f"{base}/{codes[m]}" if base else codes[m]
    return [p or "" for p in paths], circle


def _nearest_above(rows: pd.DataFrame, depth: pd.Series, n: int) -> tuple[int | None, str | None]:
    """Return the entry one level up whose code shares the longest beginning: for one that is its own parent."""
    higher = np.flatnonzero((depth < depth[n]).to_numpy())
    if not len(higher):
        return None, None
    code = rows["code"][n]

    def likeness(m: int) -> tuple[int, float]:
        other = rows["code"][m]
        return next((k for k in range(len(code)) if code[k : k + 1] != other[k : k + 1]), len(code)), depth[m]

    best = max(higher.tolist(), key=likeness)
    return best, str(rows["name"][best])


def _is_top(rows: pd.DataFrame, depth: pd.Series, n: int) -> bool:
    """Return whether an entry is the top: a list cut out of a larger one begins with one whose parent is not in it."""
    return n == 0 or (not np.isnan(depth[n]) and depth[n] == depth.min() and (depth == depth.min()).sum() == 1)


def _unique_paths(stored: pd.DataFrame) -> dict[str, str]:
    once = stored[~stored["code"].duplicated(keep=False)] if len(stored) else stored
    return {**dict(zip(once["code"], once["path"], strict=True)), **{p: p for p in stored["path"]}}


def _units_with_returns(connection: Connection, tree: pd.DataFrame, listed: pd.DataFrame) -> list[Breach]:
    """Find units with returns that would become sums of areas below them: their returns would vanish."""
    inner = set(tree.loc[tree["first"] < tree["last"], "id"].astype(int))
    reporting = set(connection.execute(select(daily_return.c.area_id).distinct()).scalars())
    clash = tree[tree["id"].isin(inner & reporting)]
    if clash.empty:
        return []
    below = listed["parent_code"].isin(clash["code"]).to_numpy()
    return [Breach("unit_has_returns", "reject", below, "parent_code")]


def _rewrite(connection: Connection, tree: pd.DataFrame, stored: pd.DataFrame) -> int:
    """Update areas that are there already where anything differs; return how many say something new."""
    if tree.empty:
        return 0
    old = stored.set_index("id").loc[tree["id"].astype(int)]
    new = tree.set_index("id")
    written = [*WRITTEN, "first", "last", "sort_order"]
    differs = {
        c: ~((new[c].to_numpy() == old[c].to_numpy()) | (new[c].isna() & old[c].isna()).to_numpy()) for c in written
    }
    any_differs = np.logical_or.reduce(list(differs.values()))
    said = np.logical_or.reduce([differs[c] for c in GIVEN])
    rows = new[any_differs][written].reset_index().rename(columns={"id": "key"})
    if len(rows):
        records = rows.astype(object).where(rows.notna(), None).to_dict("records")
        values: dict[str, Any] = {c: bindparam(c) for c in written}
        connection.execute(update(area).where(area.c.id == bindparam("key")).values(**values), records)
    return int(said.sum())


def store_boundaries(
    connection: Connection, features: list[dict[str, Any]], load_id: int
) -> tuple[int, int, list[str]]:
    """Store the geometry of each GeoJSON feature whose `code` property is an area's.

    Returns
    -------
    tuple
        Number of boundaries that are new, number of those that changed, and the codes that no area has.
    """
    codes = {str(f["properties"].get("code")): f["geometry"] for f in features}
    found = connection.execute(select(area.c.id, area.c.code, area.c.path).where(area.c.code.in_(list(codes)))).all()
    ids = [area_id for area_id, _code, _path in found]
    held = connection.execute(select(boundary.c.area_id, boundary.c.geometry).where(boundary.c.area_id.in_(ids)))
    known = {area_id: geometry for area_id, geometry in held}
    changed = [a for a, code, _ in found if a in known and known[a] != codes[code]]
    new = [a for a in ids if a not in known]
    connection.execute(delete(boundary).where(boundary.c.area_id.in_(changed)))
    brought = [{"area_id": a, "geometry": codes[c], "load_id": load_id} for a, c, _ in found if a in {*changed, *new}]
    if brought:
        connection.execute(insert(boundary), brought)
    basis.record(connection, "boundary", (Said(path, a, codes[code]) for a, code, path in found), load_id)
    return len(new), len(changed), sorted(set(codes) - {code for _, code, _ in found})
