"""Which own totals are not what was returned, and whether flows between streets balance."""

from __future__ import annotations

import pandas as pd

from dashboard.headline.names import INDICATORS, name
from dashboard.headline.sentences import join
from dashboard.i18n import _, count, ngettext, percent, signed


def sentence(totals: pd.DataFrame, checks: pd.DataFrame, area_name: str) -> str:
    """Return the finding of the internal ledger from its own totals and its checks."""
    return join(_totals(totals, area_name), _widest(totals), _flows(checks))


def differing_first(totals: pd.DataFrame) -> pd.DataFrame:
    """Return own totals in the order in which they are to be looked at; one that agrees has no case."""
    agrees = totals["status"] == "green"
    rows = totals.assign(case_name=totals["case_name"].mask(agrees, "—"))
    size = rows[["own_less_below", "own_less_detail"]].abs().max(axis=1).fillna(0)
    return rows.loc[size.sort_values(ascending=False, kind="stable").index]


def _totals(totals: pd.DataFrame, area_name: str) -> str:
    if totals.empty:
        return _("No office of {area} has filed a total of its own.").format(area=area_name)
    differing, unknown = (int((totals["status"] == status).sum()) for status in ("amber", "unknown"))
    if unknown:
        return join(
            ngettext(
                "{differing} of {all} own totals in {area} is not the sum of what was returned and is to be verified.",
                "{differing} of {all} own totals in {area} are not the sums of what was returned and are to be "
                "verified.",
                differing,
            ).format(differing=count(differing), all=count(len(totals)), area=area_name)
            if differing
            else None,
            ngettext(
                "{unknown} of {all} own totals in {area} cannot be compared: returns or totals below are missing.",
                "{unknown} of {all} own totals in {area} cannot be compared: returns or totals below are missing.",
                unknown,
            ).format(unknown=count(unknown), all=count(len(totals)), area=area_name),
        )
    if not differing:
        return _("All {all} own totals filed in {area} are the sums of what was returned.").format(
            all=count(len(totals)), area=area_name
        )
    return ngettext(
        "{differing} of {all} own totals in {area} is not the sum of what was returned and is to be verified.",
        "{differing} of {all} own totals in {area} are not the sums of what was returned and are to be verified.",
        differing,
    ).format(differing=count(differing), all=count(len(totals)), area=area_name)


def _widest(totals: pd.DataFrame) -> str | None:
    gaps = totals["own_less_detail"].abs()
    if totals.empty or not (gaps > 0).any():
        return None
    begun = gaps.where(totals["own_less_below"] != 0, 0)  # else what is below has brought the difference in
    gaps = begun if (begun > 0).any() else gaps
    row = totals.loc[gaps.idxmax()]
    said = _("The widest is {area}, {indicator}: {gap} against the returns of the same day.").format(
        area=row["name"], indicator=name(INDICATORS, row["indicator"]), gap=signed(row["own_less_detail"])
    )
    if not row["age"]:
        return said
    old = ngettext("It is {age} day old.", "It is {age} days old.", int(row["age"])).format(age=count(row["age"]))
    return join(said, old)


def _flows(checks: pd.DataFrame) -> str | None:
    flow = checks[checks["check"] == "flow_balance"]
    if flow.empty:
        return None
    row = flow.iloc[0]
    return _("Flows between streets are apart by {gap}, {share} of the larger side.").format(
        gap=count(abs(row["difference"])), share=percent(row["share"], 2)
    )
