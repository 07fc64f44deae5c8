"""Phones in tests: let in by the secretary, talking to the real endpoints through Django's client."""

from collections.abc import Mapping
from datetime import timedelta

from django.test import Client

from shouwang.access.models import Grant, User
from shouwang.access.scope import grants_of, scope
from shouwang.api.client import Phone, Reply
from shouwang.devices.enrolling import issue
from shouwang.lib import clock
from tests.world import World


def over_django(client: Client | None = None):
    """A way to the server without a network."""
    asking = client or Client(raise_request_exception=False)

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        kind = headers.get("Content-Type", "application/json")
        rest = {name: value for name, value in headers.items() if name != "Content-Type"}
        answer = asking.generic(method, path, body, content_type=kind, headers=rest)
        return Reply(answer.status_code, dict(answer.items()), answer.content)

    return send


def code_for(
    world: World, areas: list[str], workers: list[User], *, giver="书记刘", role="building_lead", tail=""
) -> str:
    """A code as the secretary's page makes it."""
    now = clock.now()
    grants = grants_of(world.users[giver], permission="responsibility.edit", now=now)
    with scope(grants.codes):
        return issue(workers, role=role, areas=areas, by=grants, at=now, tail=tail)


def phone_of(
    world: World, areas: list[str], *workers: str, giver="书记刘", role="building_lead", send=None
) -> Phone:
    """A phone that is in."""
    phone = Phone(send or over_django())
    users = [worker(world, name, areas) for name in workers or ("李楼长",)]
    phone.enrol(code_for(world, areas, users, giver=giver, role=role))
    return phone


def worker(world: World, name: str, areas: list[str]) -> User:
    """Somebody who works; made where the street does not know them yet."""
    if name not in world.users:
        now = clock.now()
        user = User.objects.create_user(name, None, name=name, created_at=now)
        Grant.objects.create(
            user=user, role="building_lead", area_codes=areas, from_at=now - timedelta(days=1)
        )
        world.users[name] = user
    return world.users[name]
