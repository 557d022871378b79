"""Ask a question of the database once per state of its data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from queries.database import database_url

Answer = TypeVar("Answer")


def ask(question: Callable[..., Answer], *arguments: Any) -> Answer:
    """Return the answer to a question for a view and plain values.

    Answers are kept by database, state of its data and arguments, the viewer's scope among them: a
    new load or decision makes all of them stale at once. The frame reads the state once a run, so
    that the figures of a page belong together.
    """
    name = f"{question.__module__}.{question.__qualname__}"
    answer: Answer = _answer(database_url(), st.session_state["data_state"], name, arguments, question)
    return answer


@st.cache_data(show_spinner=False, max_entries=2000)
def _answer(url: str, state: str, name: str, arguments: tuple[Any, ...], _question: Callable[..., Any]) -> Any:
    return _question(*arguments)
