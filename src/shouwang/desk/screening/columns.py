"""What each column of a list was taken for: corrected by hand, remembered for the next list of that shape."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.columns import SHEETS_SHOWN, columns_said
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.screening.lists import own_upload, take_in
from shouwang.desk.templatetags.refusals import why
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.intake.background import again
from shouwang.register.intake.shapes import remember
from shouwang.register.intake.understanding import Understood, fields_of, understood
from shouwang.register.uploads import Upload
from shouwang.screening.lists.models import PushedList
from shouwang.screening.lists.reading import VOCABULARY
from shouwang.screening.lists.receiving import KIND, read_again


@page("list.receive")
def list_columns(request: DeskRequest, upload_id: int) -> HttpResponse:
    """Which column was taken for what, with the first rows."""
    upload, wrong = own_upload(request, upload_id), ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                listed = _correct(request, upload)
            return redirect("list_page", listed.pk) if listed else redirect("lists")
        except NotInScope:
            raise
        except Refusal as refusal:
            wrong = sentence(refusal)
    shown = {"upload": upload, "wrong": wrong, "sheets": _sheets(upload), "fields": fields_of(VOCABULARY)}
    return render(request, "screening/columns.html", shown, status=422 if wrong else 200)


def _sheets(upload: Upload) -> list[Understood]:
    return understood(upload, VOCABULARY)[:SHEETS_SHOWN]


def _correct(request: DeskRequest, upload: Upload) -> PushedList | None:
    """Remembers the columns and reads the file again. Raises: NotInScope, WorkedOn and the refusals of reading."""
    shape, said = columns_said(request, _sheets(upload))
    remember(shape, KIND, said, by=request.user, at=request.now, vocabulary=VOCABULARY)
    listed = PushedList.objects.filter(file=upload).first()
    if listed:
        read_again(listed, by=request.user, at=request.now)
        messages.success(request, _("记住了，名单重新读过了。"))
        return listed
    summary = upload.summary
    fresh = again(upload)
    Upload.objects.filter(pk=fresh.pk).update(summary=summary)
    fresh.summary = summary
    made = take_in(fresh, by=request.user, at=request.now)
    if made:
        messages.success(request, _("记住了，名单收好了。"))
    else:
        messages.error(request, f"{upload.filename}：{why(fresh)}")
    return made
