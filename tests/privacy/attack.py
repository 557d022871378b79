"""An attacker who holds every table of every area and day, and solves for what is masked.

What is known of a masked count: it is not negative; what is shown of the others and of their parent; that a
cumulative count does not fall from one day to the next; what a row cannot exceed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.optimize import linprog

Cell = tuple[int, str, object]  # area, count or figure, day
Row = tuple[dict[Cell, float], float]  # terms, and what they add up to or do not exceed


@dataclass
class Knowledge:
    """Everything that was published: shown cells, masked cells, and what binds them.

    Attributes
    ----------
    shown : dict
        Values by cell.
    masked : set
        Cells that are drawn as masked.
    parent : dict
        The area above each area.
    falling : bool
        Whether counts may fall from day to day; a correction may, the attacker bets that none does.
    ceilings : list
        Cells of one row, and what their sum cannot exceed.
    """

    parent: Mapping[int, int]
    shown: dict[Cell, float] = field(default_factory=dict)
    masked: set[Cell] = field(default_factory=set)
    ceilings: list[tuple[list[Cell], float]] = field(default_factory=list)

    def read(self, rows: pd.DataFrame, counts: Iterable[str], day: object) -> None:
        """Take in a frame with area_id and counts, masked where `<count>_masked` says so."""
        areas, nothing = rows["area_id"].astype(int).tolist(), [False] * len(rows)
        for name in counts:
            masked = rows[f"{name}_masked"].tolist() if f"{name}_masked" in rows else nothing
            for area_id, value, hidden in zip(areas, rows[name].tolist(), masked, strict=True):
                cell = (area_id, name, day)
                if pd.notna(value):
                    assert self.shown.setdefault(cell, float(value)) == float(value)
                elif hidden:
                    self.masked.add(cell)

    def bounds(self) -> dict[Cell, tuple[float, float]]:
        """Return the least and the greatest value that each masked cell can have."""
        equal, most = self._sums(), [*self._orders(), *self._limits()]
        found = {}
        for cells in self._linked([*equal, *most]):
            mine = set(cells)
            system = _system(cells, [e for e in equal if set(e[0]) <= mine], [m for m in most if set(m[0]) <= mine])
            for place, cell in enumerate(cells):
                found[cell] = (_extreme(system, place, 1), _extreme(system, place, -1))
        return found

    def _linked(self, rows: list[Row]) -> list[list[Cell]]:
        """Return the unknown cells in groups that no row joins, to keep the systems small."""
        group: dict[Cell, Cell] = {cell: cell for cell in sorted(self.masked - set(self.shown), key=str)}

        def root(cell: Cell) -> Cell:
            while group[cell] != cell:
                cell = group[cell]
            return cell

        for cells, _ in rows:
            first, *rest = [root(c) for c in cells]
            for other in rest:
                group[root(other)] = root(first)
        together: dict[Cell, list[Cell]] = {}
        for cell in group:
            together.setdefault(root(cell), []).append(cell)
        return list(together.values())

    def _sums(self) -> list[Row]:
        """Return the equations: the children add up to their parent."""
        children: dict[int, list[int]] = {}
        for child, parent in self.parent.items():
            children.setdefault(parent, []).append(child)
        subjects = {(name, day) for _, name, day in {*self.shown, *self.masked}}
        equations = []
        for parent, below in children.items():
            for name, day in subjects:
                whole, parts = (parent, name, day), [(child, name, day) for child in below]
                if not all(c in self.shown or c in self.masked for c in [whole, *parts]):
                    continue
                terms = {c: 1.0 for c in parts if c not in self.shown} | (
                    {whole: -1.0} if whole not in self.shown else {}
                )
                rest = self.shown.get(whole, 0.0) - sum(self.shown.get(c, 0.0) for c in parts)
                if terms:
                    equations.append((terms, rest))
        return equations

    def _orders(self) -> list[Row]:
        """Return the inequalities: what is cumulative does not fall."""
        found = []
        days: dict[tuple[int, str], list] = {}
        for area, name, day in {*self.shown, *self.masked}:
            days.setdefault((area, name), []).append(day)
        for (area, name), known in days.items():
            ordered = sorted(known, key=str)
            for before, after in pairwise(ordered):
                first, second = (area, name, before), (area, name, after)
                terms = {c: sign for c, sign in ((first, 1.0), (second, -1.0)) if c not in self.shown}
                if terms:
                    found.append((terms, self.shown.get(second, 0.0) - self.shown.get(first, 0.0)))
        return found

    def _limits(self) -> list[Row]:
        found = []
        for cells, most in self.ceilings:
            terms = {c: 1.0 for c in cells if c in self.masked and c not in self.shown}
            if terms:
                found.append((terms, most - sum(self.shown.get(c, 0.0) for c in cells)))
        return found


def _system(cells: list[Cell], equal: list[Row], most: list[Row]) -> dict[str, object]:
    """Return a linear programme's tables: equations, and what is not exceeded."""
    place = {cell: n for n, cell in enumerate(cells)}

    def matrix(rows: list[Row]) -> tuple[np.ndarray | None, list[float] | None]:
        if not rows:
            return None, None
        table = np.zeros((len(rows), len(cells)))
        for n, (terms, _) in enumerate(rows):
            for cell, factor in terms.items():
                table[n, place[cell]] = factor
        return table, [rest for _, rest in rows]

    (a_eq, b_eq), (a_ub, b_ub) = matrix(equal), matrix(most)
    return {"c": np.zeros(len(cells)), "A_eq": a_eq, "b_eq": b_eq, "A_ub": a_ub, "b_ub": b_ub}


def _extreme(system: dict[str, object], place: int, sign: int) -> float:
    objective = np.zeros(len(system["c"]))  # type: ignore[arg-type]
    objective[place] = sign
    answer = linprog(**{**system, "c": objective}, bounds=(0, None), method="highs")
    if answer.status == 3:  # unbounded
        return np.inf if sign < 0 else 0.0
    assert answer.status == 0, answer.message
    return sign * float(answer.fun)


def pinned(knowledge: Knowledge) -> dict[Cell, float]:
    """Return the masked cells that can have only one whole value, other than nought: a nought names nobody."""
    return {
        cell: round(low)
        for cell, (low, high) in knowledge.bounds().items()
        if np.floor(high + 1e-6) <= np.ceil(low - 1e-6) and round(low) > 0
    }
