"""Frozen figures: plain, whole, inside the scope, and the same for ever."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.briefing.document import brief_docx
from dashboard.briefing.thaw import thaw
from dashboard.briefing.workbook import brief_xlsx
from dashboard.i18n import _, language, speaking
from queries import attention, calendar, completion, discrepancy, returns, staffing
from queries.check_in import frozen, meeting
from queries.masking import SENSITIVE
from queries.view import LANGUAGES
from tests.briefing.conftest import DISTRICT, Figures, view
from tests.briefing.test_hard_pages import of_world
from tests.intake.world import load, progress, settle_world

DAY = date(2010, 9, 19)
NOT_IN_THE_FIRST_LAYOUT = (
    "in_post_known", "posts_filled", "qualified_filled", "qualified_required", "staff_to_requirement", "eds_weighed",
    "units_required", "units_in_post", "units_judged", "units_active", "units_covered", "units_unrequired",
    "units_unjudged",
)  # fmt: skip


def test_they_go_through_json_unchanged(database: str, tmp_path: Path) -> None:
    settle_world(tmp_path)
    figures = frozen.gather(of_world("10", DAY))
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_thawed_they_are_the_answers_of_the_queries(demonstration: str, spoken: str) -> None:
    here = view()
    seen = type(here)(here.phase_id, here.as_of, here.area_id, here.scope_id, spoken)
    thawed = thaw(json.loads(json.dumps(frozen.gather(seen))), spoken)
    answers = {
        "children": completion.by_child(seen).drop(columns=list(SENSITIVE), errors="ignore"),
        "days": completion.daily(seen)[list(frozen.DAILY)],
        "plan": calendar.plan(seen),
        "roles": staffing.of_area(seen),
        "staffing": staffing.by_child(seen),
        "not_in": returns.not_in(seen),
        "comparisons": discrepancy.comparisons(seen),
        "matters": attention.attention(seen),
    }
    for name, answer in answers.items():
        again = getattr(thawed, name)
        empty = [c for c in answer if answer[c].isna().all() and c != "parent_name"]
        assert again[empty].isna().all(axis=None)
        columns = [c for c in answer if c not in ("parent_name", *empty)]
        pd.testing.assert_frame_equal(one_unit(again[columns]), one_unit(answer[columns]), check_dtype=False, obj=name)
    assert thawed.not_in["parent_name"].tolist() == answers["not_in"]["parent_name"].tolist()
    assert thawed.view.as_of == here.as_of
    assert thawed.phase["name"] == {"en": "Sweep", "zh_Hans": "清查摸底", "zh_Hant": "清查摸底"}[spoken]


def one_unit(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with days counted in one unit of time, whichever database told them."""
    days = {name: "datetime64[us]" for name in rows.select_dtypes("datetime")}
    return rows.reset_index(drop=True).astype(days)


def test_they_hold_nothing_outside_the_scope(demonstration: str) -> None:
    mine = "320114000000/320114005000"
    figures = frozen.gather(view(mine, scope=mine))
    inside = {str(i) for i in completion.two_levels_down(view(mine, scope=mine))["area_id"]} | {str(view(mine).area_id)}
    assert set(figures["areas"]) <= inside
    with pytest.raises(LookupError):
        frozen.gather(view(DISTRICT, scope=mine))


def test_small_sensitive_counts_are_not_kept(figures: Figures) -> None:
    for table in ("area", "children"):
        assert not set(figures[table]) & set(SENSITIVE)


def test_a_closed_brief_is_the_same_for_ever_and_says_apart_what_changed(database: str, tmp_path: Path) -> None:
    settle_world(tmp_path)
    here = of_world("10", DAY)
    check_in_id = meeting.open_meeting(here, role="区普查办")
    held = meeting.held(here)
    assert held is not None
    with pytest.raises(LookupError):
        frozen.of_closed(here, held)
    figures = frozen.gather(here)
    at = datetime(2010, 9, 19, 20, 5)
    meeting.close_meeting(
        here, check_in_id, figures, held.version, data_version=figures["data_version"], role="区普查办", now=at
    )
    held = meeting.held(here)
    assert held is not None
    closed = json.dumps(frozen.of_closed(here, held))
    assert json.loads(closed) == {**figures, "check_in": {"number": 1, "closed_at": "2010-09-19T20:05:00"}}
    assert frozen.changed_since(here, held) == []
    before = {spoken: pages(closed, spoken) for spoken in LANGUAGES}
    corrected = progress(5, hh_done=33, pers_total=99, pers_living=80, pers_absent=19, pers_hukou=60,
                         correction_reason="counted twice")  # fmt: skip
    assert load(tmp_path, corrected, name="correction").result == "stored"
    assert {spoken: pages(closed, spoken) for spoken in LANGUAGES} == before

    assert json.dumps(frozen.of_closed(here, held)) == closed
    changes = frozen.changed_since(here, held)
    named = {(row["area_id"], row["count"]): (row["then"], row["now"]) for row in changes}
    east = of_world("10/101", DAY).area_id
    # village 10101 had resolved 20 and has now 33; village 10201 had resolved 20
    assert named == {(here.area_id, "hh_resolved"): (40, 53), (east, "hh_resolved"): (20, 33)}
    again = pages(closed, "en", changes)
    assert again != before["en"]
    assert frozen.gather(here)["check_in"] == {"number": 1, "closed_at": None}
    with pytest.raises(LookupError):
        frozen.of_closed(of_world("10/101", DAY), held)


def pages(closed: str, spoken: str, changes: list | None = None) -> tuple[bytes, ...]:
    """Return what the page and the workbook hold, without the clock of the archive."""
    found = []
    for content in (brief_docx(json.loads(closed), spoken, changes), brief_xlsx(json.loads(closed), spoken, changes)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [archive.read(name) for name in sorted(archive.namelist())]
    return tuple(found)


def test_an_endless_pace_and_an_unknown_figure_survive(figures: Figures) -> None:
    changed = json.loads(json.dumps(figures))
    changed["area"]["required_pace"], changed["area"]["hh_self"] = ["inf"], [None]
    area = thaw(changed, "en").area
    assert np.isinf(area["required_pace"])
    assert np.isnan(area["hh_self"])


def test_staff_frozen_when_a_surplus_still_filled_posts_elsewhere_is_not_told_as_filled(figures: Figures) -> None:
    old = json.loads(json.dumps(figures)) | {"format": 1}
    for name in ("roles", "staffing"):
        rows = {column: values for column, values in old[name].items() if column not in NOT_IN_THE_FIRST_LAYOUT}
        old[name] = rows | {"status": ["green"] * len(rows["status"])}
    thawed = thaw(old, "en")
    assert thawed.roles["staff_to_requirement"].tolist() == old["roles"]["fill_rate"]
    assert thawed.roles["fill_rate"].isna().all()
    assert set(thawed.staffing["status"]) == {"unknown"}
    assert brief_docx(old, "en")
    assert brief_xlsx(old, "en")


def test_a_language_is_spoken_inside_a_block_only() -> None:
    with speaking("en"):
        assert _("Plan") == "Plan"
        with speaking("zh_Hant"):
            assert _("Plan") == "計劃"
        assert language() == "en"
