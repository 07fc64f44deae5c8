"""发热送诊: somebody has to see a doctor; by when, what was found, who was told, and that a doctor has seen them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.screening.forms import DoctorForm
from shouwang.desk.screening.working import FULL_NAMES
from shouwang.screening.lists.asking import see_doctor
from shouwang.screening.lists.models import Referral


@page("list.work")
def referral(request: DeskRequest, referral: UUID) -> HttpResponse:
    """The person whom a doctor has to see: on the card of whoever is asked, else on a page of its own."""
    row = _referral(referral)
    return redirect("inquiry", row.check_made.inquiry_id) if row.check_made else _shown(request, row)


@page("list.work")
def doctor(request: DeskRequest, referral: UUID) -> HttpResponse:
    """A doctor has seen them."""
    row, form = _referral(referral), DoctorForm(request.POST)
    if request.method == "POST":
        if not done(
            form,
            lambda said: see_doctor(row.pk, seen_at=request.now, by=request.user, at=request.now, **said),
        ):
            return _shown(request, row, form, status=422)
        messages.success(request, _("记下了，医生看过了。"))
    return redirect("referral", row.pk)


def _shown(
    request: DeskRequest, row: Referral, form: DoctorForm | None = None, *, status: int = 200
) -> HttpResponse:
    full, person = FULL_NAMES in request.grants.may, row.whose
    name = person.name if person else ""
    shown = {
        "referral": row, "person": person, "home": person.household if person else None, "full_names": full,
        "name": name if full or not name else f"{name[:1]}**", "form": form or DoctorForm(),
        "overdue": row.at is None and row.due_at <= request.now,
    }  # fmt: skip
    return render(request, "screening/referral.html", shown, status=status)


def _referral(pk: UUID) -> Referral:
    rows = Referral.objects.select_related(
        "person__household", "check_made__inquiry__person__household", "by"
    )
    return one_in_scope(rows.filter(pk=pk, void_at=None))
