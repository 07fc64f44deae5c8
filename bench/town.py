"""Invented towns in which people are easily taken for one another: families, twins, namesakes, a register with faults.

Nobody in them exists: numbers begin with an area given to nobody, phones hold three zeros.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
    "蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
)
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫")
GIVEN = (
    "伟芳娜敏静秀英丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建华国志云飞鹏宇浩轩涵欣怡梓晨雨思佳嘉雪琪婷莉萍清晴媛春秋冬海波峰林森"
    "德福贵荣昌永胜良民忠义礼智信仁和顺安康宁泰祥瑞吉庆喜乐天地山川河流星月阳光亮金银玉珠宝珍贤淑惠慧巧美凤莲菊梅荷香翠碧"
)
STEMS = (
    "金水",
    "八一路",
    "梧桐",
    "铁路三局",
    "锦绣江南",
    "农科院",
    "书香",
    "滨河",
    "明月",
    "丰产路",
    "翠竹",
    "纬五路",
)
ENDS = ("花园", "家属院", "小区", "新村", "苑", "楼院", "一期", "二期")
TODAY = date(2022, 4, 20)
YEAR_DAYS = 365.25
PREFIXES = 70  # 130 to 199


@dataclass(slots=True)
class Resident:
    """Somebody who lives here, and what the register says of them."""

    id: int
    name: str
    sex: str
    born: date
    number: str
    phone: str
    registered_number: str = ""
    registered_name: str = ""
    home: "Home | None" = None


@dataclass(slots=True)
class Home:
    """A door and the people behind it."""

    id: int
    code: str
    compound: str
    building: str
    unit: str
    room: str
    people: list[Resident] = field(default_factory=list)

    @property
    def door(self) -> str:
        return "-".join(part for part in (self.building, self.unit, self.room) if part)


@dataclass
class Town:
    """A community with its homes."""

    code: str
    name: str
    homes: list[Home]
    people: list[Resident]


class Founder:
    """Makes a town from a seed; the same seed makes the same town."""

    def __init__(self, seed: int, first_id: int = 1, first_phone: int = 1) -> None:
        self.chance = Random(seed)
        self.next_id = self.next_home = first_id
        self.next_phone = first_phone
        self.areas = [f"99{seed % 90 + 10}{last:02d}" for last in (1, 1, 1, 1, 2, 3)]
        self.numbers: set[str] = set()

    def town(self, people: int, code: str, name: str = "松柏社区") -> Town:
        """About so many people behind doors, some faults in their rows."""
        town = Town(code, name, [], [])
        compounds = self._compounds()
        while len(town.people) < people:
            home = self._home(len(town.homes), code, compounds)
            town.homes.append(home)
            if self.chance.random() > 0.04:
                self._family(home)
            town.people += home.people
        self._namesakes(town)
        for person in town.people:
            self._faults(person)
        return town

    def given(self, least: int = 1) -> str:
        one = least == 1 and self.chance.random() < 0.25
        return "".join(self.chance.choice(GIVEN) for _ in range(1 if one else 2))

    def surname(self) -> str:
        return self.chance.choice(DOUBLE) if self.chance.random() < 0.01 else self._common(SURNAMES)

    def number(self, born: date, sex: str, area: str = "") -> str:
        """One that nobody else in this town has."""
        order = self.chance.randrange(1, 499) * 2 + (sex == "m")
        stem = f"{area or self.chance.choice(self.areas)}{born:%Y%m%d}{order:03d}"
        number = stem + ric.calc_check_digit(stem + "0")
        if number in self.numbers:
            return self.number(born + timedelta(days=1), sex, area)
        self.numbers.add(number)
        return number

    def phone(self) -> str:
        self.next_phone += 1
        rest, block = divmod(self.next_phone, PREFIXES)
        return f"1{30 + block}000{rest:05d}"

    def born(self, least: float, most: float) -> date:
        return TODAY - timedelta(days=int(self.chance.uniform(least, most) * YEAR_DAYS))

    def person(self, name: str, sex: str, born: date, phone: str) -> Resident:
        number = self.number(born, sex)
        self.next_id += 1
        return Resident(self.next_id - 1, name, sex, born, number, phone, number, name)

    def _common(self, signs: str) -> str:
        return signs[min(int(self.chance.expovariate(5.0) * len(signs)), len(signs) - 1)]

    def _compounds(self) -> list[tuple[str, bool]]:
        stems = [*self.chance.sample(STEMS, 3), *(self.given(2) for _ in range(3))]
        names = [stem + self.chance.choice(ENDS) for stem in stems]
        twin = stems[0] + self.chance.choice([end for end in ENDS if not names[0].endswith(end)])
        return [(name, self.chance.random() < 0.75) for name in [*names, twin]]

    def _home(self, number: int, code: str, compounds: list[tuple[str, bool]]) -> Home:
        which, place = number % len(compounds), number // len(compounds)
        compound, units = compounds[which]
        building, place = divmod(place, 72)
        unit, place = divmod(place, 24) if units else (0, place)
        room = f"{1 + place // 4}0{1 + place % 4}" + ("A" if self.chance.random() < 0.02 else "")
        path = f"{code}{which + 1:02d}{building + 1:03d}{unit + 1:02d}{number:04d}"[:23]
        self.next_home += 1
        return Home(self.next_home, path, compound, str(building + 1), str(unit + 1) if units else "", room)

    def _family(self, home: Home) -> None:
        """Grown-ups with a phone each, children with a parent's; alike names where families make them."""
        chance, surname = self.chance, self.surname()
        father = self.person(surname + self.given(), "m", self.born(28, 75), self.phone())
        people = [father]
        if chance.random() < 0.75:
            people.append(self.person(self.surname() + self.given(), "f", self.born(26, 73), self.phone()))
        shared, children = chance.choice(GIVEN), chance.choice((0, 0, 1, 1, 2, 3))
        for _ in range(children):
            people.append(self._child(surname, shared, father, people))
        if children and chance.random() < 0.06:
            people.append(self._twin(people[-1]))
        for person in people:
            person.home = home
        home.people = people

    def _child(self, surname: str, shared: str, father: Resident, people: list[Resident]) -> Resident:
        chance, roll = self.chance, self.chance.random()
        sex = chance.choice("mf")
        given = shared + chance.choice(GIVEN) if roll < 0.5 else self.given()
        if roll > 0.85 and len(father.name) > 2:
            given = father.name[1] + chance.choice(GIVEN)
        grown = chance.random() < 0.4
        phone = self.phone() if grown else chance.choice(people).phone
        return self.person(surname + given, sex, self.born(18, 40) if grown else self.born(1, 17), phone)

    def _twin(self, one: Resident) -> Resident:
        """Born the same day, one sign of the name and one step in the number apart."""
        self.next_id += 1
        order = (int(one.number[14:17]) + 2) % 1000
        stem = f"{one.number[:14]}{order:03d}"
        name = one.name[:-1] + self.chance.choice(GIVEN)
        number = stem + ric.calc_check_digit(stem + "0")
        return Resident(self.next_id - 1, name, one.sex, one.born, number, one.phone, number, name)

    def _namesakes(self, town: Town) -> None:
        """Two in a hundred bear a neighbour's name, some of them in the same building."""
        for person in town.people:
            if self.chance.random() < 0.02:
                near = [
                    other
                    for other in self.chance.sample(town.people, 40)
                    if other.home.code[:17] == person.home.code[:17]
                ]
                other = near[0] if near else self.chance.choice(town.people)
                person.name = person.registered_name = other.name

    def _faults(self, person: Resident) -> None:
        """No number, an old one, a wrong digit, lost digits; no phone; a name in traditional signs."""
        chance, roll = self.chance, self.chance.random()
        number = person.number
        if roll < 0.03:
            person.registered_number = ""
        elif roll < 0.045 and number[6:8] == "19":
            person.registered_number = number[:6] + number[8:17]
        elif roll < 0.055:
            place = chance.randrange(6, 18)
            person.registered_number = (
                number[:place] + str((int(number[place].replace("X", "1")) + 3) % 10) + number[place + 1 :]
            )
        elif roll < 0.06:
            person.registered_number = number[:15] + "***"
        if chance.random() < 0.12:
            person.phone = ""
