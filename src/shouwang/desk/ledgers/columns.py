"""The questions about a new form: what each heading means, what a line is about, from when to when it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.catalogue import FIELDS, LINES
from shouwang.desk.asked.times import DayField
from shouwang.ledgers.asked.fields import is_asked
from shouwang.ledgers.blank.forms import Said, offered_fields, understood
from shouwang.ledgers.blank.headings import AREAS, WORDS_OF_OWN
from shouwang.ledgers.blank.layouts import Layout
from shouwang.ledgers.models import Version
from shouwang.register.models import Person

PLACES, MOST_KINDS = "", 30
SELECTED = {
    "category": _("只登记哪一类人"),
    "from_place": _("只登记从哪里来的（如 湖北）"),
    "since": _("只登记从哪一天起的"),
}
LATER_WORDS = {
    "testing.box": _("一个转运箱（系统里还没有）"),
}


@dataclass(frozen=True)
class Column:
    """A heading with its question."""

    index: int
    heading: str
    field: Any
    question: Any
    asked: bool
    means: str


class ColumnsForm(forms.Form):
    """One select for each column; hours and selection below."""

    title = forms.CharField(label=_("这张表叫什么"), max_length=80)
    lines = forms.ChoiceField(label=_("一行是什么"), required=False)
    cut_off = forms.TimeField(
        label=_("算到几点（00:00 就是当天 24 点）"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    due = forms.TimeField(label=_("几点前要报"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, version: Version, data: Any = None, *, lines: str | None = None) -> None:
        self.version = version
        self.kind = self._kind(data, lines)
        self.understood = self._columns()
        first = {
            "title": version.form.title,
            "lines": self.kind,
            "cut_off": f"{version.cut_off:%H:%M}",
            "due": f"{version.due:%H:%M}",
            **{name: version.selection.get(name, "") for name in SELECTED},
        }
        super().__init__(data, initial=first)
        self._field("lines", _choices_of_lines())
        for column in self.understood:
            index = column["index"]
            asked = is_asked(column["field"])
            chosen = forms.ChoiceField(
                required=False, choices=list(self._choices(column)), initial="" if asked else column["field"]
            )
            self.fields[f"column_{index}"] = chosen
            self.fields[f"ask_{index}"] = forms.BooleanField(required=False, initial=asked)
        if self.kind in LINES:
            self._selection(LINES[self.kind].selects)

    def _kind(self, data: Any, lines: str | None) -> str:
        asked = data.get("lines", "") if data is not None else self.version.lines if lines is None else lines
        return (
            asked if asked == self.version.lines or asked in LINES or asked == PLACES else self.version.lines
        )

    def _columns(self) -> list[dict[str, Any]]:
        """As somebody said it, where the form is in use; else as its words say."""
        if self.version.confirmed_at and self.kind == self.version.lines:
            return [{"others": [], **column} for column in self.version.columns]
        layout = Layout.from_json(self.version.layout)
        shape = "row" if self.kind else "number"
        return understood(layout, self.version.area_code, shape, self.kind, FIELDS)

    def _choices(self, column: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Nothing; what it may be; the form's own words; everything else that fits."""
        shape = "row" if self.kind else "number"
        offered = offered_fields(shape, self.kind, FIELDS)
        near = [key for key in (column["field"], *column["others"]) if key in offered]
        yield "", gettext("不填（未统计）")
        if near:
            yield gettext("可能是"), [(key, gettext(offered[key].words)) for key in near]
        rest = [(key, gettext(one.words)) for key, one in offered.items() if key not in near]
        yield gettext("系统里有的"), rest
        own = [
            (key, gettext(words)) for key, words in WORDS_OF_OWN.items() if not self.kind or key not in AREAS
        ]
        yield gettext("表格自己的"), own

    def _selection(self, selects: tuple[str, ...]) -> None:
        if "category" in selects:
            known = (
                Person.objects.exclude(category="").order_by("category").values_list("category", flat=True)
            )
            kinds = [(one, one) for one in known.distinct()[:MOST_KINDS]] if self.kind == "person" else []
            self.fields["category"] = (
                forms.ChoiceField(
                    label=SELECTED["category"], required=False, choices=[("", gettext("全部")), *kinds]
                )
                if kinds
                else forms.CharField(label=SELECTED["category"], required=False, max_length=32)
            )
        if "from_place" in selects:
            self.fields["from_place"] = forms.CharField(
                label=SELECTED["from_place"], required=False, max_length=40
            )
        if "since" in selects:
            day = forms.DateInput(attrs={"type": "date"})
            self.fields["since"] = DayField(label=SELECTED["since"], required=False, widget=day)

    def _field(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        if self.kind not in dict(choices):
            choices = [*choices, (self.kind, LATER_WORDS.get(self.kind, self.kind))]
        field.choices = choices


def _choices_of_lines() -> list[tuple[str, str | Promise]]:
    return [(PLACES, gettext("一个地方，填数字")), *((one.key, gettext(one.words)) for one in LINES.values())]


def said_of(form: ColumnsForm) -> Said:
    """A person's answers as the form has them."""
    told = form.cleaned_data
    indexes = [column["index"] for column in form.understood]
    cut_off: time = told["cut_off"]
    return Said(
        title=told["title"],
        lines=form.kind,
        cut_off=cut_off,
        due=told["due"],
        columns={index: told[f"column_{index}"] for index in indexes},
        questions=frozenset(index for index in indexes if told[f"ask_{index}"]),
        selection={name: str(told[name]) for name in SELECTED if told.get(name)},
    )


def shown_columns(form: ColumnsForm) -> list[Column]:
    """The columns as they are asked about: the doubtful first, then those that nothing holds, then the sure ones."""
    shown = [
        Column(
            one["index"],
            one["heading"],
            form[f"column_{one['index']}"],
            None if one["field"] and not is_asked(one["field"]) else form[f"ask_{one['index']}"],
            bool(one["asked"]),
            FIELDS[one["field"]].means if one["field"] in FIELDS else "",
        )
        for one in form.understood
    ]
    fields = {one["index"]: one["field"] for one in form.understood}
    return sorted(shown, key=lambda one: (not one.asked, bool(fields[one.index]), one.index))
