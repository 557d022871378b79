"""Which columns the tables of the internal ledger show."""

from __future__ import annotations

from typing import Final

from dashboard.columns import AREA
from dashboard.columns_of_comparisons import INDICATOR, OWNER, SOURCE
from dashboard.glossary import N_
from dashboard.tables import Column

THREE_WAY: Final = (
    AREA,
    INDICATOR,
    Column("status", N_("Verification"), "equality", N_("Whether own total, sum below and detail are the same.")),
    Column("own", N_("Own total"), explain=N_("As the office reported it.")),
    Column("below", N_("Sum below"), explain=N_("What the areas right below reported: own totals, else returns.")),
    Column("detail", N_("Detail"), explain=N_("The returns of all units below, as of the day of the own total.")),
    Column("own_less_below", N_("Own − below"), "signed"),
    Column("own_less_detail", N_("Own − detail"), "signed"),
    Column("below_less_detail", N_("Below − detail"), "signed"),
    Column("below_filed", N_("Own totals below")),
    Column("below_units", N_("Areas below")),
    Column("date", N_("Own total of"), "date"),
    Column("age", N_("Age, days"), explain=N_("Days from the own total to the day looked at.")),
    OWNER,
    Column("case_name", N_("Case"), "text"),
)
CHECKED: Final = (
    Column("status", N_("Verification"), "agreement", N_("Flows are judged by limits; the others are shown.")),
    Column("left", N_("First figure")),
    Column("right", N_("Second figure")),
    Column("difference", N_("Difference"), "signed"),
    Column("share", N_("Share"), "share", N_("Size of the difference ÷ the figure that it is held against.")),
)
INTERNAL: Final = (Column("check_name", N_("Check"), "text"), INDICATOR, SOURCE, *CHECKED)
INTERNAL_BY_AREA: Final = (AREA, Column("check_name", N_("Check"), "text"), INDICATOR, SOURCE, *CHECKED)
FLOWS: Final = (
    Column("flow_name", N_("Flow"), "text"),
    Column("distance_name", N_("From or to"), "text"),
    Column("persons", N_("Persons")),
    Column("share", N_("Share of the flow"), "share"),
)
FLOWS_BY_AREA: Final = (
    AREA,
    Column("inflow", N_("In from other streets")),
    Column("outflow", N_("Out to other streets")),
    Column("net", N_("Net"), "signed", N_("In less out. The nets of all streets should add up to nought.")),
    Column("share", N_("Share of all in"), "percent"),
)
COMPOSITION: Final = (
    Column("part_name", N_("Part"), "text"),
    Column("persons", N_("Persons")),
    Column("share", N_("Share of registered persons"), "share"),
)
HOUSEHOLDS: Final = (
    AREA,
    Column("status", N_("Size"), "size", N_("Usual is 2 to 4 persons, possible 1 to 8.")),
    Column("hh_done", N_("Registered households")),
    Column("pers_total", N_("Registered persons")),
    Column("persons_per_household", N_("Persons per household"), "ratio"),
    Column("pers_living", N_("Living in the household")),
    Column("living_per_household", N_("Living per household"), "ratio"),
)
OVERLAPS: Final = (
    Column("period_name", N_("What is wrong"), "text"),
    SOURCE,
    INDICATOR,
    Column("window_start", N_("Period from"), "date"),
    Column("window_end", N_("Period ends"), "date"),
    Column("other_name", N_("Other indicator"), "text"),
    Column("other_start", N_("Other period from"), "date"),
    Column("other_end", N_("Other period ends"), "date"),
    Column("days_shared", N_("Days in both")),
    Column("days_apart", N_("Days in one only")),
)
