"""People who log in, what was granted to them, and the log of what was done and read."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.access.roles import ROLES
from shouwang.lib.codes import DOOR


class AreaCodeField(models.CharField):
    """Where something is: a path of digits, compared byte by byte."""

    def __init__(self, **options: object) -> None:
        options.setdefault("max_length", DOOR)
        options.setdefault("db_collation", "C")
        super().__init__(**options)  # type: ignore[arg-type]


class Users(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A new account; without a password it can only be entered by a card."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who works here. There is no account that may do everything."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "created_at"]
    objects = Users()

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Nobody: there is no second way in beside the desk."""
        return False


def unchecked(
    model: type[models.Model] | str, *, null: bool = False, related_name: str = "+"
) -> models.ForeignKey:
    """A reference that the database does not check row by row: records arrive by the thousand, from people in scope.

    Nobody deletes what such records are about, and `shouwang check` looks for orphans.
    """
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name=related_name,
        null=null,
    )


def whoever() -> models.ForeignKey:
    """Who did it: checked, never searched by."""
    return models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)


class Grants(models.QuerySet["Grant"]):
    def in_force(self, now: datetime) -> Grants:
        """What holds now."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), from_at__lte=now)


class Grant(models.Model):
    """A role in some areas for some time. What a grid holds is written out here and follows the grid."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32, choices=[(name, role.words) for name, role in ROLES.items()])
    area_codes = ArrayField(AreaCodeField())
    grid = models.BigIntegerField(null=True, blank=True)
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = Grants.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("from_at")),
                name="grant_ends_after_it_begins",
            )
        ]


class Card(models.Model):
    """A printed card: lets one worker in, once, within a day, with the last four digits of the phone.

    Only digests are kept: nobody reads a code or a phone here. `session_key` is the session that it opened.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cards")
    code_digest = models.BinaryField(unique=True)
    tail_digest = models.BinaryField()
    area_codes = ArrayField(AreaCodeField())
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    wrong_tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="+")
    session_key = models.CharField(max_length=40, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__lt=models.F("expires_at")), name="card_used_in_time"
            )
        ]


class Audit(models.Model):
    """One line for each action and each reading in clear. The app role can add lines and nothing else."""

    at = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=64)
    area_code = AreaCodeField(blank=True)
    reason = models.CharField(max_length=200, blank=True)
    about = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "at"], name="audit_area_at")]
