"""Areas from the community upwards: named once, before anything can lie in them."""

from dataclasses import dataclass
from datetime import datetime

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.lib.codes import COMMUNITY, NAMES, ancestors, is_code
from shouwang.lib.errors import Refusal
from shouwang.lib.provinces import PROVINCES, province_of
from shouwang.register.models import Area


class NotAnArea(Refusal):
    code = "register.not_an_area"
    sentence = "“{area}”不是区、街道或社区的编号。编号是 6、9 或 12 位数字。"


class NoSuchProvince(Refusal):
    code = "register.no_such_province"
    sentence = "没有叫“{province}”的省。请写简称，例如河南、湖北、上海。"


@dataclass(frozen=True)
class Town:
    """The province and the city in which an area lies, as people write them; empty where nobody knows."""

    province: str = ""
    city: str = ""


def town_of(area: str) -> Town:
    """As somebody said of the area or of what it lies in; else the province that the code names."""
    rows = Area.objects.filter(code__in=ancestors(area)).exclude(province="").order_by("-code")
    said = rows.values_list("province", "city").first()
    return Town(*said) if said else Town(province_of(area))


def say_town(area: str, province: str, city: str, *, by: User | None, at: datetime) -> None:
    """Says in which province and city an area lies. Raises: NoSuchProvince."""
    short = next((name for name in PROVINCES.values() if province.strip().startswith(name)), "")
    if not short:
        raise NoSuchProvince(province=province)
    plain = city.strip().removesuffix("市")
    Area.objects.filter(code=area).update(province=short, city=plain[:24])
    record("register.say_town", at=at, by=by, area=area, province=short, city=plain)


def name_area(code: str, label: str, *, by: User | None, at: datetime) -> Area:
    """A district, subdistrict or community under its statistical division code; naming it again renames it.

    Raises: NotAnArea.
    """
    if not is_code(code) or len(code) > COMMUNITY:
        raise NotAnArea(area=code)
    area, _ = Area.objects.update_or_create(code=code, defaults={"level": NAMES[len(code)], "label": label})
    record("register.name_area", at=at, by=by, area=code)
    return area
