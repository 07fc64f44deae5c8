"""A door's page, a person's page, places and search: what is shown, what is done there, what is refused."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.duties.models import Attempt, Duty
from shouwang.lib import clock
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Household, Merge, NotTheSame, Person
from shouwang.screening.models import PlaceVisit, Visit
from tests.door import sealed
from tests.world import BUILDING_1, JIANXIN, XIANGYUN


def text(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))).strip()


@pytest.fixture
def door(street) -> int:
    return street.ids("电力楼院 1-1-102")[0]


@pytest.fixture
def liu(browser_of):
    return browser_of("书记刘")


@pytest.fixture
def here(street):
    """Inside 祥云社区, where what pages did can be looked at."""
    with scope([XIANGYUN]):
        yield street


def newcomer_at(door: int, **told: str) -> Person:
    with scope([XIANGYUN]):
        return add_person(door, Newcomer(**told), by=None, at=clock.now())


def test_the_page_of_a_door_says_who_lives_there_what_is_owed_and_who_answers(liu, door):
    said = text(liu.get(reverse("household", args=[door])))
    for words in ("电力楼院 1-1-102", "李楼长", "住户11102", "入户走访 待办", "还没有人来过这一户。"):
        assert words in said


def test_a_visit_is_written_down_once_however_often_it_is_sent(liu, door, here):
    sent = {"token": str(uuid4()), "met": "王阿姨", "people_count": "3", "temperature_c": "36.5"}
    for _ in range(2):
        answer = liu.post(reverse("household_visit", args=[door]), sent)
        assert answer.status_code == 302
    assert Visit.objects.get().met == "王阿姨"
    assert Duty.objects.get(household=door).fact == "done"
    assert "见到人了 王阿姨 住 3 人 36.5 ℃" in text(liu.get(answer["Location"]))


def test_a_visit_keeps_what_was_typed_and_says_what_is_wrong_beside_the_field(liu, door, here):
    sent = {"token": str(uuid4()), "met": "王阿姨", "at": "23:59", "temperature_c": "96"}
    answer = liu.post(reverse("household_visit", args=[door]), sent)
    assert answer.status_code == 422
    assert 'value="王阿姨"' in answer.content.decode()
    assert 'id="id_temperature_c_error"' in answer.content.decode()
    later = liu.post(reverse("household_visit", args=[door]), sent | {"temperature_c": "36.6"})
    assert "上门时间 23:59 还没到" in text(later)
    assert 'id="id_at_error"' in later.content.decode()
    assert not Visit.objects.exists()


def test_nobody_met_is_said_in_words_and_the_door_stays_owed(liu, door, here):
    sent = {"token": str(uuid4()), "outcome": "refused", "note": "隔着门说的", "next_try": "18:30"}
    liu.post(reverse("household_attempt", args=[door]), sent)
    liu.post(reverse("household_attempt", args=[door]), sent)
    assert Attempt.objects.get().outcome == "refused"
    said = text(liu.get(reverse("household", args=[door])))
    assert "不配合 书记刘 隔着门说的 下次再去 今天 18:30" in said
    assert "入户走访 待办" in said


def test_a_door_is_waived_for_a_reason_alone(liu, door, here):
    assert liu.post(reverse("household_waive", args=[door]), {"reason": " "}).status_code == 422
    liu.post(reverse("household_waive", args=[door]), {"reason": "人在外地"})
    assert Duty.objects.get(household=door).waived_reason == "人在外地"
    again = liu.post(reverse("household_waive", args=[door]), {"reason": "再来一次"})
    assert "不能再免办" in text(again)


def test_a_visit_entered_by_mistake_is_struck_out_for_a_reason(liu, door, here):
    token = str(uuid4())
    liu.post(reverse("household_visit", args=[door]), {"token": token})
    strike = reverse("household_strike", args=[door])
    assert liu.post(strike, {"visit": token, "reason": ""}).status_code == 422
    liu.post(strike, {"visit": token, "reason": "走错门了"})
    assert Duty.objects.get(household=door).fact == "owed"
    assert "已撤销 走错门了" in text(liu.get(reverse("household", args=[door])))
    assert liu.post(strike, {"visit": str(uuid4()), "reason": "没有这条"}).status_code == 404
    assert liu.post(strike, {"visit": "1 OR 1=1", "reason": "乱写"}).status_code == 404


def test_somebody_new_is_registered_once_found_at_once_and_masked(liu, door, here):
    told = {"name": "孙新来", "phone": "13000001234", "relation": "租客", "helps": ["pregnant"]}
    for _ in range(2):
        assert liu.post(reverse("household_newcomer", args=[door]), told).status_code == 302
    person = Person.objects.get(name="孙新来")
    assert person.helps == ["pregnant"]
    said = text(liu.get(reverse("household", args=[door])))
    assert "130****1234" in said
    assert "13000001234" not in said
    typed = liu.get(reverse("find"), {"q": "sxl"}, headers={"HX-Request": "true"})
    assert "孙新来" in text(typed)
    assert 'class="watermark"' in typed.content.decode()


def test_a_wrong_id_number_is_said_beside_it(liu, door, here):
    told = {"name": "孙新来", "id_number": "110101199913010011"}
    answer = liu.post(reverse("household_newcomer", args=[door]), told)
    assert answer.status_code == 422
    assert "证件号不对" in text(answer)
    assert 'id="id_id_number_error"' in answer.content.decode()
    assert not Person.objects.filter(name="孙新来").exists()


def test_moving_out_keeps_the_file_and_can_be_put_back(liu, door, here):
    person = Person.objects.get(household=door)
    liu.post(reverse("person_left", args=[person.pk]), {"reason": "moved"})
    beside = text(liu.get(reverse("household_aside", args=[door])))
    assert f"{person.name} 2022-04-21 搬走" in beside
    again = liu.post(reverse("person_left", args=[person.pk]), {"reason": "died"})
    assert "已经记过搬走或去世了" in text(again)
    liu.post(reverse("person_left", args=[person.pk]), {"back": "1"})
    assert Person.objects.get(pk=person.pk).left_at is None


def test_a_door_with_people_is_not_empty(liu, door, here):
    answer = liu.post(reverse("household_empty", args=[door]), {"empty": "1"})
    assert "还登记着 1 个人" in text(answer)
    liu.post(reverse("person_left", args=[Person.objects.get(household=door).pk]), {"reason": "moved"})
    liu.post(reverse("household_empty", args=[door]), {"empty": "1"})
    assert Household.objects.get(pk=door).empty_on == clock.day_of(clock.now())
    liu.post(reverse("household_newcomer", args=[door]), {"name": "孙新来"})
    assert Household.objects.get(pk=door).empty_on is None


def test_a_whole_number_is_shown_for_a_reason_that_is_written_down_first(liu, door, here):
    person = newcomer_at(door, name="孙新来", phone="13000001234")
    address = reverse("person_reveal", args=[person.pk])
    assert "13000001234" not in text(liu.get(reverse("person", args=[person.pk])))
    without = liu.post(address, {"field": "phones", "reason": ""})
    assert without.status_code == 422
    assert "13000001234" not in text(without)
    assert not Audit.objects.filter(action="register.reveal").exists()
    shown = liu.post(address, {"field": "phones", "reason": "打电话核对"})
    assert "13000001234" in text(shown)
    assert "no-store" in shown["Cache-Control"]
    line = Audit.objects.get(action="register.reveal")
    assert (line.user.name, line.reason, line.about["id"]) == ("书记刘", "打电话核对", person.pk)
    assert liu.get(address).status_code == 302


def test_the_history_says_who_changed_what(liu, door, here):
    person = Person.objects.get(household=door)
    liu.post(reverse("person_left", args=[person.pk]), {"reason": "died"})
    said = text(liu.get(reverse("person_aside", args=[person.pk])))
    assert "书记刘" in said
    assert "搬走还是去世 — → 去世" in said


def test_the_same_name_and_phone_is_proposed_joined_and_taken_apart(liu, street, here):
    first, second = street.ids("电力楼院 1-1-101", "电力楼院 2-1-101")
    one = newcomer_at(first, name="周重复", phone="13000005678")
    other = newcomer_at(second, name="周重复", phone="13000005678")
    pair = text(liu.get(reverse("household_aside", args=[second])))
    assert "姓名和电话一样" in pair
    assert "周重复" in text(liu.get(reverse("duplicates")))
    liu.post(reverse("merge"), {"kind": "person", "kept": one.pk, "lost": other.pk})
    assert Person.objects.get(pk=other.pk).kept_id == one.pk
    assert "姓名和电话一样" not in text(liu.get(reverse("household_aside", args=[second])))
    assert "撤回合并" in text(liu.get(reverse("person_aside", args=[other.pk])))
    liu.post(reverse("unmerge"), {"merge": Merge.objects.get().pk})
    assert Person.objects.get(pk=other.pk).kept_id == other.pk
    liu.post(reverse("differ"), {"kind": "person", "one": one.pk, "other": other.pk})
    assert NotTheSame.objects.count() == 1
    assert "姓名和电话一样" not in text(liu.get(reverse("person_aside", args=[one.pk])))
    assert "周重复" in text(liu.get(reverse("told_apart")))
    liu.post(reverse("ask_again"), {"kind": "person", "one": one.pk, "other": other.pk})
    assert "周重复" not in text(liu.get(reverse("told_apart")))
    assert "姓名和电话一样" in text(liu.get(reverse("person_aside", args=[one.pk])))


def test_two_rows_of_one_door_become_one_with_one_duty(liu, street, door, here):
    row = Household.objects.get(pk=door)
    twin = Household.objects.create(
        area_code=row.area_code[:-4] + "0099", compound=row.compound, building=row.building,
        unit=row.unit, floor=row.floor, room=row.room, added_at=clock.now(),
    )  # fmt: skip
    assert "门牌一样" in text(liu.get(reverse("household_aside", args=[door])))
    liu.post(reverse("merge"), {"kind": "household", "kept": door, "lost": twin.pk})
    assert "电力楼院 1-1-102" in text(liu.get(reverse("household", args=[twin.pk])))
    assert "门牌一样" not in text(liu.get(reverse("household_aside", args=[door])))


def test_a_place_is_looked_at_once(liu, street, here):
    place, token = street.places["刘记商铺"].pk, str(uuid4())
    for _ in range(2):
        sent = {"token": token, "state": "停业", "finding": "门口没有码"}
        liu.post(reverse("place_look", args=[place]), sent)
    assert PlaceVisit.objects.get().state == "停业"
    said = text(liu.get(reverse("place", args=[place])))
    assert "停业 门口没有码" in said
    assert "刘记商铺" in text(liu.get(reverse("places"), {"kind": "商铺"}))


def test_a_places_telephone_is_shown_for_a_reason_that_is_written_down_first(liu, street, here):
    place = street.places["刘记商铺"]
    type(place).objects.filter(pk=place.pk).update(phones_sealed=[sealed("13000001234")])
    address = reverse("place_reveal", args=[place.pk])
    assert "看电话全号" in text(liu.get(reverse("place", args=[place.pk])))
    assert "13000001234" not in text(liu.post(address, {"reason": ""}))
    assert not Audit.objects.filter(action="register.reveal").exists()
    shown = liu.post(address, {"reason": "通知停业"})
    assert "13000001234" in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert Audit.objects.get(action="register.reveal").reason == "通知停业"


def test_a_landlord_is_shown_for_a_reason_that_is_written_down_first(liu, door, here):
    assert "房东" not in text(liu.get(reverse("household", args=[door])))
    told = sealed("周房东 13000001234（郑州）")
    Household.objects.filter(pk=door).update(landlord_sealed=told)
    page, address = reverse("household", args=[door]), reverse("household_reveal", args=[door])
    masked = text(liu.get(page))
    assert ("周** 130****1234" in masked, "周房东" in masked, "郑州" in masked) == (True, False, False)
    assert "13000001234" not in text(liu.post(address, {"reason": ""}))
    assert not Audit.objects.filter(action="register.reveal").exists()
    shown = liu.post(address, {"reason": "核对租客"})
    assert "周房东 13000001234（郑州）" in text(shown)
    assert "no-store" in shown["Cache-Control"]
    looked = Audit.objects.get(action="register.reveal")
    assert (looked.reason, looked.about["field"], looked.about["id"]) == ("核对租客", "landlord", door)
    assert "13000001234" not in text(liu.get(page))


def test_somebody_above_sees_the_doubles_of_each_community(newcomer, street):
    with scope([""]):
        for door in ("电力楼院 1-1-101", "电力楼院 1-1-102", "建新小区 1-1-101", "建新小区 1-1-102"):
            told = Newcomer(name=f"{door[0]}重", phone="13000001234")
            add_person(street.doors[door].pk, told, by=None, at=clock.now())
    client = newcomer("commander", XIANGYUN[:9])
    assert "电重" in text(client.get(reverse("duplicates")))
    other = text(client.get(reverse("duplicates"), {"community": JIANXIN}))
    assert "建重" in other
    assert "电重" not in other
    assert newcomer("clerk", XIANGYUN).get(reverse("duplicates"), {"community": JIANXIN}).status_code == 404


NOT_ALLOWED = [
    ("building_lead", "place_reveal", {"reason": "看看"}),
    ("building_lead", "household_waive", {"reason": "不去了"}),
    ("building_lead", "household_newcomer", {"name": "某人"}),
    ("building_lead", "household_empty", {"empty": "1"}),
    ("building_lead", "household_reveal", {"reason": "看看"}),
    ("building_lead", "person_reveal", {"field": "phones", "reason": "看看"}),
    ("building_lead", "person_left", {"reason": "moved"}),
    ("inspector", "household_visit", {"token": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}),
    ("inspector", "household_attempt", {"token": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "outcome": "moved"}),
    ("inspector", "place_look", {"token": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "state": "停业"}),
    ("volunteer", "household_visit", {"token": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}),
]


@pytest.mark.parametrize(("role", "name", "sent"), NOT_ALLOWED)
def test_a_role_that_may_not_is_refused_and_nothing_happens(newcomer, here, role, name, sent):
    answer = newcomer(role, XIANGYUN).post(reverse(name, args=[1]), sent)
    assert answer.status_code == 403
    assert not any(model.objects.exists() for model in (Visit, PlaceVisit, Attempt))
    assert not Duty.objects.filter(fact="waived").exists()
    assert not Person.objects.exclude(left_at=None).exists()


def test_somebody_elses_doors_and_people_are_not_there(browser_of, street, here):
    zhao = browser_of("书记赵")
    door, person = street.ids("电力楼院 1-1-101")[0], Person.objects.order_by("id").first().pk
    for name, row in (
        ("household", door),
        ("household_aside", door),
        ("person", person),
        ("person_aside", person),
    ):
        assert zhao.get(reverse(name, args=[row])).status_code == 404
    sent = {"kind": "person", "kept": person, "lost": person + 1}
    assert zhao.post(reverse("merge"), sent).status_code == 404
    assert zhao.post(reverse("household_visit", args=[door]), {"token": str(uuid4())}).status_code == 404
    newcomer_at(door, name="孙新来")
    assert "孙新来" not in text(zhao.get(reverse("find"), {"q": "孙新"}, headers={"HX-Request": "true"}))


def test_a_building_lead_sees_the_own_building_alone(newcomer, street):
    lead = newcomer("building_lead", BUILDING_1)
    assert lead.get(reverse("household", args=street.ids("电力楼院 1-1-101"))).status_code == 200
    assert lead.get(reverse("household", args=street.ids("电力楼院 2-1-101"))).status_code == 404


@pytest.mark.parametrize("typed", ["", "  ", "%", "'; --", "张" * 200, "9" * 60, "\x00", "3-2-502"])
def test_whatever_is_typed_finds_or_finds_nothing(liu, street, typed):
    for headers in ({}, {"HX-Request": "true"}):
        assert liu.get(reverse("find"), {"q": typed}, headers=headers).status_code == 200


def test_search_without_a_script_is_a_page_with_a_watermark(liu, door):
    newcomer_at(door, name="孙新来")
    page = liu.get(reverse("find"), {"q": "孙新"})
    assert "孙新来" in text(page)
    assert 'class="watermark"' in page.content.decode()
    assert "没有找到。" in text(liu.get(reverse("find"), {"q": "没有这个人"}))


def test_lists_of_the_register(liu, door):
    newcomer_at(door, name="孙独居", helps=("lives_alone",))
    assert "孙独居" in text(liu.get(reverse("living_list"), {"which": "lives_alone"}))
    assert "这里一户也没有。" in text(liu.get(reverse("living_list"), {"which": "empty"}))
    assert liu.get(reverse("living_list"), {"which": "unknown"}).status_code == 200
    assert liu.get(reverse("living_list"), {"which": "everything"}).status_code == 404
    assert liu.get(reverse("living_list"), {"which": "empty", "area": JIANXIN}).status_code == 404


def test_rows_of_several_people_bear_who_looks(liu, door):
    for address in (reverse("household", args=[door]), reverse("places")):
        assert 'class="watermark"' in liu.get(address).content.decode()
