"""What the register offers to ledgers: how many live here, and who they are.

Two denominators that must not be mixed: the doors of the compounds (辖区户数), and the homes in which somebody lives
(常住户数).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Least

from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.fields import Field, Lines, NumberField, RowField, cells_of
from shouwang.lib.provinces import PROVINCES
from shouwang.lib.sealing import sealer
from shouwang.register.areas import town_of
from shouwang.register.models import Household, Merge, Person
from shouwang.register.responsibility import ROLES, who_answers

MOBILE = Q(category__contains="流动") | Q(category__contains="外来") | Q(category__contains="暂住")
SEXES = {"m": "男", "f": "女"}
BUILDING_ROLES = tuple(role for role in ROLES if role not in ("police", "medic", "leader"))


def _standing(rows: QuerySet, area: str, kind: str, *left: str) -> QuerySet:
    """Rows that stand for themselves: from when they were entered until they left or turned out to be another."""
    low, high = subtree(area)
    merged = Merge.objects.filter(kind=kind, lost=OuterRef("pk"), undone_at=None).values("at")[:1]
    itself = When(kept_id=F("pk"), then=Value(None))  # nearly every row: no merge is looked up for it
    gone = Case(itself, default=Subquery(merged), output_field=DateTimeField())
    return rows.filter(area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("added_at"),
        came_at=F("added_at"),
        gone_at=Least(gone, *left) if left else gone,
        amount=Value(1, output_field=IntegerField()),
        subject=F("pk"),
    )


def doors(area: str) -> QuerySet:
    """Every door of the area, lived in or not."""
    return _standing(Household.objects.all(), area, "household")


def homes(area: str) -> QuerySet:
    """The doors behind which somebody lives."""
    living = Person.objects.filter(household=OuterRef("pk"), left_at=None)
    return doors(area).filter(Exists(living))


def people(area: str) -> QuerySet:
    """Everybody who lives in the area."""
    return _standing(Person.objects.all(), area, "person", "left_at")


def from_other_provinces(area: str) -> QuerySet | None:
    """People who are not settled here and come from another province. None where the own province is not known."""
    own = town_of(area).province
    elsewhere = "|".join(sorted(set(PROVINCES.values()) - {own}))
    return people(area).filter(MOBILE, from_place__regex=f"^({elsewhere})") if own else None


def from_other_cities(area: str) -> QuerySet | None:
    """People who are not settled here and come from another city of the own province. None as above."""
    town = town_of(area)
    if not town.province:
        return None
    rows = people(area).filter(MOBILE, from_place__startswith=town.province)
    own = Q(pk__in=[])
    for between in ("", "省") if town.city else ():
        own |= Q(from_place__startswith=f"{town.province}{between}{town.city}")
    return rows.exclude(own)


def from_hubei(area: str) -> QuerySet:
    """People who are not settled here and come from Hubei."""
    return people(area).filter(MOBILE, from_place__startswith="湖北")


NUMBERS: tuple[Field, ...] = (
    NumberField(
        key="register.doors", words="辖区户数", synonyms=("总户数", "户数", "应入户数", "楼院总户数"), span="standing",
        source=doors, means="底册里所有的门，住人的和空着的都算。",
    ),
    NumberField(
        key="register.homes", words="常住户数", synonyms=("入住户数", "实有户数", "居住户数"), span="standing",
        source=homes, means="现在有人住的门。",
    ),
    NumberField(
        key="register.people", words="辖区人数", synonyms=("总人数", "人口数", "常住人数", "实有人数"), span="standing",
        source=people, subject="person", means="底册里现在住在这里的人。",
    ),
    NumberField(
        key="register.from_other_provinces", words="外来人员/省外", synonyms=("外来人员省外", "省外人员", "省外人数"),
        span="standing", source=from_other_provinces, subject="person", means="底册里写“流动”、户籍在外省的人。",
    ),
    NumberField(
        key="register.from_other_cities", words="外来人员/省内市外", synonyms=("省内市外人员", "省内市外人数"),
        span="standing", source=from_other_cities, subject="person", means="底册里写“流动”、户籍在本省外市的人。",
    ),
    NumberField(
        key="register.from_hubei", words="外来人员/其中湖北武汉", synonyms=("湖北武汉人员", "湖北人员"),
        span="standing", source=from_hubei, subject="person", means="底册里写“流动”、户籍在湖北的人。",
    ),
)  # fmt: skip


def everybody(area: str, selection: Mapping[str, str], at: datetime) -> QuerySet:
    """Who lived in the area at that moment, or those of a category, from a place, entered since a day."""
    low, high = subtree(area)
    rows = Person.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"), added_at__lt=at)
    rows = rows.filter(Q(left_at=None) | Q(left_at__gte=at))
    if category := selection.get("category"):
        rows = rows.filter(category=category)
    if place := selection.get("from_place"):
        rows = rows.filter(from_place__startswith=place)
    if since := selection.get("since"):
        rows = rows.filter(added_at__gte=midnight(date.fromisoformat(since)))
    return rows.select_related("household").order_by("area_code", "id")


PERSON = Lines(
    key="person", words="一个居民", rows=everybody, titles=("人口", "居民", "底册"),
    selects=("category", "from_place", "since"),
)  # fmt: skip


def age(born_on: date | None, at: datetime) -> int | None:
    """Whole years at that moment."""
    if born_on is None:
        return None
    day = day_of(at)
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def address(person: Person) -> str:
    """The door, with its compound before it."""
    return f"{person.household.compound} {person.household.door}"


def answering(people: Sequence[Person], at: datetime) -> list[str | None]:
    """Who answers for each person's door."""
    return answering_for([person.area_code for person in people], at)


def answering_for(codes: Sequence[str], at: datetime) -> list[str | None]:
    """Who answers for each of these doors, by name."""
    found = who_answers(set(codes), BUILDING_ROLES, now=at)
    return [found[code].name if code in found else None for code in codes]


def id_numbers(people: Sequence[Person]) -> list[str]:
    """ID numbers in clear. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return [keys.open(person.id_sealed) for person in people]


def phones(people: Sequence[Person]) -> list[str]:
    """Phones in clear. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return ["、".join(keys.open(sealed) for sealed in person.phones_sealed) for person in people]


_of = cells_of(PERSON, "register")


CELLS: tuple[RowField, ...] = (
    _of("name", "姓名", "人员姓名", "居民姓名", value=lambda one, at: one.name),
    _of("sex", "性别", value=lambda one, at: SEXES.get(one.sex)),
    _of("age", "年龄", "年龄（岁）", "周岁", value=lambda one, at: age(one.born_on, at)),
    _of("born_on", "出生日期", "出生年月", value=lambda one, at: one.born_on),
    _of(
        "id_number", "身份证号", "身份证号码", "证件号", "证件号码", "公民身份号码", "身份证",
        value=lambda one, at: one.id_mask or None, clear=id_numbers,
    ),
    _of(
        "phone", "联系电话", "电话", "手机", "手机号", "手机号码", "联系手机", "联系方式", "电话号码",
        value=lambda one, at: one.phone_mask or None, clear=phones,
    ),
    _of("address", "现住址", "现居住地址", "居住地址", "住址", "详细地址", "家庭住址", value=lambda one, at: address(one)),
    _of("compound", "小区", "小区名称", "楼院", value=lambda one, at: one.household.compound),
    _of("building", "楼号", "楼栋", "栋", value=lambda one, at: one.household.building),
    _of("unit", "单元", "单元号", value=lambda one, at: one.household.unit or None),
    _of("room", "房号", "室", "门牌号", value=lambda one, at: one.household.room),
    _of("relation", "与户主关系", value=lambda one, at: one.relation or None),
    _of("category", "人员类型", "人员类别", "常住/流动", value=lambda one, at: one.category or None),
    _of("from_place", "户籍地址", "户籍地", "户籍", "籍贯", value=lambda one, at: one.from_place or None),
    RowField(
        key="register.answers", words="包保责任人", synonyms=("包保人", "责任人", "包保干部", "网格员"),
        needs="register.read", lines=PERSON.key, source=answering,
    ),
)  # fmt: skip

FIELDS: tuple[Field, ...] = (*NUMBERS, *CELLS)
