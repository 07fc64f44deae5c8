"""Rows of pushed lists about an invented town, damaged in every way that lists are, each with whom it truly means.

Rows about somebody who is not in the register are made to look like somebody who is: the same name, a resident's old
number, a sister who lives elsewhere and left the family's phone, a twin, a son who moved out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from opencc import OpenCC
from stdnum.cn import ric

from bench.town import GIVEN, Founder, Resident, Town
from shouwang.register.finding.keys import syllables
from shouwang.register.matching import Written

NUMERALS = "零一二三四五六七八九"
ELSEWHERE = (
    "幸福路街道建新社区3号楼2单元501", "京华街道向阳社区锦绣花园5-1-302", "上海市浦东新区浦江镇12号楼403室", "东风村6号",
)  # fmt: skip
HOMOPHONES = (
    "伟玮炜",
    "芳方",
    "敏闽",
    "静净婧",
    "英莹",
    "丽莉",
    "娟涓",
    "涛焘",
    "明铭",
    "华桦",
    "志智",
    "宇雨玉",
    "建健",
    "欣鑫",
    "佳嘉",
)
LOOK_ALIKES = (
    "未末",
    "晴睛",
    "军车",
    "洋样",
    "国园",
    "兰三",
    "英央",
    "梅海",
    "玲铃",
    "明朋",
    "建健",
    "安妄",
    "莉俐",
    "天夭",
    "清情",
    "辉晖",
)
OCR = str.maketrans("01528", "OISZB")


@dataclass(frozen=True)
class Pushed:
    """A row, what was done to it, and whom it means: None for nobody in the register."""

    row: Written
    kind: str
    person: int | None


class Sender:
    """Writes rows about a town."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.chance = town, Random(seed)
        self.founder = Founder(seed + 45, first_phone=3_000_000 + seed % 100 * 20_000)
        self.founder.numbers = {person.number for person in town.people}
        self.to_traditional = OpenCC("s2t")
        self.adults = [person for person in town.people if person.born.year < 2004]

    def rows(self, count: int) -> list[Pushed]:
        """So many rows, of all kinds."""
        made: list[Pushed] = []
        kinds = [kind for kind, share in KINDS.items() for _ in range(share)]
        while len(made) < count:
            kind = self.chance.choice(kinds)
            person = self.chance.choice(self.town.people)
            row = getattr(self, f"_{kind}")(person)
            if row is not None:
                truth = None if kind in NOBODY else person.id
                made.append(Pushed(replace(row, number=len(made)), kind, truth))
        return made

    # ------------------------------------------------------------------------------------ about somebody who lives here

    def _exact(self, who: Resident) -> Written:
        return self._row(who.name, who.number, self._own_or_new(who), self._door(who))

    def _masked(self, who: Resident) -> Written:
        return self._row(
            who.name, self._mask(who.number), self._own_or_new(who), self._maybe(self._door(who))
        )

    def _masked_title(self, who: Resident) -> Written | None:
        return self._row(self._title(who), self._mask(who.number), who.phone) if who.phone else None

    def _name_phone(self, who: Resident) -> Written | None:
        return self._row(who.name, "", who.phone) if who.phone else None

    def _family_phone(self, who: Resident) -> Written | None:
        phones = [one.phone for one in who.home.people if one is not who and one.phone]  # type: ignore[union-attr]
        return self._row(who.name, "", self.chance.choice(phones)) if phones else None

    def _name_door(self, who: Resident) -> Written:
        return self._row(who.name, "", self.founder.phone(), self._door(who))

    def _word_door(self, who: Resident) -> Written:
        return self._row(who.name, "", "", self._door_in_words(who))

    def _short_door(self, who: Resident) -> Written | None:
        home = who.home
        assert home is not None
        return self._row(who.name, "", who.phone, f"{home.compound}{home.building}号楼{home.room}")

    def _pinyin(self, who: Resident) -> Written:
        name, roll = self._letters(who.name), self.chance.random()
        if roll < 0.5:
            return self._row(name, who.number, self._own_or_new(who))
        if roll < 0.75 and who.phone:
            return self._row(name, self._mask(who.number), who.phone)
        return self._row(name, "", who.phone, self._door(who))

    def _traditional(self, who: Resident) -> Written:
        name = self.to_traditional.convert(who.name)
        return self._row(
            name, "", who.phone, "" if who.phone else self.to_traditional.convert(self._door(who))
        )

    def _homophone(self, who: Resident) -> Written | None:
        return self._renamed(who, HOMOPHONES)

    def _look_alike(self, who: Resident) -> Written | None:
        return self._renamed(who, LOOK_ALIKES)

    def _wrong_digit(self, who: Resident) -> Written:
        place = self.chance.randrange(17)
        digit = str((int(who.number[place]) + self.chance.randrange(1, 10)) % 10)
        number = who.number[:place] + digit + who.number[place + 1 :]
        return self._row(who.name, number, self._own_or_new(who), self._maybe(self._door(who)))

    def _swapped(self, who: Resident) -> Written | None:
        place = self.chance.randrange(6, 16)
        one = who.number
        if one[place] == one[place + 1]:
            return None
        return self._row(who.name, one[:place] + one[place + 1] + one[place] + one[place + 2 :])

    def _lost_digit(self, who: Resident) -> Written:
        place = self.chance.randrange(6, 17)
        return self._row(who.name, who.number[:place] + who.number[place + 1 :], self._own_or_new(who))

    def _old_number(self, who: Resident) -> Written | None:
        if who.born.year >= 2000:
            return None
        return self._row(who.name, who.number[:6] + who.number[8:17], self._own_or_new(who))

    def _ocr(self, who: Resident) -> Written:
        damaged = "".join(
            sign.translate(OCR) if self.chance.random() < 0.2 else sign for sign in who.number[:17]
        )
        return self._row(f" {' '.join(who.name)} ", damaged + who.number[17], who.phone)

    def _phone_only(self, who: Resident) -> Written | None:
        sole = who.phone and sum(one.phone == who.phone for one in self.town.people) == 1
        return self._row("", "", who.phone) if sole else None

    def _title_phone(self, who: Resident) -> Written | None:
        if not who.phone or who not in self.adults:
            return None
        return self._row(self._title(who), "", who.phone, self._maybe(self._door(who)))

    def _two_phones(self, who: Resident) -> Written | None:
        both = [who.phone, self.founder.phone()]
        self.chance.shuffle(both)
        return (
            self._row(f"{who.name}（本人）", "", self.chance.choice("/、 ；").join(both))
            if who.phone
            else None
        )

    def _moved(self, who: Resident) -> Written:
        """At another's door now, with a new phone; known by the number, or by name and old phone."""
        other = self.chance.choice(self.town.homes)
        door = f"{other.compound}{other.door}"
        if who.phone and self.chance.random() < 0.5:
            return self._row(who.name, "", who.phone, door)
        return self._row(who.name, who.number, self.founder.phone(), door)

    def _away(self, who: Resident) -> Written:
        return self._row(who.name, who.number, "", self.chance.choice(ELSEWHERE))

    def _others_old_number(self, who: Resident) -> Written | None:
        """A resident whose phone was another resident's before."""
        other = self.chance.choice(self.town.people)
        return self._row(who.name, who.number, other.phone) if other.phone else None

    def _born(self, who: Resident) -> Written:
        return replace(self._row(who.name, "", "", self._maybe(self._door(who))), born_on=who.born)

    # --------------------------------------------------------------------------------- about somebody who does not

    def _stranger(self, who: Resident) -> Written:
        other = self._other(self.founder.surname() + self.founder.given())
        return self._row(other.name, self._maybe(other.number), other.phone, self._maybe(self._door(who)))

    def _namesake(self, who: Resident) -> Written:
        """The same name; now and then in the same building, or at the same door of another compound."""
        other, roll, home = self._other(who.name), self.chance.random(), who.home
        assert home is not None
        door = f"{home.compound}{home.building}-{home.unit or 1}-{home.room[:-1]}9" if roll < 0.3 else ""
        door = f"阳光世纪城{home.door}" if roll > 0.8 else door
        number = self.chance.choice((other.number, self._mask(other.number), "", ""))
        return self._row(other.name, number, other.phone, door)

    def _recycled(self, who: Resident) -> Written | None:
        if not who.phone:
            return None
        same = self.chance.random() < 0.3
        other = self._other((who.name[0] if same else self.founder.surname()) + self.founder.given())
        number = self.chance.choice((other.number, self._mask(other.number), ""))
        return self._row(other.name, number, who.phone, self._maybe(self.chance.choice(ELSEWHERE)))

    def _recycled_title(self, who: Resident) -> Written | None:
        """The number's new owner has the same surname: 王女士 for 王女士."""
        return (
            self._row(self._title(who), "", who.phone) if who.phone and self.chance.random() < 0.3 else None
        )

    def _sister(self, who: Resident) -> Written | None:
        """Lives elsewhere, left the family's phone; one sign of the name is hers."""
        if not who.phone or len(who.name) < 3:
            return None
        name = who.name[:-1] + self.chance.choice(GIVEN)
        if name in {one.name for one in who.home.people}:  # type: ignore[union-attr]
            return None
        other = self._other(name, who.number[:6])
        number = self.chance.choice((other.number, other.number, self._mask(other.number), ""))
        return self._row(name, number, who.phone, self._maybe(self.chance.choice(ELSEWHERE)))

    def _absent_twin(self, who: Resident) -> Written | None:
        stem = f"{who.number[:14]}{(int(who.number[14:17]) + 4) % 1000:03d}"
        number = stem + ric.calc_check_digit(stem + "0")
        if self.chance.random() < 0.4:
            place = self.chance.randrange(14, 17)
            number = number[:place] + str((int(number[place]) + 2) % 10) + number[place + 1 :]
        name = who.name[:-1] + self.chance.choice(GIVEN)
        same = name in {one.name for one in who.home.people}  # type: ignore[union-attr]
        return None if same else self._row(name, number, who.phone, self._maybe(self._door(who)))

    def _former_tenant(self, who: Resident) -> Written:
        other = self._other(self.founder.surname() + self.founder.given())
        return self._row(other.name, self._maybe(other.number), other.phone, self._door(who))

    # -------------------------------------------------------------------------------------------------- ways to write

    def _row(self, name: str, number: str = "", phone: str = "", address: str = "") -> Written:
        return Written(0, name, number, (phone,) if phone else (), address=address)

    def _other(self, name: str, area: str = "") -> Resident:
        born, sex = self.founder.born(5, 85), self.chance.choice("mf")
        return Resident(0, name, sex, born, self.founder.number(born, sex, area), self.founder.phone())

    def _maybe(self, words: str) -> str:
        return words if self.chance.random() < 0.5 else ""

    def _own_or_new(self, who: Resident) -> str:
        return who.phone if self.chance.random() < 0.7 else self.founder.phone()

    def _mask(self, number: str) -> str:
        return number[:6] + "*" * 8 + number[14:]

    def _title(self, who: Resident) -> str:
        surname = (
            who.name[:2] if who.name[:2] in ("欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫") else who.name[0]
        )
        return surname + ("先生" if who.sex == "m" else "女士")

    def _letters(self, name: str) -> str:
        first, *rest = (sound.capitalize() for sound in syllables(name))
        joined = "".join(rest).capitalize()
        forms = (
            f"{first} {joined}",
            f"{joined} {first}",
            f"{first}{joined}".upper(),
            f"{first} {' '.join(rest)}".lower(),
        )
        return self.chance.choice((*forms, f"{first}/{joined}".upper()))

    def _renamed(self, who: Resident, groups: tuple[str, ...]) -> Written | None:
        """One sign of the given name for another of its group."""
        places = [
            (at, other)
            for at, sign in enumerate(who.name)
            for group in groups
            if at and sign in group
            for other in group
            if other != sign
        ]
        if not places:
            return None
        at, other = self.chance.choice(places)
        name, roll = who.name[:at] + other + who.name[at + 1 :], self.chance.random()
        if name in {one.name for one in who.home.people}:  # type: ignore[union-attr]
            return None  # now it is a brother's name, and nobody could know
        phone, door = who.phone if roll < 0.7 else "", self._door(who) if roll > 0.3 else ""
        return (
            self._row(name, "" if roll > 0.1 else self._wrong_digit(who).id_number, phone, door)
            if phone or door
            else None
        )

    def _door(self, who: Resident) -> str:
        home = who.home
        assert home is not None
        building, unit, room = home.building, home.unit, home.room
        between = f"{unit}单元" if unit else ""
        ways = (
            f"{home.compound}{home.door}",
            f"{home.compound}{building}号楼{between}{room}",
            f"{self.town.name}{home.compound}{building}#楼{between}{room}室",
            f"{home.compound} {building}栋 {between} {room}",
            f"某市某区某街道{self.town.name}{home.compound}{building}幢{between}{room}号",
        )
        return self.chance.choice(ways)

    def _door_in_words(self, who: Resident) -> str:
        home = who.home
        assert home is not None
        unit = f"{_in_words(home.unit)}单元" if home.unit else ""
        room = "".join(NUMERALS[int(digit)] if digit.isdigit() else digit for digit in home.room)
        return f"{home.compound}{_in_words(home.building)}号楼{unit}{room}"


def _in_words(number: str) -> str:
    tens, ones = divmod(int(number), 10)
    head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return head + (NUMERALS[ones] if ones or not tens else "")


KINDS = {
    "exact": 14, "masked": 6, "masked_title": 2, "name_phone": 5, "family_phone": 4, "name_door": 5, "word_door": 3,
    "short_door": 3, "pinyin": 5, "traditional": 4, "homophone": 4, "look_alike": 4, "wrong_digit": 5, "swapped": 3,
    "lost_digit": 2, "old_number": 2, "ocr": 3, "phone_only": 2, "title_phone": 3, "two_phones": 3, "moved": 3,
    "away": 2, "others_old_number": 2, "born": 2, "stranger": 8, "namesake": 8, "recycled": 5, "recycled_title": 1,
    "sister": 6, "absent_twin": 4, "former_tenant": 3,
}  # fmt: skip
NOBODY = frozenset(
    ["stranger", "namesake", "recycled", "recycled_title", "sister", "absent_twin", "former_tenant"]
)
Writing = Callable[[Resident], Written | None]
