"""The frame around every page: language, schema, view, navigation."""

from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import streamlit as st
from sqlalchemy.exc import OperationalError

from dashboard import access, url
from dashboard.ask import ask
from dashboard.i18n import OWN_NAMES, _, day, language, settle_language, tag
from queries import areas, migrations, returns
from queries.database import engine, state
from queries.view import LANGUAGES

ICON = Path(__file__).with_name("icon.png")

settle_language()
st.set_page_config(page_title=_("Census progress"), page_icon=ICON, layout="wide")


def refuse(title: str, body: str, command: str | None = None) -> NoReturn:
    """Show why there is nothing to see, and end the run."""
    st.warning(body, title=title, icon=":material/info:")
    if command:
        st.code(command, language="sh")
    st.stop()


def check_schema() -> None:
    """Refuse a database that this release cannot read."""
    try:
        revision = migrations.current(engine())
    except OperationalError:
        refuse(_("The database cannot be reached"), _("Check DATABASE_URL and whether the server is running."))
    if revision == migrations.head():
        return
    if revision is not None and not migrations.known(revision):
        refuse(
            _("The database is newer than this program"),
            _("It is at revision {revision}: update the program.").format(revision=revision),
        )
    refuse(
        _("The database must be brought up to date"),
        _("Its tables are missing or older than this program. Run:"),
        "python -m queries migrate",
    )


def choose_view() -> None:
    """Show the bar in which phase, day, place and language are chosen.

    Keys of widgets hold the language: a browser sends a choice back by its words.
    """
    looked = url.current()
    view = looked.view
    names = dict(zip(looked.phases["code"], looked.phases["name"], strict=True))
    days = [looked.last - timedelta(days=n) for n in range((looked.last - looked.first).days + 1)]
    here = ask(areas.place, view)
    assert here is not None
    below = ask(areas.children, view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.session_state["view_phase"]
        st.selectbox(
            _("Phase"),
            list(names),
            index=list(names).index(code),
            format_func=names.__getitem__,
            key=f"phase-{code}-{view.language}",
            on_change=lambda: url.remember(phase=st.session_state[f"phase-{code}-{view.language}"]),
            width=190,
        )
        st.selectbox(
            _("As of"),
            days,
            index=days.index(view.as_of),
            format_func=day,
            key=f"date-{view.as_of}-{view.language}",
            on_change=lambda: url.remember(date=st.session_state[f"date-{view.as_of}-{view.language}"].isoformat()),
            width=170,
        )
        if len(below):
            options = below["area_id"].astype(int).tolist()
            called = dict(zip(options, below["name"], strict=True))
            st.selectbox(
                _("Go down to"),
                options,
                index=None,
                format_func=lambda a: called.get(a, str(a)),
                placeholder=_("{n} areas below {name}").format(n=len(options), name=here["name"]),
                key=f"below-{view.area_id}-{view.language}",
                on_change=lambda: url.go(st.session_state[f"below-{view.area_id}-{view.language}"]),
                width=270,
            )
        with st.popover(_("Find an area"), icon=":material/search:"):
            words = st.text_input(_("Name or code"), key="search")
            if words:
                found = ask(areas.search, view, words)
                for row in found.itertuples():
                    st.button(
                        f"{row.name} · {row.code}",
                        key=f"found-{row.area_id}",
                        on_click=url.go,
                        args=(int(row.area_id),),
                    )
                if found.empty:
                    st.caption(_("No area of this name or code."))
        st.segmented_control(
            _("Language"),
            LANGUAGES,
            default=language(),
            format_func=OWN_NAMES.__getitem__,
            key=f"lang-{language()}",
            on_change=lambda: url.remember(lang=tag(st.session_state[f"lang-{language()}"] or language())),
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        trail = ask(areas.breadcrumb, view)
        for n, row in enumerate(trail.itertuples()):
            last = n == len(trail) - 1
            st.button(
                row.name,
                key=f"crumb-{row.area_id}",
                type="tertiary",
                icon=None if n == 0 else ":material/chevron_right:",
                disabled=last,
                on_click=url.go,
                args=(int(row.area_id),),
            )
        if st.session_state["simulated"]:
            st.badge(_("Demonstration: simulated returns"), icon=":material/science:", color="orange")


check_schema()
st.session_state["data_state"] = state()
try:
    top = access.scope()
except access.NoAccessError as error:
    refuse(
        _("No access"),
        _("This installation is limited to the area “{area}”, which does not exist.").format(area=error.args[0]),
    )
if top is None:
    refuse(
        _("No areas yet"),
        _("Load an area list and the first returns, or try the demonstration:"),
        "python -m queries demo",
    )
st.session_state["simulated"] = ask(returns.is_simulated)
looked = url.look(top)
if looked is None:
    refuse(
        _("No returns yet"),
        _("The areas are there. Load the calendar, the frame and the first returns:"),
        "python -m queries load FILE…",
    )
st.session_state["looked"] = looked
page = st.navigation(
    {
        _("Meeting"): [
            st.Page("../pages/command_centre.py", title=_("Command centre"), icon=":material/monitoring:", default=True)
        ],
        _("Progress"): [
            st.Page("../pages/completion.py", title=_("Completion"), icon=":material/task_alt:"),
            st.Page("../pages/staffing.py", title=_("Staffing"), icon=":material/groups:"),
        ],
        _("Quality"): [
            st.Page("../pages/discrepancies.py", title=_("Discrepancies"), icon=":material/balance:"),
            st.Page("../pages/acceptance.py", title=_("Acceptance"), icon=":material/fact_check:"),
            st.Page("../pages/leads.py", title=_("Leads"), icon=":material/travel_explore:"),
        ],
        _("Places"): [st.Page("../pages/area_file.py", title=_("Area file"), icon=":material/folder_open:")],
        _("Desk"): [st.Page("../pages/methods.py", title=_("Methods and glossary"), icon=":material/menu_book:")],
    },
    position="top",
)
choose_view()
if looked.ignored:
    st.info(_("Part of the link could not be followed and was left out: {what}").format(what=", ".join(looked.ignored)))
page.run()
st.caption(_("Internal work progress; census data may not be used for performance appraisal."))
