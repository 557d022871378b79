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

from queries.presets import PHASE_NAMES
from queries.schema import CUMULATIVE, DAILY, STAFF_COUNTS, STOCK


@dataclass(frozen=True)
class Field:
    """One column of a form.

    Attributes
    ----------
    name : str
        The column of the table that it fills.
    kind : str
        count, date, datetime, bool, text, choice, decimal, weekdays or curve.
    en, zh_hans : str
        Its headings; the traditional one follows from the simplified one.
    also : tuple of str
        Further headings met in the field.
    required : bool
        Whether a row without it is refused.
    """

    name: str
    kind: str
    en: str
    zh_hans: str
    also: tuple[str, ...] = ()
    required: bool = False

    def label(self, language: str) -> str:
        """Return the heading in a language."""
        return {"en": self.en, "zh_Hant": to_traditional(self.zh_hans)}.get(language, self.zh_hans)


@dataclass(frozen=True)
class Form:
    """A form: its key, its fields in order, and the fields that tell it from other forms."""

    key: str
    fields: tuple[Field, ...]
    telling: tuple[str, ...]

    def field(self, name: str) -> Field:
        """Return a field by name."""
        return next(f for f in self.fields if f.name == name)


PHASE_ALIASES: Final = {
    "sweep": ("摸底", "listing"),
    "short": ("短表", "入户登记"),
    "long": ("长表",),
    "recheck": ("比对复查",),
}

CHOICES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "phase": {
        code: (english, chinese, *PHASE_ALIASES.get(code, ())) for code, (english, chinese, _) in PHASE_NAMES.items()
    },
    "role": {"enumerator": ("普查员",), "supervisor": ("普查指导员", "指导员")},
    "indicator": {
        "resident": ("常住人口",),
        "hukou": ("户籍人口",),
        "non_hukou": ("非户籍人口",),
        "total_persons": ("总人数", "实有人口"),
        "birth": ("出生", "出生人口"),
        "death": ("死亡", "死亡人口"),
        "in6m": ("外来半年以上人口", "外来常住"),
        "in6m_street": ("区内其他街道流入",),
        "in6m_district": ("市内其他区流入",),
        "in6m_city": ("省内其他市流入",),
        "in6m_province": ("其他省流入",),
        "out6m": ("外出半年以上人口", "流出半年以上"),
        "out6m_street": ("流往区内其他街道",),
        "out6m_district": ("流往市内其他区",),
        "out6m_city": ("流往省内其他市",),
        "out6m_province": ("流往其他省",),
        "hmt": ("港澳台",),
        "foreign": ("外籍",),
        "no_hukou": ("无户口人员",),
        "dwelling_units": ("住房单元",),
        "vacant": ("空户",),
        "school_pupils": ("在校学生",),
        "separation_rows": ("人户分离台账",),
        "registered_households": ("登记户数",),
        "registered_persons": ("登记人数",),
    },
    "source": {
        "police": ("公安",),
        "health": ("卫生计生", "计生", "卫健"),
        "civil_affairs": ("民政",),
        "migrant_office": ("流管",),
        "education": ("教育",),
        "housing": ("住建",),
        "statistics": ("年底统计", "统计"),
        "prior_census": ("上次普查",),
        "power": ("供电",),
        "ledger": ("基础台账", "台账"),
        "own_total": ("本级上报数",),
    },
    "explained_reason": {
        "enclave": ("飞地", "特殊区域"),
        "timing": ("时点",),
        "definition": ("口径",),
        "demolition": ("拆迁",),
        "dual_registration": ("重复登记",),
        "other": ("其他",),
    },
    "status": {
        "to_verify": ("待核实",),
        "verifying": ("核实中",),
        "explained": ("已说明",),
        "corrected_in_census": ("普查已更正",),
        "corrected_in_register": ("登记已更正",),
        "accepted": ("认可",),
    },
}

PROGRESS_LABELS: Final = {
    "ed_total": ("EDs", "普查小区总数", "小区总数"),
    "ed_started": ("EDs started", "已开展小区数", "已开展"),
    "ed_done": ("EDs completed", "已完成小区数", "已完成"),
    "hh_done": ("Households registered", "累计已登记户", "已登记户数"),
    "hh_collective": ("Collective households", "集体户", "其中:集体户"),
    "hh_vacant": ("Vacant units", "空户", "空房"),
    "hh_away": ("Whole household away", "全户外出"),
    "hh_deceased": ("Whole household deceased", "全户死亡户"),
    "hh_refused": ("Refusals", "拒访"),
    "hh_noncontact": ("Non-contact", "未联系上"),
    "pers_total": ("Registered persons", "登记人数"),
    "pers_living": ("Living in the household", "住本户人数"),
    "pers_absent": ("Hukou here, not living here", "户口在本户未住本户", "户在人不在"),
    "pers_hukou": ("Hukou persons", "户籍人数"),
    "pers_in6m": ("In-migrants 6 months or more", "外来半年以上"),
    "pers_out6m": ("Out-migrants 6 months or more", "外出半年以上"),
    "births": ("Births", "出生"),
    "deaths": ("Deaths", "死亡"),
    "hmt": ("Hong Kong, Macao and Taiwan residents", "港澳台"),
    "foreign": ("Foreign residents", "外籍"),
    "hh_self": ("Self-reported households", "自主填报户"),
    "hh_uploaded": ("Short forms uploaded", "短表上报户"),
    "long_target": ("Long forms due", "长表应登记户"),
    "long_done": ("Long forms registered", "长表已登记户"),
    "hard_to_count_done": ("Special areas counted", "特殊区域已查点"),
    "issues_open": ("Open issues", "未结问题"),
    "issues_new": ("New issues", "新增问题"),
    "visits_day": ("Visits today", "当日入户次数"),
    "enum_active": ("Enumerators active today", "当日上岗普查员"),
}

STAFF_LABELS: Final = {
    "need": ("Staff required", "应配", "应配人数"),
    "recruited": ("Recruited", "招聘"),
    "seconded": ("Seconded", "借调", "选调"),
    "rehired": ("Re-recruited", "再招聘"),
    "substituted": ("Substituted from the reserve", "后备替补"),
    "withdrawn": ("Withdrawn", "申请退出"),
    "dismissed": ("Dismissed", "辞退"),
    "transferred_out": ("Transferred out", "调出"),
    "reason_personal": ("Left: personal", "离岗原因:个人"),
    "reason_workload": ("Left: workload", "离岗原因:工作量"),
    "reason_health": ("Left: health", "离岗原因:健康"),
    "reason_discipline": ("Left: discipline", "离岗原因:纪律"),
    "reason_responsibility": ("Left: responsibility", "离岗原因:责任心"),
    "reason_competence": ("Left: competence", "离岗原因:业务素质"),
    "reason_recalled": ("Left: recalled by employer", "离岗原因:单位召回"),
    "source_cadre": ("Source: residents' cadre", "来源:村居干部"),
    "source_retiree": ("Source: retiree", "来源:退休人员"),
    "source_group_leader": ("Source: group leader", "来源:村民小组长"),
    "source_activist": ("Source: resident activist", "来源:居民骨干"),
    "source_unemployed": ("Source: laid-off or unemployed", "来源:下岗失业"),
    "source_government": ("Source: government office", "来源:机关站办"),
    "source_guard": ("Source: security guard", "来源:保安"),
    "source_party_member": ("Source: serving party member", "来源:在职党员"),
    "source_volunteer": ("Source: volunteer", "来源:志愿者"),
    "source_other": ("Source: other", "来源:其他"),
    "trained": ("Trained", "培训", "培训人数"),
    "tested": ("Tested", "参测"),
    "passed": ("Passed", "合格"),
    "certified": ("Certified", "发证"),
    "confid_signed": ("Confidentiality signed", "保密", "保密协议"),
    "insured": ("Insured", "参保"),
    "publicised": ("Posted in the community", "公示"),
    "session_count": ("Training sessions", "场次", "培训场次"),
    "person_times": ("Person-times trained", "人次", "培训人次"),
    "in_post": ("In post", "在岗", "在岗人数"),
    "reserve_available": ("Reserve available", "后备"),
    "eds_total": ("EDs", "小区总数", "普查小区总数"),
    "eds_uncovered": ("Uncovered EDs", "无人负责", "无人负责小区"),
    "eds_shared": ("Shared EDs", "一人多区"),
    "age_u50": ("Aged under 50", "50岁以下"),
    "edu_senior_plus": ("Senior secondary or more", "高中以上"),
    "edu_below_junior": ("Below junior secondary", "初中以下"),
    "absent_today": ("Absent today", "今日缺勤"),
    "replaced_today": ("Replaced today", "今日替补"),
}

AREA_CODE = Field("area_code", "text", "Area code", "地区代码", ("区划代码",), required=True)
PHASE = Field("phase", "choice", "Phase", "阶段", required=True)
REPORT_DATE = Field("report_date", "date", "Report date", "报告日期", ("日期",), required=True)
WHEN = (
    Field("submitted_at", "datetime", "Submitted at", "上报时间"),
    Field("as_of", "datetime", "As of", "截至时点"),
    Field("submitter_role", "text", "Submitter role", "填报角色"),
    Field("is_nil", "bool", "Nil return", "零报告"),
    Field("correction_reason", "text", "Reason of correction", "更正原因"),
    Field("note", "text", "Note", "备注"),
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
            ("report_date", "phase"),
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
            ("report_date", "role"),
        ),
        Form(
            "benchmark",
            (
                AREA_CODE,
                Field("indicator", "choice", "Indicator", "指标", required=True),
                Field("source", "choice", "Source", "来源", ("数据来源",), required=True),
                Field("value", "count", "Value", "数值"),
                Field("unit", "text", "Unit", "单位"),
                Field("window_start", "date", "Window start", "期间起"),
                Field("window_end", "date", "Window end", "期间止"),
                Field("cutoff_at", "datetime", "Cut-off", "截止", ("截止时点",)),
                Field("concept_note", "text", "Definition", "口径说明", required=True),
                Field("covers_special_area", "bool", "Covers special areas", "含特殊区域"),
                Field("explained_amount", "decimal", "Explained amount", "已说明差异"),
                Field("explained_reason", "choice", "Reason", "原因"),
                Field("owner", "text", "Responsible office", "责任单位"),
                Field("due_date", "date", "Due date", "期限"),
                Field("status", "choice", "Status", "核查状态"),
            ),
            ("indicator", "source"),
        ),
        Form(
            "area",
            (
                Field("code", "text", "Code", "代码", ("区划代码",), required=True),
                Field("name", "text", "Name", "名称", required=True),
                Field("parent_code", "text", "Parent code", "上级代码", ("父级代码",)),
                Field("level", "text", "Level", "级别", ("层级",)),
                Field("kind", "text", "Kind", "类型"),
                Field("name_en", "text", "English name", "英文名称"),
                Field("name_zh_hans", "text", "Simplified name", "简体名称"),
                Field("name_zh_hant", "text", "Traditional name", "繁体名称"),
                Field("urban_rural", "text", "Urban-rural code", "城乡分类代码", ("ur_code_2016",)),
                Field("lon", "decimal", "Longitude", "经度"),
                Field("lat", "decimal", "Latitude", "纬度"),
            ),
            ("code", "name", "parent_code"),
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
                Field("reason", "text", "Reason", "变更原因"),
            ),
            ("phase", "frame_households"),
        ),
        Form(
            "calendar",
            (
                PHASE,
                Field("area_code", "text", "Area code", "地区代码"),
                Field("start", "date", "Start", "开始日期", required=True),
                Field("end", "date", "End", "结束日期", required=True),
                Field("cutoff", "text", "Daily cut-off", "每日截止"),
                Field("grace_minutes", "count", "Grace minutes", "宽限分钟"),
                Field("measure", "text", "Measure", "计量"),
                Field("working_days", "weekdays", "Working days", "工作日"),
                Field("curve", "curve", "Plan curve", "计划曲线"),
                Field("name_en", "text", "English name", "英文名称"),
                Field("name_zh_hans", "text", "Simplified name", "简体名称"),
                Field("name_zh_hant", "text", "Traditional name", "繁体名称"),
                Field("source", "text", "Source", "来源"),
            ),
            ("phase", "start", "end"),
        ),
    )
}

PERSONAL: Final = (
    "姓名",
    "身份证",
    "身份证号",
    "证件号码",
    "电话",
    "手机",
    "联系电话",
    "住址",
    "地址",
    "personname",
    "fullname",
    "idnumber",
    "phone",
    "phonenumber",
    "mobile",
    "telephone",
    "address",
)

_SIMPLIFY, _TRADITIONALISE = OpenCC("t2s"), OpenCC("s2t")


@lru_cache(maxsize=4096)
def fold(heading: str) -> str:
    """Return a heading as it is compared: NFKC, simplified, lower case, without blanks and punctuation."""
    plain: str = _SIMPLIFY.convert(unicodedata.normalize("NFKC", heading)).replace("帐", "账").casefold()
    return "".join(c for c in plain if c.isalnum())


@lru_cache(maxsize=4096)
def to_traditional(words: str) -> str:
    """Return a text in traditional characters, mainland usage."""
    return str(_TRADITIONALISE.convert(words))


@lru_cache(maxsize=1)
def _headings() -> dict[str, dict[str, str]]:
    return {
        key: {fold(h): f.name for f in form.fields for h in (f.name, f.en, f.zh_hans, *f.also)}
        for key, form in FORMS.items()
    }


def recognise(headings: Iterable[str], form: str | None = None) -> tuple[Form, dict[str, str]] | None:
    """Find the form that a sheet's headings belong to.

    Parameters
    ----------
    headings : iterable of str
        The first row of the sheet.
    form : str, optional
        Key of the form, when the sender says which.

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
        told = set(FORMS[key].telling) <= set(mapping.values())
        if (told or form) and (best is None or len(mapping) > best[0]):
            best = (len(mapping), FORMS[key], mapping)
    return None if best is None else best[1:]


@lru_cache(maxsize=16)
def choices(name: str) -> dict[str, str]:
    """Return the accepted spellings of a choice field, folded, by what they stand for."""
    return {fold(word): key for key, words in CHOICES[name].items() for word in (key, *words)}
