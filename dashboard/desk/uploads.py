"""Files that wait to be stored, and receipts of those that were: kept for the session, whatever is clicked.

A file leaves the waiting list before it is stored, so that no rerun can store it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from queries.intake.receipt import Receipt

Answer = TypeVar("Answer")

MOST_WAITING = 20
MOST_BYTES = 2**27  # of all waiting files together
KEPT_RECEIPTS = 10


@dataclass(frozen=True)
class Upload:
    """A file that was dragged in: its name, its content, and what tells it from others."""

    name: str
    content: bytes
    digest: str


def waiting() -> list[Upload]:
    """Return the files that wait, the first of them first."""
    files: list[Upload] = st.session_state.setdefault("desk_waiting", [])
    return files


def receipts() -> list[Receipt]:
    """Return the receipts of this session, the newest first."""
    kept: list[Receipt] = st.session_state.setdefault("desk_receipts", [])
    return kept


def round_of_uploads() -> int:
    """Return how often files were received: an uploader is emptied by a new key."""
    return int(st.session_state.get("desk_round", 0))


def receive(key: str) -> None:
    """Move the files of an uploader to the waiting list and empty it; for its callback."""
    held = {upload.digest for upload in waiting()}
    for file in st.session_state[key] or []:
        content = file.getvalue()
        digest = hashlib.sha256(content).hexdigest()
        room = len(waiting()) < MOST_WAITING and sum(len(u.content) for u in waiting()) + len(content) <= MOST_BYTES
        if digest not in held and room:
            waiting().append(Upload(file.name, content, digest))
            held.add(digest)
        elif not room:
            st.session_state["desk_full"] = True
    st.session_state["desk_round"] = round_of_uploads() + 1


def was_full() -> bool:
    """Return, once, whether files found no place on the waiting list."""
    return bool(st.session_state.pop("desk_full", False))


def take(digest: str) -> Upload | None:
    """Take a file off the waiting list; None where it is no longer on it."""
    found = next((upload for upload in waiting() if upload.digest == digest), None)
    if found is not None:
        waiting().remove(found)
    return found


def put_aside(digest: str) -> None:
    """Take a file off the waiting list without storing it; for a button's callback."""
    take(digest)


def keep(receipt: Receipt) -> None:
    """Keep a receipt to be shown."""
    st.session_state["desk_receipts"] = [receipt, *receipts()][:KEPT_RECEIPTS]


def forget() -> None:
    """Put the receipts away."""
    st.session_state["desk_receipts"] = []


def examined(upload: Upload, about: tuple[object, ...], question: Callable[[], Answer]) -> Answer:
    """Return what a file would do, asked once for each file, state of the database and view."""
    key = (upload.digest, *about)
    known: dict[tuple[object, ...], Answer] = st.session_state.setdefault("desk_examined", {})
    if key not in known:
        known.clear()
        known[key] = question()
    return known[key]
