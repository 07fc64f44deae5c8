"""巡查: what is wrong and who puts it right, what waits for a second look; somebody looks at one more place."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import NoGrant, one_in_scope
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.asked.times import moment_field
from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.inspection.looking import Seen, check_again, finding_of, findings, last_prices, look, put_right
from shouwang.inspection.models import SHOP, SITES, Finding, Look
from shouwang.inspection.questions import QUESTIONS, WATCHED
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.register.models import Area, Place

PAGE = 100
LEVELS = ("community", "compound", "building")
WHICH = {
    "open": gettext_lazy("等着整改"),
    "waiting": gettext_lazy("等着复查"),
    "over": gettext_lazy("看过了"),
}
NO, YES = "no", "yes"
BESIDE = {"inspection.due_in_the_past": "due_at", "inspection.no_words": "words"}


class LookForm(forms.Form):
    """What was seen. Shape: a question is answered with yes or no; a price stands beside its goods, named `price-…`."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    also = forms.CharField(label=gettext_lazy("还有别的问题（没有就空着）"), max_length=200, required=False)
    due_at = moment_field(gettext_lazy("有问题的，什么时候前改好（空着就是 24 小时）"), required=False)

    def __init__(
        self, request: DeskRequest, site: str, place: Place | None, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.site = site
        if place is None:
            self.fields["area"] = forms.ChoiceField(label=_("在哪里"), choices=_areas(request))
            self.fields["name"] = forms.CharField(label=_("叫什么（东门、3-2-502、采样点）"), max_length=80)
        answers = ((YES, _("是")), (NO, _("不是")))
        for key, asked, _wrong in QUESTIONS[site]:
            self.fields[f"ask-{key}"] = forms.ChoiceField(
                label=_(asked), choices=answers, widget=forms.RadioSelect
            )
        self.priced = list(enumerate(WATCHED)) if site == SHOP else []
        for number, goods in self.priced:
            self.fields[f"price-{number}"] = forms.DecimalField(
                label=_(goods), min_value=Decimal(0), max_digits=8, decimal_places=2, required=False
            )
        first = ["area", "name", *(f"ask-{key}" for key, *_rest in QUESTIONS[site])]
        self.order_fields([*first, *(f"price-{number}" for number, _goods in self.priced)])

    def wrong(self) -> list[str]:
        """The questions that were answered with no."""
        return [key for key, *_rest in QUESTIONS[self.site] if self.cleaned_data[f"ask-{key}"] == NO]

    def prices(self) -> dict[str, Decimal | None]:
        """What things cost, where somebody asked."""
        told = {goods: self.cleaned_data.get(f"price-{number}") for number, goods in self.priced}
        return {goods: yuan for goods, yuan in told.items() if yuan is not None}


class RightForm(forms.Form):
    """How it was put right."""

    words = forms.CharField(
        label=gettext_lazy("怎么整改的"), max_length=200, required=False, widget=forms.Textarea({"rows": 2})
    )


def taken(request: DeskRequest) -> Listing:
    """What is wrong, to take away."""
    area, which = chosen_area(request), _which(request)
    rows = (
        [
            one.where,
            one.words,
            one.owner.name if one.owner else "",
            one.found_at,
            one.due_at,
            one.put_right_at,
            one.checked_at,
        ]
        for one in findings(area, which)
    )
    headings = (
        _("哪里"),
        _("什么问题"),
        _("谁负责"),
        _("什么时候发现"),
        _("最晚改好"),
        _("整改时间"),
        _("复查时间"),
    )
    return Listing(f"{_('巡查')} {WHICH[which]}", headings, rows, area)


@page("inspection.answer")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What is to be put right, what waits for somebody else's look."""
    area, which = chosen_area(request), _which(request)
    counts = [
        (key, words, findings(area, key).count() if key != "over" else 0) for key, words in WHICH.items()
    ]
    shown = {
        "rows": findings(area, which)[:PAGE], "which": which, "counts": counts, "sites": SITES,
        "may_look": "inspection.work" in request.grants.may,
    }  # fmt: skip
    return render(request, "inspection/findings.html", shown)


@page("inspection.work")
def new(request: DeskRequest) -> HttpResponse:
    """Somebody stands at a gate, a home, a shop, a point and answers its questions."""
    site = request.GET.get("site", "gate")
    if site not in QUESTIONS:
        raise NotInScope()
    place = _place(request)
    form = LookForm(request, site, place, request.POST or None, initial={"id": uuid7(request.now)})
    made: list[Look] = []

    def write(told: dict[str, Any]) -> None:
        made.append(look(_seen(request, form, place), by=request.user, at=request.now))

    if request.method == "POST" and done(form, write, BESIDE):
        many = made[0].findings.count()
        said = _("记下了，{many} 个问题等着整改。") if many else _("记下了，没有问题。")
        messages.success(request, said.format(many=many))
        return redirect("inspection_places" if place else "inspection")
    shown = {
        "form": form, "site": dict(SITES)[site], "place": place,
        "last": last_prices(place.pk, request.now) if place and site == SHOP else {},
    }  # fmt: skip
    return render(request, "inspection/new.html", shown, status=422 if form.errors else 200)


@page("inspection.answer")
def opened(request: DeskRequest, finding: UUID) -> HttpResponse:
    """One finding: it is put right, somebody else looks again."""
    row = finding_of(finding)
    form = RightForm(request.POST if "right" in request.POST else None)

    def write(told: dict[str, Any]) -> None:
        put_right(row.pk, words=told["words"], by=request.user, at=request.now)

    if "checked" in request.POST:
        return _checked(request, row)
    if form.is_bound and done(form, write, BESIDE):
        messages.success(request, _("记下了，等别人复查。"))
        return redirect("inspection")
    shown = {"finding": row, "form": form, "may_check": "inspection.work" in request.grants.may}
    return render(request, "inspection/finding.html", shown, status=422 if form.errors else 200)


def _checked(request: DeskRequest, row: Finding) -> HttpResponse:
    """Right, or still wrong. Raises: NoGrant for those who only put things right."""
    if "inspection.work" not in request.grants.may:
        raise NoGrant()
    right = request.POST["checked"] == YES
    if row.checked_by_id != request.user.pk:  # sent twice it counts once
        check_again(row.pk, right=right, by=request.user, at=request.now)
    messages.success(request, _("复查过了，改好了。") if right else _("还没改好，又记了一条。"))
    return redirect(f"{reverse('inspection')}?which=waiting")


def _seen(request: DeskRequest, form: LookForm, place: Place | None) -> Seen:
    told = form.cleaned_data
    area = _area_of(place) if place else request.grants.require_area(told["area"])
    due = told["due_at"].astimezone(ZONE) if told["due_at"] else None
    return Seen(
        area, form.site, place.name if place else told["name"], form.wrong(), told["also"], place.pk if place else None,
        form.prices(), due, told["id"],
    )  # fmt: skip


def _area_of(place: Place) -> str:
    """The area in which a place lies, as far as the map knows it."""
    widths = (19, 17, 14, 12)
    known = set(
        Area.objects.filter(code__in=[place.area_code[:w] for w in widths]).values_list("code", flat=True)
    )
    return next(place.area_code[:w] for w in widths if place.area_code[:w] in known)


def _place(request: DeskRequest) -> Place | None:
    asked = request.GET.get("place", "")
    if not asked:
        return None
    return one_in_scope(Place.objects.filter(pk=row_number(asked) or 0))


def _which(request: DeskRequest) -> str:
    which = request.GET.get("which", "open")
    if which not in WHICH:
        raise NotInScope()
    return which


def _areas(request: DeskRequest) -> list[tuple[str, str]]:
    """The areas that are all one's own."""
    low, high = subtree(chosen_area(request))
    rows = list(Area.objects.filter(code__gte=low, code__lt=high, level__in=LEVELS).order_by("code"))
    labels = {row.code: row.label for row in rows}
    mine = [row for row in rows if row.code.startswith(request.grants.codes)]
    return [
        (row.code, f"{labels.get(row.code[:14], '')}{row.label if len(row.code) > 14 else ''}" or row.label)
        for row in mine
    ]
