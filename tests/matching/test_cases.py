"""Rows beside the block: who each means, and why."""

from datetime import date

from shouwang.access.scope import scope
from shouwang.register.joining.merging import merge
from shouwang.register.matching import WHY, Match, Written, match
from shouwang.register.models import Person
from tests.matching import block
from tests.matching.block import FATHER, OTHER_TWIN, SISTER_AWAY, SISTER_HERE, SON, TWIN, number
from tests.world import MORNING

FOUND, CANDIDATES, NEW, NOT_OURS = "found", "candidates", "new", "not_ours"
ELSEWHERE = "幸福路街道建新社区3号楼2单元501"


def typed(good: str, place: int, digit: str) -> str:
    """The number with one digit wrong."""
    return good[:place] + digit + good[place + 1 :]


def swapped(good: str, place: int) -> str:
    """The number with two neighbours turned."""
    return good[:place] + good[place + 1] + good[place] + good[place + 2 :]


def row(name: str = "", id_number: str = "", phone: str = "", address: str = "", **more: object) -> Written:
    return Written(0, name, id_number, (phone,) if phone else (), address=address, **more)  # type: ignore[arg-type]


Case = tuple[Written, str, str, set[str]]  # the row, outcome, the first person's name, part of why

CASES: list[Case] = [
    # The number alone, in every way it is written.
    (row(id_number=FATHER), FOUND, "王建国", {"id"}),
    (row("王建国", FATHER.lower().replace("1", "１")), FOUND, "王建国", {"id", "name"}),
    (row("王建国", FATHER[:6] + "*" * 8 + FATHER[14:], "13800001001"), FOUND, "王建国", {"id_masked", "phone"}),
    (row("王建国", FATHER[:6] + FATHER[8:17]), FOUND, "王建国", {"id_15", "name"}),
    (row("王建国", typed(FATHER, 9, "1")), FOUND, "王建国", {"id_one_digit", "name"}),
    (row("王建国", swapped(FATHER, 9)), FOUND, "王建国", {"id_swapped", "name"}),
    (row("欧阳秀英", block.PINYIN[:14] + "****"), FOUND, "欧阳秀英", {"id_part", "name"}),
    (row("赵玉梅", FATHER), CANDIDATES, "王建国", {"id", "name_of_family"}),
    (row("钱多多", FATHER), CANDIDATES, "王建国", {"id", "not_name"}),
    (row("王建园", FATHER), FOUND, "王建国", {"id", "name_shape"}),
    (row("王键周", FATHER), CANDIDATES, "王建国", {"id", "not_name"}),
    (row("张静", block.NAMESAKE), FOUND, "张敏", {"id", "name_near"}),
    # A family phone and a door are about a household, not about one of its people.
    (row(phone="13800001001"), CANDIDATES, "王建国", {"phone"}),
    (row("王先生", phone="13800001001", address="青松苑3-2-502"), CANDIDATES, "王建国", {"surname", "phone", "door"}),
    (row("赵女士", phone="13800001002", address="青松苑3-2-502"), FOUND, "赵玉梅", {"surname", "phone", "door"}),
    (row("赵女士", phone="13800001002"), CANDIDATES, "赵玉梅", {"surname", "phone"}),
    (row("王建军", phone="13800001001"), FOUND, "王建军", {"name", "phone_of_family"}),
    (row("王建均", phone="13800001003", address="青松苑3-2-502"), FOUND, "王建军", {"name_sound", "phone", "door"}),
    (row("王健国", phone="13800001001"), CANDIDATES, "王建国", {"name_sound", "phone"}),
    (row("王建固", phone="13800001003"), CANDIDATES, "王建军", {"name_near", "phone"}),
    # Twins, father and son, a sister living elsewhere, a number that is now somebody else's.
    (row("孙大双", typed(TWIN, 16, OTHER_TWIN[16])), FOUND, "孙大双", {"id_one_digit", "name"}),
    (row("孙双双", typed(TWIN, 16, OTHER_TWIN[16])), CANDIDATES, "孙小双", {"id_one_digit"}),
    (row("孙小双", TWIN), CANDIDATES, "孙大双", {"id", "name_of_family"}),
    (row("孙同学", address="青松苑3-1-502"), CANDIDATES, "孙立", {"surname", "door"}),
    (row("李春艳", SISTER_AWAY, "13800001004", "青松苑3-2-503"), CANDIDATES, "李春燕", {"not_id", "name_sound"}),
    (row("李春霞", SISTER_AWAY, "13800001004", ELSEWHERE), NOT_OURS, "", {"elsewhere"}),
    (row("钱多多", number("19990909", 99), "13800001004"), NEW, "", {"nobody"}),
    (row("钱多多", phone="13800001004"), NEW, "", {"nobody"}),
    (row("李女士", phone="13800001004"), CANDIDATES, "李春燕", {"surname", "phone"}),
    (row("孙双双", born_on=date(2010, 8, 9), address="青松苑3-1-502"), CANDIDATES, "孙大双", {"name_near", "born"}),
    # Namesakes.
    (row("张敏", number("19991010", 98), "13800009999"), NEW, "", {"nobody"}),
    (row("张敏", address="青松苑4号楼101"), CANDIDATES, "张敏", {"alike"}),
    (row("张敏", address="青松苑四号楼二单元一零一"), FOUND, "张敏", {"name", "door_words"}),
    (row("张敏", phone="13800001007", address="青松苑4-1-101"), CANDIDATES, "张敏", {"alike"}),
    (row("何静"), CANDIDATES, "何静", {"name"}),
    (row("何静", address="青松苑4-1-301"), CANDIDATES, "何静", {"name", "not_door"}),
    (row("何静", born_on=date(1990, 1, 1), address=ELSEWHERE), NOT_OURS, "", {"elsewhere"}),
    (row("周海", address="3-2-502"), CANDIDATES, "周海", {"name", "door_no_compound"}),
    (row("孙立", born_on=date(1979, 1, 3)), FOUND, "孙立", {"name", "born"}),
    # Names in other signs.
    (row("劉國華", phone="13800001009"), FOUND, "刘国华", {"name_traditional", "phone"}),
    (row("LIU GUOHUA", phone="13800001009", address="青松苑4-2-302"), FOUND, "刘国华", {"name_pinyin", "phone", "door"}),
    (row("Xiùyīng Ōuyáng", block.PINYIN), FOUND, "欧阳秀英", {"id", "name_pinyin"}),
    (row("欧 阳 秀 英", phone="13800001008/0371-60000000"), FOUND, "欧阳秀英", {"name", "phone"}),
    (row("何净", phone="13800001010"), CANDIDATES, "何静", {"name_sound", "phone"}),
    (row("刘囯华", address="青松苑四号楼2单元三零二室"), CANDIDATES, "刘国华", {"name_sound", "door_words"}),
    (row("刘国毕", phone="13800001009", address="青松苑4-2-302"), FOUND, "刘国华", {"name_shape", "phone"}),
    (row("欧阳*英", phone="13800001008", address="青松苑4-2-301"), FOUND, "欧阳秀英", {"surname", "phone", "door"}),
    # Elsewhere, and yet ours.
    (row("李春燕", SISTER_HERE, "", ELSEWHERE), FOUND, "李春燕", {"id", "name", "door_elsewhere"}),
    (row("王建军", SON, "13911111111", "幸福路街道建新社区"), FOUND, "王建军", {"id"}),
    (row("钱多多", "", "13912345678", ELSEWHERE), NOT_OURS, "", {"elsewhere"}),
    (row(), NEW, "", {"nobody"}),
]  # fmt: skip


def told(answer: Match, names: dict[int, str]) -> tuple[str, str]:
    return answer.outcome, names[answer.candidates[0].person] if answer.candidates else ""


def reasons(answer: Match) -> set[str]:
    return {*answer.why, *(answer.candidates[0].why if answer.candidates else ())}


def test_each_row_means_whom_it_should(database: None) -> None:
    area = block.settled()
    with scope([area]):
        answers = match([case[0] for case in CASES], areas=[area])
        names = dict(Person.objects.values_list("id", "name"))
    wrong = [
        f"{case[0]}\n  should be {case[1:]}\n  {answer}"
        for case, answer in zip(CASES, answers, strict=True)
        if told(answer, names) != case[1:3] or not case[3] <= reasons(answer)
    ]
    assert not wrong, "\n".join(wrong)
    assert {key for answer in answers for key in answer.why} <= set(WHY)
    assert answers[CASES.index(CASES[-2])].address_elsewhere == "建新社区"


def test_whoever_was_said_not_to_be_meant_is_not_proposed_again(database: None) -> None:
    area = block.settled()
    asked = [Written(7, "张敏", phones=("13800001006",)), Written(8, "张敏", phones=("13800001006",))]
    with scope([area]):
        right = Person.objects.get(id_mask__startswith="", name="张敏", household__unit="1").pk
        first, second = match(asked, areas=[area], refused={7: frozenset([right])})
    assert (first.number, second.number) == (7, 8)
    assert right not in {candidate.person for candidate in first.candidates}
    assert (second.outcome, second.candidates[0].person) == (FOUND, right)


def test_of_two_merged_rows_the_kept_one_is_meant_by_the_numbers_of_both(database: None) -> None:
    area = block.settled()
    with scope([area]):
        kept, lost = (Person.objects.get(name=name).pk for name in ("吴莉莉", "周海"))
        merge("person", lost=lost, kept=kept, by=None, at=MORNING)
        (answer,) = match([Written(1, "", "", ("13800001011",), address="八一路小区3-2-503")], areas=[area])
    assert (answer.candidates[0].person, answer.candidates[0].why) == (kept, ("phone", "door"))


def test_nobody_outside_the_areas_asked_is_proposed(database: None) -> None:
    area = block.settled()
    with scope([area]):
        near, far = (
            match([Written(1, id_number=FATHER)], areas=[one])[0] for one in (area + "01", area + "02")
        )
    assert {near.outcome, far.outcome} == {FOUND, NEW}
    with scope([area[:6] + "999999"]):
        assert match([Written(1, id_number=FATHER)], areas=[area])[0].outcome == NEW
