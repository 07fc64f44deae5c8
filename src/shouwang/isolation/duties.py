"""What isolation asks of people: whoever is kept at home is owed something every day.

isolation.begin         Somebody comes to the door on the day of the decision: notice, thermometer, number to call.
isolation.home_check    A list or a result asked for it: somebody looks, or asks, whether this home is fit for it.
isolation.transfer      Whoever must go elsewhere is in somebody's hands there within the plan's hours.
isolation.temperature   A reading morning and evening (or once a day, as the plan says), by whatever way it becomes known.
isolation.welfare_call  Somebody asks how they are, every so many days.
isolation.spot_check    Somebody sees that they are at home and well, every so many days.
isolation.waste         The rubbish is fetched, every so many days.
isolation.need          What somebody asked for reaches the door by the time that was promised.
isolation.need_unanswered  Halfway to that time nobody has taken it on: the grid lead sees to it that somebody does.
isolation.need_late     The time has passed: the secretary sees to it.
isolation.release       At the hour of the end: certificate, notice to the gates, a call. The hold itself ends alone.
isolation.welcome_call  By the end of the day after, somebody asks how they are, out again.
isolation.exit_check    The fire exit of a sealed building is walked to and found open, as often a day as the plan says.
isolation.objection     Who objects has an answer in writing, by somebody who did not decide.
"""

from django.db.models import F, FilteredRelation, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, Left

from shouwang.isolation.models import Care, ExitCheck, Need, Objection, Order, Reading, Seal, Transfer
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind

NOTHING = Cast(Value(None), UUIDField())


def cares(what: str) -> QuerySet[Care]:
    """What was done of one kind, and counts."""
    done = Care.objects.filter(void_at=None, what=what)
    return done.annotate(subject=F("order__person_id"), about=F("order_id"))


def begun() -> QuerySet[Care]:
    """Told at the door."""
    return cares("begin")


def looked_at() -> QuerySet[Care]:
    """Found fit or unfit."""
    return cares("home")


def moved() -> QuerySet[Transfer]:
    """Taken, and signed for where they are now."""
    of = FilteredRelation("seats", condition=Q(seats__order__isnull=False))
    rows = Transfer.objects.annotate(seat=of).filter(
        seat__isnull=False, arrived_at__isnull=False, void_at=None
    )
    return rows.annotate(subject=F("seat__person_id"), about=F("seat__order_id"), at=F("arrived_at"))


def called() -> QuerySet[Care]:
    """Asked how they are."""
    return cares("welfare_call")


def seen() -> QuerySet[Care]:
    """Seen at home."""
    return cares("spot_check")


def fetched() -> QuerySet[Care]:
    """Rubbish fetched."""
    return cares("waste")


def released() -> QuerySet[Care]:
    """Let out, with the certificate."""
    return cares("release")


def welcomed() -> QuerySet[Care]:
    """Asked how they are, after it was over."""
    return cares("welcome")


def readings() -> QuerySet[Reading]:
    """The readings that count."""
    return Reading.objects.filter(void_at=None).annotate(subject=F("person_id"), about=NOTHING)


def needs() -> QuerySet[Need]:
    """What reached its door."""
    brought = Need.objects.filter(void_at=None, at__isnull=False)
    return brought.annotate(subject=F("household_id"), about=F("id"))


def objections() -> QuerySet[Objection]:
    """The objections that were answered."""
    answered = Objection.objects.filter(at__isnull=False)
    return answered.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))


def exits_seen() -> QuerySet[ExitCheck]:
    """The exits that were found open; a blocked one is no check."""
    open_ones = ExitCheck.objects.filter(void_at=None, passable=True)
    return open_ones.annotate(subject=F("seal__area_code"), about=F("seal_id"))


CARERS = ("building_lead", "grid_lead", "cadre")
ORDER = Order._meta.db_table
BEGIN = Kind("isolation.begin", "上门告知", "person", begun, CARERS, ORDER, "order")
HOME_CHECK = Kind("isolation.home_check", "看家里能不能隔离", "person", looked_at, CARERS, ORDER, "order")
TRANSFER = Kind(
    "isolation.transfer", "转去集中点", "person", moved, ("cadre", "grid_lead"), ORDER, "order", at_door=False
)
TEMPERATURE = Kind("isolation.temperature", "早晚体温", "person", readings, CARERS)
WELFARE_CALL = Kind("isolation.welfare_call", "关心电话", "person", called, CARERS, ORDER, "order")
SPOT_CHECK = Kind("isolation.spot_check", "探访", "person", seen, CARERS, ORDER, "order")
WASTE = Kind("isolation.waste", "收垃圾", "person", fetched, ("property_company", *CARERS), ORDER, "order")
NEED = Kind("isolation.need", "代办", "household", needs, CARERS, Need._meta.db_table, "need")
NEED_UNANSWERED = Kind(
    "isolation.need_unanswered",
    "没人接的代办",
    "household",
    needs,
    ("grid_lead",),
    Need._meta.db_table,
    "need",
)
NEED_LATE = Kind(
    "isolation.need_late", "超时的代办", "household", needs, ("leader", "cadre"), Need._meta.db_table, "need"
)
RELEASE = Kind("isolation.release", "到期解除", "person", released, ("grid_lead", "cadre"), ORDER, "order")
WELCOME = Kind("isolation.welcome_call", "解除后问候", "person", welcomed, CARERS, ORDER, "order")
OBJECTION = Kind(
    "isolation.objection", "异议复核", "area", objections, ("cadre",), Objection._meta.db_table, "objection"
)
EXIT_CHECK = Kind(
    "isolation.exit_check",
    "消防通道检查",
    "area",
    exits_seen,
    ("property_company", "grid_lead"),
    Seal._meta.db_table,
    "seal",
)
KINDS = (
    BEGIN,
    HOME_CHECK,
    TRANSFER,
    TEMPERATURE,
    WELFARE_CALL,
    SPOT_CHECK,
    WASTE,
    NEED,
    NEED_UNANSWERED,
    NEED_LATE,
    RELEASE,
    WELCOME,
    OBJECTION,
    EXIT_CHECK,
)
OF_NEED = (NEED, NEED_UNANSWERED, NEED_LATE)
OF_CARE = {
    "begin": BEGIN,
    "home": HOME_CHECK,
    "welfare_call": WELFARE_CALL,
    "spot_check": SPOT_CHECK,
    "waste": WASTE,
    "release": RELEASE,
    "welcome": WELCOME,
}
