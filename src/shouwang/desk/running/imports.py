"""导入: a workbook is looked at first, its columns corrected where they were misread, and taken in while one watches."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from shouwang.access.audit import record
from shouwang.desk.asked.columns import SHEETS_SHOWN, columns_said
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.communities import own_communities
from shouwang.desk.running.sent import sent
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.importing.vocabulary import WORKBOOKS
from shouwang.register.intake.background import again, begin, check_file
from shouwang.register.intake.files import keep
from shouwang.register.intake.shapes import remember
from shouwang.register.intake.understanding import fields_of, understood
from shouwang.register.uploads import Upload

MOST_BYTES, MOST_SHOWN = 50 * 1024 * 1024, 30
DOUBTS_SHOWN = 100
WORDS_OF_CHANGE = {
    "added": _("新增"),
    "changed": _("修改"),
    "moved": _("搬家"),
    "missing": _("底册里有，新表里没有（不会删）"),
}


class UploadForm(forms.Form):
    """One file, for one community."""

    community = forms.ChoiceField(label=_("哪个社区的"))
    file = forms.FileField(label=_("表格文件（.xlsx、.xls、.csv、.ods）"), max_length=200)

    def clean_file(self) -> object:
        """Not larger than a community's largest workbook."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 50 MB。请按小区拆成几个文件再导入。"))
        return file


@page("register.import")
def imports(request: DeskRequest) -> HttpResponse:
    """The files that came, and the place to bring one."""
    own = own_communities(request.grants)
    form = UploadForm(request.POST or None, request.FILES or None)
    form.fields["community"].choices = [(one.code, one.label) for one in own]  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid() and (upload := _kept(request, form)):
        _defer("preview_upload", upload)
        return redirect("import_file", upload.pk)
    codes = [one.code for one in own]
    came = Upload.objects.filter(Q(community__in=codes) | Q(received_by=request.user), kind__in=WORKBOOKS)
    files = came.select_related("received_by").order_by("-received_at")[:MOST_SHOWN]
    return render(request, "running/imports.html", {"form": form, "files": [_shown(one) for one in files]})


@page("register.import")
def import_file(request: DeskRequest, upload_id: int) -> HttpResponse:
    """What one file would change, what it changed, or how far it is."""
    return render(request, "running/import_file.html", _shown(_own(request, upload_id)))


@page("register.import")
def import_state(request: DeskRequest, upload_id: int) -> HttpResponse:
    """The part of that page which renews itself while the file is worked on."""
    return render(request, "running/import_state.html", _shown(_own(request, upload_id)))


@page("register.import")
def import_columns(request: DeskRequest, upload_id: int) -> HttpResponse:
    """Which column was taken for what, with the first rows; corrected by hand and remembered."""
    upload = _own(request, upload_id)
    wrong = ""
    if request.method == "POST":
        try:
            _correct(request, upload)
            messages.success(request, gettext("记住了。下次同样表头的表也这样读。"))
            return redirect("import_file", upload.pk)
        except NotInScope:
            raise
        except Refusal as refusal:
            wrong = sentence(refusal)
    fields, sheets = fields_of(WORKBOOKS[upload.kind].vocabulary), understood(upload)[:SHEETS_SHOWN]
    found = {"upload": upload, "wrong": wrong, "fields": fields, "sheets": sheets}
    return render(request, "running/import_columns.html", found, status=422 if wrong else 200)


@page("register.import")
@sent("imports")
def import_start(request: DeskRequest, upload_id: int) -> HttpResponse:
    """Takes the file in, in the background; asked twice, it is done once."""
    upload = _own(request, upload_id)
    if begin(upload, at=request.now):
        _defer("import_upload", upload)
    return redirect("import_file", upload.pk)


@page("register.import")
def import_check(request: DeskRequest, upload_id: int) -> HttpResponseBase:
    """The workbook of the rows that need a person; who took it is logged."""
    upload = _own(request, upload_id)
    path = check_file(upload)
    if not path.exists():
        raise NotInScope()
    record("register.rows_to_check", at=request.now, by=request.user, area=upload.community, upload=upload.pk)
    name = gettext("请核对") + f"-{upload.filename.rpartition('.')[0]}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _kept(request: DeskRequest, form: UploadForm) -> Upload | None:
    """The file as it was kept, or a sentence beside the field."""
    file = form.cleaned_data["file"]
    community = request.grants.require_area(form.cleaned_data["community"])
    try:
        return keep(file.read(), file.name, community=community, by=request.user, at=request.now)
    except Refusal as refusal:
        form.add_error("file", sentence(refusal))
        return None


def _own(request: DeskRequest, upload_id: int) -> Upload:
    """The file, where its community is one's own. Raises: NotInScope."""
    upload = Upload.objects.filter(pk=upload_id, kind__in=WORKBOOKS).select_related("received_by").first()
    if upload is None or not upload.community:
        raise NotInScope()
    request.grants.require_area(upload.community)
    return upload


def _correct(request: DeskRequest, upload: Upload) -> None:
    shape, said = columns_said(request, understood(upload))
    if upload.started_at:
        raise NotInScope()
    remember(shape, upload.kind, said, by=request.user, at=request.now)
    _defer("preview_upload", again(upload))


def _defer(job: str, upload: Upload) -> None:
    """By its name: jobs stand beside the desk, not below it."""
    app.configure_task(f"shouwang.jobs.{job}").defer(upload_id=upload.pk)


def _shown(upload: Upload) -> dict[str, object]:
    told = upload.summary.get("preview") or upload.summary
    changes = told.get("changes", {})
    return {
        "upload": upload,
        "kind": WORKBOOKS[upload.kind].words,
        "state": _state(upload),
        "told": told,
        "changes": [(words, changes[name]) for name, words in WORDS_OF_CHANGE.items() if changes.get(name)],
        "doubts": told.get("doubts", [])[:DOUBTS_SHOWN],
        "more_doubts": max(len(told.get("doubts", [])) - DOUBTS_SHOWN, 0),
        "check": check_file(upload).exists(),
    }


def _state(upload: Upload) -> str:
    if upload.finished_at:
        return "finished"
    if upload.refused_at:
        return "refused"
    if upload.started_at:
        return "running"
    return "ready" if "preview" in upload.summary else "looking"
