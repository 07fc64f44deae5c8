"""What screening asks of people.

screening.visit        Every door of the round is seen and somebody is met there. Nobody home by day: again at a meal
                       time or in the evening. A door whose people are away is waived with a reason, never ticked.
screening.place_visit  Every shop, restaurant, hotel and venue of the round is looked at: open or closed, as it must be.
screening.list_row     Everybody on a pushed list is found, asked and decided within the list's clock, or handed to where
                       they live. One answer settles every list that somebody is on.
screening.follow_up    Whoever the plan wants asked again is asked again on that day.
screening.referral     Whoever was found ill is in the hands of a doctor within the plan's hours.
screening.code         Whoever asks for a code to be taken back has an answer within the plan's hours.
screening.objection    Whoever contests a category, a refused code or being asked to wait at home has an answer by somebody else.
screening.return       The list goes back to its sender, in the sender's own form, within its clock.
"""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, Left

from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind
from shouwang.register.models import Household, Person, Place
from shouwang.screening.models import (
    Check,
    CodeRequest,
    Contest,
    Inquiry,
    ListReturn,
    ListRow,
    PlaceVisit,
    PushedList,
    Referral,
    Settlement,
    Visit,
)

NOTHING = Cast(Value(None), UUIDField())


def doors(area_low: str, area_high: str, only: dict[str, str]) -> QuerySet[Household]:
    """Who owes a visit: every door of the area that stands for itself, or those that match the round's filter."""
    rows = Household.objects.filter(area_code__gte=area_low, area_code__lt=area_high, kept_id=F("id"))
    if only.get("empty") == "no":
        rows = rows.filter(empty_on=None)
    at_home = Person.objects.filter(household=OuterRef("pk"), left_at=None)
    if only.get("help"):
        rows = rows.filter(Exists(at_home.filter(helps__contains=[only["help"]])))
    if only.get("category"):
        rows = rows.filter(Exists(at_home.filter(category=only["category"])))
    return rows.annotate(subject=F("id"), about=NOTHING)


def places(area_low: str, area_high: str, only: dict[str, str]) -> QuerySet[Place]:
    """Which places owe a look: all of the area, or those of a kind."""
    rows = Place.objects.filter(area_code__gte=area_low, area_code__lt=area_high, kept_id=F("id"))
    if only.get("kind"):
        rows = rows.filter(kind=only["kind"])
    return rows.annotate(subject=F("id"), about=NOTHING)


def visits() -> QuerySet[Visit]:
    """The visits that count: those not struck out."""
    return Visit.objects.filter(void_at=None).annotate(subject=F("household_id"), about=NOTHING)


def place_visits() -> QuerySet[PlaceVisit]:
    """The looks that count: those not struck out."""
    return PlaceVisit.objects.filter(void_at=None).annotate(subject=F("place_id"), about=NOTHING)


def settlements() -> QuerySet[Settlement]:
    """What settled a row and still counts."""
    counts = Q(void_at=None) & (Q(check_made=None) | Q(check_made__void_at=None))
    return Settlement.objects.filter(counts).annotate(subject=F("row__list__area_code"), about=F("row_id"))


def follow_ups() -> QuerySet[Check]:
    """Every talk with somebody counts as having asked again."""
    checks = Check.objects.filter(void_at=None)
    return checks.annotate(subject=Left("area_code", COMMUNITY), about=F("inquiry_id"))


def referrals() -> QuerySet[Referral]:
    """The ill whom a doctor has seen."""
    seen = Referral.objects.filter(void_at=None, at__isnull=False)
    return seen.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))


def returns() -> QuerySet[ListReturn]:
    """The lists that went back with every row answered."""
    whole = ListReturn.objects.filter(void_at=None, settled=F("rows"))
    return whole.annotate(subject=F("area_code"), about=F("list_id"))


def codes_answered() -> QuerySet[CodeRequest]:
    """The requests that were answered, either way."""
    ended = CodeRequest.objects.filter(ended_at__isnull=False)
    return ended.annotate(subject=Left("area_code", COMMUNITY), about=F("id"), at=F("ended_at"))


def contests_answered() -> QuerySet[Contest]:
    """The objections that were answered, either way."""
    answered = Contest.objects.filter(at__isnull=False)
    return answered.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))


VISIT = Kind("screening.visit", "入户走访", "household", visits)
PLACE_VISIT = Kind(
    "screening.place_visit",
    "场所检查",
    "place",
    place_visits,
    answers=("property_company", "grid_lead", "cadre"),
)
DESK = ("grid_lead", "cadre")
LIST_ROW = Kind(
    "screening.list_row", "名单核查", "area", settlements, DESK, ListRow._meta.db_table, "list_row"
)
FOLLOW_UP = Kind("screening.follow_up", "回访", "area", follow_ups, DESK, Inquiry._meta.db_table, "inquiry")
REFERRAL = Kind(
    "screening.referral", "发热送诊", "area", referrals, DESK, Referral._meta.db_table, "referral"
)
RETURN = Kind(
    "screening.return", "名单反馈", "area", returns, ("cadre",), PushedList._meta.db_table, "list_page"
)
CODE = Kind(
    "screening.code", "转码办理", "area", codes_answered, DESK, CodeRequest._meta.db_table, "code_request"
)
CONTEST = Kind(
    "screening.objection",
    "类别、转码的异议",
    "area",
    contests_answered,
    ("cadre", "leader"),
    Contest._meta.db_table,
    "contest",
)
WHO = {VISIT.name: doors, PLACE_VISIT.name: places}
KINDS = (VISIT, PLACE_VISIT, LIST_ROW, FOLLOW_UP, REFERRAL, RETURN, CODE, CONTEST)
