"""One day of a street, 04:30 to 24:00: 158 people, 400 doors, 1,000 residents, through the pages, the phones and the clock.

It counts the characters typed for each resident, and opens the records behind every number that was sent upward.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.directives.models import Minutes
from shouwang.duties.board import board
from shouwang.duties.models import DayClose, Duty
from shouwang.inbox.models import Matter
from shouwang.isolation.models import Order
from shouwang.ledgers.models import Report
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.outreach.models import Message
from shouwang.outreach.notices.models import Notice
from shouwang.plans.actions import plan_of
from shouwang.register.models import Household, Person, Responsibility
from shouwang.roster.models import Making, Post, Turn
from shouwang.roster.posts import post_link
from shouwang.roster.workers import own_link
from shouwang.supplies.models import DrawList, Item
from tests.door import card_for, come_in
from tests.stories.gates_and_swabs import fetch_the_samplers, guard_counts, order_the_evening_before, swab
from tests.stories.one_day import BUILDINGS, NEW, PEOPLE, Day
from tests.stories.sent_upward import behind, cells_of
from tests.stories.telling import Street
from tests.stories.typist import Typist
from tests.world import XIANGYUN, World, at

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data"
HANDS, MOST_TAPS = EXAMPLES / "防控力量花名册.xlsx", 5
DAILY, REVISED = EXAMPLES / "空白表_疫情防控日报告表.xlsx", EXAMPLES / "空白表_防控工作日报_修订版.xlsx"
LEAFLET = "足不出户怎么买菜"
POSTS = [
    ("接医护", "transport", "04:30", "06:30", 2),
    ("东门", "gate", "07:00", "15:00", 3),
    ("西门", "gate", "07:00", "15:00", 3),
    ("北门", "gate", "15:00", "23:00", 2),
    ("上门一组", "doors", "08:00", "12:00", 6),
    ("上门二组", "doors", "14:00", "18:00", 6),
    ("消杀组", "squad", "08:00", "12:00", 4),
]
ASKED = (
    ("超市还开吗", "开到21点", "已告知营业时间"),
    ("楼道没消毒", "上午就去", "消过了"),
    ("老人要买药", "今天送到", "药送到了"),
    ("门禁卡坏了", "换一张", "换好了"),
)


@pytest.fixture
def day(world: World, street: Street, monkeypatch: pytest.MonkeyPatch) -> Day:
    monkeypatch.setenv("SHOUWANG_CLOCK", at(20, 17, 30).isoformat())
    return Day(world, street, monkeypatch)


@pytest.mark.slow
def test_one_day_of_a_street(day: Day):
    the_evening_before(day)
    evening = day.typed.total()
    goods_and_medics_before_five(day)
    fetch_the_samplers(day)
    the_roster_is_checked_in(day)
    the_morning(day)
    the_revised_form_at_ten(day)
    somebody_falls_ill_and_somebody_is_sent_elsewhere(day)
    twenty_questions(day)
    the_afternoon(day)
    the_daily_form_at_five(day)
    the_night(day)
    typed = day.typed.total() - evening
    print(f"打字：前一天晚上 {evening} 个，当天 {typed} 个，{PEOPLE} 位居民，每人 {typed / PEOPLE:.2f} 个")
    print(f"按人：{dict(day.typed)}")
    assert typed < PEOPLE * 2


def the_evening_before(day: Day) -> None:
    """158 people come in with a workbook; posts, goods, spots and both forms are told once; the roster is made and said."""
    told = day.street.at(at(20, 17, 30), "import-register", str(HANDS), "--area", XIANGYUN)
    assert told["helpers"] == 158
    secretary, clerk, keeper = (day.at_desk(name) for name in ("书记刘", "信息员孙", "仓管员高"))
    for form in (DAILY, REVISED):
        file = SimpleUploadedFile(form.name, form.read_bytes())
        clerk.open(reverse("ledger_forms")).tap("上传", file=file, area=XIANGYUN)
        chosen = {"column_7": "screening.close_contacts_day", "column_8": "screening.secondary_contacts_day"}
        clerk.tap("就这样填，并记住", **(chosen if form == REVISED else {}))
    day.hour(20, 18)
    for name, kind, begins, ends, people in POSTS:
        secretary.open(reverse("roster_posts")).tap("加上", name=name, kind=kind)
        week = [str(number) for number in range(7)]
        secretary.tap("加上", days=week, from_hour=begins, until_hour=ends, people=people)
    secretary.open(reverse("roster_week")).tap("开始排", from_on="2022-04-21", days="1")
    with scope([XIANGYUN]):
        making = Making.objects.get()
    jobs.make_roster(str(making.pk), XIANGYUN)
    secretary.open(reverse("roster_week") + "?day=2022-04-18").tap("发布这一周")
    assert len(turns_of()) == sum(post[-1] for post in POSTS)
    keep_goods(keeper)
    order_the_evening_before(day)
    kind = {"area": NEW, "each": "building", "kind": "entrances", "name": "单元门"}
    secretary.open("/disinfection/new/").tap("建好", **kind, agent="84 消毒液", area_m2="40")
    assert f"建了 {BUILDINGS} 个点位" in secretary.said


def keep_goods(keeper: Typist) -> None:
    """A store, two kinds of goods, what each post gets tomorrow by five."""
    keeper.open("/goods/sites/").tap("加上", kind="store", name="社区库房", area=XIANGYUN)
    for name in ("东门", "接医护"):
        keeper.tap("加上", kind="post", name=name, area=XIANGYUN, heads="3")
    for name, unit in (("口罩", "个"), ("防护服", "套")):
        keeper.open("/goods/items/new/").tap("记下", name=name, unit=unit)
        with scope([XIANGYUN]):
            item = str(Item.objects.get(name=name).pk)
        keeper.open("/goods/receive/").tap("记下", item=item, quantity="500")
    page = keeper.open("/goods/lists/new/").page
    needs = dict.fromkeys(re.findall(r'name="(need-[^"]+)"', page), "6")
    keeper.tap("做好了", due_at="2022-04-21T05:00", **needs)


def goods_and_medics_before_five(day: Day) -> None:
    """Before 04:30 one tap hands out the whole list; two drivers are at the car that fetches the medics."""
    day.hour(21, 4, 20)
    with scope([XIANGYUN]):
        draw = DrawList.objects.get()
    day.at_desk("仓管员高").open(reverse("goods_list", args=[draw.pk])).tap("按单发齐")
    day.hour(21, 4, 25)
    for turn in turns_of(post="接医护"):
        phone = day.on_phone().open(own_link(turn.helper))
        assert "到岗记下了" in phone.open(post_code("接医护")).tap("我到了").said
    with scope([XIANGYUN]):
        owed = board(XIANGYUN, now=at(21, 5))
        assert Duty.objects.get(kind="supplies.issue").done_at < at(21, 5)
        staffed = Duty.objects.get(kind="roster.staffed", about=turns_of(post="接医护")[0].shift_id)
    assert (owed["supplies.issue"].left, staffed.fact) == (0, "done")


def the_roster_is_checked_in(day: Day) -> None:
    """Six scan the code of their gate, others are called out by the secretary: nobody types."""
    day.hour(21, 6, 50)
    for name in ("东门", "西门"):
        for turn in turns_of(post=name):
            phone = day.on_phone().open(own_link(turn.helper))
            assert "到岗记下了" in phone.open(post_code(name)).tap("我到了").said
    day.hour(21, 7, 55)
    secretary = day.at_desk("书记刘")
    for name in ("上门一组", "消杀组"):
        for turn in turns_of(post=name):
            secretary.send(reverse("turn_here", args=[turn.pk]), {})
    assert "现在没有人在的岗位" not in secretary.open(reverse("hands")).said
    with scope([XIANGYUN]):
        assert board(XIANGYUN, now=clock.now())["roster.shift"].overdue == 0


def turns_of(post: str = "") -> list[Turn]:
    with scope([XIANGYUN]):
        rows = Turn.objects.filter(ended_at=None).select_related("helper", "shift__post")
        return list((rows.filter(shift__post__name=post) if post else rows).order_by("pk"))


def post_code(name: str) -> str:
    with scope([XIANGYUN]):
        return post_link(Post.objects.get(name=name))


def the_morning(day: Day) -> None:
    """The first meeting, a round of every door, a leaflet, an order at home; doors and entrances before ten."""
    day.hour(21, 8, 10)
    secretary = day.at_desk("书记刘")
    secretary.open(reverse("briefing_held")).tap("散会，存下来", notes="先走新建小区")
    secretary.open(reverse("new_round")).tap("先看看谁要办多少", area=NEW).tap("开这一轮")
    said = {"title": LEAFLET, "body": "网上下单，志愿者送到门口。"}
    secretary.open(reverse("notices")).tap("发布", **said)
    ask_for_isolation(day, day.doors[399])
    day.hour(21, 9)
    day.at_doors("网格长郑", day.doors[:20], leaflet=LEAFLET)
    client = come_in(card_for(secretary.client, day.world.helpers["周楼长"]), "9001")
    day.typed["周楼长"] += 16  # the number on the card and four digits of the own phone
    by_card(day, client, day.doors[20:160])
    day.hour(21, 9, 20)
    jobs.count_leaflets()
    disinfect(day, 0, BUILDINGS)
    guard_counts(day, [(1, True), (4, False)], day.counted)
    swab(day, 30, day.counted)


def ask_for_isolation(day: Day, door: Household) -> None:
    """The clerk asks, the grid lead saw the address, the secretary decides for those above."""
    with scope([XIANGYUN]):
        person, fit = (
            Person.objects.filter(household=door).first(),
            plan_of(XIANGYUN, now=clock.now()).isolation,
        )
    clerk = day.at_desk("信息员孙").open(f"{reverse('isolation_new')}?household={door.pk}")
    clerk.tap("提出请求", people=[person.pk], category="secondary_contact", exposed_on="2022-04-18", source="hand",
              fits=list(fit.home_conditions))  # fmt: skip
    with scope([XIANGYUN]):
        orders = [str(pk) for pk in Order.objects.values_list("pk", flat=True)]
    day.at_desk("网格长郑").send(reverse("order_confirm", args=[orders[0]]), {"orders": orders})
    grounds = {"authority": "区指挥部", "document": "17号", "legal_basis": "第四十一条", "reason": "同行"}
    day.at_desk("书记刘").send(reverse("order_decide", args=[orders[0]]), {"orders": orders}, **grounds)


def by_card(day: Day, client: object, doors: list[Household]) -> None:
    """无变化 at each door, on a phone that sends what it kept; at one of them somebody is hot and gets the leaflet."""
    now = clock.now()
    entries = [
        {"id": str(uuid7(now)), "told": "same", "household": door.pk, "people": 3, "waited_s": 60}
        for door in doors
    ]
    entries[0] |= {"told": "seen", "temperature": "38.2", "handed_out": [LEAFLET]}
    day.leaflets += 1
    day.typed["周楼长"] += len("38.2")
    for first in range(0, len(entries), 50):
        sent = json.dumps({"entries": entries[first : first + 50]})
        kept = client.post(reverse("door_told"), sent, content_type="application/json").json()
        assert (len(kept["kept"]), kept["wrong"]) == (len(entries[first : first + 50]), [])
    day.people += 3 * len(entries)


def disinfect(day: Day, first: int, last: int) -> None:
    """The property company scans the codes that hang at these entrances; the phone asks for a name once."""
    sheets = day.at_desk("书记刘").open(reverse("disinfection_sheets")).page
    codes = list(dict.fromkeys(re.findall(r"/d/[\w-]+/", sheets)))
    assert len(codes) == BUILDINGS
    phone = day.on_phone("物业老张")
    phone.open(codes[first]).tap("消好了", who="物业老张")
    for code in codes[first + 1 : last]:
        assert phone.client.post(code, {"id": str(uuid7(clock.now()))}).status_code == 302
    day.rounds += last - first


def the_revised_form_at_ten(day: Day) -> None:
    """Its own cut-off: what was written down by five to ten; leaflets that were not counted by then count later."""
    day.hour(21, 9, 54)
    day.at_doors("网格长郑", day.doors[160:170], leaflet=LEAFLET)
    day.hour(21, 9, 55)
    sent = day_report(day, "修订版")
    jobs.count_leaflets()
    told = {"辖区户数": 415, "辖区人数": 1015, "今日入户数": 170, "今日电话核查数": 0, "省外返回": 0, "其中中高风险": 0, "居家隔离新增": 1,
            "居家隔离现有": 1, "消杀面积(㎡)": 40 * BUILDINGS, "发放资料(份)": 21, **day.counted.revised}  # fmt: skip
    assert {name: sent[name] for name in told} == told


def day_report(day: Day, title: str) -> dict[str, object]:
    """Prepared by the clerk, checked by the secretary; every number opens as many records. What stands in each column."""
    clerk = day.at_desk("信息员孙")
    with scope([XIANGYUN]):
        rows = Report.objects.filter(form__title__contains=title, day=clock.now().date(), area_code=XIANGYUN)
        report = rows.get()
    clerk.open(reverse("ledger_report", args=[report.pk])).tap("核对无误，交给另一个人审核")
    sent = day.at_desk("书记刘").open(clerk.address).tap("审核无误，上报")
    assert "已上报" in sent.said
    cells = cells_of(sent.page)
    print(title, {heading: number for heading, _address, number in cells})
    for heading, address, number in cells:
        if address:
            assert behind(clerk, address) == int(number), heading
    return {heading: int(number) if number.isdigit() else number for heading, _address, number in cells}


def somebody_falls_ill_and_somebody_is_sent_elsewhere(day: Day) -> None:
    """周楼长 has a fever: everything goes over in at most five taps. From the doors to the gate: one action that tells."""
    day.hour(21, 10, 20)
    secretary = day.at_desk("书记刘")
    taker = day.world.helpers["张干部"].pk
    secretary.open("/").tap("交接").tap("周楼长").tap("全部交过去", taker=taker, why="ill")
    assert secretary.taps + 1 <= MOST_TAPS  # choosing who takes over is a tap too
    with scope([XIANGYUN]):
        held = Responsibility.objects.in_force(clock.now()).filter(helper=taker)
        assert NEW in held.values_list("area_code", flat=True)
    moving, gate = turns_of(post="上门一组")[0], turns_of(post="东门")[0].shift
    secretary.open(reverse("shift", args=[moving.shift_id]))
    secretary.tap("调过去，告诉本人", near=moving.helper.name, shift=str(gate.pk))
    assert moving.helper_id in {turn.helper_id for turn in turns_of(post="东门")}
    with scope([XIANGYUN]):
        told = Message.objects.filter(purpose="turns", made_at=clock.now())
        assert [one.urgent for one in told] == [True]


def twenty_questions(day: Day) -> None:
    """Ten write on the page, ten call; each is answered, handled and told back within the hour."""
    day.hour(21, 11)
    clerk, street = day.at_desk("信息员孙"), day.on_phone("居民自己")
    for number in range(20):
        said = {"words": ASKED[number % 4][0], "phone": f"1390000{5000 + number}"}
        if number % 2:
            clerk.send(reverse("inbox"), {"id": uuid7(clock.now()), "way": "call"}, **said)
        else:
            street.open(reverse("say", args=[XIANGYUN])).tap("送出", **said)
    day.hour(21, 11, 40)
    with scope([XIANGYUN]):
        matters = list(Matter.objects.order_by("received_at", "pk").values_list("pk", "words"))
    assert len(matters) == 20
    answers = {words: (answer, done) for words, answer, done in ASKED}
    (first, words), *others = matters
    clerk.open(reverse("matter", args=[first])).tap("答复了", words=answers[words][0])
    clerk.tap("办好了", words=answers[words][1]).tap("已告诉本人")
    for pk, words in others:
        step = reverse("matter_step", args=[pk])
        clerk.send(step, {"do": "answer"}, words=answers[words][0])
        clerk.send(step, {"do": "handle"}, words=answers[words][1])
        clerk.send(step, {"do": "tell_back"})
    with scope([XIANGYUN]):
        owed = Duty.objects.filter(kind__startswith="inbox.")
        assert Counter(owed.values_list("fact", flat=True)) == {"done": 60}


def the_afternoon(day: Day) -> None:
    """More doors, the entrances once more; a bundle of leaflets by the gate."""
    day.hour(21, 14)
    secretary = day.at_desk("书记刘")
    day.at_doors("网格长郑", day.doors[170:190], leaflet=LEAFLET)
    with scope([XIANGYUN]):
        notice = Notice.objects.get()
    secretary.open(reverse("notice", args=[notice.pk])).tap("记下", way="box", amount="200")
    day.leaflets += 200
    jobs.count_leaflets()
    disinfect(day, 0, 15)
    guard_counts(day, [(2, True)], day.counted)
    swab(day, 20, day.counted)
    with scope([XIANGYUN]):
        order = Order.objects.first()
    for heat in ("37.9", "38.4"):  # one person, however often
        day.at_desk("信息员孙").send(
            reverse("order_reading", args=[order.pk]),
            {"id": uuid7(clock.now()), "how": "phone"},
            degrees=heat,
        )


def the_daily_form_at_five(day: Day) -> None:
    """Every column is right: nothing is missing, and nothing says that nobody counts it."""
    day.hour(21, 16, 55)
    sent = day_report(day, "防控日报告表")
    told = {
        "今日入户数": 190, "累计入户数": 190, "今日排查人数": day.people, "累计排查人数": day.people, "省外": 7, "省内市外": 6,
        "其中湖北武汉": 7, "今日新增": 1, "今日解除": 0, "现有人数": 1, "体温异常": 1, "发放资料(份)": day.leaflets, "场所数": BUILDINGS,
        "次数": day.rounds, **day.counted.columns,
    }  # fmt: skip
    assert {name: sent[name] for name in told} == told
    assert sent.keys() - told.keys() <= {"社区"}


def the_night(day: Day) -> None:
    """What was done after five counts tomorrow; the second meeting, the close, and the books are even."""
    day.hour(21, 17, 30)
    secretary = day.at_desk("书记刘")
    disinfect(day, 15, BUILDINGS)
    decided = {
        "form-0-words": "晚饭后再走一遍", "form-0-helper": str(day.world.helpers["张干部"].pk), "form-0-where": NEW,
        "form-0-due_at": "2022-04-21T20:30",
    }  # fmt: skip
    secretary.open(reverse("briefing_held")).tap("散会，存下来", notes="加两个人", **decided)
    day.hour(21, 20)
    day.at_doors("网格长郑", day.doors[190:200], leaflet=LEAFLET)
    day.hour(21, 23, 50)
    jobs.count_leaflets()
    secretary.open(reverse("closing")).tap("正式结账")
    assert "账已平" in secretary.said
    with scope([XIANGYUN]):
        assert Minutes.objects.count() == 2
        accounts = list(DayClose.objects.get().accounts.all())
    for one in accounts:
        came = one.carried_in + one.opened + one.moved_in + one.corrected
        assert (
            came == one.done + one.late + one.waived + one.missed + one.void + one.moved_out + one.carried_out
        )
    visits = next(one for one in accounts if one.kind == "screening.visit")
    assert (visits.done, visits.carried_out) == (200, 200)
    day.hour(22, 0)
    with scope([XIANGYUN]):
        rows = Report.objects.filter(form__title__contains="修订版", area_code=XIANGYUN)
        tomorrow = rows.latest("day")
    cells = cells_of(day.at_desk("信息员孙").open(reverse("ledger_report", args=[tomorrow.pk])).page)
    rest = {heading: number for heading, _address, number in cells}
    assert (rest["今日入户数"], rest["发放资料(份)"]) == ("30", str(day.leaflets - 21))
