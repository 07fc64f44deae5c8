"""An evening of a round: the laboratory's files with their usual faults, and two positive tubes followed to the end."""

from collections import Counter
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.lib.traces import Traced
from shouwang.outreach.models import Message
from shouwang.register.models import Person
from shouwang.screening.cases.models import Case
from shouwang.standing.models import Hold
from shouwang.standing.queries import in_force
from shouwang.testing.models import Pool, PoolPerson, Result, Round, Swab, Told, Tube
from shouwang.testing.tubes.hub.seen import people_in
from shouwang.testing.tubes.hub.tracing import TRACERS
from tests.stories.everybody import Town
from tests.stories.morning import TO_A_TUBE, Table
from tests.stories.tapping import Worker
from tests.testing.test_results import lab, line
from tests.world import XIANGYUN, at

POSITIVE, CLEAR = "阳性", "阴性"
GROUNDS = {
    "authority": "区指挥部",
    "document": "2022-17号",
    "legal_basis": "传染病防治法",
    "reason": "单人复采",
}


def results(town: Town, row: Round) -> list[Pool]:
    """18:00: the laboratory's files with their usual faults; what is doubtful waits for somebody, two tubes are positive."""
    town.clock(22, 18)
    with scope([XIANGYUN]):
        tubes = list(Tube.objects.filter(round=row).order_by("code"))
        inside = people_in([tube.pk for tube in tubes])
    ten = [tube for tube in tubes if inside[tube.pk] == 10 and tube.point_id]
    positive, odd = ten[20:22], ten[2:6]
    written = {
        tube.pk: _written(tube, inside[tube.pk], POSITIVE if tube in positive else CLEAR) for tube in tubes
    }
    first, lab_desk = ten[0], town.desks["检测所"]
    written[odd[0].pk] = _written(odd[0], 9)
    written[odd[1].pk] = _written(odd[1], 10, sampled="2022-04-19 07:00")
    written[odd[2].pk] = _written(odd[2], 10, "弱阳")
    more = [
        _written(first, 10), _written(first, 10).lower().replace(first.code.lower(), f" {first.code.lower()} "),
        _written(odd[3], 10, POSITIVE), line("EQ999999", people=10), line("", "无效", people=10),
    ]  # fmt: skip
    half = len(tubes) // 2
    parts = [lab(*list(written.values())[:half], *more), lab(*list(written.values())[half:])]
    assert "重复 2，要人看 7" in _bring(lab_desk, "上午.csv", parts[0])
    assert "这个文件已经收过了，没有再记一遍" in _bring(lab_desk, "另一个入口.csv", parts[0])
    assert "重复 0，要人看 0" in _bring(lab_desk, "下午.csv", parts[1])
    _settle_what_is_held(town, odd)
    _bring(lab_desk, "补.csv", lab(_written(odd[2], 10)))
    assert "还没有结果 0 要人看的 0 正在复采的管 2" in lab_desk.open(reverse("results")).said
    with scope([XIANGYUN]):
        assert Result.objects.filter(held="", void_at=None).count() == len(tubes)
        return list(Pool.objects.order_by("id").select_related("tube"))


def _written(tube: Tube, people: int, outcome: str = CLEAR, *, sampled: str = "") -> str:
    opened = tube.opened_at.astimezone(clock.ZONE)
    return line(
        tube.code,
        outcome,
        people=people,
        sampled=sampled or f"{opened:%Y-%m-%d %H:%M}",
        tested="2022-04-22 17:30",
    )


def _bring(desk: Worker, name: str, content: bytes) -> str:
    """What the page says of a file that is brought."""
    desk.open(reverse("results"))
    return desk.tap("收下，对上采样记录", brought=SimpleUploadedFile(name, content)).said


def _settle_what_is_held(town: Town, odd: list[Tube]) -> None:
    """Seven lines wait: what can be explained counts, what cannot is nobody's."""
    desk = town.desks["信息员孙"]
    with scope([XIANGYUN]):
        held = list(Result.objects.exclude(held="").order_by("line"))
    assert Counter(one.held for one in held) == {
        "count_differs": 1, "dates": 1, "unclear": 1, "differs": 2, "no_tube": 2
    }  # fmt: skip
    for one in held:
        counts = one.held in ("count_differs", "dates") or (one.held, one.outcome) == ("differs", "negative")
        told = {"counts": "yes" if counts else "no", "word": "问过检测机构"}
        desk.open(reverse("result_decide", args=[one.pk])).tap("就这样处理", **told)
    assert {one.code for one in held if one.held in ("dates", "count_differs")} == {odd[0].code, odd[1].code}


def followed_to_the_end(town: Town, pools: list[Pool], team: Table) -> None:
    """Two tubes become twenty named people: held at home for six hours at most, swabbed alone, let go one by one; one is positive."""
    secretary = town.desks["书记刘"]
    town.clock(22, 18, 10)
    with scope([XIANGYUN]):
        people = {pool.pk: list(pool.people.values_list("person", flat=True)) for pool in pools}
        before = set(in_force(now=clock.now()).values_list("person", flat=True))
    ours = {one for those in people.values() for one in those}
    assert len(ours) == 20
    with scope([XIANGYUN]):
        clocks = Duty.objects.filter(kind="testing.resample", fact="owed").values_list("person", "due_at")
        assert dict(clocks) == {one: pool.due_at for pool in pools for one in people[pool.pk]}
        asked = Message.objects.filter(purpose="tests_again").count()
        assert asked == Person.objects.filter(pk__in=ours).exclude(phones_sealed=[]).count() > 0
    assert "单人复采" in secretary.open("/").said
    for pool in pools:
        assert pool.until - pool.found_at <= timedelta(hours=6)
        secretary.open(reverse("pool", args=[pool.pk])).tap("批准", **GROUNDS)
    with scope([XIANGYUN]):
        assert set(in_force(now=clock.now()).values_list("person", flat=True)) == before | ours
    team.now, done = at(22, 18, 30), set(team.boxes)
    for one in sorted(ours):
        team.swab(one, alone=True)
    team.go_home()
    alone = [tube for box, tubes in team.boxes.items() if box not in done for tube in tubes]
    for hour in (19, 20):
        town.agenda.play(at(22, hour, 40), *town.phones)
    with scope([XIANGYUN]):
        assert Tube.objects.filter(code__in=alone).count() == 20
        assert not Duty.objects.filter(kind="testing.resample", fact="owed").exists()
        told = Event.objects.filter(pk__in=Swab.objects.filter(tube__code__in=alone).values("pk"))
        assert Counter(told.values_list("flag", flat=True)) == {"": 20}
    town.clock(22, 21, 30)
    tested = "2022-04-22 21:00"
    lines = [line(code, people=1, sampled="2022-04-22 18:40", tested=tested) for code in alone]
    ill = alone[3]
    lines[3] = line(ill, POSITIVE, people=1, sampled="2022-04-22 18:40", tested=tested)
    _bring(town.desks["检测所"], "单人.csv", lab(*lines))
    with scope([XIANGYUN]):
        patient = PoolPerson.objects.select_related("swab").get(outcome="positive")
        held = in_force(now=clock.now()).values_list("person", flat=True)
        assert set(held) == before | {patient.person_id}
        receivers = list(Told.objects.values_list("receiver", flat=True))
        assert Pool.objects.filter(closed_at=None).get() == patient.pool
    assert len(receivers) == 6
    for receiver in receivers:
        secretary.open(reverse("pool", args=[patient.pool_id])).tap(f"{receiver}已通知")
    assert "有关单位都通知了" in secretary.said
    _to_the_case_flow(secretary, patient)
    with scope([XIANGYUN]):
        assert not Pool.objects.filter(closed_at=None).exists()
        assert (
            not Hold.objects.filter(about__in=people, ended_at=None)
            .exclude(person=patient.person_id)
            .exists()
        )


def _to_the_case_flow(secretary: Worker, patient: PoolPerson) -> None:
    """From the tube to the investigation in two taps; whoever was in the same tube is known to it."""
    secretary.tap("开始流调").tap("就是这一位，开流调", person=patient.person_id, neighbour_days=14)
    day = clock.day_of(patient.swab.at)
    with scope([XIANGYUN]):
        case = Case.objects.get()
        traces = [one for tracer in TRACERS for one in tracer(Traced(patient.person_id, 0, "", day, day))]
    assert (case.person_id, case.counts_on, case.by_sample) == (patient.person_id, day, True)
    assert sum(one.how.startswith("同管") for one in traces) == TO_A_TUBE - 1
