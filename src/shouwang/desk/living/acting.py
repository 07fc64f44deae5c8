"""What the pages of the register share: an action behind a form, done once or refused beside the field."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from shouwang.access.scope import grants_of
from shouwang.desk.doors import DeskRequest, sentence
from shouwang.lib.errors import NotInScope, Refusal

# Refusals that are about one field stand beside it.
BESIDE = {
    "register.wrong_number": "id_number",
    "register.wrong_phone": "phone",
    "screening.from_the_future": "at",
}


def allowed(request: DeskRequest, permission: str, area: str) -> None:
    """Goes on only where this person may also do this here. Raises: NoGrant, NotInScope."""
    grants_of(request.user, permission=permission, now=request.now).require_area(area)


def done(form: BaseForm, do: Callable[[dict[str, Any]], object], beside: Mapping[str, str] = BESIDE) -> bool:
    """Does it with what was typed; a refusal undoes all of it and stands beside its field; what was typed stays."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            do(form.cleaned_data)
    except NotInScope:
        raise
    except Refusal as refusal:
        field = beside.get(refusal.code)
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return False
    return True


def back(request: DeskRequest, said: str | Promise, where: str, identity: int) -> HttpResponse:
    """To the page of what was changed, which says what happened."""
    messages.success(request, str(said))
    return redirect(where, identity)
