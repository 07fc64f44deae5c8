"""The street with a clerk beside its secretary, and a form of those above in use from the evening of the 20th on.

Imports stand inside the fixtures: this file is read before Django is set up.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shouwang.ledgers.models import Version
    from tests.world import World


@pytest.fixture
def clerk(world: "World") -> "World":
    """The street, with 信息员孙 as the second name in 祥云社区."""
    from datetime import timedelta

    from shouwang.access.models import Grant, User
    from tests.world import MORNING, XIANGYUN

    user = world.users["信息员孙"] = User.objects.create_user("孙", name="信息员孙", created_at=MORNING)
    Grant.objects.create(user=user, role="clerk", area_codes=[XIANGYUN], from_at=MORNING - timedelta(days=9))
    return world


@pytest.fixture
def use(clerk: "World") -> Callable[..., "Version"]:
    """Uploads a blank form and says yes to what was understood; to be called inside a scope."""
    from shouwang.catalogue import FIELDS, LINES
    from shouwang.ledgers.blank.forms import Said, confirm, keep_form
    from shouwang.ledgers.reports import follow_version
    from tests.ledgers.doing import grants
    from tests.world import XIANGYUN, at

    def taken(content: bytes, *, area: str = XIANGYUN, moment=None, of=None, **said: object) -> "Version":
        moment, by = moment or at(20, 18), clerk.users["书记刘"]
        version = keep_form(
            content, "空白表.xlsx", area=area, fields=FIELDS, lines=LINES, by=by, at=moment, of=of
        )
        answers = {
            "title": version.form.title, "lines": version.lines, "cut_off": version.cut_off, "due": version.due,
            "columns": {column["index"]: column["field"] for column in version.columns},
            "selection": version.selection,
        }  # fmt: skip
        told = Said(**(answers | said))
        version = confirm(version, told, fields=FIELDS, grants=grants(by, area), by=by, at=moment)
        follow_version(version, at=moment)
        return version

    return taken
