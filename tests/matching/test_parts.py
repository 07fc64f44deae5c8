"""Names, numbers and addresses taken apart: tables of how people write them."""

import pytest

from shouwang.register.matching.addresses import Place, known
from shouwang.register.matching.names import Name, understand
from shouwang.register.matching.numbers import LOOK, MASKED, OTHER, WHOLE, compare, read
from tests.register.towns import id_number

GOOD = id_number("19681204", 11)
BAD = GOOD[:9] + "1" + GOOD[10:]
OURS = known(
    {"松柏社区": "990101001001", "翠竹社区": "990101001002"},
    ["人民路街道"],
    ["青松苑", "青松苑二期", "八一路小区", "省直家属院"],
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("李 小 明", Name("李小明", "li xiao ming")),
        ("李小明（户主）", Name("李小明", "li xiao ming")),
        ("陳國強", Name("陈国强", "chen guo qiang", traditional=True)),
        ("单小明", Name("单小明", "shan xiao ming")),
        ("阿依古丽·买买提", Name("阿依古丽买买提", "a yi gu li mai mai ti")),
        ("朱女士", Name(pattern="朱%", sex="f")),
        ("欧阳先生", Name(pattern="欧阳%", sex="m")),
        ("老王师傅", Name(pattern="王%", sex="m")),
        ("李某某", Name(pattern="李%")),
        ("张*伟", Name(pattern="张_伟")),
        ("李**", Name(pattern="李__")),
        ("Li Xiaoming", Name(letters="lixiaoming", turned="xiaomingli")),
        ("LǏ XIǍO MÍNG", Name(letters="lixiaoming", turned="minglixiao")),
        ("Lü/Fang", Name(letters="lvfang", turned="fanglv")),
        ("13800001234", Name()),
        ("未写姓名", Name()),
        ("", Name()),
    ],
)
def test_a_name_is_understood(written: str, meant: Name) -> None:
    assert understand(written) == meant


@pytest.mark.parametrize(
    ("written", "value", "state"),
    [
        (GOOD, GOOD, WHOLE),
        (GOOD.replace("1", "I").replace("0", "O"), GOOD, WHOLE),
        (f"'{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}", GOOD, WHOLE),
        (BAD, BAD, LOOK),
        (GOOD[:6] + "********" + GOOD[14:], GOOD[:6] + "********" + GOOD[14:], MASKED),
        (GOOD[:14] + "****", GOOD[:14] + "****", LOOK),
        (GOOD[:6] + GOOD[8:17], GOOD[:6] + GOOD[8:17], LOOK),
        ("H12345678", "H12345678", OTHER),
        ("", "", ""),
    ],
)
def test_a_number_is_read(written: str, value: str, state: str) -> None:
    assert (read(written).value, read(written).state) == (value, state)


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        (GOOD, BAD, "id_one_digit"),
        (BAD, BAD, "id_one_digit"),
        (GOOD, GOOD[:9] + GOOD[10] + GOOD[9] + GOOD[11:], "id_swapped"),
        (GOOD, GOOD[:9] + GOOD[10:], "id_one_digit"),
        (GOOD, GOOD[:9] + GOOD[9] + GOOD[9:], "id_one_digit"),
        (GOOD, GOOD[:6] + GOOD[8:17], "id_15"),
        (GOOD, id_number("19681204", 13), "not_id"),
        (GOOD, BAD[:12] + "9" + BAD[13:], "id_differs"),
        (GOOD, id_number("19900101", 500), "not_id"),
        (BAD, GOOD[:6] + "********" + GOOD[14:], "id_part"),
        (GOOD, GOOD[:14] + "****", "id_part"),
        (GOOD, GOOD[:12] + "******", ""),
        (GOOD, GOOD[:15] + "***", "id_part"),
        (GOOD, id_number("19900101", 500)[:15] + "***", "not_id"),
        (GOOD, "E12345678", ""),
        (GOOD, "", ""),
    ],
)
def test_two_numbers_are_compared_both_ways(one: str, other: str, says: str) -> None:
    assert (compare(one, other), compare(other, one)) == (says, says)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("青松苑3-2-502", Place("", "青松苑", "3", "2", "502")),
        ("青松苑二期3#楼2单元502室", Place("", "青松苑二期", "3", "2", "502")),
        ("人民路街道松柏社区青松苑 3栋 502", Place("990101001001", "青松苑", "3", "", "502")),
        ("八一路小区三号楼二单元五零二", Place("", "八一路小区", "3", "2", "502", in_words=True)),
        ("八一路3号楼2单元502", Place("", "八一路小区", "3", "2", "502")),
        ("青松苑", Place("", "青松苑")),
        ("松柏社区3-2-502", Place("990101001001", "", "3", "2", "502")),
        ("3-2-502", Place("", "", "3", "2", "502")),
        ("青松苑3-2-502（租户）", Place("", "青松苑", "3", "2", "502")),
        ("幸福路街道建新社区3号楼2单元501", Place("", "", "3", "2", "501", "建新社区")),
        ("幸福路街道锦绣园3号楼2单元501", Place("", "", "3", "2", "501", "幸福路街道")),
        ("上海市浦东新区12号楼403室", Place("", "", "12", "", "403", "上海市")),
        ("某省某市某区人民路街道松柏社区青松苑3-2-502", Place("990101001001", "青松苑", "3", "2", "502")),
        ("阳光城3-2-502", Place("", "阳光城", "3", "2", "502")),
        ("户籍地：湖北省孝感市安陆市", Place()),
        ("", Place()),
    ],
)
def test_an_address_is_understood(address: str, place: Place) -> None:
    assert OURS.place(address) == place
