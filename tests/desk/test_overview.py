"""The line of the day stands on the board; a wall names nobody; the figures open their lists and never say nought for unknown."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.catalogue import DUTY_KINDS, ON_THE_WALL
from shouwang.desk.overview.wall import FEWEST_DOORS, too_small
from shouwang.duties.windows import Window
from shouwang.lib import clock
from shouwang.register.areas import Town, town_of
from shouwang.register.models import Household, Person, Place
from shouwang.screening import actions
from shouwang.screening.duties import PLACE_VISIT
from tests.world import BUILDING_1, CHUNHUI, DIANLI, XIANGYUN, at

ROW = re.compile(r'<tr data-at="([\d.]+)"><th scope="row">([\d:]+)</th>(.*?)</tr>')
FIGURE = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)


def shown(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def rows_of(page):
    return {
        words: re.findall(r'<td class="num">(.*?)</td>', cells) for _at, words, cells in ROW.findall(page)
    }


@pytest.fixture
def morning(street):
    """Three doors have been seen by half past nine, the shop is to be looked at."""
    with scope([XIANGYUN]):
        seen = [
            actions.Seen(household=door, at=at(21, 9, 30))
            for door in street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "春晖新村 1-101")
        ]
        actions.record_visits(seen, by=None, at=at(21, 9, 40))
        window = Window(at(21, 8), at(22, 0))
        actions.open_round(
            XIANGYUN, kind=PLACE_VISIT.name, title="场所", window=window, by=None, at=clock.now()
        )
    return street


def test_the_line_of_the_day_ends_in_the_numbers_of_the_board(morning, browser_of):
    for name, area, left, done in (
        ("书记刘", XIANGYUN, 13, 3),
        ("书记刘", CHUNHUI, 2, 1),
        ("李楼长", BUILDING_1, 6, 2),
    ):
        rows = rows_of(shown(browser_of(name), "/", area=area))
        assert rows["10:00"][:2] == [str(left), str(done)], (name, area)
        assert rows["24:00"] == ["", "", "0", "0"]
        assert rows_of(shown(browser_of(name), "/hours/", area=area)) == rows


def test_a_wall_counts_and_names_nobody(morning, browser_of, newcomer):
    with scope([XIANGYUN]):
        secret = [word for row in Person.objects.values_list("name") for word in row]
        secret += [home.door for home in Household.objects.all()] + list(
            Place.objects.values_list("name", flat=True)
        )
    secret += ["书记刘", "李楼长", "王网格", "张干部"]
    for client in (browser_of("书记刘"), newcomer("screen", XIANGYUN)):
        for address in ("/wall/", "/wall/numbers/", "/wall/hours/"):
            page = shown(client, address)
            assert not [word for word in secret if word in page], address
            assert not re.search(r'href="[^"]*/(owed|households|people|places|living)/', page)
    answer = newcomer("screen", DIANLI).get("/wall/")  # twelve doors only
    assert answer.status_code == 422
    assert "不到 20 户" in answer.content.decode()
    assert 'class="number"' not in answer.content.decode()


def test_a_wall_is_all_that_a_screen_opens(morning, newcomer):
    screen = newcomer("screen", XIANGYUN)
    for address in ("/", "/owed/?state=left", "/living/", "/figures/", "/hours/"):
        assert screen.get(address).status_code == 403
    assert 'href="/wall/"' in screen.get("/").content.decode()


def test_only_what_may_hang_on_a_wall_is_counted_there():
    assert set(ON_THE_WALL) <= set(DUTY_KINDS)
    assert not [
        name
        for name in ON_THE_WALL
        if re.search("热|病|检|医|核酸|隔离", DUTY_KINDS[name].words.replace("检查", ""))
    ]


@pytest.mark.parametrize(
    ("doors", "hidden"),
    [
        ({"a": 100, "b": 50}, set()),
        ({"a": 100, "b": 50, "c": 3}, {"b", "c"}),
        ({"a": 100, "b": 12, "c": 9}, {"b", "c"}),
        ({"a": 100, "b": 12, "c": 3, "d": 40}, {"b", "c", "d"}),
        ({"a": 3}, {"a"}),
        ({}, set()),
    ],
)
def test_small_areas_stand_together_until_they_point_at_nobody(doors, hidden):
    assert too_small(doors) == hidden
    assert not hidden or sum(doors[code] for code in hidden) >= FEWEST_DOORS or hidden == set(doors)


def test_the_figures_keep_the_two_denominators_apart_and_open_their_lists(street, browser_of):
    liu = browser_of("书记刘")
    with scope([XIANGYUN]):
        home = Household.objects.get(pk=street.ids("春晖新村 1-101")[0])
        home.people.update(left_at=at(20, 0), left_reason="moved")
        for place, category in (
            ("湖北武汉", "流动"),
            ("河南洛阳", "流动"),
            ("湖北武汉", "常住"),
            ("本市", "流动"),
        ):
            Person.objects.create(
                household=Household.objects.get(pk=street.ids("电力楼院 1-1-101")[0]), area_code=BUILDING_1, name="外来",
                from_place=place, category=category, added_at=at(1, 0),
            )  # fmt: skip
        for number, state in enumerate(("暂停", "暂停", "营业")):
            Place.objects.create(
                area_code=DIANLI,
                kind="KTV",
                name=f"歌厅{number}",
                state=state,
                staff_count=number,
                added_at=at(1, 0),
            )
    found = dict(FIGURE.findall(shown(liu, "/figures/")))
    numbers = {words: re.search(r"<strong>(\d+)</strong>", cell) for words, cell in found.items()}
    told = {words: int(number[1]) for words, number in numbers.items() if number}
    assert told | {"小区": 2, "楼栋": 3, "小区里的户": 15, "常住户": 14, "常住的人": 18} == told
    assert (
        told | {"省外来的人": 1, "省内市外来的人": 1, "其中湖北来的人": 1, "空户": 0, "没登记人的户": 1}
        == told
    )
    assert told | {"KTV": 3, "暂停营业的娱乐场所": 2, "商铺": 1, "人手名单": 3} == told
    assert "员工 3 人" in found["KTV"]
    assert "员工" not in found["商铺"]
    for words in ("劝返的人", "劝返的车", "重点监控的人", "其中妇女"):
        assert words not in told
    assert "未统计" in found["劝返的人"]
    for words in (
        "小区里的户",
        "常住户",
        "常住的人",
        "省外来的人",
        "其中湖北来的人",
        "没登记人的户",
        "暂停营业的娱乐场所",
    ):
        page = shown(liu, re.search(r'href="([^"]+)"', found[words])[1])
        assert int(re.search(r'<span class="count">(\d+)</span></h1>', page)[1]) == told[words], words


def test_women_among_the_helpers_are_counted_once_it_is_known_of_everybody(street, browser_of):
    liu = browser_of("书记刘")
    everybody = [one.pk for one in street.helpers.values()]

    def women() -> str:
        return dict(FIGURE.findall(shown(liu, "/figures/")))["其中妇女"]

    assert "未统计" in women()
    for number, pk in enumerate(everybody):
        assert f"还有 {len(everybody) - number} 人没写性别" in women()
        page = reverse("worker", args=[pk])
        assert liu.post(page, {"sex": "f" if number else "m"}).status_code == 302
    told = women()
    assert f"<strong>{len(everybody) - 1}</strong>" in told
    opened = shown(liu, re.search(r'href="([^"]+)"', told)[1].replace("&amp;", "&"))
    assert int(re.search(r'<span class="count">(\d+)</span></h1>', opened)[1]) == len(everybody) - 1
    assert liu.post(page, {"sex": "x"}).status_code == 422


def test_where_a_town_lies_is_said_once_and_people_from_elsewhere_are_counted_by_it(street, browser_of):
    liu, address = browser_of("书记刘"), f"/figures/town/?area={XIANGYUN}"
    with scope([XIANGYUN]):
        home = Household.objects.get(pk=street.ids("电力楼院 1-1-101")[0])
        for number, place in enumerate(("湖北武汉", "湖北省武汉江岸", "湖北黄石", "河南洛阳")):
            Person.objects.create(
                household=home, area_code=BUILDING_1, name=f"外来{number}", from_place=place, category="流动",
                added_at=at(1, 0),
            )  # fmt: skip
    assert liu.post(address, {"province": "湖北", "city": ""}).status_code == 422
    assert liu.post(address, {"province": "湖北", "city": "武汉市"}).status_code == 302
    found = dict(FIGURE.findall(shown(liu, "/figures/")))
    told = {
        words: re.search(r"<strong>(\d+)</strong>", found[words])[1]
        for words in ("省外来的人", "省内市外来的人")
    }
    assert told == {"省外来的人": "1", "省内市外来的人": "1"}
    assert (town_of(DIANLI), town_of("990101001001")) == (Town("湖北", "武汉"), Town("", ""))


def test_these_pages_ask_the_database_few_questions(morning, browser_of):
    client = browser_of("书记刘")
    for address in (
        "/",
        "/hours/",
        "/wall/",
        "/wall/numbers/",
        "/figures/",
        "/living/list/?which=people",
        "/places/",
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len([one for one in asked if one["sql"] not in ("BEGIN", "COMMIT")]) <= 15, address
