"""不在预案里的原因: a request for a reason of its own, which only the level above decides."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.forms import BESIDE
from shouwang.desk.isolation.named import name_of
from shouwang.desk.isolation.proposing.new import Asked, household_asked
from shouwang.desk.living.acting import done
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import Outside, Proposal, open_orders, propose

MODES = (("home", _("在家里")), ("central", _("去集中点")))
MOST_DAYS = 30  # so that a slip of the finger is seen


class OutsideForm(forms.Form):
    """Whom, why, where and for how long."""

    people = forms.MultipleChoiceField(label=_("这一户的谁"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("原因（原样告诉本人，也写在告知书上）"), max_length=200)
    mode = forms.ChoiceField(label=_("在哪里隔离"), choices=MODES, widget=forms.RadioSelect, initial="home")
    days = forms.IntegerField(label=_("从现在起几天"), min_value=1, max_value=MOST_DAYS)

    def __init__(self, people: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].choices = people  # type: ignore[attr-defined]


@page("isolation.propose")
def asked_outside(request: DeskRequest) -> HttpResponse:
    """The plan does not know the reason: it is written down, and waits for somebody who answers for more than this community."""
    asked = household_asked(request)
    if asked is None:
        return redirect("isolation_new")
    people = [(str(one.pk), name_of(request, one)) for one in asked.people]
    form = OutsideForm(people, request.POST or None)
    made = _made(request, form, asked) if request.method == "POST" else None
    if made:
        return redirect("order", made.pk)
    shown = {"home": asked.home, "form": form}
    return render(request, "isolation/outside.html", shown, status=422 if form.errors else 200)


def _made(request: DeskRequest, form: OutsideForm, asked: Asked) -> Order | None:
    """The first of the orders; sent twice, the one that is there already."""
    made: list[Order] = []

    def write(typed: dict[str, Any]) -> None:
        mine = open_orders().filter(
            proposed_by=request.user, person__in=typed["people"], outside=typed["reason"]
        )
        there = mine.filter(lapses_at__gt=request.now, decided_at=None)
        why = Outside(typed["reason"], typed["mode"], typed["days"])
        wanted = [Proposal(int(pk), "", {}, outside=why) for pk in typed["people"]]
        again = there.count() == len(wanted)
        made.extend(
            there if again else propose(wanted, version=asked.version, by=request.user, at=request.now)
        )

    return made[0] if done(form, write, BESIDE) else None
