"""Which comparisons with departmental figures need to be verified, and which is furthest out."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.names import INDICATORS, SOURCES, name
from dashboard.headline.sentences import join
from dashboard.i18n import _, count, ngettext, number, percent
from queries.view import View


def sentence(comparisons: pd.DataFrame, area_name: str, view: View) -> str:
    """Return the finding of the discrepancies page from one row an indicator, source and period."""
    comparable = _comparable(comparisons)
    refused = len(comparisons) - len(comparable) if len(comparable) else 0
    return join(finding(comparisons, area_name), _refused(refused))


def finding(comparisons: pd.DataFrame, area_name: str) -> str:
    """Say how many comparisons are to be verified and which is furthest out."""
    if not len(comparisons):
        return _("No departmental figure has been filed for {area}.").format(area=area_name)
    comparable = _comparable(comparisons)
    if not len(comparable):
        return _("None of the departmental figures filed for {area} can be compared.").format(area=area_name)
    beyond = comparable[comparable["status"].isin(["amber", "red"])]
    return join(_tolerance(comparable, beyond, area_name), _widest(beyond))


def below(areas: int) -> str | None:
    """Say where figures stand when the viewed area has none of its own; None where no area below has any."""
    if not areas:
        return None
    return ngettext(
        "Departmental figures stand for {areas} area below: go down to see them.",
        "Departmental figures stand for {areas} areas below: go down to see them.",
        areas,
    ).format(areas=count(areas))


def none_overdue(unsettled: int, undated: int) -> tuple[bool, str]:
    """Say that no case is overdue, and whether every open one has a day by which it could be."""
    if not unsettled:
        return False, _("No figure is on file whose case is open.")
    if undated:
        return False, ngettext(
            "No case with a due day is overdue; {undated} open case has none.",
            "No case with a due day is overdue; {undated} open cases have none.",
            undated,
        ).format(undated=count(undated))
    return True, _("No case is overdue.")


def _comparable(comparisons: pd.DataFrame) -> pd.DataFrame:
    return comparisons[comparisons["comparable"].fillna(False).astype(bool)] if len(comparisons) else comparisons


def _tolerance(comparable: pd.DataFrame, beyond: pd.DataFrame, area_name: str) -> str:
    within = int((comparable["status"] == "green").sum())
    if not len(beyond) and within < len(comparable):
        return _(
            "{within} of {all} comparisons made for {area} lie within tolerance; the rest cannot be judged."
        ).format(within=count(within), all=count(len(comparable)), area=area_name)
    if not len(beyond):
        return ngettext(
            "The one comparison made for {area} lies within tolerance.",
            "All {all} comparisons made for {area} lie within tolerance.",
            len(comparable),
        ).format(all=count(len(comparable)), area=area_name)
    return ngettext(
        "{beyond} of {all} comparisons for {area} is beyond tolerance and to be verified.",
        "{beyond} of {all} comparisons for {area} are beyond tolerance and to be verified.",
        len(beyond),
    ).format(beyond=count(len(beyond)), all=count(len(comparable)), area=area_name)


def _widest(beyond: pd.DataFrame) -> str | None:
    measured = beyond[beyond["unexplained_rate"].notna()]
    if not len(measured):
        return None
    widest = measured.loc[(measured["unexplained_rate"] / measured["tolerance"]).idxmax()]
    words = {
        "indicator": name(INDICATORS, widest["indicator"]),
        "source": name(SOURCES, widest["source"]),
        "rate": percent(abs(widest["rate"]), 2),
        "gap": count(abs(widest["discrepancy"])),
        "unexplained": count(abs(widest["unexplained"])),
        "times": number(widest["unexplained_rate"] / widest["tolerance"], 1),
    }
    if widest["discrepancy"] < 0:
        return _(
            "Furthest beyond tolerance: {indicator}, {gap} ({rate}) below the figure of {source}, {unexplained} of it "
            "unexplained, {times} times what is tolerated."
        ).format(**words)
    return _(
        "Furthest beyond tolerance: {indicator}, {gap} ({rate}) above the figure of {source}, {unexplained} of it "
        "unexplained, {times} times what is tolerated."
    ).format(**words)


def _refused(refused: int) -> str | None:
    if not refused:
        return None
    return ngettext(
        "{refused} figure cannot be compared; its reason stands below.",
        "{refused} figures cannot be compared; their reasons stand below.",
        refused,
    ).format(refused=count(refused))
