"""Acceptance: which gates are open, what checks found, what their samples can say, what is to be done again."""

import streamlit as st

from dashboard import columns_of_checks as columns
from dashboard.ask import ask
from dashboard.charts.funnel_limits import funnel_limits
from dashboard.headline import acceptance as headline
from dashboard.headline import names_of_checks as names
from dashboard.headline import notices, opening
from dashboard.i18n import _, permille
from dashboard.plain import plain
from dashboard.show import chart, colours, page_title, section, verdict
from dashboard.tables import table
from dashboard.url import current_view
from queries import acceptance, completion, sampling, settings

MOST_LISTED = 500  # checks, the worst first

view = current_view()
place = ask(completion.of_area, view)
opening.stop_outside_scope(place, _("Acceptance"))
here = place.iloc[0]
filed = ask(acceptance.stages, view)
allowances = ask(acceptance.allowances)

if filed.empty:
    page_title(_("Acceptance"), headline.nothing(here["name"], view))
    st.info(
        _(
            "Checks are taken in like daily returns, with the quality check form: one row a check with its unit, stage "
            "and level, what was sampled, checked and found wrong, and the decision."
        ),
        icon=":material/fact_check:",
    )
    section(_("What each stage allows"), _("Births and deaths: no error in any stage."))
    table(names.with_names(allowances), columns.ALLOWANCES, name="allowances", alt=_("Limits by stage"), drill=False)
    st.stop()

top = st.container()
stages = filed["stage"].tolist()
usual = acceptance.usual_stage(filed, st.session_state["view_phase"])
stage = st.selectbox(
    _("Stage"),
    stages,
    index=stages.index(usual),
    format_func=names.stage,
    key=f"stage-{view.area_id}-{usual}-{view.language}",
    width=270,
)
gates = ask(acceptance.gates, view, stage)
whole = ask(acceptance.of_area, view, stage).iloc[0]
redone = ask(acceptance.rework, view, stage)
with top:
    page_title(_("Acceptance"), headline.sentence(whole, gates, redone, stage))
st.caption(plain(headline.rule(stage, allowances)))

section(_("Gates"), _("A gate opens when every checked unit has passed and one check at least is by another."))
gates = names.with_missing(gates)
st.markdown("\n".join(f"- {plain(line)}" for line in headline.closed(gates)))
table(gates, columns.GATES, name="gates", alt=_("Gate of each area"), notes=[notices.appraisal()])

section(
    _("To be done again"), _("A re-check that passes closes the matter; overdue is what is open after its due day.")
)
if len(redone):
    st.markdown(plain(headline.rectified(acceptance.rectified(redone))))
    table(
        names.with_names(redone), columns.REWORK, name="rework", alt=_("Units sent back, with due days and re-checks")
    )
else:
    verdict(*headline.none_sent_back(whole))

section(_("Checks"), _("The check that stands for each unit and level: a re-check takes the place of the one before."))
board = ask(acceptance.board, view, stage)
notes = headline.not_listed(len(board) - MOST_LISTED)
table(
    names.with_names(board.head(MOST_LISTED)),
    columns.BOARD,
    name="checks",
    alt=_("Checks with sample, errors by type and verdict"),
    notes=notes,
)

section(_("What the samples can say"), _("Self-checks are left out: they are not an independent sample."))
items = ask(acceptance.items, view, stage)
item = st.segmented_control(
    _("Item"),
    items,
    default=items[0],
    format_func=lambda i: plain(names.item(i)),
    key=f"item-{stage}-{view.area_id}-{view.language}",
)
item = item or items[0]
pooled = headline.measured(ask(acceptance.pooled, view, stage, item))
units = headline.measured(names.with_names(ask(acceptance.units, view, stage, item)))
limit = pooled["limit"].iloc[0]
st.markdown(plain(pooled["label"].iloc[0]))
funnel = ask(acceptance.limits_by_chance, view, stage, item)
if len(funnel):
    words = names.funnel(permille(limit))
    figure = funnel_limits(units, funnel, pooled["rate"].iloc[0], words, colours())
    chart(figure, key="funnel", alt=_("Error rate of each check against how many were checked"), drill=True)
    st.caption(plain(notices.chance()))
table(pooled, columns.POOLED, name="pooled", alt=_("Error rate pooled by area"))
if len(units):
    table(
        units.head(MOST_LISTED),
        columns.UNITS,
        name="units",
        alt=_("Error rate of each unit with what its sample can say"),
        notes=headline.not_listed(len(units) - MOST_LISTED),
    )

section(
    _("Births and deaths"),
    _("Apart, because one error is enough. How many were checked is not told: the counts of a unit are small."),
)
below = len(gates) == 1
events = names.with_names(board[board["level"] != "self"]) if below else gates
table(
    events,
    columns.ZERO_BY_UNIT if below else columns.ZERO_BY_AREA,
    name="events",
    alt=_("Births and deaths checked and wrong"),
)

section(_("How many to check"), _("The smallest sample that a poor unit will hardly pass."))
rule = ask(settings.settings)
left, middle, right = st.columns(3)
usual_limit = 1000 * limit if limit > 0 else 4.0
with left:
    allowed = st.number_input(_("Limit, ‰"), 0.0, 500.0, usual_limit, 0.5, key=f"limit-{stage}-{item}-{view.language}")
with middle:
    poor = st.number_input(
        _("Rate to be caught, ‰"), 0.1, 900.0, 2 * usual_limit, 0.5, key=f"poor-{stage}-{item}-{view.language}"
    )
with right:
    risk = st.number_input(
        _("May pass in % of cases"), 1.0, 50.0, 100 * rule["acceptance.risk"], 1.0, key=f"risk-{view.language}"
    )
size = ask(sampling.sample_size, allowed / 1000, poor / 1000, risk / 100)
st.markdown(plain(headline.plan(size, allowed / 1000, poor / 1000, item)))
