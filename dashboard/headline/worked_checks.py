"""What acceptance computes beyond ratios of sums, with its formula and worked with the figures of the area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.headline.worked import FORMULAS
from dashboard.i18n import _, count, percent, permille
from dashboard.words_of_checks import within


def formulas(checks: pd.DataFrame, limits: Mapping[str, Any]) -> pd.DataFrame:
    """Return number, indicator, formula, worked: of the rule, of what a sample can say, of rework.

    Parameters
    ----------
    checks : DataFrame
        One row as `queries.acceptance.example` gives it; empty while no check has been filed.
    limits : mapping
        The settings.
    """
    row = checks.iloc[0] if len(checks) else None
    rows = [*_of_rule(row), *_of_sample(row, limits), *_of_rework(row)]
    return pd.DataFrame(rows, columns=FORMULAS)


def _of_rule(row: pd.Series | None) -> list[tuple[int, str, str, str]]:
    figures = "—"
    if row is not None and pd.notna(row["allowed"]):
        figures = _("{limit} × {checked}: {allowed} allowed, {errors} wrong. {verdict}").format(
            limit=permille(row["limit"]),
            checked=count(row["checked"]),
            allowed=count(row["allowed"]),
            errors=count(row["errors"]),
            verdict=within(row["within"]),
        )
    return [
        (
            32,
            _("Verdict by the rule"),
            _("errors ≤ limit × checked, rounded down, for every item; no error in births and deaths; map qualified"),
            figures,
        )
    ]


def _of_sample(row: pd.Series | None, limits: Mapping[str, Any]) -> list[tuple[int, str, str, str]]:
    interval = passing = at_limit = "—"
    if row is not None and pd.notna(row["rate"]):
        interval = (
            f"{count(row['errors'])} ÷ {count(row['checked'])}: {permille(row['low'], 2)} – {permille(row['high'], 2)}"
        )
        passing = f"{permille(2 * row['limit'])}, {count(row['checked'])}: {percent(row['twice_passes'], 2)}"
        at_limit = f"{permille(row['limit'])}, {count(row['checked'])}: {percent(row['limit_fails'], 2)}"
    return [
        (
            73,
            _("Interval of the true rate"),
            _("Wilson 95 %: (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n), z = 1.96"),
            interval,
        ),
        (
            73,
            _("Chance that twice the limit passes"),
            _("binomial chance of no more errors than allowed among those checked"),
            passing,
        ),
        (
            73,
            _("Chance that the limit is sent back"),
            _("1 − binomial chance of no more errors than allowed at the limit itself"),
            at_limit,
        ),
        (
            73,
            _("Limits of the funnel"),
            _("binomial quantiles around the pooled rate: 2.5 and 97.5 %, 0.1 and 99.9 %"),
            "—" if row is None else f"{count(row['errors'])} ÷ {count(row['checked'])} = {permille(row['rate'], 2)}",
        ),
        (
            73,
            _("How many to check"),
            _("smallest sample in which the rate to be caught passes with no more than the chance set"),
            percent(limits["acceptance.risk"], 0),
        ),
    ]


def _of_rework(row: pd.Series | None) -> list[tuple[int, str, str, str]]:
    closed = overdue = "—"
    if row is not None and row["rework_found"]:
        closed = f"{count(row['rework_closed'])} ÷ {count(row['rework_found'])} = {percent(row['rework_rate'], 2)}"
    if row is not None:
        overdue = count(row["rework_overdue"])
    return [
        (77, _("Rectification rate"), _("sent back and passed on re-check ÷ sent back"), closed),
        (78, _("Overdue rectification"), _("sent back, not passed since, due before the day"), overdue),
    ]
