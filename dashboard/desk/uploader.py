"""Where files are dragged in, and the receipts of those that were stored."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from dashboard.desk import rejected, uploads
from dashboard.headline import intake as headline
from dashboard.i18n import _, language
from dashboard.plain import plain
from dashboard.show import colours
from queries.intake.reading.limits import MAX_BYTES
from queries.intake.receipt import Receipt


def show() -> None:
    """Show the place where files are dragged in; they move to the waiting list at once."""
    megabytes = MAX_BYTES // 2**20
    key = f"upload-{language()}-{uploads.round_of_uploads()}"
    _speak(megabytes)
    st.file_uploader(
        _("Drag files of returns in: Excel workbooks or CSV"),
        accept_multiple_files=True,
        max_upload_size=megabytes,
        key=key,
        on_change=uploads.receive,
        args=(key,),
        help=_("Every form is recognised by its headings. Nothing is stored before you confirm it."),
    )
    if uploads.was_full():
        st.warning(
            _("Some files found no place on the waiting list: bring them again when the others are done."),
            icon=":material/hourglass_full:",
        )


def _speak(megabytes: int) -> None:
    """Put the words inside the uploader, which knows only English, into the viewer's language."""
    zone = '[data-testid="stFileUploaderDropzone"]'
    words = {
        f"{zone} [data-testid='stBaseButton-secondary'] p": _("Choose files"),
        f"{zone} [data-testid='stFileUploaderDropzoneInstructions'] span": _(
            "or drag them here; at most {n} MB each"
        ).format(n=megabytes),
    }
    rules = [
        f"{place} {{font-size: 0}} {place}::after {{content: {_quoted(text)}; font-size: 0.95rem; white-space: normal}}"
        for place, text in words.items()
    ]
    refused = _(
        "Not taken: a file may have at most {n} MB. Send the days or the streets one by one. Nothing was stored."
    ).format(n=megabytes)
    rules += [
        f"{zone} [data-testid='stFileUploaderDropzoneInstructions'] * {{white-space: normal; overflow: visible}}",
        f"{zone} [role='alert'], [data-testid='stTooltipErrorContent'] {{display: none}}",
        f"{zone}:has([aria-invalid='true'])::after "
        f"{{content: {_quoted(refused)}; color: {colours().red}; flex-basis: 100%; padding-top: 0.4rem}}",
        f"{zone}:has([aria-invalid='true']) {{flex-wrap: wrap; height: auto}}",
    ]
    st.html(f"<style>{' '.join(rules)}</style>")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def say(receipt: Receipt) -> None:
    """Show a receipt."""
    said = headline.became(receipt)
    if receipt.result in ("rejected", "unreadable"):
        st.error(plain(said), icon=":material/block:")
    elif receipt.result in ("partial", "unchanged"):
        st.info(plain(said), icon=":material/receipt_long:")
    else:
        st.success(plain(said), icon=":material/receipt_long:")
    if receipt.rows_rejected:
        with st.container(horizontal=True):
            rejected.downloads(receipt, f"receipt-{receipt.load_id or receipt.file_name}")


def queue(files: Sequence[uploads.Upload]) -> None:
    """Say which files come next."""
    if files:
        st.caption(plain(_("Next: {files}").format(files=_(", ").join(upload.name for upload in files))))
