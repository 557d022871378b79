"""Which columns the tables of discrepancies, of the area file and of the methods show."""

from __future__ import annotations

from typing import Final

from dashboard.columns import AREA, column
from dashboard.glossary import N_

AGREEMENT: Final = column("status", N_("Verification"), "agreement", N_("The unexplained part against tolerance."))
INDICATOR: Final = column("indicator_name", N_("Indicator"), "text")
SOURCE: Final = column("source_name", N_("Source"), "text")
FIGURES: Final = (
    column("census_value", N_("Census")),
    column("benchmark_value", N_("Department")),
)
COMPARISONS: Final = (
    INDICATOR,
    SOURCE,
    AGREEMENT,
    *FIGURES,
    column("discrepancy", N_("Difference"), "signed", N_("Census less department.")),
    column("rate", N_("Difference rate"), "percent2", N_("Difference ÷ department's figure.")),
    column("explained_amount", N_("Explained"), "signed"),
    column("reason_name", N_("Reason"), "text"),
    column("unexplained", N_("Unexplained")),
    column("unexplained_rate", N_("Unexplained rate"), "permille", N_("Unexplained ÷ department's figure.")),
    column("tolerance", N_("Tolerance"), "permille"),
    column("case_name", N_("Case"), "text"),
    column("census_name", N_("Census figure from"), "text"),
    column("window_end", N_("Period ends"), "date"),
    column("concept_note", N_("Definition"), "text"),
)
NOT_COMPARABLE: Final = (
    INDICATOR,
    SOURCE,
    *FIGURES,
    column("why_name", N_("Why not"), "text"),
    column("window_start", N_("Period from"), "date"),
    column("window_end", N_("Period ends"), "date"),
    column("concept_note", N_("Definition"), "text"),
)
BY_AREA: Final = (
    AREA,
    AGREEMENT,
    column("census_value", N_("Census"), "masked"),
    column("benchmark_value", N_("Department"), "masked"),
    column("discrepancy", N_("Difference"), "signed"),
    column("rate", N_("Difference rate"), "percent2"),
    column("unexplained", N_("Unexplained")),
    column("unexplained_rate", N_("Unexplained rate"), "permille"),
)
COMPONENTS: Final = (
    INDICATOR,
    SOURCE,
    *FIGURES,
    column("discrepancy", N_("Difference"), "signed"),
    column("rate", N_("Difference rate"), "percent2"),
    column("component_rate", N_("Component discrepancy"), "share", N_("Sizes added up: signs cannot cancel.")),
)
RANGES: Final = (
    INDICATOR,
    column("sources", N_("Sources")),
    column("lowest", N_("Lowest")),
    column("highest", N_("Highest")),
    column("difference", N_("Apart by")),
    column("census_value", N_("Census")),
)
INTERNAL: Final = (
    column("check_name", N_("Check"), "text"),
    INDICATOR,
    AGREEMENT,
    column("left", N_("First figure")),
    column("right", N_("Second figure")),
    column("difference", N_("Difference"), "signed"),
    column("share", N_("Share"), "percent"),
)
CAPTURE: Final = (
    INDICATOR,
    SOURCE,
    AGREEMENT,
    column("found", N_("Found")),
    column("benchmark_value", N_("Department")),
    column("share", N_("Share found"), "percent"),
    column("coverage", N_("Person coverage"), "percent"),
    column("ratio", N_("Capture ratio"), "ratio", N_("Share found ÷ person coverage; 1 is in proportion.")),
)
PERSONS: Final = (
    AREA,
    column("pers_total", N_("Registered persons")),
    column("pers_living", N_("Living in the household")),
    column("pers_absent", N_("Absent")),
    column("pers_hukou", N_("Hukou here")),
    column("pers_in6m", N_("In-migrants")),
    column("pers_out6m", N_("Out-migrants")),
    column("births", N_("Births"), "masked"),
    column("deaths", N_("Deaths"), "masked"),
    column("hmt", N_("Hong Kong, Macao, Taiwan"), "masked"),
    column("foreign", N_("Foreign"), "masked"),
)
METHODS: Final = (
    column("number", N_("No.")),
    INDICATOR,
    column("numerator", N_("Numerator"), "text"),
    column("denominator", N_("Denominator"), "text"),
    column("worked", N_("Worked example"), "text"),
    column("source", N_("Source"), "text"),
    column("threshold", N_("Threshold"), "text"),
)
FORMULAS: Final = (
    column("number", N_("No.")),
    INDICATOR,
    column("formula", N_("Formula"), "text"),
    column("worked", N_("Worked example"), "text"),
)
GLOSSARY: Final = (
    column("number", N_("No.")),
    column("en", N_("English"), "text"),
    column("zh_Hans", N_("Simplified Chinese"), "text"),
    column("zh_Hant", N_("Traditional Chinese"), "text"),
    column("definition", N_("Definition or formula"), "text"),
)
