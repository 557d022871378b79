"""The page of leads shows what the queries find, and only an installation that may write can set one aside."""

from __future__ import annotations

import pytest

from queries import leads
from tests.pages.conftest import Open, headline, table
from tests.questions.test_leads import view


def test_the_table_holds_every_lead_with_its_evidence_and_false_alarms(visit: Open) -> None:
    app = visit("leads")
    shown = table(app, "Lead", "Evidence")
    found = leads.leads(view())
    assert shown["Area"].tolist() == found["name"].tolist()
    still = shown[shown["Lead"] == "数字多日未变"]
    expected = found[found["lead"] == "unchanged"].iloc[0]
    assert f"{expected['usual']:,.0f}户" in still["Evidence"].iloc[0]
    assert still["Raised by genuine returns"].tolist() == ["15.83 %"]
    assert str(len(found)) in headline(app)


def test_an_installation_that_only_reads_offers_no_form(visit: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(visit("leads").text_input) > len(_read_only(visit, monkeypatch).text_input)


def _read_only(visit: Open, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DASHBOARD_READ_ONLY", "1")
    return visit("leads")
