"""A provisional code becomes the true one: nothing else changes."""

import os

import pytest

from shouwang.access.models import Grant
from shouwang.access.scope import scope
from shouwang.duties.board import board
from shouwang.duties.close import pre_close
from shouwang.duties.models import Entry
from shouwang.duties.windows import Window
from shouwang.keeping.recoding import CodeTaken, NoSuchCode, NotOfOneLevel, recode
from shouwang.register.models import Area, Household
from shouwang.screening.actions import Seen, open_round, record_visits
from tests.world import JIANXIN, XIANGYUN, World, at

TRUE = "410103008007"


def test_everything_is_found_under_the_new_code_and_the_books_are_the_same(world: World) -> None:
    with scope([XIANGYUN]):
        open_round(
            XIANGYUN,
            kind="screening.visit",
            title="走访",
            window=Window(at(21, 8), at(22, 0)),
            by=None,
            at=at(21, 8),
        )
        record_visits([Seen(world.doors["电力楼院 1-1-101"].pk, at(21, 9))], by=None, at=at(21, 9))
        before = board(XIANGYUN, now=at(21, 10)), pre_close(XIANGYUN, at(21, 0).date(), now=at(21, 10))
        entries = Entry.objects.count()
    recode(os.environ["DATABASE_OWNER_URL"], XIANGYUN, TRUE, at=at(21, 10))
    with scope([XIANGYUN]):
        assert not Household.objects.exists()
    with scope([TRUE]):
        assert (board(TRUE, now=at(21, 10)), pre_close(TRUE, at(21, 0).date(), now=at(21, 10))) == before
        assert (Household.objects.count(), Entry.objects.count()) == (15, entries)
        record_visits([Seen(world.doors["电力楼院 1-1-102"].pk, at(21, 11))], by=None, at=at(21, 11))
        assert board(TRUE, now=at(21, 12))["screening.visit"].done == 2
    assert Area.objects.get(code=TRUE).label == "祥云社区"
    assert Grant.objects.get(user=world.users["书记刘"]).area_codes == [TRUE]


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        (XIANGYUN, "41010300", NotOfOneLevel),
        ("410103008999", TRUE, NoSuchCode),
        (XIANGYUN, JIANXIN, CodeTaken),
    ],
)
def test_what_cannot_be_recoded(world: World, old: str, new: str, refusal: type) -> None:
    with pytest.raises(refusal):
        recode(os.environ["DATABASE_OWNER_URL"], old, new, at=at(21, 10))
