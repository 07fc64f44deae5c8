"""一日两会: the morning's figures, what moved by the afternoon, a decision that is owed, and minutes that nobody changes."""

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.directives.models import Minutes, Point
from shouwang.duties.models import Attempt, Duty
from shouwang.duties.windows import Window
from shouwang.lib.ids import uuid7
from shouwang.screening import actions
from shouwang.screening.duties import VISIT
from tests.desk.test_closing import shown, words_in
from tests.world import XIANGYUN, at

if TYPE_CHECKING:
    from tests.world import World

EMPTY = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}


@pytest.fixture
def secretary(world: "World", monkeypatch: pytest.MonkeyPatch) -> Client:
    """At half past eight a round of fifteen doors is open; nobody closed yesterday."""
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 8, 30).isoformat())
    with scope([XIANGYUN]):
        window = Window(at(21, 8), at(21, 16))
        actions.open_round(XIANGYUN, kind=VISIT.name, title="今日入户", window=window, by=None, at=at(21, 8))
    client = Client()
    client.force_login(world.users["书记刘"])
    return client


def hold(client: Client, number: int, **told: str) -> object:
    return client.post(reverse("briefing_held"), EMPTY | {"number": str(number)} | told, follow=True)


def test_two_meetings_of_a_day(secretary, world, monkeypatch):
    morning = words_in(shown(secretary.get(reverse("briefing"))))
    assert "4月21日第 1 次会" in morning
    assert "还没有开过会，没有上次的数字" in morning
    assert (
        "入户走访 15 0 0 15 0 0 未统计" in morning
    )  # yesterday was not closed: what was carried is not known
    assert "4月21日第 1 次会" in words_in(shown(hold(secretary, 1, notes="先走电力楼院")))

    doors = list(world.doors.values())
    with scope([XIANGYUN]):
        seen = [actions.Seen(door.pk, at(21, 10)) for door in doors[:5]]
        actions.record_visits(seen, by=None, at=at(21, 10))
        Attempt.objects.bulk_create(
            Attempt(
                id=uuid7(at(21, 11 + hour)), kind=VISIT.name, household=doors[7], area_code=doors[7].area_code,
                at=at(21, 11 + hour), recorded_at=at(21, 11 + hour), outcome="no_answer",
            )
            for hour in range(4)
        )  # fmt: skip
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 17).isoformat())
    with CaptureQueriesContext(connection) as asked:
        page = secretary.get(reverse("briefing"))
    assert len(asked) <= 15
    said = words_in(shown(page))
    assert "入户走访 15 上次 15 5 上次 0 0 上次 0 10 上次 15 10 上次 0 0 上次 0 未统计" in said
    with CaptureQueriesContext(connection) as asked:
        waiting = secretary.get(reverse("briefing_waiting"))
    assert len(asked) <= 15
    first = waiting.context["doors"][0]
    assert (first.words, first.tries) == (f"{doors[7].compound} {doors[7].door}", 4)
    assert "手上还有" in shown(waiting)
    for cells in (cells for _words, cells in page.context["kinds"]):
        for cell in (cell for cell in cells if cell.address and cell.figure.now):
            behind = secretary.get(cell.address)
            assert (behind.status_code, behind.context["count"]) == (200, cell.figure.now)
    for cell in secretary.get(reverse("briefing_numbers")).context["numbers"]:
        assert secretary.get(cell.address).status_code == 200

    decision = {
        "form-0-words": "春晖新村晚饭后再走一遍", "form-0-helper": str(world.helpers["张干部"].pk),
        "form-0-where": XIANGYUN, "form-0-due_at": "2022-04-21T20:30",
    }  # fmt: skip
    unowned = hold(secretary, 2, **(decision | {"form-0-helper": ""}))
    assert "请选由谁负责" in shown(unowned)
    assert "春晖新村晚饭后再走一遍" in shown(unowned)
    kept = hold(secretary, 2, notes="加两个人", **decision)
    said = words_in(shown(kept))
    assert "春晖新村晚饭后再走一遍 张干部" in said
    assert "没有再存一次" in words_in(shown(hold(secretary, 2, **decision)))
    with scope([XIANGYUN]):
        duty = Duty.objects.get(kind="directives.decision")
        assert (duty.fact, duty.due_at, duty.about) == ("owed", at(21, 20, 30), Point.objects.get().pk)
    assert "会议决定" in words_in(shown(secretary.get("/")))

    with scope([XIANGYUN]):
        actions.record_visits([actions.Seen(doors[7].pk, at(21, 15))], by=None, at=at(21, 18))
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 21).isoformat())
    again = words_in(shown(secretary.get(kept.redirect_chain[-1][0])))
    assert "入户走访 15 5 0 10 10 0 未统计" in again  # as it was at five
    assert "已超时" in again  # and the decision as it stands now
    assert "春晖新村晚饭后再走一遍" in shown(secretary.get(reverse("briefing_waiting")))


def test_nobody_changes_minutes(secretary):
    hold(secretary, 1, notes="定了")
    for change in ("UPDATE directives_minutes SET notes = ''", "DELETE FROM directives_minutes"):
        with (
            scope([XIANGYUN]),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
    with scope([XIANGYUN]):
        assert Minutes.objects.get().notes == "定了"


def test_a_wall_shows_no_form_and_renews_itself(secretary):
    wall = shown(secretary.get(reverse("briefing"), {"wall": "1"}))
    assert 'hx-trigger="every 60s"' in wall
    assert "<form" not in wall.partition('id="briefing"')[2]
