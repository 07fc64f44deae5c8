"""What a vaccination drive asks of people.

vaccination.call   Everybody of the drive's ages with too few doses is called, and says: booked, done, cannot, will not.
"""

from django.db.models import F, QuerySet

from shouwang.lib.kinds import Kind
from shouwang.vaccination.models import Drive, Said


def called() -> QuerySet[Said]:
    """Who said something; being not reached is an attempt."""
    return Said.objects.filter(void_at=None).annotate(subject=F("person_id"), about=F("drive_id"))


CALL = Kind(
    "vaccination.call", "疫苗通知", "person", called, ("building_lead", "grid_lead", "cadre"), Drive._meta.db_table, "drive"
)  # fmt: skip
KINDS = (CALL,)
