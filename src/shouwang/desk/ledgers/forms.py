"""The forms of those above: bringing a blank one, saying once what its headings mean, versions and what differs."""

from django import forms as fields
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import Grants
from shouwang.catalogue import FIELDS, LINES
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.ledgers.columns import ColumnsForm, said_of, shown_columns
from shouwang.desk.running.sent import sent
from shouwang.ledgers.blank.forms import confirm, difference, keep_form
from shouwang.ledgers.blank.layouts import Layout
from shouwang.ledgers.models import Form, Version
from shouwang.ledgers.periods import rhythm_of
from shouwang.ledgers.reports import follow_version, retire
from shouwang.lib.codes import AFTER_ALL, COMMUNITY
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Area

MOST_BYTES, MOST = 10 * 1024 * 1024, 100


class BlankForm(fields.Form):
    """A blank form: whose it is, and whether it is a new one or a new version."""

    file = fields.FileField(label=_("空白表（.xlsx）"), max_length=200)
    area = fields.ChoiceField(label=_("哪里报这张表"))
    of = fields.ChoiceField(label=_("是新表，还是旧表的新版本"), required=False)

    def clean_file(self) -> object:
        """Not larger than any blank form."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise fields.ValidationError(_("文件超过 10 MB。空白表没有这么大，请核对。"))
        return file


@page("ledger")
def forms(request: DeskRequest) -> HttpResponse:
    """The forms in use, and the place to bring one."""
    form = BlankForm(request.POST or None, request.FILES or None)
    there = list(Form.objects.filter(retired_at=None).order_by("title"))
    form.fields["area"].choices = own_areas(request.grants)  # type: ignore[attr-defined]
    mine = [
        (one.pk, gettext("“{title}”的新版本").format(title=one.title))
        for one in there
        if _is_own(request, one)
    ]
    form.fields["of"].choices = [("", gettext("新表")), *mine]  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid() and (version := _kept(request, form)):
        return redirect("ledger_columns", version.pk)
    latest = {one.form_id: one for one in Version.objects.filter(form__in=there).order_by("number")}
    lines = [(one, latest.get(one.pk), _is_own(request, one)) for one in there]
    return render(request, "ledgers/forms.html", {"form": form, "forms": lines})


@page("ledger")
def form_page(request: DeskRequest, form_id: int) -> HttpResponse:
    """One form: its versions, what each changed, what it asks and nothing records."""
    found = own_form(request, form_id, change=False)
    versions = list(found.versions.select_related("received_by").order_by("-number"))
    told = [
        (version, difference(before, version) if before else None)
        for version, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    shown = {
        "form": found,
        "versions": told,
        "questions": found.questions.filter(closed_at=None).order_by("id"),
        "own": _is_own(request, found),
    }
    return render(request, "ledgers/form.html", shown)


@page("ledger")
@sent("ledger_forms")
def retire_form(request: DeskRequest, form_id: int) -> HttpResponse:
    """A form is asked for no longer."""
    retire(own_form(request, form_id), by=request.user, at=request.now)
    messages.success(request, gettext("不再报这张表了。以前报过的都还在。"))
    return redirect("ledger_forms")


@page("ledger")
def columns(request: DeskRequest, version_id: int) -> HttpResponse:
    """What each heading was taken for: the doubtful first, asked once; what nothing records can become a question."""
    version = _own_version(request, version_id)
    form = ColumnsForm(version, request.POST or None, lines=request.GET.get("lines"))
    wrong = ""
    if form.is_bound and form.is_valid():
        try:
            used = confirm(
                version, said_of(form), fields=FIELDS, grants=request.grants, by=request.user, at=request.now
            )
            follow_version(used, at=request.now)
            messages.success(request, gettext("记住了。从这一期起自动填。"))
            return redirect("ledgers")
        except Refusal as refusal:
            wrong = sentence(refusal)
    layout = Layout.from_json(version.layout)
    shown = {
        "version": version,
        "form": form,
        "wrong": wrong,
        "columns": shown_columns(form),
        "said": rhythm_of((layout.title, *layout.texts)).said,
        "wide": len(layout.headings) if layout.wide else 0,
        "unknown_lines": version.lines if version.lines and version.lines not in LINES else "",
    }
    return render(request, "ledgers/columns.html", shown)


def own_form(request: DeskRequest, form_id: int, *, change: bool = True) -> Form:
    """A form in scope; to change it, one's own. Raises: NotInScope."""
    found = Form.objects.filter(pk=form_id).first()
    if found is None or (change and not _reaches(request, found)):
        raise NotInScope()
    return found


def own_areas(grants: Grants) -> list[tuple[str, str]]:
    """Where a form can be asked for: one's own communities, and what lies above them in one's own areas."""
    inside = Q(pk__in=[])
    for code in grants.codes:
        inside |= Q(code__gte=code, code__lt=code + AFTER_ALL)
    rows = Area.objects.filter(inside).order_by("code").values_list("code", "label")
    return [(code, label) for code, label in rows if len(code) <= COMMUNITY][:MOST]


def _is_own(request: DeskRequest, form: Form) -> bool:
    return any(form.area_code.startswith(code) for code in request.grants.codes)


def _reaches(request: DeskRequest, form: Form) -> bool:
    """One's own, or one under which one's own communities report."""
    return _is_own(request, form) or any(code.startswith(form.area_code) for code in request.grants.codes)


def _own_version(request: DeskRequest, version_id: int) -> Version:
    found = Version.objects.select_related("form").filter(pk=version_id).first()
    if found is None or not _is_own(request, found.form):
        raise NotInScope()
    return found


def _kept(request: DeskRequest, form: BlankForm) -> Version | None:
    """The form as it was kept, or a sentence beside the field."""
    told = form.cleaned_data
    of = own_form(request, int(told["of"])) if told["of"] else None
    area = of.area_code if of else request.grants.require_area(told["area"])
    try:
        return keep_form(
            told["file"].read(),
            told["file"].name,
            area=area,
            fields=FIELDS,
            lines=LINES,
            by=request.user,
            at=request.now,
            of=of,
        )
    except Refusal as refusal:
        form.add_error("file", sentence(refusal))
        return None
