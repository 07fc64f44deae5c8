"""What a chat group said, matched to the people who are held: sure lines become readings, the others wait for a person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from shouwang.isolation.caring import COLDEST, WARMEST, Taken
from shouwang.isolation.daily import held_on
from shouwang.isolation.models import Order
from shouwang.isolation.readings.chat import Said, read_chat
from shouwang.lib.clock import day_of
from shouwang.register.models import Household

LINES = UUID(
    "6f1d0c1e-3b0a-5e5e-9d7a-0a4b7c9e2d11"
)  # names a line of a day's chat, so that pasting twice counts once


@dataclass(frozen=True)
class Heard:
    """One line and the person it was found to mean; `doubt` where a person has to say."""

    said: Said
    order: Order | None
    doubt: str


def hear(text: str, area: str, *, now: datetime) -> list[Heard]:
    """Whom each line means, among those who are held in this area today."""
    orders = list(held_on(area, day_of(now)).select_related("person__household"))
    by_name: defaultdict[str, list[Order]] = defaultdict(list)
    for order in orders:
        by_name[order.person.name].append(order)
    return [_heard(said, orders, by_name) for said in read_chat(text)]


def readings(heard: Sequence[Heard], *, at: datetime) -> list[Taken]:
    """The sure lines as readings. The same line of the same day is the same reading, however often it is pasted."""
    taken = []
    for one in heard:
        if one.order is None or one.doubt or one.said.temperature_c is None:
            continue
        key = f"{day_of(at)} {one.order.person_id} {one.said.text}"
        taken.append(
            Taken(
                person=one.order.person_id,
                at=at,
                how="chat",
                temperature_c=one.said.temperature_c,
                symptoms=one.said.symptoms,
                id=uuid5(LINES, key),
            )
        )
    return taken


def _heard(said: Said, orders: Sequence[Order], by_name: dict[str, list[Order]]) -> Heard:
    if said.doubt:
        return Heard(said, None, said.doubt)
    if said.temperature_c is None or not COLDEST <= said.temperature_c <= WARMEST:
        return Heard(said, None, "体温不对，请再问一下。")
    named = by_name.get(said.name, [])
    at_door = [order for order in orders if said.door and _is(order.person.household, said)]
    both = [order for order in at_door if order in named]
    if len(both) == 1:
        return Heard(said, both[0], "")
    if said.door and not said.name and len(at_door) == 1:
        return Heard(said, at_door[0], "")
    if not said.door and len(named) == 1:
        return Heard(said, named[0], "")
    return Heard(said, None, _why(said, named, at_door))


def _why(said: Said, named: Sequence[Order], at_door: Sequence[Order]) -> str:
    if len(named) > 1 and not said.door:
        return f"有 {len(named)} 个人叫{said.name}，没有写门牌。"
    if at_door and said.name:
        return f"这一户隔离的人里没有叫{said.name}的。"
    if named:
        return f"{said.name}登记的门牌和写的不一样。"
    return "隔离名单里找不到这个人。"


def _is(home: Household, said: Said) -> bool:
    """Whether a household is behind the written door; a compound that was written must be its compound."""
    door = said.door
    if door is None or (home.building, home.room) != (door.building, door.room):
        return False
    if door.unit and home.unit and home.unit != door.unit:
        return False
    return not door.compound or home.compound in door.compound or door.compound in home.compound
