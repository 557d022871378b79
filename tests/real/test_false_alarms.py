"""The false-alarm rates that the leads carry are those of the real tract series."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from queries.leads import FALSE_ALARMS
from queries.leads.detect import false_alarms, judged
from queries.settings import DEFAULTS
from tests.real.test_tracts import series


def test_the_rates_shown_are_those_measured(real_data: Path) -> None:
    tracts, daily = series(real_data)
    places = tracts.set_index("tract")
    done = daily["done"].astype("float64")
    history = pd.DataFrame(
        {
            "area_id": daily["tract"],
            "parent_id": daily["tract"].map(places["county_fips"]),
            "date": pd.to_datetime(daily["date"]),
            "gone": (pd.to_datetime(daily["date"]) - pd.Timestamp("2010-01-01")).dt.days,
            "reported": True,
            "hh_resolved": done,
            "hh_done": done,
            "hh_frame": daily["tract"].map(places["target"]).astype("float64"),
            "pers_total": np.nan,
        }
    )
    measured = false_alarms(judged(history, DEFAULTS)).set_index("lead")["rate"]
    shown = {lead: rate for lead, rate in FALSE_ALARMS.items() if not np.isnan(rate)}
    assert set(measured.index) == set(shown)
    for lead, rate in shown.items():
        assert measured[lead] == pytest.approx(rate, abs=5e-5), lead
