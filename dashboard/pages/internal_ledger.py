"""Internal ledger: the census against itself, from own totals to persons per household."""

from dashboard.ask import ask
from dashboard.headline import internal_ledger as headline
from dashboard.headline import names, opening
from dashboard.i18n import _
from dashboard.sections import ledger
from dashboard.show import page_title
from dashboard.url import current_view
from queries import completion, discrepancy

view = current_view()
place = ask(completion.of_area, view)
opening.stop_outside_scope(place, _("Internal ledger"))
here = place.iloc[0]
totals = names.with_names(ask(discrepancy.three_way, view))

page_title(_("Internal ledger"), headline.sentence(totals, ask(discrepancy.internal, view), here["name"]))
ledger.three_way(headline.differing_first(totals))
ledger.checks(view)
ledger.flows(view)
ledger.households(view)
ledger.periods(view)
