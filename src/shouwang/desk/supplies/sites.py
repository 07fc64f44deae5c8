"""库房和岗位: where goods lie and are used, how many people each post has; meals for those on duty."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.desk.supplies.where import BESIDE, stores
from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area
from shouwang.supplies.keeping import add_site, bring_meals, close_site, order_meals, set_heads
from shouwang.supplies.models import MEALS, SITES, Meal, Site
from shouwang.supplies.stock import posts

MOST_HEADS = 10_000


class SiteForm(forms.Form):
    """A store or a post, and where it stands."""

    kind = forms.ChoiceField(label=gettext_lazy("是什么"))
    name = forms.CharField(label=gettext_lazy("叫什么"), max_length=40)
    area = forms.ChoiceField(label=gettext_lazy("在哪里"))
    heads = forms.IntegerField(
        label=gettext_lazy("几个人（库房不用写）"), min_value=0, max_value=MOST_HEADS, required=False
    )

    def __init__(self, areas: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(key, _(words)) for key, words in SITES]  # type: ignore[attr-defined]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class HeadsForm(forms.Form):
    """One number for each post. Shape: the fields are named `post-…`."""

    def __init__(self, rows: list[Site], numbers: dict[UUID, int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = []
        for row in rows:
            self.fields[f"post-{row.pk}"] = forms.IntegerField(
                label=row.name, min_value=0, max_value=MOST_HEADS, initial=numbers.get(row.pk, row.heads)
            )
            self.lines.append((row, self[f"post-{row.pk}"]))

    def numbers(self) -> dict[UUID, int]:
        """What was typed, by post."""
        return {row.pk: self.cleaned_data[field.name] for row, field in self.lines}


@page("supply.work")
def listed(request: DeskRequest) -> HttpResponse:
    """Stores and posts; a new one; how many people are where today."""
    area = chosen_community(request).code
    new = SiteForm(_areas(area), request.POST if "new" in request.POST else None)
    heads = HeadsForm(list(posts(area)), {}, request.POST if "heads" in request.POST else None)

    def add(told: dict[str, Any]) -> None:
        told["heads"] = told["heads"] or 0
        add_site(told.pop("area"), by=request.user, at=request.now, **told)

    if (new.is_bound and done(new, add, BESIDE)) or (
        heads.is_bound and done(heads, lambda _told: set_heads(heads.numbers()))
    ):
        messages.success(request, _("记下了。"))
        return redirect("goods_sites")
    shown = {"stores": stores(area), "new_form": new, "heads_form": heads}
    return render(request, "supplies/sites.html", shown, status=422 if new.errors or heads.errors else 200)


@page("supply.work")
@sent("goods_sites")
def closed(request: DeskRequest, site: UUID) -> HttpResponse:
    """Nothing lies or is used there any more."""
    close_site(site, by=request.user, at=request.now)
    messages.success(request, _("关了。"))
    return redirect("goods_sites")


@page("supply.work")
def meals(request: DeskRequest) -> HttpResponse:
    """So many meals for each post, as many as there are people until somebody says otherwise."""
    area, today = chosen_community(request).code, day_of(request.now)
    meal = _meal(request)
    known = {row.site_id: row for row in Meal.objects.filter(day=today, meal=meal)}
    numbers = {site: row.count for site, row in known.items()}
    form = HeadsForm(list(posts(area)), numbers, request.POST or None)

    def order(_told: dict[str, Any]) -> None:
        order_meals(form.numbers(), day=today, meal=meal, by=request.user, at=request.now)

    if request.method == "POST" and done(form, order):
        messages.success(request, _("一共 {total} 份。").format(total=sum(form.numbers().values())))
        return redirect(f"{request.path}?meal={meal}")
    lines = [(site, field, known.get(site.pk)) for site, field in form.lines]
    shown = {
        "form": form,
        "lines": lines,
        "meal": meal,
        "meals": MEALS,
        "total": sum(numbers.values()),
        "today": today,
    }
    return render(request, "supplies/meals.html", shown, status=422 if form.errors else 200)


@page("supply.work")
@sent("goods_meals")
def brought(request: DeskRequest, site: UUID) -> HttpResponse:
    """The meals of a post are there."""
    day: date = day_of(request.now)
    bring_meals(site, day=day, meal=_meal(request), by=request.user, at=request.now)
    messages.success(request, _("记下了，送到了。"))
    return redirect("goods_meals")


def _meal(request: DeskRequest) -> str:
    asked = request.POST.get("meal") or request.GET.get("meal", "lunch")
    if asked not in dict(MEALS):
        raise NotInScope()
    return asked


def _areas(area: str) -> list[tuple[str, str]]:
    """The community and its compounds."""
    low, high = subtree(area)
    rows = Area.objects.filter(code__gte=low, code__lt=high, level__in=("community", "compound")).order_by(
        "code"
    )
    return list(rows.values_list("code", "label"))
