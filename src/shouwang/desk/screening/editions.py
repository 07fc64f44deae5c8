"""A list that came again, corrected: what is different, shown before it is taken in; or said to be another list."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.screening.lists import find_list, own_upload, take_in, tell
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.uploads import Upload
from shouwang.screening.editions.differing import Differences, Pair
from shouwang.screening.editions.knowing import differences
from shouwang.screening.editions.taking import read_newer, take_newer
from shouwang.screening.lists.models import ListRow, PushedList, Settlement
from shouwang.screening.lists.settling import COUNTS

SHOWN = 100


@page("list.receive")
def newer(request: DeskRequest, upload_id: int) -> HttpResponse:
    """The rows that are new, gone or changed cell by cell; two buttons: the same list, or another one."""
    upload = own_upload(request, upload_id)
    if upload.finished_at or not upload.summary.get("newer_of"):
        return redirect("lists")
    listed, wrong = find_list(upload.summary["newer_of"]), ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                made = _taken(request, upload, listed)
            return redirect("list_page", made.pk) if made else redirect("lists")
        except NotInScope:
            raise
        except Refusal as refusal:
            wrong = sentence(refusal)
    found = differences(listed, read_newer(upload, at=request.now).rows)
    shown = {"upload": upload, "listed": listed, "wrong": wrong, "counts": found.counts(), **_few(found)}
    return render(request, "screening/newer.html", shown, status=422 if wrong else 200)


def _taken(request: DeskRequest, upload: Upload, listed: PushedList) -> PushedList | None:
    """As somebody decided; whoever is new on the list has a message where that was asked for."""
    if "own" in request.POST:
        upload.summary["of_its_own"] = True
        made = take_in(upload, by=request.user, at=request.now)
    else:
        edition = take_newer(listed, upload, by=request.user, at=request.now)
        said = _("新版收好了：不变 {same} 行，改了 {changed} 行，新的 {added} 行，去掉 {gone} 行。")
        counts = {name: getattr(edition, name) for name in ("same", "changed", "added", "gone")}
        messages.success(request, said.format(**counts))
        made = listed
    if made and upload.summary.get("tell"):
        tell(request, [made])
    return made


def _few(found: Differences) -> dict[str, object]:
    """The rows to look at, as many as a page holds, and how many more there are."""
    answered = _answered([*found.gone, *(pair.before for pair in found.changed)])
    return {
        "changed": [(pair, _follows(pair, answered)) for pair in found.changed[:SHOWN]],
        "added": found.added[:SHOWN],
        "gone": [(row, row.pk in answered) for row in found.gone[:SHOWN]],
        "more": {name: max(len(getattr(found, name)) - SHOWN, 0) for name in ("changed", "added", "gone")},
    }


def _answered(rows: list[ListRow]) -> set[object]:
    settled = Settlement.objects.filter(COUNTS, row__in=[row.pk for row in rows])
    return set(settled.values_list("row", flat=True))


def _follows(pair: Pair, answered: set[object]) -> str:
    """What taking the edition in means for a changed row."""
    if pair.finds_otherwise:
        return _("重新和底册对")
    return _("结果照旧") if pair.before.pk in answered else _("还是原来那个人")
