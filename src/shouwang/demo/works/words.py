"""What is said in the demo: a notice in two versions, calls with their three clocks, an answer for everybody, and who is vaccinated."""

from datetime import timedelta

from shouwang.demo.stage import Stage
from shouwang.inbox.actions import Heard, answer, handle, receive, tell_back
from shouwang.inbox.answering import publish as publish_answer
from shouwang.lib.clock import day_of
from shouwang.outreach.notices import actions as notices
from shouwang.outreach.notices.models import Notice
from shouwang.vaccination.actions import open_drive, say, who_is_called

CALLS = (
    # hour, what was said, what was answered, what was done
    (8, "三号楼的垃圾两天没收了", "马上去收", "物业九点收走了"),
    (9, "我妈一个人住，降压药快没了，能不能帮着买", "今天下午送到", ""),
    (10, "超市今天开门吗？想买菜", "开门，八点到二十一点", "已告诉本人，路口超市正常营业"),
    (13, "孩子的课本落在学校，能去拿吗", "", ""),
)
ANSWERED = ("elsewhere", "booked", "booked", "refused")


def words(stage: Stage) -> None:
    """From seven in the morning to two in the afternoon."""
    _notice(stage)
    _calls(stage)
    _drive(stage)


def _notice(stage: Stage) -> None:
    first = _published(stage, 7, "路口超市八点到二十点开门，不用抢购。采样时间另行通知。")
    second = _published(stage, 11, "路口超市八点到二十一点开门，不用抢购。", first, "关门晚了一个小时")
    notices.hand_out(
        second.pk, area=stage.community, way="box", amount=600, by=stage.clerk, at=stage.at(11, 30)
    )
    notices.read(second.pk, by=stage.clerk, at=stage.at(11, 30))


def _published(stage: Stage, hour: int, body: str, before: Notice | None = None, changed: str = "") -> Notice:
    return notices.publish(
        stage.community, title="超市正常营业", body=body, loop="超市正常营业，不用抢购", by=stage.secretary,
        at=stage.at(hour), replaces=before.pk if before else None, changed=changed,
    )  # fmt: skip


def _calls(stage: Stage) -> None:
    for number, (hour, said, answered, done) in enumerate(CALLS):
        heard = Heard(words=said, way="call", household=stage.doors[number * 5].id)
        row = receive(heard, area=stage.community, by=stage.clerk, at=stage.at(hour))
        if answered:
            answer(row.pk, words=answered, by=stage.clerk, at=stage.at(hour, 10))
        if done:
            handle(row.pk, words=done, by=stage.clerk, at=stage.at(hour, 40))
            tell_back(row.pk, by=stage.clerk, at=stage.at(hour, 50))
    publish_answer(
        stage.community, asked="听说明天超市要关门，是真的吗？", answer="不是。路口超市每天八点到二十一点开门。",
        source="街道通告", source_on=day_of(stage.moment), rumour=True, by=stage.secretary, at=stage.at(11),
    )  # fmt: skip


def _drive(stage: Stage) -> None:
    drive, _called = open_drive(
        stage.community, title="80 岁以上加强针", from_age=80, until_age=None, doses=3,
        due_at=stage.at(0) + timedelta(days=3), by=stage.secretary, at=stage.at(8),
    )  # fmt: skip
    called = list(who_is_called(drive).order_by("id")[: len(ANSWERED)])
    for person, says in zip(called, ANSWERED, strict=False):
        tomorrow = day_of(stage.moment) + timedelta(days=1)
        say(
            drive.pk, person.pk, says=says, note="家里老人刚做完手术" if says == "refused" else "",
            booked_on=tomorrow if says == "booked" else None, by=stage.clerk, at=stage.at(9),
        )  # fmt: skip
