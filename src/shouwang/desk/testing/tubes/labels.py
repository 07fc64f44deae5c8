"""What is printed: labels of tubes in strips, labels of boxes, and the sheet that goes with a box (样本交接单)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.running.communities import chosen_community
from shouwang.lib.qr import bars
from shouwang.plans.actions import plan_of
from shouwang.testing.tubes.hub.seen import box_page

STRIP, MOST = 10, 500
TUBES, BOXES = "tubes", "boxes"
KINDS = [(TUBES, gettext_lazy("采样管标签")), (BOXES, gettext_lazy("转运箱标签"))]


class LabelForm(forms.Form):
    """Which labels, from which number."""

    kind = forms.ChoiceField(
        label=gettext_lazy("打印什么"), choices=KINDS, widget=forms.RadioSelect, initial=TUBES
    )
    before = forms.RegexField(
        label=gettext_lazy("前面的字（例如 EQ0421A）"), regex=r"^[0-9A-Za-z-]{1,12}$",
        error_messages={"invalid": gettext_lazy("只能写字母、数字和短横线，最多 12 个。")},
    )  # fmt: skip
    first = forms.IntegerField(label=gettext_lazy("从几号开始"), min_value=1, max_value=99999, initial=1)
    many = forms.IntegerField(label=gettext_lazy("多少张"), min_value=1, max_value=MOST, initial=100)


@dataclass(frozen=True)
class Label:
    """One label: its code in words and as bars."""

    code: str
    bars: SafeString


@page("sample.hub")
def asked(request: DeskRequest) -> HttpResponse:
    """Which labels are wanted; then the labels, ready to be printed."""
    form = LabelForm(request.GET or None)
    if not form.is_valid():
        return render(
            request, "testing/tubes/labels.html", {"form": form}, status=422 if form.errors else 200
        )
    told = form.cleaned_data
    strips = list(_strips(told, _in_a_strip(request)))
    return render(
        request, "testing/tubes/labels_sheet.html", {"strips": strips, "boxes": told["kind"] == BOXES}
    )


@page("sample.work")
def sheet(request: DeskRequest, box: UUID) -> HttpResponse:
    """The sheet that goes with a box: how many tubes, each hand-over with its time and two signatures."""
    found = box_page(box)
    lines = [
        (tube, found.people.get(tube.pk, 0)) for tube in found.tubes if tube.pk in found.account.contents
    ]
    shown = {
        "box": found,
        "lines": lines,
        "people": sum(many for _tube, many in lines),
        "label": _label(found.box.code),
    }
    return render(request, "testing/tubes/box_sheet.html", shown)


def _strips(told: dict[str, Any], in_a_strip: int) -> Iterator[list[Label]]:
    numbers = range(told["first"], told["first"] + told["many"])
    labels = [_label(f"{told['before'].upper()}{number:05d}") for number in numbers]
    for start in range(0, len(labels), in_a_strip):
        yield labels[start : start + in_a_strip]


def _label(code: str) -> Label:
    return Label(code, mark_safe(bars(code)))


def _in_a_strip(request: DeskRequest) -> int:
    plan = plan_of(chosen_community(request).code, now=request.now)
    return (plan.testing.tubes_in_a_strip if plan and plan.testing else None) or STRIP
