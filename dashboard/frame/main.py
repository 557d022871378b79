"""The frame around every page: language, schema, view, navigation."""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from dashboard import access, faults, url
from dashboard.ask import ask
from dashboard.frame import first as first_files
from dashboard.frame import no_page, wall
from dashboard.frame.view_bar import choose_language, choose_view
from dashboard.i18n import _, language, settle_language
from dashboard.memory import collect_now_and_then
from dashboard.plain import plain
from dashboard.show import on_phone, speak
from queries import migrations, returns
from queries.database import engine, state

ICON = Path(__file__).with_name("icon.png")
PHONE, PAPER = (Path(__file__).with_name(f"{name}.css") for name in ("phone", "print"))

collect_now_and_then()
settle_language()
st.set_page_config(page_title=_("Census progress"), page_icon=ICON, layout="wide")
speak(language())


def refuse(title: str, body: str, command: str | None = None, *, first: bool = False) -> NoReturn:
    """Show why there is nothing to see, let the first files in where it is for want of them, and end the run."""
    if first:
        choose_language()
    st.warning(plain(body), title=plain(title), icon=":material/info:")
    if command:
        st.code(command, language="sh")
    if first:
        st.session_state["looked"] = None
        first_files.take_in()
    st.stop()


def refuse_without_database(error: BaseException) -> NoReturn:
    """Say why the database cannot be used; the next run finds it again by itself."""
    faults.say(error)
    st.button(_("Try again"), icon=":material/refresh:", key="try-again")
    st.stop()


def check_schema() -> None:
    """Refuse a database that this release cannot read."""
    revision = migrations.current(engine())
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


def open_view() -> None:
    """Find out what is looked at; refuse where there is nothing to see."""
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
            first=True,
        )
    st.session_state["simulated"] = ask(returns.is_simulated)
    looked = url.look(top)
    if looked is None:
        refuse(
            _("No returns yet"),
            _("The areas are there. Load the calendar, the frame and the first returns:"),
            "python -m queries load FILE…",
            first=True,
        )
    st.session_state["looked"] = looked
    faults.say_kept()


first = st.Page("../pages/command_centre.py", title=_("Command centre"), icon=":material/monitoring:", default=True)
sections = {
    _("Meeting"): [
        first,
        st.Page("../pages/check_in.py", title=_("Check-in"), icon=":material/event_available:"),
    ],
    _("Progress"): [
        st.Page("../pages/completion.py", title=_("Completion"), icon=":material/task_alt:"),
        st.Page("../pages/staffing.py", title=_("Staffing"), icon=":material/groups:"),
        st.Page("../pages/returns.py", title=_("Returns"), icon=":material/inbox:"),
    ],
    _("Quality"): [
        st.Page("../pages/discrepancies.py", title=_("Discrepancies"), icon=":material/balance:"),
        st.Page("../pages/internal_ledger.py", title=_("Internal ledger"), icon=":material/rule:"),
        st.Page("../pages/acceptance.py", title=_("Acceptance"), icon=":material/fact_check:"),
        st.Page("../pages/leads.py", title=_("Leads"), icon=":material/travel_explore:"),
        st.Page("../pages/cleanup.py", title=_("Register clean-up"), icon=":material/how_to_reg:"),
    ],
    _("Places"): [st.Page("../pages/area_file.py", title=_("Area file"), icon=":material/folder_open:")],
    _("Desk"): [
        st.Page(
            "../pages/intake.py",
            title=_("Data intake"),
            icon=":material/upload_file:",
            visibility="visible" if access.may_write() else "hidden",
        ),
        st.Page("../pages/methods.py", title=_("Methods and glossary"), icon=":material/menu_book:"),
    ],
}
missing = no_page.asked_for(sections, first)
page = st.navigation(
    {**sections, "": [missing]} if missing else sections,
    position="hidden" if wall.wanted() else "top",
)
if wall.wanted():
    wall.show()
    st.stop()
st.html(PAPER)
if page is missing:
    choose_language()
    page.run()
    st.stop()
if on_phone():
    st.html(PHONE)
try:
    open_view()
    choose_view()
    ignored = url.current().ignored
    if ignored:
        st.info(
            plain(_("Part of the link could not be followed and was left out: {what}").format(what=", ".join(ignored)))
        )
    page.run()
except faults.DATABASE_FAULTS as fault:
    refuse_without_database(fault)
st.caption(_("Internal work progress; census data may not be used for performance appraisal."))
