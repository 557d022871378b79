"""Lay out the area tree from a list of places."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, bindparam, delete, select, update

from queries import basis
from queries.basis import Said
from queries.database import fetch_many
from queries.intake.findings import Breach
from queries.intake.limits import DEEPEST_TREE
from queries.intake.store import bulk_insert
from queries.naming import is_placeholder, kind, names
from queries.schema import area, daily_return

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
    entries = _Entries(rows["code"].tolist(), depth.to_numpy())
    tops = _tops(depth)
    stored_paths = _unique_paths(stored)
    above: list[int | None] = []
    path_above: list[str | None] = []
    told = ("parent_unknown", "own_parent", "own_parent_top", "own_parent_alone")
    wrong = {rule: np.zeros(len(rows), bool) for rule in told}
    adopted: list[str | None] = [None] * len(rows)
    for n, (code, parent_code) in enumerate(zip(rows["code"], parent, strict=True)):
        found, path = None, None
        if isinstance(parent_code, str):
            found = entries.above(n, parent_code)
            if found is None and parent_code == code:
                found = entries.nearest_above(n)
                rule = "own_parent" if found is not None else "own_parent_top" if n in tops else "own_parent_alone"
                wrong[rule][n] = True
                adopted[n] = None if found is None else str(rows["name"][found])
            elif found is None and parent_code in stored_paths:
                path = stored_paths[parent_code]
            elif found is None:
                wrong["parent_unknown"][n] = n not in tops
        above.append(found)
        path_above.append(path)
    breaches = [
        Breach("parent_unknown", "reject", wrong["parent_unknown"], "parent_code"),
        Breach("own_parent", "warn", wrong["own_parent"], "parent_code", {"parent": np.array(adopted, dtype=object)}),
        Breach("own_parent_top", "note", wrong["own_parent_top"], "parent_code"),
        Breach("own_parent_alone", "reject", wrong["own_parent_alone"], "parent_code"),
    ]
    placeholder = rows["name"].map(is_placeholder).to_numpy()
    breaches.append(Breach("placeholder", "note", placeholder, "name"))
    paths, circle, deep = _paths(rows["code"].tolist(), above, path_above, placeholder)
    breaches.append(Breach("circle", "reject", circle, "parent_code"))
    breaches.append(Breach("too_deep", "reject", deep, "parent_code", {"limit": DEEPEST_TREE}))
    rows["path"] = paths
    rows["parent_path"] = [p.rpartition("/")[0] or None for p in paths]
    roots = rows["parent_path"].isna().to_numpy() & ~placeholder & ~circle & ~deep
    root = stored.loc[stored["parent_id"].isna(), "path"].tolist() or rows.loc[roots, "path"].tolist()[:1]
    second = roots & ~wrong["parent_unknown"] & ~rows["path"].isin(root).to_numpy()
    breaches.append(Breach("second_root", "reject", second, "parent_code", {"root": root[0] if root else None}))
    twice = (rows["path"].duplicated() & ~placeholder & ~circle & ~deep).to_numpy()
    first = rows.groupby("path")["row"].transform("first")
    breaches.append(Breach("duplicate_row", "reject", twice, "code", {"first": first}))
    rows = rows[~placeholder & ~circle & ~deep & ~twice]
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
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return each entry's path, placeholders left out, which entries lead into a circle, and which lie too deep."""
    paths: list[str | None] = [None] * len(codes)
    levels = np.zeros(len(codes), dtype=np.int64)
    circle, deep = np.zeros(len(codes), dtype=bool), np.zeros(len(codes), dtype=bool)
    for start in range(len(codes)):
        trail: dict[int, None] = {}
        n: int | None = start
        while n is not None and paths[n] is None and n not in trail:
            trail[n] = None
            n = above[n]
        endless = n is not None and (n in trail or bool(circle[n]))
        for m in reversed(trail):
            parent = above[m]
            base = paths[parent] if parent is not None and not endless else path_above[m]
            over = (levels[parent] if parent is not None else (base or "").count("/") + bool(base)) + 1
            levels[m], circle[m], deep[m] = over - placeholder[m], endless, not endless and over > DEEPEST_TREE
            if endless or deep[m]:  # a path from the top would be without end, or longer than can be kept
                base = None
            paths[m] = (base or "") if placeholder[m] else f"{base}/{codes[m]}" if base else codes[m]
    return [p or "" for p in paths], circle, deep


class _Entries:
    """The entries of a list by code and by level, in orders in which a parent is found without trying all of them."""

    def __init__(self, codes: list[str], depth: np.ndarray) -> None:
        self.codes, self.depth = codes, depth
        self.by_code: dict[str, list[tuple[float, int]]] = {}
        self.by_level: dict[float, list[tuple[str, int]]] = {}
        for n, (code, level) in enumerate(zip(codes, depth.tolist(), strict=True)):
            self.by_code.setdefault(code, []).append((0.0 if np.isnan(level) else level, -n))
            if not np.isnan(level):
                self.by_level.setdefault(level, []).append((code, -n))
        for of_code in self.by_code.values():
            of_code.sort()
        for of_level in self.by_level.values():
            of_level.sort()

    def above(self, n: int, code: str) -> int | None:
        """Return the entry of a code that lies above another one: the deepest in level, the first of equals."""
        entries = self.by_code.get(code, [])
        level = self.depth[n]
        end = len(entries) if np.isnan(level) else bisect_left(entries, level, key=lambda entry: entry[0])
        if end and entries[end - 1][1] == -n:
            end -= 1
        return -entries[end - 1][1] if end else None

    def nearest_above(self, n: int) -> int | None:
        """Return the entry above in level whose code shares the longest beginning, the deepest and first of equals."""
        code, best = self.codes[n], (-1, 0.0, 0)
        for level in [level for level in self.by_level if level < self.depth[n]]:
            entries = self.by_level[level]
            at = bisect_left(entries, code, key=lambda entry: entry[0])
            for other, place in entries[max(0, at - 1) : at + 1]:
                best = max(best, (_shared(code, other), level, place))
        return None if best[0] < 0 else -best[2]


def _shared(one: str, other: str) -> int:
    """Return how many characters two codes begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((k for k, (a, b) in pairs if a != b), min(len(one), len(other)))


def _tops(depth: pd.Series) -> set[int]:
    """Return which entries may be the top: a list cut out of a larger one begins with one whose parent is not in it."""
    highest = np.flatnonzero((depth == depth.min()).to_numpy())
    return {0, *highest.tolist()} if len(highest) == 1 else {0}


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
