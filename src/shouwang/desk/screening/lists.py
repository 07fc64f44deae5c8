"""名单: the lists that came, their clocks and numbers; new ones brought in; each one's columns and its way back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.living.acting import allowed
from shouwang.desk.running.communities import own_communities
from shouwang.desk.running.sent import sent
from shouwang.desk.screening.clock import clock_of
from shouwang.desk.screening.forms import ListForm
from shouwang.desk.templatetags.refusals import why
from shouwang.flows.first_message import first_messages, how_soon
from shouwang.lib.codes import COMMUNITY, NAMES, is_code
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import clocks_of, plan_of
from shouwang.register.intake.background import cannot
from shouwang.register.intake.files import keep
from shouwang.register.models import Area
from shouwang.register.uploads import Upload
from shouwang.screening.lists.models import ListReturn, PushedList
from shouwang.screening.lists.queries import (
    ListLine,
    how_many_to_decide,
    lines_of,
    lists_of,
    people_left,
    returns_of,
)
from shouwang.screening.lists.reading import HEADINGS
from shouwang.screening.lists.receiving import KIND, bring
from shouwang.screening.lists.returning import return_list
from shouwang.screening.sharing.handing_out import unowned

SHOWN, DAYS_SHOWN = 40, 7
AT_ONCE_BYTES = 250_000  # some three seconds; more is taken in by the worker while one watches


@page("list.work")
def lists(request: DeskRequest) -> HttpResponse:
    """The lists with their clocks and numbers, what waits for a decision, and the place to bring new ones."""
    own = _where_lists_come(request) if "list.receive" in request.grants.may else []
    form = _form(request, own)
    if form and form.is_bound and form.is_valid() and _brought(request, form):
        return redirect("lists")
    since = request.now - timedelta(days=DAYS_SHOWN)
    found = list(lists_of(request.grants.codes, since=since)[:SHOWN])
    shown = {
        "form": form,
        "lines": _with_clocks(lines_of(found), request.now),
        "to_decide": how_many_to_decide(),
        "unowned": unowned().count() if any(len(one.code) < COMMUNITY for one in own) else 0,
        "uploads": _waiting([one.code for one in own], request.now),
        "senders": sorted({one.sender for one in found}),
    }
    return render(request, "screening/lists.html", shown, status=422 if form and form.errors else 200)


@page("list.work")
def list_page(request: DeskRequest, list_id: UUID) -> HttpResponse:
    """One list: its numbers, what its columns were taken for, and when it went back."""
    listed = find_list(list_id)
    line = lines_of([listed])[0]
    shown = {
        "line": line,
        "clock": _with_clocks([line], request.now)[0][1],
        "people_left": people_left(listed.pk),
        "spoken": how_soon(listed, clocks_of(listed.area_code, now=request.now), now=request.now),
        "columns": _columns(listed),
        "returns": returns_of(listed.pk),
        "editions": listed.editions.select_related("by", "before").order_by("-at"),
        "may_return": "list.return" in request.grants.may and listed.file_id and _is_own(request, listed),
    }
    return render(request, "screening/list.html", shown)


@page("list.return")
@sent("lists")
def returned(request: DeskRequest, list_id: UUID) -> HttpResponse:
    """The sender's own file with every answer that is known by now; offered on the list's page."""
    listed = find_list(list_id)
    request.grants.require_area(listed.area_code)
    made, _name, _content = return_list(listed.pk, by=request.user, at=request.now)
    left = made.rows - made.settled
    if left:
        said = _("反馈表做好了，还有 {left} 行没有结果，表里写的是“核查中”。").format(left=left)
        messages.warning(request, said)
    else:
        messages.success(request, _("反馈表做好了，每一行都有结果。"))
    return redirect("list_page", listed.pk)


@page("list.return")
def return_file(request: DeskRequest, return_id: UUID) -> HttpResponseBase:
    """A file as it went back; who took it is written down."""
    made = one_in_scope(ListReturn.objects.filter(pk=return_id).select_related("list__file"))
    request.grants.require_area(made.area_code)
    path = Path(settings.MEDIA_ROOT) / made.stored
    if not path.exists():
        raise NotInScope()
    record("screening.take_return", at=request.now, by=request.user, area=made.area_code, list_return=made.pk)
    name = f"{Path(made.list.file.filename).stem}_反馈_{made.at:%m%d_%H%M}{path.suffix}"  # type: ignore[union-attr]
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@page("list.receive")
def list_state(request: DeskRequest, upload_id: int) -> HttpResponse:
    """How far a list is that the worker takes in; this part renews itself."""
    upload = own_upload(request, upload_id)
    return render(request, "screening/parts/upload.html", {"upload": upload})


def find_list(pk: UUID) -> PushedList:
    """A list inside one's areas. Raises: NotInScope."""
    return one_in_scope(PushedList.objects.filter(pk=pk).select_related("file", "received_by", "plan"))


def own_upload(request: DeskRequest, upload_id: int) -> Upload:
    """The file of a list, where its community is one's own. Raises: NotInScope."""
    upload = one_in_scope(Upload.objects.filter(pk=upload_id, kind=KIND))
    request.grants.require_area(upload.community)
    return upload


def take_in(upload: Upload, *, by: User, at: datetime) -> PushedList | None:
    """Takes a kept list in; None where it has to wait: refused, which is noted beside the file, or a newer edition."""
    try:
        with transaction.atomic():
            received = bring(upload, by=by, at=at)
            return None if received.differs else received.list
    except Refusal as refusal:
        cannot(upload, refusal, at=at)
        upload.refresh_from_db()
        return None


def tell(request: DeskRequest, lists: Sequence[PushedList]) -> None:
    """A message first: whoever can be reached on these lists has one, and the page says how many."""
    try:
        with transaction.atomic():
            told = first_messages([one.pk for one in lists], by=request.user, at=request.now)
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
        return
    said = _("已给 {new} 人发第一条短信，{none} 人没有能收短信的号码，请打电话。")
    messages.info(request, said.format(new=len(told.new), none=len(told.unreachable)))


def _where_lists_come(request: DeskRequest) -> list[Area]:
    """One's communities, and the street or district where all of it is one's own."""
    own = own_communities(request.grants)
    wide = [code for code in request.grants.codes if is_code(code) and len(code) < COMMUNITY]
    if len(own) < 2 or not wide:
        return own
    named = Area.objects.in_bulk(wide)
    return [*own, *(named.get(code) or Area(code=code, level=NAMES[len(code)], label=code) for code in wide)]


def _is_own(request: DeskRequest, listed: PushedList) -> bool:
    """Whether the whole list came to one's own area; a street's list goes back from the street."""
    return any(listed.area_code.startswith(code) for code in request.grants.codes)


def _form(request: DeskRequest, own: Sequence[Area]) -> ListForm | None:
    if not own:
        return None
    plan = plan_of(own[0].code, now=request.now)
    return ListForm(request.POST or None, request.FILES or None, communities=own, plan=plan)


def _brought(request: DeskRequest, form: ListForm) -> bool:
    """Every file is kept and taken in, or handed to the worker. Whether all of them could be kept."""
    said = form.cleaned_data
    allowed(request, "list.receive", said["community"])
    files, came = said["brought"], []
    late = sum(file.size for file in files) > AT_ONCE_BYTES
    for file in files:
        upload = _kept(request, form, file)
        if upload is None:
            return False
        if late:
            app.configure_task("shouwang.jobs.receive_list").defer(upload_id=upload.pk)
        else:
            came.append((upload, take_in(upload, by=request.user, at=request.now)))
    _say(request, came)
    lists = [listed for _upload, listed in came if listed]
    if lists and said["tell"]:
        tell(request, lists)
    return True


def _kept(request: DeskRequest, form: ListForm, file: Any) -> Upload | None:
    said = form.cleaned_data
    try:
        upload = keep(
            file.read(), file.name, community=said["community"], by=request.user, at=request.now, kind=KIND
        )
    except Refusal as refusal:
        form.add_error("brought", sentence(refusal))
        return None
    arrived = said["arrived_at"].isoformat() if said["arrived_at"] else ""
    names = ("sender", "source", "category", "hours", "tell")
    upload.summary = {name: said[name] for name in names} | {"arrived_at": arrived}
    upload.save(update_fields=["summary"])
    return upload


def _say(request: DeskRequest, came: Sequence[tuple[Upload, PushedList | None]]) -> None:
    for upload, listed in came:
        if listed is None and upload.summary.get("newer_of"):
            said = _("“{file}”像是一份名单的新版，还没有收，请先看不同。")
            messages.warning(request, said.format(file=upload.filename))
        elif listed is None:
            messages.error(request, f"{upload.filename}：{why(upload)}")
        elif listed.file_id != upload.pk:
            messages.info(request, _("“{file}”之前收过，没有再收一遍。").format(file=upload.filename))
        else:
            said = _("“{title}”收好了，{rows} 行。").format(title=listed.title, rows=listed.rows.count())
            messages.success(request, said)


def _waiting(communities: Sequence[str], now: datetime) -> list[Upload]:
    """Files that the worker still has, and those of today that could not be read."""
    files = Upload.objects.filter(kind=KIND, community__in=communities, finished_at=None)
    return list(files.filter(received_at__gte=now - timedelta(days=1)).order_by("-received_at")[:SHOWN])


def _with_clocks(lines: Sequence[ListLine], now: datetime) -> list[tuple[ListLine, Any]]:
    warnings = {
        line.listed.area_code: clocks_of(line.listed.area_code, now=now).list_warning_hours for line in lines
    }
    return [
        (line, clock_of(line.listed, now=now, warnings=warnings[line.listed.area_code], left=line.left))
        for line in lines
    ]


def _columns(listed: PushedList) -> list[tuple[str, str]]:
    """What each column of the file was taken for."""
    found = []
    for table in listed.layout.get("tables", []):
        for index, field in sorted(table["columns"].items(), key=lambda one: int(one[0])):
            found.append((_letter(int(index)), HEADINGS[field]["label"] if field in HEADINGS else field))
    return found


def _letter(index: int) -> str:
    return chr(65 + index) if index < 26 else f"{chr(64 + index // 26)}{chr(65 + index % 26)}"
