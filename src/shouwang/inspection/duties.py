"""What inspection asks of people: that what was wrong is put right, and that somebody else has seen it.

inspection.put_right      A finding is put right by its hour, by whoever answers for it.
inspection.check_again    Somebody who did not put it right looks again; still wrong, it is a finding once more.
inspection.second_visit   A door drawn by chance from those visited is visited again by somebody else.

The story. At ten the inspector stands at the east gate: five questions (somebody there, a register, temperatures, a roster, a
telephone that is answered); two answers are no. Each is a finding with the grid lead's name and an hour. At noon the
register lies there: put right, says the grid lead; at two the inspector looks and says so too. In shops that stay open rice
and eggs are asked for: what they cost, whether there are any, and what they cost last time. Closed venues are seen closed. A
restaurant that may not open before the 24th opens earlier only by somebody's leave, which is written down. Overnight
one in twenty of yesterday's doors is drawn; somebody else rings, asks how many live there and whether anybody came. Where
the two answers differ it is a finding: about the record, for the lead's eyes, and never a ranking of people.

The screens. 巡查: what is open, what waits for a second look; 新的一处: questions and answers; 抽查再访: both answers side by side;
店铺: prices and supply, closed places, leave to work, suppliers.
"""

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.inspection.models import Finding, SecondVisit
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind


def put_right() -> QuerySet[Finding]:
    """What was put right."""
    rows = Finding.objects.exclude(put_right_at=None)
    return rows.annotate(subject=Left("area_code", COMMUNITY), about=F("id"), at=F("put_right_at"))


def checked_again() -> QuerySet[Finding]:
    """What somebody looked at again, right or not."""
    rows = Finding.objects.exclude(checked_at=None)
    return rows.annotate(subject=Left("area_code", COMMUNITY), about=F("id"), at=F("checked_at"))


def visited_again() -> QuerySet[SecondVisit]:
    """The doors that were asked a second time."""
    rows = SecondVisit.objects.filter(void_at=None).exclude(at=None)
    return rows.annotate(subject=F("household_id"), about=F("id"))


TABLE = Finding._meta.db_table
PUT_RIGHT = Kind(
    "inspection.put_right", "问题整改", "area", put_right, ("grid_lead", "cadre"), TABLE, "finding"
)
CHECK_AGAIN = Kind(
    "inspection.check_again", "整改复查", "area", checked_again, ("cadre", "leader"), TABLE, "finding"
)
SECOND_VISIT = Kind(
    "inspection.second_visit", "抽查再访", "household", visited_again, ("cadre", "leader"),
    SecondVisit._meta.db_table, "second_visit",
)  # fmt: skip
KINDS = (PUT_RIGHT, CHECK_AGAIN, SECOND_VISIT)
