"""The street on the morning of 21 April 2022 with a round open, and browsers of the people in it.

Imports stand inside the fixtures: this file is read before Django is set up.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def street(database: None, monkeypatch: pytest.MonkeyPatch) -> "World":
    """Both communities owe visits by tonight; nobody has gone yet."""
    from shouwang.access.scope import scope
    from shouwang.duties.windows import Window
    from shouwang.lib import clock
    from shouwang.screening import actions
    from shouwang.screening.duties import VISIT
    from tests.world import JIANXIN, XIANGYUN, build

    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:00:00")
    world, now = build(), clock.now()
    window = Window(clock.midnight(clock.day_of(now)), clock.day_end(now))
    for community in (XIANGYUN, JIANXIN):
        with scope([community]):
            actions.open_round(community, kind=VISIT.name, title="今日入户", window=window, by=None, at=now)
    return world


@pytest.fixture
def browser_of(street: "World") -> Callable[[str], Client]:
    """A browser in which somebody is logged in."""

    def logged_in(name: str) -> Client:
        client = Client()
        client.force_login(street.users[name])
        return client

    return logged_in


@pytest.fixture
def newcomer(street: "World") -> Callable[[str, str], Client]:
    """A browser of somebody new with this role in this area."""
    from shouwang.access.models import Grant, User
    from shouwang.lib import clock

    def logged_in(role: str, area: str) -> Client:
        now = clock.now()
        user = User.objects.create_user(f"{role}{area}", name="来人", created_at=now)
        Grant.objects.create(user=user, role=role, area_codes=[area], from_at=now - timedelta(days=1))
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def settings_of() -> Iterator[Callable[..., None]]:
    """Other settings for one test."""
    from django.test import override_settings

    changed: list[override_settings] = []

    def change(**values: object) -> None:
        changed.append(override_settings(**values))
        changed[-1].enable()

    yield change
    for one in reversed(changed):
        one.disable()


@pytest.fixture
def worker(street: "World", browser_of: Callable[[str], Client]) -> Client:
    """李楼长, in by a card, on the own phone."""
    from tests.door import TAIL, card_for, come_in, give_phone

    give_phone(street, "王网格", "19900004821")
    return come_in(card_for(browser_of("书记刘"), street.helpers["王网格"]), TAIL)
