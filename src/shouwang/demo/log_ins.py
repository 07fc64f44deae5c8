"""The accounts of the demo, each with its role, its area, and the helper behind it; and the field teams' accounts."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.hashers import make_password

from shouwang.access.actions import add_user, grant
from shouwang.access.models import User
from shouwang.demo.accounts import ACCOUNTS, PASSWORD
from shouwang.demo.staff import Staff
from shouwang.lib.codes import BUILDING, COMPOUND, SUBDISTRICT, subtree
from shouwang.register.enrolment import link_account
from shouwang.register.models import Area, Helper, Responsibility

FIELD_TEAM = 3

Users = dict[str, User]


def make_log_ins(town: Staff, *, at: datetime) -> Users:
    """One account for each role, by role; their areas are given by `give_areas` once these are known."""
    hands = {kind: iter(town.of_kind(kind)) for kind in {account.kind for account in ACCOUNTS}}
    made = {}
    for account in ACCOUNTS:
        hand = next(hands[account.kind], None)
        name = hand.name if hand else account.words
        made[account.role] = add_user(account.username, name=name, password=None, at=at)
    # Hashing is slow on purpose; all log-ins of the demo have one password, so it is hashed once.
    User.objects.filter(pk__in=[user.pk for user in made.values()]).update(password=make_password(PASSWORD))
    return made


def give_areas(users: Users, community: str, *, at: datetime) -> None:
    """Each account's role in its area, and the helper whose account it is."""
    for account in ACCOUNTS:
        user = users[account.role]
        helper = Helper.objects.filter(kind=account.kind, name=user.name).first() if account.kind else None
        if helper:
            link_account(helper.pk, user, by=None, at=at)
        grant(user, role=account.role, areas=AREAS[account.area](community, helper), by=None, at=at)


def make_field_teams(community: str, *, at: datetime) -> dict[str, list[User]]:
    """For each compound the accounts of some of its building leads, who enter by card, without a password."""
    low, high = subtree(community)
    held = Responsibility.objects.in_force(at).filter(
        role="building_lead", area_code__gte=low, area_code__lt=high
    )
    areas: dict[Helper, list[str]] = {}
    for each in held.select_related("helper").order_by("area_code"):
        areas.setdefault(each.helper, []).append(each.area_code)
    teams: dict[str, list[User]] = {}
    for helper, codes in areas.items():
        team = teams.setdefault(codes[0][:COMPOUND], [])
        if len(team) < FIELD_TEAM and helper.user_id is None:
            team.append(_field_account(helper, codes, at))
    return teams


def _field_account(helper: Helper, areas: list[str], at: datetime) -> User:
    user = add_user(f"duiyuan{helper.pk}", name=helper.name, password=None, at=at)
    link_account(helper.pk, user, by=None, at=at)
    grant(user, role="building_lead", areas=areas, by=None, at=at)
    return user


def _areas(community: str, level: str) -> list[str]:
    low, high = subtree(community)
    rows = Area.objects.filter(level=level, code__gte=low, code__lt=high).order_by("code")
    return list(rows.values_list("code", flat=True))


def _buildings(community: str, helper: Helper | None) -> list[str]:
    """What a lead answers for; for somebody who answers for nothing the first two buildings."""
    held = Responsibility.objects.filter(helper=helper, until=None).values_list("area_code", flat=True)
    return sorted({code[:BUILDING] for code in held}) or _areas(community, "building")[:2]


AREAS: dict[str, Callable[[str, Helper | None], list[str]]] = {
    "subdistrict": lambda community, _: [community[:SUBDISTRICT]],
    "community": lambda community, _: [community],
    "compound": lambda community, _: _areas(community, "compound")[:1],
    "buildings": _buildings,
}
