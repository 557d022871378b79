"""Which columns the tables of acceptance show."""

from __future__ import annotations

from typing import Final

from dashboard.columns import AREA
from dashboard.glossary import N_
from dashboard.tables import Column

PARENT: Final = Column("parent_name", N_("Belongs to"), "text")
GATES: Final = (
    AREA,
    Column("status", N_("Gate"), "gate", N_("Open when every checked unit has passed and one check is by another.")),
    Column("units", N_("Units checked")),
    Column("villages", N_("Of all villages"), explain=N_("Villages and communities of the area, checked or not.")),
    Column("passed", N_("Units passed")),
    Column("sent_back", N_("Units sent back")),
    Column("undecided", N_("Units not decided")),
    Column("missing_name", N_("What is missing"), "text"),
    Column("independent", N_("Checks by others"), explain=N_("Checks by another than the unit itself.")),
    Column("hh_sampled", N_("Households sampled")),
    Column("pers_checked", N_("Persons checked")),
    Column("omitted", N_("Omitted")),
    Column("duplicated", N_("Registered twice")),
    Column("wrong_item", N_("Wrong items")),
    Column("pers_error_rate", N_("Persons wrong, rate"), "permille", N_("Persons wrong ÷ persons checked.")),
    Column("hukou_error_rate", N_("Hukou persons wrong, rate"), "permille"),
    Column("units_error_rate", N_("Dwelling units wrong, rate"), "permille"),
    Column("buildings_err", N_("Buildings wrong")),
)
BOARD: Final = (
    AREA,
    Column("status", N_("State"), "accepted", N_("Passed by decision and by the rule; else not decided or sent back.")),
    Column("verdict", N_("By the rule"), "by_rule", N_("Every limit of the stage, births and deaths without error.")),
    PARENT,
    Column("decision_name", N_("Acceptance decision"), "text"),
    Column("broken_name", N_("Rules broken"), "text"),
    Column("level_name", N_("Level of the check"), "text"),
    Column("cross_name", N_("Checked by"), "text"),
    Column("report_date", N_("Day of the check"), "date"),
    Column("hh_sampled", N_("Households sampled")),
    Column("pers_checked", N_("Persons checked")),
    Column("pers_err", N_("Persons wrong")),
    Column("omitted", N_("Omitted")),
    Column("duplicated", N_("Registered twice")),
    Column("wrong_item", N_("Wrong items")),
    Column("pers_error_rate", N_("Persons wrong, rate"), "permille", N_("Persons wrong ÷ persons checked.")),
    Column("hukou_checked", N_("Hukou persons checked")),
    Column("hukou_error_rate", N_("Hukou persons wrong, rate"), "permille"),
    Column("units_checked", N_("Dwelling units checked")),
    Column("units_error_rate", N_("Dwelling units wrong, rate"), "permille"),
    Column("buildings_checked", N_("Buildings checked")),
    Column("buildings_err", N_("Buildings wrong")),
    Column("check_id", N_("Check number"), "text"),
)
MEASURE: Final = (
    Column("within", N_("Against the limit"), "within"),
    Column("checked", N_("Checked")),
    Column("errors", N_("Errors")),
    Column("rate", N_("Error rate"), "permille", N_("Errors ÷ checked.")),
    Column("limit", N_("Limit"), "permille"),
    Column("low", N_("True rate from"), "permille", N_("Wilson 95 % interval.")),
    Column("high", N_("True rate to"), "permille", N_("Wilson 95 % interval.")),
    Column(
        "twice_passes",
        N_("Twice the limit passes"),
        "percent",
        N_("Chance that a unit whose true rate is twice the limit passes a check of this size."),
    ),
    Column(
        "limit_fails",
        N_("At the limit is sent back"),
        "percent",
        N_("Chance that a unit whose true rate is exactly the limit is sent back by a check of this size."),
    ),
    Column("says", N_("What the sample says"), "text"),
)
POOLED: Final = (AREA, *MEASURE)
UNITS: Final = (AREA, MEASURE[0], PARENT, Column("level_name", N_("Level of the check"), "text"), *MEASURE[1:])
ZERO: Final = Column("zero", N_("Births and deaths"), "zero", N_("One error is enough to send the unit back."))
ZERO_BY_AREA: Final = (
    AREA,
    ZERO,
    Column("zero_units", N_("Units with both checked")),
    Column("zero_wrong", N_("Of these with an error")),
)
ZERO_BY_UNIT: Final = (AREA, ZERO, PARENT, Column("level_name", N_("Level of the check"), "text"))
REWORK: Final = (
    AREA,
    Column("status", N_("Rework"), "redone"),
    PARENT,
    Column("why_name", N_("Rules broken"), "text"),
    Column("decision_name", N_("Acceptance decision"), "text"),
    Column("level_name", N_("Level of the check"), "text"),
    Column("report_date", N_("Sent back on"), "date"),
    Column("rework_due", N_("Due on"), "date"),
    Column("overdue_days", N_("Days overdue")),
    Column("rechecks", N_("Re-checks")),
    Column("last_date", N_("Last check"), "date"),
    Column("last_check_id", N_("Check number"), "text"),
)
ALLOWANCES: Final = (
    Column("stage_name", N_("Stage"), "text"),
    Column("item_name", N_("Item"), "text"),
    Column("limit", N_("Limit"), "permille"),
)
