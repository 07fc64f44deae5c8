"""How the keys and values of a plan are said to people, in plain Simplified Chinese."""

from datetime import date, time

from shouwang.plans.form.labels import LABELS, NAMED

UNITS = {
    "_days": "天",
    "_hours": "小时",
    "_minutes": "分钟",
    "_seconds": "秒",
    "_c": "℃",
    "_m": "米",
    "_mg_per_l": "毫克/升",
    "_percent": "%",
    "_age": "岁",
}

VALUES = {
    "above": "高于界限才算发热",
    "admit": "登记后放行",
    "archived": "整理归档，不含个人信息",
    "central": "集中隔离",
    "community_verified": "社区核实",
    "daily": "每天",
    "days_passed": "到期销毁",
    "departure": "离开当地那天",
    "environment_negative": "环境采样阴性",
    "evening": "晚",
    "final_disinfection": "终末消毒完成",
    "first_observation_day": "开始居家观察那天",
    "free": "可以出入，做好防护",
    "from": "达到界限就算发热",
    "green": "绿",
    "blue": "蓝",
    "health_monitor": "健康监测",
    "home": "居家隔离",
    "home_monitor": "居家健康监测",
    "hold_aside": "请到一旁等候并报告",
    "turn_back": "劝返并报告",
    "hospital": "住院",
    "household": "户",
    "index_below_stop": "蚊虫密度降到上级定的停止线以下",
    "last_exposure": "最后一次接触那天",
    "morning": "早",
    "nasopharyngeal": "鼻咽拭子",
    "new_exposure": "又有新的接触",
    "no_symptoms": "没有症状",
    "notice_issued": "发出解除告知书",
    "onset": "发病那天",
    "orange": "橙",
    "oropharyngeal": "口咽拭子",
    "period_full": "天数满",
    "other_zones_lifted": "全县（市、区）中高风险区都已解除",
    "person": "人",
    "point": "采样点",
    "positive_in_same_place": "同一处出现阳性",
    "primary_tests_negative": "相关密接前几次检测阴性",
    "red": "红",
    "refuse": "劝返",
    "release_when_due": "到期解除",
    "response_ends": "应急结束后销毁",
    "sampling": "采样那天",
    "stay_home": "足不出户",
    "stay_inside": "人不出区",
    "tests_negative": "检测阴性",
    "vehicle": "车",
    "visit": "次入户",
    "white": "白",
    "worker": "工作人员",
    "yellow": "黄",
}

ROLES = {
    "auditor": "审计员",
    "building_lead": "楼长",
    "cadre": "包保干部",
    "clerk": "信息员",
    "commander": "指挥长",
    "courier": "转运员",
    "gate_guard": "卡口值守",
    "grid_lead": "网格长",
    "hub": "中转员",
    "inspector": "督导员",
    "investigator": "流调员",
    "laboratory": "检测机构",
    "leader": "包片领导",
    "medic": "医护",
    "police": "社区民警",
    "property_company": "物业",
    "sampler": "采样员",
    "secretary": "社区书记",
    "unit_lead": "单元长",
    "volunteer": "志愿者",
}


def label(key: str) -> str:
    """The words for a key; a key that the operator named himself is its own word."""
    return LABELS.get(key, key)


def named(key: str) -> str:
    """The words for a member of a table whose keys are groups, places or duties."""
    return NAMED.get(key, key)


def say(field: str, value: object) -> str:
    """A value as it is read aloud, with its unit."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return _several(field, value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return f"{value.year} 年 {value.month} 月 {value.day} 日"
    if isinstance(value, int | float):
        return f"{value:g} {unit(field)}".strip()
    return VALUES.get(str(value)) or ROLES.get(str(value)) or str(value)


def unit(field: str) -> str:
    """The unit that the name of a key says."""
    if field == "days":
        return "天"
    ending = max((end for end in UNITS if field.endswith(end)), key=len, default="")
    return UNITS.get(ending, "")


_RANGES = {
    "persons_per_point",
    "teams_per_point",
    "points_open_within_hours",
    "deliver_within_hours",
    "chlorine_mg_per_l",
}


def _several(field: str, values: tuple[object, ...]) -> str:
    """A range as 从…到…, days as 第…天, anything else as a list."""
    if field == "test_days":
        return "第 " + "、".join(str(day) for day in values) + " 天"
    if field in _RANGES and values[0] == values[1]:
        return say(field, values[0])
    if field in _RANGES:
        return f"{values[0]:g} 至 {values[1]:g} {unit(field)}".strip()
    return "、".join(say("", value) for value in values) + (unit(field) and f" {unit(field)}")
