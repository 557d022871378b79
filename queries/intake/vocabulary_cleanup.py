"""The words of form E, the register clean-up: labels of its counts."""

from __future__ import annotations

from typing import Final

from queries.counts import CLEANUP_KINDS

STATES: Final = {
    "found": ("found", "发现"),
    "resolved": ("resolved", "已整改", "已解决"),
    "pending": ("pending", "待整改", "未解决"),
    "overdue": ("overdue", "超期未整改", "超期"),
}
KINDS: Final = {
    "birth_not_registered": ("Birth or adoption not registered", "出生未落户人员", "出生(收养)未落户"),
    "certificate_holder": ("Certificate holder not registered", "持证未落户人员", "手持证件未落户"),
    "should_cancel": ("Should be cancelled", "应销未销人员"),
    "separated": ("Residence apart from hukou", "人户分离人员", "人户分离"),
    "temporary_resident": ("Temporary resident from elsewhere", "外来暂住人员"),
    "foreign_hmt_stateless": (
        "Foreign, Hong Kong, Macao, Taiwan or stateless",
        "境外及无国籍人员",
        "外国人港澳台居民及无国籍人员",
    ),
    "multiple_hukou": ("Several hukou", "一人多户口"),
    "not_cancelled": ("Hukou not cancelled", "应销未销户口", "应销未销"),
    "pending_registration": ("Hukou undecided", "户口待定"),
    "nominal_hukou": ("Nominal hukou", "空挂户口"),
    "id_number": ("Identity number duplicate or wrong", "身份号码重错号", "身份证号码重错号"),
    "item_correction": ("Items to correct (person-times)", "项目变更更正人次", "项目变更更正"),
    "temporary_unregistered": ("Temporary resident unregistered", "暂住人口未登记", "暂住人口"),
}


def _of_kind(kind: str, state: str) -> tuple[str, ...]:
    """Return the headings of one count of a kind: each name of the kind with each name of the state."""
    english, *chinese = KINDS[kind]
    word, *states = STATES[state]
    return (f"{english}: {word}", *(f"{name}:{written}" for written in states for name in chinese))


CLEANUP_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "hh_to_check": ("Households to check", "应核对户数"),
    "hh_checked": ("Households checked", "已核对户数"),
    "pers_to_check": ("Persons to check", "应核对人数"),
    "pers_checked": ("Persons checked", "已核对人数", "调查核实实有人口"),
    "addresses_checked": ("Standard addresses checked", "已核对标准地址", "清理核对标准地址"),
    **{f"{kind}_{state}": _of_kind(kind, state) for kind in CLEANUP_KINDS for state in STATES},
    "should_cancel_army": ("Should be cancelled: enlisted", "应销未销:应征入伍"),
    "should_cancel_abroad": ("Should be cancelled: settled abroad", "应销未销:出国境"),
    "should_cancel_death": ("Should be cancelled: deceased", "应销未销:死亡"),
    "separated_person_only": ("Apart: person here, hukou elsewhere", "人户分离:人在户不在"),
    "separated_hukou_only": ("Apart: hukou here, person elsewhere", "人户分离:户在人不在"),
    "births_registered": ("Births registered", "出生登记"),
    "late_entries": ("Late entries", "补登补录"),
    "death_cancelled": ("Cancelled: deceased", "死亡注销"),
    "enlisted_cancelled": ("Cancelled: enlisted", "应征入伍注销"),
    "emigrated_cancelled": ("Cancelled: settled abroad", "出国境注销"),
    "duplicate_cancelled": ("Cancelled: duplicate or false", "重复注销", "注销重复或虚假户口"),
    "items_corrected": ("Items corrected (person-times)", "变更更正项目人次", "变更更正项目"),
    "new_residents": ("New residents registered", "新登记居住人员", "新登记"),
    "no_hukou_settled": ("Persons without hukou settled", "无户口人员落户"),
    "no_hukou_foundling": ("Settled: abandoned children", "落户:弃婴", "弃婴落户"),
    "no_hukou_vagrant": ("Settled: homeless persons", "落户:流浪乞讨人员"),
    "no_hukou_sheltered": ("Settled: persons in shelters", "落户:滞留救助站人员"),
    "abandoned_addresses": ("Abandoned addresses", "废弃地址数"),
    "nominal_households": ("Households of nominal hukou", "空挂户数"),
    "nominal_persons": ("Persons of nominal hukou", "空挂人数"),
    "missing_plates": ("Door plates missing", "缺门牌数"),
    "plates_made": ("Door plates made", "已制门牌数"),
    "centenarian_total": ("Centenarians", "百岁老人"),
    "centenarian_alive": ("Centenarians alive", "百岁老人健在"),
    "centenarian_cancelled": ("Centenarians cancelled as deceased", "百岁老人死亡注销"),
    "photo_missing_18plus": ("Aged 18 or over without a photo", "18周岁以上无照片"),
    "old_id_only": ("Old identity card only", "只有一代证无二代证"),
}
