"""The figures that Yuhuatai district published, as forms: the district is the only unit, none is published below it."""

from __future__ import annotations

import re

import pandas as pd

from tests.real.handbook import Line, numbers

DISTRICT = "320114000000"
PLACES = ("street", "district", "city", "province")
WINDOWS = {"birth": ("2009-11-01", "2010-08-31"), "death": ("2009-11-01", "2010-09-28")}
PARTS_OUT = "– other streets of district / other districts of city / other cities of province / other provinces"
PARTS_IN = "in-residents (外來常住) by the same four"
BIRTHS, DEATHS = "births: ledger / police / family planning", "deaths: ledger / police"
ABROAD = "HMT + foreign: ledger / police"


def forms(published: dict[str, Line]) -> dict[str, pd.DataFrame]:
    """Return the published figures as forms, by form."""

    def value(name: str, place: int = 0) -> float:
        return numbers(published[name].value)[place]

    staff, supervisors = value("enumerators + supervisors"), value("supervisor sessions / person-times", 1)
    insured = value("insured")
    hmt, foreign, _, hmt_police, foreign_police, _ = numbers(published[ABROAD].value)
    ledger = {
        "resident": value("resident, basic ledger"),
        "hukou": value("hukou, ledger"),
        "birth": value(BIRTHS),
        "death": value(DEATHS),
        "hmt": hmt,
        "foreign": foreign,
        "out6m": value("out-migrants ≥6 m, total"),
        **{f"out6m_{p}": value(PARTS_OUT, n) for n, p in enumerate(PLACES)},
        **{f"in6m_{p}": value(PARTS_IN, n) for n, p in enumerate(PLACES)},
        "separation_rows": value("separation ledger keyed"),
    }
    departments = [
        ("resident", "statistics", value("resident, year-end")),
        ("hukou", "police", value("hukou, police after clean-up")),
        ("total_persons", "police", value("police total after clean-up")),
        ("birth", "police", value(BIRTHS, 1)),
        ("birth", "health", value(BIRTHS, 2)),
        ("death", "police", value(DEATHS, 1)),
        ("hmt", "police", hmt_police),
        ("foreign", "police", foreign_police),
    ]
    explained = re.search(r"explained ([\d,]+)", published["hukou, ledger"].derived)
    assert explained is not None
    figures = [(name, "ledger", figure) for name, figure in ledger.items()] + departments
    total, living = value("sweep persons"), value("living in household")
    return {
        "areas": pd.DataFrame([{"code": DISTRICT, "name": "雨花台区", "parent_code": "", "level": "3"}]),
        "calendar": pd.DataFrame([{"phase": "sweep", "start": "2010-09-15", "end": "2010-10-31"}]),
        "targets": pd.DataFrame(
            [{"area_code": DISTRICT, "phase": "sweep", "frame_persons": value("police total after clean-up")}]
        ),
        "progress": pd.DataFrame(
            [
                {
                    "报告日期": "2010-10-08",
                    "地区代码": DISTRICT,
                    "阶段": "sweep",
                    "上报时间": "2010-10-08 17:00",
                    "hh_done": value("sweep households"),
                    "pers_total": total,
                    "pers_living": living,
                    "pers_absent": total - living,
                    "pers_hukou": value("hukou persons"),
                    "pers_in6m": value("here, hukou elsewhere ≥6 m"),
                    "pers_out6m": value("hukou here, away ≥6 m"),
                    "births": value("births / deaths found"),
                    "deaths": value("births / deaths found", 1),
                    "hmt": 0,  # of the two, only the sum is published
                    "foreign": value("HMT + foreign found"),
                }
            ]
        ),
        "staffing": pd.DataFrame(
            [
                _staff(
                    "enumerator",
                    staff - supervisors,
                    insured=insured - round(insured * supervisors / staff),
                    session_count=value("enumerator sessions / person-times"),
                ),
                _staff(
                    "supervisor",
                    supervisors,
                    insured=round(insured * supervisors / staff),
                    session_count=value("supervisor sessions / person-times"),
                    person_times=supervisors,
                ),
            ]
        ),
        "benchmarks": pd.DataFrame(
            [
                {
                    "indicator": name,
                    "source": source,
                    "area_code": DISTRICT,
                    "value": figure,
                    "window_start": WINDOWS.get(name, ("", ""))[0],
                    "window_end": WINDOWS.get(name, ("", ""))[1],
                    "cutoff_at": "2010-10-08",
                    "concept_note": "as published",
                    "explained_amount": -numbers(explained[1])[0] if (name, source) == ("hukou", "police") else None,
                    "explained_reason": "enclave" if (name, source) == ("hukou", "police") else None,
                }
                for name, source, figure in figures
            ]
        ),
    }


def _staff(role: str, in_post: float, **more: float) -> dict[str, object]:
    steps = ("recruited", "in_post", "trained", "tested", "passed", "certified", "confid_signed")
    return {"report_date": "2010-10-08", "area_code": DISTRICT, "role": role, **dict.fromkeys(steps, in_post), **more}
