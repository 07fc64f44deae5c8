"""What gates and testing add to one day: cars and people that guards count, a building that is swabbed, samplers who are fetched."""

from django.urls import reverse

from shouwang.access.actions import add_user, grant
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.gates.models import Gate
from shouwang.lib import clock
from shouwang.register.models import Person
from shouwang.testing.models import Point, Round
from tests.devices.phones import phone_of
from tests.gates.gatekeeper import Guard
from tests.stories.counted import BUILDING, Told
from tests.stories.one_day import NEW, Day
from tests.world import XIANGYUN, at

TO_A_TUBE = 10


def order_the_evening_before(day: Day) -> None:
    """Posts become gates in one tap; a building is to be swabbed at one point, its samplers to be fetched by seven."""
    secretary = day.at_desk("书记刘")
    secretary.send(reverse("gates_from_posts"), {"area": XIANGYUN})
    secretary.open(reverse("testing_new")).tap("先看看多少人", area=BUILDING).tap("就这样下达")
    with scope([XIANGYUN]):
        round_page = reverse("testing_calls", args=[Round.objects.get().pk])
    secretary.open(round_page).tap("加这个点", name="小广场", compound=NEW, tables="2", per_hour="60")
    secretary.open(round_page).tap("排时间表")
    secretary.tap("加上", hospital="人民医院", people="2", vehicle="豫A00001", phone="13900000001")
    for name, role in (("门卫老周", "gate_guard"), ("采样孙", "sampler")):
        user = day.world.users[name] = add_user(name, name=name, password=None, at=clock.now())
        grant(user, role=role, areas=[XIANGYUN], by=None, at=clock.now())


def fetch_the_samplers(day: Day) -> None:
    """They are there before seven."""
    day.hour(21, 6, 20)
    with scope([XIANGYUN]):
        round_page = reverse("testing_calls", args=[Round.objects.get().pk])
    day.at_desk("书记刘").open(round_page).tap("接到了")
    with scope([XIANGYUN]):
        owed = Duty.objects.get(kind="testing.fetch_medics")
        assert (owed.fact, owed.due_at) == ("done", at(21, 7))


def guard_counts(day: Day, cars: list[tuple[int, bool]], told: Told) -> None:
    """Cars that come to the east gate from elsewhere, each with so many people and let in or turned back; two residents."""
    with scope([XIANGYUN]):
        gate = Gate.objects.get(name="东门")
        at_home = list(Person.objects.filter(area_code__startswith=BUILDING).order_by("pk")[:2])
    guard = Guard(
        phone_of(day.world, [XIANGYUN], "门卫老周", role="gate_guard"), day.world.users["门卫老周"].pk, gate
    )
    for number, (people, let_in) in enumerate(cars):
        guard.passage(
            at=clock.now(), kind="outsider", people=people, plate=f"云D{told.vehicles + number:05d}", outside="province",
            decision="admit" if let_in else "refuse",
        )  # fmt: skip
        told.people += people
        told.turned_people += 0 if let_in else people
        told.turned_vehicles += not let_in
    told.vehicles += len(cars)
    for person in at_home:
        guard.passage(at=clock.now(), code="home", person=person.pk)
        told.people += 1
    guard.phone.send(at=clock.now())
    assert guard.phone.green


def swab(day: Day, many: int, told: Told) -> None:
    """The next of the building come to the table, ten to a tube; the phone types nothing, it scans."""
    with scope([XIANGYUN]):
        people = (
            Person.objects.filter(area_code__startswith=BUILDING).order_by("pk").values_list("pk", flat=True)
        )
        point, coming = Point.objects.get(), list(people[told.swabbed : told.swabbed + many])
    phone = phone_of(day.world, [XIANGYUN], "采样孙", role="sampler")
    for number, person in enumerate(coming, told.swabbed):
        said = {
            "tube": f"A{number // TO_A_TUBE:07d}",
            "capacity": TO_A_TUBE,
            "how": "code",
            "point": str(point.pk),
        }
        phone.tell(
            "testing.swab", said | {"person": person}, worker=day.world.users["采样孙"].pk, at=clock.now()
        )
    phone.send(at=clock.now())
    assert phone.green
    told.swabbed += len(coming)
