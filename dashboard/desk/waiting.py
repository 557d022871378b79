"""The file that waits first: what was found in it, what it would change, and whether to store it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import access, columns_of_intake, faults
from dashboard.ask import ask
from dashboard.cards import Card, cards
from dashboard.desk import days, rejected, uploads
from dashboard.headline import intake as headline
from dashboard.i18n import _, count, language, ngettext
from dashboard.plain import plain
from dashboard.sections import codes
from dashboard.show import section
from dashboard.tables import table
from dashboard.url import viewed
from queries import areas
from queries.intake.known import UNKNOWN_AREA
from queries.intake.matching import unmatched
from queries.intake.receipt import SEVERITIES, Receipt
from queries.intake.take_in import examine, take_in_content
from queries.view import View


def show(upload: uploads.Upload) -> None:
    """Show a waiting file with its findings, and offer to store it or to put it aside."""
    view, scope_id = viewed(), access.scope()
    about = (st.session_state["data_state"], view and view.phase_id, view and view.area_id, scope_id)
    with st.spinner(plain(_("Checking {file} …").format(file=upload.name))):
        told, unknown = uploads.examined(upload, about, lambda: _examined(upload, view, scope_id))
    section(upload.name)
    _verdict(told)
    if told.problem is None and told.seen_as is None:
        _counts(told)
        here = None if view is None else ask(areas.place, view)
        said = None if here is None else headline.moved(told, here["name"])
        if said:
            st.caption(plain(said))
        _findings(told, upload)
        if view is not None and len(unknown):
            codes.match_file(unknown, view)
    _choices(told, upload)


def _examined(upload: uploads.Upload, view: View | None, scope_id: int | None) -> tuple[Receipt, pd.DataFrame]:
    """Return what would become of a file, and the area codes in it that stand for no area."""
    told = examine(upload.content, upload.name, watch=view, scope_id=scope_id)
    broken = set(told.findings["rule"]) if len(told.findings) else set()
    return told, unmatched(upload.content, upload.name) if UNKNOWN_AREA in broken else pd.DataFrame()


def _verdict(told: Receipt) -> None:
    said = headline.would_be(told)
    if told.problem is not None:
        st.error(plain(said), icon=":material/block:", title=_("This file cannot be taken in"))
    elif told.rows_rejected:
        st.warning(plain(said), icon=":material/rule:")
    elif told.result == "unchanged":
        st.info(plain(said), icon=":material/done_all:")
    else:
        st.success(plain(said), icon=":material/check:")


def _counts(told: Receipt) -> None:
    found = told.found
    rows = _("of {n} rows in the file").format(n=count(told.rows_read))
    older = [Card(_("Older"), count(told.rows_stale), None, rows, _("Rows submitted before what is in force."))]
    cards(
        [
            Card(_("New"), count(told.rows_stored), None, rows, _("Rows of which nothing is stored yet.")),
            Card(_("Corrected"), count(told.rows_corrected), None, rows, _("Rows that differ from what is stored.")),
            *(older if told.rows_stale else []),
            Card(_("Unchanged"), count(told.rows_unchanged), None, rows, _("Rows that are stored already.")),
            Card(_("Rejected"), count(told.rows_rejected), None, rows, _("Rows that break a rule and are not stored.")),
            Card(
                _("Warnings"),
                count(found["warn"]),
                None,
                _("{n} notes").format(n=count(found["note"])),
                _("What is unlikely, but may be right: it is stored, and worth a question."),
            ),
        ]
    )


def _findings(told: Receipt, upload: uploads.Upload) -> None:
    found, examples = told.findings, told.examples
    if found.empty:
        st.caption(_("Nothing was found against this file."))
        return
    present = [severity for severity in SEVERITIES if (found["severity"] == severity).any()]
    chosen = present
    if len(present) > 1:
        numbers = told.found
        chosen = st.pills(
            _("Show"),
            present,
            selection_mode="multi",
            default=present,
            format_func=lambda s: plain(f"{headline.severity_word(s)} · {count(numbers[s])}"),
            key=f"severity-{upload.digest[:12]}-{language()}",
        )
    shown, whole = (rows[rows["severity"].isin(chosen)] for rows in (examples, found))
    if len(shown):
        table(
            headline.findings_table(shown),
            columns_of_intake.FINDINGS,
            name="findings",
            alt=_("Findings in the file"),
            drill=False,
            whole=headline.findings_table(whole),
        )
    listed_in_files = len(whole) - len(shown)
    if listed_in_files:
        st.caption(
            plain(
                _("The first of each kind are listed; {n} more of the same kinds are in the files.").format(
                    n=count(listed_in_files)
                )
            )
        )
    left_out = sum(told.found[severity] for severity in chosen) - len(whole)
    if left_out > 0:
        st.caption(plain(_("{n} more findings of the same kinds are not listed.").format(n=count(left_out))))


def _choices(told: Receipt, upload: uploads.Upload) -> None:
    good = told.rows_stored + told.rows_corrected + told.rows_stale
    with st.container(horizontal=True, vertical_alignment="center"):
        if told.problem is None and good:
            st.button(
                plain(
                    ngettext("Store the {n} good row", "Store the {n} good rows", good).format(n=count(good))
                    if told.rows_rejected
                    else ngettext("Store {n} row", "Store {n} rows", good).format(n=count(good))
                ),
                key=f"store-{upload.digest[:12]}",
                type="secondary" if told.rows_rejected else "primary",
                icon=":material/save:",
                on_click=_store,
                args=(upload.digest, bool(told.rows_rejected)),
            )
        st.button(
            _("Put aside"),
            key=f"aside-{upload.digest[:12]}",
            icon=":material/close:",
            on_click=uploads.put_aside,
            args=(upload.digest,),
        )
        if told.rows_rejected:
            rejected.downloads(told, "waiting")


@faults.kept()
def _store(digest: str, partial: bool) -> None:
    """Store a waiting file; for a button's callback, which runs before the page and only once a click."""
    upload = uploads.take(digest)
    if upload is None:
        return
    receipt = take_in_content(
        upload.content,
        upload.name,
        partial=partial,
        loaded_by=access.role(),
        scope_id=access.scope(),
    )
    uploads.keep(receipt)
    if receipt.result in ("rejected", "unreadable"):  # the database has changed since it was examined
        uploads.waiting().insert(0, upload)
    days.follow()
