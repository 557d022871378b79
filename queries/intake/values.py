"""Turn text cells into typed columns; what cannot be turned is a breach, never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from queries.intake.findings import Breach
from queries.intake.forms import Field, Form, choices, fold, to_traditional
from queries.intake.limits import FIRST_YEAR, LARGEST_FIGURE, LAST_YEAR, MOST_POINTS
from queries.intake.numbers import read_decimal, read_whole

TRUE = {"true", "yes", "y", "1", "是", "零报告"}
FALSE = {"false", "no", "n", "0", "否"}
EXCEL_DAY_ZERO = datetime(1899, 12, 30)
ERROR = re.compile(r"#(DIV/0!|REF!|VALUE!|NAME\?|N/A|NUM!|NULL!|SPILL!|CALC!|#+)")
MERGED = re.compile(r"\[[A-Z]+\d+:[A-Z]+\d+\]")
ROUNDED = re.compile(r"\d(\.\d+)?E\+\d+")
SUSPECT = ("#", "=", "[")  # what cells that a spreadsheet could not work out begin with
INVISIBLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{feff}]"
INVISIBLE_IN_A_LINE = INVISIBLE.replace("[", r"[\t\n\r\x{85}\x{2028}\x{2029}")
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
CLOCK = re.compile(r"(\d{1,2})\s*[:：时]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2}))?(?:\.\d+)?\s*[秒分]?")


def typed(form: Form, cells: pd.DataFrame, mapping: dict[str, str]) -> tuple[pd.DataFrame, list[Breach]]:
    """Return the typed columns of a form and the breaches of cells that could not be read.

    Counts, amounts and decimals come as float64 with NaN where blank, days and times as datetime64,
    yes and no as boolean, choices as their keys, all else as text. Fields without a column
    are all missing.
    """
    heading = {name: words for words, name in mapping.items()}
    columns: dict[str, Any] = {}
    breaches: list[Breach] = []
    nothing = pd.Series([None] * len(cells), index=cells.index, dtype="str")
    absent: dict[str, pd.Series] = {}  # by kind
    for each in form.fields:
        if each.name not in heading and not each.required:
            if each.kind not in absent:
                absent[each.kind], _ = _column(each, nothing)
            columns[each.name] = absent[each.kind]
            continue
        text = cells[heading[each.name]] if each.name in heading else nothing
        text = text.astype("str") if text.dtype == object else text
        columns[each.name], wrong = _column(each, text)
        breaches += [by_kind for breach in wrong for by_kind in _by_kind(breach, text)]
        if each.required:
            breaches.append(Breach("required", "reject", text.isna().to_numpy(), each.name))
    return pd.DataFrame(columns, index=cells.index), breaches


def _column(field: Field, text: pd.Series) -> tuple[pd.Series, list[Breach]]:
    if field.kind == "text":
        return _texts(field, text)
    if field.kind in NUMBERS:
        return _numbers(field, text)
    reader, rule, expected = READERS[field.kind]
    if field.kind == "choice":
        known = choices(field.name)
        values = _by_distinct(text, lambda word: known.get(fold(word)))
        expected = {"choices": field.name}
    else:
        values = _by_distinct(text, reader)
    unread = list(_unread(rule, field, text, values, expected))
    if field.kind in ("date", "datetime"):
        far = values.map(lambda day: not FIRST_YEAR <= day.year <= LAST_YEAR, na_action="ignore")
        far = far.fillna(False).astype(bool)
        if far.any():
            told = {"first": FIRST_YEAR, "last": LAST_YEAR}
            unread.append(Breach("day_out_of_range", "reject", far.to_numpy(), field.name, told))
        values = pd.to_datetime(values.mask(far, None))
    elif field.kind == "bool":
        values = values.astype("boolean")
    return values, unread


def _texts(field: Field, text: pd.Series) -> tuple[pd.Series, list[Breach]]:
    if not text.notna().any():
        return text, []
    text = text.str.strip()
    if field.name.endswith("code") or field.name == "police_station":  # they are compared
        text = _by_distinct(text, lambda word: unicodedata.normalize("NFKC", word)).astype("str")
    breaches = [*_too_long(field, text), *_invisible(field, text)]
    if field.name.endswith("code"):
        rounded = text.str.fullmatch(ROUNDED).fillna(False).to_numpy(dtype=bool)
        if rounded.any():
            return text, [*breaches, Breach("rounded_code", "reject", rounded, field.name)]
    suspect = text.str.startswith(SUSPECT).fillna(False).to_numpy(dtype=bool)
    if suspect.any():
        wrong = suspect & np.array([_unworked(str(word)) is not None for word in text], dtype=bool)
        if wrong.any():
            breaches.append(Breach("error_cell", "reject", wrong, field.name))
    return text, breaches


def _too_long(field: Field, text: pd.Series) -> Iterator[Breach]:
    """Yield the breach of texts that are longer than their column, as written or in the form that is compared."""
    cells = pa.array(text, type=pa.string(), from_pandas=True)
    long = pc.greater(pc.utf8_length(cells), field.longest)
    if not pc.all(pc.invert(long)).as_py():
        yield Breach("long_text", "reject", _as_bools(long), field.name, {"limit": field.longest})


def _invisible(field: Field, text: pd.Series) -> Iterator[Breach]:
    """Yield the breach of texts with characters that no one sees and not every database keeps."""
    cells = pa.array(text, type=pa.string(), from_pandas=True)
    hidden = pc.match_substring_regex(cells, INVISIBLE if field.several_lines else INVISIBLE_IN_A_LINE)
    if pc.any(hidden).as_py():
        yield Breach("invisible_character", "reject", _as_bools(hidden), field.name)


def _as_bools(found: Any) -> np.ndarray:
    return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool)


def _unworked(word: str) -> str | None:
    """Return the rule that a cell breaks which a spreadsheet could not work out, or that belongs to several rows."""
    plain = word.strip()
    if ERROR.fullmatch(plain):
        return "error_cell"
    if plain == "=" or re.match(r"=[A-Za-z(+\-]", plain):
        return "formula_without_result"
    return "merged_cell" if MERGED.fullmatch(plain) else None


def _by_kind(breach: Breach, text: pd.Series) -> Iterator[Breach]:
    """Split a breach of unread cells by what it was that could not be read."""
    places = np.flatnonzero(breach.rows)
    rules = np.array([_unworked(str(word)) or breach.rule for word in text.iloc[places]], dtype=object)
    for rule in dict.fromkeys(rules):
        rows = np.zeros(len(text), dtype=bool)
        rows[places[rules == rule]] = True
        yield Breach(rule, breach.severity, rows, breach.field, breach.expected if rule == breach.rule else {})


def _numbers(field: Field, text: pd.Series) -> tuple[pd.Series, list[Breach]]:
    """Read counts, amounts and decimals: what is none is a breach, and so is what lies beyond the field's limits."""
    reader, rule = NUMBERS[field.kind]
    values = _plain_digits(text) if reader is read_whole else None
    if values is None:
        values = _by_distinct(text, reader).astype("float64")
    unread = list(_unread(rule, field, text, values))
    below = (values < (0 if field.kind == "count" else field.least)).to_numpy()
    above = (values > field.most).to_numpy()
    if field.kind == "count":
        found = {"not_a_count": (below, {}), "too_large": (above, {"limit": f"{field.most:,}"})}
    else:
        told = {"least": f"{field.least:,}", "most": f"{field.most:,}"}
        found = {"out_of_range": (below | above, told)}
    for broken, (rows, told) in found.items():
        if rows.any():
            unread.append(Breach(broken, "reject", rows, field.name, told))
            values = values.mask(rows)
    return values, unread


def _plain_digits(text: pd.Series) -> pd.Series | None:
    """Return whole numbers that are written in digits alone, read at once; None where a cell is written otherwise."""
    cells = pa.array(text, type=pa.string(), from_pandas=True)
    if not pc.all(pc.match_substring_regex(cells, "^-?[0-9]{1,18}$")).as_py():
        return None
    whole = pc.cast(cells, pa.int64())
    return pd.Series(whole.to_numpy(zero_copy_only=False).astype("float64"), index=text.index)


def _unread(
    rule: str, field: Field, text: pd.Series, values: pd.Series, expected: dict[str, Any] | None = None
) -> Iterator[Breach]:
    wrong = (text.notna() & values.isna()).to_numpy()
    if wrong.any():
        yield Breach(rule, "reject", wrong, field.name, expected or {})


def _by_distinct(text: pd.Series, reader: Callable[[str], Any]) -> pd.Series:
    """Read each distinct cell once."""
    codes, distinct = pd.factorize(text)
    read = np.array([*(reader(str(word)) for word in distinct), None], dtype=object)
    return pd.Series(read[codes], index=text.index, dtype=object)


def read_date(word: str) -> datetime | None:
    """Read a day written as 2010-10-08, 2010/10/8, 2010年10月8日, 20101008 or an Excel number."""
    moment = read_datetime(word)
    return None if moment is None or moment.time() != datetime.min.time() else moment


def read_datetime(word: str) -> datetime | None:
    """Read a day with or without a time of day; None when it is neither."""
    plain = unicodedata.normalize("NFKC", word).strip()
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        return EXCEL_DAY_ZERO + timedelta(days=float(plain))
    found = DATE.match(plain)
    if not found:
        return None
    rest = plain[found.end() :].lstrip("T ").strip()
    clock = CLOCK.fullmatch(rest)
    if rest and not clock:
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    try:
        year, month, day = (int(part) for part in found.groups())
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _read_bool(word: str) -> bool | None:
    plain = unicodedata.normalize("NFKC", word).strip().casefold()
    return True if plain in TRUE else False if plain in FALSE else None


def _read_weekdays(word: str) -> tuple[int, ...] | None:
    digits = re.sub(r"[\s,;]", "", unicodedata.normalize("NFKC", word))
    return tuple(sorted({int(d) for d in digits})) if re.fullmatch(r"[1-7]+", digits) else None


def _read_days(word: str) -> tuple[str, ...] | None:
    """Read single days parted by blanks, commas or semicolons, as ISO texts in order."""
    found = [read_date(part) for part in re.split(r"[\s,;、]+", unicodedata.normalize("NFKC", word).strip()) if part]
    days = sorted({day.date().isoformat() for day in found if day is not None})
    return tuple(days) if found and None not in found else None


def _read_curve(word: str) -> dict[str, Any] | None:
    plain = unicodedata.normalize("NFKC", word).strip().casefold()
    named = {"linear": "linear", "线性": "linear", to_traditional("线性"): "linear"}
    named |= {"front-loaded": "front-loaded", "前紧后松": "front-loaded", to_traditional("前紧后松"): "front-loaded"}
    if plain in named:
        return {"shape": named[plain]}
    points = [[read_decimal(part) for part in point.split(":")] for point in re.split(r"[\s;,]+", plain)]
    if len(points) > MOST_POINTS or any(len(point) != 2 or None in point for point in points):
        return None
    times, shares = zip(*points, strict=True)
    rising = all(before < after for before, after in pairwise(times)) and list(shares) == sorted(shares)
    if not rising or points[0] != [0, 0] or points[-1] != [1, 1]:
        return None
    return {"shape": "custom", "points": points}


def breakdowns(text: str) -> list[list[int]] | None:
    """Read breakdowns such as 120+80; 60+60+80: parts joined by +, breakdowns by ;. None where it is none."""
    plain = unicodedata.normalize("NFKC", text)
    found = [[read_whole(part) for part in breakdown.split("+")] for breakdown in plain.split(";") if breakdown.strip()]
    if not found or not all(part is not None and 0 <= part <= LARGEST_FIGURE for parts in found for part in parts):
        return None
    return [[int(part) for part in parts if part is not None] for parts in found]


def _read_parts(word: str) -> str | None:
    found = breakdowns(word)
    return "; ".join("+".join(map(str, parts)) for parts in found) if found else None


NUMBERS: dict[str, tuple[Callable[[str], float | None], str]] = {
    "count": (read_whole, "not_a_count"),
    "amount": (read_whole, "not_an_amount"),
    "decimal": (read_decimal, "not_a_number"),
}
READERS: dict[str, tuple[Callable[[str], Any], str, dict[str, Any]]] = {
    "date": (read_date, "not_a_date", {}),
    "datetime": (read_datetime, "not_a_time", {}),
    "bool": (_read_bool, "not_yes_or_no", {}),
    "choice": (str, "not_a_choice", {}),
    "weekdays": (_read_weekdays, "not_weekdays", {}),
    "days": (_read_days, "not_days", {}),
    "curve": (_read_curve, "not_a_curve", {"limit": MOST_POINTS}),
    "parts": (_read_parts, "not_parts", {}),
}
