"""Codes of another year's list: which areas they may stand for, and the desk's word for which they do.

Nothing is guessed silently: a suggestion is a line to look at, and only what the desk confirms counts.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein
from sqlalchemy import delete, func, insert, select

from queries import audit
from queries.areas import within
from queries.database import engine, fetch
from queries.intake import known
from queries.intake.forms import fold, recognise
from queries.intake.legible import legible
from queries.intake.limits import LONGEST_ALIAS
from queries.intake.reading import read
from queries.naming import SUFFIXES, kind
from queries.schema import area, area_alias
from queries.view import View

NAME_HEADINGS: Final = ("名称", "地区名称", "区划名称", "单位名称", "村居名称", "社区名称", "name", "area name")
PARENT_HEADINGS: Final = ("上级名称", "所属街道", "街道名称", "街道", "乡镇", "parent", "parent name", "street")
NAMES: Final = ("name_zh_hans", "name_zh_hant", "name_en")
LEAST: Final = 45.0  # below this likeness (0-100) nothing is suggested
POOL: Final = 30  # areas of the most similar names that are looked at more closely
UNKNOWN: Final = ["code", "name", "parent_name", "rows"]
SUGGESTED: Final = ["code", "name", "rank", "area_id", "area_code", "area_name", "path", "score", "same_parent"]


class MatchError(ValueError):
    """A match that cannot be confirmed; `rule` is no_code, code_is_area or no_area."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def unmatched(content: bytes, file_name: str) -> pd.DataFrame:
    """Return the area codes of a file of returns or figures that stand for no area.

    Columns: code; name and parent_name where the file has such columns, else missing; rows (how many lines hold
    the code). Raises `UnreadableError` where the file cannot be read.
    """
    found = [pd.DataFrame(columns=["area_code", "name", "parent_name"])]
    for sheet in read(content, file_name):
        told = recognise(list(sheet.cells.columns))
        heading = next((h for h, field in (told[1] if told else {}).items() if field == "area_code"), None)
        if heading is not None:
            columns = [sheet.cells[heading], *(_named_column(sheet.cells, h) for h in (NAME_HEADINGS, PARENT_HEADINGS))]
            found.append(pd.DataFrame(dict(zip(found[0].columns, columns, strict=True))))
    return _unknown(pd.concat(found, ignore_index=True))


def listed(text: str) -> pd.DataFrame:
    """Return the codes of pasted lines that stand for no area: a code, then its name, then the place above it.

    Columns as `unmatched`. Cells are parted by tabs, commas or blanks.
    """
    lines = [re.split(r"\s*[\t,，;；]\s*|\s+", line.strip(), maxsplit=2) for line in text.splitlines() if line.strip()]
    cells = [[*line, None, None][:3] for line in lines]
    return _unknown(pd.DataFrame(cells, columns=["area_code", "name", "parent_name"], dtype=object))


def _unknown(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.dropna(subset=["area_code"]).reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame(columns=UNKNOWN)
    with engine().connect() as connection:
        placed, _ = known.place(rows, known.areas(connection), units_only=False)
    lost = placed[placed["area_id"].isna()].rename(columns={"area_code": "code"})
    counted = lost.groupby("code", sort=False)["code"].transform("size")
    return lost.assign(rows=counted)[UNKNOWN].drop_duplicates("code", ignore_index=True)


def _named_column(cells: pd.DataFrame, headings: tuple[str, ...]) -> pd.Series:
    wanted = {fold(heading) for heading in headings}
    column = next((name for name in cells if fold(str(name)) in wanted), None)
    return pd.Series(None, index=cells.index, dtype=object) if column is None else cells[column]


def tree(view: View) -> pd.DataFrame:
    """Return the places of the viewer's scope: area_id, parent_id, code, kind, level, the three names and path.

    The path is the names from the top, in the view's language.
    """
    columns = [area.c.id.label("area_id"), area.c.parent_id, area.c.code, area.c.kind, area.c.level]
    rows = fetch(select(*columns, *(area.c[name] for name in NAMES)).where(within(view)).order_by(area.c.first))
    own = rows[f"name_{view.language.lower()}"]
    paths: dict[int, str] = {}
    for area_id, parent_id, name in zip(rows["area_id"], rows["parent_id"], own, strict=True):
        above = paths.get(int(parent_id)) if pd.notna(parent_id) else None
        paths[int(area_id)] = f"{above} › {name}" if above else str(name)
    return rows.assign(name=own, path=rows["area_id"].map(lambda a: paths[int(a)]))


def suggest(unknown: pd.DataFrame, places: pd.DataFrame, limit: int = 3) -> pd.DataFrame:
    """Return for each unknown code the areas that it may stand for, the likeliest first.

    Parameters
    ----------
    unknown : DataFrame
        code, name, parent_name (missing where the file has none).
    places : DataFrame
        As `tree` gives them.
    limit : int
        Suggestions a code.

    Returns
    -------
    DataFrame
        code, name, rank (1 the likeliest; 0 where nothing is like it), area_id, area_code, area_name, path, score
        (likeness, 0-100), same_parent (whether it lies under the parent that the code or the file names).
    """
    cores = places[list(NAMES)].map(_core)
    found = [_candidates(row, places, cores).head(limit) for row in unknown.to_dict("records")]
    lines = []
    for row, candidates in zip(unknown.to_dict("records"), found, strict=True):
        head = {"code": row["code"], "name": row.get("name")}
        lines += [
            {**head, "rank": rank, **candidate} for rank, candidate in enumerate(candidates.to_dict("records"), 1)
        ] or [{**head, "rank": 0}]
    return pd.DataFrame(lines, columns=SUGGESTED).astype({"area_id": "Int64", "score": "float64"})


def _candidates(row: dict[str, Any], places: pd.DataFrame, cores: pd.DataFrame) -> pd.DataFrame:
    """Return the areas that a code may stand for: area_id, area_code, area_name, path, score, same_parent."""
    code, name, parent = str(row["code"]), row.get("name"), row.get("parent_name")
    by_id = places.set_index("area_id")
    above = by_id.reindex(places["parent_id"])
    under = _under(code, above["code"]) | _called(parent, above)
    named = isinstance(name, str) and bool(name.strip())
    if named:
        scores = [process.cdist([_core(str(name))], cores[column], scorer=fuzz.ratio)[0] for column in NAMES]
        likeness = pd.Series(np.max(scores, axis=0), index=places.index, dtype="float64")
        pool = likeness.nlargest(POOL).index.union(places.index[under.to_numpy()])
    else:
        likeness = pd.Series(0.0, index=places.index)
        pool = places.index[under.to_numpy()]
    near = places.loc[pool]
    codes = near["code"].map(lambda other: 100 * Levenshtein.normalized_similarity(code, other)).astype("float64")
    inside = under.set_axis(places.index).loc[pool]
    if named:
        penalty = near["kind"].map(lambda k: _unlike(kind(str(name), None), k)).astype("float64")
        score = 0.72 * likeness.loc[pool] + 20 * inside + 0.08 * codes - penalty
    else:  # the code alone tells the parent, seldom the place
        score = 30 * inside + 0.3 * codes
    found = pd.DataFrame(
        {
            "area_id": near["area_id"],
            "area_code": near["code"],
            "area_name": near["name"],
            "path": near["path"],
            "score": score.clip(0, 100),
            "same_parent": inside,
        }
    )
    return found[found["score"] >= LEAST].sort_values("score", ascending=False, kind="stable")


def _core(name: str) -> str:
    """Return a name without the word for what kind of place it is, as it is compared."""
    plain = re.sub(r"[（(].*?[)）]", "", name)
    plain = re.sub(r"\b(Community|Village|Subdistrict|Town|Township|District)\b", "", plain)
    short = next((plain.removesuffix(s) for s, _, _ in SUFFIXES if plain.endswith(s) and len(plain) > len(s)), plain)
    return fold(short)


def _under(code: str, parents: pd.Series) -> pd.Series:
    """Return which parents a 12-digit code names by its first nine digits."""
    street = f"{code[:9]}000" if re.fullmatch(r"\d{12,15}", code) else None
    return (parents == street).fillna(False).astype(bool).reset_index(drop=True)


def _called(name: object, parents: pd.DataFrame) -> pd.Series:
    """Return which parents bear a name, whatever kind of place it is said to be."""
    if not isinstance(name, str) or not name.strip():
        return pd.Series(False, index=range(len(parents)))
    wanted = _core(name)
    return (parents[list(NAMES)].fillna("").map(_core) == wanted).any(axis=1).reset_index(drop=True)


def _unlike(one: str, other: str) -> float:
    """Return what a difference in kind takes off: little between village and community, much between levels."""
    small, large = ("village", "community", "institution", "ed"), ("street", "town", "zone")
    if one == other or one == "area":
        return 0.0
    return 4.0 if {one, other} <= set(small) or {one, other} <= set(large) else 30.0


def confirm(view: View, code: str, area_id: int, *, role: str, name: str | None = None) -> None:
    """Record that a code of another list stands for an area of the viewer's scope; a later word replaces it.

    Raises
    ------
    MatchError
        Where the code is none (too long, or no plain text), is an area's own or stands for one outside the scope, or
        the area is not in the scope.
    """
    if legible(code, LONGEST_ALIAS) != code or not code.strip():
        raise MatchError("no_code")
    with engine().begin() as connection:
        own = connection.execute(select(func.count()).where(area.c.code == code)).scalar_one()
        if own:
            raise MatchError("code_is_area")
        there = connection.execute(select(area.c.code).where(area.c.id == area_id, within(view))).scalar()
        if there is None:
            raise MatchError("no_area")
        before = connection.execute(select(area_alias.c.area_id).where(area_alias.c.code == code)).scalar()
        mine = select(area.c.id).where(area.c.id == before, within(view))
        if before is not None and connection.execute(mine).first() is None:
            raise MatchError("no_area")
        connection.execute(delete(area_alias).where(area_alias.c.code == code))
        connection.execute(
            insert(area_alias).values(
                code=code, area_id=area_id, name=name, confirmed_at=datetime.now(), confirmed_by=role
            )
        )
        audit.note(connection, "matched", code, role=role, area=there, area_id=area_id, before=before)


def retract(view: View, code: str, *, role: str) -> bool:
    """Take a confirmed match back; return whether there was one in the viewer's scope."""
    with engine().begin() as connection:
        mine = select(area.c.id).where(within(view))
        gone = connection.execute(
            delete(area_alias).where(area_alias.c.code == code, area_alias.c.area_id.in_(mine))
        ).rowcount
        if gone:
            audit.note(connection, "unmatched", code, role=role)
    return bool(gone)


def confirmed(view: View) -> pd.DataFrame:
    """Return the codes matched in the viewer's scope: code, name (in the other list), area_id, area_code, area_name.

    And confirmed_at, confirmed_by (an office or account); the newest first.
    """
    return fetch(
        select(
            area_alias.c.code,
            area_alias.c.name,
            area_alias.c.area_id,
            area.c.code.label("area_code"),
            area.c[f"name_{view.language.lower()}"].label("area_name"),
            area_alias.c.confirmed_at,
            area_alias.c.confirmed_by,
        )
        .join(area, area.c.id == area_alias.c.area_id)
        .where(within(view))
        .order_by(area_alias.c.confirmed_at.desc(), area_alias.c.code)
    )
