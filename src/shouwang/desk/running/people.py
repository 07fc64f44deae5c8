"""人员权限: who may do what where; making accounts, giving and taking back."""

from collections.abc import Iterator
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.actions import add_user, end_grant, grant
from shouwang.access.models import Grant, User
from shouwang.access.queries import may_give, people_under
from shouwang.access.roles import ROLES
from shouwang.access.scope import Grants
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.round_form import own_areas
from shouwang.desk.running.sent import sent
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Area

DAYS = [("", _("一直")), ("7", _("7 天")), ("14", _("14 天")), ("30", _("30 天")), ("90", _("90 天"))]


class GrantForm(forms.Form):
    """A role in an area, for as long as it is needed."""

    role = forms.ChoiceField(label=_("角色"))
    area = forms.ChoiceField(label=_("管哪里"))
    days = forms.ChoiceField(label=_("管多久"), choices=DAYS, required=False)

    def __init__(self, grants: Grants, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["role"].choices = [(one.name, gettext(one.words)) for one in may_give(grants)]  # type: ignore[attr-defined]
        self.fields["area"].choices = own_areas(grants)  # type: ignore[attr-defined]


class AccountForm(GrantForm):
    """A new account with its first role."""

    username = forms.CharField(label=_("登录名"), max_length=64)
    name = forms.CharField(label=_("姓名"), max_length=64)
    password = forms.CharField(
        label=_("第一次用的密码（8 位以上，告诉本人后请他自己改）"),
        max_length=128,
        validators=[validate_password],
    )
    field_order = ("name", "username", "password", "role", "area", "days")

    def clean_username(self) -> str:
        """A name that nobody has yet."""
        if User.objects.filter(username=self.cleaned_data["username"]).exists():
            raise forms.ValidationError(_("这个登录名已经有人用了，请换一个。"))
        return self.cleaned_data["username"]


def taken(request: DeskRequest) -> Listing:
    """One line for each role that somebody holds."""
    words = (_("姓名"), _("登录名"), _("角色"), _("管哪里"), _("从什么时候"), _("到什么时候"))
    return Listing(_("人员权限"), words, _cells(request))


@page("grant.edit")
@exports(taken)
def people(request: DeskRequest) -> HttpResponse:
    """Who holds what in one's areas."""
    return render(request, "running/people.html", {"people": _held(request)})


@page("grant.edit")
def new_account(request: DeskRequest) -> HttpResponse:
    """An account and its first role, or neither."""
    form = AccountForm(request.grants, request.POST or None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            with transaction.atomic():
                user = add_user(
                    told["username"], name=told["name"], password=told["password"], at=request.now
                )
                _give(request, user, told)
            messages.success(request, gettext("已开账号 {name}。").format(name=user.username))
            return redirect("people")
        except Refusal as refusal:
            form.add_error("role", sentence(refusal))
    return render(request, "running/new_account.html", {"form": form})


@page("grant.edit")
def more_for(request: DeskRequest, user_id: int) -> HttpResponse:
    """One more role for somebody whom one can see."""
    user = next(
        (user for user, _held in people_under(request.grants, now=request.now) if user.pk == user_id), None
    )
    if user is None:
        raise NotInScope()
    form = GrantForm(request.grants, request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            _give(request, user, form.cleaned_data)
            messages.success(request, gettext("已给出。"))
            return redirect("people")
        except Refusal as refusal:
            form.add_error("role", sentence(refusal))
    return render(request, "running/more_for.html", {"form": form, "person": user})


@page("grant.edit")
@sent("people")
def take_back(request: DeskRequest, grant_id: int) -> HttpResponse:
    """A role ends now."""
    given = Grant.objects.in_force(request.now).filter(pk=grant_id).first()
    if given is None or not any(
        code.startswith(own) for code in given.area_codes for own in request.grants.codes
    ):
        raise NotInScope()
    end_grant(given, at=request.now, by=request.grants)
    messages.success(request, gettext("已收回。"))
    return redirect("people")


def _held(request: DeskRequest) -> list[tuple[User, list[tuple[Grant, str, str]]]]:
    """Each account with its roles, their words and where they hold."""
    found = people_under(request.grants, now=request.now)
    codes = {code for _user, held in found for one in held for code in one.area_codes}
    labels = dict(Area.objects.filter(code__in=codes).values_list("code", "label"))
    return [
        (user, [(one, ROLES[one.role].words, _where(one, labels)) for one in held if one.role in ROLES])
        for user, held in found
    ]


def _cells(request: DeskRequest) -> Iterator[list[object]]:
    for user, held in _held(request):
        for one, role, where in held:
            yield [user.name, user.username, gettext(role), where, one.from_at, one.until]


def _give(request: DeskRequest, user: User, told: dict) -> None:
    """Once: what somebody holds already is not given again."""
    areas, role = [told["area"]], told["role"]
    held = Grant.objects.in_force(request.now).filter(user=user, role=role, area_codes=areas)
    if held.exists():
        return
    until = request.now + timedelta(days=int(told["days"])) if told["days"] else None
    grant(user, role=role, areas=areas, at=request.now, by=request.grants, until=until)


def _where(one: Grant, labels: dict[str, str]) -> str:
    return "、".join(labels.get(code, code) for code in one.area_codes)
