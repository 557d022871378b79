"""Every CSV that leaves the program: what a spreadsheet would work out is text, and every number stays a number."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from dashboard.download import as_csv
from queries.harmless import harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|x", "-无", "-1+2", "@所", "\t=1", "\r=1", "\n=1", "＝1+1", "--5", "-", "=5"]
)
def test_what_begins_a_formula_is_written_as_text(cell: str) -> None:
    assert harmless(cell) == (cell if len(cell) == 1 else f"'{cell}")


@pytest.mark.parametrize("cell", ["-5", "+5", "-1.5", "-1,234", "+0.3%", "5", "", "村", "a=b", "1-2", "-1e-05"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_an_export_escapes_texts_and_headings_and_keeps_negative_numbers() -> None:
    table = pd.DataFrame({"=Area": ["=1+1", "-村", "村"], "gap": [-5, 3, None], "rate": [-1.5, 0.25, None]})
    read = pd.read_csv(io.BytesIO(as_csv(table)), encoding="utf-8-sig")
    assert read.columns.tolist() == ["'=Area", "gap", "rate"]
    assert read["'=Area"].tolist() == ["'=1+1", "'-村", "村"]
    assert read["gap"].dropna().tolist() == [-5, 3]
    assert read["rate"].dropna().tolist() == [-1.5, 0.25]
