"""What the returns have found so far of each full figure, and how capture moved as coverage grew."""

from __future__ import annotations

from dashboard import columns_of_comparisons as columns
from dashboard.ask import ask
from dashboard.charts import capture as lines
from dashboard.headline import labels, names
from dashboard.i18n import _
from dashboard.show import chart, colours, section
from dashboard.tables import table
from queries import discrepancy
from queries.view import View


def found(view: View) -> None:
    """Show what has been found of each full figure, and the capture ratio of births and deaths day by day."""
    rows = names.with_names(ask(discrepancy.found, view))
    if rows.empty:
        return
    section(
        _("Found so far"),
        _(
            "Shares of full figures while the count goes on. The capture ratio of births and deaths is 1 when they are "
            "found in proportion to persons; the period of the sweep is not that of the department, so it is a sign, "
            "not a difference."
        ),
    )
    days = ask(discrepancy.capture_by_day, view)
    if len(days):
        figure = lines.capture(labels.capture(days), names.caught(), colours())
        chart(figure, key="capture-by-day", alt=_("Capture ratio of births and deaths day by day, as coverage grows"))
    table(rows, columns.CAPTURE, name="capture", alt=_("Found so far against full figures"), drill=False)
