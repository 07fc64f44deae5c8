"""People move behind another door; a door turns out to lie in another area.

What happened keeps the area where it happened. What is still owed about people goes with them; what is owed about a
door stays with the door. A round that is open also asks at a door that is new in its area.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope, whole
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, lock
from shouwang.isolation.models import Order
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Area, Household, Person, Residence, SearchKey
from shouwang.screening.actions import extend
from shouwang.screening.models import Inquiry, ListRow, Round
from shouwang.standing.cards import carried_by
from shouwang.standing.models import Hold, Pass
from shouwang.standing.passes import end_of_empty, follow


class NoSuchArea(Refusal):
    code = "flows.no_such_area"
    sentence = "没有编号为 {code} 的区域。请先在底册里建好楼栋和单元。"


class DoorTaken(Refusal):
    code = "flows.door_taken"
    sentence = "编号 {code} 已经是 {door} 这一户了。"


def move_people(people: Sequence[int], to: int, *, by: User | None, at: datetime) -> int:
    """These people now live behind another door; where they lived before is remembered. How many moved.

    Raises: NotInScope.
    """
    rows = list(Person.objects.filter(pk__in=people).select_related("household"))
    door = Household.objects.filter(pk=to).first()
    if door is None or len(rows) != len(set(people)):
        raise NotInScope()
    Residence.objects.bulk_create(
        Residence(
            person=row,
            area_code=row.area_code,
            kind="former",
            address=row.household.door,
            from_at=row.added_at,
            until=at,
        )
        for row in rows
    )
    Person.objects.filter(pk__in=people).update(household=door, area_code=door.area_code)
    SearchKey.objects.filter(person__in=people).update(
        area_code=door.area_code, community=communities_of([door.area_code]).pop()
    )
    _move_duties(Duty.objects.filter(person__in=people), door.area_code, at)
    _move_list_rows(people, door.area_code, at)
    _move_orders(Order.objects.filter(person__in=people), door)
    follow(Pass.objects.filter(person__in=people), door.area_code, by=by, at=at)
    end_of_empty({row.household_id for row in rows}, by=by, at=at)
    Household.objects.filter(pk=to).update(empty_on=None)
    audit("register.move_people", at=at, by=by, area=door.area_code, people=sorted(people), to=to)
    return len(rows)


def move_door(household: int, code: str, *, by: User | None, at: datetime) -> Household:
    """This door lies in another area than was thought: it, its people and what is owed there go under the new code.

    Raises: NotInScope, NoSuchArea, DoorTaken.
    """
    door = one_in_scope(Household.objects.filter(pk=household))
    with whole():
        _check_free(code)
        before = door.area_code
        people = list(Person.objects.filter(household=door).values_list("pk", flat=True))
        where = {"area_code": code, "community": communities_of([code]).pop()}
        lock(communities_of([before, code]))
        Household.objects.filter(pk=household).update(area_code=code)
        Person.objects.filter(pk__in=people).update(area_code=code)
        SearchKey.objects.filter(household=household).update(**where)
        SearchKey.objects.filter(person__in=people).update(**where)
        _move_duties(Duty.objects.filter(household=household), code, at)
        _move_duties(Duty.objects.filter(person__in=people), code, at)
        _move_list_rows(people, code, at)
        door.area_code = code
        _move_orders(Order.objects.filter(household=door), door)
        follow(carried_by(people, [household]), code, by=by, at=at)
        for opened in Round.objects.filter(ended_at=None, due_at__gt=at):
            if code.startswith(opened.area_code) and not before.startswith(opened.area_code):
                extend(opened, at=at)
        audit("register.move_door", at=at, by=by, area=code, household=household, before=before)
    return door


def _move_list_rows(people: Sequence[int], code: str, at: datetime) -> None:
    """Who is asked about is asked about at the new door, on whatever list."""
    Inquiry.objects.filter(person__in=people).update(area_code=code)
    rows = ListRow.objects.filter(inquiry__person__in=people)
    _move_duties(Duty.objects.filter(about__in=list(rows.values_list("pk", flat=True))), code, at)
    rows.update(area_code=code)


def _move_orders(orders: QuerySet[Order], door: Household) -> None:
    """Who is kept at home is kept behind the new door, to the same hour."""
    running = list(orders.filter(withdrawn_at=None, released_at=None).values_list("pk", flat=True))
    Order.objects.filter(pk__in=running).update(household=door, area_code=door.area_code)
    Hold.objects.filter(about__in=running, ended_at=None).update(area_code=door.area_code)


def _check_free(code: str) -> None:
    if not Area.objects.filter(code=code[:-4]).exists():
        raise NoSuchArea(code=code)
    taken = Household.objects.filter(area_code=code).first()
    if taken:
        raise DoorTaken(code=code, door=taken.door)


def _move_duties(duties: QuerySet[Duty], code: str, at: datetime) -> None:
    """What is still owed goes along; what is settled stays in the books of the area that settled it."""
    duties.filter(fact="owed").update(area_code=code, changed_at=at)
