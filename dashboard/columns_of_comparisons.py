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
OWNER: Final = Column("owner", N_("Responsible office"), "text")
DUE: Final = Column("due_date", N_("Due"), "date")
CASE: Final = Column("case_name", N_("Case"), "text")
OURS: Final = Column("census_concept_note", N_("Ledger's definition"), "text")
SAID: Final = (
    Column("window_start", N_("Period from"), "date"),
    Column("window_end", N_("Period ends"), "date"),
    Column("cutoff_at", N_("Cut-off"), "date", N_("The day of which the department's figure is.")),
    Column(
        "cutoffs_apart", N_("Days to the ledger"), "signed", N_("From the department's cut-off to that of the ledger.")
    ),
    Column("special_name", N_("Special areas"), "text", N_("Who counts areas without a community of their own.")),
    Column("concept_note", N_("Department's definition"), "text"),
    OURS,
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
    CASE,
    OWNER,
    DUE,
    Column("census_name", N_("Census figure from"), "text"),
    *SAID,
)
NOT_COMPARABLE: Final = (
    INDICATOR,
    SOURCE,
    *FIGURES,
    Column("why_name", N_("Why not"), "text"),
    OWNER,
    *SAID,
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
    Column("basis_name", N_("Rests on"), "text"),
)
RANGES: Final = (
    INDICATOR,
    Column("sources", N_("Sources")),
    Column("lowest", N_("Lowest")),
    Column("highest", N_("Highest")),
    Column("difference", N_("Apart by")),
    Column("census_value", N_("Census")),
    Column("gap_low", N_("Smallest difference"), "signed", N_("Census less the nearest figure.")),
    Column("rate_low", N_("Smallest rate"), "percent2"),
    Column("gap_high", N_("Largest difference"), "signed", N_("Census less the farthest figure.")),
    Column("rate_high", N_("Largest rate"), "percent2"),
)
CAPTURE: Final = (
    INDICATOR,
    SOURCE,
    AGREEMENT,
    Column("found", N_("Found")),
    Column("benchmark_value", N_("Full figure")),
    Column("share", N_("Share found"), "share"),
    Column("coverage", N_("Person coverage"), "share"),
    Column("ratio", N_("Capture ratio"), "ratio", N_("Share found ÷ person coverage; 1 is in proportion.")),
)
OVERDUE: Final = (
    AREA,
    INDICATOR,
    SOURCE,
    CASE,
    OWNER,
    DUE,
    Column("days_overdue", N_("Days overdue")),
)
HISTORY: Final = (
    Column("version", N_("Version")),
    Column("received_at", N_("Recorded"), "date"),
    CASE,
    OWNER,
    DUE,
    Column("explained_amount", N_("Explained"), "signed"),
    Column("reason_name", N_("Reason"), "text"),
    Column("value", N_("Department")),
    Column("by_name", N_("By"), "text"),
)
SUGGESTIONS: Final = (
    Column("code", N_("Unknown code"), "text"),
    Column("name", N_("Name in the file"), "text"),
    Column("path", N_("May stand for"), "text"),
    Column("area_code", N_("Its code"), "text"),
    Column("score", N_("Likeness"), "count", N_("0 to 100: of the name, the place above and the code.")),
)
MATCHED: Final = (
    Column("code", N_("Unknown code"), "text"),
    Column("name", N_("Name in the file"), "text"),
    Column("area_name", N_("Stands for"), "text"),
    Column("area_code", N_("Its code"), "text"),
    Column("confirmed_at", N_("Confirmed"), "date"),
    Column("confirmed_by", N_("By"), "text"),
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
