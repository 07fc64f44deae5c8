"""祥云社区 with a telephone, a web address, a plan with quiet hours, and a gateway on this machine."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.outreach.receiver import Receiver, receiving

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the one clock to a time of 21 April 2022 (`21:40`), or of the next day (`+07:00`)."""

    def to(hour: str) -> None:
        day = 22 if hour.startswith("+") else 21
        monkeypatch.setenv("SHOUWANG_CLOCK", f"2022-04-{day}T{hour.lstrip('+')}:00+08:00")

    return to


@pytest.fixture
def gateway() -> Iterator[Receiver]:
    """A real HTTP receiver."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def evening(world: "World", clock: Callable[[str], None]) -> "World":
    """20:00; the office is known, the plan holds, no channel was added."""
    from shouwang.access.scope import scope
    from shouwang.lib.clock import now
    from shouwang.outreach.channels import set_office
    from shouwang.plans.actions import activate, keep_shipped
    from tests.world import XIANGYUN

    clock("20:00")
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=now()), reason="测试", by=None, at=now())
        set_office(
            XIANGYUN,
            name="祥云社区",
            phone="037166000000",
            address="https://xy.example",
            daily_most=2,
            by=None,
            at=now(),
        )
    return world


@pytest.fixture
def wired(evening: "World", gateway: Receiver) -> "World":
    """The same with the gateway as its channel."""
    from shouwang.access.scope import scope
    from shouwang.lib.clock import now
    from shouwang.outreach.channels import add_channel
    from tests.world import XIANGYUN

    with scope([XIANGYUN]):
        add_channel(XIANGYUN, name="街道短信平台", url=gateway.address, by=None, at=now())
    return evening
