"""告示: what is announced, in the words of each channel, how much of it went out, who has read it; and the next version."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import moment_field
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.desk.running.sent import sent
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.outreach.notices import actions, queries
from shouwang.outreach.notices.models import BY, Notice
from shouwang.outreach.notices.texting import has_gateway, text_everybody

SEND = "message.send"
BESIDE = {"outreach.over_already": "until", "outreach.say_what_changed": "changed"}


class NoticeForm(forms.Form):
    """What everybody is to know."""

    title = forms.CharField(label=_("题目"), max_length=40)
    body = forms.CharField(label=_("正文"), max_length=2000, widget=forms.Textarea({"rows": 6}))
    loop = forms.CharField(label=_("小喇叭反复放的一句（可以不填）"), max_length=120, required=False)
    until = moment_field(_("到什么时候（不写就一直有效）"), required=False)
    changed = forms.CharField(label=_("和上一版比，改了什么"), max_length=200, required=False)


class HandedForm(forms.Form):
    """So many went out."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("怎么发的"), choices=[(key, _(words)) for key, words in BY if key != "door"]
    )
    amount = forms.IntegerField(label=_("多少份（次、个）"), min_value=1, max_value=actions.MOST)


def _listing(request: DeskRequest) -> Listing:
    area = chosen_community(request).code
    rows = (
        (one.title, one.version, one.body, one.published_at)
        for one in queries.in_force(area, now=request.now)
    )
    return Listing(_("告示"), (_("题目"), _("第几版"), _("正文"), _("什么时候")), rows, area)


@page("message.read")
@exports(_listing)
def notices(request: DeskRequest) -> HttpResponse:
    """What is announced now; and the form for the next one."""
    community = chosen_community(request)
    form = NoticeForm(request.POST or None)
    if form.is_bound and (made := _published(request, form, community.code, None)):
        return redirect("notice", made.pk)
    found = {
        "community": community, "communities": own_communities(request.grants), "form": form,
        "rows": queries.in_force(community.code, now=request.now).select_related("published_by"),
        "may": SEND in request.grants.may,
    }  # fmt: skip
    return render(request, "outreach/notices.html", found, status=422 if form.errors else 200)


@page("message.read")
def notice(request: DeskRequest, notice: UUID) -> HttpResponse:
    """One notice: its words for each channel, what went out, what changed, who has read it."""
    return _shown(request, actions.notice_of(notice))


@page("message.send")
def again(request: DeskRequest, notice: UUID) -> HttpResponse:
    """A new version."""
    row = actions.notice_of(notice)
    form = NoticeForm(request.POST or None)
    made = _published(request, form, row.area_code, row.pk) if form.is_bound else None
    return (
        redirect("notice", (made or row).pk) if made or not form.is_bound else _shown(request, row, form=form)
    )


@page("message.read")
def handed(request: DeskRequest, notice: UUID) -> HttpResponse:
    """So many more went out."""
    row = actions.notice_of(notice)
    form = HandedForm(request.POST or None)
    if form.is_bound and form.is_valid():
        area = (
            community_of(row.area_code)
            if len(row.area_code) > len(request.grants.codes[0])
            else request.grants.codes[0]
        )
        actions.hand_out(row.pk, area=area, **form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, gettext("记下了。"))
    return _shown(request, row, sent=form) if form.errors else redirect("notice", row.pk)


@page("message.read")
def read(request: DeskRequest, notice: UUID) -> HttpResponse:
    """I have read it; or it is announced no longer."""
    if request.method == "POST" and request.POST.get("do") == "end":
        request.grants.require(SEND)
        actions.end(notice, by=request.user, at=request.now)
    elif request.method == "POST":
        actions.read(notice, by=request.user, at=request.now)
    return redirect("notice", notice)


@page("message.send")
@sent("notices")
def texted(request: DeskRequest, notice: UUID) -> HttpResponse:
    """To every phone of the community, where there is a gateway; each phone once."""
    row = actions.notice_of(notice)
    try:
        told = text_everybody(row.pk, chosen_community(request).code, by=request.user, at=request.now)
        said = gettext("新排了 {new} 条短信，以前发过 {before} 条。夜里不发，早上接着发。")
        messages.success(request, said.format(new=len(told.new), before=len(told.already)))
    except NotInScope:
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    return redirect("notice", row.pk)


@page("message.read")
def leaflet(request: DeskRequest, notice: UUID) -> HttpResponse:
    """To be printed: one on an A4 sheet, or two A5 on one."""
    row = actions.notice_of(notice)
    copies = range(2) if request.GET.get("size") == "a5" else range(1)
    office = community_ways(community_of(row.area_code)).office
    return render(request, "outreach/leaflet.html", {"notice": row, "copies": copies, "office": office})


def _published(request: DeskRequest, form: NoticeForm, area: str, before: UUID | None) -> Notice | None:
    request.grants.require(SEND)
    made: list[Notice] = []

    def publish(typed: dict[str, Any]) -> None:
        made.append(actions.publish(area, **typed, replaces=before, by=request.user, at=request.now))

    if not done(form, publish, BESIDE):
        return None
    messages.success(request, gettext("发布了，居民的页面上也看得到。"))
    return made[0]


def _shown(
    request: DeskRequest, row: Notice, *, form: NoticeForm | None = None, sent: HandedForm | None = None
) -> HttpResponse:
    link = request.build_absolute_uri(reverse("community", args=[community_of(row.area_code)]))
    said: list[tuple[Any, str]] = [
        (_("小喇叭"), queries.for_loudspeaker(row)),
        (_("小喇叭反复放"), queries.for_loop(row)),
        (_("微信群"), queries.for_chat(row, link)),
        (_("短信"), queries.for_sms(row)),
    ]
    initial = {"title": row.title, "body": row.body, "loop": row.loop, "until": row.until}
    readers = row.read.select_related("user").order_by("at")
    found = {
        "notice": row, "said": said, "told": queries.told(row, request.grants.codes[0]), "readers": readers,
        "mine": any(one.user_id == request.user.pk for one in readers), "form": form or NoticeForm(initial=initial),
        "sent": sent or HandedForm(initial={"id": uuid7(request.now)}), "may": SEND in request.grants.may,
        "open": row.ended_at is None, "gateway": has_gateway(community_of(row.area_code)),
    }  # fmt: skip
    wrong = (form and form.errors) or (sent and sent.errors)
    return render(request, "outreach/notice.html", found, status=422 if wrong else 200)
