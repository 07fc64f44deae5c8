"""What testing asks of people.

testing.swab          Everybody of a round is swabbed once, at a point, before the round ends. Whoever was swabbed elsewhere and shows
                      it has done it; whoever is exempt is waived with the reason.
testing.door_swab     Whoever is kept at home, or cannot come down, is swabbed at the door: a round asks it, and the test days of isolation.
testing.urgent        Whoever stands on a list that came this evening is swabbed at the door tonight.
testing.resample      Each person of a tube that has to be taken again is swabbed alone, at the door, within the plan's hours.
testing.told          Of a positive of somebody's own everybody on the plan's list is told, where the plan says within how many hours.
testing.box           A box that was sealed reaches the laboratory, every tube of it counted, within the plan's hours.
testing.fetch_medics  Medical samplers are brought from their hospital to the points by the plan's hour.

A swab that counts discharges swab, door_swab and urgent alike, whatever it was taken for. Swabs are taken by those who have
tubes, with the app of the phone: they make no door a stop of my day.
"""

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Cast, Left

from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind
from shouwang.testing.models import Exemption, Fetching, Pool, Swab, Told

NOTHING = Cast(Value(None), UUIDField())


def swabs() -> QuerySet[Swab]:
    """The swabs that count, and those that were taken elsewhere and proven."""
    told = ("subject", "about", "at", "id")
    here = Swab.objects.filter(void_at=None, person__isnull=False)
    elsewhere = Exemption.objects.filter(void_at=None, elsewhere=True)
    both = [rows.annotate(subject=F("person_id"), about=NOTHING).values(*told) for rows in (here, elsewhere)]
    return both[0].union(both[1], all=True)


def fetched() -> QuerySet[Fetching]:
    """The samplers who arrived."""
    came = Fetching.objects.filter(void_at=None, at__isnull=False)
    return came.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))


def alone() -> QuerySet[Swab]:
    """The swabs that have a tube to themselves."""
    single = Swab.objects.filter(void_at=None, person__isnull=False, tube__capacity=1)
    return single.annotate(subject=F("person_id"), about=NOTHING)


def told() -> QuerySet[Pool]:
    """The positives of whom everybody was told who must know, each with the hour of the last word."""
    each = Told.objects.filter(member=OuterRef("positive__id"))
    of = FilteredRelation("people", condition=Q(people__outcome="positive", people__person__isnull=False))
    rows = Pool.objects.annotate(positive=of).filter(~Exists(each.filter(told_at=None)), Exists(each))
    last = Subquery(each.order_by("-told_at").values("told_at")[:1])
    return rows.annotate(subject=F("positive__person_id"), about=F("id"), at=last)


SWAB = Kind("testing.swab", "核酸采样", "person", swabs, at_door=False)
DOOR_SWAB = Kind("testing.door_swab", "上门采样", "person", swabs, at_door=False)
URGENT = Kind(
    "testing.urgent", "当晚急采", "person", swabs, ("building_lead", "grid_lead", "cadre"), at_door=False
)
FETCH_MEDICS = Kind(
    "testing.fetch_medics",
    "接送医护",
    "area",
    fetched,
    ("grid_lead", "cadre"),
    Fetching._meta.db_table,
    "testing_fetching",
)
RESAMPLE = Kind(
    "testing.resample",
    "单人复采",
    "person",
    alone,
    ("medic", "building_lead", "grid_lead", "cadre"),
    at_door=False,
)
TOLD = Kind(
    "testing.told",
    "阳性报告各单位",
    "person",
    told,
    ("clerk", "cadre"),
    Pool._meta.db_table,
    "pool",
    at_door=False,
)
SWABBED = (SWAB, DOOR_SWAB, URGENT)
KINDS = (*SWABBED, RESAMPLE, TOLD, FETCH_MEDICS)
