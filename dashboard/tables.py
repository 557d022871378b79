"""Tables: which columns, under which headings, written how; the same on screen and in files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard import url
from dashboard.charts.palette import SYMBOLS
from dashboard.download import as_csv, as_workbook
from dashboard.headline import positions
from dashboard.i18n import MASKED, UNKNOWN, _, day, is_unknown, moment
from dashboard.plain import plain
from dashboard.show import on_phone
from dashboard.words_of_checks import WORDS_OF_CHECKS
from dashboard.words_of_returns import WORDS_OF_RETURNS

FORMATS: Final = {
    "count": "%,.0f",
    "signed": "%+,.0f",
    "points": "%+.1f",
    "ratio": "%.2f",
    "pace": "%,.0f",
    "percent": "%.1f %%",
    "share": "%.2f %%",
    "percent2": "%+.2f %%",
    "permille": "%.2f ‰",
}
PINNED_ON_PHONE: Final = 130  # pixels
SCALES: Final = {"percent": 100, "share": 100, "percent2": 100, "permille": 1000}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        Its column in the frame.
    heading : str
        Its heading in English, translated where it is shown.
    kind : str
        A key of FORMATS, of TIMES or of WORDS, or text, or masked.
    explain : str
        What the heading means, in English, translated where it is shown.
    """

    name: str
    heading: str
    kind: str = "count"
    explain: str = ""


def agreement_word(status: str) -> str:
    """Return the word for how far a discrepancy is inside its tolerance."""
    return {
        "green": _("Within tolerance"),
        "amber": _("Above tolerance: to verify"),
        "red": _("Far above tolerance: to verify"),
    }.get(status, _("Not judged"))


def staffing_word(status: str) -> str:
    """Return the word for how well posts are filled."""
    return {
        "green": _("Filled"),
        "partly": _("Filled as far as known"),
        "amber": _("Nearly filled"),
        "red": _("Short"),
    }.get(status, _("Not known"))


SIGNS: Final = {**SYMBOLS, **positions.SIGNS}
TIMES: Final = {"date": day, "moment": moment}


def overdue_word(status: str) -> str:
    """Return the word for how much of a clean-up is past its due date."""
    return {"green": _("None overdue"), "amber": _("Some overdue"), "red": _("Much overdue")}.get(
        status, _("Not known")
    )


def equality_word(status: str) -> str:
    """Return the word for whether figures that should be one are the same."""
    return {"green": _("The same"), "amber": _("Differs: to verify"), "red": _("Differs: to verify")}.get(
        status, _("Not judged")
    )


def size_word(status: str) -> str:
    """Return the word for whether the size of households is plausible."""
    return {
        "green": _("Usual"),
        "amber": _("Unusual: to verify"),
        "red": _("Hardly possible: to verify"),
    }.get(status, _("Not judged"))


WORDS: Final = {
    "position": positions.word,
    "agreement": agreement_word,
    "staffing": staffing_word,
    "overdue": overdue_word,
    "equality": equality_word,
    "size": size_word,
    **WORDS_OF_CHECKS,
    **WORDS_OF_RETURNS,
}


def presented(rows: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a frame as it is shown: columns in order under their headings, shares scaled, words for statuses."""
    shown = {}
    for column in columns:
        values = rows[column.name]
        if column.kind in WORDS:
            word = WORDS[column.kind]
            values = values.map(lambda s, word=word: f"{SIGNS.get(s, '?')} {word(s)}").astype("str")
        elif column.kind in TIMES:
            values = values.map(TIMES[column.kind]).astype("str")
        elif column.kind == "masked":
            hidden = rows[f"{column.name}_masked"]
            written = [
                MASKED if m else UNKNOWN if is_unknown(v) else f"{v:,.0f}" for v, m in zip(values, hidden, strict=True)
            ]
            values = pd.Series(written, index=rows.index, dtype="str")
        elif column.kind not in ("text", "day"):
            values = values.astype("float64") * SCALES.get(column.kind, 1)
            values = values.mask(values.abs() == float("inf"))
        shown[_(column.heading)] = values
    return pd.DataFrame(shown, index=rows.index)


def table(
    rows: pd.DataFrame,
    columns: Sequence[Column],
    *,
    name: str,
    alt: str,
    notes: Sequence[str] = (),
    drill: bool = True,
    whole: pd.DataFrame | None = None,
) -> None:
    """Show a table, with its Excel and CSV files; a click on a row goes to its area.

    Parameters
    ----------
    rows : DataFrame
        With area_id where rows can be gone to.
    name : str
        What it holds; names the files and the widget.
    notes : sequence of str
        Definitions and reservations that belong to the figures: shown below and kept in the workbook.
    whole : DataFrame, optional
        What the files hold, where only a part of it is shown.
    """
    rows = rows.reset_index(drop=True)
    shown = presented(rows, columns)
    key = f"table-{url.file_name(name)}"
    can_drill = drill and "area_id" in rows

    def follow() -> None:
        chosen = st.session_state[key].selection.rows
        if chosen:
            url.go(int(rows["area_id"].iloc[chosen[0]]))

    more: dict[str, Any] = {"on_select": follow, "selection_mode": "single-row"} if can_drill else {}
    st.dataframe(
        shown,
        hide_index=True,
        placeholder=UNKNOWN,
        column_config={_(c.heading): _configured(c, n == 0) for n, c in enumerate(columns)},
        key=key,
        alt=alt,
        height="auto" if len(shown) <= 10 else 420,
        **more,
    )
    for note in notes:
        st.caption(plain(note))
    if whole is not None:
        rows, shown = whole, presented(whole, columns)
    _downloads(rows, shown, columns, name=name, title=alt, notes=notes)


def _downloads(
    rows: pd.DataFrame, shown: pd.DataFrame, columns: Sequence[Column], *, name: str, title: str, notes: Sequence[str]
) -> None:
    """Offer a table as an Excel workbook and as CSV, made when asked for."""
    codes = rows.get("code")
    kinds = [c.kind for c in columns]
    if codes is not None:
        shown = pd.concat([codes.rename(_("Code")), shown], axis=1)
        kinds.insert(0, "text")
    status = rows["status"].tolist() if "status" in rows else []
    said = [title, *stamps(), *notes]
    sheets = (_("Table"), _("Notes"))  # a file is made outside the run, where no language is known
    with st.container(horizontal=True):
        st.download_button(
            "Excel",
            lambda: as_workbook(shown, kinds, status, sheets, said),
            file_name=f"{url.file_name(name)}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key=f"xlsx-{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        st.download_button(
            "CSV",
            lambda: as_csv(shown),
            file_name=f"{url.file_name(name)}.csv",
            mime="text/csv",
            key=f"csv-{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def stamps() -> list[str]:
    """Return what every file must say of itself: where, as of when, and what it may not be used for."""
    if url.viewed() is None:
        return [_("Internal work progress; census data may not be used for performance appraisal.")]
    looked = url.current()
    phase = looked.phases.set_index("phase_id").loc[looked.view.phase_id]
    return stamped(phase, looked.view.as_of, simulated=bool(st.session_state.get("simulated")))


def stamped(phase: pd.Series, as_of: date, *, simulated: bool) -> list[str]:
    """Return the stamps of figures of a phase (name, cutoff) and day."""
    lines = [
        _("{phase}, as of {day}, daily cut-off {cutoff}").format(
            phase=phase["name"], day=day(as_of), cutoff=f"{phase['cutoff']:%H:%M}"
        )
    ]
    if simulated:
        lines.append(_("Demonstration: simulated returns"))
    lines.append(_("Internal work progress; census data may not be used for performance appraisal."))
    return lines


def _configured(column: Column, pinned: bool) -> Any:
    about = _(column.explain) if column.explain else None
    if column.kind in FORMATS:
        return st.column_config.NumberColumn(format=FORMATS[column.kind], help=about)
    narrow = PINNED_ON_PHONE if pinned and on_phone() else None  # else a long name leaves no room for the figures
    return st.column_config.TextColumn(help=about, pinned=pinned, width=narrow)
