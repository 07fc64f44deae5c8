"""我的班: a worker's own page behind a signed link, and the code on the wall of a post. No app, no password, one tap.

It knows no resident. Where somebody walks is not asked: they say themselves that they are at their post.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope, scope
from shouwang.desk.asked.written import written
from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.flows.gates.gate_shifts import arrive
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import sealer
from shouwang.outreach.channels import community_ways
from shouwang.register.models import Helper
from shouwang.roster import arriving, callups, turns
from shouwang.roster.custody import held_now
from shouwang.roster.models import Called, Turn
from shouwang.roster.posts import post_behind, post_of
from shouwang.roster.queries import arrived, load_of, turns_of
from shouwang.roster.rules import EARLY
from shouwang.roster.workers import own_link, whose

COOKIE, SALT, KEPT = "worker", "a worker on this phone", timedelta(days=30)


class PhoneForm(forms.Form):
    """The own number, where this phone is not known yet."""

    phone = forms.CharField(
        label=_("您的手机号"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        """The digits of the number alone."""
        found = read_phones(self.cleaned_data["phone"])
        if not found.numbers or found.problem:
            raise forms.ValidationError(_("这个电话号码不对，请再看一下。"))
        return found.numbers[0]


@open_page(tries=120, code_tries=300)
def own(request: OpenRequest, code: str) -> HttpResponse:
    """My turns, who calls me, what I hold. The phone is remembered, so that a post's code knows whose it is."""
    with _worker(code) as helper:
        return _remembered(request, render(request, "open/worker.html", _shown(request, code, helper)), code)


@open_page(tries=120, code_tries=120)
def called(request: OpenRequest, code: str, pk: UUID) -> HttpResponse:
    """收到, or that they cannot come."""
    with _worker(code, sent=request) as helper:
        if not Called.objects.filter(pk=pk, helper=helper).exists():
            raise NotInScope()
        coming = request.POST.get("coming") == "1"
        callups.answer(pk, coming=coming, answered_at=request.now, by=None, at=request.now)
        return redirect(f"{own_link(helper)}?said={'coming' if coming else 'not_coming'}")


@open_page(tries=120, code_tries=120)
def seen(request: OpenRequest, code: str) -> HttpResponse:
    """收到 to all turns."""
    with _worker(code, sent=request) as helper:
        turns.seen([turn.pk for turn in turns_of(helper.pk, now=request.now)], at=request.now)
        return redirect(f"{own_link(helper)}?said=seen")


@open_page(tries=120, code_tries=120)
def here(request: OpenRequest, code: str, pk: UUID) -> HttpResponse:
    """I am there."""
    with _worker(code, sent=request) as helper:
        arrive([_own_turn(pk, helper).pk], how="tap", by=None, at=request.now)
        return redirect(f"{own_link(helper)}?said=here")


@open_page(tries=120, code_tries=120)
def cannot(request: OpenRequest, code: str, pk: UUID) -> HttpResponse:
    """I cannot come; whoever leads looks for somebody else."""
    with _worker(code, sent=request) as helper:
        turns.wants_out(_own_turn(pk, helper).pk, why=written(request, "why", 100), at=request.now)
        return redirect(f"{own_link(helper)}?said=out")


@open_page(tries=60, code_tries=600)
def at_post(request: OpenRequest, code: str) -> HttpResponse:
    """Behind the code on the wall: one tap on a phone that is known, else the own number. The same no for everybody."""
    known = post_behind(code)
    if known is None:
        raise NotInScope()
    with scope([known[1]]):
        post = post_of(known[0])
        helper = _on_this_phone(request, known[1])
        form = PhoneForm(request.POST if request.method == "POST" and "phone" in request.POST else None)
        shown: dict[str, Any] = {"post": post, "code": code, "form": form, "helper": helper}
        if request.method != "POST" or (form.is_bound and not form.is_valid()):
            return render(request, "open/at_post.html", shown, status=422 if form.errors else 200)
        try:
            who = helper.pk if helper and not form.is_bound else _by_phone(form, known[1])
            turn = arriving.at_post(post, who, at=request.now)
            arrive([turn.pk], how="scan", by=None, at=request.now)
        except Refusal as refusal:
            return render(request, "open/at_post.html", {**shown, "wrong": sentence(refusal)}, status=422)
        return render(request, "open/at_post.html", {**shown, "turn": turn})


def _by_phone(form: PhoneForm, community: str) -> int:
    """Whose number this is; 0 for nobody's, whose turn will not be found."""
    digest = sealer(settings.SEALING_KEY_FILE).digest("phone", form.cleaned_data.get("phone", ""))
    rows = Helper.objects.filter(phone_digest=digest, left_at=None, area_code__startswith=community)
    return rows.values_list("pk", flat=True).order_by("pk").first() or 0


@contextmanager
def _worker(code: str, *, sent: OpenRequest | None = None) -> Iterator[Helper]:
    """Whose page this is, in a scope of their community. Raises: NotInScope for any other words, and for who has left."""
    known = whose(code)
    if known is None or (sent is not None and sent.method != "POST"):
        raise NotInScope()
    with scope([known[1]]):
        helper = one_in_scope(Helper.objects.filter(pk=known[0], left_at=None))
        yield helper


def _own_turn(pk: UUID, helper: Helper) -> Turn:
    row = turns.turn_of(pk)
    if row.helper_id != helper.pk:
        raise NotInScope()
    return row


def _shown(request: OpenRequest, code: str, helper: Helper) -> dict[str, Any]:
    mine = turns_of(helper.pk, now=request.now)
    there = arrived(mine)
    return {
        "helper": helper, "code": code, "said": request.GET.get("said", ""), "calls": callups.waiting_for(helper.pk),
        "turns": [(one, there.get(one.pk), one.from_at - EARLY <= request.now) for one in mine],
        "unseen": any(not one.seen_at for one in mine), "things": held_now("", holder=helper.pk),
        "load": load_of(helper.pk, now=request.now), "office": community_ways(helper.area_code).office,
    }  # fmt: skip


def _remembered(request: OpenRequest, answer: HttpResponse, code: str) -> HttpResponse:
    answer.set_signed_cookie(
        COOKIE, code, salt=SALT, max_age=int(KEPT.total_seconds()), httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return answer


def _on_this_phone(request: OpenRequest, community: str) -> Helper | None:
    known = whose(request.get_signed_cookie(COOKIE, default="", salt=SALT) or "")
    if known is None or known[1] != community:
        return None
    return Helper.objects.filter(pk=known[0], left_at=None).first()
