"""What somebody fills in at home: who, where from, which door. Only what the plan in force asks for."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwang.lib.characters import plain, tidy
from shouwang.lib.identity import check_id_number
from shouwang.lib.phones import read_phones
from shouwang.lib.written_dates import read_when
from shouwang.screening.reports.actions import Said, SaidPerson
from shouwang.screening.reports.models import FAMILY, WHOSE
from shouwang.screening.reports.rules import BEFORE_LEAVING, EARLY, Asks, wrong_days

MOST_PEOPLE, MOST_STOPS = 12, 10
BACK, COMING, STAYED = "back", "coming", "stayed"
STATES = [
    (BACK, _("从外地回来了（刚来到这里）")),
    (COMING, _("准备回来，还没有到")),
    (STAYED, _("没有去过外地")),
]
DAYS = {
    EARLY: _("这个日期太早了，请核对年份。"),
    BEFORE_LEAVING: _("回来的日期比离开那边的日期还早，请核对。"),
}
TOO_FAR = _("这个日期太远了，请核对。")


class Words(forms.CharField):
    """Text as somebody sees it: nothing invisible in it, one blank where there were many."""

    def to_python(self, value: Any) -> str:
        return tidy(str(super().to_python(value) or ""))


class Day(forms.DateField):
    """A day from the phone's own picker or as people write it: 4月20日."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options
        )
        self.today: date | None = None

    def to_python(self, value: Any) -> date | None:
        text = tidy(str(value or ""))
        found = read_when(text[:40], self.today) if text else None
        if text and found is None:
            raise forms.ValidationError(_("没有这一天，请核对。例如：4月20日。"))
        day = found.value if found else None
        return date(day.year, day.month, day.day) if day else None


class Phone(Words):
    """One telephone number, its digits alone."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "tel", "autocomplete": "tel"}
        super().__init__(max_length=24, widget=forms.TextInput(attributes), **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        found = read_phones(text)
        if text and (found.problem or not found.numbers):
            raise forms.ValidationError(_("这个电话号码不对，请再看一下。"))
        return found.numbers[0] if found.numbers else ""


class PersonForm(forms.Form):
    """One person. The number of an earlier version stays where the field is left empty."""

    name = Words(label=_("姓名"), max_length=64, widget=forms.TextInput({"autocomplete": "off"}))
    id_number = Words(
        label=_("身份证号（证件号）"), max_length=40, required=False,
        help_text=_("手边没有证件可以不填，社区会打电话问。"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    phone = Phone(label=_("本人电话（和下面的联系电话一样就不用填）"), required=False)
    symptoms = forms.MultipleChoiceField(
        label=_("现在有没有不舒服？没有就不勾"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, asks: Asks, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["symptoms"].choices = [(word, _now(word)) for word in asks.symptoms]  # type: ignore[attr-defined]
        for name, asked in (("id_number", asks.identity), ("symptoms", bool(asks.symptoms))):
            if not asked:
                del self.fields[name]

    def clean_name(self) -> str:
        """A name has at least one letter or character."""
        name = self.cleaned_data["name"]
        if not any(sign.isalpha() for sign in name):
            raise forms.ValidationError(_("请写姓名。"))
        return name

    def clean_id_number(self) -> str:
        """The number, or in words what is wrong with it."""
        number = plain(self.cleaned_data["id_number"]).upper().replace(" ", "")
        found = check_id_number(number)
        if found.valid is False or found.kind == "masked":
            raise forms.ValidationError(_("证件号%(wrong)s"), params={"wrong": _now(found.sentence)})
        return number


class StopForm(forms.Form):
    """One place of the days that the plan looks back on."""

    place = Words(label=_("去过的地方"), max_length=40, required=False)
    since = Day(label=_("哪天到的"))
    until = Day(label=_("哪天走的"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("since", "until"):
            self.fields[name].today = today  # type: ignore[attr-defined]

    def stop(self) -> dict[str, str]:
        """The place as it is kept; nothing where nothing was written."""
        told = self.cleaned_data
        days = {
            end: str(day) for end, day in (("from", told.get("since")), ("until", told.get("until"))) if day
        }
        return {"place": told["place"], **days} if told.get("place") else {}


class ReportForm(forms.Form):
    """What holds for everybody on the form."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=200)  # nobody sees it: whoever fills it is a program
    waited_s = forms.IntegerField(
        required=False, min_value=0, max_value=30 * 24 * 3600, widget=forms.HiddenInput
    )
    whose = forms.ChoiceField(
        label=_("替谁填"),
        choices=[(key, _(words)) for key, words in WHOSE],
        initial=FAMILY,
        widget=forms.RadioSelect,
    )
    teller = Words(label=_("您的姓名"), max_length=64, required=False)
    state = forms.ChoiceField(label=_("现在的情况"), choices=STATES, widget=forms.RadioSelect)
    from_place = Words(label=_("从哪里来（省、市、区）"), max_length=80, required=False)
    left_on = Day(label=_("哪天离开那边"))
    arrived_on = Day(label=_("哪天到这里（没回来的，写准备哪天到）"))
    transport = Words(label=_("怎么来的（车次、航班、车牌号）"), max_length=60, required=False)
    compound = forms.ChoiceField(label=_("小区"), required=False)
    building = Words(label=_("楼号"), max_length=16, required=False)
    unit = Words(label=_("单元"), max_length=8, required=False)
    room = Words(label=_("房号"), max_length=16, required=False)
    address = Words(label=_("或者直接写住址"), max_length=160, required=False)
    phone = Phone(label=_("联系电话"), help_text=_("没有手机的，写座机，或者帮忙填的人的电话。"))
    note = Words(
        label=_("还有什么要说的"),
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )

    def __init__(
        self, *args: Any, asks: Asks, compounds: Sequence[str], today: date, named: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.today, self.named, self.asks = today, named, asks
        self.fields["compound"].choices = [(name, name) for name in ("", *compounds)]  # type: ignore[attr-defined]
        for name in ("left_on", "arrived_on"):
            self.fields[name].today = today  # type: ignore[attr-defined]
        if len(compounds) < 2:
            del self.fields["compound"]
        if not asks.trip:
            for name in ("state", "from_place", "left_on", "arrived_on"):
                del self.fields[name]
        if not (asks.trip and asks.transport):
            del self.fields["transport"]

    def clean(self) -> dict[str, Any]:
        """What only shows together: days in order, a door somewhere, who it is that fills in for others."""
        told = super().clean() or {}
        self._check_trip(told)
        if told.get("whose") != FAMILY and not told.get("teller"):
            self.add_error("teller", _("替别人填，请写您自己的姓名。"))
        if not self.named and not told.get("address") and not (told.get("building") and told.get("room")):
            self.add_error("building", _("请选楼号、房号，或者在下面直接写住址。"))
        return told

    def _check_trip(self, told: dict[str, Any]) -> None:
        state, day = told.get("state"), told.get("arrived_on")
        if state not in (BACK, COMING):
            return
        if not told.get("from_place"):
            self.add_error("from_place", _("请写从哪里来。"))
        if not day and "arrived_on" not in self.errors:
            self.add_error("arrived_on", _("请写哪天到。"))
        wrong = wrong_days(told.get("left_on"), day, today=self.today)
        if wrong:
            self.add_error("arrived_on", DAYS.get(wrong, TOO_FAR))
        elif day and state == BACK and day > self.today:
            self.add_error("arrived_on", _("这一天还没有到。还没回来的，请在上面选“准备回来”。"))
        elif day and state == COMING and day < self.today:
            self.add_error("arrived_on", _("这一天已经过了。已经回来的，请在上面选“回来了”。"))


PeopleForms = forms.formset_factory(
    PersonForm, extra=0, min_num=1, max_num=MOST_PEOPLE, absolute_max=MOST_PEOPLE, validate_min=True
)
StopForms = forms.formset_factory(StopForm, extra=0, min_num=1, max_num=MOST_STOPS, absolute_max=MOST_STOPS)


def said(form: ReportForm, people: Any, stops: Any, *, first: UUID | None, compound: str, at: Any) -> Said:
    """The form as the action wants it. Shape: `compound` where the poster knows only one."""
    told = form.cleaned_data
    trip = told.get("state") in (BACK, COMING)
    door = bool(told["building"] and told["room"])
    return Said(
        id=told["id"], first=first, whose=told["whose"], teller=told["teller"], phone=told["phone"],
        compound=(told.get("compound") or compound) if door else "", building=told["building"], unit=told["unit"],
        room=told["room"], address=told["address"], from_place=told.get("from_place", "") if trip else "",
        left_on=told.get("left_on") if trip else None, arrived_on=told.get("arrived_on") if trip else None,
        transport=told.get("transport", "") if trip else "", note=told["note"],
        travel=tuple(filter(None, (one.stop() for one in stops))) if trip and stops else (),
        people=tuple(_person(one.cleaned_data) for one in people if one.cleaned_data.get("name")),
        told_at=at - timedelta(seconds=told.get("waited_s") or 0),
    )  # fmt: skip


def _person(told: dict[str, Any]) -> SaidPerson:
    return SaidPerson(
        told["name"], told.get("id_number", ""), told.get("phone", ""), tuple(told.get("symptoms", ()))
    )
