"""What every page's frame needs to know: who is here, where they may go, how they like to read."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.http import HttpRequest

from shouwang.access.models import Grant
from shouwang.access.roles import ROLES, permissions_of
from shouwang.desk.look import Look, look_of
from shouwang.desk.navigation import Way, ways
from shouwang.desk.watermark import watermark
from shouwang.desk.wording import in_language
from shouwang.lib import clock
from shouwang.plans.actions import plan_of


@dataclass(frozen=True)
class Frame:
    """One page's frame. Nothing is looked up before a template asks for it."""

    request: HttpRequest

    @property
    def look(self) -> Look:
        """Light or dark, normal or large print."""
        return look_of(self.request)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """What can be chosen, each language in its own words."""
        return list(settings.LANGUAGES)

    @property
    def now(self) -> datetime:
        """The moment of this page in the community's zone."""
        return getattr(self.request, "now", None) or clock.now()

    @cached_property
    def ways(self) -> list[Way]:
        """The navigation: only what this person's roles open."""
        if not self.request.user.is_authenticated:
            return []
        here = self.request.resolver_match
        return ways(self._held, here.func.__module__ if here else "", self._menu)

    def _menu(self) -> dict[str, str]:
        """What the plan in force calls the entries that hang on its disease."""
        grants = getattr(self.request, "grants", None)
        plan = plan_of(grants.codes[0], now=self.now) if grants and grants.codes else None
        return {key: in_language(words) for key, words in plan.disease.menu.items()} if plan else {}

    @property
    def finds(self) -> bool:
        """Whether this person may look for people and doors from every page."""
        return self.request.user.is_authenticated and "register.read" in self._held

    @cached_property
    def _held(self) -> frozenset[str]:
        """What this person may do. On a page without a door of ours nobody has looked yet."""
        grants = getattr(self.request, "grants", None)
        if grants:
            return grants.held
        rows = Grant.objects.filter(user_id=self.request.user.pk or 0).in_force(self.now)
        return permissions_of(rows.values_list("role", flat=True))

    @property
    def demo_accounts(self) -> list[tuple[str, str]]:
        """In a demo, one account of each role, for the log-in page. Nowhere else."""
        if not settings.DEMO:
            return []
        held = Grant.objects.in_force(self.now).order_by("role", "user_id").distinct("role")
        held = held.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        named = held.values_list("role", "user__username")
        return [(ROLES[role].words, username) for role, username in named if role in ROLES]

    @property
    def demo_password(self) -> str:
        """What every account of the demo town has as its password."""
        return settings.DEMO_PASSWORD

    @property
    def watermark(self) -> str:
        """Who looks at this and when, as a picture that lies over a page with two names or more."""
        return watermark(str(self.request.user), self.now)


def frame(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, which every page then says, and the rest of the frame."""
    return {"demo": settings.DEMO, "frame": Frame(request)}
