"""Which columns the tables of discrepancies, of the area file and of the methods show."""

from __future__ import annotations

from typing import Final

from dashboard.columns import AREA
from dashboard.glossary import N_
from dashboard.tables import Column

AGREEMENT: Final = Column("status", N_("Verification"), "agreement", N_("The unexplained part against tolerance."))
INDICATOR: Final = Column("indicator_name", N_("Indicator"), "text")
SOURCE: Final = Column("source_name", N_("Source"), "text")
FIGURES: Final = (
    Column("census_value", N_("Census")),
    Column("benchmark_value", N_("Department")),
)
COMPARISONS: Final = (
    INDICATOR,
    SOURCE,
    AGREEMENT,
    *FIGURES,
    Column("discrepancy", N_("Difference"), "signed", N_("Census less department.")),
    Column("rate", N_("Difference rate"), "percent2", N_("Difference ÷ department's figure.")),
    Column("explained_amount", N_("Explained"), "signed"),
    Column("reason_name", N_("Reason"), "text"),
    Column("unexplained", N_("Unexplained")),
    Column("unexplained_rate", N_("Unexplained rate"), "permille", N_("Unexplained ÷ department's figure.")),
    Column("tolerance", N_("Tolerance"), "permille"),
    Column("case_name", N_("Case"), "text"),
    Column("census_name", N_("Census figure from"), "text"),
    Column("window_end", N_("Period ends"), "date"),
    Column("concept_note", N_("Definition"), "text"),
)
NOT_COMPARABLE: Final = (
    INDICATOR,
    SOURCE,
    *FIGURES,
    Column("why_name", N_("Why not"), "text"),
    Column("window_start", N_("Period from"), "date"),
    Column("window_end", N_("Period ends"), "date"),
    Column("concept_note", N_("Definition"), "text"),
)
BY_AREA: Final = (
    AREA,
    AGREEMENT,
    Column("census_value", N_("Census"), "masked"),
    Column("benchmark_value", N_("Department"), "masked"),
    Column("discrepancy", N_("Difference"), "signed"),
    Column("rate", N_("Difference rate"), "percent2"),
    Column("unexplained", N_("Unexplained")),
    Column("unexplained_rate", N_("Unexplained rate"), "permille"),
)
COMPONENTS: Final = (
    INDICATOR,
    SOURCE,
    *FIGURES,
    Column("discrepancy", N_("Difference"), "signed"),
    Column("rate", N_("Difference rate"), "percent2"),
    Column("component_rate", N_("Component discrepancy"), "share", N_("Sizes added up: signs cannot cancel.")),
)
RANGES: Final = (
    INDICATOR,
    Column("sources", N_("Sources")),
    Column("lowest", N_("Lowest")),
    Column("highest", N_("Highest")),
    Column("difference", N_("Apart by")),
    Column("census_value", N_("Census")),
)
INTERNAL: Final = (
    Column("check_name", N_("Check"), "text"),
    INDICATOR,
    AGREEMENT,
    Column("left", N_("First figure")),
    Column("right", N_("Second figure")),
    Column("difference", N_("Difference"), "signed"),
    Column("share", N_("Share"), "percent"),
)
CAPTURE: Final = (
    INDICATOR,
    SOURCE,
    AGREEMENT,
    Column("found", N_("Found")),
    Column("benchmark_value", N_("Department")),
    Column("share", N_("Share found"), "percent"),
    Column("coverage", N_("Person coverage"), "percent"),
    Column("ratio", N_("Capture ratio"), "ratio", N_("Share found ÷ person coverage; 1 is in proportion.")),
)
PERSONS: Final = (
    AREA,
    Column("pers_total", N_("Registered persons")),
    Column("pers_living", N_("Living in the household")),
    Column("pers_absent", N_("Absent")),
    Column("pers_hukou", N_("Hukou here")),
    Column("pers_in6m", N_("In-migrants")),
    Column("pers_out6m", N_("Out-migrants")),
    Column("births", N_("Births"), "masked"),
    Column("deaths", N_("Deaths"), "masked"),
    Column("hmt", N_("Hong Kong, Macao, Taiwan"), "masked"),
    Column("foreign", N_("Foreign"), "masked"),
)
METHODS: Final = (
    Column("number", N_("No.")),
    INDICATOR,
    Column("numerator", N_("Numerator"), "text"),
    Column("denominator", N_("Denominator"), "text"),
    Column("worked", N_("Worked example"), "text"),
    Column("source", N_("Source"), "text"),
    Column("threshold", N_("Threshold"), "text"),
)
FORMULAS: Final = (
    Column("number", N_("No.")),
    INDICATOR,
    Column("formula", N_("Formula"), "text"),
    Column("worked", N_("Worked example"), "text"),
)
GLOSSARY: Final = (
    Column("number", N_("No.")),
    Column("en", N_("English"), "text"),
    Column("zh_Hans", N_("Simplified Chinese"), "text"),
    Column("zh_Hant", N_("Traditional Chinese"), "text"),
    Column("definition", N_("Definition or formula"), "text"),
)
