"""What the doors of the demo town say when somebody rings: most are at home and well, a few are not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from shouwang.lib.codes import subtree
from shouwang.lib.ids import uuid7
from shouwang.register.models import Household, Person
from shouwang.screening.actions import Seen

FEVERS = (("37.6", "咳嗽两天"), ("38.2", "发热、乏力"), ("37.4", "嗓子疼"))
NEWCOMERS = (
    "女儿昨晚从外地回来", "来了一位亲戚，住几天", "新租客今天搬来，一人", "儿子从杭州出差回来",
    "老人接来同住", "保姆换人了",
)  # fmt: skip
HANDED_OUT = (("温馨提示单",), ("温馨提示单", "口罩"), ())
NOTES = ("", "", "", "", "", "", "门铃坏了，要敲门", "家里有狗", "老人耳背，请大声些", "希望晚上再打电话")


@dataclass(frozen=True)
class Known:
    """A door as the register has it: who lives there and who could open."""

    id: int
    area_code: str
    people: tuple[str, ...]


def known_doors(community: str) -> list[Known]:
    """Every door of the community with the names behind it."""
    low, high = subtree(community)
    names: dict[int, list[str]] = {}
    people = Person.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None).order_by("id")
    for household, name in people.values_list("household_id", "name"):
        names.setdefault(household, []).append(name)
    rows = Household.objects.filter(area_code__gte=low, area_code__lt=high).order_by("area_code")
    return [
        Known(identity, code, tuple(names.get(identity, ())))
        for identity, code in rows.values_list("id", "area_code")
    ]


def said(door: Known, at: datetime, random: Random) -> Seen:
    """An ordinary visit: somebody opens and all are well, or the neighbours say that nobody lives here."""
    if not door.people:
        return Seen(door.id, at, uuid7(at), people_count=0, note="空房，邻居说没人住")
    return Seen(
        door.id,
        at,
        uuid7(at),
        met=random.choice(door.people),
        people_count=len(door.people),
        temperature_c=Decimal(random.randint(361, 369)) / 10,
        handed_out=random.choice(HANDED_OUT),
        note=random.choice(NOTES),
    )


def unusual(visits: Sequence[Seen], random: Random) -> list[Seen]:
    """The same visits, with fever or symptoms at three doors and new people at one in two hundred."""
    told = list(visits)
    lived_in = [number for number, seen in enumerate(told) if seen.met]
    for number, (temperature, symptoms) in zip(random.sample(lived_in, len(FEVERS)), FEVERS, strict=True):
        told[number] = replace(told[number], temperature_c=Decimal(temperature), symptoms=symptoms)
    for number in random.sample(lived_in, max(1, len(lived_in) // 200)):
        told[number] = replace(told[number], newcomers=random.choice(NEWCOMERS))
    return told


def arrivals(
    doors: Iterable[Known], hours: Sequence[tuple[datetime, int]], random: Random
) -> list[tuple[datetime, Known]]:
    """When somebody stands before each door: more doors in some hours than in others.

    Shape: `hours` are the beginnings of the hours with their weights; the last hour is a half one.
    """
    starts, weights = zip(*hours, strict=True)
    last = starts[-1]
    calls = []
    for door in doors:
        start = random.choices(starts, weights)[0]
        seconds = random.randrange(1700 if start == last else 3500)
        calls.append((start + timedelta(seconds=seconds), door))
    return sorted(calls, key=lambda call: (call[0], call[1].id))
