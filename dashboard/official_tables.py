"""The tables that a register clean-up is reported in: titles, headings and columns as offices know them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from dashboard import url
from dashboard.glossary import N_
from dashboard.headline import cleanup as headline
from dashboard.headline.names_of_cleanup import KINDS, RESULTS
from dashboard.i18n import _, day
from dashboard.official import Layout, as_form
from dashboard.plain import plain
from dashboard.tables import Column, stamps, table
from queries.counts import ISSUE_TYPES, PERSON_CATEGORIES


@dataclass(frozen=True)
class Block:
    """Columns under a common heading, or columns that stand alone where it is empty."""

    heading: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class OfficialTable:
    """An official table: its title, its unit of count, its blocks after the name of the place."""

    key: str
    title: str
    unit: str
    blocks: tuple[Block, ...]

    def columns(self) -> Iterator[tuple[str, Column]]:
        """Yield each column with the heading of its block."""
        for block in self.blocks:
            for column in block.columns:
                yield block.heading, column


FOUND, RESOLVED, PENDING, OVERDUE = N_("Cases found"), N_("Cases resolved"), N_("Cases pending"), N_("Cases overdue")
TO_CHECK, CHECKED = N_("To be checked"), N_("Checked so far")
DUE: Final = Column("due", N_("To be rectified by"), "date")
TOTAL: Final = N_("Total without person-times")


def _of(kind: str, *states: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(f"{kind}_{state}", heading) for state, heading in states)


THREE: Final = (("found", FOUND), ("resolved", RESOLVED), ("pending", PENDING))
FOUR: Final = (*THREE, ("overdue", OVERDUE))
PARTS: Final = {
    "should_cancel": (
        Column("should_cancel_army", N_("Enlisted")),
        Column("should_cancel_abroad", N_("Settled abroad")),
        Column("should_cancel_death", N_("Died")),
    ),
    "separated": (
        Column("separated_person_only", N_("Person here, hukou elsewhere")),
        Column("separated_hukou_only", N_("Hukou here, person elsewhere")),
    ),
}

OFFICIAL: Final = (
    OfficialTable(
        "issues",
        N_("Register clean-up, statistics table 1: issues by type"),
        N_("persons; items in person-times"),
        (
            *(Block(KINDS[kind], _of(kind, *THREE)) for kind in ISSUE_TYPES),
            Block(TOTAL, _of("issues", *THREE)),
            Block("", (DUE,)),
        ),
    ),
    OfficialTable(
        "rectification",
        N_("Register clean-up, statistics table 2: rectification"),
        N_("households, persons, returns"),
        (
            Block(N_("Households"), (Column("hh_to_check", TO_CHECK), Column("hh_checked", CHECKED))),
            Block(N_("Persons"), (Column("pers_to_check", TO_CHECK), Column("pers_checked", CHECKED))),
            Block(
                N_("Issues of all types but person-times"),
                (*_of("issues", *FOUR), Column("issues_rate", N_("Rectification rate"), "percent")),
            ),
            Block("", (DUE,)),
            Block(
                N_("Confirmed by returns"),
                (
                    Column("materials_handed_over", N_("Materials handed over")),
                    Column("db_updated", N_("Police database updated")),
                    Column("returns", N_("Returns filed")),
                ),
            ),
        ),
    ),
    OfficialTable(
        "categories",
        N_("Statistics of the six categories of persons"),
        N_("persons, households, addresses"),
        (
            *(Block(KINDS[kind], (*_of(kind, *FOUR), *PARTS.get(kind, ()))) for kind in PERSON_CATEGORIES),
            Block(
                N_("Addresses and door plates"),
                (
                    Column("abandoned_addresses", N_("Abandoned addresses")),
                    Column("nominal_households", N_("Nominal households")),
                    Column("nominal_persons", N_("Nominal persons")),
                    Column("missing_plates", N_("Plates missing")),
                    Column("plates_made", N_("Plates made")),
                ),
            ),
        ),
    ),
    OfficialTable(
        "results",
        N_("Statistics of the results of the register clean-up"),
        N_("addresses, persons; items in person-times"),
        (
            Block(
                "",
                (
                    Column("addresses_checked", N_("Standard addresses checked")),
                    Column("pers_checked", N_("Actual population verified")),
                    Column("new_residents", RESULTS["new_residents"]),
                    Column("births_registered", RESULTS["births_registered"]),
                    Column("late_entries", RESULTS["late_entries"]),
                ),
            ),
            Block(
                N_("Hukou cancelled"),
                (
                    Column("death_cancelled", N_("Died")),
                    Column("enlisted_cancelled", N_("Enlisted")),
                    Column("emigrated_cancelled", N_("Settled abroad")),
                    Column("duplicate_cancelled", N_("Duplicate or false")),
                ),
            ),
            Block("", (Column("items_corrected", RESULTS["items_corrected"]),)),
            Block(
                RESULTS["no_hukou_settled"],
                (
                    Column("no_hukou_settled", N_("In all")),
                    Column("no_hukou_foundling", N_("Abandoned children")),
                    Column("no_hukou_vagrant", N_("Homeless persons")),
                    Column("no_hukou_sheltered", N_("Persons in shelters")),
                ),
            ),
            Block(
                N_("Centenarians"),
                (
                    Column("centenarian_total", N_("In all")),
                    Column("centenarian_alive", N_("Alive")),
                    Column("centenarian_cancelled", N_("Died, cancelled")),
                ),
            ),
            Block(
                N_("Papers"),
                (
                    Column("photo_missing_18plus", N_("Aged 18 or over without a photo")),
                    Column("old_id_only", N_("Old identity card only")),
                ),
            ),
        ),
    ),
)


def with_total(rows: pd.DataFrame, area: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the areas under the row of their total; an area by itself is its own total."""
    total = area.assign(name=_("Total"))
    return pd.concat([total, rows], ignore_index=True) if rows["area_id"].iloc[0] != area["area_id"].iloc[0] else rows


def on_screen(official: OfficialTable) -> tuple[Column, ...]:
    """Return the columns of an official table in one line of headings, in the viewer's language."""
    named = [
        Column(column.name, " · ".join(_(part) for part in (heading, column.heading) if part), column.kind)
        for heading, column in official.columns()
    ]
    return (Column("name", N_("Area"), "text"), *named)


def show(rows: pd.DataFrame, area: pd.DataFrame) -> None:
    """Show the official tables of an area, one in each tab, with its form as an Excel file."""
    lines = with_total(rows, area)
    titles = [_(official.title) for official in OFFICIAL]
    tabs = st.tabs([plain(title) for title in titles], key=f"official-{url.current_view().language}", on_change="rerun")
    for official, tab in zip(OFFICIAL, tabs, strict=True):
        if tab.open:
            with tab:
                _show(official, lines, area.iloc[0])


def _show(official: OfficialTable, lines: pd.DataFrame, here: pd.Series) -> None:
    shown = on_screen(official)
    name = f"official-{official.key}"
    notes = [_unit(official), *headline.missing(here), _("— is unknown: no return states it.")]
    table(lines, shown, name=name, alt=_(official.title), notes=notes, drill=False)
    names, kinds = [c.name for c in shown[1:]], [c.kind for c in shown[1:]]
    st.download_button(
        _("Excel in the layout of the form"),
        partial(as_form, lines, names, kinds, _layout(official, here)),
        file_name=f"{url.file_name(name)}_form.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"form-{name}-{url.current_view().language}",
        on_click="ignore",
        icon=":material/description:",
    )


def _unit(official: OfficialTable) -> str:
    return _("Unit: {unit}").format(unit=_(official.unit))


def _layout(official: OfficialTable, here: pd.Series) -> Layout:
    return Layout(
        title=_(official.title),
        sheet=_("Table"),
        office=_("Reporting office (seal): {area}").format(area=here["name"]),
        as_of=_("As of {day}").format(day=day(url.current_view().as_of)),
        unit=_unit(official),
        place=_("Area"),
        headings=[(_(heading) if heading else "", _(column.heading)) for heading, column in official.columns()],
        notes=[*headline.missing(here), _("— is unknown: no return states it."), *stamps()[1:]],
    )
