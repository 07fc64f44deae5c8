"""Whose register this is: the names of community and compound, from titles, sheets and the file's name."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from shouwang.lib.characters import plain
from shouwang.lib.doors import building_label

COMMUNITY = re.compile(r"([\u3400-\u9fff]{2,24}?(?:社区|居委会|村委会))")
ABOVE = re.compile(r"^.*(?:街道|办事处|[县市镇乡]|(?<!社)区)(?=.{2,}(?:社区|居委会|村委会)$)")
YEARS = re.compile(r"(?:\d{4}年?)?(?:\d{1,2}月)?(?:\d{1,2}日)?")
WORDS = re.compile(
    r"(?:疫情防控|新冠|全员|常住|流动|实有|辖区|居民|住户|入户|人口|人员|家庭|户籍|房屋|住宅|基本|基础|详细|信息|情况|摸排|排查|登记|统计|管理"
    r"|底册|底数|台账|花名册|名册|名单|汇总|一览|明细|清单|普查|数据|表|册|\d{2,4}年?\d{0,2}月?\d{0,2}日?|截至.*|[（(].*?[)）]|[-_—\s、·:：的])+"
)
GENERIC = re.compile(r"(?:sheet|工作表|表|工作簿|book|data|数据|汇总)?[\s_-]*\d*(?:\(\d+\))?", re.IGNORECASE)
BUILDING = re.compile(r"[A-Za-z]?\d+[A-Za-z]?\s*(?:号楼|栋|幢|座|#楼?|单元|楼)")
WHOLE = "全社区"


def community_in(texts: Iterable[str]) -> str:
    """The first community named in these lines; empty where none is."""
    for text in texts:
        words = YEARS.sub("", plain(text), count=1)
        if found := COMMUNITY.search(words):
            return ABOVE.sub("", found[1])
    return ""


def compound_of(sheet: str, title: Sequence[str], community: str, filename: str) -> str:
    """The compound that a table is about: its sheet's name, or what the title says beside the community."""
    name = _compound(sheet, community) if sheet != filename else ""
    if name and not BUILDING.fullmatch(name):
        return name
    for text in (*title, PurePath(filename).stem):
        if name := _compound(text, community):
            return name
    return WHOLE


def building_of(sheet: str) -> str:
    """The building that a sheet is about, where sheets are named after buildings; empty otherwise."""
    name = plain(sheet)
    return building_label(name) if BUILDING.fullmatch(name) else ""


def _compound(text: str, community: str) -> str:
    """What remains of a title without community, street and the words that every title has."""
    words = plain(text)
    if community and community in words:
        words = words[words.index(community) + len(community) :]
    if GENERIC.fullmatch(words):
        return ""
    words = WORDS.sub(" ", words).strip()
    first = words.split(" ")[0] if words else ""
    return first[:64] if len(first) >= 2 and not COMMUNITY.fullmatch(first) else ""
