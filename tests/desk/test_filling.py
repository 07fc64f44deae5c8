"""填写本地规定 in the browser: what a plan leaves open is filled in, kept as a version, and shown before it holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.plans.actions import plan_of
from shouwang.plans.models import PlanVersion
from tests.desk.test_closing import shown, words_in
from tests.world import JIANXIN, XIANGYUN

PLAN, WORD = "covid_9th", "祥云社区两委会 4 月 20 日"
TOLD = {
    "because": WORD,
    "clocks.answer_hours": "24",
    "meetings.daily_report_due_by": "17:30",
    "legal.deciding_authority": '区指挥部"值班室"\n电话见公告',
    "regimes.high_risk_stay.steps.1.test_days": "7、1",
}


@pytest.fixture(autouse=True)
def nothing_filled_in(street):
    """The tests leave versions of plans standing; here every test begins with the files as they come."""
    PlanVersion.objects.filter(filling__gt=0).delete()


def test_what_is_filled_in_is_a_version_that_holds_once_activated(street, browser_of, newcomer):
    client = browser_of("书记刘")
    assert "填写本地规定" in shown(client.get(reverse("plans")))
    for _twice in range(2):
        page = words_in(shown(client.post(reverse("fill_plan", args=[PLAN]), TOLD, follow=True)))
    assert "还没有启用" in page
    assert "本地第 1 版" in page
    with scope([XIANGYUN]):
        assert PlanVersion.objects.filter(filling__gt=0).count() == 1
        assert plan_of(XIANGYUN, now=clock.now()) is None
    client.post(reverse("switch_plan", args=[PLAN]), {"reason": "指〔2022〕7号"})
    again = TOLD | {"clocks.answer_hours": "12", "meetings.daily_report_due_by": ""}
    page = words_in(shown(client.post(reverse("fill_plan", args=[PLAN]), again, follow=True)))
    assert "本地第 2 版" in page
    assert "时限 · 答复居民时限：由 24 小时 改为 12 小时" in page
    assert "会议与日报 · 日报最迟：由 17:30 改为 待定，请填写" in page
    held = _held()
    assert held.clocks.answer_hours == 24
    assert held.regimes["high_risk_stay"].steps[0].test_days == (1, 7)
    assert held.legal.deciding_authority == TOLD["legal.deciding_authority"]
    assert held.sources[held.clocks.source_of["answer_hours"]].where == WORD
    client.post(reverse("switch_plan", args=[PLAN]), {"reason": "同上"})
    assert _held().clocks.answer_hours == 12
    assert "填写预案的本地规定" in shown(newcomer("auditor", XIANGYUN).get(reverse("audit")))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("plans"))
    assert len(asked) <= 15


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"clocks.answer_hours": "8761"}, "8760"),
        ({"clocks.answer_hours": "一天"}, "clocks.answer_hours_error"),
        ({"meetings.daily_report_due_by": "26:00"}, "meetings.daily_report_due_by_error"),
        ({"regimes.high_risk_stay.steps.1.test_days": "1、9"}, "检测日超过了这一段的 7 天"),
        ({"because": ""}, "because_error"),
        ({"because": WORD}, "一项也没有填"),
        ({"legal.court_terms": "字" * 10_000}, "legal.court_terms_error"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_stays_typed(street, browser_of, told, said):
    client = browser_of("书记刘")
    page = shown(client.post(reverse("fill_plan", args=[PLAN]), {"because": WORD} | told))
    assert said in page
    assert 'role="alert"' in page
    assert all(typed in page for typed in told.values())
    assert not PlanVersion.objects.filter(filling__gt=0).exists()
    elsewhere = TOLD | {"community": JIANXIN}
    assert client.post(reverse("fill_plan", args=[PLAN]), elsewhere).status_code == 404


def _held():
    with scope([XIANGYUN]):
        return plan_of(XIANGYUN, now=clock.now())
