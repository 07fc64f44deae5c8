"""What the pages of a round ask: the order itself, a point, who is fetched, who is exempt."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import Grants
from shouwang.desk.asked.times import day_field, moment_field, once_field
from shouwang.desk.running.round_form import own_areas
from shouwang.lib.clock import ZONE, day_end, day_of, midnight
from shouwang.lib.codes import COMMUNITY
from shouwang.plans.form.fieldwork import Testing
from shouwang.plans.models import PlanVersion
from shouwang.register.models import HELPS
from shouwang.testing.rounds.exempting import REASONS
from shouwang.testing.rounds.gap import OUTCOMES
from shouwang.testing.rounds.ordering import Asked
from shouwang.testing.rounds.who import AT_DOOR, EVERYONE, GROUPS

A_DAY = timedelta(days=1)
POOLS = (1, 5, 10, 20)
BESIDE = {
    "testing.wrong_window": "due_at",
    "testing.wrong_repeat": "repeat_every_days",
    "testing.no_proof": "proof",
    "testing.not_in_the_round": "taken_at",
    "testing.fetch_in_the_past": "due_at",
    "testing.fetch_no_phone": "phone",
    "testing.point_there": "name",
    "testing.wrong_tables": "tables",
    "testing.urgent_in_the_past": "due_at",
    "testing.wrong_leave": "until",
    "testing.wrong_rule": "every_days",
    "testing.trade_there": "employer",
    "testing.no_reason": "reason",
}


def ticked(label: object, choices: Any) -> forms.MultipleChoiceField:
    """Several of these."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple  # type: ignore[arg-type]
    )  # fmt: skip


class OrderForm(forms.Form):
    """One page: where, who, from when until when, how many to a tube. The plan's numbers are filled in."""

    id = once_field()
    area = forms.ChoiceField(label=_("哪里"))
    name = forms.CharField(label=_("叫什么"), max_length=60)
    groups = ticked(_("哪些人（一个也不选：全员）"), ())
    opens_at = moment_field(_("从什么时候开始"))
    due_at = moment_field(_("到什么时候结束"))
    pool = forms.TypedChoiceField(label=_("采样点几人一管"), coerce=int)
    door_helps = ticked(_("这些人上门采（隔离的人总是上门）"), ())
    door_from_age = forms.IntegerField(
        label=_("多少岁以上的也上门（可不填）"), min_value=60, max_value=110, required=False
    )
    repeat_every_days = forms.IntegerField(
        label=_("每几天一轮（只做一轮就空着）"), min_value=1, max_value=30, required=False
    )
    document = forms.CharField(label=_("文号（可不填）"), max_length=60, required=False)

    def __init__(
        self, grants: Grants, rules: Testing | None, now: datetime, data: object = None, **more: Any
    ) -> None:
        super().__init__(data, initial={**_first(rules, now), **more.pop("initial", {})}, **more)  # type: ignore[arg-type]
        self._rules = rules
        self._offer("area", own_areas(grants))
        self._offer("groups", [(key, gettext(words)) for key, words in GROUPS.items()])
        self._offer("door_helps", [(key, gettext(words)) for key, words in HELPS if key in AT_DOOR])
        allowed = (rules.pool_sizes_allowed if rules else ()) or POOLS
        self._offer("pool", [(size, gettext("{size} 人一管").format(size=size)) for size in allowed])

    def asked(self, plan: PlanVersion) -> Asked:
        """The order as the module takes it."""
        told = self.cleaned_data
        sizes = {**(self._rules.pool_sizes if self._rules else {}), EVERYONE: told["pool"]}
        return Asked(
            told["area"], told["name"], told["opens_at"], told["due_at"], plan, told["groups"], sizes, told["door_helps"],
            told["door_from_age"], told["repeat_every_days"], told["document"],
        )  # fmt: skip

    def _offer(self, name: str, choices: list) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _first(rules: Testing | None, now: datetime) -> dict[str, Any]:
    """Tomorrow from the hour at which teams set out, for as many hours as the plan gives a round."""
    tomorrow = day_of(now) + A_DAY
    begins = datetime.combine(tomorrow, (rules.door_team_from if rules else None) or time(6), tzinfo=ZONE)
    hours = rules.round_hours if rules else None
    allowed = (rules.pool_sizes_allowed if rules else ()) or POOLS
    return {
        "name": gettext("{day} 全员核酸").format(day=f"{tomorrow.month}月{tomorrow.day}日"),
        "opens_at": begins,
        "due_at": min(begins + timedelta(hours=hours), day_end(begins)) if hours else day_end(begins),
        "pool": 10 if 10 in allowed else allowed[-1],
        "door_helps": list(AT_DOOR),
    }


class PointForm(forms.Form):
    """A place with tables."""

    id = once_field()
    name = forms.CharField(label=_("采样点叫什么"), max_length=60)
    compound = forms.ChoiceField(label=_("在哪个小区"))
    where = forms.CharField(label=_("具体位置（可不填）"), max_length=100, required=False)
    tables = forms.IntegerField(label=_("几张台"), min_value=1, max_value=60, initial=2)
    per_hour = forms.IntegerField(label=_("一张台一小时采多少人"), min_value=1, max_value=600, initial=150)

    def __init__(self, areas: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["compound"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = areas


class FetchForm(forms.Form):
    """Medical samplers to be fetched."""

    id = once_field()
    hospital = forms.CharField(label=_("哪家医院"), max_length=60)
    people = forms.IntegerField(label=_("接几个人"), min_value=1, max_value=300)
    vehicle = forms.CharField(label=_("车牌"), max_length=16)
    phone = forms.CharField(
        label=_("医院联系人电话"),
        max_length=24,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    due_at = moment_field(_("几点前接到"))


class DrawForm(forms.Form):
    """What is drawn for the points."""

    per_box = forms.IntegerField(label=_("一箱装几管"), min_value=1, max_value=500)


class EndForm(forms.Form):
    """Why a round ends before its time."""

    reason = forms.CharField(label=_("为什么提前结束"), max_length=200)


class ExemptForm(forms.Form):
    """Why somebody is not swabbed."""

    reason = forms.ChoiceField(label=_("为什么免检"), choices=[(one, _(one)) for one in REASONS])
    note = forms.CharField(label=_("说明（可不填）"), max_length=200, required=False)


class ElsewhereForm(forms.Form):
    """Swabbed elsewhere, and how that was shown."""

    taken_at = moment_field(_("什么时候采的"))
    proof = forms.CharField(label=_("哪家机构、看到什么证明"), max_length=100)


class TriedForm(forms.Form):
    """Nobody was reached."""

    outcome = forms.ChoiceField(label=_("结果"), choices=[(key, _(words)) for key, words in OUTCOMES.items()])
    next_at = moment_field(_("约好什么时候（可不填）"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["next_at"].required = False


class UrgentForm(forms.Form):
    """Which lists, and until when tonight."""

    lists = ticked(_("哪些名单上的人"), ())
    due_at = moment_field(_("最晚几点采到"))

    def __init__(self, lists: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["lists"]
        assert isinstance(field, forms.ChoiceField)
        field.required, field.choices = True, lists


class TradeForm(forms.Form):
    """How often the people of an employer are swabbed."""

    id = once_field()
    area = forms.ChoiceField(label=_("哪个社区"))
    employer = forms.CharField(label=_("单位"), max_length=80)
    trade = forms.CharField(label=_("行业或岗位"), max_length=40)
    every_days = forms.IntegerField(label=_("几天"), min_value=1, max_value=30, initial=2)
    times = forms.IntegerField(label=_("检几次"), min_value=1, max_value=30, initial=1)
    from_on = day_field(_("从哪一天起"), required=True)
    document = forms.CharField(label=_("文号（可不填）"), max_length=60, required=False)

    def __init__(self, grants: Grants, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, words) for code, words in own_areas(grants) if len(code) == COMMUNITY]


class LeaveForm(forms.Form):
    """On leave from a day, back on another; both empty: on duty."""

    from_on = day_field(_("从哪一天休假"))
    until = day_field(_("哪一天回来上班"))


def morning_of(day: date, hour: time | None) -> datetime:
    """The plan's hour of a day, or seven o'clock."""
    return midnight(day) + timedelta(hours=hour.hour if hour else 7, minutes=hour.minute if hour else 0)
