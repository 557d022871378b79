"""What Excel itself checks in a template: the rules of the forms that a formula can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from queries.counts import INTAKE, LEAVERS
from queries.intake.checking import progress, staffing
from queries.intake.forms import Field

Place = Callable[[str], str | None]  # the cell of a field in the first row, None without a column

SUMS: Final[dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]]] = {
    "progress": {"pers_total": (("pers_living", "pers_absent"), ())},
    "staffing": {"in_post": (INTAKE, LEAVERS)},
}
NO_MORE_THAN: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "progress": progress.NO_MORE_THAN,
    "staffing": staffing.NO_MORE_THAN,
}


def count_formula(field: Field, cell: Place, *, cumulative: bool) -> str:
    """Return the formula that a count must keep: whole, from 0 to its limit, no less than before without a reason."""
    here = cell(field.name)
    parts = [f"{here}>=0", f"{here}=INT({here})", f"{here}<={field.most}"]
    last, reason = cell(f"last_{field.name}"), cell("correction_reason")
    if cumulative and last and reason:
        parts.append(f'OR({here}>=N({last}),{reason}<>"")')
    return f"=IF(ISNUMBER({here}),AND({','.join(parts)}),FALSE)"


def contradictions(form: str, cell: Place) -> dict[str, str]:
    """Return by field the formula that is true where a row contradicts itself."""
    found: dict[str, list[str]] = {}
    for field, other in NO_MORE_THAN.get(form, ()):
        here, limit = cell(field), cell(other)
        if here and limit:
            found.setdefault(field, []).append(f"AND(ISNUMBER({here}),ISNUMBER({limit}),{here}>{limit})")
    for field, (plus, minus) in SUMS.get(form, {}).items():
        here = cell(field)
        added, taken = ([c for name in names if (c := cell(name))] for names in (plus, minus))
        total = f"SUM({','.join(added)})" + (f"-SUM({','.join(taken)})" if taken else "")
        known = f"COUNT({','.join(added)})={len(added)}" if not taken else f"COUNT({','.join(added)})>0"
        found.setdefault(field, []).append(f"AND(ISNUMBER({here}),{known},{here}<>{total})")
    return {field: f"=OR({','.join(rules)})" for field, rules in found.items()}
