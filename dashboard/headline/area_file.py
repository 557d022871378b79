"""One area in three sentences: progress, staff, comparisons."""

from __future__ import annotations

import pandas as pd

from dashboard.headline import completion, discrepancies, staffing
from dashboard.headline.sentences import join
from queries.view import View


def sentence(
    area: pd.Series,
    children: pd.DataFrame,
    roles: pd.DataFrame,
    comparisons: pd.DataFrame,
    phase: pd.Series,
    view: View,
) -> str:
    """Return the finding of the area file; parameters as for the pages it sums up."""
    return join(
        completion.sentence(area, children, phase, view),
        staffing.sentence(roles, children.iloc[:0], area["name"], view),
        discrepancies.sentence(comparisons, area["name"], view) if len(comparisons) else None,
    )
