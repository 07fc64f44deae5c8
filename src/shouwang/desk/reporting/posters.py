"""报备码: a poster for every compound at once, one more for a gate, printed on A4, taken down when it is lost."""

from collections import defaultdict
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.running.sent import sent
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import NotInScope
from shouwang.outreach.channels import ways_out
from shouwang.outreach.models import Office
from shouwang.register.models import Area
from shouwang.screening.reports import posters
from shouwang.screening.reports.models import Poster

LEVELS = ("community", "compound")
LANGUAGES = ("zh-hans", "zh-hant", "en")
MAY = "list.receive"


class SpotForm(forms.Form):
    """One more poster: at which gate of which compound."""

    area = forms.ChoiceField(label=gettext_lazy("哪个小区"))
    spot = forms.CharField(label=gettext_lazy("贴在哪里（例如：东门）"), max_length=40)

    def __init__(self, areas: list[Area], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["area"].choices = [(one.code, one.label) for one in areas]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Sheet:
    """A poster as it is printed. Shape: `said` are its sentences, language by language, the first one large."""

    poster: Poster
    place: str
    link: str
    office: Office | None
    said: list[tuple[str, dict[str, str]]]


@page(MAY)
def posters_page(request: DeskRequest) -> HttpResponse:
    """The compounds, each with what hangs there."""
    return _shown(request, SpotForm(_areas(request)))


@page(MAY)
@sent("posters")
def make(request: DeskRequest) -> HttpResponse:
    """For all that have none, or again for those that have: the same code, with the doors as they are now."""
    areas = [one.code for one in _areas(request)]
    made = posters.put_up(areas, by=request.user, at=request.now)
    messages.success(request, _("{count} 张报备码做好了，可以打印。").format(count=len(made)))
    return redirect("posters")


@page(MAY)
@sent("posters")
def one_more(request: DeskRequest) -> HttpResponse:
    """One more for a gate or an entrance."""
    form = SpotForm(_areas(request), request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    told = form.cleaned_data
    posters.put_up([told["area"]], spot=told["spot"], by=request.user, at=request.now)
    messages.success(request, _("{spot}的报备码做好了，可以打印。").format(spot=told["spot"]))
    return redirect("posters")


@page(MAY)
@sent("posters")
def take_down(request: DeskRequest, pk: int) -> HttpResponse:
    """The code opens nothing any more; a new one can be made for the same place."""
    posters.take_down(_own(request, pk), by=request.user, at=request.now)
    messages.success(request, _("收回了。原来的码扫不开了，请重新做一张贴上。"))
    return redirect("posters")


@page(MAY)
def printed(request: DeskRequest) -> HttpResponse:
    """One sheet of A4 each, in three languages, black on white."""
    chosen = request.GET.get("poster", "")
    rows = _hanging(request)
    if chosen:
        rows = [_own(request, row_number(chosen) or 0)]
    if not rows:
        raise NotInScope()
    ways = ways_out(one.area_code[:COMMUNITY] for one in rows)
    sheets = [_sheet(request, one, ways[one.area_code[:COMMUNITY]].office) for one in rows]
    return render(request, "reporting/sheets.html", {"sheets": sheets})


def _shown(request: DeskRequest, form: SpotForm, *, status: int = 200) -> HttpResponse:
    held: defaultdict[str, list[Poster]] = defaultdict(list)
    for poster in _hanging(request):
        held[poster.area_code].append(poster)
    areas = _areas(request)
    lines = [(one, held[one.code]) for one in areas]
    missing = sum(1 for one in areas if not any(not poster.spot for poster in held[one.code]))
    shown = {"lines": lines, "form": form, "hanging": any(held.values()), "missing": missing}
    return render(request, "reporting/posters.html", shown, status=status)


def _areas(request: DeskRequest) -> list[Area]:
    """The communities and compounds that are all one's own."""
    rows = Area.objects.filter(level__in=LEVELS).order_by("code")
    return [one for one in rows if any(one.code.startswith(code) for code in request.grants.codes)]


def _hanging(request: DeskRequest) -> list[Poster]:
    return list(
        posters.hanging(request.grants.codes, now=request.now).defer("doors").order_by("area_code", "spot")
    )


def _own(request: DeskRequest, pk: int) -> Poster:
    return one_in_scope(posters.hanging(request.grants.codes, now=request.now).filter(pk=pk))


def _sheet(request: DeskRequest, poster: Poster, office: Office | None) -> Sheet:
    path = reverse("report", args=[posters.code_of(poster)])
    link = f"{office.address.rstrip('/')}{path}" if office else request.build_absolute_uri(path)
    said = [(language, _said(language, office)) for language in LANGUAGES]
    return Sheet(poster, posters.place_words(poster), link, office, said)


def _said(language: str, office: Office | None) -> dict[str, str]:
    """The sentences of a poster in one language."""
    phone = office.phone if office else ""
    with override(language):
        help_words = _("没有手机、不会填的，请找楼长，我们替您填。")
        if phone:
            help_words = _("没有手机、不会填的，打社区电话 {phone}，我们替您填。").format(phone=phone)
        return {
            "title": _("扫码报备"),
            "who": _("从外地回来的、准备回来的、家里来了人的，请扫码报一下。"),
            "how": _("不用注册，不用下载，一家人一起填，两分钟。"),
            "help": help_words,
            "safe": _("这个码不收钱，不要密码，不要验证码。"),
        }
