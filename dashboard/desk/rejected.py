"""Hand the rejected rows of a file back to its sender."""

from __future__ import annotations

import streamlit as st

from dashboard.desk import WORKBOOK
from dashboard.i18n import _, language
from dashboard.plain import plain
from queries.intake import handed_back
from queries.intake.receipt import Receipt


def downloads(receipt: Receipt, key: str) -> None:
    """Offer the rejected rows with their reasons as a workbook and as CSV, made when asked for."""
    stem = receipt.file_name.rpartition(".")[0] or receipt.file_name
    tongue = language()  # a file is made outside the run, where no language is known
    for label, content, ending, mime in (
        (_("Rejected rows, Excel"), handed_back.as_workbook, "xlsx", WORKBOOK),
        (_("Rejected rows, CSV"), handed_back.as_csv, "csv", "text/csv"),
    ):
        st.download_button(
            plain(label),
            lambda content=content: content(receipt, tongue),  # type: ignore[misc]
            file_name=f"{stem}.rejected.{ending}",
            mime=mime,
            key=f"rejected-{ending}-{key}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
