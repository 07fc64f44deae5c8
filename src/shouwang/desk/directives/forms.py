"""What is asked about a document: how it came, and of each of its points who does it, until when, how often."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import Grants
from shouwang.desk.asked.times import day_field, moment_field
from shouwang.desk.running.communities import own_communities
from shouwang.directives.actions import Told
from shouwang.directives.documents import MOST_BYTES, MOST_TEXT
from shouwang.directives.recognising import Proposed
from shouwang.lib.codes import AFTER_ALL
from shouwang.register.models import Area

ONCE, DAILY, KNOW = "once", "daily", "know"
HOWS = [(ONCE, _("办一次")), (DAILY, _("每天办")), (KNOW, _("只要知道，不派任务"))]
EACH_COMMUNITY, EACH_COMPOUND = "communities", "compounds"
IN_COMPOUNDS = ("小区", "楼院", "卡口", "门岗", "物业")
MOST_AREAS, EARLIEST_DAYS, EXTRA = 80, 60, 1


class ReceiveForm(forms.Form):
    """A file, or text pasted from a chat; and when it came."""

    area = forms.ChoiceField(label=_("发给哪里的"))
    file = forms.FileField(label=_("文件（Word、PDF、图片）"), required=False, max_length=200)
    text = forms.CharField(
        label=_("或者把文字贴在这里"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    arrived_at = moment_field(_("什么时候收到的"))

    def __init__(self, grants: Grants, now: datetime, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"arrived_at": now})
        self._now = now
        self.fields["area"].choices = receiving_areas(grants)  # type: ignore[attr-defined]

    def clean_arrived_at(self) -> datetime:
        """Not in the future, and not longer ago than anybody enters a paper late."""
        at: datetime = self.cleaned_data["arrived_at"]
        if not self._now - timedelta(days=EARLIEST_DAYS) <= at <= self._now + timedelta(minutes=1):
            raise forms.ValidationError(_("收到的时间要在最近两个月以内，不能晚于现在。"))
        return at

    def clean_file(self) -> object:
        """Not larger than anybody reads."""
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 50 MB，收不下。请截图，或者另存成小一点的文件。"))
        return file


class PointForm(forms.Form):
    """One point. Shape: `where` is one area, or each community, or each compound, of one's own."""

    take = forms.BooleanField(label=_("要"), required=False, initial=True)
    words = forms.CharField(
        label=_("要做什么"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    who = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    where = forms.ChoiceField(label=_("由哪里办"), required=False)
    how = forms.ChoiceField(label=_("怎么办"), choices=HOWS, initial=ONCE)
    due_at = moment_field(_("最晚什么时候"), required=False)
    times_a_day = forms.IntegerField(label=_("一天几次"), required=False, min_value=1, max_value=24)
    by_hour = forms.TimeField(
        label=_("每天几点前"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    from_on = day_field(_("从哪天起"))
    last_on = day_field(_("到哪天为止（含这一天）"))

    def __init__(self, *args: object, places: "Places", **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._places = places
        self.fields["where"].choices = places.choices  # type: ignore[attr-defined]

    def clean(self) -> dict:
        """What is taken must say what, and by when or until which day."""
        told = super().clean() or {}
        if not told.get("take") or (self.empty_permitted and not told.get("words", "").strip()):
            return told
        if not told.get("words", "").strip():
            self.add_error("words", _("请写要做什么。"))
        if told.get("how") == ONCE and not told.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", _("请定最晚什么时候办完。"))
        if told.get("how") == DAILY and not (told.get("from_on") and told.get("last_on")):
            self.add_error("last_on", _("每天办的事，请写从哪天起、到哪天为止。"))
        return told

    def told(self) -> Told | None:
        """The point as the person confirmed it; none where it is not wanted."""
        said = self.cleaned_data
        if not said.get("take") or not said.get("words", "").strip():
            return None
        known = {"words": said["words"].strip(), "who": said["who"]}
        areas = self._places.codes(said["where"])
        if said["how"] == ONCE:
            return Told(**known, areas=areas, due_at=said["due_at"])
        if said["how"] == DAILY:
            return Told(
                **known, areas=areas, times_a_day=said["times_a_day"] or 1, by_hour=said["by_hour"],
                from_on=said["from_on"], last_on=said["last_on"],
            )  # fmt: skip
        return Told(**known)


class Places:
    """By whom a point can be done: one's communities and compounds, one of them or each."""

    def __init__(self, grants: Grants) -> None:
        codes = list(grants.codes)
        rows = Area.objects.filter(level__in=("community", "compound")).order_by("code")
        own = [
            area
            for area in rows.filter(code__gte=min(codes), code__lt=max(codes) + AFTER_ALL)
            if area.code.startswith(tuple(codes))
        ]
        self._each = {
            EACH_COMMUNITY: [area.code for area in own if area.level == "community"],
            EACH_COMPOUND: [area.code for area in own if area.level == "compound"],
        }
        self._single = {area.code: area.label for area in own}
        many = {name: len(codes) for name, codes in self._each.items()}
        words = gettext("每个社区各办各的（{many} 个）"), gettext("每个小区各办各的（{many} 个）")
        named = {name: said.format(many=many[name]) for name, said in zip(many, words, strict=True)}
        shown = {name: [(name, named[name])] if many[name] > 1 else [] for name in many}
        for name, codes in self._each.items():
            shown[name] += [(code, self._single[code]) for code in codes[:MOST_AREAS]]
        self.choices = [*shown[EACH_COMMUNITY], *shown[EACH_COMPOUND]]

    def codes(self, chosen: str) -> list[str]:
        """The areas that owe, each for itself."""
        return self._each.get(chosen, [chosen] if chosen in self._single else [])

    def first_for(self, who: str) -> str:
        """What is proposed for those whom the document names."""
        named = [name for name, _words in self.choices]
        if any(word in who for word in IN_COMPOUNDS) and EACH_COMPOUND in named:
            return EACH_COMPOUND
        return named[0] if named else ""


def proposed(point: Proposed, places: Places) -> dict[str, object]:
    """A recognised point as the form's first answers."""
    clock = point.clock
    return {
        "take": True,
        "words": point.words,
        "who": point.who,
        "where": places.first_for(f"{point.who}{point.words}"),
        "how": DAILY if clock.times_a_day else ONCE if clock.due_at or clock.doubt else KNOW,
        "due_at": clock.due_at,
        "times_a_day": clock.times_a_day or None,
        "by_hour": clock.by_hour,
        "from_on": clock.from_on,
        "last_on": clock.last_on,
        "doubt": point.doubt,
    }


def receiving_areas(grants: Grants) -> list[tuple[str, str]]:
    """For whom a document can be received: the street, or a whole community of one's own."""
    above = list(Area.objects.filter(code__in=grants.codes, level__in=("district", "subdistrict")))
    return [(area.code, area.label) for area in (*above, *own_communities(grants))]
