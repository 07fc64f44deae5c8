"""What is owed, what was tried, how many, and the account of each day. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Case, When
from django.db.models.lookups import Exact

from shouwang.access.models import AreaCodeField, User, unchecked
from shouwang.lib.codes import COMMUNITY, UNIT
from shouwang.register.models import Helper, Household, Person, Place

OWED, DONE, LATE, WAIVED, MISSED, VOID = FACTS = ("owed", "done", "late", "waived", "missed", "void")

FACT = Case(
    When(void_at__isnull=False, then=Value(VOID)),
    When(done_at__lt=F("due_at"), then=Value(DONE)),
    When(done_at__isnull=False, then=Value(LATE)),
    When(waived_at__isnull=False, then=Value(WAIVED)),
    When(missed_at__isnull=False, then=Value(MISSED)),
    default=Value(OWED),
)


def one_subject(name: str, *fields: str) -> models.CheckConstraint:
    """Exactly one of these columns says whom or what the row is about."""
    count = Func(*(F(field) for field in fields), function="num_nonnulls", output_field=models.IntegerField())
    return models.CheckConstraint(condition=Exact(count, 1), name=name)


class About(models.Model):
    """Whom or what: exactly one of person, household, place, area; `about` is the row of a module that it is for, if any.

    Cost: references that were checked row by row would make a million duties wait ten seconds.
    """

    kind = models.CharField(max_length=32)
    person = unchecked(Person, null=True)
    household = unchecked(Household, null=True)
    place = unchecked(Place, null=True)
    subject_area = AreaCodeField(null=True)
    about = models.UUIDField(null=True)
    area_code = AreaCodeField()

    class Meta:
        abstract = True

    @property
    def subject(self) -> tuple[str, int]:
        """The kind of subject and its row; an area has no row."""
        found = ((name, getattr(self, f"{name}_id")) for name in ("household", "person", "place"))
        return next(((name, row) for name, row in found if row), ("area", 0))


class Duty(About):
    """Somebody owes something about a subject inside a window of time.

    Shape: `batch` is what planned it (a round, a list); `booked_at` when it was written into the books, `changed_at`
    when its last change was.
    """

    batch = models.UUIDField(null=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_record = models.UUIDField(null=True)
    waived_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    waived_reason = models.CharField(max_length=100, blank=True, db_default="")
    missed_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    void_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    void_reason = models.CharField(max_length=100, blank=True, db_default="")
    fact = models.GeneratedField(
        expression=FACT, output_field=models.CharField(max_length=6), db_persist=True
    )

    class Meta:
        constraints: ClassVar = [
            one_subject("duty_has_one_subject", "person", "household", "place", "subject_area"),
            models.UniqueConstraint(
                fields=["kind", "household", "person", "place", "subject_area", "about", "opens_at"],
                condition=Q(void_at=None),
                nulls_distinct=False,
                name="duty_owed_once",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("due_at")) & (Q(lapses_at=None) | Q(lapses_at__gte=F("due_at"))),
                name="duty_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_record=None)
                | Q(done_at__isnull=False, done_record__isnull=False),
                name="duty_done_by_a_record",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_code", "kind"], name="duty_owed_in_area", condition=Q(fact="owed")),
            models.Index(fields=["booked_at"], name="duty_booked"),
            models.Index(fields=["household"], name="duty_household", condition=Q(household__isnull=False)),
            models.Index(fields=["person"], name="duty_person", condition=Q(person__isnull=False)),
            models.Index(fields=["place"], name="duty_place", condition=Q(place__isnull=False)),
            models.Index(fields=["batch"], name="duty_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["about"], name="duty_about", condition=Q(about__isnull=False)),
        ]


class Attempt(About):
    """Somebody tried and did not succeed; kept whether or not a duty was open."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=16)
    next_try_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_subject("attempt_has_one_subject", "person", "household", "place", "subject_area")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["household", "kind", "at"],
                name="attempt_household",
                condition=Q(household__isnull=False),
            ),
            models.Index(
                fields=["person", "kind", "at"], name="attempt_person", condition=Q(person__isnull=False)
            ),
            models.Index(
                fields=["place", "kind", "at"], name="attempt_place", condition=Q(place__isnull=False)
            ),
            models.Index(fields=["about"], name="attempt_about", condition=Q(about__isnull=False)),
        ]


class Count(models.Model):
    """How many duties of one unit, kind and window have which fact; kept by triggers, never written by hand.

    The window's exact times are part of the key, so that a number on the board equals the list that it opens.
    """

    area_code = AreaCodeField(max_length=UNIT)
    kind = models.CharField(max_length=32)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)
    fact = models.CharField(max_length=6)
    amount = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "kind", "opens_at", "due_at", "lapses_at", "fact"],
                nulls_distinct=False,
                name="counted_once",
            )
        ]


class Hour(models.Model):
    """How many duties of an area, kind and deadline began to be owed, or ended, within one hour; kept by triggers.

    Shape: one row for the unit and one for the community, told apart by the `width` of their codes; `fact` is "owed" for
    what began: it was planned and had opened; otherwise it says how it ended.
    """

    width = models.SmallIntegerField()
    hour = models.DateTimeField()
    area_code = AreaCodeField(max_length=UNIT)
    kind = models.CharField(max_length=32)
    due_at = models.DateTimeField()
    fact = models.CharField(max_length=6)
    amount = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["width", "hour", "area_code", "kind", "due_at", "fact"], name="counted_by_the_hour"
            )
        ]


class Entry(models.Model):
    """A change in the books: what a duty was and what it became; kept by triggers, never changed.

    That it was planned stands in the duty itself. `elsewhere` stands for being owed in another community.
    """

    duty = models.BigIntegerField()
    area_code = AreaCodeField()
    community = AreaCodeField(max_length=COMMUNITY)
    kind = models.CharField(max_length=32)
    was = models.CharField(max_length=9)
    became = models.CharField(max_length=9)
    planned_at = models.DateTimeField()
    booked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["community", "booked_at"], name="entry_community_at")]


class DayClose(models.Model):
    """A community's day, closed: nothing in it changes any more."""

    area_code = AreaCodeField(max_length=COMMUNITY)
    day = models.DateField()
    from_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["area_code", "day"], name="day_closed_once")]


class Account(models.Model):
    """The account of a day for one kind: what came in on the left equals what went out on the right."""

    close = models.ForeignKey(DayClose, on_delete=models.PROTECT, related_name="accounts")
    area_code = AreaCodeField(max_length=COMMUNITY)
    kind = models.CharField(max_length=32)
    carried_in = models.IntegerField()
    opened = models.IntegerField()
    moved_in = models.IntegerField()
    corrected = models.IntegerField()
    done = models.IntegerField()
    late = models.IntegerField()
    waived = models.IntegerField()
    missed = models.IntegerField()
    void = models.IntegerField()
    moved_out = models.IntegerField()
    carried_out = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["close", "kind"], name="accounted_once"),
            models.CheckConstraint(
                condition=Q(
                    carried_out=F("carried_in")
                    + F("opened")
                    + F("moved_in")
                    + F("corrected")
                    - F("done")
                    - F("late")
                    - F("waived")
                    - F("missed")
                    - F("void")
                    - F("moved_out")
                ),
                name="account_balances",
            ),
        ]


class Carried(models.Model):
    """A duty that was due and is carried into the next day: why, when next, and who answers."""

    close = models.ForeignKey(DayClose, on_delete=models.PROTECT, related_name="carried")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="+")
    area_code = AreaCodeField()
    reason = models.CharField(max_length=16)
    word = models.CharField(max_length=100, blank=True)
    next_try_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["close", "duty"], name="carried_once")]


__all__ = ["FACTS", "Account", "Attempt", "Carried", "Count", "DayClose", "Duty", "Entry", "Hour"]
