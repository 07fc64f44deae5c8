"""岗位: places of work and their hours, and the code on the wall by which people check in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.roster.forms import BESIDE, DAYS, HoursForm, PostForm
from shouwang.desk.roster.sheets import sheets
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.roster.models import Post, PostHours
from shouwang.roster.posts import add_hours, add_post, end_hours, end_post, post_link, post_of, posts_in


@page("roster")
def posts(request: DeskRequest) -> HttpResponse:
    """All posts with how many people each takes, and the place for one more."""
    community = chosen_community(request)
    form = PostForm(request.POST or None)
    made: list[Post] = []

    def write(typed: dict[str, Any]) -> None:
        made.append(add_post(community.code, by=request.user, at=request.now, **typed))

    if request.method == "POST" and done(form, write, BESIDE):
        return redirect("roster_post", made[0].pk)
    rows = posts_in(community.code).prefetch_related("hours")
    lines = [(one, [hours for hours in one.hours.all() if not hours.until_on]) for one in rows]
    shown = {"lines": [(one, hours, _weekly(hours)) for one, hours in lines], "form": form}
    return render(request, "roster/posts.html", shown, status=422 if form.errors else 200)


@page("roster")
def post(request: DeskRequest, pk: int) -> HttpResponse:
    """One post, its hours, and more of them."""
    found, form = post_of(pk), HoursForm(request.POST or None)

    def write(typed: dict[str, Any]) -> None:
        add_hours(found.pk, by=request.user, at=request.now, **typed)

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("记下了。排班时会按这个时间排。"))
        return redirect("roster_post", found.pk)
    rows = PostHours.objects.filter(post=found, until_on=None).order_by("from_hour")
    lines = [(one, "、".join(str(words) for number, words in DAYS if number in one.days)) for one in rows]
    shown = {"post": found, "lines": lines, "form": form}
    return render(request, "roster/post.html", shown, status=422 if form.errors else 200)


@page("roster")
@sent("roster_posts")
def hours_ended(request: DeskRequest, pk: int) -> HttpResponse:
    """The post works at these hours no longer."""
    post_pk = PostHours.objects.filter(pk=pk).values_list("post", flat=True).first()
    end_hours(pk, by=request.user, at=request.now)
    messages.success(request, _("从明天起不再排这个班。"))
    return redirect("roster_post", post_pk)


@page("roster")
@sent("roster_posts")
def ended(request: DeskRequest, pk: int) -> HttpResponse:
    """The post is given up."""
    end_post(pk, by=request.user, at=request.now)
    messages.success(request, _("这个岗位撤了。"))
    return redirect("roster_posts")


@page("roster")
def codes(request: DeskRequest) -> HttpResponse:
    """The codes of all posts, one a sheet: whoever comes scans and is there."""
    said = (_("到岗请扫"), _("扫一下，点“我到了”。没带手机的，请带班的人点名。"))
    leading = [(one.name, post_link(one)) for one in posts_in(chosen_community(request).code)]
    shown = {"sheets": sheets(request, leading, said), "back": "roster_posts"}
    return render(request, "roster/sheets.html", shown)


def _weekly(hours: list[PostHours]) -> int:
    """How many turns a week these hours are."""
    return sum(len(one.days) * one.people for one in hours)
