"""Who lives behind a door: families as one meets them, tenants with their landlord, old people alone, nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from shouwang.demo.buildings import COMPOUNDS, Door, all_doors
from shouwang.demo.invented import PLACES, Invented, Inventor

SEED = 20200210
EMPTY_SHARE = 0.058
# How many live behind a door, by how often: of every hundred doors.
USUAL = ((1, 14), (2, 30), (3, 32), (4, 15), (5, 7), (6, 2))
OLD = ((1, 48), (2, 52))
RENTING = ((1, 34), (2, 34), (3, 22), (4, 10))
MOST = 7


@dataclass
class Member:
    """Somebody of a household, with what the register says beside the name."""

    who: Invented
    relation: str
    from_place: str = "本市"
    category: str = "常住"
    helps: dict[str, str] = field(default_factory=dict)
    doses: str = ""


@dataclass
class Family:
    """A door and whoever lives behind it."""

    door: Door
    kind: str
    size: int
    members: list[Member] = field(default_factory=list)
    landlord: str = ""

    @property
    def head(self) -> str:
        """Under whose name the household stands."""
        return self.members[0].who.name if self.members else ""


def families(households: int, people: int, inventor: Inventor) -> list[Family]:
    """So many households with so many people behind them, both exactly."""
    homes = [_home(door, inventor.random) for door in all_doors(households)]
    _make_exact(homes, people, inventor.random)
    for home in homes:
        _fill(home, inventor)
    return homes


def _home(door: Door, random: Random) -> Family:
    compound = next(each for each in COMPOUNDS if each.name == door.compound)
    if random.random() < EMPTY_SHARE:
        return Family(door, "empty", 0)
    if door.floor == "-1" or door.room.startswith("门面") or random.random() < compound.tenants:
        return Family(door, "tenants", _drawn(RENTING, random))
    if random.random() < compound.old:
        return Family(door, "old", _drawn(OLD, random))
    return Family(door, "family", _drawn(USUAL, random))


def _drawn(sizes: tuple[tuple[int, int], ...], random: Random) -> int:
    return random.choices([size for size, _ in sizes], [weight for _, weight in sizes])[0]


def _make_exact(homes: list[Family], people: int, random: Random) -> None:
    """Lets families grow or shrink one by one until exactly so many people live here."""
    lived_in = [home for home in homes if home.kind in ("family", "tenants")] or homes[:1]
    missing = people - sum(home.size for home in homes)
    while missing:
        step = 1 if missing > 0 else -1
        home = random.choice(lived_in)
        if 1 <= home.size + step <= MOST + abs(missing) // len(lived_in):
            home.size += step
            missing -= step


def _fill(home: Family, inventor: Inventor) -> None:
    makers = {"family": _family, "tenants": _tenants, "old": _old}
    if home.kind == "empty":
        return
    home.members = list(makers[home.kind](home, inventor))
    for member in home.members:
        _circumstances(member, home, inventor)


def _family(home: Family, inventor: Inventor) -> Iterator[Member]:
    """Head and spouse, then children, then the old parents; alone in a third of the cases a young person."""
    random = inventor.random
    age = random.randint(26, 58)
    surname = inventor.surname()
    yield Member(inventor.person(age=age, surname=surname), "户主")
    if home.size >= 2:
        yield Member(inventor.person(age=max(23, age + random.randint(-4, 3))), "配偶")
    children = min(home.size - 2, 3 if home.size > 5 else 2)
    for number in range(children):
        yield Member(
            inventor.person(age=max(0, age - random.randint(24, 31) - 3 * number), surname=surname), "子女"
        )
    for number in range(home.size - 2 - max(children, 0)):
        own = surname if number == 0 else ""
        yield Member(inventor.person(age=min(93, age + random.randint(23, 30)), surname=own), "父母")


def _old(home: Family, inventor: Inventor) -> Iterator[Member]:
    age = inventor.random.randint(67, 92)
    yield Member(inventor.person(age=age), "户主")
    for _ in range(home.size - 1):
        yield Member(inventor.person(age=max(62, age + inventor.random.randint(-5, 3))), "配偶")


def _tenants(home: Family, inventor: Inventor) -> Iterator[Member]:
    random = inventor.random
    owner = inventor.person(age=random.randint(35, 70))
    home.landlord = f"{owner.name} {owner.phone}"
    place = random.choice(PLACES[3:])
    age = random.randint(20, 52)
    for number in range(home.size):
        relation = ("户主", "配偶", "子女")[min(number, 2)] if age > 27 and home.size < 5 else "租户"
        own = max(1, age - 25) if relation == "子女" else max(18, age + random.randint(-3, 3))
        yield Member(inventor.person(age=own), relation, place, "流动")


def _circumstances(member: Member, home: Family, inventor: Inventor) -> None:
    """Helps needed, vaccination, and who has no phone of their own."""
    random, age = inventor.random, inventor.today.year - member.who.born_on.year
    if home.kind == "old" and home.size == 1:
        member.helps["lives_alone"] = "是"
    if age > 72 and random.random() < 0.4:
        member.helps["no_phone"] = "是"
    if age > 60 and random.random() < 0.35:
        member.helps["chronic"] = random.choice(("高血压", "糖尿病", "冠心病", "高血压、糖尿病"))
    if random.random() < 0.012:
        member.helps["disabled"] = random.choice(("二级", "三级", "四级"))
    if member.who.sex == "女" and 23 <= age <= 38 and random.random() < 0.02:
        member.helps["pregnant"] = "是"
    member.doses = str(random.choices((0, 1, 2, 3), (8, 6, 26, 60))[0]) if age > 3 else "0"
