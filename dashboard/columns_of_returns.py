"""Which columns the tables of returns show."""

from __future__ import annotations

from typing import Final

from dashboard.columns import AREA, UNIT
from dashboard.glossary import N_
from dashboard.tables import Column

SILENCE: Final = Column("status", N_("Returns"), "silence", N_("By the longest run of days due without a return."))
COUNTED: Final = (
    Column("leaves_due", N_("Returns due"), explain=N_("Returns due; a unit outside its phase owes none.")),
    Column("leaves_reported", N_("In")),
    Column("leaves_on_time", N_("On time")),
    Column("leaves_late", N_("Late")),
    Column("leaves_nil", N_("Nil returns"), explain=N_("In, and saying that nothing was done; not a missing one.")),
    Column(
        "leaves_corrected", N_("Corrected returns"), explain=N_("Replaced by a later version; the earlier one is kept.")
    ),
    Column("leaves_carried", N_("Carried"), explain=N_("Not in: an earlier figure stands in.")),
    Column("leaves_never", N_("Never in"), explain=N_("Not in, and no earlier figure stands in.")),
)
REPORTING: Final = Column("reporting_rate", N_("Reporting rate"), "percent", N_("Units in ÷ units due."))
ON_TIME: Final = Column(
    "on_time_rate",
    N_("On-time rate"),
    "percent",
    N_("Units in on time ÷ units due; without times unknown."),
)

RATES: Final = (
    AREA,
    SILENCE,
    *COUNTED,
    REPORTING,
    ON_TIME,
    Column("punctuality", N_("Timeliness"), "punctuality", N_("The on-time rate against its limits.")),
    Column("longest_silence", N_("Longest silence, days"), explain=N_("Most days in a row that one unit has missed.")),
    Column("silent_long", N_("Units long silent"), explain=N_("Units past the limit of days missing in a row.")),
    Column("reporting_rate_to_date", N_("Reporting rate so far"), "percent", N_("Over all days of the phase so far.")),
    Column("on_time_rate_to_date", N_("On-time rate so far"), "percent", N_("Over all days of the phase so far.")),
    Column("restatement_rate_to_date", N_("Restated so far"), "share", N_("Returns corrected later ÷ returns in.")),
)
STREAKS: Final = (
    *UNIT,
    SILENCE,
    Column("days_missing", N_("Days missing"), explain=N_("Days due in a row without a return.")),
    Column("on_time_streak", N_("On time in a row"), explain=N_("Days due in a row with a return on time.")),
    *COUNTED,
    REPORTING,
    ON_TIME,
)
CHASE: Final = (
    AREA,
    Column("group_name", N_("Belongs to"), "text"),
    SILENCE,
    Column("days_missing", N_("Days missing"), explain=N_("Days due in a row without a return.")),
    Column("last_return", N_("Last return"), "date"),
    Column("hh_open", N_("Pending")),
)
CHANGES: Final = (
    AREA,
    Column("parent_name", N_("Belongs to"), "text"),
    Column("report_date", N_("Figure of"), "date"),
    Column("indicator_name", N_("Count changed"), "text"),
    Column("movement", N_("Change"), "movement"),
    Column("was", N_("Was")),
    Column("is_now", N_("Is now")),
    Column("change", N_("Difference"), "signed"),
    Column("total_now", N_("Total of the day"), explain=N_("The viewed area on that day, as it stands now.")),
    Column("moves", N_("Moves the total by"), "percent2"),
    Column("correction_reason", N_("Reason"), "text"),
    Column("received_at", N_("Received"), "moment"),
    Column("file_name", N_("File"), "text"),
    Column("load_id", N_("Load"), explain=N_("The number of the load that brought the later version.")),
)
FRAMES: Final = (
    *UNIT,
    Column("valid_from", N_("In force from"), "date"),
    Column("was", N_("Frame before")),
    Column("is_now", N_("Frame after")),
    Column("change", N_("Difference"), "signed"),
    Column("reason", N_("Reason"), "text"),
    Column("resolved", N_("Resolved")),
    Column("rate_before", N_("Rate, frame before"), "percent", N_("Resolved ÷ the frame before.")),
    Column("rate_now", N_("Rate, frame after"), "percent", N_("Resolved ÷ the frame after.")),
    Column("loaded_at", N_("Received"), "moment"),
    Column("file_name", N_("File"), "text"),
    Column("load_id", N_("Load"), explain=N_("The number of the load that brought the later version.")),
)
