"""The forms that offices fill in: fields, kinds, headings in Chinese and English, choices.

Traditional headings are recognised by folding them to simplified characters first; a
field's own name is a heading too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from opencc import OpenCC

from queries.counts import CHECK_COUNTS, CUMULATIVE, DAILY, STAFF_COUNTS, STOCK
from queries.intake.english import ENGLISH
from queries.intake.limits import (
    LARGEST_COUNT,
    LARGEST_FIGURE,
    LONGEST_CODE,
    LONGEST_GRACE,
    LONGEST_NAME,
    LONGEST_PATH,
    LONGEST_TEXT,
)
from queries.intake.vocabulary import CHECK_LABELS, CHOICES, PROGRESS_LABELS, STAFF_LABELS
from queries.intake.vocabulary_cleanup import CLEANUP_LABELS


@dataclass(frozen=True)
class Field:
    """One column of a form.

    Attributes
    ----------
    name : str
        The column of the table that it fills.
    kind : str
        count, amount (whole, may be negative), date, datetime, bool, text, choice, decimal, weekdays, days, curve or
        parts.
    en, zh_hans : str
        Its headings; the traditional one follows from the simplified one.
    also : tuple of str
        Further headings met in the field.
    required : bool
        Whether a row without it is refused.
    longest : int
        Characters that a text may have.
    least, most : int
        Between which a number must lie.
    several_lines : bool
        Whether a text may hold line ends.
    """

    name: str
    kind: str
    en: str
    zh_hans: str
    also: tuple[str, ...] = ()
    required: bool = False
    longest: int = LONGEST_TEXT
    least: int = -LARGEST_COUNT
    most: int = LARGEST_COUNT
    several_lines: bool = False

    def label(self, language: str) -> str:
        """Return the heading in a language."""
        return {"en": self.en, "zh_Hant": to_traditional(self.zh_hans)}.get(language, self.zh_hans)


@dataclass(frozen=True)
class Form:
    """A form: its key, its fields in order, and the sets of fields by which it is told from other forms."""

    key: str
    fields: tuple[Field, ...]
    telling: tuple[set[str], ...]

    def field(self, name: str) -> Field:
        """Return a field by name."""
        return next(f for f in self.fields if f.name == name)


AREA_CODE = Field("area_code", "text", "Area code", "地区代码", ("区划代码",), required=True, longest=LONGEST_PATH)
PHASE = Field("phase", "choice", "Phase", "阶段", required=True)
REPORT_DATE = Field("report_date", "date", "Report date", "报告日期", ("日期",), required=True)
WHEN = (
    Field("submitted_at", "datetime", "Submitted at", "上报时间"),
    Field("as_of", "datetime", "As of", "截至时点"),
    Field("submitter_role", "text", "Submitter role", "填报角色", longest=40),
    Field("is_nil", "bool", "Nil return", "零报告"),
    Field("correction_reason", "text", "Reason of correction", "更正原因", longest=200, several_lines=True),
    Field("note", "text", "Note", "备注", longest=200, several_lines=True),
)


def _counts(labels: dict[str, tuple[str, ...]], names: Iterable[str]) -> tuple[Field, ...]:
    return tuple(Field(name, "count", labels[name][0], labels[name][1], labels[name][2:]) for name in names)


FORMS: Final[dict[str, Form]] = {
    form.key: form
    for form in (
        Form(
            "progress",
            (
                REPORT_DATE,
                AREA_CODE,
                PHASE,
                *WHEN,
                Field("hh_frame", "count", "Frame households", "底册户数", ("应登记户数",)),
                Field("hh_done_day", "count", "Households registered today", "当日登记户"),
                Field("hh_pending", "decimal", "Households open", "未办结户"),
                Field("death_forms", "count", "Death forms", "死亡人口调查表数"),
                *_counts(PROGRESS_LABELS, CUMULATIVE + STOCK + DAILY),
            ),
            ({"report_date", "phase"},),
        ),
        Form(
            "staffing",
            (
                REPORT_DATE,
                AREA_CODE,
                Field("role", "choice", "Role", "岗位", ("角色",), required=True),
                *WHEN,
                *_counts(STAFF_LABELS, STAFF_COUNTS),
            ),
            ({"report_date", "role"},),
        ),
        Form(
            "benchmark",
            (
                AREA_CODE,
                Field("indicator", "choice", "Indicator", "指标", required=True),
                Field("source", "choice", "Source", "来源", ("数据来源",), required=True),
                Field("value", "count", "Value", "数值", most=LARGEST_FIGURE),
                Field("parts", "parts", "Parts", "构成", ("分项",)),
                Field("unit", "text", "Unit", "单位", longest=20),
                Field("window_start", "date", "Window start", "期间起"),
                Field("window_end", "date", "Window end", "期间止"),
                Field("cutoff_at", "datetime", "Cut-off", "截止", ("截止时点",)),
                Field("concept_note", "text", "Definition", "口径说明", required=True, several_lines=True),
                Field("covers_special_area", "bool", "Covers special areas", "含特殊区域"),
                Field(
                    "explained_amount",
                    "amount",
                    "Explained amount",
                    "已说明差异",
                    least=-LARGEST_FIGURE,
                    most=LARGEST_FIGURE,
                ),
                Field("explained_reason", "choice", "Reason", "原因"),
                Field("owner", "text", "Responsible office", "责任单位", longest=LONGEST_NAME),
                Field("due_date", "date", "Due date", "期限"),
                Field("status", "choice", "Status", "核查状态"),
            ),
            ({"indicator", "source"},),
        ),
        Form(
            "cleanup",
            (
                REPORT_DATE,
                AREA_CODE,
                Field(
                    "police_station",
                    "text",
                    "Police station",
                    "派出所",
                    ("公安派出所",),
                    required=True,
                    longest=80,
                    several_lines=True,  # they become blanks
                ),
                *WHEN,
                *_counts(CLEANUP_LABELS, CLEANUP_LABELS),
                Field("db_updated", "bool", "Police database updated", "数据库已维护", ("数据库维护",)),
                Field("materials_handed_over", "bool", "Materials handed over", "资料已移交", ("资料移交",)),
            ),
            ({"report_date", "police_station"},),
        ),
        Form(
            "quality",
            (
                Field("check_id", "text", "Check number", "检查编号", ("编号",), required=True, longest=LONGEST_CODE),
                AREA_CODE,
                Field("stage", "choice", "Stage", "检查阶段", ("阶段", "验收阶段"), required=True),
                Field("level", "choice", "Level of the check", "检查层级", ("层级", "Level"), required=True),
                Field("cross_unit", "text", "Checked by unit", "交叉检查单位", ("交叉单位",), longest=LONGEST_PATH),
                Field("report_date", "date", "Check date", "检查日期", ("日期", "报告日期", "date"), required=True),
                *(each for each in WHEN if each.name not in ("as_of", "is_nil")),
                Field("map_ok", "bool", "Map qualified", "普查小区图合格", ("普查小区图",)),
                *_counts(CHECK_LABELS, CHECK_COUNTS),
                Field("decision", "choice", "Decision", "验收结论", ("结论",)),
                Field("rework_due", "date", "Rework due", "返工期限", ("整改期限", "期限")),
                Field("re_check_id", "text", "Re-check of", "复验的原检查编号", ("原检查编号",), longest=LONGEST_CODE),
            ),
            ({"check_id", "stage"},),
        ),
        Form(
            "area",
            (
                Field("code", "text", "Code", "代码", ("区划代码",), required=True, longest=LONGEST_CODE),
                Field("name", "text", "Name", "名称", required=True, longest=LONGEST_NAME),
                Field("parent_code", "text", "Parent code", "上级代码", ("父级代码",), longest=LONGEST_PATH),
                Field("level", "text", "Level", "级别", ("层级",), longest=20),
                Field("kind", "choice", "Kind", "类型"),
                Field("name_en", "text", "English name", "英文名称", longest=LONGEST_NAME),
                Field("name_zh_hans", "text", "Simplified name", "简体名称", longest=LONGEST_NAME),
                Field("name_zh_hant", "text", "Traditional name", "繁体名称", longest=LONGEST_NAME),
                Field("urban_rural", "text", "Urban-rural code", "城乡分类代码", ("ur_code_2016",), longest=8),
                Field("lon", "decimal", "Longitude", "经度", least=-180, most=180),
                Field("lat", "decimal", "Latitude", "纬度", least=-90, most=90),
            ),
            ({"code", "name", "parent_code"},),
        ),
        Form(
            "target",
            (
                AREA_CODE,
                PHASE,
                Field("frame_households", "count", "Frame households", "底册户数", ("应登记户数",)),
                Field("frame_persons", "count", "Frame persons", "底册人数", ("应登记人数",)),
                Field("eds", "count", "EDs", "普查小区数"),
                Field("hard_to_count", "count", "Special areas listed", "特殊区域数"),
                Field("valid_from", "date", "Valid from", "生效日期"),
                Field("reason", "text", "Reason", "变更原因", several_lines=True),
            ),
            ({"phase", "frame_households"}, {"phase", "frame_persons"}),
        ),
        Form(
            "calendar",
            (
                PHASE,
                Field("area_code", "text", "Area code", "地区代码"),
                Field("start", "date", "Start", "开始日期", required=True),
                Field("end", "date", "End", "结束日期", required=True),
                Field("cutoff", "text", "Daily cut-off", "每日截止", longest=20),
                Field("grace_minutes", "count", "Grace minutes", "宽限分钟", most=LONGEST_GRACE),
                Field("measure", "choice", "Measure", "计量"),
                Field("working_days", "weekdays", "Working days", "工作日"),
                Field("return_days", "weekdays", "Return days", "报送日", ("上报日",)),
                Field("days_off", "days", "Days without returns", "免报日期", ("免报日",)),
                Field("curve", "curve", "Plan curve", "计划曲线"),
                Field("name_en", "text", "English name", "英文名称", longest=LONGEST_NAME),
                Field("name_zh_hans", "text", "Simplified name", "简体名称", longest=LONGEST_NAME),
                Field("name_zh_hant", "text", "Traditional name", "繁体名称", longest=LONGEST_NAME),
                Field("source", "text", "Source", "来源", several_lines=True),
            ),
            ({"phase", "start", "end"},),
        ),
    )
}

_SIMPLIFY, _TRADITIONALISE = OpenCC("t2s"), OpenCC("s2t")


@lru_cache(maxsize=4096)
def fold(heading: str) -> str:
    """Return a heading as it is compared: NFKC, simplified, lower case, without blanks and punctuation."""
    plain: str = _SIMPLIFY.convert(unicodedata.normalize("NFKC", heading)).replace("帐", "账").casefold()
    return "".join(c for c in plain if c.isalnum())


@lru_cache(maxsize=4096)
def to_traditional(words: str) -> str:
    """Return a text in traditional characters, mainland usage."""
    return str(_TRADITIONALISE.convert(words)).replace("爲", "為").replace("覈", "核")


@lru_cache(maxsize=1)
def _headings() -> dict[str, dict[str, str]]:
    return {
        key: {fold(h): f.name for f in form.fields for h in (f.name, f.en, f.zh_hans, *f.also)}
        for key, form in FORMS.items()
    }


def recognise(
    headings: Iterable[str], form: str | None = None, *, told: bool = True
) -> tuple[Form, dict[str, str]] | None:
    """Find the form that a sheet's headings belong to.

    Parameters
    ----------
    headings : iterable of str
        The headings of the sheet.
    form : str, optional
        Key of the form, when the sender says which.
    told : bool
        Whether the headings must tell the form from others; False: the form that has most of them.

    Returns
    -------
    tuple of Form and dict, or None
        The form and its fields by heading; None when the headings tell no form.
    """
    best: tuple[int, Form, dict[str, str]] | None = None
    folded = {heading: fold(heading) for heading in headings}
    for key, known in _headings().items():
        if form is not None and key != form:
            continue
        mapping = {heading: known[plain] for heading, plain in folded.items() if plain in known}
        tells = any(fields <= set(mapping.values()) for fields in FORMS[key].telling)
        if (tells or form or not told) and mapping and (best is None or len(mapping) > best[0]):
            best = (len(mapping), FORMS[key], mapping)
    return None if best is None else best[1:]


@lru_cache(maxsize=1)
def known_headings() -> frozenset[str]:
    """Return every heading of every form, folded."""
    return frozenset(heading for known in _headings().values() for heading in known)


@lru_cache(maxsize=16)
def choices(name: str) -> dict[str, str]:
    """Return the accepted spellings of a choice field, folded, by what they stand for."""
    english = ENGLISH.get(name, {})
    return {fold(word): key for key, words in CHOICES[name].items() for word in (key, *words, english.get(key, key))}
